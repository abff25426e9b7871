import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.measures.cohesion import core_number, density, reciprocity
from orgnet.network import Network
from support import shared


def high_tech(name: str) -> Network:
    """Krackhardt's 21 managers."""
    people = pd.read_csv(shared("data/krackhardt-hightech/nodes.csv"))
    ties = pd.read_csv(shared(f"data/krackhardt-hightech/{name}.csv"))
    return Network.from_ties(
        ties.rename(columns={"from": "sender", "to": "recipient"}),
        people.rename(columns={"id": "person"}),
    )


def test_barbell_has_seven_of_fifteen_pairs() -> None:
    assert density(nx.barbell_graph(3, 0)) == pytest.approx(7 / 15, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_density_agrees_with_networkx(seed: int) -> None:
    graph = nx.gnm_random_graph(30, 80, seed=seed)

    assert density(graph) == pytest.approx(nx.density(graph), abs=1e-12)


@pytest.mark.parametrize(("people", "expected"), [(0, np.nan), (1, np.nan), (3, 0.0)])
def test_density_without_ties_is_measured_from_two_people_on(people: int, expected: float) -> None:
    assert density(nx.empty_graph(people)) == pytest.approx(expected, nan_ok=True)


def test_density_leaves_out_people_who_were_not_observed() -> None:
    people = pd.DataFrame({"person": list("abc"), "observed": [True, True, False]})
    ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})

    assert density(Network.from_ties(ties, people)) == 1.0


@pytest.mark.parametrize("name", ["advice", "friendship"])
def test_reciprocity_of_the_high_tech_managers_is_that_of_networkx_and_igraph(name: str) -> None:
    network = high_tech(name)

    expected = nx.overall_reciprocity(network.to_networkx())
    assert reciprocity(network) == pytest.approx(expected, abs=1e-12)
    assert network.to_igraph().reciprocity() == pytest.approx(expected, abs=1e-12)


def test_reciprocity_is_not_known_for_undirected_networks_and_without_ties() -> None:
    assert np.isnan(reciprocity(nx.Graph(["ab"])))
    assert np.isnan(reciprocity(nx.empty_graph(3, create_using=nx.DiGraph)))


def test_reciprocity_of_ties_one_way_is_zero() -> None:
    assert reciprocity(nx.DiGraph(["ab", "bc"])) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_core_numbers_agree_with_networkx(seed: int) -> None:
    graph = nx.gnm_random_graph(50, 140, seed=seed)

    assert core_number(graph).tolist() == list(nx.core_number(graph).values())


def test_core_numbers_of_the_real_institute_agree_with_networkx() -> None:
    edges = pd.read_csv(shared("data/email-eu-core/edges.csv"))
    graph = nx.from_pandas_edgelist(edges[edges["from"] != edges["to"]], "from", "to")

    assert core_number(graph).tolist() == list(nx.core_number(graph).values())


def test_core_numbers_count_regular_ties_in_either_direction() -> None:
    weeks = ["2024-01-01", "2024-01-08", "2024-01-15"]
    regular = [("b", "a", weeks[0]), ("a", "b", weeks[1]), ("a", "b", weeks[2])]
    ties = pd.DataFrame([*regular, ("a", "c", weeks[0])], columns=["sender", "recipient", "week"])
    network = Network.from_ties(ties, pd.DataFrame({"person": ["a", "b", "c"]}))

    assert core_number(network).to_dict() == {"a": 1.0, "b": 1.0, "c": 0.0}


def test_core_numbers_do_not_depend_on_names_or_order() -> None:
    graph = nx.gnm_random_graph(20, 50, seed=1)
    moved = nx.Graph()
    moved.add_nodes_from(f"p{v}" for v in reversed(range(20)))
    moved.add_edges_from((f"p{b}", f"p{a}") for a, b in graph.edges)

    values = core_number(moved).rename(lambda name: name[1:])

    assert values[[str(v) for v in range(20)]].tolist() == core_number(graph).tolist()


def test_isolated_people_have_core_zero_and_unobserved_ones_none() -> None:
    people = pd.DataFrame({"person": list("abcd"), "observed": [True, True, True, False]})
    ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})

    values = core_number(Network.from_ties(ties, people))

    assert values.iloc[:3].tolist() == [1.0, 1.0, 0.0]
    assert np.isnan(values["d"])


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_core_numbers_are_undefined(people: int) -> None:
    values = core_number(nx.empty_graph(people))

    assert len(values) == people
    assert values.isna().all()
    assert values.dtype == float
    assert values.attrs["reason"] == "no_ties"


def test_igraph_input_gives_the_same() -> None:
    graph = nx.gnm_random_graph(20, 50, seed=2)

    from_igraph = core_number(ig.Graph.from_networkx(graph))

    assert from_igraph.tolist() == core_number(graph).tolist()
