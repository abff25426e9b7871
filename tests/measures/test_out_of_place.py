"""People who work with another group than the one that the roster names."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.measures import pair_dependency
from orgnet.measures.out_of_place import out_of_place
from orgnet.network import Network
from orgnet.simulate import plant_ties, with_wrong_departments


def two_teams(**moved: str) -> nx.Graph:
    """Two teams of six in which all know each other, and two ties between them."""
    graph = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(6))
    graph.add_edges_from([(0, 6), (1, 7)])
    team = {p: "A" if p < 6 else "B" for p in graph}
    nx.set_node_attributes(graph, team | {int(p[1:]): t for p, t in moved.items()}, "department")
    return graph


def found(graph: nx.Graph) -> list[str]:
    result = out_of_place(graph, by="department")
    return result.index[result].tolist()


def test_a_person_in_the_wrong_team_is_found():
    assert found(two_teams(p5="B")) == ["5"]


def test_people_in_their_team_are_not():
    assert found(two_teams()) == []


def test_a_connector_with_colleagues_of_their_own_is_in_place():
    graph = two_teams()
    graph.add_edges_from((0, p) for p in range(6, 12))

    assert found(graph) == []


def test_two_contacts_elsewhere_say_nothing():
    graph = two_teams()
    graph.add_node(12, department="A")
    graph.add_edges_from([(12, 6), (12, 7)])

    assert found(graph) == []


def test_in_a_group_without_contact_inside_nobody_is_out_of_place():
    graph = nx.complete_bipartite_graph(4, 4)
    nx.set_node_attributes(graph, {p: "A" if p < 4 else "B" for p in graph}, "department")

    assert found(graph) == []


@pytest.mark.parametrize("graph", [nx.empty_graph(3), nx.complete_graph(3)])
def test_without_ties_or_with_one_group_nobody_is_out_of_place(graph):
    nx.set_node_attributes(graph, "A", "department")
    result = out_of_place(graph, by="department")

    assert result.dtype == bool
    assert not result.any()
    assert len(result) == 3


def test_people_of_unknown_group_are_not_out_of_place():
    graph = two_teams(p5="unknown")

    assert found(graph) == []


def test_the_order_of_rows_does_not_matter():
    planted = with_wrong_departments(plant_ties(seed=3, people=200), 0.05)
    one = out_of_place(Network.from_ties(planted.ties, planted.people), by="department")
    mixed = Network.from_ties(
        planted.ties.sample(frac=1, random_state=1), planted.people.sample(frac=1, random_state=2)
    )
    pd.testing.assert_series_equal(
        out_of_place(mixed, by="department").sort_index(), one.sort_index()
    )


def test_most_wrong_departments_of_a_planted_firm_are_found_and_hardly_anybody_else():
    hit = wrong = others = 0
    for seed in range(5):
        planted = with_wrong_departments(plant_ties(seed=seed), 0.03, seed=seed)
        network = Network.from_ties(planted.ties, planted.people)
        result = out_of_place(network, by="department")
        names = set(result.index[result])
        hit += len(names & planted.truth.noise.wrong_department)
        wrong += len(planted.truth.noise.wrong_department)
        others += len(names - planted.truth.noise.wrong_department)
    assert hit >= 0.8 * wrong
    assert others <= 0.01 * 5 * 400


def test_unequal_people_do_not_make_a_bottleneck_of_the_most_outgoing():
    """One person of team A has most contacts with every team; that is no news about one pair."""
    rng = np.random.default_rng(0)
    graph = nx.Graph()
    graph.add_nodes_from((p, {"department": "ABCDEF"[p // 10]}) for p in range(60))
    graph.add_edges_from((0, int(p)) for p in rng.choice(range(10, 60), 30, replace=False))
    graph.add_edges_from((p, 10 + p) for p in range(1, 10))
    table = pair_dependency(graph, by="department", activity="moments")

    assert (table.loc[table["group_a"] == "A", "p"] > 0.01).all()
