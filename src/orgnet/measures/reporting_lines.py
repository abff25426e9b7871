"""The reporting lines: who manages whom, how deep people stand and how far apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UnknownColumnError
from orgnet.network import Graph, Network, as_ids, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: The tree distance of two people whom no reporting line connects.
APART = -1


def network_with_managers(graph: Graph, *, by: str, manager: str) -> Network:
    """Return the network of a graph with both columns; a Network is returned as it is."""
    network = as_network(graph, by=by)
    if isinstance(graph, Network) or manager == by:
        return network
    column = as_network(graph, by=manager).people[[manager]]
    return replace(network, people=network.people.join(column))


def managers(network: Network, column: str) -> IntArray:
    """Return the position of each person's manager, -1 where there is none among the people.

    Raises
    ------
    UnknownColumnError
        If the people have no such column.
    """
    if column not in network.people.columns:
        raise UnknownColumnError(column, network.people.columns)
    positions = network.index.get_indexer(pd.Index(as_ids(network.people[column])))
    itself = positions == np.arange(len(positions))
    return np.where(itself, -1, positions).astype(np.int64)


def depths(boss: IntArray) -> FloatArray:
    """Return the steps from each person to the top of their line; NaN in a circle.

    Examples
    --------
    >>> depths(np.array([-1, 0, 1, 4, 3])).tolist()
    [0.0, 1.0, 2.0, nan, nan]
    """
    depth = np.full(len(boss), np.nan)
    current = boss < 0
    level = 0
    while current.any():
        depth[current] = level
        level += 1
        current = (boss >= 0) & np.isnan(depth) & current[boss]
    return depth


def climb(boss: IntArray, first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
    """Return how many steps up each of two people has to their closest common superior.

    Both are `APART` where there is none, or where one of the two stands in a circle. A person is
    their own superior: (0, 2) says that the first manages the second's manager.

    Examples
    --------
    Two reports of one manager, and the manager with one of them.

    >>> up, other_up = climb(np.array([-1, 0, 0]), np.array([1, 0]), np.array([2, 1]))
    >>> up.tolist(), other_up.tolist()
    ([1, 0], [1, 1])
    """
    depth = depths(boss)
    lost = np.isnan(depth[first]) | np.isnan(depth[second])
    level = np.where(np.isnan(depth), 0, depth).astype(np.int64)
    a, b = np.where(lost, 0, first), np.where(lost, 0, second)
    up, other_up = np.zeros(len(a), dtype=np.int64), np.zeros(len(a), dtype=np.int64)
    # The deeper of the two climbs; at the same depth both do, until they meet or run out.
    while (apart := (a != b) & (a >= 0) & (b >= 0)).any():
        left = apart & (level[a] >= level[b])
        right = apart & (level[b] >= level[a])
        a, b = np.where(left, boss[a], a), np.where(right, boss[b], b)
        up += left
        other_up += right
    lost |= (a < 0) | (b < 0)
    return np.where(lost, APART, up), np.where(lost, APART, other_up)


def pairs_by_climb(boss: IntArray, counted: BoolArray) -> FloatArray:
    """Count the pairs of people by their steps up to the closest common superior.

    Parameters
    ----------
    boss
        The position of each person's manager, -1 where there is none.
    counted
        For each person whether pairs with them count; others only connect.

    Returns
    -------
    numpy.ndarray, (steps + 1) × (steps + 1)
        Ordered pairs: the entry (i, j) has those whose first has i steps and whose second has j.
        Symmetric; the entry (0, 0) is 0.

    Notes
    -----
    With *P* the counted people below each person by steps down, the pairs below a common superior
    are :math:`P^T P`; those below a common superior one step further down are the same of the
    people who have a manager, one step further for both.

    Examples
    --------
    A manager of two: each report with the manager, and the two with each other.

    >>> pairs_by_climb(np.array([-1, 0, 0]), np.array([True, True, True])).tolist()
    [[0.0, 2.0], [2.0, 2.0]]
    """
    depth = depths(boss)
    person = np.flatnonzero(counted & ~np.isnan(depth))
    superior = person
    rows, columns = [], []
    steps = 0
    while len(superior):
        rows.append(superior)
        columns.append(np.full(len(superior), steps))
        superior = boss[superior]
        superior = superior[superior >= 0]
        steps += 1
    if not steps:
        return np.zeros((1, 1))
    row, column = np.concatenate(rows), np.concatenate(columns)
    below = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(boss), steps))
    managed = below[boss >= 0]
    common = (below.T @ below).toarray()
    further = (managed.T @ managed).toarray()
    common[1:, 1:] -= further[:-1, :-1]
    # What is left of a person with themselves.
    common[0, 0] = 0.0
    return np.asarray(common)
