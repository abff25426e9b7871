from collections.abc import Callable

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.measures.structural_holes import (
    burt_efficiency,
    constraint,
    constraint_hierarchy,
    effective_size,
)
from orgnet.network import Network
from support import shared

Measure = Callable[..., "pd.Series[float]"]

EVERY_MEASURE = pytest.mark.parametrize(
    "measure", [constraint, effective_size, burt_efficiency, constraint_hierarchy]
)


def random_digraph(seed: int, people: int = 40, ties: int = 160) -> nx.DiGraph:
    graph = nx.gnm_random_graph(people, ties, seed=seed, directed=True)
    strengths = np.random.default_rng(seed).uniform(0.1, 5.0, ties)
    for (_, _, data), strength in zip(graph.edges(data=True), strengths, strict=True):
        data["weight"] = float(strength)
    return graph


def symmetric(graph: nx.DiGraph) -> nx.Graph:
    """The graph that networkx' effective size assumes: S as an undirected weight."""
    result = nx.Graph()
    result.add_nodes_from(graph)
    for a, b, weight in graph.edges(data="weight"):
        before = result.edges[a, b]["weight"] if result.has_edge(a, b) else 0.0
        result.add_edge(a, b, weight=before + weight)
    return result


def by_definition(graph: nx.DiGraph, person: int) -> float:
    """Burt's hierarchy, term by term."""
    strength = nx.to_numpy_array(graph)
    strength = strength + strength.T
    p = strength / np.where(strength.sum(axis=1) > 0, strength.sum(axis=1), 1)[:, None]
    contacts = np.flatnonzero(strength[person])
    terms = []
    for j in contacts:
        around = sum(p[person, q] * p[q, j] for q in range(len(p)) if q not in (person, j))
        terms.append((p[person, j] + around) ** 2)
    ratio = np.array(terms) / np.mean(terms)
    d = len(contacts)
    return float((ratio * np.log(ratio)).sum() / (d * np.log(d))) if d > 1 else 1.0


def test_barbell_has_the_published_values() -> None:
    graph = nx.barbell_graph(3, 0)

    assert constraint(graph)["0"] == pytest.approx(1.0069, abs=5e-5)
    assert constraint(graph)["2"] == pytest.approx(0.6111, abs=5e-5)
    assert effective_size(graph)["0"] == pytest.approx(1.0, abs=1e-12)
    assert effective_size(graph)["2"] == pytest.approx(7 / 3, abs=1e-12)
    assert burt_efficiency(graph)["2"] == pytest.approx(7 / 9, abs=1e-12)


def test_triangle_has_the_constraint_of_the_textbook() -> None:
    assert constraint(nx.complete_graph(3)).tolist() == pytest.approx([1.125] * 3, abs=1e-12)


def test_borgattis_example_has_the_published_effective_sizes() -> None:
    # Borgatti, S. P. (1997), Connections 20(1), 35-38, figure 1.
    graph = nx.Graph(["AB", "AE", "AF", "AG", "BD", "BG", "CG", "DG", "EG", "FG"])

    values = effective_size(graph).round(2)

    assert values[list("ABCDEFG")].tolist() == [2.5, 1.67, 1.0, 1.0, 1.0, 1.0, 4.67]


@pytest.mark.parametrize("seed", range(4))
def test_constraint_agrees_with_networkx_on_directed_weighted_graphs(seed: int) -> None:
    graph = random_digraph(seed)

    expected = list(nx.constraint(graph, weight="weight").values())

    np.testing.assert_allclose(constraint(graph), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_constraint_agrees_with_igraph_on_directed_weighted_graphs(seed: int) -> None:
    graph = random_digraph(seed)

    expected = ig.Graph.from_networkx(graph).constraint(weights="weight")

    np.testing.assert_allclose(constraint(graph), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_effective_size_agrees_with_networkx_on_weighted_graphs(seed: int) -> None:
    graph = symmetric(random_digraph(seed))

    # Without `nodes`, networkx 3.6 broadcasts the row maxima along the columns.
    expected = nx.effective_size(graph, nodes=list(graph), weight="weight")

    np.testing.assert_allclose(effective_size(graph), list(expected.values()), rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_efficiency_is_effective_size_by_contacts(seed: int) -> None:
    graph = random_digraph(seed)
    contacts = [len(set(nx.all_neighbors(graph, v))) for v in graph]

    np.testing.assert_allclose(burt_efficiency(graph), effective_size(graph) / contacts, rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_hierarchy_agrees_with_its_definition(seed: int) -> None:
    graph = random_digraph(seed, people=15, ties=40)

    expected = [by_definition(graph, person) for person in graph]

    np.testing.assert_allclose(constraint_hierarchy(graph), expected, rtol=1e-9, atol=1e-12)


def test_hierarchy_is_zero_where_all_contacts_constrain_alike() -> None:
    values = constraint_hierarchy(nx.complete_graph(5))

    assert values.tolist() == pytest.approx([0.0] * 5, abs=1e-12)
    assert (values >= 0).all()


def test_one_contact_means_full_constraint_and_hierarchy() -> None:
    star = nx.star_graph(4)

    assert constraint(star)["1"] == 1.0
    assert effective_size(star).tolist() == [4.0, 1.0, 1.0, 1.0, 1.0]
    assert constraint_hierarchy(star)["1"] == 1.0


def test_weighted_faculty_agrees_with_igraph_and_networkx() -> None:
    edges = pd.read_csv(shared("data/uk-faculty/edges.csv"))
    graph = nx.from_pandas_edgelist(edges, "from", "to", "weight", create_using=nx.DiGraph)
    both_ways = symmetric(graph)

    np.testing.assert_allclose(
        constraint(graph), ig.Graph.from_networkx(graph).constraint(weights="weight"), rtol=1e-9
    )
    np.testing.assert_allclose(
        effective_size(graph),
        list(nx.effective_size(both_ways, nodes=list(graph), weight="weight").values()),
        rtol=1e-9,
    )


def test_blocks_of_rows_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_digraph(5)
    whole = [constraint(graph), effective_size(graph), constraint_hierarchy(graph)]
    monkeypatch.setattr("orgnet.measures.structural_holes._PATHS_AT_ONCE", 50)

    blocks = [constraint(graph), effective_size(graph), constraint_hierarchy(graph)]

    np.testing.assert_array_equal(blocks, whole)


@EVERY_MEASURE
def test_doubling_every_strength_changes_nothing(measure: Measure) -> None:
    graph = random_digraph(6)
    doubled = graph.copy()
    for _, _, data in doubled.edges(data=True):
        data["weight"] *= 2

    np.testing.assert_allclose(measure(doubled), measure(graph), rtol=1e-12)


@EVERY_MEASURE
def test_the_direction_of_ties_does_not_matter(measure: Measure) -> None:
    graph = random_digraph(7)

    np.testing.assert_allclose(measure(graph.reverse()), measure(graph), rtol=1e-12)


@EVERY_MEASURE
def test_renaming_and_reordering_people_changes_nothing(measure: Measure) -> None:
    graph = random_digraph(8)
    order = np.random.default_rng(0).permutation(40).tolist()
    moved = nx.DiGraph()
    moved.add_nodes_from(f"p{v}" for v in order)
    moved.add_weighted_edges_from((f"p{a}", f"p{b}", w) for a, b, w in graph.edges(data="weight"))

    values = measure(moved)[[f"p{v}" for v in range(40)]]

    np.testing.assert_allclose(values, measure(graph), rtol=1e-12, atol=1e-15)


@EVERY_MEASURE
def test_a_self_tie_is_no_contact(measure: Measure) -> None:
    graph = nx.DiGraph(["ab", "bc", "ca", "cd"])
    with_self_tie = nx.DiGraph([*graph.edges, "aa"])

    pd.testing.assert_series_equal(measure(with_self_tie), measure(graph))


@EVERY_MEASURE
def test_isolated_and_unobserved_people_are_nan(measure: Measure) -> None:
    people = pd.DataFrame(
        {"person": ["a", "b", "alone", "absent"], "observed": [True, True, True, False]}
    )
    ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})

    values = measure(Network.from_ties(ties, people))

    assert values.isna().tolist() == [False, False, True, True]
    assert "reason" not in values.attrs


@EVERY_MEASURE
@pytest.mark.parametrize("people", [0, 1, 4])
def test_without_ties_everything_is_undefined(measure: Measure, people: int) -> None:
    values = measure(nx.empty_graph(people))

    assert len(values) == people
    assert values.isna().all()
    assert values.dtype == float
    assert values.index.name == "person"
    assert values.attrs["reason"] == "no_ties"


@EVERY_MEASURE
def test_igraph_input_gives_the_same(measure: Measure) -> None:
    graph = random_digraph(9)

    np.testing.assert_array_equal(measure(ig.Graph.from_networkx(graph)), measure(graph))
