"""Many tests at once: how many of the alarms to believe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    r"""Adjust p-values so that of the results called at `q`, about a share `q` is false.

    .. math:: q_{(i)} = \min_{j \ge i} \min\Bigl(1, \frac{m\,p_{(j)}}{j}\Bigr)

    over the *m* p-values that are not NaN, in rising order.

    Parameters
    ----------
    p
        One p-value a test; NaN for a test that was not made.

    Returns
    -------
    numpy.ndarray of float
        The adjusted values in the order of `p`; NaN stays NaN and does not count.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the
    Royal Statistical Society B* 57(1), 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, np.nan, 0.04, 0.03]).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    values = np.array(p, dtype=float)
    made = np.flatnonzero(~np.isnan(values))
    count = len(made)
    order = made[np.argsort(values[made], kind="stable")]
    scaled = values[order] * count / np.arange(1, count + 1)
    smallest_above = np.minimum.accumulate(scaled[::-1])[::-1]
    values[order] = np.minimum(smallest_above, 1.0)
    return values
