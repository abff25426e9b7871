"""The numbers that a user may change, and the weeks that they choose."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.errors import UsageError
from orgnet.rules import TieRules, monday, week_number

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(day=DAYS)
def test_a_week_begins_on_the_monday_on_or_before_the_day(day: date) -> None:
    start = monday(week_number(day))

    assert start.weekday() == 0
    assert timedelta(0) <= day - start < timedelta(7)


@given(day=DAYS)
def test_weeks_are_the_weeks_of_the_iso_calendar(day: date) -> None:
    assert monday(week_number(day)).isocalendar()[:2] == day.isocalendar()[:2]


def test_the_window_is_the_last_twelve_calendar_weeks_of_the_data() -> None:
    assert TieRules().window(2000, 2099) == (2088, 2099)


def test_fewer_weeks_than_the_window_are_all_in_it() -> None:
    assert TieRules().window(2095, 2099) == (2095, 2099)


def test_without_a_length_the_window_is_all_of_the_data() -> None:
    assert TieRules(window_weeks=None).window(2000, 2099) == (2000, 2099)


def test_days_take_the_place_of_the_window_and_bring_their_whole_weeks() -> None:
    rules = TieRules(first_day=date(2026, 3, 4), last_day=date(2026, 3, 15))

    window = rules.window(week_number(date(2026, 1, 1)), week_number(date(2026, 12, 31)))

    assert tuple(map(monday, window)) == (date(2026, 3, 2), date(2026, 3, 9))


def test_a_first_day_alone_opens_the_window_to_the_end_of_the_data() -> None:
    first = week_number(date(2026, 1, 5))

    assert TieRules(first_day=date(2026, 1, 7)).window(first - 40, first + 40) == (
        first,
        first + 40,
    )


def test_a_last_day_alone_opens_the_window_to_the_beginning_of_the_data() -> None:
    last = week_number(date(2026, 1, 5))

    assert TieRules(last_day=date(2026, 1, 7)).window(last - 40, last + 40) == (last - 40, last)


def test_days_beyond_the_data_do_not_lengthen_the_window() -> None:
    rules = TieRules(first_day=date(2000, 1, 1), last_day=date(2050, 1, 1))

    assert rules.window(2900, 2910) == (2900, 2910)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("regular_weeks", 0, "regular_weeks is 0, expected at least 1"),
        ("broadcast_above", 0, "broadcast_above is 0, expected at least 1"),
        ("meeting_above", -1, "meeting_above is -1, expected at least 1"),
        ("minimum_active_weeks", 0, "minimum_active_weeks is 0, expected at least 1"),
        ("window_weeks", 0, "window_weeks is 0, expected at least 1 or None"),
        ("carbon_copy_share", 1.5, "carbon_copy_share is 1.5, expected 0 to 1"),
        ("holiday_share", float("nan"), "holiday_share is nan, expected 0 to 1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(option: str, value: Any, words: str) -> None:
    with pytest.raises(UsageError) as error:
        TieRules(**{option: value})

    assert str(error.value) == words


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="ends on 2026-01-01, before 2026-02-01"):
        TieRules(first_day=date(2026, 2, 1), last_day=date(2026, 1, 1))
