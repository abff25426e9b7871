"""When a mail was sent, from the dates that mail programs and archives write."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_tz
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orgnet.errors import UsageError

#: Years outside are clocks that were wrong, not dates.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_FIRST_US = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
#: A clock that is ahead of ours by more is wrong.
_AHEAD_US = 2 * 86_400 * 1_000_000

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = {name: number for number, name in enumerate(_MONTHS, start=1)}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
#: The parts of ``Mon, 5 Jan 2026 10:00:00 +0100 (CET)`` before the clock and after it.
_RFC_DAY = re.compile(r"\s*(?:[A-Za-z]{3},\s*)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+\Z")
_RFC_ZONE = re.compile(r"\s+(?:([+-])(\d\d)(\d\d)|GMT|UTC)(?:\s+\([^()]*\))?\s*\Z")
_RFC_CLOCK_BYTES = 8
_NUMBER = {f"{number:02d}": number for number in range(61)}
# `Mon Jan 06 04:49:45 +0000 2020`: Takeout writes the zone before the year.
_ZONE_BEFORE_YEAR = re.compile(r"(\d\d?:\d\d(?::\d\d)?)\s+([+-]\d{4}|[A-Z]{3,4})\s+(\d{4})\s*\Z")
#: No date is longer; the patterns for odd ones take time in the square of the length.
_LONGEST = 200
_COMMENT = re.compile(r"\([^()]*\)")
# Anchored, so that no part of a longer line is taken for a date.
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_ENDS_WITHOUT_ZONE = re.compile(r":\d\d(?:\s+\d{4})?\Z")
_HAS_DAY_AND_TIME = re.compile(r"\d.*\d:\d\d")


def is_plausible(sent_at_us: int) -> bool:
    """Tell whether mail could be sent then: after 1990, and at most two days from now.

    Parameters
    ----------
    sent_at_us
        Microseconds since 1970 UTC.

    Examples
    --------
    >>> is_plausible(0), is_plausible(1_767_225_600_000_000), is_plausible(9_000_000_000_000_000)
    (False, True, False)
    """
    return _FIRST_US <= sent_at_us <= time.time_ns() // 1000 + _AHEAD_US


def time_zone(name: str | None) -> tzinfo:
    """Return the zone of that IANA name; UTC where there is none.

    Raises
    ------
    UsageError
        If no such zone is known.
    """
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"no time zone {name!r}; expected an IANA name such as 'Europe/Paris'"
        ) from None


def sent_at_us(text: str, zone: tzinfo = UTC) -> int | None:
    """Return the microseconds since 1970 UTC that a date header states.

    Parameters
    ----------
    text
        The value of ``Date``, the stamp of a ``Received``, or the date of a From_ line.
    zone
        Where the clock stood if the date names no zone.

    Returns
    -------
    int or None
        None where the date cannot be read or is not plausible (before 1990 or after 2100).

    Examples
    --------
    >>> sent_at_us("Thu, 1 Jan 2026 01:00:00 +0100")
    1767225600000000
    >>> sent_at_us("Thu Jan  1 00:00:00 +0000 2026") == sent_at_us("Thu Jan  1 00:00:00 2026")
    True
    >>> sent_at_us("yesterday"), sent_at_us("1 Jan 1904 00:00:00 GMT")
    (None, None)
    """
    # Taken apart so that the day and the zone, of which a mailbox has few, are read but once.
    start = text.find(":") - 2
    end = start + _RFC_CLOCK_BYTES
    if start > 0 and len(text) <= _LONGEST:
        midnight, ahead = _rfc_day(text[:start]), _rfc_zone(text[end:])
        clock = _clock_of(text[start:end])
        if midnight is not None and ahead is not None and clock is not None:
            return (midnight + clock - ahead) * 1_000_000
    return _other_date(text, zone)


@lru_cache(maxsize=1 << 14)
def _rfc_day(text: str) -> int | None:
    """Return the seconds from 1970 to the start of a day, None where it is written otherwise."""
    day = _RFC_DAY.match(text)
    return _midnight(int(day[1]), day[2].lower(), int(day[3])) if day else None


@lru_cache(maxsize=1 << 10)
def _rfc_zone(text: str) -> int | None:
    """Return the seconds by which clocks of a zone such as `` +0100`` are ahead of UTC."""
    zone = _RFC_ZONE.match(text)
    if zone is None:
        return None
    sign, hours, minutes = zone.groups()
    seconds = (int(hours) * 60 + int(minutes)) * 60 if sign else 0
    if seconds >= 86_400:
        return None
    return -seconds if sign == "-" else seconds


def _clock_of(text: str) -> int | None:
    """Return the seconds since midnight of ``10:00:00``."""
    hour, minute, second = _NUMBER.get(text[:2]), _NUMBER.get(text[3:5]), _NUMBER.get(text[6:])
    if hour is None or minute is None or second is None or text[5] != ":":
        return None
    return _clock(hour, minute, second)


def _midnight(day: int, month: str, year: int) -> int | None:
    """Return the seconds from 1970 to the start of a day, None where there is no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR or month not in _MONTH:
        return None
    try:
        return (date(year, _MONTH[month], day).toordinal() - _EPOCH_DAY) * 86_400
    except ValueError:
        return None


def _clock(hour: int, minute: int, second: int) -> int | None:
    # A leap second is written as 60.
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + second


def _other_date(text: str, zone: tzinfo) -> int | None:
    text = _COMMENT.sub(" ", text[:_LONGEST]).strip()
    if _ISO_DATE.match(text):
        return _iso_date(text, zone)
    # Without this the standard library finds dates in lines that hold none.
    if not _HAS_DAY_AND_TIME.search(text):
        return None
    # The standard library takes a missing zone for UTC.
    has_zone = not _ENDS_WITHOUT_ZONE.search(text)
    text = _ZONE_BEFORE_YEAR.sub(r"\1 \3 \2", text)
    try:
        parts = parsedate_tz(text)
    except (IndexError, TypeError, ValueError):
        return None
    if parts is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    midnight = _midnight(day, _MONTHS[month - 1], year) if 1 <= month <= 12 else None
    clock = _clock(hour, minute, second)
    if midnight is None or clock is None or abs(offset or 0) >= 86_400:
        return None
    if has_zone or zone is UTC:
        return (midnight + clock - (offset or 0)) * 1_000_000
    local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    return int(local.timestamp()) * 1_000_000


def _iso_date(text: str, zone: tzinfo) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return int(moment.timestamp()) * 1_000_000
