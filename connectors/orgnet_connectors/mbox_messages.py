"""Where one message of an mbox ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

#: Small enough to stay in the processor's cache while it is searched.
_BLOCK_BYTES = 1 << 18
#: Headers beyond are not read: no mail program writes them.
_LONGEST_HEADERS = 1 << 22
#: How much after a line that begins with "From " is looked at to see whether headers follow.
_LOOK_AHEAD = 1 << 13
_LINES_LOOKED_AT = 8
#: A body of more bytes is searched for separators whatever length its headers state.
_LONGEST_COUNTED = 1 << 26

_DATE = rb"""
    (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ \t]+)?
    (?:
        # Mon Jan  5 10:00:00 2026, with a zone before the year (Takeout) or after it
        [A-Z][a-z]{2}[ \t]+\d{1,2}[ \t]+\d{1,2}:\d\d(?::\d\d)?
        (?:[ \t]+(?:[+-]\d{4}|[A-Z]{1,5}))?[ \t]+(?:19|20)\d\d
        # Mon, 5 Jan 2026 10:00:00
        |\d{1,2}[ \t]+[A-Z][a-z]{2}[ \t]+(?:19|20)\d\d[ \t]+\d{1,2}:\d\d(?::\d\d)?
        |(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?
    )
    (?:[ \t]*(?:[+-]\d\d:?\d\d|[A-Z]{1,5}))?
"""
_DATED = re.compile(
    rb"From[ ][ \t]*+(?P<sender>(?:[^ \t\n]+[ \t]+)*?)(?P<date>" + _DATE + rb")"
    rb"[ \t]*(?:remote[ ]from[ ][^\n]*)?\r?\n",
    re.VERBOSE,
)
# Thunderbird has left out sender and date since 2023; its own field or two common ones follow.
_BARE = re.compile(
    rb"From[ ](?P<sender>(?:-[ \t]*)?)(?P<date>)\r?\n"
    rb"(?=(?i:x-mozilla-(?:status2?|keys)|x-account-key|x-uidl)[ \t]*+:"
    rb"|(?i:return-path|received|delivered-to|from|to|date|subject|message-id|mime-version)"
    rb"[ \t]*+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+[A-Za-z][\w-]*+[ \t]*+:)"
)
# A pattern that begins with fixed bytes is searched for faster than `bytes.find` does.
_CANDIDATE = re.compile(rb"\nFrom ")
_FIELD_NAME = re.compile(rb"[A-Za-z][\w-]*[ \t]*:(?!//)")
# Not by the file's line ends: exports mix them, even within one message.
_HEADER_END = re.compile(rb"\n\r?(?=\n)")
_CONTENT_LENGTH = re.compile(rb"\nContent-Length:[ \t]*(\d{1,12})[ \t]*\r?(?=\n|\Z)", re.IGNORECASE)
_BEFORE_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*")
_BLANK_LINES = re.compile(rb"[\r\n]*")
_SPELT_OUT = re.compile(rb"\S+ at \S+\s*")


class Readable(Protocol):
    """What a mailbox is read from: a file, or what unpacks one."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        ...


class Message(NamedTuple):
    """One message of an mbox: where it starts, its ``From `` line's date, its header lines."""

    offset: int
    envelope_date: bytes
    #: the ``From `` line says ``user at host``, so the headers do too
    at_for_sign: bool
    #: with the ``From `` line, which has no colon after a field name, at the top
    headers: bytes


def begins_mbox(head: bytes) -> bool:
    """Tell whether a file that begins so is an mbox: with a ``From `` line and headers."""
    return _separator(head, _first_line(head)) is not None


def split_messages(file: Readable) -> Iterator[Message]:
    r"""Yield the messages of an mbox in order, in memory that does not grow with the file.

    A line that begins with ``From `` starts a message only if it ends in a whole date, as mail
    programs write it, and header lines follow. So a body line that begins with the word "From"
    starts nothing, whether the file quotes such lines (``>From``) or not, and neither the blank
    line before a message nor any form of sender is relied upon. A line without a date
    (Thunderbird) needs the blank line before it and known fields after it.

    Where the first message states its length (``Content-Length``: mboxcl) and its like hold, a
    whole mailbox that somebody forwarded as text is part of the message that it stands in.

    Examples
    --------
    >>> import io
    >>> mails = b"From a Mon Jan  5 10:00:00 2026\nTo: b\n\nFrom here on: text.\n"
    >>> [(mail.offset, mail.headers.splitlines()[1]) for mail in split_messages(io.BytesIO(mails))]
    [(0, b'To: b')]
    """
    window = _Window(file)
    window.fill(_LOOK_AHEAD)
    position = _first_line(window.data)
    separator = _separator(window.data, position)
    if separator is None:
        position, separator = _next_separator(window, position)
    states_length = True
    while separator is not None:
        end = _HEADER_END.search(window.data, position)
        while end is None and not window.ended and len(window.data) - position < _LONGEST_HEADERS:
            window.slide(position)
            position = 0
            end = _HEADER_END.search(window.data, position)
        start = window.offset + position
        headers = window.data[position : end.start() if end else len(window.data)]
        body = start + len(headers) + end.end() - end.start() + 1 if end else None
        envelope_date = separator["date"]
        at_for_sign = b" at " in separator[0] and _SPELT_OUT.fullmatch(separator["sender"])
        position, separator = _next_separator(window, position)
        if separator is not None and window.offset + position <= start + len(headers):
            # Exports of headers alone may leave out the blank line.
            headers = headers[: window.offset + position - 1 - start]
            body = None
        yield Message(start, envelope_date, bool(at_for_sign), headers)
        length = _CONTENT_LENGTH.search(headers) if states_length else None
        if length is None or body is None:
            states_length = False
        elif separator is not None and window.offset + position < body + int(length[1]):
            position, separator, states_length = _skipped(window, position, body + int(length[1]))


class _Window:
    """A stretch of the file that moves forward as what lies behind is no longer needed."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.data = b""
        #: where in the file the stretch begins
        self.offset = 0
        self.ended = False

    def slide(self, position: int, more: int = _BLOCK_BYTES) -> None:
        """Forget what stands before `position` and read on."""
        block = self._file.read(more)
        self.ended = not block
        self.data = self.data[position:] + block
        self.offset += position

    def forget(self, position: int) -> None:
        """Forget what stands before `position`."""
        self.data = self.data[position:]
        self.offset += position

    def fill(self, length: int) -> None:
        """Read on until so many bytes are there, or the file ends."""
        while not self.ended and len(self.data) < length:
            self.slide(0, max(length - len(self.data), _BLOCK_BYTES))


def _first_line(data: bytes) -> int:
    """Return where the text begins, after a byte order mark and blank lines."""
    start = _BEFORE_FIRST.match(data)
    return start.end() if start else 0


def _next_separator(window: _Window, position: int) -> tuple[int, re.Match[bytes] | None]:
    """Return where the next message begins in the window, with the match of its first line."""
    while True:
        data = window.data
        candidate = _CANDIDATE.search(data, position)
        if candidate is not None:
            found = candidate.start()
            if window.ended or len(data) - found >= _LOOK_AHEAD:
                separator = _separator(data, found + 1)
                if separator is not None:
                    return found + 1, separator
                position = found + 1
                continue
        elif window.ended:
            return position, None
        else:
            # The last bytes may be the beginning of such a line.
            found = max(position, len(data) - 8)
        # The line before is looked at too.
        kept = max(found - 2, 0)
        window.slide(kept)
        position = found - kept


def _skipped(window: _Window, position: int, end: int) -> tuple[int, re.Match[bytes] | None, bool]:
    """Return the message after a counted body, and whether its length was right.

    Parameters
    ----------
    window
        Holds what looks like a message at `position`, within the body.
    end
        Where in the file the body should end.
    """
    separator = _separator(window.data, position)
    if end - window.offset - position > _LONGEST_COUNTED:
        return position, separator, False
    window.forget(position)
    window.fill(end - window.offset + _LOOK_AHEAD)
    blank = _BLANK_LINES.match(window.data, end - window.offset)
    if blank is not None and window.offset + len(window.data) >= end:
        after = blank.end()
        if (following := _separator(window.data, after)) is not None:
            return after, following, True
        if after == len(window.data):
            return after, None, True
    return 0, _separator(window.data, 0), False


def _separator(data: bytes, position: int) -> re.Match[bytes] | None:
    """Return the match of a ``From `` line that starts a message, None where it is only text."""
    line = _DATED.match(data, position)
    if line is None:
        line = _BARE.match(data, position)
        return line if line is not None and _blank_before(data, position) else None
    if _FIELD_NAME.match(data, line.end()):
        return line
    for following in data[line.end() : line.end() + _LOOK_AHEAD].split(b"\n", _LINES_LOOKED_AT):
        if _FIELD_NAME.match(following):
            return line
        if not following.strip():
            return None
    return None


def _blank_before(data: bytes, position: int) -> bool:
    """Tell whether nothing but line ends, or a blank line, stands before a position."""
    before = data[max(position - 3, 0) : position]
    return before.endswith((b"\n\n", b"\n\r\n")) or not before.strip(b"\xef\xbb\xbf\r\n")
