"""From records and a roster to the network, every record accounted for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import orgnet
from orgnet.building import holiday_weeks, network_of, weekly_ties
from orgnet.errors import InputError, MissingColumnError
from orgnet.rules import TieRules, week_number
from orgnet.schema import INTERACTIONS, TIES, Profile

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST_WEEK = week_number(MONDAY.date())

PEOPLE = pd.DataFrame(
    {
        "person": ["a", "b", "c", "d"],
        "emails": [[f"{who}@x.example"] for who in "abcd"],
        "department": ["X", "X", "Y", "Y"],
    }
)


def table(*rows: tuple[int | None, str, str], **columns: Any) -> pd.DataFrame:
    """Interactions: (week from 0, sender, recipient)."""
    frame = pd.DataFrame(rows, columns=["week", "sender", "recipient"])
    times = [None if pd.isna(w) else MONDAY + timedelta(weeks=int(w)) for w in frame["week"]]
    return frame.assign(
        sent_at=pd.Series(times, dtype="datetime64[us, UTC]"),
        **{"channel": "email", "kind": "to", **columns},
    ).drop(columns="week")


def built(*rows: tuple[int | None, str, str], **rules: Any) -> orgnet.Network:
    return orgnet.build_network(table(*rows), PEOPLE, rules=TieRules(**rules))


def test_records_become_a_network_of_the_roster() -> None:
    network = built((0, "a@x.example", "b@x.example"), (1, "b@x.example", "a@x.example"))

    assert network.index.tolist() == ["a", "b", "c", "d"]
    assert network.to_pandas()[["sender", "recipient", "strength"]].values.tolist() == [
        ["a", "b", 1.0],
        ["b", "a", 1.0],
    ]
    assert network.weeks == (FIRST_WEEK, FIRST_WEEK + 1)


def test_who_is_in_no_record_that_was_kept_is_not_observed() -> None:
    network = built((0, "a", "b"), (0, "c", "c"))

    assert network.people["observed"].tolist() == [True, True, False, False]
    assert (network.n, network.people_coverage) == (2, 0.5)
    assert network.groups("department").sizes.tolist() == [2]


def test_who_was_seen_before_the_window_only_is_not_observed() -> None:
    rows = [(0, "c", "d"), *((week, "a", "b") for week in range(4, 20))]

    network = built(*rows)

    assert network.people["observed"].tolist() == [True, True, False, False]
    assert network.people["insufficient"].tolist() == [False] * 4
    assert network.dropped == {"outside_window": 5}
    assert network.weeks == tuple(range(FIRST_WEEK + 8, FIRST_WEEK + 20))


def test_who_was_active_in_one_week_is_insufficient_and_in_two_is_not() -> None:
    network = built((0, "a", "b"), (0, "c", "a"), (1, "c", "b"))

    assert network.people["insufficient"].tolist() == [True, False, False, False]


def test_the_network_says_what_the_noise_rules_removed() -> None:
    network = built(
        (0, "a", "b"), (0, "a", "a"), (0, "a", "x@y.example"), (0, "a", "noreply@x.example")
    )

    assert network.dropped == {"self": 1, "out_of_scope": 1, "bot": 1}


def test_a_reaction_alone_is_seen_and_makes_no_tie() -> None:
    records = table((0, "a", "b"), (1, "c", "d"), kind=["to", "reaction"])

    network = orgnet.build_network(records, PEOPLE)

    assert network.people["observed"].tolist() == [True] * 4
    assert len(network.pairs) == 1
    assert network.dropped == {"reaction_only": 1}


def test_a_meeting_is_contact_in_both_directions() -> None:
    records = table((0, "a", "b"), channel="meeting", kind="attend", hours=1.0)

    network = orgnet.build_network(records, PEOPLE)

    assert network.pairs.strength.tolist() == [2.0]
    assert network.pairs.active_weeks.tolist() == [1]


def test_who_opted_out_is_nowhere_in_the_network() -> None:
    people = PEOPLE.assign(opt_out=[None, True, None, None])

    weekly = weekly_ties(table((0, "a", "b"), (0, "a", "c")), people, rules=TieRules())

    assert weekly.people["person"].tolist() == ["a", "c", "d"]
    assert set(weekly.ties["sender"]) | set(weekly.ties["recipient"]) == {"a", "c"}
    assert (weekly.opted_out, weekly.removed["opted_out"]) == (1, 1)


def test_bots_and_rooms_of_the_roster_are_nowhere_in_the_network() -> None:
    people = PEOPLE.assign(kind=["person", "person", "bot", "room"])

    network = orgnet.build_network(table((0, "a", "b"), (0, "a", "c"), (0, "d", "a")), people)

    assert network.index.tolist() == ["a", "b"]
    assert network.dropped == {"bot": 2}


def test_the_weekly_table_has_the_columns_of_the_schema() -> None:
    weekly = weekly_ties(table((0, "a", "b")), PEOPLE, rules=TieRules())

    assert weekly.ties.columns.tolist() == TIES.names
    assert weekly.ties["week"].astype(str).tolist() == ["2026-01-05"]
    assert pa.Table.from_pandas(weekly.ties, TIES, preserve_index=False).num_rows == 1


def test_undated_records_among_dated_ones_are_left_out_and_counted() -> None:
    network = built((0, "a", "b"), (None, "c", "d"))

    assert network.dropped == {"no_date": 1}
    assert len(network.pairs) == 1


def test_undated_records_alone_make_a_network_without_weeks() -> None:
    network = orgnet.build_network(
        table((None, "a", "b"), (None, "c", "d"), kind="nomination", channel="survey").assign(
            value=[2.5, None]
        ),
        PEOPLE,
    )

    assert network.no_weeks
    assert network.pairs.strength.tolist() == [2.5, 1.0]
    assert network.pairs.regular.tolist() == [True, True]


def test_without_a_roster_everybody_seen_is_a_person_without_department() -> None:
    network = orgnet.build_network(
        table((0, "b@x.example", "a@x.example"), (0, "bots", "a@x.example"))
    )

    assert network.index.tolist() == ["a@x.example", "b@x.example", "bots"]
    assert network.n == 3
    assert network.groups("department").unknown == 3


def test_without_a_roster_robots_are_no_people() -> None:
    network = orgnet.build_network(table((0, "b", "a"), (0, "noreply@x.example", "a")))

    assert network.index.tolist() == ["a", "b"]
    assert network.dropped == {"bot": 1}


class Export:
    """Records with profiles, as `orgnet.read` returns them."""

    profiles = (Profile(identity="slack:U1", emails=("a@x.example",)),)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        frame = table((0, "slack:U1", "b"), (0, "slack:U2", "b"))
        frame = frame.reindex(columns=INTERACTIONS.names).astype({"thread": object})
        frame = frame.assign(recipients=1, message=["m", "n"], thread=None, source="slack")
        yield from pa.Table.from_pandas(frame, INTERACTIONS, preserve_index=False).to_batches()
        yield pa.RecordBatch.from_pylist([], schema=INTERACTIONS)


def test_profiles_of_an_export_say_who_an_identity_is() -> None:
    weekly = weekly_ties(Export(), PEOPLE, rules=TieRules())

    assert weekly.ties[["sender", "recipient"]].values.tolist() == [["a", "b"]]
    assert (weekly.records, weekly.kept, weekly.unmatched) == (2, 1, 1)


def test_a_list_of_batches_is_as_good_as_an_arrow_table() -> None:
    batches = list(Export())

    one = weekly_ties(batches, PEOPLE, rules=TieRules())
    other = weekly_ties(pa.Table.from_batches(batches), PEOPLE, rules=TieRules())

    pd.testing.assert_frame_equal(one.ties, other.ties)


@pytest.mark.parametrize("sender", [12, 12.0, "12", " 12 "])
def test_ids_are_one_id_however_they_are_written(sender: Any) -> None:
    people = pd.DataFrame({"person": [12.0, 7.0, np.nan][:2], "department": ["X", "Y"]})
    records = table((0, "", "7")).assign(sender=pd.Series([sender]))

    weekly = weekly_ties(records, people, rules=TieRules())

    assert weekly.ties[["sender", "recipient"]].values.tolist() == [["12", "7"]]


@pytest.mark.parametrize(
    "sent_at",
    [
        "2026-01-05 00:00",
        datetime(2026, 1, 5),
        pd.Timestamp("2026-01-05 00:00:00.123456789"),
        pd.Timestamp("2026-01-05 00:30", tz="Europe/Berlin") + pd.Timedelta(hours=1),
        date(2026, 1, 5),
    ],
)
def test_times_of_any_kind_are_times(sent_at: Any) -> None:
    records = table((0, "a", "b")).assign(sent_at=pd.Series([sent_at]))

    assert orgnet.build_network(records, PEOPLE).week_dates() == ["2026-01-05"]


@pytest.mark.parametrize("column", ["sender", "recipient", "channel", "kind"])
def test_a_table_without_a_column_that_is_needed_is_refused(column: str) -> None:
    with pytest.raises(MissingColumnError) as error:
        orgnet.build_network(table((0, "a", "b")).drop(columns=column), PEOPLE)

    assert f"no column {column!r}; the interactions have [" in str(error.value)


def test_a_record_without_recipient_is_refused() -> None:
    records = table((0, "a", "b"), (0, "a", "b")).assign(recipient=["b", None])

    with pytest.raises(InputError) as error:
        orgnet.build_network(records, PEOPLE)

    assert str(error.value) == (
        "row 2 of the interactions: there is no recipient; fill in or remove the row"
    )


@pytest.mark.parametrize("column", ["channel", "kind"])
def test_an_unknown_channel_or_kind_is_refused_without_showing_it(column: str) -> None:
    with pytest.raises(InputError) as error:
        orgnet.build_network(table((0, "a", "b")).assign(**{column: "layoffs"}), PEOPLE)

    assert f"a record's {column} is none of " in str(error.value)
    assert "layoffs" not in str(error.value)


@pytest.mark.parametrize("column", ["hours", "value"])
@pytest.mark.parametrize("amount", [-1.0, float("inf"), 1e10])
def test_an_impossible_amount_is_refused(column: str, amount: float) -> None:
    with pytest.raises(InputError, match="hours or value is not a number from 0 to 9e"):
        orgnet.build_network(table((0, "a", "b")).assign(**{column: amount}), PEOPLE)


def test_a_batch_with_an_amount_that_is_not_a_number_is_refused() -> None:
    row: dict[str, Any] = {
        "sender": "a",
        "recipient": "b",
        "channel": "email",
        "kind": "to",
        "message": "m",
    }
    row |= {"recipients": 1, "source": "edges", "value": float("nan")}

    with pytest.raises(InputError, match=r"^records of edges: a record's hours or value"):
        orgnet.build_network(pa.Table.from_pylist([row], schema=INTERACTIONS), PEOPLE)


@pytest.mark.parametrize("people", [None, PEOPLE, PEOPLE.iloc[:0]])
@pytest.mark.parametrize("records", [table(), []])
def test_no_records_are_a_network_without_ties(records: Any, people: pd.DataFrame | None) -> None:
    network = orgnet.build_network(records, people)

    assert (network.n, len(network.pairs), dict(network.dropped)) == (0, 0, {})
    assert len(network.index) == (0 if people is None else len(people))


def test_records_of_which_none_is_kept_are_a_network_without_ties() -> None:
    network = built((0, "a", "a"))

    assert (network.n, len(network.pairs), dict(network.dropped)) == (0, 0, {"self": 1})


def office(weeks: dict[int, int]) -> pd.DataFrame:
    """Weekly ties of a ring of so many people in each week."""
    rows = [
        (date(2026, 1, 5) + timedelta(weeks=week), f"p{i}", f"p{(i + 1) % people}")
        for week, people in weeks.items()
        for i in range(people)
    ]
    return pd.DataFrame(rows, columns=["week", "sender", "recipient"]).assign(
        channel="email", interactions=1, strength=1.0
    )


def test_a_week_with_less_than_half_of_the_people_is_a_holiday_week() -> None:
    ties = office({0: 20, 1: 9, 2: 20, 3: 10, 4: 20})

    assert holiday_weeks(ties, TieRules()) == (FIRST_WEEK + 1,)


def test_a_calendar_week_without_any_tie_is_a_holiday_week() -> None:
    assert holiday_weeks(office({0: 20, 2: 20, 3: 20}), TieRules()) == (FIRST_WEEK + 1,)


def test_weeks_before_the_window_are_no_holiday_weeks() -> None:
    ties = office({0: 3, **dict.fromkeys(range(4, 17), 20)})

    assert holiday_weeks(ties, TieRules()) == ()


def test_reactions_make_nobody_active_in_a_holiday_week() -> None:
    ties = office(dict.fromkeys(range(4), 20))
    ties.loc[ties["week"] == date(2026, 1, 12), "interactions"] = 0

    assert holiday_weeks(ties, TieRules()) == (FIRST_WEEK + 1,)


def test_without_dates_there_are_no_holiday_weeks() -> None:
    assert holiday_weeks(office({0: 5}).assign(week=pd.NaT), TieRules()) == ()


def test_holiday_weeks_are_dropped_from_the_window_and_listed() -> None:
    records = table(
        *((week, f"p{i}", f"p{(i + 1) % 20}") for week in (0, 1, 3) for i in range(20)),
        (2, "p0", "p1"),
    )

    network = orgnet.build_network(records)

    assert network.weeks == (FIRST_WEEK, FIRST_WEEK + 1, FIRST_WEEK + 3)
    assert network.holiday_weeks == (FIRST_WEEK + 2,)
    assert network.dropped == {"outside_window": 1}
    assert set(network.pairs.active_weeks.tolist()) == {3}


def test_the_weekly_table_can_be_kept_and_made_a_network_later() -> None:
    records = table((0, "a", "b"), (1, "c", "d"), (9, "a", "d"))

    kept = network_of(weekly_ties(records, PEOPLE, rules=TieRules()), rules=TieRules())

    pd.testing.assert_frame_equal(
        kept.to_pandas(), orgnet.build_network(records, PEOPLE).to_pandas()
    )


class Survey:
    """Batches as `orgnet.read` gives them, of a survey that "c" answered without naming anybody."""

    profiles = ()
    respondents = frozenset({"a", "c"})

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        row = dict.fromkeys(INTERACTIONS.names) | {
            "sender": "a",
            "recipient": "b",
            "channel": "survey",
            "kind": "nomination",
            "recipients": 1,
            "message": "a:1",
            "source": "survey",
        }
        yield pa.RecordBatch.from_pylist([row], INTERACTIONS)


def test_who_answered_a_survey_and_named_nobody_is_observed() -> None:
    network = orgnet.build_network(Survey(), PEOPLE)

    assert network.people["observed"].tolist() == [True, True, True, False]
