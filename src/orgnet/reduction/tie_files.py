"""Weekly ties in files, one after the other: all weeks of a corporation need not be in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from orgnet.files import putting_aside

#: What is added up; engines widen sums, each in its own way.
_SUMS = ("interactions", "billionths")

#: Ties without a date count as of a week after all others.
_UNDATED = 1 << 40


class _File(Struct, frozen=True):
    path: Path
    first_week: int
    last_week: int


class TieFiles:
    """Writes ties as they come out of an engine, in the order of their columns.

    Parameters
    ----------
    folder
        Where to make the folder of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "ties"
        self.folder.mkdir()
        self._files: list[_File] = []
        self._written = 0

    def add(self, ties: pa.Table) -> None:
        """Write some ties, each of them once, in any order."""
        path = self.folder / f"{self._written}.parquet"
        self._written += 1
        ties = in_order(ties)
        with putting_aside("the weekly ties"):
            # Read again at once, or by whoever asks for them: quick, and small enough.
            pq.write_table(ties, path, compression="lz4")
        # Without being told, Arrow keeps what it had for each of the parts.
        pa.default_memory_pool().release_unused()
        if len(ties):
            weeks = ties["week"].cast(pa.int64()).fill_null(_UNDATED)
            self._files.append(_File(path, weeks[0].as_py(), weeks[-1].as_py()))

    def finished(self, add_up: Callable[[Path], pa.Table]) -> tuple[Path, ...]:
        """Return the files in the order of weeks, no week in two of them, ties without a date last.

        Where a week is in two of them, `add_up` is given the folder and adds up what is in all.
        """
        self._files.sort(key=lambda file: file.first_week)
        if any(one.last_week >= other.first_week for one, other in pairwise(self._files)):
            ties = add_up(self.folder)
            self._files = []
            self.add(ties)
        # Where there are no ties at all, any file says so.
        return tuple(file.path for file in self._files) or (self.folder / "0.parquet",)


def frame_of(files: Sequence[Path]) -> pd.DataFrame:
    """Return the ties of files, which are read one by one into what they are to be in."""
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    columns: dict[str, npt.NDArray[Any]] = {}
    begin = 0
    for path in files:
        with pq.ParquetFile(path) as file:
            ties = file.read(use_threads=False)
        for name in ties.column_names:
            values = ties[name].to_numpy()
            if not begin:
                columns[name] = np.empty(rows, dtype=values.dtype)
            elif columns[name].dtype != values.dtype:
                # Without a date, a week is no whole number.
                columns[name] = columns[name].astype(float)
            columns[name][begin : begin + len(values)] = values
        begin += len(ties)
    return pd.DataFrame(columns, copy=False)


def in_order(ties: pa.Table) -> pa.Table:
    """Return ties in the order of their columns, no date last; sums as numbers of 64 bits.

    Examples
    --------
    >>> ties = {"week": [2, None, 1], "sender": [0, 0, 1], "interactions": [1, 1, 1]}
    >>> in_order(pa.table({**ties, "billionths": [5, 5, 5]}))["week"].to_pylist()
    [1, 2, None]
    """
    for name in _SUMS:
        at = ties.schema.get_field_index(name)
        ties = ties.set_column(at, name, ties[name].cast(pa.int64()))
    if not len(ties):
        return ties
    return ties.take(pa.array(_order([ties[n] for n in ties.column_names if n not in _SUMS])))


def _order(columns: Sequence[pa.ChunkedArray]) -> npt.NDArray[np.int64]:
    """Return the rows in the order of several columns, as one number wherever they fit into it."""
    numbers, sizes = [], []
    for column in columns:
        ends = pc.min_max(column).as_py()
        low, high = ends["min"] or 0, ends["max"] or 0
        # Nothing comes after everything.
        number = column.cast(pa.int64()).fill_null(high + 1).to_numpy() - low
        numbers.append(number)
        sizes.append(high - low + 2)
    if prod(sizes) >= 1 << 63:
        return np.lexsort(numbers[::-1])
    together = numbers[0]
    for number, size in zip(numbers[1:], sizes[1:], strict=True):
        together = together * size + number
    return np.argsort(together)
