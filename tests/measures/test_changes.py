"""Whether departments opened or closed from one window to the next."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from measures.organisations import network_of, random_network, random_ties
from orgnet.errors import UsageError
from orgnet.measures import openness
from orgnet.measures.changes import openness_change
from orgnet.network import Network

CODES = np.arange(48) % 4
PAIRS = np.array(list(combinations(range(48), 2)))
NAMES = ["ABCD"[code] for code in CODES]


def window(seed, *, closed=None):
    """Ties at fixed rates; a closed department has a fifth of its ties outside."""
    one, other = CODES[PAIRS].T
    rate = np.where(one == other, 0.4, 0.12)
    if closed is not None:
        code = "ABCD".index(closed)
        rate[(one != other) & ((one == code) | (other == code))] /= 5
    there = np.random.default_rng(seed).random(len(PAIRS)) < rate
    return network_of(PAIRS[there].tolist(), NAMES)


def change(before, after, **options):
    return openness_change(before, after, by="department", **({"draws": 200} | options))


def test_a_department_that_closes_is_found():
    table = change(window(1), window(2, closed="B"))
    assert table["changed"].to_dict()["B"]
    assert table.loc["B", "difference"] < -0.3


def test_unchanged_rates_are_rarely_called_a_change():
    firms = [change(window(s), window(1000 + s)) for s in range(60)]
    # Nominal: one firm in ten.
    assert np.mean([table["changed"].any() for table in firms]) <= 0.2


def test_openness_is_that_of_the_measure():
    before, after = window(1), window(2)
    table = change(before, after)
    assert table["openness_before"].tolist() == pytest.approx(
        openness(before, by="department").tolist()
    )
    assert table["openness_after"].tolist() == pytest.approx(
        openness(after, by="department").tolist()
    )


def test_a_small_change_is_not_called():
    before, after = window(1), window(2, closed="B")
    assert not change(before, after, minimum=5.0)["changed"].any()


def test_people_of_one_window_alone_are_left_out():
    before = network_of([(0, 1), (1, 2), (2, 3)], list("AABB"))
    after = network_of([(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)], list("AABBB"))
    table = change(before, after)
    assert table["people"].tolist() == [2, 2]
    assert table["difference"].tolist() == [0.0, 0.0]


def test_people_keep_the_department_they_had():
    before = network_of([(0, 1), (1, 2), (2, 3)], list("AABB"))
    after = network_of([(0, 1), (1, 2), (2, 3)], list("ABBB"))
    assert change(before, after)["difference"].tolist() == [0.0, 0.0]


def test_people_who_were_not_seen_in_a_window_are_left_out():
    ties = [(0, 1), (1, 2), (2, 3)]
    before = network_of(ties, list("AABBB"), observed=[True] * 4 + [False])
    assert change(before, network_of(ties, list("AABBB")))["people"].tolist() == [2, 2]


def test_a_department_of_one_has_no_change():
    before = network_of([(0, 1), (1, 2), (0, 2), (0, 3)], list("AABBC"))
    after = network_of([(0, 1), (1, 2), (2, 3), (0, 4)], list("AABBC"))
    table = change(before, after)
    assert table.loc["C"].drop(["people", "changed"]).isna().all()
    assert not table.loc["C", "changed"]


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        (network_of([], []), "single_group"),
        (network_of([(0, 1)], list("AA")), "single_group"),
        (network_of([], list("AABB")), "no_ties"),
    ],
)
def test_where_nothing_is_defined_there_is_a_reason(network, reason):
    table = change(network, network)
    assert table.attrs["reason"] == reason
    assert table.drop(columns=["people", "changed"]).isna().all(axis=None)
    assert table["changed"].dtype == bool


def test_the_order_of_rows_does_not_matter():
    ties, people = random_ties(30, 3, 0)
    other = random_network(30, 3, 1)
    shuffled = Network.from_ties(
        ties.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    )
    one = change(Network.from_ties(ties, people), other)
    pd.testing.assert_frame_equal(one, change(shuffled, other))


def test_too_few_draws_are_refused():
    with pytest.raises(UsageError, match="draws is 1, expected at least 2"):
        change(window(1), window(1), draws=1)
