"""What is left of a network without some people: the same as of the network made anew."""

import dataclasses
import importlib

import numpy as np
import pandas as pd
import pytest

from measures.organisations import random_network
from orgnet.measures.bottlenecks import bus_factor, pair_dependency
from orgnet.measures.out_of_place import out_of_place
from orgnet.measures.silo_tests import silo_test
from orgnet.measures.thinned import Thinned
from orgnet.measures.weak_links import group_matrix
from orgnet.network import Network

silo_tests = importlib.import_module("orgnet.measures.silo_tests")

#: Every seed leaves somebody out; the last organisation has more groups than most.
CASES = [(60, 4, 0), (90, 6, 1), (150, 12, 2), (200, 30, 3)]


def organisation(people: int, groups: int, seed: int) -> tuple[Network, np.ndarray]:
    network = random_network(people, groups, seed, per_person=12)
    missing = np.random.default_rng(seed).random(people) < 0.2
    return network, missing


@pytest.mark.parametrize("case", CASES)
def test_the_silo_test_is_that_of_the_smaller_network(case: tuple[int, int, int]) -> None:
    network, missing = organisation(*case)

    ours = Thinned(network, "department").without(missing).silo_test(draws=50, seed=3)

    anew = silo_test(network.subset(~missing), by="department", draws=50, seed=3)
    pd.testing.assert_frame_equal(ours.loc[anew.index], anew)


@pytest.mark.parametrize("case", CASES)
def test_the_contact_of_groups_is_that_of_the_smaller_network(case: tuple[int, int, int]) -> None:
    network, missing = organisation(*case)

    ours = Thinned(network, "department").without(missing).contact()

    anew = group_matrix(network.subset(~missing), by="department")
    pd.testing.assert_frame_equal(ours, anew)


@pytest.mark.parametrize("case", CASES)
def test_dependencies_are_those_of_the_smaller_network(case: tuple[int, int, int]) -> None:
    network, missing = organisation(*case)
    part = network.subset(~missing)
    elsewhere = out_of_place(part, by="department")
    known = part.people["department"].astype(object).mask(elsewhere, None)
    part = dataclasses.replace(part, people=part.people.assign(department=known))

    ours = Thinned(network, "department").without(missing).dependencies(up_to=1.0)

    names = network.groups("department").names
    place = {name: position for position, name in enumerate(names)}
    anew = pair_dependency(part, by="department", activity="moments")
    a, b = (anew[side].map(place).to_numpy() for side in ("group_a", "group_b"))
    np.testing.assert_allclose(ours.dependency[a, b], anew["dependency"], rtol=1e-12)
    np.testing.assert_allclose(ours.q[a, b], anew["q"], rtol=1e-9)
    assert np.isfinite(ours.q).sum() == len(anew)
    factors = bus_factor(part, by="department")
    sole = [ours.sole[place[x], place[y]] for x, y in factors.index]
    assert sole == (factors == 1).tolist()
    codes = part.groups("department").codes
    ends = codes[part.pairs.first], codes[part.pairs.second]
    regular = part.pairs.regular & (ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])
    assert np.triu(ours.regular_ties).sum() == regular.sum()


def test_chances_above_the_limit_need_not_be_exact_and_change_nothing_below_it() -> None:
    network, missing = organisation(200, 8, 5)
    part = Thinned(network, "department").without(missing)

    exact, quick = part.dependencies(up_to=1.0), part.dependencies(up_to=0.3)

    below = exact.q <= 0.3
    np.testing.assert_allclose(quick.q[below], exact.q[below], rtol=1e-12)
    assert (quick.q[~below & np.isfinite(exact.q)] > 0.3).all()


def test_a_group_that_is_missing_altogether_takes_no_part() -> None:
    network, _ = organisation(120, 6, 7)
    missing = (network.people["department"] == "D02").to_numpy()

    part = Thinned(network, "department").without(missing)
    test = part.silo_test(draws=50, seed=0)

    anew = silo_test(network.subset(~missing), by="department", draws=50, seed=0)
    pd.testing.assert_frame_equal(test.drop("D02"), anew)
    assert not test.loc["D02", "silo"]
    assert np.isnan(part.dependencies(up_to=1.0).q[2]).all()


def test_with_many_groups_the_bootstrap_has_the_same_spread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = random_network(200, 8, 11, per_person=12)
    by_pairs = silo_test(network, by="department", draws=4000)
    monkeypatch.setattr(silo_tests, "_MANY_GROUPS", 2)

    by_groups = silo_test(network, by="department", draws=4000)

    np.testing.assert_allclose(by_groups["sd"], by_pairs["sd"], rtol=0.06)
    np.testing.assert_allclose(by_groups[["low", "high"]], by_pairs[["low", "high"]], rtol=0.03)
    assert by_groups["openness"].equals(by_pairs["openness"])
