"""Betweenness by all ways, not the shortest alone: contact as an electric current."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from orgnet.errors import UsageError
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray

#: Larger parts of the network than this would need too much memory and time.
LARGEST_PART = 5_000


def current_flow_betweenness(network: Graph, *, normalized: bool = True) -> pd.Series[float]:
    r"""How much of a current between two others flows through each person, over all pairs.

    News that wanders takes long ways too; strong ties carry more of it. High values mark people
    whom it can hardly avoid.

    .. math:: \sum_{s<t;\ s,t \ne v} \tfrac12 \sum_j S_{vj}\,|T_{vs} - T_{vt} - T_{js} + T_{jt}|

    with the strength *S*, both directions added, as conductance, and *T* the pseudo-inverse of its
    Laplacian.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Any tie counts, by its strength.
    normalized
        Whether to divide by the (n - 1)(n - 2) / 2 pairs of others in the person's part of the
        network.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        From 0 to 1 if normalized. Each part of the network stands alone; 0 for people with one tie
        or none. NaN for people who were not observed; all NaN, with ``attrs["reason"]``
        ``no_ties``, without any tie.

    Raises
    ------
    UsageError
        If a part of the network has more than 5,000 people.

    References
    ----------
    Newman, M. E. J. (2005). A measure of betweenness centrality based on random walks. *Social
    Networks* 27(1), 39-54. Brandes, U. and Fleischer, D. (2005). Centrality measures based on
    current flow. *STACS*, LNCS 3404, 533-544.

    Examples
    --------
    >>> import networkx as nx
    >>> current_flow_betweenness(nx.path_graph(3)).to_dict()
    {'0': 0.0, '1': 1.0, '2': 0.0}
    """
    network = as_network(network)
    result = pd.Series(np.nan, index=network.index, name="current_flow_betweenness", dtype=float)
    if not len(network.pairs):
        result.attrs["reason"] = "no_ties"
        return result
    strength = network.symmetric_strength
    _, part = connected_components(strength, directed=False)
    values = np.zeros(len(part))
    sizes = np.bincount(part)
    if sizes.max() > LARGEST_PART:
        raise UsageError(
            f"the largest part of the network has {sizes.max()} people, expected at most "
            f"{LARGEST_PART}; use betweenness()"
        )
    for label in np.flatnonzero(sizes > 2).tolist():
        inside = np.flatnonzero(part == label)
        flow = _flow_through(strength[inside][:, inside].toarray())
        n = len(inside)
        values[inside] = flow / ((n - 1) * (n - 2) / 2) if normalized else flow
    result[network.observed] = values[network.observed]
    return result


def _flow_through(strength: FloatArray) -> FloatArray:
    """Add up the current through each person of a connected part, over all pairs of others.

    The sum over pairs of the differences of potentials along a tie is a sum of the sorted
    potentials, each times how often it is the larger less how often the smaller one.
    """
    n = len(strength)
    laplacian = np.diag(strength.sum(axis=1)) - strength
    potential = np.linalg.inv(laplacian + 1.0 / n) - 1.0 / n
    rows, columns = np.nonzero(np.triu(strength))
    times = 2.0 * np.arange(n) - (n - 1)
    total = np.zeros(n)
    for start in range(0, len(rows), n):
        a, b = rows[start : start + n], columns[start : start + n]
        difference = potential[a] - potential[b]
        current = strength[a, b]
        pairs = np.sort(difference, axis=1) @ times
        # Pairs that the person is an end of do not count: what they send is no one else's.
        for person in (a, b):
            ends = difference[np.arange(len(a)), person]
            own = np.abs(difference - ends[:, None]).sum(axis=1)
            np.add.at(total, person, current * (pairs - own) / 2)
    return total
