from itertools import combinations

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.errors import UsageError
from orgnet.measures.key_players import (
    distance_fragmentation,
    fragmentation,
    key_player_neg,
)
from orgnet.network import Network


def apart(graph: nx.Graph) -> float:
    n = graph.number_of_nodes()
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    near = sum(1 / d for of in lengths.values() for d in of.values() if d)
    return 1 - near / (n * (n - 1))


def fragmented(graph: nx.Graph) -> float:
    n = graph.number_of_nodes()
    return 1 - sum(len(c) * (len(c) - 1) for c in nx.connected_components(graph)) / (n * (n - 1))


def test_a_star_of_five_has_the_published_values() -> None:
    star = nx.star_graph(4)

    assert fragmentation(star) == 0.0
    assert fragmentation(star, without=["0"]) == 1.0
    assert distance_fragmentation(star) == pytest.approx(0.3, abs=1e-9)
    assert distance_fragmentation(star, without=["0"]) == 1.0
    assert key_player_neg(star, size=1).to_dict() == {"0": 1.0}


def test_the_barbell_has_the_published_value() -> None:
    graph = nx.barbell_graph(3, 0)

    assert fragmentation(graph, without=["2"]) == pytest.approx(0.6, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_both_agree_with_networkx(seed: int) -> None:
    graph = nx.relabel_nodes(nx.gnm_random_graph(30, 32, seed=seed), str)
    fewer = graph.copy()
    fewer.remove_nodes_from(["3", "5"])

    assert fragmentation(graph) == pytest.approx(fragmented(graph), abs=1e-12)
    assert fragmentation(graph, without=["3", "5"]) == pytest.approx(fragmented(fewer), abs=1e-12)
    assert distance_fragmentation(graph) == pytest.approx(apart(graph), abs=1e-12)
    assert distance_fragmentation(graph, without=["3", "5"]) == pytest.approx(
        apart(fewer), abs=1e-12
    )


@pytest.mark.parametrize("seed", range(4))
def test_each_step_finds_the_person_missed_most(seed: int) -> None:
    graph = nx.relabel_nodes(nx.gnm_random_graph(25, 40, seed=seed), str)

    found = key_player_neg(graph, size=3, candidates=25)

    left = graph.copy()
    for person, value in found.items():
        without = {v: apart(left.subgraph(set(left) - {v})) for v in left}
        assert value == pytest.approx(max(without.values()), abs=1e-9)
        assert without[person] == pytest.approx(max(without.values()), abs=1e-9)
        left.remove_node(person)
    assert found.attrs["before"] == pytest.approx(apart(graph), abs=1e-12)


def test_the_two_who_hold_three_teams_together_are_found_with_few_candidates() -> None:
    graph = nx.Graph()
    for team in range(3):
        graph.add_edges_from(combinations([f"{team}{i}" for i in range(8)], 2))
    graph.add_edges_from([("broker", "00"), ("broker", "10"), ("broker", "20")])

    found = key_player_neg(graph, size=1, candidates=3)

    assert found.index.tolist() == ["broker"]


def test_samples_come_near_and_repeat_with_the_seed() -> None:
    graph = nx.gnm_random_graph(200, 800, seed=1)
    exact = distance_fragmentation(graph)

    sampled = distance_fragmentation(graph, samples=60, seed=5)

    assert sampled == pytest.approx(exact, abs=0.02)
    assert sampled != exact
    assert distance_fragmentation(graph, samples=60, seed=5) == sampled
    once = key_player_neg(graph, size=2, candidates=5, samples=40, seed=5)
    again = key_player_neg(graph, size=2, candidates=5, samples=40, seed=5)
    pd.testing.assert_series_equal(once, again)


def test_row_order_and_strength_do_not_matter() -> None:
    graph = nx.relabel_nodes(nx.gnm_random_graph(30, 50, seed=2), str)
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_weighted_edges_from((a, b, 5.0) for a, b in reversed(list(graph.edges)))

    pd.testing.assert_series_equal(key_player_neg(turned), key_player_neg(graph))


def test_unobserved_people_and_irregular_ties_do_not_count() -> None:
    weeks = pd.date_range("2026-01-05", periods=4, freq="7D")
    rows = [(a, b, week) for a, b in ("ab", "bc") for week in weeks] + [("a", "c", weeks[0])]
    people = pd.DataFrame({"person": list("abcx"), "observed": [True, True, True, False]})
    network = Network.from_ties(pd.DataFrame(rows, columns=["sender", "recipient", "week"]), people)

    assert distance_fragmentation(network) == pytest.approx(1 / 6, abs=1e-12)
    assert fragmentation(network, without=["b"]) == 1.0


@pytest.mark.parametrize("people", [0, 1, 4])
def test_without_ties_all_are_undefined(people: int) -> None:
    graph = nx.empty_graph(people)

    found = key_player_neg(graph)

    assert np.isnan(fragmentation(graph))
    assert np.isnan(distance_fragmentation(graph))
    assert found.empty and found.dtype == float
    assert found.index.name == "person"
    assert found.attrs["reason"] == "no_ties"


def test_a_set_ends_where_nobody_is_in_touch_any_more() -> None:
    assert key_player_neg(nx.star_graph(4), size=4).index.tolist() == ["0"]
    assert key_player_neg(nx.Graph(["ab"])).empty


def test_igraph_input_and_directed_ties_give_the_same() -> None:
    graph = nx.gnm_random_graph(20, 40, seed=3)

    expected = key_player_neg(graph)

    pd.testing.assert_series_equal(key_player_neg(ig.Graph.from_networkx(graph)), expected)
    pd.testing.assert_series_equal(key_player_neg(nx.DiGraph(graph.edges)), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "size is 0, expected a whole number of 1 or more"),
        ({"candidates": 0}, "candidates is 0, expected"),
        ({"size": 3, "samples": 3}, "samples is 3, expected more than the size, which is 3"),
    ],
)
def test_wrong_numbers_are_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        key_player_neg(nx.path_graph(5), **options)


def test_strangers_cannot_be_left_out() -> None:
    with pytest.raises(UsageError, match="1 of 1 ids in without are not among the people"):
        fragmentation(nx.path_graph(3), without=["nobody"])
    with pytest.raises(UsageError, match="samples is 0"):
        distance_fragmentation(nx.path_graph(3), samples=0)
