"""How much values differ among themselves, beyond the error with which each is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

#: The median of the absolute value of a standard normal variable.
_NORMAL_MEDIAN = 0.6745

#: Halvings of the range in which the variance is looked for.
_STEPS = 60


def between_variance(values: npt.ArrayLike, variances: npt.ArrayLike) -> float:
    r"""Estimate the variance between values of which each has an error of its own.

    .. math:: \mathrm{median}_g \frac{|x_g - \tilde x|}{\sqrt{v_g + \tau^2}} = 0.6745

    with the median :math:`\tilde x` of the values and the median 0.6745 of the absolute value of a
    standard normal variable. Medians, because the few values that are to be found out would
    otherwise make all the others look as different as they are.

    Parameters
    ----------
    values
        The values x.
    variances
        The variance v of the error of each.

    Returns
    -------
    float
        :math:`\tau^2`, 0 or more; 0 where the errors explain all of the differences, and with
        fewer than two values.

    References
    ----------
    In the manner of Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors.
    *Journal of Research of the National Bureau of Standards* 87(5), 377-385, with medians in place
    of sums.

    Examples
    --------
    Four values that differ by some tenths, and one far away from them.

    >>> round(between_variance([0.1, -0.2, 0.0, 0.3, -4.0], [0.01] * 5), 3)
    0.078
    >>> between_variance([0.1, -0.2, 0.0, 0.3, -4.0], [1.0] * 5)
    0.0
    """
    x = np.asarray(values, dtype=float)
    v = np.asarray(variances, dtype=float)
    if len(x) < 2:
        return 0.0
    apart = (x - np.median(x)) ** 2

    def excess(between: float) -> float:
        total = v + between
        ratio = np.divide(apart, total, out=np.zeros_like(apart), where=total > 0)
        ratio[(total == 0) & (apart > 0)] = np.inf
        return float(np.median(ratio)) - _NORMAL_MEDIAN**2

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(apart.max()) / _NORMAL_MEDIAN**2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return high
