"""Mail in mbox files: where one message ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, ClassVar, Literal, NamedTuple

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.mail_dates import time_zone
from orgnet_connectors.mail_records import MailRecords

_BLOCK_BYTES = 1 << 20
#: Headers beyond are not read: no mail program writes them.
_LONGEST_HEADERS = 1 << 22
#: How much after a line that begins with "From " is looked at to see whether headers follow.
_LOOK_AHEAD = 1 << 13
_LINES_LOOKED_AT = 8

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
_SEPARATOR = re.compile(
    rb"From[ ][ \t]*+(?P<sender>(?:[^ \t\n]+[ \t]+)*?)(?P<date>" + _DATE + rb")"
    rb"[ \t]*(?:remote[ ]from[ ][^\n]*)?\r?\n",
    re.VERBOSE,
)
_FIELD_NAME = re.compile(rb"[A-Za-z][\w-]*[ \t]*:(?!//)")
# Not by the file's line ends: exports mix them, even within one message.
_HEADER_END = re.compile(rb"\n\r?(?=\n)")
_BEFORE_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*")
_SPELT_OUT = re.compile(rb"\S+ at \S+\s*")


class Mbox:
    """Reads the headers of the mails in one mbox file; bodies are passed over undecoded."""

    name: ClassVar[str] = "mbox"
    title: ClassVar[str] = "Mail (mbox)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "mbox file: Gmail or Vault export, Thunderbird folder, list archive"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "subject",
        "body",
        "attachments",
        "bcc",
        "all other headers",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an mbox: it begins with a ``From `` line and headers."""
        head = source.head
        if _separator(head, _first_line(head)) is None:
            return None
        return "begins with a dated 'From ' line and mail headers"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all mails, counting each of them in `ledger`.

        Raises
        ------
        UnreadableFileError
            If no message begins anywhere in the file.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        records = MailRecords(ledger, source=self.name, zone=time_zone(options.timezone))
        number = 0
        with source.path.open("rb") as file:
            for number, message in enumerate(split_messages(file), start=1):
                records.add(
                    message.headers,
                    place=f"message {number}, byte {message.offset}",
                    envelope_date=message.envelope_date,
                    at_for_sign=message.at_for_sign,
                )
                yield from records.full()
        if not number:
            raise UnreadableFileError(
                "no message begins in it; expected lines such as 'From aya@example.com Mon Jan  5 "
                "10:00:00 2026' with mail headers after them",
                file=source.name,
                remedy="export the mailbox again as mbox",
            )
        yield from records.finish()


class Message(NamedTuple):
    """One message of an mbox: where it starts, its ``From `` line's date, its header lines."""

    offset: int
    envelope_date: bytes
    #: the ``From `` line says ``user at host``, so the headers do too
    at_for_sign: bool
    #: with the ``From `` line, which has no colon after a field name, at the top
    headers: bytes


def split_messages(file: BinaryIO) -> Iterator[Message]:
    r"""Yield the messages of an mbox in order, in memory that does not grow with the file.

    A line that begins with ``From `` starts a message only if it ends in a whole date, as mail
    programs write it, and header lines follow. So a body line that begins with the word "From"
    starts nothing, whether the file quotes such lines (``>From``) or not, and neither the blank
    line before a message nor any form of sender is relied upon.

    Examples
    --------
    >>> import io
    >>> mails = b"From a Mon Jan  5 10:00:00 2026\nTo: b\n\nFrom here on: text.\n"
    >>> [(mail.offset, mail.headers.splitlines()[1]) for mail in split_messages(io.BytesIO(mails))]
    [(0, b'To: b')]
    """
    window = _Window(file)
    while not window.ended and len(window.data) < _LOOK_AHEAD:
        window.slide(0)
    position = _first_line(window.data)
    separator = _separator(window.data, position)
    if separator is None:
        position, separator = _next_separator(window, position)
    while separator is not None:
        end = _HEADER_END.search(window.data, position)
        while end is None and not window.ended and len(window.data) - position < _LONGEST_HEADERS:
            window.slide(position)
            position = 0
            end = _HEADER_END.search(window.data, position)
        stop = end.start() if end else len(window.data)
        headers = window.data[position:stop]
        if b"\nFrom " in headers:
            # Exports of headers alone may leave out the blank line.
            stop = _separator_within(window.data, position, stop)
            headers = window.data[position:stop]
        at_for_sign = _SPELT_OUT.fullmatch(separator["sender"]) is not None
        yield Message(window.offset + position, separator["date"], at_for_sign, headers)
        position, separator = _next_separator(window, stop)


class _Window:
    """A stretch of the file that moves forward as what lies behind is no longer needed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.data = b""
        #: where in the file the stretch begins
        self.offset = 0
        self.ended = False

    def slide(self, position: int) -> None:
        """Forget what stands before `position` and read one block more."""
        more = self._file.read(_BLOCK_BYTES)
        self.ended = not more
        self.data = self.data[position:] + more
        self.offset += position


def _first_line(data: bytes) -> int:
    """Return where the text begins, after a byte order mark and blank lines."""
    start = _BEFORE_FIRST.match(data)
    return start.end() if start else 0


def _next_separator(window: _Window, position: int) -> tuple[int, re.Match[bytes] | None]:
    """Return where the next message begins in the window, with the match of its first line."""
    while True:
        found = window.data.find(b"\nFrom ", position)
        if found >= 0 and (window.ended or len(window.data) - found >= _LOOK_AHEAD):
            separator = _separator(window.data, found + 1)
            if separator is not None:
                return found + 1, separator
            position = found + 1
        elif window.ended:
            return position, None
        else:
            # The last bytes may be the beginning of such a line.
            window.slide(found if found >= 0 else max(position, len(window.data) - 8))
            position = 0


def _separator_within(data: bytes, position: int, end: int) -> int:
    """Return the line end before a message that begins between the two positions, else `end`."""
    while (position := data.find(b"\nFrom ", position, end)) >= 0:
        if _separator(data, position + 1) is not None:
            return position
        position += 1
    return end


def _separator(data: bytes, position: int) -> re.Match[bytes] | None:
    """Return the match of a ``From `` line that starts a message, None where it is only text."""
    line = _SEPARATOR.match(data, position)
    if line is None:
        return None
    if _FIELD_NAME.match(data, line.end()):
        return line
    for following in data[line.end() : line.end() + _LOOK_AHEAD].split(b"\n", _LINES_LOOKED_AT):
        if _FIELD_NAME.match(following):
            return line
        if not following.strip():
            return None
    return None
