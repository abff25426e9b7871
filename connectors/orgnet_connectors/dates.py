"""Dates and times as exports write them, read in one order of day and month a file.

``03/02/2026`` is 3 February or 2 March. `OrderEvidence` looks at all dates of a file; `read_time`
then reads each of them in the order that was found.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orgnet.errors import UsageError

#: Times outside of these years are a clock that was never set, not a fact.
FIRST_YEAR, LAST_YEAR = 1980, 2100

#: The share of dates that may contradict the order of all others: typing errors.
STRAY_SHARE = 0.05

#: So many different dates in ascending or descending order are evidence of the order.
SORTED_DATES = 3

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_TICKS = re.compile(r"\d{12,13}|\d{15,16}|\d{18,19}")
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/.\-])(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})(?!\d)(.*)", re.DOTALL)
_DAY_NAMED = re.compile(r"(\d{1,2})[ .\-/]+([A-Za-z]{3,9})[ .,\-/]+(\d{4}|\d{2})(?!\d)(.*)")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?!\d)(.*)")
_CLOCK = re.compile(
    r"[ T,]*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*(.*)"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_MONTHS = {
    name: month
    for month, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class OrderEvidence:
    """Whether the day or the month stands first, by what the dates of a file allow.

    A number above 12 decides; so do dots (``02.03.2026``), which are written day first; so does
    a file that is in order of time under one reading only. Up to 5 % of contrary dates are
    taken for typing errors.

    Examples
    --------
    >>> evidence = OrderEvidence()
    >>> for text in ["03/02/2026", "27/02/2026"]:
    ...     evidence.add(text)
    >>> evidence.day_first
    True
    """

    def __init__(self) -> None:
        self.numeric = 0
        self._dotted = 0
        self._day_first = 0
        self._month_first = 0
        self._runs = {True: _Run(), False: _Run()}

    def add(self, text: str) -> None:
        """Look at one date; those that can be read in one way only are passed over."""
        match = _NUMERIC.match(text.strip())
        if match is None:
            return
        first, second = int(match[1]), int(match[3])
        if not (first and second) or (first > 12 and second > 12):
            return
        self.numeric += 1
        if first > 12:
            self._day_first += 1
        elif second > 12:
            self._month_first += 1
        elif match[2] == ".":
            self._dotted += 1
        if self._day_first or self._month_first:
            return
        for day_first, run in self._runs.items():
            moment = read_time(text, day_first)
            if moment is not None:
                run.add(moment.replace(tzinfo=None))
            else:
                run.broken = True

    @property
    def needed(self) -> bool:
        """True where some date depends on the order."""
        return self.numeric > 0

    @property
    def day_first(self) -> bool | None:
        """True or False as the dates show; None where they do not, or contradict each other."""
        decided = self._day_first + self._month_first
        if decided:
            stray = min(self._day_first, self._month_first)
            return None if stray > STRAY_SHARE * decided else self._day_first > self._month_first
        if self._dotted and self._dotted == self.numeric:
            return True
        day_sorted, month_sorted = self._runs[True].is_sorted, self._runs[False].is_sorted
        return day_sorted if day_sorted != month_sorted else None


class _Run:
    """Whether times come in ascending or descending order."""

    def __init__(self) -> None:
        self.broken = False
        self._last: datetime | None = None
        self._rises = 0
        self._falls = 0

    def add(self, moment: datetime) -> None:
        if self._last is not None:
            self._rises += moment > self._last
            self._falls += moment < self._last
        self._last = moment

    @property
    def is_sorted(self) -> bool:
        steps = self._rises + self._falls
        one_way = self._rises == 0 or self._falls == 0
        return not self.broken and one_way and steps >= SORTED_DATES - 1


def read_time(text: str, day_first: bool | None) -> datetime | None:
    """Read a date with or without a time; without a zone it has no `tzinfo`.

    ISO 8601, seconds to nanoseconds since 1970, ``31/12/2026``, ``12-31-26``, ``2026/12/31``,
    ``31 Dec 2026``, ``Dec 31, 2026``; clocks of 12 or 24 hours, with ``Z`` or an offset.

    Parameters
    ----------
    text
        A cell.
    day_first
        The order of day and month; None where the file does not show it.

    Returns
    -------
    datetime or None
        None for a text that is no date, for a day that does not exist, and, with `day_first`
        None, for one that depends on the order.

    Examples
    --------
    >>> read_time("03/02/2026 9:05 PM", True), read_time("03/02/2026", None)
    (datetime.datetime(2026, 2, 3, 21, 5), None)
    """
    text = text.strip()
    if len(text) >= 9 and text.isascii() and text[:9].isdigit():
        return _read_epoch(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    text = _WEEKDAY.sub("", text)
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[3]), _full_year(match[4])
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
        return _at_clock(year, month, day, match[5])
    if match := _YEAR_FIRST.match(text):
        return _at_clock(int(match[1]), int(match[3]), int(match[4]), match[5])
    if match := _DAY_NAMED.match(text):
        month = _MONTHS.get(match[2][:3].lower(), 0)
        return _at_clock(_full_year(match[3]), month, int(match[1]), match[4])
    if match := _MONTH_NAMED.match(text):
        month = _MONTHS.get(match[1][:3].lower(), 0)
        return _at_clock(int(match[3]), month, int(match[2]), match[4])
    return None


def read_date(text: str, day_first: bool | None) -> date | None:
    """Read the day of a date; None as in `read_time`, and for years that mean "never".

    Examples
    --------
    >>> read_date("2026-03-02", None), read_date("9999-12-31", None)
    (datetime.date(2026, 3, 2), None)
    """
    moment = read_time(text, day_first)
    return moment.date() if moment is not None and 1900 < moment.year <= LAST_YEAR else None


def zone_of(name: str | None) -> tzinfo:
    """Find a time zone by its IANA name; UTC for None.

    Raises
    ------
    UsageError
        If there is no such zone.
    """
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"no time zone {name!r}; give an IANA name such as 'Europe/Paris', or UTC"
        ) from error


class TimeReader:
    """Reads times to microseconds since 1970, UTC.

    Parameters
    ----------
    day_first
        The order of day and month in this file.
    zone
        The zone of times that state none.

    Examples
    --------
    >>> reader = TimeReader(day_first=None, zone=zone_of(None))
    >>> reader("2026-03-02T09:15:00+01:00"), reader("yesterday"), reader.without_zone
    (1772439300000000, None, 0)
    """

    def __init__(self, *, day_first: bool | None, zone: tzinfo) -> None:
        self._day_first = day_first
        self._zone = zone
        #: How many of the times read so far stated no zone.
        self.without_zone = 0

    def __call__(self, text: str) -> int | None:
        """Return the time, or None where there is none between 1980 and 2100."""
        moment = read_time(text, self._day_first)
        if moment is None or not FIRST_YEAR <= moment.year < LAST_YEAR:
            return None
        if moment.tzinfo is None:
            self.without_zone += 1
            moment = moment.replace(tzinfo=self._zone)
        return (moment - _EPOCH) // _MICROSECOND


def _read_epoch(text: str) -> datetime | None:
    if _SECONDS.fullmatch(text):
        microseconds = round(float(text) * 1_000_000)
    elif _TICKS.fullmatch(text):
        microseconds = int(text) * 1_000_000 // 10 ** (3 * ((len(text) - 9) // 3))
    else:
        return None
    return _EPOCH + timedelta(microseconds=microseconds)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _at_clock(year: int, month: int, day: int, clock: str) -> datetime | None:
    """Put a day and the text behind it together; None where either is not valid."""
    hour = minute = second = microsecond = 0
    zone: tzinfo | None = None
    if clock.strip():
        match = _CLOCK.fullmatch(clock)
        if match is None:
            return None
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        microsecond = int((match[4] or "0")[:6].ljust(6, "0"))
        if match[5]:
            hour = hour % 12 + (12 if match[5][0] in "pP" else 0)
        if match[6]:
            zone = _read_zone(match[6].strip())
            if zone is None:
                return None
    try:
        return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone)
    except ValueError:
        return None


def _read_zone(text: str) -> tzinfo | None:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if match[1] == "-" else offset)
