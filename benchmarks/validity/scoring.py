"""Scores of alarms against the truth: rates with their binomial bands, AUC, recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, binom, rankdata


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share of trials, with the 95 % interval of Clopper and Pearson."""

    hits: int
    trials: int

    @property
    def value(self) -> float:
        return self.hits / self.trials if self.trials else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        low = beta.ppf(0.025, self.hits, self.trials - self.hits + 1) if self.hits else 0.0
        full = self.hits == self.trials
        high = 1.0 if full else beta.ppf(0.975, self.hits + 1, self.trials - self.hits)
        return float(low), float(high)

    def exceeds(self, limit: float, *, band: float = 0.99) -> bool:
        """Say whether so many hits are above the band of a rate of `limit`."""
        return bool(self.hits > binom.ppf(0.5 + band / 2, self.trials, limit))

    def falls_short(self, limit: float, *, band: float = 0.99) -> bool:
        """Say whether so many hits are below the band of a rate of `limit`."""
        return bool(self.hits < binom.ppf(0.5 - band / 2, self.trials, limit))


def rate(hits: Sequence[bool]) -> Rate:
    """Count hits."""
    return Rate(hits=int(np.sum(np.asarray(hits, dtype=bool))), trials=len(hits))


def auc(planted: Sequence[bool], score: Sequence[float]) -> float:
    """Chance that something planted scores higher than something else; NaN without either."""
    hit = np.asarray(planted, dtype=bool)
    values = np.asarray(score, dtype=float)
    known = ~np.isnan(values)
    hit, values = hit[known], values[known]
    positive, negative = int(hit.sum()), int((~hit).sum())
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(values)[hit].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def recall_at_planted(planted: Sequence[bool], score: Sequence[float]) -> float:
    """Share of the planted among as many of the highest scores; equal scores share the places."""
    hit = np.asarray(planted, dtype=bool)
    values = np.asarray(score, dtype=float)
    count = int(hit.sum())
    if not count:
        return float("nan")
    last = np.sort(values)[-count]
    above, level = values > last, values == last
    places = (count - above.sum()) / level.sum()
    return float((hit & above).sum() + places * (hit & level).sum()) / count
