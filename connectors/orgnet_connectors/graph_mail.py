"""Mail as Microsoft Graph states it in JSON: pages, lists or lines of messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, ClassVar, Literal

import pyarrow as pa
from msgspec.structs import replace

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.json_objects import JsonObjects
from orgnet_connectors.mail_addresses import Mailbox
from orgnet_connectors.mail_dates import sent_at_us, time_zone
from orgnet_connectors.mail_headers import Mail, read_mail
from orgnet_connectors.mail_records import MailRecords
from orgnet_connectors.text_lines import encoding_of

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe)?\s*[\[{]")
_OWN_FIELDS = (
    *("internetMessageId", "toRecipients", "ccRecipients", "sentDateTime", "receivedDateTime"),
    *("conversationId", "isDraft"),
)
_TIMES = ("sentDateTime", "receivedDateTime", "createdDateTime")
_FILES_LOOKED_AT = 5
_ENDINGS = (".json", ".jsonl", ".ndjson")
_LINE_END = re.compile(r"[\r\n]+")


class GraphMail:
    """Reads who wrote to whom out of messages; subjects, bodies and previews are passed over."""

    name: ClassVar[str] = "graph_mail"
    title: ClassVar[str] = "Microsoft 365 mail (Graph)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON or JSON lines of Microsoft Graph's messages, or folder of them"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "subject",
        "body",
        "bodyPreview",
        "uniqueBody",
        "attachments",
        "webLink",
        "bccRecipients",
        "all other fields",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the source holds such messages: by the names of their fields."""
        if source.is_folder:
            files = _files(source)
            if files and all(map(_holds_messages, files[:_FILES_LOOKED_AT])):
                return f"a folder of {len(files):,} JSON files with Microsoft Graph's messages"
            return None
        if not _holds_messages(source):
            return None
        return "JSON messages with Microsoft Graph's conversationId, toRecipients or isDraft"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a message and recipient; the ledger counts messages.

        Raises
        ------
        UnreadableFileError
            If no message can be found.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        zone = time_zone(options.timezone)
        records = MailRecords(ledger, source=self.name, zone=zone)
        number = 0
        for file in _files(source) if source.is_folder else [source]:
            messages = JsonObjects(file, lists=["value"])
            for text in messages:
                number += 1
                _add(records, _message(text), f"message {number}", ledger)
                yield from records.full()
            if messages.truncated:
                ledger.truncated = "the JSON ends within a message or a page"
        if not number:
            raise UnreadableFileError(
                "no message in it; expected objects with 'from', 'toRecipients' and 'sentDateTime'",
                file=source.name,
                remedy="export the messages again",
            )
        yield from records.finish()


def read_message(message: dict[str, Any]) -> Mail:
    """Read one message.

    Examples
    --------
    >>> box = {"emailAddress": {"name": "Aya Ito", "address": "Aya@example.com"}}
    >>> mail = read_message({"from": box, "sentDateTime": "2026-03-02T08:15:09Z", "id": "AAM1"})
    >>> mail.sender, mail.sent_at, mail.key
    ('aya@example.com', 1772439309000000, 'graph:AAM1')
    """
    authors = _boxes([message.get("from")]) or _boxes([message.get("sender")])
    boxes = list(authors)
    recipients: dict[str, str] = {}
    for field, kind in (("toRecipients", "to"), ("ccRecipients", "cc")):
        for box in _boxes(message.get(field)):
            boxes.append(box)
            recipients.setdefault(box.address, kind)
    times = (sent_at_us(_text(message.get(name))) for name in _TIMES)
    written_id = _text(message.get("internetMessageId"))
    # What the message's own headers say, as far as they were exported.
    said = read_mail(_header_block(message, written_id))
    key = said.key if written_id else f"graph:{_text(message.get('id'))}"
    return replace(
        said,
        key=key,
        sender=authors[0].address if authors else None,
        sent_at=next((time for time in times if time is not None), None),
        recipients=recipients,
        boxes=tuple(boxes),
        thread=_text(message.get("conversationId")) or said.parent or key,
        set_aside="draft" if message.get("isDraft") is True else said.set_aside,
    )


def _header_block(message: dict[str, Any], written_id: str) -> bytes:
    lines = [f"Message-ID: {written_id}"] if written_id else []
    headers = message.get("internetMessageHeaders")
    for header in headers if isinstance(headers, list) else []:
        if isinstance(header, dict):
            lines.append(f"{_text(header.get('name'))}: {_text(header.get('value'))}")
    text = "".join(f"\n{_LINE_END.sub(' ', line)}" for line in lines)
    return text.encode("utf-8", "replace")


def _boxes(value: object) -> list[Mailbox]:
    boxes = []
    for each in value if isinstance(value, list) else []:
        address = each.get("emailAddress") if isinstance(each, dict) else None
        if isinstance(address, dict) and (text := _text(address.get("address")).lower()):
            boxes.append(Mailbox(text, _text(address.get("name")) or None))
    return boxes


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _files(source: Source) -> list[Source]:
    """Return the files of a folder, if all of them are JSON by name."""
    names = [name for name in source.members if not PurePosixPath(name).name.startswith(".")]
    if not all(name.lower().endswith(_ENDINGS) for name in names):
        return []
    return [Source(source.path / name) for name in names]


def _holds_messages(source: Source) -> bool:
    head = source.head
    if encoding_of(head).startswith("utf-16"):
        head = head.replace(b"\0", b"")
    if not _BEGINS.match(head) or b'"iCalUId"' in head:
        return False
    if b'"toRecipients"' in head and b'"emailAddress"' in head:
        return True
    # Of a long first message only the fields before its body may be in view.
    return b'"conversationId"' in head and (
        b'"internetMessageId"' in head or b'"isDraft"' in head or b'"bodyPreview"' in head
    )


def _add(records: MailRecords, message: dict[str, Any] | None, place: str, ledger: Ledger) -> None:
    if message is None:
        ledger.skip(
            "unreadable",
            place=place,
            found="JSON that is cut short or is no message",
            remedy="export again",
        )
    elif "eventmessage" in _text(message.get("@odata.type")).lower() or _text(
        message.get("meetingMessageType")
    ) not in ("", "none"):
        ledger.skip(
            "meeting",
            place=place,
            found="an invitation, or an answer to one",
            remedy="export the calendars as well",
        )
    else:
        records.add_mail(read_message(message), place=place)


def _message(text: str | None) -> dict[str, Any] | None:
    try:
        message = json.loads(text or "")
    except ValueError:
        return None
    known = isinstance(message, dict) and any(field in message for field in _OWN_FIELDS)
    return message if known else None
