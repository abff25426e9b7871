"""Months: by those of their weeks' Mondays rows are kept, and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: The month of what has no date; it comes after the others.
UNDATED = "undated"

#: So many rows are reduced together at most, if they are of several months.
_ROWS_TOGETHER = 1 << 17


def by_month(weeks: pa.ChunkedArray) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Give for each month of some week numbers which of them are in it; the undated last.

    Examples
    --------
    >>> weeks = pa.chunked_array([pa.array([2930, None, 2931], pa.int32())])
    >>> [(month, chosen.tolist()) for month, chosen in by_month(weeks)]
    [('2026-02', [True, False, False]), ('2026-03', [False, False, True]),
     ('undated', [False, True, False])]
    """
    dated = weeks.is_valid().to_numpy()
    days = pc.fill_null(weeks, 0).to_numpy().astype(np.int64) * 7 - 3
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    for month in np.unique(months[dated]):
        yield str(month), dated & (months == month)
    if not dated.all():
        yield UNDATED, ~dated


def in_large_parts(months: Iterable[pa.Table], rows: int = _ROWS_TOGETHER) -> Iterator[pa.Table]:
    """Join the rows of months in succession where they are few.

    An engine takes some milliseconds for a part, however little is in it.

    Examples
    --------
    >>> months = [pa.table({"week": [week] * rows}) for week, rows in ((1, 2), (5, 1), (9, 3))]
    >>> [part["week"].to_pylist() for part in in_large_parts(months, 3)]
    [[1, 1, 5], [9, 9, 9]]
    """
    held: list[pa.Table] = []
    for month in months:
        if held and sum(map(len, held)) + len(month) > rows:
            yield pa.concat_tables(held)
            held = []
        held.append(month)
    if held:
        yield pa.concat_tables(held)
