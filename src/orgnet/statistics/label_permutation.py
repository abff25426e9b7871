"""How much contact would fall inside groups if the group labels were handed out by lot."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def internal_strength_moments(
    first: IntArray, second: IntArray, strength: FloatArray, sizes: IntArray
) -> tuple[float, float]:
    r"""Exact mean and standard deviation of the strength inside groups under label permutation.

    The statistic is :math:`G = \sum_{i \ne j} S_{ij} B_{ij}`, with :math:`B_{ij} = 1` for two
    people of one group, else 0; each pair counts twice. With :math:`a_1 = \sum S`,
    :math:`a_2 = \sum S^2`, :math:`r_a = \sum_i s_i^2` and :math:`b_1, b_2, r_b` the same of *B*,

    .. math::

        E\,G = \frac{a_1 b_1}{n(n-1)}, \qquad
        E\,G^2 = \frac{2 a_2 b_2}{(n)_2} + \frac{4 (r_a - a_2)(r_b - b_2)}{(n)_3}
            + \frac{(a_1^2 - 4 r_a + 2 a_2)(b_1^2 - 4 r_b + 2 b_2)}{(n)_4}

    where :math:`(n)_q` is the falling factorial.

    Parameters
    ----------
    first, second, strength
        The ties, each pair once, people as numbers from 0.
    sizes
        The headcount of each group; their sum is *n*.

    Returns
    -------
    mean, sd : float
        NaN with fewer than two people.

    References
    ----------
    Mantel, N. (1967). The detection of disease clustering and a generalized regression approach.
    *Cancer Research* 27(2), 209-220.

    Examples
    --------
    One tie among four people in two groups of two: inside with probability 1/3.

    >>> tie = np.array([0]), np.array([1]), np.array([1.0])
    >>> mean, sd = internal_strength_moments(*tie, np.array([2, 2]))
    >>> round(mean, 4), round(sd, 4)
    (0.6667, 0.9428)
    """
    n = int(sizes.sum())
    if n < 2:
        return float("nan"), float("nan")
    ends = np.concatenate([first, second])
    at_person = np.bincount(ends, np.concatenate([strength, strength]))
    a1, a2, ra = 2 * strength.sum(), 2 * (strength**2).sum(), (at_person**2).sum()
    b1 = b2 = float((sizes * (sizes - 1)).sum())
    rb = float((sizes * (sizes - 1) ** 2).sum())
    mean = a1 * b1 / (n * (n - 1))
    # Terms for three and four different people are empty sums where there are fewer.
    square = 2 * a2 * b2 / (n * (n - 1))
    if n > 2:
        square += 4 * (ra - a2) * (rb - b2) / (n * (n - 1) * (n - 2))
    if n > 3:
        falling = n * (n - 1) * (n - 2) * (n - 3)
        square += (a1**2 - 4 * ra + 2 * a2) * (b1**2 - 4 * rb + 2 * b2) / falling
    variance = square - mean**2
    # What rounding leaves of a variance that is 0.
    if variance < 1e-12 * max(square, mean**2):
        variance = 0.0
    return float(mean), float(np.sqrt(variance))


def permuted_internal_strength(
    first: IntArray,
    second: IntArray,
    strength: FloatArray,
    codes: IntArray,
    *,
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw the strength inside groups under random permutations of the labels.

    Each pair counts twice, as in `internal_strength_moments`.

    Parameters
    ----------
    first, second, strength
        The ties, each pair once, people as numbers from 0.
    codes
        The group of each person.
    draws
        The number of permutations.
    rng
        The source of randomness.

    Returns
    -------
    numpy.ndarray of float, one value a permutation

    Examples
    --------
    >>> tie = np.array([0]), np.array([1]), np.array([1.0])
    >>> codes, rng = np.array([0, 0, 1, 1]), np.random.default_rng(0)
    >>> permuted_internal_strength(*tie, codes, draws=5, rng=rng).tolist()
    [0.0, 2.0, 0.0, 0.0, 0.0]
    """
    result = np.empty(draws)
    for draw in range(draws):
        shuffled = rng.permutation(codes)
        result[draw] = 2 * strength[shuffled[first] == shuffled[second]].sum()
    return result
