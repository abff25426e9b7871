"""Microsoft Teams: chats and channels as the export API of Microsoft Graph delivers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import as_list, as_object, as_text
from orgnet_connectors.chat_pages import MessagePages
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams
from orgnet_connectors.roster_people import addresses

_ENDINGS = (".json", ".jsonl", ".ndjson")
_BESIDE = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_KIND = re.compile(rb'"messageType"\s*:\s*"')
_PLACE = re.compile(rb'"(?:chatId|channelIdentity)"\s*:')
_MESSAGES = re.compile(rb'"@odata\.context"\s*:\s*"[^"]*(?:chatMessage|/getAllMessages)')
#: Pages of users and of chats with their members, which a folder may hold besides.
_OTHER_PAGE = re.compile(rb'"@odata\.context"\s*:\s*"[^"]*(?:#users|chats|members)')
#: A one-to-one chat has both people's ids in its own.
_ONE_TO_ONE = re.compile(r"19:([0-9a-f-]{36})_([0-9a-f-]{36})@unq\.gbl\.spaces", re.IGNORECASE)

#: A message has these, and nothing inside of a message has them all.
_OWN_FIELDS = ("messageType", "id", "createdDateTime")
_PEEK_BYTES = 1 << 16


class Teams:
    """Reads saved pages of ``getAllMessages``: a file, JSON lines, or a folder or zip of pages."""

    name: ClassVar[str] = "teams"
    title: ClassVar[str] = "Microsoft Teams messages"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON pages of Graph's getAllMessages: a file, folder or zip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "body",
        "subject",
        "summary",
        "attachments",
        "webUrl",
        "importance",
        "names of reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it holds Teams messages: by the fields that only they have.

        A folder or zip is one export if it holds nothing else than pages of Graph, for chats go
        over from page to page.
        """
        if source.is_folder and not all(map(_is_page, filter(_is_data, source.members))):
            return None
        if source.is_folder or source.is_zip:
            try:
                with open_streams(source) as streams:
                    names = list(filter(_is_data, streams.names))
                    if not all(map(_is_page, names)):
                        return None
                    return _reason_of_all([streams.peek(name, _PEEK_BYTES) for name in names])
            except UnreadableFileError:
                return None
        return "Teams messages as Microsoft Graph has them" if _holds(source.head) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Who is in a group chat does not stand in its messages. Where the folder also holds the
        chats with their members, these are addressed; otherwise all who wrote in the chat are.

        Raises
        ------
        UnreadableFileError
            If a zip is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            reader = _Reader(streams, ledger)
            yield from write_posts(
                reader.posts, ledger, source=self.name, members=reader.listed_members
            )
            streams.note(ledger)
            reader.note_inferred()


def _is_page(name: str) -> bool:
    return name.lower().endswith(_ENDINGS)


def _is_data(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return last not in _BESIDE and not last.startswith("._")


def _holds(head: bytes) -> bool:
    return bool(_MESSAGES.search(head) or (_KIND.search(head) and _PLACE.search(head)))


def _reason_of_all(heads: list[bytes]) -> str | None:
    messages = [_holds(head) for head in heads]
    others = [_OTHER_PAGE.search(head) is not None for head in heads]
    if not any(messages) or not all(map(max, messages, others)):
        return None
    return "holds pages of Teams messages as Microsoft Graph has them"


class _Reader:
    """Goes through the pages of one export."""

    def __init__(self, streams: ExportStreams, ledger: Ledger) -> None:
        self._streams = streams
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        self._members: dict[str, list[str]] = {}
        self._unlisted: set[str] = set()

    def listed_members(self) -> dict[str, list[str]]:
        """Return who is in which chat, as far as ids or pages beside the messages said it."""
        return self._members

    def note_inferred(self) -> None:
        """Note for how many chats the members were taken from who wrote in them."""
        if count := len(self._unlisted - self._members.keys()):
            self._ledger.ambiguous.append(
                f"members of {count:,} group chats: not in the messages, so taken from who wrote; "
                "add the pages of /chats?$expand=members to the folder to have all of them"
            )

    def posts(self) -> Iterator[Post]:
        """Yield the messages of all pages; on the way, note users and members of chats."""
        names = list(filter(_is_page, self._streams.names)) or self._streams.names
        for name in names:
            with self._streams.open(name) as file:
                pages = MessagePages(
                    file, self._streams.peek(name, _PEEK_BYTES), "value", _OWN_FIELDS
                )
                for number, element in enumerate(pages, start=1):
                    post = self._post(element, f"{name.rpartition('/')[2]}, message {number}")
                    if post is not None:
                        yield post
                if pages.truncated:
                    self._ledger.truncated = "a page ends early or is damaged"

    def _post(self, element: object, place: str) -> Post | None:
        """Read one element of a page; None for what is no message: a user, a chat."""
        record = as_object(element)
        if not record:
            return Post(place=place, skipped="unreadable")
        if "messageType" not in record:
            return self._other(record, place)
        chat = as_text(record.get("chatId"))
        channel = as_text(as_object(record.get("channelIdentity")).get("channelId"))
        room = chat or channel
        key = as_text(record.get("id"))
        answers = as_text(record.get("replyToId"))
        sender = _person(record.get("from"))
        if sender is not None:
            self._note_name(sender, as_object(as_object(record["from"]).get("user")))
        skipped = _not_said_by_people(record, sender)
        if chat and skipped is None:
            self._note_chat(chat)
        thread = f"{room}:{answers or key}" if channel else room
        return Post(
            place=place,
            key=f"{room}:{key}" if room and key else None,
            sent_at=self._time(as_text(record.get("createdDateTime"))),
            sender=sender,
            skipped=skipped,
            room=chat or None,
            answers=f"{room}:{answers}" if answers and channel else None,
            mentioned=tuple(_people(record.get("mentions"), "mentioned")),
            reactions=tuple(_people(record.get("reactions"), "user")),
            thread=f"teams:{thread}",
        )

    def _other(self, record: dict[str, Any], place: str) -> Post | None:
        """Note what a user or a chat says; anything else is counted as unreadable."""
        known = as_text(record.get("id")).lower()
        if known and "userPrincipalName" in record:
            emails = addresses([as_text(record.get(at)) for at in ("mail", "userPrincipalName")])
            name = as_text(record.get("displayName")) or None
            self._ledger.profiles[_identity(known)] = Profile(
                identity=_identity(known), emails=tuple(emails), name=name
            )
            return None
        if "members" in record and known.startswith("19:"):
            self._note_members(as_text(record["id"]), as_list(record["members"]))
            return None
        return Post(place=place, skipped="unreadable")

    def _note_members(self, chat: str, members: list[Any]) -> None:
        for member in map(as_object, members):
            user = as_text(member.get("userId")).lower()
            if not user:
                continue
            identity = _identity(user)
            if identity not in self._members.setdefault(chat, []):
                self._members[chat].append(identity)
            email = as_text(member.get("email")).lower()
            known = self._ledger.profiles.get(identity)
            if "@" in email and (known is None or not known.emails):
                name = as_text(member.get("displayName")) or None
                self._ledger.profiles[identity] = Profile(
                    identity=identity, emails=(email,), name=name
                )

    def _note_chat(self, chat: str) -> None:
        if chat in self._members or chat in self._unlisted:
            return
        both = _ONE_TO_ONE.fullmatch(chat)
        if both is None:
            self._unlisted.add(chat)
        else:
            self._members[chat] = [_identity(user.lower()) for user in both.groups()]

    def _note_name(self, identity: str, user: dict[str, Any]) -> None:
        if identity not in self._ledger.profiles:
            name = as_text(user.get("displayName")) or None
            self._ledger.profile(Profile(identity=identity, name=name))


def _identity(user: str) -> str:
    return user if "@" in user else f"teams:{user}"


def _person(who: object) -> str | None:
    """Return the identity of a person among sender, mentioned and reacting; None for all others."""
    user = as_text(as_object(as_object(who).get("user")).get("id")).lower()
    return _identity(user) if user else None


def _people(entries: object, field: str) -> Iterator[str]:
    for entry in as_list(entries):
        person = _person(as_object(entry).get(field))
        if person is not None:
            yield person


def _not_said_by_people(record: dict[str, Any], sender: str | None) -> str | None:
    """Return why a message is none that one person wrote to others, None where it is."""
    if record.get("messageType") != "message":
        return "system"
    if record.get("deletedDateTime"):
        return "deleted"
    if sender is not None:
        return None
    origin = as_object(record.get("from"))
    return "bot" if origin.get("application") or origin.get("device") else "no_sender"
