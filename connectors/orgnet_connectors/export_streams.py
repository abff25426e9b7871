"""Files of an export as streams - one file, or those in a zip or folder - however large."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.export_files import ExportFiles, as_utf8, open_export

_MOST_LOOKED_AT = 20
#: What reading a damaged file of a zip raises.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError),
    *(NotImplementedError, RuntimeError),
)


class ExportStreams:
    """Names of the files of one export, and their contents.

    Attributes
    ----------
    names
        Files that can be opened, sorted, ``/`` as separator.
    unsafe
        How many names point outside of the export and are therefore left alone.
    damage
        What is wrong with the export; None as long as nothing is.
    """

    def __init__(
        self,
        names: list[str],
        opener: Callable[[str], IO[bytes]],
        *,
        unsafe: int = 0,
        damage: str | None = None,
    ) -> None:
        self.names = names
        self.unsafe = unsafe
        self.damage = damage
        self._opener = opener

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a file. Where it is damaged it ends early, and `damage` says so."""
        try:
            file = self._opener(name)
        except _DAMAGED:
            self._note_damage()
            yield io.BytesIO()
            return
        with file:
            yield cast(BinaryIO, io.BufferedReader(_Tolerant(file, self._note_damage), 1 << 16))

    def peek(self, name: str, limit: int = 4096) -> bytes:
        """Return the first bytes of a file, without any word about damage."""
        before = self.damage
        with self.open(name) as file:
            head = file.read(limit)
        self.damage = before
        return head

    def note(self, ledger: Ledger) -> None:
        """Put into the ledger that the export is damaged, or holds names to stay away from."""
        ledger.truncated = ledger.truncated or self.damage
        if self.unsafe:
            ledger.skip(
                "unsafe_name",
                self.unsafe,
                place="the zip's directory",
                found="names that point outside of the archive",
                remedy="check where the export comes from",
            )

    def _note_damage(self) -> None:
        self.damage = self.damage or "a file in the export is damaged or cannot be opened"


class _Tolerant(io.RawIOBase):
    """A file that ends where it is damaged."""

    def __init__(self, file: IO[bytes], damaged: Callable[[], None]) -> None:
        self._file = file
        self._damaged = damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except _DAMAGED:
            self._damaged()
            return 0
        buffer[: len(data)] = data
        return len(data)


def reason_inside(
    source: Source,
    wanted: Callable[[str], bool],
    reason: Callable[[bytes], str | None],
    *,
    limit: int = 1 << 14,
) -> str | None:
    """Say why a zip or folder, also a damaged one, is of some kind: by how its files begin.

    Parameters
    ----------
    source
        The zip or folder.
    wanted
        Picks files by name; the first twenty of them are looked at.
    reason
        Says why a file that begins so is of the kind, or None.
    limit
        How many bytes it is given.
    """
    try:
        with open_export(source) as files:
            names = [name for name in files.names if wanted(name)][:_MOST_LOOKED_AT]
            return next(filter(None, (reason(files.peek(name, limit)) for name in names)), None)
    except UnreadableFileError:
        return None


@contextlib.contextmanager
def open_streams(source: Source) -> Iterator[ExportStreams]:
    """Open a file, folder or zip.

    A zip without a sound directory is read as far as it goes, file by file in memory.

    Raises
    ------
    UnreadableFileError
        As `open_export` does, for zips that are encrypted, empty of files or bombs.
    """
    if not source.is_folder and not source.is_zip:
        yield ExportStreams([source.name], lambda _: source.path.open("rb"))
        return
    with contextlib.ExitStack() as stack:
        files = stack.enter_context(open_export(source))
        yield ExportStreams(
            files.names, _opener(source, files, stack), unsafe=files.unsafe, damage=files.damage
        )


def _opener(
    source: Source, files: ExportFiles, stack: contextlib.ExitStack
) -> Callable[[str], IO[bytes]]:
    if source.is_folder:
        return lambda name: (source.path / name).open("rb")
    if files.damage is not None:
        return lambda name: io.BytesIO(files.read(name)[0])
    archive: zipfile.ZipFile | None = None
    listed: dict[str, zipfile.ZipInfo] = {}

    def open_listed(name: str) -> IO[bytes]:
        nonlocal archive, listed
        if archive is None:
            # Most of those who look into a zip find by the names that it is none of theirs.
            archive = stack.enter_context(zipfile.ZipFile(source.path))
            listed = {as_utf8(info.filename, info.flag_bits): info for info in archive.infolist()}
        return archive.open(listed[name])

    return open_listed
