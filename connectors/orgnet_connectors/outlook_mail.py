"""From Outlook's items to mails: which of them are mails, and whose addresses they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo

import pyarrow as pa
from msgspec.structs import replace

from orgnet.schema import Ledger, Profile
from orgnet_connectors.mail_addresses import Mailbox
from orgnet_connectors.mail_dates import is_plausible
from orgnet_connectors.mail_headers import Mail, key_without_id, read_mail
from orgnet_connectors.mail_places import reason_of_place
from orgnet_connectors.mail_records import MailRecords
from orgnet_connectors.outlook_items import OutlookItem, Party

_KINDS = {1: "to", 2: "cc"}
_NEVER_SENT = 0x8
_LINE_END = re.compile(r"[\r\n]+")
_DIRECTORY_NAME = re.compile(r"/o=[^/]+/.+", re.IGNORECASE)

#: Beginnings of item classes, the longer before the shorter -> why such items are left out
_CLASS_REASONS = {
    "ipm.note.rules.": "automatic",
    "ipm.note.microsoft.conversation": "chat_transcript",
    "ipm.note.microsoft.missed": "automatic",
    "ipm.note": None,
    "ipm.outlook.recall": "automatic",
    "ipm.recall.report": "automatic",
    "report.": "automatic",
    "ipm.schedule.": "meeting",
    "ipm.appointment": "meeting",
    "": "not_mail",
}
#: reason -> what was found, what to do
_EXAMPLES = {
    "meeting": ("an invitation, an answer to one, or a calendar entry", "export the calendars too"),
    "not_mail": ("an item that is no mail, such as a contact or a task", "none needed"),
    "unreadable": ("an item that is damaged", "repair the file with Outlook's scanpst"),
}


class OutlookRecords:
    """Turns Outlook's items into interactions, counting each of them.

    Parameters
    ----------
    ledger
        Is told of every item, and of what is known of the people in them.
    source
        Name of the connector.
    zone
        Where clocks without a zone stood.

    Examples
    --------
    >>> ledger = Ledger()
    >>> records = OutlookRecords(ledger, source="pst")
    >>> records.add(OutlookItem(item_class="IPM.Contact"), place="item 1")
    >>> list(records.finish()), dict(ledger.skipped)
    ([], {'not_mail': 1})
    """

    def __init__(self, ledger: Ledger, *, source: str, zone: tzinfo = UTC) -> None:
        self._ledger = ledger
        self._zone = zone
        self._records = MailRecords(ledger, source=source, zone=zone)
        #: directory name of Exchange -> SMTP address
        self._known: dict[str, str] = {}

    def add(self, item: OutlookItem | None, *, place: str) -> None:
        """Write the interactions of an item; None stands for one that cannot be read."""
        reason = "unreadable" if item is None else class_reason(item.item_class)
        if item is None or reason in _EXAMPLES:
            found, remedy = _EXAMPLES[reason or "unreadable"]
            self._ledger.skip(reason or "unreadable", place=place, found=found, remedy=remedy)
            return
        for party in (item.author, item.sender, *item.recipients):
            if "@" in party.smtp and _DIRECTORY_NAME.fullmatch(party.address):
                self._known.setdefault(party.address.lower(), party.smtp.lower())
        self._records.add_mail(read_item(item, known=self._known, zone=self._zone), place=place)

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        yield from self._records.full()

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Yield what is left, and note which addresses belong to the names of the directory."""
        yield from self._records.finish()
        profiles = self._ledger.profiles
        for directory_name, address in self._known.items():
            named = profiles.get(directory_name) or profiles.get(address)
            profiles[directory_name] = Profile(
                identity=directory_name,
                emails=(address,),
                name=named.name if named else None,
                kind=named.kind if named else "person",
            )


def class_reason(item_class: str) -> str | None:
    """Return why items of a class are left out; None for mails.

    Examples
    --------
    >>> class_reason("IPM.Note.SMIME.MultipartSigned"), class_reason("REPORT.IPM.Note.NDR")
    (None, 'automatic')
    """
    # An item that says nothing of itself is a mail by convention.
    name = item_class.lower() or "ipm.note"
    return next(reason for start, reason in _CLASS_REASONS.items() if name.startswith(start))


def read_item(item: OutlookItem, *, known: dict[str, str], zone: tzinfo = UTC) -> Mail:
    """Read a mail from the headers with which it came, and what is missing from its properties.

    Parameters
    ----------
    known
        Directory name of Exchange, in lower case -> SMTP address.
    zone
        Where clocks without a zone stood.

    Examples
    --------
    >>> ben = Party(address="ben@example.com", kind=1)
    >>> aya = Party(name="Aya", address="/o=X/cn=aya")
    >>> mail = read_item(
    ...     OutlookItem(item_class="IPM.Note", author=aya, recipients=(ben,)),
    ...     known={"/o=x/cn=aya": "aya@example.com"},
    ... )
    >>> mail.sender, mail.recipients
    ('aya@example.com', {'ben@example.com': 'to'})
    """
    said = read_mail(_header_block(item), zone=zone)
    sender, recipients, boxes = said.sender, said.recipients, said.boxes
    if sender is None:
        authors = _boxes((item.author,), known) or _boxes((item.sender,), known)
        sender = authors[0].address if authors else None
        boxes = (*authors, *boxes)
    if not recipients:
        for number, kind in _KINDS.items():
            found = _boxes((p for p in item.recipients if p.kind == number), known)
            boxes = (*boxes, *found)
            for box in found:
                recipients.setdefault(box.address, kind)
    times = (said.sent_at, item.submitted_us, item.delivered_us)
    sent_at = next((t for t in times if t is not None and is_plausible(t)), None)
    has_id = not said.key.startswith("no-id:")
    key = said.key if has_id else key_without_id(sender, sent_at, recipients)
    lists = {box.address for box in _boxes((p for p in item.recipients if p.is_list), known)}
    return replace(
        said,
        key=key,
        sender=sender,
        sent_at=sent_at,
        recipients=recipients,
        boxes=boxes,
        thread=key if said.thread == said.key else said.thread,
        lists=said.lists | lists,
        set_aside=_set_aside(item) or said.set_aside,
    )


def _set_aside(item: OutlookItem) -> str | None:
    if reason := class_reason(item.item_class):
        return reason
    if item.flags & _NEVER_SENT:
        return "draft"
    return next(filter(None, map(reason_of_place, item.folders)), None)


def _header_block(item: OutlookItem) -> bytes:
    kept = {
        "Message-ID": item.message_id,
        "In-Reply-To": item.in_reply_to,
        "References": item.references,
    }
    # Of two fields of a name the first counts.
    lines = (f"\n{name}: {_LINE_END.sub(' ', text)}" for name, text in kept.items() if text)
    return (item.headers + "".join(lines)).encode("utf-8", "replace")


def _boxes(parties: Iterable[Party], known: dict[str, str]) -> tuple[Mailbox, ...]:
    boxes = (Mailbox(_address(p, known), p.name or None) for p in parties)
    return tuple(box for box in boxes if box.address)


def _address(party: Party, known: dict[str, str]) -> str:
    """Return the SMTP address or else the directory name, in lower case; empty without either."""
    for text in (party.smtp, party.address):
        if "@" in text and not any(map(str.isspace, text)):
            return text.strip("'").lower()
    if _DIRECTORY_NAME.fullmatch(party.address):
        directory_name = party.address.lower()
        return known.get(directory_name, directory_name)
    return ""
