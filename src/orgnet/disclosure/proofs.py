"""Quick proofs that a withheld number of groups can be worked out, or that it cannot.

A table is a graph here: groups are its nodes, withheld numbers its edges, and the sum of the edges
at each node is known. Most numbers are decided without integer programming, which takes
milliseconds each: those that the sums hold fast by narrowing the limits of one edge by those of the
others, and those that a closed way through the graph moves. What is proved here holds; where
neither is, nothing is known.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt
from msgspec import Struct

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: Rounds of narrowing; each is true of the numbers, however many follow.
_ROUNDS = 30


class Edges(Struct, frozen=True):
    """Withheld numbers as edges between groups.

    Attributes
    ----------
    first, second
        Positions of the two groups of each, 0 to k − 1.
    value
        The numbers.
    low, high
        Whole numbers between which each is known to be.
    k
        Groups.
    """

    first: IntArray
    second: IntArray
    value: IntArray
    low: FloatArray
    high: FloatArray
    k: int

    def at_groups(self, of_edges: FloatArray) -> FloatArray:
        """Return the sum at each group of something that each edge has."""
        return np.asarray(
            np.bincount(self.first, of_edges, self.k) + np.bincount(self.second, of_edges, self.k)
        )


def narrowed(edges: Edges) -> tuple[FloatArray, FloatArray]:
    """Return limits that every table with these sums keeps, for each edge.

    An edge is at most what the others at its group leave of the sum, and at least what they, at
    their most, do not take up.

    Examples
    --------
    Of three edges in a chain, the outer ones are all that their groups have:

    >>> chain = Edges(
    ...     first=np.array([0, 1, 2]), second=np.array([1, 2, 3]), value=np.array([4, 7, 2]),
    ...     low=np.zeros(3), high=np.full(3, np.inf), k=4,
    ... )
    >>> [limits.tolist() for limits in narrowed(chain)]
    [[4.0, 7.0, 2.0], [4.0, 7.0, 2.0]]
    """
    total = edges.at_groups(edges.value.astype(float))
    low, high = edges.low, edges.high
    ends = (edges.first, edges.second)
    for _ in range(_ROUNDS):
        least = edges.at_groups(low)
        lowered = np.minimum(high, np.min([total[end] - (least[end] - low) for end in ends], 0))
        endless = np.isinf(lowered)
        most, open_ = edges.at_groups(np.where(endless, 0, lowered)), edges.at_groups(endless * 1.0)
        taken_up = [
            np.where(open_[end] > endless, np.inf, most[end] - np.where(endless, 0, lowered))
            for end in ends
        ]
        raised = np.maximum(
            low, np.max([total[end] - taken for end, taken in zip(ends, taken_up, strict=True)], 0)
        )
        if np.array_equal(raised, low) and np.array_equal(lowered, high):
            break
        low, high = raised, lowered
    return low, high


def moves(edges: Edges, edge: int, need: int) -> bool:
    """Say whether closed ways through the graph let an edge take numbers that are so far apart.

    Along a way edges rise and fall in turn, so that all sums stay. Always the shortest way is
    taken, by the whole need or by less of it and once more; False means that these do not do.

    Examples
    --------
    In a ring of four groups what two edges gain the two others lose; in one of three, the sums
    hold everything fast:

    >>> def ring(k):
    ...     groups = np.arange(k)
    ...     return Edges(groups, (groups + 1) % k, np.full(k, 5), np.zeros(k), np.full(k, 9.0), k)
    >>> moves(ring(4), 0, 3), moves(ring(3), 0, 3)
    (True, False)
    """
    far = 0
    for sign in (1, -1):
        value, step = edges.value, need
        while step and far < need:
            moved = _moved(edges, value, edge, sign * step)
            if moved is None:
                step //= 2
            else:
                value, far = moved, far + step
    return far >= need


def _moved(edges: Edges, value: IntArray, edge: int, by: int) -> IntArray | None:
    """Return the numbers after one edge has moved, and others to keep all sums; None if none can.

    Parameters
    ----------
    edges
        The graph, of which the sums and limits hold.
    value
        The numbers before.
    edge, by
        Which edge moves, and how far up or down.
    """
    with_it, against = (
        (edges.low <= value + change) & (value + change <= edges.high) for change in (by, -by)
    )
    if not with_it[edge]:
        return None
    beside: list[list[tuple[int, int]]] = [[] for _ in range(edges.k)]
    for at, (a, b) in enumerate(zip(edges.first.tolist(), edges.second.tolist(), strict=True)):
        if at != edge:
            beside[a].append((at, b))
            beside[b].append((at, a))
    # A state is a group and whether the edge that led there moved with the first one.
    begin, end = (int(edges.second[edge]), True), (int(edges.first[edge]), False)
    came: dict[tuple[int, bool], tuple[tuple[int, bool], int]] = {}
    waiting = deque([begin])
    while waiting and end not in came:
        state = waiting.popleft()
        group, moved_with = state
        may = against if moved_with else with_it
        for at, other in beside[group]:
            following = (other, not moved_with)
            if may[at] and following != begin and following not in came:
                came[following] = (state, at)
                waiting.append(following)
    if end not in came:
        return None
    moved = value.copy()
    moved[edge] += by
    state = end
    while state != begin:
        before, at = came[state]
        moved[at] += by if state[1] else -by
        state = before
    # A way may use an edge twice: the table that comes of it is looked at, not the way.
    fits = (edges.low <= moved) & (moved <= edges.high)
    return moved if fits.all() else None
