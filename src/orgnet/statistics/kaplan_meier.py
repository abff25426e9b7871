"""How long something takes, where some of it was not seen to its end (Kaplan and Meier)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: Of the normal distribution, for a 95 % interval.
_TWO_SIDED = 1.959963984540054


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Survival:
    """The Kaplan-Meier curve.

    Attributes
    ----------
    times
        When something ended, each time once, rising.
    remaining
        The share that lasts longer than each time.
    low, high
        The 95 % interval of `remaining`, on the scale of log(-log), which keeps it in 0 to 1. NaN
        where nothing remains.
    """

    times: FloatArray
    remaining: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def median(self) -> float:
        """The first time that at most half outlast; NaN if more than half outlast all."""
        return self._first(self.remaining)

    @property
    def median_interval(self) -> tuple[float, float]:
        """The 95 % interval of the median (Brookmeyer and Crowley); NaN where it is open."""
        # Nothing remains: the lower limit of the share has reached every level, the upper has not.
        return self._first(np.where(self.remaining > 0, self.low, 0.0)), self._first(self.high)

    def _first(self, share: FloatArray) -> float:
        # Products of shares that are a half miss it by a last digit.
        below = np.flatnonzero(share <= 0.5 + 1e-12)
        return float(self.times[below[0]]) if len(below) else float("nan")


def kaplan_meier(durations: FloatArray, ended: BoolArray) -> Survival:
    r"""Estimate how long something lasts when only part of it was seen to end.

    .. math:: \hat S(t) = \prod_{t_k \le t} \Bigl(1 - \frac{d_k}{n_k}\Bigr), \qquad
        \widehat{\mathrm{var}} = \hat S^2 \sum_{t_k \le t} \frac{d_k}{n_k (n_k - d_k)}

    with :math:`d_k` ends at time :math:`t_k` and :math:`n_k` still lasting just before.

    Parameters
    ----------
    durations
        How long each was seen.
    ended
        Whether it ended then; else it lasted at least so long.

    Returns
    -------
    Survival
        Without times where nothing ended.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
    *Journal of the American Statistical Association* 53, 457-481. The interval: Brookmeyer, R. and
    Crowley, J. (1982). A confidence interval for the median survival time. *Biometrics* 38, 29-41.

    Examples
    --------
    Five answers, one of which did not come in four hours.

    >>> ended = np.array([True, True, True, False, True])
    >>> curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0, 6.0]), ended)
    >>> curve.remaining.round(3).tolist(), curve.median
    ([0.8, 0.6, 0.4, 0.0], 3.0)
    """
    order = np.argsort(durations, kind="stable")
    seen, over = np.asarray(durations, dtype=float)[order], np.asarray(ended, dtype=bool)[order]
    times = np.unique(seen[over])
    lasting = len(seen) - np.searchsorted(seen, times)
    ends = np.searchsorted(seen[over], times, side="right") - np.searchsorted(seen[over], times)
    remaining = np.cumprod(1 - ends / lasting)
    some = remaining > 0
    variance = np.cumsum(
        np.divide(ends, lasting * (lasting - ends), out=np.zeros(len(times)), where=some)
    )
    logarithm = np.log(remaining, out=np.full(len(times), np.nan), where=some)
    width = np.exp(_TWO_SIDED * np.sqrt(variance) / np.abs(logarithm))
    return Survival(
        times=times,
        remaining=np.where(some, remaining, 0.0),
        low=np.exp(logarithm * width),
        high=np.exp(logarithm / width),
    )
