"""Betweenness: how many shortest ways between others lead through each person."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import igraph as ig
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from orgnet.errors import UsageError
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Beyond this many people betweenness is estimated from some of them unless told otherwise.
EXACT_UP_TO = 20_000

#: People whose shortest ways are followed when it is estimated.
DEFAULT_SAMPLES = 2_048

#: People whose shortest ways are followed at a time: one column of a dense array each.
_BATCH = 32

#: Threads; more than a few would only wait for memory.
_THREADS = min(4, os.cpu_count() or 1)

#: With ways longer than about this, one pass a step takes longer than following people one by one.
_LONG_WAY = 30

_UNSEEN = np.uint8(255)


def betweenness(
    network: Graph, *, normalized: bool = True, samples: int | None = None, seed: int = 0
) -> pd.Series[float]:
    r"""How much of the shortest ways between two other people leads through each person.

    High values mark people through whom news has to pass. One missing person can move it much:
    show bands, never ranks.

    .. math:: \frac{2}{(n-1)(n-2)} \sum_{s<t} \frac{\sigma_{st}(v)}{\sigma_{st}}

    where :math:`\sigma_{st}` counts the shortest ways from *s* to *t* along regular ties, and
    :math:`\sigma_{st}(v)` those that pass *v*. A way is as long as its number of ties, whatever
    their strength and direction.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    normalized
        Divide by the number of pairs of other people; otherwise in pairs of people.
    samples
        Follow the shortest ways from so many people, drawn at random, and scale up. None: from
        everybody up to 20,000 people, from 2,048 beyond.
    seed
        Of the draw.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        From 0 to 1 if normalised (an estimate can be above 1). Pairs that no way connects count 0.
        An estimate has ``attrs["samples"]``, the people followed, and ``attrs["error"]``, the
        half-width of the 95 % interval of the value that is known worst, in the unit of the values
        (NaN for a single person followed).
        NaN for people who were not observed. All NaN, with ``attrs["reason"]``, without any regular
        tie (``no_ties``) and, if normalised, with fewer than three people (``too_few_people``).

    Raises
    ------
    UsageError
        If `samples` is below 1.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. *Social
    Networks* 1(3), 215-239. Algorithm: Brandes, U. (2001). *Journal of Mathematical Sociology*
    25(2), 163-177; estimate: Brandes, U. and Pich, C. (2007). *International Journal of Bifurcation
    and Chaos* 17(7), 2303-2318.

    Examples
    --------
    Two circles of three people and one tie between c and d.

    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> betweenness(graph).to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 0.6, 'd': 0.6, 'e': 0.0, 'f': 0.0}
    """
    network = as_network(network)
    n = network.n
    pairs = np.full(len(network.index), (n - 1) * (n - 2) / 2)
    result, error = _sum_over_pairs(network, network.observed, None, samples, seed)
    reason = None if network.pairs.regular.any() else "no_ties"
    if normalized and n < 3:
        reason = reason or "too_few_people"
    return _by_person(
        network, result, error, pairs if normalized else None, reason, name="betweenness"
    )


def cross_betweenness(
    network: Graph,
    *,
    by: str,
    normalized: bool = True,
    samples: int | None = None,
    seed: int = 0,
) -> pd.Series[float]:
    r"""How much of the shortest ways between two other groups' people leads through each person.

    As `betweenness`, over pairs of people from different groups alone: high values mark people
    through whom news passes from group to group. They need not be of either group.

    .. math:: \frac{1}{|P_v|} \sum_{\{s,t\} \in P_v} \frac{\sigma_{st}(v)}{\sigma_{st}}

    where :math:`P_v` are the pairs of people of different groups that do not contain *v*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    normalized
        Divide by the number of such pairs; otherwise in pairs of people.
    samples, seed
        As in `betweenness`.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        As `betweenness`. NaN also for people whose group is not known, who are on nobody's way
        either, and, if normalised, where no pair of other groups' people is left. All NaN with
        ``attrs["reason"]`` ``single_group`` with fewer than two groups.

    Raises
    ------
    UsageError
        If `samples` is below 1.

    References
    ----------
    As `betweenness`; over a subset of the pairs: Brandes, U. (2008). On variants of shortest-path
    betweenness centrality and their generic computation. *Social Networks* 30(2), 136-145.

    Examples
    --------
    Whatever goes from one circle to the other passes c and d, except what they say themselves.

    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> nx.set_node_attributes(graph, dict(zip("abcdef", "LLLRRR")), "department")
    >>> cross_betweenness(graph, by="department").to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 1.0, 'd': 1.0, 'e': 0.0, 'f': 0.0}
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    known = groups.codes >= 0
    n = int(groups.sizes.sum())
    cross_pairs = (n * n - int((groups.sizes**2).sum())) / 2
    own_pairs = np.zeros(len(known))
    own_pairs[known] = n - groups.sizes[groups.codes[known]]
    result, error = _sum_over_pairs(network, known, groups.codes, samples, seed)
    _, _, both_known = network.between(groups)
    reason = None if (network.pairs.regular & both_known).any() else "no_ties"
    if len(groups.names) < 2:
        reason = "single_group"
    pairs = cross_pairs - own_pairs if normalized else None
    return _by_person(network, result, error, pairs, reason, name="cross_betweenness")


@dataclass(frozen=True, slots=True)
class _Error:
    """How many people an estimate follows, and the standard error of each value."""

    samples: int
    standard_errors: FloatArray


def _by_person(
    network: Network,
    values: FloatArray,
    error: _Error | None,
    pairs: FloatArray | None,
    reason: str | None,
    *,
    name: str,
) -> pd.Series[float]:
    result = pd.Series(np.nan, index=network.index, name=name, dtype=float)
    if reason:
        result.attrs["reason"] = reason
        return result
    unit = np.ones(len(values)) if pairs is None else np.where(pairs > 0, pairs, np.nan)
    result[:] = values / unit
    if error is not None:
        result.attrs["samples"] = error.samples
        widths = (1.96 * error.standard_errors / unit)[~np.isnan(result.to_numpy())]
        result.attrs["error"] = float(widths.max(initial=0.0))
    return result


def _sum_over_pairs(
    network: Network, inside: BoolArray, codes: IntArray | None, samples: int | None, seed: int
) -> tuple[FloatArray, _Error | None]:
    """Add up every person's share of the shortest ways, over the pairs of people `inside`.

    With `codes` over the pairs of different codes alone. People who are not inside get NaN.
    """
    if samples is not None and samples < 1:
        raise UsageError(f"samples is {samples}, expected a whole number of 1 or more")
    regular = network.pairs.regular & inside[network.pairs.first] & inside[network.pairs.second]
    tied, ends = np.unique(
        np.concatenate([network.pairs.first[regular], network.pairs.second[regular]]),
        return_inverse=True,
    )
    first, second = np.split(ends, 2)
    adjacency = sparse.csr_array(
        (np.ones(len(ends)), (np.concatenate([first, second]), np.concatenate([second, first]))),
        shape=(len(tied), len(tied)),
    )
    candidates = np.flatnonzero(inside)
    if samples is None and len(candidates) > EXACT_UP_TO:
        samples = DEFAULT_SAMPLES
    sampled = samples is not None and samples < len(candidates)
    if sampled:
        drawn = np.random.default_rng(seed).choice(candidates, samples, replace=False)
    else:
        drawn = candidates
    # Nothing leads from people without a tie.
    followed = np.searchsorted(tied, np.intersect1d(drawn, tied))
    total, squares = _follow(adjacency, followed, None if codes is None else codes[tied])
    result = np.where(inside, 0.0, np.nan)
    # Every pair is seen from both of its ends.
    scale = len(candidates) / max(1, len(drawn)) / 2
    result[tied] = total * scale
    if not sampled:
        return result, None
    count = len(drawn)
    errors = np.where(inside, 0.0, np.nan)
    variance = (squares - total**2 / count) / (count - 1) if count > 1 else total * np.nan
    unseen = 1 - count / len(candidates)
    errors[tied] = scale * np.sqrt(np.maximum(variance, 0.0) * count * unseen)
    return result, _Error(samples=count, standard_errors=errors)


def _follow(
    adjacency: sparse.csr_array, sources: IntArray, codes: IntArray | None
) -> tuple[FloatArray, FloatArray]:
    """Return the sum over `sources` of each node's dependency, and the sum of its squares."""
    total, squares = np.zeros(adjacency.shape[0]), np.zeros(adjacency.shape[0])
    if not len(sources):
        return total, squares
    batches = np.split(sources, np.arange(_BATCH, len(sources), _BATCH))
    if _has_long_ways(adjacency):
        graph = ig.Graph(n=len(total), edges=np.column_stack(sparse.triu(adjacency).nonzero()))
        parts = (_dependencies_one_by_one(graph, batch, codes) for batch in batches)
        for dependencies in parts:
            total += dependencies.sum(axis=1)
            squares += (dependencies**2).sum(axis=1)
        return total, squares

    def sums(batch: IntArray) -> tuple[FloatArray, FloatArray]:
        dependencies = _dependencies(adjacency, batch, codes)
        return dependencies.sum(axis=1), np.einsum("ij,ij->i", dependencies, dependencies)

    # scipy's products release the interpreter's lock. Sums are added in the order of the batches,
    # so that the result does not depend on the number of threads.
    with ThreadPoolExecutor(_THREADS) as pool:
        for batch_total, batch_squares in pool.map(sums, batches):
            total += batch_total
            squares += batch_squares
    return total, squares


def _dependencies(
    adjacency: sparse.csr_array, sources: IntArray, codes: IntArray | None
) -> FloatArray:
    """Brandes' dependencies of many sources at once, nodes × sources.

    Forward, one product a step from the sources counts the shortest paths; backward, one product a
    step hands each node's share on to the nodes before it.
    """
    shape = (adjacency.shape[0], len(sources))
    columns = np.arange(len(sources))
    # The first step needs no product: every source has a tie, and all its neighbours are new.
    front = np.ascontiguousarray(adjacency[sources].toarray().T)
    paths = front.copy()
    paths[sources, columns] = 1.0
    step_of = np.where(front > 0, np.uint8(1), _UNSEEN)
    step_of[sources, columns] = 0
    steps = 1
    while (unseen := step_of == _UNSEEN).any():
        front = adjacency @ front
        front *= unseen
        reached = front > 0
        if not reached.any():
            break
        steps += 1
        step_of[reached] = steps
        paths += front
    counted = 1.0 if codes is None else (codes[:, None] != codes[sources]).astype(float)
    per_path = np.divide(1.0, paths, out=np.zeros(shape), where=paths > 0)
    dependencies = np.zeros(shape)
    for step in range(steps, 1, -1):
        share = (counted + dependencies) * per_path
        share *= step_of == step
        handed_on = adjacency @ share
        handed_on *= paths
        handed_on *= step_of == step - 1
        dependencies += handed_on
    return dependencies


def _dependencies_one_by_one(
    graph: ig.Graph, sources: IntArray, codes: IntArray | None
) -> FloatArray:
    """Return the same as `_dependencies`, by igraph."""
    columns = []
    for source in sources.tolist():
        targets = None if codes is None else np.flatnonzero(codes != codes[source]).tolist()
        columns.append(graph.betweenness(directed=False, sources=[source], targets=targets))
    # In undirected graphs igraph halves what it finds.
    return 2.0 * np.array(columns).T


def _has_long_ways(adjacency: sparse.csr_array) -> bool:
    """Tell whether somebody is far from one of the people of their part, taken as its centre.

    If not, no way is longer than twice `_LONG_WAY`.
    """
    _, part = connected_components(adjacency, directed=False)
    _, centres = np.unique(part, return_index=True)
    seen = np.zeros(len(part), dtype=bool)
    seen[centres] = True
    front = seen.astype(float)
    for _ in range(_LONG_WAY):
        front = ((adjacency @ front) > 0) & ~seen
        if not front.any():
            return False
        seen |= front
    return bool((((adjacency @ front) > 0) & ~seen).any())
