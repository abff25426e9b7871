"""Times as iCalendar writes them: with a zone of its own, in UTC, floating, or only a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR
from orgnet_connectors.ics_lines import Block, Property, read_property
from orgnet_connectors.meeting_zones import zone_named

_TIME = re.compile(
    r"""(\d{4})-?(\d\d)-?(\d\d)
    (?:[T\ ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE,
)


class CalendarTime(NamedTuple):
    """A time, aware; `whole_day` where only its day is stated."""

    moment: datetime
    whole_day: bool


class IcsTimes:
    """Reads the times of one calendar.

    Parameters
    ----------
    zone
        Of times that name none; None where the user has not said it.

    Examples
    --------
    >>> times = IcsTimes(None)
    >>> start = read_property(b"DTSTART;TZID=W. Europe Standard Time:20260302T090000")
    >>> times.read(start).moment.isoformat()
    '2026-03-02T09:00:00+01:00'
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._of_calendar: tzinfo | None = None
        self._stated: dict[str, Block] = {}
        self._found: dict[str, tzinfo | None] = {}
        #: How many times without a zone, and with an unknown one, were read.
        self.floating = 0
        self.unknown = 0

    def begin_calendar(self) -> None:
        """Forget the zones of the calendar before."""
        self._of_calendar = None
        self._stated.clear()
        self._found.clear()

    def note_zone(self, block: Block) -> None:
        """Keep a ``VTIMEZONE`` for the case that nobody else knows the name."""
        for line in block.lines:
            if line[:4].upper() == b"TZID":
                self._stated.setdefault(read_property(line).value.strip('"'), block)
                return

    def note_calendar_zone(self, name: str) -> None:
        """Take the zone that Google states for a calendar, for times that name none."""
        self._of_calendar = zone_named(name)

    def read(self, text: Property) -> CalendarTime | None:
        """Return the time of a property; None where it is none between 1980 and 2100."""
        return self._time(text.value, text.parameters.get("TZID"))

    def read_all(self, text: Property) -> Iterator[CalendarTime]:
        """Yield the times of a list; of periods the beginnings."""
        for part in text.value.split(","):
            found = self._time(part.partition("/")[0], text.parameters.get("TZID"))
            if found is not None:
                yield found

    def _time(self, text: str, zone_name: str | None) -> CalendarTime | None:
        match = _TIME.fullmatch(text.strip())
        if match is None:
            return None
        year, month, day, hour, minute, second, offset = match.groups()
        if not FIRST_YEAR <= int(year) < LAST_YEAR:
            return None
        whole_day = hour is None
        zone = zone_named(offset.upper()) if offset else None
        if zone is None:
            zone = self._zone_of(zone_name, counted=not whole_day)
        # A leap second is written as 60.
        clock = int(hour or 0), int(minute or 0), min(int(second or 0), 59)
        try:
            moment = datetime(int(year), int(month), int(day), *clock, tzinfo=zone)
        except ValueError:
            return None
        return CalendarTime(moment, whole_day)

    def _zone_of(self, name: str | None, *, counted: bool) -> tzinfo:
        fallback = self._zone or self._of_calendar
        if name is None:
            self.floating += counted and fallback is None
            return fallback or UTC
        if name not in self._found:
            self._found[name] = zone_named(name) or _stated_zone(self._stated.get(name))
        zone = self._found[name]
        if zone is None:
            self.unknown += counted and fallback is None
            return fallback or UTC
        return zone


def _stated_zone(block: Block | None) -> tzinfo | None:
    """Return the zone that a ``VTIMEZONE`` describes, None where it describes none."""
    if block is None or not block.whole:
        return None
    # Takes a quarter of a second to load: only for zones that have no known name.
    from icalendar import Timezone

    text = b"\r\n".join([b"BEGIN:VTIMEZONE", *block.lines, b"END:VTIMEZONE", b""])
    try:
        component = Timezone.from_ical(text)
        if not isinstance(component, Timezone):
            return None
        zone: tzinfo = component.to_tz(lookup_tzid=False)
        # Some mistakes show only when the zone is asked.
        datetime(2026, 1, 1, tzinfo=zone).astimezone(UTC)
    except Exception:
        # Whatever the library trips over, the calendar is read without this zone.
        return None
    return zone


def read_duration(text: str) -> timedelta | None:
    """Read a length of time such as ``PT1H30M``; None where it is none or negative.

    Examples
    --------
    >>> read_duration("PT1H30M"), read_duration("-PT1H")
    (datetime.timedelta(seconds=5400), None)
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
