"""Betweenness: how many shortest ways between others lead through each person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import igraph as ig
import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UsageError
from orgnet.measures.components import components
from orgnet.measures.dependencies import Dependencies
from orgnet.measures.igraphs import graph_of
from orgnet.measures.locality import by_neighbourhood
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: Beyond this many people betweenness is estimated from some of them unless told otherwise.
EXACT_UP_TO = 20_000

#: People whose shortest ways are followed when it is estimated.
DEFAULT_SAMPLES = 2_048

#: People whose shortest ways are followed at a time, one column of a dense array each: so many, or
#: more while the array is no larger than this.
_BATCH, _ENTRIES = 32, 1 << 16

#: With fewer people, or fewer of them followed, sorting by neighbourhood costs more than it gains.
_SORTED_FROM, _SORTED_FOR = 2_000, 500

#: Threads; more than a few would only wait for memory. With fewer people more than one costs more
#: than it gains.
_THREADS, _THREADED_FROM = min(4, os.cpu_count() or 1), 2_000

#: With ways longer than about this, one pass a step takes longer than following people one by one.
_LONG_WAY = 30

#: The chance that the stated bound of an estimate does not hold for everybody.
_RISK = 0.05


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
        An estimate has ``attrs["samples"]``, the people followed, ``attrs["error"]``, the
        half-width of the 95 % interval of the value that is known worst, and ``attrs["bound"]``: in
        95 of 100 draws every value is this near to the exact one, however ways are distributed.
        Both are in the unit of the values, and NaN for a single person followed.
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
    and Chaos* 17(7), 2303-2318; bound (empirical Bernstein-Serfling, shared by all values):
    Bardenet, R. and Maillard, O.-A. (2015). *Bernoulli* 21(3), 1361-1385.

    Examples
    --------
    Two circles of three people and one tie between c and d.

    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> betweenness(graph).to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 0.6, 'd': 0.6, 'e': 0.0, 'f': 0.0}
    """
    network = as_network(network)
    [estimate] = _sums_over_pairs(network, network.observed, None, samples, seed)
    return _of_all_pairs(network, estimate, normalized=normalized)


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
    _, estimate = _sums_over_pairs(network, groups.codes >= 0, groups.codes, samples, seed)
    return _of_cross_pairs(network, by, estimate, normalized=normalized)


def both_betweennesses(
    network: Graph, *, by: str, samples: int | None = None, seed: int = 0
) -> tuple[pd.Series[float], pd.Series[float]]:
    """`betweenness` and `cross_betweenness` in little more than the time of one of them.

    Parameters
    ----------
    network, by, samples, seed
        As in `cross_betweenness`.

    Returns
    -------
    tuple of two pandas.Series
        Both normalised; as the two functions return them.

    Raises
    ------
    UsageError
        If `samples` is below 1.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph(["ab", "ac", "bc", "cd", "de", "df", "ef"])
    >>> nx.set_node_attributes(graph, dict(zip("abcdef", "LLLRRR")), "department")
    >>> every, cross = both_betweennesses(graph, by="department")
    >>> float(every["c"]), float(cross["c"])
    (0.6, 1.0)
    """
    network = as_network(network, by=by)
    codes = network.groups(by).codes
    if not np.array_equal(codes >= 0, network.observed):
        # People of unknown group are on the ways of the one and not of the other.
        return (
            betweenness(network, samples=samples, seed=seed),
            cross_betweenness(network, by=by, samples=samples, seed=seed),
        )
    every, cross = _sums_over_pairs(network, network.observed, codes, samples, seed)
    return _of_all_pairs(network, every), _of_cross_pairs(network, by, cross)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Every person's sum over pairs, and how far it may be off if it is an estimate.

    Attributes
    ----------
    values
        NaN for people who are not on the ways.
    samples
        People followed; None if everybody was.
    standard_errors, bounds
        Of each value; 0 if everybody was followed.
    """

    values: FloatArray
    samples: int | None
    standard_errors: FloatArray
    bounds: FloatArray


def _of_all_pairs(network: Network, sums: _Sums, *, normalized: bool = True) -> pd.Series[float]:
    n = network.n
    pairs = np.full(len(network.index), (n - 1) * (n - 2) / 2)
    reason = None if network.pairs.regular.any() else "no_ties"
    if normalized and n < 3:
        reason = reason or "too_few_people"
    return _by_person(network, sums, pairs if normalized else None, reason, name="betweenness")


def _of_cross_pairs(
    network: Network, by: str, sums: _Sums, *, normalized: bool = True
) -> pd.Series[float]:
    groups = network.groups(by)
    known = groups.codes >= 0
    n = int(groups.sizes.sum())
    cross_pairs = (n * n - int((groups.sizes**2).sum())) / 2
    own_pairs = np.zeros(len(known))
    own_pairs[known] = n - groups.sizes[groups.codes[known]]
    _, _, both_known = network.between(groups)
    reason = None if (network.pairs.regular & both_known).any() else "no_ties"
    if len(groups.names) < 2:
        reason = "single_group"
    pairs = cross_pairs - own_pairs if normalized else None
    return _by_person(network, sums, pairs, reason, name="cross_betweenness")


def _by_person(
    network: Network,
    sums: _Sums,
    pairs: FloatArray | None,
    reason: str | None,
    *,
    name: str,
) -> pd.Series[float]:
    result = pd.Series(np.nan, index=network.index, name=name, dtype=float)
    if reason:
        result.attrs["reason"] = reason
        return result
    unit = np.ones(len(result)) if pairs is None else np.where(pairs > 0, pairs, np.nan)
    result[:] = sums.values / unit
    if sums.samples is not None:
        defined = result.notna().to_numpy()
        result.attrs["samples"] = sums.samples
        for key, widths in (("error", 1.96 * sums.standard_errors), ("bound", sums.bounds)):
            result.attrs[key] = float((widths / unit)[defined].max(initial=0.0))
    return result


def _sums_over_pairs(
    network: Network,
    inside: BoolArray,
    codes: IntArray | None,
    samples: int | None,
    seed: int,
) -> list[_Sums]:
    """Add up every person's share of the shortest ways, over the pairs of people `inside`.

    Over all pairs first, and with codes also over those of different codes. People who are not
    inside get NaN.
    """
    if samples is not None and samples < 1:
        raise UsageError(f"samples is {samples}, expected a whole number of 1 or more")
    regular = network.pairs.regular & inside[network.pairs.first] & inside[network.pairs.second]
    first, second = network.pairs.first[regular], network.pairs.second[regular]
    is_tied = np.zeros(len(inside), dtype=bool)
    is_tied[first] = is_tied[second] = True
    tied = np.flatnonzero(is_tied)
    place = np.cumsum(is_tied) - 1
    first, second = place[first], place[second]
    candidates = np.flatnonzero(inside)
    if samples is None and len(candidates) > EXACT_UP_TO:
        samples = DEFAULT_SAMPLES
    sampled = samples is not None and samples < len(candidates)
    if sampled:
        drawn = np.random.default_rng(seed).choice(candidates, samples, replace=False)
    else:
        drawn = candidates
    adjacency = sparse.csr_array(
        (
            np.ones(2 * len(first)),
            (np.concatenate([first, second]), np.concatenate([second, first])),
        ),
        shape=(len(tied), len(tied)),
    )
    # Nothing leads from people without a tie.
    followed = np.searchsorted(tied, np.intersect1d(drawn, tied))
    totals, squares = _follow(
        adjacency,
        followed,
        None if codes is None else codes[tied],
        squares=sampled,
    )

    def by_person(values: FloatArray) -> FloatArray:
        result = np.where(inside, 0.0, np.nan)
        result[tied] = values
        return result

    # Every pair is seen from both of its ends.
    scale = len(candidates) / max(1, len(drawn)) / 2
    count = len(drawn)
    if not sampled:
        nothing = np.zeros(len(tied))
        return [
            _Sums(by_person(total * scale), None, by_person(nothing), by_person(nothing))
            for total in totals
        ]
    longest = int(np.bincount(components(adjacency)).max(initial=2))
    result = []
    for total, square in zip(totals, squares, strict=True):
        variance = (square - total**2 / count) / (count - 1) if count > 1 else total * np.nan
        spread = np.sqrt(np.maximum(variance, 0.0))
        errors = scale * spread * np.sqrt(count * (1 - count / len(candidates)))
        # Nobody is between one person and more than all the others of a part of the network.
        bounds = scale * count * _bound(spread, longest - 2, count, len(candidates), len(tied))
        result.append(_Sums(by_person(total * scale), count, by_person(errors), by_person(bounds)))
    return result


def _bound(
    spread: FloatArray, width: float, count: int, population: int, values: int
) -> FloatArray:
    """Return how far means of `count` draws without replacement may be off, all at once.

    The empirical Bernstein-Serfling inequality, for numbers between 0 and `width` whose sample
    standard deviation is `spread`; its risk is shared by both sides of so many values.
    """
    logarithm = np.log(5 * 2 * values / _RISK)
    if count <= population / 2:
        left = 1 - (count - 1) / population
    else:
        left = (1 - count / population) * (1 + 1 / count)
    return np.asarray(
        spread * np.sqrt(2 * left * logarithm / count)
        + (7 / 3 + 3 / np.sqrt(2)) * width * logarithm / count
    )


def _follow(
    adjacency: sparse.csr_array,
    sources: IntArray,
    codes: IntArray | None,
    *,
    squares: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return what `Dependencies` sums up, over all batches of sources; squares or zeros."""
    n = adjacency.shape[0]
    order = np.arange(n)
    if n >= _SORTED_FROM and len(sources) >= _SORTED_FOR:
        order = by_neighbourhood(adjacency)
        place = np.empty_like(order)
        place[order] = np.arange(n)
        adjacency = adjacency[order][:, order]
        sources = np.sort(place[sources])
        codes = None if codes is None else codes[order]
    sums = np.zeros((2, 1 if codes is None else 2, n))
    for batch in _batches(adjacency, sources, codes, squares=squares):
        sums += batch
    found = np.empty_like(sums)
    found[:, :, order] = sums
    return found[0], found[1]


def _batches(
    adjacency: sparse.csr_array,
    sources: IntArray,
    codes: IntArray | None,
    *,
    squares: bool,
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield the sums of one batch of sources after the other."""
    if not len(sources):
        return
    if _has_long_ways(adjacency):
        graph = graph_of(adjacency.shape[0], *sparse.triu(adjacency).nonzero())
        for source in sources.tolist():
            kinds = (None,) if codes is None else (None, codes)
            parts = np.array([_dependencies_by_igraph(graph, source, kind) for kind in kinds])
            yield parts, parts**2
        return
    # With very many people memory counts, and the draw of sources outweighs any rounding.
    rough = adjacency.shape[0] > EXACT_UP_TO and len(sources) < adjacency.shape[0]
    dtype = np.float32 if rough else np.float64
    width = max(_BATCH, _ENTRIES // adjacency.shape[0])
    batches = np.split(sources, np.arange(width, len(sources), width))
    workers: SimpleQueue[Dependencies] = SimpleQueue()
    threads = min(_THREADS if adjacency.shape[0] >= _THREADED_FROM else 1, len(batches))
    for _ in range(threads):
        workers.put(
            Dependencies(adjacency, codes, width=len(batches[0]), dtype=dtype, squares=squares)
        )

    def sums(batch: IntArray) -> tuple[FloatArray, FloatArray]:
        worker = workers.get()
        try:
            return worker.sums(batch)
        finally:
            workers.put(worker)

    # scipy's products release the interpreter's lock. Sums are added in the order of the batches,
    # so that the result does not depend on the number of threads.
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(sums, batches)


def _dependencies_by_igraph(graph: ig.Graph, source: int, codes: IntArray | None) -> FloatArray:
    """Return what `Dependencies` sums up, of one source."""
    targets = None if codes is None else np.flatnonzero(codes != codes[source]).tolist()
    # In undirected graphs igraph halves what it finds.
    found = graph.betweenness(directed=False, sources=[source], targets=targets)
    return 2.0 * np.asarray(found)


def _has_long_ways(adjacency: sparse.csr_array) -> bool:
    """Tell whether somebody is far from one of the people of their part, taken as its centre.

    If not, no way is longer than twice `_LONG_WAY`.
    """
    _, centres = np.unique(components(adjacency), return_index=True)
    seen = np.zeros(adjacency.shape[0], dtype=bool)
    seen[centres] = True
    front = seen.astype(float)
    for _ in range(_LONG_WAY):
        front = ((adjacency @ front) > 0) & ~seen
        if not front.any():
            return False
        seen |= front
    return bool((((adjacency @ front) > 0) & ~seen).any())
