"""What the nodes of a graph file are called in the records, and what is said about them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from orgnet.schema import Ledger, Profile
from orgnet_connectors.headings import Aliases
from orgnet_connectors.list_cells import identity

#: What attributes of nodes are read as; whatever goes by none of these names is not looked at.
ATTRIBUTES = Aliases(
    {
        "name": ["name", "full name", "display name", "fullname"],
        "own id": ["id", "person", "person id", "employee id", "user id"],
        "label": ["label", "title"],
        "email": ["email", "emails", "mail", "e-mail", "email address", "work email"],
        "department": [
            *("department", "dept", "department name", "abteilung", "département"),
            *("departamento", "dipartimento", "afdeling", "group", "team", "unit", "division"),
        ],
    }
)

#: Columns of ours that an attribute is reported under.
_COLUMNS = {"name": "name", "own id": "person", "label": "name", "email": "emails"}
#: What may name a node in place of an id that only counts, best first.
_NAMING = ("name", "own id", "label")
_COUNTED = re.compile(r"([A-Za-z_]?)(\d+)")


class _Stated(NamedTuple):
    id: str
    #: in the order of `_NAMING`
    names: tuple[str, str, str]
    email: str
    department: str
    kind: str


class NodeNames:
    """The identities of the nodes of one file.

    A node is called by its id. Where the ids of a file only count its nodes - 0, 1, 2 or n0, n1,
    n2 - they would match the ids of people by accident; there nodes are called by their names
    or labels, if each has one of its own. Ids from 1 up may be real ones: they stay unless the
    labels look like ids as well, without a blank in them.

    Examples
    --------
    >>> names = NodeNames()
    >>> names.add("n0", "aya", {"Dept": "Sales"}, "person")
    >>> names.add("n1", "ben", {}, "person")
    >>> ledger = Ledger()
    >>> names.settle(ledger)
    >>> names.identity("n1"), ledger.profiles["aya"].department
    ('ben', 'Sales')
    """

    def __init__(self) -> None:
        self._stated: list[_Stated] = []
        self._headings: dict[str, str | None] = {}
        self._identities: dict[str, str] = {}
        #: for ties that name nodes by what is theirs alone, though there are ids
        self._by_label: dict[str, str] = {}

    def add(self, id: str, label: str, attributes: Mapping[str, str], kind: str) -> None:
        """Take in a node; `settle` decides what it is called."""
        found: dict[str, str] = {}
        for column, heading in self._best(attributes).items():
            found[column] = attributes[heading].strip()
        stated = _Stated(
            id=id,
            names=(
                found.get("name", ""),
                found.get("own id", ""),
                label.strip() or found.get("label", ""),
            ),
            email=found.get("email", ""),
            department=found.get("department", ""),
            kind=kind,
        )
        self._stated.append(stated)

    def settle(self, ledger: Ledger) -> None:
        """Decide what the nodes are called, and tell the ledger what is said about them."""
        naming = self._naming()
        if naming is not None:
            ledger.ambiguous.append(
                "the ids of the nodes only count them; nodes are called by "
                f"{_NAMING[naming].replace('own ', '')!r} instead"
            )
        for node in self._stated:
            name, _, label = node.names
            called = identity(node.id if naming is None else node.names[naming])
            self._identities.setdefault(node.id, called)
            if not called:
                continue
            for own in {name, label} - {"", node.id}:
                self._by_label[own] = "" if own in self._by_label else called
            addresses = [text.lower() for text in (node.email, label, name) if _is_address(text)]
            ledger.profile(
                Profile(
                    identity=called,
                    emails=tuple(dict.fromkeys(addresses)),
                    name=label or name or None,
                    department=node.department or None,
                    kind=node.kind,
                )
            )
        for heading, column in self._headings.items():
            if column is None:
                ledger.dropped_unread.add(heading)
            else:
                ledger.columns[heading] = _COLUMNS.get(column, column)
        self._stated.clear()

    def identity(self, id: str) -> str:
        """Return what a node is called; its id where only ties name it; empty for nobody.

        Ties may name a node by its label, if no other has it.
        """
        known = self._identities.get(id)
        if known is None:
            return self._by_label.get(id) or identity(id)
        return known

    def _best(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Map each column that is there to its best heading that has a value."""
        for heading in attributes:
            if heading not in self._headings:
                self._headings[heading] = ATTRIBUTES.column(heading)
        return _best(tuple(heading for heading, text in attributes.items() if text.strip()))

    def _naming(self) -> int | None:
        """Position in `_NAMING` of what nodes are called by; None for the id."""
        first = self._first_number()
        if first is None:
            return None
        for position in range(len(_NAMING)):
            names = [identity(node.names[position]) for node in self._stated]
            if not all(names) or len(set(names)) < len(names):
                continue
            if first == "1" and any(" " in name for name in names):
                continue
            return position
        return None

    def _first_number(self) -> str | None:
        """Say from where the ids count up; None where they do not only count."""
        if not self._stated:
            return None
        start = _COUNTED.fullmatch(self._stated[0].id)
        if start is None or start[2] not in ("0", "1"):
            return None
        prefix, first = start[1], int(start[2])
        counted = all(
            node.id == f"{prefix}{number}" for number, node in enumerate(self._stated, first)
        )
        return (prefix or str(first)) if counted else None


@lru_cache(maxsize=256)
def _best(headings: tuple[str, ...]) -> dict[str, str]:
    """Map each column that is there to its best heading; the same few for all nodes of a file."""
    found = ATTRIBUTES.positions(headings)
    return {column: headings[places[0]] for column, places in found.items()}


def ids_by_label(labels: Sequence[str]) -> list[str]:
    """Return the ids of nodes that a format only numbers from 1: their labels, if each has its own.

    Examples
    --------
    >>> ids_by_label(["aya", "ben"]), ids_by_label(["aya", "", "ben"])
    (['aya', 'ben'], ['1', '2', '3'])
    """
    called = [identity(label) for label in labels]
    if all(called) and len(set(called)) == len(called):
        return called
    return [str(number) for number in range(1, len(labels) + 1)]


def _is_address(text: str) -> bool:
    return "@" in text.strip("@") and " " not in text
