"""How much the groups divide the network as a whole, and how deep in its group a person sits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.linalg import eigh
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh

from orgnet.measures.mixing import Mixing, mixing, ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray

#: Up to this many people the eigenvectors of a part come from the dense solver.
_DENSE = 300


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


def spectral_segregation_index(network: Graph, *, by: str) -> pd.Series[float]:
    r"""How deep in the own group each person sits: contacts inside, whose contacts are inside too.

    High: the person, the person's contacts and theirs all stay in the group. 0: no contact inside.

    .. math:: \mathrm{SSI}_i = \lambda_c \, \frac{v_i}{\bar v}

    For each connected part *c* of a group, :math:`\lambda_c` is the largest eigenvalue of the
    shares :math:`S_{ij} / s_i` among its people and *v* the right eigenvector;
    :math:`s_i` is all strength of *i*, outside the group too.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a person, in the order of the people
        0 or more; the mean over a group is the index of the group, at most 1. 0 for people without
        a tie. NaN for people of unknown group and those who were not observed. All NaN, with
        ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Echenique, F. and Fryer, R. G. (2007). A measure of segregation based on social interactions.
    *Quarterly Journal of Economics* 122(2), 441-485.

    Examples
    --------
    Person 2 holds the one tie to the other team.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> spectral_segregation_index(graph, by="department").round(4).loc[["0", "2"]].to_dict()
    {'0': 0.9562, '2': 0.7251}
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    name = "spectral_segregation_index"
    if mixed.reason:
        return _by_person(network, mixed, np.zeros(len(network.index)), name)
    strength = _known_strength(network, mixed)
    at_person = np.asarray(strength.sum(axis=1)).ravel()
    entries = strength.tocoo()
    rows, columns = entries.coords
    inside = mixed.groups.codes[rows] == mixed.groups.codes[columns]
    scale = 1 / np.sqrt(np.where(at_person > 0, at_person, 1.0))
    # Similar to the matrix of shares, so with its eigenvalues, and symmetric.
    values = entries.data[inside] * scale[rows[inside]] * scale[columns[inside]]
    similar = sparse.csr_array((values, (rows[inside], columns[inside])), shape=strength.shape)
    count, part = connected_components(similar, directed=False)
    order = np.argsort(part, kind="stable")
    sizes = np.bincount(part, minlength=count)
    result = np.zeros(len(at_person))
    ends = np.cumsum(sizes)
    for end, size in zip(ends[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        members = order[end - size : end]
        value, vector = _leading_eigenpair(similar[members][:, members])
        depth = np.abs(vector) * scale[members]
        result[members] = value * depth / depth.mean()
    return _by_person(network, mixed, result, name)


def participation_coefficient(network: Graph, *, by: str) -> pd.Series[float]:
    r"""How evenly a person's contact is spread over the groups.

    .. math:: 1 - \sum_g \Bigl(\frac{S_{ig}}{s_i}\Bigr)^2

    where :math:`S_{ig}` is the strength of *i* to people of group *g* and :math:`s_i` its sum.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a person, in the order of the people
        0: all contact is with one group, the own or another. At most 1 - 1/k for *k* groups. NaN
        for people without a tie, of unknown group and not observed. All NaN, with
        ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Guimerà, R. and Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks.
    *Nature* 433, 895-900.

    Examples
    --------
    Person 2 has two contacts in the own team and one in the other.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> participation_coefficient(graph, by="department").round(4).loc[["0", "2"]].to_dict()
    {'0': 0.0, '2': 0.4444}
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    codes = mixed.groups.codes
    k = len(mixed.groups.names)
    strength = _known_strength(network, mixed)
    known = np.flatnonzero(codes >= 0)
    membership = sparse.csr_array(
        (np.ones(len(known)), (known, codes[known])), shape=(len(codes), k)
    )
    to_group = sparse.csr_array(strength @ membership)
    squares = np.asarray(to_group.power(2).sum(axis=1)).ravel()
    total = np.asarray(to_group.sum(axis=1)).ravel()
    return _by_person(network, mixed, 1 - ratio(squares, total**2), "participation_coefficient")


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


def _known_strength(network: Network, mixed: Mixing) -> sparse.csr_array:
    """S between people of known group, people × people."""
    _, _, known = network.between(mixed.groups)
    first, second = network.pairs.first[known], network.pairs.second[known]
    values = network.pairs.strength[known]
    n = len(network.index)
    return sparse.csr_array(
        (
            np.concatenate([values, values]),
            (np.concatenate([first, second]), np.concatenate([second, first])),
        ),
        shape=(n, n),
    )


def _leading_eigenpair(matrix: sparse.csr_array) -> tuple[float, FloatArray]:
    """Return the largest eigenvalue of a symmetric matrix and its eigenvector."""
    size = matrix.shape[0]
    if size <= _DENSE:
        values, vectors = eigh(matrix.toarray(), subset_by_index=[size - 1, size - 1])
    else:
        # From a fixed start, as a random one would change the last digits from run to run.
        values, vectors = eigsh(matrix, k=1, which="LA", v0=np.ones(size), tol=0)
    return float(values[0]), np.asarray(vectors[:, 0])


def _by_person(network: Network, mixed: Mixing, values: FloatArray, name: str) -> pd.Series[float]:
    codes: IntArray = mixed.groups.codes
    undefined = (codes < 0) | (mixed.reason is not None)
    result = pd.Series(np.where(undefined, np.nan, values), index=network.index, name=name)
    if mixed.reason:
        result.attrs["reason"] = mixed.reason
    return result
