"""MRQAP against a regression that is written out, and its errors where nothing is there."""

import numpy as np
import pytest
from scipy import sparse

from orgnet.statistics.mrqap import mrqap


def ordinary(y, columns):
    """Least squares of numpy: coefficients (intercept first), t and r squared."""
    design = np.column_stack([np.ones(len(y)), *columns])
    slopes, *_ = np.linalg.lstsq(design, y, rcond=None)
    rest = y - design @ slopes
    variance = rest @ rest / (len(y) - design.shape[1])
    errors = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    return slopes, slopes / errors, 1 - rest @ rest / ((y - y.mean()) ** 2).sum()


def by_definition(y, factors, permutations, seed):
    """Double semi-partialling, one pair a row, with the permutations of `mrqap`."""
    n = len(y)
    off = ~np.eye(n, dtype=bool)
    columns = [x[off] for x in factors]
    _, t, _ = ordinary(y[off], columns)
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(n) for _ in range(permutations)]
    p = []
    for k in range(len(factors)):
        others = [c for j, c in enumerate(columns) if j != k]
        design = np.column_stack([np.ones(off.sum()), *others])
        slopes, *_ = np.linalg.lstsq(design, columns[k], rcond=None)
        left = np.zeros((n, n))
        left[off] = columns[k] - design @ slopes
        drawn = [
            ordinary(y[off], [*others, left[np.ix_(order, order)][off]])[1][-1] for order in orders
        ]
        p.append((1 + (np.abs(drawn) >= abs(t[k + 1]) - 1e-9).sum()) / (1 + permutations))
    return p


def example(n=14, seed=0):
    rng = np.random.default_rng(seed)
    codes, sites = rng.integers(0, 3, n), rng.integers(0, 2, n)
    distance = rng.random((n, n)) + (codes[:, None] != codes)
    y = 1.0 * (codes[:, None] == codes) + rng.random((n, n)) + rng.random(n)[:, None]
    return y, codes, sites, distance


def same(codes):
    return (codes[:, None] == codes).astype(float)


def test_coefficients_and_t_are_those_of_ordinary_least_squares():
    y, codes, sites, distance = example()
    off = ~np.eye(14, dtype=bool)
    slopes, t, r_squared = ordinary(y[off], [same(codes)[off], same(sites)[off], distance[off]])
    result = mrqap(y, [codes, sites, distance], permutations=9)
    assert result.intercept == pytest.approx(slopes[0], abs=1e-10)
    assert result.coefficients == pytest.approx(slopes[1:], abs=1e-10)
    assert result.t == pytest.approx(t[1:], abs=1e-9)
    assert result.r_squared == pytest.approx(r_squared, abs=1e-10)
    assert result.pairs == 14 * 13


def test_p_is_that_of_double_semi_partialling_written_out():
    y, codes, sites, distance = example()
    expected = by_definition(y, [same(codes), same(sites), distance], 199, seed=4)
    result = mrqap(y, [codes, sites, distance], permutations=199, seed=4)
    assert result.p == pytest.approx(expected, abs=1e-12)


def test_sparse_networks_and_groups_give_what_full_matrices_give():
    y, codes, sites, distance = example()
    y, distance = y * (y > 1.2), distance * (distance > 1)
    full = mrqap(y, [same(codes), same(sites), distance], permutations=49)
    held = mrqap(sparse.csr_array(y), [codes, sites, sparse.csr_array(distance)], permutations=49)
    assert held.t == pytest.approx(full.t, abs=1e-8)
    assert held.p == pytest.approx(full.p, abs=1e-12)


def test_symmetric_networks_count_every_pair_once():
    y, codes, sites, _ = example()
    y = y + y.T
    upper = np.triu_indices(14, 1)
    slopes, t, _ = ordinary(y[upper], [same(codes)[upper], same(sites)[upper]])
    result = mrqap(y, [codes, sites], permutations=9)
    assert result.pairs == 14 * 13 // 2
    assert result.coefficients == pytest.approx(slopes[1:], abs=1e-10)
    assert result.t == pytest.approx(t[1:], abs=1e-9)


def test_scaling_a_factor_changes_its_coefficient_alone():
    y, codes, _, distance = example()
    one = mrqap(y, [codes, distance], permutations=49)
    other = mrqap(10 * y, [codes, 100 * distance + 7], permutations=49)
    assert other.coefficients == pytest.approx(one.coefficients * [10, 0.1], abs=1e-8)
    assert other.t == pytest.approx(one.t, abs=1e-8)
    assert other.p.tolist() == one.p.tolist()


def null_alarms(firms, **options):
    """Share of firms that call a factor without effect: by permutation, and by the ordinary t."""
    rng = np.random.default_rng(0)
    alarms = np.zeros(2)
    for seed in range(firms):
        codes = rng.integers(0, 3, 20)
        unrelated = rng.normal(size=(20, 20)) + rng.normal(size=20)[:, None] + same(codes)
        y = same(codes) + rng.normal(size=(20, 20)) + 2 * rng.normal(size=20)[:, None]
        result = mrqap(y, [same(codes), unrelated], seed=seed, **options)
        alarms += np.array([result.p[1] <= 0.05, abs(result.t[1]) > 1.966])
    return alarms / firms


def test_a_factor_that_only_goes_with_another_raises_few_alarms():
    by_permutation, by_ordinary_t = null_alarms(80, permutations=59)
    # Nominal 5 %; binomial, 99.9 %.
    assert by_permutation < 0.14
    assert by_ordinary_t > 0.3


def test_a_planted_factor_is_found():
    y, codes, sites, _ = example(n=24, seed=1)
    result = mrqap(y, [codes, sites], permutations=199)
    assert result.p[0] <= 0.01
    assert result.p_less[0] > 0.9


def test_a_factor_made_of_the_others_has_no_coefficient_and_neither_have_they():
    y, codes, _, distance = example()
    result = mrqap(y, [codes, 2 * same(codes) + 1, distance], permutations=9)
    assert np.isnan(result.coefficients).tolist() == [True, True, False]
    assert np.isnan(result.p).tolist() == [True, True, False]
    assert np.isnan(result.intercept)


def test_a_constant_factor_is_left_out():
    y, codes, _, distance = example()
    result = mrqap(y, [codes, np.zeros(14, dtype=int), distance], permutations=19)
    without = mrqap(y, [codes, distance], permutations=19)
    assert result.t[[0, 2]] == pytest.approx(without.t, abs=1e-10)
    assert np.isnan(result.t[1])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_people_give_nothing(n):
    result = mrqap(np.ones((n, n)), [np.zeros(n, dtype=int)], permutations=3)
    assert np.isnan(result.t).all()


def test_without_contact_there_is_nothing_to_explain():
    result = mrqap(np.zeros((9, 9)), [np.arange(9) % 3], permutations=3)
    assert np.isnan([*result.t, *result.p, result.r_squared]).all()


def test_a_factor_of_other_people_is_refused():
    with pytest.raises(ValueError, match="a factor has 5 people and y has 4"):
        mrqap(np.ones((4, 4)), [np.arange(5)])
