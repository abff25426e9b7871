"""How deep in its group each person sits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.linalg import eigh
from scipy.sparse.linalg import eigsh

from orgnet.measures.components import components
from orgnet.measures.mixing import Mixing, mixing, ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray

#: Up to this many people the eigenvectors of a part come from the dense solver.
_DENSE = 300


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
    part = components(similar)
    order = np.argsort(part, kind="stable")
    sizes = np.bincount(part)
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
