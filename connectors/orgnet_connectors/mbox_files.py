"""Mailbox files as they lie on the disk: plain or packed with gzip, of any line ends."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from typing import Any

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.export_files import LARGEST_RATIO, RATIO_MATTERS_FROM
from orgnet_connectors.mbox_messages import Readable

_inflater: Any
try:
    # Three to four times as fast, where it is installed (orgnet-ona[fast]).
    from isal import isal_zlib as _inflater
except ImportError:
    _inflater = zlib

_GZIP = b"\x1f\x8b\x08"
#: Tells the inflater that gzip's headers stand around the data.
_IN_GZIP = zlib.MAX_WBITS + 16
_PACKED_BLOCK_BYTES = 1 << 16
_HEAD_BYTES = 1 << 16


def text_head(source: Source) -> bytes:
    """Return how a mailbox begins, unpacked, its lines ending in LF."""
    head = source.head
    if head.startswith(_GZIP):
        try:
            head = _inflater.decompressobj(_IN_GZIP).decompress(head, _HEAD_BYTES)
        except _inflater.error:
            return b""
    return head.replace(b"\r", b"\n") if _of_old_macintosh(head) else head


@contextlib.contextmanager
def open_mailbox(source: Source, ledger: Ledger) -> Iterator[Readable]:
    """Open a mailbox for reading from the start to the end.

    Where a packed one is damaged or cut short it ends early, and the ledger says so.

    Raises
    ------
    UnreadableFileError
        While reading: if it unpacks to more than a thousand times its size.
    """
    # Read in large blocks as it is: a buffer in between would only copy them.
    with source.path.open("rb", buffering=0) as raw:
        yield _WithLineEnds(_Unpacked(raw, source, ledger) if is_packed(source) else raw)


def is_packed(source: Source) -> bool:
    """Tell whether a file is packed with gzip."""
    return source.head.startswith(_GZIP)


def _of_old_macintosh(head: bytes) -> bool:
    """Tell whether lines end in CR alone."""
    return b"\r" in head and b"\n" not in head


class _WithLineEnds:
    """A file whose lines end in LF, also if they do in CR alone as on the old Macintosh."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._old: bool | None = None

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        data = self._file.read(size)
        if self._old is None:
            self._old = _of_old_macintosh(data[:_HEAD_BYTES])
        return data.replace(b"\r", b"\n") if self._old else data


class _Unpacked:
    """What a gzip file holds, of one part or of several behind each other."""

    def __init__(self, raw: Readable, source: Source, ledger: Ledger) -> None:
        self._raw = raw
        self._source = source
        self._ledger = ledger
        self._unpacker: Any = None
        self._packed = b""
        self._ended = False
        self._bytes_in = self._bytes_out = 0

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end, and none after a damage."""
        while not self._ended and (self._packed or self._read_on()):
            if data := self._inflate(size):
                self._refuse_bomb(len(data))
                return data
        return b""

    def _read_on(self) -> bool:
        self._packed = self._raw.read(_PACKED_BLOCK_BYTES)
        self._bytes_in += len(self._packed)
        if not self._packed and self._unpacker is not None:
            self._end_early()
        return bool(self._packed)

    def _inflate(self, size: int) -> bytes:
        if self._unpacker is None:
            # Parts may be padded with zeros, to the block of a tape.
            self._packed = self._packed.lstrip(b"\0")
            if not self._packed:
                return b""
            self._unpacker = _inflater.decompressobj(_IN_GZIP)
        try:
            data: bytes = self._unpacker.decompress(self._packed, size)
        except _inflater.error:
            self._end_early()
            return b""
        if self._unpacker.eof:
            self._packed = self._unpacker.unused_data
            self._unpacker = None
        else:
            self._packed = self._unpacker.unconsumed_tail
        return data

    def _end_early(self) -> None:
        self._ended = True
        self._ledger.truncated = "the gzip file ends early or is damaged"

    def _refuse_bomb(self, more: int) -> None:
        self._bytes_out += more
        if self._bytes_out > max(RATIO_MATTERS_FROM, LARGEST_RATIO * self._bytes_in):
            raise UnreadableFileError(
                f"it unpacks to more than {LARGEST_RATIO} times its size; expected at most that",
                file=self._source.name,
                remedy="download the archive again, and check where it comes from",
            )
