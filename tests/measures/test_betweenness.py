import importlib
from concurrent.futures import ThreadPoolExecutor

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import UnknownColumnError, UsageError
from orgnet.measures.betweenness import betweenness, both_betweennesses, cross_betweenness
from orgnet.network import Network
from support import shared

# The function of the same name can stand before the module in the package.
module = importlib.import_module("orgnet.measures.betweenness")

BARBELL = ["01", "02", "12", "23", "34", "35", "45"]


def barbell() -> nx.Graph:
    graph = nx.Graph(BARBELL)
    nx.set_node_attributes(graph, dict(zip("012345", "LLLRRR", strict=True)), "department")
    return graph


def random_graph(seed: int, people: int = 60, ties: int = 110, groups: int = 4) -> nx.Graph:
    graph = nx.gnm_random_graph(people, ties, seed=seed)
    codes = np.random.default_rng(seed).integers(0, groups, people)
    nx.set_node_attributes(graph, {v: f"g{codes[v]}" for v in graph}, "department")
    return graph


def network_of(graph: nx.Graph, **columns: list[object]) -> Network:
    people = pd.DataFrame({"person": [str(v) for v in graph], **columns})
    ties = pd.DataFrame([(str(a), str(b)) for a, b in graph.edges], columns=["sender", "recipient"])
    return Network.from_ties(ties, people)


def cross_betweenness_by_networkx(graph: nx.Graph) -> dict[str, float]:
    groups = nx.get_node_attributes(graph, "department")
    total = dict.fromkeys(graph, 0.0)
    for name in set(groups.values()):
        inside = [v for v in graph if groups[v] == name]
        outside = [v for v in graph if groups[v] != name]
        part = nx.betweenness_centrality_subset(graph, inside, outside)
        # networkx halves for undirected graphs; each ordered pair is in exactly one part.
        total = {v: total[v] + part[v] for v in graph}
    return {str(v): value for v, value in total.items()}


def test_barbell_has_the_published_values() -> None:
    raw = betweenness(barbell(), normalized=False)

    assert raw.to_dict() == {"0": 0, "1": 0, "2": 6, "3": 6, "4": 0, "5": 0}
    assert raw.index.name == "person"


def test_barbell_has_the_published_cross_department_values() -> None:
    raw = cross_betweenness(barbell(), by="department", normalized=False)
    share = cross_betweenness(barbell(), by="department")

    assert raw.to_dict() == {"0": 0, "1": 0, "2": 6, "3": 6, "4": 0, "5": 0}
    assert share.to_dict() == {"0": 0, "1": 0, "2": 1, "3": 1, "4": 0, "5": 0}


def test_krackhardts_kite_has_the_published_values() -> None:
    # Krackhardt, D. (1990), Administrative Science Quarterly 35, 342-369; networkx' labels.
    values = betweenness(nx.krackhardt_kite_graph())

    expected = [0.023, 0.023, 0.0, 0.102, 0.0, 0.231, 0.231, 0.389, 0.222, 0.0]
    assert values.round(3).tolist() == expected


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_networkx_and_igraph_on_graphs_in_several_parts(seed: int) -> None:
    graph = random_graph(seed)
    ours = betweenness(graph, normalized=False)

    by_networkx = list(nx.betweenness_centrality(graph, normalized=False).values())
    by_igraph = ig.Graph.from_networkx(graph).betweenness()
    np.testing.assert_allclose(ours, by_networkx, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours, by_igraph, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_cross_betweenness_agrees_with_the_subset_betweenness_of_networkx(seed: int) -> None:
    graph = random_graph(seed)

    ours = cross_betweenness(graph, by="department", normalized=False)

    expected = pd.Series(cross_betweenness_by_networkx(graph))
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9)


def test_cross_betweenness_divides_by_the_pairs_without_the_person() -> None:
    graph = random_graph(5, people=20, ties=40)
    groups = nx.get_node_attributes(graph, "department")
    pairs = [
        sum(groups[s] != groups[t] for s in graph for t in graph if s < t and v not in (s, t))
        for v in graph
    ]

    raw = cross_betweenness(graph, by="department", normalized=False)
    share = cross_betweenness(graph, by="department")

    np.testing.assert_allclose(share, raw / np.array(pairs), rtol=1e-12)


def test_real_mail_of_an_institute_agrees_with_igraph() -> None:
    edges = pd.read_csv(shared("data/email-eu-core/edges.csv"))
    people = pd.read_csv(shared("data/email-eu-core/departments.csv"))
    network = Network.from_ties(
        edges.rename(columns={"from": "sender", "to": "recipient"}),
        people.rename(columns={"id": "person"}),
    )
    graph = network.to_igraph().as_undirected()

    raw = np.array(graph.betweenness())

    np.testing.assert_allclose(betweenness(network, normalized=False), raw, rtol=1e-9, atol=1e-7)


def test_long_chains_give_the_same_as_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_graph(6)
    in_batches = betweenness(graph), cross_betweenness(graph, by="department")
    monkeypatch.setattr(module, "_LONG_WAY", 1)

    one_by_one = betweenness(graph), cross_betweenness(graph, by="department")

    np.testing.assert_allclose(one_by_one, in_batches, rtol=1e-12, atol=1e-15)


def test_a_chain_of_three_hundred_people_is_exact() -> None:
    raw = betweenness(nx.path_graph(300), normalized=False)

    place = np.arange(300)
    assert raw.tolist() == (place * (299 - place)).tolist()


def test_strength_and_direction_do_not_matter() -> None:
    graph = random_graph(7)
    directed = nx.DiGraph()
    directed.add_nodes_from(graph.nodes(data=True))
    directed.add_weighted_edges_from((b, a, 0.3 + a) for a, b in graph.edges)

    pd.testing.assert_series_equal(betweenness(graph), betweenness(directed))


def test_only_regular_ties_count() -> None:
    weeks = ["2024-01-01", "2024-01-08", "2024-01-15"]
    rows = [("a", "b", week) for week in weeks] + [("b", "c", week) for week in weeks]
    ties = pd.DataFrame([*rows, ("a", "c", weeks[0])], columns=["sender", "recipient", "week"])
    network = Network.from_ties(ties, pd.DataFrame({"person": ["a", "b", "c"]}))

    assert betweenness(network).to_dict() == {"a": 0.0, "b": 1.0, "c": 0.0}


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_renaming_and_reordering_people_changes_nothing(seed: int) -> None:
    graph = random_graph(seed, people=15, ties=22)
    order = np.random.default_rng(seed).permutation(15).tolist()
    shuffled = nx.Graph()
    shuffled.add_nodes_from((f"p{v}", graph.nodes[v]) for v in order)
    shuffled.add_edges_from((f"p{b}", f"p{a}") for a, b in graph.edges)

    moved = cross_betweenness(shuffled, by="department").rename(lambda name: name[1:])

    np.testing.assert_allclose(
        moved[[str(v) for v in range(15)]],
        cross_betweenness(graph, by="department"),
        rtol=1e-9,
        atol=1e-12,
    )


def test_following_everybody_is_exact_and_has_no_error() -> None:
    graph = random_graph(8)

    followed = betweenness(graph, samples=60)

    pd.testing.assert_series_equal(followed, betweenness(graph))
    assert followed.attrs == {}


def test_an_estimate_states_its_size_and_error_and_depends_on_the_seed_alone() -> None:
    graph = random_graph(9)

    first, again = betweenness(graph, samples=20), betweenness(graph, samples=20)
    other = betweenness(graph, samples=20, seed=1)

    pd.testing.assert_series_equal(first, again)
    assert first.attrs == again.attrs
    assert first.attrs["samples"] == 20
    assert first.attrs["error"] > 0
    assert not first.equals(other)


@pytest.mark.parametrize("by", [None, "department"])
def test_estimates_are_right_on_average_and_within_the_stated_error(by: str | None) -> None:
    graph = random_graph(10)

    def measure(**options: int) -> "pd.Series[float]":
        return cross_betweenness(graph, by=by, **options) if by else betweenness(graph, **options)

    exact = measure()
    estimates = [measure(samples=30, seed=seed) for seed in range(200)]
    inside = [((e - exact).abs() <= e.attrs["error"]).mean() for e in estimates]

    mean = np.mean(estimates, axis=0)
    spread = np.std(estimates, axis=0) / np.sqrt(200)
    assert (np.abs(mean - exact) <= 4 * spread + 1e-12).all()
    assert np.mean(inside) > 0.95


def test_large_organisations_are_sampled_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "EXACT_UP_TO", 50)
    monkeypatch.setattr(module, "DEFAULT_SAMPLES", 10)

    estimate = betweenness(random_graph(11))

    assert estimate.attrs["samples"] == 10


def test_a_single_sample_has_no_known_error() -> None:
    estimate = betweenness(random_graph(11), samples=1)

    assert np.isnan(estimate.attrs["error"])


def test_unobserved_people_are_nan_and_in_no_denominator() -> None:
    graph = nx.Graph(BARBELL)
    graph.add_node("absent")
    network = network_of(graph, observed=[True] * 6 + [False], department=list("LLLRRRR"))

    raw, share = betweenness(network), cross_betweenness(network, by="department")

    assert raw["2"] == pytest.approx(0.6, abs=1e-12)
    assert share["2"] == 1.0
    assert np.isnan(raw["absent"])
    assert np.isnan(share["absent"])


def test_people_of_unknown_department_and_their_ties_leave() -> None:
    graph = nx.Graph(["ax", "xb", "ay", "yz", "zb"])
    network = network_of(graph, department=["L", None, "R", "L", "R"])

    share = cross_betweenness(network, by="department", normalized=False)

    assert np.isnan(share["x"])
    # Only the way a, y, z, b is left: a-z passes y, a-b both, y-b passes z.
    assert share.dropna().to_dict() == {"a": 0.0, "b": 0.0, "y": 2.0, "z": 2.0}


def test_an_isolated_person_is_on_nobodys_way() -> None:
    graph = barbell()
    graph.add_node("alone", department="L")

    assert betweenness(graph)["alone"] == 0.0
    assert cross_betweenness(graph, by="department")["alone"] == 0.0


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_everything_is_undefined(people: int) -> None:
    network = network_of(nx.empty_graph(people), department=["L", "R", "R"][:people])

    values = betweenness(network)

    assert values.isna().all()
    assert values.dtype == float
    assert len(values) == people
    assert values.attrs["reason"] == "no_ties"


def test_two_people_have_no_pair_of_others() -> None:
    graph = nx.Graph(["ab"])
    nx.set_node_attributes(graph, {"a": "L", "b": "R"}, "department")

    assert betweenness(graph).attrs["reason"] == "too_few_people"
    assert betweenness(graph, normalized=False).tolist() == [0.0, 0.0]
    assert cross_betweenness(graph, by="department", samples=1).isna().all()


def test_a_single_department_has_no_cross_betweenness() -> None:
    network = network_of(nx.Graph(BARBELL), department=["L"] * 6)

    values = cross_betweenness(network, by="department")

    assert values.isna().all()
    assert values.attrs["reason"] == "single_group"


def test_with_departments_of_one_person_it_is_betweenness() -> None:
    graph = random_graph(12, people=20, ties=30)
    nx.set_node_attributes(graph, {v: str(v) for v in graph}, "department")

    np.testing.assert_allclose(
        cross_betweenness(graph, by="department"), betweenness(graph), rtol=1e-12
    )


def test_igraph_input_gives_the_same() -> None:
    graph = random_graph(13)

    ours = cross_betweenness(ig.Graph.from_networkx(graph), by="department")

    np.testing.assert_array_equal(ours, cross_betweenness(graph, by="department"))


def test_no_samples_is_refused() -> None:
    with pytest.raises(UsageError, match="samples is 0, expected a whole number of 1 or more"):
        betweenness(barbell(), samples=0)


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(UnknownColumnError, match="no column 'dept'"):
        cross_betweenness(network_of(nx.Graph(BARBELL)), by="dept")


def test_the_network_is_not_modified() -> None:
    network = network_of(nx.Graph(BARBELL), department=list("LLLRRR"))
    before = network.to_pandas(), network.people.copy()

    cross_betweenness(network, by="department")

    pd.testing.assert_frame_equal(network.to_pandas(), before[0])
    pd.testing.assert_frame_equal(network.people, before[1])


def hub_and_circle(people: int) -> nx.Graph:
    graph = nx.cycle_graph(people - 1)
    graph.add_edges_from((people - 1, v) for v in range(people - 1))
    return graph


def two_halves_with_a_broker(people: int) -> nx.Graph:
    half = people // 2
    graph = nx.disjoint_union(
        nx.gnm_random_graph(half, 6 * half, seed=1), nx.gnm_random_graph(half, 6 * half, seed=2)
    )
    graph.add_edges_from([(0, v) for v in range(half, people, 4)])
    return graph


#: Several batches of sources, the last of them small; ways of 2 to some 20 steps; parts.
SHAPES = {
    "random": nx.gnm_random_graph(150, 600, seed=3),
    "in parts": nx.gnm_random_graph(150, 120, seed=4),
    "grid": nx.convert_node_labels_to_integers(nx.grid_2d_graph(12, 11)),
    "hub": hub_and_circle(140),
    "broker": two_halves_with_a_broker(600),
}


@pytest.mark.parametrize("departments", [3, 40])
@pytest.mark.parametrize("shape", SHAPES)
def test_one_pass_gives_both_as_brute_force_does(shape: str, departments: int) -> None:
    graph = SHAPES[shape].copy()
    nx.set_node_attributes(graph, {v: f"g{v % departments}" for v in graph}, "department")

    every, cross = both_betweennesses(graph, by="department")

    by_igraph = ig.Graph.from_networkx(graph)
    n = len(graph)
    pairs = (n - 1) * (n - 2) / 2
    np.testing.assert_allclose(every * pairs, by_igraph.betweenness(), rtol=1e-9, atol=1e-9)
    alone = cross_betweenness(graph, by="department")
    pd.testing.assert_series_equal(cross, alone, rtol=1e-12, atol=0)
    if n < 200:
        raw = cross_betweenness(graph, by="department", normalized=False)
        expected = pd.Series(cross_betweenness_by_networkx(graph))
        np.testing.assert_allclose(raw, expected, rtol=1e-9, atol=1e-9)


def test_both_estimates_are_those_of_the_single_functions() -> None:
    graph = random_graph(16, people=200, ties=700)

    every, cross = both_betweennesses(graph, by="department", samples=90, seed=4)

    for ours, alone in (
        (every, betweenness(graph, samples=90, seed=4)),
        (cross, cross_betweenness(graph, by="department", samples=90, seed=4)),
    ):
        pd.testing.assert_series_equal(ours, alone, rtol=1e-12)
        assert ours.attrs == pytest.approx(alone.attrs)


def test_people_of_unknown_department_are_on_the_ways_of_the_one_and_not_of_the_other() -> None:
    graph = nx.Graph(["ax", "xb", "ay", "yz", "zb"])
    network = network_of(graph, department=["L", None, "R", "L", "R"])

    every, cross = both_betweennesses(network, by="department")

    pd.testing.assert_series_equal(every, betweenness(network))
    pd.testing.assert_series_equal(cross, cross_betweenness(network, by="department"))


@pytest.mark.parametrize("shape", ["hub", "broker", "grid"])
def test_no_estimate_is_further_off_than_its_bound_which_tells_a_broker(shape: str) -> None:
    graph = SHAPES[shape]
    exact = betweenness(graph)
    samples = 3 * len(graph) // 4

    estimates = [betweenness(graph, samples=samples, seed=seed) for seed in range(40)]

    # The bound may fail in two of forty draws.
    assert sum((e - exact).abs().max() > e.attrs["bound"] for e in estimates) <= 2
    assert all(e.attrs["error"] < e.attrs["bound"] < 1 for e in estimates)
    if shape != "grid":
        assert all(e.attrs["bound"] < 0.6 * exact.max() for e in estimates)


def test_the_bound_is_hardly_wider_than_the_spread_when_many_are_followed() -> None:
    graph = two_halves_with_a_broker(3000)

    few, many = (betweenness(graph, samples=samples).attrs for samples in (300, 2700))

    assert many["bound"] < few["bound"] / 8


def test_the_number_of_threads_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = two_halves_with_a_broker(600)
    threads: list[int] = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, count: int) -> None:
            threads.append(count)
            super().__init__(count)

    monkeypatch.setattr(module, "ThreadPoolExecutor", Counted)
    monkeypatch.setattr(module, "_THREADS", 3)

    alone = betweenness(graph)
    monkeypatch.setattr(module, "_THREADED_FROM", 600)
    in_threads = betweenness(graph)

    assert threads == [1, 3]
    np.testing.assert_array_equal(in_threads, alone)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("few", [0.0, 1.0])
def test_rows_of_some_nodes_give_the_same_as_all_rows(
    monkeypatch: pytest.MonkeyPatch, shape: str, few: float
) -> None:
    graph = SHAPES[shape]
    expected = betweenness(graph)
    monkeypatch.setattr("orgnet.measures.dependencies._FEW", few)

    np.testing.assert_allclose(betweenness(graph), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("samples", [None, 90])
def test_the_order_in_which_people_are_followed_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, samples: int | None
) -> None:
    graph = random_graph(17, people=200, ties=700)
    expected = both_betweennesses(graph, by="department", samples=samples)
    monkeypatch.setattr(module, "_SORTED_FROM", 0)
    monkeypatch.setattr(module, "_SORTED_FOR", 0)

    by_neighbourhood = both_betweennesses(graph, by="department", samples=samples)

    for ours, other in zip(by_neighbourhood, expected, strict=True):
        pd.testing.assert_series_equal(ours, other, rtol=1e-12)
        assert ours.attrs == pytest.approx(other.attrs)
