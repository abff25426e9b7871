"""Freeman, Newman, Gupta-Anderson-May, Echenique-Fryer and Guimerà-Amaral."""

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from measures.organisations import (
    BARBELL,
    barbell,
    barbell_graph,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.measures.group_depth import participation_coefficient, spectral_segregation_index
from orgnet.measures.segregation import (
    assortativity,
    freeman_segregation,
    gupta_anderson_may,
    modularity_formal,
)
from orgnet.measures.silos import external_share, openness
from orgnet.network import Network
from support import shared

WHOLE = [freeman_segregation, assortativity, gupta_anderson_may, modularity_formal]
BY_PERSON = [spectral_segregation_index, participation_coefficient]


def codes_of(network):
    return network.groups("department").codes


# ---------------------------------------------------------------- published values


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (freeman_segregation, 1 - 1 / 4.2),
        (assortativity, 5 / 7),
        (gupta_anderson_may, 5 / 7),
        (modularity_formal, 5 / 14),
    ],
)
def test_barbell_has_the_published_value(measure, value):
    assert measure(barbell(), by="department") == pytest.approx(value, abs=1e-12)


def test_barbell_has_the_published_spectral_segregation():
    values = spectral_segregation_index(barbell(), by="department")
    left = [0.9562, 0.9562, 0.7251]
    assert values.tolist() == pytest.approx([*left, *left[::-1]], abs=5e-5)
    mean = values.groupby(barbell().people["department"]).mean()
    assert mean.tolist() == pytest.approx([0.8791529] * 2, abs=5e-8)


def test_barbell_participation_is_that_worked_by_hand():
    values = participation_coefficient(barbell(), by="department")
    assert values.tolist() == pytest.approx([0, 0, 4 / 9, 4 / 9, 0, 0], abs=1e-12)


def test_newmans_example_of_couples_has_the_published_assortativity():
    # Newman (2003), table I: couples in San Francisco, four groups, r = 0.621; the table has three
    # decimals, so that it gives r to about 0.003.
    shares = np.array(
        [
            [0.258, 0.016, 0.035, 0.013],
            [0.012, 0.157, 0.058, 0.019],
            [0.013, 0.023, 0.306, 0.035],
            [0.005, 0.007, 0.024, 0.016],
        ]
    )
    names = "BHWO"
    ties = [(f"m{i}", f"w{j}", shares[i, j]) for i in range(4) for j in range(4)]
    people = pd.DataFrame(
        {"person": [f"m{i}" for i in range(4)] + [f"w{j}" for j in range(4)]}
    ).assign(department=list(names * 2))
    frame = pd.DataFrame(ties, columns=["sender", "recipient", "strength"])
    network = Network.from_ties(frame, people)
    assert assortativity(network, by="department", directed=True) == pytest.approx(0.621, abs=3e-3)


# ---------------------------------------------------------------- second implementations


@pytest.mark.parametrize("seed", range(4))
def test_modularity_agrees_with_networkx(seed):
    network = random_network(seed=seed)
    graph = nx.from_scipy_sparse_array(network.symmetric_strength)
    directed = nx.from_scipy_sparse_array(network.directed_strength, create_using=nx.DiGraph)
    parts = [set(np.flatnonzero(codes_of(network) == g).tolist()) for g in range(5)]
    for gamma in (1.0, 2.5):
        for arcs, other in ((False, graph), (True, directed)):
            found = modularity_formal(network, by="department", directed=arcs, resolution=gamma)
            expected = nx.community.modularity(other, parts, weight="weight", resolution=gamma)
            assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_assortativity_agrees_with_networkx_and_igraph_where_all_ties_are_equal(seed):
    ties, people = random_ties(60, 5, seed)
    network = Network.from_ties(ties.assign(strength=1.0), people)
    graph = nx.from_scipy_sparse_array(network.directed_strength, create_using=nx.DiGraph)
    codes = codes_of(network)
    nx.set_node_attributes(graph, dict(enumerate(codes.tolist())), "department")
    arcs = ig.Graph(n=60, edges=list(graph.edges), directed=True)
    found = assortativity(network, by="department", directed=True)
    expected = nx.attribute_assortativity_coefficient(graph, "department")
    assert found == pytest.approx(expected, abs=1e-12)
    assert found == pytest.approx(arcs.assortativity_nominal(codes.tolist()), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_weighted_assortativity_agrees_with_as_many_parallel_ties(seed):
    network = random_network(30, 4, seed=seed)
    ends = network.symmetric_strength.tocoo()
    times = ends.data.astype(int)
    edges = np.repeat(np.column_stack(ends.coords), times, axis=0)
    arcs = ig.Graph(n=30, edges=edges.tolist(), directed=True)
    expected = arcs.assortativity_nominal(codes_of(network).tolist())
    assert assortativity(network, by="department") == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_gupta_anderson_may_is_the_sum_of_eigenvalues(seed):
    network = random_network(seed=seed)
    strength = network.symmetric_strength.toarray()
    one_hot = np.eye(5)[codes_of(network)]
    matrix = one_hot.T @ strength @ one_hot
    eigenvalues = np.linalg.eigvals(matrix / matrix.sum(axis=1, keepdims=True))
    found = gupta_anderson_may(network, by="department")
    assert found == pytest.approx((eigenvalues.sum().real - 1) / 4, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_spectral_segregation_agrees_with_power_iteration_part_by_part(seed):
    network = random_network(40, 6, seed=seed, per_person=3)
    strength = network.symmetric_strength.toarray()
    codes = codes_of(network)
    total = strength.sum(axis=1)
    shares = strength / np.where(total > 0, total, 1)[:, None]
    expected = np.zeros(40)
    for group in range(6):
        members = np.flatnonzero(codes == group)
        inside = nx.from_numpy_array(strength[np.ix_(members, members)])
        for part in nx.connected_components(inside):
            people = members[sorted(part)]
            block = shares[np.ix_(people, people)]
            vector = np.ones(len(people))
            for _ in range(3000):
                vector = vector + block @ vector  # shifted: parts may be bipartite
                vector /= vector.sum()
            value = (block @ vector).sum() / vector.sum()
            expected[people] = value * vector / vector.mean()
    found = spectral_segregation_index(network, by="department")
    assert found.to_numpy() == pytest.approx(expected, abs=1e-9)


def test_spectral_segregation_of_a_large_group_satisfies_its_equation():
    # Above 300 people another solver is used.
    rng = np.random.default_rng(0)
    ties = [(i, (i + 1) % 400) for i in range(400)]
    ties += [tuple(pair) for pair in rng.integers(0, 400, (1200, 2)) if pair[0] != pair[1]]
    ties += [(i, 400 + i % 5) for i in range(0, 400, 7)]
    network = network_of(ties, ["A"] * 400 + ["B"] * 5)
    found = spectral_segregation_index(network, by="department").to_numpy()[:400]
    strength = network.symmetric_strength.toarray()
    shares = (strength / strength.sum(axis=1, keepdims=True))[:400, :400]
    value = found.mean()
    assert np.allclose(shares @ found, value * found, atol=1e-9)
    # By Perron and Frobenius only the largest eigenvalue has a positive eigenvector.
    assert (found > 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_participation_agrees_with_a_sum_over_the_groups(seed):
    network = random_network(seed=seed)
    strength = network.symmetric_strength.toarray()
    to_group = strength @ np.eye(5)[codes_of(network)]
    expected = 1 - ((to_group / strength.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    found = participation_coefficient(network, by="department")
    assert found.to_numpy() == pytest.approx(expected, abs=1e-12)


def test_freeman_is_one_less_the_openness_of_equal_groups():
    network = barbell()
    pooled = openness(network, by="department").mean()
    assert freeman_segregation(network, by="department") == pytest.approx(1 - pooled)


def test_modularity_of_schools_at_a_faculty_agrees_with_igraph():
    folder = shared("data/uk-faculty")
    people = pd.read_csv(folder / "nodes.csv").rename(columns={"id": "person", "group": "school"})
    edges = pd.read_csv(folder / "edges.csv")
    ties = edges.set_axis(["sender", "recipient", "strength"], axis=1)
    network = Network.from_ties(ties, people)
    graph = ig.Graph.TupleList(edges.itertuples(index=False), weights=True)
    school = people.set_index("person")["school"]
    labels = [int(school[name]) for name in graph.vs["name"]]
    expected = graph.modularity(labels, weights="weight")
    assert modularity_formal(network, by="school") == pytest.approx(expected, abs=1e-12)


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("case", unmeasurable())
def test_measures_are_undefined_where_groups_cannot_be_compared(case):
    network, reason = unmeasurable()[case]
    for measure in WHOLE:
        assert np.isnan(measure(network, by="department"))
    for measure in BY_PERSON:
        result = measure(network, by="department")
        assert result.isna().all()
        assert result.dtype == float
        assert result.index.equals(network.index)
        assert result.attrs["reason"] == reason


def test_all_contact_in_one_group_has_no_assortativity():
    network = network_of([(0, 1, 0.1), (1, 2, 0.2), (0, 2, 0.3)], list("AAABB"))
    assert np.isnan(assortativity(network, by="department"))
    assert np.isnan(gupta_anderson_may(network, by="department"))
    assert freeman_segregation(network, by="department") == 1.0
    assert modularity_formal(network, by="department") == pytest.approx(0)


def test_isolated_person_has_no_participation_and_no_segregation():
    network = network_of([*BARBELL], [*"LLLRRR", "L"])
    assert np.isnan(participation_coefficient(network, by="department")["6"])
    assert spectral_segregation_index(network, by="department")["6"] == 0.0


def test_person_with_contacts_outside_only_is_not_segregated():
    network = network_of([*BARBELL, (6, 3)], [*"LLLRRR", "L"])
    assert spectral_segregation_index(network, by="department")["6"] == 0.0
    assert participation_coefficient(network, by="department")["6"] == 0.0


def test_unobserved_people_and_people_of_unknown_department_are_nan():
    network = network_of(
        [*BARBELL, (6, 0, 9.0)], [*"LLLRRR", None, "L"], observed=[True] * 7 + [False]
    )
    for measure in BY_PERSON:
        result = measure(network, by="department")
        assert result.index[result.isna()].tolist() == ["6", "7"]
        assert result.iloc[:6].tolist() == measure(barbell(), by="department").tolist()
    for measure in WHOLE:
        assert measure(network, by="department") == measure(barbell(), by="department")


@pytest.mark.parametrize("measure", WHOLE)
def test_group_contact_only_across_is_the_other_end_of_the_scale(measure):
    network = network_of([(0, 2), (0, 3), (1, 2), (1, 3)], list("AABB"))
    assert measure(network, by="department") < 0


# ---------------------------------------------------------------- properties


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.25, 7.0]))
@settings(max_examples=15, deadline=None)
def test_relabelling_row_order_and_scale_change_nothing(seed, factor):
    ties, people = random_ties(25, 4, seed=seed % 50)
    before = Network.from_ties(ties, people)
    scaled = ties.assign(strength=ties["strength"] * factor)
    after = relabelled(scaled, people, seed)
    for measure in WHOLE:
        one, other = measure(before, by="department"), measure(after, by="department")
        assert one == pytest.approx(other, abs=1e-9, nan_ok=True)
    for measure in BY_PERSON:
        one, other = measure(before, by="department"), measure(after, by="department")
        assert np.allclose(np.sort(one), np.sort(other), atol=1e-9, equal_nan=True)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_ranges_hold(seed):
    network = random_network(25, 4, seed=seed, per_person=2, cohesion=0.7)
    assert participation_coefficient(network, by="department").dropna().between(0, 0.75).all()
    depth = spectral_segregation_index(network, by="department")
    assert (depth >= 0).all()
    assert (depth.groupby(network.people["department"]).mean() <= 1 + 1e-12).all()
    assert freeman_segregation(network, by="department") <= 1
    share = external_share(network, by="department")
    assert (depth.groupby(network.people["department"]).mean()[share == 1] == 0).all()


@pytest.mark.parametrize("measure", [*WHOLE, *BY_PERSON])
def test_networkx_and_igraph_graphs_give_the_same_as_a_network(measure):
    graph = barbell_graph()
    expected = measure(barbell(), by="department")
    for other in (graph, ig.Graph.from_networkx(graph)):
        found = measure(other, by="department")
        assert np.array_equal(np.atleast_1d(found), np.atleast_1d(expected))


def test_the_matrix_of_the_network_is_left_as_it_was():
    network = random_network(seed=1)
    before = sparse.csr_array(network.symmetric_strength, copy=True)
    for measure in [*WHOLE, *BY_PERSON]:
        measure(network, by="department")
    assert abs(network.symmetric_strength - before).sum() == 0
