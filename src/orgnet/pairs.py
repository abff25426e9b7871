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

#: Positions of people, one a row of the ties: the rows are many, so that four bytes each count.
Positions = npt.NDArray[np.int32] | npt.NDArray[np.int64]

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
    sender: Positions, recipient: Positions, values: FloatArray, directed: bool
) -> Pairs:
    """Sum rows without dates to pairs; every tie counts as a regular one."""
    keys, width = _pair_keys(sender, recipient)
    unique, position = np.unique(keys, return_inverse=True)
    count = len(unique)
    onward = sender < recipient
    forward = _sum(position[onward], values[onward], count)
    backward = _sum(position[~onward], values[~onward], count)
    if not directed:
        forward = backward = (forward + backward) / 2
    return Pairs(
        first=unique // width,
        second=unique % width,
        forward=forward,
        backward=backward,
        strength=forward + backward,
        active_weeks=np.zeros(count, dtype=np.int64),
        regular=np.ones(count, dtype=bool),
        weekly=None,
    )


def dated_pairs(
    sender: Positions,
    recipient: Positions,
    weeks: IntArray,
    values: FloatArray,
    *,
    n: int,
    window: tuple[int, ...],
    directed: bool,
    rules: TieRules,
    strength: Strength,
) -> tuple[Pairs, IntArray]:
    """Count the weeks of each pair; return the pairs, and the active weeks of each person.

    `values` matter to other strengths than ``active_weeks`` alone.
    """
    count_weeks = max(len(window), 1)
    keys, width = _pair_keys(sender, recipient)
    onward = sender < recipient
    column = np.searchsorted(np.asarray(window, dtype=weeks.dtype), weeks)
    # One number a pair, week and direction: a plain sort of them brings together what belongs
    # together, in a fraction of the memory that positions of rows would take.
    cells = (keys * count_weeks + column) * 2
    cells += ~onward
    cells = _distinct(cells)
    pair_week, either = _runs(cells // 2)
    pair_keys, in_pair = _runs(pair_week // count_weeks)
    first, second = pair_keys // width, pair_keys % width
    active_weeks = np.diff(in_pair)
    directions = np.diff(either).astype(float)
    weekly = sparse.csr_array(
        (
            directions if directed else np.ones(len(pair_week)),
            (pair_week % count_weeks).astype(np.int32),
            in_pair.astype(np.int32),
        ),
        shape=(len(pair_keys), len(window)),
    )
    if strength == "active_weeks":
        starts = either[in_pair[:-1]]
        back = np.add.reduceat(cells % 2, starts) if len(starts) else starts
        forward = (np.diff(either[in_pair]) - back).astype(float)
        backward = back.astype(float)
        total = forward + backward if directed else active_weeks.astype(float)
    else:
        position = np.searchsorted(pair_keys, keys)
        if strength == "decayed" and window:
            values = values * 2.0 ** (-(window[-1] - weeks) / HALF_LIFE_WEEKS)
        forward = _sum(position[onward], values[onward], len(pair_keys))
        backward = _sum(position[~onward], values[~onward], len(pair_keys))
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
    seen = np.zeros((n, count_weeks), dtype=bool)
    seen[sender, column] = True
    seen[recipient, column] = True
    return pairs, seen.sum(axis=1, dtype=np.int64)


def _pair_keys(sender: Positions, recipient: Positions) -> tuple[IntArray, int]:
    """Return one number a pair, in the order of pairs, and what it was multiplied with."""
    low = np.minimum(sender, recipient)
    high = np.maximum(sender, recipient)
    width = int(high.max()) + 1 if len(high) else 1
    keys = low.astype(np.int64)
    keys *= width
    keys += high
    return keys, width


def _distinct(numbers: IntArray) -> IntArray:
    """Sort in place, and return each number once."""
    numbers.sort()
    return numbers[np.r_[True, numbers[1:] != numbers[:-1]]] if len(numbers) else numbers


def _runs(numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Return each number of a sorted array once, and where its run begins; last of all the end."""
    if not len(numbers):
        return numbers, np.zeros(1, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    return numbers[starts], np.append(starts, len(numbers)).astype(np.int64)


def _sum(position: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.asarray(np.bincount(position, values, count), dtype=float)


def week_numbers(weeks: pd.Series[Any]) -> tuple[IntArray, BoolArray]:
    """Return the week numbers of dates, and which rows have one."""
    dates = pd.to_datetime(weeks)
    days = dates.to_numpy(dtype="datetime64[D]").astype(np.int64)
    days += 3
    days //= 7
    return days, dates.notna().to_numpy()
