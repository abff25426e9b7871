"""Communities: the groups that contact itself makes, and how far departments agree with them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UsageError, did_you_mean
from orgnet.measures.igraphs import drawing_from, graph_of
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray, IntArray
from orgnet.statistics.partitions import Agreement, partition_agreement

Method = Literal["leiden", "louvain", "multilevel"]

#: Leiden is started so often; the best result stands.
LEIDEN_RUNS = 20

#: Beyond this many people one search takes seconds, and fewer of them stand for all.
MANY_PEOPLE, LEIDEN_RUNS_OF_MANY = 20_000, 2

#: A sample of people stands for all of them where its communities have so high a modularity.
CLEAR_BY_SAMPLE = 0.3

#: Beyond this many people python-louvain takes longer than everything else.
LOUVAIN_UP_TO = 100


def communities(
    network: Graph,
    *,
    method: Method = "leiden",
    seed: int = 0,
    resolution: float = 1.0,
    runs: int | None = None,
) -> pd.Series[int]:
    r"""Sort people into groups that are in contact inside more than with the rest.

    Found by high modularity, which merges small groups in large networks and finds groups in random
    ones as well: the number of communities is no number of silos. There are many partitions nearly
    as good as the best; compare several seeds before believing one person's place.

    .. math:: Q = \sum_c \Bigl[\frac{M_{cc}}{2m} - \gamma \Bigl(\frac{K_c}{2m}\Bigr)^2\Bigr]

    with the symbols of `mixing_matrix`, for communities in place of groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    method
        ``leiden``, or, for comparison with older work, the Louvain method, which may give
        communities that are not connected: ``louvain`` as python-louvain has it, ``multilevel`` as
        igraph has it, some thirty times as fast.
    seed
        Seed of the search.
    resolution
        :math:`\gamma`: larger gives more and smaller communities (not for ``louvain``).
    runs
        Searches, of which the one with the highest *Q* is taken (Leiden only). None: 20 up to
        20,000 people with a tie, 2 of two rounds each beyond; ``attrs["runs"]`` says which. Beyond,
        communities that are clear are found among some people and joined by the others
        (`orgnet.measures.sampled_search`); where they are not, all people are searched.

    Returns
    -------
    pandas.Series of int, one label a person, in the order of the people
        From 0, numbered by their first member. People without a tie, and those who were not
        observed, have a label of their own. The communities, but not their numbers, are the same
        whatever the order of the people.

    Raises
    ------
    UsageError
        If there is no such `method`, if `resolution` or `runs` is not above 0, or if `resolution`
        is not 1 for ``louvain``.

    References
    ----------
    Traag, V. A., Waltman, L. and van Eck, N. J. (2019). From Louvain to Leiden: guaranteeing
    well-connected communities. *Scientific Reports* 9, 5233. Blondel, V. D., Guillaume, J.-L.,
    Lambiotte, R. and Lefebvre, E. (2008). Fast unfolding of communities in large networks. *Journal
    of Statistical Mechanics* P10008.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams.

    >>> import networkx as nx
    >>> communities(nx.barbell_graph(3, 0)).to_dict()
    {'0': 0, '1': 0, '2': 0, '3': 1, '4': 1, '5': 1}
    """
    if method not in get_args(Method):
        raise UsageError(
            f"method is {method!r}, expected 'leiden', 'louvain' or 'multilevel'."
            f"{did_you_mean(str(method), get_args(Method))}"
        )
    if not resolution > 0:
        raise UsageError(f"resolution is {resolution}, expected a number above 0")
    if method == "louvain" and resolution != 1:
        # python-louvain moves people by one definition of it and decides when to stop by another.
        raise UsageError(
            f"resolution is {resolution}, expected 1 for method 'louvain'; 'leiden' takes others"
        )
    if runs is not None and runs < 1:
        raise UsageError(f"runs is {runs}, expected at least 1")
    network = as_network(network)
    pairs = network.pairs
    runs = _runs(pairs.first, pairs.second) if runs is None else runs
    labels = _detect(
        network.index,
        pairs.first,
        pairs.second,
        pairs.strength,
        method=method,
        seed=seed,
        resolution=resolution,
        runs=runs,
    )
    result = pd.Series(labels, index=network.index, name="community", dtype="int64")
    result.attrs.update(method=method, seed=seed, resolution=resolution)
    if method == "leiden":
        result.attrs["runs"] = runs
    return result


def second_opinion(people: int) -> Method:
    """Name the method whose communities are put beside those of Leiden.

    Parameters
    ----------
    people
        How many there are.

    Examples
    --------
    >>> second_opinion(60), second_opinion(10_000)
    ('louvain', 'multilevel')
    """
    return "louvain" if people <= LOUVAIN_UP_TO else "multilevel"


def modularity(network: Graph, labels: pd.Series[int], *, resolution: float = 1.0) -> float:
    r"""How much more contact lies inside the given groups than the people's activity predicts.

    .. math:: Q = \sum_c \Bigl[\frac{M_{cc}}{2m} - \gamma \Bigl(\frac{K_c}{2m}\Bigr)^2\Bigr]

    with the symbols of `mixing_matrix`, for labels in place of groups. High values say little
    without those of random networks with the same ties a person.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    labels
        One label a person, as `communities` returns it; indexed by person, in any order.
    resolution
        :math:`\gamma`.

    Returns
    -------
    float
        Below 1; negative where contact avoids the groups. NaN without any tie.

    Raises
    ------
    UsageError
        If a person has no label.

    References
    ----------
    Newman, M. E. J. and Girvan, M. (2004). Finding and evaluating community structure in networks.
    *Physical Review E* 69, 026113.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> round(modularity(graph, communities(graph)), 4)
    0.3571
    """
    network = as_network(network)
    found = labels.reindex(network.index)
    if found.isna().any():
        raise UsageError(
            f"{int(found.isna().sum())} of {len(found)} people have no label; expected labels "
            "indexed by person, as communities() returns them"
        )
    codes, _ = pd.factorize(found)
    pairs = network.pairs
    return _modularity(codes[pairs.first], codes[pairs.second], pairs.strength, resolution)


def community_agreement(network: Graph, *, by: str, seed: int = 0) -> pd.Series[float]:
    """How far the groups agree with the communities that contact makes.

    High `ami`: people work almost exactly along the org chart. Low `completeness`: groups fall into
    several communities. Low `homogeneity`: communities mix groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    seed
        Seed of the search for communities.

    Returns
    -------
    pandas.Series of float: ``ami``, ``ari``, ``homogeneity``, ``completeness``, ``v_measure``
        Over people who have a tie with somebody of a known group. `ami` and `ari` are 0 for chance
        and 1 for the same groups; the other three are from 0 to 1 and not corrected for chance, so
        that many small communities look good. All NaN, with ``attrs["reason"]``, with fewer than
        two groups or without any tie. ``attrs["modularity"]`` is that of the communities.

    References
    ----------
    Vinh, N. X., Epps, J. and Bailey, J. (2010). Information theoretic measures for clusterings
    comparison. *Journal of Machine Learning Research* 11, 2837-2854.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> community_agreement(graph, by="department").to_dict()
    {'ami': 1.0, 'ari': 1.0, 'homogeneity': 1.0, 'completeness': 1.0, 'v_measure': 1.0}
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    if mixed.reason:
        result = pd.Series(np.nan, index=list(Agreement.__slots__), dtype=float)
        result.attrs["reason"] = mixed.reason
        return result
    groups, pairs = mixed.groups, network.pairs
    _, _, known = network.between(groups)
    first, second, strength = pairs.first[known], pairs.second[known], pairs.strength[known]
    labels = _detect(
        network.index,
        first,
        second,
        strength,
        method="leiden",
        seed=seed,
        resolution=1.0,
        runs=_runs(first, second),
    )
    tied = np.unique(np.concatenate([first, second]))
    result = pd.Series(asdict(partition_agreement(groups.codes[tied], labels[tied])), dtype=float)
    result.attrs.update(
        modularity=_modularity(labels[first], labels[second], strength, 1.0),
        communities=len(np.unique(labels[tied])),
        seed=seed,
    )
    return result


def _detect(
    people: pd.Index[str],
    first: IntArray,
    second: IntArray,
    strength: FloatArray,
    *,
    method: Method,
    seed: int,
    resolution: float,
    runs: int,
) -> IntArray:
    """Label every person; those without a tie get a label of their own."""
    # The searches walk people in order: by id, so that the order of the roster does not matter.
    by_id = np.argsort(people.to_numpy(dtype=object), kind="stable")
    position = np.empty(len(people), dtype=np.int64)
    position[by_id] = np.arange(len(people))
    here, there = position[first], position[second]
    is_tied = np.zeros(len(people), dtype=bool)
    is_tied[here] = is_tied[there] = True
    tied = np.flatnonzero(is_tied)
    place = np.cumsum(is_tied) - 1
    ends = place[np.minimum(here, there)], place[np.maximum(here, there)]
    # A sparse matrix sorts its entries much faster than numpy sorts keys.
    upper = sparse.coo_array((strength, ends), shape=(len(tied), len(tied))).tocsr()
    upper.sort_indices()
    low = np.repeat(np.arange(len(tied)), np.diff(upper.indptr))
    edges, strength = np.stack([low, upper.indices]).T, upper.data

    if not len(tied):
        found: IntArray = np.zeros(0, dtype=np.int64)
    elif method == "leiden":
        found = _leiden(edges, strength, len(tied), seed, resolution, runs)
    elif method == "multilevel":
        found = _multilevel(edges, strength, len(tied), seed, resolution)
    else:
        found = _louvain(edges, strength, seed)
    labels = len(tied) + np.arange(len(people), dtype=np.int64)
    labels[by_id[tied]] = found
    codes, _ = pd.factorize(labels)
    return np.asarray(codes, dtype=np.int64)


def search_values(
    edges: IntArray, strength: FloatArray, *, seed: int, resolution: float, runs: int
) -> tuple[IntArray, FloatArray]:
    """Search for communities several times: how many were found, and their modularity.

    Parameters
    ----------
    edges, strength
        Ties × 2, people as numbers from 0, and the strength of each tie.
    seed, resolution, runs
        As in `communities`.

    Returns
    -------
    numpy.ndarray of int, numpy.ndarray of float
        Communities of people with a tie, and modularity, one value a search.
    """
    tied, ends = np.unique(edges, return_inverse=True)
    found = list(_searches(ends.reshape(-1, 2), strength, len(tied), seed, resolution, runs))
    counts = np.array([len(np.unique(labels)) for labels, _ in found], dtype=np.int64)
    return counts, np.array([value for _, value in found])


def _leiden(
    edges: IntArray, strength: FloatArray, n: int, seed: int, resolution: float, runs: int
) -> IntArray:
    best, best_value = np.zeros(n, dtype=np.int64), -np.inf
    found = _searches(edges, strength, n, seed, resolution, runs, by_sample=n > MANY_PEOPLE)
    for labels, value in found:
        if value > best_value + 1e-12:
            best, best_value = labels, value
    return best


def _searches(
    edges: IntArray,
    strength: FloatArray,
    n: int,
    seed: int,
    resolution: float,
    runs: int,
    *,
    by_sample: bool = False,
) -> list[tuple[IntArray, float]]:
    """Run Leiden several times, by samples while these are enough: labels and their modularity."""

    def with_value(labels: IntArray) -> tuple[IntArray, float]:
        return labels, _modularity(labels[edges[:, 0]], labels[edges[:, 1]], strength, resolution)

    results: list[tuple[IntArray, float]] = []
    with drawing_from(seed):
        if by_sample:
            # Only corporations need it, and what it loads takes longer than a small network.
            from orgnet.measures.sampled_search import search_by_sample

            adjacency, rng = _adjacency(edges, strength, n), np.random.default_rng(seed)
            while len(results) < runs:
                labels = search_by_sample(adjacency, resolution=resolution, rng=rng)
                if labels is None:
                    break
                result = with_value(labels)
                if result[1] < CLEAR_BY_SAMPLE:
                    break
                results.append(result)
        if len(results) == runs:
            return results
        graph = graph_of(n, edges[:, 0], edges[:, 1])
        weights = strength.tolist()
        while len(results) < runs:
            # The default objective is another one, which leaves everybody alone here.
            partition = graph.community_leiden(
                objective_function="modularity",
                weights=weights,
                resolution=resolution,
                n_iterations=2 if n > MANY_PEOPLE else -1,
            )
            results.append(with_value(np.asarray(partition.membership, dtype=np.int64)))
    return results


def _adjacency(edges: IntArray, strength: FloatArray, n: int) -> sparse.csr_array:
    upper = sparse.coo_array((strength, edges.astype(np.int32).T), shape=(n, n)).tocsr()
    return upper + upper.T


def _multilevel(
    edges: IntArray, strength: FloatArray, n: int, seed: int, resolution: float
) -> IntArray:
    graph = graph_of(n, edges[:, 0], edges[:, 1])
    with drawing_from(seed):
        partition = graph.community_multilevel(weights=strength.tolist(), resolution=resolution)
    return np.asarray(partition.membership, dtype=np.int64)


def _runs(first: IntArray, second: IntArray) -> int:
    """Say how often Leiden is started where nobody says it."""
    is_tied = np.zeros(int(max(first.max(initial=-1), second.max(initial=-1))) + 1, dtype=bool)
    is_tied[first] = is_tied[second] = True
    tied = int(is_tied.sum())
    return LEIDEN_RUNS if tied <= MANY_PEOPLE else LEIDEN_RUNS_OF_MANY


def _louvain(edges: IntArray, strength: FloatArray, seed: int) -> IntArray:
    import community
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(int(edges.max()) + 1))
    graph.add_weighted_edges_from(
        (a, b, s) for (a, b), s in zip(edges.tolist(), strength.tolist(), strict=True)
    )
    partition = community.best_partition(graph, random_state=seed)
    return np.array([partition[node] for node in graph], dtype=np.int64)


def _modularity(a: IntArray, b: IntArray, strength: FloatArray, resolution: float) -> float:
    """Modularity from the labels of the two people of each pair."""
    total = strength.sum()
    if total == 0:
        return float("nan")
    ends = np.concatenate([a, b])
    volume = np.bincount(ends, np.concatenate([strength, strength]))
    inside = strength[a == b].sum() / total
    return float(inside - resolution * ((volume / (2 * total)) ** 2).sum())
