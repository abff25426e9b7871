"""Poisson numbers for the bootstrap, which are mostly of mean 1: several times faster than numpy's.

The distribution is the same. A random number of 16 bits is looked up in a table of the inverse
distribution function; where the 16 bits do not decide, as they seldom do, more of them are drawn.
Of a small mean they are added up, for a sum of such numbers is one of the sum of their means.
"""

from __future__ import annotations

from functools import cache
from math import factorial

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
SmallArray = npt.NDArray[np.int8]

_STEPS = 1 << 16
#: What is larger is drawn in 10^19 numbers once.
_LARGEST = 20
_UNDECIDED = -1
#: The largest mean for which numbers of mean 1 are added up; numpy takes up to three times longer.
_SUMMED = 8


def poisson(means: IntArray, draws: int, rng: np.random.Generator) -> npt.NDArray[np.integer]:
    """Draw Poisson numbers: draws × means.

    Parameters
    ----------
    means
        Whole numbers from 1 up.
    draws
        How many of each.
    rng
        The source of randomness.

    Examples
    --------
    >>> drawn = poisson(np.array([1, 1, 7]), 100_000, np.random.default_rng(0))
    >>> drawn.mean(axis=0).round(1).tolist(), drawn.var(axis=0).round(1).tolist()
    ([1.0, 1.0, 7.0], [1.0, 1.0, 7.0])
    """
    large = means > _SUMMED
    if 2 * np.count_nonzero(large) > len(means):
        return rng.poisson(means, size=(draws, len(means)))
    # One mean after the other, so that what belongs to it lies together.
    drawn = _of_mean_one((len(means), draws), rng)
    if not (means > 1).any():
        return drawn.T
    wide = drawn.astype(np.int64) if large.any() else drawn.astype(np.int16)
    for mean in range(2, _SUMMED + 1):
        rows = np.flatnonzero((means >= mean) & ~large)
        if len(rows):
            wide[rows] += _of_mean_one((len(rows), draws), rng)
    if large.any():
        wide[large] = rng.poisson(means[large, None], size=(np.count_nonzero(large), draws))
    return wide.T


def _of_mean_one(shape: tuple[int, int], rng: np.random.Generator) -> SmallArray:
    below, table = _inverse()
    bits = rng.integers(0, _STEPS, shape[0] * shape[1], dtype=np.uint16)
    drawn = table.take(bits)
    unsure = np.flatnonzero(drawn == _UNDECIDED)
    exact = (bits[unsure] + rng.random(len(unsure))) / _STEPS
    drawn[unsure] = np.searchsorted(below, exact, side="right")
    return drawn.reshape(shape)


@cache
def _inverse() -> tuple[npt.NDArray[np.float64], SmallArray]:
    """Return the distribution function at 0, 1, 2 ... and the number that each 16 bits decide."""
    below = np.cumsum([np.exp(-1.0) / factorial(n) for n in range(_LARGEST)])
    # At how many 16 bits each number begins, and so the number at each of them.
    begins = np.ceil(below * _STEPS).astype(np.int64)
    number = np.cumsum(np.bincount(begins, minlength=_STEPS + 2))[: _STEPS + 1]
    first, last = number[:-1], number[1:]
    return below, np.where(first == last, first, _UNDECIDED).astype(np.int8)
