"""The files of a Zulip export, which is a compressed tar or the folder in it."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO, cast

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source

#: Text shrinks 10 to 30 times; a thousand times is an attack or an accident.
LARGEST_RATIO = 1000
RATIO_MATTERS_FROM = 256 << 20
#: Files in a tar that are looked at to tell what it is.
_MOST_PEEKED = 2000

_REALM = re.compile(r"(?:[^/]+/)?realm\.json")
_MESSAGES = re.compile(r"(?:[^/]+/)?messages-\d+\.json")
_COMPRESSED: tuple[tuple[bytes, Callable[..., Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ", lzma.open),
)
#: The head of a tar that is not compressed.
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257
_DAMAGED = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)


def is_tar(source: Source) -> bool:
    """Say whether a file may be a tar, compressed or not, by its first bytes."""
    mark = source.head[_TAR_MARK_AT : _TAR_MARK_AT + len(_TAR_MARK)]
    return mark == _TAR_MARK or any(source.head.startswith(magic) for magic, _ in _COMPRESSED)


def is_realm(name: str) -> bool:
    """Say whether a file holds the tables of users, channels and subscriptions."""
    return _REALM.fullmatch(name) is not None


def is_messages(name: str) -> bool:
    """Say whether a file is a page of messages."""
    return _MESSAGES.fullmatch(name) is not None


class ZulipFiles:
    """Goes through the files of one export.

    Nothing is unpacked to disk, so that no name in a tar can point anywhere.

    Parameters
    ----------
    source
        A tar, or a folder.

    Attributes
    ----------
    damaged
        After going through: the tar ends early or is damaged.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.damaged = False

    def named(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, BinaryIO]]:
        """Yield name and content of the files whose names are wanted, in the order of the export.

        Each is to be read before the next one is asked for.

        Raises
        ------
        UnreadableFileError
            If a tar unpacks to more than a thousand times its size.
        """
        if self._source.is_folder:
            for name in filter(wanted, self._source.members):
                with (self._source.path / name).open("rb") as file:
                    yield name, file
            return
        try:
            with self._tar() as tar:
                for member in self._members(tar):
                    if member.isfile() and wanted(member.name.removeprefix("./")):
                        content = cast("IO[bytes]", tar.extractfile(member))
                        yield member.name, cast(BinaryIO, _Tolerant(content, self))
        except UnreadableFileError:
            raise
        except _DAMAGED:
            self.damaged = True

    def names(self) -> Iterator[str]:
        """Yield the names of the first files."""
        if self._source.is_folder:
            yield from self._source.members
            return
        try:
            with self._tar() as tar:
                for _, member in zip(range(_MOST_PEEKED), self._members(tar), strict=False):
                    yield member.name.removeprefix("./")
        except _DAMAGED:
            return

    @contextlib.contextmanager
    def _tar(self) -> Iterator[tarfile.TarFile]:
        with contextlib.ExitStack() as stack:
            file: IO[bytes] = stack.enter_context(self._source.path.open("rb"))
            for magic, opener in _COMPRESSED:
                if self._source.head.startswith(magic):
                    file = stack.enter_context(opener(file))
            yield stack.enter_context(tarfile.open(fileobj=file, mode="r|"))

    def _members(self, tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
        packed = self._source.path.stat().st_size
        limit = max(RATIO_MATTERS_FROM, LARGEST_RATIO * packed)
        unpacked = 0
        for member in tar:
            unpacked += member.size
            if unpacked > limit:
                raise UnreadableFileError(
                    f"the tar would unpack from {packed:,} to more than {limit:,} bytes",
                    file=self._source.name,
                    remedy="download the export again, and check where it comes from",
                )
            yield member
            # Otherwise all members met so far are kept in memory.
            cast(Any, tar).members = []


class _Tolerant:
    """A file of a tar that ends where the tar is damaged."""

    def __init__(self, file: IO[bytes], files: ZulipFiles) -> None:
        self._file = file
        self._files = files

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except _DAMAGED:
            self._files.damaged = True
            return b""
