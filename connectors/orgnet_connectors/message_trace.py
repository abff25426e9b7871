"""Message traces of Microsoft 365: which mail went to whom, in every dialect of their CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import Aliases, heading_key
from orgnet_connectors.mail_deliveries import Outcome, write_deliveries
from orgnet_connectors.mail_log_store import LogStore
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
_OUTCOMES = (_GROUP, _REPLACED, _NOT_DELIVERED, _UNKNOWN)


def _code(outcome: Outcome) -> int:
    return _OUTCOMES.index(outcome) + 1


_LOG = """
SELECT row, sender, sent_at,
       CASE WHEN sent_at IS NULL THEN time ELSE '' END AS time,
       key_of(bare, network, sender, time) AS key,
       CASE WHEN path = '<>' THEN 'automatic' ELSE '' END AS refused,
       recipient, recipients, status
FROM (SELECT row, time, network, sender AS path,
             address_of(sender) AS sender, plausible(instant(time)) AS sent_at,
             bare_id(id) AS bare, address_of(recipient) AS recipient,
             lower(recipients) AS recipients, lower(trim(status)) AS status
      FROM batch)
"""

#: A row per recipient: the admin center and PowerShell.
_TOLD_BY_ROW = f"""
SELECT row, hash(key) AS message, recipient, false AS is_copy, 0 AS named,
       refused = '' AND sender <> '' AND sent_at IS NOT NULL AS sound,
       CASE WHEN status IN ('', 'delivered', 'deliver', 'send', 'sent') THEN 0
            WHEN status IN ('expanded', 'expand') THEN {_code(_GROUP)}
            WHEN status IN ('resolved', 'resolve', 'redirected') THEN {_code(_REPLACED)}
            WHEN status IN ('failed', 'fail', 'pending', 'defer', 'deferred', 'quarantined', 'none',
                            'filteredasspam', 'filtered as spam', 'gettingstatus',
                            'getting status', 'rejected', 'dropped')
            THEN {_code(_NOT_DELIVERED)}
            ELSE {_code(_UNKNOWN)} END AS outcome
FROM log
"""

#: A row per message, ``address##Receive, Deliver;address##Receive, Expand``: the reports.
_TOLD_BY_MESSAGE = f"""
SELECT row, message, false AS is_copy, 0 AS named, sound,
       CASE WHEN contains(address, ' ') THEN trim(address) ELSE address END AS recipient,
       -- The first two are nearly all.
       CASE WHEN suffix(item, ', deliver') OR suffix(item, ', send') THEN 0
            WHEN regexp_matches(item, '##.*(deliver|send)') THEN 0
            WHEN regexp_matches(item, '##.*expand') THEN {_code(_GROUP)}
            WHEN regexp_matches(item, '##.*(resolve|redirect)') THEN {_code(_REPLACED)}
            ELSE {_code(_NOT_DELIVERED)} END AS outcome
FROM (SELECT *, split_part(item, '##', 1) AS address
      FROM (SELECT row, hash(key) AS message,
                   refused = '' AND sender <> '' AND sent_at IS NOT NULL AS sound,
                   unnest(string_split(recipients, ';')) AS item
            FROM log))
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
            store.fill(table, places, _LOG, ledger)
            by_message = places["recipients"] is not None
            yield from write_deliveries(
                store,
                _TOLD_BY_MESSAGE if by_message else _TOLD_BY_ROW,
                _OUTCOMES,
                source,
                options,
                ledger,
                name=self.name,
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
