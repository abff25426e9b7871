import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from orgnet.errors import UnknownColumnError, UsageError
from orgnet.measures.bottlenecks import (
    Activity,
    CrossContact,
    bridging_hhi,
    bus_factor,
    chance_of_holding,
    cross_load_concentration,
    cross_load_share,
    pair_dependency,
    sole_connectors,
)
from orgnet.measures.cut_points import articulation_points, bridges
from orgnet.network import Network
from support import shared

COLUMNS = ["group_a", "group_b", "person", "dependency", "ties", "p", "q"]
WEEKS = ["2024-01-01", "2024-01-08", "2024-01-15"]


def barbell() -> nx.Graph:
    graph = nx.Graph(["01", "02", "12", "23", "34", "35", "45"])
    nx.set_node_attributes(graph, dict(zip("012345", "LLLRRR", strict=True)), "department")
    return graph


def random_graph(seed: int, people: int = 40, ties: int = 110, groups: int = 4) -> nx.Graph:
    rng = np.random.default_rng(seed)
    graph = nx.relabel_nodes(nx.gnm_random_graph(people, ties, seed=seed), str)
    codes = rng.integers(0, groups, people)
    nx.set_node_attributes(graph, {v: f"g{codes[int(v)]}" for v in graph}, "department")
    for _, _, data in graph.edges(data=True):
        data["strength"] = float(rng.integers(1, 9))
    return graph


def institute() -> nx.Graph:
    """Everybody of a real research institute, mail in either direction."""
    edges = pd.read_csv(shared("data/email-eu-core/edges.csv"), dtype=str)
    people = pd.read_csv(shared("data/email-eu-core/departments.csv"), dtype=str)
    graph = nx.Graph()
    graph.add_nodes_from((p, {"department": d}) for p, d in people.itertuples(index=False))
    graph.add_edges_from(edges[edges["from"] != edges["to"]].itertuples(index=False))
    return graph


def network_of(
    rows: list[tuple[str, ...]], people: dict[str, str | None], **columns: object
) -> Network:
    names = ["sender", "recipient", "week"][: len(rows[0]) if rows else 2]
    roster = pd.DataFrame({"person": list(people), "department": list(people.values()), **columns})
    return Network.from_ties(pd.DataFrame(rows, columns=names), roster)


def dependency_by_hand(graph: nx.Graph, activity: str = "mean") -> pd.DataFrame:
    """The formulas, one ordered pair of groups and one person at a time."""
    group = nx.get_node_attributes(graph, "department")
    names = sorted(set(group.values()))
    rows = []
    for g in names:
        for h in names:
            members = [v for v in graph if group[v] == g]
            into = {v: [u for u in graph[v] if group[u] == h] for v in members}
            ties = sum(len(others) for others in into.values())
            if g == h or not ties:
                continue
            strength = {v: sum(graph[v][u]["strength"] for u in into[v]) for v in members}
            person = min(members, key=lambda v: (-strength[v], v))
            elsewhere = {v: sum(group[u] not in (g, h) for u in graph[v]) for v in members}
            mean = sum(elsewhere.values()) / len(members)
            variance = sum(b**2 for b in elsewhere.values()) / len(members) - mean**2
            shape = mean**2 / max(variance - mean, 1e-9)
            alpha = mean + 0.5
            if activity == "moments":
                alpha = min(max(shape, 0.5), alpha)
            weight = {v: elsewhere[v] + alpha for v in members}
            most = max(len(others) for others in into.values())
            tails = (binom.sf(most - 1, ties, w / sum(weight.values())) for w in weight.values())
            share = strength[person] / sum(strength.values())
            rows.append((g, h, person, share, ties, min(1.0, sum(tails))))
    return pd.DataFrame(rows, columns=COLUMNS[:6])


def impact_by_hand(graph: nx.Graph) -> dict[str, float]:
    impact = {}
    for v in nx.articulation_points(graph):
        others = nx.node_connected_component(graph, v) - {v}
        pieces = [len(c) for c in nx.connected_components(graph.subgraph(others))]
        impact[str(v)] = float(sum(pieces) - max(pieces))
    return impact


# ---------------------------------------------------------------- pair_dependency


def test_barbell_hangs_on_the_published_people() -> None:
    table = pair_dependency(barbell(), by="department")

    assert table[["group_a", "group_b", "person", "dependency", "ties"]].to_numpy().tolist() == [
        ["L", "R", "2", 1.0, 1],
        ["R", "L", "3", 1.0, 1],
    ]
    assert bus_factor(barbell(), by="department").to_dict() == {("L", "R"): 1}
    assert sole_connectors(barbell(), by="department")["person"].tolist() == ["2", "3"]
    assert bridges(barbell()).to_numpy().tolist() == [["2", "3"]]
    assert articulation_points(barbell()).to_dict() == {"2": 2.0, "3": 2.0}


@pytest.mark.parametrize("activity", ["mean", "moments"])
@pytest.mark.parametrize("seed", range(4))
def test_dependency_and_p_agree_with_the_formulas_by_hand(seed: int, activity: Activity) -> None:
    graph = random_graph(seed)

    table = pair_dependency(graph, by="department", activity=activity)

    by_hand = dependency_by_hand(graph, activity)
    pd.testing.assert_frame_equal(table[COLUMNS[:6]], by_hand, rtol=1e-9)


def test_an_unknown_way_to_tell_activity_is_refused() -> None:
    with pytest.raises(UsageError, match="activity is 'median'"):
        pair_dependency(random_graph(0), by="department", activity="median")  # type: ignore[arg-type]


def test_dependency_agrees_with_the_formulas_on_a_real_institute() -> None:
    graph = institute()
    nx.set_edge_attributes(graph, 1.0, "strength")

    table = pair_dependency(graph, by="department")

    pd.testing.assert_frame_equal(table[COLUMNS[:6]], dependency_by_hand(graph), rtol=1e-9)


def test_q_is_p_adjusted_for_all_rows() -> None:
    table = pair_dependency(random_graph(1), by="department").sort_values("p")

    scaled = table["p"].to_numpy() * len(table) / np.arange(1, len(table) + 1)
    expected = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    np.testing.assert_allclose(table["q"], expected, rtol=1e-12)


def test_blocks_of_colleagues_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_graph(2)
    whole = pair_dependency(graph, by="department")
    monkeypatch.setattr("orgnet.measures.bottlenecks._CHANCES_AT_ONCE", 25)

    pd.testing.assert_frame_equal(pair_dependency(graph, by="department"), whole)


def test_of_equal_people_the_first_by_id_is_named_whatever_the_order() -> None:
    people = {"p9": "L", "p10": "L", "r": "R"}

    table = pair_dependency(network_of([("p9", "r"), ("p10", "r")], people), by="department")

    assert table["person"].tolist() == ["p10", "r"]


def test_rounding_does_not_decide_between_equal_people() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("b", "x", 0.3), ("a", "x", 0.1), ("a", "y", 0.2)])
    nx.set_node_attributes(graph, {"a": "L", "b": "L", "x": "R", "y": "R"}, "department")

    table = pair_dependency(graph, by="department")

    assert table.set_index("group_a")["person"]["L"] == "a"


def test_ties_count_any_contact_and_shares_count_strength() -> None:
    rows = [("a", "x", week) for week in WEEKS] + [("x", "a", WEEKS[0]), ("b", "y", WEEKS[0])]
    network = network_of(rows, {"a": "L", "b": "L", "x": "R", "y": "R"})

    table = pair_dependency(network, by="department")

    assert table["ties"].tolist() == [2, 2]
    assert table["dependency"].tolist() == [0.8, 0.8]


def test_a_department_of_one_holds_everything_without_surprise() -> None:
    graph = nx.Graph([("head", "a"), ("head", "b"), ("head", "c"), ("a", "b")])
    people = {"head": "Top", "a": "L", "b": "L", "c": "L"}
    nx.set_node_attributes(graph, people, "department")

    row = pair_dependency(graph, by="department").set_index("group_a").loc["Top"]

    assert (row["person"], row["dependency"], row["p"], row["q"]) == ("head", 1.0, 1.0, 1.0)


def test_one_connector_among_many_busy_colleagues_is_no_accident() -> None:
    members = [f"a{i}" for i in range(10)]
    rows = [("a0", f"x{i}") for i in range(6)] + [(a, "c0") for a in members]
    people = dict.fromkeys(members, "A") | {f"x{i}": "X" for i in range(6)} | {"c0": "C"}

    table = pair_dependency(network_of(rows, people), by="department").set_index(
        ["group_a", "group_b"]
    )

    # Everybody else is as often in touch with C: chance 1/10 each, six times.
    assert table.loc[("A", "X"), "p"] == pytest.approx(10 * 0.1**6, rel=1e-9)
    assert table.loc[("X", "A"), "p"] == 1.0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.sampled_from([0.5, 2.0, 16.0]))
def test_scaling_strength_and_reordering_people_changes_nothing(seed: int, factor: float) -> None:
    graph = random_graph(seed, people=14, ties=30, groups=3)
    moved = nx.Graph()
    moved.add_nodes_from(reversed(list(graph.nodes(data=True))))
    moved.add_weighted_edges_from(
        ((b, a, factor * s) for a, b, s in graph.edges(data="strength")), weight="strength"
    )

    pd.testing.assert_frame_equal(
        pair_dependency(moved, by="department"), pair_dependency(graph, by="department"), rtol=1e-9
    )


# ---------------------------------------------------------------- bus factor, connectors


@pytest.mark.parametrize("seed", range(4))
def test_bus_factor_agrees_with_the_matching_of_networkx(seed: int) -> None:
    graph = random_graph(seed, ties=60)
    group = nx.get_node_attributes(graph, "department")

    factors = bus_factor(graph, by="department")

    for (g, h), factor in factors.items():
        cross = [e for e in graph.edges if {group[v] for v in e} == {g, h}]
        left = {v for e in cross for v in e if group[v] == g}
        matching = nx.bipartite.hopcroft_karp_matching(nx.Graph(cross), left)
        assert factor == len(matching) // 2
    assert factors.dtype == np.int64
    assert factors.index.names == ["group_a", "group_b"]


def test_sole_connectors_are_those_without_whom_no_regular_tie_is_left() -> None:
    graph = institute()
    group = nx.get_node_attributes(graph, "department")
    cross: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for a, b in graph.edges:
        if group[a] != group[b]:
            cross.setdefault(tuple(sorted((group[a], group[b]))), []).append((a, b))
    expected = {
        (*pair, person)
        for pair, ties in cross.items()
        for person in set(ties[0])
        if all(person in tie for tie in ties)
    }

    table = sole_connectors(graph, by="department")

    assert len(table) == len(expected) > 0
    assert set(table.itertuples(index=False, name=None)) == expected
    factors = bus_factor(graph, by="department")
    pairs = pd.MultiIndex.from_frame(table[["group_a", "group_b"]].drop_duplicates())
    assert set(pairs) == set(factors.index[factors == 1])


def test_only_regular_ties_keep_departments_in_touch() -> None:
    rows = [("a", "x", week) for week in WEEKS] + [("b", "y", WEEKS[0])]
    network = network_of(rows, {"a": "L", "b": "L", "x": "R", "y": "R", "z": "Z"})

    factors = bus_factor(network, by="department")

    assert factors.to_dict() == {("L", "R"): 1, ("L", "Z"): 0, ("R", "Z"): 0}
    assert sole_connectors(network, by="department")["person"].tolist() == ["a", "x"]


def test_a_star_has_its_centre_as_sole_connector() -> None:
    rows = [("hub", "x"), ("hub", "y"), ("a", "hub")]
    network = network_of(rows, {"a": "L", "hub": "L", "x": "R", "y": "R"})

    assert sole_connectors(network, by="department").to_numpy().tolist() == [["L", "R", "hub"]]


# ---------------------------------------------------------------- load


@pytest.mark.parametrize("seed", range(3))
def test_hhi_is_the_sum_of_squared_shares(seed: int) -> None:
    graph = random_graph(seed)
    group = nx.get_node_attributes(graph, "department")

    values = bridging_hhi(graph, by="department")

    for (g, h), value in values.items():
        shares = [
            sum(graph[v][u]["strength"] for u in graph[v] if group[u] == h)
            for v in graph
            if group[v] == g
        ]
        assert value == pytest.approx(np.square(shares).sum() / sum(shares) ** 2, rel=1e-9)
    assert values.index.equals(
        pd.MultiIndex.from_frame(pair_dependency(graph, by="department")[["group_a", "group_b"]])
    )


@pytest.mark.parametrize("seed", range(3))
def test_load_shares_agree_with_a_count_by_hand_and_add_up_to_one(seed: int) -> None:
    graph = random_graph(seed)
    group = nx.get_node_attributes(graph, "department")
    load = {
        v: sum(graph[v][u]["strength"] for u in graph[v] if group[u] != group[v]) for v in graph
    }

    shares = cross_load_share(graph, by="department")

    np.testing.assert_allclose(shares, np.array(list(load.values())) / sum(load.values()))
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)


def test_concentration_agrees_with_the_definition_of_the_gini_coefficient() -> None:
    graph = random_graph(3)
    shares = cross_load_share(graph, by="department").to_numpy()

    values = cross_load_concentration(graph, by="department", top=0.1)

    differences = np.abs(np.subtract.outer(shares, shares)).sum()
    assert values["gini"] == pytest.approx(differences / (2 * len(shares)), abs=1e-12)
    assert values["top_share"] == pytest.approx(np.sort(shares)[-4:].sum(), abs=1e-12)


def test_where_all_carry_alike_nothing_is_concentrated() -> None:
    graph = nx.complete_bipartite_graph(4, 4)
    nx.set_node_attributes(graph, {v: "LR"[v // 4] for v in graph}, "department")

    values = cross_load_concentration(graph, by="department", top=1.0)

    assert values.to_dict() == {"top_share": 1.0, "gini": 0.0}


@pytest.mark.parametrize("top", [0.0, -0.1, 1.5])
def test_a_top_that_is_no_share_is_refused(top: float) -> None:
    with pytest.raises(UsageError, match="expected a share of people above 0 and up to 1"):
        cross_load_concentration(barbell(), by="department", top=top)


# ---------------------------------------------------------------- cut points


@pytest.mark.parametrize("seed", range(8))
def test_cut_points_and_their_impact_agree_with_networkx_on_graphs_in_several_parts(
    seed: int,
) -> None:
    graph = nx.gnm_random_graph(60, 65, seed=seed)

    impact = articulation_points(graph)

    assert impact.to_dict() == impact_by_hand(graph)
    order = [str(v) for v in graph]
    assert impact.index.tolist() == [v for v in order if v in set(impact.index)]
    assert impact.name == "isolation_impact"
    assert impact.index.name == "person"


@pytest.mark.parametrize(
    "graph",
    [nx.path_graph(9), nx.star_graph(6), nx.balanced_tree(3, 3), nx.barbell_graph(5, 2)],
    ids=["chain", "star", "tree", "barbell"],
)
def test_cut_points_of_known_shapes_have_the_right_impact(graph: nx.Graph) -> None:
    assert articulation_points(graph).to_dict() == impact_by_hand(graph)


def test_cut_points_of_a_real_institute_agree_with_networkx() -> None:
    graph = institute()

    assert articulation_points(graph).to_dict() == impact_by_hand(graph)


def test_a_circle_has_neither_cut_points_nor_bridges() -> None:
    circle = nx.cycle_graph(5)

    assert articulation_points(circle).empty
    assert articulation_points(circle).attrs == {}
    assert bridges(circle).empty


@pytest.mark.parametrize("seed", range(4))
def test_bridges_agree_with_networkx(seed: int) -> None:
    graph = nx.gnm_random_graph(50, 55, seed=seed)

    found = bridges(graph)

    expected = sorted(tuple(sorted(edge)) for edge in nx.bridges(graph))
    assert [(int(a), int(b)) for a, b in found.itertuples(index=False)] == expected


def test_only_regular_ties_hold_the_network_together() -> None:
    rows = [(a, b, week) for a, b in ("ab", "bc") for week in WEEKS] + [("a", "c", WEEKS[0])]
    network = network_of(rows, dict.fromkeys("abc", "L"))

    assert articulation_points(network).to_dict() == {"b": 1.0}
    assert bridges(network).to_numpy().tolist() == [["a", "b"], ["b", "c"]]


# ---------------------------------------------------------------- bad shapes


@pytest.mark.parametrize(
    ("people", "rows", "reason"),
    [
        ({}, [], "single_group"),
        ({"a": "L"}, [], "single_group"),
        ({"a": "L", "b": "L"}, [("a", "b")], "single_group"),
        ({"a": None, "b": None}, [("a", "b")], "single_group"),
        ({"a": "L", "b": "R", "c": "R"}, [("b", "c")], "no_ties"),
        ({"a": "L", "b": "R"}, [], "no_ties"),
    ],
    ids=["no people", "one person", "one department", "all unknown", "no cross tie", "isolated"],
)
def test_where_nothing_is_defined_the_reason_is_given(
    people: dict[str, str | None], rows: list[tuple[str, ...]], reason: str
) -> None:
    network = network_of(rows, people)

    table = pair_dependency(network, by="department")
    hhi = bridging_hhi(network, by="department")
    load = cross_load_share(network, by="department")
    concentration = cross_load_concentration(network, by="department")

    assert [r.attrs["reason"] for r in (table, hhi, load, concentration)] == [reason] * 4
    assert table.empty
    assert list(table.columns) == COLUMNS
    assert hhi.empty
    assert hhi.index.names == ["group_a", "group_b"]
    assert load.isna().all()
    assert len(load) == len(people)
    assert concentration.isna().all()


def test_empty_tables_have_the_types_of_full_ones() -> None:
    empty = network_of([], {"a": "L", "b": "R"})

    for measure in (pair_dependency, sole_connectors):
        full = measure(barbell(), by="department")
        assert measure(empty, by="department").dtypes.to_dict() == full.dtypes.to_dict()
    assert bridges(empty).dtypes.to_dict() == bridges(barbell()).dtypes.to_dict()
    assert articulation_points(empty).dtype == float
    assert bus_factor(empty, by="department").dtype == np.int64


def test_with_one_department_there_is_no_pair() -> None:
    network = network_of([("a", "b")], {"a": "L", "b": "L"})

    assert bus_factor(network, by="department").empty
    assert bus_factor(network, by="department").attrs["reason"] == "single_group"
    assert sole_connectors(network, by="department").attrs["reason"] == "single_group"


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_there_is_nothing_to_cut(people: int) -> None:
    graph = nx.empty_graph(people)

    assert articulation_points(graph).empty
    assert articulation_points(graph).attrs["reason"] == "no_ties"
    assert bridges(graph).attrs["reason"] == "no_ties"


def test_people_of_unknown_department_and_their_ties_leave() -> None:
    rows = [("a", "x"), ("a", "who"), ("who", "x"), ("b", "who")]
    people = {"a": "L", "b": "L", "who": None, "x": "R", "absent": "R"}
    network = network_of(rows, people, observed=[True, True, True, True, False])

    table = pair_dependency(network, by="department")
    load = cross_load_share(network, by="department")

    assert table["ties"].tolist() == [1, 1]
    # b's tie with somebody of unknown department is nobody's cross-department tie.
    assert table["p"].tolist() == [1.0, 1.0]
    assert load.isna().tolist() == [False, False, True, False, True]
    assert bus_factor(network, by="department").to_dict() == {("L", "R"): 1}


def test_igraph_and_directed_input_give_the_same() -> None:
    graph = random_graph(4)
    directed = nx.DiGraph()
    directed.add_nodes_from(graph.nodes(data=True))
    directed.add_edges_from((b, a, data) for a, b, data in graph.edges(data=True))
    as_igraph = ig.Graph.from_networkx(graph, vertex_attr_hashable="name")

    table = pair_dependency(graph, by="department")

    pd.testing.assert_frame_equal(pair_dependency(directed, by="department"), table)
    pd.testing.assert_frame_equal(pair_dependency(as_igraph, by="department"), table)
    pd.testing.assert_series_equal(articulation_points(as_igraph), articulation_points(graph))


def test_an_unknown_column_is_named() -> None:
    network = network_of([("a", "b")], {"a": "L", "b": "R"})

    with pytest.raises(UnknownColumnError, match="Did you mean 'department'"):
        pair_dependency(network, by="departement")


def holding(seed: int, people: int) -> tuple[CrossContact, tuple[np.ndarray, ...]]:
    """Who of three groups holds how many ties with which other group, and every such pair."""
    rng = np.random.default_rng(seed)
    k = 3
    codes = np.sort(np.r_[np.arange(k), rng.integers(0, k, people - k)])
    ties = rng.negative_binomial(0.4, 0.15, (people, k))
    ties[np.arange(people), codes] = 0
    person, other = np.nonzero(ties)
    network = network_of_codes(codes)
    contact = CrossContact(
        groups=network.groups("department"),
        person=person,
        cell=codes[person] * k + other,
        strength=ties[person, other].astype(float),
        ties=ties[person, other].astype(float),
        reason=None,
    )
    total = np.bincount(contact.cell, contact.ties, k * k).astype(np.int64)
    most = np.zeros(k * k)
    np.maximum.at(most, contact.cell, contact.ties)
    cells = np.flatnonzero(total)
    return contact, (cells // k, cells % k, total[cells], most[cells])


def network_of_codes(codes: np.ndarray) -> Network:
    people = pd.DataFrame({"person": range(len(codes)), "department": [f"g{c}" for c in codes]})
    return Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), people=st.integers(6, 40))
def test_counting_colleagues_gives_the_chance_that_listing_them_does(
    seed: int, people: int
) -> None:
    contact, pairs = holding(seed, people)

    ours = chance_of_holding(contact, *pairs, "mean")

    codes = contact.groups.codes
    ties = np.zeros((people, 3))
    ties[contact.person, contact.cell % 3] = contact.ties
    for a, b, total, most, p in zip(*pairs, ours, strict=True):
        own = ties[codes == a]
        elsewhere = own.sum(axis=1) - own[:, b]
        weight = elsewhere + elsewhere.mean() + 0.5
        tail = binom.sf(most - 1, total, weight / weight.sum())
        assert p == pytest.approx(min(1.0, tail.sum()), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), people=st.integers(6, 60), up_to=st.floats(0.001, 0.9))
def test_a_chance_is_left_out_only_where_it_is_above_the_limit(
    seed: int, people: int, up_to: float
) -> None:
    contact, pairs = holding(seed, people)
    exact = chance_of_holding(contact, *pairs, "moments")

    quick = chance_of_holding(contact, *pairs, "moments", up_to=up_to)

    left_out = quick != exact
    assert (quick[left_out] == 1).all()
    assert (exact[left_out] > up_to).all()
