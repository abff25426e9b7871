"""Visits: a list of who visited whom, as the reception's tablet exports it."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from orgnet.schema import InteractionWriter, Ledger, ReadOptions, Source

HEADER = b"visitor;host;when;purpose"


class Visits:
    """Reads the reception's list of visits."""

    name: ClassVar[str] = "visits"
    title: ClassVar[str] = "Visits"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV file of the reception's tablet"
    dropped_unread: ClassVar[tuple[str, ...]] = ("purpose",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is such a list: by its first line, never by its name."""
        return "begins with the tablet's headings" if source.head.startswith(HEADER) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield a meeting for each visit."""
        zone = ZoneInfo(options.timezone or "UTC")
        writer = InteractionWriter(ledger, channel="meeting", source=self.name)
        with source.path.open(encoding="utf-8", errors="replace", newline="") as file:
            for cells in (lines := csv.reader(file, delimiter=";")):
                if lines.line_num == 1 or not cells:
                    continue
                place = f"line {lines.line_num}"
                # A short row is filled up; what stands behind the third cell is not looked at.
                cells = [cell.strip().lower() for cell in [*cells[:3], "", ""]]
                visitor, host, when = cells[:3]
                if not (visitor and host):
                    ledger.skip(
                        "no_addressee",
                        place=place,
                        found="a visit without a visitor or a host",
                        remedy="none needed",
                    )
                    continue
                try:
                    moment = datetime.fromisoformat(when).replace(tzinfo=zone)
                except ValueError:
                    ledger.skip(
                        "no_date",
                        place=place,
                        found="no date such as 2026-03-02 09:15",
                        remedy="correct the date",
                    )
                    continue
                sent_at = int(moment.timestamp()) * 1_000_000
                writer.add(sent_at, visitor, host, "attend", 1, f"visit:{lines.line_num}")
                ledger.keep()
                yield from writer.full()
        yield from writer.flush()
