"""Edge lists: one row a tie, with or without a weight or a rating."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import AmbiguousInputError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.list_cells import identity, is_missing, read_number
from orgnet_connectors.list_reading import (
    ChannelWriters,
    refuse_if_all_wrong,
    row_key,
    skip_endless,
    skip_undated,
    time_reader,
)
from orgnet_connectors.list_tables import ListTable, find_list, require_list

#: Channel of a list that names none: most edge lists come from a survey.
DEFAULT_CHANNEL = "survey"

#: So many relations are told apart before they are only called many.
_RELATIONS_TOLD = 20

#: What a skipped row has in its column of strengths, and what to do about it.
_WHY_SKIPPED = {
    "no_value": ("no number", "fill in the cell, or leave out the row"),
    "bad_value": ("a strength that is no number from 0 up", "write strengths as 1 or 1.5"),
    "below_tie_from": ("a rating below --tie-from", "none needed"),
    "zero": ("a strength of 0, which is no tie", "none needed"),
}


class EdgeList:
    """Reads lists of ties: ``from,to``, ``source;target;weight``, or two bare columns.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.csv"
    ...     _ = path.write_text("from,to,weight" + chr(10) + "aya,ben,2" + chr(10))
    ...     batches = list(EdgeList().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 2.0)]
    """

    name: ClassVar[str] = "edges"
    title: ClassVar[str] = "Edge list"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV, TSV or XLSX with columns 'from' and 'to', or two bare columns"
    dropped_unread: ClassVar[tuple[str, ...]] = ("labels", "notes", "all other columns")

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an edge list, or None where it is not."""
        found = find_list(source)
        if found is None or found.kind != "edges":
            return None
        if found.table.header_row == 0:
            return f"{len(found.table.header)} columns without headings, ids in the first two"
        ends = f"columns {found.heading(found.source)!r} and {found.heading(found.target)!r}"
        time = found.at("time")
        return f"{ends}, and no time" if time is None else f"{ends} with the strength of a tie"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a row, or ``nomination`` in a rated list.

        Rows of one pair stay apart and self-ties stay in; both are settled further on. Rows
        are skipped as ``no_sender``, ``no_recipient``, ``no_date``, ``no_value``, ``bad_value``
        (no number, negative or not finite), ``zero`` and ``below_tie_from``.

        Raises
        ------
        AmbiguousInputError
            If a rated list does not say from which rating on a row is a tie, or dates do not
            show the order of day and month.
        InputError
            If every row is wrong.
        """
        found = require_list(source)
        table, from_, to, time = found.table, found.source, found.target, found.at("time")
        channel_at, relation, directed = found.at("channel"), _relation(found), _directed(found)
        read_time = None if time is None else time_reader(found, time, options)
        strength = _Strength(found, options, ledger)
        found.note_columns(
            ledger,
            {
                "sender": from_,
                "recipient": to,
                "sent_at": time,
                "value": strength.position,
                "channel": channel_at,
                "relation": relation,
                "directed": directed,
            },
        )
        default = options.channel or DEFAULT_CHANNEL
        writers = ChannelWriters(ledger, source=self.name, default=default)
        kind = "nomination" if strength.rated else "total"
        key = row_key(source)
        relations: set[str] = set()
        undirected = 0
        sent_at: int | None = None
        for row, cells in table.rows(ledger):
            sender, recipient = identity(cells[from_]), identity(cells[to])
            if not (sender and recipient):
                skip_endless(ledger, table.place(row), sender=sender)
                continue
            if read_time is not None and time is not None:
                sent_at = read_time(cells[time])
                if sent_at is None:
                    skip_undated(ledger, table.place(row))
                    continue
            value = strength(row, cells)
            if value is None:
                continue
            if relation is not None and len(relations) < _RELATIONS_TOLD:
                relations.add(cells[relation].strip())
            if directed is not None:
                undirected += cells[directed].strip().lower() in ("undirected", "false", "0")
            channel = default if channel_at is None else writers.channel(cells[channel_at])
            ledger.keep()
            writer = writers.of(channel)
            writer.add(sent_at, sender, recipient, kind, 1, f"{key}{row}", value=value)
            yield from writer.full()
        yield from writers.flush()
        refuse_if_all_wrong(source, ledger)
        if channel_at is None and options.channel is None:
            ledger.ambiguous.append(f"no column 'channel'; read as {default!r} (--channel)")
        if len(relations - {""}) > 1 and relation is not None:
            ledger.ambiguous.append(
                f"{found.heading(relation)!r} names {len(relations - {''})} relations or more; "
                "all are read as one network"
            )
        if undirected:
            ledger.ambiguous.append(f"{undirected:,} rows marked undirected are read as one tie")
        if read_time is not None and read_time.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )


class _Strength:
    """Reads the strength that a row states, and counts the rows that state none.

    Parameters
    ----------
    found
        The list; a rated one is gone through once for its smallest rating.
    options
        Their `tie_from`.
    ledger
        Counts the rows that are skipped.

    Raises
    ------
    AmbiguousInputError
        If a rated list needs a `tie_from` and has none.
    """

    def __init__(self, found: ListTable, options: ReadOptions, ledger: Ledger) -> None:
        self._table = found.table
        self._ledger = ledger
        self._tie_from = options.tie_from
        self.position = found.at("rating", "weight", "value")
        self.rated = found.at("rating") is not None
        if self.rated and self.position is not None and options.tie_from is None:
            _refuse_without_tie_from(found, self.position)

    def __call__(self, row: int, cells: list[str]) -> float | None:
        """Return the strength of a row, 1 in a list without one; None for a skipped row."""
        if self.position is None:
            return 1.0
        text = cells[self.position]
        value = read_number(text)
        reason = None
        if value is None and (self.rated or is_missing(text)):
            reason = "no_value"
        elif value is None or not math.isfinite(value) or (value < 0 and not self.rated):
            reason = "bad_value"
        elif self._tie_from is not None and value < self._tie_from:
            reason = "below_tie_from"
        elif value == 0 and self._tie_from is None:
            reason = "zero"
        if reason is None:
            return value
        why, remedy = _WHY_SKIPPED[reason]
        self._ledger.skip(reason, place=self._table.place(row), found=why, remedy=remedy)
        return None


def _refuse_without_tie_from(found: ListTable, position: int) -> None:
    """Raise unless the smallest rating is 0, which says by itself that it is no tie."""
    ratings = {
        rating
        for _, cells in found.table.rows()
        if (rating := read_number(cells[position])) is not None and math.isfinite(rating)
    }
    if not ratings or min(ratings) == 0:
        return
    low, high = min(ratings), max(ratings)
    second = min(ratings - {low}, default=low)
    raise AmbiguousInputError(
        f"{found.heading(position)!r} runs from {low:g} to {high:g}, and {low:g} may mean 'never'",
        file=found.table.source.name,
        remedy=f"say from which value on a row is a tie, e.g. --tie-from {second:g}",
    )


def _directed(found: ListTable) -> int | None:
    """Position of what Gephi calls ``Type``: whether a row is directed."""
    position = found.at("directed", "type")
    if position is None or "directed" in found.columns:
        return position
    values = {
        cells[position].strip().lower() for _, cells in found.table.preview if position < len(cells)
    }
    return position if values <= {"directed", "undirected", "mutual", ""} else None


def _relation(found: ListTable) -> int | None:
    """Position of the column that tells several networks in one list apart."""
    position = found.at("relation", "type", "kind")
    return None if position == _directed(found) else position
