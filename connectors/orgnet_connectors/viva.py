"""Viva Insights person-to-person queries, also under the older names of Workplace Analytics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import InteractionWriter, Ledger, Profile, ReadOptions, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_cells import identity, read_number
from orgnet_connectors.list_reading import refuse_if_all_wrong, skip_endless, skip_undated
from orgnet_connectors.viva_headings import Ends, find_ends, is_nobody
from orgnet_connectors.viva_periods import Periods, find_periods

_DATES = ("metricdate", "date", "startdate")
#: The strength of a tie: the closeness of two people or, for a pair without it, how likely they
#: bridge groups.
_SCORES = ("strongtiescore", "diversetiescore")

#: What a skipped row has in its columns of scores, and what to do about it.
_WHY_SKIPPED = {
    "bad_value": ("a tie score that is no number from 0 up", "export the query again"),
    "no_value": ("no tie score", "none needed"),
    "zero": ("a tie score of 0, which is no tie", "none needed"),
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Viva:
    """Reads person-to-person queries: two person ids a row, and how strong their tie is.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "TieOrigin_PersonId,TieDestination_PersonId,StrongTieScore" + chr(10) + "a1,b2,0.25"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "p2p.csv"
    ...     _ = path.write_text(text)
    ...     batches = list(Viva().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('a1', 'b2', 0.25)]
    """

    name: ClassVar[str] = "viva"
    title: ClassVar[str] = "Viva Insights person-to-person query"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV of a Viva Insights or Workplace Analytics person-to-person query"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "types of ties",
        "all attributes of people but the department",
        "all other metrics",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a person-to-person query: by its two columns of person ids."""
        query = _find(source)
        if query is None:
            return None
        header = query.table.header
        return f"columns {header[query.first]!r} and {header[query.second]!r}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a row, its tie score as the value.

        A row has a time only where the query was made by week or day. Where it was made by month
        or as one total, a date would say that two people met in that one week; then the period
        goes to the ledger alone. Rows are skipped as ``no_sender``, ``no_recipient``,
        ``no_value``, ``bad_value``, ``zero`` and, in a query by week, ``no_date``.

        Raises
        ------
        UnknownFormatError
            If there are no two columns of person ids.
        AmbiguousInputError
            If weeks do not show whether the day or the month stands first.
        InputError
            If every row is wrong.
        """
        query = _find(source)
        if query is None:
            raise UnknownFormatError(
                "no two columns of person ids",
                file=source.name,
                remedy="export a person-to-person query, with its line of headings",
            )
        table, at_date = query.table, query.date
        query.note_columns(ledger)
        periods = query.periods(options)
        read_time = TimeReader(day_first=periods.day_first, zone=zone_of(None))
        writer = InteractionWriter(ledger, channel="work", source=self.name)
        span = _Span()
        for row, cells in table.rows(ledger):
            sender, recipient = _person(cells[query.first]), _person(cells[query.second])
            if not (sender and recipient):
                skip_endless(ledger, table.place(row), sender=sender)
                continue
            value = _score(cells, query.scores)
            if isinstance(value, str):
                found, remedy = _WHY_SKIPPED[value]
                ledger.skip(value, place=table.place(row), found=found, remedy=remedy)
                continue
            begins = None if at_date is None else read_time(cells[at_date])
            if periods.weekly and begins is None:
                skip_undated(ledger, table.place(row))
                continue
            span.add(begins)
            for person, position in zip((sender, recipient), query.departments, strict=True):
                _note_person(person, cells, position, ledger)
            ledger.keep()
            stated = "" if at_date is None else cells[at_date].strip() if begins is None else begins
            writer.add(
                begins if periods.weekly else None,
                sender,
                recipient,
                "total",
                1,
                f"viva:{stated}:{sender}:{recipient}",
                value=value,
            )
            yield from writer.full()
        yield from writer.flush()
        refuse_if_all_wrong(source, ledger)
        span.note(ledger)
        query.note_assumptions(periods, ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """A person-to-person query and where its columns stand."""

    table: Table
    ends: Ends
    #: positions of the person ids
    first: int
    second: int
    date: int | None
    scores: tuple[int, ...]
    #: positions of the department of the first and the second person
    departments: tuple[int | None, int | None]

    def periods(self, options: ReadOptions) -> Periods:
        """Find out how the dates are to be read, from all rows."""
        at = self.date
        if at is None:
            return Periods(day_first=None, weekly=False)
        return find_periods(
            (cells[at] for _, cells in self.table.rows()),
            day_first=options.day_first,
            file=self.table.source.name,
            heading=self.table.header[at],
        )

    def note_columns(self, ledger: Ledger) -> None:
        """Tell the ledger what every heading was read as."""
        ours = {self.first: "sender", self.second: "recipient"}
        ours |= dict.fromkeys(self.scores, "value")
        ours |= {at: "department" for at in self.departments if at is not None}
        if self.date is not None:
            ours[self.date] = "sent_at"
        for position, heading in enumerate(self.table.header):
            if position in ours:
                ledger.columns[heading] = ours[position]
            elif heading.strip():
                ledger.dropped_unread.add(heading)

    def note_assumptions(self, periods: Periods, ledger: Ledger) -> None:
        """Tell the ledger what the file left open."""
        notes = ledger.ambiguous
        if periods.note:
            notes.append(periods.note)
        if not periods.weekly:
            notes.append("no query by week or day: its ties are totals without a time")
        if len(self.scores) == 2:
            strong, diverse = (self.table.header[position] for position in self.scores)
            notes.append(
                f"the strength of a tie is {strong!r} and, for a pair where that is 0, {diverse!r}"
            )
        elif not self.scores:
            notes.append("no tie score in the file; all pairs have the same strength")
        if self.ends.department is None and any(self.ends.attributes):
            notes.append("no attribute of the people is a department")


def _find(source: Source) -> _Query | None:
    """Find a person-to-person query; only the beginning of the file is read."""
    try:
        table = find_table(source, _pairs_score)
    except UnreadableFileError:
        return None
    ends = None if table is None else find_ends(table.header)
    if table is None or ends is None:
        return None
    first, second = ends.person
    if first is None or second is None:
        return None
    keys = [heading_key(heading) for heading in table.header]
    name = ends.department or ""
    return _Query(
        table=table,
        ends=ends,
        first=first,
        second=second,
        date=next((keys.index(date) for date in _DATES if date in keys), None),
        scores=tuple(keys.index(score) for score in _SCORES if score in keys),
        departments=(ends.attributes[0].get(name), ends.attributes[1].get(name)),
    )


def _pairs_score(header: Sequence[str]) -> int:
    ends = find_ends(header)
    return len(header) if ends is not None and ends.kind == "person_to_person" else 0


def _person(cell: str) -> str:
    """Return a person's id; ids are compared in lower case, since some exports shout them."""
    return "" if is_nobody(cell) else identity(cell).lower()


def _score(cells: Sequence[str], positions: Sequence[int]) -> float | str:
    """Return the first score above 0, else the reason to skip the row."""
    if not positions:
        return 1.0
    reason = "no_value"
    for position in positions:
        text = cells[position]
        if is_nobody(text):
            continue
        value = read_number(text)
        if value is None or not (0 <= value < math.inf):
            return "bad_value"
        if value > 0:
            return value
        reason = "zero"
    return reason


def _note_person(person: str, cells: Sequence[str], position: int | None, ledger: Ledger) -> None:
    if position is None or person in ledger.profiles:
        return
    stated = cells[position].strip()
    if not is_nobody(stated):
        ledger.profile(Profile(identity=person, department=stated))


class _Span:
    """The first and the last period of a query."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None

    def add(self, begins: int | None) -> None:
        if begins is None:
            return
        self._first = begins if self._first is None else min(self._first, begins)
        self._last = begins if self._last is None else max(self._last, begins)

    def note(self, ledger: Ledger) -> None:
        """Tell the ledger the period, also where rows themselves have no time."""
        if self._first is not None and self._last is not None:
            ledger.first = _EPOCH + timedelta(microseconds=self._first)
            ledger.last = _EPOCH + timedelta(microseconds=self._last)
