"""E-I index, external share, openness, conductance, Coleman's index and the department matrix."""

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.organisations import (
    BARBELL,
    barbell,
    barbell_graph,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
    weekly_ties,
)
from orgnet.errors import UnknownColumnError
from orgnet.measures.mixing import mixing, mixing_matrix
from orgnet.measures.silos import (
    coleman_homophily,
    conductance,
    ei_index,
    ei_index_expected,
    external_share,
    openness,
)
from orgnet.network import Network
from support import shared

BY_GROUP = [external_share, openness, conductance, coleman_homophily]
WHOLE = [ei_index]

# Worked by hand on the barbell; the same in measures.md, section 14.
PUBLISHED = {
    external_share: 1 / 7,
    openness: 5 / 21,
    conductance: 1 / 7,
    coleman_homophily: (6 - 2.8) / (7 - 2.8),
}


@pytest.mark.parametrize("measure", BY_GROUP)
def test_barbell_has_the_published_value_in_both_groups(measure):
    result = measure(barbell(), by="department")
    assert result.to_dict() == pytest.approx(dict.fromkeys("LR", PUBLISHED[measure]), abs=1e-12)
    assert result.index.name == "group"
    assert result.dtype == float


def test_barbell_ei_index_and_its_expectation_have_the_published_values():
    assert ei_index(barbell(), by="department") == pytest.approx(-5 / 7, abs=1e-12)
    assert ei_index_expected(barbell(), by="department") == pytest.approx(0.2, abs=1e-12)


def test_freeman_coleman_example_of_a_group_without_internal_contact_is_minus_one():
    network = network_of([(0, 2), (1, 3)], list("AABB"))
    assert coleman_homophily(network, by="department").tolist() == [-1.0, -1.0]


def test_mixing_matrix_counts_internal_pairs_twice_and_is_symmetric():
    network = network_of([(0, 1, 3.0), (1, 2, 2.0), (2, 0, 1.0)], list("AAB"), directed=True)
    matrix = mixing_matrix(network, by="department")
    assert matrix.to_numpy().tolist() == [[6.0, 3.0], [3.0, 0.0]]
    assert matrix.index.tolist() == matrix.columns.tolist() == ["A", "B"]


def test_mixing_agrees_with_brute_force_over_all_people():
    network = random_network(seed=3)
    strength = network.symmetric_strength.toarray()
    codes = network.groups("department").codes
    one_hot = np.eye(codes.max() + 1)[codes]
    assert np.allclose(mixing_matrix(network, by="department"), one_hot.T @ strength @ one_hot)
    ties = one_hot.T @ (strength > 0) @ one_hot
    ties[np.diag_indices_from(ties)] /= 2
    assert np.array_equal(mixing(network, "department").ties, ties)


@pytest.mark.parametrize("seed", range(4))
def test_conductance_agrees_with_networkx(seed):
    network = random_network(seed=seed)
    graph = nx.from_scipy_sparse_array(network.symmetric_strength)
    codes = network.groups("department").codes
    result = conductance(network, by="department")
    expected = [
        nx.conductance(graph, np.flatnonzero(codes == g), weight="weight") for g in range(5)
    ]
    assert result.tolist() == pytest.approx(expected, abs=1e-12)


def test_external_share_on_real_mail_agrees_with_counts_by_igraph():
    folder = shared("data/email-eu-core")
    people = pd.read_csv(folder / "departments.csv").rename(columns={"id": "person"})
    edges = pd.read_csv(folder / "edges.csv")
    network = Network.from_ties(edges.rename(columns={"from": "sender", "to": "recipient"}), people)
    graph = ig.Graph(n=len(people), edges=edges.to_numpy().tolist(), directed=True)
    graph = graph.simplify(multiple=False, loops=True)
    department = people.set_index("person")["department"].to_numpy()
    ends = np.array(graph.get_edgelist())
    inside = department[ends[:, 0]] == department[ends[:, 1]]
    volume = pd.Series(department[ends.ravel()]).value_counts()
    internal = 2 * pd.Series(department[ends[inside, 0]]).value_counts()
    share = (1 - internal.reindex(volume.index, fill_value=0) / volume).rename(index=str)
    result = external_share(network, by="department")
    assert network.dropped == {"self": 642}
    assert result.to_dict() == pytest.approx(share.to_dict(), abs=1e-12)
    assert ei_index(network, by="department") == pytest.approx(1 - 2 * inside.mean(), abs=1e-12)


@pytest.mark.parametrize("measure", BY_GROUP)
@pytest.mark.parametrize("case", unmeasurable())
def test_group_measure_is_undefined_with_the_reason(measure, case):
    network, reason = unmeasurable()[case]
    result = measure(network, by="department")
    assert result.isna().all()
    assert result.dtype == float
    assert result.attrs["reason"] == reason
    assert np.isnan(ei_index(network, by="department"))


@pytest.mark.parametrize("case", ["nobody", "one person", "one department", "nobody observed"])
def test_expected_ei_index_is_undefined_for_a_single_group(case):
    assert np.isnan(ei_index_expected(unmeasurable()[case][0], by="department"))


def test_expected_ei_index_needs_no_ties():
    assert ei_index_expected(network_of([], list("AABB")), by="department") == pytest.approx(1 / 3)


def test_group_without_a_tie_is_nan_and_the_others_are_not():
    network = network_of([*BARBELL], [*"LLLRRR", "Z", "Z"])
    for measure in BY_GROUP:
        result = measure(network, by="department")
        assert result.index[result.isna()].tolist() == ["Z"]
        assert "reason" not in result.attrs


def test_group_of_one_person_is_outward_by_construction_and_has_no_homophily():
    network = network_of([(0, 1), (1, 2), (2, 3)], list("ABBC"))
    assert external_share(network, by="department")["A"] == 1.0
    assert openness(network, by="department")["A"] == 1.0
    assert np.isnan(coleman_homophily(network, by="department")["A"])


def test_conductance_is_undefined_for_a_group_with_all_of_the_contact():
    network = network_of([(0, 1), (1, 2, 0.1), (0, 2, 0.2)], list("AAABB"))
    assert conductance(network, by="department").isna().all()


def test_two_parts_without_a_tie_between_are_closed():
    network = network_of([(0, 1), (2, 3)], list("AABB"))
    assert ei_index(network, by="department") == -1.0
    assert openness(network, by="department").tolist() == [0.0, 0.0]
    assert conductance(network, by="department").tolist() == [0.0, 0.0]
    assert coleman_homophily(network, by="department").tolist() == [1.0, 1.0]


@pytest.mark.parametrize("measure", BY_GROUP)
def test_people_of_unknown_department_and_their_ties_change_nothing(measure):
    ties, people = random_ties(40, 4, seed=1)
    lost = [{"person": "x", "department": None}, {"person": "y", "department": "unknown"}]
    more = pd.DataFrame([("x", 1, 50.0), (2, "y", 9.0), ("x", "y", 3.0)], columns=ties.columns)
    before = measure(Network.from_ties(ties, people), by="department")
    after = measure(
        Network.from_ties(pd.concat([ties, more]), pd.concat([people, pd.DataFrame(lost)])),
        by="department",
    )
    pd.testing.assert_series_equal(before, after)


@pytest.mark.parametrize("measure", BY_GROUP)
def test_unobserved_people_change_nothing(measure):
    seen = network_of([*BARBELL], list("LLLRRR"))
    more = network_of([*BARBELL], list("LLLRRRLL"), observed=[True] * 6 + [False] * 2)
    pd.testing.assert_series_equal(measure(seen, by="department"), measure(more, by="department"))


@pytest.mark.parametrize("measure", BY_GROUP)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.5, 3.0, 1000.0]))
@settings(max_examples=15, deadline=None)
def test_relabelling_row_order_and_scale_change_nothing(measure, seed, factor):
    ties, people = random_ties(25, 4, seed=seed % 50)
    before = measure(Network.from_ties(ties, people), by="department")
    ties = ties.assign(strength=ties["strength"] * factor)
    after = measure(relabelled(ties, people, seed), by="department")
    pd.testing.assert_series_equal(before, after)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_pooled_external_share_and_ei_index_say_the_same(seed):
    network = random_network(30, 3, seed=seed)
    mixed = mixing(network, "department")
    pooled = (external_share(network, by="department") * mixed.volume).sum() / mixed.total
    assert ei_index(network, by="department") == pytest.approx(2 * pooled - 1, abs=1e-12)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_ranges_hold(seed):
    network = random_network(30, 4, seed=seed, cohesion=0.8)
    assert -1 <= ei_index(network, by="department") <= 1
    for measure, low, high in (
        (external_share, 0, 1),
        (conductance, 0, 1),
        (coleman_homophily, -1, 1),
        (openness, 0, np.inf),
    ):
        values = measure(network, by="department").dropna()
        assert values.between(low, high).all()


def test_expected_ei_index_is_the_mean_over_all_labellings():
    network = network_of([(0, 1, 5.0), (1, 2), (3, 4, 2.0), (0, 4)], list("AABBC"))
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(4000):
        people = network.people.assign(department=rng.permutation(network.people["department"]))
        draws.append(ei_index(Network(people=people, pairs=network.pairs), by="department"))
    expected = ei_index_expected(network, by="department")
    assert np.mean(draws) == pytest.approx(expected, abs=4 * np.std(draws) / np.sqrt(4000))


@pytest.mark.parametrize("measure", BY_GROUP)
def test_networkx_and_igraph_graphs_give_the_same_as_a_network(measure):
    graph = barbell_graph()
    same = ig.Graph.from_networkx(graph)
    expected = measure(barbell(), by="department")
    pd.testing.assert_series_equal(measure(graph, by="department"), expected)
    pd.testing.assert_series_equal(measure(same, by="department"), expected)


def test_directed_strengths_are_added_in_dated_networks():
    ties, people = weekly_ties(30, 3, seed=2)
    network = Network.from_ties(ties, people)
    distinct = ties.assign(inside=0).drop_duplicates(["sender", "recipient", "week"])
    department = people["department"]
    inside = (
        department[distinct["sender"]].to_numpy() == department[distinct["recipient"]].to_numpy()
    )
    assert ei_index(network, by="department") == pytest.approx(1 - 2 * inside.mean(), abs=1e-12)


def test_unknown_column_is_named_with_those_there_are():
    with pytest.raises(UnknownColumnError, match=r"no column 'departmant'.*Did you mean"):
        openness(barbell(), by="departmant")


def test_input_is_left_as_it_was():
    graph = barbell_graph()
    before = nx.to_dict_of_dicts(graph), dict(graph.nodes(data=True))
    for measure in BY_GROUP:
        measure(graph, by="department")
    assert (nx.to_dict_of_dicts(graph), dict(graph.nodes(data=True))) == before
