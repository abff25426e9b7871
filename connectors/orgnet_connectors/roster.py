"""Rosters: who works where, as a CSV or workbook with one row a person."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec.structs import asdict

from orgnet.errors import InputError, MissingColumnError, UnknownFormatError, UnreadableFileError
from orgnet.schema import MEMBERSHIPS, PEOPLE, Ledger, ReadOptions, Source
from orgnet_connectors.dates import OrderEvidence
from orgnet_connectors.delimited import HEADER_ROWS, Table, find_table
from orgnet_connectors.graph_sheets import graph_sheets
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_tables import find_list
from orgnet_connectors.roster_columns import COLUMNS, RosterColumns, header_score, identity_score
from orgnet_connectors.roster_managers import resolve_managers, unique_owners
from orgnet_connectors.roster_memberships import memberships
from orgnet_connectors.roster_people import (
    RosterPerson,
    in_parentheses,
    is_total,
    is_vacant,
    name_key,
    read_person,
)
from orgnet_connectors.spreadsheet_rows import refuse_old_excel, sheet_names, sheet_rows

_BATCH_ROWS = 50_000
_HEADINGS_SHOWN = 12
_DATES = ("start", "end", "snapshot", "since", "until")
#: A further column with so many values, no two the same, names people and groups nobody.
_TELLING = 5
#: Headings that are one of several sources of a column.
_PART_OF = {
    "first": "name",
    "infix": "name",
    "last": "name",
    "further emails": "emails",
    "slack id": "aliases",
    "manager id": "manager",
    "manager email": "manager",
}


class Roster:
    """Reads rosters: directory exports, HR reports, organisation charts, plain sheets.

    The batches have the columns of the people table, then ``memberships`` where the file says when
    somebody changed departments, then one column of text for every further heading that people
    can be grouped by, named in snake_case. Pay, birth dates, home addresses
    and the like are not looked at.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = chr(10).join(["id;Abteilung;Kostenart", "7;Sales;A", "8;Support;B"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "people.csv"
    ...     _ = path.write_text(text)
    ...     batch = next(Roster().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["person"], row["department"], row["kostenart"]) for row in batch.to_pylist()]
    [('7', 'Sales', 'A'), ('8', 'Support', 'B')]
    """

    name: ClassVar[str] = "roster"
    title: ClassVar[str] = "Roster"
    table: ClassVar[Literal["interactions", "people"]] = "people"
    accepts: ClassVar[str] = "CSV, TSV or XLSX with one row a person and a column 'department'"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        *("pay", "bank", "birth date", "gender", "nationality", "home address", "phones"),
        *("national ids", "photos", "notes", "performance", "password"),
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a roster, or None where it is not.

        A damaged workbook is taken for one, so that reading it says what is wrong with it.
        """
        try:
            if graph_sheets(source) is not None:
                return None
            table = find_table(source, header_score)
        except UnreadableFileError:
            return "an Excel workbook"
        if table is None or find_list(source) is not None:
            return None
        at = COLUMNS.positions(table.header)
        found = [repr(table.header[places[0]]) for places in at.values()]
        return f"one row a person, with {', '.join(found[:4])}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the people in the order of the file.

        Rows are skipped as ``no_identity``, ``total``, ``vacant`` (a position without a person),
        ``duplicate`` (the same row again), ``superseded`` (an older row of the same person, which
        may still say where they were before) and ``same_name`` (without an id or address, two
        people of one name cannot be told apart).

        Raises
        ------
        MissingColumnError
            If there is no department and nothing else to group people by.
        InputError
            If two people have one address.
        UnreadableFileError
            If the file is empty.
        """
        table = _find_roster(source)
        columns = RosterColumns.of(table.header)
        _require_groups(table, columns)
        rows = _rows(table, ledger)
        day_first = _date_order(table, rows, columns, options, ledger)
        with _collector_at_rest():
            everybody = _read_people(table, rows, columns, day_first, ledger)
        people = _newest_rows(table, everybody, ledger)
        if not people:
            raise UnreadableFileError(
                "the roster names nobody", file=source.name, remedy="export it again"
            )
        _refuse_shared_addresses(table, people)
        resolve_managers(table, people, ledger)
        _tidy_groups(table, people, columns, ledger)
        _tidy_aliases(people)
        _order_memberships(people, ledger)
        further = _groupings(table, people, columns, ledger)
        _note_other_sheets(table, ledger)
        _note_columns(table, columns, further, ledger)
        _note_assumptions(table, people, columns, ledger)
        ledger.keep(len(people))
        moved = any(person.memberships for person in people)
        dated = [MEMBERSHIPS] if moved else []
        texts = (pa.field(name, pa.string()) for name in further)
        schema = pa.schema([*PEOPLE, *dated, *texts])
        for begin in range(0, len(people), _BATCH_ROWS):
            yield _batch(people[begin : begin + _BATCH_ROWS], further, schema)


def _find_roster(source: Source) -> Table:
    refuse_old_excel(source)
    if not source.is_folder and not source.head.strip():
        raise UnreadableFileError("the file is empty", file=source.name, remedy="export it again")
    table = find_table(source, header_score) or find_table(source, identity_score)
    if table is None:
        raise UnknownFormatError(
            "no headings of a roster",
            file=source.name,
            remedy="give one row a person, with columns such as 'id', 'email' and 'department'",
        )
    return table


def _require_groups(table: Table, columns: RosterColumns) -> None:
    grouped = columns.first("level") is not None or columns.first("location") is not None
    if columns.department is None and not grouped and not columns.further:
        headings = [heading for heading in table.header if heading.strip()][:_HEADINGS_SHOWN]
        raise MissingColumnError(
            f"no department among the headings {headings}",
            file=table.source.name,
            place=f"{table.place(table.header_row)} (the headings)",
            remedy="add a column 'department'; 'orgnet people' writes a sheet to fill in",
        )


def _rows(table: Table, ledger: Ledger) -> list[tuple[int, list[str]]]:
    """Read all rows, without the second row of headings that SuccessFactors writes."""
    rows = list(table.rows(ledger))
    return rows[1:] if rows and _repeats_headings(table.header, rows[0][1]) else rows


def _repeats_headings(header: Sequence[str], cells: Sequence[str]) -> bool:
    """Say whether a row holds the headings once more, as keys or in another language."""
    pairs = [(h, c) for h, c in zip(header, cells, strict=True) if COLUMNS.column(h) and c.strip()]
    same = sum(
        heading_key(heading) == heading_key(cell) or COLUMNS.column(heading) == COLUMNS.column(cell)
        for heading, cell in pairs
    )
    return same >= 2 and 2 * same > len(pairs)


def _date_order(
    table: Table,
    rows: Sequence[tuple[int, list[str]]],
    columns: RosterColumns,
    options: ReadOptions,
    ledger: Ledger,
) -> bool | None:
    """Find the order of day and month; a roster can do without dates, so None is no error."""
    if options.day_first is not None:
        return options.day_first
    evidence = OrderEvidence()
    places = [place for name in _DATES if (place := columns.first(name)) is not None]
    for place in places:
        for _, cells in rows:
            evidence.add(cells[place])
    if evidence.needed and evidence.day_first is None:
        headings = ", ".join(repr(table.header[place]) for place in places)
        ledger.ambiguous.append(
            f"dates in {headings} do not show whether the day or the month stands first; they "
            "are left empty (--day-first or --month-first)"
        )
    return evidence.day_first


def _read_people(
    table: Table,
    rows: Sequence[tuple[int, list[str]]],
    columns: RosterColumns,
    day_first: bool | None,
    ledger: Ledger,
) -> list[RosterPerson]:
    people = []
    for row, cells in rows:
        person = read_person(row, cells, columns, day_first)
        if person is None:
            ledger.skip(
                "no_identity",
                place=table.place(row),
                found="no id, no address and no name",
                remedy="fill in one of them",
            )
        elif is_total(person):
            ledger.skip(
                "total",
                place=table.place(row),
                found="a row that sums up the others",
                remedy="none needed",
            )
        elif is_vacant(person):
            ledger.skip(
                "vacant",
                place=table.place(row),
                found="a position that nobody holds",
                remedy="none needed",
            )
        else:
            people.append(person)
    return people


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python from looking for cycles again and again while people come in, who have none."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def _newest_rows(
    table: Table, everybody: Sequence[RosterPerson], ledger: Ledger
) -> list[RosterPerson]:
    """Keep one row a person: of the newest snapshot, without an end, begun last, last in the file.

    Addresses of the other rows stay with the person: names change, and mergers rename domains.
    """
    by_person: dict[str, list[RosterPerson]] = {}
    for row in everybody:
        by_person.setdefault(row.person, []).append(row)
    kept = []
    for rows in by_person.values():
        different: list[RosterPerson] = []
        for row in rows:
            if any(row.cells == other.cells for other in different):
                ledger.skip(
                    "duplicate",
                    place=table.place(row.row),
                    found="the same row as before",
                    remedy="none needed",
                )
            else:
                different.append(row)
        if different[0].named_by == "name":
            for row in different[1:]:
                ledger.skip(
                    "same_name",
                    place=table.place(row.row),
                    found="a second row with one name, and neither id nor address",
                    remedy="add a column 'id' or 'email'",
                )
            kept.append(different[0])
            continue
        newest = max(different, key=_recency)
        newest.others = [row for row in different if row is not newest]
        for row in different:
            if row is not newest:
                newest.emails += [mail for mail in row.emails if mail not in newest.emails]
                ledger.skip(
                    "superseded",
                    place=table.place(row.row),
                    found=f"another row of the same person stands in row {newest.row}",
                    remedy="none needed",
                )
        kept.append(newest)
    return kept


def _recency(person: RosterPerson) -> tuple[date, bool, date, bool, date, int]:
    return (
        person.snapshot or date.min,
        person.until is None,
        person.since or date.min,
        person.end is None,
        person.start or date.min,
        person.row,
    )


def _refuse_shared_addresses(table: Table, people: Sequence[RosterPerson]) -> None:
    owner: dict[str, RosterPerson] = {}
    for person in people:
        for email in person.emails:
            first = owner.setdefault(email, person)
            if first is not person:
                raise InputError(
                    f"two people have the address {_masked(email)}",
                    file=table.source.name,
                    place=f"{table.place(first.row)} and {table.place(person.row)}",
                    remedy="give both rows the same id if they are one person, else correct "
                    "the address",
                )


def _masked(email: str) -> str:
    return f"{email[0]}…@{email.rpartition('@')[2]}"


def _tidy_groups(
    table: Table, newest: Sequence[RosterPerson], columns: RosterColumns, ledger: Ledger
) -> None:
    """Take what is no part of a department's name out of it: its head, the path above it, case."""
    people = [row for person in newest for row in (person, *person.others)]
    headed = [
        (person, bare, name_key(inside))
        for person in people
        if person.department is not None and ")" in person.department
        for bare, inside in (in_parentheses(person.department),)
        if inside and bare
    ]
    if headed:
        names = {name_key(name) for person in people for name in person.names}
        for person, bare, head in headed:
            if head in names:
                person.department = bare
    if columns.department is not None and "path" in heading_key(table.header[columns.department]):
        _cut_paths(people)
    respelled = _agree_on_case(people)
    if respelled:
        ledger.ambiguous.append(
            f"{respelled:,} departments or teams differ from another one in upper and lower case "
            "only; they are taken for one, in the spelling that most people have"
        )


def _cut_paths(people: Sequence[RosterPerson]) -> None:
    """Keep of each path the first part that is not the same for everybody."""
    paths = {p.department: p.department.strip("/").split("/") for p in people if p.department}
    depth = _common_depth([path for path in paths.values() if path != [""]])
    for person in people:
        path = paths.get(person.department or "", [""])
        person.department = path[min(depth, len(path) - 1)] or None


def _common_depth(paths: Sequence[Sequence[str]]) -> int:
    """Count the leading parts that all paths share, which tell no two of them apart."""
    depth = 0
    while len({path[depth] if depth < len(path) else None for path in paths}) == 1:
        if any(depth + 1 >= len(path) for path in paths):
            break
        depth += 1
    return depth


def _agree_on_case(people: Sequence[RosterPerson]) -> int:
    """Give groups that differ in case only the commonest spelling; count those that change."""
    changed = set()
    for column in ("department", "team"):
        spellings = Counter(name for p in people if (name := getattr(p, column)) is not None)
        chosen: dict[str, str] = {}
        # Of two spellings that are as common, the first in the file.
        for name, _ in spellings.most_common():
            if chosen.setdefault(name.casefold(), name) != name:
                changed.add(name)
        for person in people:
            name = getattr(person, column)
            if name is not None:
                setattr(person, column, chosen[name.casefold()])
    return len(changed)


def _order_memberships(people: Sequence[RosterPerson], ledger: Ledger) -> None:
    """Set where people were before; they now belong to the last of their departments."""
    moved = 0
    for person in people:
        if not person.others:
            # One row tells of no move.
            continue
        person.memberships = [asdict(m) for m in memberships([person, *person.others])]
        if person.memberships:
            person.department = person.memberships[-1]["department"]
            person.team = person.memberships[-1]["team"]
            moved += 1
    if moved:
        ledger.ambiguous.append(
            f"{moved:,} people changed departments or teams; contact counts in the department of "
            "its date, and the roster's last one is used where there are no dates"
        )


def _tidy_aliases(people: Sequence[RosterPerson]) -> None:
    """Keep the aliases and second ids that point at one person only, and are nobody's id."""
    if not any(person.aliases or person.ids for person in people):
        return
    owners = unique_owners(people, lambda p: [*p.aliases, *p.ids])
    persons = {person.person for person in people}
    for person in people:
        person.aliases = [
            alias
            for alias in dict.fromkeys([*person.aliases, *person.ids])
            if owners.get(alias) is person and alias not in persons
        ]


def _groupings(
    table: Table, people: Sequence[RosterPerson], columns: RosterColumns, ledger: Ledger
) -> dict[str, int]:
    """Leave out further columns that hold addresses or names, or tell everybody from everybody."""
    kept: dict[str, int] = {}
    if not columns.further:
        return kept
    names = {name_key(name) for person in people for name in person.names}
    for name, place in columns.further.items():
        values = [value for person in people if (value := person.further[name])]
        addressed = any("@" in value for value in values)
        named = 2 * sum(name_key(value) in names for value in values) > len(values)
        unique = len(values) >= _TELLING and len(set(values)) == len(values)
        if addressed or named or unique:
            ledger.dropped_unread.add(table.header[place])
        else:
            kept[name] = place
    return kept


def _note_other_sheets(table: Table, ledger: Ledger) -> None:
    """Name further sheets of a workbook that list people, too: only one is read."""
    if table.sheet is None:
        return
    others = []
    for sheet in sheet_names(table.source):
        first = islice(sheet_rows(table.source, sheet), HEADER_ROWS)
        if sheet != table.sheet and any(header_score(cells) for _, cells in first):
            others.append(sheet)
    if others:
        ledger.ambiguous.append(
            f"only sheet {table.sheet!r} is read; {', '.join(map(repr, others))} look like "
            "rosters as well: put everybody on one sheet"
        )


def _note_columns(
    table: Table, columns: RosterColumns, further: dict[str, int], ledger: Ledger
) -> None:
    """Tell the ledger what every heading was read as."""
    ledger.dropped_unread.update(columns.unread)
    taken = {place: name for name, place in columns.further.items()}
    for column, places in columns.at.items():
        for place in places:
            if place not in taken:
                ledger.columns[table.header[place]] = _PART_OF.get(column, column)
    for name, place in further.items():
        ledger.columns[table.header[place]] = name
    if columns.team is not None:
        ledger.columns[table.header[columns.team]] = "team"
    if columns.department is not None:
        ledger.columns[table.header[columns.department]] = "department"


def _note_assumptions(
    table: Table, people: Sequence[RosterPerson], columns: RosterColumns, ledger: Ledger
) -> None:
    notes = ledger.ambiguous
    for by, what in (("email", "address"), ("name", "name")):
        count = sum(person.named_by == by for person in people)
        if count and (by == "name" or columns.first("person") is not None):
            notes.append(f"{count:,} people have no id and are known by their {what}")
    if columns.department is None:
        notes.append("no column 'department'; name another one to group people by (--by)")
        return
    heading = table.header[columns.department]
    if columns.stands_in:
        notes.append(f"no column 'department'; {heading!r} stands in for it")
    unknown = sum(person.department is None for person in people)
    if unknown:
        notes.append(f"{unknown:,} of {len(people):,} people have no department")
    literal_na = sum(person.cells[columns.department].upper() == "NA" for person in people)
    if literal_na:
        notes.append(f"{literal_na:,} cells 'NA' in {heading!r} are read as unknown")


def _batch(
    people: Sequence[RosterPerson], further: dict[str, int], schema: pa.Schema
) -> pa.RecordBatch:
    arrays = [
        pa.array([getattr(person, column.name) for person in people], column.type)
        for column in schema
        if column.name not in further
    ]
    arrays += [
        pa.array([person.further[name] for person in people], pa.string()) for name in further
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
