from itertools import permutations

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.measures.brokerage import (
    ROLES,
    brokerage_roles,
    brokerage_roles_expected,
    brokerage_roles_z,
)
from orgnet.network import Network
from support import shared


def random_digraph(seed: int, people: int = 24, ties: int = 90, groups: int = 3) -> nx.DiGraph:
    graph = nx.gnm_random_graph(people, ties, seed=seed, directed=True)
    return with_groups(graph, np.random.default_rng(seed).integers(0, groups, people).tolist())


def with_groups(graph: nx.Graph, codes: list[int]) -> nx.Graph:
    nx.set_node_attributes(graph, dict(zip(graph, map(str, codes), strict=True)), "department")
    return graph


def role_of(i: str, v: str, j: str) -> str:
    if i == v == j:
        return "coordinator"
    if i == j:
        return "itinerant"
    if i == v:
        return "representative"
    return "gatekeeper" if v == j else "liaison"


def count_by_hand(graph: nx.Graph) -> pd.DataFrame:
    """Every triple in turn; undirected pairs once, in the two mirrored roles under both names."""
    group = nx.get_node_attributes(graph, "department")
    counts = pd.DataFrame(0.0, index=[str(v) for v in graph], columns=list(ROLES))
    for i, v, j in permutations(graph, 3):
        if graph.has_edge(i, v) and graph.has_edge(v, j) and not graph.has_edge(i, j):
            role = role_of(group[i], group[v], group[j])
            mirrored = role in ("representative", "gatekeeper")
            counts.loc[str(v), role] += 1.0 if graph.is_directed() or mirrored else 0.5
    return counts


def counts_of_every_way(graph: nx.Graph, codes: list[int]) -> list[pd.DataFrame]:
    """The counts for each way to hand these groups out; the way of `codes` comes first."""
    ways = sorted(set(permutations(codes)))
    return [brokerage_roles(with_groups(graph.copy(), list(w)), by="department") for w in ways]


def test_each_role_is_the_one_of_gould_and_fernandez() -> None:
    graph = nx.DiGraph([("a1", "a2"), ("a2", "a3"), ("a1", "b1"), ("b1", "a4"), ("b1", "c1")])
    graph.add_edges_from([("c1", "c2"), ("c2", "b2")])
    nx.set_node_attributes(graph, {v: v[0] for v in graph}, "department")

    roles = brokerage_roles(graph, by="department").astype(int)

    assert roles.loc["a2"].to_dict() == dict(zip(ROLES, [1, 0, 0, 0, 0], strict=True))
    assert roles.loc["b1"].to_dict() == dict(zip(ROLES, [0, 1, 0, 0, 1], strict=True))
    assert roles.loc["c1"].to_dict() == dict(zip(ROLES, [0, 0, 0, 1, 0], strict=True))
    assert roles.loc["c2"].to_dict() == dict(zip(ROLES, [0, 0, 1, 0, 0], strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_directed_counts_agree_with_every_triple_in_turn(seed: int) -> None:
    graph = random_digraph(seed)

    roles = brokerage_roles(graph, by="department")

    pd.testing.assert_frame_equal(roles, count_by_hand(graph), check_names=False)


@pytest.mark.parametrize("seed", range(4))
def test_undirected_counts_agree_with_every_triple_in_turn(seed: int) -> None:
    graph = random_digraph(seed, ties=60).to_undirected()

    roles = brokerage_roles(graph, by="department")

    pd.testing.assert_frame_equal(roles, count_by_hand(graph), check_names=False)
    assert roles["representative"].equals(roles["gatekeeper"].rename("representative"))


def test_advice_among_the_high_tech_managers_agrees_with_every_triple_in_turn() -> None:
    people = pd.read_csv(shared("data/krackhardt-hightech/nodes.csv"))
    ties = pd.read_csv(shared("data/krackhardt-hightech/advice.csv"))
    graph = nx.from_pandas_edgelist(ties, "from", "to", create_using=nx.DiGraph)
    nx.set_node_attributes(graph, people.set_index("id")["dept"].to_dict(), "dept")
    network = Network.from_ties(
        ties.rename(columns={"from": "sender", "to": "recipient"}),
        people.rename(columns={"id": "person"}),
    )
    nx.set_node_attributes(graph, people.set_index("id")["dept"].to_dict(), "department")

    roles = brokerage_roles(network, by="dept")

    expected = count_by_hand(graph).loc[roles.index]
    pd.testing.assert_frame_equal(roles, expected, check_names=False)


def test_blocks_of_rows_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_digraph(5)
    whole = brokerage_roles(graph, by="department")
    monkeypatch.setattr("orgnet.measures.brokerage._PATHS_AT_ONCE", 40)

    pd.testing.assert_frame_equal(brokerage_roles(graph, by="department"), whole)


def test_strengths_and_the_names_of_departments_do_not_matter() -> None:
    graph = random_digraph(6)
    other = with_groups(graph.copy(), [0] * 24)
    renamed = {"0": "Z", "1": "Y", "2": "X"}
    for v, data in graph.nodes(data=True):
        other.nodes[v]["department"] = renamed[data["department"]]
    nx.set_edge_attributes(other, 2.5, "strength")

    pd.testing.assert_frame_equal(
        brokerage_roles(other, by="department"), brokerage_roles(graph, by="department")
    )


def test_reordering_people_changes_nothing() -> None:
    graph = random_digraph(7)
    moved = nx.DiGraph()
    moved.add_nodes_from(reversed(list(graph.nodes(data=True))))
    moved.add_edges_from(graph.edges)

    roles = brokerage_roles(moved, by="department")

    expected = brokerage_roles(graph, by="department")
    pd.testing.assert_frame_equal(roles.loc[expected.index], expected)


def test_turning_every_tie_round_swaps_representatives_and_gatekeepers() -> None:
    graph = random_digraph(8)

    there = brokerage_roles(graph, by="department")
    back = brokerage_roles(graph.reverse(), by="department")

    swapped = there.rename(columns={"representative": "gatekeeper", "gatekeeper": "representative"})
    pd.testing.assert_frame_equal(back, swapped[list(ROLES)])


def test_unobserved_people_and_people_of_unknown_department_are_nan_and_their_ties_leave() -> None:
    people = pd.DataFrame(
        {
            "person": ["a", "b", "c", "who", "absent", "alone"],
            "department": ["L", "L", "R", None, "R", "R"],
            "observed": [True, True, True, True, False, True],
        }
    )
    ties = pd.DataFrame([("a", "b"), ("b", "c"), ("a", "who"), ("who", "c"), ("b", "who")])
    network = Network.from_ties(ties.set_axis(["sender", "recipient"], axis=1), people)

    roles = brokerage_roles(network, by="department")

    assert roles.index[roles.isna().all(axis=1)].tolist() == ["who", "absent"]
    assert roles.loc["b"].to_dict() == dict(zip(ROLES, [0, 0, 1, 0, 0], strict=True))
    assert (roles.loc["alone"] == 0).all()


@pytest.mark.parametrize(
    ("graph", "codes", "reason"),
    [
        (nx.empty_graph(0, create_using=nx.DiGraph), [], "single_group"),
        (nx.empty_graph(1, create_using=nx.DiGraph), [0], "single_group"),
        (nx.path_graph(3), [0, 0, 0], "single_group"),
        (nx.empty_graph(3), [0, 1, 1], "no_ties"),
    ],
    ids=["no people", "one person", "one department", "everyone isolated"],
)
def test_where_nothing_is_defined_the_reason_is_given(
    graph: nx.Graph, codes: list[int], reason: str
) -> None:
    people = pd.DataFrame({"person": [str(v) for v in graph], "department": codes})
    ties = pd.DataFrame(list(graph.edges), columns=["sender", "recipient"])
    network = Network.from_ties(ties, people)

    results = [
        brokerage_roles(network, by="department"),
        brokerage_roles_expected(network, by="department"),
        brokerage_roles_z(network, by="department"),
    ]

    assert [result.attrs["reason"] for result in results] == [reason] * 3
    assert all(result.isna().all(axis=None) for result in results)
    assert all(list(result.columns) == list(ROLES) for result in results)
    assert results[0].dtypes.astype(str).tolist() == ["float64"] * 5


def test_two_people_have_no_expectation() -> None:
    graph = with_groups(nx.DiGraph(["ab"]), [0, 1])

    assert (brokerage_roles(graph, by="department") == 0).all(axis=None)
    assert brokerage_roles_expected(graph, by="department").attrs["reason"] == "too_few_people"


@pytest.mark.parametrize("directed", [True, False])
def test_expectation_is_the_mean_over_all_ways_to_hand_out_groups(directed: bool) -> None:
    graph = nx.gnm_random_graph(6, 12, seed=3, directed=True)
    graph = with_groups(graph if directed else graph.to_undirected(), [0, 0, 0, 1, 1, 2])
    ways = sorted(set(permutations([0, 0, 0, 1, 1, 2])))
    counts = [
        brokerage_roles(with_groups(graph.copy(), list(way)), by="department") for way in ways
    ]

    expected = brokerage_roles_expected(graph, by="department")

    np.testing.assert_allclose(expected, np.mean(counts, axis=0), rtol=1e-9, atol=1e-12)


def test_expectation_keeps_how_many_pairs_a_person_stands_between() -> None:
    graph = random_digraph(9)

    expected = brokerage_roles_expected(graph, by="department")

    between = brokerage_roles(graph, by="department").sum(axis=1)
    np.testing.assert_allclose(expected.sum(axis=1), between, rtol=1e-12)


@pytest.mark.parametrize("codes", [[0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2]])
@pytest.mark.parametrize("directed", [True, False])
def test_z_is_the_distance_from_the_mean_over_all_ways_in_standard_deviations(
    codes: list[int], directed: bool
) -> None:
    graph = nx.gnm_random_graph(6, 14, seed=3, directed=True)
    graph = with_groups(graph if directed else graph.to_undirected(), codes)
    # Every way as often as it comes, the groups as they are first.
    ways = [codes, *sorted(set(permutations(codes)))]
    counts = np.array(
        [brokerage_roles(with_groups(graph.copy(), list(way)), by="department") for way in ways]
    )
    spread = counts[1:].std(axis=0)
    exact = (counts[0] - counts[1:].mean(axis=0)) / np.where(spread > 1e-9, spread, np.nan)

    z = brokerage_roles_z(with_groups(graph, codes), by="department")

    np.testing.assert_allclose(z, exact, rtol=1e-9, atol=1e-9)


def test_z_agrees_with_random_draws_in_a_larger_network() -> None:
    graph = random_digraph(10, people=60, ties=400, groups=4)
    codes = [data["department"] for _, data in graph.nodes(data=True)]
    rng = np.random.default_rng(0)
    draws = np.array(
        [
            brokerage_roles(
                with_groups(graph.copy(), rng.permutation(codes).tolist()), by="department"
            )
            for _ in range(300)
        ]
    )
    observed = brokerage_roles(with_groups(graph, codes), by="department").to_numpy()

    z = brokerage_roles_z(graph, by="department").to_numpy()

    drawn = (observed - draws.mean(axis=0)) / draws.std(axis=0)
    assert np.abs(z - drawn).max() < 0.5
    assert np.corrcoef(z.ravel(), drawn.ravel())[0, 1] > 0.99


def test_z_is_undefined_where_every_way_gives_the_same() -> None:
    graph = with_groups(nx.DiGraph([(0, 1), (1, 2), (2, 3)]), [0, 1, 2, 3])

    z = brokerage_roles_z(graph, by="department")

    assert z.isna().all(axis=None)


def test_blocks_of_rows_give_the_same_z(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_digraph(5)
    whole = brokerage_roles_z(graph, by="department")
    monkeypatch.setattr("orgnet.measures.brokerage_variance._PATHS_AT_ONCE", 40)

    pd.testing.assert_frame_equal(brokerage_roles_z(graph, by="department"), whole)


def test_igraph_input_gives_the_same() -> None:
    graph = random_digraph(11)

    from_igraph = brokerage_roles(ig.Graph.from_networkx(graph), by="department")

    pd.testing.assert_frame_equal(from_igraph, brokerage_roles(graph, by="department"))
