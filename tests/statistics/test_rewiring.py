"""Degree-preserving rewiring against every network there is; the closed form against drawing."""

from collections import Counter
from itertools import combinations

import igraph as ig
import numpy as np
import pytest
from scipy.stats import chisquare

from orgnet.statistics.rewiring import (
    configuration_expectation,
    redistributed_strength,
    rewire,
    stub_matching,
)


def random_edges(n=60, m=150, seed=0):
    rng = np.random.default_rng(seed)
    every = np.array(list(combinations(range(n), 2)))
    return every[rng.choice(len(every), m, replace=False)]


def key(edges):
    return tuple(map(tuple, edges.tolist()))


def test_everybody_keeps_their_number_of_ties():
    edges = random_edges()
    assert (np.bincount(rewire(edges).ravel()) == np.bincount(edges.ravel())).all()


def test_rewired_ties_are_no_self_ties_and_none_is_double():
    edges = rewire(random_edges(n=20, m=120), seed=3)
    assert (edges[:, 0] < edges[:, 1]).all()
    assert len(np.unique(edges, axis=0)) == 120


def test_directed_rewiring_keeps_both_degrees():
    edges = random_edges()
    edges = np.vstack([edges, edges[:50, ::-1]])
    rewired = rewire(edges, directed=True, seed=1)
    for side in (0, 1):
        assert (np.bincount(rewired[:, side]) == np.bincount(edges[:, side])).all()
    assert (rewired[:, 0] != rewired[:, 1]).all()
    assert len(np.unique(rewired, axis=0)) == len(edges)


def test_little_is_left_of_the_ties():
    edges = random_edges(n=200, m=400)
    assert len(set(key(rewire(edges))) & set(key(edges))) < 0.06 * 400


def test_every_network_of_the_same_degrees_is_drawn_equally_often():
    degrees = [3, 2, 2, 1, 1, 1]
    every = [
        ties
        for ties in combinations(combinations(range(6), 2), 5)
        if np.bincount(np.ravel(ties), minlength=6).tolist() == degrees
    ]
    start, rng, draws = np.array(every[0]), np.random.default_rng(0), 450
    drawn = Counter(key(rewire(start, swaps_per_edge=2, seed=rng)) for _ in range(draws))
    assert set(drawn) == set(every)
    _, p = chisquare([drawn[ties] for ties in every])
    assert p > 0.001


@pytest.mark.parametrize("graph", [ig.Graph.Star(6), ig.Graph.Full(6)], ids=["star", "complete"])
def test_a_network_without_a_possible_swap_stays_as_it_is(graph):
    edges = np.array(graph.get_edgelist())
    assert key(rewire(edges)) == key(edges)


@pytest.mark.parametrize("edges", [np.zeros((0, 2)), np.array([[4, 2]])], ids=["none", "one"])
def test_fewer_than_two_ties_stay_as_they_are(edges):
    assert rewire(edges).tolist() == np.sort(edges, axis=1).tolist()


def test_the_input_is_not_changed():
    edges = random_edges()
    before = edges.copy()
    rewire(edges)
    assert (edges == before).all()


def test_the_order_and_the_direction_of_the_ties_do_not_matter():
    edges = random_edges()
    other = edges[np.random.default_rng(1).permutation(len(edges))][:, ::-1]
    assert key(rewire(edges, seed=5)) == key(rewire(other, seed=5))


def test_the_same_seed_gives_the_same_network_and_another_seed_another():
    edges = random_edges()
    assert key(rewire(edges, seed=5)) == key(rewire(edges, seed=5)) != key(rewire(edges, seed=6))


def test_clustering_falls_to_that_of_igraphs_rewiring():
    graph = ig.Graph.GRG(150, 0.15)
    edges = np.array(graph.get_edgelist())
    ours, theirs = [], []
    for seed in range(20):
        ours.append(ig.Graph(150, rewire(edges, seed=seed).tolist()).transitivity_undirected())
        other = graph.copy()
        other.rewire(10 * len(edges))
        theirs.append(other.transitivity_undirected())
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=0.01)
    assert np.mean(ours) < 0.5 * graph.transitivity_undirected()


def test_stubs_give_everybody_their_degree():
    degrees = np.array([5, 0, 3, 1, 1])
    edges = stub_matching(degrees, seed=2)
    assert np.bincount(edges.ravel(), minlength=5).tolist() == degrees.tolist()


def test_stubs_meet_with_the_chances_of_the_configuration_model():
    degrees = np.array([2, 1, 1])
    rng = np.random.default_rng(0)
    loops = np.mean([(stub_matching(degrees, seed=rng) == 0).all(axis=1).any()
                     for _ in range(6000)])  # fmt: skip
    # Of the three ways to join four ends one joins the two of person 0.
    assert loops == pytest.approx(1 / 3, abs=0.025)


@pytest.mark.parametrize("degrees", [[1, 2], [2, -2]])
def test_degrees_that_no_network_has_are_refused(degrees):
    with pytest.raises(ValueError, match="expected an even sum and none below 0"):
        stub_matching(np.array(degrees))


def test_permuted_strengths_are_the_same_strengths():
    strength, edges = np.arange(150.0), random_edges()
    given = redistributed_strength(strength, edges, np.ones(60), seed=1)
    assert sorted(given) == strength.tolist()
    assert given.tolist() != strength.tolist()


def test_strengths_by_product_keep_the_total():
    edges, at_person = random_edges(), np.arange(60.0)
    given = redistributed_strength(np.full(150, 2.0), edges, at_person, how="product")
    assert given.sum() == pytest.approx(300)
    ratio = given / (at_person[edges[:, 0]] * at_person[edges[:, 1]]).clip(1e-9)
    assert ratio[ratio > 0] == pytest.approx(ratio.max())


def test_strengths_by_product_are_zero_where_nobody_had_any():
    edges = np.array([[0, 1]])
    assert redistributed_strength(np.zeros(1), edges, np.zeros(2), how="product").tolist() == [0]


def test_the_expectation_adds_up_to_all_strength():
    rng = np.random.default_rng(0)
    expected = configuration_expectation(rng.random(30), rng.integers(0, 4, 30))
    assert (expected == expected.T).all()
    assert expected.shape == (4, 4)


def test_the_expectation_is_the_chance_of_two_ends_without_ties_with_oneself():
    strength, codes = np.array([3.0, 1.0, 2.0, 2.0]), np.array([0, 0, 1, -1])
    people = [0, 1, 2]
    chance = {(i, j): strength[i] * strength[j] for i in people for j in people if i != j}
    total = sum(chance.values())
    inside = sum(value for (i, j), value in chance.items() if codes[i] == codes[j] == 0) / total
    expected = configuration_expectation(strength, codes)
    assert expected[0, 0] == pytest.approx(6 * inside, abs=1e-12)
    assert expected.sum() == pytest.approx(6.0)


def test_people_of_unknown_group_take_no_part_in_the_expectation():
    strength, codes = np.array([3.0, 1.0, 2.0]), np.array([0, 1, 0])
    with_unknown = configuration_expectation(np.r_[strength, 9.0], np.r_[codes, -1])
    assert with_unknown.tolist() == configuration_expectation(strength, codes).tolist()


@pytest.mark.parametrize("strength", [[0.0, 0.0], [5.0, 0.0]], ids=["no ties", "one person"])
def test_without_two_people_with_ties_there_is_no_expectation(strength):
    assert np.isnan(configuration_expectation(np.array(strength), np.array([0, 1]))).all()
