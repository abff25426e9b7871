"""The lines of iCalendar files: where an entry begins and ends, and the properties that are read.

What is not read - titles, descriptions, places, links, attachments - is passed over as bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote_to_bytes

#: Properties of an entry that are looked at.
READ = frozenset(
    b"UID DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID STATUS TRANSP CLASS ORGANIZER "
    b"ATTENDEE SEQUENCE DTSTAMP CREATED LAST-MODIFIED X-MICROSOFT-CDO-ALLDAYEVENT".split()
)
_OF_CALENDAR = frozenset({b"METHOD", b"X-WR-TIMEZONE"})

#: A line without an end, such as an attachment, is read in pieces of this size.
_PIECE = 1 << 16
_LONGEST_PROPERTY = 1 << 14
#: Lines of a time zone that are kept; one with all changes since 1900 has fewer.
_MOST_ZONE_LINES = 2000
_NAME = re.compile(rb"[A-Za-z0-9-]+")
_PARAMETER = re.compile(
    r"""\s*;\s*([A-Za-z0-9-]+)\s*=\s*((?:"[^"]*"|[^";:,]*+)(?:,(?:"[^"]*"|[^";:,]*+))*+)"""
)
_CARET = re.compile(r"\^([n'^])")
_CARETS = {"n": "\n", "'": '"', "^": "^"}


class Block(NamedTuple):
    """A stretch of a file that means something.

    Parameters
    ----------
    kind
        ``VEVENT``, ``VTIMEZONE``, ``VCALENDAR`` for one property of the calendar itself, and
        ``end`` where a calendar is closed.
    offset
        Where it begins, in bytes.
    lines
        Its properties, unfolded; of a time zone all of its lines.
    whole
        False where the file ends, or something else begins, before the block does.
    """

    kind: str
    offset: int
    lines: list[bytes]
    whole: bool = True


def blocks(file: BinaryIO) -> Iterator[Block]:
    r"""Yield the blocks of an iCalendar file, in memory that does not grow with the file.

    Lines may end in any way and be folded anywhere, also within a character. What stands within
    an entry in a block of its own (an alarm has attendees, too) is no part of the entry.

    Examples
    --------
    >>> import io
    >>> text = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\nUI\r\n D:2\r\nEND:VEVENT\r\n"
    >>> [(block.kind, block.lines) for block in blocks(io.BytesIO(text))]
    [('VEVENT', [b'UID:1', b'UID:2'])]
    """
    open_block: Block | None = None
    inner: list[bytes] = []
    for offset, line in _unfolded(file):
        head = line[:6].upper()
        if head == b"BEGIN:":
            name = line[6:].strip().upper()
            if name == b"VEVENT" or (open_block is None and name == b"VTIMEZONE"):
                if open_block is not None:
                    yield open_block._replace(whole=False)
                open_block, inner = Block(name.decode(), offset, []), []
            elif open_block is not None:
                inner.append(name)
                _keep_of_zone(open_block, line)
        elif line[:4].upper() == b"END:":
            name = line[4:].strip().upper()
            if open_block is None:
                if name == b"VCALENDAR":
                    yield Block("end", offset, [])
            elif name == open_block.kind.encode():
                yield open_block
                open_block, inner = None, []
            elif name in inner:
                del inner[inner.index(name) :]
                _keep_of_zone(open_block, line)
            elif name == b"VCALENDAR":
                yield open_block._replace(whole=False)
                yield Block("end", offset, [])
                open_block, inner = None, []
        elif open_block is None:
            if _name(line) in _OF_CALENDAR:
                yield Block("VCALENDAR", offset, [line])
        elif open_block.kind == "VTIMEZONE":
            _keep_of_zone(open_block, line)
        elif not inner and _name(line) in READ:
            open_block.lines.append(line)
    if open_block is not None:
        yield open_block._replace(whole=False)


def _keep_of_zone(block: Block, line: bytes) -> None:
    if block.kind == "VTIMEZONE" and len(block.lines) < _MOST_ZONE_LINES:
        block.lines.append(line)


def _name(line: bytes) -> bytes:
    name = _NAME.match(line)
    return name.group().upper() if name else b""


def _unfolded(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield lines joined with their continuations, cut at the length that a property may have."""
    offset = start = 0
    line: bytes | None = None
    ended = True
    for piece in iter(lambda: file.readline(_PIECE), b""):
        text = piece.rstrip(b"\r\n")
        if offset == 0:
            text = text.removeprefix(b"\xef\xbb\xbf")
        if not ended or (text[:1] in (b" ", b"\t") and line is not None):
            if line is not None and len(line) < _LONGEST_PROPERTY:
                line += text[1:] if ended else text
        elif text:
            if line is not None:
                yield start, line
            line, start = text, offset
        ended = piece.endswith(b"\n")
        offset += len(piece)
    if line is not None:
        yield start, line


class Property(NamedTuple):
    """One property: its name in capitals, its parameters by name in capitals, its value."""

    name: str
    parameters: Mapping[str, str]
    value: str


@lru_cache(maxsize=1 << 14)
def read_property(line: bytes) -> Property:
    r"""Read one unfolded line.

    Parameter values lose their quotes and their escapes; of several only the first is kept. The
    lines of guests come again and again, so that the latest are remembered.

    Examples
    --------
    >>> read_property(b'ATTENDEE;CN="Ito, Aya";PARTSTAT=ACCEPTED:MAILTO:aya@example.com').parameters
    {'CN': 'Ito, Aya', 'PARTSTAT': 'ACCEPTED'}
    >>> read_property(b"UID:a:b").value
    'a:b'
    """
    text = _decoded(line)
    name, end = "", 0
    if match := _NAME.match(line):
        name, end = match.group().decode().upper(), match.end()
    parameters: dict[str, str] = {}
    while match_parameter := _PARAMETER.match(text, end):
        key, value = match_parameter.groups()
        parameters.setdefault(key.upper(), _plain(value))
        end = match_parameter.end()
    # A quote that is never closed leaves the rest of the parameters to the value.
    _, _, value = text[end:].partition(":")
    return Property(name, parameters, value.strip())


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _plain(value: str) -> str:
    quoted = value.startswith('"')
    value = value[1:].partition('"')[0] if quoted else value.partition(",")[0]
    return _CARET.sub(lambda match: _CARETS[match[1]], value.strip())


_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+")
_DIRECTORY_NAME = re.compile(r"/o=[^/]+/.+", re.IGNORECASE)


def identity_of(person: Property) -> str | None:
    """Return whom an ``ATTENDEE`` or ``ORGANIZER`` names, in lower case.

    That is the address behind ``mailto:``, however it is written; else the parameter ``EMAIL``,
    or ``CN`` if it is an address; else the directory name (``/o=Example/cn=aya``) that Exchange
    has for colleagues. None where there is only a name, or ``invalid:nomail``.

    Examples
    --------
    >>> identity_of(read_property(b"ATTENDEE:MAILTO:%27Aya%40example.com%27"))
    'aya@example.com'
    >>> identity_of(read_property(b"ATTENDEE;CN=Aya Ito:invalid:nomail"))
    """
    value = person.value
    if marks := list(_MAILTO.finditer(value)):
        value = value[marks[-1].end() :]
    if "%" in value:
        value = unquote_to_bytes(value).decode("utf-8", "replace")
    value = value.partition("?")[0].strip(" '\"<>")
    for text in (value, person.parameters.get("EMAIL", ""), person.parameters.get("CN", "")):
        text = _MAILTO.sub("", text).strip(" '\"<>")
        if _ADDRESS.fullmatch(text):
            return text.lower()
    return value.lower() if _DIRECTORY_NAME.fullmatch(value) else None
