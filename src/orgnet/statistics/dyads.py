"""Networks as observations on pairs of people: sums over all pairs after renaming the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix, held in full."""

    values: FloatArray

    @property
    def n(self) -> int:
        """People."""
        return len(self.values)

    def sum(self) -> float:
        """Add up over all pairs."""
        return float(self.values.sum())

    def squares(self) -> float:
        """Add up the squares over all pairs."""
        return float(np.einsum("ij,ij->", self.values, self.values))

    def renamed(self, order: IntArray) -> Matrix:
        """Return the pairs with person *i* in the place of ``order[i]``."""
        return Matrix(self.values[np.ix_(order, order)])

    def symmetric(self) -> bool:
        """Whether both directions of every pair have the same number."""
        return bool((self.values == self.values.T).all())


@dataclass(frozen=True, eq=False)
class Ties:
    """A matrix of which only the numbers that are not 0 are held."""

    values: sparse.csr_array

    @property
    def n(self) -> int:
        """People."""
        return int(self.values.shape[0])

    def sum(self) -> float:
        """Add up over all pairs."""
        return float(self.values.data.sum())

    def squares(self) -> float:
        """Add up the squares over all pairs."""
        return float((self.values.data**2).sum())

    def renamed(self, order: IntArray) -> Ties:
        """Return the pairs with person *i* in the place of ``order[i]``."""
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        rows, columns = self.ends()
        ends = (place[rows], place[columns])
        return Ties(sparse.csr_array((self.values.data, ends), shape=self.values.shape))

    def symmetric(self) -> bool:
        """Whether both directions of every pair have the same number."""
        return bool((self.values != self.values.T).nnz == 0)

    def ends(self) -> tuple[IntArray, IntArray]:
        """Return the two people of every number that is held."""
        counts = np.diff(self.values.indptr)
        return np.repeat(np.arange(self.n), counts), self.values.indices.astype(np.int64)


@dataclass(frozen=True, eq=False)
class SameGroup:
    """1 for two people of one group, else 0; code -1 stands for an unknown group, alike with none.

    Never written out as a matrix: sums over all pairs come from how many people each group has.
    """

    codes: IntArray

    @property
    def n(self) -> int:
        """People."""
        return len(self.codes)

    def sum(self) -> float:
        """Add up over all pairs."""
        sizes = np.bincount(self.codes[self.codes >= 0]).astype(float)
        return float((sizes * (sizes - 1)).sum())

    def squares(self) -> float:
        """Add up the squares over all pairs."""
        return self.sum()

    def renamed(self, order: IntArray) -> SameGroup:
        """Return the pairs with person *i* in the place of ``order[i]``."""
        return SameGroup(self.codes[order])

    def symmetric(self) -> bool:
        """Both directions of every pair have the same number."""
        return True


#: A number for every ordered pair of two different people.
Dyads = Matrix | Ties | SameGroup


def dyads(values: Any) -> Dyads:
    """Take a square matrix, dense or sparse, or a group for each person.

    Parameters
    ----------
    values
        A square matrix, whose diagonal is ignored, or one whole number a person: the code of the
        group, -1 where it is not known, for a matrix of 1 within groups and 0 between.

    Raises
    ------
    ValueError
        If the matrix is not square or holds something that is not a finite number.

    Examples
    --------
    >>> dyads(np.array([0, 0, 1])).sum(), dyads(np.ones((3, 3))).sum()
    (2.0, 6.0)
    """
    if not sparse.issparse(values) and np.ndim(values) == 1:
        codes = np.asarray(values)
        if not np.issubdtype(codes.dtype, np.integer):
            raise ValueError(f"codes of groups are {codes.dtype}, expected whole numbers")
        return SameGroup(codes.astype(np.int64))
    if len(values.shape) != 2 or values.shape[0] != values.shape[1]:
        raise ValueError(f"a matrix has the shape {values.shape}, expected a square one")
    if sparse.issparse(values):
        held = sparse.coo_array(values, dtype=float)
        rows, columns = held.coords
        keep = (rows != columns) & (held.data != 0)
        matrix = sparse.csr_array(
            (held.data[keep], (rows[keep], columns[keep])), shape=values.shape
        )
        matrix.sum_duplicates()
        _finite(matrix.data)
        return Ties(matrix)
    full = np.array(values, dtype=float)
    np.fill_diagonal(full, 0.0)
    _finite(full)
    return Matrix(full)


def _finite(numbers: FloatArray) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError("a matrix holds what is not a finite number, expected finite numbers")


def product_sum(one: Dyads, other: Dyads) -> float:
    """Add up the products of two networks over all ordered pairs of different people.

    Examples
    --------
    >>> product_sum(dyads(np.array([0, 0, 1])), dyads(np.arange(9).reshape(3, 3)))
    4.0
    """
    if isinstance(other, SameGroup) or (isinstance(one, Matrix) and isinstance(other, Ties)):
        one, other = other, one
    if isinstance(one, SameGroup):
        if isinstance(other, SameGroup):
            return _pairs_in_both(one.codes, other.codes)
        if isinstance(other, Ties):
            rows, columns = other.ends()
            same = (one.codes[rows] == one.codes[columns]) & (one.codes[rows] >= 0)
            return float(other.values.data[same].sum())
        known = np.flatnonzero(one.codes >= 0)
        members = sparse.csr_array(
            (np.ones(len(known)), (one.codes[known], known)),
            shape=(int(one.codes.max(initial=0)) + 1, one.n),
        )
        return float(members.multiply(members @ other.values).sum())
    if isinstance(one, Ties):
        if isinstance(other, Ties):
            return float(one.values.multiply(other.values).sum())
        assert isinstance(other, Matrix)
        rows, columns = one.ends()
        return float(one.values.data @ other.values[rows, columns])
    assert isinstance(one, Matrix)
    assert isinstance(other, Matrix)
    return float(np.einsum("ij,ij->", one.values, other.values))


def _pairs_in_both(one: IntArray, other: IntArray) -> float:
    """Count ordered pairs of people who share a group in both sortings."""
    known = (one >= 0) & (other >= 0)
    width = int(other.max(initial=0)) + 1
    sizes = np.bincount(one[known] * width + other[known]).astype(float)
    return float((sizes * (sizes - 1)).sum())
