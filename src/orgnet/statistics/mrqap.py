"""Which of several factors go with contact, each with the others held constant (MRQAP)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from orgnet.statistics.dyads import Dyads, dyads, product_sum
from orgnet.statistics.qap import permutation_p

FloatArray = npt.NDArray[np.float64]

#: A factor of which the others leave so little, as a share, is made of the others.
_NOTHING_LEFT = 1e-10


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Mrqap:
    """A regression over all pairs of people.

    Attributes
    ----------
    intercept
        Expected value of a pair for which every factor is 0.
    coefficients, t
        For each factor its coefficient and that over its ordinary standard error.
    p_greater, p_less, p
        For each factor the share of permutations with as high, as low, and as far from 0 a *t*, the
        observed one counted in.
    r_squared
        Share of the variance over pairs that the factors account for.
    pairs
        Observations: ordered pairs, unordered ones where every network is symmetric.
    permutations, seed
        As given.
    """

    intercept: float
    coefficients: FloatArray
    t: FloatArray
    p_greater: FloatArray
    p_less: FloatArray
    p: FloatArray
    r_squared: float
    pairs: int
    permutations: int
    seed: int


def mrqap(y: Any, factors: Sequence[Any], *, permutations: int = 999, seed: int = 0) -> Mrqap:
    r"""Regress a network on others and judge each by permutation, double semi-partialling.

    For each factor :math:`X_k`: take out of it what the other factors account for, permute the
    people of what is left, :math:`\varepsilon_k`, and fit *Y* on :math:`\varepsilon_k^\pi` and the
    other factors. The *t* of :math:`\varepsilon_k^\pi` is compared with the observed one: a pivot,
    so that the error rate holds also where factors go together and the values are skewed.

    Only sums of products over pairs are needed, and a sum over permuted residuals is the same sum
    over permuted factors. So no residual is ever written out: a sparse *Y* with factors that are
    groups costs its ties and people for each permutation, not people squared.

    Parameters
    ----------
    y
        Square matrix, dense or sparse; the diagonal is ignored.
    factors
        Square matrices, dense or sparse, or for each person the code of a group (-1: not known) for
        the factor "both in one group".
    permutations
        How many; the same ones for every factor.
    seed
        Seed of the permutations.

    Returns
    -------
    Mrqap
        NaN for a factor that is constant or made up of the others, and for everything where *Y* is
        constant or there are too few pairs.

    Raises
    ------
    ValueError
        If a matrix is not square, not of the size of `y`, or holds what is not a finite number.

    References
    ----------
    Dekker, D., Krackhardt, D. and Snijders, T. A. B. (2007). Sensitivity of MRQAP tests to
    collinearity and autocorrelation conditions. *Psychometrika* 72(4), 563-581.

    Examples
    --------
    Contact follows the department; the floor only goes with the department.

    >>> department, floor = np.repeat([0, 1, 2], 6), np.repeat([0, 0, 1], 6)
    >>> contact = 2.0 * (department[:, None] == department)
    >>> contact += np.random.default_rng(0).random((18, 18))
    >>> result = mrqap(contact, [department, floor], seed=1)
    >>> result.coefficients.round(1).tolist(), (result.p < 0.05).tolist()
    ([2.0, -0.0], [True, False])
    """
    target, networks = dyads(y), [dyads(factor) for factor in factors]
    n = target.n
    if wrong := [network.n for network in networks if network.n != n]:
        raise ValueError(f"a factor has {wrong[0]} people and y has {n}, expected the same people")
    count = len(networks)
    ordered = n * (n - 1)
    undirected = all(network.symmetric() for network in (target, *networks))
    pairs = ordered // 2 if undirected else ordered

    every = [*networks, target]
    means, scales = _moments(every)
    sizes = np.outer(scales, scales)
    with np.errstate(divide="ignore", invalid="ignore"):
        gram = (_products(every, every) - ordered * np.outer(means, means)) / sizes
    among, with_y = gram[:count, :count], gram[:count, count]
    usable = scales[:count] > 0
    free = pairs - int(usable.sum()) - 1
    result = Mrqap(
        intercept=float("nan"),
        coefficients=np.full(count, np.nan),
        t=np.full(count, np.nan),
        p_greater=np.full(count, np.nan),
        p_less=np.full(count, np.nan),
        p=np.full(count, np.nan),
        r_squared=float("nan"),
        pairs=pairs,
        permutations=permutations,
        seed=seed,
    )
    if free < 1 or not scales[count] > 0 or not usable.any():
        return result
    tests = [
        _Test(int(k), np.flatnonzero(usable & (np.arange(count) != k)), among, with_y, free)
        for k in np.flatnonzero(usable)
    ]
    testable = [test for test in tests if test.left > _NOTHING_LEFT]
    slopes = np.linalg.pinv(among[np.ix_(usable, usable)], hermitian=True) @ with_y[usable]
    explained = float(slopes @ with_y[usable])

    drawn = np.empty((permutations, len(testable)))
    rng = np.random.default_rng(seed)
    fixed = [*(networks[k] for k in np.flatnonzero(usable)), target]
    which = [*np.flatnonzero(usable), count]
    for draw in range(permutations if testable else 0):
        order = rng.permutation(n)
        moved = [networks[k].renamed(order) for k in which[:-1]]
        crossed = np.full((count, count + 1), np.nan)
        crossed[np.ix_(which[:-1], which)] = (
            _products(moved, fixed) - ordered * np.outer(means[which[:-1]], means[which])
        ) / sizes[np.ix_(which[:-1], which)]
        drawn[draw] = [test.t(crossed) for test in testable]
    for column, test in enumerate(testable):
        observed = test.t(gram[:count])
        k = test.factor
        result.coefficients[k] = test.slope * scales[count] / scales[k]
        result.t[k] = observed
        result.p_greater[k], result.p_less[k], result.p[k] = permutation_p(
            observed, drawn[:, column]
        )
    complete = len(testable) == usable.sum()
    intercept = means[count] - np.nansum(result.coefficients * means[:count])
    return Mrqap(
        intercept=float(intercept) if complete else float("nan"),
        coefficients=result.coefficients,
        t=result.t,
        p_greater=result.p_greater,
        p_less=result.p_less,
        p=result.p,
        r_squared=explained,
        pairs=pairs,
        permutations=permutations,
        seed=seed,
    )


class _Test:
    """The *t* of one factor, from sums of products in units of standard deviations."""

    def __init__(
        self,
        factor: int,
        others: npt.NDArray[np.int64],
        among: FloatArray,
        with_y: FloatArray,
        free: int,
    ) -> None:
        self.factor = factor
        self.others = others
        self.free = free
        inverse = np.linalg.pinv(among[np.ix_(others, others)], hermitian=True)
        self.weights = inverse @ among[others, factor]
        #: What the other factors leave of this one, as a share of its variance.
        self.left = float(1.0 - among[others, factor] @ self.weights)
        self.inverse = inverse
        self.y_others = with_y[others]
        self.unexplained = float(1.0 - self.y_others @ inverse @ self.y_others)
        own = float(with_y[factor] - self.weights @ self.y_others)
        self.slope = own / self.left if self.left > _NOTHING_LEFT else float("nan")

    def t(self, crossed: FloatArray) -> float:
        """Return *t*, given products of permuted factors (rows) with factors and *Y* (columns)."""
        residual = crossed[self.factor] - self.weights @ crossed[self.others]
        shared = residual[self.others]
        variance = self.left - shared @ self.inverse @ shared
        if variance <= _NOTHING_LEFT:
            return 0.0
        own = residual[-1] - shared @ self.inverse @ self.y_others
        error = max(self.unexplained - own**2 / variance, 1e-15) / self.free
        return float(own / np.sqrt(variance * error))


def _products(one: Sequence[Dyads], other: Sequence[Dyads]) -> FloatArray:
    return np.array([[product_sum(a, b) for b in other] for a in one])


def _moments(networks: Sequence[Dyads]) -> tuple[FloatArray, FloatArray]:
    """Return mean and root of the summed squares around it; 0 where rounding alone is left."""
    means, scales = [], []
    for network in networks:
        pairs = max(network.n * (network.n - 1), 1)
        mean, squares = network.sum() / pairs, network.squares()
        left = squares - pairs * mean**2
        means.append(mean)
        scales.append(np.sqrt(left) if left > 1e-12 * squares else 0.0)
    return np.array(means), np.array(scales)
