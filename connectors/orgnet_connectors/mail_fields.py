"""The fields of a mail's headers that are read, found in the bytes without parsing the others."""

from __future__ import annotations

import re

from orgnet_connectors.mail_addresses import decode_bytes, unfolded

Fields = dict[bytes, bytes]


def _field_pattern(names: bytes, first_letters: bytes) -> re.Pattern[bytes]:
    # The line end in front, not `^`: a literal first byte makes the search three times as fast;
    # and most lines are told by their first letter.
    return re.compile(
        rb"\n(?=[" + first_letters + rb"])((?i:" + names + rb"))"
        rb"[ \t]*+:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)"
    )


_FIELD = _field_pattern(
    rb"from|to|cc|date|message-id|in-reply-to|references|sender|content-class"
    # Of all the types of content two are of interest.
    rb"|content-type(?=[ \t]*+:\s*+(?:multipart/report|text/calendar))"
    rb"|return-path|precedence|auto-submitted|archived-at"
    rb"|list-(?:id|post|help|owner|archive|unsubscribe)"
    rb"|x-(?:gm-thrid|gmail-labels|beenthere|unsent|status|evolution|failed-recipients"
    rb"|auto(?:reply|respond)|mozilla-(?:status|draft-info)|uniform-type-identifier)",
    b"ACDFILMPRSTXacdfilmprstx",
)
#: Looked for in the few mails in which the others do not say enough.
_FIELD_AT_NEED = _field_pattern(
    rb"received|reply-to|x-mailfrom|x-original-from|x-original-sender", b"RXrx"
)


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


def fields_at_need(block: bytes) -> Fields:
    """Return the fields that are read only of mails in which the others do not say enough."""
    return _fields(block, _FIELD_AT_NEED)


def kept_headers(block: bytes) -> bytes:
    r"""Return the lines of a header block that are read at all, so that no others are handed on.

    Examples
    --------
    >>> kept_headers(b"\nSubject: secret\nFrom: a@example.com\nReceived: from a by b\n")
    b'\nFrom: a@example.com\nReceived: from a by b'
    """
    return b"".join(
        b"\n" + name + b": " + value
        for pattern in (_FIELD, _FIELD_AT_NEED)
        for name, value in pattern.findall(block)
    )


def _fields(block: bytes, pattern: re.Pattern[bytes]) -> Fields:
    fields: Fields = {}
    repeated: dict[bytes, list[bytes]] = {}
    for name, value in pattern.findall(block):
        name = name.lower()
        if fields.setdefault(name, value) is not value and name in (b"to", b"cc"):
            repeated.setdefault(name, [fields[name]]).append(value)
    for name, values in repeated.items():
        fields[name] = b", ".join(values)
    return fields


def field_text(value: bytes) -> str:
    r"""Return the value of a field in one line, decoded from its bytes.

    Examples
    --------
    >>> field_text(b"\r\n Aya\r\n\tIto\r")
    'Aya Ito'
    """
    return unfolded(decode_bytes(value)).strip()
