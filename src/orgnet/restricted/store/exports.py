"""What is kept of each export: what a report says of its reading, and how to know it again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import msgspec

from orgnet.plugins import connectors
from orgnet.reading import Reading
from orgnet.results import Input
from orgnet.schema import Ledger, ReadOptions, Source


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """One export that was read; nothing of what stands in it.

    Attributes
    ----------
    name, bytes, sha256
        Of the file.
    connector
        What read it.
    kept, skipped, interactions, first, last, ambiguous, dropped_unread, truncated
        As in `orgnet.schema.Ledger`.
    """

    name: str
    bytes: int
    sha256: str
    connector: str
    kept: int
    skipped: dict[str, int]
    interactions: int
    first: datetime | None
    last: datetime | None
    ambiguous: list[str]
    dropped_unread: list[str]
    truncated: str | None


def as_options(options: ReadOptions) -> tuple[object, ...]:
    """Return how exports are read, to be compared."""
    return options.tie_from, options.day_first, options.timezone, options.channel


def export_of(reading: Reading, file: Input) -> Export:
    """Return what is kept of an export that was just read."""
    ledger = reading.ledger
    return Export(
        name=file.name,
        bytes=file.bytes,
        sha256=file.sha256,
        connector=reading.connector.name,
        kept=ledger.kept,
        skipped=dict(sorted(ledger.skipped.items())),
        interactions=ledger.interactions,
        first=ledger.first,
        last=ledger.last,
        ambiguous=ledger.ambiguous,
        dropped_unread=sorted(ledger.dropped_unread),
        truncated=ledger.truncated,
    )


def reading_of(export: Export, options: ReadOptions) -> Reading:
    """Return the reading of an export as it was; its file need not be there any more."""
    return Reading(
        source=Source(Path(export.name)),
        connector=connectors()[export.connector],
        why="",
        options=options,
        ledger=Ledger(
            kept=export.kept,
            skipped=Counter(export.skipped),
            interactions=export.interactions,
            first=export.first,
            last=export.last,
            ambiguous=list(export.ambiguous),
            dropped_unread=set(export.dropped_unread),
            truncated=export.truncated,
        ),
    )
