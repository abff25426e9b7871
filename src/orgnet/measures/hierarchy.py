"""Hierarchy: how far contact runs one way only."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from orgnet.network import Graph, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Columns of the matrix of common superiors worked out at a time.
_COLUMNS_AT_ONCE = 256


def krackhardt_hierarchy(network: Graph) -> pd.Series[float]:
    r"""How like a tree of command the network is, in Krackhardt's four dimensions.

    All four are 1 for a tree in which every tie leads down. Meant for directed data of advice or
    approval: networks of everyday communication sit at the limits.

    .. math:: 1 - \frac{V}{V_{\max}}

    ====================== ======================================== ===============================
    dimension              V                                        at most
    ====================== ======================================== ===============================
    ``connectedness``      pairs whom no chain of ties connects     all pairs
    ``hierarchy``          pairs who reach each other               pairs of whom one reaches the
                                                                    other
    ``efficiency``         pairs with a tie, beyond n - 1           n (n - 1) / 2 - (n - 1)
    ``least_upper_bound``  pairs without a closest common superior  (n - 1)(n - 2) / 2
    ====================== ======================================== ===============================

    The last two are added up over the network's parts, of *n* people each; parts of one or two
    count in neither. *v* is the closest common superior of two people if *v* reaches both of them
    (or is one of them) and everybody else who does reaches *v*. Directions matter in `hierarchy`
    and `least_upper_bound` alone.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. A tie leads from superior to report: turn round
        data of the sort "goes to for advice". Any tie counts, whatever its strength.

    Returns
    -------
    pandas.Series of float, indexed by the four dimensions
        From 0 to 1. NaN where nothing could be counted: `efficiency` and `least_upper_bound`
        without a part of three people. All NaN, with ``attrs["reason"]`` ``no_ties``, without any
        tie.

    References
    ----------
    Krackhardt, D. (1994). Graph theoretical dimensions of informal organizations. In K. M. Carley
    and M. J. Prietula (eds.), *Computational Organization Theory*, 89-111. Lawrence Erlbaum.

    Notes
    -----
    The R package sna counts directed ties in `efficiency` and has .889 where we have 2/3 in the
    example.

    Examples
    --------
    Two bosses share two reports.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("boss", "x"), ("boss", "y"), ("chief", "x"), ("chief", "y")])
    >>> print(krackhardt_hierarchy(graph).round(3).to_string())
    connectedness        1.000
    hierarchy            1.000
    efficiency           0.667
    least_upper_bound    0.333
    """
    network = as_network(network)
    dimensions = ["connectedness", "hierarchy", "efficiency", "least_upper_bound"]
    result = pd.Series(np.nan, index=dimensions, name="krackhardt_hierarchy", dtype=float)
    if not len(network.pairs):
        result.attrs["reason"] = "no_ties"
        return result
    n = network.n
    ties = network.directed_strength[network.observed][:, network.observed] > 0
    _, part = connected_components(ties, directed=True, connection="weak")
    people = np.bincount(part).astype(float)
    pairs = people * (people - 1) / 2
    result["connectedness"] = pairs.sum() / (n * (n - 1) / 2)

    circles, circle = connected_components(ties, directed=True, connection="strong")
    reach = _reach_of_circles(ties, circle, circles)
    members = np.bincount(circle, minlength=circles).astype(float)
    mutual = (members * (members - 1) / 2).sum()
    one_way = (members @ reach @ members) - (members**2).sum()
    result["hierarchy"] = 1 - mutual / (mutual + one_way)

    large = people >= 3
    spare = (pairs - (people - 1))[large].sum()
    if large.any():
        tied = np.bincount(part[_upper_rows(ties)], minlength=len(people))
        result["efficiency"] = 1 - (tied - (people - 1))[large].sum() / spare
        part_of_circle = np.empty(circles, dtype=np.int64)
        part_of_circle[circle] = part
        without = _pairs_without_superior(reach, members, part_of_circle, large)
        result["least_upper_bound"] = 1 - without / spare
    return result


def _upper_rows(ties: sparse.csr_array) -> IntArray:
    """Return one end of each pair with a tie in either direction."""
    either = sparse.triu((ties + ties.T) > 0)
    return np.asarray(either.nonzero()[0], dtype=np.int64)


def _reach_of_circles(ties: sparse.csr_array, circle: IntArray, count: int) -> sparse.csr_array:
    """Which circles (people who reach each other) reach which, themselves included; 0 or 1.

    Squaring doubles the length of the chains, so that a few products are enough.
    """
    senders, recipients = ties.nonzero()
    own = np.arange(count)
    rows = np.concatenate([circle[senders], own])
    columns = np.concatenate([circle[recipients], own])
    reach = _zero_one(sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, count)))
    while True:
        further = _zero_one(reach @ reach)
        if further.nnz == reach.nnz:
            return reach
        reach = further


def _zero_one(matrix: sparse.csr_array) -> sparse.csr_array:
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _pairs_without_superior(
    reach: sparse.csr_array, members: FloatArray, part: IntArray, counted: BoolArray
) -> float:
    """Count pairs of people, of the same counted part, without a closest common superior.

    A circle that reaches both is the closest if all others that do reach it as well: if as many
    reach it as reach both.
    """
    above = reach.T.tocsr()
    superiors = np.diff(above.indptr)
    ranks = np.unique(superiors).tolist()
    reach_of_rank = [reach[superiors == rank] for rank in ranks]
    above_of_rank = [rows.T.tocsr() for rows in reach_of_rank]
    without = 0.0
    for start in range(0, len(members), _COLUMNS_AT_ONCE):
        block = np.arange(start, min(start + _COLUMNS_AT_ONCE, len(members)))
        common = (above[block] @ reach).toarray()
        bounded = np.zeros(common.shape, dtype=bool)
        for rank, rows, columns in zip(ranks, reach_of_rank, above_of_rank, strict=True):
            bounded |= (common == rank) & ((columns[block] @ rows).toarray() > 0)
        open_pair = ~bounded & (part[block][:, None] == part) & counted[part[block]][:, None]
        without += members[block] @ open_pair @ members
    return without / 2
