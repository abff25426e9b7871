"""Writing files so that nothing is ever half there, and only the owner can read it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orgnet.errors import EngineError, UsageError

_OWNER_FILE = stat.S_IRUSR | stat.S_IWUSR
_OWNER_FOLDER = stat.S_IRWXU

#: What a run that was killed has left behind; no run takes as long as this.
_STALE_SECONDS = 24 * 60 * 60
#: Our temporary folders, connectors' and reports' too, as `tempfile` names them.
_OUR_FOLDER = re.compile(r"orgnet-tmp-[a-z0-9_]{8}")
_PART = ".part"
_OUR_PART = re.compile(rf"\.(.+)\.[a-z0-9_]{{8}}{re.escape(_PART)}", re.DOTALL)
#: How libraries tell an error of the system in a sentence of theirs.
_NUMBERED = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then rename; readable by the owner only."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is written there takes its place at the end.

    If the block fails, the temporary file is removed and the old file stays as it was.

    Raises
    ------
    UsageError
        If the file cannot be written or replaced, for instance because it is open elsewhere.
    """
    make_folder(path.parent)
    try:
        _remove_stale_parts(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_PART, dir=path.parent)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be written: {reason(error)}") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(_OWNER_FILE)
        with temporary.open("rb+") as written:
            # On the disk before it takes the old file's place, should the power fail.
            os.fsync(written.fileno())
        temporary.replace(path)
    except PermissionError as error:
        raise UsageError(
            f"{path.name} cannot be replaced; close the program that has it open, or choose "
            "another folder with --out"
        ) from error
    except OSError as error:
        raise UsageError(f"{path.name} cannot be written: {reason(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def reason(error: OSError) -> str:
    """Return what the system says is wrong, also of an error that a library words itself."""
    if numbered := _NUMBERED.search(" ".join(map(str, error.args))):
        return os.strerror(int(numbered[1]))
    return error.strerror or type(error).__name__


def make_folder(path: Path, *, owner_only: bool = False) -> Path:
    """Make a folder where there is none; owner-only where the system knows such a thing.

    Raises
    ------
    UsageError
        If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if owner_only:
            path.chmod(_OWNER_FOLDER)
    except OSError as error:
        raise UsageError(f"the folder {path.name} cannot be made: {reason(error)}") from error
    return path


@contextmanager
def temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """Give an owner-only folder that is gone afterwards, in the system's place or `within`.

    What runs that were killed left `within` goes first; whoever reads sweeps the system's place.
    """
    if within is not None:
        remove_leftovers(within)
    with tempfile.TemporaryDirectory(
        prefix="orgnet-tmp-", dir=within, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@contextmanager
def putting_aside(what: str) -> Iterator[None]:
    """Say what to do where something cannot be put into a temporary folder.

    Raises
    ------
    EngineError
        If the system cannot write it.
    """
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"{what} cannot be put aside: {reason(error)}; make space in the folder for temporary "
            "files, or name a folder on a larger disk with --engine duckdb:FOLDER; nothing was "
            "written, and earlier results are as they were"
        ) from error


def remove_leftovers(within: Path | None = None) -> None:
    """Remove temporary folders of this user's runs that were killed, if older than a day.

    Parameters
    ----------
    within
        Where they are; by default the system's place for such things.
    """
    with contextlib.suppress(OSError), os.scandir(within or tempfile.gettempdir()) as entries:
        for entry in entries:
            if _OUR_FOLDER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                if _is_own(state) and _is_stale(state):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _remove_stale_parts(path: Path) -> None:
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            # Most names are told apart by their end alone.
            part = _OUR_PART.fullmatch(entry.name) if entry.name.endswith(_PART) else None
            if part and part[1] == path.name and _is_stale(entry.stat(follow_symlinks=False)):
                Path(entry.path).unlink()


def _is_own(state: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or state.st_uid == os.getuid()


def _is_stale(state: os.stat_result) -> bool:
    # Since when, by a clock that may have been put back: then it waits for another day.
    return time.time() - state.st_mtime > _STALE_SECONDS


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, that of its files' names and contents."""
    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            digest.update(file.relative_to(path).as_posix().encode())
            digest.update(sha256(file).encode())
        return digest.hexdigest()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size
