"""Who could take on one more contact in another group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.bottlenecks import sole_connectors
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, FloatArray

#: Who has more contact than this share of people is busy enough.
BUSY = 0.75


def people_with_capacity(network: Graph, *, by: str) -> pd.Series[bool]:
    """Say who could take on one more contact in another group, and carry news home.

    Whoever has no more contact than three quarters of the people do, has at least as many
    colleagues in touch as half of the own group, and is not already the one on whom all regular
    contact of two groups hangs. In a group where nobody is all of that, those who are not busy
    and not such a connector.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of bool, one value a person, in the order of the people
        False for people of unknown group and those who were not observed. For choosing among
        candidates, not for judging anybody.

    References
    ----------
    Cross, R., Rebele, R. and Grant, A. (2016). Collaborative overload. *Harvard Business Review*
    94(1), 74-79.

    Examples
    --------
    Persons 2 and 3 hold the one tie between the teams, and have the most contact.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> people_with_capacity(graph, by="department").tolist()
    [True, True, False, False, True, True]
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    known = groups.codes >= 0
    result = pd.Series(False, index=network.index, name="capacity")
    if not known.any():
        return result
    load = contact_load(network)
    connectors = network.index.isin(sole_connectors(network, by=by)["person"])
    free = known & ~connectors & (load <= np.quantile(load[known], BUSY))
    embedded = free & _embedded(network, by)
    k = len(groups.names)
    some = np.bincount(groups.codes[embedded], minlength=k) > 0
    result[:] = embedded | (free & ~some[groups.codes])
    return result


def contact_load(network: Network) -> FloatArray:
    """Add up the strength of all ties of each person."""
    return np.asarray(network.symmetric_strength.sum(axis=1), dtype=float).ravel()


def colleagues_in_touch(network: Network, by: str) -> FloatArray:
    """Count for each person the ties with people of the own group."""
    a, b, known = network.between(network.groups(by))
    inside = known & (a == b)
    ends = np.concatenate([network.pairs.first[inside], network.pairs.second[inside]])
    return np.bincount(ends, minlength=len(network.index)).astype(float)


def _embedded(network: Network, by: str) -> BoolArray:
    codes = network.groups(by).codes
    colleagues = pd.Series(colleagues_in_touch(network, by))
    half = colleagues.groupby(codes).transform("median")
    return (colleagues >= half).to_numpy()
