"""How tightly people are connected: density, reciprocity and cores."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.igraphs import graph_of
from orgnet.network import Graph, as_network


def density(network: Graph) -> float:
    r"""Share of all pairs of people that are in contact.

    Falls with headcount at the same number of contacts a person: compare only networks of like
    size.

    .. math:: \frac{m}{n (n - 1) / 2}

    with *m* pairs in contact, in either direction, among *n* observed people.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.

    Returns
    -------
    float
        From 0 to 1; 0 without any tie. NaN with fewer than two people.

    References
    ----------
    Wasserman, S. and Faust, K. (1994). *Social Network Analysis*, section 4.1.1. Cambridge
    University Press.

    Examples
    --------
    >>> import networkx as nx
    >>> round(density(nx.barbell_graph(3, 0)), 4)
    0.4667
    """
    network = as_network(network)
    n = network.n
    return len(network.pairs) / (n * (n - 1) / 2) if n > 1 else float("nan")


def reciprocity(network: Graph) -> float:
    r"""Share of directed ties that are returned.

    1: whoever is written to also writes back. A pair in contact both ways counts twice, as in
    networkx' ``overall_reciprocity`` and igraph's ``reciprocity``.

    .. math:: \frac{|\{(i, j) : W_{ij} > 0, W_{ji} > 0\}|}{|\{(i, j) : W_{ij} > 0\}|}

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.

    Returns
    -------
    float
        From 0 to 1. NaN for undirected networks, where it is not known, and without any tie.

    References
    ----------
    Wasserman, S. and Faust, K. (1994). *Social Network Analysis*, section 13.2. Cambridge
    University Press.

    Examples
    --------
    >>> import networkx as nx
    >>> round(reciprocity(nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])), 4)
    0.6667
    """
    network = as_network(network)
    forward, backward = network.pairs.forward > 0, network.pairs.backward > 0
    if not network.directed or not len(network.pairs):
        return float("nan")
    return float(2 * (forward & backward).sum() / (forward.sum() + backward.sum()))


def core_number(network: Graph) -> pd.Series[float]:
    """How deep in the dense part of the network each person sits.

    A person has core number *c* if they belong to a set of people each of whom has at least *c*
    regular ties inside the set, and to no such set for *c* + 1. Low values mark the fringe.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        Whole numbers, in regular ties, from 0 for somebody without one. NaN for people who were
        not observed; all NaN, with ``attrs["reason"]`` ``no_ties``, without any regular tie.

    References
    ----------
    Seidman, S. B. (1983). Network structure and minimum degree. *Social Networks* 5(3), 269-287.
    Algorithm: Batagelj, V. and Zaversnik, M. (2003), as in igraph.

    Examples
    --------
    A triangle and somebody who knows one of its people.

    >>> import networkx as nx
    >>> core_number(nx.Graph(["ab", "bc", "ca", "cd"])).to_dict()
    {'a': 2.0, 'b': 2.0, 'c': 2.0, 'd': 1.0}
    """
    network = as_network(network)
    regular = network.pairs.regular
    values = np.full(len(network.index), np.nan)
    result = pd.Series(values, index=network.index, name="core_number")
    if not regular.any():
        result.attrs["reason"] = "no_ties"
        return result
    graph = graph_of(
        len(network.index), network.pairs.first[regular], network.pairs.second[regular]
    )
    cores = graph.coreness()
    return result.where(~network.observed, np.asarray(cores, dtype=float))
