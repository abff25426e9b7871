from itertools import combinations

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.measures.hierarchy import krackhardt_hierarchy
from orgnet.network import Network
from support import shared

DIMENSIONS = ["connectedness", "hierarchy", "efficiency", "least_upper_bound"]


def high_tech(name: str) -> pd.DataFrame:
    """Ties among Krackhardt's 21 managers."""
    ties = pd.read_csv(shared(f"data/krackhardt-hightech/{name}.csv"))
    return ties.rename(columns={"from": "sender", "to": "recipient"})


def has_closest_superior(above: dict[int, set[int]], a: int, b: int) -> bool:
    common = above[a] & above[b]
    return any(all(other in above[v] for other in common) for v in common)


def by_definition(graph: nx.DiGraph) -> list[float]:
    """Krackhardt's dimensions, pair by pair."""
    above = {v: nx.ancestors(graph, v) | {v} for v in graph}
    parts = list(nx.weakly_connected_components(graph))
    pairs = list(combinations(graph, 2))
    together = [any({a, b} <= part for part in parts) for a, b in pairs]
    mutual = sum(a in above[b] and b in above[a] for a, b in pairs)
    either = sum(a in above[b] or b in above[a] for a, b in pairs)
    large = [part for part in parts if len(part) >= 3]
    most = sum((len(part) - 1) * (len(part) - 2) / 2 for part in large)
    ties = sum(graph.subgraph(part).to_undirected().number_of_edges() for part in large)
    without = sum(
        not has_closest_superior(above, a, b) for part in large for a, b in combinations(part, 2)
    )
    return [
        float(np.mean(together)),
        1 - mutual / either,
        1 - (ties - sum(len(part) - 1 for part in large)) / most,
        1 - without / most,
    ]


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (nx.balanced_tree(2, 3, create_using=nx.DiGraph), [1, 1, 1, 1]),
        (nx.DiGraph([(0, 2), (0, 3), (1, 2), (1, 3)]), [1, 1, 2 / 3, 1 / 3]),
        (nx.cycle_graph(3, create_using=nx.DiGraph), [1, 0, 0, 1]),
        (nx.complete_graph(4, create_using=nx.DiGraph), [1, 0, 0, 1]),
    ],
    ids=["tree of command", "two bosses", "circle of three", "everybody to everybody"],
)
def test_known_shapes_have_the_published_values(graph: nx.DiGraph, expected: list[float]) -> None:
    values = krackhardt_hierarchy(graph)

    assert values.tolist() == pytest.approx(expected, abs=1e-12)
    assert values.index.tolist() == DIMENSIONS


@pytest.mark.parametrize("ties", [12, 20, 28, 40, 80])
@pytest.mark.parametrize("seed", range(3))
def test_random_graphs_agree_with_the_definitions(ties: int, seed: int) -> None:
    graph = nx.gnm_random_graph(20, ties, seed=seed, directed=True)

    values = krackhardt_hierarchy(graph)

    assert values.tolist() == pytest.approx(by_definition(graph), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_graphs_without_circles_agree_with_the_definitions(seed: int) -> None:
    graph = nx.gnm_random_graph(25, 40, seed=seed)
    one_way = nx.DiGraph()
    one_way.add_nodes_from(graph)
    one_way.add_edges_from((max(edge), min(edge)) for edge in graph.edges)

    values = krackhardt_hierarchy(one_way)

    assert values.tolist() == pytest.approx(by_definition(one_way), abs=1e-9)


@pytest.mark.parametrize("name", ["advice", "friendship"])
def test_the_high_tech_managers_agree_with_the_definitions(name: str) -> None:
    ties = high_tech(name)
    graph = nx.from_pandas_edgelist(ties, "sender", "recipient", create_using=nx.DiGraph)

    values = krackhardt_hierarchy(graph)

    assert values.tolist() == pytest.approx(by_definition(graph), abs=1e-9)


def test_the_reporting_lines_of_the_high_tech_managers_are_a_tree_of_command() -> None:
    ties = high_tech("reports_to")
    graph = nx.from_pandas_edgelist(ties, "recipient", "sender", create_using=nx.DiGraph)

    assert krackhardt_hierarchy(graph).tolist() == [1.0, 1.0, 1.0, 1.0]


def test_columns_at_a_time_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnm_random_graph(20, 24, seed=1, directed=True)
    whole = krackhardt_hierarchy(graph)
    monkeypatch.setattr("orgnet.measures.hierarchy._COLUMNS_AT_ONCE", 3)

    pd.testing.assert_series_equal(krackhardt_hierarchy(graph), whole)


def test_an_undirected_network_has_no_hierarchy() -> None:
    values = krackhardt_hierarchy(nx.path_graph(4))

    assert values.tolist() == [1.0, 0.0, 1.0, 1.0]


def test_names_order_and_strength_do_not_matter() -> None:
    graph = nx.gnm_random_graph(20, 30, seed=2, directed=True)
    moved = nx.DiGraph()
    moved.add_nodes_from(f"p{v}" for v in reversed(range(20)))
    moved.add_weighted_edges_from((f"p{a}", f"p{b}", 1.0 + a) for a, b in graph.edges)

    pd.testing.assert_series_equal(krackhardt_hierarchy(moved), krackhardt_hierarchy(graph))


def test_isolated_people_are_not_connected_and_unobserved_ones_do_not_count() -> None:
    people = pd.DataFrame({"person": list("abcde"), "observed": [True, True, True, True, False]})
    ties = pd.DataFrame({"sender": ["a", "a"], "recipient": ["b", "c"]})

    values = krackhardt_hierarchy(Network.from_ties(ties, people))

    assert values.tolist() == pytest.approx([0.5, 1.0, 1.0, 1.0], abs=1e-12)


def test_pairs_alone_have_neither_efficiency_nor_common_superiors() -> None:
    values = krackhardt_hierarchy(nx.DiGraph(["ab", "cd"]))

    assert values["connectedness"] == pytest.approx(1 / 3, abs=1e-12)
    assert values["hierarchy"] == 1.0
    assert values[["efficiency", "least_upper_bound"]].isna().all()


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_everything_is_undefined(people: int) -> None:
    values = krackhardt_hierarchy(nx.empty_graph(people, create_using=nx.DiGraph))

    assert values.isna().all()
    assert values.index.tolist() == DIMENSIONS
    assert values.attrs["reason"] == "no_ties"


def test_igraph_input_gives_the_same() -> None:
    graph = nx.gnm_random_graph(15, 25, seed=3, directed=True)

    from_igraph = krackhardt_hierarchy(ig.Graph.from_networkx(graph))

    pd.testing.assert_series_equal(from_igraph, krackhardt_hierarchy(graph))
