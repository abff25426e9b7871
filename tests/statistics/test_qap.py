"""Correlation of two networks against numpy, and against every permutation there is."""

from itertools import permutations

import numpy as np
import pytest
from scipy import sparse

from orgnet.statistics.qap import permutation_p, qap_correlation

OFF = ~np.eye(7, dtype=bool)


def network(seed, n=7):
    return np.random.default_rng(seed).random((n, n))


def by_numpy(x, y):
    return np.corrcoef(x[OFF], y[OFF])[0, 1]


def test_the_correlation_is_pearsons_over_the_ordered_pairs():
    x, y = network(1), network(2)
    assert qap_correlation(x, y).correlation == pytest.approx(by_numpy(x, y), abs=1e-12)


def test_p_is_that_of_every_permutation():
    x = np.array([[0, 1, 1, 0, 0], [1, 0, 1, 0, 0], [1, 1, 0, 1, 0], [0, 0, 1, 0, 1],
                  [0, 0, 0, 1, 0]], dtype=float)  # fmt: skip
    codes = np.array([0, 0, 0, 1, 1])
    y = (codes[:, None] == codes).astype(float)
    off = ~np.eye(5, dtype=bool)
    observed = (x * y)[off].sum()
    every = [(x[np.ix_(o, o)] * y)[off].sum() for o in permutations(range(5))]
    exact = np.mean(np.array(every) >= observed)
    result = qap_correlation(x, codes, permutations=4000, seed=1)
    assert result.p_greater == pytest.approx(exact, abs=0.02)
    scale = result.correlation / (observed - np.mean(every))
    assert result.mean == pytest.approx(0.0, abs=0.02)
    assert result.sd == pytest.approx(np.std(every) * scale, rel=0.05)


def test_sparse_full_and_grouped_networks_give_the_same():
    codes = np.array([0, 0, 1, 1, 1, 2, 2])
    x, y = (network(1) > 0.6).astype(float), (codes[:, None] == codes).astype(float)
    full = qap_correlation(x, y, permutations=99)
    held = qap_correlation(sparse.csr_array(x), codes, permutations=99)
    assert held.correlation == pytest.approx(full.correlation, abs=1e-12)
    assert (held.p, held.p_greater, held.p_less) == (full.p, full.p_greater, full.p_less)


def test_a_network_correlates_fully_with_itself():
    result = qap_correlation(network(1), 3 * network(1) + 2, permutations=99)
    assert result.correlation == pytest.approx(1)
    assert result.p_greater == 0.01


def test_networks_that_have_nothing_to_do_with_each_other_raise_few_alarms():
    # People differ in how active they are: what makes the ordinary test fail.
    rng = np.random.default_rng(0)
    alarms = 0
    for seed in range(200):
        x, y = (rng.normal(size=(20, 20)) + rng.normal(size=20)[:, None] for _ in range(2))
        alarms += qap_correlation(x, y, permutations=99, seed=seed).p <= 0.05
    # Binomial, 99.9 %.
    assert alarms / 200 < 0.11


@pytest.mark.parametrize(
    "x", [np.zeros((4, 4)), np.ones((4, 4)), np.zeros(4, dtype=int), 0.1 * np.ones((4, 4))]
)
def test_a_constant_network_has_no_correlation(x):
    result = qap_correlation(x, network(1, n=4), permutations=9)
    assert np.isnan([result.correlation, result.p, result.mean, result.sd]).all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_people_have_no_correlation(n):
    assert np.isnan(qap_correlation(network(1, n=n), network(2, n=n)).correlation)


def test_networks_of_other_people_are_refused():
    with pytest.raises(ValueError, match="have 3 and 4 people, expected the same"):
        qap_correlation(network(1, n=3), network(1, n=4))


def test_p_is_never_zero_and_equal_up_to_rounding_counts():
    assert permutation_p(1.0, np.array([0.0, 0.0, 1.0 - 1e-12])) == (0.5, 1.0, 0.5)
