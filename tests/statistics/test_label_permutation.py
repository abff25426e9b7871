"""Mantel's moments against every permutation there is."""

from itertools import permutations

import numpy as np
import pytest

from orgnet.statistics.label_permutation import (
    internal_strength_moments,
    permuted_internal_strength,
)

FIRST = np.array([0, 0, 1, 2, 3])
SECOND = np.array([1, 2, 2, 3, 4])
STRENGTH = np.array([1.0, 5.0, 2.0, 0.5, 3.0])


def internal(codes):
    codes = np.asarray(codes)
    return 2 * STRENGTH[codes[FIRST] == codes[SECOND]].sum()


@pytest.mark.parametrize(
    "codes", [[0, 0, 0, 1, 1], [0, 0, 1, 1, 2], [0, 1, 2, 3, 3], [0] * 4 + [1]]
)
def test_moments_are_those_of_all_permutations(codes):
    values = [internal(labels) for labels in permutations(codes)]
    mean, sd = internal_strength_moments(FIRST, SECOND, STRENGTH, np.bincount(codes))
    assert mean == pytest.approx(np.mean(values), abs=1e-9)
    assert sd == pytest.approx(np.std(values), abs=1e-9)


@pytest.mark.parametrize("sizes", [[1, 1], [1, 2], [3], [1, 1, 1]])
def test_moments_of_two_or_three_people_are_those_of_all_permutations(sizes):
    codes = np.repeat(np.arange(len(sizes)), sizes)
    tie = np.array([0]), np.array([1]), np.array([2.0])
    values = [4.0 * (labels[0] == labels[1]) for labels in permutations(codes)]
    mean, sd = internal_strength_moments(*tie, np.array(sizes))
    assert mean == pytest.approx(np.mean(values), abs=1e-12)
    assert sd == pytest.approx(np.std(values), abs=1e-12)


def test_moments_of_fewer_than_two_people_are_undefined():
    nothing = np.array([], dtype=np.int64)
    moments = internal_strength_moments(nothing, nothing, np.array([]), np.array([1]))
    assert np.isnan(moments).all()


def test_draws_have_the_exact_moments():
    codes = np.array([0, 0, 0, 1, 1])
    rng = np.random.default_rng(0)
    drawn = permuted_internal_strength(FIRST, SECOND, STRENGTH, codes, draws=20_000, rng=rng)
    mean, sd = internal_strength_moments(FIRST, SECOND, STRENGTH, np.bincount(codes))
    assert drawn.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(20_000))
    assert drawn.std() == pytest.approx(sd, rel=0.03)
