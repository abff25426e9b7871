from itertools import combinations

import networkx as nx
import pandas as pd
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.measures.bottlenecks import bus_factor
from orgnet.measures.group_connectivity import vertex_connectivity
from orgnet.network import Network


def by_networkx(network: Network) -> dict[tuple[str, str], int]:
    graph = network.to_networkx().to_undirected()
    groups = network.groups("department")
    members = {
        name: [p for p, c in zip(network.index, groups.codes, strict=True) if c == code]
        for code, name in enumerate(groups.names)
    }
    result = {}
    for a, b in combinations(groups.names, 2):
        flow = graph.copy()
        flow.add_edges_from(("start", p) for p in members[a])
        flow.add_edges_from(("end", p) for p in members[b])
        result[a, b] = nx.node_connectivity(flow, "start", "end")
    return result


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("per_person", [1, 2])
def test_ways_agree_with_networkx(seed: int, per_person: int) -> None:
    network = random_network(30, 4, seed, per_person=per_person)

    assert vertex_connectivity(network, by="department").to_dict() == by_networkx(network)


def test_other_ways_can_only_add_to_the_bus_factor() -> None:
    network = random_network(40, 5, 1, per_person=2)

    assert (
        vertex_connectivity(network, by="department") >= bus_factor(network, by="department")
    ).all()
    assert vertex_connectivity(barbell(), by="department").to_dict() == {("L", "R"): 1}


def test_people_of_unknown_group_are_no_way() -> None:
    network = network_of([(0, 1), (1, 2)], ["A", None, "B"])

    assert vertex_connectivity(network, by="department").to_dict() == {("A", "B"): 0}


def test_names_and_rows_do_not_matter() -> None:
    ties, people = random_ties(30, 4, 1, per_person=2)

    pd.testing.assert_series_equal(
        vertex_connectivity(relabelled(ties, people, 3), by="department"),
        vertex_connectivity(Network.from_ties(ties, people), by="department"),
    )


@pytest.mark.parametrize("case", unmeasurable())
def test_without_groups_there_is_a_reason_and_without_ties_a_zero(case: str) -> None:
    network, reason = unmeasurable()[case]

    values = vertex_connectivity(network, by="department")

    assert values.dtype == "int64"
    assert (values == 0).all()
    assert values.attrs.get("reason", "no_ties") == reason
