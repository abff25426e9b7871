"""The team edition: who works with whom in a small firm, named for those who agreed.

Everything in it is about people who agreed, and about contact among them. The others are a count,
and their contact is one more, where enough of them stand behind it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from orgnet.report_model.groups import Policy
from orgnet.report_model.period import Period

#: Version of the figures of a team.
TEAM_SCHEMA = "orgnet-team/1"

#: How often two people were seen in contact: in more than half of the weeks; in enough weeks to be
#: regular; or one of them named the other in a survey.
HowOften = Literal["most_weeks", "regular", "named"]

#: What hangs on one person. ``whole``: all contact of a department with the others runs through
#: one of its people. ``gate``: all of it goes to one person elsewhere. ``between``: all contact of
#: two departments runs through one person. ``pair``: it runs between two people.
DependenceKind = Literal["whole", "gate", "between", "pair"]

ConversationKind = Literal[
    "dependence", "no_contact", "ended", "begun", "other_ways", "surprise", "keep"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPerson:
    """Somebody who agreed; `department` is a position in `TeamModel.departments`, or None."""

    name: str
    department: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTie:
    """Two people, as positions in `TeamModel.people`, `first` < `second`, in regular contact."""

    first: int
    second: int
    how_often: HowOften


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamContact:
    """Two departments by position, `first` < `second`, and their pairs of people in contact."""

    first: int
    second: int
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDependence:
    """Contact that runs through one person.

    Attributes
    ----------
    kind
        What hangs on the person.
    person, partner
        The person; of a ``pair`` also the other one.
    departments
        ``whole`` and ``gate``: the department whose contact it is. Else both, the person's first.
    """

    kind: DependenceKind
    person: int
    partner: int | None = None
    departments: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChange:
    """What came and went since the period before, of the same length.

    Attributes
    ----------
    before
        The earlier period.
    people
        People seen in both; only their contact is compared.
    begun, ended
        Pairs of people in regular contact in one period and not seen in contact in the other.
    departments_begun, departments_ended
        The same of departments.
    """

    before: Period
    people: int
    begun: tuple[tuple[int, int], ...]
    ended: tuple[tuple[int, int], ...]
    departments_begun: tuple[tuple[int, int], ...]
    departments_ended: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamConversation:
    """A question to the team, from one observation.

    Attributes
    ----------
    kind
        Names the words of the question.
    at
        Which entry it is about: of `TeamModel.dependences`; of `TeamModel.no_contact`; of
        `TeamChange.ended` or `TeamChange.begun`. None for a question about the whole.
    """

    kind: ConversationKind
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamModel:
    """Everything that the team edition shows.

    Attributes
    ----------
    title, organisation, run_date, language
        As in the groups edition.
    period
        The weeks that the contact is from.
    sources
        What was read, once a kind of export: its connector and its title in English.
    people_known
        Everybody in the team, those who did not agree included.
    people
        Those who agreed, by department and name.
    departments
        Departments with somebody who agreed, by name.
    ties
        Regular contact among `people`.
    contacts
        Every two departments, by position.
    others
        People who are not named.
    others_contacts
        Pairs of one of them and one of `people` in regular contact, in steps of 5. None where too
        few stand behind the number.
    dependences
        What hangs on one person, by kind and name.
    change
        None where the data hold no earlier period.
    conversations
        Three.
    regular_weeks, most_weeks
        Weeks of contact from which it is regular, and from which it is that of most weeks. None
        without dates.
    policy
        The rules by which the counts of the others were withheld.
    """

    schema: str = TEAM_SCHEMA
    language: str = "en"
    edition: Literal["team"] = "team"
    title: str
    organisation: str | None
    run_date: str
    period: Period
    sources: tuple[tuple[str, str], ...]
    people_known: int
    people: tuple[TeamPerson, ...]
    departments: tuple[str, ...]
    ties: tuple[TeamTie, ...]
    contacts: tuple[TeamContact, ...]
    others: int
    others_contacts: int | None
    dependences: tuple[TeamDependence, ...]
    change: TeamChange | None
    conversations: tuple[TeamConversation, ...]
    regular_weeks: int | None
    most_weeks: int | None
    policy: Policy

    @property
    def no_contact(self) -> tuple[TeamContact, ...]:
        """Departments between which no regular contact was seen."""
        return tuple(contact for contact in self.contacts if not contact.pairs)

    def members(self, department: int | None) -> tuple[int, ...]:
        """Return the people of a department, by position."""
        return tuple(
            place for place, person in enumerate(self.people) if person.department == department
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the model as plain dictionaries, lists, text and numbers, ready for JSON."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain
