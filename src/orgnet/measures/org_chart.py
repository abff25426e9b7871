"""How far contact follows the organisation chart: along its lines, across them, by distance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UsageError
from orgnet.measures.reporting_lines import (
    climb,
    depths,
    managers,
    network_with_managers,
    pairs_by_climb,
)
from orgnet.network import Graph, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray
from orgnet.statistics.qap import qap_correlation


def hierarchy_coverage(network: Graph, *, by: str, manager: str = "manager") -> pd.Series[float]:
    """Where contact runs on the organisation chart: up and down, sideways or diagonally.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the unit.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    pandas.Series of float: the share of strength with
        - ``reporting_line``: the own manager or a direct report;
        - ``further_line``: somebody further up or down the own line;
        - ``lateral_within``: others of the own unit, whatever their layer;
        - ``lateral_across``: another unit, the same layer;
        - ``diagonal``: another unit, another layer.

        Each tie stands under the first that fits; they add up to 1. Ties of people of unknown unit
        or without a layer (their line runs in a circle) do not count. All NaN, with
        ``attrs["reason"]``, without any tie that counts (``no_ties``) or if nobody has a manager
        (``no_managers``).

    Raises
    ------
    UnknownColumnError
        If the people lack one of the columns; the message lists those there are.

    References
    ----------
    The directions of Wilson, D. O. (1992). Diagonal communication links within organizations.
    *Journal of Business Communication* 29(2), 129-143.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {
    ...         "person": ["ann", "ben", "cem", "dan"],
    ...         "unit": ["board", "sales", "sales", "legal"],
    ...         "manager": [None, "ann", "ben", "ann"],
    ...     }
    ... )
    >>> ties = pd.DataFrame({"sender": ["ben", "cem", "ben"], "recipient": ["ann", "dan", "dan"]})
    >>> import orgnet
    >>> network = orgnet.Network.from_ties(ties, people)
    >>> print(hierarchy_coverage(network, by="unit").round(2).to_string())
    reporting_line    0.33
    further_line      0.00
    lateral_within    0.00
    lateral_across    0.33
    diagonal          0.33
    """
    network = network_with_managers(network, by=by, manager=manager)
    boss = managers(network, manager)
    depth = depths(boss)
    unit_a, unit_b, known = network.between(network.groups(by))
    pairs = network.pairs
    counts = known & ~np.isnan(depth[pairs.first]) & ~np.isnan(depth[pairs.second])
    kinds = ["reporting_line", "further_line", "lateral_within", "lateral_across", "diagonal"]
    result = pd.Series(np.nan, index=kinds, name="hierarchy_coverage", dtype=float)
    if not (boss >= 0).any():
        result.attrs["reason"] = "no_managers"
        return result
    if not counts.any():
        result.attrs["reason"] = "no_ties"
        return result
    first, second = pairs.first[counts], pairs.second[counts]
    up, other_up = climb(boss, first, second)
    in_line = np.minimum(up, other_up) == 0
    kind = np.select(
        [
            in_line & (up + other_up == 1),
            in_line,
            unit_a[counts] == unit_b[counts],
            depth[first] == depth[second],
        ],
        [0, 1, 2, 3],
        default=4,
    )
    strength = pairs.strength[counts]
    result[:] = np.bincount(kind, strength, len(kinds)) / strength.sum()
    return result


def tree_distance_profile(network: Graph, *, manager: str = "manager") -> pd.DataFrame:
    """How contact falls off with the distance on the organisation chart.

    1 is a manager and a report, 2 two reports of one manager or a person and the manager's
    manager. A steep fall means that people work as the chart draws them.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    pandas.DataFrame, one row a distance that occurs, index ``distance`` from 1
        ``pairs``, observed people at that distance, each pair once; ``tied``, the share of them in
        contact; ``strength``, the mean strength of all of them, those without contact included.
        ``attrs["slope"]`` is the slope of the straight line through the logarithms of the
        strengths above 0, each distance with the same weight: -1 where each step divides contact
        by 2.7; NaN with fewer than two. Pairs whom no line connects have no distance. No rows,
        with ``attrs["reason"]`` ``no_managers``, if there are no lines between observed people.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.

    References
    ----------
    Adamic, L. and Adar, E. (2005). How to search a social network. *Social Networks* 27(3),
    187-203, who find that contact by mail falls off as the exponential of this distance.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("ann", "ben"), ("ben", "cem"), ("ben", "dan"), ("ann", "dan")])
    >>> nx.set_node_attributes(graph, {"ben": "ann", "cem": "ben", "dan": "ben"}, "manager")
    >>> profile = tree_distance_profile(graph)
    >>> profile.round(3).reset_index().to_numpy().tolist()
    [[1.0, 3.0, 1.0, 1.0], [2.0, 3.0, 0.333, 0.333]]
    >>> round(profile.attrs["slope"], 3)
    -1.099
    """
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    by_climb = pairs_by_climb(boss, network.observed)
    steps = np.add.outer(np.arange(len(by_climb)), np.arange(len(by_climb)))
    possible = np.bincount(steps.ravel(), by_climb.ravel()) / 2
    pairs = network.pairs
    up, other_up = climb(boss, pairs.first, pairs.second)
    near = up >= 0
    distance = (up + other_up)[near]
    there = np.flatnonzero(possible)
    tied = np.bincount(distance, minlength=len(possible))[there] / possible[there]
    strength = np.bincount(distance, pairs.strength[near], len(possible))[there] / possible[there]
    table = pd.DataFrame(
        {"pairs": possible[there].astype(np.int64), "tied": tied, "strength": strength},
        index=pd.Index(there, name="distance", dtype=np.int64),
    )
    table.attrs["slope"] = _slope(there[strength > 0], np.log(strength[strength > 0]))
    if not len(there):
        table.attrs["reason"] = "no_managers"
    return table


def formal_informal_overlap(
    network: Graph, *, manager: str = "manager", permutations: int = 999, seed: int = 0
) -> pd.Series[float]:
    r"""How far the informal network is the formal one.

    .. math:: r = \mathrm{cor}_{i<j}(F_{ij}, S_{ij}), \qquad
        J = \frac{|F \cap T|}{|F \cup T|}

    where *F* are the pairs of manager and report, *S* is the strength, both directions added, and
    *T* are the strongest ties, as many as *F* has pairs.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.
    permutations
        How often the people are handed out to the chart's places by lot, for `p`.
    seed
        Seed of the permutations.

    Returns
    -------
    pandas.Series of float
        ``correlation`` *r*, over all pairs of observed people, from -1 to 1; ``p``, how likely
        people at random places would have as high a one; ``jaccard`` *J*, from 0 to 1. Ties that
        are equally strong share the last places in *T* evenly. NaN, with ``attrs["reason"]``,
        without any tie (``no_ties``) or without a line between observed people (``no_managers``);
        `correlation` is NaN too where all pairs are alike, and `p` without permutations.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.
    UsageError
        If `permutations` is negative.

    References
    ----------
    Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of
    dyadic data. *Social Networks* 10(4), 359-381.

    Examples
    --------
    Everybody speaks with their manager alone.

    >>> import networkx as nx
    >>> graph = nx.balanced_tree(2, 3)
    >>> nx.set_node_attributes(graph, {i: (i - 1) // 2 for i in range(1, 15)}, "manager")
    >>> formal_informal_overlap(graph).round(3).to_dict()
    {'correlation': 1.0, 'p': 0.001, 'jaccard': 1.0}
    """
    if permutations < 0:
        raise UsageError(f"permutations is {permutations}, expected 0 or more")
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    result = pd.Series(
        np.nan,
        index=["correlation", "p", "jaccard"],
        name="formal_informal_overlap",
        dtype=float,
    )
    result.attrs.update(permutations=permutations, seed=seed)
    report = np.flatnonzero((boss >= 0) & network.observed & network.observed[boss])
    pairs = network.pairs
    if not len(report):
        result.attrs["reason"] = "no_managers"
        return result
    if not len(pairs):
        result.attrs["reason"] = "no_ties"
        return result
    lines = sparse.csr_array(
        (np.ones(len(report)), (report, boss[report])), shape=(len(boss), len(boss))
    )
    # Two people who manage each other are one pair.
    lines = ((lines + lines.T) > 0).astype(float)
    seen = np.flatnonzero(network.observed)
    formal, informal = lines[seen][:, seen], network.symmetric_strength[seen][:, seen]
    qap = qap_correlation(formal, informal, permutations=permutations, seed=seed)
    result["correlation"] = qap.correlation
    if permutations:
        result["p"] = qap.p_greater
    on_line = np.asarray(lines[pairs.first, pairs.second]) > 0
    result["jaccard"] = _jaccard(pairs.strength, on_line, lines.nnz // 2)
    return result


def _jaccard(strength: FloatArray, on_line: BoolArray, lines: int) -> float:
    """Compare the lines with as many of the strongest ties, equal ones taken in part."""
    if len(strength) <= lines:
        taken = np.ones(len(strength))
    else:
        last = np.partition(strength, len(strength) - lines)[len(strength) - lines]
        above, level = strength > last, strength == last
        taken = above + level * (lines - above.sum()) / level.sum()
    both = taken[on_line].sum()
    return float(both / (lines + taken.sum() - both))


def _slope(x: IntArray, y: FloatArray) -> float:
    """Slope of the least-squares line; NaN with fewer than two points."""
    if len(x) < 2:
        return float("nan")
    centred = x - x.mean()
    return float(centred @ y / (centred @ centred))
