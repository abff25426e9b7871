"""Detected communities, their modularity, and their agreement with departments."""

import importlib
import random

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from measures.organisations import (
    BARBELL,
    barbell,
    barbell_graph,
    network_of,
    random_network,
    random_ties,
    unmeasurable,
)
from orgnet.errors import UsageError
from orgnet.measures.communities import (
    communities,
    community_agreement,
    modularity,
    second_opinion,
)
from orgnet.measures.segregation import modularity_formal
from orgnet.network import Network
from support import shared

# The function of the same name stands before the module in the package.
module = importlib.import_module("orgnet.measures.communities")

FIGURES = ["ami", "ari", "homogeneity", "completeness", "v_measure"]


def karate():
    graph = nx.karate_club_graph()
    for _, _, data in graph.edges(data=True):
        data.clear()
    return graph


@pytest.mark.parametrize("method", ["leiden", "louvain", "multilevel"])
def test_barbell_has_two_communities_numbered_by_their_first_member(method):
    labels = communities(barbell(), method=method)
    assert labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert labels.dtype == np.int64
    assert labels.index.equals(barbell().index)


def test_zachary_has_the_four_communities_of_the_best_known_modularity():
    # Q = 0.4198, the optimum: Brandes et al. (2008), IEEE TKDE 20(2), 172-188.
    labels = communities(karate())
    assert labels.nunique() == 4
    assert modularity(karate(), labels) == pytest.approx(0.4198, abs=5e-5)


def test_a_ring_of_cliques_shows_the_resolution_limit():
    # measures.md 2.3: the best partition joins neighbouring cliques and beats the planted one.
    ring = nx.ring_of_cliques(30, 5)
    planted = pd.Series(np.repeat(np.arange(30), 5), index=[str(node) for node in ring])
    assert modularity(ring, planted) == pytest.approx(0.8758, abs=5e-5)
    merged = communities(ring)
    assert merged.nunique() < 30
    assert modularity(ring, merged) == pytest.approx(0.8855, abs=2e-3)
    assert communities(ring, resolution=4.0).nunique() == 30


def test_higher_resolution_gives_no_fewer_communities():
    network = random_network(80, 5, seed=1)
    counts = [communities(network, resolution=g).nunique() for g in (0.5, 1, 4)]
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


@pytest.mark.parametrize("seed", range(4))
def test_modularity_agrees_with_networkx_and_igraph(seed):
    network = random_network(seed=seed)
    labels = communities(network, seed=seed)
    graph = nx.from_scipy_sparse_array(network.symmetric_strength)
    codes = labels.to_numpy()
    parts = [set(np.flatnonzero(codes == c).tolist()) for c in range(codes.max() + 1)]
    expected = nx.community.modularity(graph, parts, weight="weight")
    assert modularity(network, labels) == pytest.approx(expected, abs=1e-12)
    other = ig.Graph(n=network.n, edges=list(graph.edges))
    other.es["weight"] = [data["weight"] for *_, data in graph.edges(data=True)]
    assert modularity(network, labels) == pytest.approx(
        other.modularity(codes.tolist(), weights="weight"), abs=1e-12
    )


def test_modularity_of_the_departments_is_the_formal_one():
    network = random_network(seed=3)
    labels = network.people["department"]
    formal = modularity_formal(network, by="department")
    assert modularity(network, labels) == pytest.approx(formal, abs=1e-12)
    assert modularity(network, labels[::-1]) == pytest.approx(formal, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_leiden_is_at_least_as_good_as_louvain_and_the_departments(seed):
    network = random_network(seed=seed)
    leiden = modularity(network, communities(network))
    louvain = modularity(network, communities(network, method="louvain"))
    assert leiden >= louvain - 1e-12
    assert leiden >= modularity_formal(network, by="department") - 1e-12


def test_leiden_on_real_mail_is_as_good_as_igraph_itself():
    folder = shared("data/email-eu-core")
    people = pd.read_csv(folder / "departments.csv").rename(columns={"id": "person"})
    edges = pd.read_csv(folder / "edges.csv").rename(columns={"from": "sender", "to": "recipient"})
    network = Network.from_ties(edges, people)
    pairs = network.pairs
    graph = ig.Graph(n=len(people), edges=list(zip(pairs.first, pairs.second, strict=True)))
    graph.es["weight"] = pairs.strength
    own = graph.community_leiden("modularity", weights="weight", n_iterations=-1).modularity
    labels = communities(network, runs=3)
    assert modularity(network, labels) == pytest.approx(own, abs=0.01)
    isolated = len(people) - len(np.unique(np.r_[pairs.first, pairs.second]))
    assert (labels.value_counts() == 1).sum() >= isolated


def test_isolated_and_unobserved_people_have_a_label_of_their_own():
    network = network_of([*BARBELL], [*"LLLRRR", "L", "R"], observed=[True] * 7 + [False])
    for method in ("leiden", "louvain"):
        assert communities(network, method=method).tolist() == [0, 0, 0, 1, 1, 1, 2, 3]


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_without_ties_everybody_is_alone(method):
    assert communities(network_of([], list("AAB")), method=method).tolist() == [0, 1, 2]
    empty = communities(network_of([], []), method=method)
    assert empty.dtype == np.int64
    assert len(empty) == 0


def test_without_ties_there_is_no_modularity():
    network = network_of([], list("AAB"))
    assert np.isnan(modularity(network, communities(network)))


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_parts_without_a_tie_between_are_never_joined(method):
    ties = [(0, 1), (1, 2), (3, 4), (4, 5)]
    labels = communities(network_of(ties, list("AAABBB")), method=method)
    assert set(labels.iloc[:3]).isdisjoint(labels.iloc[3:])


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_the_same_seed_gives_the_same_whatever_was_drawn_before(method):
    network = random_network(100, 5, seed=2, cohesion=0.1)
    random.seed(5)
    np.random.default_rng(5)
    one = communities(network, method=method, seed=1)
    random.seed(6)
    pd.testing.assert_series_equal(one, communities(network, method=method, seed=1))


def test_igraph_keeps_drawing_from_python_afterwards():
    communities(barbell(), seed=3)
    random.seed(1)
    one = ig.Graph.Erdos_Renyi(30, m=40).get_edgelist()
    random.seed(1)
    assert ig.Graph.Erdos_Renyi(30, m=40).get_edgelist() == one


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_the_order_of_people_and_ties_does_not_matter(method):
    ties, people = random_ties(80, 5, seed=4, cohesion=0.1)
    shuffled = people.sample(frac=1, random_state=1)
    one = communities(Network.from_ties(ties, people), method=method)
    other = communities(
        Network.from_ties(ties.sample(frac=1, random_state=2), shuffled), method=method
    )
    assert metrics.adjusted_rand_score(one, other.reindex(one.index)) == 1.0
    assert other.drop_duplicates().tolist() == list(range(other.nunique()))


def test_strengths_count():
    # A square of four: the heavy sides make the communities.
    ties = [(0, 1, 9.0), (1, 2, 1.0), (2, 3, 9.0), (3, 0, 1.0)]
    assert communities(network_of(ties, list("AAAA"))).tolist() == [0, 0, 1, 1]


def test_graphs_of_networkx_and_igraph_give_the_same_as_a_network():
    graph = barbell_graph()
    for other in (graph, ig.Graph.from_networkx(graph), barbell(directed=True)):
        assert communities(other).tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "lovain"}, "method is 'lovain'.*Did you mean 'louvain'"),
        ({"resolution": 0.0}, "resolution is 0.0, expected a number above 0"),
        ({"method": "louvain", "resolution": 2.0}, "resolution is 2.0, expected 1 for method"),
        ({"runs": 0}, "runs is 0, expected at least 1"),
    ],
)
def test_wrong_options_are_refused_with_what_was_expected(options, words):
    with pytest.raises(UsageError, match=words):
        communities(barbell(), **options)


def test_labels_that_lack_a_person_are_refused():
    labels = communities(barbell()).iloc[:4]
    with pytest.raises(UsageError, match="2 of 6 people have no label"):
        modularity(barbell(), labels)


# ---------------------------------------------------------------- agreement


def test_barbell_agrees_fully_with_its_departments():
    result = community_agreement(barbell(), by="department")
    assert result.to_dict() == dict.fromkeys(FIGURES, 1.0)
    assert result.attrs["modularity"] == pytest.approx(5 / 14)
    assert result.attrs["communities"] == 2


@pytest.mark.parametrize("seed", range(3))
def test_agreement_is_that_of_scikit_learn(seed):
    network = random_network(80, 5, seed=seed, cohesion=0.8)
    labels = communities(network)
    departments = network.people["department"]
    result = community_agreement(network, by="department")
    assert result["ami"] == pytest.approx(
        metrics.adjusted_mutual_info_score(departments, labels), abs=1e-9
    )
    assert result["ari"] == pytest.approx(metrics.adjusted_rand_score(departments, labels))
    assert result.iloc[2:].tolist() == pytest.approx(
        metrics.homogeneity_completeness_v_measure(departments, labels)
    )


def test_isolated_people_do_not_count():
    more = network_of([*BARBELL], [*"LLLRRR", "L", "L", "R"])
    assert community_agreement(more, by="department").to_dict() == dict.fromkeys(FIGURES, 1.0)


def test_people_of_unknown_department_and_their_ties_do_not_count():
    glue = [(6, person, 100.0) for person in range(6)]
    more = network_of([*BARBELL, *glue], [*"LLLRRR", None])
    assert community_agreement(more, by="department").to_dict() == dict.fromkeys(FIGURES, 1.0)


def test_a_department_in_two_parts_is_homogeneous_and_not_complete():
    ties = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (6, 7), (7, 8), (6, 8)]
    result = community_agreement(network_of(ties, list("AAAAAABBB")), by="department")
    assert result["homogeneity"] == 1.0
    assert result["completeness"] < 1.0
    assert 0 < result["ami"] < 1


def test_departments_without_meaning_agree_by_chance_only():
    ties, people = random_ties(120, 5, seed=0, cohesion=0.9)
    people["department"] = np.random.default_rng(0).permutation(people["department"])
    result = community_agreement(Network.from_ties(ties, people), by="department")
    assert abs(result["ami"]) < 0.1


@pytest.mark.parametrize("case", unmeasurable())
def test_agreement_is_undefined_with_the_reason(case):
    network, reason = unmeasurable()[case]
    result = community_agreement(network, by="department")
    assert result.index.tolist() == FIGURES
    assert result.isna().all()
    assert result.attrs["reason"] == reason


def test_multilevel_is_as_good_as_python_louvain_and_depends_on_the_seed_alone():
    network = random_network(300, 6, 2, cohesion=0.9)

    first, again = (communities(network, method="multilevel", seed=5) for _ in range(2))

    assert first.equals(again)
    louvain = communities(network, method="louvain", seed=5)
    assert modularity(network, first) >= modularity(network, louvain) - 0.02
    assert first.attrs["method"] == "multilevel"


def test_multilevel_takes_a_resolution():
    network = random_network(300, 6, 2, cohesion=0.9)

    coarse, fine = (
        communities(network, method="multilevel", resolution=value).nunique() for value in (0.3, 4)
    )

    assert coarse < fine


def test_multilevel_does_not_depend_on_the_order_of_people():
    ties, people = random_ties(200, 5, 3, cohesion=0.9)
    shuffled = people.sample(frac=1, random_state=0)

    one = communities(Network.from_ties(ties, people), method="multilevel")
    other = communities(Network.from_ties(ties, shuffled), method="multilevel")

    assert metrics.adjusted_rand_score(one, other.reindex(one.index)) == 1


def test_the_second_opinion_is_python_louvain_up_to_a_hundred_people():
    assert second_opinion(100) == "louvain"
    assert second_opinion(101) == "multilevel"


def test_beyond_many_people_leiden_searches_less_often_and_says_so(monkeypatch):
    network = random_network(120, 4, 1, cohesion=0.9)
    often = communities(network)
    monkeypatch.setattr(module, "MANY_PEOPLE", 100)

    seldom = communities(network)

    assert (often.attrs["runs"], seldom.attrs["runs"]) == (20, module.LEIDEN_RUNS_OF_MANY)
    assert modularity(network, seldom) <= modularity(network, often) + 1e-12
    assert communities(network, runs=5).attrs["runs"] == 5
