"""The conversations of a Slack export, read day file by day file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import Ledger
from orgnet_connectors.export_files import ExportFiles
from orgnet_connectors.slack_records import Message, decode_list
from orgnet_connectors.slack_stretches import Room, Stretch, StretchReader

#: How much of a conversation is decoded at once; a single file may be larger.
_STRETCH_BYTES = 1 << 18


class Conversation(Struct, frozen=True):
    """One conversation and the names of its day files, in order."""

    room: Room
    days: tuple[str, ...]


def read_conversations(
    files: ExportFiles, conversations: Iterable[Conversation], ledger: Ledger, *, source: str
) -> Iterator[pa.RecordBatch]:
    """Yield the records of conversations one after the other, and count every message.

    Parameters
    ----------
    files
        Have the day files.
    conversations
        What to read.
    ledger
        Counts the messages; is told if a file is damaged.
    source
        Name of the connector.
    """
    stretches = StretchReader(ledger, source=source)
    for conversation in conversations:
        for stretch in _cut(files, conversation, ledger):
            yield from stretches.read(stretch)
    yield from stretches.flush()


def _cut(files: ExportFiles, conversation: Conversation, ledger: Ledger) -> Iterator[Stretch]:
    """Yield a conversation in stretches of so many files that reading them is worth while."""
    authors: dict[str, str | None] = {}
    held: list[tuple[str, list[Message | None]]] = []
    size = 0
    for name in conversation.days:
        data, whole = files.read(name)
        if not whole and ledger.truncated is None:
            ledger.truncated = "a file in the export is damaged or cannot be opened"
        held.append((name, decode_list(data, Message)))
        size += len(data)
        if size >= _STRETCH_BYTES:
            yield Stretch(conversation.room, held, authors)
            held, size = [], 0
    if held:
        yield Stretch(conversation.room, held, authors)
