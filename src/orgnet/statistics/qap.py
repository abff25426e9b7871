"""Correlation of two networks, and how it compares with chance (QAP)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from orgnet.statistics.dyads import Dyads, dyads, product_sum

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class QapCorrelation:
    """The correlation of two networks over all pairs of people.

    Attributes
    ----------
    correlation
        Pearson's, over the ordered pairs of different people; NaN where one network is constant.
    mean, sd
        Of the correlation over the permutations.
    p_greater, p_less, p
        Share of permutations with as high, as low, and as far from 0, the observed one counted in.
    permutations, seed
        As given.
    """

    correlation: float
    mean: float
    sd: float
    p_greater: float
    p_less: float
    p: float
    permutations: int
    seed: int


def qap_correlation(x: Any, y: Any, *, permutations: int = 999, seed: int = 0) -> QapCorrelation:
    r"""Correlate two networks of the same people, and permute the people of one to judge it.

    Pairs that share a person are not independent, so the usual test of a correlation raises far too
    many alarms. Rows and columns of one network are therefore permuted together: what is tied stays
    tied, only who stands where changes.

    .. math:: p = \frac{1 + \#\{r^\pi \ge r\}}{1 + B}

    Parameters
    ----------
    x, y
        Square matrices, dense or sparse (the diagonal is ignored), or a group code for each person
        for the network of who shares a group. Sparse ones cost what they hold, not people squared.
    permutations
        How many, *B*.
    seed
        Seed of the permutations.

    Returns
    -------
    QapCorrelation
        All NaN where a network is constant or there are fewer than three people.

    Raises
    ------
    ValueError
        If a matrix is not square, not of the other's size, or holds what is not a finite number.

    References
    ----------
    Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of
    dyadic data. *Social Networks* 10(4), 359-381. Phipson, B. and Smyth, G. K. (2010). Permutation
    p-values should never be zero. *Statistical Applications in Genetics and Molecular Biology*
    9(1), 39.

    Examples
    --------
    Who shares a department with whom, and who talks with whom: two departments of four.

    >>> codes = np.repeat([0, 1], 4)
    >>> talk = (codes[:, None] == codes).astype(float)
    >>> talk[0, 4] = talk[4, 0] = 1
    >>> result = qap_correlation(talk, codes, seed=1)
    >>> round(result.correlation, 3), result.p_greater < 0.1
    (0.93, True)
    """
    first, second = dyads(x), dyads(y)
    if first.n != second.n:
        raise ValueError(
            f"the networks have {first.n} and {second.n} people, expected the same people in both"
        )
    n = first.n
    scale = _deviation(first) * _deviation(second)
    if n < 3 or not scale > 0:
        nothing = float("nan")
        return QapCorrelation(
            correlation=nothing,
            mean=nothing,
            sd=nothing,
            p_greater=nothing,
            p_less=nothing,
            p=nothing,
            permutations=permutations,
            seed=seed,
        )
    centre = first.sum() * second.sum() / (n * (n - 1))
    observed = (product_sum(first, second) - centre) / scale
    rng = np.random.default_rng(seed)
    drawn = np.empty(permutations)
    for draw in range(permutations):
        drawn[draw] = product_sum(first.renamed(rng.permutation(n)), second)
    drawn = (drawn - centre) / scale
    greater, less, both = permutation_p(observed, drawn)
    return QapCorrelation(
        correlation=float(observed),
        mean=float(drawn.mean()) if permutations else float("nan"),
        sd=float(drawn.std(ddof=1)) if permutations > 1 else float("nan"),
        p_greater=greater,
        p_less=less,
        p=both,
        permutations=permutations,
        seed=seed,
    )


def permutation_p(observed: float, drawn: FloatArray) -> tuple[float, float, float]:
    """Return the shares of draws as high, as low and as far from 0, the observed one counted in.

    Values that differ by rounding alone count as equal.

    Examples
    --------
    >>> permutation_p(2.0, np.array([-3.0, 0.0, 1.0, 2.0]))
    (0.4, 1.0, 0.6)
    """
    slack = 1e-9 * max(1.0, abs(observed))
    every = 1 + len(drawn)
    return (
        float((1 + (drawn >= observed - slack).sum()) / every),
        float((1 + (drawn <= observed + slack).sum()) / every),
        float((1 + (np.abs(drawn) >= abs(observed) - slack).sum()) / every),
    )


def _deviation(network: Dyads) -> float:
    """Root of the summed squares around the mean; 0 where rounding alone is left."""
    pairs = network.n * (network.n - 1)
    squares = network.squares()
    left = squares - network.sum() ** 2 / pairs if pairs else 0.0
    return float(np.sqrt(left)) if left > 1e-12 * squares else 0.0
