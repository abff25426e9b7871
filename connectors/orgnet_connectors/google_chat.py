"""Google Chat as Takeout delivers it: a folder a conversation, with its members and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import BROKEN, JsonSteps, as_list, as_object, as_text
from orgnet_connectors.chat_names import NameMentions
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside
from orgnet_connectors.google_chat_dates import takeout_time_us

_MESSAGES = re.compile(r"(?:.*/)?Groups/(?P<group>[^/]+)/messages\.json")
#: What a folder holds that is Google Chat alone, and not a Takeout of several products.
_INSIDE = re.compile(r"(?:Groups|Users)/.*")
_FIRST_MESSAGE = re.compile(
    rb'\s*\{\s*"messages"\s*:\s*\[\s*(?:\]|\{[^\x00]*"(?:creator|topic_id)")'
)
_DIRECT_FOLDER = re.compile(r"DM\b")

_OWN_FIELDS = ("creator", "message_id")


class GoogleChat:
    """Reads the Google Chat part of a Takeout, as the zip or unpacked."""

    name: ClassVar[str] = "google_chat"
    title: ClassVar[str] = "Google Chat in Takeout"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "zip of a Takeout with Google Chat, or its folder 'Google Chat'"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "text, beyond the mentions in it",
        "attached_files",
        "quoted_message_metadata",
        "names of conversations",
        "emoji of reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it holds Google Chat: by what stands in the files of its conversations.

        Of a folder only ``Google Chat`` itself is taken, so that the rest of a Takeout is read
        by those who can.
        """
        if source.is_folder:
            if not all(_INSIDE.fullmatch(name) for name in source.members if _is_data(name)):
                return None
        elif not source.is_zip:
            return None
        return reason_inside(source, _is_messages, _reason)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there are no messages, or the zip is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            groups = list(filter(_is_messages, streams.names))
            if not groups:
                raise UnreadableFileError(
                    "no messages in it; expected files such as 'Groups/DM 1/messages.json'",
                    file=source.name,
                    remedy="export Google Chat in Takeout and give the zip as it was delivered",
                )
            reader = _Reader(streams, groups, ledger)
            yield from write_posts(
                reader.posts, ledger, source=self.name, members=lambda: reader.members
            )
            streams.note(ledger)


def _is_messages(name: str) -> bool:
    return _MESSAGES.fullmatch(name) is not None


def _reason(head: bytes) -> str | None:
    return "holds Takeout's folders of conversations" if _FIRST_MESSAGE.match(head) else None


def _is_data(name: str) -> bool:
    return not name.rpartition("/")[2].startswith(".")


class _Reader:
    """Goes through the conversations of one Takeout."""

    def __init__(self, streams: ExportStreams, names: list[str], ledger: Ledger) -> None:
        self._streams = streams
        self._ledger = ledger
        #: file of messages -> (is direct, finder of mentions)
        self._groups: dict[str, tuple[bool, NameMentions]] = {}
        #: file of messages -> everybody in the conversation
        self.members: dict[str, list[str]] = {}
        for name in names:
            self._note_group(name)

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all conversations."""
        for count, (name, (direct, mentions)) in enumerate(self._groups.items(), start=1):
            with self._streams.open(name) as file:
                steps = JsonSteps(file, enter={"", "messages"}, own=_OWN_FIELDS)
                number = 0
                for path, value in steps:
                    if path == "messages[]" or value is BROKEN:
                        number += 1
                        place = f"conversation {count}, message {number}"
                        yield self._post(value, place, name if direct else None, mentions)
                if steps.truncated:
                    self._ledger.truncated = "a file of messages ends early or is damaged"

    def _note_group(self, name: str) -> None:
        """Read who is in a conversation, and whether everybody in it is addressed."""
        folder, _, _ = name.rpartition("/")
        beside = f"{folder}/group_info.json"
        info: dict[str, Any] = {}
        if beside in self._streams.names:
            with self._streams.open(beside) as file:
                info = next((as_object(step.value) for step in JsonSteps(file)), {})
        people = [as_object(member) for member in as_list(info.get("members"))]
        identities = [identity for person in people if (identity := self._person(person))]
        # Spaces have names; conversations between people have none.
        direct = _DIRECT_FOLDER.match(folder.rpartition("/")[2]) is not None or (
            bool(people) and not as_text(info.get("name"))
        )
        if direct:
            self.members[name] = identities
        names = ((as_text(person.get("name")), self._person(person) or "") for person in people)
        self._groups[name] = direct, NameMentions(pair for pair in names if pair[1])

    def _person(self, person: object) -> str | None:
        """Return the identity of a member or creator, and note what is said of them.

        An account without an address was deleted, and cannot be told from others of its kind.
        """
        known = as_object(person)
        email = as_text(known.get("email")).lower()
        if "@" not in email:
            return None
        if email not in self._ledger.profiles:
            kind = "bot" if known.get("user_type") == "Bot" else "person"
            name = as_text(known.get("name")) or None
            self._ledger.profile(Profile(identity=email, emails=(email,), name=name, kind=kind))
        return email

    def _post(self, value: object, place: str, room: str | None, mentions: NameMentions) -> Post:
        message = as_object(value)
        creator = as_object(message.get("creator"))
        key = as_text(message.get("message_id"))
        if not key or not creator:
            return Post(place=place, skipped="unreadable" if not key else "no_sender")
        sender = None if creator.get("user_type") == "Bot" else self._person(creator)
        group, _, rest = key.partition("/")
        topic = as_text(message.get("topic_id")) or rest.partition("/")[0]
        root = f"google_chat:{group}/{topic}/{topic}"
        return Post(
            place=place,
            key=f"google_chat:{key}",
            sent_at=takeout_time_us(as_text(message.get("created_date"))),
            sender=sender,
            skipped=_not_said_by_people(message, creator),
            room=room,
            answers=root,
            mentioned=tuple(self._mentioned(message, mentions)),
            reactions=tuple(self._reactions(message)),
            thread=root,
        )

    def _mentioned(self, message: dict[str, Any], mentions: NameMentions) -> Iterator[str]:
        annotated = False
        for each in as_list(message.get("annotations")):
            user = as_object(as_object(each).get("user_mention_metadata")).get("user")
            person = self._person(user)
            if person is not None:
                annotated = True
                yield person
        if not annotated:
            yield from mentions.found(as_text(message.get("text")))

    def _reactions(self, message: dict[str, Any]) -> Iterator[str]:
        for reaction in as_list(message.get("reactions")):
            for email in as_list(as_object(reaction).get("reactor_emails")):
                if "@" in (address := as_text(email).lower()):
                    yield address


def _not_said_by_people(message: dict[str, Any], creator: dict[str, Any]) -> str | None:
    if creator.get("user_type") == "Bot":
        return "bot"
    deleted = message.get("message_state") == "DELETED" or "deletion_metadata" in message
    return "deleted" if deleted else None
