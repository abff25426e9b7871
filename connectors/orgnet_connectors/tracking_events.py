"""From the events of Exchange's message tracking to who was sent which mail.

Every mail leaves many events on its way. It counts as delivered to somebody where an event says
so: ``DELIVER`` for a mailbox here, ``SEND`` for an address elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from orgnet.errors import InputError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.delimited import Table
from orgnet_connectors.headings import Aliases
from orgnet_connectors.mail_deliveries import Outcome, write_deliveries
from orgnet_connectors.mail_log_store import LogStore

#: Columns of an event and their headings in log files, in cloud reports and in PowerShell.
EVENT_COLUMNS = Aliases(
    {
        "time": ["date_time", "date_time_utc", "timestamp"],
        "event": ["event_id"],
        "source": ["source"],
        "sender": ["sender_address", "sender"],
        "recipients": ["recipient_address", "recipients"],
        "roles": ["recipient_status"],
        "related": ["related_recipient_address"],
        "total": ["recipient_count"],
        "id": ["message_id"],
        "network": ["network_message_id"],
        "return_path": ["return_path"],
        "context": ["source_context"],
    }
)
EVENT_NAMES = (
    *("time", "event", "source", "sender", "recipients", "roles", "related", "total"),
    *("id", "network", "return_path", "context"),
)

#: What PowerShell writes for a list that nobody joined.
COLLAPSED = "System.String[]"

_MEMBER = Outcome(
    reason="group", found="the members of a group, who have events of their own", addressed=True
)
_GROUP = Outcome(reason="group", found="the address of a group", group=True)
_HOP = Outcome(
    reason="relay", found="a mail on its way to another server of the organisation", addressed=True
)
_FAILED = Outcome(reason="not_delivered", found="a delivery that failed", addressed=True)
_OTHER = Outcome(reason="other_event", found="an event that is no delivery")
_COLLAPSED = Outcome(
    reason="collapsed_list",
    found=f"{COLLAPSED!r} instead of recipients",
    remedy="export with @{n='Recipients';e={$_.Recipients -join ';'}}",
)
_OUTCOMES = (_HOP, _FAILED, _MEMBER, _GROUP, _COLLAPSED, _OTHER)


def _code(outcome: Outcome) -> int:
    return _OUTCOMES.index(outcome) + 1


#: Parts of Exchange that write events of mails of their own, or of copies kept for safety.
_OTHER_SOURCES = (
    *("DSN", "MAILBOXRULE", "MEETINGMESSAGEPROCESSOR", "PUBLICFOLDER", "SAFETYNET", "REDUNDANCY"),
)
_EVENTS_READ = ("DELIVER", "SEND", "FAIL", "EXPAND")

EVENT_LOG = f"""
SELECT row, sender, sent_at,
       CASE WHEN sent_at IS NULL THEN time ELSE '' END AS time,
       key_of(bare, network, sender, time) AS key,
       CASE WHEN event NOT IN {_EVENTS_READ} OR source IN {_OTHER_SOURCES} THEN 'other_event'
            WHEN return_path = '<>' THEN 'automatic' ELSE '' END AS refused,
       recipients, roles, related, named, event, is_meeting
FROM (SELECT row, time, network, trim(return_path) AS return_path,
             address_of(sender) AS sender, plausible(instant(time)) AS sent_at,
             bare_id(id) AS bare, upper(trim(event)) AS event, upper(trim(source)) AS source,
             lower(replace(recipients, ',', ';')) AS recipients, lower(roles) AS roles,
             address_of(related) AS related,
             least(coalesce(try_cast(total AS INTEGER), 0), 1000000) AS named,
             contains(context, 'IPM.Schedule') AS is_meeting
      FROM batch)
"""

#: To, Cc and Bcc stand beside the recipients only where the mail leaves its sender. Blind copies
#: count as copies: nothing further on can tell them apart.
_ROLES = """
CREATE TABLE roles AS
SELECT message, hash(trim(item)) AS who,
       bool_and(trim(role) <> 'to') AS is_copy
FROM (SELECT hash(key) AS message, unnest(string_split(recipients, ';')) AS item,
             unnest(string_split(replace(roles, ',', ';'), ';')) AS role
      FROM log WHERE event IN ('RECEIVE', 'SUBMIT'))
WHERE trim(role) IN ('to', 'cc', 'bcc') GROUP BY ALL
"""

_MEMBERS = """
CREATE TABLE members AS
SELECT message, hash(trim(item)) AS who, bool_and(is_copy) AS is_copy
FROM (SELECT hash(key) AS message, unnest(string_split(recipients, ';')) AS item,
             hash(related) AS group_
      FROM log WHERE event = 'EXPAND' AND related <> '')
JOIN (SELECT message, who AS group_, is_copy FROM roles) USING (message, group_)
GROUP BY ALL
"""

_NAMED = """
CREATE TABLE named AS
SELECT hash(key) AS message, max(named) AS named FROM log WHERE event = 'RECEIVE' GROUP BY message
"""

#: Domains with mailboxes here: what is sent to them by SMTP is on its way to another server.
_INSIDE = """
CREATE TABLE inside AS
SELECT DISTINCT split_part(trim(item), '@', -1) AS domain
FROM (SELECT unnest(string_split(recipients, ';')) AS item FROM log
      WHERE event = 'DELIVER' AND refused = '')
"""

_MEETINGS = """
UPDATE log SET refused = 'meeting'
WHERE refused = '' AND key IN (SELECT key FROM log WHERE is_meeting)
"""

_TOLD = f"""
SELECT row, sent_at, sender, key, message, recipient, sound, coalesce(named.named, 0) AS named,
       coalesce(roles.is_copy, members.is_copy, false) AS is_copy,
       CASE WHEN recipient = lower('{COLLAPSED}') THEN {_code(_COLLAPSED)}
            WHEN event = 'DELIVER' THEN 0
            WHEN event = 'SEND' AND split_part(recipient, '@', -1) NOT IN (FROM inside) THEN 0
            WHEN event = 'SEND' THEN {_code(_HOP)}
            WHEN event = 'FAIL' THEN {_code(_FAILED)}
            WHEN event = 'EXPAND' THEN {_code(_MEMBER)}
            ELSE {_code(_GROUP)} END AS outcome
FROM (SELECT row, sent_at, sender, key, message, sound, event, trim(item) AS recipient,
             hash(trim(item)) AS who
      FROM (SELECT row, sent_at, sender, key, hash(key) AS message, event,
                   sender <> '' AND sent_at IS NOT NULL AS sound,
                   unnest(string_split(recipients, ';')) AS item
            FROM log WHERE refused = '')
      UNION ALL
      SELECT row, sent_at, sender, key, hash(key), false, 'GROUP', related, hash(related)
      FROM log WHERE refused = '' AND event = 'EXPAND')
LEFT JOIN roles USING (message, who)
LEFT JOIN members USING (message, who)
LEFT JOIN named USING (message)
"""


def read_events(
    store: LogStore,
    tables: Sequence[Table],
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    zone_stated: bool,
) -> Iterator[pa.RecordBatch]:
    """Yield the interactions of logs of events; parameters and errors as `write_deliveries`.

    Parameters
    ----------
    tables
        The files of one export; the events of a mail may stand in several of them.
    """
    for table in tables:
        columns = EVENT_COLUMNS.positions(table.header)
        places = {ours: columns[ours][0] if ours in columns else None for ours in EVENT_NAMES}
        note_columns(table.header, places, ledger)
        store.fill(table, places, EVENT_LOG, ledger)
    yield from write_events(store, source, options, ledger, name=name, zone_stated=zone_stated)


def write_events(
    store: LogStore,
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    zone_stated: bool,
) -> Iterator[pa.RecordBatch]:
    """Yield the interactions of the events in a store that was filled with `EVENT_LOG`.

    Parameters and errors are those of `orgnet_connectors.mail_deliveries.write_deliveries`.
    """
    for query in (_MEETINGS, _ROLES, _MEMBERS, _NAMED, _INSIDE):
        store.query(query)
    _refuse_collapsed(store, source)
    _note_aliases(store, ledger)
    yield from write_deliveries(
        store, _TOLD, _OUTCOMES, source, options, ledger, name=name, zone_stated=zone_stated
    )


def _refuse_collapsed(store: LogStore, source: Source) -> None:
    ((collapsed, all_of_them),) = store.query(
        "SELECT count(*) FILTER (recipients = lower(?)), count(*) FROM log "
        "WHERE refused = '' AND recipients <> ''",
        [COLLAPSED],
    )
    if collapsed and collapsed == all_of_them:
        raise InputError(
            f"the recipients are {COLLAPSED!r}; expected addresses",
            file=source.name,
            remedy=_COLLAPSED.remedy,
        )


def _note_aliases(store: LogStore, ledger: Ledger) -> None:
    """Tell the ledger of addresses that Exchange resolved to another one of the same mailbox."""
    resolved = store.query(
        "SELECT address_of(recipients) AS address, list(DISTINCT related ORDER BY related) "
        "FROM log WHERE event = 'RESOLVE' AND NOT contains(recipients, ';') AND recipients <> '' "
        "AND related <> '' AND related <> address_of(recipients) GROUP BY address ORDER BY address"
    )
    for address, aliases in resolved:
        ledger.profile(Profile(identity=address, emails=(address,), aliases=tuple(aliases)))


def note_columns(header: Sequence[str], places: Mapping[str, int | None], ledger: Ledger) -> None:
    """Tell the ledger which headings were read as what, and which were not looked at."""
    taken = {at for at in places.values() if at is not None}
    for ours, at in places.items():
        if at is not None:
            ledger.columns[header[at]] = ours
    ledger.dropped_unread.update(
        heading for at, heading in enumerate(header) if heading.strip() and at not in taken
    )
