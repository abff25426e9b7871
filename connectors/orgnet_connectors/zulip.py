"""Zulip exports: direct messages, topics, mentions and reactions of an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.chat_json import BROKEN, JsonSteps, as_object, as_text
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.zulip_files import ZulipFiles, is_messages, is_realm, is_tar
from orgnet_connectors.zulip_tables import CHANNEL, GROUP, PERSON, ZulipTables, identity

#: A person's name, perhaps with their number. ``@_**name**`` is silent: it tells them nothing.
_MENTION = re.compile(r"@\*\*([^*|]+?)(?:\|(\d+))?\*\*")
_OWN_FIELDS = ("id", "sender", "recipient", "date_sent")
_PEEK_BYTES = 1 << 16


class Zulip:
    """Reads the export of a Zulip organisation, as the tar.gz or unpacked."""

    name: ClassVar[str] = "zulip"
    title: ClassVar[str] = "Zulip export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "tar.gz of a Zulip export, or its folder"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "content, beyond the mentions in it",
        "rendered_content",
        "names of channels and topics",
        "uploads",
        "avatars",
        "names of reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a Zulip export: by its tables of users or its pages of messages."""
        if not source.is_folder and not is_tar(source):
            return None
        files = ZulipFiles(source)
        if not any(is_realm(name) or is_messages(name) for name in files.names()):
            return None
        try:
            for name, file in files.named(lambda n: is_realm(n) or is_messages(n)):
                table = b"zerver_message" if is_messages(name) else b"zerver_"
                if table in file.read(_PEEK_BYTES):
                    return f"holds Zulip's {name.rpartition('/')[2]}"
        except UnreadableFileError:
            return "holds files named as Zulip names them"
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there are no tables of users, or the tar is a bomb.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        files = ZulipFiles(source)
        reader = _Reader(files, ledger)
        if not reader.read_tables():
            raise UnreadableFileError(
                "no tables of users in it; expected a file realm.json",
                file=source.name,
                remedy="export the organisation again and give the tar.gz as it was delivered",
            )
        yield from write_posts(
            reader.posts, ledger, source=self.name, members=lambda: reader.members
        )
        if files.damaged:
            ledger.truncated = "the tar ends early or is damaged"


class _Reader:
    """Goes through the pages of messages of one export."""

    def __init__(self, files: ZulipFiles, ledger: Ledger) -> None:
        self._files = files
        self._ledger = ledger
        self._tables = ZulipTables()
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        self._owners: dict[str, str | None] = {}
        #: topic -> the id of its first message
        self._roots: dict[bytes, int] = {}
        #: direct conversation -> who is in it
        self.members: dict[str, list[str]] = {}

    def read_tables(self) -> bool:
        """Read users, conversations and reactions; False where there are none."""
        found = False
        for _, file in self._files.named(is_realm):
            found = True
            if not self._tables.read(file, self._ledger):
                self._ledger.truncated = "the tables are damaged"
        for name, user in self._tables.names:
            # A name that two users have is nobody's.
            self._owners[name] = None if name in self._owners else user
        return found

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all pages, which may stand in any order."""
        for name, file in self._files.named(is_messages):
            steps = JsonSteps(file, enter={"", "*"}, own=_OWN_FIELDS)
            number = 0
            for path, value in steps:
                if path == "zerver_message[]" or value is BROKEN:
                    number += 1
                    yield self._post(value, f"{name.rpartition('/')[2]}, message {number}")
            if steps.truncated:
                self._ledger.truncated = "a page of messages ends early or is damaged"

    def _post(self, value: object, place: str) -> Post:
        message = as_object(value)
        numbers = [message.get(name) for name in ("id", "sender", "recipient")]
        if not all(isinstance(number, int) and 0 <= number < 1 << 62 for number in numbers):
            return Post(place=place, skipped="unreadable")
        own, sender, recipient = (int(str(number)) for number in numbers)
        key = f"zulip:{own}"
        kind = self._tables.kind(recipient)
        room = thread = root = None
        if kind in (PERSON, GROUP):
            room = thread = self._room(recipient, sender)
        elif kind == CHANNEL and (topic := as_text(message.get("subject"))):
            root = thread = self._root(f"{recipient}\n{topic}", own)
        return Post(
            place=place,
            key=key,
            sent_at=self._time(_seconds(message)),
            sender=None if sender in self._tables.bots else identity(sender),
            skipped="bot" if sender in self._tables.bots else None,
            room=room,
            answers=root,
            mentioned=tuple(self._mentioned(as_text(message.get("content")))),
            reactions=tuple(map(identity, self._tables.reactions(own))),
            thread=thread or key,
        )

    def _room(self, recipient: int, sender: int) -> str:
        members = sorted(set(self._tables.members(recipient, sender)))
        # A conversation of two has a recipient for each of them.
        room = (
            f"zulip:direct:{'-'.join(map(str, members))}"
            if len(members) < 3
            else (f"zulip:group:{recipient}")
        )
        self.members.setdefault(room, [identity(member) for member in members])
        return room

    def _root(self, topic: str, message: int) -> str:
        """Return the key of the first message of a topic, as far as it is known by now."""
        hashed = blake2b(topic.encode("utf-8", "replace"), digest_size=8).digest()
        first = self._roots[hashed] = min(self._roots.get(hashed, message), message)
        return f"zulip:{first}"

    def _mentioned(self, text: str) -> Iterator[str]:
        if "@**" not in text:
            return
        for name, number in _MENTION.findall(text):
            user = number or self._owners.get(name)
            if user:
                yield identity(user)


def _seconds(message: dict[str, Any]) -> str:
    sent = message.get("date_sent")
    return f"{sent:.6f}" if isinstance(sent, float) else as_text(sent)
