import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.errors import UnknownColumnError, UsageError
from orgnet.measures.vertical import (
    distance_to_top,
    distance_to_top_summary,
    skip_level_contact,
)
from orgnet.network import Network
from support import shared

MONDAYS = pd.date_range("2026-01-05", periods=8, freq="7D")


def firm(boss: dict[str, str | None], ties: list[str], **columns: object) -> Network:
    people = pd.DataFrame({"person": list(boss), "manager": list(boss.values()), **columns})
    rows = [tuple(tie) for tie in ties]
    return Network.from_ties(pd.DataFrame(rows, columns=["sender", "recipient"]), people)


def high_tech() -> Network:
    """Krackhardt's 21 managers, their friendships and their reporting lines."""
    lines = pd.read_csv(shared("data/krackhardt-hightech/reports_to.csv")).set_index("from")["to"]
    people = pd.read_csv(shared("data/krackhardt-hightech/nodes.csv"))
    ties = pd.read_csv(shared("data/krackhardt-hightech/friendship.csv"))
    return Network.from_ties(
        ties.rename(columns={"from": "sender", "to": "recipient"}),
        people.rename(columns={"id": "person"}).assign(manager=people["id"].map(lines)),
    )


def test_the_high_tech_managers_are_as_far_from_the_top_as_networkx_finds() -> None:
    network = high_tech()
    graph = network.to_networkx().to_undirected()
    team = {"7", "2", "14", "18", "21"}

    steps = distance_to_top(network)

    nearest = nx.multi_source_dijkstra_path_length(graph, team, weight=None)
    assert steps.to_dict() == {v: nearest.get(v, np.inf) for v in graph}
    assert set(steps.index[steps == 0]) == team


@pytest.mark.parametrize("seed", range(4))
def test_random_graphs_agree_with_networkx(seed: int) -> None:
    graph = nx.relabel_nodes(nx.gnm_random_graph(40, 45, seed=seed), str)

    steps = distance_to_top(graph, top=["0", "1", "2"])

    nearest = nx.multi_source_dijkstra_path_length(graph, {"0", "1", "2"}, weight=None)
    assert steps.to_dict() == {v: nearest.get(v, np.inf) for v in graph}


def test_the_summary_leaves_the_top_team_out_and_counts_the_unreachable_apart() -> None:
    steps = distance_to_top_summary(nx.Graph([("a", "b"), ("b", "c"), ("d", "e")]), top=["a"])

    assert steps.to_dict() == pytest.approx(
        {"mean": 1.5, "quantile_90": 1.9, "unreachable": 0.5, "people": 4.0}, abs=1e-12
    )


def test_people_without_manager_or_reports_are_not_the_top() -> None:
    network = firm({"a": None, "b": "a", "c": "b", "lost": None}, ["ab", "bc", "lc"])
    boss = firm({"a": None, "b": "a", "c": "b", "d": None}, ["ab", "bc", "cd"])

    assert distance_to_top(network).to_dict() == {"a": 0.0, "b": 0.0, "c": 1.0, "lost": np.inf}
    assert distance_to_top(boss)["d"] == 2.0


def test_only_regular_ties_of_observed_people_lead_to_the_top() -> None:
    people = pd.DataFrame({"person": list("abcd"), "observed": [True, True, True, False]})
    rows = [("a", "b", week) for week in MONDAYS[:3]] + [("a", "c", MONDAYS[0])]
    ties = pd.DataFrame(rows, columns=["sender", "recipient", "week"])

    steps = distance_to_top(Network.from_ties(ties, people), top=["a"])

    assert steps["b"] == 1.0
    assert steps["c"] == np.inf
    assert np.isnan(steps["d"])


@pytest.mark.parametrize(
    ("boss", "ties", "reason"),
    [
        ({}, [], "no_ties"),
        ({"a": None}, [], "no_ties"),
        ({"a": None, "b": "a"}, [], "no_ties"),
        ({"a": None, "b": None}, ["ab"], "no_top_team"),
    ],
    ids=["nobody", "one person", "no ties", "no managers"],
)
def test_without_ties_or_top_team_the_distance_is_undefined(
    boss: dict[str, str | None], ties: list[str], reason: str
) -> None:
    network = firm(boss, ties)

    steps, summary = distance_to_top(network), distance_to_top_summary(network)

    assert steps.isna().all() and steps.dtype == float
    assert summary.isna().all()
    assert steps.attrs["reason"] == summary.attrs["reason"] == reason


def test_strangers_in_the_top_team_are_refused() -> None:
    with pytest.raises(UsageError, match="1 of 2 ids in top are not among the people"):
        distance_to_top(nx.path_graph(3), top=["0", "99"])


def test_skip_level_contact_needs_one_active_week_in_four() -> None:
    people = pd.DataFrame({"person": list("abcde"), "manager": [None, "a", "b", "b", "b"]})
    often = [("a", "c", week) for week in MONDAYS[[0, 5]]]
    rarely = [("d", "a", MONDAYS[0]), *(("a", "b", week) for week in MONDAYS)]
    ties = pd.DataFrame([*often, *rarely], columns=["sender", "recipient", "week"])

    assert skip_level_contact(Network.from_ties(ties, people)) == pytest.approx(1 / 3, abs=1e-12)


def test_an_unobserved_manager_between_does_not_matter_and_an_unobserved_person_does() -> None:
    network = firm(
        {"a": None, "b": "a", "c": "b", "d": "b"},
        ["ac"],
        observed=[True, False, True, False],
    )

    assert skip_level_contact(network) == 1.0


@pytest.mark.parametrize(
    ("boss", "ties"),
    [
        ({}, []),
        ({"a": None, "b": "a", "c": "b"}, []),
        ({"a": None, "b": "a"}, ["ab"]),
        ({"a": "b", "b": "a"}, ["ab"]),
    ],
    ids=["nobody", "no ties", "two layers", "two who manage each other"],
)
def test_without_two_layers_above_anybody_there_is_no_skip_level_contact(
    boss: dict[str, str | None], ties: list[str]
) -> None:
    assert np.isnan(skip_level_contact(firm(boss, ties)))


def test_names_and_order_do_not_matter_and_igraph_gives_the_same() -> None:
    graph = nx.relabel_nodes(nx.gnm_random_graph(30, 50, seed=1), str)
    nx.set_node_attributes(graph, {str(i): str((i - 1) // 2) for i in range(1, 30)}, "manager")
    moved = nx.relabel_nodes(graph, {v: f"p{v}" for v in graph})
    nx.set_node_attributes(
        moved, {f"p{v}": m and f"p{m}" for v, m in graph.nodes(data="manager")}, "manager"
    )
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(moved.nodes(data=True))))
    turned.add_edges_from(moved.edges)

    assert skip_level_contact(turned) == skip_level_contact(graph)
    assert distance_to_top(turned).rename(lambda p: p[1:])[list(graph)].tolist() == (
        distance_to_top(graph).tolist()
    )
    from_igraph = ig.Graph.from_networkx(graph)
    from_igraph.vs["name"] = from_igraph.vs["_nx_name"]
    pd.testing.assert_series_equal(distance_to_top(from_igraph), distance_to_top(graph))


@pytest.mark.parametrize("measure", [distance_to_top, skip_level_contact])
def test_people_without_a_column_of_managers_are_refused(measure: object) -> None:
    with pytest.raises(UnknownColumnError, match="no column 'manager'"):
        measure(nx.path_graph(3))  # type: ignore[operator]
