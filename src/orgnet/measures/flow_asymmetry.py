"""Flow asymmetry: whether contact between two groups runs one way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.network import Graph, as_network

#: Two groups with less strength than this between them have no asymmetry to speak of.
MINIMUM_STRENGTH = 50.0


def flow_asymmetry(network: Graph, *, by: str, minimum: float = MINIMUM_STRENGTH) -> pd.DataFrame:
    r"""How far one of two groups does the sending and the other the receiving.

    1: all of it goes from the first to the second, -1: all the other way; 0: as much each way.

    .. math:: a_{gh} = \frac{W_{gh} - W_{hg}}{W_{gh} + W_{hg}}

    with the strength :math:`W_{gh}` of the ties from people of *g* to people of *h*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, directed.
    by
        The column of people, or the vertex attribute, that holds the group.
    minimum
        Pairs with less strength than this, both ways added, have no asymmetry: a few messages more
        or less would turn it round.

    Returns
    -------
    pandas.DataFrame, one row a pair of groups, ``group_a`` < ``group_b``, sorted by both
        ``forward``, the strength from group_a to group_b; ``backward``; ``asymmetry``, from -1 to
        1, NaN below the minimum. Without directions ``forward``, ``backward`` and ``asymmetry`` are
        NaN and ``attrs["reason"]`` is ``undirected``. No rows, with the reason ``single_group``,
        with fewer than two groups; the reason is ``no_ties`` without any tie between groups.

    Raises
    ------
    UsageError
        If `minimum` is negative.

    References
    ----------
    The trade balance over total trade, for contact: Grubel, H. G. and Lloyd, P. J. (1975).
    *Intra-Industry Trade*, ch. 2. Macmillan.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_weighted_edges_from([("s1", "l1", 60), ("l1", "s1", 15), ("l2", "s1", 5)])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> flow_asymmetry(graph, by="department").to_numpy().tolist()
    [['L', 'S', 20.0, 60.0, -0.5]]
    """
    if not minimum >= 0:
        raise UsageError(f"minimum is {minimum}, expected a strength of 0 or more")
    network = as_network(network, by=by)
    groups = network.groups(by)
    k = len(groups.names)
    a, b, known = network.between(groups)
    pairs = network.pairs
    onward = np.bincount(a[known] * k + b[known], pairs.forward[known], k * k).reshape(k, k)
    back = np.bincount(a[known] * k + b[known], pairs.backward[known], k * k).reshape(k, k)
    flow = onward + back.T
    first, second = np.triu_indices(k, 1)
    forward, backward = flow[first, second], flow[second, first]
    total = forward + backward
    enough = (total >= minimum) & (total > 0)
    asymmetry = np.divide(forward - backward, total, out=np.full(len(total), np.nan), where=enough)
    if not network.directed:
        forward, backward, asymmetry = (np.full(len(total), np.nan) for _ in range(3))
    table = pd.DataFrame(
        {
            "group_a": groups.index.take(first).rename(None),
            "group_b": groups.index.take(second).rename(None),
            "forward": forward,
            "backward": backward,
            "asymmetry": asymmetry,
        }
    )
    if k < 2:
        table.attrs["reason"] = "single_group"
    elif not (total > 0).any():
        table.attrs["reason"] = "no_ties"
    elif not network.directed:
        table.attrs["reason"] = "undirected"
    return table
