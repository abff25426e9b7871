"""Months: by those of their weeks' Mondays rows are kept, and deleted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: The month of what has no date; it comes after the others.
UNDATED = "undated"


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
