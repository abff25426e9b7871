"""Modularity beside that of random networks with the same ties a person."""

import igraph as ig
import networkx as nx
import numpy as np
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.errors import UsageError
from orgnet.measures.communities import communities, modularity
from orgnet.measures.modularity_null import formal_share_of_modularity, modularity_null
from orgnet.measures.segregation import modularity_formal
from orgnet.network import Network


def planted(seed=0, inside=0.5, across=0.02):
    graph = nx.planted_partition_graph(4, 15, inside, across, seed=seed)
    nx.set_node_attributes(graph, {p: "ABCD"[p // 15] for p in graph}, "department")
    return graph


def test_planted_departments_are_far_above_random_networks():
    table = modularity_null(planted(), by="department")
    assert table.index.tolist() == [0.5, 1.0, 2.0, 4.0]
    assert table.loc[1.0, "communities"] == 4
    assert table.loc[1.0, "z"] > 5
    assert table.loc[1.0, "formal_share"] == pytest.approx(1.0)
    assert (table["detected"] >= table["detected_mean"] - 1e-12).all()


def test_a_random_network_has_communities_but_none_above_chance():
    graph = nx.gnm_random_graph(120, 360, seed=4)
    nx.set_node_attributes(graph, {p: "ABCD"[p % 4] for p in graph}, "department")
    row = modularity_null(graph, by="department", resolutions=[1.0]).loc[1.0]
    assert row["detected"] > 0.35
    assert abs(row["z"]) < 4
    assert abs(row["formal_share"]) < 0.2


def test_columns_agree_with_the_measures_they_are_named_after():
    graph = planted(seed=1)
    labels = communities(graph)
    row = modularity_null(graph, by="department", draws=3, resolutions=[1.0]).loc[1.0]
    assert row["formal"] == pytest.approx(modularity_formal(graph, by="department"))
    assert row["detected"] == pytest.approx(modularity(graph, labels), abs=1e-9)
    assert row["difference"] == pytest.approx(row["detected_mean"] - row["null_mean"])
    assert row["z"] == pytest.approx(row["difference"] / row["null_sd"])
    share = formal_share_of_modularity(graph, by="department")
    assert share == pytest.approx(row["formal"] / row["detected"], abs=1e-9)


def test_expected_and_seen_of_the_random_networks_are_those_of_igraphs_rewiring():
    graph = planted(seed=2, inside=0.4, across=0.1)
    row = modularity_null(graph, by="department", draws=30, resolutions=[1.0]).loc[1.0]
    values = []
    for _ in range(30):
        other = ig.Graph.from_networkx(graph)
        other.rewire(n=10 * other.ecount())
        values.append(
            other.community_leiden(objective_function="modularity", n_iterations=-1).modularity
        )
    assert row["null_mean"] == pytest.approx(np.mean(values), abs=5 * np.std(values) / np.sqrt(15))


def test_the_result_depends_on_the_seed_and_not_on_the_order_of_people():
    ties, people = random_ties(40, 3, seed=1, per_person=4)
    network = Network.from_ties(ties, people)
    options = {"by": "department", "draws": 3, "resolutions": [1.0]}
    one = modularity_null(network, **options)
    assert one.equals(modularity_null(network, **options))
    assert not one.equals(modularity_null(network, seed=1, **options))
    moved = people.sample(frac=1, random_state=1)
    again = modularity_null(Network.from_ties(ties, moved), **options)
    assert again.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-12)
    renamed = modularity_null(relabelled(ties, people, 2), **options)
    assert renamed["formal"].tolist() == pytest.approx(one["formal"].tolist())


def test_a_network_that_cannot_be_rewired_has_no_z():
    star = network_of([(0, i) for i in range(1, 6)], list("AABBCC"))
    row = modularity_null(star, by="department", draws=4, resolutions=[1.0]).loc[1.0]
    assert row["null_sd"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(row["z"])


@pytest.mark.parametrize("case", unmeasurable())
def test_where_nothing_is_defined_the_reason_is_given(case):
    network, reason = unmeasurable()[case]
    table = modularity_null(network, by="department")
    assert table.attrs["reason"] == reason
    assert table.isna().all(axis=None)
    assert len(table) == 4
    assert np.isnan(formal_share_of_modularity(network, by="department"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 1}, "draws is 1, expected at least 2"),
        ({"resolutions": [1, 0]}, "a resolution is 0, expected numbers above 0"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        modularity_null(barbell(), by="department", **options)


def test_people_of_unknown_department_take_no_part():
    network = network_of([(0, 1), (2, 3), (1, 2), (4, 0), (4, 1)], ["A", "A", "B", "B", None])
    known = network_of([(0, 1), (2, 3), (1, 2)], list("AABB"))
    share = formal_share_of_modularity(network, by="department")
    assert share == formal_share_of_modularity(known, by="department")
