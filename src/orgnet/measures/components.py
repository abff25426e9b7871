"""The parts of a network between which there is no way."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from orgnet.pairs import IntArray


def components(adjacency: sparse.csr_array) -> IntArray:
    """Return the connected component of each node.

    scipy's function loads all of its linear algebra first: that takes longer than a small network.
    Here everybody has the number of the first person they know of, and learns of others from those
    they are tied to. Whoever learns of somebody earlier tells the person they knew of so far, so
    that the news jumps ahead: long chains take few rounds, too.

    Parameters
    ----------
    adjacency
        Symmetric; whatever is stored is a tie.

    Returns
    -------
    numpy.ndarray of int
        A number from 0 for each node, in the order of their first members.

    Examples
    --------
    >>> ends = np.array([0, 3, 1, 2]), np.array([3, 0, 2, 1])
    >>> components(sparse.coo_array((np.ones(4), ends), shape=(5, 5)).tocsr()).tolist()
    [0, 1, 1, 0, 2]
    """
    degree = np.diff(adjacency.indptr)
    tied = np.flatnonzero(degree)
    begins = adjacency.indptr[tied]
    known = np.arange(len(degree))
    while len(tied):
        learned = np.minimum(known[tied], np.minimum.reduceat(known[adjacency.indices], begins))
        before = known.copy()
        np.minimum.at(known, before[tied], learned)
        known = _first_of_all(known)
        if np.array_equal(known, before):
            break
    found: IntArray = np.unique(known, return_inverse=True)[1]
    return found


def _first_of_all(known: IntArray) -> IntArray:
    """Follow from everybody to whom they know of, and on, until that is the person themselves."""
    while True:
        further = known[known]
        if np.array_equal(further, known):
            return known
        known = further
