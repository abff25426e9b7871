"""From the rows of a mail log to interactions: each mail and recipient once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

import pyarrow as pa
import pyarrow.compute as pc

from orgnet.errors import AmbiguousInputError
from orgnet.schema import INTERACTIONS, Ledger, Profile, ReadOptions, Source
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.list_reading import refuse_if_all_wrong
from orgnet_connectors.mail_log_store import LogStore

_BATCH_ROWS = 50_000
_TIMES_AT_ONCE = 100_000

#: Codes of what became of one recipient of a row, for the column ``outcome`` of ``told``.
DELIVERED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Why a recipient in a row gives no record.

    Parameters
    ----------
    reason, found, remedy
        For the ledger.
    addressed
        Whether the mail was meant for this person all the same, and counts them as a recipient.
    group
        Whether the address is a group's: its members are the recipients, and have rows too.
    """

    reason: str
    found: str
    remedy: str = "none needed"
    addressed: bool = False
    group: bool = False


#: Reasons for whole rows: what was found, what to do.
_ROWS = {
    "no_sender": ("no sender", "none needed if this is rare"),
    "no_date": ("no time that can be read", "export again, or give times as 2026-03-31T09:00:00Z"),
    "no_recipient": ("no recipient", "none needed if this is rare"),
    "duplicate": ("a mail and recipient that an earlier row had", "none needed"),
    "automatic": ("an empty return path, which marks automatic mail", "none needed"),
    "meeting": ("an invitation, or an answer to one", "export the calendars as well"),
    "other_event": ("an event that is no delivery", "none needed"),
    "empty": ("a row without content", "none needed"),
}


def write_deliveries(
    store: LogStore,
    told: str,
    outcomes: Sequence[Outcome],
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    zone_stated: bool,
) -> Iterator[pa.RecordBatch]:
    """Yield one interaction a mail and recipient, and tell the ledger of every row.

    Parameters
    ----------
    store
        Holds the table ``log``, one line a row: ``row``, ``sender``, ``sent_at`` (null where still
        to be read from ``time``), ``time``, ``key``, ``refused`` (a reason for the whole row, or
        '').
    told
        A query over it, one line a recipient in a row: ``row``, ``message`` (hash of the key),
        ``sound`` (whether the row may give records), ``recipient``, ``outcome`` (`DELIVERED`, or
        1 + the place in `outcomes`), ``is_copy`` and ``named`` (how many recipients the row says
        that the mail has, or 0).
    outcomes
        Why recipients give no record. Of a row with several, the first counts.
    source, options, ledger
        As in `orgnet.schema.Connector.read`.
    name
        Of the connector.
    zone_stated
        Whether the format settles that times without a zone are UTC.

    Raises
    ------
    AmbiguousInputError
        If dates do not show whether the day or the month stands first.
    InputError
        If every row is wrong.
    """
    _settle_times(store, source, options, ledger, zone_stated=zone_stated)
    _pair(store, told, outcomes)
    _note_groups(store, outcomes, ledger)
    _count(store, outcomes, ledger)
    refuse_if_all_wrong(source, ledger)
    yield from _records(store, ledger, name)


def _settle_times(
    store: LogStore, source: Source, options: ReadOptions, ledger: Ledger, *, zone_stated: bool
) -> None:
    pending = "FROM log WHERE sent_at IS NULL AND time <> ''"
    if not store.query(f"SELECT 1 {pending} LIMIT 1"):
        return
    day_first = _day_first(store, pending, source, options)
    read_time = TimeReader(day_first=day_first, zone=zone_of(options.timezone))
    last = ""
    while texts := [
        text
        for (text,) in store.query(
            f"SELECT DISTINCT time {pending} AND time > ? ORDER BY time LIMIT {_TIMES_AT_ONCE}",
            [last],
        )
    ]:
        last = texts[-1]
        moments = pa.table(
            {"text": pa.array(texts), "us": pa.array(map(read_time, texts), pa.int64())}
        )
        store.engine.register("moments", moments)
        store.query(
            "UPDATE log SET sent_at = make_timestamp(us) FROM moments "
            "WHERE log.time = moments.text AND us IS NOT NULL AND sent_at IS NULL"
        )
        store.engine.unregister("moments")
    if read_time.without_zone and options.timezone is None and not zone_stated:
        ledger.ambiguous.append("the times state no zone; read as UTC (--tz)")


def _day_first(store: LogStore, pending: str, source: Source, options: ReadOptions) -> bool | None:
    """Return the order of day and month that the days of the log show, in the log's order."""
    if options.day_first is not None:
        return options.day_first
    evidence = OrderEvidence()
    days = store.query(
        "SELECT regexp_extract(time, '^\\s*(\\d{1,2}[/.\\-]\\d{1,2}[/.\\-]\\d{2,4})', 1) AS day "
        f"{pending} GROUP BY day ORDER BY min(row)"
    )
    for (day,) in days:
        if day:
            evidence.add(day)
    if evidence.needed and evidence.day_first is None:
        raise AmbiguousInputError(
            "the dates do not show whether the day or the month stands first",
            file=source.name,
            remedy="say it with --day-first or --month-first",
        )
    return evidence.day_first


def _codes(outcomes: Sequence[Outcome], quality: str) -> str:
    """Return the codes of the outcomes with a quality, as an SQL list that is never empty."""
    codes = [code for code, outcome in enumerate(outcomes, 1) if getattr(outcome, quality)]
    return ", ".join(map(str, [255, *codes]))


def _pair(store: LogStore, told: str, outcomes: Sequence[Outcome]) -> None:
    """Bring each mail and recipient together, with the first row that delivered it.

    The pairs are numbers only, hashes in the place of texts, so that millions are small.
    """
    store.query(
        "CREATE TABLE lines AS SELECT row, message, sound, recipient, hash(recipient) AS who, "
        f"outcome::UTINYINT AS outcome, is_copy, named FROM ({told}) WHERE recipient <> ''"
    )
    store.query(
        f"""
        CREATE TABLE pairs AS
        SELECT message, who, bool_and(is_copy) AS is_copy,
               min(outcome) AS outcome,
               min(row) FILTER (outcome = {DELIVERED} AND sound) AS row,
               count(*) FILTER (outcome = {DELIVERED} AND sound) AS times,
               bool_or(outcome IN ({DELIVERED}, {_codes(outcomes, "addressed")})) AS is_addressed,
               bool_or(outcome IN ({_codes(outcomes, "group")})) AS is_group,
               max(named) AS named
        FROM lines GROUP BY message, who
        """
    )


def _note_groups(store: LogStore, outcomes: Sequence[Outcome], ledger: Ledger) -> None:
    if not store.query("SELECT 1 FROM pairs WHERE is_group LIMIT 1"):
        return
    groups = store.query(
        f"SELECT DISTINCT recipient FROM lines WHERE outcome IN ({_codes(outcomes, 'group')}) "
        "ORDER BY recipient"
    )
    for (address,) in groups:
        ledger.profile(Profile(identity=address, emails=(address,), kind="shared"))


def _count(store: LogStore, outcomes: Sequence[Outcome], ledger: Ledger) -> None:
    ((kept,),) = store.query("SELECT count(DISTINCT row) FROM pairs WHERE row IS NOT NULL")
    ledger.keep(kept)
    ((rows,),) = store.query("SELECT count(*) FROM log")
    if kept == rows:
        return
    reasons = " ".join(f"WHEN {code} THEN '{o.reason}'" for code, o in enumerate(outcomes, 1))
    skipped = store.query(
        f"""
        SELECT CASE WHEN refused <> '' THEN refused
                    WHEN sender = '' AND time = '' AND outcome IS NULL THEN 'empty'
                    WHEN sender = '' THEN 'no_sender'
                    WHEN sent_at IS NULL THEN 'no_date'
                    WHEN outcome IS NULL THEN 'no_recipient'
                    WHEN outcome = {DELIVERED} THEN 'duplicate'
                    ELSE CASE outcome {reasons} END END AS reason,
               count(*), min(row, 5)
        FROM (SELECT row, refused, sender, time, sent_at FROM log
              WHERE row NOT IN (SELECT row FROM pairs WHERE row IS NOT NULL))
        LEFT JOIN (SELECT row, min(outcome) AS outcome FROM lines GROUP BY row) USING (row)
        GROUP BY reason ORDER BY reason
        """
    )
    said = {outcome.reason: (outcome.found, outcome.remedy) for outcome in outcomes}
    for reason, count, rows in skipped:
        found, remedy = said.get(reason) or _ROWS[reason]
        ledger.skip(reason, count)
        for row in rows:
            ledger.note(reason, place=store.place(row), found=found, remedy=remedy)


def _records(store: LogStore, ledger: Ledger, name: str) -> Iterator[pa.RecordBatch]:
    store.query(
        """
        CREATE TABLE sizes AS
        SELECT message, greatest(
                   count(*) FILTER (is_addressed AND NOT is_group), max(named), 1
               )::INTEGER AS recipients
        FROM pairs GROUP BY message
        """
    )
    ((first, last),) = store.query(
        "SELECT min(sent_at), max(sent_at) FROM log "
        "WHERE row IN (SELECT row FROM pairs WHERE row IS NOT NULL)"
    )
    if first is not None:
        ledger.first = first.replace(microsecond=0, tzinfo=UTC)
        ledger.last = last.replace(microsecond=0, tzinfo=UTC)
    # Of a pair that was delivered, the least outcome is `DELIVERED`.
    joined = (
        "FROM lines JOIN pairs ON lines.row = pairs.row AND lines.who = pairs.who "
        "AND lines.outcome = pairs.outcome JOIN sizes ON lines.message = sizes.message "
        "JOIN log ON lines.row = log.row"
    )
    # A pair that is told of once needs no second look.
    parts = [
        "SELECT log.sent_at, log.sender, lines.recipient, if(pairs.is_copy, 'cc', 'to') AS kind, "
        f"sizes.recipients, log.key {joined} WHERE times = 1"
    ]
    if store.query("SELECT 1 FROM pairs WHERE times > 1 LIMIT 1"):
        parts.append(
            "SELECT any_value(log.sent_at), any_value(log.sender), any_value(lines.recipient), "
            "if(any_value(pairs.is_copy), 'cc', 'to'), any_value(sizes.recipients), "
            f"any_value(log.key) {joined} WHERE times > 1 GROUP BY lines.row, lines.who"
        )
    for batch in store.engine.sql(" UNION ALL ".join(parts)).to_arrow_reader(_BATCH_ROWS):
        ledger.interactions += batch.num_rows
        yield _interactions(batch, name)


def _interactions(batch: pa.RecordBatch, name: str) -> pa.RecordBatch:
    rows = batch.num_rows
    sent_at, sender, recipient, kind, recipients, key = batch.columns
    return pa.RecordBatch.from_arrays(
        [
            pc.cast(sent_at, INTERACTIONS.field("sent_at").type),
            sender,
            recipient,
            pa.repeat("email", rows),
            kind,
            recipients,
            pa.nulls(rows, pa.float64()),
            pa.nulls(rows, pa.float64()),
            key,
            pa.nulls(rows, pa.string()),
            pa.repeat(name, rows),
        ],
        schema=INTERACTIONS,
    )
