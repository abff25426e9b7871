"""Load files of Purview eDiscovery: whom mails and Teams conversations were between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_records import ChatWriter
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.headings import Aliases, heading_key
from orgnet_connectors.mail_addresses import Mailbox, mailboxes
from orgnet_connectors.mail_records import MailRecords
from orgnet_connectors.message_index import MessageIndex

#: Columns of a load file and their headings, with and without underscores.
COLUMNS = Aliases(
    {
        "conversation": ["Conversation_ID"],
        "place": ["ConversationType"],
        "kind": ["Message_kind"],
        "time": ["Date"],
        "sender": ["Email_sender", "Sender", "Sender/Author", "Author"],
        "to": ["Email_to", "To", "Recipients"],
        "cc": ["Email_cc", "Cc"],
        "participants": ["Email_participants", "Participants"],
        "id": ["Email_message_ID", "Internet_message_ID"],
        "parent": ["In_reply_to_ID"],
    }
)
#: Without these two the table is no load file of Purview.
_ONLY_HERE = {"conversationtype", "messagekind"}
_CHAT = {"im", "microsoftteams", "teams", "chat"}
_MAIL = {"email", "mail"}

_EXAMPLES = {
    "attachment": ("a row of a file that belongs to another row", "none needed"),
    "other_kind": ("a kind of item that is no mail and no chat", "none needed"),
}


class Purview:
    """Reads the load file of an eDiscovery export: mails row by row, chats by transcript."""

    name: ClassVar[str] = "teams_purview"
    title: ClassVar[str] = "Purview eDiscovery load file"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV load file of a review set, with 'ConversationType' in it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "ConversationName",
        "ChannelName",
        "Subject_Title",
        "Email_bcc",
        "Email_internet_headers",
        "File_class",
        "Custodian",
        "all other columns",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a load file: by the headings that only Purview writes."""
        try:
            table = find_table(source, load_file_score)
        except UnreadableFileError:
            return None
        if table is None:
            return None
        return "a load file of Purview: columns 'ConversationType', 'Message_kind'"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of mails and of chat transcripts; the ledger counts rows.

        A transcript holds several messages of one conversation: it is one record from its sender
        to each other participant.

        Raises
        ------
        UnreadableFileError
            If the headings are not those of a load file.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        """
        table = find_table(source, load_file_score)
        if table is None:
            raise UnreadableFileError(
                "no headings of a load file; expected 'ConversationType' and 'Message_kind'",
                file=source.name,
                remedy="export the review set again, with its load file",
            )
        at = {name: positions[0] for name, positions in COLUMNS.positions(table.header).items()}
        ledger.columns.update({table.header[position]: name for name, position in at.items()})
        ledger.dropped_unread.update(self.dropped_unread)
        rows = _Rows(table, at, _time_reader(table, at["time"], options), ledger, self.name)
        yield from rows.batches()


def load_file_score(cells: Sequence[str]) -> int:
    """Say how well a row fits as the header of a load file; 0 where it is none.

    Examples
    --------
    >>> load_file_score(["Conversation_ID", "ConversationType", "Message_kind", "Date", "Email_to"])
    5
    >>> load_file_score(["Date", "Sender", "To"])
    0
    """
    found = COLUMNS.positions(cells)
    fits = {heading_key(cell) for cell in cells} >= _ONLY_HERE and "time" in found
    return len(found) if fits else 0


def _time_reader(table: Table, position: int, options: ReadOptions) -> TimeReader:
    day_first = options.day_first
    if day_first is None:
        evidence = OrderEvidence()
        for _, cells in table.rows():
            evidence.add(cells[position])
        if evidence.needed and evidence.day_first is None:
            raise AmbiguousInputError(
                f"the dates in {table.header[position]!r} do not show whether the day or the "
                "month stands first",
                file=table.source.name,
                remedy="say it with --day-first or --month-first",
            )
        day_first = evidence.day_first
    return TimeReader(day_first=day_first, zone=zone_of(None))


class _Rows:
    """Turns the rows of one load file into records of mail and of chat."""

    def __init__(
        self, table: Table, at: dict[str, int], time: TimeReader, ledger: Ledger, source: str
    ) -> None:
        self._table = table
        self._at = at
        self._time = time
        self._ledger = ledger
        self._mails = MailRecords(ledger, source=source)
        self._chats = ChatWriter(ledger, source=source)
        self._met = MessageIndex()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the records of all rows."""
        for number, cells in self._table.rows(self._ledger):
            row = {name: cells[position].strip() for name, position in self._at.items()}
            place = self._table.place(number)
            kind = heading_key(row["kind"])
            if kind in _MAIL:
                self._mails.add(_header_block(row, self._time(row["time"])), place=place)
                yield from self._mails.full()
            elif kind in _CHAT:
                reason = self._chat(row)
                if reason is not None:
                    self._chats.skip(reason, place)
                yield from self._chats.full()
            else:
                reason = "other_kind" if kind else "attachment"
                found, remedy = _EXAMPLES[reason]
                self._ledger.skip(reason, place=place, found=found, remedy=remedy)
        yield from self._mails.finish()
        yield from self._chats.flush()

    def _chat(self, row: dict[str, str]) -> str | None:
        """Write the records of a transcript; return why there are none, None where there are."""
        sender, *_ = [*mailboxes(row.get("sender", "")), None]
        sent_at = self._time(row["time"])
        if sender is None:
            return "no_sender"
        if sent_at is None:
            return "no_date"
        conversation = row.get("conversation", "")
        key = _key(conversation, sender.address, sent_at)
        if not self._met.add(key, None):
            return "duplicate"
        everybody = [sender]
        for column in ("to", "participants"):
            everybody += mailboxes(row.get(column, ""))
        for box in everybody:
            self._note(box)
        direct = heading_key(row["place"]) != "channel"
        kept = self._chats.message(
            key,
            sent_at,
            sender.address,
            members=[box.address for box in everybody] if direct else None,
            thread=f"teams:{conversation}" if conversation else None,
        )
        return None if kept else "no_addressee"

    def _note(self, box: Mailbox) -> None:
        if box.name and box.address not in self._ledger.profiles:
            self._ledger.profile(
                Profile(identity=box.address, emails=(box.address,), name=box.name)
            )


def _key(conversation: str, sender: str, sent_at: int) -> str:
    said = f"{conversation}\n{sender}\n{sent_at}".encode("utf-8", "replace")
    return f"purview:{blake2b(said, digest_size=12).hexdigest()}"


def _header_block(row: dict[str, str], sent_at: int | None) -> bytes:
    """Write a mail's row as header lines, so that it is read as mail in any other file is."""
    date = "" if sent_at is None else f"{datetime.fromtimestamp(sent_at // 1_000_000, UTC)}"
    fields = (
        ("From", row.get("sender", "")),
        ("To", row.get("to", "")),
        ("Cc", row.get("cc", "")),
        ("Date", date),
        ("Message-ID", row.get("id", "")),
        ("In-Reply-To", row.get("parent", "")),
    )
    lines = [f"{name}: {' '.join(value.split())}" for name, value in fields if value]
    return ("\n" + "\n".join(lines) + "\n").encode("utf-8", "replace")
