"""The files inside an export, a zip or a folder, also where the zip is cut short or damaged."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet.schema.zip_listing import (
    DAMAGED,
    UTF8_NAME,
    Entry,
    ZipListing,
    state_of,
    zip_listing,
)

_inflater: Any
try:
    # Three to four times as fast, where it is installed (orgnet-ona[fast]).
    from isal import isal_zlib as _inflater
except ImportError:
    _inflater = zlib

#: No file of an export is larger than this when unpacked.
LARGEST_FILE = 2 << 30
#: Text shrinks 10 to 30 times; a thousand times is an attack or an accident.
LARGEST_RATIO = 1000
RATIO_MATTERS_FROM = 64 << 20

_LOCAL_HEADER = b"PK\x03\x04"
_FIXED_BYTES = 30
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
_BLOCK_BYTES = 1 << 18
#: Read ahead: files of a few kB mostly stand in the order in which they are read.
_BUFFER_BYTES = 1 << 16
_DRIVE = re.compile(r"[A-Za-z]:")


class _Entries(Mapping[str, Entry]):
    """Entries by name; those of a sound zip are made when they are asked for."""

    def __init__(self, listed: ZipListing | Sequence[Entry], places: Mapping[str, int]) -> None:
        self._listed = listed
        self._places = places

    def __getitem__(self, name: str) -> Entry:
        return self._listed[self._places[name]]._replace(name=name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class ExportFiles:
    """Names and contents of the files of one export.

    Parameters
    ----------
    names
        Files that can be asked for, sorted, ``/`` as separator.
    unsafe
        How many names point outside of the export and are therefore left alone.
    damage
        What is wrong with the archive as a whole; None for a folder and a sound archive.
    entries
        Where each file stands in a zip; empty for a folder.
    """

    def __init__(
        self,
        names: list[str],
        read: Callable[[str, int], tuple[bytes, bool]],
        *,
        unsafe: int = 0,
        damage: str | None = None,
        entries: Mapping[str, Entry] = MappingProxyType({}),
    ) -> None:
        self.names = sorted(names)
        self.unsafe = unsafe
        self.damage = damage
        self.entries = entries
        self._read = read

    def size(self, name: str) -> int:
        """Return how large a file is when unpacked, 0 where no zip says so."""
        entry = self.entries.get(name)
        return entry.unpacked or 0 if entry else 0

    def read(self, name: str) -> tuple[bytes, bool]:
        """Return what can be read of a file, and whether that is all of it, undamaged."""
        return self._read(name, LARGEST_FILE)

    def peek(self, name: str, limit: int = 4096) -> bytes:
        """Return the first bytes of a file."""
        return self._read(name, limit)[0][:limit]


@contextlib.contextmanager
def open_export(source: Source) -> Iterator[ExportFiles]:
    """Open a folder or a zip.

    A zip whose directory, at its end, is missing or unreadable is walked from file to file, and
    `ExportFiles.damage` says so.

    Raises
    ------
    UnreadableFileError
        If the zip is encrypted, holds nothing that can be read, or a file in it would unpack to
        more than 2 GiB, or to more than a thousand times its size.
    """
    if source.is_folder:
        yield _folder(source)
        return
    with source.path.open("rb", buffering=_BUFFER_BYTES) as file:
        yield _archive(file, source)


@contextlib.contextmanager
def files_of(path: Path, entries: Iterable[Entry]) -> Iterator[ExportFiles]:
    """Open a zip of which it is known already where the files stand that are wanted."""
    named = {entry.name: entry for entry in entries}
    with path.open("rb", buffering=_BUFFER_BYTES) as file:
        yield ExportFiles(
            list(named), lambda name, limit: _unpack(file, named[name], limit), entries=named
        )


def _folder(source: Source) -> ExportFiles:
    def read(name: str, limit: int) -> tuple[bytes, bool]:
        try:
            with (source.path / name).open("rb") as file:
                return file.read(limit), True
        except OSError:
            return b"", False

    return ExportFiles([name for name in source.members if _is_data(name)], read)


def _archive(file: BinaryIO, source: Source) -> ExportFiles:
    entries, unsafe, damage = _directory(source.path, state_of(source.path))
    return ExportFiles(
        list(entries),
        lambda name, limit: _unpack(file, entries[name], limit),
        unsafe=unsafe,
        damage=damage,
        entries=entries,
    )


@lru_cache(maxsize=1)
def _directory(
    path: Path, state: tuple[int, int, bytes]
) -> tuple[Mapping[str, Entry], int, str | None]:
    """Return the files of a zip by name, how many are unsafe, and what is wrong with the zip.

    The last answer is kept for as long as the zip is in the same `state`.
    """
    damage = None
    listed: ZipListing | list[Entry]
    try:
        listed = zip_listing(path)
        names = [
            as_utf8(name, flags)
            for name, flags in zip(listed.names, listed.numbers["flags"].tolist(), strict=True)
        ]
        numbers = listed.numbers
        odd = (numbers["flags"] & _ENCRYPTED > 0) | (numbers["unpacked"] > RATIO_MATTERS_FROM)
        refusable = np.flatnonzero(odd).tolist()
    except DAMAGED:
        with path.open("rb") as file:
            listed = list(_walk(file))
        damage = "the zip ends early or its directory is damaged"
        names = [entry.name for entry in listed]
        refusable = list(range(len(listed)))
    places: dict[str, int] = {}
    unsafe = 0
    for place, name in enumerate(names):
        if _is_data(name):
            if _is_unsafe(name):
                unsafe += 1
            else:
                # As in any zip reader, of two files with one name the later one counts.
                places[name] = place
    for place in refusable:
        if names[place] in places:
            _refuse(listed[place], path.name)
    if damage and not places:
        raise UnreadableFileError(
            "the zip is damaged and no file in it can be found",
            file=path.name,
            remedy="download the export again",
        )
    return _Entries(listed, places), unsafe, damage


def as_utf8(name: str, flags: int) -> str:
    """Return a name as UTF-8 has it, also where the zip does not say that it is in UTF-8."""
    if name.isascii() or flags & UTF8_NAME:
        return name
    return _recoded(name.encode("cp437", errors="replace"))


def _recoded(raw: bytes) -> str:
    """Read a name without the UTF-8 flag: exporters write UTF-8 all the same."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _is_data(name: str) -> bool:
    """Tell files from folders and from what macOS adds to a zip."""
    last = name.rpartition("/")[2]
    return bool(last) and not last.startswith("._") and not name.startswith("__MACOSX/")


def _is_unsafe(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or _DRIVE.match(path) is not None


def _refuse(entry: Entry, archive_name: str) -> None:
    """Refuse an entry that no export holds.

    Raises
    ------
    UnreadableFileError
        If it is encrypted or too large when unpacked.
    """
    if entry.flags & _ENCRYPTED:
        raise UnreadableFileError(
            "the zip is encrypted",
            file=archive_name,
            remedy="unpack it and give the folder, or zip it again without a password",
        )
    unpacked, packed = entry.unpacked or 0, entry.packed or 0
    bursts = unpacked > RATIO_MATTERS_FROM and unpacked > LARGEST_RATIO * max(packed, 1)
    if unpacked > LARGEST_FILE or bursts:
        raise UnreadableFileError(
            f"a file in the zip would unpack from {packed:,} to {unpacked:,} bytes; expected at "
            f"most {LARGEST_FILE:,} and at most {LARGEST_RATIO} times its size",
            file=archive_name,
            remedy="download the export again, and check where it comes from",
        )


def _unpack(file: BinaryIO, entry: Entry, limit: int) -> tuple[bytes, bool]:
    """Return at most `limit` bytes of an entry, and whether it is whole and undamaged."""
    start = _data_start(file, entry.header)
    if start is None or entry.method not in (_STORED, _DEFLATED):
        return b"", False
    # Where the zip does not say how large a file is, it is not given the room to burst.
    limit = min(limit, RATIO_MATTERS_FROM if entry.unpacked is None else entry.unpacked)
    if entry.method == _STORED:
        file.seek(start)
        data = file.read(limit)
    else:
        data = _inflate(file, start, entry.packed, limit)
    whole = len(data) == entry.unpacked if entry.unpacked is not None else len(data) < limit
    return data, whole and (entry.checksum is None or _inflater.crc32(data) == entry.checksum)


def _data_start(file: BinaryIO, header: int) -> int | None:
    if header < 0:
        return None
    file.seek(header)
    fixed = file.read(_FIXED_BYTES)
    if len(fixed) < _FIXED_BYTES or not fixed.startswith(_LOCAL_HEADER):
        return None
    return header + _FIXED_BYTES + _number(fixed, 26, 2) + _number(fixed, 28, 2)


def _number(data: bytes, position: int, size: int) -> int:
    return int.from_bytes(data[position : position + size], "little")


def _inflate(file: BinaryIO, start: int, packed: int | None, limit: int) -> bytes:
    """Return up to `limit` unpacked bytes; fewer where the packed ones are damaged or cut."""
    file.seek(start)
    unpacker = _inflater.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    length, left = 0, packed
    # What came before a damage is good.
    with contextlib.suppress(_inflater.error):
        while length < limit and not unpacker.eof:
            block = unpacker.unconsumed_tail
            if not block:
                block = file.read(_BLOCK_BYTES if left is None else min(left, _BLOCK_BYTES))
                left = None if left is None else left - len(block)
            if not block:
                break
            part = unpacker.decompress(block, limit - length)
            parts.append(part)
            length += len(part)
    return b"".join(parts)


def _walk(file: BinaryIO) -> Iterator[Entry]:
    """Yield the entries of a zip by its local headers, as far as they go."""
    position = _next_header(file, 0)
    while position is not None:
        start = _data_start(file, position)
        if start is None:
            # The file ends within this header.
            return
        file.seek(position)
        header = file.read(start - position)
        flags, method = _number(header, 6, 2), _number(header, 8, 2)
        packed: int | None = _number(header, 18, 4)
        unpacked: int | None = _number(header, 22, 4)
        checksum: int | None = _number(header, 14, 4)
        if flags & _SIZES_FOLLOW or packed == 0xFFFFFFFF:
            packed = unpacked = checksum = None
        end = _FIXED_BYTES + _number(header, 26, 2)
        raw = header[_FIXED_BYTES:end]
        name = raw.decode("utf-8", "replace") if flags & UTF8_NAME else _recoded(raw)
        yield Entry(name, position, method, flags, packed, unpacked, checksum)
        position = _next_header(file, start + packed if packed is not None else start)


def _next_header(file: BinaryIO, position: int) -> int | None:
    """Return where the next local header begins, at or after `position`; None at the end."""
    file.seek(position)
    data = file.read(_BLOCK_BYTES)
    while len(data) >= len(_LOCAL_HEADER):
        found = data.find(_LOCAL_HEADER)
        if found >= 0:
            return position + found
        # The four bytes may straddle two blocks.
        kept = data[1 - len(_LOCAL_HEADER) :]
        position += len(data) - len(kept)
        more = file.read(_BLOCK_BYTES)
        data = kept + more if more else b""
    return None
