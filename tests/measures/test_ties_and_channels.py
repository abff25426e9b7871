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
)
from orgnet.errors import UsageError
from orgnet.measures.channels import channel_comparison
from orgnet.measures.closure import closure_brokerage
from orgnet.measures.communities import modularity
from orgnet.measures.community_stability import community_stability
from orgnet.measures.reciprocal_ties import reciprocal_ties
from orgnet.measures.silos import external_share
from orgnet.measures.structural_holes import constraint
from orgnet.network import Network

# ---------------------------------------------------------------- reciprocal ties


@pytest.mark.parametrize(
    ("rule", "strength"),
    [
        ("reciprocated", lambda a, b: 1.0),
        ("min_each_way", min),
        ("geometric", lambda a, b: (a * b) ** 0.5),
        ("harmonic", lambda a, b: 2 * a * b / (a + b)),
    ],
)
def test_each_rule_agrees_with_a_walk_over_the_ties(rule: str, strength: object) -> None:
    network = random_network(30, 3, 1)
    graph = network.to_networkx()
    there = {(a, b): s for a, b, s in graph.edges(data="strength")}
    place = {person: i for i, person in enumerate(network.index)}
    expected = {
        (a, b): strength(s, there[b, a])  # type: ignore[operator]
        for (a, b), s in there.items()
        if (b, a) in there and place[a] < place[b]
    }

    table = reciprocal_ties(network, rule=rule, minimum=1)

    found = {(row.person_a, row.person_b): row.strength for row in table.itertuples()}
    assert found == pytest.approx(expected, abs=1e-12)
    assert len(found) > 5


def test_the_lesser_way_must_reach_the_minimum() -> None:
    network = network_of([(0, 1, 9), (1, 0, 4), (0, 2, 5), (2, 0, 6)], list("AAA"), directed=True)

    table = reciprocal_ties(network, rule="min_each_way")

    assert table.to_numpy().tolist() == [["0", "2", 5.0]]


def test_without_directions_or_ties_there_are_no_rows() -> None:
    undirected = reciprocal_ties(barbell())
    nobody = reciprocal_ties(nx.DiGraph())

    assert undirected.empty and nobody.empty
    assert undirected.attrs["reason"] == "undirected"
    assert nobody["strength"].dtype == float


def test_a_wrong_rule_or_minimum_is_refused() -> None:
    with pytest.raises(UsageError, match=r"rule is 'harmonics'.* Did you mean 'harmonic'"):
        reciprocal_ties(nx.DiGraph(), rule="harmonics")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="minimum is 0, expected a strength above 0"):
        reciprocal_ties(nx.DiGraph(), minimum=0)


# ---------------------------------------------------------------- stability


def test_a_ring_of_cliques_is_found_at_a_fine_resolution_only() -> None:
    graph = nx.ring_of_cliques(30, 5)

    table = community_stability(graph, resolutions=[1.0, 4.0], runs=4)

    # The resolution limit of Fortunato and Barthélemy (2007): 18 communities at most at 1.
    assert table.loc[1.0, "communities"] < 20
    assert table.loc[4.0].tolist() == pytest.approx(
        [
            30.0,
            modularity(graph, pd.Series({str(i): i // 5 for i in range(150)}), resolution=4),
            1,
            1,
        ]
    )


def test_random_ties_have_communities_that_do_not_agree() -> None:
    table = community_stability(nx.gnm_random_graph(80, 200, seed=1), runs=5)

    assert table["stability"].max() < 0.9
    assert (table["lowest"] <= table["stability"]).all()
    assert table["communities"].is_monotonic_increasing


def test_order_does_not_matter_and_seeds_repeat() -> None:
    ties, people = random_ties(40, 4, 1)
    network = Network.from_ties(ties, people)
    moved = Network.from_ties(
        ties.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    )

    pd.testing.assert_frame_equal(
        community_stability(network, runs=3, seed=2), community_stability(moved, runs=3, seed=2)
    )


@pytest.mark.parametrize("people", [0, 1, 4])
def test_without_ties_there_is_nothing_to_find(people: int) -> None:
    table = community_stability(nx.empty_graph(people))

    assert table.isna().all(axis=None)
    assert table.index.tolist() == [0.5, 1.0, 2.0, 4.0]
    assert table.attrs["reason"] == "no_ties"


def test_one_run_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="runs is 1, expected at least 2 to compare"):
        community_stability(barbell(), runs=1)


# ---------------------------------------------------------------- channels


def test_each_channel_is_measured_alone() -> None:
    mail, chat = random_network(40, 4, 1), random_network(40, 4, 2, per_person=1)

    table = channel_comparison({"mail": mail, "chat": chat}, by="department")

    for name, network in (("mail", mail), ("chat", chat)):
        rows = table.loc[name]
        shares = external_share(network, by="department")
        assert rows["external_share"].tolist() == pytest.approx(shares.tolist(), nan_ok=True)
        weight = rows["relative_strength"] * rows["people"]
        assert weight.sum() / rows["people"].sum() == pytest.approx(1.0, abs=1e-12)
        degree = np.asarray(network.symmetric_strength.sum(axis=1)).ravel() > 0
        used = pd.Series(degree).groupby(network.people["department"].to_numpy()).mean()
        assert rows["active"].tolist() == pytest.approx(used.tolist(), abs=1e-12)
    assert (table["comparable"] == (table["active"] >= 0.7)).all()
    assert table.index.get_level_values("channel").unique().tolist() == ["chat", "mail"]


def test_a_channel_that_nobody_uses_has_no_share() -> None:
    table = channel_comparison({"chat": network_of([], list("AAB"))}, by="department")

    assert table["active"].tolist() == [0.0, 0.0]
    assert not table["comparable"].any()
    assert table[["external_share", "relative_strength"]].isna().all(axis=None)


def test_without_channels_or_people_columns_stay() -> None:
    nothing = channel_comparison({}, by="department")
    nobody = channel_comparison({"chat": network_of([], [])}, by="department")

    assert nothing.empty and nobody.empty
    assert nothing.columns.tolist() == nobody.columns.tolist()
    assert nothing.index.names == nobody.index.names == ["channel", "group"]


def test_a_share_beyond_1_is_refused() -> None:
    with pytest.raises(UsageError, match="minimum_active is 2, expected a share from 0 to 1"):
        channel_comparison({}, by="department", minimum_active=2)


# ---------------------------------------------------------------- closure


@pytest.mark.parametrize("seed", range(3))
def test_closure_and_constraint_are_means_of_the_people(seed: int) -> None:
    network = random_network(40, 4, seed)
    department = network.people["department"]
    inside = ig.Graph.TupleList(
        [
            (a, b, s)
            for a, b, s in network.to_networkx().to_undirected().edges(data="strength")
            if department[a] == department[b]
        ],
        edge_attrs=["weight"],
    )
    summed = network.symmetric_strength.toarray()
    place = {p: i for i, p in enumerate(network.index)}
    names = inside.vs["name"]
    inside.es["weight"] = [
        summed[place[names[e.source]], place[names[e.target]]] for e in inside.es
    ]
    local = pd.Series(inside.transitivity_local_undirected(weights="weight"), index=names)

    table = closure_brokerage(network, by="department")

    assert table["closure"].to_dict() == pytest.approx(
        local.groupby(department[local.index]).mean().to_dict(), abs=1e-9, nan_ok=True
    )
    assert table["constraint"].to_dict() == pytest.approx(
        constraint(network).groupby(department).mean().to_dict(), abs=1e-9
    )


def test_names_and_rows_do_not_matter_for_closure() -> None:
    ties, people = random_ties(40, 4, 1)

    pd.testing.assert_frame_equal(
        closure_brokerage(relabelled(ties, people, 1), by="department"),
        closure_brokerage(Network.from_ties(ties, people), by="department"),
    )


@pytest.mark.parametrize("departments", [[], ["A"], list("AAB")])
def test_without_ties_a_group_is_neither_close_nor_far_reaching(departments: list[str]) -> None:
    table = closure_brokerage(network_of([], departments), by="department")

    assert table[["closure", "constraint"]].isna().all(axis=None)
    assert table.attrs["reason"] == "no_ties"
