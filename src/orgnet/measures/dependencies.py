"""How much of one person's shortest ways to everybody leads through each other person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import sparse

from orgnet.measures.products import add_product, add_transposed_product
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Up to this share of the nodes a product of their rows alone is faster than that of all.
_FEW = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The nodes that are so many steps away from the sources, or some of them.

    Attributes
    ----------
    rows
        Nodes so far from one of the sources at least, in order; None stands for all nodes.
    ties
        Their rows of the adjacency.
    values
        Of each of them, for each source: how many shortest paths lead there, or which share it
        hands on; 0 where another step is theirs.
    """

    rows: IntArray | None
    ties: sparse.csr_array
    values: FloatArray


#: Says for some nodes (None: for all) with 1 or 0 whether they count as ends of a way.
_Counted = Callable[[IntArray | None], FloatArray | BoolArray | float]


class Dependencies:
    """Brandes' dependencies of many sources at once, in arrays that are used again and again.

    Forward, one product a step from the sources counts the shortest paths; backward, one product a
    step hands each node's share on to the nodes before it. Numbers of paths are whole and 0 where
    there are none, so that the rest is arithmetic without a condition: the smaller of such a number
    and 1 says whether there is a path.

    It is the faster the more the sources that follow each other have the same nodes nearby.

    Parameters
    ----------
    adjacency
        Symmetric, of ones, without empty rows.
    codes
        Of the nodes, to count ways to nodes of another code as well. As nodes of the own code are
        few and near, both ways together take little longer than one.
    width
        The most sources at a time.
    dtype
        Of the numbers inside: half as exact is nearly twice as fast. Sums are always in float64.
    squares
        Whether sums of squares are wanted.

    Examples
    --------
    In the chain 0 - 1 - 2 the way from 0 to 2 leads through 1.

    >>> chain = sparse.csr_array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> sums, _ = Dependencies(chain, width=1).sums(np.array([0]))
    >>> sums.tolist()
    [[0.0, 1.0, 0.0]]
    """

    def __init__(
        self,
        adjacency: sparse.csr_array,
        codes: IntArray | None = None,
        *,
        width: int,
        dtype: npt.DTypeLike = np.float64,
        squares: bool = True,
    ) -> None:
        self._adjacency = adjacency.astype(dtype)
        self._codes = codes
        self._squares = squares
        # Fresh memory costs as much as what is done in it.
        size = adjacency.shape[0] * width
        self._unseen, self._spread, self._other = np.empty((3, size), dtype)
        self._spare = [list(np.empty((2, size), dtype)) for _ in range(1 if codes is None else 2)]
        self._found: list[FloatArray] = []

    def sums(self, sources: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the sum over some sources of each node's dependency, and the sum of its squares.

        Parameters
        ----------
        sources
            Nodes, each once.

        Returns
        -------
        tuple of two numpy.ndarray of float
            One row for the ways to everybody, with codes another for those to nodes of another
            code; one column a node. The second array is all 0 if it is not wanted.
        """
        steps = self._forward(sources)
        codes = self._codes
        totals, squares = np.zeros((2, 1 if codes is None else 2, self._adjacency.shape[0]))
        if codes is None:
            for rows, found in self._backward(steps, self._spare[0], lambda rows: 1.0):
                self._add(totals[0], squares[0], rows, found)
            return totals, squares
        own = codes[sources]
        is_other = self._shaped(self._other, len(sources))
        np.not_equal(codes[:, None], own, out=is_other)
        to_others = self._backward(steps, self._spare[0], lambda rows: is_other[_all_or(rows)])
        to_own = self._backward(
            steps,
            self._spare[1],
            lambda rows: codes[_all_or(rows), None] == own,
            np.flatnonzero(np.isin(codes, own)),
        )
        for (rows, other), (_, same) in zip(to_others, to_own, strict=True):
            self._add(totals[0], squares[0], rows, other, same)
            self._add(totals[1], squares[1], rows, other)
        return totals, squares

    def _add(
        self,
        total: FloatArray,
        square: FloatArray,
        rows: IntArray | None,
        *parts: FloatArray | None,
    ) -> None:
        """Add the sum of some parts of the dependencies of a step to what the nodes have."""
        there = [part for part in parts if part is not None]
        for part in there:
            total[_all_or(rows)] += _sums_of_rows(part)
        if self._squares:
            for one, another in product(there, repeat=2):
                square[_all_or(rows)] += np.einsum("rs,rs->r", one, another)

    def _shaped(self, array: FloatArray, count: int) -> FloatArray:
        """Return the part of an array that stands for all nodes and so many sources."""
        n = self._adjacency.shape[0]
        return array[: n * count].reshape(n, count)

    def _forward(self, sources: IntArray) -> list[_Step]:
        """Count the shortest paths from each source, step by step, from the sources themselves."""
        adjacency = self._adjacency
        n, count = adjacency.shape[0], len(sources)
        unseen = self._shaped(self._unseen, count)
        unseen.fill(1.0)
        unseen[sources, np.arange(count)] = 0.0
        steps = [_Step(sources, adjacency[sources], np.eye(count, dtype=adjacency.dtype))]
        while True:
            waiting = np.flatnonzero(_sums_of_rows(unseen))
            if not len(waiting):
                return steps
            if len(waiting) <= _FEW * n:
                ties, rows = adjacency[waiting], waiting
                found = np.empty((len(rows), count), dtype=adjacency.dtype)
                still = unseen[rows]
            else:
                ties, rows = adjacency, None
                found = self._found_at(len(steps), count)
                still = unseen
            step = _Step(rows, ties, found)
            self._carry(steps[-1], step, found)
            found *= still
            still -= np.minimum(found, 1.0, out=self._other[: found.size].reshape(found.shape))
            if rows is not None:
                unseen[rows] = still
            reached = self._without_zeros(step)
            if reached is None:
                return steps
            steps.append(reached)

    def _found_at(self, step: int, count: int) -> FloatArray:
        """Return the array for the numbers of paths at a step."""
        while len(self._found) < step:
            self._found.append(np.empty_like(self._unseen))
        return self._shaped(self._found[step - 1], count)

    def _carry(self, origin: _Step, to: _Step, out: FloatArray) -> None:
        """Add up for the nodes of one step what those they are tied to have at another."""
        if to.rows is not None and (origin.rows is None or len(to.rows) <= len(origin.rows)):
            out.fill(0.0)
            add_product(to.ties, self._at_all(origin), out)
        elif origin.rows is None:
            out.fill(0.0)
            add_product(to.ties, origin.values, out)
        else:
            everywhere = out if to.rows is None else self._shaped(self._spread, out.shape[1])
            everywhere.fill(0.0)
            add_transposed_product(origin.ties, origin.values, everywhere)
            if to.rows is not None:
                np.take(everywhere, to.rows, axis=0, out=out)

    def _at_all(self, step: _Step) -> FloatArray:
        """Return the values of a step with 0 for all other nodes."""
        if step.rows is None:
            return step.values
        everywhere = self._shaped(self._spread, step.values.shape[1])
        everywhere.fill(0.0)
        everywhere[step.rows] = step.values
        return everywhere

    def _backward(
        self,
        steps: list[_Step],
        spare: list[FloatArray],
        counted: _Counted,
        among: IntArray | None = None,
    ) -> Iterator[tuple[IntArray | None, FloatArray | None]]:
        """Hand the shares on from the last step to the first; yield what each node has of them.

        The share of a node is what it counts itself and what was handed on to it, for each of the
        paths to it. None of the nodes is counted that is not `among` those given.

        Yields
        ------
        The rows of a step, and their dependencies; None where nothing was handed on.
        """
        handing: _Step | None = None
        for step in reversed(steps[1:]):
            rows, paths = step.rows, step.values
            dependency = None
            if handing is not None:
                dependency = spare[0][: paths.size].reshape(paths.shape)
                spare.reverse()
                self._carry(handing, step, dependency)
                dependency *= paths
            yield rows, dependency
            if dependency is not None:
                share = dependency
                share += counted(rows)
            else:
                if among is not None:
                    step = self._some(step, among)
                    rows, paths = step.rows, step.values
                share = np.ones_like(paths)
                share *= counted(rows)
            limited = self._spread[: paths.size].reshape(paths.shape)
            share *= np.minimum(paths, 1.0, out=limited)
            share /= np.maximum(paths, 1.0, out=limited)
            handing = self._without_zeros(_Step(rows, step.ties, share))

    def _some(self, step: _Step, among: IntArray) -> _Step:
        """Return those nodes of a step that are among others."""
        if step.rows is None:
            rows, values = among, step.values[among]
        else:
            rows, place, _ = np.intersect1d(
                step.rows, among, assume_unique=True, return_indices=True
            )
            values = step.values[place]
        return _Step(rows, self._adjacency[rows], values)

    def _without_zeros(self, step: _Step) -> _Step | None:
        """Leave out nodes that have nothing, if these are many; None if no node has anything."""
        there = np.flatnonzero(_sums_of_rows(step.values))
        if not len(there):
            return None
        if len(there) > _FEW * len(step.values):
            return step
        rows = there if step.rows is None else step.rows[there]
        return _Step(rows, self._adjacency[rows], step.values[there])


def _all_or(rows: IntArray | None) -> IntArray | slice:
    return slice(None) if rows is None else rows


def _sums_of_rows(array: FloatArray) -> FloatArray:
    """Return what ``array.sum(axis=1)`` does: four times as fast for short rows."""
    sums: FloatArray = np.einsum("rs->r", array)
    return sums
