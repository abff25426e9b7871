import importlib

import igraph as ig
import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from orgnet.measures.communities import communities, modularity
from orgnet.measures.igraphs import drawing_from
from orgnet.measures.sampled_search import _better_places, _Ties, search_by_sample

module = importlib.import_module("orgnet.measures.communities")
sampled = importlib.import_module("orgnet.measures.sampled_search")

#: Twelve teams of 50; of all ties, so many are inside.
CLEAR, FAINT = 0.7, 0.0


def organisation(inside: float, seed: int = 1, degree: int = 70) -> sparse.csr_array:
    rng = np.random.default_rng(seed)
    n = 600
    first = rng.integers(0, n, n * degree // 2)
    colleague = first // 50 * 50 + rng.integers(0, 50, len(first))
    second = np.where(rng.random(len(first)) < inside, colleague, rng.integers(0, n, len(first)))
    # Whole teams next to each other would make many things easy.
    place = rng.permutation(n)
    a, b = place[first], place[second]
    ties = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(n, n)).tocsr()
    ties.setdiag(0)
    ties.eliminate_zeros()
    return ties + ties.T


def search(ties: sparse.csr_array, seed: int = 0, resolution: float = 1.0) -> np.ndarray | None:
    with drawing_from(seed):
        return search_by_sample(ties, resolution=resolution, rng=np.random.default_rng(seed))


def quality(ties: sparse.csr_array, labels: np.ndarray, resolution: float = 1.0) -> float:
    """Modularity by its definition."""
    volume = ties.sum(axis=1)
    together = labels[:, None] == labels
    expected = resolution * np.outer(volume, volume) / volume.sum()
    return float((together * (ties.toarray() - expected)).sum() / volume.sum())


@pytest.mark.parametrize("seed", range(3))
def test_clear_communities_are_those_that_leiden_finds_among_all(seed):
    ties = organisation(CLEAR, seed)
    upper = sparse.triu(ties, format="coo")
    graph = ig.Graph(n=600, edges=list(zip(*(c.tolist() for c in upper.coords), strict=True)))
    with drawing_from(seed):
        whole = graph.community_leiden("modularity", weights=upper.data.tolist(), n_iterations=-1)

    found = search(ties, seed)

    assert found is not None
    assert quality(ties, found) == pytest.approx(
        quality(ties, np.array(whole.membership)), abs=1e-9
    )


def test_where_contact_has_no_communities_the_sample_gives_up():
    assert search(organisation(FAINT)) is None


def test_too_few_ties_for_a_sample_give_nothing():
    assert search(organisation(CLEAR, degree=20)) is None


def test_every_community_is_connected():
    ties = organisation(0.45, degree=90)

    found = search(ties)

    assert found is not None
    for label in np.unique(found):
        members = np.flatnonzero(found == label)
        assert nx.is_connected(nx.from_scipy_sparse_array(ties[members][:, members]))


def test_the_seed_decides():
    ties = organisation(CLEAR)

    np.testing.assert_array_equal(search(ties, 5), search(ties, 5))


def test_strengths_count():
    ties = organisation(FAINT, degree=100)
    teams = np.arange(600) % 4
    first, second = ties.nonzero()
    strong = ties.copy()
    strong.data = np.where(teams[first] == teams[second], 5.0, 1.0)

    found = search(strong)

    assert found is not None
    assert len(set(zip(found.tolist(), teams.tolist(), strict=True))) == 4


def test_a_higher_resolution_gives_smaller_communities():
    rng = np.random.default_rng(2)
    # Two halves of five teams each.
    team = rng.permutation(600) % 10
    half = team % 2
    chance = np.where(half[:, None] == half, 0.1, 0.02)
    chance = np.where(team[:, None] == team, 0.5, chance)
    ties = sparse.csr_array(np.triu(rng.random((600, 600)) < chance, 1).astype(float))
    ties = ties + ties.T

    counts = [len(np.unique(search(ties, resolution=value))) for value in (0.1, 1.0)]

    assert counts == [1, 2]


@pytest.mark.parametrize("resolution", [1.0, 3.0])
def test_nobody_has_a_better_place_than_the_one_that_is_told(resolution):
    ties = organisation(CLEAR, seed=3, degree=30)[:60][:, :60]
    ties = ties[ties.sum(axis=1) > 0][:, ties.sum(axis=1) > 0]
    n = ties.shape[0]
    labels = np.random.default_rng(4).integers(0, 4, n)

    told = _better_places(_Ties.of(ties, resolution), labels)

    for person in range(n):
        neighbours = set(labels[ties.indices[ties.indptr[person] : ties.indptr[person + 1]]])
        moved = {}
        for label in {*neighbours, labels[person]}:
            there = np.where(np.arange(n) == person, label, labels)
            moved[label] = quality(ties, there, resolution)
        assert moved[told[person]] == pytest.approx(max(moved.values()), abs=1e-12)
        if told[person] != labels[person]:
            assert moved[told[person]] > moved[labels[person]]


def graph_of(ties: sparse.csr_array) -> nx.Graph:
    return nx.relabel_nodes(nx.from_scipy_sparse_array(ties), lambda v: f"p{v:03}")


def test_beyond_many_people_it_is_used_and_is_as_good(monkeypatch):
    graph = graph_of(organisation(CLEAR))
    few = communities(graph)
    monkeypatch.setattr(module, "MANY_PEOPLE", 100)

    many = communities(graph)

    assert modularity(graph, many) == pytest.approx(modularity(graph, few), abs=1e-9)


def test_where_the_sample_gives_up_all_are_searched(monkeypatch):
    graph = graph_of(organisation(FAINT))
    monkeypatch.setattr(module, "MANY_PEOPLE", 100)
    with_sample = communities(graph, seed=2)
    monkeypatch.setattr(sampled, "search_by_sample", lambda *args, **options: None)

    whole = communities(graph, seed=2)

    assert modularity(graph, with_sample) == pytest.approx(modularity(graph, whole), abs=0.01)
    assert with_sample.nunique() > 1


def test_few_strong_ties_among_many_weak_ones_are_no_sample():
    ties = organisation(CLEAR)
    ties.data = np.where(np.random.default_rng(3).random(ties.nnz) < 0.02, 100.0, 1.0)

    assert search((ties + ties.T).tocsr()) is None


def test_what_a_sample_finds_must_be_clear(monkeypatch):
    graph = graph_of(organisation(CLEAR))
    whole = communities(graph, seed=2, runs=2)
    monkeypatch.setattr(module, "MANY_PEOPLE", 100)
    alone = np.zeros(600, dtype=np.int64)
    monkeypatch.setattr(sampled, "search_by_sample", lambda *args, **options: alone)

    found = communities(graph, seed=2, runs=2)

    assert modularity(graph, found) == pytest.approx(modularity(graph, whole), abs=1e-9)
