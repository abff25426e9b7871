"""Cells of a list a column at a time: each different text is read once, as one cell would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.schema import INTERACTIONS, Ledger
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR, TimeReader
from orgnet_connectors.list_cells import identity

_MICROSECONDS = pa.timestamp("us")


def each_once(cells: pa.Array, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Read every different text of a column once, and return what came of it for every row.

    Examples
    --------
    >>> each_once(pa.array(["1", "x", "1"]), lambda text: int(text, 36), pa.int64()).to_pylist()
    [1, 33, 1]
    """
    coded = cells if pa.types.is_dictionary(cells.type) else pc.dictionary_encode(cells)
    values = pa.array([read(text) for text in coded.dictionary.to_pylist()], kind)
    return values.take(coded.indices)


def identities(cells: pa.Array) -> pa.Array:
    """Return the ids of a column as `identity` has them; empty where there is none."""
    return each_once(cells, identity, pa.string())


def times(cells: pa.Array, read_time: TimeReader, *, is_utc: bool) -> pa.Array:
    """Return the times of a column in UTC, null where there is none that is plausible.

    Arrow reads a column that is ISO 8601 throughout, the reader all others.

    Parameters
    ----------
    cells
        Texts.
    read_time
        Reads one of them, and counts those that state no zone.
    is_utc
        Whether such times are in UTC, so that Arrow may read them.
    """
    moments = _iso_times(cells) if is_utc else None
    if moments is not None:
        read_time.without_zone += len(cells)
        return pc.cast(moments, INTERACTIONS.field("sent_at").type)
    return each_once(cells, read_time, pa.int64()).cast(INTERACTIONS.field("sent_at").type)


def _iso_times(cells: pa.Array) -> pa.Array | None:
    try:
        moments = pc.cast(cells, _MICROSECONDS)
    except pa.ArrowInvalid:
        return None
    years = pc.min_max(pc.year(moments))
    first, last = years["min"].as_py(), years["max"].as_py()
    return moments if first is not None and first >= FIRST_YEAR and last < LAST_YEAR else None


def is_text(cells: pa.Array) -> npt.NDArray[np.bool_]:
    """Tell the cells that hold a text from empty ones."""
    mask: npt.NDArray[np.bool_] = pc.not_equal(cells, "").to_numpy(zero_copy_only=False)
    return mask


def row_keys(key: str, rows: pa.Array) -> pa.Array:
    """Return the message keys of rows that state none."""
    return pc.binary_join_element_wise(key, pc.cast(rows, pa.string()), "")


def interactions(
    ledger: Ledger,
    *,
    sent_at: pa.Array | None,
    sender: pa.Array,
    recipient: pa.Array,
    channel: pa.Array,
    kind: pa.Array,
    recipients: pa.Array,
    message: pa.Array,
    source: str,
    thread: pa.Array | None = None,
    hours: pa.Array | None = None,
    value: pa.Array | None = None,
) -> pa.RecordBatch:
    """Put columns together to a batch of interactions, and tell the ledger of it."""
    rows = len(sender)
    columns = {
        "sent_at": sent_at,
        "sender": sender,
        "recipient": recipient,
        "channel": channel,
        "kind": kind,
        "recipients": recipients,
        "hours": hours,
        "value": value,
        "message": message,
        "thread": thread,
        "source": pa.repeat(source, rows),
    }
    ledger.interactions += rows
    if sent_at is not None:
        _widen(ledger, sent_at)
    return pa.RecordBatch.from_arrays(
        [
            pa.nulls(rows, field.type) if columns[field.name] is None else columns[field.name]
            for field in INTERACTIONS
        ],
        schema=INTERACTIONS,
    )


def _widen(ledger: Ledger, sent_at: pa.Array) -> None:
    ends = pc.min_max(sent_at.cast(pa.int64()))
    first, last = ends["min"].as_py(), ends["max"].as_py()
    if first is None:
        return
    begin = datetime.fromtimestamp(first // 1_000_000, UTC)
    end = datetime.fromtimestamp(last // 1_000_000, UTC)
    ledger.first = begin if ledger.first is None else min(ledger.first, begin)
    ledger.last = end if ledger.last is None else max(ledger.last, end)
