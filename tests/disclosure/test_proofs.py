"""Quick proofs about withheld numbers against a solver that tries everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint

from orgnet.disclosure.proofs import Edges, moves, narrowed
from orgnet.disclosure.withholding import reach


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    k = draw(st.integers(3, 8))
    every = [(a, b) for a in range(k) for b in range(a + 1, k)]
    chosen = draw(st.lists(st.sampled_from(every), min_size=1, max_size=12, unique=True))
    first, second = np.array(chosen).T
    size = len(chosen)
    below, above = (
        np.array(draw(st.lists(st.sampled_from([0, 1, 2, 5, 30]), min_size=size, max_size=size)))
        for _ in range(2)
    )
    value = np.array(draw(st.lists(st.integers(0, 12), min_size=size, max_size=size)))
    high = (value + above).astype(float)
    high[above == 30] = np.inf
    low = np.maximum(value - below, 0).astype(float)
    return Edges(first=first, second=second, value=value, low=low, high=high, k=k)


def solved(edges: Edges, edge: int) -> tuple[float, float]:
    """The least and the largest of one number, by integer programming."""
    count = len(edges.value)
    matrix = np.zeros((edges.k, count))
    matrix[edges.first, np.arange(count)] = 1
    matrix[edges.second, np.arange(count)] = 1
    sums = matrix @ edges.value
    known = LinearConstraint(matrix, sums, sums)
    return reach(edge, known, Bounds(edges.low, edges.high), true=float(edges.value[edge]))


@settings(max_examples=120, deadline=None)
@given(edges=graphs())
def test_narrowed_limits_hold_every_table_that_fits(edges: Edges) -> None:
    low, high = narrowed(edges)
    for edge in range(len(edges.value)):
        least, most = solved(edges, edge)
        assert low[edge] <= least + 1e-6
        assert most <= high[edge] + 1e-6


@settings(max_examples=120, deadline=None)
@given(edges=graphs(), need=st.integers(1, 4))
def test_what_is_said_to_move_can_move(edges: Edges, need: int) -> None:
    for edge in range(len(edges.value)):
        if moves(edges, edge, need):
            least, most = solved(edges, edge)
            assert most - least >= need - 1e-6


@pytest.mark.parametrize(("k", "free"), [(5, False), (6, True), (7, False), (8, True)])
def test_edges_of_a_ring_move_where_their_number_is_even(k: int, free: bool) -> None:
    groups = np.arange(k)
    edges = Edges(groups, (groups + 1) % k, np.full(k, 4), np.zeros(k), np.full(k, np.inf), k)
    assert moves(edges, 0, 2) is free
    low, high = narrowed(edges)
    assert (low[0], high[0]) == (0.0, 8.0)


def test_a_way_that_uses_an_edge_twice_is_held_to_its_limits() -> None:
    # Two rings of three, joined by the fourth edge: around one, over it, around the other, and
    # back over it, so that it moves by twice as much as the others.
    first, second = np.array([0, 1, 0, 2, 3, 4, 3]), np.array([1, 2, 2, 3, 4, 5, 5])
    value, joining = np.full(7, 4), np.arange(7) == 3
    roomy = Edges(first, second, value, np.zeros(7), np.full(7, 9.0), 6)
    tight = Edges(first, second, value, joining * 3.0, np.where(joining, 5.0, 9.0), 6)
    assert moves(roomy, 0, 2)
    assert not moves(tight, 0, 1)
    assert solved(tight, 0) == (4.0, 4.0)


def test_a_number_may_rise_by_one_and_fall_by_one_to_be_two_apart() -> None:
    groups = np.arange(4)
    value = np.full(4, 5)
    edges = Edges(groups, (groups + 1) % 4, value, value - 1.0, value + 1.0, 4)
    assert moves(edges, 0, 2)
    assert not moves(edges, 0, 3)
