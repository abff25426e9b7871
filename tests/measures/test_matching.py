"""Maximum matchings, bus factors, and the reduction that makes them cheap."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.measures.matching import bus_factors, capped_matchings, maximum_matchings


def edges(*pairs):
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def matching_by_networkx(left, right):
    graph = nx.Graph()
    graph.add_edges_from((("left", a), ("right", b)) for a, b in zip(left, right, strict=True))
    tops = {node for node in graph if node[0] == "left"}
    return len(nx.bipartite.maximum_matching(graph, top_nodes=tops)) // 2


def test_barbell_has_a_bus_factor_of_one():
    first, second = edges((0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5))
    group = np.array([0, 0, 0, 1, 1, 1])
    assert bus_factors(first, second, group[first], group[second], 2).tolist() == [[0, 1], [1, 0]]


def test_no_ties_give_zeros():
    nothing = np.array([], dtype=np.int64)
    assert bus_factors(nothing, nothing, nothing, nothing, 3).tolist() == [[0] * 3] * 3
    assert bus_factors(nothing, nothing, nothing, nothing, 0).shape == (0, 0)
    assert maximum_matchings(nothing, nothing, nothing, 0).tolist() == []


def test_ties_inside_a_group_or_with_unknown_people_do_not_count():
    first, second = edges((0, 1), (0, 2), (1, 3))
    codes = np.array([0, 0, 1, -1])
    assert bus_factors(first, second, codes[first], codes[second], 2).tolist() == [[0, 1], [1, 0]]


def test_the_order_of_the_two_people_of_a_tie_does_not_matter():
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 30, (2, 80))
    codes = rng.integers(0, 4, 30)
    one = bus_factors(first, second, codes[first], codes[second], 4)
    other = bus_factors(second, first, codes[second], codes[first], 4)
    assert np.array_equal(one, other)
    assert np.array_equal(one, one.T)


@pytest.mark.parametrize("few", [0, 1_000], ids=["scipy", "igraph"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_many_graphs_at_once_agree_with_networkx_one_by_one(few, seed):
    rng = np.random.default_rng(seed)
    left, right, block = (rng.integers(0, size, 60) for size in (6, 8, 4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orgnet.measures.matching._FEW_EDGES", few)
        sizes = maximum_matchings(left, right, block, 5)
    expected = [matching_by_networkx(left[block == b], right[block == b]) for b in range(4)]
    assert sizes.tolist() == [*expected, 0]


@given(seed=st.integers(0, 10_000), cap=st.integers(1, 5), dense=st.sampled_from([0.1, 0.4, 0.9]))
@settings(max_examples=200, deadline=None)
def test_leaving_out_edges_that_cannot_matter_never_changes_the_capped_size(seed, cap, dense):
    rng = np.random.default_rng(seed)
    every = np.array(list(np.ndindex(9, 12, 3)))
    left, right, block = rng.permutation(every)[:120].T
    present = rng.random((120, 4)) < dense
    result = capped_matchings(present, left, right, block, 3, cap=cap)
    whole = [maximum_matchings(left[on], right[on], block[on], 3) for on in present.T]
    assert np.array_equal(result, np.minimum(whole, cap))


@pytest.mark.parametrize("rows", [0, 3])
def test_capped_size_is_zero_where_no_edge_is_present(rows):
    ends = np.arange(rows)
    none = np.zeros((rows, 2), dtype=bool)
    assert capped_matchings(none, ends, ends, ends, 4, cap=5).tolist() == [[0] * 4] * 2
