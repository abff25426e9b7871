"""Recurrence rules: against a second implementation, and whatever a file says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vRecur
from recurring_ical_events import of

from orgnet_connectors.meeting_rules import BadRuleError, read_rule, starts

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 1, 5, 9, tzinfo=BERLIN)
LAST = FIRST + timedelta(days=800, hours=1)


def ours(rule: str, first: datetime = FIRST) -> list[datetime]:
    return [start.astimezone(UTC) for start in starts(read_rule(rule, BERLIN), first, LAST)]


def theirs(rule: str, first: datetime = FIRST) -> list[datetime]:
    event = Event()
    event.add("uid", "1")
    event.add("dtstart", first)
    event["RRULE"] = vRecur.from_ical(rule)
    calendar = Calendar()
    calendar.add_component(event)
    found = of(calendar).between(first - timedelta(days=1), LAST)
    return sorted(start["DTSTART"].dt.astimezone(UTC) for start in found)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=10",
        "FREQ=DAILY;INTERVAL=3;UNTIL=20260601T080000Z",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;BYMONTH=1,7",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=7",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=3,9;BYDAY=2TU",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2",
    ],
)
def test_rules_give_what_the_library_gives(rule: str) -> None:
    assert ours(rule) == theirs(rule)


def rules() -> st.SearchStrategy[str]:
    weekdays = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1)
    interval = st.integers(1, 5).map("INTERVAL={}".format)
    end = st.sampled_from(["COUNT=1", "COUNT=9", "UNTIL=20260930T070000Z", "WKST=SU"])
    days = weekdays.map(lambda chosen: "BYDAY=" + ",".join(dict.fromkeys(chosen)))
    months = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)
    by_month = months.map(lambda chosen: "BYMONTH=" + ",".join(map(str, sorted(chosen))))
    return st.builds(
        lambda frequency, *parts: ";".join([f"FREQ={frequency}", *parts]),
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
        interval,
        end,
        days,
        by_month,
    )


@settings(max_examples=60, deadline=None, database=None)
@given(rules())
def test_any_ordinary_rule_gives_what_the_library_gives(rule: str) -> None:
    assert ours(rule) == theirs(rule)


def test_the_clock_stays_the_same_through_summer_time() -> None:
    found = starts(read_rule("FREQ=MONTHLY;COUNT=8", BERLIN), FIRST, LAST)
    assert {start.hour for start in found} == {9}


def test_an_end_without_a_time_includes_that_day() -> None:
    assert len(ours("FREQ=DAILY;UNTIL=20260107")) == 3


def test_the_first_meeting_counts_even_where_the_rule_would_not_have_it() -> None:
    assert ours("FREQ=WEEKLY;BYDAY=TU;COUNT=1") == [
        FIRST.astimezone(UTC),
        (FIRST + timedelta(days=1)).astimezone(UTC),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
    ],
)
def test_a_rule_that_never_comes_true_ends_with_its_first_meeting(rule: str) -> None:
    assert ours(rule) == [FIRST.astimezone(UTC)]


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("", "frequency"),
        ("FREQ=SECONDLY", "frequency"),
        ("FREQ=HOURLY;COUNT=3", "frequency"),
        ("W1 MO #10", "frequency"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;COUNT=x", "COUNT"),
        ("FREQ=DAILY;BYSECOND=0,1,2", "BYSECOND"),
        ("FREQ=YEARLY;BYYEARDAY=200", "BYYEARDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;WKST=XX", "WKST"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20269999", "UNTIL"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "is 0"),
    ],
)
def test_a_rule_that_cannot_be_followed_says_which_part(rule: str, wrong: str) -> None:
    with pytest.raises(BadRuleError, match=wrong):
        read_rule(rule, UTC)


@settings(max_examples=100, deadline=None, database=None)
@given(st.text(st.sampled_from("FREQ=DAILYWKMONTH;BUCSP-0123456789,Z"), max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = read_rule(f"FREQ=DAILY;{text}", UTC)
    except BadRuleError:
        return
    assert len(list(starts(rule, FIRST, LAST))) <= 802
