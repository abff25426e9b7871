"""Closure and brokerage: whether a team is close inside, and in touch with many outside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.igraphs import graph_of
from orgnet.measures.structural_holes import constraint
from orgnet.network import Graph, as_network


def closure_brokerage(network: Graph, *, by: str) -> pd.DataFrame:
    r"""How close each group is inside, and how far its people reach.

    The two help in different ways: closeness to trust and to act together, reach to learn what
    others know. A map of both shows which of them a team lacks.

    .. math:: \text{closure}_g = \frac{1}{|g|} \sum_{i \in g} c_i(g), \qquad
        \text{constraint}_g = \frac{1}{|g|} \sum_{i \in g} C_i

    with Barrat's weighted clustering :math:`c_i(g)` of *i* among the ties inside *g*, and Burt's
    `constraint` :math:`C_i` over all ties.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame, one row a group, sorted
        ``people`` (int); ``closure``, from 0 to 1, over the people with two or more contacts in the
        group; ``constraint``, low for groups that reach far, over the people with a tie. NaN where
        there are no such people; with ``attrs["reason"]`` ``no_ties`` without any tie.

    References
    ----------
    Burt, R. S. (2005). *Brokerage and Closure*. Oxford University Press. Reagans, R. and McEvily,
    B. (2003). Network structure and knowledge transfer. *Administrative Science Quarterly* 48(2),
    240-267. The clustering: Barrat, A., Barthélemy, M., Pastor-Satorras, R. and Vespignani, A.
    (2004). The architecture of complex weighted networks. *PNAS* 101(11), 3747-3752.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> closure_brokerage(graph, by="department").round(3).loc["L"].to_dict()
    {'people': 3.0, 'closure': 1.0, 'constraint': 0.875}
    """
    network = as_network(network, by=by)
    groups, pairs = network.groups(by), network.pairs
    a, b, known = network.between(groups)
    inside = known & (a == b)
    graph = graph_of(len(network.index), pairs.first[inside], pairs.second[inside])
    clustering = np.full(len(network.index), np.nan)
    if inside.any():
        clustering = np.array(
            graph.transitivity_local_undirected(weights=pairs.strength[inside].tolist())
        )
    codes = pd.Series(groups.codes, index=network.index)
    values = pd.DataFrame({"closure": clustering, "constraint": constraint(network)})
    means = values[codes >= 0].groupby(codes[codes >= 0]).mean().reindex(range(len(groups.names)))
    table = pd.DataFrame(
        {
            "people": groups.sizes,
            "closure": means["closure"].to_numpy(dtype=float),
            "constraint": means["constraint"].to_numpy(dtype=float),
        },
        index=groups.index,
    )
    if not len(pairs):
        table.attrs["reason"] = "no_ties"
    return table
