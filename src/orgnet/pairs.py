"""The pairs of people in contact: from directed rows to one entry a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from orgnet.rules import TieRules

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: How strong a tie is: weeks with contact, shares of messages, or recent shares.
Strength = Literal["active_weeks", "volume", "decayed"]

#: Half-life of the ``decayed`` strength, in weeks.
HALF_LIFE_WEEKS = 8


@dataclass(frozen=True)
class Pairs:
    """The pairs of people in contact, each once, `first` < `second`, sorted.

    Attributes
    ----------
    first, second
        Positions of the two people.
    forward, backward
        Strength from first to second and from second to first.
    strength
        The symmetrised strength S: forward + backward; for undirected ties the strength itself.
    active_weeks
        Weeks with contact in either direction; 0 in networks without weeks.
    regular
        Whether the tie is a regular one.
    weekly
        Pairs × weeks, 0, 1 or 2: in how many directions the pair was active (undirected: 0 or 1).
        None in networks without weeks.
    """

    first: IntArray
    second: IntArray
    forward: FloatArray
    backward: FloatArray
    strength: FloatArray
    active_weeks: IntArray
    regular: BoolArray
    weekly: sparse.csr_array | None

    def __len__(self) -> int:
        return len(self.first)


def undated_pairs(
    sender: IntArray, recipient: IntArray, values: FloatArray, directed: bool
) -> Pairs:
    """Sum rows without dates to pairs; every tie counts as a regular one."""
    first, second, position = _unique_pairs(sender, recipient)
    count = len(first)
    onward = sender < recipient
    forward = _sum(position[onward], values[onward], count)
    backward = _sum(position[~onward], values[~onward], count)
    if not directed:
        forward = backward = (forward + backward) / 2
    return Pairs(
        first=first,
        second=second,
        forward=forward,
        backward=backward,
        strength=forward + backward,
        active_weeks=np.zeros(count, dtype=np.int64),
        regular=np.ones(count, dtype=bool),
        weekly=None,
    )


def dated_pairs(
    sender: IntArray,
    recipient: IntArray,
    weeks: IntArray,
    values: FloatArray,
    *,
    n: int,
    window: tuple[int, ...],
    directed: bool,
    rules: TieRules,
    strength: Strength,
) -> tuple[Pairs, IntArray]:
    """Count the weeks of each pair; return the pairs, and the active weeks of each person."""
    first, second, position = _unique_pairs(sender, recipient)
    count = len(first)
    column = np.searchsorted(np.asarray(window, dtype=np.int64), weeks)
    onward = sender < recipient
    shape = (count, len(window))
    there = _zero_one(position[onward], column[onward], shape)
    back = _zero_one(position[~onward], column[~onward], shape)
    either = _zero_one(position, column, shape)
    weekly = sparse.csr_array(there + back) if directed else either
    active_weeks = np.diff(either.indptr).astype(np.int64)
    if strength == "active_weeks":
        forward, backward = _row_sums(there), _row_sums(back)
        total = _row_sums(weekly)
    else:
        if strength == "decayed" and window:
            values = values * 2.0 ** (-(window[-1] - weeks) / HALF_LIFE_WEEKS)
        forward = _sum(position[onward], values[onward], count)
        backward = _sum(position[~onward], values[~onward], count)
        total = forward + backward
    if not directed:
        forward = backward = total / 2
    pairs = Pairs(
        first=first,
        second=second,
        forward=forward,
        backward=backward,
        strength=total,
        active_weeks=active_weeks,
        regular=active_weeks >= rules.regular_weeks,
        weekly=weekly,
    )
    people_weeks = _zero_one(
        np.concatenate([sender, recipient]), np.concatenate([column, column]), (n, len(window))
    )
    return pairs, np.diff(people_weeks.indptr).astype(np.int64)


def _unique_pairs(sender: IntArray, recipient: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    low = np.minimum(sender, recipient).astype(np.int64)
    high = np.maximum(sender, recipient).astype(np.int64)
    width = int(high.max()) + 1 if len(high) else 1
    keys, position = np.unique(low * width + high, return_inverse=True)
    return keys // width, keys % width, position.astype(np.int64)


def _zero_one(rows: IntArray, cols: IntArray, shape: tuple[int, int]) -> sparse.csr_array:
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, cols)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _row_sums(matrix: sparse.csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=float).ravel()


def _sum(position: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.asarray(np.bincount(position, values, count), dtype=float)


def week_numbers(weeks: pd.Series[Any]) -> tuple[IntArray, BoolArray]:
    """Return the week numbers of dates, and which rows have one."""
    dates = pd.to_datetime(weeks)
    days = dates.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return (days + 3) // 7, dates.notna().to_numpy()
