"""Change between two windows: by hand, with drift and no change, and with a planted one."""

from itertools import combinations

import numpy as np
import pytest

from orgnet.statistics.change import external_change


def rng(seed=0):
    return np.random.default_rng(seed)


PAIRS = np.array(list(combinations(range(60), 2)))
CODES = np.arange(60) % 6
ONE, OTHER = CODES[PAIRS[:, 0]], CODES[PAIRS[:, 1]]
INSIDE = ONE == OTHER


def ties(seed, *, chance=0.25, outside=0.06, group=None, factor=1.0):
    """Ties of a firm; the chance of those outside of one group may be another."""
    rate = np.where(INSIDE, chance, outside)
    if group is not None:
        rate = np.where(~INSIDE & ((group == ONE) | (group == OTHER)), rate * factor, rate)
    return rng(seed).random(len(PAIRS)) < rate, rate


def two_windows(seed, *, turnover=0.3, weeks=12, **planted):
    """Strengths in two windows: a share of the ties is replaced, each tie active in some weeks."""
    before, _ = ties(seed)
    anew, rate = ties(seed + 50_000, **planted)
    _, old_rate = ties(seed)
    stays = before & (rng(seed + 90_000).random(len(PAIRS)) < np.minimum(1, rate / old_rate))
    replaced = rng(seed + 70_000).random(len(PAIRS)) < turnover
    added = anew & (rng(seed + 80_000).random(len(PAIRS)) < np.maximum(0, 1 - old_rate / rate))
    after = np.where(replaced, anew, stays | added)
    active = rng(seed + 10_000).binomial(weeks, 0.5, (len(PAIRS), 2))
    return np.column_stack([before, after]) * active


def changed(strength, seed=0, draws=200):
    there = strength.any(axis=1)
    return external_change(
        ONE[there], OTHER[there], strength[there].astype(float), 6, draws=draws, rng=rng(seed)
    )


def test_log_odds_are_those_of_strength_outside_and_inside():
    one, other = np.array([0, 0, 1]), np.array([0, 1, 1])
    strength = np.array([[3.0, 1.0], [2.0, 4.0], [1.0, 1.0]])
    result = external_change(one, other, strength, 2, draws=10, rng=rng())
    assert result.internal.tolist() == [[6, 2], [2, 2]]
    assert result.external.tolist() == [[2, 2], [4, 4]]
    assert result.log_odds[0] == pytest.approx(np.log([3 / 7, 3 / 3]))
    assert result.change == pytest.approx(np.log([5 / 3, 5 / 3]) - np.log([3 / 7, 1]))


def test_the_standard_deviation_is_that_of_one_multiplier_a_pair():
    strength = two_windows(1)
    there = strength.any(axis=1)
    result = changed(strength, draws=4000)
    multipliers = rng(5).poisson(1, (4000, there.sum()))
    ends = (ONE[there, None] == np.arange(6)) | (OTHER[there, None] == np.arange(6))
    inside = INSIDE[there, None]
    lines = []
    for window in (0, 1):
        value = strength[there, window, None]
        internal = 2 * multipliers @ (ends * inside * value)
        external = multipliers @ (ends * ~inside * value)
        lines.append(np.log((external + 1) / (internal + 1)))
    assert result.sd == pytest.approx((lines[1] - lines[0]).std(axis=0), rel=0.06)


def test_nothing_changed_gives_no_change():
    strength = np.repeat(two_windows(1)[:, :1], 2, axis=1)
    result = changed(strength)
    assert result.change.tolist() == [0.0] * 6
    # Not a single sample differs: there is nothing to measure the change with.
    assert np.isnan(result.z).all()


@pytest.mark.parametrize("turnover", [0.0, 0.3])
def test_ties_that_come_and_go_at_the_same_rates_raise_about_the_nominal_alarms(turnover):
    p = np.concatenate([changed(two_windows(s, turnover=turnover), s).p for s in range(100)])
    # Nominal 5 % of 600 tests, groups of one firm not quite independent.
    assert 0.01 < (p <= 0.05).mean() < 0.09


def test_a_group_that_doubles_its_contact_outside_is_found():
    found = [changed(two_windows(s, group=2, factor=2.5), s) for s in range(20)]
    assert np.mean([r.q[2] <= 0.1 and r.change[2] > 0 for r in found]) >= 0.8


def test_the_order_of_the_pairs_does_not_matter():
    strength = two_windows(3).astype(float)
    order = rng(1).permutation(len(strength))
    one = external_change(ONE, OTHER, strength, 6, draws=50, rng=rng(2))
    other = external_change(OTHER[order], ONE[order], strength[order], 6, draws=50, rng=rng(2))
    assert one.sd.tolist() == other.sd.tolist()


def test_a_group_without_contact_in_a_window_has_no_change():
    one, other = np.array([0, 0, 1]), np.array([0, 1, 1])
    strength = np.array([[3.0, 1.0], [2.0, 4.0], [1.0, 1.0]])
    result = external_change(one, other, strength, 3, draws=10, rng=rng())
    assert np.isnan([result.change[2], result.sd[2], result.p[2], result.q[2]]).all()
    gone = external_change(one, other, strength * [1, 0], 2, draws=10, rng=rng())
    assert np.isnan(gone.change).all()


def test_no_pairs_give_no_change():
    nothing = np.zeros(0, dtype=int)
    result = external_change(nothing, nothing, np.zeros((0, 2)), 2, draws=10, rng=rng())
    assert np.isnan(result.change).tolist() == [True, True]
