"""What chance gives: external shares by headcount and by activity, and the odds of a tie inside."""

import numpy as np
import pandas as pd
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.errors import UsageError
from orgnet.measures.expectations import external_share_expected
from orgnet.measures.odds_ratio import odds_ratio_within
from orgnet.measures.silos import ei_index_expected, external_share, openness
from orgnet.network import Network

NULLS = ["headcount", "activity"]


def expected_by_hand(network):
    """Each person's contact spread over all others in proportion to their strength."""
    codes = network.groups("department").codes
    strength = np.asarray(network.symmetric_strength.sum(axis=1)).ravel()
    product = np.outer(strength, strength)
    np.fill_diagonal(product, 0)
    same = codes[:, None] == codes[None, :]
    groups = range(codes.max() + 1)
    shares = [(product * ~same)[codes == g].sum() / product[codes == g].sum() for g in groups]
    return shares, (product * same).sum() / product.sum()


def test_barbell_by_headcount_has_the_published_expectation():
    values = external_share_expected(barbell(), by="department")
    assert values.tolist() == pytest.approx([0.6, 0.6], abs=1e-12)
    assert values.name == "external_share_expected"
    assert values.index.name == "group"


@pytest.mark.parametrize("seed", range(3))
def test_expectation_by_activity_is_that_of_every_pair_in_turn(seed):
    network = random_network(seed=seed)
    shares, internal = expected_by_hand(network)
    values = external_share_expected(network, by="department", null="activity")
    assert values.tolist() == pytest.approx(shares, abs=1e-12)
    index = ei_index_expected(network, by="department", null="activity")
    assert index == pytest.approx(1 - 2 * internal, abs=1e-12)


def test_both_expectations_are_the_same_where_everybody_is_equally_active():
    ring = network_of([(i, (i + 1) % 12) for i in range(12)], list("AAAABBBBCCCC"))
    one, other = (external_share_expected(ring, by="department", null=null) for null in NULLS)
    assert one.tolist() == pytest.approx(other.tolist(), abs=1e-12)
    assert ei_index_expected(ring, by="department") == pytest.approx(
        ei_index_expected(ring, by="department", null="activity")
    )


@pytest.mark.parametrize("null", NULLS)
def test_openness_is_the_share_over_its_expectation(null):
    network = random_network(seed=4)
    shares = external_share(network, by="department")
    expected = external_share_expected(network, by="department", null=null)
    values = openness(network, by="department", null=null)
    assert values.tolist() == pytest.approx((shares / expected).tolist(), abs=1e-12)


def test_a_busy_group_is_expected_to_meet_itself_more():
    ties = [(a, b, 10.0) for a in range(4) for b in range(a)]
    ties += [(a, b, 1.0) for a in range(4, 8) for b in range(a)]
    network = network_of(ties, list("AAAABBBB"))
    by_activity = external_share_expected(network, by="department", null="activity")
    assert by_activity["A"] < external_share_expected(network, by="department")["A"]
    assert by_activity["A"] < by_activity["B"]


def test_expectation_does_not_depend_on_the_order_of_people_or_ties_or_on_scale():
    ties, people = random_ties(40, 4, seed=5)
    expected = external_share_expected(
        Network.from_ties(ties, people), by="department", null="activity"
    )
    for other in (
        relabelled(ties, people, 3),
        Network.from_ties(ties.assign(strength=ties["strength"] * 7), people),
    ):
        values = external_share_expected(other, by="department", null="activity")
        assert values.tolist() == pytest.approx(expected.tolist(), abs=1e-12)


@pytest.mark.parametrize("null", NULLS)
@pytest.mark.parametrize("case", unmeasurable())
def test_expectations_are_undefined_with_the_reason(case, null):
    network, reason = unmeasurable()[case]
    values = external_share_expected(network, by="department", null=null)
    assert values.attrs["reason"] == reason
    assert values.isna().all()
    assert np.isnan(odds_ratio_within(network, by="department"))


def test_a_group_without_a_tie_has_no_expectation_by_activity():
    network = network_of([(0, 2), (1, 2)], list("AABC"))
    values = external_share_expected(network, by="department", null="activity")
    assert np.isnan(values["C"])
    assert np.isnan(
        ei_index_expected(network_of([], list("AABB")), by="department", null="activity")
    )


@pytest.mark.parametrize("measure", [external_share_expected, ei_index_expected, openness])
def test_another_null_is_refused(measure):
    with pytest.raises(UsageError, match=r"null is 'activty'.*Did you mean 'activity'"):
        measure(barbell(), by="department", null="activty")


def test_people_of_unknown_group_and_unobserved_people_change_nothing():
    ties, people = random_ties(40, 4, seed=2)
    lost = pd.DataFrame({"person": ["x"], "department": [None]})
    more = pd.concat([ties, pd.DataFrame([("x", 1, 50.0)], columns=ties.columns)])
    one = Network.from_ties(ties, people)
    other = Network.from_ties(more, pd.concat([people, lost]))
    for null in NULLS:
        expected = external_share_expected(one, by="department", null=null)
        values = external_share_expected(other, by="department", null=null)
        assert values.tolist() == expected.tolist()
    assert odds_ratio_within(one, by="department") == odds_ratio_within(other, by="department")


# ---------------------------------------------------------------- odds ratio


def test_odds_ratio_is_that_of_the_four_counts():
    network = random_network(50, 4, seed=1, per_person=3)
    codes = network.groups("department").codes
    tied = network.symmetric_strength.toarray() > 0
    upper = np.triu(np.ones((50, 50), dtype=bool), 1)
    same = codes[:, None] == codes[None, :]
    a, b = (tied & same & upper).sum(), (~tied & same & upper).sum()
    c, d = (tied & ~same & upper).sum(), (~tied & ~same & upper).sum()
    assert odds_ratio_within(network, by="department") == pytest.approx(a * d / (b * c))


def test_an_empty_cell_adds_a_half_to_all_four():
    # Barbell: 6 of 6 pairs inside, 1 of 9 between.
    assert odds_ratio_within(barbell(), by="department") == pytest.approx(6.5 * 8.5 / (0.5 * 1.5))


def test_without_colleagues_there_are_no_odds():
    assert np.isnan(odds_ratio_within(network_of([(0, 1)], list("AB")), by="department"))
