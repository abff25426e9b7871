"""What one more tie would bring: to the index, to the ways between groups, to the whole network."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, shortest_path

from orgnet.measures.alignment_scores import GO_BETWEEN_CREDIT, Scorer
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Added to every person's strength where the network falls into parts, as a share of the mean.
_LINK_OF_PARTS = 1e-6


class PathGains(Protocol):
    """How much a tie between two people would bring; people as positions."""

    def gain(self, u: int, v: int) -> float:
        """Return what a tie between *u* and *v* would bring now."""

    def add(self, u: int, v: int) -> None:
        """Add that tie."""


class IndexGains:
    r"""Points of the index for more regular ties between two groups, for every two groups.

    Each tie is of two people without regular contact in each other's group, so that it raises the
    bus factor by exactly one; with `strength` it adds to the external contact of both groups.
    """

    def __init__(self, scorer: Scorer, strength: float) -> None:
        self.scorer = scorer
        self.strength = strength
        self.internal, self.external, regular = scorer.window()
        self.ties, self.factors = scorer.ties_and_factors(regular)
        self.weights = scorer.weights + scorer.weights.T

    def gains(self, count: int = 1) -> FloatArray:
        """Return the points of `count` ties for every two groups, groups × groups, upper half."""
        scorer, ties, factors = self.scorer, self.ties, self.factors
        contact = self._over_pairs(scorer.covered(ties), scorer.covered(ties + count))
        spare = self._over_pairs(scorer.spare(factors), scorer.spare(factors + count))
        openness = self._openness(count * self.strength)
        gains = 100 / 3 * (openness + (contact + spare) / scorer.weights.sum())
        return np.asarray(np.triu(gains, 1))

    def add(self, g: int, h: int) -> None:
        """Add one tie between two groups, g < h."""
        self.ties[0, g, h] += 1
        self.factors[0, g, h] += 1
        self.external[[g, h]] += self.strength

    def _openness(self, strength: float) -> FloatArray:
        now, people = (part[:, 0] for part in self.scorer.open_people(self.internal, self.external))
        then, people_then = (
            part[:, 0] for part in self.scorer.open_people(self.internal, self.external + strength)
        )
        opened, counted = then - now, people_then - people
        # A group without a tie comes in with its first.
        after = now.sum() + np.add.outer(opened, opened)
        return np.asarray(
            after / (people.sum() + np.add.outer(counted, counted)) - now.sum() / people.sum()
        )

    def _over_pairs(self, direct: FloatArray, raised: FloatArray) -> FloatArray:
        """Weighted gain if the credit of one pair is raised, for every pair."""
        best = self.scorer.best(direct)[0]
        direct, raised = (credit[0] + credit[0].T for credit in (np.triu(direct), np.triu(raised)))
        gain = self.weights * (np.maximum(best, raised) - best)
        if not self.scorer.go_between:
            return np.asarray(gain)
        k = len(best)
        through = np.zeros_like(gain)
        for g in range(k):
            # What g reaches through h, if the credit of the two is raised.
            credit = GO_BETWEEN_CREDIT * np.minimum(raised[g][:, None], direct)
            more = np.maximum(0.0, credit - best[g])
            more[:, g] = 0.0
            np.fill_diagonal(more, 0.0)
            through[g] = more @ self.weights[g]
        return np.asarray(gain + through + through.T)


class EfficiencyGains:
    r"""Gain of the mean of 1 / length over the shortest ways between people of different groups."""

    def __init__(self, ties: sparse.csr_array, codes: IntArray) -> None:
        self.lengths: FloatArray = shortest_path(ties, directed=False, unweighted=True)
        self.codes = codes
        sizes = np.bincount(codes)
        self.pairs = (len(codes) ** 2 - int((sizes**2).sum())) / 2

    @property
    def value(self) -> float:
        """The efficiency now."""
        with np.errstate(divide="ignore"):
            inverse = np.triu(1 / self.lengths, 1)
        return float(inverse[self.codes[:, None] != self.codes].sum() / self.pairs)

    def gain(self, u: int, v: int) -> float:
        """Return the gain of a tie between *u* and *v*."""
        near_u, near_v, through = self._through(u, v)
        before = self.lengths[np.ix_(near_u, near_v)]
        across = self.codes[near_u][:, None] != self.codes[near_v]
        shorter = across & (through < before)
        gain = 1 / through[shorter] - 1 / before[shorter]
        return float(gain.sum() / self.pairs)

    def add(self, u: int, v: int) -> None:
        """Shorten the ways that a tie between *u* and *v* shortens."""
        near_u, near_v, through = self._through(u, v)
        block = np.ix_(near_u, near_v)
        shorter = np.minimum(self.lengths[block], through)
        self.lengths[block] = shorter
        self.lengths[np.ix_(near_v, near_u)] = shorter.T

    def _through(self, u: int, v: int) -> tuple[BoolArray, BoolArray, FloatArray]:
        """Return who could go over the tie from either side, and the length of their ways then."""
        to_u, to_v = self.lengths[u], self.lengths[v]
        near_u, near_v = to_u + 1 < to_v, to_v + 1 < to_u
        return near_u, near_v, to_u[near_u][:, None] + 1 + to_v[near_v]


class ResistanceGains:
    r"""How much a tie lowers the Kirchhoff index, the sum of the resistances of all pairs.

    .. math:: \Delta = \frac{n\,w\,\lVert L^+ e \rVert^2}{1 + w\, e^\top L^+ e}, \quad
        e = e_u - e_v

    A network in parts is joined by a trace of strength at every person, so that ties between its
    parts come first.
    """

    def __init__(self, strength: sparse.csr_array, tie: float) -> None:
        n = strength.shape[0]
        at_person = np.asarray(strength.sum(axis=1), dtype=float).ravel()
        laplacian = np.diag(at_person) - strength.toarray()
        if n and connected_components(strength, directed=False)[0] == 1:
            self.inverse = np.linalg.inv(laplacian + 1 / n) - 1 / n
        else:
            trace = _LINK_OF_PARTS * (at_person.mean() if at_person.any() else 1.0)
            self.inverse = np.linalg.inv(laplacian + trace * np.eye(n))
        self.tie = tie

    def gain(self, u: int, v: int) -> float:
        """Return the gain of a tie between *u* and *v*."""
        column, resistance = self._column(u, v)
        return float(len(column) * self.tie * (column @ column) / (1 + self.tie * resistance))

    def add(self, u: int, v: int) -> None:
        """Add the tie."""
        column, resistance = self._column(u, v)
        self.inverse -= np.outer(column, column) * (self.tie / (1 + self.tie * resistance))

    def _column(self, u: int, v: int) -> tuple[FloatArray, float]:
        column = self.inverse[:, u] - self.inverse[:, v]
        return column, float(column[u] - column[v])
