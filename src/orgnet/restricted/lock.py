"""One run at a time in a results folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from orgnet.errors import UsageError
from orgnet.files import make_folder, reason
from orgnet.results import RESTRICTED

#: In the restricted part, only while a run writes; one that a killed run left behind holds nobody.
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
    path, name = folder / RESTRICTED / FILE, folder.resolve().name
    lock = filelock.FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise UsageError(
            f"another run is writing the folder {name}; wait until it has ended, or choose "
            "another folder with --out"
        ) from error
    except OSError as error:
        raise UsageError(f"the folder {name} cannot be written: {reason(error)}") from error
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
        for one in made:
            with suppress(OSError):
                # Goes only if nothing is in it.
                one.rmdir()
