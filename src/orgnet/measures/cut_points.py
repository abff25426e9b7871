"""Cut points: people and ties without whom others can no longer be reached."""

from __future__ import annotations

import igraph as ig
import numpy as np
import pandas as pd

from orgnet.measures.igraphs import graph_of
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray


def articulation_points(network: Graph) -> pd.Series[float]:
    """Whose leaving cuts people off, and how many.

    Cut points of the regular ties: without them somebody who could be reached no longer can be.
    Most cut off a single person; look at those with an impact of 3 and more.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.

    Returns
    -------
    pandas.Series of float, cut points alone, ordered as the people
        ``isolation_impact``, in people: how many others are cut off from the largest of the pieces
        that the person's part of the network falls into. From 1. Empty, with ``attrs["reason"]``
        ``no_ties``, without any regular tie.

    References
    ----------
    Hopcroft, J. and Tarjan, R. (1973). Algorithm 447: efficient algorithms for graph manipulation.
    *Communications of the ACM* 16(6), 372-378.

    Examples
    --------
    Two circles of three people and one tie between c and d.

    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> articulation_points(graph).to_dict()
    {'c': 2.0, 'd': 2.0}
    """
    network = as_network(network)
    graph = _regular_graph(network)
    points, impact = _isolation_impact(graph)
    result = pd.Series(impact, index=network.index[points], name="isolation_impact", dtype=float)
    if not graph.ecount():
        result.attrs["reason"] = "no_ties"
    return result


def bridges(network: Graph) -> pd.DataFrame:
    """Ties without which two people could not reach each other at all.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.

    Returns
    -------
    pandas.DataFrame, one row a regular tie, ordered as the people
        ``person_a``, ``person_b``. Without rows if there are none; without any regular tie
        ``attrs["reason"]`` is ``no_ties``.

    References
    ----------
    As `articulation_points`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> bridges(graph).to_numpy().tolist()
    [['c', 'd']]
    """
    network = as_network(network)
    regular = np.flatnonzero(network.pairs.regular)
    found = regular[np.sort(np.array(_regular_graph(network).bridges(), dtype=np.int64))]
    table = pd.DataFrame(
        {
            "person_a": network.index[network.pairs.first[found]],
            "person_b": network.index[network.pairs.second[found]],
        },
        dtype="str",
    )
    if not len(regular):
        table.attrs["reason"] = "no_ties"
    return table


def _regular_graph(network: Network) -> ig.Graph:
    regular = network.pairs.regular
    return graph_of(len(network.index), network.pairs.first[regular], network.pairs.second[regular])


def _isolation_impact(graph: ig.Graph) -> tuple[IntArray, FloatArray]:
    """Return the cut points and how many are cut off by each, in one pass over the block-cut tree.

    The tree's nodes are the cut points and the blocks (parts that no single person can split); a
    block holds the people in it who are no cut points. What hangs below a cut point in the tree,
    block by block, and what is above it are the pieces its loss leaves.
    """
    cover, found = graph.biconnected_components(return_articulation_points=True)
    points = np.sort(np.array(found, dtype=np.int64))
    if not len(points):
        return points, np.zeros(0)
    blocks = list(cover)
    block_sizes = np.array([len(block) for block in blocks], dtype=np.int64)
    people = np.concatenate([np.array(block, dtype=np.int64) for block in blocks])
    block_of = np.repeat(np.arange(len(blocks)), block_sizes)
    is_point = np.zeros(graph.vcount(), dtype=bool)
    is_point[points] = True
    at_point = is_point[people]
    weight = np.concatenate(
        [np.ones(len(points)), np.bincount(block_of[~at_point], minlength=len(blocks))]
    )
    tree_a = np.searchsorted(points, people[at_point])
    tree_b = len(points) + block_of[at_point]
    tree, parent, below = _subtree_sums(tree_a, tree_b, weight)
    whole = np.bincount(tree, weight)[tree]
    largest = np.zeros(len(weight))
    np.maximum.at(largest, parent[parent >= 0], below[parent >= 0])
    largest = np.maximum(largest, whole - below)
    cut = np.arange(len(points))
    return points, whole[cut] - 1 - largest[cut]


def _subtree_sums(
    ends_a: IntArray, ends_b: IntArray, weight: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Root each tree of a forest; return each node's tree, parent (-1 at a root), subtree sum."""
    count = len(weight)
    forest = graph_of(count, ends_a, ends_b)
    tree = np.array(forest.connected_components().membership, dtype=np.int64)
    roots = np.unique(tree, return_index=True)[1]
    top = np.column_stack([np.full(len(roots), count), roots])
    forest.add_vertices(1)
    forest.add_edges(top)
    order, layers, parents = forest.bfs(count)
    visited, parent = np.array(order, dtype=np.int64), np.array(parents, dtype=np.int64)
    sums = np.append(weight, 0.0)
    for layer in range(len(layers) - 2, 0, -1):
        nodes = visited[layers[layer] : layers[layer + 1]]
        np.add.at(sums, parent[nodes], sums[nodes])
    parent[parent == count] = -1
    return tree, parent[:count], sums[:count]
