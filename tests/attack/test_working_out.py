"""An attacker with every released figure cannot work out what was withheld."""

import math
from typing import Any

import numpy as np
import pytest

import orgnet.disclosure.pairs
import orgnet.disclosure.releasing
from attack.attacker import withheld_circle_cells, withheld_headcount, withheld_ties
from attack.invented_firms import diagnosed
from orgnet.diagnosis import Diagnosis
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.headcounts import HeadCounts
from orgnet.disclosure.withholding import Cells, Shown

FIRMS = (0, 1, 2, 4, 8, 11, 13, 17, 20, 22, 25, 32, 33)


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


def counted(cells: dict[tuple[str, int], tuple[int, int]]) -> list[object]:
    """Withheld cells of circles of which the attacker knows how many people they hold."""
    return [(cell, ends) for cell, ends in cells.items() if ends[0] == ends[1] > 0]


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
def test_the_size_of_departments_that_are_not_shown_stays_open(seed: int) -> None:
    model = released(seed, minimum_group=5)
    groups = diagnosed(seed).groups
    shown = {department["name"] for department in model["departments"]}
    sizes = dict(zip(groups.names, groups.sizes.tolist(), strict=True))
    truth = sum(size for name, size in sizes.items() if name not in shown)

    hidden = model["coverage"]["withheld_departments"]
    assert model["mode"] != "full" or hidden == 0 or {truth} < withheld_headcount(model)


def test_the_firms_give_the_attacker_something_to_attack() -> None:
    models = [released(seed, minimum_group=3) for seed in FIRMS]
    pairs = [pair for model in models for pair in model["pairs"]]

    assert sum(pair["ties"] is None for pair in pairs) > 80
    assert sum(pair["reason"] == "complementary" for pair in pairs) > 10
    assert sum(pair["expected"] is not None for pair in pairs) > 50


@pytest.mark.parametrize("seed", FIRMS)
def test_a_few_people_in_a_circle_cannot_be_counted(seed: int) -> None:
    assert counted(withheld_circle_cells(released(seed, minimum_group=5))) == []


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


def test_it_would_notice_numbers_withheld_for_themselves_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def careless(cells: Cells, primary: np.ndarray, *, protection: float) -> Shown:
        return Shown(withheld=primary | ~cells.guarded, silent=np.zeros(len(primary), dtype=bool))

    monkeypatch.setattr(orgnet.disclosure.pairs, "withhold", careless)
    found = [exposed(released(seed, minimum_group=3), ties(seed)) for seed in FIRMS]
    assert sum(bool(numbers) for numbers in found) >= 4


@pytest.mark.parametrize("seed", [22, 32])
def test_it_would_notice_intervals_that_depend_on_withheld_numbers(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        orgnet.disclosure.pairs, "_figures", lambda table, *_: table[["low", "high", "q"]]
    )
    assert len(exposed(released(seed, minimum_group=3), ties(seed))) > 1


def test_it_would_notice_exact_head_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]) -> Any:
        size = dict(zip(diagnosis.groups.names, diagnosis.groups.sizes.tolist(), strict=True))
        rounded = {name: 5 * round(size[name] / 5) for name in shown}
        return _ExactExpectations(rounded, diagnosis.network.n, False, size)

    monkeypatch.setattr(orgnet.disclosure.releasing, "head_counts", careless)
    models = [released(seed, minimum_group=5) for seed in FIRMS]
    full = [m for m in models if m["mode"] == "full" and m["coverage"]["withheld_departments"]]
    assert any(len(withheld_headcount(model)) == 1 for model in full)


class _ExactExpectations(HeadCounts, frozen=True):
    """Rounded head counts beside expectations that were made from the exact ones."""

    size: dict[str, int]

    def expected_inside(self, name: str) -> float:
        return (self.size[name] - 1) / (self.everybody - 1)


def test_it_would_notice_a_cell_of_circles_that_stands_alone() -> None:
    told = {"A": (0.9, None), "B": (0.0, 1.0)}
    model = {
        "coverage": {"withheld_departments": 0},
        "departments": [{"name": name, "people": 10} for name in told],
        "communities": {
            "circles": ("A", "B"),
            "circle_people": (9, 11),
            "rows": [{"department": name, "shares": row} for name, row in told.items()],
        },
    }
    assert counted(withheld_circle_cells(model)) == [(("A", 1), (1, 1))]
