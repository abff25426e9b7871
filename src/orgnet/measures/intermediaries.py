"""Groups through which others go: where contact between departments is by way of a third."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import shortest_path

from orgnet.errors import UsageError
from orgnet.measures.coordination import contact_targets
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, Groups, Network, as_network
from orgnet.pairs import BoolArray, FloatArray


def group_betweenness(
    network: Graph, *, by: str, threshold: float | None = None, widest: bool = False
) -> pd.Series[float]:
    r"""Share of the pairs of other groups whose best way to each other leads through a group.

    1: all the others meet through this group alone ("everything goes through the project
    office"); 0: nobody needs it.

    .. math:: \frac{1}{(k-1)(k-2)/2} \sum_{g<h;\ g,h \ne q} \frac{\sigma_{gh}(q)}{\sigma_{gh}}

    where :math:`\sigma_{gh}` counts the best ways between two of *k* groups, on the network in
    which each group is one node, and :math:`\sigma_{gh}(q)` those through *q*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    threshold
        Two groups are linked from this much strength on, both directions added. None links them
        where they have as many regular ties as `contact_targets` asks of two groups of their size.
    widest
        False takes the ways with the fewest links. True takes those whose thinnest link, by
        strength, is the strongest, and of these the ones with the fewest links; without threshold.

    Returns
    -------
    pandas.Series of float, one value a group, sorted
        From 0 to 1. Pairs without any way count with 0. All NaN, with ``attrs["reason"]``, with
        fewer than two groups (``single_group``), with two (``two_groups``) or without any tie
        (``no_ties``).

    Raises
    ------
    UsageError
        If `threshold` is not above 0, or is given with `widest`.

    References
    ----------
    Everett, M. G. and Borgatti, S. P. (1999). The centrality of groups and classes. *Journal of
    Mathematical Sociology* 23(3), 181-201. Widest ways: Hu, T. C. (1961). The maximum capacity
    route problem. *Operations Research* 9(6), 898-900.

    Examples
    --------
    Sales and Legal meet through the project office alone.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "p1"), ("s2", "p2"), ("p1", "l1"), ("p2", "l2"), ("p1", "p2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> group_betweenness(graph, by="department").to_dict()
    {'L': 0.0, 'P': 1.0, 'S': 0.0}
    """
    if threshold is not None and widest:
        raise UsageError("got a threshold and widest=True; widest ways know no threshold")
    if threshold is not None and not threshold > 0:
        raise UsageError(f"threshold is {threshold}, expected a strength above 0")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    k = len(mixed.groups.names)
    result = mixed.series(np.zeros(k), "group_betweenness")
    if "reason" in result.attrs:
        return result
    if k == 2:
        return _undefined(result, "two_groups")
    strength = mixed.strength.copy()
    np.fill_diagonal(strength, 0.0)
    if widest:
        total = _through_on_widest(strength)
    elif threshold is not None:
        total = _through(strength >= threshold, np.ones((k, k), dtype=bool))
    else:
        total = _through(_coverage(network, mixed.groups) >= 1, np.ones((k, k), dtype=bool))
    # Each pair of groups is seen from both ends.
    result[:] = total / ((k - 1) * (k - 2))
    return result


def intermediation(network: Graph, *, by: str) -> pd.Series[float]:
    r"""Share of the pairs of groups without enough direct contact that a third group connects.

    High: others reach each other through this group; if it is busy, they wait.

    .. math:: \frac{1}{|P_q|} \sum_{(g,h) \in P_q} \frac{1[q \in B_{gh}]}{|B_{gh}|}, \qquad
        B_{gh} = \arg\max_q \min(c_{gq}, c_{qh})

    where :math:`P_q` are the pairs of other groups with :math:`c_{gh} < 1`, :math:`B_{gh}` is empty
    if nobody connects the two, and *c* is the direct coverage of `horizontal_alignment_index`:
    regular ties over the `contact_targets`, at most 1.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a group, sorted
        From 0 to 1; groups that connect two others equally well share them. NaN for a group all of
        whose others have enough direct contact. All NaN, with ``attrs["reason"]``, with fewer than
        two groups (``single_group``), with two (``two_groups``) or without any tie (``no_ties``).

    References
    ----------
    Of this project. The two-step paths: Gould, R. V. and Fernandez, R. M. (1989). Structures of
    mediation. *Sociological Methodology* 19, 89-126.

    Examples
    --------
    Sales and Legal have no direct contact; the project office connects them.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "p1"), ("s2", "p2"), ("p1", "l1"), ("p2", "l2"), ("p1", "p2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> intermediation(graph, by="department").to_dict()
    {'L': nan, 'P': 1.0, 'S': nan}
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    k = len(mixed.groups.names)
    result = mixed.series(np.zeros(k), "intermediation")
    if "reason" in result.attrs:
        return result
    if k == 2:
        return _undefined(result, "two_groups")
    direct = _coverage(network, mixed.groups)
    np.fill_diagonal(direct, 0.0)
    best, ways = np.zeros((k, k)), np.zeros((k, k))
    for q in range(k):
        two_step = np.minimum.outer(direct[:, q], direct[q])
        ways = np.where(two_step > best, 1.0, ways + (two_step == best))
        best = np.maximum(best, two_step)
    missing = direct < 1
    np.fill_diagonal(missing, False)
    share = np.divide(1.0, ways, out=np.zeros((k, k)), where=missing & (best > 0))
    for q in range(k):
        others = np.arange(k) != q
        through = np.minimum.outer(direct[:, q], direct[q]) == best
        pairs = missing[others][:, others].sum()
        held = (share * through)[others][:, others].sum()
        result.iloc[q] = held / pairs if pairs else np.nan
    return result


def _coverage(network: Network, groups: Groups) -> FloatArray:
    """Regular ties over contact targets, at most 1, groups × groups; the diagonal is 0."""
    k = len(groups.names)
    a, b, known = network.between(groups)
    cross = known & (a != b) & network.pairs.regular
    ties = np.bincount(a[cross] * k + b[cross], minlength=k * k).reshape(k, k)
    return np.asarray(np.minimum(1.0, (ties + ties.T) / contact_targets(groups.sizes)))


def _through(linked: BoolArray, counted: BoolArray) -> FloatArray:
    """Add up each group's share of the shortest ways over the counted ordered pairs."""
    k = len(linked)
    steps = shortest_path(linked.astype(float), unweighted=True)
    ways = np.where(steps == 1, 1.0, np.eye(k))
    for length in range(2, int(steps[np.isfinite(steps)].max(initial=0)) + 1):
        # The way before the last step is a shortest one itself.
        ways += np.where(steps == length, np.where(steps == length - 1, ways, 0.0) @ linked, 0.0)
    per_way = np.divide(1.0, ways, out=np.zeros((k, k)), where=counted & np.isfinite(steps))
    np.fill_diagonal(per_way, 0.0)
    total = np.empty(k)
    for q in range(k):
        through = np.isfinite(steps) & (np.add.outer(steps[:, q], steps[q]) == steps)
        through[q] = through[:, q] = False
        total[q] = (np.outer(ways[:, q], ways[q]) * per_way)[through].sum()
    return total


def _through_on_widest(strength: FloatArray) -> FloatArray:
    """Do the same over the widest ways, one width after the other."""
    width = _widths(strength)
    total = np.zeros(len(strength))
    for level in np.unique(width[width > 0]).tolist():
        total += _through(strength >= level, width == level)
    return total


def _widths(strength: FloatArray) -> FloatArray:
    """Return the strength of the thinnest link on the widest way between every two groups."""
    width = strength.copy()
    for q in range(len(width)):
        np.maximum(width, np.minimum.outer(width[:, q], width[q]), out=width)
    np.fill_diagonal(width, 0.0)
    return width


def _undefined(result: pd.Series[float], reason: str) -> pd.Series[float]:
    result[:] = np.nan
    result.attrs["reason"] = reason
    return result
