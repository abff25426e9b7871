"""Edge lists: one row a tie, with or without a weight or a rating."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.errors import AmbiguousInputError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.column_batches import column_batches
from orgnet_connectors.list_blocks import (
    each_once,
    identities,
    interactions,
    is_text,
    row_keys,
    times,
)
from orgnet_connectors.list_cells import is_missing, read_number
from orgnet_connectors.list_reading import (
    refuse_if_all_wrong,
    row_key,
    skip_endless,
    skip_undated,
    stated_channel,
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
#: What may be wrong with a strength; '' for nothing.
_REASONS = ("", *_WHY_SKIPPED)
_SOUND = 0


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
        strength = _Strength(found, options)
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
        kind = "nomination" if strength.rated else "total"
        key = row_key(source)
        relations: set[str] = set()
        undirected = 0
        read = [at for at in (from_, to, time, strength.position, channel_at) if at is not None]
        read += [at for at in (relation, directed) if at is not None]
        for batch in column_batches(table, read, ledger):
            sender, recipient = identities(batch[f"c{from_}"]), identities(batch[f"c{to}"])
            sent_at = None
            if read_time is not None:
                sent_at = times(batch[f"c{time}"], read_time, is_utc=options.timezone is None)
            value, wrong = strength(batch)
            good = is_text(sender) & is_text(recipient) & (wrong == _SOUND)
            if sent_at is not None:
                good &= sent_at.is_valid().to_numpy(zero_copy_only=False)
            for at in np.flatnonzero(~good).tolist():
                place = table.place(batch["row"][at].as_py())
                if not (sender[at].as_py() and recipient[at].as_py()):
                    skip_endless(ledger, place, sender=sender[at].as_py())
                elif sent_at is not None and sent_at[at].as_py() is None:
                    skip_undated(ledger, place)
                else:
                    reason = _REASONS[wrong[at]]
                    found_, remedy = _WHY_SKIPPED[reason]
                    ledger.skip(reason, place=place, found=found_, remedy=remedy)
            kept = pa.array(good)
            rows = int(good.sum())
            ledger.keep(rows)
            if relation is not None and len(relations) < _RELATIONS_TOLD:
                named = pc.unique(batch[f"c{relation}"].filter(kept)).to_pylist()
                relations.update(text.strip() for text in named[:_RELATIONS_TOLD])
            if directed is not None:
                marked = each_once(batch[f"c{directed}"].filter(kept), _is_undirected, pa.bool_())
                undirected += pc.sum(marked).as_py() or 0
            channel = pa.repeat(default, rows)
            if channel_at is not None:
                channel = each_once(
                    batch[f"c{channel_at}"].filter(kept),
                    lambda text: stated_channel(text, default),
                    pa.string(),
                )
            if rows:
                yield interactions(
                    ledger,
                    sent_at=None if sent_at is None else sent_at.filter(kept),
                    sender=sender.filter(kept),
                    recipient=recipient.filter(kept),
                    channel=channel,
                    kind=pa.repeat(kind, rows),
                    recipients=pa.repeat(pa.scalar(1, pa.int32()), rows),
                    value=value.filter(kept),
                    message=row_keys(key, batch["row"].filter(kept)),
                    source=self.name,
                )
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
    """Reads the strengths that rows state, and says what is wrong with those that state none.

    Parameters
    ----------
    found
        The list; a rated one is gone through once for its smallest rating.
    options
        Their `tie_from`.

    Raises
    ------
    AmbiguousInputError
        If a rated list needs a `tie_from` and has none.
    """

    def __init__(self, found: ListTable, options: ReadOptions) -> None:
        self._tie_from = options.tie_from
        self.position = found.at("rating", "weight", "value")
        self.rated = found.at("rating") is not None
        if self.rated and self.position is not None and options.tie_from is None:
            _refuse_without_tie_from(found, self.position)

    def __call__(self, batch: pa.RecordBatch) -> tuple[pa.Array, npt.NDArray[np.int8]]:
        """Return strengths, 1 in a list without them, and what is wrong: a place in `_REASONS`."""
        if self.position is None:
            ones = pa.repeat(pa.scalar(1.0), batch.num_rows)
            return ones, np.full(batch.num_rows, _SOUND, np.int8)
        cells = batch[f"c{self.position}"].dictionary_encode()
        read = [self._read(text) for text in cells.dictionary.to_pylist()]
        values = pa.array([value for value, _ in read], pa.float64()).take(cells.indices)
        wrong = np.array([_REASONS.index(reason) for _, reason in read], np.int8)
        return values, wrong[cells.indices.to_numpy()]

    def _read(self, text: str) -> tuple[float | None, str]:
        value = read_number(text)
        if value is None and (self.rated or is_missing(text)):
            return None, "no_value"
        if value is None or not math.isfinite(value) or (value < 0 and not self.rated):
            return None, "bad_value"
        if self._tie_from is not None and value < self._tie_from:
            return None, "below_tie_from"
        if value == 0 and self._tie_from is None:
            return None, "zero"
        return value, ""


def _is_undirected(text: str) -> bool:
    return text.strip().lower() in ("undirected", "false", "0")


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
