"""The files of coded records, and looks into one of them, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.coding.sameness import Hashes

#: The coded file: a folder of parts, each of some weeks or, in a small one, of all of them.
FOLDER = "interactions.parquet"

#: Rows of a piece: few enough to stay in the processor's cache from one step to the next.
_PIECE = 1 << 16


def parts(folder: Path) -> list[Path]:
    """Return the files that `orgnet.coding.code` wrote, in order of weeks, undated rows first."""
    return sorted((folder / FOLDER).iterdir(), key=lambda path: int(path.stem))


class Order(NamedTuple):
    """How the rows of a part follow each other.

    Attributes
    ----------
    first
        Of each row whether it is of another message than the one above it.
    together
        Whether the rows of each message stand one below the other. So they do wherever an export
        was read once; two exports that overlap have a message twice.
    """

    first: npt.NDArray[np.bool_]
    together: bool


def order_of(part: Path) -> Order:
    """Look how the rows of a part follow each other."""
    with pq.ParquetFile(part) as file:
        seen = Hashes(file.metadata.num_rows)
        firsts = [np.empty(0, dtype=bool)]
        last = None
        for batch in file.iter_batches(_PIECE, columns=["message"], use_threads=False):
            message = batch.column("message").to_numpy()
            first = begins(message)
            first[0] = message[0] != last
            last = message[-1]
            seen.add(message[first])
            firsts.append(first)
    return Order(np.concatenate(firsts), not seen.has_equal())


def column_of(part: Path, name: str) -> npt.NDArray[Any]:
    """Return a column of a part."""
    column: npt.NDArray[Any] = _table(part, [name])[name].to_numpy()
    return column


def _table(part: Path, columns: Sequence[str]) -> pa.Table:
    # Less is loaded for a file than for what may be a folder. Whoever looks at a part is one
    # thread of several already.
    with pq.ParquetFile(part) as file:
        return file.read(columns=list(columns), use_threads=False)


def begins(*columns: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say of each row whether it differs from the one above it.

    Examples
    --------
    >>> begins(np.array([7, 7, 8, 8]), np.array([1, 1, 1, 2])).tolist()
    [True, False, True, True]
    """
    first = np.ones(len(columns[0]), dtype=bool)
    if len(first):
        first[1:] = columns[0][1:] != columns[0][:-1]
        for column in columns[1:]:
            first[1:] |= column[1:] != column[:-1]
    return first


def pieces(part: Path, columns: Sequence[str], *, together: bool) -> Iterator[pa.Table]:
    """Yield the rows of a part, all those of a message in one piece.

    Parameters
    ----------
    part
        One of `parts`.
    columns
        Which of them; ``message`` has to be one.
    together
        Of the `order_of` the part; if it is False, there is one piece.
    """
    if not together:
        yield _table(part, columns)
        return
    held: list[pa.RecordBatch] = []
    with pq.ParquetFile(part) as file:
        for batch in file.iter_batches(_PIECE, columns=list(columns), use_threads=False):
            starts = np.flatnonzero(begins(batch.column("message").to_numpy()))
            if len(starts) > 1:
                # The last message may go on in the next batch.
                yield pa.Table.from_batches([*held, batch.slice(0, starts[-1])])
                held = [batch.slice(starts[-1])]
            else:
                held.append(batch)
    if held:
        yield pa.Table.from_batches(held)
