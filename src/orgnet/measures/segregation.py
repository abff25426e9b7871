"""How much the groups divide the network as a whole."""

from __future__ import annotations

import numpy as np

from orgnet.measures.mixing import mixing, ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray


def freeman_segregation(network: Graph, *, by: str) -> float:
    r"""Contact between groups that is missing, as a share of what headcount gives (Freeman).

    0: as much contact across as if groups did not matter. 1: none. Negative: more than that.

    .. math:: 1 - \frac{E}{\mathrm{E}(E)}, \qquad
        \mathrm{E}(E) = 2m \, \frac{n^2 - \sum_g n_g^2}{n (n - 1)}

    where *E* is the sum of the `mixing_matrix` off the diagonal, *2m* its total, :math:`n_g` the
    headcount of a group and *n* that of all.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        At most 1. Not cut off at 0, as it often is elsewhere. NaN with fewer than two groups or
        without any tie.

    References
    ----------
    Freeman, L. C. (1978). Segregation in social networks. *Sociological Methods and Research* 6(4),
    411-429.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(freeman_segregation(graph, by="department"), 4)
    0.7619
    """
    mixed = mixing(as_network(network, by=by), by)
    if mixed.reason:
        return float("nan")
    n, sizes = mixed.people, mixed.groups.sizes
    expected = mixed.total * (n**2 - (sizes**2).sum()) / (n * (n - 1))
    return float(1 - mixed.external.sum() / expected)


def assortativity(network: Graph, *, by: str, directed: bool = False) -> float:
    r"""How far contact stays inside groups, beyond what their activity predicts (Newman).

    The modularity of the org chart on a fixed scale: 1 if all contact is inside, 0 if the ties of
    active groups fall on each other at random. Unlike networkx and igraph, weighted by strength.

    .. math:: r = \frac{\sum_g e_{gg} - \sum_g a_g b_g}{1 - \sum_g a_g b_g}, \qquad
        e = M / 2m, \quad a_g = \sum_h e_{gh}, \quad b_g = \sum_h e_{hg}

    where *M* is the `mixing_matrix`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    directed
        Take *M* from the directed strengths, so that active senders and active receivers are told
        apart.

    Returns
    -------
    float
        At most 1; its least value is above -1 and depends on the groups. NaN with fewer than two
        groups, without any tie, or where one group has all of the contact.

    References
    ----------
    Newman, M. E. J. (2003). Mixing patterns in networks. *Physical Review E* 67, 026126.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(assortativity(graph, by="department"), 4)
    0.7143
    """
    shares = _shares(as_network(network, by=by), by, directed)
    if shares is None:
        return float("nan")
    by_activity = float(shares.sum(axis=1) @ shares.sum(axis=0))
    if np.isclose(by_activity, 1.0, rtol=0, atol=1e-12):
        return float("nan")
    return float((np.trace(shares) - by_activity) / (1 - by_activity))


def modularity_formal(
    network: Graph, *, by: str, directed: bool = False, resolution: float = 1.0
) -> float:
    r"""Modularity of the groups: contact inside them, beyond what their activity predicts.

    .. math:: Q_F = \sum_g \Bigl[\frac{M_{gg}}{2m} - \gamma \Bigl(\frac{K_g}{2m}\Bigr)^2\Bigr]

    where *M* is the `mixing_matrix`, :math:`K_g` its row sums and *2m* its total. Over the
    modularity of detected `communities` it says how much of the real grouping the org chart
    explains.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    directed
        Take *M* from the directed strengths: the product of outgoing and incoming strength stands
        in place of the square.
    resolution
        :math:`\gamma`: larger asks for more contact inside.

    Returns
    -------
    float
        Below 1; negative where contact avoids the groups. NaN with fewer than two groups or without
        any tie.

    References
    ----------
    Newman, M. E. J. and Girvan, M. (2004). Finding and evaluating community structure in networks.
    *Physical Review E* 69, 026113. Directed: Leicht, E. A. and Newman, M. E. J. (2008). *Physical
    Review Letters* 100, 118703.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(modularity_formal(graph, by="department"), 4)
    0.3571
    """
    shares = _shares(as_network(network, by=by), by, directed)
    if shares is None:
        return float("nan")
    by_activity = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return float(np.trace(shares) - resolution * by_activity)


def gupta_anderson_may(network: Graph, *, by: str) -> float:
    r"""How much groups keep to themselves if each counts the same, whatever its size.

    .. math:: Q = \frac{\sum_g p_{gg} - 1}{k - 1}, \qquad p_{gh} = M_{gh} / K_g

    where *M* is the `mixing_matrix`, :math:`K_g` its row sums and *k* the number of groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        1: all contact is inside. 0: the groups mix evenly. At least -1 / (k - 1). NaN with fewer
        than two groups or if a group has no tie.

    References
    ----------
    Gupta, S., Anderson, R. M. and May, R. M. (1989). Networks of sexual contacts: implications for
    the pattern of spread of HIV. *AIDS* 3, 807-817.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(gupta_anderson_may(graph, by="department"), 4)
    0.7143
    """
    mixed = mixing(as_network(network, by=by), by)
    if mixed.reason:
        return float("nan")
    own_share = ratio(mixed.internal, mixed.volume)
    return float((own_share.sum() - 1) / (len(own_share) - 1))


def _shares(network: Network, by: str, directed: bool) -> FloatArray | None:
    """Strength between groups as shares of all; None where group measures are not defined."""
    mixed = mixing(network, by)
    if mixed.reason:
        return None
    if not directed:
        return mixed.strength / mixed.total
    k = len(mixed.groups.names)
    a, b, known = network.between(mixed.groups)
    a, b, pairs = a[known], b[known], network.pairs
    onward = np.bincount(a * k + b, pairs.forward[known], k * k)
    back = np.bincount(b * k + a, pairs.backward[known], k * k)
    arcs = (onward + back).reshape(k, k)
    return np.asarray(arcs / arcs.sum())
