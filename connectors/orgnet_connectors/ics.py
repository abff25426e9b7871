"""Calendars in iCalendar files (.ics): Google, Outlook, Exchange and CalDAV."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import BinaryIO, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import zone_of
from orgnet_connectors.export_files import ExportFiles, open_export
from orgnet_connectors.ics_lines import Block, Property, blocks, identity_of, read_property
from orgnet_connectors.ics_times import CalendarTime, IcsTimes, read_duration
from orgnet_connectors.meeting_calendar import CalendarMeetings, CalendarSurvey, Entry
from orgnet_connectors.meeting_records import (
    Answer,
    Guest,
    Meeting,
    hours_between,
    kind_of,
    meeting_key,
    merged,
    microseconds,
    series_key,
    unnamed_key,
)

_BEGINNINGS = (b"BEGIN:VCALENDAR", b"BEGIN:VEVENT")
#: Answers that say yes, or perhaps.
_COMES = frozenset({"ACCEPTED", "TENTATIVE"})
_REFUSES = frozenset({"DECLINED", "DELEGATED"})
_KINDS = {"ROOM": "room", "RESOURCE": "room", "GROUP": "shared"}


class Ics:
    """Reads who met whom and when out of calendar files; titles and texts are passed over."""

    name: ClassVar[str] = "ics"
    title: ClassVar[str] = "Calendar (iCalendar)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = ".ics file, or the zip of them that Google Calendar exports"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "summary",
        "description",
        "location",
        "conference links",
        "attachments",
        "alarms",
        "categories",
        "all other properties",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the source is a calendar: it begins as one, or is a zip of such files."""
        if _begins_calendar(source.head):
            return "begins with BEGIN:VCALENDAR"
        if not source.is_zip:
            return None
        try:
            with open_export(source) as files:
                found = len(_calendar_names(files))
        except InputError:
            return None
        return f"a zip with {found:,} calendars" if found else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the meetings of all calendars, series expanded, counting each in `ledger`.

        Raises
        ------
        UnreadableFileError
            If no calendar begins in it.
        """
        if self.recognise(source) is None:
            raise UnreadableFileError(
                "no calendar begins in it; expected a first line 'BEGIN:VCALENDAR'",
                file=source.name,
                remedy="export the calendar again",
            )
        ledger.dropped_unread.update(self.dropped_unread)
        zone = zone_of(options.timezone) if options.timezone else None
        survey = CalendarSurvey()
        for _, entry in _entries(source, IcsTimes(zone), None):
            if entry is not None:
                survey(entry)
        times = IcsTimes(zone)
        meetings = CalendarMeetings(ledger, source=self.name, survey=survey)
        for place, entry in _entries(source, times, ledger):
            if entry is None:
                meetings.unreadable(place, "an entry that ends before its END line")
            else:
                yield from meetings.add(entry, place=place)
        yield from meetings.finish()
        _note_zones(times, ledger)


def _begins_calendar(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].upper().startswith(_BEGINNINGS)


def _calendar_names(files: ExportFiles) -> list[str]:
    """Return the names of the calendars in a zip; other files are not opened."""
    named = [name for name in files.names if name.lower().endswith(".ics")]
    return [name for name in named if _begins_calendar(files.peek(name, 64))]


def _note_zones(times: IcsTimes, ledger: Ledger) -> None:
    if times.floating:
        ledger.ambiguous.append(f"{times.floating:,} times without a zone are read as UTC (--tz)")
    if times.unknown:
        ledger.ambiguous.append(
            f"{times.unknown:,} times in a zone that is not known are read as UTC (--tz)"
        )


@contextlib.contextmanager
def _calendars(source: Source, ledger: Ledger | None) -> Iterator[Iterable[BinaryIO]]:
    """Open the calendars of a source one after the other; a damaged zip is noted."""
    if not source.is_zip:
        with source.path.open("rb") as file:
            yield [file]
        return
    with open_export(source) as files:

        def unpacked() -> Iterator[BinaryIO]:
            for name in _calendar_names(files):
                data, whole = files.read(name)
                if not whole and ledger is not None:
                    ledger.truncated = "a calendar in the zip ends early or is damaged"
                yield io.BytesIO(data)

        if ledger is not None and files.damage:
            ledger.truncated = files.damage
        if ledger is not None and files.unsafe:
            ledger.note(
                "unsafe_name",
                place="the zip",
                found=f"{files.unsafe:,} names that point outside of it; they are left alone",
                remedy="none needed",
            )
        yield unpacked()


def _entries(
    source: Source, times: IcsTimes, ledger: Ledger | None
) -> Iterator[tuple[str, Entry | None]]:
    """Yield every entry with its place, None for one that is cut short."""
    with _calendars(source, ledger) as files:
        number = 0
        for calendar, file in enumerate(files, start=1):
            times.begin_calendar()
            reader = _EntryReader(times)
            calendar_open = source.is_zip or b"BEGIN:VCALENDAR" in source.head[:64].upper()
            for block in blocks(file):
                calendar_open &= block.kind != "end"
                if block.kind == "VTIMEZONE":
                    times.note_zone(block)
                elif block.kind == "VCALENDAR":
                    reader.note(read_property(block.lines[0]))
                elif block.kind == "VEVENT":
                    number += 1
                    where = f"calendar {calendar}, " if source.is_zip else ""
                    place = f"{where}entry {number}, byte {block.offset}"
                    yield place, reader.entry(block) if block.whole else None
            if calendar_open and ledger is not None:
                ledger.truncated = ledger.truncated or "the calendar ends without END:VCALENDAR"


class _EntryReader:
    """Turns the blocks of one calendar into entries."""

    def __init__(self, times: IcsTimes) -> None:
        self._times = times
        self._method = ""

    def note(self, of_calendar: Property) -> None:
        """Take what holds for the whole calendar."""
        if of_calendar.name == "METHOD":
            self._method = of_calendar.value.upper()
        else:
            self._times.note_calendar_zone(of_calendar.value)

    def entry(self, block: Block) -> Entry:
        """Return the entry of a block."""
        properties = [read_property(line) for line in block.lines]
        one = {found.name: found for found in reversed(properties)}
        times = self._times
        start = times.read(one["DTSTART"]) if "DTSTART" in one else None
        planned = times.read(one["RECURRENCE-ID"]) if "RECURRENCE-ID" in one else None
        starts_at = microseconds(start.moment) if start else None
        planned_at = microseconds(planned.moment) if planned else None
        guests = _guests(properties)
        uid = one["UID"].value if "UID" in one else ""
        series = series_key(uid) or unnamed_key(
            starts_at, sorted(guest.identity or "" for guest in guests)
        )
        dropped = [
            t for found in properties if found.name == "EXDATE" for t in times.read_all(found)
        ]
        return Entry(
            meeting=Meeting(
                key=meeting_key(series, starts_at if planned_at is None else planned_at),
                series=series,
                starts_at=starts_at,
                hours=self._hours(one, start),
                guests=guests,
                unnamed=sum(_companions(found) for found in properties),
                set_aside=self._set_aside(one, start),
            ),
            start=start.moment if start else None,
            rules=[found.value for found in properties if found.name == "RRULE"],
            added=[
                microseconds(t.moment)
                for found in properties
                if found.name == "RDATE"
                for t in times.read_all(found)
            ],
            dropped=[microseconds(t.moment) for t in dropped if not t.whole_day],
            dropped_days=[t.moment.date() for t in dropped if t.whole_day],
            planned_at=planned_at,
            and_later=_parameter(one, "RECURRENCE-ID", "RANGE") == "THISANDFUTURE",
            sequence=_number(_value(one, "SEQUENCE")),
            made_at=self._made_at(one),
            states_answers=any(
                found.parameters.get("PARTSTAT", "").upper() in _COMES | _REFUSES
                for found in properties
                if found.name == "ATTENDEE"
            ),
        )

    def _set_aside(self, one: dict[str, Property], start: CalendarTime | None) -> str | None:
        if _value(one, "STATUS") == "CANCELLED" or self._method == "CANCEL":
            return "cancelled"
        if _value(one, "CLASS") in ("PRIVATE", "CONFIDENTIAL"):
            return "private"
        if (start and start.whole_day) or _value(one, "X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE":
            return "all_day"
        return "free" if _value(one, "TRANSP") == "TRANSPARENT" else None

    def _hours(self, one: dict[str, Property], start: CalendarTime | None) -> float | None:
        if start is None:
            return None
        end = self._times.read(one["DTEND"]) if "DTEND" in one else None
        if end is not None:
            return hours_between(start.moment, end.moment)
        duration = read_duration(_value(one, "DURATION"))
        return duration / timedelta(hours=1) if duration is not None else None

    def _made_at(self, one: dict[str, Property]) -> int | None:
        stamps = [
            self._times.read(one[name])
            for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED")
            if name in one
        ]
        return max((microseconds(stamp.moment) for stamp in stamps if stamp), default=None)


def _guests(properties: Iterable[Property]) -> list[Guest]:
    """Return organiser and attendees, each once."""
    found = []
    for person in properties:
        if person.name not in ("ORGANIZER", "ATTENDEE"):
            continue
        identity = identity_of(person)
        kind = _kind(person, identity)
        if kind == "person" and person.parameters.get("ROLE", "").upper() == "NON-PARTICIPANT":
            # Is informed, and does not come.
            continue
        name = person.parameters.get("CN")
        found.append(
            Guest(
                identity=identity,
                answer="accepted" if person.name == "ORGANIZER" else _answer(person),
                kind=kind,
                name=name if name and "@" not in name else None,
            )
        )
    return merged(found)


def _kind(person: Property, identity: str | None) -> str:
    stated = _KINDS.get(person.parameters.get("CUTYPE", "").upper())
    return stated or kind_of(identity)


def _answer(person: Property) -> Answer:
    state = person.parameters.get("PARTSTAT", "").upper()
    return "accepted" if state in _COMES else "declined" if state in _REFUSES else "none"


def _companions(person: Property) -> int:
    """Return how many guests an attendee who comes brings along, as Google counts them."""
    comes = person.name == "ATTENDEE" and _answer(person) == "accepted"
    return min(_number(person.parameters.get("X-NUM-GUESTS", "")), 1000) if comes else 0


def _value(one: dict[str, Property], name: str) -> str:
    return one[name].value.upper() if name in one else ""


def _parameter(one: dict[str, Property], name: str, parameter: str) -> str:
    return one[name].parameters.get(parameter, "").upper() if name in one else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
