"""The matrix of group pairs, the test for weak links and contacts a person."""

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from measures.organisations import (
    barbell,
    barbell_graph,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.measures.weak_links import contacts_per_person, group_matrix, weak_links
from orgnet.network import Network
from orgnet.statistics.multiple_testing import benjamini_hochberg
from support import shared

COLUMNS = [
    "group_a", "group_b", "ties", "expected", "ratio", "z", "p", "q", "density", "strength",
]  # fmt: skip

# Ties between the departments A, B, C and D as in measures.md, section 14.
PUBLISHED = {"AB": (10, 8.6296), "AC": (6, 4.6852), "AD": (4, 6.6852)} | {
    "BC": (2, 4.6852),
    "BD": (8, 6.6852),
    "CD": (5, 3.6296),
}


def blocks(counts, size=10, extra=()):
    """Departments of `size` people with so many ties between each two of them."""
    names = sorted({name for pair in counts for name in pair} | set(extra))
    ties = []
    for (a, b), count in counts.items():
        for tie in range(count):
            i, j = tie % size, (tie + tie // size) % size
            ties.append((names.index(a) * size + i, names.index(b) * size + j))
    return network_of(ties, [name for name in names for _ in range(size)])


def published():
    return blocks({pair: ties for pair, (ties, _) in PUBLISHED.items()})


def even(k, ties, weak):
    """Equal ties between all of k departments but the first two."""
    names = "ABCDEFGHIJ"[:k]
    counts = {a + b: ties for i, a in enumerate(names) for b in names[i + 1 :]}
    return blocks(counts | {"AB": weak})


def cross(matrix):
    return matrix[matrix["group_a"] != matrix["group_b"]]


def test_expectations_are_the_published_ones():
    table = cross(group_matrix(published(), by="department"))
    found = {a + b: (t, e) for a, b, t, e in table.iloc[:, :4].itertuples(index=False)}
    assert found.keys() == PUBLISHED.keys()
    for pair, (ties, expected) in PUBLISHED.items():
        assert found[pair] == (ties, pytest.approx(expected, abs=5e-5))


def test_z_and_p_follow_from_the_published_residuals():
    table = cross(group_matrix(published(), by="department"))
    residual = np.array([1.0115, 0.9352, -2.1564, -2.2532, 0.9466, 0.9805])
    tested = table["expected"].to_numpy() >= 5
    dispersion = max(1, (np.median(np.abs(residual)) / 0.6745) ** 2)
    assert table.attrs["overdispersion"] == pytest.approx(dispersion, rel=1e-3)
    assert table["z"].to_numpy() == pytest.approx(residual / np.sqrt(dispersion), rel=1e-3)
    assert table["p"].notna().tolist() == tested.tolist()
    assert table["p"][tested].to_numpy() == pytest.approx(norm.cdf(table["z"][tested]))
    assert np.array_equal(table["q"], benjamini_hochberg(table["p"]), equal_nan=True)


def test_columns_types_and_order_are_those_of_the_contract():
    table = group_matrix(random_network(k=4), by="department")
    assert table.columns.tolist() == COLUMNS
    assert table["ties"].dtype == np.int64
    assert set(table.dtypes.iloc[3:]) == {np.dtype(float)}
    assert len(table) == 4 * 5 / 2
    assert (table["group_a"] <= table["group_b"]).all()
    assert table[["group_a", "group_b"]].apply(tuple, axis=1).is_monotonic_increasing


def test_no_people_give_an_empty_table_with_columns_and_types():
    table = group_matrix(network_of([], []), by="department")
    assert table.columns.tolist() == COLUMNS
    assert len(table) == 0
    assert table["ties"].dtype == np.int64
    weak = weak_links(network_of([], []), by="department")
    assert weak.columns.tolist() == [*COLUMNS, "low", "high"]


def test_barbell_has_the_ties_and_densities_counted_by_hand():
    table = group_matrix(barbell(), by="department")
    assert table["ties"].tolist() == [3, 1, 3]
    assert table["density"].tolist() == [1.0, 1 / 9, 1.0]
    assert table["strength"].tolist() == [3.0, 1.0, 3.0]
    assert table.attrs["reason"] == "fewer_than_four_groups"


@pytest.mark.parametrize("seed", range(3))
def test_ties_strength_and_density_agree_with_a_count_by_networkx(seed):
    ties, people = random_ties(50, 5, seed=seed)
    table = group_matrix(Network.from_ties(ties, people), by="department")
    department = people.set_index("person")["department"]
    graph = nx.Graph()
    for sender, recipient, strength in ties.itertuples(index=False):
        old = graph.get_edge_data(sender, recipient, {"strength": 0.0})["strength"]
        graph.add_edge(sender, recipient, strength=old + strength)
    for row in table.itertuples(index=False):
        wanted = {row.group_a, row.group_b}
        inside = [
            data["strength"]
            for a, b, data in graph.edges(data=True)
            if {department[a], department[b]} == wanted
        ]
        n_a, n_b = ((department == name).sum() for name in (row.group_a, row.group_b))
        possible = n_a * (n_a - 1) / 2 if row.group_a == row.group_b else n_a * n_b
        assert row.ties == len(inside)
        assert row.strength == sum(inside)
        assert row.density == pytest.approx(len(inside) / possible)


def test_ties_on_real_mail_agree_with_igraph():
    folder = shared("data/email-eu-core")
    people = pd.read_csv(folder / "departments.csv").rename(columns={"id": "person"})
    edges = pd.read_csv(folder / "edges.csv")
    network = Network.from_ties(edges.rename(columns={"from": "sender", "to": "recipient"}), people)
    graph = ig.Graph(n=len(people), edges=edges.to_numpy().tolist()).simplify()
    codes, names = pd.factorize(people["department"].astype(str), sort=True)
    graph.contract_vertices(codes.tolist())
    graph.es["ties"] = 1
    graph = graph.simplify(loops=False, combine_edges="sum")
    counts = np.zeros((len(names), len(names)))
    for edge in graph.es:
        counts[edge.source, edge.target] = edge["ties"]
    table = group_matrix(network, by="department")
    a, b = (names.get_indexer(table[column]) for column in ("group_a", "group_b"))
    assert table["ties"].tolist() == np.maximum(counts[a, b], counts[b, a]).tolist()
    margins = cross(table).groupby("group_a")[["ties", "expected"]].sum()
    margins = margins.add(cross(table).groupby("group_b")[["ties", "expected"]].sum(), fill_value=0)
    assert margins["expected"].to_numpy() == pytest.approx(margins["ties"].to_numpy(), rel=1e-9)


def test_rows_of_a_group_with_itself_expect_nothing():
    table = group_matrix(published(), by="department")
    inside = table[table["group_a"] == table["group_b"]]
    assert inside[["expected", "ratio", "z", "p", "q"]].isna().all(axis=None)


def test_three_departments_are_saturated_and_have_no_test():
    table = group_matrix(blocks({"AB": 30, "AC": 20, "BC": 10}), by="department")
    assert cross(table)["expected"].tolist() == [30, 20, 10]
    assert cross(table)["ratio"].tolist() == [1, 1, 1]
    assert table[["z", "p", "q"]].isna().all(axis=None)
    assert table.attrs["reason"] == "fewer_than_four_groups"


def test_a_department_without_cross_ties_is_named_and_not_modelled():
    counts = {pair: ties for pair, (ties, _) in PUBLISHED.items()}
    table = group_matrix(blocks(counts, extra="E"), by="department")
    assert table.attrs["isolated_groups"] == ["E"]
    assert "reason" not in table.attrs
    with_e = table[(table["group_a"] == "E") | (table["group_b"] == "E")]
    assert with_e["ties"].tolist() == [0] * 5
    assert with_e[["expected", "ratio", "z", "p", "q"]].isna().all(axis=None)
    assert with_e["density"].tolist() == [0.0] * 5
    rest = table.drop(with_e.index).reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, group_matrix(published(), by="department"))


def test_a_hub_is_named_and_nothing_is_expected():
    table = group_matrix(blocks({"AB": 9, "AC": 8, "AD": 7, "AE": 9}), by="department")
    assert table.attrs["hubs"] == ["A"]
    assert table.attrs["isolated_groups"] == []
    assert table.attrs["reason"] == "fewer_than_four_groups"
    assert table["expected"].isna().all()
    assert len(weak_links(blocks({"AB": 9, "AC": 8, "AD": 7, "AE": 9}), by="department")) == 0


def test_departments_of_one_have_no_internal_density():
    table = group_matrix(network_of([(0, 1), (1, 2)], list("ABB")), by="department")
    inside = table.set_index(["group_a", "group_b"])["density"]
    assert np.isnan(inside["A", "A"])
    assert inside["A", "B"] == 0.5


@pytest.mark.parametrize("case", unmeasurable())
def test_where_nothing_can_be_tested_the_reason_is_given(case):
    network, reason = unmeasurable()[case]
    table = group_matrix(network, by="department")
    assert table.attrs["reason"] == reason
    assert table[["expected", "ratio", "z", "p", "q"]].isna().all(axis=None)
    weak = weak_links(network, by="department")
    assert len(weak) == 0
    assert weak.columns.tolist() == [*COLUMNS, "low", "high"]


def test_a_pair_with_far_too_few_ties_is_the_only_weak_link():
    weak = weak_links(even(8, ties=30, weak=4), by="department")
    assert weak[["group_a", "group_b", "ties"]].to_numpy().tolist() == [["A", "B", 4]]
    row = weak.iloc[0]
    assert row["low"] < row["ratio"] < row["high"] < 0.5
    assert row["q"] < 0.01


def test_even_contact_has_no_weak_link():
    assert len(weak_links(even(8, ties=30, weak=30), by="department")) == 0


def test_few_expected_ties_are_no_weak_link_whatever_is_found():
    table = group_matrix(even(8, ties=4, weak=0), by="department")
    assert table["p"].isna().all()
    assert len(weak_links(even(8, ties=4, weak=0), by="department")) == 0


def test_both_limits_can_be_moved():
    network = even(8, ties=30, weak=14)
    assert len(weak_links(network, by="department", ratio=0.5)) == 0
    assert len(weak_links(network, by="department", ratio=0.8, q=0.3)) == 1
    assert len(weak_links(network, by="department", ratio=0.8, q=1e-9)) == 0


def test_random_contact_seldom_has_a_weak_link():
    alarms = [
        len(weak_links(random_network(120, 8, seed, cohesion=0.0), by="department")) > 0
        for seed in range(40)
    ]
    assert sum(alarms) <= 6


def test_strengths_do_not_change_the_test():
    ties, people = random_ties(80, 6, seed=2)
    heavy = ties.assign(strength=ties["strength"] ** 3)
    columns = ["ties", "expected", "ratio", "z", "p", "q", "density"]
    pd.testing.assert_frame_equal(
        group_matrix(Network.from_ties(ties, people), by="department")[columns],
        group_matrix(Network.from_ties(heavy, people), by="department")[columns],
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_relabelling_and_row_order_change_nothing(seed):
    ties, people = random_ties(40, 5, seed=seed % 40)
    before = group_matrix(Network.from_ties(ties, people), by="department")
    after = group_matrix(relabelled(ties, people, seed), by="department")
    pd.testing.assert_frame_equal(before, after)


def test_people_of_unknown_department_and_unobserved_people_change_nothing():
    ties, people = random_ties(40, 5, seed=1)
    lost = pd.DataFrame(
        {
            "person": ["x", "y"],
            "department": [None, "D00"],
            "observed": [True, False],
        }
    )
    people = people.assign(observed=True)
    more = pd.concat([ties, pd.DataFrame([("x", 1, 5.0), (2, "x", 1.0)], columns=ties.columns)])
    pd.testing.assert_frame_equal(
        group_matrix(Network.from_ties(ties, people), by="department"),
        group_matrix(Network.from_ties(more, pd.concat([people, lost])), by="department"),
    )


def test_networkx_and_igraph_graphs_give_the_same_as_a_network():
    graph = barbell_graph()
    expected = group_matrix(barbell(), by="department")
    pd.testing.assert_frame_equal(group_matrix(graph, by="department"), expected)
    same = ig.Graph.from_networkx(graph)
    pd.testing.assert_frame_equal(group_matrix(same, by="department"), expected)


def test_contacts_per_person_are_ends_of_ties_over_people():
    network = network_of([(0, 1), (0, 2), (0, 3), (1, 2)], list("ABBB"))
    table = contacts_per_person(network, by="department")
    assert table.loc["A"].tolist() == [0.0, 3.0]
    assert table.loc["B"].tolist() == [1.0, 2 / 3]


def test_contacts_per_person_add_up_to_the_mean_degree():
    network = random_network(40, 4, seed=5)
    degree = pd.Series(np.diff(network.symmetric_strength.indptr), index=network.index)
    mean = degree.groupby(network.people["department"]).mean()
    total = contacts_per_person(network, by="department").sum(axis=1)
    assert total.to_dict() == pytest.approx(mean.to_dict())
