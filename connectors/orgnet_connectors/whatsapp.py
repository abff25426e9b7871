"""WhatsApp chats as a phone exports them: lines of text without ids."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_names import NameMentions
from orgnet_connectors.chat_posts import NumberedKeys, Post, write_posts
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside
from orgnet_connectors.text_lines import LONGEST_LINE
from orgnet_connectors.whatsapp_lines import ChatLine, chat_lines

_PEEK_BYTES = 1 << 14
_NOT_DIGITS = re.compile(r"\D")
_NUMBER = re.compile(r"\+[\d\s()\-]{6,}")


class WhatsApp:
    """Reads the text of one WhatsApp chat, or the zip with it."""

    name: ClassVar[str] = "whatsapp"
    title: ClassVar[str] = "WhatsApp chat"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "TXT of an exported WhatsApp chat, or the zip with it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "text, beyond the mentions in it",
        "pictures and files",
        "name of the chat",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a WhatsApp chat: by how its lines begin."""
        if source.is_folder:
            return None
        if not source.is_zip:
            return _reason(source.head)
        return reason_inside(source, _is_text, _reason, limit=_PEEK_BYTES)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there is no chat in it, or a zip is encrypted or beyond repair.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            names = list(filter(_is_text, streams.names)) if source.is_zip else streams.names
            chats = [name for name in names if _reason(streams.peek(name, _PEEK_BYTES))]
            if not chats:
                raise UnreadableFileError(
                    "no lines of a chat in it; expected such as '02/03/2026, 08:15 - Name: text'",
                    file=source.name,
                    remedy="export the chat again, without media",
                )
            chat = _Chat(source, streams, chats[0], options, ledger)
            yield from write_posts(chat.posts, ledger, source=self.name)
            streams.note(ledger)


def _is_text(name: str) -> bool:
    return name.lower().endswith(".txt")


def _reason(head: bytes) -> str | None:
    """Look at the first lines: the first one that is not blank begins a message or notice."""
    text = head.decode("utf-8-sig", "replace")
    lines = [line for line in io.StringIO(text) if line.strip()][:200]
    found = list(chat_lines(lines))
    if found and found[0].number == 1 and any(line.sender for line in found):
        return "lines begin with date, time and name, as WhatsApp writes them"
    return None


class _Chat:
    """Goes through the lines of one chat."""

    def __init__(
        self,
        source: Source,
        streams: ExportStreams,
        name: str,
        options: ReadOptions,
        ledger: Ledger,
    ) -> None:
        self._streams = streams
        self._name = name
        evidence = OrderEvidence()
        authors: dict[str, None] = {}
        matters = False
        for line in self._lines():
            evidence.add(line.date)
            matters |= not _reads_alike(line.date)
            # The name of the chat stands before its notices, and before nothing else.
            if line.sender and not line.marked:
                authors[line.sender] = None
        day_first = evidence.day_first if options.day_first is None else options.day_first
        if day_first is None and not matters:
            day_first = True
        if evidence.needed and day_first is None:
            raise AmbiguousInputError(
                "the dates do not show whether the day or the month stands first",
                file=source.name,
                remedy="say it with --day-first or --month-first",
            )
        self._time = TimeReader(day_first=day_first, zone=zone_of(options.timezone))
        self._authors = authors
        self._mentions = NameMentions(_called(authors))
        said = "\n".join(sorted(authors)).encode("utf-8", "replace")
        chat = blake2b(said, digest_size=8).hexdigest()
        self._key = f"whatsapp:{chat}"
        self._room = self._key if len(authors) == 2 else None
        self._note(options, ledger)

    def _note(self, options: ReadOptions, ledger: Ledger) -> None:
        for name in self._authors:
            ledger.profile(Profile(identity=_identity(name), name=name))
        zone = options.timezone or "UTC"
        ledger.ambiguous.append(
            f"times without a zone are read as {zone} (--tz); they are those of the phone"
        )
        if self._room is not None:
            ledger.ambiguous.append(
                "two people wrote: read as a chat of two; leave the file out if it is a group"
            )

    def _lines(self) -> Iterator[ChatLine]:
        with (
            self._streams.open(self._name) as file,
            io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace") as text,
        ):
            yield from chat_lines(iter(lambda: text.readline(LONGEST_LINE), ""))

    def posts(self) -> Iterator[Post]:
        """Yield the messages in order."""
        keys = NumberedKeys()
        for line in self._lines():
            place = f"line {line.number}"
            if line.sender is None or line.sender not in self._authors:
                yield Post(place=place, skipped="system")
                continue
            sent_at = self._time(line.time)
            sender = _identity(line.sender)
            yield Post(
                place=place,
                key=keys.of(f"{self._key}:{sent_at}:{sender}"),
                sent_at=sent_at,
                sender=sender,
                room=self._room,
                mentioned=self._mentions.found(line.text),
                thread=self._key,
            )


def _reads_alike(date: str) -> bool:
    """Say whether a date is the same with the day first and with the month first."""
    first, second, *_ = _NOT_DIGITS.split(date)
    return first == second or len(first) > 2


def _identity(name: str) -> str:
    """Return the identity of a sender: the name in the phone's contacts, or the number."""
    return f"whatsapp:{_NOT_DIGITS.sub('', name) if _NUMBER.fullmatch(name) else name}"


def _called(authors: dict[str, None]) -> Iterator[tuple[str, str]]:
    """Yield what people are mentioned by: their name, or their number in digits."""
    for name in authors:
        identity = _identity(name)
        yield name, identity
        if _NUMBER.fullmatch(name):
            yield identity.partition(":")[2], identity
