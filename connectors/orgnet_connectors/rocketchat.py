"""Rocket.Chat messages as its API, its room export and dumps of its database have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import as_list, as_object, as_text
from orgnet_connectors.chat_pages import MessagePages
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside

_ENDINGS = (".json", ".jsonl")
_TEXT = re.compile(rb'"msg"\s*:\s*"')
_TIME = re.compile(rb'"ts"\s*:\s*[{"]')
_USER = re.compile(rb'"username"\s*:\s*"')
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")

_OWN_FIELDS = ("ts", "msg")
_PEEK_BYTES = 1 << 16
#: Ids that stand for everybody in a room.
_EVERYBODY = {"all", "here"}


class RocketChat:
    """Reads Rocket.Chat messages: pages of the API, JSON lines, or the zip of a room."""

    name: ClassVar[str] = "rocketchat"
    title: ClassVar[str] = "Rocket.Chat messages"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON of Rocket.Chat messages: API pages, lines, or a room's zip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "msg",
        "md",
        "attachments",
        "urls",
        "channels",
        "names of reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it holds Rocket.Chat messages: by the fields that they have together."""
        if source.is_folder:
            return None
        if not source.is_zip:
            return _reason(source.head)
        return reason_inside(source, _is_json, _reason, limit=_PEEK_BYTES)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UnreadableFileError
            If a zip is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            names = list(filter(_is_json, streams.names)) if source.is_zip else streams.names
            reader = _Reader(streams, names, ledger)
            yield from write_posts(reader.posts, ledger, source=self.name, members=reader.members)
            streams.note(ledger)


def _is_json(name: str) -> bool:
    return name.lower().endswith(_ENDINGS)


def _reason(head: bytes) -> str | None:
    if _START.match(head) and all(each.search(head) for each in (_TEXT, _TIME, _USER)):
        return "messages with the fields 'msg', 'ts' and 'username', as Rocket.Chat has them"
    return None


class _Reader:
    """Goes through the messages of one export."""

    def __init__(self, streams: ExportStreams, names: list[str], ledger: Ledger) -> None:
        self._streams = streams
        self._names = names
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: user id -> user name
        self._usernames: dict[str, str] = {}
        #: direct conversation -> the ids of the two in it
        self._pairs: dict[str, tuple[str, str]] = {}

    def members(self) -> Mapping[str, list[str]]:
        """Return who is in each direct conversation."""
        return {
            room: [_identity(self._usernames.get(user, user)) for user in pair]
            for room, pair in self._pairs.items()
        }

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all files."""
        for name in self._names:
            with self._streams.open(name) as file:
                head = self._streams.peek(name, _PEEK_BYTES)
                pages = MessagePages(file, head, "messages", _OWN_FIELDS)
                for number, element in enumerate(pages, start=1):
                    yield self._post(element, f"message {number}")
                if pages.truncated:
                    self._ledger.truncated = "a file of messages ends early or is damaged"

    def _post(self, element: object, place: str) -> Post:
        message = as_object(element)
        user = as_object(message.get("u"))
        username = as_text(user.get("username")) or as_text(message.get("username"))
        user_id = as_text(user.get("_id"))
        if username:
            self._note(username, user_id, as_text(user.get("name")))
        room = as_text(message.get("rid"))
        other = _other_of_two(room, user_id)
        if other is not None:
            self._pairs.setdefault(room, (user_id, other))
        sent = _time_text(message.get("ts"))
        sender = username or user_id
        root = as_text(message.get("tmid"))
        own = as_text(message.get("_id"))
        if message.get("_hidden") and message.get("parent"):
            # An older version of a message, kept when that was edited.
            own = as_text(message["parent"])
        key = own or (f"{sender}:{sent}" if sender and sent else "")
        return Post(
            place=place,
            key=f"rocketchat:{key}" if key else None,
            sent_at=self._time(sent),
            sender=_identity(sender) if sender else None,
            skipped=_not_said_by_people(message, sender) if message else "unreadable",
            room=room if other is not None else None,
            answers=f"rocketchat:{root}" if root else None,
            mentioned=tuple(_mentioned(message)),
            reactions=tuple(_reacted(message)),
            thread=f"rocketchat:{root or key}",
        )

    def _note(self, username: str, user_id: str, name: str) -> None:
        if user_id:
            self._usernames.setdefault(user_id, username)
        identity = _identity(username)
        if identity not in self._ledger.profiles:
            aliases = (user_id,) if user_id else ()
            self._ledger.profile(Profile(identity=identity, aliases=aliases, name=name or None))


def _time_text(time: object) -> str:
    """Return a time as text, also from a database's own spelling: ``{"$date": ...}``."""
    stated = as_object(time).get("$date", time)
    return as_text(as_object(stated).get("$numberLong", stated))


def _identity(username: str) -> str:
    return f"rocketchat:{username.lower()}"


def _other_of_two(room: str, user_id: str) -> str | None:
    """Return the other person of a direct conversation, None for any other room.

    The id of such a room is that of both people in a row, and ids are of one length.
    """
    if not user_id or len(room) != 2 * len(user_id):
        return None
    first, second = room[: len(user_id)], room[len(user_id) :]
    return second if first == user_id else first if second == user_id else None


def _mentioned(message: dict[str, Any]) -> Iterator[str]:
    for mention in map(as_object, as_list(message.get("mentions"))):
        username = as_text(mention.get("username"))
        if username and username not in _EVERYBODY and mention.get("type") != "team":
            yield _identity(username)


def _reacted(message: dict[str, Any]) -> Iterator[str]:
    for reaction in as_object(message.get("reactions")).values():
        for username in as_list(as_object(reaction).get("usernames")):
            if name := as_text(username):
                yield _identity(name)


def _not_said_by_people(message: dict[str, Any], sender: str) -> str | None:
    """Return why a message is none that one person wrote to others, None where it is."""
    # The type is empty for what people say; end-to-end encrypted messages say so in it.
    if as_text(message.get("t")) not in ("", "e2e"):
        return "system"
    if message.get("bot"):
        return "bot"
    return None if sender else "no_sender"
