"""Maximum matchings between groups: how many people must leave before contact ends."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from orgnet.measures.igraphs import graph_of
from orgnet.pairs import BoolArray, IntArray

#: Up to so many edges igraph is done before scipy is loaded.
_FEW_EDGES = 50_000


def maximum_matchings(left: IntArray, right: IntArray, block: IntArray, blocks: int) -> IntArray:
    """Size of the maximum matching in each of many bipartite graphs, found in one pass.

    A matching of graphs that do not touch is the union of their matchings, so all of them are
    handed on as one graph: to scipy's Hopcroft and Karp, or, of few edges, to igraph, which is
    there sooner.

    Parameters
    ----------
    left, right
        The two ends of each edge: numbers from 0, with their own meaning in each block.
    block
        The graph that each edge belongs to.
    blocks
        The number of graphs.

    Returns
    -------
    numpy.ndarray of int
        One size a graph, 0 for a graph without edges. By König's theorem also the least number
        of nodes whose loss leaves no edge.

    References
    ----------
    Hopcroft, J. E. and Karp, R. M. (1973). An n^(5/2) algorithm for maximum matchings in bipartite
    graphs. *SIAM Journal on Computing* 2(4), 225-231.

    Examples
    --------
    A star in graph 0, two separate edges in graph 1, nothing in graph 2.

    >>> left, right = np.array([0, 0, 0, 0, 1]), np.array([0, 1, 2, 0, 1])
    >>> maximum_matchings(left, right, np.array([0, 0, 0, 1, 1]), 3).tolist()
    [1, 2, 0]
    """
    if not len(block):
        return np.zeros(blocks, dtype=np.int64)
    left_keys, rows = np.unique(block * (left.max() + 1) + left, return_inverse=True)
    right_keys, columns = np.unique(block * (right.max() + 1) + right, return_inverse=True)
    match = _by_igraph if len(rows) <= _FEW_EDGES else _by_scipy
    matched = match(rows, columns, len(left_keys), len(right_keys))
    block_of_row = left_keys // (left.max() + 1)
    return np.bincount(block_of_row[matched], minlength=blocks).astype(np.int64)


def _by_igraph(rows: IntArray, columns: IntArray, height: int, width: int) -> BoolArray:
    """Say of each row whether a largest matching has it."""
    graph = graph_of(height + width, rows, height + columns)
    found = graph.maximum_bipartite_matching(types=[False] * height + [True] * width)
    return np.asarray(found.matching[:height]) >= 0


def _by_scipy(rows: IntArray, columns: IntArray, height: int, width: int) -> BoolArray:
    """Do the same; scipy's module of graphs loads all of its linear algebra first."""
    from scipy.sparse.csgraph import maximum_bipartite_matching

    graph = sparse.csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(height, width)
    )
    return np.asarray(maximum_bipartite_matching(graph, perm_type="column") >= 0)


def bus_factors(
    first: IntArray, second: IntArray, group_first: IntArray, group_second: IntArray, k: int
) -> IntArray:
    """Least number of people whose loss ends all contact between two groups, for every two groups.

    Parameters
    ----------
    first, second
        The two people of each tie, each tie once, in either order.
    group_first, group_second
        Their groups, 0 to k-1; ties with a negative group are left out, as are ties inside one.
    k
        The number of groups.

    Returns
    -------
    numpy.ndarray of int, k × k
        Symmetric, with a zero diagonal; 0 where two groups have no tie.

    References
    ----------
    König, D. (1931). Graphok és matrixok. *Matematikai és Fizikai Lapok* 38, 116-119.

    Examples
    --------
    Person 0 of group 0 holds both ties to group 1.

    >>> first, second = np.array([0, 0]), np.array([2, 3])
    >>> bus_factors(first, second, np.array([0, 0]), np.array([1, 1]), 2).tolist()
    [[0, 1], [1, 0]]
    """
    cross = (group_first != group_second) & (group_first >= 0) & (group_second >= 0)
    first, second = first[cross], second[cross]
    group_first, group_second = group_first[cross], group_second[cross]
    ordered = group_first < group_second
    low = np.minimum(group_first, group_second)
    high = np.maximum(group_first, group_second)
    sizes = maximum_matchings(
        np.where(ordered, first, second), np.where(ordered, second, first), low * k + high, k * k
    )
    upper = sizes.reshape(k, k)
    return upper + upper.T


def capped_matchings(
    present: BoolArray, left: IntArray, right: IntArray, block: IntArray, blocks: int, *, cap: int
) -> IntArray:
    """Size of the maximum matching, or `cap` if it is larger, for many choices of the edges.

    Most of the edges need not be looked at. A node with `cap` edges or more finds a free partner
    whatever the other ``cap - 1`` take, so `cap` of its edges are enough; and where then no node
    has more than `cap` edges, ``cap * (cap - 1) + 1`` of them cannot be covered by fewer than `cap`
    nodes, so that many are enough as well.

    Parameters
    ----------
    present
        Edges × choices: which edges are there.
    left, right, block, blocks
        The edges as in `maximum_matchings`, each of them once.
    cap
        The largest size that matters, at least 1.

    Returns
    -------
    numpy.ndarray of int, choices × graphs

    References
    ----------
    Buss, J. F. and Goldsmith, J. (1993). Nondeterminism within P. *SIAM Journal on Computing*
    22(3), 560-572, for vertex cover.

    Examples
    --------
    Three separate edges; in the second choice one of them is missing.

    >>> ends, graph = np.array([0, 1, 2]), np.array([0, 0, 0])
    >>> present = np.array([[True, True], [True, False], [True, True]])
    >>> capped_matchings(present, ends, ends, graph, 1, cap=5).tolist()
    [[3], [2]]
    >>> capped_matchings(present, ends, ends, graph, 1, cap=2).tolist()
    [[2], [2]]
    """
    choices = present.shape[1]
    kept = present
    if len(block):
        at_left = block * (left.max() + 1) + left
        at_right = block * (right.max() + 1) + right
        kept = _first_of_each(kept, at_left, cap)
        kept = _first_of_each(kept, at_right, cap)
        kept = _first_of_each(kept, block, cap * (cap - 1) + 1)
    edge, choice = np.nonzero(kept)
    sizes = maximum_matchings(
        left[edge], right[edge], choice * blocks + block[edge], choices * blocks
    )
    return np.minimum(sizes, cap).reshape(choices, blocks)


def _first_of_each(present: BoolArray, group: IntArray, limit: int) -> BoolArray:
    """Keep the first `limit` present rows of each group, column by column."""
    order = np.argsort(group, kind="stable")
    sorted_group, sorted_present = group[order], present[order]
    start = np.r_[True, np.diff(sorted_group) != 0]
    running = np.cumsum(sorted_present, axis=0, dtype=np.int32)
    before = np.vstack([np.zeros((1, present.shape[1]), dtype=np.int32), running])
    before = before[np.flatnonzero(start)][np.cumsum(start) - 1]
    kept = np.empty_like(present)
    kept[order] = sorted_present & (running - before <= limit)
    return kept
