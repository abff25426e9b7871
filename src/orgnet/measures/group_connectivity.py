"""How many separate ways lead from one group to another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.igraphs import graph_of
from orgnet.network import Graph, as_network
from orgnet.pairs import BoolArray, IntArray


def vertex_connectivity(network: Graph, *, by: str) -> pd.Series[int]:
    """How many people would have to leave before two groups cannot reach each other at all.

    As `bus_factor`, but news may also go through other groups. By Menger's theorem the number of
    chains of regular ties from one group to the other that share no person.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of int, indexed by ``group_a`` < ``group_b``
        One value a pair of groups, sorted; in people, at most as many as the smaller group has; 0
        where no chain connects them. People of unknown group cannot be part of a chain. Empty, with
        ``attrs["reason"]`` ``single_group``, with fewer than two groups.

    References
    ----------
    Menger, K. (1927). Zur allgemeinen Kurventheorie. *Fundamenta Mathematicae* 10, 96-115.

    Examples
    --------
    Sales and Legal have one tie, and another way through the project office.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "l1"), ("s2", "p1"), ("p1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> vertex_connectivity(graph, by="department").to_dict()
    {('L', 'P'): 1, ('L', 'S'): 2, ('P', 'S'): 1}
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    k = len(groups.names)
    _, _, known = network.between(groups)
    regular = known & network.pairs.regular
    flow = _PeopleOnce(
        network.pairs.first[regular], network.pairs.second[regular], len(network.index)
    )
    rows, columns = np.triu_indices(k, 1)
    values = [
        flow.between(groups.codes == a, groups.codes == b)
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    names = pd.Index(list(groups.names), dtype="str")
    index = pd.MultiIndex.from_arrays([names[rows], names[columns]], names=["group_a", "group_b"])
    result = pd.Series(values, index=index, name="vertex_connectivity", dtype=np.int64)
    if k < 2:
        result.attrs["reason"] = "single_group"
    return result


class _PeopleOnce:
    """A network of flow in which each person can be passed once: an edge from in to out."""

    def __init__(self, first: IntArray, second: IntArray, people: int) -> None:
        self.people = people
        own = np.arange(people)
        ends = [
            np.column_stack([own, own + people]),
            np.column_stack([first + people, second]),
            np.column_stack([second + people, first]),
        ]
        self.edges = np.concatenate(ends)

    def between(self, start: BoolArray, end: BoolArray) -> int:
        """Count the chains from one set of people to another that share nobody."""
        source, target = 2 * self.people, 2 * self.people + 1
        starts, ends = np.flatnonzero(start), np.flatnonzero(end) + self.people
        edges = np.concatenate(
            [
                self.edges,
                np.column_stack([np.full(len(starts), source), starts]),
                np.column_stack([ends, np.full(len(ends), target)]),
            ]
        )
        graph = graph_of(target + 1, edges[:, 0], edges[:, 1], directed=True)
        chains: float = graph.maxflow_value(source, target, capacity=[1.0] * len(edges))
        return round(chains)
