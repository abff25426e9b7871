import numpy as np
import pandas as pd
import pytest

from measures.organisations import barbell, network_of, unmeasurable, weekly_network
from orgnet.errors import UsageError
from orgnet.measures.alignment import horizontal_alignment_index
from orgnet.measures.bottlenecks import bus_factor
from orgnet.measures.edits import (
    with_added_ties,
    with_merged_groups,
    with_moved_people,
    without_people,
)
from orgnet.measures.what_if import what_if
from orgnet.network import Network


def scores(network: Network) -> list[float]:
    index = horizontal_alignment_index(network, by="department", draws=0)
    return [index.value, index.openness, index.coverage, index.resilience]


@pytest.mark.parametrize("dated", [True, False])
def test_both_columns_are_the_index_of_the_two_networks(dated: bool) -> None:
    network = weekly_network(50, 5, 1) if dated else barbell()
    edited = without_people(network, network.index[[2, 4]])

    table = what_if(network, edited, by="department", draws=20)

    assert table["before"].tolist() == pytest.approx(scores(network), abs=1e-9)
    assert table["after"].tolist() == pytest.approx(scores(edited), abs=1e-9)
    assert table["change"].tolist() == pytest.approx(
        (table["after"] - table["before"]).tolist(), abs=1e-12
    )
    assert table["low"].notna().all() == dated
    assert table.attrs.get("reason") == (None if dated else "no_weeks")


def test_the_same_network_twice_does_not_change_in_any_sample() -> None:
    network = weekly_network(50, 5, 2)

    table = what_if(network, network, by="department", draws=50)

    assert (table[["change", "low", "high"]] == 0).all(axis=None)


def test_the_interval_holds_the_change_and_repeats_with_the_seed() -> None:
    network = weekly_network(60, 5, 3)
    edited = without_people(network, network.index[:12])

    table = what_if(network, edited, by="department", draws=200, seed=4)

    assert table.loc["openness", "low"] <= table.loc["openness", "change"]
    assert table.loc["openness", "change"] <= table.loc["openness", "high"]
    pd.testing.assert_frame_equal(
        table, what_if(network, edited, by="department", draws=200, seed=4)
    )


@pytest.mark.parametrize("case", unmeasurable())
def test_where_the_index_is_undefined_so_is_its_change(case: str) -> None:
    network, reason = unmeasurable()[case]

    table = what_if(network, network, by="department")

    assert table.isna().all(axis=None)
    assert table.attrs["reason"] == reason


def test_other_weeks_and_negative_draws_are_refused() -> None:
    with pytest.raises(UsageError, match="the two networks have other weeks"):
        what_if(barbell(), weekly_network(10, 2, 1), by="department")
    with pytest.raises(UsageError, match="draws is -1, expected 0 or more"):
        what_if(barbell(), barbell(), by="department", draws=-1)


# ---------------------------------------------------------------- edits


def test_who_is_gone_takes_their_ties_along() -> None:
    edited = without_people(barbell(), ["2"])

    assert edited.index.tolist() == ["0", "1", "3", "4", "5"]
    assert len(edited.pairs) == 4
    assert len(barbell().pairs) == 7


def test_merged_and_moved_people_keep_their_contact() -> None:
    network = network_of([(0, 1), (1, 2)], list("ABC"))

    merged = with_merged_groups(network, ["A", "B"], by="department", name="AB")
    moved = with_moved_people(network, ["2"], by="department", group="A")

    assert merged.people["department"].tolist() == ["AB", "AB", "C"]
    assert moved.people["department"].tolist() == ["A", "B", "A"]
    assert merged.pairs is moved.pairs is network.pairs
    assert network.people["department"].tolist() == ["A", "B", "C"]


@pytest.mark.parametrize("dated", [True, False])
def test_each_added_pair_is_one_more_who_can_be_missed(dated: bool) -> None:
    network = weekly_network(30, 3, 1, per_person=1) if dated else barbell()
    a, b = network.groups("department").names[:2]
    factor = bus_factor(network, by="department")[a, b]
    codes = network.groups("department").codes
    pairs = list(zip(network.index[codes == 0][:3], network.index[codes == 1][:3], strict=True))

    edited = with_added_ties(network, pairs)

    grown = bus_factor(edited, by="department")[a, b]
    assert factor < grown <= factor + 3
    assert grown == 3 or dated


def test_an_added_tie_is_the_middle_regular_tie() -> None:
    network = weekly_network(40, 4, 1)
    free = [(a, b) for a in network.index[:8] for b in network.index[20:28]]
    usual = int(np.median(network.pairs.active_weeks[network.pairs.regular]))

    edited = with_added_ties(network, free)

    old = {(a, b) for a, b in zip(network.pairs.first, network.pairs.second, strict=True)}
    new = np.array(
        [pair not in old for pair in zip(edited.pairs.first, edited.pairs.second, strict=True)]
    )
    assert new.sum() > 40
    assert (edited.pairs.active_weeks[new] == usual).all()
    assert (edited.pairs.strength[new] == 2 * usual).all()
    assert edited.pairs.regular[new].all()
    assert edited.pairs.strength.tolist() == pytest.approx(
        (edited.pairs.forward + edited.pairs.backward).tolist(), abs=1e-12
    )
    kept = edited.pairs.strength[~new]
    assert (kept >= network.pairs.strength).all()


def test_nothing_added_is_nothing_changed() -> None:
    network = barbell()

    assert with_added_ties(network, []) is network


def test_strangers_unobserved_people_and_pairs_of_one_are_refused() -> None:
    network = network_of([(0, 1)], list("AAB"), observed=[True, True, False])

    with pytest.raises(UsageError, match="1 of 2 ids are not among the people"):
        with_added_ties(network, [("0", "99")])
    with pytest.raises(UsageError, match="somebody who was not observed"):
        with_added_ties(network, [("0", "2")])
    with pytest.raises(UsageError, match="the same person twice"):
        with_added_ties(network, [("0", "0")])
    with pytest.raises(UsageError, match=r"no groups \['Z'\] in 'department'; there are \['A'\]"):
        with_merged_groups(network, ["A", "Z"], by="department", name="B")
