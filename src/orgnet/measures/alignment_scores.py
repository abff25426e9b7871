"""The sub-scores of the horizontal alignment index: of a window, and of resampled weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.measures.coordination import MOST_TIES, contact_targets
from orgnet.measures.matching import capped_matchings
from orgnet.measures.mixing import Mixing
from orgnet.measures.requirements import requirement_matrix, unobserved_groups
from orgnet.network import Network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: A group with this openness or more is open enough.
OPENNESS_TARGET = 0.5

#: What contact through one go-between counts against direct contact.
GO_BETWEEN_CREDIT = 0.5

#: How many numbers one block of bootstrap draws may hold.
_BLOCK_NUMBERS = 8_000_000


class Scorer:
    """What the sub-scores need of a network, and the sub-scores of its weeks or of resampled ones.

    Attributes
    ----------
    sizes
        People in each group.
    targets
        The `contact_targets`, groups × groups.
    weights
        What each pair of groups counts, groups × groups, above the diagonal.
    go_between
        Whether contact through a third group counts: only without stated requirements.
    """

    def __init__(
        self, network: Network, mixed: Mixing, requirements: pd.DataFrame | None = None
    ) -> None:
        groups = mixed.groups
        a, b, known = network.between(groups)
        a, b = a[known], b[known]
        self.network = network
        self.rows = np.flatnonzero(known)
        self.sizes = sizes = groups.sizes
        self.targets = contact_targets(sizes)
        self.go_between = requirements is None
        if requirements is None:
            weights = np.outer(sizes, sizes).astype(float)
        else:
            absent = unobserved_groups(network, groups)
            weights = requirement_matrix(requirements, groups.names, unobserved=absent)
        self.weights = np.triu(weights, 1)

        k, count = len(sizes), len(a)
        cross = np.flatnonzero(a != b)
        ends = np.concatenate([a[cross], b[cross]])
        inside = np.flatnonzero(a == b)
        self.to_external = _indicator(ends, np.concatenate([cross, cross]), (k, count))
        self.to_internal = _indicator(a[inside], inside, (k, count)) * 2.0

        swap = a[cross] > b[cross]
        first = network.pairs.first[self.rows][cross]
        second = network.pairs.second[self.rows][cross]
        cell = np.minimum(a[cross], b[cross]) * k + np.maximum(a[cross], b[cross])
        order = np.argsort(cell, kind="stable")
        self.cell = cell[order]
        self.left = np.where(swap, second, first)[order]
        self.right = np.where(swap, first, second)[order]
        self.cross = self.rows[cross][order]

    def window(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Strength inside and outside each group, and which ties between groups are regular.

        Columns, one each: of the network as it is. Dated networks are counted in active weeks.
        """
        pairs = self.network.pairs
        if pairs.weekly is None:
            strength = pairs.strength[self.rows][:, None]
        else:
            strength = np.asarray(pairs.weekly.sum(axis=1), dtype=float)[self.rows][:, None]
        regular = pairs.regular[self.cross][:, None]
        return self.to_internal @ strength, self.to_external @ strength, regular

    def observed(self) -> FloatArray:
        """Sub-scores of the network as it is, 1 × 3."""
        return self._scores(*self.window())

    def dated(self, multiplicities: IntArray) -> FloatArray:
        """Sub-scores for each column of week multiplicities, columns × 3."""
        weekly = self.network.pairs.weekly
        assert weekly is not None
        by_week = weekly[self.rows]
        internal = (self.to_internal @ by_week) @ multiplicities
        external = (self.to_external @ by_week) @ multiplicities
        active = weekly[self.cross]
        active.data = np.ones_like(active.data)
        columns = multiplicities.shape[1]
        k = len(self.sizes)
        block = max(1, _BLOCK_NUMBERS // max(len(self.cross), k * k))
        scores = []
        for begin in range(0, columns, block):
            part = slice(begin, begin + block)
            weeks = active @ multiplicities[:, part]
            regular = weeks >= self.network.rules.regular_weeks
            scores.append(self._scores(internal[:, part], external[:, part], regular))
        return np.vstack(scores)

    def ties_and_factors(self, regular: BoolArray) -> tuple[IntArray, IntArray]:
        """Regular ties and bus factors of every two groups: columns × groups × groups, upper half.

        The bus factor is at most the largest target.
        """
        columns = regular.shape[1]
        k = len(self.sizes)
        ties = np.zeros((k * k, columns), dtype=np.int64)
        if len(self.cell):
            starts = np.flatnonzero(np.r_[True, np.diff(self.cell) != 0])
            ties[self.cell[starts]] = np.add.reduceat(regular, starts, axis=0, dtype=np.int64)
        factors = capped_matchings(
            regular, self.left, self.right, self.cell, k * k, cap=MOST_TIES
        ).reshape(columns, k, k)
        return ties.T.reshape(columns, k, k), factors

    def covered(self, ties: IntArray) -> FloatArray:
        """How much of the target is there: c of two groups, 0 to 1."""
        return np.asarray(np.minimum(1.0, ties / self.targets))

    def spare(self, factors: IntArray) -> FloatArray:
        """How much of it stays when the most needed person leaves: b of two groups, 0 to 1."""
        left = np.maximum(0, factors - 1) / np.maximum(1, self.targets - 1)
        return np.asarray(np.minimum(1.0, left))

    def open_people(self, internal: FloatArray, external: FloatArray) -> tuple[FloatArray, ...]:
        """Of each group the people counted as open enough, and those who could be: twice k × c."""
        volume = internal + external
        there = volume > 0
        n = self.sizes.sum()
        share = np.divide(external, volume, out=np.zeros_like(volume), where=there)
        openness = share * ((n - 1) / (n - self.sizes))[:, None]
        people = (there * self.sizes[:, None]).astype(float)
        return people * np.minimum(1.0, openness / OPENNESS_TARGET), people

    def best(self, direct: FloatArray) -> FloatArray:
        """Credit of every two groups, direct or through a third: columns × groups × groups.

        Symmetric, for the direct credit given in the upper half.
        """
        direct = direct + direct.transpose(0, 2, 1)
        if not self.go_between:
            return direct
        through = np.zeros_like(direct)
        for q in range(len(self.sizes)):
            np.maximum(
                through, np.minimum(direct[:, :, q, None], direct[:, q, None, :]), out=through
            )
        return np.maximum(direct, GO_BETWEEN_CREDIT * through)

    def _scores(self, internal: FloatArray, external: FloatArray, regular: BoolArray) -> FloatArray:
        """Return openness, coverage and resilience, columns × 3."""
        ties, factors = self.ties_and_factors(regular)
        opened, people = (part.sum(axis=0) for part in self.open_people(internal, external))
        openness = np.divide(opened, people, out=np.full_like(people, np.nan), where=people > 0)
        return np.column_stack(
            [
                openness,
                self._over_pairs(self.covered(ties)),
                self._over_pairs(self.spare(factors)),
            ]
        )

    def _over_pairs(self, direct: FloatArray) -> FloatArray:
        # Divided by the same sum at the end, full credit everywhere is 1 to the last digit.
        weighted = (self.best(direct) * self.weights).sum(axis=(1, 2))
        return np.asarray(weighted / self.weights.sum())


def _indicator(rows: IntArray, columns: IntArray, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
