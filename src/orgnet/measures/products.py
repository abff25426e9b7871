"""Sparse × dense products that are added to an array which is there already."""

from __future__ import annotations

from scipy import sparse

from orgnet.pairs import FloatArray

try:
    from scipy.sparse import _sparsetools
except ImportError:
    _sparsetools = None

#: scipy's own loops. It does not promise them; without them its products do the same.
_by_rows = getattr(_sparsetools, "csr_matvecs", None)
_by_columns = getattr(_sparsetools, "csc_matvecs", None)


def add_product(matrix: sparse.csr_array, dense: FloatArray, out: FloatArray) -> None:
    """Do ``out += matrix @ dense`` without a new array for the product.

    Parameters
    ----------
    matrix, dense, out
        Of any shapes that fit.

    Examples
    --------
    >>> import numpy as np
    >>> out = np.ones((2, 1))
    >>> add_product(sparse.csr_array([[0.0, 2.0], [0.0, 0.0]]), np.array([[3.0], [4.0]]), out)
    >>> out.tolist()
    [[9.0], [1.0]]
    """
    if _by_rows is None or not _are_plain(matrix, dense, out):
        out += matrix @ dense
        return
    _by_rows(
        *matrix.shape, dense.shape[1],
        matrix.indptr, matrix.indices, matrix.data, dense.ravel(), out.ravel(),
    )  # fmt: skip


def add_transposed_product(matrix: sparse.csr_array, dense: FloatArray, out: FloatArray) -> None:
    """Do ``out += matrix.T @ dense`` without a new array for the product.

    Parameters
    ----------
    matrix, dense, out
        Of any shapes that fit.

    Examples
    --------
    >>> import numpy as np
    >>> out = np.ones((2, 1))
    >>> matrix = sparse.csr_array([[0.0, 2.0], [0.0, 0.0]])
    >>> add_transposed_product(matrix, np.array([[3.0], [4.0]]), out)
    >>> out.tolist()
    [[1.0], [7.0]]
    """
    if _by_columns is None or not _are_plain(matrix, dense, out):
        out += matrix.T @ dense
        return
    # The rows of a matrix are the columns of its transpose.
    _by_columns(
        *reversed(matrix.shape), dense.shape[1],
        matrix.indptr, matrix.indices, matrix.data, dense.ravel(), out.ravel(),
    )  # fmt: skip


def _are_plain(matrix: sparse.csr_array, dense: FloatArray, out: FloatArray) -> bool:
    """Tell whether all numbers are of one kind, and ravelling copies none of them."""
    one_kind = matrix.data.dtype == dense.dtype == out.dtype
    return bool(one_kind and dense.flags.c_contiguous and out.flags.c_contiguous)
