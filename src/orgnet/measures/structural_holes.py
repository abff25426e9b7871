"""Structural holes: whether a person's contacts know each other (Burt)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray

#: Two-step paths held in memory at a time.
_PATHS_AT_ONCE = 4_000_000

_THREADS = min(4, os.cpu_count() or 1)


def constraint(network: Graph) -> pd.Series[float]:
    r"""How far each person's contacts are also each other's contacts.

    Low values mark people who connect groups that do not otherwise meet; high values mark a
    closed circle. The value falls with the number of contacts: compare people who have about as
    many.

    .. math:: c_i = \sum_{j \in N(i)} \Bigl(p_{ij} + \sum_{q \ne i,j} p_{iq}\,p_{qj}\Bigr)^2

    where :math:`p_{ij}` is the share of *i*'s strength, both directions added, that is with *j*,
    and *N(i)* are the contacts of *i*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Both directions of a tie are added.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        Above 0; 1 for somebody with one contact who has no other; above 1 in small dense circles
        (1.125 in a triangle). NaN for somebody without a tie, and for people who were not
        observed; without any tie ``attrs["reason"]`` is ``no_ties``.

    References
    ----------
    Burt, R. S. (1992). *Structural Holes: The Social Structure of Competition*, ch. 2. Harvard
    University Press.

    Examples
    --------
    Seven people of Borgatti (1997, *Connections* 20(1), 35-38): G sits between the circle of A,
    D and C.

    >>> import networkx as nx
    >>> graph = nx.Graph(["AB", "AE", "AF", "AG", "BD", "BG", "CG", "DG", "EG", "FG"])
    >>> constraint(graph).round(3).loc[["G", "A", "C"]].to_dict()
    {'G': 0.4, 'A': 0.595, 'C': 1.0}
    """
    network = as_network(network)
    values = np.full(len(network.index), np.nan)
    for rows, _, _, terms in _constraint_terms(network):
        values[rows] = terms.sum(axis=1)
    return _by_person(network, values, "constraint")


def effective_size(network: Graph) -> pd.Series[float]:
    r"""How many of each person's contacts are not reached through another of them.

    As many as there are contacts where none of them knows another; 1 where everybody knows
    everybody.

    .. math:: \sum_{j \in N(i)} \Bigl(1 - \sum_{q \ne i,j} p_{iq}\,m_{jq}\Bigr), \quad
        m_{jq} = \frac{S_{jq}}{\max_k S_{jk}}

    with :math:`p` and *N(i)* as in `constraint` and *S* the strength, both directions added.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Both directions of a tie are added.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        In contacts, from 1 up to the number of contacts. NaN for somebody without a tie, and
        for people who were not observed; without any tie ``attrs["reason"]`` is ``no_ties``.

    References
    ----------
    Burt (1992), ch. 2, as in `constraint`. For ties of equal strength it is d - 2t/d, with *d*
    contacts and *t* ties among them: Borgatti, S. P. (1997). Structural holes: unpacking Burt's
    redundancy measures. *Connections* 20(1), 35-38.

    Examples
    --------
    Borgatti's seven people: of G's six contacts 4.67 are not redundant.

    >>> import networkx as nx
    >>> graph = nx.Graph(["AB", "AE", "AF", "AG", "BD", "BG", "CG", "DG", "EG", "FG"])
    >>> effective_size(graph).round(2).loc[["G", "A", "C"]].to_dict()
    {'G': 4.67, 'A': 2.5, 'C': 1.0}
    """
    network = as_network(network)
    return _by_person(network, _effective_size(network), "effective_size")


def burt_efficiency(network: Graph) -> pd.Series[float]:
    r"""Share of each person's contacts that are not redundant.

    .. math:: \frac{\text{effective size of } i}{|N(i)|}

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Both directions of a tie are added.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        Above 0, up to 1 where no contact knows another. NaN for somebody without a tie, and for
        people who were not observed; without any tie ``attrs["reason"]`` is ``no_ties``.

    References
    ----------
    Burt (1992), ch. 2, as in `constraint`.

    Examples
    --------
    Borgatti's seven people.

    >>> import networkx as nx
    >>> graph = nx.Graph(["AB", "AE", "AF", "AG", "BD", "BG", "CG", "DG", "EG", "FG"])
    >>> burt_efficiency(graph).round(2).loc[["G", "A", "C"]].to_dict()
    {'G': 0.78, 'A': 0.62, 'C': 1.0}
    """
    network = as_network(network)
    contacts = np.diff(network.symmetric_strength.indptr)
    values = np.full(len(contacts), np.nan)
    np.divide(_effective_size(network), contacts, out=values, where=contacts > 0)
    return _by_person(network, values, "burt_efficiency")


def constraint_hierarchy(network: Graph) -> pd.Series[float]:
    r"""How far each person's constraint comes from a single contact.

    0 where all contacts constrain alike; towards 1 where nearly all of it comes from one, such as
    a head through whom everything goes.

    .. math:: \frac{\sum_j \frac{c_{ij}}{C/d} \ln \frac{c_{ij}}{C/d}}{d \ln d}

    where :math:`c_{ij}` are the terms of the `constraint` *C* of a person with *d* contacts.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Both directions of a tie are added.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        From 0 to 1; 1 for somebody with one contact, by convention. NaN for somebody without a tie,
        and for people who were not observed; without any tie ``attrs["reason"]`` is ``no_ties``.

    References
    ----------
    Burt (1992), ch. 2, equation 2.9, as in `constraint`.

    Examples
    --------
    Borgatti's seven people.

    >>> import networkx as nx
    >>> graph = nx.Graph(["AB", "AE", "AF", "AG", "BD", "BG", "CG", "DG", "EG", "FG"])
    >>> constraint_hierarchy(graph).round(3).loc[["G", "A", "C"]].to_dict()
    {'G': 0.095, 'A': 0.168, 'C': 1.0}
    """
    network = as_network(network)
    values = np.full(len(network.index), np.nan)
    for rows, contacts, row_of_term, terms in _constraint_terms(network):
        several = contacts > 1
        relative = terms.data * (contacts / terms.sum(axis=1))[row_of_term]
        sums = np.bincount(row_of_term, relative * np.log(relative), len(rows))
        values[rows] = 1.0
        largest = contacts[several] * np.log(contacts[several])
        # Rounding can put equal terms a hair below 0.
        values[rows[several]] = np.maximum(sums[several] / largest, 0.0)
    return _by_person(network, values, "constraint_hierarchy")


def _by_person(network: Network, values: FloatArray, name: str) -> pd.Series[float]:
    result = pd.Series(values, index=network.index, name=name)
    if not len(network.pairs):
        result.attrs["reason"] = "no_ties"
    return result


def _effective_size(network: Network) -> FloatArray:
    strength = network.symmetric_strength
    contacts = np.diff(strength.indptr)
    values, largest = np.full(len(contacts), np.nan), np.zeros(len(contacts))
    np.maximum.at(largest, np.repeat(np.arange(len(contacts)), contacts), strength.data)
    marginal = _scaled_rows(strength, largest).T.tocsr()
    shares = _scaled_rows(strength, _row_sums(strength))
    for rows in _row_blocks(strength):
        redundant = (shares[rows] @ marginal).multiply(strength[rows] > 0)
        values[rows] = contacts[rows] - _row_sums(redundant)
    return values


def _constraint_terms(
    network: Network,
) -> Iterator[tuple[IntArray, IntArray, IntArray, sparse.csr_array]]:
    """Yield blocks of people with ties: who, how many contacts, the row of each term, the terms."""
    strength = network.symmetric_strength
    shares = _scaled_rows(strength, _row_sums(strength))
    contacts = np.diff(strength.indptr)

    def block(rows: IntArray) -> tuple[IntArray, IntArray, IntArray, sparse.csr_array]:
        direct = shares[rows]
        indirect = (direct @ shares).multiply(direct > 0)
        terms = sparse.csr_array((direct + indirect).power(2))
        row_of_term = np.repeat(np.arange(len(rows)), np.diff(terms.indptr))
        return rows, contacts[rows], row_of_term, terms

    # scipy's products release the interpreter's lock.
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(block, _row_blocks(strength))


def _row_blocks(matrix: sparse.csr_array) -> Iterator[IntArray]:
    """Cut the rows that are not empty into blocks with about equally many two-step paths."""
    contacts = np.diff(matrix.indptr).astype(np.int64)
    rows = np.flatnonzero(contacts)
    paths = np.cumsum((matrix > 0).astype(np.int64) @ contacts)
    block = paths[rows] // _PATHS_AT_ONCE
    yield from (part for part in np.split(rows, np.flatnonzero(np.diff(block)) + 1) if len(part))


def _scaled_rows(matrix: sparse.csr_array, divisor: FloatArray) -> sparse.csr_array:
    contacts = np.diff(matrix.indptr)
    return sparse.csr_array(
        (matrix.data / np.repeat(divisor, contacts), matrix.indices, matrix.indptr),
        shape=matrix.shape,
    )


def _row_sums(matrix: sparse.csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=float).ravel()
