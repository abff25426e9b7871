"""Telegram as its desktop program exports it: one chat or a whole account, in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import BROKEN, ENTERED, JsonSteps, as_list, as_object, as_text
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of

_KINDS = (
    *("personal_chat", "bot_chat", "private_group", "private_supergroup", "public_supergroup"),
    *("private_channel", "public_channel", "saved_messages"),
)
_CHAT = re.compile(rb'"type"\s*:\s*"(?:%s)"' % "|".join(_KINDS).encode())
_MESSAGES = re.compile(rb'"(?:messages|list)"\s*:\s*\[')
_ACCOUNT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:about|personal_information)"\s*:')
_PERSONAL = re.compile(rb'"personal_information"\s*:\s*\{\s*"user_id"\s*:')
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")

_LISTS = ("chats", "left_chats")
_ENTER = {"", "messages"} | {
    path
    for field in _LISTS
    for path in (field, f"{field}.list", f"{field}.list[]", f"{field}.list[].messages")
}
_OWN_FIELDS = ("id", "type", "date")
_PERSON = re.compile(r"(?:user)?(\d+)")


class Telegram:
    """Reads ``result.json`` of Telegram Desktop, of one chat or of a whole account."""

    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "result.json of Telegram Desktop, a chat or a whole account"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "text, beyond the mentions in it",
        "photos and files",
        "contacts",
        "forwarded_from",
        "names of chats",
        "names of reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a Telegram export: by the kind of chat that stands in it."""
        head = source.head
        if not _START.match(head):
            return None
        if _ACCOUNT.match(head) and _PERSONAL.search(head):
            return "begins with the owner of the account, as Telegram Desktop writes it"
        if _CHAT.search(head) and _MESSAGES.search(head):
            return "names the kind of chat as Telegram Desktop does"
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UsageError
            If the options name an unknown time zone.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        time = TimeReader(day_first=None, zone=zone_of(options.timezone))
        reader = _Reader(source, time, ledger)
        yield from write_posts(
            reader.posts, ledger, source=self.name, members=lambda: reader.members
        )
        if time.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz); they are "
                "those of the computer that made the export"
            )


class _Chat(Struct):
    """What stands before the messages of a chat."""

    number: int
    kind: str = ""
    id: str = ""


class _Reader:
    """Goes through the chats of one export."""

    def __init__(self, source: Source, time: TimeReader, ledger: Ledger) -> None:
        self._source = source
        self._time = time
        self._ledger = ledger
        #: personal chat -> the two in it
        self.members: dict[str, dict[str, None]] = {}

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all chats."""
        chat = _Chat(1)
        number = 0
        owner: str | None = None
        with self._source.path.open("rb") as file:
            steps = JsonSteps(file, enter=_ENTER, own=_OWN_FIELDS)
            for path, value in steps:
                field = path.rpartition(".")[2]
                if value is ENTERED:
                    if path.endswith(".list[]"):
                        chat, number = _Chat(chat.number + 1), 0
                elif field == "messages[]" or value is BROKEN:
                    number += 1
                    place = f"chat {chat.number}, message {number}"
                    yield self._post(value, place, chat, owner)
                elif path == "personal_information":
                    owner = _person(as_object(value).get("user_id"))
                elif field == "type":
                    chat.kind = as_text(value)
                elif field == "id":
                    chat.id = as_text(value)
            if steps.truncated:
                self._ledger.truncated = "the file ends early or is damaged"

    def _post(self, value: object, place: str, chat: _Chat, owner: str | None) -> Post:
        message = as_object(value)
        sender = _person(message.get("from_id"))
        if sender is not None and sender not in self._ledger.profiles:
            name = as_text(message.get("from")) or None
            self._ledger.profile(Profile(identity=sender, name=name))
        personal = chat.kind == "personal_chat"
        room = f"telegram:{chat.id or chat.number}"
        if personal:
            both = (_person(chat.id), owner, sender)
            self.members.setdefault(room, {}).update(dict.fromkeys(filter(None, both)))
        own = as_text(message.get("id"))
        answered = as_text(message.get("reply_to_message_id"))
        if "reply_to_peer_id" in message:
            # The answered message stands in another chat.
            answered = ""
        return Post(
            place=place,
            key=f"{room}:{own}" if own else None,
            sent_at=self._sent_at(message),
            sender=sender,
            skipped=_not_said_by_people(message, chat, sender),
            room=room if personal else None,
            answers=f"{room}:{answered}" if answered else None,
            mentioned=tuple(dict.fromkeys(_mentioned(message))),
            reactions=tuple(_reacted(message)),
            thread=room,
        )

    def _sent_at(self, message: dict[str, Any]) -> int | None:
        stamp = as_text(message.get("date_unixtime"))
        return self._time(stamp or as_text(message.get("date")))


def _person(number: object) -> str | None:
    """Return the identity of a user: ``user123`` in new exports, 123 in old ones."""
    found = _PERSON.fullmatch(as_text(number))
    return f"telegram:user{found[1]}" if found else None


def _mentioned(message: dict[str, Any]) -> Iterator[str]:
    """Yield who is mentioned with their number; an ``@name`` alone says nothing about who it is.

    New exports have them twice, in the text and beside it.
    """
    for part in (*as_list(message.get("text_entities")), *as_list(message.get("text"))):
        entity = as_object(part)
        if entity.get("type") == "mention_name":
            person = _person(entity.get("user_id"))
            if person is not None:
                yield person


def _reacted(message: dict[str, Any]) -> Iterator[str]:
    for reaction in as_list(message.get("reactions")):
        for giver in as_list(as_object(reaction).get("recent")):
            person = _person(as_object(giver).get("from_id"))
            if person is not None:
                yield person


def _not_said_by_people(message: dict[str, Any], chat: _Chat, sender: str | None) -> str | None:
    """Return why a message is none that one person wrote to others, None where it is."""
    if not message:
        return "unreadable"
    if message.get("type") != "message":
        return "system"
    if chat.kind == "bot_chat" or message.get("via_bot"):
        return "bot"
    return None if sender else "no_sender"
