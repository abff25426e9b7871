"""Collaboration graphs as Worklytics exports them: two employees a row, a week and a strength."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import InteractionWriter, Ledger, ReadOptions, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_cells import identity, is_missing, read_number
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.list_reading import refuse_if_all_wrong, skip_endless, skip_undated
from orgnet_connectors.roster_columns import header_score
from orgnet_connectors.viva_periods import Periods, find_periods

#: What tells the heading of one employee from that of the other, as `employeeId1`, `employeeId2`.
_MARKS = (
    *(("source", "target"), ("from", "to"), ("ego", "alter"), ("primary", "secondary")),
    *(("employee", "collaborator"), ("person", "collaborator"), ("actor", "collaborator")),
    *(("1", "2"), ("a", "b")),
)
_PEOPLE = ("employee", "person", "worker", "actor")
_WEEKS = (
    *("week", "weekof", "weekstart", "weekstarting", "weekstartdate", "weekbeginning"),
    *("periodstart", "period", "startdate", "date", "month"),
)
#: The strength of a tie, best first.
_STRENGTHS = (
    *("collaborationscore", "score", "tiestrength", "strength", "weight"),
    *("interactioncount", "interactions", "totalinteractions", "collaborationcount", "count"),
    *("collaborationhours", "hours", "collaborationminutes", "minutes", "timespent"),
)

#: What a skipped row has in its column of strengths, and what to do about it.
_WHY_SKIPPED = {
    "bad_value": ("a strength that is no number from 0 up", "export again"),
    "no_value": ("no strength", "none needed"),
    "zero": ("a strength of 0, which is no tie", "none needed"),
}


class Worklytics:
    """Reads collaboration graphs: ``week,employeeId1,employeeId2,interactionCount`` and the like.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "employeeId1,employeeId2,interactionCount" + chr(10) + "7,8,12"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "graph.csv"
    ...     _ = path.write_text(text)
    ...     batches = list(Worklytics().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('7', '8', 12.0)]
    """

    name: ClassVar[str] = "worklytics"
    title: ClassVar[str] = "Worklytics collaboration graph"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV with two columns of employees and a week or a strength"
    dropped_unread: ClassVar[tuple[str, ...]] = ("all other columns",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a collaboration graph: by two headings that differ in their end."""
        graph = _find(source)
        if graph is None:
            return None
        header = graph.table.header
        return f"two employees a row, {header[graph.first]!r} and {header[graph.second]!r}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a row.

        As in a Viva query, a row has a time only where rows are about weeks or days. Rows are
        skipped as ``no_sender``, ``no_recipient``, ``no_value``, ``bad_value``, ``zero`` and,
        in a graph by week, ``no_date``.

        Raises
        ------
        UnknownFormatError
            If there are no two columns of employees.
        AmbiguousInputError
            If weeks do not show whether the day or the month stands first.
        InputError
            If every row is wrong.
        """
        graph = _find(source)
        if graph is None:
            raise UnknownFormatError(
                "no two columns of employees; expected headings such as 'employeeId1' and "
                "'employeeId2'",
                file=source.name,
                remedy="name the columns so, or 'from' and 'to'",
            )
        graph.note_columns(ledger)
        table, week, periods = graph.table, graph.week, graph.periods(options)
        read_time = TimeReader(day_first=periods.day_first, zone=zone_of(None))
        writer = InteractionWriter(ledger, channel="work", source=self.name)
        for row, cells in table.rows(ledger):
            sender, recipient = identity(cells[graph.first]), identity(cells[graph.second])
            if not (sender and recipient):
                skip_endless(ledger, table.place(row), sender=sender)
                continue
            value = _value(cells, graph.strength)
            if isinstance(value, str):
                found, remedy = _WHY_SKIPPED[value]
                ledger.skip(value, place=table.place(row), found=found, remedy=remedy)
                continue
            begins = None if week is None else read_time(cells[week])
            if periods.weekly and begins is None:
                skip_undated(ledger, table.place(row))
                continue
            stated = "" if week is None else cells[week].strip() if begins is None else begins
            ledger.keep()
            writer.add(
                begins if periods.weekly else None,
                sender,
                recipient,
                "total",
                1,
                f"worklytics:{stated}:{sender}:{recipient}",
                value=value,
            )
            yield from writer.full()
        yield from writer.flush()
        refuse_if_all_wrong(source, ledger)
        graph.note_assumptions(periods, ledger)


class _Graph(Struct, frozen=True, kw_only=True):
    """A collaboration graph and where its columns stand."""

    table: Table
    first: int
    second: int
    week: int | None
    strength: int | None

    def periods(self, options: ReadOptions) -> Periods:
        """Find out how the weeks are to be read, from all rows."""
        week = self.week
        if week is None:
            return Periods(day_first=None, weekly=False)
        return find_periods(
            (cells[week] for _, cells in self.table.rows()),
            day_first=options.day_first,
            file=self.table.source.name,
            heading=self.table.header[week],
        )

    def note_columns(self, ledger: Ledger) -> None:
        """Tell the ledger what every heading was read as."""
        ours = {self.first: "sender", self.second: "recipient"}
        if self.week is not None:
            ours[self.week] = "sent_at"
        if self.strength is not None:
            ours[self.strength] = "value"
        for position, heading in enumerate(self.table.header):
            if position in ours:
                ledger.columns[heading] = ours[position]
            elif heading.strip():
                ledger.dropped_unread.add(heading)

    def note_assumptions(self, periods: Periods, ledger: Ledger) -> None:
        """Tell the ledger what the file left open."""
        if periods.note:
            ledger.ambiguous.append(periods.note)
        if not periods.weekly:
            ledger.ambiguous.append("not by week or day: its ties are totals without a time")
        if self.strength is None:
            ledger.ambiguous.append("no strength in the file; all rows count the same")


def _find(source: Source) -> _Graph | None:
    """Find a collaboration graph; only the beginning of the file is read."""
    try:
        table = find_table(source, _score)
    except UnreadableFileError:
        return None
    keys = [] if table is None else [heading_key(heading) for heading in table.header]
    pair = _pair(keys)
    if table is None or pair is None:
        return None
    return _Graph(
        table=table,
        first=pair[0],
        second=pair[1],
        week=_first(keys, _WEEKS),
        strength=_first(keys, _STRENGTHS),
    )


def _score(header: Sequence[str]) -> int:
    """Say how well a row fits; lists of ties and rosters have readers of their own."""
    keys = [heading_key(heading) for heading in header]
    if _pair(keys) is None or list_score(header) or header_score(header):
        return 0
    further = (_first(keys, _WEEKS), _first(keys, _STRENGTHS))
    found = sum(position is not None for position in further)
    return 2 + found if found else 0


def _pair(keys: Sequence[str]) -> tuple[int, int] | None:
    """Find two headings of employees that differ in what tells the one from the other."""
    for one, other in _MARKS:
        for position, key in enumerate(keys):
            if not any(word in key for word in _PEOPLE) or "name" in key:
                continue
            short = len(one) == 1
            if short and not key.endswith(one):
                continue
            twin = key[:-1] + other if short else key.replace(one, other, 1)
            if twin != key and twin in keys and keys.index(key) != keys.index(twin):
                return position, keys.index(twin)
    return None


def _first(keys: Sequence[str], names: Sequence[str]) -> int | None:
    return next((keys.index(name) for name in names if name in keys), None)


def _value(cells: Sequence[str], position: int | None) -> float | str:
    """Return the strength of a row, else the reason to skip it."""
    if position is None:
        return 1.0
    if is_missing(cells[position]):
        return "no_value"
    value = read_number(cells[position])
    if value is None or not (0 <= value < math.inf):
        return "bad_value"
    return value or "zero"
