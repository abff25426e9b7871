"""Message tracking logs of Exchange servers, and what PowerShell exports of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table, records
from orgnet_connectors.headings import heading_key
from orgnet_connectors.mail_log_store import LogStore
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines
from orgnet_connectors.tracking_events import (
    EVENT_COLUMNS,
    EVENT_LOG,
    EVENT_NAMES,
    note_columns,
    read_events,
    write_events,
)

_FIELDS = "#Fields:"
_LOG_TYPE = "#Log-Type: Message Tracking Log"
#: The header block is five lines; a log that was cut may begin in the middle.
_HEADER_LINES = 20
_FILES_LOOKED_AT = 5


class ExchangeTracking:
    """Reads message tracking logs: a file, a folder of files of all servers, or a CSV of them."""

    name: ClassVar[str] = "exchange_tracking"
    title: ClassVar[str] = "Exchange message tracking log"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "MSGTRK log file, folder of them, or CSV of Get-MessageTrackingLog"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "message-subject",
        "client, server and IP addresses",
        "total-bytes",
        "message-info",
        "custom-data",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the source is a tracking log: by the log's own header or PowerShell's."""
        if source.is_folder:
            logs = _logs(source)
            return f"a folder of {len(logs):,} message tracking logs" if logs else None
        if source.is_zip:
            return None
        if _is_log(source):
            return "the header of a message tracking log"
        table = _exported(source)
        if table is None:
            return None
        return "columns 'Timestamp', 'EventId' and 'Recipients' of Get-MessageTrackingLog"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a mail and recipient; the ledger counts events.

        Raises
        ------
        UnreadableFileError
            If it is no tracking log, or has no events.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        InputError
            If every row is wrong, or an export lost its lists of recipients.
        """
        logs = _logs(source) if source.is_folder else [source] if _is_log(source) else []
        table = None if logs or source.is_folder else _exported(source)
        with LogStore() as store:
            if table is not None:
                yield from read_events(
                    store, [table], source, options, ledger, name=self.name, zone_stated=False
                )
                return
            if not logs:
                raise UnreadableFileError(
                    f"no message tracking log; expected lines such as {_LOG_TYPE!r} and '#Fields:'",
                    file=source.name,
                    remedy="copy the MSGTRK*.log files from the server as they are",
                )
            for log in logs:
                store.fill_rows(
                    _events(log, ledger),
                    EVENT_NAMES,
                    EVENT_LOG,
                    partial(_place, log.name if source.is_folder else ""),
                )
            yield from write_events(
                store, source, options, ledger, name=self.name, zone_stated=True
            )


def _logs(source: Source) -> list[Source]:
    """Return the logs in a folder, if it holds nothing else."""
    names = [name for name in source.members if not Path(name).name.startswith(".")]
    if not names or not all(name.lower().endswith((".log", ".log.gz")) for name in names):
        return []
    files = [Source(source.path / name) for name in names]
    return files if all(map(_is_log, islice(files, _FILES_LOOKED_AT))) else []


def _is_log(source: Source) -> bool:
    lines = [line.strip() for line in preview_lines(source)[:_HEADER_LINES]]
    return _LOG_TYPE in lines or any(
        line.startswith(_FIELDS) and "message-id" in line and "event-id" in line for line in lines
    )


def _exported(source: Source) -> Table | None:
    try:
        return find_table(source, _export_score)
    except UnreadableFileError:
        return None


def _export_score(cells: Sequence[str]) -> int:
    keys = {heading_key(cell) for cell in cells}
    if "datetimeutc" in keys or not {"eventid", "messageid"} <= keys:
        return 0
    columns = EVENT_COLUMNS.positions(cells)
    return len(columns) if {"time", "event", "sender", "recipients"} <= columns.keys() else 0


def _events(log: Source, ledger: Ledger) -> Iterator[tuple[int, list[str]]]:
    """Yield the events of a log file, with the cells of `EVENT_NAMES`.

    The header stands again wherever the service was started anew, and after an update of the
    server its fields may be others.
    """
    width = 0
    places: list[int | None] = []
    rows = records(open_lines(log), ",")
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except DAMAGED:
            ledger.truncated = "a compressed log ends early or is damaged"
            return
        if cells and cells[0].startswith("#"):
            if cells[0].startswith(_FIELDS):
                header = [cells[0].removeprefix(_FIELDS).strip(), *cells[1:]]
                columns = EVENT_COLUMNS.positions(header)
                named = {ours: columns.get(ours, (None,))[0] for ours in EVENT_NAMES}
                note_columns(header, named, ledger)
                width, places = len(header), list(named.values())
        elif cells and len(cells) == width:
            yield number, ["" if at is None else cells[at] for at in places]
        else:
            found = f"{len(cells or ())} cells under {width} fields"
            ledger.skip(
                "ragged",
                place=f"{log.name}, line {number}",
                found=found,
                remedy="none needed at the end of a log that was still being written",
            )


def _place(log: str, number: int) -> str:
    return f"{log}, line {number}" if log else f"line {number}"
