from itertools import combinations, pairwise

import igraph as ig
import networkx as nx
import numpy as np
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
from orgnet.errors import UsageError
from orgnet.measures.coordination import contact_targets
from orgnet.measures.intermediaries import group_betweenness, intermediation
from orgnet.measures.mixing import mixing
from orgnet.network import Network


def sparse_network(seed: int, k: int = 9) -> Network:
    return random_network(60, k, seed, per_person=2, cohesion=0.4)


def contracted(network: Network, threshold: float | None) -> nx.Graph:
    mixed = mixing(network, "department")
    linked = mixed.strength >= (threshold or 0)
    if threshold is None:
        linked = mixed.ties >= contact_targets(mixed.groups.sizes)
    graph = nx.Graph()
    graph.add_nodes_from(mixed.groups.names)
    names = mixed.groups.names
    graph.add_edges_from(
        (names[g], names[h]) for g, h in combinations(range(len(names)), 2) if linked[g, h]
    )
    return graph


@pytest.mark.parametrize("threshold", [None, 5.0, 12.0])
@pytest.mark.parametrize("seed", range(4))
def test_shares_of_shortest_ways_agree_with_networkx(seed: int, threshold: float | None) -> None:
    network = sparse_network(seed)

    shares = group_betweenness(network, by="department", threshold=threshold)

    expected = nx.betweenness_centrality(contracted(network, threshold))
    assert shares.to_dict() == pytest.approx(expected, abs=1e-9)
    assert shares.sum() > 0


@pytest.mark.parametrize("seed", range(4))
def test_shares_of_widest_ways_agree_with_a_search_over_all_ways(seed: int) -> None:
    network = sparse_network(seed, k=5)
    strength = mixing(network, "department").strength
    k = len(strength)
    total = np.zeros(k)
    for g, h in combinations(range(k), 2):
        ways = nx.all_simple_paths(nx.complete_graph(k), g, h)
        width = {tuple(w): min(strength[a, b] for a, b in pairwise(w)) for w in ways}
        widest = [w for w in width if width[w] == max(width.values())]
        best = [w for w in widest if len(w) == min(map(len, widest))]
        for way in best:
            total[list(way[1:-1])] += 1 / len(best)

    shares = group_betweenness(network, by="department", widest=True)

    assert shares.tolist() == pytest.approx((total / ((k - 1) * (k - 2) / 2)).tolist(), abs=1e-9)


def intermediation_by_definition(network: Network) -> list[float]:
    mixed = mixing(network, "department")
    direct = np.minimum(1, mixed.ties / contact_targets(mixed.groups.sizes))
    k = len(direct)
    shares = []
    for q in range(k):
        pairs = [
            (g, h) for g, h in combinations(range(k), 2) if q not in (g, h) and direct[g, h] < 1
        ]
        held = 0.0
        for g, h in pairs:
            through = {v: min(direct[g, v], direct[v, h]) for v in range(k) if v not in (g, h)}
            best = max(through.values())
            equal = [v for v, value in through.items() if value == best]
            held += (best > 0 and q in equal) / len(equal)
        shares.append(held / len(pairs) if pairs else np.nan)
    return shares


@pytest.mark.parametrize("seed", range(6))
def test_intermediation_agrees_with_a_walk_over_the_pairs(seed: int) -> None:
    network = sparse_network(seed)

    shares = intermediation(network, by="department")

    assert shares.tolist() == pytest.approx(intermediation_by_definition(network), abs=1e-9)
    assert shares.sum() > 0


def hub() -> Network:
    """Four departments of two who meet through the fifth, two regular ties with each."""
    ties = [(2 * g + i, 8 + i) for g in range(4) for i in range(2)]
    return network_of(ties, list("AABBCCDDHH"))


def test_a_department_through_which_all_others_go_has_the_whole_of_both() -> None:
    everything = {"A": 0.0, "B": 0.0, "C": 0.0, "D": 0.0, "H": 1.0}

    assert group_betweenness(hub(), by="department").to_dict() == everything
    assert group_betweenness(hub(), by="department", widest=True).to_dict() == everything
    assert intermediation(hub(), by="department").to_dict() == everything


def test_with_direct_contact_everywhere_nobody_is_needed() -> None:
    network = network_of(list(combinations(range(8), 2)), list("AABBCCDD"))

    assert group_betweenness(network, by="department").tolist() == [0.0] * 4
    assert intermediation(network, by="department").isna().all()


@pytest.mark.parametrize("measure", [group_betweenness, intermediation])
def test_names_rows_and_strength_do_not_matter(measure: object) -> None:
    ties, people = random_ties(50, 6, 3, per_person=2)
    shares = measure(Network.from_ties(ties, people), by="department")  # type: ignore[operator]

    moved = measure(  # type: ignore[operator]
        relabelled(ties.assign(strength=ties["strength"] * 7), people, 1), by="department"
    )

    pd.testing.assert_series_equal(moved, shares)


@pytest.mark.parametrize("measure", [group_betweenness, intermediation])
def test_unknown_departments_and_unobserved_people_do_not_count(measure: object) -> None:
    ties = [(2 * g + i, 8 + i) for g in range(4) for i in range(2)]
    network = network_of(
        [*ties, (0, 10), (10, 2)],
        [*"AABBCCDDHH", None, "A"],
        observed=[True] * 11 + [False],
    )

    pd.testing.assert_series_equal(
        measure(network, by="department"),  # type: ignore[operator]
        measure(hub(), by="department"),  # type: ignore[operator]
    )


@pytest.mark.parametrize("measure", [group_betweenness, intermediation])
@pytest.mark.parametrize("case", unmeasurable())
def test_without_groups_or_ties_both_are_undefined(measure: object, case: str) -> None:
    network, reason = unmeasurable()[case]

    shares = measure(network, by="department")  # type: ignore[operator]

    assert shares.isna().all() and shares.dtype == float
    assert shares.index.name == "group"
    assert shares.attrs["reason"] == reason


@pytest.mark.parametrize("measure", [group_betweenness, intermediation])
def test_between_two_departments_there_is_no_third(measure: object) -> None:
    shares = measure(barbell(), by="department")  # type: ignore[operator]

    assert shares.isna().all()
    assert shares.attrs["reason"] == "two_groups"


def test_igraph_input_gives_the_same() -> None:
    network = sparse_network(1)
    graph = ig.Graph.from_networkx(network.to_networkx())
    graph.vs["name"] = graph.vs["_nx_name"]

    pd.testing.assert_series_equal(
        intermediation(graph, by="department"), intermediation(network, by="department")
    )


def test_a_threshold_must_be_above_0_and_alone() -> None:
    with pytest.raises(UsageError, match="threshold is 0, expected a strength above 0"):
        group_betweenness(hub(), by="department", threshold=0)
    with pytest.raises(UsageError, match="widest ways know no threshold"):
        group_betweenness(hub(), by="department", threshold=1, widest=True)
