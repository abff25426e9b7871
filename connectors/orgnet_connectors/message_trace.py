"""Message traces of Microsoft 365: which mail went to whom, in every dialect of their CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.column_batches import column_batches, large_batches
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import Aliases, heading_key
from orgnet_connectors.mail_log_store import LogStore, Lookup
from orgnet_connectors.mail_parcels import (
    DELIVERED,
    REFUSALS,
    Outcome,
    Parcel,
    write_parcels,
)
from orgnet_connectors.tracking_events import note_columns, read_events

#: Columns of a summary and their headings in the admin center, in PowerShell and in reports.
COLUMNS = Aliases(
    {
        "sender": ["sender_address", "sender", "from"],
        "recipient": ["recipient_address", "recipient", "to"],
        "recipients": ["recipient_status"],
        "status": ["status", "delivery status"],
        "time": [
            *("origin_timestamp_utc", "date_time_utc", "received", "received date"),
            *("date_time", "date (UTC)", "received (UTC)", "date"),
        ],
        "id": ["message_id", "internet message id"],
        "network": ["network_message_id", "MessageTraceId", "message trace id"],
    }
)
_SUMMARY = ("sender", "recipient", "recipients", "status", "time", "id", "network")
#: With one of these, a list of senders and recipients is a trace.
_ONLY_IN_TRACES = {"messagetraceid", "networkmessageid", "originclientip", "toip", "fromip"}

_GROUP = Outcome(
    reason="group", found="the address of a group, whose members have rows of their own", group=True
)
_NOT_DELIVERED = Outcome(
    reason="not_delivered",
    found="a status that says that nobody got the mail: failed, quarantined, spam, pending",
    addressed=True,
)
_REPLACED = Outcome(
    reason="replaced", found="an address that was resolved to another one, which has its own row"
)
_UNKNOWN = Outcome(
    reason="unknown_status",
    found="a status that is none of Microsoft's English ones",
    remedy="export again with the language of the admin center set to English",
    addressed=True,
)
_AUTOMATIC = np.uint8(REFUSALS.index("automatic"))
_OUTCOMES = (_GROUP, _REPLACED, _NOT_DELIVERED, _UNKNOWN)


def _code(outcome: Outcome) -> int:
    return _OUTCOMES.index(outcome) + 1


_SENDERS = "SELECT address_of(cell) AS address, cell = '<>' AS is_automatic FROM cells"

#: A row per recipient: the admin center and PowerShell.
_RECIPIENTS = "SELECT address_of(cell) AS address, hash(address_of(cell)) AS hash FROM cells"
_STATUSES = f"""
SELECT CASE WHEN status IN ('', 'delivered', 'deliver', 'send', 'sent') THEN {DELIVERED}
            WHEN status IN ('expanded', 'expand') THEN {_code(_GROUP)}
            WHEN status IN ('resolved', 'resolve', 'redirected') THEN {_code(_REPLACED)}
            WHEN status IN ('failed', 'fail', 'pending', 'defer', 'deferred', 'quarantined', 'none',
                            'filteredasspam', 'filtered as spam', 'gettingstatus',
                            'getting status', 'rejected', 'dropped')
            THEN {_code(_NOT_DELIVERED)}
            ELSE {_code(_UNKNOWN)} END::UTINYINT AS outcome
FROM (SELECT lower(trim(cell)) AS status FROM cells)
"""

#: A row per message, ``address##Receive, Deliver;address##Receive, Expand``: the reports.
_ITEMS = f"""
SELECT address, hash(address) AS hash,
       CASE WHEN suffix(item, ', deliver') OR suffix(item, ', send') THEN {DELIVERED}
            WHEN regexp_matches(item, '##.*(deliver|send)') THEN {DELIVERED}
            WHEN regexp_matches(item, '##.*expand') THEN {_code(_GROUP)}
            WHEN regexp_matches(item, '##.*(resolve|redirect)') THEN {_code(_REPLACED)}
            ELSE {_code(_NOT_DELIVERED)} END::UTINYINT AS outcome
FROM (SELECT lower(cell) AS item, trim(split_part(lower(cell), '##', 1)) AS address FROM cells)
"""


class MessageTrace:
    """Reads message traces: of the admin center, of PowerShell, and both historical reports."""

    name: ClassVar[str] = "message_trace"
    title: ClassVar[str] = "Microsoft 365 message trace"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV of a message trace: summary, PowerShell, enhanced or extended"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "message_subject",
        "client, server and IP addresses",
        "total_bytes",
        "message_info",
        "custom_data",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a message trace: by the headings that only a trace has."""
        try:
            table = find_table(source, trace_score)
        except UnreadableFileError:
            return None
        if table is None:
            return None
        if _is_extended(table.header):
            return "a message trace with a row an event: columns 'date_time_utc', 'event_id'"
        columns = COLUMNS.positions(table.header)
        shown = [repr(table.header[columns[name][0]]) for name in ("time", "sender")]
        shown.append(repr(table.header[(columns.get("recipients") or columns["recipient"])[0]]))
        return f"a message trace: columns {', '.join(shown)}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a mail and recipient that it was delivered to.

        The ledger counts rows: a row is a recipient, a message or an event, as the dialect has
        it.

        Raises
        ------
        UnreadableFileError
            If it is no message trace, or has no rows.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        InputError
            If every row is wrong.
        """
        table = find_table(source, trace_score)
        if table is None:
            raise UnreadableFileError(
                "no headings of a message trace; expected 'SenderAddress', 'RecipientAddress' and "
                "'MessageTraceId', or 'sender_address' and 'recipient_status'",
                file=source.name,
                remedy="export the trace again, with its first line",
            )
        with LogStore() as store:
            if _is_extended(table.header):
                yield from read_events(
                    store, [table], source, options, ledger, name=self.name, zone_stated=True
                )
                return
            columns = COLUMNS.positions(table.header)
            places = {name: columns[name][0] if name in columns else None for name in _SUMMARY}
            note_columns(table.header, places, ledger)
            yield from write_parcels(
                _parcels(store, table, places, ledger),
                _OUTCOMES,
                source,
                options,
                ledger,
                name=self.name,
                place=table.place,
                zone_stated=_says_utc(table, places),
            )


def trace_score(cells: Sequence[str]) -> int:
    """Say how well a row fits as the header of a message trace; 0 where it is none.

    Examples
    --------
    >>> trace_score(["Received", "SenderAddress", "RecipientAddress", "Status", "MessageTraceId"])
    5
    >>> trace_score(["date", "sender", "recipient", "subject"])
    0
    """
    if _is_extended(cells):
        return len(cells)
    keys = {heading_key(cell) for cell in cells}
    columns = COLUMNS.positions(cells)
    if not {"sender", "time"} <= columns.keys() or "eventid" in keys:
        return 0
    named_as_in_traces = {"senderaddress", "recipientaddress"} <= keys and "id" in columns
    a_row_each = {"recipient", "status"} <= columns.keys() and (
        named_as_in_traces or bool(keys & _ONLY_IN_TRACES)
    )
    fits = a_row_each or ("recipients" in columns and "recipient" not in columns)
    return len(columns) if fits else 0


def _is_extended(header: Sequence[str]) -> bool:
    keys = {heading_key(cell) for cell in header}
    return {"datetimeutc", "eventid", "senderaddress", "recipientaddress"} <= keys


def _says_utc(table: Table, places: dict[str, int | None]) -> bool:
    """Tell whether the headings or the cmdlet behind them settle that times are UTC."""
    time = places["time"]
    keys = {heading_key(cell) for cell in table.header}
    stated = time is not None and heading_key(table.header[time]).endswith("utc")
    return stated or "messagetraceid" in keys


def _parcels(
    store: LogStore, table: Table, places: dict[str, int | None], ledger: Ledger
) -> Iterator[Parcel]:
    """Yield the rows of a summary."""
    positions = [at for at in places.values() if at is not None]
    look_at_sender, look_at_recipient = Lookup(store, _SENDERS), Lookup(store, _RECIPIENTS)
    look_at_status, look_at_item = Lookup(store, _STATUSES), Lookup(store, _ITEMS)
    for batch in large_batches(column_batches(table, positions, ledger)):
        cells = {
            name: pa.repeat("", len(batch)) if at is None else batch.column(f"c{at}")
            for name, at in places.items()
        }
        sender, senders = look_at_sender(cells["sender"])
        address = pa.DictionaryArray.from_arrays(sender, senders["address"])
        sent_at, time = store.moments(cells["time"])
        key, message = store.keys(cells["id"], cells["network"], address, cells["time"])
        if places["recipients"] is None:
            line_row = np.arange(len(batch), dtype=np.int32)
            item, items = look_at_recipient(cells["recipient"])
            status, statuses = look_at_status(cells["status"])
            outcome = statuses["outcome"].to_numpy()[status]
        else:
            split = pc.split_pattern(cells["recipients"], ";")
            line_row = np.repeat(
                np.arange(len(batch), dtype=np.int32), pc.list_value_length(split).to_numpy()
            )
            item, items = look_at_item(split.flatten())
            outcome = items["outcome"].to_numpy()[item]
        is_somebody = pc.not_equal(items["address"], "").to_numpy(zero_copy_only=False)
        if not is_somebody.all():
            lines = np.flatnonzero(is_somebody[item])
            line_row, item, outcome = line_row[lines], item[lines], outcome[lines]
        is_automatic = senders["is_automatic"].to_numpy(zero_copy_only=False)
        yield Parcel(
            row=batch.column("row").to_numpy(),
            sender=address,
            sent_at=sent_at,
            time=time,
            key=key,
            message=message,
            refused=_AUTOMATIC * is_automatic[sender],
            line_row=line_row,
            recipient=pa.DictionaryArray.from_arrays(item, items["address"]),
            recipient_hash=items["hash"].to_numpy()[item],
            outcome=outcome,
        )
