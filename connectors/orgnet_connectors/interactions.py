"""Plain interactions: a CSV with one row a message, meeting or other contact, and its time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import fields

from orgnet.errors import MissingColumnError
from orgnet.schema import KINDS, Ledger, ReadOptions, Source
from orgnet_connectors.column_batches import column_batches
from orgnet_connectors.dates import TimeReader
from orgnet_connectors.list_blocks import (
    each_once,
    identities,
    interactions,
    is_text,
    row_keys,
    times,
)
from orgnet_connectors.list_cells import identity, is_missing, read_number
from orgnet_connectors.list_reading import (
    ChannelWriters,
    refuse_if_all_wrong,
    row_key,
    skip_endless,
    skip_undated,
    stated_channel,
    time_reader,
)
from orgnet_connectors.list_tables import ListTable, find_list, require_list

#: The cells of a row, by the positions of their columns.
Cells = list[str] | dict[int, str]

#: What an interaction on a channel is where the row does not say it.
KIND_ON_CHANNEL = {
    "email": "to",
    "chat": "dm",
    "meeting": "attend",
    "work": "handover",
    "survey": "nomination",
}

_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")


class InteractionsCsv:
    """Reads lists of dated interactions: ``time,sender,recipient`` and what else is known.

    The columns of the interactions table are read under their own names, besides the usual
    ``date``, ``from``, ``to``, ``cc``. A cell of recipients may hold several, divided by ``;``,
    or by ``,`` where all of them are addresses.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "time,sender,recipient" + chr(10) + "2026-03-02 09:15:00,1,2" + chr(10)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "messages.csv"
    ...     _ = path.write_text(text)
    ...     batches = list(InteractionsCsv().read(Source(path), ReadOptions(), Ledger()))
    >>> row = batches[0].to_pylist()[0]
    >>> row["sent_at"].isoformat(), row["sender"], row["recipient"], row["channel"]
    ('2026-03-02T09:15:00+00:00', '1', '2', 'chat')
    """

    name: ClassVar[str] = "interactions"
    title: ClassVar[str] = "List of interactions"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV, TSV or XLSX with columns 'time', 'from' and 'to'; also .csv.gz"
    dropped_unread: ClassVar[tuple[str, ...]] = ("subject", "text", "all other columns")

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a list of interactions, or None where it is not."""
        found = find_list(source)
        if found is None or found.kind != "interactions":
            return None
        if found.table.header_row == 0:
            return "columns without headings: two ids and a time in seconds since 1970"
        ends = f"{found.heading(found.source)!r} and {found.heading(found.target)!r}"
        return f"columns {found.heading(found.columns['time'][0])!r}, {ends}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a row and recipient.

        Rows are skipped as ``no_date``, ``no_sender`` and ``no_recipient``. Rows in succession
        that state one message id are one message with so many recipients, unless the file
        states the number.

        Raises
        ------
        AmbiguousInputError
            If the dates do not show whether the day or the month stands first.
        InputError
            If every row is wrong.
        MissingColumnError
            If there is no column of times.
        """
        found = require_list(source)
        time = found.at("time")
        if time is None:
            raise MissingColumnError(
                f"no column of times among {list(found.table.header)}",
                file=source.name,
                place=found.table.place(found.table.header_row),
                remedy="add a column 'time', or read the file as an edge list",
            )
        read_time = time_reader(found, time, options)
        columns = _Columns.of(found, time)
        found.note_columns(ledger, columns.as_read())
        default = options.channel or _likely_channel(found)
        reading = _Reading(found, columns, read_time, options, default, ledger)
        if columns.is_row_by_row:
            yield from reading.row_by_row(found.table.rows(ledger))
        else:
            for batch in column_batches(found.table, columns.positions, ledger):
                if _has_lists(batch[f"c{columns.recipient}"]):
                    yield from reading.row_by_row(_rows(batch, columns.positions))
                else:
                    yield from reading.at_once(batch)
        refuse_if_all_wrong(source, ledger)
        self._note_assumptions(found, columns, options, default, read_time, ledger)

    @staticmethod
    def _note_assumptions(
        found: ListTable,
        columns: _Columns,
        options: ReadOptions,
        channel: str,
        read_time: TimeReader,
        ledger: Ledger,
    ) -> None:
        if read_time.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )
        if columns.channel is None and options.channel is None:
            ledger.ambiguous.append(f"no column 'channel'; read as {channel!r} (--channel)")
        if columns.duration is not None:
            ledger.ambiguous.append(
                f"numbers in {found.heading(columns.duration)!r} are read as hours; "
                "name the column 'minutes' if they are minutes"
            )


class _Reading:
    """Turns the rows of one list into interactions."""

    def __init__(
        self,
        found: ListTable,
        columns: _Columns,
        read_time: TimeReader,
        options: ReadOptions,
        channel: str,
        ledger: Ledger,
    ) -> None:
        self._place = found.table.place
        self._columns = columns
        self._read_time = read_time
        self._is_utc = options.timezone is None
        self._channel = channel
        self._ledger = ledger
        self._key = row_key(found.table.source)

    def row_by_row(self, rows: Iterable[tuple[int, Cells]]) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of rows that may have several recipients, or be one message."""
        columns = self._columns
        writers = ChannelWriters(self._ledger, source=InteractionsCsv.name, default=self._channel)
        messages = self._messages(rows)
        if columns.message is not None and columns.count is None:
            messages = _with_all_recipients(messages)
        for message in messages:
            channel = writers.channel(message.channel)
            kind = message.kind if message.kind in KINDS else KIND_ON_CHANNEL[channel]
            writer = writers.of(channel)
            for recipient in message.to:
                writer.add(
                    message.sent_at,
                    message.sender,
                    recipient,
                    kind,
                    message.recipients,
                    message.key,
                    thread=message.thread,
                    hours=message.hours,
                    value=message.value,
                )
            for recipient in message.cc:
                writer.add(
                    message.sent_at,
                    message.sender,
                    recipient,
                    "cc",
                    message.recipients,
                    message.key,
                    thread=message.thread,
                )
            yield from writer.full()
        yield from writers.flush()

    def _messages(self, rows: Iterable[tuple[int, Cells]]) -> Iterator[_Message]:
        """Yield the rows that can be read, and count all of them."""
        columns, ledger = self._columns, self._ledger
        for row, cells in rows:
            sender = identity(cells[columns.sender])
            to = _people(cells[columns.recipient])
            cc: list[str] = []
            if columns.cc is not None:
                cc = [person for person in _people(cells[columns.cc]) if person not in to]
            if not (sender and (to or cc)):
                skip_endless(ledger, self._place(row), sender=sender)
                continue
            sent_at = self._read_time(cells[columns.time])
            if sent_at is None:
                skip_undated(ledger, self._place(row))
                continue
            ledger.keep()
            stated = _text(cells, columns.message)
            yield _Message(
                sent_at=sent_at,
                sender=sender,
                to=to,
                cc=cc,
                recipients=_count(cells, columns.count, len(to) + len(cc)),
                key=stated or f"{self._key}{row}",
                stated_key=stated is not None,
                channel=_text(cells, columns.channel) or "",
                kind=(_text(cells, columns.kind) or "").lower(),
                thread=_text(cells, columns.thread),
                hours=_hours(cells, columns),
                value=_number(cells, columns.value),
            )

    def at_once(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of rows with one recipient each; the same, column by column."""
        columns, ledger = self._columns, self._ledger
        sender = identities(batch[f"c{columns.sender}"])
        recipient = identities(batch[f"c{columns.recipient}"])
        sent_at = times(batch[f"c{columns.time}"], self._read_time, is_utc=self._is_utc)
        dated = sent_at.is_valid().to_numpy(zero_copy_only=False)
        good = is_text(sender) & is_text(recipient) & dated
        for at in np.flatnonzero(~good).tolist():
            place = self._place(batch["row"][at].as_py())
            if sender[at].as_py() and recipient[at].as_py():
                skip_undated(ledger, place)
            else:
                skip_endless(ledger, place, sender=sender[at].as_py())
        if not good.any():
            return
        kept = pa.array(good)
        batch = batch.filter(kept)
        ledger.keep(batch.num_rows)

        def read(position: int | None, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
            if position is None:
                return pa.nulls(batch.num_rows, kind)
            return each_once(batch[f"c{position}"], read, kind)

        def text(position: int | None) -> pa.Array:
            return read(position, _stated, pa.string())

        stated = read(columns.channel, lambda cell: stated_channel(cell, ""), pa.string())
        channel = pc.if_else(pc.fill_null(pc.not_equal(stated, ""), False), stated, self._channel)
        kind = read(columns.kind, _stated_kind, pa.string())
        usual = each_once(channel, KIND_ON_CHANNEL.__getitem__, pa.string())
        count = read(columns.count, lambda cell: _stated_count(cell, 1), pa.int32())
        hours = pc.coalesce(
            read(columns.hours, read_number, pa.float64()),
            pc.divide(read(columns.minutes, read_number, pa.float64()), 60.0),
            read(columns.duration, _duration, pa.float64()),
        )
        lasting = pc.and_(pc.greater_equal(hours, 0.0), pc.less(hours, math.inf))
        yield interactions(
            ledger,
            sent_at=sent_at.filter(kept),
            sender=sender.filter(kept),
            recipient=recipient.filter(kept),
            channel=channel,
            kind=pc.coalesce(kind, usual),
            recipients=pc.fill_null(count, 1),
            message=pc.coalesce(text(columns.message), row_keys(self._key, batch["row"])),
            thread=text(columns.thread),
            hours=pc.if_else(lasting, hours, pa.scalar(None, pa.float64())),
            value=read(columns.value, read_number, pa.float64()),
            source=InteractionsCsv.name,
        )


def _has_lists(cells: pa.Array) -> bool:
    """Tell whether some cell may hold several recipients."""
    texts = pc.unique(cells)
    found = pc.or_(pc.match_substring(texts, ";"), pc.match_substring(texts, ","))
    return bool(pc.any(found).as_py())


def _rows(batch: pa.RecordBatch, positions: Sequence[int]) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a batch with their cells by position."""
    columns = [batch[f"c{at}"].to_pylist() for at in positions]
    for number, *cells in zip(batch["row"].to_pylist(), *columns, strict=True):
        yield number, dict(zip(positions, cells, strict=True))


class _Message(Struct, kw_only=True):
    """One row: a message, or its part that went to some of the recipients."""

    sent_at: int
    sender: str
    to: list[str]
    cc: list[str]
    recipients: int
    key: str
    stated_key: bool
    channel: str
    kind: str
    thread: str | None
    hours: float | None
    value: float | None


class _Columns(Struct, frozen=True, kw_only=True):
    """Where the columns of one list stand; None for those that it does not have."""

    time: int
    sender: int
    recipient: int
    cc: int | None
    count: int | None
    channel: int | None
    kind: int | None
    message: int | None
    thread: int | None
    hours: int | None
    minutes: int | None
    duration: int | None
    value: int | None

    @classmethod
    def of(cls, found: ListTable, time: int) -> _Columns:
        """Find the columns; ``recipients`` beside a recipient is their number."""
        return cls(
            time=time,
            sender=found.source,
            recipient=found.target,
            cc=found.at("cc"),
            count=found.at("recipients") if "target" in found.columns else None,
            channel=found.at("channel"),
            kind=found.at("kind", "type"),
            message=found.at("message"),
            thread=found.at("thread"),
            hours=found.at("hours"),
            minutes=found.at("minutes"),
            duration=found.at("duration"),
            value=found.at("value"),
        )

    @property
    def positions(self) -> list[int]:
        """Positions of all columns that are there."""
        named = (getattr(self, each.name) for each in fields(self))
        return sorted({position for position in named if position is not None})

    @property
    def is_row_by_row(self) -> bool:
        """True where a message may have several recipients in one row, or several rows."""
        return self.cc is not None or (self.message is not None and self.count is None)

    def as_read(self) -> dict[str, int | None]:
        """Our column to the position it is read from."""
        hours = self.hours if self.hours is not None else self.minutes
        return {
            "sent_at": self.time,
            "sender": self.sender,
            "recipient": self.recipient,
            "cc": self.cc,
            "recipients": self.count,
            "channel": self.channel,
            "kind": self.kind,
            "message": self.message,
            "thread": self.thread,
            "hours": hours if hours is not None else self.duration,
            "value": self.value,
        }


def _with_all_recipients(messages: Iterator[_Message]) -> Iterator[_Message]:
    """Give rows in succession of one message the number of its recipients."""
    group: list[_Message] = []
    for message in messages:
        same = group and message.stated_key and group[0].stated_key
        if not (same and message.key == group[0].key and message.sender == group[0].sender):
            yield from _counted(group)
            group = []
        group.append(message)
    yield from _counted(group)


def _counted(group: list[_Message]) -> list[_Message]:
    if len(group) > 1:
        everybody = {person for message in group for person in (*message.to, *message.cc)}
        for message in group:
            message.recipients = len(everybody)
    return group


def _people(cell: str) -> list[str]:
    """Split a cell into different ids; at commas only where every part is an address.

    Examples
    --------
    >>> _people("a@x.example, b@x.example"), _people("Ito, Aya; Ben")
    (['a@x.example', 'b@x.example'], ['Ito, Aya', 'Ben'])
    """
    if ";" not in cell and "," not in cell:
        person = identity(cell)
        return [person] if person else []
    parts = cell.split(";")
    by_comma = [part for part in cell.replace(";", ",").split(",") if part.strip()]
    if all("@" in part for part in by_comma):
        parts = by_comma
    return list(dict.fromkeys(person for part in parts if (person := identity(part))))


def _text(cells: Cells, position: int | None) -> str | None:
    """Return a cell's text, None where there is none."""
    return None if position is None else _stated(cells[position])


def _stated(cell: str) -> str | None:
    return None if is_missing(cell) else cell.strip()


def _stated_kind(cell: str) -> str | None:
    kind = (_stated(cell) or "").lower()
    return kind if kind in KINDS else None


def _number(cells: Cells, position: int | None) -> float | None:
    return None if position is None else read_number(cells[position])


def _count(cells: Cells, position: int | None, listed: int) -> int:
    """Return the stated number of recipients, but never fewer than the row lists."""
    return listed if position is None else _stated_count(cells[position], listed)


def _stated_count(cell: str, listed: int) -> int:
    stated = read_number(cell)
    return listed if stated is None or not listed <= stated < 2**31 else int(stated)


def _hours(cells: Cells, columns: _Columns) -> float | None:
    """Read how long it took, in hours, from whichever column states it."""
    hours = _number(cells, columns.hours)
    if hours is None and columns.minutes is not None:
        minutes = _number(cells, columns.minutes)
        hours = None if minutes is None else minutes / 60
    if hours is None and columns.duration is not None:
        hours = _duration(cells[columns.duration])
    return hours if hours is not None and 0 <= hours < math.inf else None


def _duration(cell: str) -> float | None:
    """Read hours, or hours and minutes with a colon between them."""
    if clock := _CLOCK.fullmatch(cell.strip()):
        return int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600
    return read_number(cell)


def _likely_channel(found: ListTable) -> str:
    """Guess the channel of a list that names none: mail between addresses, else chat."""
    senders = [cells[found.source] for _, cells in found.table.preview if len(cells) > found.source]
    return "email" if sum("@" in sender for sender in senders) * 2 > len(senders) else "chat"
