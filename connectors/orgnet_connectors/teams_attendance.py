"""Attendance reports of Microsoft Teams meetings, as organisers download them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct, field

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.attendance_records import Attendance, AttendanceRecords
from orgnet_connectors.attendance_times import is_time, time_reader
from orgnet_connectors.dates import TimeReader
from orgnet_connectors.delimited import records
from orgnet_connectors.headings import heading_key
from orgnet_connectors.text_lines import open_lines, preview_lines

_SECTION = re.compile(r"\s*([123])\.\s*\D")
_SUMMARY, _PARTICIPANTS, _ACTIVITIES = 1, 2, 3
#: Behind the name of somebody from elsewhere, in any language: `(Guest)`, `(Unverified)`.
_GUEST = re.compile(r"\([^()]+\)\s*$")
_PHONE = re.compile(r"\+?[\d*\s()-]{5,}")
_NAMES = frozenset({"fullname", "name"})
#: Headings of the reports of 2020 and of 2021, which have no numbered sections.
_OF_ACTIONS = frozenset({"fullname", "useraction", "timestamp"})
_OF_STAYS = frozenset({"jointime", "leavetime", "duration"})


class TeamsAttendance:
    """Reads who was in a meeting, and when; the title is not looked at."""

    name: ClassVar[str] = "teams_attendance"
    title: ClassVar[str] = "Teams attendance report"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "attendance report of one Teams meeting (.csv with tabs, UTF-16)"
    dropped_unread: ClassVar[tuple[str, ...]] = ("meeting title", "roles", "engagement")

    def recognise(self, source: Source) -> str | None:
        """Say why the file is such a report: by its numbered sections, or its old headings."""
        if source.is_folder or source.is_zip:
            return None
        report = _Report.of(preview_lines(source))
        if report.sections.get(_PARTICIPANTS) and _SUMMARY in report.sections:
            return "sections '1.' and '2.' of a Teams attendance report, the second with times"
        if report.actions or report.stays:
            return "headings of an older Teams attendance report"
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one record for every two people who were in the meeting at the same time.

        Raises
        ------
        AmbiguousInputError
            If the dates do not show whether the day or the month stands first.
        UnreadableFileError
            If there is no list of participants.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        report = _Report.of(open_lines(source))
        if not report.tables():
            raise UnreadableFileError(
                "no list of participants with times",
                file=source.name,
                remedy="download the attendance report again",
            )
        read_time = time_reader(source, report.times(), options, ledger, by_browser=True)
        meeting = report.attendance(read_time)
        by_name = sum("@" not in identity for identity in meeting.stays)
        if by_name:
            ledger.ambiguous.append(
                f"{by_name:,} people have no address in the report and are known by their name"
            )
        written = AttendanceRecords(ledger, source=self.name)
        written.add(meeting, place="the meeting")
        yield from written.finish()


class _Columns(Struct):
    """Where the columns of a list of participants stand, found by what is in them."""

    name: int
    addresses: list[int]
    times: list[int]


class _Report(Struct):
    """The rows of a report, the headings of a list first."""

    sections: dict[int, list[list[str]]] = field(default_factory=dict)
    actions: list[list[str]] = field(default_factory=list)
    stays: list[list[str]] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[str]) -> _Report:
        """Cut the lines into sections; labels are in the language of whoever downloaded it."""
        held = list(lines)
        delimiter = max("\t;,", key=lambda sign: max((ln.count(sign) for ln in held), default=0))
        report = cls()
        current: list[list[str]] | None = None
        for _, cells in records(held, delimiter):
            if cells is None:
                continue
            section = _SECTION.match(cells[0]) if not any(c.strip() for c in cells[1:]) else None
            keys = {heading_key(cell) for cell in cells}
            if section is not None:
                current = report.sections.setdefault(int(section[1]), [])
            elif not report.sections and keys >= _OF_ACTIONS:
                current = report.actions
            elif not report.sections and keys >= _OF_STAYS and keys & _NAMES:
                current = report.stays
            if current is not None and section is None:
                current.append([cell.strip() for cell in cells])
        report._keep_lists()
        return report

    def _keep_lists(self) -> None:
        """Leave out what has the number of a section and is no list with times."""
        for number in (_PARTICIPANTS, _ACTIVITIES):
            rows = self.sections.get(number)
            if rows is not None and not (rows[1:] and _columns(rows).times):
                del self.sections[number]

    def tables(self) -> list[list[list[str]]]:
        """Return the lists of participants, that with every single stay last."""
        found = [self.sections.get(number) for number in (_PARTICIPANTS, _ACTIVITIES)]
        return [rows for rows in (*found, self.stays, self.actions) if rows and rows[1:]]

    def times(self) -> Iterator[str]:
        """Yield all times as they stand."""
        for rows in (*self.tables(), self.sections.get(_SUMMARY, [])):
            yield from (cell for cells in rows for cell in cells if is_time(cell))

    def attendance(self, read_time: TimeReader) -> Attendance:
        """Return the meeting; single stays count, where they are listed, and not their sum."""
        stated = [
            moment
            for cells in self.sections.get(_SUMMARY, [])
            for cell in cells
            if is_time(cell) and (moment := read_time(cell)) is not None
        ]
        meeting = Attendance(
            starts_at=stated[0] if stated else None,
            ends_at=stated[1] if len(stated) > 1 else None,
        )
        tables = self.tables()
        address_of = _addresses_by_name(tables)
        if tables[-1] is self.actions:
            _add_actions(meeting, self.actions, read_time)
        else:
            _add_stays(meeting, tables[-1], address_of, read_time)
        # Who stands in the first list only has their stay there.
        for rows in tables[:-1]:
            missing = [rows[0]]
            missing += [
                cells
                for cells in rows[1:]
                if _identity(cells, _columns(rows), address_of) not in meeting.stays
            ]
            _add_stays(meeting, missing, address_of, read_time, like=rows)
        return meeting


def _columns(rows: Sequence[Sequence[str]]) -> _Columns:
    header, body = rows[0], rows[1:]
    times = [
        column
        for column in range(len(header))
        if any(column < len(cells) and is_time(cells[column]) for cells in body)
    ]
    addresses = [
        column
        for column in range(len(header))
        if any(column < len(cells) and "@" in cells[column] for cells in body) and column
    ]
    # The address that mail uses, before the name of the account.
    addresses.sort(key=lambda column: "mail" not in heading_key(header[column]))
    return _Columns(name=0, addresses=addresses, times=times)


def _addresses_by_name(tables: Sequence[Sequence[Sequence[str]]]) -> dict[str, str]:
    """Return the address of every name that has exactly one."""
    found: dict[str, set[str]] = {}
    for rows in tables:
        columns = _columns(rows)
        for cells in rows[1:]:
            if address := _address(cells, columns):
                found.setdefault(cells[0], set()).add(address)
    return {name: min(addresses) for name, addresses in found.items() if len(addresses) == 1}


def _address(cells: Sequence[str], columns: _Columns) -> str | None:
    for column in columns.addresses:
        if column < len(cells) and "@" in cells[column]:
            return cells[column].lower()
    return None


def _identity(cells: Sequence[str], columns: _Columns, address_of: dict[str, str]) -> str | None:
    """Return whom a row is about; None for guests and telephones, of whom only a name is known."""
    name = cells[columns.name]
    address = _address(cells, columns) or address_of.get(name)
    if address is not None or not name or _GUEST.search(name) or _PHONE.fullmatch(name):
        return address
    return f"teams:{' '.join(name.casefold().split())}"


def _add_stays(
    meeting: Attendance,
    rows: Sequence[Sequence[str]],
    address_of: dict[str, str],
    read_time: TimeReader,
    *,
    like: Sequence[Sequence[str]] | None = None,
) -> None:
    columns = _columns(like or rows)
    for cells in rows[1:]:
        moments = [read_time(cells[column]) for column in columns.times if column < len(cells)]
        begin, end = (*moments, None, None)[:2]
        stay = (begin, end) if begin is not None and end is not None else None
        meeting.add(_identity(cells, columns, address_of), cells[columns.name], stay)


def _add_actions(meeting: Attendance, rows: Sequence[Sequence[str]], read_time: TimeReader) -> None:
    """Pair everybody's joins and leaves; who never left stayed until the last time."""
    keys = [heading_key(cell) for cell in rows[0]]
    name_at, action_at, time_at = (keys.index(k) for k in ("fullname", "useraction", "timestamp"))
    columns = _Columns(name=name_at, addresses=[], times=[time_at])
    joined: dict[str, int] = {}
    last = 0
    for cells in rows[1:]:
        if len(cells) <= max(name_at, action_at, time_at):
            continue
        moment = read_time(cells[time_at])
        if moment is None:
            continue
        last = max(last, moment)
        name = cells[name_at]
        if cells[action_at].lower().startswith("left"):
            begin = joined.pop(name, None)
            stay = (begin, moment) if begin is not None else None
            meeting.add(_identity(cells, columns, {}), name, stay)
        else:
            joined.setdefault(name, moment)
    for name, begin in joined.items():
        cells = [""] * len(keys)
        cells[name_at] = name
        meeting.add(_identity(cells, columns, {}), name, (begin, last))
