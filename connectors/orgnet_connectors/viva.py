"""Viva Insights person-to-person queries, also under the older names of Workplace Analytics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import INTERACTIONS, Ledger, Profile, ReadOptions, Source
from orgnet_connectors.column_batches import column_batches
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_blocks import each_once, interactions, is_text
from orgnet_connectors.list_cells import identity, read_number
from orgnet_connectors.list_reading import refuse_if_all_wrong, skip_endless, skip_undated
from orgnet_connectors.viva_headings import Ends, find_ends, is_nobody
from orgnet_connectors.viva_periods import Periods, find_periods

_DATES = ("metricdate", "date", "startdate")
#: The strength of a tie: the closeness of two people or, for a pair without it, how likely they
#: bridge groups.
_SCORES = ("strongtiescore", "diversetiescore")

_CHANNEL = "work"

#: What a cell says that holds no tie score; all scores are above 0.
_BAD, _ZERO, _NO_SCORE = -1.0, 0.0, math.nan

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
        query.note_columns(ledger)
        periods = query.periods(options)
        read_time = TimeReader(day_first=periods.day_first, zone=zone_of(None))
        rows = _Rows(query, periods, read_time, ledger)
        for batch in column_batches(query.table, query.positions, ledger):
            yield from rows.read(batch)
        refuse_if_all_wrong(source, ledger)
        rows.span.note(ledger)
        query.note_assumptions(periods, ledger)


class _Rows:
    """Turns the rows of one query into interactions, a column of a batch at a time."""

    def __init__(
        self, query: _Query, periods: Periods, read_time: TimeReader, ledger: Ledger
    ) -> None:
        self._query = query
        self._weekly = periods.weekly
        self._read_time = read_time
        self._ledger = ledger
        self.span = _Span()

    def read(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of a batch of rows, if there are any."""
        query = self._query
        sender = each_once(batch[f"c{query.first}"], _person, pa.string())
        recipient = each_once(batch[f"c{query.second}"], _person, pa.string())
        value = _scores([batch[f"c{at}"] for at in query.scores], batch.num_rows)
        begins = pa.nulls(batch.num_rows, pa.int64())
        if query.date is not None:
            begins = each_once(batch[f"c{query.date}"], self._read_time, pa.int64())
        good = is_text(sender) & is_text(recipient) & (value > 0)
        if self._weekly:
            good &= begins.is_valid().to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(~good).tolist():
            place = query.table.place(batch["row"][at].as_py())
            self._skip(place, sender[at].as_py(), recipient[at].as_py(), value[at])
        if not good.any():
            return
        kept = pa.array(good)
        batch, begins = batch.filter(kept), begins.filter(kept)
        sender, recipient = sender.filter(kept), recipient.filter(kept)
        rows = batch.num_rows
        self._ledger.keep(rows)
        self.span.add(begins)
        self._note_people(sender, recipient, batch)
        yield interactions(
            self._ledger,
            sent_at=begins.cast(INTERACTIONS.field("sent_at").type) if self._weekly else None,
            sender=sender,
            recipient=recipient,
            channel=pa.repeat(_CHANNEL, rows),
            kind=pa.repeat("total", rows),
            recipients=pa.repeat(pa.scalar(1, pa.int32()), rows),
            message=pc.binary_join_element_wise(
                "viva", self._stated(batch, begins), sender, recipient, ":"
            ),
            value=pa.array(value[good]),
            source=Viva.name,
        )

    def _skip(self, place: str, sender: str, recipient: str, value: float) -> None:
        if not (sender and recipient):
            skip_endless(self._ledger, place, sender=sender)
        elif value > 0:
            skip_undated(self._ledger, place)
        else:
            reason = {_BAD: "bad_value", _ZERO: "zero"}.get(value, "no_value")
            found, remedy = _WHY_SKIPPED[reason]
            self._ledger.skip(reason, place=place, found=found, remedy=remedy)

    def _stated(self, batch: pa.RecordBatch, begins: pa.Array) -> pa.Array:
        """Return the dates for the keys of messages: as they stand where they cannot be read."""
        if self._query.date is None:
            return pa.repeat("", batch.num_rows)
        text = each_once(batch[f"c{self._query.date}"], str.strip, pa.string())
        return pc.coalesce(pc.cast(begins, pa.string()), text)

    def _note_people(self, sender: pa.Array, recipient: pa.Array, batch: pa.RecordBatch) -> None:
        """Tell the ledger the department that is first stated of each person."""
        stated = [
            (person, each_once(batch[f"c{at}"], _department, pa.string()))
            for person, at in zip((sender, recipient), self._query.departments, strict=True)
            if at is not None
        ]
        if not stated:
            return
        # Row by row, the sender before the recipient.
        order = np.arange(len(stated) * batch.num_rows).reshape(len(stated), -1).ravel("F")
        person, department = (
            pa.concat_arrays(list(columns)).take(pa.array(order))
            for columns in zip(*stated, strict=True)
        )
        told = pa.array(is_text(department))
        person, department = person.filter(told), department.filter(told)
        coded = pc.dictionary_encode(person)
        first = np.unique(coded.indices.to_numpy(), return_index=True)[1]
        for who, where in zip(
            coded.dictionary.to_pylist(), department.take(pa.array(first)).to_pylist(), strict=True
        ):
            self._ledger.profile(Profile(identity=who, department=where))


class _Query(Struct, frozen=True, kw_only=True):
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

    @property
    def positions(self) -> list[int]:
        """Positions of all that is read."""
        others = (self.date, *self.departments)
        return [self.first, self.second, *self.scores, *(at for at in others if at is not None)]

    def periods(self, options: ReadOptions) -> Periods:
        """Find out how the dates are to be read, from all rows."""
        at = self.date
        if at is None:
            return Periods(day_first=None, weekly=False)
        return find_periods(
            (
                text
                for batch in column_batches(self.table, [at], None)
                for text in pc.unique(batch[f"c{at}"]).to_pylist()
            ),
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


def _department(cell: str) -> str:
    stated = cell.strip()
    return "" if is_nobody(stated) else stated


def _score(cell: str) -> float:
    """Return a tie score, or why there is none."""
    if is_nobody(cell):
        return _NO_SCORE
    value = read_number(cell)
    return value if value is not None and 0 <= value < math.inf else _BAD


def _scores(columns: Sequence[pa.Array], rows: int) -> npt.NDArray[np.float64]:
    """Return the first score above 0 of each row, else why there is none: the last that is told."""
    if not columns:
        return np.ones(rows)
    value = np.full(rows, _NO_SCORE)
    for column in columns:
        here = each_once(column, _score, pa.float64()).to_numpy(zero_copy_only=False)
        is_open = np.isnan(value) | (value == _ZERO)
        value = np.where(is_open & ~np.isnan(here), here, value)
    return value


class _Span:
    """The first and the last period of a query."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None

    def add(self, begins: pa.Array) -> None:
        ends = pc.min_max(begins)
        first, last = ends["min"].as_py(), ends["max"].as_py()
        if first is None:
            return
        self._first = first if self._first is None else min(self._first, first)
        self._last = last if self._last is None else max(self._last, last)

    def note(self, ledger: Ledger) -> None:
        """Tell the ledger the period, also where rows themselves have no time."""
        if self._first is not None and self._last is not None:
            ledger.first = _EPOCH + timedelta(microseconds=self._first)
            ledger.last = _EPOCH + timedelta(microseconds=self._last)
