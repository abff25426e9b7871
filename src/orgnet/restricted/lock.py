"""Files that keep two runs from writing the same thing at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from orgnet.errors import UsageError
from orgnet.files import make_folder, reason
from orgnet.results import RESTRICTED

#: In the restricted part, only while a run writes.
FILE = ".lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have a results folder to oneself; folders made for that alone are removed at the end.

    Raises
    ------
    UsageError
        If another run has it, or nothing can be written there.
    """
    made = [path for path in (folder / RESTRICTED, folder) if not path.exists()]
    for one in reversed(made):
        make_folder(one, owner_only=one != folder)
    name = folder.resolve().name
    busy = (
        f"another run is writing the folder {name}; wait until it has ended, or choose another "
        "folder with --out"
    )
    try:
        with held(folder / RESTRICTED / FILE, busy, failed=f"the folder {name} cannot be written"):
            yield
    finally:
        for one in made:
            with suppress(OSError):
                # Goes only if nothing is in it.
                one.rmdir()


@contextmanager
def held(
    path: Path, busy: str, *, failed: str, remedy: str | None = None, patience: float = 0
) -> Iterator[None]:
    """Hold a lock file, which goes afterwards; one that a killed run left behind holds nobody.

    Parameters
    ----------
    path
        The file.
    busy
        What is said where another run holds it.
    failed, remedy
        What is said where it cannot be written, before the reason and behind it.
    patience
        Seconds to wait for another run.

    Raises
    ------
    UsageError
        If another run holds it for longer, or it cannot be written.
    """
    lock = filelock.FileLock(path, timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise UsageError(busy) from error
    except OSError as error:
        text = f"{failed}: {reason(error)}"
        raise UsageError(f"{text}; {remedy}" if remedy else text) from error
    try:
        yield
    finally:
        gone = False
        with suppress(OSError):
            # While it is held: whoever comes later makes another one.
            path.unlink(missing_ok=True)
            gone = True
        lock.release()
        if not gone:
            # Windows removes no file that is open.
            with suppress(OSError):
                path.unlink()
