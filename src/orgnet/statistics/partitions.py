"""How far two ways to sort the same things into groups agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far a detected partition agrees with a reference.

    Attributes
    ----------
    ami
        Adjusted mutual information, arithmetic mean: 0 by chance, 1 if identical.
    ari
        Adjusted Rand index: 0 by chance, 1 if identical. Large groups dominate it.
    homogeneity
        1 if every detected group holds members of one reference group only.
    completeness
        1 if every reference group lies in one detected group.
    v_measure
        Harmonic mean of the two; not corrected for chance.
    """

    ami: float
    ari: float
    homogeneity: float
    completeness: float
    v_measure: float


def partition_agreement(reference: npt.ArrayLike, detected: npt.ArrayLike) -> Agreement:
    r"""Compare a detected partition with a reference.

    .. math:: \mathrm{AMI} = \frac{I - E[I]}{\tfrac12 (H_r + H_d) - E[I]}

    with the mutual information *I*, the entropies *H* and the mean of *I* over all partitions with
    the same group sizes.

    Parameters
    ----------
    reference, detected
        The label of each thing, in the same order; what a label is called does not matter.

    Returns
    -------
    Agreement
        All 1 where both have one group only, or a group for each thing. All NaN without things.

    References
    ----------
    Vinh, N. X., Epps, J. and Bailey, J. (2010). Information theoretic measures for clusterings
    comparison. *Journal of Machine Learning Research* 11, 2837-2854. Hubert, L. and Arabie, P.
    (1985). Comparing partitions. *Journal of Classification* 2, 193-218. Rosenberg, A. and
    Hirschberg, J. (2007). V-measure. *Proceedings of EMNLP-CoNLL*, 410-420.

    Examples
    --------
    Two groups of three, one of them split.

    >>> agreement = partition_agreement([0, 0, 0, 1, 1, 1], [5, 5, 5, 7, 7, 9])
    >>> round(agreement.ami, 3), agreement.homogeneity, round(agreement.completeness, 3)
    (0.728, 1.0, 0.685)
    """
    table = _contingency(np.asarray(reference), np.asarray(detected))
    n = int(table.sum())
    if n == 0:
        nan = float("nan")
        return Agreement(ami=nan, ari=nan, homogeneity=nan, completeness=nan, v_measure=nan)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    trivial = table.shape in ((1, 1), (n, n))
    h_rows, h_columns = _entropy(rows), _entropy(columns)
    unexplained = _conditional_entropy(table)
    mutual = max(0.0, h_rows - unexplained)
    homogeneity = max(0.0, 1 - unexplained / h_rows) if h_rows else 1.0
    completeness = max(0.0, 1 - _conditional_entropy(table.T) / h_columns) if h_columns else 1.0
    both = homogeneity + completeness
    return Agreement(
        ami=1.0 if trivial else _adjusted_mutual_information(mutual, rows, columns),
        ari=1.0 if trivial else _adjusted_rand(table, rows, columns),
        homogeneity=homogeneity,
        completeness=completeness,
        v_measure=2 * homogeneity * completeness / both if both else 0.0,
    )


def _contingency(reference: npt.NDArray[np.generic], detected: npt.NDArray[np.generic]) -> IntArray:
    """Count things by their two labels."""
    names, rows = np.unique(reference, return_inverse=True)
    labels, columns = np.unique(detected, return_inverse=True)
    shape = len(names), len(labels)
    cells = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return np.asarray(cells.reshape(shape), dtype=np.int64)


def _entropy(counts: IntArray) -> float:
    share = counts[counts > 0] / counts.sum()
    # A single group has entropy 0, not -0.
    return float(max(0.0, -(share * np.log(share)).sum()))


def _conditional_entropy(table: IntArray) -> float:
    """Return the entropy of the rows that is left when the column is known; 0 where none is."""
    row, column = np.nonzero(table)
    counts = table[row, column]
    left = np.log(counts / table.sum(axis=0)[column])
    return float(max(0.0, -(counts * left).sum() / table.sum()))


def _adjusted_mutual_information(mutual: float, rows: IntArray, columns: IntArray) -> float:
    expected = _expected_mutual_information(rows, columns)
    room = (_entropy(rows) + _entropy(columns)) / 2 - expected
    # Where one partition is trivial both are 0 but for rounding: no information, no agreement.
    if abs(room) < 1e-14:
        return 0.0
    return (mutual - expected) / room


def _expected_mutual_information(rows: IntArray, columns: IntArray) -> float:
    """Mean mutual information of two partitions with these sizes: Vinh et al., equation 24a.

    Groups of one size are interchangeable, so each pair of different sizes is added up once.
    """
    n = int(rows.sum())
    row_sizes, row_counts = np.unique(rows, return_counts=True)
    column_sizes, column_counts = np.unique(columns, return_counts=True)
    factorial = gammaln(np.arange(n + 2))  # factorial[i + 1] = ln(i!)
    total = 0.0
    for a, a_count in zip(row_sizes.tolist(), row_counts.tolist(), strict=True):
        for b, b_count in zip(column_sizes.tolist(), column_counts.tolist(), strict=True):
            shared = np.arange(max(1, a + b - n), min(a, b) + 1)
            information = shared / n * (np.log(n) + np.log(shared) - np.log(a) - np.log(b))
            log_probability = (
                factorial[a + 1]
                + factorial[b + 1]
                + factorial[n - a + 1]
                + factorial[n - b + 1]
                - factorial[n + 1]
                - factorial[shared + 1]
                - factorial[a - shared + 1]
                - factorial[b - shared + 1]
                - factorial[n - a - b + shared + 1]
            )
            total += a_count * b_count * float((information * np.exp(log_probability)).sum())
    return total


def _adjusted_rand(table: IntArray, rows: IntArray, columns: IntArray) -> float:
    together = _pairs(table)
    in_rows, in_columns = _pairs(rows), _pairs(columns)
    expected = in_rows * in_columns / _pairs(table.sum())
    room = (in_rows + in_columns) / 2 - expected
    return (together - expected) / room if room else 0.0


def _pairs(counts: IntArray) -> float:
    return float((counts * (counts - 1) / 2).sum())
