"""Who makes how much of a number, at the edges: equal parts, two contributors, nothing at all."""

import numpy as np
import pandas as pd
import pytest

from orgnet.contributions import contributions
from orgnet.disclosure import DisclosurePolicy
from orgnet.network import Network

PEOPLE = pd.DataFrame(
    {
        "person": [f"{side}{number}" for side in "ab" for number in range(8)],
        "department": ["A"] * 8 + ["B"] * 8,
    }
)


def of_a(*parts: int, strength: float = 1.0) -> dict[str, float]:
    """What is known of A's side where its people have so many ties with B."""
    ties = [(f"a{who}", f"b{other}") for who, count in enumerate(parts) for other in range(count)]
    table = pd.DataFrame(ties, columns=["sender", "recipient"]).assign(strength=strength)
    network = Network.from_ties(table, PEOPLE, directed=False)
    found = contributions(network, network.groups("department")).set_index(["own", "other"])
    return {str(name): float(value) for name, value in found.loc[(0, 1)].items()}


def reason(*parts: int, strength: float = 1.0) -> str | None:
    told = of_a(*parts, strength=strength)
    return DisclosurePolicy().concentrated(told["largest"], told["rest"])


def test_two_contributors_are_told_apart_by_each_other() -> None:
    assert reason(4, 4) == "two_people"
    assert reason(5, 4) == "one_person"


def test_exactly_half_is_not_more_than_half() -> None:
    assert of_a(4, 1, 1, 1, 1)["largest"] == 0.5
    assert reason(4, 1, 1, 1, 1) is None
    assert reason(5, 1, 1, 1, 1) == "one_person"


def test_of_equal_parts_two_are_the_largest_and_the_others_the_rest() -> None:
    assert of_a(3, 3, 3, 3)["rest"] == pytest.approx(2.0)
    assert reason(3, 3, 3, 3) is None
    # Seven, seven and one: a seventh is less than 15 %.
    assert reason(7, 7, 1) == "two_people"
    assert reason(6, 6, 1) is None


def test_one_contributor_is_one_person() -> None:
    assert reason(3) == "one_person"


def test_the_size_of_the_numbers_makes_no_difference() -> None:
    for strength in (1e-9, 1.0, 1e9):
        assert reason(4, 1, 1, 1, 1, strength=strength) is None
        assert reason(5, 4, strength=strength) == "one_person"


def test_without_contact_there_is_nothing_to_tell_of() -> None:
    network = Network.from_ties(
        pd.DataFrame({"sender": ["a0"], "recipient": ["a1"]}), PEOPLE, directed=False
    )
    assert contributions(network, network.groups("department")).empty


def test_what_is_not_defined_is_withheld() -> None:
    policy = DisclosurePolicy(concentration="qualitative")
    assert policy.concentrated(np.nan, np.nan) == "few_people"
    assert policy.concentrated(0.3, np.nan) == "few_people"
