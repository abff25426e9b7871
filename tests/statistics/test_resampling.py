"""Week and dyad bootstrap, percentile intervals."""

import numpy as np
import pytest

from orgnet.statistics.resampling import (
    dyad_bootstrap_sums,
    percentile_interval,
    week_multiplicities,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_every_sample_of_weeks_is_as_long_as_the_window():
    drawn = week_multiplicities(12, 300, rng())
    assert drawn.shape == (12, 300)
    assert (drawn.sum(axis=0) == 12).all()
    assert drawn.min() == 0


def test_weeks_are_drawn_with_equal_chance():
    drawn = week_multiplicities(6, 20_000, rng())
    assert drawn.mean(axis=1) == pytest.approx(np.ones(6), abs=0.03)
    assert drawn.var(axis=1) == pytest.approx(np.full(6, 5 / 6), abs=0.05)


def test_no_weeks_give_no_rows():
    assert week_multiplicities(0, 5, rng()).shape == (0, 5)


def test_sums_of_pairs_have_the_moments_of_poisson_multipliers():
    cell = np.array([0, 0, 0, 2, 2])
    value = np.array([1.0, 1.0, 4.0, 2.5, 0.5])
    sums = dyad_bootstrap_sums(cell, value, 3, draws=40_000, rng=rng())
    assert sums.mean(axis=0) == pytest.approx([6.0, 0.0, 3.0], abs=0.05)
    assert sums.var(axis=0) == pytest.approx([18.0, 0.0, 6.5], rel=0.03)
    assert abs(np.corrcoef(sums[:, 0], sums[:, 2])[0, 1]) < 0.02


def test_sums_agree_in_distribution_with_one_multiplier_a_pair():
    value = rng(1).integers(1, 4, 30).astype(float)
    cell = np.zeros(30, dtype=np.int64)
    together = dyad_bootstrap_sums(cell, value, 1, draws=20_000, rng=rng(2))[:, 0]
    one_by_one = rng(3).poisson(1, (20_000, 30)) @ value
    levels = [2.5, 25, 50, 75, 97.5]
    expected = np.percentile(one_by_one, levels)
    assert np.percentile(together, levels) == pytest.approx(expected, abs=1.5)


def test_the_order_of_the_pairs_does_not_matter():
    cell, value = rng().integers(0, 5, 50), rng(1).integers(1, 4, 50).astype(float)
    order = rng(2).permutation(50)
    one = dyad_bootstrap_sums(cell, value, 5, draws=20, rng=rng(3))
    other = dyad_bootstrap_sums(cell[order], value[order], 5, draws=20, rng=rng(3))
    assert np.array_equal(one, other)


def test_no_pairs_give_sums_of_zero():
    nothing = np.array([], dtype=np.int64)
    sums = dyad_bootstrap_sums(nothing, nothing.astype(float), 2, draws=3, rng=rng())
    assert sums.tolist() == [[0.0, 0.0]] * 3


def test_percentile_interval_cuts_both_ends_equally():
    low, high = percentile_interval(np.arange(1001.0)[:, None] * [1, 2], level=0.9)
    assert low == pytest.approx([50, 100])
    assert high == pytest.approx([950, 1900])


def test_samples_that_are_nan_are_left_out():
    samples = np.array([[1.0, np.nan], [np.nan, np.nan], [1.0, np.nan]])
    low, high = percentile_interval(samples)
    assert low[0] == high[0] == 1.0
    assert np.isnan(low[1]) and np.isnan(high[1])


def test_no_samples_give_no_interval():
    low, high = percentile_interval(np.zeros((0, 2)))
    assert np.isnan(low).all() and np.isnan(high).all()
