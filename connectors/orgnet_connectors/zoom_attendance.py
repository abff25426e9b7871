"""Participant reports of Zoom: of one meeting, or of many with their details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.attendance_records import Attendance, AttendanceRecords
from orgnet_connectors.attendance_times import time_reader
from orgnet_connectors.dates import TimeReader
from orgnet_connectors.delimited import records
from orgnet_connectors.headings import heading_key
from orgnet_connectors.text_lines import open_lines, preview_lines

_HEADER_LINES = 10
#: Tells Zoom's list of participants from any other list of names.
_NAME = "nameoriginalname"
_EMAIL = ("useremail", "email")
_MEETING_ID = ("meetingid", "id")
_YES = frozenset({"yes", "true", "ja", "oui", "sí", "si", "sim", "tak"})
_MINUTE = 60_000_000


class ZoomAttendance:
    """Reads who was in a meeting, and when; topics and devices are not looked at."""

    name: ClassVar[str] = "zoom_attendance"
    title: ClassVar[str] = "Zoom participant report"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV of a Zoom meeting's participants, or of a details report"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "topic",
        "department",
        "group",
        "recording consent",
        "device",
        "ip address",
        "location",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is such a report: by the heading ``Name (Original Name)``."""
        if source.is_folder or source.is_zip:
            return None
        layout = _Layout.of(preview_lines(source)[:_HEADER_LINES])
        if layout is None:
            return None
        several = ", of several meetings" if layout.meeting_id is not None else ""
        return f"Zoom's heading 'Name (Original Name)' with an address{several}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one record for every two people who were in a meeting at the same time.

        Raises
        ------
        AmbiguousInputError
            If the dates do not show whether the day or the month stands first.
        UnreadableFileError
            If there is no list of participants.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        layout = _Layout.of(preview_lines(source)[:_HEADER_LINES])
        if layout is None:
            raise UnreadableFileError(
                "no list of participants; expected headings such as 'Name (Original Name)' and "
                "'User Email'",
                file=source.name,
                remedy="export the report again",
            )
        read_time = time_reader(source, layout.times(source), options, ledger)
        written = AttendanceRecords(ledger, source=self.name)
        for place, meeting in _meetings(source, layout, read_time, ledger):
            written.add(meeting, place=place)
            yield from written.full()
        yield from written.finish()


class _Layout(Struct, frozen=True, kw_only=True):
    """Where things stand in one report; None for columns that it does not have.

    In a details report the columns of the host stand first and have the same headings as those
    of the participants: what a participant's are, begins with the name.
    """

    delimiter: str
    header_row: int
    width: int
    name: int
    email: int
    join: int | None
    leave: int | None
    minutes: int | None
    waiting: int | None
    meeting_id: int | None
    start: int | None
    end: int | None
    #: id, start and end of the one meeting, from the lines above the list
    stated: tuple[str, str, str]

    @classmethod
    def of(cls, lines: Sequence[str]) -> _Layout | None:
        """Find the list of participants, or None where there is none."""
        for delimiter in (",", ";", "\t"):
            stated = ("", "", "")
            above: list[str] = []
            for number, cells in records(lines, delimiter):
                keys = [heading_key(cell) for cell in cells or ()]
                if _NAME in keys and any(key in _EMAIL for key in keys):
                    return cls._found(delimiter, number, keys, stated)
                if above and _at(above, _MEETING_ID, 0) is not None:
                    stated = _stated(above, cells or [])
                above = keys
        return None

    @classmethod
    def _found(
        cls, delimiter: str, number: int, keys: list[str], stated: tuple[str, str, str]
    ) -> _Layout | None:
        name = keys.index(_NAME)
        email = _at(keys, _EMAIL, name)
        if email is None:
            return None
        before = keys[:name]
        return cls(
            delimiter=delimiter,
            header_row=number,
            width=len(keys),
            name=name,
            email=email,
            join=_at(keys, ("jointime",), name),
            leave=_at(keys, ("leavetime",), name),
            minutes=_at(keys, ("durationminutes",), name),
            waiting=_at(keys, ("inwaitingroom",), name),
            meeting_id=_at(before, _MEETING_ID, 0),
            start=_at(before, ("starttime",), 0),
            end=_at(before, ("endtime",), 0),
            stated=stated,
        )

    def rows(self, source: Source) -> Iterator[tuple[int, list[str]]]:
        """Yield the participants' rows, filled up to the width of the headings."""
        for number, cells in records(open_lines(source), self.delimiter):
            if number > self.header_row and cells is not None and any(c.strip() for c in cells):
                filled = [*cells, *[""] * (self.width - len(cells))]
                yield number, [cell.strip() for cell in filled]

    def times(self, source: Source) -> Iterator[str]:
        """Yield all times as they stand."""
        yield from (text for text in self.stated[1:] if text)
        for _, cells in self.rows(source):
            for column in (self.start, self.end, self.join, self.leave):
                if column is not None:
                    yield cells[column]

    def meeting_of(self, cells: Sequence[str]) -> tuple[str, str, str]:
        """Return id, start and end of the meeting that a row belongs to, as they stand."""
        if self.meeting_id is None:
            return self.stated
        start, end = (cells[c] if c is not None else "" for c in (self.start, self.end))
        return cells[self.meeting_id], start, end


def _at(keys: Sequence[str], names: Sequence[str], begin: int) -> int | None:
    for column in range(begin, len(keys)):
        if keys[column] in names:
            return column
    return None


def _stated(keys: Sequence[str], cells: Sequence[str]) -> tuple[str, str, str]:
    """Return id, start and end of the one meeting from the line that describes it."""
    places = [_at(keys, names, 0) for names in (_MEETING_ID, ("starttime",), ("endtime",))]
    number, start, end = (
        cells[p].strip() if p is not None and p < len(cells) else "" for p in places
    )
    return number, start, end


def _meetings(
    source: Source, layout: _Layout, read_time: TimeReader, ledger: Ledger
) -> Iterator[tuple[str, Attendance]]:
    """Yield the meetings, whose rows stand together, each with its place."""
    current: tuple[str, str, str] | None = None
    meeting, place = Attendance(), "the meeting"
    for number, cells in layout.rows(source):
        stated = layout.meeting_of(cells)
        if stated != current:
            if current is not None:
                yield place, meeting
            current, place = stated, f"the meeting from line {number} on"
            meeting = Attendance(
                meeting_id="".join(stated[0].split()),
                starts_at=read_time(stated[1]),
                ends_at=read_time(stated[2]),
            )
        if layout.waiting is not None and cells[layout.waiting].lower() in _YES:
            ledger.note(
                "waiting_room",
                place=f"line {number}",
                found="somebody who waited to be let in",
                remedy="none needed",
            )
            continue
        address = cells[layout.email].lower()
        identity = address if "@" in address else None
        meeting.add(identity, cells[layout.name], _stay(layout, cells, read_time))
    if current is not None:
        yield place, meeting


def _stay(layout: _Layout, cells: Sequence[str], read_time: TimeReader) -> tuple[int, int] | None:
    """Return when somebody was there; None where the report has only a total."""
    join = read_time(cells[layout.join]) if layout.join is not None else None
    if join is None:
        return None
    leave = read_time(cells[layout.leave]) if layout.leave is not None else None
    if leave is None and layout.minutes is not None:
        minutes = cells[layout.minutes]
        leave = join + int(minutes) * _MINUTE if minutes.isdecimal() and len(minutes) < 6 else None
    return (join, leave) if leave is not None else None
