"""Connected components: the same as scipy finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from orgnet.measures.components import components


def _symmetric(n: int, first: np.ndarray, second: np.ndarray) -> sparse.csr_array:
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    return sparse.coo_array((np.ones(len(ends[0])), ends), shape=(n, n)).tocsr()


@pytest.mark.parametrize("ties_per_person", [0.0, 0.3, 0.5, 0.8, 2.0])
@pytest.mark.parametrize("n", [1, 2, 50, 3_000])
def test_the_parts_are_those_of_scipy(n: int, ties_per_person: float) -> None:
    rng = np.random.default_rng(n)
    ends = rng.integers(0, n, (2, int(n * ties_per_person)))
    adjacency = _symmetric(n, *ends)
    count, theirs = connected_components(adjacency, directed=False)
    ours = components(adjacency)
    assert len(np.unique(ours)) == count
    first_of_each = np.unique(theirs, return_index=True)[1]
    assert np.array_equal(np.unique(ours, return_index=True)[1], first_of_each)
    assert len(np.unique(np.column_stack([ours, theirs]), axis=0)) == count


def test_a_long_chain_of_shuffled_people_is_one_part() -> None:
    order = np.random.default_rng(1).permutation(100_000)
    assert components(_symmetric(len(order), order[:-1], order[1:])).max() == 0


def test_nobody_makes_no_part() -> None:
    assert components(sparse.csr_array((0, 0))).tolist() == []
