"""Mattermost compliance exports in the Actiance format: XML, a conversation after the other."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside
from orgnet_connectors.safe_xml import DamagedXmlError, End, Start, root_element, xml_events

_ROOT = "FileDump"
_DIRECT = ("direct", "group")


class MattermostActiance:
    """Reads a compliance export in the Actiance format, as XML or the zip with it."""

    name: ClassVar[str] = "mattermost_actiance"
    title: ClassVar[str] = "Mattermost Actiance export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "XML of a Mattermost compliance export in Actiance format, or its zip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "Content",
        "names of conversations",
        "files",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is an Actiance export: by its outermost element and its conversations."""
        if source.is_folder:
            return None
        if not source.is_zip:
            return _reason(source.head)
        return reason_inside(source, lambda name: name.lower().endswith(".xml"), _reason)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there is no XML, or it declares entities, or a zip is beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            names = streams.names
            if source.is_zip:
                names = [name for name in names if name.lower().endswith(".xml")]
            if not names:
                raise UnreadableFileError(
                    "no XML in it; expected a file such as actiance_export.xml",
                    file=source.name,
                    remedy="run the compliance export again, in the format Actiance XML",
                )
            reader = _Reader(source, streams, names, ledger)
            yield from write_posts(
                reader.posts, ledger, source=self.name, members=lambda: reader.members
            )
            streams.note(ledger)


def _reason(head: bytes) -> str | None:
    if root_element(head) == _ROOT and (b"<Conversation" in head or b"<!DOCTYPE" in head):
        return "XML with the element 'FileDump', as Mattermost writes it for Actiance"
    return None


class _Reader:
    """Goes through the conversations of one export."""

    def __init__(
        self, source: Source, streams: ExportStreams, names: list[str], ledger: Ledger
    ) -> None:
        self._source = source
        self._streams = streams
        self._names = names
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: direct conversation -> who entered it
        self.members: dict[str, dict[str, None]] = {}

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all files."""
        for name in self._names:
            with self._streams.open(name) as file:
                yield from self._posts_of(xml_events(self._source, file))

    def _posts_of(self, events: Iterator[Start | End]) -> Iterator[Post]:
        room = ""
        inside: str | None = None
        line = 0
        fields: dict[str, str] = {}
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except DamagedXmlError:
                self._ledger.truncated = "the XML ends early or is damaged"
                if inside == "Message":
                    yield Post(place=f"line {line}", skipped="unreadable")
                return
            if isinstance(event, Start):
                if event.name in ("Message", "ParticipantEntered"):
                    inside, line, fields = event.name, event.line, {}
            elif event.name == "RoomID":
                room = event.text
            elif event.name != inside:
                fields[event.name] = event.text
            elif inside == "Message":
                yield self._post(room, fields, f"line {line}")
                inside = None
            else:
                self._note_member(room, fields)
                inside = None

    def _note_member(self, room: str, fields: dict[str, str]) -> None:
        member = self._person(fields)
        if member is not None and _is_direct(room):
            self.members.setdefault(room, {})[member] = None

    def _person(self, fields: dict[str, str]) -> str | None:
        """Return the identity of a login name, which is an address or, for some, a user name."""
        login = fields.get("LoginName", "").lower()
        if not login:
            return None
        if "@" not in login:
            return f"mattermost:{login}"
        if login not in self._ledger.profiles:
            bot = fields.get("UserType", "").lower() == "bot"
            self._ledger.profile(
                Profile(identity=login, emails=(login,), kind="bot" if bot else "person")
            )
        return login

    def _post(self, room: str, fields: dict[str, str], place: str) -> Post:
        sender = self._person(fields)
        sent = fields.get("DateTimeUTC", "")
        # An older version of a message names the one that took its place.
        key = fields.get("EditedNewMsgId") or fields.get("MessageId")
        if not key and sender and sent:
            key = blake2b(f"{room}\n{sender}\n{sent}".encode(), digest_size=12).hexdigest()
        return Post(
            place=place,
            key=f"mattermost:{key}" if key else None,
            sent_at=self._time(sent),
            sender=sender,
            skipped=_not_said_by_people(fields, sender),
            room=room if _is_direct(room) else None,
            thread=f"mattermost:{room.rpartition(' ')[2]}",
        )


def _is_direct(room: str) -> bool:
    return room.partition(" ")[0].lower() in _DIRECT


def _not_said_by_people(fields: dict[str, str], sender: str | None) -> str | None:
    if sender is None:
        return "no_sender"
    if fields.get("UserType", "").lower() == "bot":
        return "bot"
    return "deleted" if "deleted" in fields.get("UpdatedType", "").lower() else None
