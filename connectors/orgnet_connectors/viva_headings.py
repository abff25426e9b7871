"""Which Viva Insights query a table holds, by the headings of its two ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from orgnet_connectors.headings import heading_key

VivaKind = Literal["person_to_person", "person_to_group", "group_to_group"]

#: How headings of the first and the second end begin, in today's queries and in older ones.
_ENDS = (
    ("primarycollaborator", "secondarycollaborator"),
    ("tieorigin", "tiedestination"),
    ("timeinvestors", "collaborators"),
    ("timeinvestor", "collaborator"),
)
_PERSON = "personid"
#: What is said of an end besides its person that is no attribute of people.
_NOT_ATTRIBUTES = {"", _PERSON, "groupsize", "within", "withingroup"}

#: Attributes that are a department, best first.
_DEPARTMENTS = (
    *("department", "organization", "organisation", "org", "functiontype", "function", "team"),
    *("group", "businessunit", "division"),
)
#: Attributes that never stand in for a department.
_NO_DEPARTMENTS = frozenset(
    (
        *("leveldesignation", "level", "layer", "hiredate", "domain", "timezone", "region"),
        *("supervisorindicator", "ismanager", "populationtype", "managerid", "zid", "location"),
        *("country", "city", "jobtitle"),
    )
)

#: What stands in the place of a person or a group where nobody in particular is meant.
_NOBODY = re.compile(
    r"unclassified.*|within.?group|other.?collaborators|collaborators.?within.?group|"
    r"#?n/?a|null|none|unknown|-*",
    re.IGNORECASE,
)


class Ends(Struct, frozen=True):
    """Where the two ends of the pairs stand in a table.

    Parameters
    ----------
    kind
        Whether the ends are people or groups.
    person
        Position of the id of the first and the second end; None where it is a group.
    attributes
        For each end the attribute, as `heading_key` has it, to its position.
    """

    kind: VivaKind
    person: tuple[int | None, int | None]
    attributes: tuple[dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}))

    @property
    def department(self) -> str | None:
        """The attribute that is read as the department; None where there is none.

        A single attribute stands in for it under whatever name, unless that is a level, a place
        or the like.
        """
        stated = [*self.attributes[0], *self.attributes[1]]
        for name in _DEPARTMENTS:
            if name in stated:
                return name
        others = set(stated) - _NO_DEPARTMENTS
        return others.pop() if len(others) == 1 else None


def find_ends(header: Sequence[str]) -> Ends | None:
    """Find the two ends in a header, or None where there are not two.

    Examples
    --------
    >>> ends = find_ends(["TieOrigin_PersonId", "TieDestination_PersonId", "StrongTieScore"])
    >>> ends.kind, ends.person
    ('person_to_person', (0, 1))
    >>> find_ends(["PersonId", "MetricDate"]) is None
    True
    """
    keys = [heading_key(heading) for heading in header]
    for prefixes in _ENDS:
        first, second = (_said_of(keys, prefix) for prefix in prefixes)
        if not (first and second):
            continue
        people = first.get(_PERSON), second.get(_PERSON)
        kinds: tuple[VivaKind, ...] = ("group_to_group", "person_to_group", "person_to_person")
        return Ends(
            kinds[sum(position is not None for position in people)],
            people,
            (_attributes(first), _attributes(second)),
        )
    return None


def is_nobody(cell: str) -> bool:
    """Say whether a cell names nobody in particular.

    Examples
    --------
    >>> is_nobody("Unclassified Collaborators"), is_nobody("#N/A"), is_nobody("Nadia")
    (True, True, False)
    """
    return _NOBODY.fullmatch(cell.strip()) is not None


def _said_of(keys: Sequence[str], prefix: str) -> dict[str, int]:
    """Map what headings with this prefix say to their positions; the first of two counts."""
    said: dict[str, int] = {}
    for position, key in enumerate(keys):
        # "Collaborators Within Group" is a metric, "Collaborators_Organization" an end.
        if key.startswith(prefix) and key != prefix:
            said.setdefault(key.removeprefix(prefix), position)
    return said


def _attributes(said: dict[str, int]) -> dict[str, int]:
    return {name: position for name, position in said.items() if name not in _NOT_ATTRIBUTES}
