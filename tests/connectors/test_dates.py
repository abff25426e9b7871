"""Dates as exports write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orgnet.errors import UsageError
from orgnet_connectors.dates import OrderEvidence, TimeReader, read_date, read_time, zone_of

MORNING = datetime(2026, 3, 2, 9, 15)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 09:15:00",
        "2026-03-02T09:15",
        "2026/03/02 09:15:00",
        "02/03/2026 09:15",
        "02.03.2026 09:15:00",
        "2-3-26 9:15 AM",
        "02/Mar/26 9:15 AM",
        "2 March 2026, 09:15",
        "Mar 2, 2026 9:15 a.m.",
        "Mon, 2 Mar 2026 09:15:00",
        "20260302T091500",
    ],
)
def test_time_without_a_zone_is_read(text: str) -> None:
    assert read_time(text, True) == MORNING


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-02T09:15:00Z", UTC),
        ("02/03/2026 09:15:00 +0100", timezone(timedelta(hours=1))),
        ("2026/03/02 9:15:00 AM GMT-3:30", timezone(-timedelta(hours=3, minutes=30))),
        ("Mon, 2 Mar 2026 09:15:00 GMT", UTC),
    ],
)
def test_zone_is_read(text: str, zone: timezone) -> None:
    assert read_time(text, True) == MORNING.replace(tzinfo=zone)


@pytest.mark.parametrize(
    "text",
    ["1772442900", "1772442900.0", "1772442900000", "1772442900000000", "1772442900000000000"],
)
def test_time_since_1970_is_read_in_any_unit(text: str) -> None:
    assert read_time(text, None) == MORNING.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "0000-00-00", "31/02/2026", "2026-13-01", "45000", "1.5", "12:30"),
        *("02/03/2026 25:00", "02/03/2026 noon", "02/03/2026 09:15 +99:00", "2 Foo 2026"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_time(text, True) is None


@pytest.mark.parametrize(
    ("day_first", "expected"),
    [(True, date(2026, 2, 3)), (False, date(2026, 3, 2)), (None, None)],
)
def test_order_of_day_and_month_is_followed(day_first: bool | None, expected: date | None) -> None:
    assert read_date("03/02/2026", day_first) == expected


def test_date_that_means_never_is_none() -> None:
    assert read_date("9999-12-31", None) is None


@pytest.mark.parametrize(
    ("texts", "day_first"),
    [
        (["03/02/2026", "27/02/2026"], True),
        (["02/03/2026", "02/27/2026"], False),
        (["03.02.2026", "04.02.2026"], True),
        (["03/02/2026"], None),
        (["03/02/2026", "04/02/2026"], None),
        # 5 March, 6 March, 1 April; the other way round it goes up and down.
        (["05/03/2026", "06/03/2026", "01/04/2026"], True),
        (["03/05/2026", "03/06/2026", "04/01/2026"], False),
        (["13/02/2026", "02/13/2026"], None),
        ([*["02/27/2026"] * 30, "27/02/2026"], False),
        (["2026-03-02", "Mar 2, 2026"], None),
    ],
)
def test_order_is_decided_by_evidence(texts: list[str], day_first: bool | None) -> None:
    evidence = OrderEvidence()
    for text in texts:
        evidence.add(text)

    assert evidence.day_first is day_first


def test_order_is_not_needed_where_all_dates_are_iso() -> None:
    evidence = OrderEvidence()
    evidence.add("2026-03-02")

    assert not evidence.needed


def test_times_without_a_zone_are_in_the_zone_that_was_stated() -> None:
    reader = TimeReader(day_first=None, zone=zone_of("Europe/Paris"))

    winter, summer = reader("2026-03-02 09:15:00"), reader("2026-07-02 09:15:00")

    assert winter == int(datetime(2026, 3, 2, 8, 15, tzinfo=UTC).timestamp()) * 1_000_000
    assert summer == int(datetime(2026, 7, 2, 7, 15, tzinfo=UTC).timestamp()) * 1_000_000
    assert reader.without_zone == 2


@pytest.mark.parametrize("text", ["1970-01-01 00:00", "2150-01-01", "0001-01-01T00:00:00+14:00"])
def test_clock_that_was_never_set_gives_no_time(text: str) -> None:
    assert TimeReader(day_first=None, zone=UTC)(text) is None


@pytest.mark.parametrize("name", ["Europe/Pariss", "../etc", ""])
def test_unknown_zone_is_wrong_use(name: str) -> None:
    with pytest.raises(UsageError, match="give an IANA name such as 'Europe/Paris'"):
        zone_of(name)
