"""What the headers of one mail say of who wrote to whom, when, and in answer to what."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from hashlib import blake2b

from orgnet_connectors.mail_addresses import Mailbox, decode_bytes, decode_words, mailboxes
from orgnet_connectors.mail_dates import sent_at_us

Fields = dict[bytes, bytes]

_WANTED = (
    b"from",
    b"sender",
    b"to",
    b"cc",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"x-gm-thrid",
    b"x-gmail-labels",
    b"list-id",
    b"list-post",
    b"archived-at",
    b"x-beenthere",
    b"auto-submitted",
    b"precedence",
    b"return-path",
    b"content-type",
)
#: Looked for in the few mails in which the others do not say enough.
_WANTED_AT_NEED = (b"received", b"x-original-from", b"x-original-sender")


def _field_pattern(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    # The line end in front, not `^`: a literal first byte makes the search three times as fast.
    return re.compile(
        rb"\n((?i:" + b"|".join(names) + rb"))[ \t]*+:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)"
    )


_FIELD = _field_pattern(_WANTED)
_FIELD_AT_NEED = _field_pattern(_WANTED_AT_NEED)
_LIST_FIELDS = frozenset((b"list-id", b"list-post", b"x-beenthere", b"archived-at"))
_FOLD = re.compile(r"\r?\n[ \t]*")
_BRACKETED = re.compile(r"<([^<>]+)>")
_MAILTO = re.compile(r"mailto:([^?>\s]+)", re.IGNORECASE)

#: Gmail's own labels that take a mail out, in the languages its users see them in.
_LABEL_REASONS = {
    label: reason
    for reason, labels in {
        "draft": "draft drafts entwürfe brouillons borradores bozze rascunhos concepten",
        "spam": "spam",
        "trash": "trash papierkorb corbeille papelera cestino lixeira prullenbak",
        "chat_transcript": "chat chats",
    }.items()
    for label in labels.split()
}


@dataclass(slots=True)
class Mail:
    """One mail, as far as it is a tie between people.

    Parameters
    ----------
    key
        Its ``Message-ID`` without brackets, domain in lower case; a hash of sender, time and
        recipients where it has none.
    sender
        Who wrote it (``From``); None where no address can be read.
    sent_at
        Microseconds since 1970 UTC; None where no date can be read.
    recipients
        Address -> ``to`` or ``cc``, the stronger for those in both; lists among them.
    boxes
        All of the addresses with their names as written.
    parent
        Key of the mail that it answers.
    thread
        Key of the conversation: Gmail's, else the first of ``References``, else the parent, else
        its own.
    lists
        Addresses that its headers show to be those of mailing lists.
    set_aside
        Why it is not a mail between people: ``draft``, ``spam``, ``trash``,
        ``chat_transcript``, ``automatic``; None for all others.
    """

    key: str
    sender: str | None
    sent_at: int | None
    recipients: dict[str, str]
    boxes: tuple[Mailbox, ...]
    parent: str | None
    thread: str
    lists: frozenset[str]
    set_aside: str | None


def header_fields(block: bytes) -> Fields:
    r"""Return the fields that are read, names in lower case, values still folded.

    Lines that belong to no field are passed over. Repeated ``To`` and ``Cc`` are joined; of
    other repeated fields the topmost stays.

    Parameters
    ----------
    block
        Lines from the mail's start to the blank line; what stands before the first line end (an
        mbox's ``From `` line) is no field.

    Examples
    --------
    >>> header_fields(b"From x\nto: a@example.com,\n b@example.com\njunk\nX-Spam: no\n")
    {b'to': b'a@example.com,\n b@example.com'}
    """
    return _fields(block, _FIELD)


def _fields(block: bytes, pattern: re.Pattern[bytes]) -> Fields:
    fields: Fields = {}
    for name, value in pattern.findall(block):
        name = name.lower()
        if name not in fields:
            fields[name] = value
        elif name in (b"to", b"cc"):
            fields[name] += b", " + value
    return fields


def read_mail(
    block: bytes,
    *,
    envelope_date: bytes = b"",
    at_for_sign: bool = False,
    zone: tzinfo = UTC,
) -> Mail:
    r"""Read one mail from its header lines.

    Parameters
    ----------
    block
        As for `header_fields`.
    envelope_date
        A date beside the headers, such as that of an mbox's ``From `` line: used where neither
        ``Date`` nor ``Received`` can be read.
    at_for_sign
        True in archives that write ``user at example.org``.
    zone
        Where clocks without a zone stood.

    Examples
    --------
    >>> mail = read_mail(b"\nFrom: aya@example.com\nTo: ben@example.com\nMessage-ID: <1@X>")
    >>> mail.sender, mail.recipients, mail.key, mail.sent_at
    ('aya@example.com', {'ben@example.com': 'to'}, '1@x', None)
    """
    fields = header_fields(block)
    boxes = _boxes(fields, b"from", at_for_sign)
    sender = boxes[0].address if boxes else None
    recipients: dict[str, str] = {}
    for name, kind in ((b"to", "to"), (b"cc", "cc")):
        if name in fields:
            named = _boxes(fields, name, at_for_sign)
            boxes += named
            for box in named:
                recipients.setdefault(box.address, kind)
    lists = _lists(fields, sender, recipients, at_for_sign)
    if sender in lists:
        # The list put itself in the author's place, and says so.
        original = _fields(block, _FIELD_AT_NEED)
        author = _boxes(original, b"x-original-from", at_for_sign)
        author = author or _boxes(original, b"x-original-sender", at_for_sign)
        boxes += author
        sender = author[0].address if author else sender
    sent_at = sent_at_us(_text(fields[b"date"]), zone) if b"date" in fields else None
    if sent_at is None:
        sent_at = _transport_date(block, envelope_date, zone)
    own = _message_ids(fields.get(b"message-id"))
    key = own[0] if own else _key_without_id(sender, sent_at, recipients)
    references = _message_ids(fields.get(b"references"))
    answered = _message_ids(fields.get(b"in-reply-to"))
    parent = answered[0] if answered else references[-1] if references else None
    gmail = fields.get(b"x-gm-thrid")
    return Mail(
        key=key,
        sender=sender,
        sent_at=sent_at,
        recipients=recipients,
        boxes=boxes,
        parent=parent,
        thread=(
            decode_bytes(gmail).strip() if gmail else references[0] if references else parent or key
        ),
        lists=lists,
        set_aside=_set_aside(fields),
    )


def _text(value: bytes) -> str:
    text = decode_bytes(value)
    if "\n" in text:
        text = _FOLD.sub(" ", text)
    return text.strip()


def _boxes(fields: Fields, name: bytes, at_for_sign: bool) -> tuple[Mailbox, ...]:
    value = fields.get(name)
    return mailboxes(_text(value), at_for_sign=at_for_sign) if value else ()


def _transport_date(block: bytes, envelope_date: bytes, zone: tzinfo) -> int | None:
    """Return when the last server took the mail, for mails whose own date cannot be read."""
    received = _fields(block, _FIELD_AT_NEED).get(b"received", b"")
    sent_at = sent_at_us(_text(received).rpartition(";")[2], zone)
    return sent_at_us(decode_bytes(envelope_date), zone) if sent_at is None else sent_at


def _message_ids(value: bytes | None) -> list[str]:
    """Return the message ids of a field in order, normalised.

    Old mail programs write words around the id (`Your message of Monday <id>`), and some
    archives drop the brackets.
    """
    if not value:
        return []
    text = _text(value)
    if text.count("<") == 1 and text[0] == "<" and text[-1] == ">":
        return [_message_id(text[1:-1])]
    found = _BRACKETED.findall(text) or [word for word in text.split() if "@" in word]
    return [_message_id(each) for each in found]


def _message_id(text: str) -> str:
    local, at, domain = "".join(text.split()).rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _key_without_id(sender: str | None, sent_at: int | None, recipients: dict[str, str]) -> str:
    said = "\n".join([sender or "", str(sent_at), *sorted(recipients)])
    return f"no-id:{blake2b(said.encode('utf-8'), digest_size=12).hexdigest()}"


def _lists(
    fields: Fields, sender: str | None, recipients: dict[str, str], at_for_sign: bool
) -> frozenset[str]:
    """Return the addresses that the headers show to be mailing lists."""
    precedence = fields.get(b"precedence", b"").strip().lower()
    if precedence != b"list" and _LIST_FIELDS.isdisjoint(fields):
        return frozenset()
    found = {box.address for box in _boxes(fields, b"x-beenthere", at_for_sign)}
    if post := _MAILTO.search(_text(fields.get(b"list-post", b""))):
        found.update(box.address for box in mailboxes(post[1]))
    # LISTSERV names itself in `Sender`; elsewhere that is who sent it for somebody.
    found.update(
        box.address
        for box in _boxes(fields, b"sender", at_for_sign)
        if box.address != sender and (box.address in recipients or b"archived-at" in fields)
    )
    if b"list-id" in fields:
        text = _text(fields[b"list-id"]).lower()
        bracketed = _BRACKETED.search(text)
        list_id = bracketed[1].strip() if bracketed else text
        addresses = recipients.keys() | ({sender} if sender else set())
        found.update(address for address in addresses if _is_list(address, list_id))
    return frozenset(found)


def _is_list(address: str, list_id: str) -> bool:
    """Tell whether ``dev@lists.example.org`` is the list called ``dev.example.org``."""
    local, _, domain = address.rpartition("@")
    if not list_id.startswith(f"{local}."):
        return False
    host = list_id[len(local) + 1 :]
    return host == domain or domain.endswith(f".{host}") or host.endswith(f".{domain}")


def _set_aside(fields: Fields) -> str | None:
    labels = fields.get(b"x-gmail-labels")
    if labels:
        for label in _labels(labels):
            if label in _LABEL_REASONS:
                return _LABEL_REASONS[label]
    return "automatic" if _is_automatic(fields) else None


def _labels(value: bytes) -> list[str]:
    # Decoded first: an encoded word may hold the commas and quotes of the list.
    text = decode_words(_text(value)).replace("\0", "")
    rows = list(csv.reader([text], skipinitialspace=True))
    return [label.strip().casefold() for label in rows[0]] if rows else []


def _is_automatic(fields: Fields) -> bool:
    """Tell whether standard headers mark a mail that no person wrote."""
    submitted = fields.get(b"auto-submitted")
    if submitted is not None and not submitted.strip().lower().startswith(b"no"):
        return True
    precedence = fields.get(b"precedence", b"").strip().lower()
    if precedence == b"auto_reply":
        return True
    if precedence in (b"bulk", b"junk") and b"list-id" not in fields:
        return True
    if fields.get(b"return-path", b"").strip() == b"<>":
        return True
    # Bounces and receipts; invitations and their answers belong to the calendar.
    content_type = fields.get(b"content-type", b"").lstrip().lower()
    return content_type.startswith((b"multipart/report", b"text/calendar"))
