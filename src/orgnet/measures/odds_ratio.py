"""How many times as likely a tie is within groups as between them."""

from __future__ import annotations

import numpy as np

from orgnet.measures.mixing import mixing
from orgnet.network import Graph, as_network


def odds_ratio_within(network: Graph, *, by: str) -> float:
    r"""How many times the odds of a tie within a group are those of a tie between groups.

    1: groups do not matter. 10: a tie within a group has ten times the odds.

    .. math:: \frac{a \, d}{b \, c}

    where *a* pairs of people of one group have a tie and *b* have none, *c* pairs of two groups
    have one and *d* have none. If one of the four is 0, a half is added to each of them.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Any tie counts, whatever its strength.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        Above 0. NaN with fewer than two groups, without any tie, or if nobody has a colleague.

    References
    ----------
    Moody, J. (2001). Race, school integration, and friendship segregation in America. *American
    Journal of Sociology* 107(3), 679-716. The half: Haldane, J. B. S. (1956). *Annals of Human
    Genetics* 20, 309-311.

    Examples
    --------
    Two teams of three with two ties inside each and one of the nine possible between them.

    >>> import networkx as nx
    >>> graph = nx.path_graph(6)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> odds_ratio_within(graph, by="department")
    16.0
    """
    mixed = mixing(as_network(network, by=by), by)
    sizes, n = mixed.groups.sizes.astype(float), mixed.people
    possible = float((sizes * (sizes - 1)).sum() / 2)
    if mixed.reason or not possible:
        return float("nan")
    within = float(np.trace(mixed.ties))
    between = float(np.triu(mixed.ties, 1).sum())
    cells = np.array(
        [within, possible - within, between, n * (n - 1) / 2 - possible - between], dtype=float
    )
    if not cells.all():
        cells += 0.5
    a, b, c, d = cells.tolist()
    return float(a * d / (b * c))
