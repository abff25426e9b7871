"""Invented teams of every size and shape, made by rule so that no figure is random."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import combinations

from orgnet.report_model import (
    Period,
    Policy,
    TeamChange,
    TeamContact,
    TeamConversation,
    TeamDependence,
    TeamModel,
    TeamPerson,
    TeamTie,
)
from report_models import HOSTILE, noise

GIVEN = (
    "Amara", "Ben", "Chloé", "Dana", "Ewan", "Freja", "Greta", "Håkon", "Inês", "Jonas",
    "Kwabena", "Lucía", "Mia", "Niamh", "Oscar", "Priya", "Rémi", "Şebnem", "Tunde", "Yusuf",
)  # fmt: skip
SURNAMES = ("Osei", "Hartley", "Garnier", "Lavi", "Lowe", "Dahl", "Vogel", "Nygård", "Rocha")
LONG = (
    "Maximiliane-Theodora von Hohenberg-Schillingsfürst", "Bartholomäus Featherstonehaugh-Wójcik",
    "Ana Isabel González de la Peña y Ibáñez", "Wolfeschlegelsteinhausenbergerdorff",
)  # fmt: skip
FUNCTIONS = (
    "Baking", "Delivery", "Marketing", "Shop", "Office", "Workshop", "Purchasing", "Design",
    "Bookkeeping", "Care of the guests",
)  # fmt: skip


def names(count: int, long: bool = False) -> list[str]:
    """So many people, no two alike; with `long` every second one has a long name."""
    plain = [f"{GIVEN[at % 20]} {SURNAMES[(at * 7 + at // 20) % 9]}" for at in range(count)]
    return [f"{LONG[at % 4]} {at}" if long and at % 2 else name for at, name in enumerate(plain)]


def team(
    people: int = 12,
    functions: int = 4,
    *,
    long: bool = False,
    said: Sequence[str] | None = None,
    titles: Sequence[str] | None = None,
    others: int = 1,
) -> TeamModel:
    """A team of so many named people, the first functions larger, with everything to tell."""
    titles = tuple(titles or ((f"{name} and everything that belongs to it" if long else name)
                              for name in FUNCTIONS[:functions]))  # fmt: skip
    said = said or names(people, long)
    place = sorted(min(int(noise(at, 3) ** 1.4 * functions), functions - 1) if at >= functions
                   else at for at in range(people))  # fmt: skip
    ties = tuple(
        TeamTie(first=a, second=b, how_often=("most_weeks", "regular", "regular", "named")[at % 4])
        for at, (a, b) in enumerate(combinations(range(people), 2))
        if noise(a, b, 5) < (0.7 if place[a] == place[b] else 0.11) * min(1.0, 14 / people + 0.25)
    )
    contacts = tuple(
        TeamContact(
            first=a,
            second=b,
            pairs=sum({place[tie.first], place[tie.second]} == {a, b} for tie in ties),
        )
        for a, b in combinations(range(functions), 2)
    )
    hung = tuple(
        TeamDependence(
            kind=("whole", "gate", "between", "pair")[at % 4],
            person=a,
            partner=b if at % 4 == 3 else None,
            departments=(place[a],) if at % 4 < 2 else (place[a], place[b]),
        )
        for at, (a, b) in enumerate(
            (tie.first, tie.second) for tie in ties if place[tie.first] != place[tie.second]
        )
    )[:7]
    across = tuple((contact.first, contact.second) for contact in contacts)
    change = TeamChange(
        before=Period(first="2025-12-08", last="2026-03-01", weeks=12),
        people=people,
        begun=tuple((tie.first, tie.second) for tie in ties[1:6]),
        ended=((0, people - 1),),
        departments_begun=across[:1],
        departments_ended=across[1:2],
    )
    apart = [contact for contact in contacts if not contact.pairs]
    talks = [TeamConversation(kind="dependence", at=0)] * bool(hung)
    talks += [TeamConversation(kind="no_contact", at=0)] * bool(apart)
    talks += [TeamConversation(kind="ended", at=0)] * (len(across) > 1)
    talks += [TeamConversation(kind=kind) for kind in ("other_ways", "surprise", "keep")]
    return TeamModel(
        title="How we work together",
        organisation="Northwind Example",
        run_date="2026-05-26",
        period=Period(first="2026-03-02", last="2026-05-24", weeks=12),
        sources=(
            ("whatsapp", "WhatsApp chat"),
            ("mbox", "Mail (mbox)"),
            ("survey-google-forms", "Google Forms survey"),
        ),
        people_known=people + others,
        people=tuple(
            TeamPerson(name=name, department=at) for name, at in zip(said, place, strict=True)
        ),
        departments=titles,
        ties=ties,
        contacts=contacts,
        others=others,
        others_contacts=None if others < 5 else 20,
        dependences=hung,
        change=change,
        conversations=tuple(talks[:3]),
        regular_weeks=3,
        most_weeks=7,
        policy=Policy(version="2", minimum_group=5, concentration="count"),
    )


def hostile() -> TeamModel:
    """Names and functions that try to be more than text."""
    return dataclasses.replace(
        team(len(HOSTILE), 4, said=HOSTILE, titles=HOSTILE[:4]),
        title=HOSTILE[0],
        organisation=HOSTILE[2],
        sources=(("stranger", HOSTILE[1]),),
    )


def quiet() -> TeamModel:
    """Five people of one function, no dates, no contact."""
    return dataclasses.replace(
        team(5, 1, others=0),
        period=Period(first=None, last=None, weeks=None),
        ties=(),
        dependences=(),
        change=None,
        conversations=tuple(
            TeamConversation(kind=kind) for kind in ("other_ways", "surprise", "keep")
        ),
        regular_weeks=None,
        most_weeks=None,
    )


def without_functions() -> TeamModel:
    """Eight people of whom nobody knows what they do."""
    whole = team(8, 1)
    people = tuple(dataclasses.replace(person, department=None) for person in whole.people)
    return dataclasses.replace(whole, people=people, departments=(), contacts=(), dependences=(),
                               conversations=quiet().conversations, change=None)  # fmt: skip


GOLDEN_TEAMS = {
    "five": lambda: team(5, 2, others=0),
    "twelve": team,
    "thirty": lambda: team(30, 6),
    "sixty": lambda: team(60, 8, others=9),
    "five long": lambda: team(5, 3, long=True),
    "twelve long": lambda: team(12, 4, long=True),
    "thirty long": lambda: team(30, 7, long=True),
    "sixty long": lambda: team(60, 10, long=True, others=9),
    "one function": lambda: team(40, 1),
    "hostile": hostile,
    "quiet": quiet,
    "without functions": without_functions,
}
