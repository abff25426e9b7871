"""Quick Poisson numbers against the distribution that they are to have."""

import numpy as np
import pytest
from scipy import stats

from orgnet.statistics.poisson_draws import poisson

DRAWS = 20_000


def drawn(means: list[int], seed: int = 0) -> np.ndarray:
    return np.asarray(poisson(np.array(means), DRAWS, np.random.default_rng(seed)))


def test_numbers_of_mean_one_come_as_often_as_they_should() -> None:
    numbers = drawn([1] * 50).ravel()
    expected = stats.poisson.pmf(np.arange(8), 1.0)
    found = np.bincount(numbers, minlength=8)[:8]
    rest = len(numbers) - found.sum()
    p = stats.chisquare(
        [*found, rest], len(numbers) * np.append(expected, 1 - expected.sum())
    ).pvalue
    assert p > 0.001


def test_numbers_that_sixteen_bits_do_not_decide_come_as_well() -> None:
    # Nine and more have together a chance of 1.1 in a million, a fourteenth of a step of 16 bits.
    numbers = np.concatenate([drawn([1] * 200, seed).ravel() for seed in range(4)])
    assert 2 <= np.count_nonzero(numbers >= 9) <= 40


@pytest.mark.parametrize(
    "means", [[1, 1, 1, 5], [1, 3, 7, 2], [4, 4, 4, 4], [1, 1, 2, 30], [9, 20, 1, 40]]
)
def test_every_column_has_its_own_mean_and_variance(means: list[int]) -> None:
    numbers = drawn(means)
    assert numbers.shape == (DRAWS, len(means))
    assert numbers.mean(axis=0) == pytest.approx(means, rel=0.04)
    assert numbers.var(axis=0) == pytest.approx(means, rel=0.06)


def test_columns_do_not_hang_together() -> None:
    correlated = np.corrcoef(drawn([1, 1, 1, 4]).T) - np.eye(4)
    assert np.abs(correlated).max() < 0.03


def test_the_same_seed_gives_the_same_numbers() -> None:
    assert np.array_equal(drawn([1, 2, 1], 5), drawn([1, 2, 1], 5))
    assert not np.array_equal(drawn([1, 2, 1], 5), drawn([1, 2, 1], 6))


def test_no_means_give_no_columns() -> None:
    assert drawn([]).shape == (DRAWS, 0)
