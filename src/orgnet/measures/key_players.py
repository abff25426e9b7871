"""Key players: the people whose absence would take the network apart."""

from __future__ import annotations

from collections.abc import Collection

import igraph as ig
import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.igraphs import graph_of
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Beyond this many people distances are followed from some of them unless told otherwise.
EXACT_UP_TO = 10_000

#: The same for `key_player_neg`, which follows them anew for every person that it tries.
SEARCH_EXACT_UP_TO = 1_000

#: People from whom distances are followed beyond.
DEFAULT_SAMPLES = 500

#: People of whom each step tries what their absence would do.
DEFAULT_CANDIDATES = 25


def fragmentation(network: Graph, *, without: Collection[str] = ()) -> float:
    r"""Share of the pairs of people whom no chain of regular ties connects.

    0: everybody can reach everybody; 1: nobody can reach anybody.

    .. math:: 1 - \frac{\sum_c n_c (n_c - 1)}{n (n - 1)}

    with :math:`n_c` people in part *c* of the network, of *n* who were observed and not left out.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    without
        The ids of people to leave out: how the network would be without them.

    Returns
    -------
    float
        From 0 to 1. NaN with fewer than two people, and if the whole network has no regular tie.

    Raises
    ------
    UsageError
        If an id in `without` is not among the people; the message says how many are not.

    References
    ----------
    Borgatti, S. P. (2006). Identifying sets of key players in a social network. *Computational and
    Mathematical Organization Theory* 12, 21-34, equation 4.

    Examples
    --------
    A star falls into single people without its centre.

    >>> import networkx as nx
    >>> star = nx.star_graph(4)
    >>> fragmentation(star), fragmentation(star, without=["0"])
    (0.0, 1.0)
    """
    network = as_network(network)
    stay = network.observed & ~_left_out(network, without)
    n = int(stay.sum())
    if n < 2 or not network.pairs.regular.any():
        return float("nan")
    sizes = np.array(_regular_graph(network, stay).connected_components().sizes())
    return float(1 - (sizes * (sizes - 1)).sum() / (n * (n - 1)))


def distance_fragmentation(
    network: Graph, *, without: Collection[str] = (), samples: int | None = None, seed: int = 0
) -> float:
    r"""How far apart people are, from 0 where everybody has a tie with everybody to 1 for nobody.

    The distance-weighted fragmentation: it rises before the network falls apart, as ways get
    longer.

    .. math:: 1 - \frac{\sum_{i \ne j} 1 / d_{ij}}{n (n - 1)}

    where :math:`d_{ij}` is the length of the shortest way, in regular ties, and 1/d is 0 without
    one.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    without
        The ids of people to leave out: how the network would be without them.
    samples
        Follow the distances from so many people drawn at random. None follows them from all up to
        10,000 people, and from 500 beyond.
    seed
        Seed of the draw.

    Returns
    -------
    float
        From 0 to 1. NaN with fewer than two people, and if the whole network has no regular tie.

    Raises
    ------
    UsageError
        If an id in `without` is not among the people, or `samples` is below 1.

    References
    ----------
    Borgatti (2006), equation 9, as for `fragmentation`.

    Examples
    --------
    >>> import networkx as nx
    >>> star = nx.star_graph(4)
    >>> round(distance_fragmentation(star), 9), distance_fragmentation(star, without=["0"])
    (0.3, 1.0)
    """
    network = as_network(network)
    stay = network.observed & ~_left_out(network, without)
    if stay.sum() < 2 or not network.pairs.regular.any():
        return float("nan")
    people = np.flatnonzero(stay)
    drawn = _draw(people, samples, EXACT_UP_TO, seed)
    return _distance_fragmentation(_regular_graph(network, stay), np.searchsorted(people, drawn))


def key_player_neg(
    network: Graph,
    *,
    size: int = 3,
    candidates: int = DEFAULT_CANDIDATES,
    samples: int | None = None,
    seed: int = 0,
) -> pd.Series[float]:
    r"""Find the people whose absence would set the others furthest apart, one after the other.

    Each step adds the person without whom `distance_fragmentation` is highest, given those who are
    already left out. The set is found step by step, not by trying all sets: another one may be
    better.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    size
        How many people to find.
    candidates
        How many people to try in each step: those whose absence could do most, by a bound, twice
        their own nearness to others plus the ways that lead through them. As many as there are
        people makes each step exact.
    samples
        Follow the distances from so many people drawn at random. None follows them from all up to
        1,000 people, and from 500 beyond.
    seed
        Seed of the draw.

    Returns
    -------
    pandas.Series of float, indexed by person, in the order found
        `distance_fragmentation` without this person and those before. Of equal people the first by
        id. Shorter than `size` where only two people are left or the others have no tie;
        ``attrs["before"]`` is the value with everybody there. Empty, with ``attrs["reason"]``
        ``no_ties``, without any regular tie.

    Raises
    ------
    UsageError
        If `size` or `candidates` is below 1, or `samples` is not above `size`.

    References
    ----------
    Borgatti (2006), the negative key player problem, as for `fragmentation`.

    Examples
    --------
    Two teams of three; whoever holds the one tie between them is missed most.

    >>> import networkx as nx
    >>> found = key_player_neg(nx.barbell_graph(3, 0), size=1)
    >>> round(found.attrs["before"], 3), found.round(3).to_dict()
    (0.311, {'2': 0.6})
    """
    for name, number in (("size", size), ("candidates", candidates)):
        if number < 1:
            raise UsageError(f"{name} is {number}, expected a whole number of 1 or more")
    if samples is not None and samples <= size:
        raise UsageError(f"samples is {samples}, expected more than the size, which is {size}")
    network = as_network(network)
    stay = network.observed.copy()
    # Walked by id, so that neither ties in value nor the draw depend on the roster's order.
    by_id = np.argsort(network.index.to_numpy(dtype=object), kind="stable")
    drawn = _draw(by_id[stay[by_id]], samples, SEARCH_EXACT_UP_TO, seed)
    found: list[int] = []
    values: list[float] = []
    before = float("nan")
    if network.pairs.regular.any():
        people = np.flatnonzero(stay)
        before = _distance_fragmentation(
            _regular_graph(network, stay), np.searchsorted(people, drawn)
        )
    while len(found) < size and stay.sum() > 2 and len(drawn):
        people = by_id[stay[by_id]]
        graph = _regular_graph(network, stay, people)
        if not graph.ecount():
            break
        place = np.full(len(stay), -1, dtype=np.int64)
        place[people] = np.arange(len(people))
        best, value = _best_absence(graph, place[drawn], candidates)
        found.append(int(people[best]))
        values.append(value)
        stay[found[-1]] = False
        drawn = drawn[drawn != found[-1]]
    result = pd.Series(values, index=network.index[found], name="key_player_neg", dtype=float)
    result.attrs.update(before=before, samples=len(drawn), candidates=candidates, seed=seed)
    if not network.pairs.regular.any():
        result.attrs["reason"] = "no_ties"
    return result


def _best_absence(graph: ig.Graph, sources: IntArray, candidates: int) -> tuple[int, float]:
    """Find the vertex without which the others are furthest apart, and how far they are then."""
    near = _nearness(graph, range(graph.vcount())) if len(sources) == graph.vcount() else None
    if near is None:
        # The degree stands in for nearness where distances from everybody take too long.
        near = np.asarray(graph.degree(), dtype=float)
    through = np.asarray(graph.betweenness(directed=False, sources=sources.tolist()), dtype=float)
    # Whoever leaves takes both directions of their own nearness with them. A way through them has
    # two steps or more: a pair in both directions loses 1 at most.
    bound = 2 * near + through * graph.vcount() / len(sources)
    order = np.argsort(-bound.round(9), kind="stable")[:candidates]
    best, value = int(order[0]), -1.0
    for vertex in order.tolist():
        without = graph.copy()
        without.delete_vertices(vertex)
        left = sources[sources != vertex]
        left = left - (left > vertex)
        apart = _distance_fragmentation(without, left)
        if apart > value + 1e-12:
            best, value = vertex, apart
    return best, value


def _distance_fragmentation(graph: ig.Graph, sources: IntArray) -> float:
    near = _nearness(graph, sources.tolist()).sum()
    return float(1 - near / len(sources) / (graph.vcount() - 1))


def _nearness(graph: ig.Graph, vertices: Collection[int]) -> FloatArray:
    """Add up 1 / distance from each vertex to all others."""
    shares = graph.harmonic_centrality(list(vertices))
    return np.asarray(np.array(shares, dtype=float) * (graph.vcount() - 1))


def _regular_graph(network: Network, stay: BoolArray, people: IntArray | None = None) -> ig.Graph:
    """Return the regular ties among those who stay, vertices in the order of `people`."""
    people = np.flatnonzero(stay) if people is None else people
    place = np.full(len(stay), -1, dtype=np.int64)
    place[people] = np.arange(len(people))
    pairs = network.pairs
    kept = pairs.regular & stay[pairs.first] & stay[pairs.second]
    return graph_of(len(people), place[pairs.first[kept]], place[pairs.second[kept]])


def _draw(people: IntArray, samples: int | None, exact_up_to: int, seed: int) -> IntArray:
    """Choose from whom distances are followed."""
    if samples is not None and samples < 1:
        raise UsageError(f"samples is {samples}, expected a whole number of 1 or more")
    if samples is None:
        samples = len(people) if len(people) <= exact_up_to else DEFAULT_SAMPLES
    if samples >= len(people):
        return people
    drawn = np.random.default_rng(seed).choice(people, samples, replace=False)
    return np.asarray(drawn, dtype=np.int64)


def _left_out(network: Network, without: Collection[str]) -> BoolArray:
    """Say of each person whether they are left out."""
    wanted = pd.Index(list(without), dtype="object")
    strangers = int((~wanted.isin(network.index)).sum())
    if strangers:
        raise UsageError(
            f"{strangers} of {len(wanted)} ids in without are not among the people; give ids as "
            "they stand in the column 'person'"
        )
    return np.asarray(network.index.isin(wanted), dtype=bool)
