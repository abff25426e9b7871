"""An attacker with every released figure cannot work out what was withheld."""

import math
from typing import Any

import pytest

from attack.attacker import withheld_circle_cells, withheld_headcount, withheld_ties
from attack.invented_firms import diagnosed
from orgnet.disclosure import DisclosurePolicy, release

FIRMS = (0, 1, 2, 4, 8, 13, 17, 20, 25, 33)


def released(seed: int, **policy: Any) -> dict[str, Any]:
    return release(diagnosed(seed), DisclosurePolicy(**policy)).to_dict()


def ties(seed: int) -> dict[tuple[str, str], int]:
    table = diagnosed(seed).pairs
    return {
        (str(a), str(b)): int(count)
        for a, b, count in zip(table["group_a"], table["group_b"], table["ties"], strict=True)
    }


def exposed(model: dict[str, Any], truth: dict[tuple[str, str], int]) -> list[object]:
    """Withheld numbers that the attacker narrows to less than a fifth of their size."""
    return [
        (pair, truth[pair], (low, high))
        for pair, (low, high) in withheld_ties(model).items()
        if high - low < max(math.ceil(0.2 * truth[pair]), 1)
    ]


@pytest.mark.parametrize("minimum", [3, 5, 10])
@pytest.mark.parametrize("seed", FIRMS)
def test_withheld_ties_cannot_be_worked_out(seed: int, minimum: int) -> None:
    assert exposed(released(seed, minimum_group=minimum), ties(seed)) == []


@pytest.mark.parametrize("concentration", ["qualitative", "withhold"])
@pytest.mark.parametrize("seed", FIRMS[:4])
def test_withheld_ties_cannot_be_worked_out_under_stricter_policies(
    seed: int, concentration: str
) -> None:
    assert exposed(released(seed, minimum_group=3, concentration=concentration), ties(seed)) == []


@pytest.mark.parametrize("seed", FIRMS)
def test_the_attacker_never_excludes_the_truth(seed: int) -> None:
    model, truth = released(seed, minimum_group=3), ties(seed)

    assert all(low <= truth[pair] <= high for pair, (low, high) in withheld_ties(model).items())


@pytest.mark.parametrize("seed", FIRMS)
def test_the_size_of_one_department_that_is_not_shown_stays_open(seed: int) -> None:
    model = released(seed, minimum_group=5)

    hidden = model["coverage"]["withheld_departments"]
    assert hidden != 1 or len(withheld_headcount(model)) > 1


@pytest.mark.parametrize("seed", FIRMS)
def test_a_few_people_in_a_circle_cannot_be_counted(seed: int) -> None:
    cells = withheld_circle_cells(released(seed, minimum_group=5))

    assert [(cell, ends) for cell, ends in cells.items() if ends[0] == ends[1] > 0] == []


def test_the_attacker_works_out_a_number_that_stands_alone_in_its_rows() -> None:
    seed = next(s for s in range(40) if len(released(s, minimum_group=3)["departments"]) >= 5)
    truth = ties(seed)
    leaky = released(seed, minimum_group=3)
    table = diagnosed(seed).pairs.set_index(["group_a", "group_b"])
    pairs = [dict(pair) for pair in leaky["pairs"]]
    leaky["pairs"] = pairs
    for pair in pairs:
        row = table.loc[(pair["group_a"], pair["group_b"])]
        pair |= {
            "ties": int(row["ties"]),
            "expected": float(row["expected"]),
            "ratio": float(row["ratio"]),
            "reason": None,
            "low": None,
            "high": None,
            "q": None,
        }
    largest = max(pairs, key=lambda pair: pair["ties"])
    largest |= {"ties": None, "ratio": None, "expected": None, "reason": "complementary"}
    largest["contact"] = None

    assert exposed(leaky, truth) != []


@pytest.mark.parametrize("seed", FIRMS)
def test_no_number_stands_for_fewer_people_than_the_minimum(seed: int) -> None:
    table = diagnosed(seed).pairs.set_index(["group_a", "group_b"])
    model = release(diagnosed(seed), DisclosurePolicy(minimum_group=5))

    for pair in model.pairs:
        row = table.loc[(pair.group_a, pair.group_b)]
        few = 0 < min(row["people_a"], row["people_b"]) < 5
        dominated = row["ties"] > 0 and row["largest"] > 0.5
        assert pair.ties is None or not (few or dominated)
    assert all(department.people >= 5 for department in model.departments)
