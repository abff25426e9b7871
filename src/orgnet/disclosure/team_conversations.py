"""Three conversations to start: each a question to the team, from one observation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest

from orgnet.report_model import (
    ConversationKind,
    TeamChange,
    TeamContact,
    TeamConversation,
    TeamDependence,
    TeamPerson,
)

COUNT = 3

#: Asked where the data show less than three things to talk about.
_ALWAYS: tuple[ConversationKind, ...] = ("other_ways", "surprise", "keep")


def conversations(
    dependences: Sequence[TeamDependence],
    no_contact: Sequence[TeamContact],
    change: TeamChange | None,
    people: Sequence[TeamPerson],
) -> tuple[TeamConversation, ...]:
    """Choose three, of different kinds where there are: what hangs on one person comes first.

    Examples
    --------
    >>> [found.kind for found in conversations((), (), None, ())]
    ['other_ways', 'surprise', 'keep']
    """
    hung = [TeamConversation(kind="dependence", at=at) for at in range(len(dependences))]
    # Two departments whose contact ended have a conversation of their own.
    told = set() if change is None else set(change.departments_ended)
    apart = [
        TeamConversation(kind="no_contact", at=at)
        for at in _widest(no_contact, people)
        if (no_contact[at].first, no_contact[at].second) not in told
    ]
    changed = []
    if change is not None:
        changed += [
            TeamConversation(kind="ended", at=at) for at in range(len(change.departments_ended))
        ]
        changed += [
            TeamConversation(kind="begun", at=at) for at in range(len(change.departments_begun))
        ]
    in_turn = chain.from_iterable(zip_longest(hung, apart, changed))
    found = [conversation for conversation in in_turn if conversation is not None]
    found += [TeamConversation(kind=kind) for kind in _ALWAYS]
    return tuple(found[:COUNT])


def _widest(no_contact: Sequence[TeamContact], people: Sequence[TeamPerson]) -> list[int]:
    """Order departments without contact by how many people that concerns."""
    size = [person.department for person in people].count

    def order(at: int) -> tuple[int, int]:
        return -size(no_contact[at].first) * size(no_contact[at].second), at

    return sorted(range(len(no_contact)), key=order)
