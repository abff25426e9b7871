"""Agreement of partitions against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from orgnet.statistics.partitions import partition_agreement


def by_scikit_learn(reference, detected):
    return (
        metrics.adjusted_mutual_info_score(reference, detected),
        metrics.adjusted_rand_score(reference, detected),
        *metrics.homogeneity_completeness_v_measure(reference, detected),
    )


def figures(agreement):
    return (
        agreement.ami,
        agreement.ari,
        agreement.homogeneity,
        agreement.completeness,
        agreement.v_measure,
    )


@given(seed=st.integers(0, 100_000), n=st.integers(1, 60), groups=st.integers(1, 8))
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_scikit_learn(seed, n, groups):
    rng = np.random.default_rng(seed)
    reference, detected = rng.integers(0, groups, n), rng.integers(0, rng.integers(1, n + 1), n)
    agreement = partition_agreement(reference, detected)
    assert figures(agreement) == pytest.approx(by_scikit_learn(reference, detected), abs=1e-9)


def test_it_agrees_with_scikit_learn_on_a_large_table():
    rng = np.random.default_rng(1)
    reference, detected = rng.integers(0, 20, 3000), rng.integers(0, 35, 3000)
    detected[:2000] = reference[:2000]
    agreement = partition_agreement(reference, detected)
    assert figures(agreement) == pytest.approx(by_scikit_learn(reference, detected), abs=1e-9)


def test_adjusted_rand_index_of_the_textbook_example():
    # Rand (1971), as worked in Hubert and Arabie (1985): {abc}{def} against {ab}{cde}{f}.
    agreement = partition_agreement([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 2])
    assert agreement.ari == pytest.approx((2 - 6 * 4 / 15) / ((6 + 4) / 2 - 6 * 4 / 15))


def test_many_random_groups_look_good_only_uncorrected():
    # measures.md 2.4: 300 people, 120 random communities.
    rng = np.random.default_rng(0)
    agreement = partition_agreement(rng.integers(0, 10, 300), rng.integers(0, 120, 300))
    assert agreement.v_measure > 0.3
    assert abs(agreement.ami) < 0.05
    assert abs(agreement.ari) < 0.02


@pytest.mark.parametrize("labels", [[1], [1, 1, 1], [1, 2, 3], [3, 3, 1, 1, 2]])
def test_the_same_groups_under_other_names_agree_fully(labels):
    agreement = partition_agreement(labels, [10 - label for label in labels])
    assert figures(agreement) == pytest.approx((1, 1, 1, 1, 1), abs=1e-12)


def test_one_group_against_one_each_has_no_agreement_beyond_chance():
    agreement = partition_agreement([0, 0, 0], [0, 1, 2])
    assert (agreement.ami, agreement.ari) == (0.0, 0.0)
    assert (agreement.homogeneity, agreement.completeness) == (1.0, 0.0)


def test_nothing_to_sort_is_undefined():
    assert np.isnan(figures(partition_agreement([], []))).all()


def test_text_labels_are_as_good_as_numbers():
    one = partition_agreement(["a", "b", "b"], [0, 1, 1])
    assert one == partition_agreement([0, 1, 1], [0, 1, 1])
