"""What the headers of one mail say of who wrote to whom, when, and in answer to what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

from orgnet_connectors.mail_addresses import Mailbox, decode_bytes, mailboxes
from orgnet_connectors.mail_dates import is_plausible, sent_at_us
from orgnet_connectors.mail_fields import Fields, field_text, fields_at_need, header_fields
from orgnet_connectors.mail_marks import LIST_FIELDS, precedence, set_aside

_NO_LISTS: frozenset[str] = frozenset()
_NO_IDS = (None, None)
#: What most are: one id that is normal as it stands.
_ONE_ID = re.compile(rb"<([!-;=?-~]+@[!-;=?\[-~]+)>\s*")
_BRACKETED = re.compile(r"<([^<>]+)>")
_MAILTO = re.compile(r"mailto:([^?>\s]+)", re.IGNORECASE)
_VIA = re.compile(r"\bvia\b", re.IGNORECASE)

#: Values up to this length are remembered with what they mean: the same few come again and again.
_SHORT = 200


class Mail(Struct):
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
    if lists and sender in lists:
        # The list put itself in the author's place, and says so.
        author = _original_author(block, boxes[0], lists, at_for_sign)
        boxes += author
        sender = author[0].address if author else sender
    sent_at = _plausible(decode_bytes(fields.get(b"date", b"")), zone)
    if sent_at is None:
        sent_at = _transport_date(block, envelope_date, zone)
    key = _message_ids(fields, b"message-id")[0] or key_without_id(sender, sent_at, recipients)
    root, last = _message_ids(fields, b"references")
    parent = _message_ids(fields, b"in-reply-to")[0] or last
    gmail = fields.get(b"x-gm-thrid")
    return Mail(
        key=key,
        sender=sender,
        sent_at=sent_at,
        recipients=recipients,
        boxes=boxes,
        parent=parent,
        thread=decode_bytes(gmail).strip() if gmail else root or parent or key,
        lists=lists,
        set_aside=set_aside(fields),
    )


def _boxes(fields: Fields, name: bytes, at_for_sign: bool) -> tuple[Mailbox, ...]:
    value = fields.get(name)
    if not value:
        return ()
    if len(value) <= _SHORT and b"," not in value:
        return _one_box(value, at_for_sign)
    return mailboxes(decode_bytes(value), at_for_sign=at_for_sign)


@lru_cache(maxsize=1 << 14)
def _one_box(value: bytes, at_for_sign: bool) -> tuple[Mailbox, ...]:
    return mailboxes(decode_bytes(value), at_for_sign=at_for_sign)


def _original_author(
    block: bytes, shown: Mailbox, lists: frozenset[str], at_for_sign: bool
) -> tuple[Mailbox, ...]:
    """Return who wrote a mail in whose ``From`` a list stands, if its headers tell."""
    fields = fields_at_need(block)
    # Google Groups writes the first two, Mailman 3 the third.
    for name in (b"x-original-from", b"x-original-sender", b"x-mailfrom"):
        if author := _boxes(fields, name, at_for_sign):
            return author[:1]
    # Mailman 2 writes `Aya via Dev <dev@lists.example.org>` and has answers go to Aya.
    if not _VIA.search(shown.name or ""):
        return ()
    others = [b for b in _boxes(fields, b"reply-to", at_for_sign) if b.address not in lists]
    return tuple(others) if len(others) == 1 else ()


def _plausible(text: str, zone: tzinfo) -> int | None:
    """Return the time that a header states, None where it cannot be or is still to come."""
    sent_at = sent_at_us(text, zone)
    return sent_at if sent_at is not None and is_plausible(sent_at) else None


def _transport_date(block: bytes, envelope_date: bytes, zone: tzinfo) -> int | None:
    """Return when the last server took the mail, for mails whose own date cannot be read."""
    received = fields_at_need(block).get(b"received", b"")
    sent_at = _plausible(field_text(received).rpartition(";")[2], zone)
    return _plausible(decode_bytes(envelope_date), zone) if sent_at is None else sent_at


def _message_ids(fields: Fields, name: bytes) -> tuple[str | None, str | None]:
    """Return the first and the last message id of a field, normalised.

    Old mail programs write words around the id (`Your message of Monday <id>`), and some
    archives drop the brackets.
    """
    value = fields.get(name)
    if not value:
        return _NO_IDS
    if one := _ONE_ID.fullmatch(value):
        key = one[1].decode("ascii")
        return key, key
    text = field_text(value)
    found = _BRACKETED.findall(text) or [word for word in text.split() if "@" in word]
    if not found:
        return _NO_IDS
    return _message_id("".join(found[0].split())), _message_id("".join(found[-1].split()))


def _message_id(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return local + at + domain.lower()


def key_without_id(sender: str | None, sent_at: int | None, recipients: Iterable[str]) -> str:
    """Return the key of a mail without a ``Message-ID``: the same for each copy of it.

    Examples
    --------
    >>> key_without_id("aya@example.com", 0, ["ben@example.com"])
    'no-id:5e228edcc9abd155ceb33af9'
    """
    said = "\n".join([sender or "", str(sent_at), *sorted(recipients)])
    return f"no-id:{blake2b(said.encode('utf-8'), digest_size=12).hexdigest()}"


def _lists(
    fields: Fields, sender: str | None, recipients: dict[str, str], at_for_sign: bool
) -> frozenset[str]:
    """Return the addresses that the headers show to be mailing lists."""
    if LIST_FIELDS.isdisjoint(fields) and precedence(fields) != b"list":
        return _NO_LISTS
    found = {box.address for box in _boxes(fields, b"x-beenthere", at_for_sign)}
    if post := _MAILTO.search(field_text(fields.get(b"list-post", b""))):
        found.update(box.address for box in mailboxes(post[1]))
    # LISTSERV names itself in `Sender`; elsewhere that is who sent it for somebody.
    found.update(
        box.address
        for box in _boxes(fields, b"sender", at_for_sign)
        if box.address != sender and (box.address in recipients or b"archived-at" in fields)
    )
    if b"list-id" in fields:
        text = field_text(fields[b"list-id"]).lower()
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
