"""What one section withholds cannot be worked out of the others: survey, lines, needs, change."""

import math
from functools import cache
from typing import Any

import pandas as pd
import pytest

from attack.attacker import withheld_circle_cells, withheld_ties
from attack.section_attacker import (
    newcomers,
    silent_respondents,
    silent_votes,
    unseen_people,
    withheld_directions,
    withheld_requirements,
)
from attack.sectioned_firms import Firm, sectioned
from orgnet.diagnosis import diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.survey import SurveyData
from orgnet.network import Network

FIRMS = (0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 15, 18, 19, 24, 25, 26)
MINIMA = (3, 5, 10)

#: A share that is known to within three hundredths is as good as told.
AS_GOOD_AS_TOLD = 0.03

Model = dict[str, Any]


@cache
def released(seed: int, minimum: int) -> Model:
    firm = sectioned(seed)
    policy = DisclosurePolicy(minimum_group=minimum)
    return release(firm.diagnosis, policy, survey=firm.answers).to_dict()


def all_released() -> list[tuple[Firm, int, Model]]:
    return [
        (sectioned(seed), minimum, released(seed, minimum)) for seed in FIRMS for minimum in MINIMA
    ]


def outside(firm: Firm, rows: list[dict[str, Any]], people: Any) -> pd.Series:
    """Those of some people who are in no department of these rows."""
    department = firm.diagnosis.network.people["department"].astype(str)
    own = department[sorted(people)]
    return own[~own.isin({row["department"] for row in rows})]


def silent(firm: Firm, model: Model) -> int:
    return len(outside(firm, model["survey"]["response"], firm.answers.respondents))


def directions(firm: Firm) -> dict[str, float]:
    assert firm.diagnosis.vertical is not None
    told = firm.diagnosis.vertical.coverage
    return {
        "share_line": told["reporting_line"] + told["further_line"],
        "share_lateral": told["lateral_within"],
        "share_cross": told["lateral_across"],
        "share_diagonal": told["diagonal"],
    }


def lines_across(firm: Firm) -> bool:
    people = firm.diagnosis.network.people
    lines = people["manager"].dropna()
    own, theirs = people["department"][lines.index], people["department"][lines]
    return bool((own.to_numpy() != theirs.to_numpy()).any())


def met(firm: Firm, model: Model) -> dict[tuple[str, str], int]:
    """How much of the target of each required pair is met, in truth."""
    assert firm.diagnosis.requirements is not None
    gaps = firm.diagnosis.requirements.gaps.set_index(["group_a", "group_b"])["regular_ties"]
    return {
        (link["group_a"], link["group_b"]): min(
            int(gaps[link["group_a"], link["group_b"]]), link["target"]
        )
        for link in (model["requirements"] or {"links": ()})["links"]
    }


def found_respondents(firm: Firm, model: Model, minimum: int) -> list[object]:
    left = silent_respondents(model)
    few = bool(left) and 0 < silent(firm, model) < minimum
    return [left] if few and len(left) == 1 else []


def found_votes(model: Model, minimum: int) -> list[object]:
    """Items of which it is clear that few people of departments not told of answered them."""
    return [
        (answered, agreed)
        for answered, agreed in silent_votes(model)
        if answered and min(answered) > 0 and max(answered) < minimum
    ]


def found_directions(firm: Firm, model: Model) -> list[object]:
    """Directions as exact as if they were told; one that has no contact is no secret."""
    truth = directions(firm)
    shares = withheld_directions(model, lines_across=lines_across(firm))
    return [
        (name, truth[name], ends)
        for name, ends in shares.items()
        if ends[1] - ends[0] < AS_GOOD_AS_TOLD and truth[name] > ends[1] - ends[0]
    ]


def found_requirements(model: Model) -> list[object]:
    """Pairs whose number follows, where more is not said of them than that they have contact."""
    links = {(link["group_a"], link["group_b"]): link for link in model["requirements"]["links"]}
    return [
        (pair, ends)
        for pair, ends in withheld_requirements(model).items()
        if ends[0] == ends[1] and not _told_to_be_met(links[pair]) and ends[1] > 0
    ]


def _told_to_be_met(link: dict[str, Any]) -> bool:
    return link["state"] == "met" or (link["state"] is None and link["target"] > 2)


@pytest.mark.parametrize("minimum", MINIMA)
@pytest.mark.parametrize("seed", FIRMS)
def test_how_few_answered_elsewhere_cannot_be_worked_out(seed: int, minimum: int) -> None:
    firm, model = sectioned(seed), released(seed, minimum)

    assert model["survey"] is None or found_respondents(firm, model, minimum) == []
    assert found_votes(model, minimum) == []


@pytest.mark.parametrize("minimum", MINIMA)
@pytest.mark.parametrize("seed", FIRMS)
def test_who_joined_cannot_be_counted_where_they_are_few(seed: int, minimum: int) -> None:
    change, possible = sectioned(seed).diagnosis.change, newcomers(released(seed, minimum))
    few = change is not None and 0 < change.joined < minimum

    assert not (few and len(possible) == 1)


@pytest.mark.parametrize("minimum", MINIMA)
@pytest.mark.parametrize("seed", FIRMS)
def test_withheld_ties_stay_open_beside_what_the_work_requires(seed: int, minimum: int) -> None:
    model = released(seed, minimum)
    ties = sectioned(seed).diagnosis.pairs.set_index(["group_a", "group_b"])["ties"]
    links = (model["requirements"] or {"links": ()})["links"]
    least = {
        (link["group_a"], link["group_b"]): max(
            link["regular"] or 0, link["target"] if _told_to_be_met(link) else 0
        )
        for link in links
    }
    open_to = {
        pair: (max(low, least.get(pair, 0)), high)
        for pair, (low, high) in withheld_ties(model).items()
    }

    assert all(low <= ties[pair] <= high for pair, (low, high) in open_to.items())
    assert [
        (pair, ties[pair], ends)
        for pair, ends in open_to.items()
        if ends[1] - ends[0] < max(math.ceil(0.2 * ties[pair]), 1)
    ] == []


@pytest.mark.parametrize("seed", FIRMS)
def test_a_few_people_in_a_circle_cannot_be_counted(seed: int) -> None:
    cells = withheld_circle_cells(released(seed, 5))

    assert [cell for cell, (low, high) in cells.items() if low == high > 0] == []


def test_numbers_of_required_contact_cannot_be_worked_out_of_its_sums() -> None:
    for seed in FIRMS:
        for minimum in MINIMA:
            model = released(seed, minimum)
            assert model["requirements"] is None or found_requirements(model) == []


def test_the_rate_of_everybody_does_not_leave_a_few_who_answered() -> None:
    # Three of four answered in the second department, two of sixteen in the others together.
    people = pd.DataFrame({"person": [f"p{i:02d}" for i in range(20)]})
    people["department"] = ["A"] * 8 + ["B"] * 4 + ["C"] * 8
    ids = people["person"].tolist()
    ties = pd.DataFrame(
        [(a, b) for at, a in enumerate(ids) for b in ids[at + 1 :]], columns=["sender", "recipient"]
    )
    network = Network.from_ties(ties, people, directed=False)
    diagnosis = diagnose(network, draws=5, robustness_draws=0)
    nothing = pd.DataFrame(columns=["person", "item", "value", "low", "high", "wave"])
    firm = Firm(diagnosis, SurveyData(frozenset([*ids[8:11], ids[0], ids[12]]), nothing))

    policy = DisclosurePolicy(minimum_group=3)
    model = release(diagnosis, policy, survey=firm.answers).to_dict()
    assert found_respondents(firm, model, 3) == []


def test_contact_across_departments_that_one_person_makes_is_not_told_by_subtraction() -> None:
    firm = hub_firm()
    model = release(firm.diagnosis, DisclosurePolicy()).to_dict()

    assert model["vertical"]["share_cross"] is None
    assert found_directions(firm, model) == []


def hub_firm() -> Firm:
    """Five departments of a head and eight people; one person makes the contact across them."""
    people, ties = [], []
    for group in range(5):
        for i in range(9):
            head = None if i == 0 else f"D{group}-0"
            people.append((f"D{group}-{i}", f"D{group}", head))
        for i in range(1, 9):
            ties += [(f"D{group}-{i}", f"D{group}-{j}", 3) for j in range(i + 1, 9)]
            ties.append((f"D{group}-0", f"D{group}-{i}", 1))
        ties += [(f"D{group}-0", f"D{(group + 1) % 5}-{i}", 3) for i in (1, 2, 3)]
        ties += [("D0-1", f"D{group}-{i}", 3) for i in (1, 2, 3, 4) if group]
    rows = [
        (sender, recipient, pd.Timestamp("2026-03-02") + pd.Timedelta(weeks=week))
        for sender, recipient, weeks in [*ties, ("D1-2", "D2-3", 2)]
        for week in range(weeks)
    ]
    network = Network.from_ties(
        pd.DataFrame(rows, columns=["sender", "recipient", "week"]),
        pd.DataFrame(people, columns=["person", "department", "manager"]),
        directed=False,
    )
    nothing = SurveyData(frozenset(), pd.DataFrame())
    return Firm(diagnose(network, draws=20, robustness_draws=0), nothing)


def test_how_few_of_a_department_were_not_seen_cannot_be_counted() -> None:
    # Somebody who is away for long is one of twelve.
    firm = hub_firm()
    people = firm.diagnosis.network.people
    away = people.reset_index().assign(observed=~people.index.isin(["D3-7"]))
    ties = firm.diagnosis.network.to_pandas()
    rest = ties[(ties["sender"] != "D3-7") & (ties["recipient"] != "D3-7")]
    network = Network.from_ties(rest, away, directed=False)
    model = release(diagnose(network, draws=20, robustness_draws=0), DisclosurePolicy()).to_dict()

    counted = {name: left for name, left in unseen_people(model).items() if len(left) == 1}
    assert {name for name, left in counted.items() if left != {0}} == set()


def test_directions_of_contact_stay_open_beside_all_that_crosses_departments() -> None:
    for firm, _, model in all_released():
        assert found_directions(firm, model) == []


def test_the_attackers_never_exclude_the_truth() -> None:
    for firm, _, model in all_released():
        if model["survey"] is not None:
            assert not (left := silent_respondents(model)) or silent(firm, model) in left
            answers = firm.answers.answers
            for item, (answered, agreed) in zip(
                model["survey"]["items"], silent_votes(model), strict=True
            ):
                given = answers[answers["item"] == item["text"]].set_index("person")["value"]
                missing = outside(firm, item["rows"], given.index)
                assert len(missing) in answered
                assert int((given[missing.index] > 3).sum()) in agreed
        truth = directions(firm)
        for name, (low, high) in withheld_directions(
            model, lines_across=lines_across(firm)
        ).items():
            assert low - 1e-6 <= truth[name] <= high + 1e-6
        regular = met(firm, model)
        for pair, ends in withheld_requirements(model).items():
            assert ends[0] <= regular[pair] <= ends[1]


def test_the_firms_give_the_attackers_something_to_attack() -> None:
    models = [(firm, model) for firm, _, model in all_released()]

    assert sum(bool(silent_respondents(model)) for _, model in models) > 25
    assert sum(len(withheld_requirements(model)) for _, model in models) > 60
    assert sum(len(withheld_directions(m, lines_across=lines_across(f))) for f, m in models) >= 12
    assert sum(len(withheld_ties(model)) for _, model in models) > 100


# ------------------------------------------------------------------------- tests of the tests


def test_it_would_notice_a_rate_of_everybody_that_leaves_few() -> None:
    response = [
        {"department": None, "people": 24, "answered": 0.75},
        {"department": "D0", "people": 8, "answered": 1.0},
        {"department": "D1", "people": 8, "answered": 1.0},
    ]

    assert silent_respondents({"survey": {"response": response}}) >= {2}
    exact = [response[0], {**response[1], "people": 9}, {**response[2], "people": 7}]
    assert silent_respondents({"survey": {"response": exact}}) == {2}


def test_it_would_notice_an_item_that_leaves_few() -> None:
    alike = {"agree": 1.0, "neutral": 0.0, "disagree": 0.0}
    rows = [{"department": None, "people": 5, **alike}, {"department": "D0", "people": 5, **alike}]
    left = silent_votes({"survey": {"items": [{"rows": rows}]}})

    assert 0 < max(left[0][0]) < 10


def test_it_would_notice_a_direction_that_everything_else_gives_away() -> None:
    shares = {"share_line": None, "share_lateral": 0.76, "share_cross": None}
    model = {
        "vertical": shares | {"share_diagonal": 0.08},
        "glance": [{"key": "external_share", "value": 0.17}],
    }
    low, high = withheld_directions(model, lines_across=False)["share_cross"]
    assert low <= 0.09 <= high < low + AS_GOOD_AS_TOLD

    open_to = withheld_directions(model, lines_across=True)["share_cross"]
    assert open_to[1] - open_to[0] > AS_GOOD_AS_TOLD


def test_it_would_notice_an_exact_sum_over_requirements() -> None:
    found = []
    for seed in FIRMS:
        exact, leaky = sectioned(seed).diagnosis.requirements, released(seed, 5)
        if exact is not None and leaky["requirements"] and math.isfinite(exact.congruence):
            told = leaky["requirements"] | {"congruence": round(exact.congruence, 3), "lift": None}
            found += found_requirements(leaky | {"requirements": told})

    assert found != []


def test_it_would_notice_scores_of_two_periods_that_are_exact() -> None:
    link = {"group_a": "A", "group_b": "B", "required": 1.0, "regular": None, "target": 2}
    model = {
        "policy": {"minimum_group": 5},
        "coverage": {"people_seen": 50},
        "requirements": {
            "congruence": None,
            "lift": None,
            "links": [link | {"state": None, "reason": "few_people"}],
        },
        "pairs": [],
        "index": {"coverage": None},
        "change": {"people": 50, "scores": [{"key": "coverage", "after": 50.0}]},
    }
    assert found_requirements(model) == [(("A", "B"), (1, 1))]


def test_it_would_notice_people_of_two_periods_counted_exactly() -> None:
    model = dict(released(4, 5))
    model["change"] = model["change"] | {"people": model["coverage"]["people_seen"] + 2}

    assert newcomers(model) == {0}


def test_it_would_notice_one_of_a_department_who_was_not_seen() -> None:
    told = {"department": "Legal", "people": 11, "share": 0.9}
    coverage = {"people_seen": 11, "departments": [told]}
    assert unseen_people({"coverage": coverage, "survey": None}) == {"Legal": {1}}

    large = coverage | {"departments": [told | {"people": 60}], "people_seen": 60}
    assert len(unseen_people({"coverage": large, "survey": None})["Legal"]) > 1
    asked = {"response": [{"department": "Legal", "people": 67, "answered": 0.5}]}
    assert unseen_people({"coverage": large, "survey": asked}) == {"Legal": {7}}
