"""Contact up and down the reporting lines, beyond the own manager."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.reporting_lines import depths, managers
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray

#: Layers that make the top team: whoever has no manager, and their reports.
TOP_LAYERS = 2

#: A manager's manager should be met in one week of so many.
SKIP_LEVEL_WEEKS = 4


def distance_to_top(
    network: Graph, *, manager: str = "manager", top: Collection[str] | None = None
) -> pd.Series[float]:
    """How many regular ties lead from each person to the nearest member of the top team.

    1: in regular contact with somebody of the top team. Large values mark people whom news from
    the top reaches by many mouths.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.
    top
        The ids of the top team. None takes the first two layers: people who manage somebody and
        have no manager, and their reports.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        In steps; 0 for the top team, infinite for people whom no chain of regular ties connects
        with it. NaN for people who were not observed; all NaN, with ``attrs["reason"]``, without
        any regular tie (``no_ties``) or if nobody of the top team was observed (``no_top_team``).

    Raises
    ------
    UnknownColumnError
        If `top` is None and the people have no such column.
    UsageError
        If an id in `top` is not among the people; the message says how many are not.

    References
    ----------
    The hops of Milgram, S. (1967). The small world problem. *Psychology Today* 2, 60-67, to a set
    of people.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(["ann", "ben", "cem", "dan"])
    >>> nx.set_node_attributes(graph, {"ben": "ann", "cem": "ben", "dan": "ben"}, "manager")
    >>> distance_to_top(graph).to_dict()
    {'ann': 0.0, 'ben': 0.0, 'cem': 1.0, 'dan': 2.0}
    """
    network = as_network(network, by=manager if top is None else None)
    team = _top_team(network, manager, top) & network.observed
    result = pd.Series(np.nan, index=network.index, name="distance_to_top", dtype=float)
    if not network.pairs.regular.any():
        result.attrs["reason"] = "no_ties"
    elif not team.any():
        result.attrs["reason"] = "no_top_team"
    else:
        # It loads all of scipy's linear algebra: only where there are managers.
        from scipy.sparse.csgraph import dijkstra

        steps = dijkstra(
            network.regular_ties, indices=np.flatnonzero(team), unweighted=True, min_only=True
        )
        result[network.observed] = steps[network.observed]
    return result


def distance_to_top_summary(
    network: Graph, *, manager: str = "manager", top: Collection[str] | None = None
) -> pd.Series[float]:
    """How far people are from the top team, in a few numbers.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    manager, top
        As for `distance_to_top`.

    Returns
    -------
    pandas.Series of float
        Over the observed people outside the top team: ``mean`` and ``quantile_90`` of
        `distance_to_top` of those whom a chain of regular ties connects with it; ``unreachable``,
        the share of those whom none does; ``people``, how many there are. NaN, with
        ``attrs["reason"]`` as `distance_to_top`, where it is; ``mean`` and ``quantile_90`` are NaN
        if nobody is connected.

    Raises
    ------
    UnknownColumnError, UsageError
        As `distance_to_top`.

    References
    ----------
    As `distance_to_top`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(["ann", "ben", "cem", "dan"])
    >>> nx.set_node_attributes(graph, {"ben": "ann", "cem": "ben", "dan": "ben"}, "manager")
    >>> distance_to_top_summary(graph).round(2).to_dict()
    {'mean': 1.5, 'quantile_90': 1.9, 'unreachable': 0.0, 'people': 2.0}
    """
    steps = distance_to_top(network, manager=manager, top=top)
    result = pd.Series(
        np.nan,
        index=["mean", "quantile_90", "unreachable", "people"],
        name="distance_to_top_summary",
        dtype=float,
    )
    result.attrs.update(steps.attrs)
    if "reason" in steps.attrs:
        return result
    below = steps[steps > 0]
    near = below[np.isfinite(below)]
    result["people"] = len(below)
    if len(below):
        result["unreachable"] = 1 - len(near) / len(below)
    if len(near):
        result["mean"], result["quantile_90"] = float(near.mean()), float(near.quantile(0.9))
    return result


def skip_level_contact(network: Graph, *, manager: str = "manager") -> float:
    """Share of people who are in touch with their manager's manager at least every four weeks.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Contact counts from one active week in four of
        the window; any tie counts in networks without dates.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    float
        From 0 to 1, over pairs of a person and their manager's manager who were both observed,
        whether or not the manager between them was. NaN if there are none, or without any tie.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.

    References
    ----------
    Of this project.

    Examples
    --------
    Ann speaks with one of the two people two levels below her.

    >>> import networkx as nx
    >>> graph = nx.Graph([("ann", "ben"), ("ben", "cem"), ("ben", "dan"), ("ann", "dan")])
    >>> nx.set_node_attributes(graph, {"ben": "ann", "cem": "ben", "dan": "ben"}, "manager")
    >>> skip_level_contact(graph)
    0.5
    """
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    above = np.where(boss >= 0, boss[boss], -1)
    itself = above == np.arange(len(above))
    person = np.flatnonzero((above >= 0) & ~itself & network.observed & network.observed[above])
    if not len(person) or not len(network.pairs):
        return float("nan")
    pairs, n = network.pairs, len(boss)
    often = np.ones(len(pairs), dtype=bool)
    if network.weeks is not None:
        often = pairs.active_weeks * SKIP_LEVEL_WEEKS >= len(network.weeks)
    low, high = np.minimum(person, above[person]), np.maximum(person, above[person])
    return float(np.isin(low * n + high, (pairs.first * n + pairs.second)[often]).mean())


def _top_team(network: Network, manager: str, top: Collection[str] | None) -> BoolArray:
    """Say of each person whether they belong to the top team."""
    if top is not None:
        wanted = pd.Index(list(top), dtype="object")
        strangers = int((~wanted.isin(network.index)).sum())
        if strangers:
            raise UsageError(
                f"{strangers} of {len(wanted)} ids in top are not among the people; give ids as "
                "they stand in the column 'person'"
            )
        return np.asarray(network.index.isin(wanted), dtype=bool)
    boss = managers(network, manager)
    has_reports = np.bincount(boss[boss >= 0], minlength=len(boss)) > 0
    depth = depths(boss)
    # Somebody with neither manager nor reports is a gap in the data, not the top.
    return np.asarray((depth < TOP_LAYERS) & ((depth > 0) | has_reports), dtype=bool)
