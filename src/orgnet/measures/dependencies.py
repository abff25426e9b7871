"""How much of one person's shortest ways to everybody leads through each other person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Rows that are worked on at a time, so that what they need stays in the processor's cache.
_ROWS = 512

#: Up to this share of the rows a product of some rows alone is faster than that of all.
_FEW = 0.25

_UNSEEN = np.uint8(255)


class Dependencies:
    """Brandes' dependencies of many sources at once, in arrays that are used again and again.

    Forward, one product a step from the sources counts the shortest paths; backward, one product a
    step hands each node's share on to the nodes before it.

    Parameters
    ----------
    adjacency
        Symmetric, of ones, without empty rows and with ways of fewer than 255 steps.
    kinds
        What to count: None for the ways to everybody, codes for those to nodes of another code
        than the source has.
    width
        The most sources at a time.
    dtype
        Of the numbers inside: half as exact is nearly twice as fast. Sums are always in float64.

    Examples
    --------
    In the chain 0 - 1 - 2 the way from 0 to 2 leads through 1.

    >>> chain = sparse.csr_array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> sums, _ = Dependencies(chain, (None,), width=1).sums(np.array([0]))
    >>> sums.tolist()
    [[0.0, 1.0, 0.0]]
    """

    def __init__(
        self,
        adjacency: sparse.csr_array,
        kinds: tuple[IntArray | None, ...],
        *,
        width: int,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        n = adjacency.shape[0]
        adjacency = adjacency.astype(dtype)
        self._adjacency = adjacency
        self._kinds = kinds
        self._spans = [slice(start, min(start + _ROWS, n)) for start in range(0, n, _ROWS)]
        self._blocks = [adjacency[span] for span in self._spans]
        # Fresh memory costs as much as what is done in it.
        self._step_of = np.empty(n * width, dtype=np.uint8)
        self._node_arrays = np.empty((4, n * width), dtype=dtype)
        self._share_arrays = np.empty((2, n * len(kinds) * width), dtype=dtype)

    def sums(self, sources: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the sum over some sources of each node's dependency, and the sum of its squares.

        Parameters
        ----------
        sources
            Nodes, each once.

        Returns
        -------
        tuple of two numpy.ndarray of float
            Kinds × nodes.
        """
        n, count, kinds = self._adjacency.shape[0], len(sources), len(self._kinds)
        step_of = self._step_of[: n * count].reshape(n, count)
        paths, per_path, *fronts = (
            array[: n * count].reshape(n, count) for array in self._node_arrays
        )
        steps = self._forward(sources, step_of, paths, fronts)
        np.maximum(paths, 1.0, out=per_path)
        np.divide(1.0, per_path, out=per_path)
        counted = [
            None if codes is None else codes[:, None] != codes[sources] for codes in self._kinds
        ]
        shares = [array[: n * kinds * count].reshape(n, kinds, count)
                  for array in self._share_arrays]  # fmt: skip
        return self._backward(steps, step_of, paths, per_path, counted, shares)

    def _forward(
        self,
        sources: IntArray,
        step_of: npt.NDArray[np.uint8],
        paths: FloatArray,
        fronts: list[FloatArray],
    ) -> int:
        """Fill in each node's step and number of paths from each source; return the last step."""
        adjacency = self._adjacency
        columns = np.arange(len(sources))
        front, following = fronts
        step_of.fill(_UNSEEN)
        paths.fill(0.0)
        front.fill(0.0)
        step_of[sources, columns] = 0
        paths[sources, columns] = 1.0
        # Few are near: two steps without going through all.
        near = adjacency[sources]
        for step in (1, 2):
            column = np.repeat(columns, np.diff(near.indptr))
            new = step_of[near.indices, column] == _UNSEEN
            at = near.indices[new], column[new]
            step_of[at] = step
            paths[at] = near.data[new]
            if step == 1:
                near = near @ adjacency
        front[at] = paths[at]
        if not len(at[0]):
            return 1
        steps = 2
        while True:
            waiting = np.flatnonzero((step_of == _UNSEEN).any(axis=1))
            if not len(waiting):
                return steps
            if len(waiting) <= _FEW * len(paths):
                following.fill(0.0)
                step_before, paths_before = step_of[waiting], paths[waiting]
                found, reached = _step(
                    adjacency[waiting], front, step_before, paths_before, steps + 1
                )
                step_of[waiting], paths[waiting] = step_before, paths_before
                following[waiting] = found
            else:
                reached = False
                for span, block in zip(self._spans, self._blocks, strict=True):
                    found, some = _step(block, front, step_of[span], paths[span], steps + 1)
                    following[span] = found
                    reached |= some
            if not reached:
                return steps
            steps += 1
            front, following = following, front

    def _backward(
        self,
        steps: int,
        step_of: npt.NDArray[np.uint8],
        paths: FloatArray,
        per_path: FloatArray,
        counted: list[BoolArray | None],
        shares: list[FloatArray],
    ) -> tuple[FloatArray, FloatArray]:
        """Hand the shares on from the last step to the first; return the sums and squares.

        The share of a node is what it counts itself and what was handed on to it, for each of the
        paths to it.
        """
        n = len(paths)
        adjacency = self._adjacency
        totals, squares = np.zeros((len(counted), n)), np.zeros((len(counted), n))
        share, following = shares
        last = step_of == steps
        for kind, own in enumerate(counted):
            np.multiply(per_path, last if own is None else last & own, out=share[:, kind])

        def add(rows: slice | IntArray, handed_on: FloatArray, there: BoolArray) -> None:
            dependencies = handed_on * (paths[rows] * there)[:, None, :]
            totals[:, rows] += dependencies.sum(axis=2).T
            squares[:, rows] += np.einsum("rks,rks->kr", dependencies, dependencies)

        for step in range(steps, 2, -1):
            given = share.reshape(n, -1)
            blocks = self._blocks
            giving = np.flatnonzero((step_of == step).any(axis=1)) if step == steps else None
            if giving is not None and len(giving) <= _FEW * n:
                given = given[giving]
                to_all = adjacency[giving].T.tocsr()
                blocks = [to_all[span] for span in self._spans]
            for span, block in zip(self._spans, blocks, strict=True):
                there = step_of[span] == step - 1
                if not there.any():
                    following[span] = 0.0
                    continue
                handed_on = (block @ given).reshape(-1, *share.shape[1:])
                add(span, handed_on, there)
                for kind, own in enumerate(counted):
                    handed_on[:, kind] += (
                        per_path[span] if own is None else per_path[span] * own[span]
                    )
                np.multiply(handed_on, there[:, None, :], out=following[span])
            share, following = following, share
        if steps >= 2:
            # Those one step away are few, and hand nothing on that counts.
            there = step_of == 1
            rows = np.flatnonzero(there.any(axis=1))
            handed_on = (adjacency[rows] @ share.reshape(n, -1)).reshape(-1, *share.shape[1:])
            add(rows, handed_on, there[rows])
        return totals, squares


def _step(
    block: sparse.csr_array,
    front: FloatArray,
    step_of: npt.NDArray[np.uint8],
    paths: FloatArray,
    step: int,
) -> tuple[FloatArray, bool]:
    """Count the paths that reach some rows at a step, and note both in place.

    Returns the paths to what was reached, 0 elsewhere, and whether anything was.
    """
    found: FloatArray = block @ front
    found *= step_of == _UNSEEN
    reached = found > 0
    some = bool(reached.any())
    if some:
        step_of[reached] = step
        paths += found
    return found, some
