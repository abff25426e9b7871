"""Survey answers on their way out: rates, agreement, and what may not be worked out."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disclosure.test_release import firm, members, mesh
from orgnet.analysis import Settings, analyse
from orgnet.diagnosis import Diagnosis
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.survey import SurveyData
from orgnet.report_model import Survey, SurveyAnswers, SurveyItem

ITEM = "Our goals are clear to me"
SIZES = [20, 12, 6]


def answers(given: dict[str, float], item: str = ITEM, *, high: float = 5) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": list(given),
            "item": item,
            "value": list(given.values()),
            "low": 1.0,
            "high": high,
            "wave": None,
        }
    )


def everybody(sizes: list[int], values: tuple[float, ...] = (5, 4, 3, 1)) -> dict[str, float]:
    """All people, with answers in turn."""
    return {
        person: values[i % len(values)]
        for g, size in enumerate(sizes)
        for i, person in enumerate(members(g, size))
    }


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return firm(SIZES, mesh(SIZES))


def told(diagnosis: Diagnosis, *tables: pd.DataFrame, minimum: int = 5) -> Survey | None:
    table = pd.concat(tables)
    data = SurveyData(frozenset(table["person"]), table)
    return release(diagnosis, DisclosurePolicy(minimum_group=minimum), survey=data).survey


def row(item: SurveyItem, department: str | None) -> SurveyAnswers:
    return next(row for row in item.rows if row.department == department)


def shown(item: SurveyItem) -> list[str | None]:
    return [row.department for row in item.rows]


def test_rates_and_agreement_are_told_by_department(diagnosis: Diagnosis) -> None:
    given = everybody(SIZES)
    for person in members(0, 20)[10:]:
        del given[person]
    survey = told(diagnosis, answers(given))
    assert survey is not None
    assert [(r.department, r.people, r.answered) for r in survey.response] == [
        (None, 38, 0.75),
        ("A", 20, 0.5),
        ("B", 12, 1.0),
        ("C", 6, 1.0),
    ]
    item = survey.items[0]
    assert (item.text, shown(item)) == (ITEM, [None, "A", "B", "C"])
    # Of B's twelve six are above the middle, three on it, three below.
    b = row(item, "B")
    assert (b.people, b.agree, b.neutral, b.disagree) == (10, 0.5, 0.25, 0.25)


def test_the_middle_is_that_of_the_scale_and_not_of_the_answers(diagnosis: Diagnosis) -> None:
    given = everybody(SIZES, (3, 5))
    survey = told(diagnosis, answers(given, high=7), answers(given, "Second", high=5))
    assert survey is not None
    of_seven, of_five = (row(item, None) for item in survey.items)
    assert (of_seven.agree, of_seven.disagree) == (0.5, 0.5)
    assert (of_five.agree, of_five.neutral) == (0.5, 0.5)


def test_without_a_survey_there_is_no_section(diagnosis: Diagnosis) -> None:
    assert release(diagnosis).survey is None


def test_fewer_answers_than_the_minimum_give_nothing(diagnosis: Diagnosis) -> None:
    assert told(diagnosis, answers(dict.fromkeys(members(0, 4), 4.0))) is None


def test_one_department_with_few_answers_takes_another_with_it(diagnosis: Diagnosis) -> None:
    given = everybody(SIZES)
    for person in members(2, 6)[:3]:
        del given[person]
    survey = told(diagnosis, answers(given))
    assert survey is not None
    # Three of C answered; without B its figures would be those of all less those of A and B.
    assert shown(survey.items[0]) == [None, "A"]
    # Of the six asked nobody can tell more than that half of some six answered.
    assert [r.department for r in survey.response] == [None, "A", "B"]


def test_a_department_in_which_all_said_the_same_is_withheld(diagnosis: Diagnosis) -> None:
    given = everybody(SIZES) | dict.fromkeys(members(2, 6), 1.0)
    survey = told(diagnosis, answers(given))
    assert survey is not None
    assert shown(survey.items[0]) == [None, "A"]


def test_statements_that_name_somebody_are_left_out() -> None:
    names = [f"Ada{i} Berg{i}" for i in range(sum(SIZES))]
    diagnosis = firm(SIZES, mesh(SIZES), name=names)
    given = everybody(SIZES)
    texts = ("I trust ADA3  Berg3", "Write to a@example.com", "\x00Good\n plan ")
    survey = told(diagnosis, *(answers(given, text) for text in texts))
    assert survey is not None
    assert [item.text for item in survey.items] == ["Good plan"]


def test_a_later_round_replaces_an_earlier_one(diagnosis: Diagnosis) -> None:
    before = answers(everybody(SIZES, (1, 2))).assign(wave="wave 9")
    after = answers(everybody(SIZES[:2], (4, 3))).assign(wave="wave 10")
    survey = told(diagnosis, before, after)
    assert survey is not None
    assert row(survey.items[0], None).agree == 0.5
    assert survey.response[0].answered == 0.85


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_of_everybody_is_nobody_or_enough_people(seed: int) -> None:
    """The attack: all less the departments shown, from the data that only we know."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(3, 12, 4).tolist()
    diagnosis = firm(sizes, mesh(sizes))
    given = {
        person: float(rng.integers(1, 6))
        for g, size in enumerate(sizes)
        for person in members(g, size)
        if rng.random() < 0.8
    }
    table = pd.concat(
        [
            answers(dict(list(given.items())[start:]), f"Item {start}")
            for start in (0, int(rng.integers(1, 6)))
        ]
    )
    survey = told(diagnosis, table)
    if survey is None:
        return
    known = {None: sum(sizes), **{"ABCD"[g]: size for g, size in enumerate(sizes)}}
    rest = known[None] - sum(known[r.department] for r in survey.response if r.department)
    assert rest == 0 or rest >= 5
    for item in survey.items:
        own = table[table["item"] == item.text]
        said = {name: (own["person"].str[0] == name).sum() for name in "ABCD"}
        named = [name for name in shown(item) if name]
        left = len(own) - sum(said[name] for name in named)
        assert left == 0 or left >= 5
        assert all(said[name] >= 5 for name in named)
        assert set(named) <= {r.department for r in survey.response}


def test_shares_are_in_steps_of_five_per_cent(diagnosis: Diagnosis) -> None:
    survey = told(diagnosis, answers(everybody(SIZES, (5, 4, 1, 3, 2, 5, 5))))
    assert survey is not None
    shares = [
        share
        for item, name in product(survey.items, ("agree", "neutral", "disagree"))
        for share in (getattr(row, name) for row in item.rows)
    ]
    assert all(abs(20 * share - round(20 * share)) < 1e-9 for share in shares)


SCALE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")


def test_a_survey_is_read_analysed_and_shown(tmp_path: Path) -> None:
    people = [(f"E{i}", f"p{i}@example.com", "XY"[i % 2]) for i in range(30)]
    roster = ["id,email,department", *(",".join(person) for person in people)]
    lines = ["Timestamp,Email Address,Who do you ask for advice?,Goals are clear to me,Any remark?"]
    for i, (_, email, _) in enumerate(people):
        named = f"{people[i - 1][1]};{people[i - 2][1]}"
        lines.append(f"03/25/2026 10:00:00,{email},{named},{SCALE[i % 5]},zzsecretzz {i}")
    (tmp_path / "people.csv").write_text("\n".join(roster), encoding="utf-8")
    (tmp_path / "survey.csv").write_text("\n".join(lines), encoding="utf-8")
    analysis = analyse(
        [tmp_path / "survey.csv"],
        people=tmp_path / "people.csv",
        out=tmp_path / "out",
        settings=Settings(key_file=tmp_path / "key"),
    )
    survey = analysis.model.survey
    assert survey is not None
    assert [(item.text, row(item, "X").agree) for item in survey.items] == [
        ("Goals are clear to me", 0.4)
    ]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="survey"' in page and "Goals are clear to me" in page
    written = page + json.dumps(analysis.model.to_dict())
    assert "zzsecretzz" not in written and "example.com" not in written
