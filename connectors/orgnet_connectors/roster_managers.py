"""Whom a roster means by a manager, who may be given as an id, an address or a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from orgnet.schema import Ledger
from orgnet_connectors.delimited import Table
from orgnet_connectors.headings import heading_key
from orgnet_connectors.roster_people import RosterPerson, in_parentheses, name_key

#: What SuccessFactors writes above the top.
_NOBODY = frozenset({"nomanager", "nomgr"})


def resolve_managers(table: Table, people: Sequence[RosterPerson], ledger: Ledger) -> None:
    """Set the manager of each person to the id of whom the row means.

    Looked for by id, address, further ids and name, in this order. Nobody is their own manager.
    Those who cannot be found, or whose name two people have, are left empty and noted.
    """
    if not any(person.managers for person in people):
        return
    registers = [
        unique_owners(people, lambda p: [p.person.casefold()]),
        unique_owners(people, lambda p: p.emails),
        unique_owners(people, lambda p: [key.casefold() for key in (*p.ids, *p.aliases)]),
        # Excel drops leading zeros from ids in one column and not in the other.
        unique_owners(people, lambda p: [p.person.lstrip("0")] if p.person.isdigit() else []),
        unique_owners(people, lambda p: [name_key(name) for name in p.names]),
    ]

    @cache
    def find(text: str) -> RosterPerson | None:
        bare, inside = in_parentheses(text)
        first = text.replace("|", ";").split(";")[0].strip()
        tries: list[str | tuple[str, ...]] = [text.casefold(), first.casefold()]
        tries += [(inside or "").casefold(), text.lstrip("0"), name_key(bare), name_key(first)]
        hits = (register[key] for register in registers for key in tries if key in register)
        return next(hits, None)

    unknown = 0
    for person in people:
        stated = [text for text in person.managers if heading_key(text) not in _NOBODY]
        found = next((hit for text in stated if (hit := find(text)) is not None), None)
        if found is not None and found is not person:
            person.manager = found.person
        elif stated and found is None:
            unknown += 1
            ledger.note(
                "manager_unknown",
                place=table.place(person.row),
                found="a manager who is not in the roster, or whose name two people have",
                remedy="name managers by id or address; add those who are missing",
            )
    if unknown:
        ledger.ambiguous.append(
            f"{unknown:,} people have a manager who cannot be found in the roster; left empty"
        )


def unique_owners(
    people: Sequence[RosterPerson], keys: Callable[[RosterPerson], Sequence[str | tuple[str, ...]]]
) -> dict[str | tuple[str, ...], RosterPerson]:
    """Map what only one person has to that person.

    Parameters
    ----------
    people
        All of them.
    keys
        What a person goes by: ids, addresses, names.
    """
    owners: dict[str | tuple[str, ...], RosterPerson | None] = {}
    for person in people:
        for key in keys(person):
            owners[key] = person if owners.get(key, person) is person else None
    return {key: person for key, person in owners.items() if person is not None}
