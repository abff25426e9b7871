"""Gmail's logs in BigQuery, extracted as JSON lines or CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import Aliases
from orgnet_connectors.json_objects import JsonObjects
from orgnet_connectors.mail_deliveries import Outcome, write_deliveries
from orgnet_connectors.mail_log_store import LogStore
from orgnet_connectors.tracking_events import note_columns

#: Columns of a CSV, in which `_` or `.` stands between the names of nested fields.
COLUMNS = Aliases(
    {
        "time": ["event_info.timestamp_usec"],
        "type": ["event_info.mail_event_type"],
        "success": ["event_info.success"],
        "id": ["message_info.rfc2822_message_id"],
        "author": ["message_info.source.from_header_address"],
        "sender": ["message_info.source.address"],
        "recipients": ["message_info.flattened_destinations", "message_info.destination.address"],
        "spam": ["message_info.is_spam"],
    }
)
_NAMES = ("time", "type", "success", "id", "author", "sender", "recipients", "spam")
_RECORD = ("event_info", "message_info")
_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")

_FAILED = Outcome(reason="not_delivered", found="an event without success", addressed=True)
_SPAM = Outcome(reason="spam", found="a mail that was marked as spam", addressed=True)
_OUTCOMES = (_FAILED, _SPAM)

#: Type 1 is a mail that was sent, 2 one that was received; all others are what people do with
#: mails that they have. A destination is ``service:selector:address``.
_LOG = """
SELECT row, sender, sent_at,
       CASE WHEN sent_at IS NULL THEN time ELSE '' END AS time,
       key_of(bare, '', sender, time) AS key,
       CASE WHEN type NOT IN ('', '1', '2') THEN 'other_event'
            WHEN path = '<>' THEN 'automatic' ELSE '' END AS refused,
       recipients, success, spam
FROM (SELECT row, time, sender AS path, lower(trim(success)) AS success, lower(trim(spam)) AS spam,
             trim(type) AS type, bare_id(id) AS bare, plausible(instant(trim(time))) AS sent_at,
             address_of(CASE WHEN contains(author, '@') THEN author ELSE sender END) AS sender,
             lower(replace(recipients, ';', ',')) AS recipients
      FROM batch)
"""

_TOLD = """
SELECT row, sent_at, sender, key, message, sound, 0 AS named, false AS is_copy,
       CASE WHEN contains(item, '@') THEN trim(split_part(item, ':', -1)) ELSE '' END AS recipient,
       CASE WHEN success = 'false' THEN 1 WHEN spam = 'true' THEN 2 ELSE 0 END AS outcome
FROM (SELECT row, sent_at, sender, key, hash(key) AS message, success, spam,
             refused = '' AND sender <> '' AND sent_at IS NOT NULL AS sound,
             unnest(string_split(recipients, ',')) AS item
      FROM log WHERE refused = '')
"""


class GmailBigQuery:
    """Reads Gmail's logs as ``bq extract`` writes them."""

    name: ClassVar[str] = "gmail_bigquery"
    title: ClassVar[str] = "Gmail logs in BigQuery"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON lines or CSV of Gmail's logs in BigQuery"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "message_info.subject",
        "message_info.attachment",
        "message_info.link_domain",
        "event_info.client_context",
        "all other fields",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is such a log: by the names of its fields."""
        if source.is_folder or source.is_zip:
            return None
        if _is_json(source):
            return "JSON lines with Gmail's event_info and message_info.rfc2822_message_id"
        if _table(source) is None:
            return None
        return "columns of Gmail's event_info and message_info.rfc2822_message_id"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a mail and recipient; the ledger counts events.

        Raises
        ------
        UnreadableFileError
            If it is no log of Gmail's, or has no events.
        InputError
            If every row is wrong.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with LogStore() as store:
            if _is_json(source):
                store.fill_rows(_json_rows(source, ledger), _NAMES, _LOG, "event {}".format)
            else:
                table = _table(source)
                if table is None:
                    raise UnreadableFileError(
                        "no fields of Gmail's logs; expected 'event_info.timestamp_usec' and "
                        "'message_info.rfc2822_message_id'",
                        file=source.name,
                        remedy="extract the table again, as JSON lines",
                    )
                columns = COLUMNS.positions(table.header)
                places = {name: columns[name][0] if name in columns else None for name in _NAMES}
                note_columns(table.header, places, ledger)
                store.fill(table, places, _LOG, ledger)
            yield from write_deliveries(
                store, _TOLD, _OUTCOMES, source, options, ledger, name=self.name, zone_stated=True
            )


def _is_json(source: Source) -> bool:
    head = source.head
    names = (b'"message_info"', b'"rfc2822_message_id"')
    return _JSON_BEGINS.match(head) is not None and all(name in head for name in names)


def _table(source: Source) -> Table | None:
    try:
        return find_table(source, _score)
    except UnreadableFileError:
        return None


def _score(cells: Sequence[str]) -> int:
    columns = COLUMNS.positions(cells)
    return len(columns) if {"time", "id", "recipients"} <= columns.keys() else 0


def _json_rows(source: Source, ledger: Ledger) -> Iterator[tuple[int, list[str]]]:
    objects = JsonObjects(source, lists=["rows"])
    for number, text in enumerate(objects, start=1):
        event = _event(text)
        if event is None:
            ledger.skip(
                "unreadable",
                place=f"event {number}",
                found="JSON that is cut short or is no event",
                remedy="extract the table again",
            )
        else:
            yield number, _cells(event)
    if objects.truncated:
        ledger.truncated = "the JSON ends within an event"


def _event(text: str | None) -> dict[str, Any] | None:
    try:
        event = _object(json.loads(text or ""))
    except ValueError:
        return None
    return event if any(name in event for name in _RECORD) else None


def _cells(event: dict[str, Any]) -> list[str]:
    happened, message = _object(event.get("event_info")), _object(event.get("message_info"))
    origin = _object(message.get("source"))
    destinations = message.get("destination")
    addresses = [
        _text(_object(each).get("address"))
        for each in (destinations if isinstance(destinations, list) else [])
    ]
    return [
        _text(happened.get("timestamp_usec")),
        _text(happened.get("mail_event_type")),
        _text(happened.get("success")),
        _text(message.get("rfc2822_message_id")),
        _text(origin.get("from_header_address")),
        _text(origin.get("address")),
        ",".join(filter(None, addresses)) or _text(message.get("flattened_destinations")),
        _text(message.get("is_spam")),
    ]


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""
