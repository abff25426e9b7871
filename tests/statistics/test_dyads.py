"""Sums over pairs of people, whichever way a network is held."""

from itertools import product

import numpy as np
import pytest
from scipy import sparse

from orgnet.statistics.dyads import dyads, product_sum

CODES = np.array([0, 1, 0, 2, -1, 1, -1, 0])
FULL = np.random.default_rng(0).integers(0, 3, (8, 8)).astype(float)
HELD = {
    "full": (FULL, FULL),
    "sparse": (sparse.csr_array(FULL), FULL),
    "groups": (CODES, ((CODES[:, None] == CODES) & (CODES >= 0)).astype(float)),
}
OFF = ~np.eye(8, dtype=bool)


@pytest.mark.parametrize("held", HELD)
def test_sums_and_squares_leave_out_the_diagonal(held):
    network, full = dyads(HELD[held][0]), HELD[held][1]
    assert network.sum() == full[OFF].sum()
    assert network.squares() == (full[OFF] ** 2).sum()
    assert network.symmetric() == (full == full.T).all()


@pytest.mark.parametrize(("one", "other"), list(product(HELD, HELD)))
def test_product_sums_are_those_of_the_full_matrices(one, other):
    expected = (HELD[one][1] * HELD[other][1])[OFF].sum()
    assert product_sum(dyads(HELD[one][0]), dyads(HELD[other][0])) == expected


@pytest.mark.parametrize(("one", "other"), list(product(HELD, HELD)))
def test_renaming_is_permuting_rows_and_columns_together(one, other):
    order = np.random.default_rng(1).permutation(8)
    expected = (HELD[one][1][np.ix_(order, order)] * HELD[other][1])[OFF].sum()
    renamed = dyads(HELD[one][0]).renamed(order)
    assert product_sum(renamed, dyads(HELD[other][0])) == expected


@pytest.mark.parametrize("kind", [np.array, sparse.csr_array])
def test_what_is_not_a_finite_number_is_refused(kind):
    with pytest.raises(ValueError, match="expected finite numbers"):
        dyads(kind([[0.0, np.inf], [1.0, 0.0]]))


@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 2)])
def test_a_matrix_that_is_not_square_is_refused(shape):
    with pytest.raises(ValueError, match="expected a square one"):
        dyads(np.zeros(shape))


def test_codes_that_are_not_whole_numbers_are_refused():
    with pytest.raises(ValueError, match="expected whole numbers"):
        dyads(np.array([0.0, 1.5]))
