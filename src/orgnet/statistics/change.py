"""Whether groups turned outward or inward between two windows, beyond what ties change anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.resampling import common_dyad_bootstrap_sums

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ExternalChange:
    """Contact outside against inside in two windows, one number a group.

    Attributes
    ----------
    internal, external
        Windows × groups: strength inside the group (each pair twice) and with other groups.
    log_odds
        Windows × groups: ln((external + 1) / (internal + 1)).
    change
        Log-odds of the second window less those of the first: above 0 where a group turned outward.
    sd, z
        Bootstrap standard deviation of the change, and the change over it.
    p, q
        Two-sided normal p, and adjusted over the groups (Benjamini-Hochberg).
    """

    internal: FloatArray
    external: FloatArray
    log_odds: FloatArray
    change: FloatArray
    sd: FloatArray
    z: FloatArray
    p: FloatArray
    q: FloatArray


def external_change(
    one: IntArray,
    other: IntArray,
    strength: FloatArray,
    groups: int,
    *,
    draws: int,
    rng: np.random.Generator,
) -> ExternalChange:
    r"""Test for each group whether contact outside against inside changed between two windows.

    .. math::

        \lambda_g = \ln\frac{ext_g + 1}{M_{gg} + 1}, \qquad
        z = \frac{\lambda_g^{(2)} - \lambda_g^{(1)}}
            {sd\bigl(\lambda_g^{(2)*} - \lambda_g^{(1)*}\bigr)}

    The starred values come from bootstrap samples of the pairs of people, each with one Poisson(1)
    multiplier for both windows. A week jackknife would take the turnover of ties, which is there
    without any change of habits, for a change.

    Parameters
    ----------
    one, other
        The groups of the two people of each pair, from 0.
    strength
        Pairs × 2: strength in the first and second window, 0 where the pair had no contact.
    groups
        The number of groups.
    draws
        Bootstrap samples, at least 2.
    rng
        The source of randomness.

    Returns
    -------
    ExternalChange
        NaN for groups without contact in one of the windows, and for those without contact inside
        in both; z, p and q are NaN too where no sample differs.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the
    Royal Statistical Society B* 57(1), 289-300.

    Examples
    --------
    Group 0 has 40 pairs inside and keeps them; its 20 pairs outside become 60.

    >>> one = np.repeat(0, 100)
    >>> other = np.r_[np.repeat(0, 40), np.repeat(1, 60)]
    >>> strength = np.ones((100, 2))
    >>> strength[60:, 0] = 0
    >>> rng = np.random.default_rng(0)
    >>> result = external_change(one, other, strength, 2, draws=500, rng=rng)
    >>> round(float(result.change[0]), 2), bool(result.p[0] < 0.001), bool(result.change[1] > 0)
    (1.07, True, False)
    """
    low, high = np.minimum(one, other), np.maximum(one, other)
    cell = (low * groups + high).astype(np.int64)
    cells = np.repeat(cell[:, None], 2, axis=1)
    observed = np.stack(
        [np.bincount(cell, strength[:, window], groups * groups) for window in (0, 1)]
    ).astype(float)
    internal, external = _sides(observed.reshape(2, 1, groups, groups))
    internal, external = internal[:, 0], external[:, 0]
    log_odds = np.log((external + 1) / (internal + 1))
    usable = ((internal + external) > 0).all(axis=0) & (internal > 0).any(axis=0)
    change = np.where(usable, log_odds[1] - log_odds[0], np.nan)

    drawn = common_dyad_bootstrap_sums(cells, strength, groups * groups, draws=draws, rng=rng)
    inside, outside = _sides(drawn.reshape(2, draws, groups, groups))
    samples = np.log((outside + 1) / (inside + 1))
    sd = np.where(usable, (samples[1] - samples[0]).std(axis=0, ddof=1), np.nan)
    z = np.full(groups, np.nan)
    np.divide(change, sd, out=z, where=usable & (sd > 0))
    p = 2 * special.ndtr(-np.abs(z))
    return ExternalChange(
        internal=internal,
        external=external,
        log_odds=log_odds,
        change=change,
        sd=sd,
        z=z,
        p=p,
        q=benjamini_hochberg(p),
    )


def _sides(sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return strength inside (each pair twice) and outside, of windows × draws × cells of pairs."""
    once = np.diagonal(sums, axis1=2, axis2=3)
    outside = sums.copy()
    groups = np.arange(sums.shape[2])
    # Cleared rather than subtracted, so that nothing left over is exactly 0.
    outside[:, :, groups, groups] = 0.0
    return 2 * once, outside.sum(axis=2) + outside.sum(axis=3)
