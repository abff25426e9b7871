"""From mails to interactions: repeats, lists, and answers that address nobody but a list."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import UTC, tzinfo

import pyarrow as pa

from orgnet.schema import InteractionWriter, Ledger, Profile
from orgnet_connectors.mail_addresses import decode_words
from orgnet_connectors.mail_headers import Mail, read_mail
from orgnet_connectors.message_index import MessageIndex

#: reason -> what was found, what to do
_EXAMPLES = {
    "automatic": ("headers that mark automatic mail", "none needed"),
    "chat_transcript": ("a chat transcript", "export the chats themselves"),
    "draft": ("a draft or a mail in a folder of drafts", "none needed"),
    "duplicate": ("a Message-ID that was met before", "none needed"),
    "no_addressee": ("no recipient but a list, and no known mail that it answers", "none needed"),
    "no_date": ("no date that can be read in Date, Received or the From line", "none needed"),
    "no_sender": ("no address in From", "none needed if this is rare"),
    "spam": ("a label or folder of spam", "none needed"),
    "trash": ("a mail that was thrown away", "none needed"),
}


class MailRecords:
    r"""Turns the mails of one export into interactions, whatever file they stand in.

    Feed it the header lines of every mail with `add`, hand on what `full` yields, and end with
    `finish`: only then is it known whether the mails that address nobody answer a mail that
    stands later in the file.

    Parameters
    ----------
    ledger
        Is told of every mail, and of every address that has a name or is a list.
    source
        Name of the connector.
    zone
        Where clocks without a zone stood.

    Examples
    --------
    >>> ledger = Ledger()
    >>> records = MailRecords(ledger, source="mbox")
    >>> records.add(
    ...     b"\nFrom: aya@example.com\nTo: ben@example.com\nDate: 5 Jan 2026 10:00:00 GMT\n",
    ...     place="message 1",
    ... )
    >>> [batch.num_rows for batch in records.finish()], ledger.kept
    ([1], 1)
    """

    def __init__(self, ledger: Ledger, *, source: str, zone: tzinfo = UTC) -> None:
        self._ledger = ledger
        self._zone = zone
        self._writer = InteractionWriter(ledger, channel="email", source=source)
        self._index = MessageIndex()
        self._waiting = _WaitingReplies()

    def add(
        self, block: bytes, *, place: str, envelope_date: bytes = b"", at_for_sign: bool = False
    ) -> None:
        """Read one mail and write its interactions.

        Parameters
        ----------
        block, envelope_date, at_for_sign
            As for `orgnet_connectors.mail_headers.read_mail`.
        place
            Where the mail stands, for the ledger: ``message 12, byte 48211``.
        """
        mail = read_mail(
            block, envelope_date=envelope_date, at_for_sign=at_for_sign, zone=self._zone
        )
        self.add_mail(mail, place=place)

    def add_mail(self, mail: Mail, *, place: str) -> None:
        """Write the interactions of a mail that was read elsewhere."""
        if mail.set_aside is not None:
            self.leave_out(mail.set_aside, place=place)
        elif mail.sender is None:
            self.leave_out("no_sender", place=place)
        elif mail.sent_at is None:
            self.leave_out("no_date", place=place)
        elif not self._index.add(mail.key, mail.sender):
            self.leave_out("duplicate", place=place)
        else:
            self._note_profiles(mail)
            self._write(mail, mail.sender, mail.sent_at, place)

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        yield from self._writer.full()

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Settle the replies whose parent was not met before them, and yield what is left."""
        for sent_at, sender, parent, key, thread in self._waiting:
            author = self._index.author(parent)
            if author is None:
                self.leave_out("no_addressee", place=None)
            else:
                self._writer.add(sent_at, sender, author, "reply", 1, key, thread=thread)
                self._ledger.keep()
                yield from self._writer.full()
        self._waiting = _WaitingReplies()
        yield from self._writer.flush()

    def _write(self, mail: Mail, sender: str, sent_at: int, place: str) -> None:
        # Recipients as sent: a list counts as one of them, and is no person.
        count = len(mail.recipients)
        people = mail.recipients
        if mail.lists:
            people = {who: kind for who, kind in people.items() if who not in mail.lists}
        if people:
            add, key, thread = self._writer.add, mail.key, mail.thread
            for recipient, kind in people.items():
                add(sent_at, sender, recipient, kind, count, key, thread=thread)
            self._ledger.keep()
            return
        if mail.parent is None:
            self.leave_out("no_addressee", place=place)
            return
        author = self._index.author(mail.parent)
        if author is None:
            self._waiting.append(sent_at, sender, mail.parent, mail.key, mail.thread)
            return
        self._writer.add(sent_at, sender, author, "reply", 1, mail.key, thread=mail.thread)
        self._ledger.keep()

    def _note_profiles(self, mail: Mail) -> None:
        profiles = self._ledger.profiles
        for address in mail.lists:
            # A later sign that an address is a list outweighs an earlier name.
            profiles[address] = Profile(identity=address, emails=(address,), kind="shared")
        for address, written in mail.boxes:
            if written and address not in profiles and (name := _display_name(written)):
                profiles[address] = Profile(identity=address, emails=(address,), name=name)

    def leave_out(self, reason: str, *, place: str | None) -> None:
        """Count a mail that gives no record, whatever it says.

        Parameters
        ----------
        reason
            One of those that mails are left out for, such as ``draft``.
        """
        found, remedy = _EXAMPLES[reason]
        self._ledger.skip(reason, place=place, found=found, remedy=remedy)


def _display_name(written: str) -> str | None:
    """Return the name to show, None where it only repeats an address."""
    name = " ".join(decode_words(written).split()).strip("'\" ")
    return name if name and "@" not in name else None


class _WaitingReplies:
    """Replies to mails that were not met yet, as columns: some 30 bytes each and their keys."""

    def __init__(self) -> None:
        self._senders: list[str] = []
        self._number_of: dict[str, int] = {}
        self._sender = array("l")
        self._sent_at = array("q")
        self._ends = array("q")
        self._keys = bytearray()

    def append(self, sent_at: int, sender: str, parent: str, key: str, thread: str) -> None:
        """Keep one reply."""
        number = self._number_of.get(sender)
        if number is None:
            number = self._number_of[sender] = len(self._senders)
            self._senders.append(sender)
        self._sender.append(number)
        self._sent_at.append(sent_at)
        # None of the three can hold a line end: header values were unfolded.
        self._keys += f"{parent}\n{key}\n{thread}".encode()
        self._ends.append(len(self._keys))

    def __iter__(self) -> Iterator[tuple[int, str, str, str, str]]:
        """Yield time, sender, parent, key and thread of each, in order."""
        start = 0
        for number, sent_at, end in zip(self._sender, self._sent_at, self._ends, strict=True):
            parent, key, thread = self._keys[start:end].decode().split("\n")
            yield sent_at, self._senders[number], parent, key, thread
            start = end
