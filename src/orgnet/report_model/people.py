"""The people edition: who is in contact with whom, for a stated purpose and a small circle."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from orgnet.report_model.groups import Method, Policy
from orgnet.report_model.period import Period

#: Version of the model of the people edition.
PEOPLE_SCHEMA = "orgnet-people/1"

#: How often a pair was in contact: fewer weeks than a regular tie needs, at least so many, more
#: than half of all weeks. Ties without dates are all ``regular``. A tie stores the position.
TIE_STRENGTHS = ("occasional", "regular", "most_weeks")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleGroup:
    """One disc of the map.

    Attributes
    ----------
    name
        Of the department; None for people whose department is not known.
    people
        How many of its people are on the map.
    x, y, radius
        The disc, in the units of `PeopleModel.people`.
    """

    name: str | None
    people: int
    x: int
    y: int
    radius: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPerson:
    """One dot of the map.

    Attributes
    ----------
    label
        A pseudonym, or the name where names were asked for and the roster has one.
    group
        Position in `PeopleModel.groups`.
    x, y
        Whole numbers from 0 to 65,535, y downwards.
    contacts, contacts_outside
        People in contact in the period, and how many of them are in other groups. Of a map of
        one group: those in other groups are not on it and still count.
    """

    label: str
    group: int
    x: int
    y: int
    contacts: int
    contacts_outside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTies:
    """The ties on the map, the strongest first: positions of both people, and of the strength."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    strength: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTotals:
    """What the map was made of.

    Attributes
    ----------
    people_known, people_seen
        Of the roster, or of the one group: how many there are, and of how many anything was seen.
    ties
        Pairs in contact; `PeopleModel.ties` holds the strongest of them.
    without_name
        People shown by pseudonym although names were asked for: the roster lacks them.
    """

    people_known: int
    people_seen: int
    ties: int
    without_name: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleModel:
    """Everything that the people edition shows, for each of its outputs.

    Attributes
    ----------
    purpose, asked_by
        What it is for and who asked for it, as given; `asked_by` may be None.
    names
        Whether names stand in the place of pseudonyms.
    by, group
        The column that sorts people into groups; the one group shown, or None for all.
    spacing
        About how far apart neighbouring dots are, in units of the map.
    people
        Sorted by group and label, so that their order tells nothing else.
    regular_weeks, most_weeks
        Weeks that a tie needs to be ``regular`` and ``most_weeks``; None without dates.
    policy
        The rules by which the report of groups, from which this was made, was released.
    """

    schema: str = PEOPLE_SCHEMA
    language: str = "en"
    title: str
    organisation: str | None
    edition: Literal["people"] = "people"
    purpose: str
    asked_by: str | None
    names: bool
    by: str
    group: str | None
    run_date: str
    period: Period
    groups: tuple[PeopleGroup, ...]
    people: tuple[MappedPerson, ...]
    spacing: int
    ties: DrawnTies
    totals: PeopleTotals
    regular_weeks: int | None
    most_weeks: int | None
    method: Method
    policy: Policy

    def to_dict(self) -> dict[str, Any]:
        """Return the model as plain dictionaries, lists, text and numbers, ready for JSON."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain
