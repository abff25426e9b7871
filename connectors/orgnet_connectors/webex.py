"""Webex messages as the Messages API lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import as_list, as_object, as_text
from orgnet_connectors.chat_pages import MessagePages
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of

_FIELDS = tuple(
    re.compile(rb'"%s"\s*:\s*"' % field) for field in (b"roomId", b"roomType", b"personId")
)
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_OWN_FIELDS = ("roomId", "id", "created")
_BOT = "@webex.bot"


class Webex:
    """Reads messages of Webex spaces: pages of the API, a list, or lines."""

    name: ClassVar[str] = "webex"
    title: ClassVar[str] = "Webex messages"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON of the Webex Messages API, with memberships if wanted"
    dropped_unread: ClassVar[tuple[str, ...]] = ("text", "markdown", "html", "files")

    def recognise(self, source: Source) -> str | None:
        """Say why the file holds Webex messages: by the fields that they have together."""
        head = source.head
        if _START.match(head) and all(field.search(head) for field in _FIELDS):
            return "messages with 'roomId', 'roomType' and 'personId', as Webex has them"
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`."""
        ledger.dropped_unread.update(self.dropped_unread)
        reader = _Reader(source, ledger)
        yield from write_posts(
            reader.posts, ledger, source=self.name, members=lambda: reader.members
        )


class _Reader:
    """Goes through the messages of one file."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: direct space -> who is in it, where memberships say so
        self.members: dict[str, dict[str, None]] = {}

    def posts(self) -> Iterator[Post]:
        """Yield the messages in order; on the way, note memberships."""
        with self._source.path.open("rb") as file:
            pages = MessagePages(file, self._source.head, "items", _OWN_FIELDS)
            for number, element in enumerate(pages, start=1):
                record = as_object(element)
                if "isModerator" in record:
                    self._note_membership(record)
                else:
                    yield self._post(record, f"message {number}")
            if pages.truncated:
                self._ledger.truncated = "the file ends early or is damaged"

    def _note_membership(self, record: dict[str, Any]) -> None:
        person = self._person(record)
        if person is not None and record.get("roomType") == "direct":
            self.members.setdefault(as_text(record.get("roomId")), {})[person] = None

    def _person(self, record: dict[str, Any]) -> str | None:
        """Return the identity of who a record is of, and note their address."""
        number = as_text(record.get("personId"))
        if not number:
            return None
        identity = f"webex:{number}"
        if identity not in self._ledger.profiles:
            email = as_text(record.get("personEmail")).lower()
            self._ledger.profile(
                Profile(
                    identity=identity,
                    emails=(email,) if "@" in email else (),
                    name=as_text(record.get("personDisplayName")) or None,
                    kind="bot" if email.endswith(_BOT) else "person",
                )
            )
        return identity

    def _post(self, message: dict[str, Any], place: str) -> Post:
        sender = self._person(message)
        own = as_text(message.get("id"))
        root = as_text(message.get("parentId"))
        room = as_text(message.get("roomId"))
        named = (as_text(person) for person in as_list(message.get("mentionedPeople")))
        bot = as_text(message.get("personEmail")).lower().endswith(_BOT)
        return Post(
            place=place,
            key=f"webex:{own}" if own else None,
            sent_at=self._time(as_text(message.get("created"))),
            sender=sender,
            skipped="bot" if bot else None if own else "unreadable",
            room=room if message.get("roomType") == "direct" else None,
            answers=f"webex:{root}" if root else None,
            mentioned=tuple(f"webex:{person}" for person in named if person),
            thread=f"webex:{root or own}",
        )
