"""How much values differ beyond their errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.statistics.heterogeneity import between_variance


def test_values_that_differ_by_their_errors_alone_have_no_variance_between_them():
    assert between_variance([0.0, 0.1, -0.1, 0.05], [1.0] * 4) == 0.0


def test_without_errors_it_is_the_squared_median_deviation():
    # Deviations from the median 3: 2, 1, 0, 1, 2; their median is 1.
    assert between_variance([1, 2, 3, 4, 5], [0.0] * 5) == pytest.approx(1 / 0.6745**2)


def test_it_finds_the_variance_that_values_were_drawn_with():
    rng = np.random.default_rng(3)
    errors = rng.uniform(0.01, 0.2, 4000)
    values = rng.normal(0, 0.5, 4000) + rng.normal(0, np.sqrt(errors))

    assert between_variance(values, errors) == pytest.approx(0.25, rel=0.1)


def test_a_few_far_away_hardly_change_it():
    rng = np.random.default_rng(4)
    values = rng.normal(0, 0.3, 20)
    far = values.copy()
    far[:3] = -9.0

    assert between_variance(far, [0.01] * 20) < 3 * between_variance(values, [0.01] * 20)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_values_do_not_differ(values):
    assert between_variance(values, [0.1] * len(values)) == 0.0


def test_equal_values_without_errors_do_not_differ():
    assert between_variance([2.0, 2.0, 2.0], [0.0, 0.0, 0.0]) == 0.0


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=12),
    st.floats(0.01, 2),
    st.floats(-3, 3),
    st.floats(0.1, 4),
)
def test_it_does_not_depend_on_the_origin_and_grows_with_the_square_of_the_unit(
    values, error, shift, unit
):
    x = np.array(values)
    one = between_variance(x, np.full(len(x), error))
    moved = between_variance((x + shift) * unit, np.full(len(x), error * unit**2))

    assert moved == pytest.approx(one * unit**2, rel=1e-6, abs=1e-9)
