"""Messages about changes and issues, and to whom those are addressed that name nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import Ledger
from orgnet_connectors.message_index import MessageIndex
from orgnet_connectors.work_records import Account, WorkRecords

#: reason -> what was found, what to do
EXAMPLES = {
    "duplicate": ("a message that was there before", "none needed"),
    "no_addressee": ("an item or event that addresses nobody else", "none needed"),
    "no_date": ("no date such as 2026-03-31T09:00:00Z", "export again"),
    "no_item": (
        "a comment or review whose issue or change is not in the export",
        "export the changes and issues as well, and give the folder with all files",
    ),
    "system": ("a notice that the system wrote", "none needed"),
    "unreadable": ("JSON that is damaged or is no such object", "export again"),
}


class Deed(Struct, frozen=True, kw_only=True):
    """What one account did towards others who are stated.

    Parameters
    ----------
    kind
        ``review``, ``reply`` or ``handover``.
    sender, to
        None for those who are not known.
    sent_at
        Microseconds since 1970.
    key
        Stable key of it.
    """

    kind: str
    sender: Account | None
    to: tuple[Account | None, ...]
    sent_at: int | None
    key: str


class WorkMessage(Struct, kw_only=True):
    """One issue, change, review, comment or event.

    Parameters
    ----------
    key
        The same in every copy of the message.
    item
        Key of the issue or change; of itself if it is one.
    author
        Whoever wrote it.
    sent_at
        Microseconds since 1970.
    opens
        True for the issue or change itself.
    assignee
        Whoever has the item, where it is stated.
    kind
        ``review`` or ``reply`` for what is said to the author of the item, and to its assignee.
    about
        Author and assignee of the item, where the message itself states them.
    answers
        Key of the comment that it answers, which then is addressed in place of the item's author.
    deeds
        What it did towards others who are stated.
    refused
        Why it is not looked at; None where it is.
    """

    key: str = ""
    item: str = ""
    author: Account | None = None
    sent_at: int | None = None
    opens: bool = False
    assignee: Account | None = None
    kind: str | None = None
    about: tuple[Account | None, ...] = ()
    answers: str | None = None
    deeds: tuple[Deed, ...] = ()
    refused: str | None = None


#: Yields the place of every message and the message, from the beginning of the export.
Messages = Callable[[], Iterable[tuple[str, WorkMessage]]]


class _Authors:
    """Who opened which item, who has it, and who wrote which comment."""

    def __init__(self) -> None:
        self._index = MessageIndex()
        self._accounts: dict[str, Account] = {}

    def note(self, message: WorkMessage) -> None:
        if message.opens:
            self._add(message.item, message.author)
            self._add(f"{message.item} assignee", message.assignee)
        elif message.key:
            self._add(message.key, message.author)

    def addressed(self, message: WorkMessage) -> tuple[Account | None, ...] | None:
        """Return whom a comment or review is meant for; None where nothing tells."""
        if message.answers:
            answered = self._account(message.answers)
            if answered is not None and answered != message.author:
                return (answered,)
        if any(message.about):
            return message.about
        author = self._account(message.item)
        return None if author is None else (author, self._account(f"{message.item} assignee"))

    def _add(self, key: str, account: Account | None) -> None:
        if account is not None:
            self._accounts.setdefault(account.identity, account)
            self._index.add(key, account.identity)

    def _account(self, key: str) -> Account | None:
        identity = self._index.author(key)
        return None if identity is None else self._accounts[identity]


def write_messages(
    messages: Messages, ledger: Ledger, *, source: str, look_ahead: bool
) -> Iterator[pa.RecordBatch]:
    """Yield the records of all messages, counting each of them in `ledger`.

    Parameters
    ----------
    messages
        Is called once for every pass.
    ledger
        Counts messages; their reasons are those of `EXAMPLES`.
    source
        Name of the connector.
    look_ahead
        True where comments may stand before what they are about, so that authors are collected
        in a pass of their own.
    """
    authors = _Authors()
    if look_ahead:
        for _, message in messages():
            authors.note(message)
    records = WorkRecords(ledger, source=source)
    met = MessageIndex()
    for place, message in messages():
        authors.note(message)
        reason = _write(message, authors, met, records)
        if reason is None:
            ledger.keep()
        else:
            found, remedy = EXAMPLES[reason]
            ledger.skip(reason, place=place, found=found, remedy=remedy)
        yield from records.full()
    yield from records.flush()


def _write(
    message: WorkMessage, authors: _Authors, met: MessageIndex, records: WorkRecords
) -> str | None:
    """Write a message; return the reason why it gives no record, None where it does."""
    if message.refused:
        return message.refused
    if not met.add(message.key, None):
        return "duplicate"
    written = False
    for deed in message.deeds:
        if deed.sent_at is not None:
            written |= records.write(
                deed.kind, deed.sender, deed.to, deed.sent_at, deed.key, thread=message.item
            )
    if message.kind is not None:
        if message.sent_at is None:
            return "no_date"
        to = authors.addressed(message)
        if to is None:
            return "no_item"
        written |= records.write(
            message.kind, message.author, to, message.sent_at, message.key, thread=message.item
        )
    return None if written else "no_addressee"
