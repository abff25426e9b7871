"""How much the counts of brokerage roles vary when groups are handed out by lot, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import perm

import numpy as np
from scipy import sparse

from orgnet.pairs import FloatArray, IntArray

#: Two-step paths held in memory at a time.
_PATHS_AT_ONCE = 4_000_000

#: Two paths i → v → j and i' → v → j' as places of i, j, i', j' among the people other than v,
#: by what they have in common.
_OVERLAPS = {
    "same": (1, 2, 1, 2),
    "reversed": (1, 2, 2, 1),
    "same_start": (1, 2, 1, 3),
    "same_end": (1, 2, 3, 2),
    "onward": (1, 2, 2, 3),
    "back": (1, 2, 3, 1),
    "disjoint": (1, 2, 3, 4),
}

_Blocks = tuple[int, ...]


def role_variances(ties: sparse.csr_array, sizes: IntArray) -> FloatArray:
    r"""Variance of each person's number of paths of each role under label permutation.

    The count of a role is a sum over the open paths :math:`i \to v \to j` of *v*. Its variance is
    that over pairs of paths, and the covariance of two paths depends only on which people they
    share: there are seven ways. How often each occurs at a person comes from the ties, how likely
    both paths have the role from the sizes of the groups.

    Parameters
    ----------
    ties
        People × people: 1 for a tie from row to column. Undirected ties stand both ways.
    sizes
        People in each group; they add up to the people in `ties`.

    Returns
    -------
    numpy.ndarray of float, people × 5
        In the order coordinator, itinerant, representative, gatekeeper, liaison; of directed
        paths. 0 where every labelling gives the same count.

    Examples
    --------
    One path, through person 1. The three are in groups of two and one: of the three ways to say
    who is alone, one makes person 1 a representative. The variance is 1/3 · 2/3.

    >>> path = sparse.csr_array(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=float))
    >>> role_variances(path, np.array([2, 1])).round(4)[1].tolist()
    [0.0, 0.2222, 0.2222, 0.2222, 0.0]
    """
    overlaps = _overlaps(ties)
    covariances = _covariances(tuple(sizes.tolist()))
    terms = np.stack([np.outer(overlaps[kind], covariances[kind]) for kind in _OVERLAPS])
    variance = terms.sum(axis=0)
    # What rounding leaves of a variance that is 0.
    variance[variance < 1e-12 * np.abs(terms).sum(axis=0)] = 0.0
    return np.asarray(variance)


def _overlaps(ties: sparse.csr_array) -> dict[str, FloatArray]:
    """Count for each person the ordered pairs of open paths by what they have in common."""
    back = ties.T.tocsr()
    mutual = ties.multiply(back).tocsr()
    # Of v and i: to how many j lead open paths i → v → j. Of v and j: from how many i.
    leading = _scaled(back, _sums(ties)) - mutual - _masked_product(ties, back, back)
    arriving = _scaled(ties, _sums(back)) - mutual - _masked_product(back, ties, ties)
    paths = _sums(leading)
    either = sparse.csr_array((ties + back) > 0, dtype=np.float64)
    partners = _sums(mutual)
    there_and_back = partners * (partners - 1) - _sums(_masked_product(mutual, either, mutual))
    chained = _sums(leading.multiply(arriving)) - there_and_back
    counts = {
        "same": paths,
        "reversed": there_and_back,
        "same_start": _sums(leading.power(2)) - paths,
        "same_end": _sums(arriving.power(2)) - paths,
        "onward": chained,
        "back": chained,
    }
    counts["disjoint"] = paths**2 - np.sum(list(counts.values()), axis=0)
    return counts


def _covariances(sizes: tuple[int, ...]) -> dict[str, FloatArray]:
    """Covariance of two paths having a role, for each role, by what they have in common."""
    n = sum(sizes)
    result = {}
    for kind, (i, j, other_i, other_j) in _OVERLAPS.items():
        people = max(i, j, other_i, other_j) + 1
        both, one = [Fraction(0)] * 5, [Fraction(0)] * 5
        ways = perm(n, people)
        for labels in _partitions(people) if ways else ():
            chance = Fraction(_ways(sizes, labels), ways)
            role = _role(labels[i], labels[0], labels[j])
            one[role] += chance
            if role == _role(labels[other_i], labels[0], labels[other_j]):
                both[role] += chance
        # Subtracted as fractions: of large groups the difference is far smaller than either.
        differences = [float(b - o * o) for b, o in zip(both, one, strict=True)]
        result[kind] = np.array(differences)
    return result


def _role(i: int, v: int, j: int) -> int:
    """Return the role of v by the groups of the three, as the number of its column."""
    if i == j:
        return 0 if i == v else 1
    return 2 if i == v else 3 if j == v else 4


def _partitions(people: int) -> Iterator[_Blocks]:
    """Yield every way in which people can be of the same group: a label each, first come first."""
    if people == 0:
        yield ()
        return
    for rest in _partitions(people - 1):
        for label in range(max(rest, default=-1) + 2):
            yield (*rest, label)


def _ways(sizes: tuple[int, ...], labels: _Blocks) -> int:
    """Count the ways to choose different people of which exactly those are of one group."""
    blocks = tuple(sorted(labels.count(label) for label in range(max(labels) + 1)))
    return _ways_of_blocks(sizes, tuple((size,) for size in blocks))


@lru_cache(maxsize=1024)
def _ways_of_blocks(sizes: tuple[int, ...], blocks: tuple[tuple[int, ...], ...]) -> int:
    """Sum over different groups of the product of the ways to choose each block from one of them.

    Two blocks in the same group are taken off again: a block that is a tuple of several is one
    group from which each of them is chosen, all from the whole group.
    """
    *rest, last = blocks
    total = sum(_product(size, last) for size in sizes)
    if not rest:
        return total
    others = tuple(rest)
    ways = total * _ways_of_blocks(sizes, others)
    for place, block in enumerate(others):
        merged = (*others[:place], (*block, *last), *others[place + 1 :])
        ways -= _ways_of_blocks(sizes, merged)
    return ways


def _product(size: int, block: tuple[int, ...]) -> int:
    result = 1
    for people in block:
        result *= perm(size, people)
    return result


def _masked_product(
    left: sparse.csr_array, right: sparse.csr_array, mask: sparse.csr_array
) -> sparse.csr_array:
    """Multiply two matrices of zeros and ones, and keep the product where the mask is 1."""
    steps = np.diff(right.indptr).astype(np.int64)
    paths = np.cumsum(left.astype(np.int64) @ steps)
    block = paths // _PATHS_AT_ONCE
    parts = np.split(np.arange(left.shape[0]), np.flatnonzero(np.diff(block)) + 1)
    kept = [(left[rows] @ right).multiply(mask[rows]) for rows in parts]
    return sparse.csr_array(sparse.vstack(kept, format="csr"))


def _scaled(matrix: sparse.csr_array, factors: FloatArray) -> sparse.csr_array:
    return sparse.csr_array(sparse.diags_array(factors) @ matrix)


def _sums(matrix: sparse.csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=float).ravel()
