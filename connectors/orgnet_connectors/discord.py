"""Discord channels as DiscordChatExporter writes them, in JSON and in CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import BROKEN, JsonSteps, as_list, as_object, as_text
from orgnet_connectors.chat_names import NameMentions
from orgnet_connectors.chat_posts import NumberedKeys, Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.text_lines import open_lines

_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"guild"\s*:\s*\{')
_JSON_MORE = (re.compile(rb'"channel"\s*:\s*\{'), re.compile(rb'"(?:dateRange|messages)"\s*:'))
_CSV = re.compile(rb'(?:\xef\xbb\xbf)?"?AuthorID"?,"?Author"?,"?Date"?,"?Content"?,')

#: Kinds of messages that people write; all others are notices.
_PEOPLE_SAY = ("Default", "Reply")
#: Kinds of channels in which everybody is addressed.
_DIRECT = re.compile(r"Direct\w*Chat")
_OWN_FIELDS = ("id", "timestamp", "author")
_CSV_COLUMNS = 4


class Discord:
    """Reads a channel that DiscordChatExporter wrote, as JSON or CSV."""

    name: ClassVar[str] = "discord"
    title: ClassVar[str] = "Discord channel"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON or CSV of DiscordChatExporter, one file a channel"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "content, beyond the mentions in a CSV",
        "attachments",
        "embeds",
        "stickers",
        "names of servers and channels",
        "names of reactions",
        "roles",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a Discord channel: by how DiscordChatExporter begins it."""
        head = source.head
        if _JSON.match(head) and all(each.search(head) for each in _JSON_MORE):
            return "begins with server and channel, as DiscordChatExporter writes JSON"
        if _CSV.match(head):
            return "has the headings of DiscordChatExporter's CSV"
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`."""
        ledger.dropped_unread.update(self.dropped_unread)
        if _CSV.match(source.head):
            rows = _Rows(source, ledger)
            yield from write_posts(rows.posts, ledger, source=self.name)
            return
        channel = _Channel(source, ledger)
        yield from write_posts(
            channel.posts, ledger, source=self.name, members=lambda: channel.members
        )


class _Channel:
    """Goes through the JSON of one channel."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: a direct conversation -> everybody who is seen in it
        self.members: dict[str, dict[str, None]] = {}

    def posts(self) -> Iterator[Post]:
        """Yield the messages in order."""
        room, direct = "", False
        number = 0
        with self._source.path.open("rb") as file:
            steps = JsonSteps(file, enter={"", "messages"}, own=_OWN_FIELDS)
            for path, value in steps:
                if path == "channel":
                    known = as_object(value)
                    room = as_text(known.get("id"))
                    direct = _DIRECT.fullmatch(as_text(known.get("type"))) is not None
                elif path == "messages[]" or value is BROKEN:
                    number += 1
                    yield self._post(value, f"message {number}", room, direct=direct)
            if steps.truncated:
                self._ledger.truncated = "the file ends early or is damaged"

    def _post(self, value: object, place: str, room: str, *, direct: bool) -> Post:
        message = as_object(value)
        author = as_object(message.get("author"))
        sender = self._person(author)
        key = as_text(message.get("id"))
        reference = as_object(message.get("reference"))
        answered = as_text(reference.get("messageId"))
        if message.get("type") != "Reply" or reference.get("type") == "Forward":
            answered = ""
        mentioned = tuple(self._people(message.get("mentions")))
        reactions = tuple(
            person
            for reaction in as_list(message.get("reactions"))
            for person in self._people(as_object(reaction).get("users"))
        )
        if direct:
            seen = self.members.setdefault(room, {})
            seen.update(dict.fromkeys((*([sender] if sender else []), *mentioned, *reactions)))
        return Post(
            place=place,
            key=f"discord:{key}" if key else None,
            sent_at=self._time(as_text(message.get("timestamp"))),
            sender=sender,
            skipped=_not_said_by_people(message, author),
            room=room if direct else None,
            answers=f"discord:{answered}" if answered else None,
            mentioned=mentioned,
            reactions=reactions,
            thread=f"discord:{room}",
        )

    def _people(self, users: object) -> Iterator[str]:
        for user in as_list(users):
            person = self._person(as_object(user))
            if person is not None:
                yield person

    def _person(self, user: Mapping[str, Any]) -> str | None:
        """Return the identity of an author or mentioned user who is no bot."""
        number = as_text(user.get("id"))
        if not number:
            return None
        identity = f"discord:{number}"
        if identity not in self._ledger.profiles:
            name = as_text(user.get("nickname")) or as_text(user.get("name"))
            kind = "bot" if user.get("isBot") is True else "person"
            self._ledger.profile(Profile(identity=identity, name=name or None, kind=kind))
        return None if user.get("isBot") is True else identity


def _not_said_by_people(message: dict[str, Any], author: dict[str, Any]) -> str | None:
    """Return why a message is none that one person wrote to others, None where it is."""
    if not message:
        return "unreadable"
    if message.get("type", "Default") not in _PEOPLE_SAY:
        return "system"
    return "bot" if author.get("isBot") is True else None


class _Rows:
    """Goes through the CSV of one channel, which names mentioned people in the text only."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: id -> name as it stands at the author
        self._names: dict[str, str] = {}

    def posts(self) -> Iterator[Post]:
        """Yield the rows in order."""
        mentions = NameMentions(
            (name.partition("#")[0], f"discord:{number}") for number, name in self._names.items()
        )
        rows = csv.reader(open_lines(self._source))
        next(rows, None)
        keys = NumberedKeys()
        while True:
            place = f"line {rows.line_num + 1}"
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield Post(place=place, skipped="unreadable")
                continue
            if len(cells) < _CSV_COLUMNS or not cells[0].isdigit():
                yield Post(place=place, skipped="unreadable")
                continue
            number, name, date, content = cells[:_CSV_COLUMNS]
            self._note(number, name)
            yield Post(
                place=place,
                key=keys.of(f"discord:{number}:{date}"),
                sent_at=self._time(date),
                sender=f"discord:{number}",
                mentioned=mentions.found(content),
            )

    def _note(self, number: str, name: str) -> None:
        if number not in self._names:
            self._names[number] = name
            self._ledger.profile(Profile(identity=f"discord:{number}", name=name or None))
