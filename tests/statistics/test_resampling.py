"""Week and dyad bootstrap, percentile intervals."""

import numpy as np
import pytest

from orgnet.statistics.resampling import (
    PairClasses,
    common_dyad_bootstrap_sums,
    dyad_bootstrap_sums,
    percentile_interval,
    vertex_jackknife_error,
    week_block,
    week_jackknife_error,
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


def test_blocks_of_weeks_are_as_long_as_the_window_and_equally_likely():
    drawn = week_multiplicities(10, 20_000, rng(), block=3)
    assert (drawn.sum(axis=0) == 10).all()
    assert drawn.mean(axis=1) == pytest.approx(np.ones(10), abs=0.03)


def test_weeks_of_a_block_are_drawn_together():
    drawn = week_multiplicities(8, 20_000, rng(), block=4)
    neighbours = np.corrcoef(drawn[2], drawn[3])[0, 1]
    apart = np.corrcoef(drawn[0], drawn[4])[0, 1]
    assert neighbours > 0.4
    assert apart < 0


def test_a_block_as_long_as_the_window_draws_the_window():
    assert (week_multiplicities(6, 50, rng(), block=6) == 1).all()


def test_blocks_of_no_weeks_give_no_rows():
    assert week_multiplicities(0, 5, rng(), block=2).shape == (0, 5)


def autoregressive(strength, weeks=4000):
    noise, series = rng(1).normal(size=weeks), np.zeros(weeks)
    for week in range(1, weeks):
        series[week] = strength * series[week - 1] + noise[week]
    return series


@pytest.mark.parametrize(
    ("strength", "block"), [(0.0, 1), (0.25, 1), (0.45, 2), (0.6, 3), (0.95, 4)]
)
def test_the_more_weeks_resemble_each_other_the_longer_the_block(strength, block):
    assert week_block(autoregressive(strength)) == block


@pytest.mark.parametrize("activity", [[], [1.0, 2, 3], [4.0] * 12])
def test_few_or_equal_weeks_are_drawn_one_by_one(activity):
    assert week_block(np.array(activity)) == 1


def test_the_jackknife_of_a_mean_over_weeks_is_its_standard_error():
    x = rng().random((9, 3))
    without = np.array([np.delete(x, week, axis=0).mean(axis=0) for week in range(9)])
    expected = x.std(axis=0, ddof=1) / 3
    assert week_jackknife_error(without) == pytest.approx(expected, abs=1e-12)


def test_the_vertex_jackknife_is_its_formula():
    without = rng().random((7, 2))
    expected = np.sqrt(5 / 14 * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    assert vertex_jackknife_error(without) == pytest.approx(expected, abs=1e-12)


def test_the_vertex_jackknife_of_a_density_is_about_right_for_random_networks():
    n, density = 40, 0.3
    drawn, errors = [], []
    for seed in range(60):
        upper = np.triu(rng(seed).random((n, n)) < density, 1)
        ties = (upper | upper.T).astype(float)
        total, degree = ties.sum(), ties.sum(axis=0)
        drawn.append(total / (n * (n - 1)))
        errors.append(vertex_jackknife_error((total - 2 * degree) / ((n - 1) * (n - 2))))
    assert np.mean(errors) == pytest.approx(np.std(drawn), rel=0.25)


@pytest.mark.parametrize("error", [week_jackknife_error, vertex_jackknife_error])
def test_one_value_left_out_gives_no_error(error):
    assert np.isnan(error(np.ones((1, 2)))).all()


@pytest.mark.parametrize("error", [week_jackknife_error, vertex_jackknife_error])
def test_a_value_that_is_undefined_without_somebody_has_no_error(error):
    without = np.ones((5, 2))
    without[2, 1] = np.nan
    assert np.isnan(error(without)).tolist() == [False, True]


def windows(pairs=200, seed=0):
    cell = rng(seed).integers(0, 4, (pairs, 2))
    value = rng(seed + 1).integers(0, 3, (pairs, 2)).astype(float)
    return cell, value


def test_common_sums_have_the_moments_of_one_multiplier_a_pair():
    cell, value = windows()
    sums = common_dyad_bootstrap_sums(cell, value, 4, draws=20_000, rng=rng())
    multipliers = rng(9).poisson(1, (20_000, 200)).astype(float)
    for window in (0, 1):
        inside = cell[:, window, None] == np.arange(4)
        expected = multipliers @ (inside * value[:, window, None])
        observed = sums[window]
        assert observed.mean(axis=0) == pytest.approx(expected.mean(axis=0), rel=0.01)
        assert observed.std(axis=0) == pytest.approx(expected.std(axis=0), rel=0.04)


def test_common_sums_of_two_windows_go_together_as_their_pairs_do():
    cell, value = np.zeros((300, 2), dtype=int), np.ones((300, 2))
    value[100:, 1] = 0
    value[:50, 0] = 0
    one, other = common_dyad_bootstrap_sums(cell, value, 1, draws=20_000, rng=rng())
    # 50 pairs of 250 and 100.
    correlation = np.corrcoef(one[:, 0], other[:, 0])[0, 1]
    assert correlation == pytest.approx(50 / np.sqrt(250 * 100), abs=0.03)


def test_common_sums_of_one_window_are_the_plain_ones():
    cell, value = windows()
    one = common_dyad_bootstrap_sums(cell[:, :1], value[:, :1], 4, draws=30, rng=rng(2))[0]
    plain = dyad_bootstrap_sums(cell[:, 0], value[:, 0], 4, draws=30, rng=rng(2))
    assert one.tolist() == plain.tolist()


def test_the_order_of_the_pairs_does_not_matter_for_common_sums():
    cell, value = windows()
    order = rng(2).permutation(200)
    one = common_dyad_bootstrap_sums(cell, value, 4, draws=20, rng=rng(3))
    other = common_dyad_bootstrap_sums(cell[order], value[order], 4, draws=20, rng=rng(3))
    assert np.array_equal(one, other)


def test_no_pairs_give_common_sums_of_zero():
    nothing = np.zeros((0, 2))
    sums = common_dyad_bootstrap_sums(nothing.astype(int), nothing, 3, draws=4, rng=rng())
    assert sums.shape == (2, 4, 3)
    assert not sums.any()


def test_classes_of_some_pairs_draw_what_those_pairs_alone_would():
    rng = np.random.default_rng(3)
    cell, value = rng.integers(0, 6, 80), rng.integers(1, 5, 80).astype(float)
    which = rng.random(80) < 0.4
    classes = PairClasses.of(cell, value, 7)

    ours = classes.sums(which, draws=30, rng=np.random.default_rng(1))

    alone = dyad_bootstrap_sums(
        cell[which], value[which], 7, draws=30, rng=np.random.default_rng(1)
    )
    np.testing.assert_array_equal(ours, alone)


def test_classes_without_any_pair_draw_nothing():
    classes = PairClasses.of(np.array([0, 1]), np.array([1.0, 2.0]), 2)

    sums = classes.sums(np.zeros(2, dtype=bool), draws=3, rng=np.random.default_rng(0))

    assert sums.tolist() == [[0.0, 0.0]] * 3
