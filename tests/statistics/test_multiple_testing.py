"""The Benjamini-Hochberg adjustment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control

from orgnet.statistics.multiple_testing import benjamini_hochberg

# Benjamini and Hochberg (1995), section 3.2: fifteen tests, four rejected at .05.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_the_published_example_rejects_four_of_fifteen():
    adjusted = benjamini_hochberg(PUBLISHED)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[:4].tolist() == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])


@given(arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_it_agrees_with_scipy(p):
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p), abs=1e-12)


def test_nan_stays_nan_and_does_not_count():
    adjusted = benjamini_hochberg([np.nan, 0.02, np.nan, 0.5])
    assert np.isnan(adjusted[[0, 2]]).all()
    assert adjusted[[1, 3]].tolist() == [0.04, 0.5]


@pytest.mark.parametrize("p", [[], [np.nan, np.nan]])
def test_no_tests_give_no_adjusted_values(p):
    assert np.isnan(benjamini_hochberg(p)).all()
    assert len(benjamini_hochberg(p)) == len(p)


def test_the_input_is_left_as_it_was():
    p = np.array([0.04, 0.01])
    benjamini_hochberg(p)
    assert p.tolist() == [0.04, 0.01]
