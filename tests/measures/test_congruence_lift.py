"""Congruence beside that of other requirements, and contact that nobody asked for."""

from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import network_of, random_network, random_ties, relabelled
from orgnet.errors import InputError, UsageError
from orgnet.measures.congruence_lift import congruence_lift, unneeded_share
from orgnet.measures.coordination import congruence
from orgnet.network import Network

NEEDED = pd.DataFrame(
    {"group_a": ["D00", "D01", "D00"], "group_b": ["D01", "D02", "D03"], "weight": [3.0, 1.0, 2.0]}
)


def sparse_network(seed=0):
    return random_network(40, 4, seed, per_person=1, cohesion=0.9)


def test_expectation_and_spread_are_those_over_all_places_of_the_groups():
    network = sparse_network(3)
    names = network.groups("department").names
    values = []
    for places in permutations(names):
        renamed = dict(zip(names, places, strict=True))
        other = NEEDED.assign(
            group_a=NEEDED["group_a"].map(renamed), group_b=NEEDED["group_b"].map(renamed)
        )
        values.append(congruence(network, other, by="department"))

    lift = congruence_lift(network, NEEDED, by="department", permutations=4000)

    assert np.std(values) > 0
    assert lift["congruence"] == pytest.approx(congruence(network, NEEDED, by="department"))
    assert lift["expected"] == pytest.approx(np.mean(values), abs=1e-12)
    assert lift["lift"] == pytest.approx(lift["congruence"] - lift["expected"])
    assert lift["sd"] == pytest.approx(np.std(values), rel=0.05)
    share = np.mean(np.array(values) >= lift["congruence"] - 1e-12)
    assert lift["p"] == pytest.approx(share, abs=0.03)


def test_contact_everywhere_has_no_lift():
    graph = nx.complete_multipartite_graph(5, 5, 5)
    nx.set_node_attributes(graph, {p: f"D0{p // 5}" for p in graph}, "department")
    lift = congruence_lift(graph, NEEDED.iloc[:2], by="department")
    assert lift[["congruence", "expected", "lift", "sd", "p"]].tolist() == [1, 1, 0, 0, 1]


def test_lift_does_not_depend_on_the_order_of_people_and_depends_on_the_seed_alone():
    ties, people = random_ties(40, 4, 2, per_person=1, cohesion=0.9)
    network = Network.from_ties(ties, people)
    one = congruence_lift(network, NEEDED, by="department", permutations=50)
    other = congruence_lift(relabelled(ties, people, 1), NEEDED, by="department", permutations=50)
    assert one.to_numpy() == pytest.approx(other.to_numpy(), abs=1e-12)
    assert one.attrs == {"permutations": 50, "seed": 0}


def test_without_ties_or_with_one_department_there_is_no_lift():
    pair = pd.DataFrame({"group_a": ["A"], "group_b": ["B"]})
    for network, reason in (
        (network_of([], list("AABB")), "no_ties"),
        (network_of([(0, 1)], list("AA")), "single_group"),
    ):
        lift = congruence_lift(network, pair, by="department")
        assert lift.isna().all()
        assert lift.attrs["reason"] == reason
        assert np.isnan(unneeded_share(network, pair, by="department"))


def test_unknown_departments_in_requirements_are_named():
    pair = pd.DataFrame({"group_a": ["D00"], "group_b": ["Mars"]})
    for measure in (congruence_lift, unneeded_share):
        with pytest.raises(InputError, match=r"nobody belongs to: \['Mars'\]"):
            measure(sparse_network(), pair, by="department")


def test_no_permutation_is_refused():
    with pytest.raises(UsageError, match="permutations is 0, expected at least 1"):
        congruence_lift(sparse_network(), NEEDED, by="department", permutations=0)


def test_unneeded_share_counts_regular_ties_of_pairs_without_requirement():
    network = network_of([(0, 2), (1, 3), (0, 4), (1, 5), (2, 4), (0, 1)], list("AABBCC"))
    pairs = pd.DataFrame({"group_a": ["A", "A"], "group_b": ["B", "C"]})
    assert unneeded_share(network, pairs, by="department") == pytest.approx(1 / 5)
    assert unneeded_share(network, pairs.iloc[:1], by="department") == pytest.approx(3 / 5)
    square = pd.DataFrame(np.ones((3, 3)), index=list("ABC"), columns=list("ABC"))
    assert unneeded_share(network, square, by="department") == 0


def test_unneeded_share_is_undefined_without_contact_between_departments():
    pair = pd.DataFrame({"group_a": ["A"], "group_b": ["B"]})
    assert np.isnan(unneeded_share(network_of([(0, 1)], list("AAB")), pair, by="department"))
