"""Plain interactions: a CSV with one row a message, meeting or other contact, and its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import MissingColumnError
from orgnet.schema import KINDS, Ledger, ReadOptions, Source
from orgnet_connectors.dates import TimeReader
from orgnet_connectors.list_cells import identity, is_missing, read_number
from orgnet_connectors.list_reading import (
    ChannelWriters,
    refuse_if_all_wrong,
    row_key,
    skip_endless,
    skip_undated,
    time_reader,
)
from orgnet_connectors.list_tables import ListTable, find_list, require_list

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
        writers = ChannelWriters(ledger, source=self.name, default=default)
        messages = _messages(found, columns, read_time, row_key(source), ledger)
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


@dataclass(slots=True, kw_only=True)
class _Message:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
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


def _messages(
    found: ListTable, columns: _Columns, read_time: TimeReader, key: str, ledger: Ledger
) -> Iterator[_Message]:
    """Yield the rows that can be read, and count all of them."""
    place = found.table.place
    for row, cells in found.table.rows(ledger):
        sender = identity(cells[columns.sender])
        to = _people(cells[columns.recipient])
        cc: list[str] = []
        if columns.cc is not None:
            cc = [person for person in _people(cells[columns.cc]) if person not in to]
        if not (sender and (to or cc)):
            skip_endless(ledger, place(row), sender=sender)
            continue
        sent_at = read_time(cells[columns.time])
        if sent_at is None:
            skip_undated(ledger, place(row))
            continue
        ledger.keep()
        stated = _text(cells, columns.message)
        yield _Message(
            sent_at=sent_at,
            sender=sender,
            to=to,
            cc=cc,
            recipients=_count(cells, columns.count, len(to) + len(cc)),
            key=stated or f"{key}{row}",
            stated_key=stated is not None,
            channel=_text(cells, columns.channel) or "",
            kind=(_text(cells, columns.kind) or "").lower(),
            thread=_text(cells, columns.thread),
            hours=_hours(cells, columns),
            value=_number(cells, columns.value),
        )


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


def _text(cells: list[str], position: int | None) -> str | None:
    """Return a cell's text, None where there is none."""
    if position is None or is_missing(cells[position]):
        return None
    return cells[position].strip()


def _number(cells: list[str], position: int | None) -> float | None:
    return None if position is None else read_number(cells[position])


def _count(cells: list[str], position: int | None, listed: int) -> int:
    """Return the stated number of recipients, but never fewer than the row lists."""
    stated = _number(cells, position)
    return listed if stated is None or not listed <= stated < 2**31 else int(stated)


def _hours(cells: list[str], columns: _Columns) -> float | None:
    """Read how long it took, in hours, from whichever column states it."""
    hours = _number(cells, columns.hours)
    if hours is None and columns.minutes is not None:
        minutes = _number(cells, columns.minutes)
        hours = None if minutes is None else minutes / 60
    if hours is None and columns.duration is not None:
        if clock := _CLOCK.fullmatch(cells[columns.duration].strip()):
            hours = int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600
        else:
            hours = _number(cells, columns.duration)
    return hours if hours is not None and 0 <= hours < float("inf") else None


def _likely_channel(found: ListTable) -> str:
    """Guess the channel of a list that names none: mail between addresses, else chat."""
    senders = [cells[found.source] for _, cells in found.table.preview if len(cells) > found.source]
    return "email" if sum("@" in sender for sender in senders) * 2 > len(senders) else "chat"
