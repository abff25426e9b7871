"""Whether two traits of people go together, department by department, beyond chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

#: Standard deviations on each side of a 95 % interval.
_TWO_SIDED = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedTable:
    """Trait by outcome.

    Attributes
    ----------
    both, trait_only, outcome_only, neither
        People in each cell.
    p
        One-sided: of so many or more with both, if the trait were dealt out by lot within each
        stratum. NaN where no stratum has people with and without of either.
    """

    both: int
    trait_only: int
    outcome_only: int
    neither: int
    p: float

    @property
    def share_with(self) -> float:
        """Share of those with the outcome who have the trait."""
        return self.both / max(self.both + self.outcome_only, 1)

    @property
    def share_without(self) -> float:
        """Share of those without the outcome who have the trait."""
        return self.trait_only / max(self.trait_only + self.neither, 1)

    def difference_interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the difference of the two shares (Newcombe's)."""
        low_with, high_with = _wilson(self.both, self.both + self.outcome_only)
        low_without, high_without = _wilson(self.trait_only, self.trait_only + self.neither)
        difference = self.share_with - self.share_without
        below = math.hypot(self.share_with - low_with, high_without - self.share_without)
        above = math.hypot(high_with - self.share_with, self.share_without - low_without)
        return difference - below, difference + above


def stratified_table(trait: BoolArray, outcome: BoolArray, stratum: IntArray) -> StratifiedTable:
    """Test whether a trait is more frequent among those with the outcome, within strata.

    The test is Cochran's, Mantel's and Haenszel's with continuity correction: what the strata
    differ in explains nothing.

    Parameters
    ----------
    trait, outcome
        For each person whether they have it.
    stratum
        The stratum of each, from 0.

    References
    ----------
    Mantel, N. and Haenszel, W. (1959). Statistical aspects of the analysis of data from
    retrospective studies of disease. *Journal of the National Cancer Institute* 22(4), 719-748.
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions.
    *Statistics in Medicine* 17(8), 873-890.

    Examples
    --------
    Two departments of ten; in each, three of the four with the trait have the outcome.

    >>> trait = np.tile(np.arange(10) < 4, 2)
    >>> outcome = np.tile(np.isin(np.arange(10), [0, 1, 2, 9]), 2)
    >>> table = stratified_table(trait, outcome, np.repeat([0, 1], 10))
    >>> table.both, round(table.share_with, 2), round(table.share_without, 2), round(table.p, 3)
    (6, 0.75, 0.17, 0.021)
    """
    strata = int(stratum.max()) + 1 if len(stratum) else 0

    def count(which: BoolArray) -> npt.NDArray[np.float64]:
        return np.bincount(stratum[which], minlength=strata).astype(float)

    everybody = count(np.ones(len(stratum), dtype=bool))
    with_trait, with_outcome = count(trait), count(outcome)
    both = count(trait & outcome)
    usable = everybody > 1
    n, a, b = everybody[usable], with_trait[usable], with_outcome[usable]
    expected = (a * b / n).sum()
    variance = (a * (n - a) * b * (n - b) / (n * n * (n - 1))).sum()
    excess = both[usable].sum() - expected
    corrected = np.sign(excess) * max(abs(excess) - 0.5, 0.0)
    return StratifiedTable(
        both=int(both.sum()),
        trait_only=int((trait & ~outcome).sum()),
        outcome_only=int((outcome & ~trait).sum()),
        neither=int((~trait & ~outcome).sum()),
        p=float(special.ndtr(-corrected / math.sqrt(variance))) if variance > 0 else math.nan,
    )


def _wilson(count: int, people: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not people:
        return 0.0, 1.0
    share, z2 = count / people, _TWO_SIDED**2
    middle = (share + z2 / (2 * people)) / (1 + z2 / people)
    spread = math.sqrt(share * (1 - share) / people + z2 / (4 * people**2))
    half = _TWO_SIDED * spread / (1 + z2 / people)
    return middle - half, middle + half
