"""The team edition: who is named, what is said, and that nothing is said of those who are not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from orgnet import Network, diagnose, release
from orgnet.disclosure.team import release_team
from orgnet.disclosure.team_dependences import dependences
from orgnet.errors import InputError, MissingColumnError
from orgnet.report_model import Period, ReportModel, TeamModel
from orgnet.rules import TieRules
from report_models import organisation

FIRST = date(2026, 3, 2)
DEPARTMENTS = {"Baking": "abcd", "Shop": "efgh", "Van": "ij"}
INSIDE = ["ab", "ac", "bc", "cd", "ef", "eg", "fg", "gh", "ij"]
ACROSS = ["ae", "bf", "ei", "fi"]


def roster(agreed: str = "abcdefghij", people: str = "abcdefghij", **columns: Any) -> pd.DataFrame:
    """Ten people called Person A to J, of whom some agreed."""
    place = {person: name for name, members in DEPARTMENTS.items() for person in members}
    return pd.DataFrame(
        {
            "person": list(people),
            "name": [f"Person {person.upper()}" for person in people],
            "department": [place.get(person, "Shop") for person in people],
            "agreed": [person in agreed for person in people],
            **columns,
        }
    )


def weekly(
    pairs: Iterable[str], weeks: Iterable[int] = range(12), channel: str = "chat"
) -> pd.DataFrame:
    """Each pair in contact in each of the weeks, both ways by turns."""
    rows = [
        (pd.Timestamp(FIRST + timedelta(weeks=week)), *(pair if week % 2 else pair[::-1]), channel)
        for pair in pairs
        for week in weeks
    ]
    table = pd.DataFrame(rows, columns=["week", "sender", "recipient", "channel"])
    return table.assign(interactions=1, strength=1.0)


def groups(first: date = FIRST, **changes: Any) -> ReportModel:
    """The groups edition beside it: twelve weeks."""
    last = first + timedelta(weeks=12, days=-1)
    period = Period(first=first.isoformat(), last=last.isoformat(), weeks=12)
    return dataclasses.replace(organisation(100, 6), period=period, **changes)


def released(ties: pd.DataFrame, people: pd.DataFrame, **changes: Any) -> TeamModel:
    return release_team(ties, people, groups(**changes))


def named(model: TeamModel, pairs: Iterable[tuple[int, int]]) -> set[str]:
    """Pairs of people as two letters."""
    letters = [person.name[-1].lower() for person in model.people]
    return {letters[a] + letters[b] for a, b in pairs}


def test_everybody_who_agreed_is_named_and_their_contact_drawn() -> None:
    model = released(weekly([*INSIDE, *ACROSS]), roster())

    assert [person.name for person in model.people][:2] == ["Person A", "Person B"]
    assert model.departments == ("Baking", "Shop", "Van")
    assert named(model, ((tie.first, tie.second) for tie in model.ties)) == {*INSIDE, *ACROSS}
    assert (model.others, model.others_contacts) == (0, None)


@pytest.mark.parametrize(
    ("weeks", "often"), [(2, None), (3, "regular"), (6, "regular"), (7, "most_weeks")]
)
def test_how_often_goes_by_the_weeks_of_contact(weeks: int, often: str | None) -> None:
    model = released(weekly(["ab"], range(weeks)), roster())

    assert [tie.how_often for tie in model.ties] == ([often] if often else [])


def test_a_survey_without_dates_counts_as_contact() -> None:
    said = weekly(["ad"], [0], channel="survey").assign(week=pd.NaT)

    model = released(pd.concat([weekly(["ab"]), said], ignore_index=True), roster())

    assert [(tie.first, tie.second, tie.how_often) for tie in model.ties] == [
        (0, 1, "most_weeks"),
        (0, 3, "named"),
    ]


def test_a_survey_of_another_period_does_not_count() -> None:
    said = weekly(["ad"], [-3], channel="survey")

    model = released(pd.concat([weekly(["ab"]), said], ignore_index=True), roster())

    assert named(model, ((tie.first, tie.second) for tie in model.ties)) == {"ab"}


@pytest.mark.parametrize("quiet", ["c", "bh"])
@pytest.mark.parametrize("contact", [[], ["{}a", "{}f", "{}i"], ["{}j"]])
def test_contact_of_those_who_did_not_agree_changes_nothing(quiet: str, contact: list[str]) -> None:
    rest = [pair for pair in [*INSIDE, *ACROSS] if not set(pair) & set(quiet)]
    people = roster("".join(person for person in "abcdefghij" if person not in quiet))
    theirs = [pair.format(person) for person in quiet for pair in contact]

    with_them = released(weekly([*rest, *theirs], range(-12, 12)), people)
    without = released(weekly(rest, range(-12, 12)), people)

    assert with_them == without
    assert with_them.others == len(quiet)


def test_no_name_of_somebody_who_did_not_agree_is_in_the_model() -> None:
    people = roster("abdefghij", emails=[[f"{letter}@x.example"] for letter in "abcdefghij"])

    text = json.dumps(released(weekly([*INSIDE, *ACROSS]), people).to_dict())

    assert "Person C" not in text and "Person A" in text
    assert "@x.example" not in text and "None" not in text


def test_who_opted_out_is_not_named_whatever_else_the_roster_says() -> None:
    people = roster(opt_out=[letter == "a" for letter in "abcdefghij"])

    model = released(weekly(["bc"]), people)

    assert "Person A" not in {person.name for person in model.people}
    assert model.others == 1


def test_contact_with_enough_others_is_told_in_steps_and_not_by_whom() -> None:
    everybody = "abcdefghijklmnopqrstuvwxyz"
    theirs = ["va", "vb", "wc", "wd", "xe", "xf", "yg", "zh"]
    people = roster(everybody[:21], everybody)

    told = released(weekly([*INSIDE, *theirs]), people)
    one_dominates = released(weekly([*INSIDE, *(f"v{x}" for x in everybody[:9]), "wa"]), people)

    assert (told.others, told.others_contacts) == (5, 10)
    assert one_dominates.others_contacts is None
    assert dataclasses.replace(told, others_contacts=None) == one_dominates


def test_without_anybodys_answer_the_edition_is_refused() -> None:
    with pytest.raises(MissingColumnError, match=r"no column 'agreed'.*ask everybody"):
        released(weekly(["ab"]), roster().assign(agreed=None))


@pytest.mark.parametrize(
    ("agreed", "people", "said"),
    [
        ("abcdefg", "abcdefghij", r"7 of 10 people agreed .*\(70%\), expected at least 80%"),
        ("abcd", "abcd", "the team has 4 people; the team edition is for 5 to 60"),
    ],
)
def test_the_edition_is_refused_with_the_reason(agreed: str, people: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        released(weekly(["ab"]), roster(agreed, people))


def test_a_larger_firm_is_sent_to_the_groups_edition() -> None:
    people = pd.DataFrame({"person": [str(at) for at in range(61)], "agreed": True})
    with pytest.raises(InputError, match=r"has 61 people.*use the groups edition"):
        released(weekly(["ab"]), people)


def test_shared_mailboxes_and_those_who_left_before_are_nobody() -> None:
    people = roster(
        "abcdefgh",
        kind=["person"] * 8 + ["shared", "person"],
        end=[None] * 9 + [FIRST - timedelta(days=1)],
    )

    assert released(weekly(["ab"]), people).people_known == 8


def test_two_of_one_name_stay_two() -> None:
    people = roster().assign(name="Kim Lee")

    model = released(weekly(["ab"]), people)

    assert len(model.people) == 10
    assert [(tie.first, tie.second) for tie in model.ties] == [(0, 1)]


def test_departments_without_contact_are_told() -> None:
    model = released(weekly([*INSIDE, "ae"]), roster())

    assert [(pair.first, pair.second) for pair in model.no_contact] == [(0, 2), (1, 2)]


def test_what_hangs_on_one_person_is_told_by_kind() -> None:
    model = released(weekly([*INSIDE, "ae", "bf", "ei", "fi"]), roster())

    assert [(hung.kind, model.people[hung.person].name) for hung in model.dependences] == [
        ("whole", "Person I")
    ]


@pytest.mark.parametrize(
    ("ties", "kind"),
    [
        ([(0, 2), (0, 3), (1, 4), (3, 4), (2, 5)], "between"),
        ([(0, 2), (1, 4), (3, 5), (0, 5), (2, 4)], "pair"),
    ],
)
def test_two_departments_may_hang_on_one_person_or_one_pair(
    ties: list[tuple[int, int]], kind: str
) -> None:
    found = dependences(ties, [0, 0, 1, 1, 2, 2])

    assert kind in {hung.kind for hung in found}


def test_a_department_of_one_is_no_finding() -> None:
    assert dependences([(0, 1)], [0, 1]) == []
    assert [(hung.kind, hung.departments) for hung in dependences([(0, 1), (0, 2)], [0, 1, 1])] == [
        ("gate", (1,))
    ]


def test_what_began_and_ended_is_told_of_people_seen_in_both_periods() -> None:
    ties = pd.concat(
        [weekly([*INSIDE, "ae"], range(-12, 12)), weekly(["bf"], range(-12, 0)), weekly(["ei"])]
    )

    change = released(ties, roster()).change

    assert change is not None
    assert (change.before.first, change.people) == ("2025-12-08", 10)
    assert (change.begun, change.ended) == (((4, 8),), ((1, 5),))
    assert (change.departments_begun, change.departments_ended) == (((1, 2),), ())


def test_contact_with_somebody_new_is_no_change() -> None:
    ties = pd.concat([weekly(["ab", "bc"], range(-12, 12)), weekly(["ad"])])

    change = released(ties, roster()).change

    assert change is not None and change.begun == ()


def test_data_that_do_not_go_back_far_enough_show_no_change() -> None:
    assert released(weekly(INSIDE, range(-6, 12)), roster()).change is None


def test_there_are_always_three_conversations_of_different_kinds_first() -> None:
    ties = pd.concat([weekly([*INSIDE, "ei", "fi"], range(-12, 12)), weekly(["ae"], range(-12, 0))])

    talks = released(ties, roster()).conversations
    nothing_seen = released(weekly(["ab"]), roster().assign(department="Shop")).conversations

    assert [talk.kind for talk in talks] == ["dependence", "no_contact", "ended"]
    assert [talk.kind for talk in nothing_seen] == ["other_ways", "surprise", "keep"]


def test_without_dates_every_contact_counts_and_nothing_is_said_of_weeks() -> None:
    undated = weekly(["ab", "bc"], [0]).assign(week=pd.NaT)
    period = Period(first=None, last=None, weeks=None)

    model = release_team(undated, roster(), dataclasses.replace(groups(), period=period))

    assert [tie.how_often for tie in model.ties] == ["regular", "regular"]
    assert (model.regular_weeks, model.most_weeks, model.change) == (None, None, None)


def test_without_dates_the_edition_is_refused_where_the_other_one_would_tell_the_rest() -> None:
    undated = weekly(["ab", "bc"], [0]).assign(week=pd.NaT)
    beside = dataclasses.replace(groups(), period=Period(first=None, last=None, weeks=None))

    with pytest.raises(InputError, match=r"1 did not agree.*opt_out"):
        release_team(undated, roster("abcdefghi"), beside)


def test_the_rules_of_the_analysis_hold() -> None:
    model = release_team(weekly(["ab"], [0]), roster(), groups(), rules=TieRules(regular_weeks=1))

    assert len(model.ties) == 1


def test_the_order_of_rows_changes_nothing() -> None:
    ties, people = weekly([*INSIDE, *ACROSS], range(-12, 12)), roster("abcdefghi")

    turned = released(ties.iloc[::-1], people.iloc[::-1].reset_index(drop=True))

    assert turned == released(ties, people)


def test_the_mean_of_the_groups_edition_does_not_tell_what_the_team_edition_leaves_out() -> None:
    network = Network.from_ties(weekly([*INSIDE, *ACROSS]), roster("abcdefghi"))
    all_agreed = Network.from_ties(weekly([*INSIDE, *ACROSS]), roster())

    coarse, fine = (
        {figure.key: figure.value for figure in release(diagnose(some, by="department")).glance}
        for some in (network, all_agreed)
    )

    assert fine["regular_ties_per_person"] == 2.6
    assert coarse["regular_ties_per_person"] == 3.0
