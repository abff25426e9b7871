"""What the tables of a Zulip export say: users, who is in which conversation, reactions."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from orgnet.schema import Ledger, Profile
from orgnet_connectors.chat_json import BROKEN, JsonSteps, as_object, as_text

_USERS = (
    *("zerver_userprofile[]", "zerver_userprofile_crossrealm[]"),
    "zerver_userprofile_mirrordummy[]",
)
#: Zulip's kinds of conversations.
PERSON, CHANNEL, GROUP = 1, 2, 3
#: Where addresses are hidden, Zulip invents one of the user's number.
_INVENTED = re.compile(r"user\d+@")


class ZulipTables:
    """The tables of one export that its messages refer to.

    Attributes
    ----------
    bots
        Ids of users that are programs.
    names
        Name and id of every user.
    """

    def __init__(self) -> None:
        self.bots: set[int] = set()
        self.names: list[tuple[str, str]] = []
        #: recipient -> kind, and the user it stands for if it is one
        self._recipients: dict[int, tuple[int, int]] = {}
        #: recipient -> users
        self._subscribers: dict[int, array[int]] = {}
        self._reactions = _Reactions()

    def read(self, file: BinaryIO, ledger: Ledger) -> bool:
        """Take in a file of tables; False where it is damaged."""
        steps = JsonSteps(file, enter={"", "*"})
        whole = True
        for path, value in steps:
            row = as_object(value)
            if path in _USERS and "is_bot" in row:
                self._note_user(row, ledger)
            elif path == "zerver_recipient[]":
                numbers = _numbers(row, "id", "type", "type_id")
                if numbers is not None:
                    self._recipients[numbers[0]] = numbers[1], numbers[2]
            elif path == "zerver_subscription[]":
                pair = _numbers(row, "recipient", "user_profile")
                if pair is not None and row.get("active", True):
                    self._subscribers.setdefault(pair[0], array("q")).append(pair[1])
            elif path == "zerver_reaction[]":
                self.note_reaction(row)
            elif value is BROKEN:
                whole = False
        return whole and not steps.truncated

    def note_reaction(self, row: dict[str, Any]) -> None:
        """Take in a reaction, wherever it stands."""
        pair = _numbers(row, "message", "user_profile")
        if pair is not None:
            self._reactions.add(*pair)

    def kind(self, recipient: int) -> int:
        """Return the kind of a conversation; 0 where it is not listed."""
        return self._recipients.get(recipient, (0, 0))[0]

    def members(self, recipient: int, sender: int) -> list[int]:
        """Return who is in a direct conversation that somebody wrote to."""
        kind, user = self._recipients.get(recipient, (0, 0))
        if kind == PERSON:
            return [sender, user]
        return list(self._subscribers.get(recipient, ())) if kind == GROUP else []

    def reactions(self, message: int) -> Iterator[int]:
        """Yield who reacted to a message."""
        return self._reactions.to(message)

    def _note_user(self, row: dict[str, Any], ledger: Ledger) -> None:
        numbers = _numbers(row, "id")
        if numbers is None:
            return
        user = numbers[0]
        given = (as_text(row.get(name)).lower() for name in ("delivery_email", "email"))
        emails = [a for a in given if "@" in a and not _INVENTED.match(a)]
        name = as_text(row.get("full_name"))
        if row["is_bot"]:
            self.bots.add(user)
        if name:
            self.names.append((name, str(user)))
        ledger.profile(
            Profile(
                identity=identity(user),
                emails=tuple(dict.fromkeys(emails)),
                name=name or None,
                kind="bot" if row["is_bot"] else "person",
            )
        )


class _Reactions:
    """Who reacted to which message, in 16 bytes a reaction."""

    def __init__(self) -> None:
        self._messages = array("q")
        self._users = array("q")
        self._sorted: tuple[Any, Any] | None = None

    def add(self, message: int, user: int) -> None:
        self._messages.append(message)
        self._users.append(user)
        self._sorted = None

    def to(self, message: int) -> Iterator[int]:
        if self._sorted is None:
            messages = np.frombuffer(self._messages, dtype=np.int64)
            order = np.argsort(messages, kind="stable")
            self._sorted = messages[order], np.frombuffer(self._users, dtype=np.int64)[order]
        messages, users = self._sorted
        first, last = np.searchsorted(messages, [message, message + 1])
        return (int(user) for user in users[first:last])


def identity(user: int | str) -> str:
    """Return the identity of a user by their number."""
    return f"zulip:{user}"


def _numbers(row: dict[str, Any], *names: str) -> list[int] | None:
    """Return whole numbers of a row, None where one of them is missing or no such number."""
    found = [row.get(name) for name in names]
    sound = [n for n in found if isinstance(n, int) and abs(n) < 1 << 62]
    return sound if len(sound) == len(names) else None
