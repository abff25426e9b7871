"""Resampling of weeks and of ties, and the intervals that come from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def week_multiplicities(weeks: int, draws: int, rng: np.random.Generator) -> IntArray:
    """How often each week is in each bootstrap sample of the weeks.

    Parameters
    ----------
    weeks
        Weeks in the window.
    draws
        Samples to draw, with replacement and as long as the window.
    rng
        The source of randomness.

    Returns
    -------
    numpy.ndarray of int, weeks × draws
        Each column adds up to `weeks`: a matrix of pairs × weeks times it gives every pair's count
        in every sample at once. Without weeks: no rows.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. *Annals of Statistics* 7(1),
    1-26.

    Examples
    --------
    >>> week_multiplicities(4, 3, np.random.default_rng(0)).sum(axis=0).tolist()
    [4, 4, 4]
    """
    if weeks == 0:
        return np.zeros((0, draws), dtype=np.int64)
    return rng.multinomial(weeks, np.full(weeks, 1 / weeks), size=draws).T.astype(np.int64)


def dyad_bootstrap_sums(
    cell: IntArray,
    value: FloatArray,
    cells: int,
    *,
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Add up a value over pairs, by cell, in each bootstrap sample of the pairs.

    Every pair gets a Poisson(1) multiplier. Pairs of one cell with the same value are
    interchangeable and the sum of *c* such multipliers is Poisson(*c*), so one number is drawn for
    all of them: the same distribution at a cost that does not grow with the number of pairs.

    Parameters
    ----------
    cell
        For each pair the cell it is added to, from 0.
    value
        For each pair what is added.
    cells
        The number of cells.
    draws
        The number of samples.
    rng
        The source of randomness.

    Returns
    -------
    numpy.ndarray of float, draws × cells
        The order of the pairs does not matter.

    Examples
    --------
    Two pairs in cell 0, none in cell 1: the mean is the observed sum.

    >>> rng = np.random.default_rng(0)
    >>> sums = dyad_bootstrap_sums(np.array([0, 0]), np.array([3.0, 3.0]), 2, draws=20000, rng=rng)
    >>> sums.mean(axis=0).round(1).tolist()
    [6.0, 0.0]
    """
    sums = np.zeros((draws, cells))
    if not len(cell):
        return sums
    order = np.lexsort((value, cell))
    cell, value = cell[order], value[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(cell) != 0) | (np.diff(value) != 0)])
    counts = np.diff(np.r_[starts, len(cell)])
    class_value, class_cell = value[starts], cell[starts]
    filled = np.flatnonzero(np.r_[True, np.diff(class_cell) != 0])
    # A block of draws at a time keeps the memory at some tens of megabytes.
    block = max(1, 4_000_000 // len(starts))
    for begin in range(0, draws, block):
        size = min(block, draws - begin)
        drawn = rng.poisson(counts, size=(size, len(counts))) * class_value
        sums[begin : begin + size, class_cell[filled]] = np.add.reduceat(drawn, filled, axis=1)
    return sums


def percentile_interval(
    samples: FloatArray, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the middle part of the bootstrap samples, the rest cut off equally at both ends.

    Parameters
    ----------
    samples
        Draws × values. Samples that are NaN (nothing was drawn) are left out.
    level
        The share of the samples inside.

    Returns
    -------
    low, high : numpy.ndarray of float, one number a value
        NaN where every sample is NaN or there are none.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 13. Chapman and
    Hall.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(101.0)[:, None])
    >>> low.round(9).tolist(), high.round(9).tolist()
    ([2.5], [97.5])
    """
    low = np.full(samples.shape[1:], np.nan)
    high = low.copy()
    usable = ~np.isnan(samples).all(axis=0)
    if samples.shape[0] and usable.any():
        tail = 100 * (1 - level) / 2
        kept = samples[:, usable]
        low[usable], high[usable] = np.nanpercentile(kept, [tail, 100 - tail], axis=0)
    return low, high
