"""The rules that make a result a finding, that give it its confidence, and that order findings."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from orgnet.findings import Candidate, bottlenecks, judge, silos, weak_links

PEOPLE = {"HR": 12, "Legal": 10, "Sales": 30, "Tiny": 4}


def candidate(**changes: Any) -> Candidate:
    usual: dict[str, Any] = {
        "kind": "weak_link",
        "subject": ("HR", "Sales"),
        "key": "weak_link",
        "arguments": {"group_a": "HR", "group_b": "Sales"},
        "effect": 0.3,
        "low": 0.1,
        "high": 0.6,
        "size": 0.7,
        "people": 42,
        "passes": True,
    }
    return Candidate(**(usual | changes))


def pair(**changes: Any) -> pd.DataFrame:
    """A pairs table of one row that no rule finds anything in."""
    usual = {
        "group_a": "HR",
        "group_b": "Sales",
        "ties": 10,
        "expected": 11.0,
        "ratio": 0.91,
        "low": 0.4,
        "high": 1.6,
        "q": 0.5,
        "weak": False,
        "dependency": 0.3,
        "dependency_low": 0.1,
        "dependency_high": 0.6,
        "dependency_q": 0.6,
        "bus_factor": 4,
        "regular_ties": 8,
    }
    return pd.DataFrame([usual | changes])


def silo_row(**changes: Any) -> pd.DataFrame:
    usual = {
        "external_share": 0.2,
        "openness": 0.25,
        "low": 0.2,
        "high": 0.3,
        "median_others": 0.6,
        "q": 0.01,
        "silo": True,
    }
    return pd.DataFrame([usual | changes], index=["Sales"])


EXPECTED = pd.Series({"Sales": 0.8})
HR_SALES = ("weak_link", ("HR", "Sales"))


@pytest.mark.parametrize(
    ("changes", "survived", "confidence", "reason"),
    [
        ({}, {HR_SALES: 0.80}, "clear", "clear"),
        ({}, {HR_SALES: 0.79}, "likely", "likely"),
        ({}, {}, "likely", "likely"),
        ({"passes": False}, {HR_SALES: 1.0}, "tentative", "tentative_weak"),
        ({}, None, "tentative", "tentative_no_weeks"),
        ({"thin": True, "passes": False}, {HR_SALES: 1.0}, "tentative", "tentative_thin"),
    ],
)
def test_confidence_is_given_by_rule(
    changes: dict[str, Any],
    survived: dict[Any, float] | None,
    confidence: str,
    reason: str,
) -> None:
    (finding,) = judge([candidate(**changes)], survived, everybody=100)

    assert (finding.confidence, finding.confidence_key) == (confidence, reason)
    assert "{" not in finding.confidence_reason


def test_the_reason_says_how_often_a_finding_came_again() -> None:
    (finding,) = judge([candidate()], {HR_SALES: 0.87}, everybody=100)

    assert "87 of 100" in finding.confidence_reason


def test_findings_are_ordered_by_effect_people_and_confidence_and_then_by_name() -> None:
    first = candidate(subject=("A", "B"))
    smaller_effect = candidate(subject=("A", "C"), size=0.6)
    fewer_people = candidate(subject=("A", "D"), people=30)
    unsure = candidate(subject=("A", "E"), passes=False)
    same_as_first = candidate(subject=("A", "F"))
    given = [unsure, same_as_first, fewer_people, smaller_effect, first]
    survived = {("weak_link", found.subject): 1.0 for found in given}

    found = judge(given, survived, everybody=100)

    assert [f.subject[1] for f in found] == ["B", "F", "C", "D", "E"]


def test_a_finding_without_a_size_comes_last() -> None:
    found = judge([candidate(size=np.nan), candidate(size=0.01)], None, everybody=50)

    assert [f.score > 0 for f in found] == [True, False]


@pytest.mark.parametrize(
    ("changes", "passes"),
    [({}, True), ({"q": 0.06}, False), ({"high": 0.7}, False), ({"silo": False}, None)],
)
def test_a_silo_passes_below_the_others_median(
    changes: dict[str, Any], passes: bool | None
) -> None:
    found = silos(silo_row(**changes), PEOPLE, EXPECTED)

    assert [c.passes for c in found] == ([] if passes is None else [passes])


def test_departments_of_fewer_than_five_are_no_finding() -> None:
    test = silo_row().rename(index={"Sales": "Tiny"})

    assert silos(test, PEOPLE, pd.Series({"Tiny": 0.9})) == []
    assert weak_links(pair(group_b="Tiny", weak=True), PEOPLE) == []
    assert bottlenecks(pair(group_b="Tiny", bus_factor=1), PEOPLE) == []


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({"q": 0.01, "high": 0.8}, True),
        ({"q": 0.06, "high": 0.8}, False),
        ({"q": 0.01, "high": 1.02}, False),
    ],
)
def test_a_weak_link_passes_with_an_interval_below_one(
    changes: dict[str, Any], passes: bool
) -> None:
    (found,) = weak_links(pair(weak=True, ratio=0.4, **changes), PEOPLE)

    assert found.passes is passes


def test_a_pair_without_any_contact_has_a_message_of_its_own() -> None:
    (found,) = weak_links(pair(weak=True, ties=0, ratio=0.0), PEOPLE)

    assert found.key == "weak_link_none"


@pytest.mark.parametrize(
    ("changes", "passes", "thin"),
    [
        ({"dependency": 0.9, "dependency_q": 0.001, "dependency_low": 0.6}, True, False),
        ({"dependency": 0.9, "dependency_q": 0.001, "dependency_low": 0.4}, False, False),
        ({"bus_factor": 1}, False, True),
        ({"bus_factor": 1, "ties": 5, "regular_ties": 5}, False, True),
    ],
)
def test_a_bottleneck_is_found_by_count_or_by_the_number_of_regular_contacts(
    changes: dict[str, Any], passes: bool, thin: bool
) -> None:
    (found,) = bottlenecks(pair(**changes), PEOPLE)

    assert (found.passes, found.thin) == (passes, thin)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"bus_factor": 1, "ties": 4},
        {"bus_factor": 1, "regular_ties": 4},
        {"dependency": 0.9, "dependency_q": 0.02},
        {"dependency": 0.49, "dependency_q": 0.001},
        {"dependency": np.nan, "dependency_q": np.nan, "bus_factor": 0, "ties": 6},
    ],
)
def test_a_pair_that_fails_a_part_of_the_rule_is_no_bottleneck(changes: dict[str, Any]) -> None:
    assert bottlenecks(pair(**changes), PEOPLE) == []


def test_a_bottleneck_names_neither_person_nor_share() -> None:
    (found,) = judge(bottlenecks(pair(bus_factor=1, dependency=0.93), PEOPLE), None, everybody=100)

    told = " ".join([found.headline, found.statement, found.alternative, found.question])
    assert "one person" in told
    assert "93" not in told
