"""The lines of a text file whose encoding nobody states, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import BinaryIO, cast

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source

#: What reading a damaged gzip file raises.
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)

#: A longer line is handed on in pieces, so that a file without line ends is not held at once.
LONGEST_LINE = 1 << 20

_PREVIEW_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
#: A file that inflates beyond both figures is a trap, not an export.
_BOMB_BYTES = 64 << 20
_BOMB_RATIO = 1000


def encoding_of(head: bytes) -> str:
    """Tell the encoding from the first bytes: by mark, by the pattern of zeros, else UTF-8.

    Windows-1252 is not told here: a line that is not UTF-8 is read as Windows-1252 when its
    turn comes, so that a stray byte late in a large file does no harm.

    Examples
    --------
    >>> encoding_of("id,dept".encode("utf-16-le")), encoding_of(b"id,dept")
    ('utf-16-le', 'utf-8-sig')
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = head[:2048]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    if half and sample[0::2].count(0) > 0.4 * half:
        return "utf-16-be"
    return "utf-8-sig"


def preview_lines(source: Source) -> tuple[str, ...]:
    """Decode the whole lines at the beginning of the file, up to 64 KiB of it."""
    return _whole_lines(source.head)


# Every connector in turn looks at the same beginning.
@lru_cache(maxsize=4)
def _whole_lines(head: bytes) -> tuple[str, ...]:
    complete = len(head) < _PREVIEW_BYTES
    if head.startswith(_GZIP):
        inflater = zlib.decompressobj(wbits=31)
        try:
            head = inflater.decompress(head, _PREVIEW_BYTES)
        except zlib.error:
            return ()
        complete = inflater.eof
    encoding = encoding_of(head)
    if encoding.startswith("utf-16") and len(head) % 2:
        head = head[:-1]
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    # io.StringIO ends lines as the text file does, which str.splitlines does not.
    text = head.decode(encoding, errors)
    lines = list(io.StringIO(text, newline=None))
    if not complete and len(lines) > 1:
        lines.pop()
    return tuple(_mended(line) for line in lines)


def open_lines(source: Source) -> Iterator[str]:
    """Yield the lines of the file with one line feed at the end, without NUL characters.

    Raises
    ------
    UnreadableFileError
        If a gzip file inflates to more than a thousand times its size.
    EOFError, gzip.BadGzipFile, zlib.error
        If a gzip file is damaged, after the lines that could be read (`DAMAGED`).
    """
    with ExitStack() as stack:
        raw: BinaryIO = stack.enter_context(source.path.open("rb"))
        head = source.head
        if head.startswith(_GZIP):
            inflated = _Inflated(raw, source.name, source.path.stat().st_size)
            raw = cast(BinaryIO, stack.enter_context(io.BufferedReader(inflated, 1 << 16)))
            head = cast(io.BufferedReader, raw).peek(2048)
        yield from decoded_lines(raw, encoding_of(head))


def decoded_lines(raw: BinaryIO, encoding: str) -> Iterator[str]:
    r"""Yield the lines of an open file as `open_lines` does; the file is closed at the end.

    Examples
    --------
    >>> list(decoded_lines(io.BytesIO(b"Caf\xe9\r\nCaf\xc3\xa9"), "utf-8-sig"))
    ['Café\n', 'Café']
    """
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    with io.TextIOWrapper(raw, encoding=encoding, errors=errors) as text:
        while line := text.readline(LONGEST_LINE):
            yield line if line.isascii() and "\0" not in line else _mended(line)


def _mended(line: str) -> str:
    """Drop NULs, and read a line that is not UTF-8 as Windows-1252."""
    line = line.replace("\0", "")
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line


class _Inflated(io.RawIOBase):
    """The content of a gzip file, refused once it is out of proportion to the file."""

    def __init__(self, raw: BinaryIO, name: str, size: int) -> None:
        self._gzip = gzip.GzipFile(fileobj=raw)
        self._name = name
        self._limit = max(_BOMB_BYTES, _BOMB_RATIO * size)
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._gzip.read1(len(buffer))
        self._count += len(data)
        if self._count > self._limit:
            raise UnreadableFileError(
                f"the compressed file inflates to more than {self._limit >> 20} MiB, over "
                f"{_BOMB_RATIO} times its size",
                file=self._name,
                remedy="unpack it and give the file inside",
            )
        buffer[: len(data)] = data
        return len(data)
