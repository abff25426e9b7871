"""The model of quasi-independence: published values, a second solver, and the odd tables."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from orgnet.statistics.quasi_independence import (
    deviance_residual,
    overdispersion,
    quasi_independence,
    ratio_interval,
)

FOUR = np.array([[0, 10, 6, 4], [10, 0, 2, 8], [6, 2, 0, 5], [4, 8, 5, 0]])
CELLS = np.triu_indices(4, 1)  # 12, 13, 14, 23, 24, 34


def symmetric(k, seed, mean):
    upper = np.triu(np.random.default_rng(seed).poisson(mean, (k, k)), 1)
    return upper + upper.T


def fit_by_fixed_point(ties):
    """The iteration of measures.md 2.7: a second way to the same maximum."""
    margins = ties.sum(axis=1)
    a = margins / np.sqrt(margins.sum())
    for _ in range(100_000):
        step = np.sqrt(a * margins / (a.sum() - a))
        converged = np.abs(step - a).max() <= 1e-14 * a.max()
        a = step
        if converged:
            break
    expected = np.outer(a, a)
    np.fill_diagonal(expected, np.nan)
    return expected


def leverage_by_regression(expected):
    """The hat matrix of the weighted regression, cell by cell."""
    k = len(expected)
    rows, columns = np.triu_indices(k, 1)
    design = np.zeros((len(rows), k))
    design[np.arange(len(rows)), rows] = design[np.arange(len(rows)), columns] = 1
    weighted = design * np.sqrt(expected[rows, columns])[:, None]
    return np.diagonal(weighted @ np.linalg.pinv(weighted))


def test_published_expectations():
    expected = quasi_independence(FOUR).expected[CELLS]
    assert expected == pytest.approx([8.6296, 4.6852, 6.6852, 4.6852, 6.6852, 3.6296], abs=5e-5)


def test_published_leverages():
    leverage = quasi_independence(FOUR).leverage[CELLS]
    assert leverage == pytest.approx([0.7977, 0.6129, 0.7287, 0.6129, 0.7287, 0.5191], abs=5e-5)
    assert leverage.sum() == pytest.approx(4, abs=1e-9)


def test_published_residuals():
    residual = quasi_independence(FOUR).residual[CELLS]
    published = [1.0115, 0.9352, -2.1564, -2.2532, 0.9466, 0.9805]
    assert residual == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(("k", "mean"), [(4, 5), (6, 3), (10, 20), (25, 8)])
def test_it_agrees_with_the_fixed_point_iteration_and_with_a_regression(k, mean):
    ties = symmetric(k, k, mean)
    model = quasi_independence(ties)
    assert np.allclose(model.expected, fit_by_fixed_point(ties), rtol=1e-9, equal_nan=True)
    cells = np.triu_indices(k, 1)
    assert model.leverage[cells] == pytest.approx(leverage_by_regression(model.expected), abs=1e-9)


def test_a_table_close_to_its_limit_is_fitted_too():
    ties = symmetric(10, 0, 20)
    ties[0, 1:] *= 400
    ties[1:, 0] *= 400
    model = quasi_independence(ties)
    assert 0.495 < ties[0].sum() / ties.sum() < 0.5
    assert np.nansum(model.expected, axis=1) == pytest.approx(ties.sum(axis=1), rel=1e-12)


@given(seed=st.integers(0, 10_000), k=st.integers(4, 9), mean=st.sampled_from([0.5, 3.0, 30.0]))
@settings(max_examples=50, deadline=None)
def test_margins_are_met_and_leverages_add_up_to_the_groups(seed, k, mean):
    ties = symmetric(k, seed, mean)
    model = quasi_independence(ties)
    modelled = ~np.isnan(model.expected).all(axis=1)
    assume(modelled.sum() >= 4)
    inside = ties[np.ix_(modelled, modelled)].sum(axis=1)
    assert np.nansum(model.expected[modelled], axis=1) == pytest.approx(inside, rel=1e-9)
    assert np.nansum(model.leverage) / 2 == pytest.approx(modelled.sum(), abs=1e-6)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_groups_does_not_matter(seed):
    ties = symmetric(6, seed, 4)
    order = np.random.default_rng(seed).permutation(6)
    one, other = quasi_independence(ties), quasi_independence(ties[np.ix_(order, order)])
    assert np.allclose(one.expected[np.ix_(order, order)], other.expected, equal_nan=True)
    assert np.array_equal(one.hubs[order], other.hubs)


def test_three_groups_are_saturated():
    ties = np.array([[0, 4, 2], [4, 0, 3], [2, 3, 0]])
    model = quasi_independence(ties)
    assert model.expected[np.triu_indices(3, 1)].tolist() == [4, 2, 3]
    assert np.isnan(model.residual).all()


def test_a_group_without_a_tie_is_taken_out():
    ties = np.pad(FOUR, (0, 1))
    model = quasi_independence(ties)
    assert model.isolated.tolist() == [False] * 4 + [True]
    assert np.isnan(model.expected[4]).all()
    assert np.allclose(model.expected[:4, :4], quasi_independence(FOUR).expected, equal_nan=True)


def test_the_hub_of_a_star_is_named_and_nothing_is_left_to_model():
    star = np.zeros((5, 5), dtype=int)
    star[0, 1:] = star[1:, 0] = [3, 5, 2, 4]
    model = quasi_independence(star)
    assert model.hubs.tolist() == [True] + [False] * 4
    assert not model.isolated.any()
    assert np.isnan(model.expected).all()


def test_a_single_tie_among_the_others_ends_the_hub():
    ties = np.zeros((5, 5), dtype=int)
    ties[0, 1:] = ties[1:, 0] = [3, 5, 2, 4]
    ties[3, 4] = ties[4, 3] = 1
    model = quasi_independence(ties)
    assert not model.hubs.any()
    assert np.nansum(model.expected, axis=1) == pytest.approx(ties.sum(axis=1), rel=1e-9)
    assert np.isfinite(model.residual[~np.eye(5, dtype=bool)]).all()


def test_two_groups_that_talk_only_to_each_other_are_no_hubs():
    ties = np.array([[0, 4, 0], [4, 0, 0], [0, 0, 0]])
    model = quasi_independence(ties)
    assert not model.hubs.any()
    assert model.expected[0, 1] == 4


def test_the_diagonal_is_not_looked_at():
    model = quasi_independence(FOUR + 100 * np.eye(4))
    assert np.allclose(model.expected, quasi_independence(FOUR).expected, equal_nan=True)


@pytest.mark.parametrize("k", [0, 1, 2, 5])
def test_a_table_of_zeros_has_only_isolated_groups(k):
    model = quasi_independence(np.zeros((k, k)))
    assert model.isolated.tolist() == [True] * k
    assert np.isnan(model.expected).all()


def test_deviance_residual_of_nothing_found_is_minus_root_two_e():
    assert deviance_residual(np.array([0.0]), np.array([4.5])).tolist() == [-3.0]


def test_deviance_residual_is_undefined_where_nothing_is_expected():
    result = deviance_residual(np.array([0.0, 1.0]), np.array([0.0, np.nan]))
    assert np.isnan(result).all()


def test_overdispersion_is_never_below_one_and_does_not_follow_a_few_outliers():
    assert overdispersion(np.array([0.1, -0.2, np.nan])) == 1.0
    assert overdispersion(np.array([])) == 1.0
    normal = np.random.default_rng(0).normal(size=4001)
    assert overdispersion(2 * np.r_[normal, [50.0] * 40]) == pytest.approx(4, rel=0.1)


def test_interval_agrees_with_the_chi_squared_form_of_garwood():
    observed, expected = np.array([1.0, 7.0, 30.0]), np.array([5.0, 10.0, 20.0])
    low, high = ratio_interval(observed, expected, 1.0)
    assert low * expected == pytest.approx(chi2.ppf(0.025, 2 * observed) / 2)
    assert high * expected == pytest.approx(chi2.ppf(0.975, 2 * observed + 2) / 2)


def test_interval_is_wider_with_more_overdispersion_and_holds_the_ratio():
    observed, expected = np.array([0.0, 4.0, 12.0]), np.array([8.0, 8.0, 8.0])
    low, high = ratio_interval(observed, expected, 1.0)
    wide_low, wide_high = ratio_interval(observed, expected, 2.5)
    assert (wide_low <= low).all() and (wide_high > high).all()
    assert (wide_low <= observed / expected).all() and (observed / expected <= wide_high).all()
