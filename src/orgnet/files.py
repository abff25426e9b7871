"""Writing files so that nothing is ever half there, and only the owner can read it."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orgnet.errors import UsageError

_OWNER_FILE = stat.S_IRUSR | stat.S_IWUSR
_OWNER_FOLDER = stat.S_IRWXU


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
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be written: {error.strerror}") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(_OWNER_FILE)
        temporary.replace(path)
    except PermissionError as error:
        raise UsageError(
            f"{path.name} cannot be replaced; close the program that has it open, or choose "
            "another folder with --out"
        ) from error
    except OSError as error:
        raise UsageError(f"{path.name} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


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
        raise UsageError(f"the folder {path.name} cannot be made: {error.strerror}") from error
    return path


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give an owner-only folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="orgnet-", ignore_cleanup_errors=True) as name:
        yield Path(name)


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
