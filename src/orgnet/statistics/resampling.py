"""Resampling of weeks, ties and people, and the errors and intervals that come from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orgnet.statistics.poisson_draws import poisson

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Numbers that are drawn at once: some megabytes, most of which stay at hand for the processor.
_AT_ONCE = 500_000


def week_multiplicities(
    weeks: int, draws: int, rng: np.random.Generator, *, block: int = 1
) -> IntArray:
    """How often each week is in each bootstrap sample of the weeks.

    Parameters
    ----------
    weeks
        Weeks in the window.
    draws
        Samples to draw, with replacement and as long as the window.
    rng
        The source of randomness.
    block
        Weeks that are drawn together, one after the other and from the last on to the first, for
        weeks that resemble their neighbours (`week_block`). The last block of a sample is cut to
        its length.

    Returns
    -------
    numpy.ndarray of int, weeks × draws
        Each column adds up to `weeks`: a matrix of pairs × weeks times it gives every pair's count
        in every sample at once. Without weeks: no rows.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. *Annals of Statistics* 7(1),
    1-26. Politis, D. N. and Romano, J. P. (1992). A circular block-resampling procedure for
    stationary data. In *Exploring the Limits of Bootstrap*, 263-270. Wiley.

    Examples
    --------
    >>> week_multiplicities(4, 3, np.random.default_rng(0)).sum(axis=0).tolist()
    [4, 4, 4]
    """
    if weeks == 0:
        return np.zeros((0, draws), dtype=np.int64)
    if block > 1:
        lengths = np.full(-(-weeks // block), block)
        lengths[-1] -= lengths.sum() - weeks
        starts = rng.integers(weeks, size=(draws, len(lengths)))
        offsets = np.arange(weeks) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        drawn = (np.repeat(starts, lengths, axis=1) + offsets) % weeks
        cell = drawn + weeks * np.arange(draws)[:, None]
        counts = np.bincount(cell.ravel(), minlength=draws * weeks)
        return counts.reshape(draws, weeks).T.astype(np.int64)
    return rng.multinomial(weeks, np.full(weeks, 1 / weeks), size=draws).T.astype(np.int64)


def week_block(activity: FloatArray, *, threshold: float = 0.3, longest: int = 4) -> int:
    """Return how many weeks to draw together, by how much weeks resemble their neighbours.

    Parameters
    ----------
    activity
        What happened in each week, in their order.
    threshold
        An autocorrelation up to this is not worth a longer block.
    longest
        The longest block.

    Returns
    -------
    int
        The smallest distance in weeks at which the autocorrelation is at most `threshold`; 1 for
        fewer than eight weeks, which say nothing about it, or where every week is alike.

    Examples
    --------
    >>> week_block(np.array([5.0, 2, 6, 3, 4, 6, 2, 5, 3, 4]))
    1
    >>> week_block(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    3
    """
    around = np.asarray(activity, dtype=float) - np.mean(activity) if len(activity) else activity
    variance = float((around**2).sum())
    if len(around) < 8 or variance <= 1e-12:
        return 1
    for lag in range(1, longest):
        if (around[lag:] * around[:-lag]).sum() / variance <= threshold:
            return lag
    return longest


def week_jackknife_error(without: FloatArray) -> FloatArray:
    r"""Return the standard error from leaving out one week at a time.

    .. math:: se^2 = \frac{T - 1}{T} \sum_t (\theta_{(t)} - \bar\theta)^2

    Parameters
    ----------
    without
        Weeks × values: each value without that week.

    Returns
    -------
    numpy.ndarray of float, one number a value
        NaN with fewer than two weeks, and where a value is NaN without one of them.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 11. Chapman and
    Hall.

    Examples
    --------
    Of a mean it is the ordinary standard error.

    >>> x = np.array([1.0, 2.0, 4.0, 9.0])
    >>> without = np.array([np.delete(x, i).mean() for i in range(4)])
    >>> bool(np.isclose(week_jackknife_error(without), x.std(ddof=1) / 2))
    True
    """
    without = np.asarray(without, dtype=float)
    weeks = len(without)
    if weeks < 2:
        return np.full(without.shape[1:], np.nan)
    around = without - without.mean(axis=0)
    return np.asarray(np.sqrt((weeks - 1) / weeks * (around**2).sum(axis=0)))


def vertex_jackknife_error(without: FloatArray) -> FloatArray:
    r"""Return the standard error from leaving out one person at a time, with their ties.

    .. math:: se^2 = \frac{n - 2}{2n} \sum_i (\theta_{(i)} - \bar\theta)^2

    It takes the people for a sample of more people, and is wide: about 1.6 times the error of the
    E-I index where the people are all there are.

    Parameters
    ----------
    without
        People × values: each value without that person.

    Returns
    -------
    numpy.ndarray of float, one number a value
        NaN with fewer than three people, and where a value is NaN without one of them.

    References
    ----------
    Snijders, T. A. B. and Borgatti, S. P. (1999). Non-parametric standard errors and tests for
    network statistics. *Connections* 22(2), 161-170.

    Examples
    --------
    >>> vertex_jackknife_error(np.array([0.1, 0.2, 0.3, 0.2])).round(4).tolist()
    0.0707
    """
    without = np.asarray(without, dtype=float)
    people = len(without)
    if people < 3:
        return np.full(without.shape[1:], np.nan)
    around = without - without.mean(axis=0)
    return np.asarray(np.sqrt((people - 2) / (2 * people) * (around**2).sum(axis=0)))


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
    return PairClasses.of(cell, value, cells).sums(None, draws=draws, rng=rng)


@dataclass(frozen=True, eq=False, slots=True)
class PairClasses:
    """Pairs of one cell with one value, which a bootstrap of pairs need not tell apart.

    Attributes
    ----------
    of_pair
        The class of each pair.
    cell, value
        Of each class, sorted by both.
    cells
        The number of cells.
    """

    of_pair: IntArray
    cell: IntArray
    value: FloatArray
    cells: int

    @classmethod
    def of(cls, cell: IntArray, value: FloatArray, cells: int) -> PairClasses:
        """Sort pairs into classes by cell and value; the arguments of `dyad_bootstrap_sums`."""
        order = np.lexsort((value, cell))
        cell, value = cell[order], value[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (cell[1:] != cell[:-1]) | (value[1:] != value[:-1])
        of_pair = np.empty(len(order), dtype=np.int64)
        of_pair[order] = np.cumsum(new) - 1
        return cls(of_pair=of_pair, cell=cell[new], value=value[new], cells=cells)

    def sums(self, which: BoolArray | None, *, draws: int, rng: np.random.Generator) -> FloatArray:
        """Draw the sums of each cell over the pairs, or over some of them: draws × cells.

        Parameters
        ----------
        which
            For each pair whether it is there; None for all.
        draws, rng
            As in `dyad_bootstrap_sums`.
        """
        sums = np.zeros((draws, self.cells))
        pairs = self.of_pair if which is None else self.of_pair[which]
        counts = np.bincount(pairs, minlength=len(self.cell))
        there = np.flatnonzero(counts)
        if not len(there):
            return sums
        counts, cell, value = counts[there], self.cell[there], self.value[there]
        filled = np.flatnonzero(np.r_[True, np.diff(cell) != 0])
        block = max(1, _AT_ONCE // len(there))
        for begin in range(0, draws, block):
            size = min(block, draws - begin)
            drawn = poisson(counts, size, rng) * value
            sums[begin : begin + size, cell[filled]] = np.add.reduceat(drawn, filled, axis=1)
        return sums


def common_dyad_bootstrap_sums(
    cell: IntArray,
    value: FloatArray,
    cells: int,
    *,
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Add up values over pairs in several windows, a pair having one multiplier in all of them.

    For a change between windows: what is the same pair's tie in both does not count as noise twice.

    Parameters
    ----------
    cell
        Pairs × windows: the cell that a pair is added to in each window, from 0.
    value
        Pairs × windows: what is added; 0 in a window without the pair.
    cells
        The number of cells.
    draws
        The number of samples.
    rng
        The source of randomness.

    Returns
    -------
    numpy.ndarray of float, windows × draws × cells
        The order of the pairs does not matter.

    Examples
    --------
    A pair that is the same in both windows never makes a difference between them.

    >>> cell, value = np.zeros((3, 2), dtype=int), np.full((3, 2), 2.0)
    >>> rng = np.random.default_rng(0)
    >>> before, after = common_dyad_bootstrap_sums(cell, value, 1, draws=50, rng=rng)
    >>> bool((before == after).all()), bool(before.std() > 0)
    (True, True)
    """
    windows = cell.shape[1]
    sums = np.zeros((windows, draws, cells))
    if not len(cell):
        return sums
    keys = [*value.T[::-1], *cell.T[::-1]]
    order = np.lexsort(keys)
    cell, value = cell[order], value[order]
    new = np.r_[True, ((cell[1:] != cell[:-1]) | (value[1:] != value[:-1])).any(axis=1)]
    starts = np.flatnonzero(new)
    counts = np.diff(np.r_[starts, len(cell)])
    class_value, class_cell = value[starts], cell[starts]
    # Sorted by the cell of each window, classes of one cell are added up at once.
    sortings = [np.argsort(class_cell[:, window], kind="stable") for window in range(windows)]
    block = max(1, _AT_ONCE // len(starts))
    for begin in range(0, draws, block):
        size = min(block, draws - begin)
        drawn = poisson(counts, size, rng)
        for window, sorting in enumerate(sortings):
            at = class_cell[sorting, window]
            filled = np.flatnonzero(np.r_[True, np.diff(at) != 0])
            weighted = drawn[:, sorting] * class_value[sorting, window]
            sums[window, begin : begin + size, at[filled]] = np.add.reduceat(
                weighted, filled, axis=1
            ).T
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
