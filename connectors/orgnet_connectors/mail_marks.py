"""Why a mail is none between people: the marks that mail programs and senders put in headers."""

from __future__ import annotations

import csv
from functools import lru_cache

from orgnet_connectors.mail_addresses import decode_words
from orgnet_connectors.mail_fields import Fields, field_text
from orgnet_connectors.mail_places import reason_of_place

#: Signs of a mailing list for discussion, which its members can answer on.
LIST_FIELDS = frozenset(
    b"list-id list-post list-help list-owner list-archive x-beenthere archived-at".split()
)

#: Labels up to this length are remembered with their reason: the same few come again and again.
_SHORT = 200

#: Without any of these fields a mail is not marked as automatic.
_MARKS = frozenset(
    b"auto-submitted precedence return-path list-unsubscribe content-type content-class "
    b"x-autoreply x-autorespond x-failed-recipients".split()
)
_ANSWERING_MACHINES = frozenset((b"x-autoreply", b"x-autorespond", b"x-failed-recipients"))

#: Flags of mail programs that keep mails in mbox files: deleted or drafts, but still there.
_FLAGS = frozenset(
    b"x-unsent x-status x-mozilla-status x-mozilla-draft-info x-evolution "
    b"x-uniform-type-identifier".split()
)
_MOZILLA_DELETED = 0x0008
_EVOLUTION_DELETED, _EVOLUTION_DRAFT = 0x2, 0x4


def set_aside(fields: Fields) -> str | None:
    """Return why a mail is left out, None for a mail between people.

    Returns
    -------
    str or None
        ``draft``, ``spam``, ``trash``, ``chat_transcript`` or ``automatic``.

    Examples
    --------
    >>> set_aside({b"x-gmail-labels": b"Inbox,Chat"}), set_aside({b"precedence": b"list"})
    ('chat_transcript', None)
    """
    labels = fields.get(b"x-gmail-labels")
    if labels:
        reason = _short_labels(labels) if len(labels) <= _SHORT else _reason_of_labels(labels)
        if reason:
            return reason
    if not _FLAGS.isdisjoint(fields) and (reason := _flagged(fields)):
        return reason
    return "automatic" if _is_automatic(fields) else None


def _reason_of_labels(value: bytes) -> str | None:
    # Decoded first: an encoded word may hold the commas and quotes of the list.
    text = " ".join(decode_words(field_text(value)).replace("\0", "").split())
    try:
        rows = list(csv.reader([text], skipinitialspace=True))
    except csv.Error:
        # One of them is longer than a label can be.
        return None
    for label in rows[0] if rows else []:
        if label.strip().casefold() in ("chat", "chats"):
            return "chat_transcript"
        if reason := reason_of_place(label):
            return reason
    return None


_short_labels = lru_cache(maxsize=1 << 12)(_reason_of_labels)


def _flagged(fields: Fields) -> str | None:
    """Return ``draft`` or ``trash`` where the mail program that kept the mail says so."""
    if fields.get(b"x-unsent", b"").strip() == b"1" or b"x-mozilla-draft-info" in fields:
        return "draft"
    if fields.get(b"x-uniform-type-identifier", b"").strip() == b"com.apple.mail-draft":
        return "draft"
    mozilla = _hexadecimal(fields.get(b"x-mozilla-status", b""))
    evolution = _hexadecimal(fields.get(b"x-evolution", b"").partition(b"-")[2])
    status = fields.get(b"x-status", b"").strip()
    if evolution & _EVOLUTION_DRAFT or (status.isalpha() and b"T" in status):
        return "draft"
    deleted = mozilla & _MOZILLA_DELETED or evolution & _EVOLUTION_DELETED
    return "trash" if deleted or (status.isalpha() and b"D" in status) else None


def _hexadecimal(value: bytes) -> int:
    try:
        return int(value.strip(), 16) if value.strip().isalnum() else 0
    except ValueError:
        return 0


def _is_automatic(fields: Fields) -> bool:
    """Tell whether standard headers mark a mail that no person wrote."""
    if _MARKS.isdisjoint(fields):
        return False
    submitted = fields.get(b"auto-submitted")
    if submitted is not None and not submitted.strip().lower().startswith(b"no"):
        return True
    said = precedence(fields)
    if said == b"auto_reply":
        return True
    if said in (b"bulk", b"junk") and b"list-id" not in fields:
        return True
    if fields.get(b"return-path", b"").strip() == b"<>":
        return True
    # What can be unsubscribed from and is no list for discussion is a newsletter.
    if b"list-unsubscribe" in fields and LIST_FIELDS.isdisjoint(fields) and said != b"list":
        return True
    # Bounces and receipts; invitations and their answers belong to the calendar.
    if b"content-type" in fields or b"calendarmessage" in fields.get(b"content-class", b"").lower():
        return True
    return not _ANSWERING_MACHINES.isdisjoint(fields)


def precedence(fields: Fields) -> bytes:
    """Return the ``Precedence`` of a mail in lower case, empty where it states none."""
    return fields[b"precedence"].strip().lower() if b"precedence" in fields else b""
