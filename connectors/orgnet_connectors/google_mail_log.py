"""Google Workspace's Email Log Search: the events of each mail and recipient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import find_table
from orgnet_connectors.headings import Aliases
from orgnet_connectors.mail_deliveries import Outcome, write_deliveries
from orgnet_connectors.mail_log_store import LogStore
from orgnet_connectors.tracking_events import note_columns

COLUMNS = Aliases(
    {
        "id": ["Message ID"],
        "time": ["Start date"],
        "later": ["Event date"],
        "sender": ["Sender"],
        "recipient": ["Recipient address"],
        "target": ["Event target"],
        "status": ["Event status"],
    }
)
_NAMES = ("id", "time", "later", "sender", "recipient", "target", "status")

_SPAM = Outcome(reason="spam", found="a mail that went to the spam folder", addressed=True)
_GROUP = Outcome(
    reason="group", found="the address of a group, whose members have rows of their own", group=True
)
_FAILED = Outcome(
    reason="not_delivered", found="a status that says that nobody got the mail", addressed=True
)
_OTHER = Outcome(reason="other_event", found="an event on the way to a mailbox", addressed=True)
_OUTCOMES = (_SPAM, _GROUP, _FAILED, _OTHER)


def _code(outcome: Outcome) -> int:
    return _OUTCOMES.index(outcome) + 1


#: Abbreviations that stand for one offset from UTC wherever they are used; CST, IST and BST do not.
_ZONES = {
    **{"UTC": "+00:00", "GMT": "+00:00", "Z": "+00:00", "WET": "+00:00", "WEST": "+01:00"},
    **{"CET": "+01:00", "MEZ": "+01:00", "CEST": "+02:00", "MESZ": "+02:00"},
    **{"EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "JST": "+09:00", "KST": "+09:00"},
    **{"EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00", "MDT": "-06:00"},
    **{"PST": "-08:00", "PDT": "-07:00", "AEST": "+10:00", "AEDT": "+11:00"},
    **{"NZST": "+12:00", "NZDT": "+13:00", "SAST": "+02:00", "HKT": "+08:00", "SGT": "+08:00"},
}
_ABBREVIATION = r"\s([A-Z]{1,5})$"

#: Google's stand-in for the id of a mail that has none.
_NO_ID = "^SMTPIN_ADDED_"
_REJECTED = "SMTPIN_ADDED_REJECT"

_LOG = rf"""
SELECT row, sender, sent_at, time, key_of(bare, '', sender, time) AS key,
       CASE WHEN rejected THEN 'not_delivered' WHEN path = '<>' THEN 'automatic' ELSE '' END
           AS refused,
       recipient, target, status
FROM (SELECT row, path, rejected, recipient, target, status,
             CASE WHEN contains(sender, ' ') OR contains(sender, ',')
                  THEN regexp_extract(sender, '[^\s<>(),;]+@[^\s<>(),;]+')
                  ELSE sender END AS sender,
             plausible(instant(time)) AS sent_at,
             CASE WHEN sent_at IS NULL THEN time ELSE '' END AS time,
             CASE WHEN regexp_matches(bare, '{_NO_ID}') THEN '' ELSE bare END AS bare
      FROM (SELECT row, sender AS path, address_of(sender) AS sender, bare_id(id) AS bare,
                   contains(id, '{_REJECTED}') AS rejected,
                   trim(CASE WHEN trim(time) = '' THEN later ELSE time END) AS time,
                   address_of(recipient) AS recipient,
                   replace(upper(trim(target)), ' ', '_') AS target, lower(status) AS status
            FROM batch))
"""

_TOLD = f"""
SELECT row, sent_at, sender, key, hash(key) AS message, recipient, false AS is_copy, 0 AS named,
       refused = '' AND sender <> '' AND sent_at IS NOT NULL AS sound,
       CASE WHEN regexp_matches(status, 'reject|fail|bounce|drop|quarantine|denied')
            THEN {_code(_FAILED)}
            WHEN target IN ('GMAIL_INBOX', 'SMTP_OUT') THEN 0
            WHEN target = 'LIST_SERVER' THEN {_code(_GROUP)}
            WHEN target = 'GMAIL_SPAM' THEN {_code(_SPAM)}
            ELSE {_code(_OTHER)} END AS outcome
FROM log
"""


class GoogleMailLog:
    """Reads the downloads of Google Workspace's Email Log Search."""

    name: ClassVar[str] = "google_mail_log"
    title: ClassVar[str] = "Google Workspace email log search"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV or spreadsheet of Google's Email Log Search"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "Subject",
        "Attachments",
        "Event target IP address",
        "Client Type",
        "Device User Session ID",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an Email Log Search: by the headings that only that has."""
        try:
            table = find_table(source, _score)
        except UnreadableFileError:
            return None
        if table is None:
            return None
        return "columns 'Message ID', 'Recipient address' and 'Event target' of Email Log Search"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a mail and recipient; the ledger counts events.

        Raises
        ------
        UnreadableFileError
            If it is no Email Log Search, or has no rows.
        AmbiguousInputError
            If the zone of the times has several meanings, or dates do not show whether the day or
            the month stands first.
        InputError
            If every row is wrong.
        """
        table = find_table(source, _score)
        if table is None:
            raise UnreadableFileError(
                "no headings of Email Log Search; expected 'Message ID', 'Sender', 'Recipient "
                "address' and 'Event target'",
                file=source.name,
                remedy="download the results again, as CSV, in English",
            )
        columns = COLUMNS.positions(table.header)
        places = {name: columns[name][0] if name in columns else None for name in _NAMES}
        note_columns(table.header, places, ledger)
        with LogStore() as store:
            store.fill(table, places, _LOG, ledger)
            _write_offsets(store, source, options)
            yield from write_deliveries(
                store, _TOLD, _OUTCOMES, source, options, ledger, name=self.name, zone_stated=False
            )


def _score(cells: Sequence[str]) -> int:
    columns = COLUMNS.positions(cells)
    fits = {"id", "sender", "recipient", "target"} <= columns.keys()
    return len(columns) if fits and columns.keys() & {"time", "later"} else 0


def _write_offsets(store: LogStore, source: Source, options: ReadOptions) -> None:
    """Replace the abbreviation of a zone behind the times by its offset.

    Raises
    ------
    AmbiguousInputError
        If it has several meanings and the user names no zone.
    """
    found = store.query(
        f"SELECT DISTINCT regexp_extract(time, '{_ABBREVIATION}', 1) AS zone FROM log "
        "WHERE zone NOT IN ('', 'AM', 'PM') ORDER BY zone"
    )
    for (zone,) in found:
        offset = _ZONES.get(zone)
        if offset is None and options.timezone is None:
            raise AmbiguousInputError(
                f"the zone {zone!r} of the times has several meanings",
                file=source.name,
                remedy="say it with --tz, such as --tz America/Chicago",
            )
        store.query(
            "UPDATE log SET time = left(time, length(time) - ?) || ? "
            f"WHERE regexp_extract(time, '{_ABBREVIATION}', 1) = ?",
            [len(zone) + 1, f" {offset}" if offset else "", zone],
        )
