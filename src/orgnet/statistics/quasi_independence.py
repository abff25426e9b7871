"""Quasi-independence: the ties between two groups that their general outwardness predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: The model has no degree of freedom left with fewer groups.
MINIMUM_GROUPS = 4

#: The median of the absolute value of a standard normal variable.
_NORMAL_MEDIAN = 0.6745


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class QuasiIndependence:
    """The fitted model; everything is k × k or of length k, in the order of the groups.

    Attributes
    ----------
    expected
        Ties that the model predicts. NaN on the diagonal and for groups that are not modelled.
    residual
        Signed deviance residual, divided by the square root of one less the leverage: about
        standard normal, but for the overdispersion. NaN where `expected` is, where the leverage is
        1, and everywhere with fewer than four modelled groups.
    leverage
        How much each cell determines its own expectation; they add up to the modelled groups.
    hubs
        The group that has a part in every tie there is, with at least two others: no finite model
        holds it, and nothing is left to be modelled among the others.
    isolated
        Groups without any tie to another.
    """

    expected: FloatArray
    residual: FloatArray
    leverage: FloatArray
    hubs: BoolArray
    isolated: BoolArray


def quasi_independence(ties: npt.ArrayLike) -> QuasiIndependence:
    r"""Fit the model of quasi-independence to a symmetric table without its diagonal.

    .. math:: E_{gh} = a_g a_h \ (g \ne h), \qquad \sum_{h \ne g} E_{gh} = \sum_{h \ne g} T_{gh}

    Each group has an outwardness :math:`a_g`, which takes up its size and how sociable it is; what
    differs from :math:`E_{gh}` belongs to the pair alone. The inside of the groups, which would
    swamp it, is left out.

    Parameters
    ----------
    ties
        k × k, symmetric: pairs of people in contact. The diagonal is not looked at.

    Returns
    -------
    QuasiIndependence
        With three modelled groups the model is saturated: what is expected is what was found.

    References
    ----------
    Goodman, L. A. (1968). The analysis of cross-classified data: independence, quasi-independence,
    and interactions in contingency tables with or without missing entries. *Journal of the American
    Statistical Association* 63, 1091-1131.

    Examples
    --------
    >>> ties = [[0, 10, 6, 4], [10, 0, 2, 8], [6, 2, 0, 5], [4, 8, 5, 0]]
    >>> model = quasi_independence(ties)
    >>> model.expected[0].round(4).tolist(), model.residual[0].round(4).tolist()
    ([nan, 8.6296, 4.6852, 6.6852], [nan, 1.0115, 0.9352, -2.1564])
    """
    table = np.array(ties, dtype=float)
    np.fill_diagonal(table, 0.0)
    k = len(table)
    margins = table.sum(axis=1)
    isolated = margins == 0
    hubs = np.zeros(k, dtype=bool)
    if (~isolated).sum() > 2:
        hubs = margins >= margins.sum() / 2
    # A hub has every tie there is: the others have none among themselves to be modelled.
    modelled = ~isolated & ~hubs.any()

    expected = np.full((k, k), np.nan)
    leverage, residual = expected.copy(), expected.copy()
    cells = np.ix_(modelled, modelled)
    observed = table[cells]
    if modelled.sum() >= MINIMUM_GROUPS:
        fitted = _fit(observed.sum(axis=1))
        weight = _leverage(fitted)
        leverage[cells] = weight
        # A cell that its margins determine has no room to differ: nothing but rounding is left.
        room = np.where(weight < 1 - 1e-9, 1 - weight, np.nan)
        residual[cells] = deviance_residual(observed, fitted) / np.sqrt(room)
        expected[cells] = fitted
    else:
        expected[cells] = observed
    for array in (expected, leverage, residual):
        np.fill_diagonal(array, np.nan)
    return QuasiIndependence(
        expected=expected, residual=residual, leverage=leverage, hubs=hubs, isolated=isolated
    )


def deviance_residual(observed: FloatArray, expected: FloatArray) -> FloatArray:
    r"""Return the signed root of what each Poisson count adds to the deviance.

    .. math:: d = \mathrm{sign}(T - E) \sqrt{2 [T \ln(T/E) - (T - E)]}

    Parameters
    ----------
    observed
        The counts T; for 0 the value is :math:`-\sqrt{2E}`.
    expected
        The expectations E, above 0; 0 or NaN give NaN.

    Returns
    -------
    numpy.ndarray of float

    Examples
    --------
    >>> deviance_residual(np.array([0.0, 4.0, 2.0]), np.array([2.0, 4.0, 8.0])).round(3).tolist()
    [-2.0, 0.0, -2.541]
    """
    positive = np.where(expected > 0, expected, np.nan)
    quotient = np.where(observed > 0, observed / positive, 1.0)
    deviance = 2 * (observed * np.log(quotient) - (observed - positive))
    # Rounding may leave a deviance just below 0 where both are equal.
    return np.asarray(np.sign(observed - positive) * np.sqrt(np.maximum(deviance, 0.0)))


def overdispersion(residuals: FloatArray) -> float:
    """Return how much more the counts vary than Poisson counts would, at least 1.

    People bring several ties each, so counts of ties are not independent. The median makes it
    robust against the few pairs that are to be found.

    Parameters
    ----------
    residuals
        Leverage-adjusted residuals; NaN are left out.

    Returns
    -------
    float
        A factor of the variance; 1 without any residual.

    Examples
    --------
    >>> round(overdispersion(np.array([-1.5, 0.2, 1.4, 9.0])), 3)
    4.621
    """
    known = np.abs(residuals[~np.isnan(residuals)])
    if not len(known):
        return 1.0
    return float(max(1.0, (np.median(known) / _NORMAL_MEDIAN) ** 2))


def ratio_interval(
    observed: FloatArray, expected: FloatArray, dispersion: float, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    r"""Interval of the observed over the expected count, for counts that vary too much.

    The exact interval of a Poisson count, by gamma quantiles, of :math:`T/\varphi` and scaled back.

    Parameters
    ----------
    observed, expected
        Counts T and their expectations E.
    dispersion
        The overdispersion :math:`\varphi`, 1 or more.
    level
        The coverage.

    Returns
    -------
    low, high : numpy.ndarray of float
        `low` is 0 for a count of 0; NaN where E is 0 or NaN.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. *Biometrika* 28, 437-442.

    Examples
    --------
    >>> low, high = ratio_interval(np.array([0.0, 10.0]), np.array([10.0, 10.0]), 1.0)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.48], [0.369, 1.839])
    """
    tail = (1 - level) / 2
    count = observed / dispersion
    scale = dispersion / np.where(expected > 0, expected, np.nan)
    low = np.where(count > 0, special.gammaincinv(np.where(count > 0, count, 1.0), tail), 0.0)
    high = special.gammaincinv(count + 1, 1 - tail)
    return low * scale, high * scale


def _fit(margins: FloatArray) -> FloatArray:
    """Fit the expectations to the margins by Newton's method on the logarithms of outwardness.

    The likelihood is concave and has its one maximum where no margin is half of the sum or more.
    Plain fixed-point steps need a number that grows without bound near that limit.
    """
    theta = np.log(margins / np.sqrt(margins.sum()))
    value, fitted = _objective(theta, margins)
    for _ in range(200):
        gradient = fitted.sum(axis=1) - margins
        step = np.linalg.solve(fitted + np.diag(fitted.sum(axis=1)), gradient)
        length = 1.0
        while length > 1e-12:
            new_value, new_fitted = _objective(theta - length * step, margins)
            if new_value <= value + 1e-12 * abs(value):
                break
            length /= 2
        theta, value, fitted = theta - length * step, new_value, new_fitted
        if np.abs(step).max() < 1e-13:
            break
    return fitted


def _objective(theta: FloatArray, margins: FloatArray) -> tuple[float, FloatArray]:
    """Negative log-likelihood of the model, up to a constant, and the expectations."""
    with np.errstate(over="ignore"):
        fitted = np.exp(theta[:, None] + theta[None, :])
    np.fill_diagonal(fitted, 0.0)
    return float(fitted.sum() / 2 - margins @ theta), fitted


def _leverage(expected: FloatArray) -> FloatArray:
    """Diagonal of the hat matrix of the Poisson model, laid out as the table."""
    inverse = np.linalg.inv(expected + np.diag(expected.sum(axis=1)))
    own = np.diagonal(inverse)
    return np.asarray(expected * (own[:, None] + own[None, :] + 2 * inverse))
