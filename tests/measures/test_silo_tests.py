"""The E-I index under label permutation, and the test for silos."""

from itertools import permutations

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
    weekly_network,
)
from orgnet.errors import UsageError
from orgnet.measures.silo_tests import ei_index_permutation, silo_test
from orgnet.measures.silos import ei_index, ei_index_expected, external_share, openness
from orgnet.network import Network
from support import shared

COLUMNS = [
    "external_share",
    "openness",
    "low",
    "high",
    "log_openness",
    "others_median",
    "difference",
    "sd",
    "z",
    "p",
    "q",
    "chance_q",
    "median_others",
    "floor_passed",
    "silo",
]


def with_silo(seed, *, share=0.2, n=200, k=8):
    """Equal departments; of the cross ties of the first, D00, only a share is left."""
    rng = np.random.default_rng(seed)
    code = np.arange(n) % k
    sender, recipient = rng.integers(0, n, (2, n * 14))
    inside = code[sender] == code[recipient]
    closed = (code[sender] == 0) | (code[recipient] == 0)
    keep = (sender != recipient) & (inside | (rng.random(len(sender)) < np.where(closed, share, 1)))
    # As many more ties inside as there are across, so that the departments are departments.
    a = rng.integers(0, n // k, (2, n * 8)) * k
    shift = rng.integers(0, k, n * 8)
    ties = pd.DataFrame(
        {
            "sender": np.r_[sender[keep], a[0] + shift],
            "recipient": np.r_[recipient[keep], a[1] + shift],
        }
    ).drop_duplicates()
    people = pd.DataFrame({"person": np.arange(n), "department": [f"D{c:02}" for c in code]})
    return Network.from_ties(ties, people)


# ---------------------------------------------------------------- label permutation


def test_barbell_has_the_moments_of_all_its_labellings():
    result = ei_index_permutation(barbell(), by="department")
    values = []
    for labels in set(permutations("LLLRRR")):
        people = barbell().people.assign(department=list(labels))
        values.append(ei_index(Network(people=people, pairs=barbell().pairs), by="department"))
    assert result["observed"] == pytest.approx(-5 / 7)
    assert result["expected"] == pytest.approx(np.mean(values), abs=1e-12)
    assert result["sd"] == pytest.approx(np.std(values), abs=1e-12)
    assert result["z"] == pytest.approx((-5 / 7 - np.mean(values)) / np.std(values))


def test_drawn_p_of_the_barbell_is_that_of_all_its_labellings():
    # Two of the twenty ways to split six people have seven ties so placed.
    p = ei_index_permutation(barbell(), by="department", draws=4000)["p"]
    assert p == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_observed_and_expected_are_the_measures_of_that_name(seed):
    network = random_network(seed=seed)
    result = ei_index_permutation(network, by="department")
    assert result["observed"] == pytest.approx(ei_index(network, by="department"))
    assert result["expected"] == pytest.approx(ei_index_expected(network, by="department"))


def test_normal_and_drawn_p_agree_where_nothing_is_planted():
    network = random_network(80, 4, seed=8, cohesion=0.0)
    normal = ei_index_permutation(network, by="department")["p"]
    drawn = ei_index_permutation(network, by="department", draws=2000)["p"]
    assert 0.05 < normal < 0.95
    assert drawn == pytest.approx(normal, abs=0.06)


def test_drawn_p_is_never_zero():
    network = random_network(60, 3, seed=0, cohesion=0.9)
    assert ei_index_permutation(network, by="department", draws=99)["p"] == 0.01


def test_isolated_people_count_as_people():
    one = ei_index_permutation(network_of([(0, 1), (2, 3)], list("AABB")), by="department")
    more = ei_index_permutation(network_of([(0, 1), (2, 3)], list("AABBAB")), by="department")
    assert more["expected"] == pytest.approx(1 - 2 * 12 / 30)
    assert one["expected"] == pytest.approx(1 - 2 * 4 / 12)


def test_people_of_unknown_department_take_no_part():
    one = network_of([(0, 1), (1, 2), (2, 3)], list("AABB"))
    more = network_of([(1, 2), (2, 3), (3, 4), (0, 1)], [None, *"AABB"])
    for draws in (0, 50):
        pd.testing.assert_series_equal(
            ei_index_permutation(one, by="department", draws=draws),
            ei_index_permutation(more, by="department", draws=draws),
        )


def test_where_every_labelling_gives_the_same_there_is_no_p():
    result = ei_index_permutation(network_of([(0, 1)], list("AB")), by="department", draws=9)
    assert result[["observed", "expected", "sd"]].tolist() == [1.0, 1.0, 0.0]
    assert result[["z", "p"]].isna().all()


@pytest.mark.parametrize("case", unmeasurable())
def test_permutation_is_undefined_with_the_reason(case):
    network, reason = unmeasurable()[case]
    result = ei_index_permutation(network, by="department")
    assert result.isna().all()
    assert result.attrs["reason"] == reason


def test_negative_number_of_draws_is_refused():
    with pytest.raises(UsageError, match="draws is -1, expected 0 or more"):
        ei_index_permutation(barbell(), by="department", draws=-1)


# ---------------------------------------------------------------- silos


def test_a_planted_silo_is_found_and_nothing_else():
    found = [
        test.index[test["silo"]].tolist()
        for test in (silo_test(with_silo(seed), by="department", draws=200) for seed in range(6))
    ]
    assert found == [["D00"]] * 6


def test_equal_departments_have_no_silo():
    alarms = sum(
        silo_test(with_silo(seed, share=1.0), by="department", draws=200)["silo"].sum()
        for seed in range(20)
    )
    assert alarms == 0


def test_an_organisation_in_which_all_are_closed_has_no_silo():
    network = random_network(200, 8, seed=0, cohesion=0.95, per_person=40)
    test = silo_test(network, by="department")
    assert (test["openness"] < 0.6).all()
    assert not test["silo"].any()


def test_the_estimates_are_the_measures_of_that_name():
    network = random_network(seed=4)
    test = silo_test(network, by="department", draws=50)
    assert test.columns.tolist() == COLUMNS
    for measure in (external_share, openness):
        pd.testing.assert_series_equal(test[measure.__name__], measure(network, by="department"))


def test_the_statistic_is_that_of_its_definition():
    network = random_network(seed=4)
    test = silo_test(network, by="department", draws=400, seed=3)
    strength = network.symmetric_strength.toarray()
    codes, n = network.groups("department").codes, network.n
    one_hot = np.eye(codes.max() + 1)[codes]
    matrix, size = one_hot.T @ strength @ one_hot, one_hot.sum(axis=0)
    internal = np.diagonal(matrix)
    external = matrix.sum(axis=1) - internal
    share = (external + 1) / (external + internal + 2)
    x = np.log(share * (n - 1) / (n - size))
    assert test["log_openness"].to_numpy() == pytest.approx(x)
    others = [np.median(np.delete(test["openness"].to_numpy(), g)) for g in range(5)]
    assert test["median_others"].to_numpy() == pytest.approx(others)
    others = [np.median(np.delete(x, g)) for g in range(5)]
    assert test["others_median"].to_numpy() == pytest.approx(others)
    assert (test["difference"] == test["log_openness"] - test["others_median"]).all()
    assert (test["sd"] > test.attrs["between_sd"]).all()


def test_the_bootstrap_agrees_with_one_multiplier_a_pair():
    network = random_network(80, 4, seed=4)
    test = silo_test(network, by="department", draws=4000)
    pairs, codes = network.pairs, network.groups("department").codes
    a, b, n = codes[pairs.first], codes[pairs.second], network.n
    size = np.bincount(codes)
    drawn = np.random.default_rng(9).poisson(1, (4000, len(pairs))) * pairs.strength
    spread, low = [], []
    for g in range(4):
        internal = 2 * drawn[:, (a == g) & (b == g)].sum(axis=1)
        external = drawn[:, (a == g) != (b == g)].sum(axis=1)
        x = external / (external + internal) * (n - 1) / (n - size[g])
        spread.append(np.percentile(x, 97.5))
        low.append(np.percentile(x, 2.5))
    assert test["high"].to_numpy() == pytest.approx(spread, rel=0.02)
    assert test["low"].to_numpy() == pytest.approx(low, rel=0.02)


def test_interval_holds_the_estimate_and_narrows_with_more_ties():
    wide = silo_test(random_network(60, 4, seed=1, per_person=6), by="department")
    narrow = silo_test(random_network(60, 4, seed=1, per_person=60), by="department")
    for test in (wide, narrow):
        assert ((test["low"] <= test["openness"]) & (test["openness"] <= test["high"])).all()
    assert (narrow["high"] - narrow["low"]).max() < (wide["high"] - wide["low"]).min()


def test_dated_networks_are_tested_the_same_way():
    test = silo_test(weekly_network(80, 4, seed=2), by="department", draws=100)
    assert test[["low", "high", "z", "p", "q"]].notna().all(axis=None)


def test_departments_of_one_and_without_a_tie_take_no_part():
    ties = [(0, 1), (1, 2), (0, 3), (3, 4), (4, 5), (2, 6), (5, 6)]
    test = silo_test(network_of(ties, [*"AAABBB", "C", "D", "D"]), by="department", draws=50)
    assert test["openness"].isna().tolist() == [False, False, True, True]
    numbers = test.loc[["C", "D"]].drop(columns=["floor_passed", "silo"])
    assert numbers.isna().all(axis=None)
    assert not test.loc[["C", "D"], ["floor_passed", "silo"]].any(axis=None)
    assert test.loc["A", "others_median"] == test.loc["B", "log_openness"]
    assert test.loc["A", "median_others"] == test.loc["B", "openness"]


def test_one_usable_department_cannot_be_compared():
    test = silo_test(network_of([(0, 1), (1, 2)], list("AAB")), by="department")
    assert test.attrs["reason"] == "single_group"
    assert test["z"].isna().all()


@pytest.mark.parametrize("case", unmeasurable())
def test_silo_test_is_undefined_with_the_reason(case):
    network, reason = unmeasurable()[case]
    test = silo_test(network, by="department", draws=20)
    assert test.columns.tolist() == COLUMNS
    assert test.drop(columns=["floor_passed", "silo"]).isna().all(axis=None)
    assert test[["floor_passed", "silo"]].dtypes.tolist() == [bool, bool]
    assert test.attrs["reason"] == reason


def test_the_same_seed_gives_the_same_and_another_seed_another_interval():
    network = random_network(seed=1)
    one = silo_test(network, by="department", draws=50)
    pd.testing.assert_frame_equal(one, silo_test(network, by="department", draws=50))
    other = silo_test(network, by="department", draws=50, seed=1)
    assert (one["low"] != other["low"]).any()
    assert one["openness"].equals(other["openness"])


def test_relabelling_and_row_order_change_nothing():
    ties, people = random_ties(50, 4, seed=6)
    pd.testing.assert_frame_equal(
        silo_test(Network.from_ties(ties, people), by="department", draws=30),
        silo_test(relabelled(ties, people, 1), by="department", draws=30),
    )


def test_a_single_draw_is_refused():
    with pytest.raises(UsageError, match="draws is 1, expected at least 2"):
        silo_test(barbell(), by="department", draws=1)


def test_real_mail_is_tested_in_every_department_of_two_or_more():
    folder = shared("data/email-eu-core")
    people = pd.read_csv(folder / "departments.csv").rename(columns={"id": "person"})
    edges = pd.read_csv(folder / "edges.csv").rename(columns={"from": "sender", "to": "recipient"})
    network = Network.from_ties(edges, people)
    test = silo_test(network, by="department", draws=100)
    size = network.groups("department").sizes
    volume = external_share(network, by="department").notna().to_numpy()
    assert test["p"].notna().tolist() == ((size >= 2) & volume).tolist()
