"""The generations of the store: batches in folders of their own, and the one file that names them.

A batch is written beside the others under a new name. It counts from the moment at which the file
``current`` names it, which is replaced in one step; until then, whatever happens, the store is what
it was. Folders that are not named are removed by the next run that may write.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from orgnet.errors import UsageError
from orgnet.files import make_folder, reason, write_bytes
from orgnet.restricted.store.batches import Batch, DamagedStoreError
from orgnet.results import RESTRICTED
from orgnet.versions import own_version

#: In the restricted part of a results folder.
FOLDER = "store"

_CURRENT = "current"
#: Of the columns and files; a store of another one is made again.
_SCHEMA = "orgnet-store/1"


class _Current(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    version: str
    key: str
    batches: list[str]


class Opened(msgspec.Struct, frozen=True):
    """What a store holds.

    Attributes
    ----------
    batches
        In the order in which they were read.
    lost
        Why nothing of what is there can be used; None where it can, or where there is nothing.
    """

    batches: tuple[Batch, ...]
    lost: str | None = None


class Store:
    """The store of one results folder.

    Parameters
    ----------
    results
        The results folder; nothing is made in it before something is written.
    """

    def __init__(self, results: Path) -> None:
        self.folder = results / RESTRICTED / FOLDER

    @property
    def exists(self) -> bool:
        """Whether there is a store."""
        return (self.folder / _CURRENT).is_file()

    def opened(self, check: str | None = None) -> Opened:
        """Return what is there.

        Parameters
        ----------
        check
            Of the key (`orgnet.restricted.store.hashes.Hasher`); None for what needs no key.
        """
        try:
            said = (self.folder / _CURRENT).read_bytes()
        except FileNotFoundError:
            return Opened(())
        except OSError:
            return Opened((), "it cannot be read")
        try:
            current = msgspec.json.decode(said, type=_Current)
            if current.schema != _SCHEMA or current.version != own_version():
                return Opened((), "it is of another version of orgnet")
            if check is not None and current.key != check:
                return Opened((), "it was written with another key")
            return Opened(tuple(Batch.read(self.folder / name) for name in current.batches))
        except (msgspec.MsgspecError, UnicodeDecodeError, DamagedStoreError):
            return Opened((), "it is damaged")

    def new_folder(self, name: str | None = None) -> Path:
        """Return a folder for a batch that is not made yet; `name` is that of the batch."""
        make_folder(self.folder.parent, owner_only=True)
        make_folder(self.folder, owner_only=True)
        return self.folder / f"{name or secrets.token_hex(8)}-{secrets.token_hex(4)}"

    def commit(self, batches: Sequence[Batch], check: str | None = None) -> None:
        """Have the store hold these batches and no others.

        Parameters
        ----------
        batches
            Those in it already, and new ones in folders that `new_folder` gave.
        check
            Of the key; by default that of before.

        Raises
        ------
        UsageError
            If it cannot be written: it is what it was then.
        """
        if not batches and not self.folder.exists():
            return
        if check is None:
            check = msgspec.json.decode((self.folder / _CURRENT).read_bytes(), type=_Current).key
        current = _Current(
            schema=_SCHEMA,
            version=own_version(),
            key=check,
            batches=[batch.folder.name for batch in batches],
        )
        _on_disk(self.folder)
        write_bytes(self.folder / _CURRENT, msgspec.json.encode(current))
        _on_disk(self.folder)
        self.sweep()

    def sweep(self) -> None:
        """Remove what is not named: batches that were replaced, or were never finished."""
        try:
            said = msgspec.json.decode((self.folder / _CURRENT).read_bytes(), type=_Current)
            named = {_CURRENT, *said.batches}
        except FileNotFoundError:
            named = set()
        except (OSError, msgspec.MsgspecError):
            # What it names is not known: the next commit tells.
            return
        with suppress(OSError):
            for path in self.folder.iterdir():
                if path.name in named:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        with suppress(OSError):
            # Goes only if nothing is in it.
            self.folder.rmdir()

    def remove(self) -> None:
        """Remove the whole store."""
        try:
            # First the name of the batches: if the machine stops here, the rest is swept.
            (self.folder / _CURRENT).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"the store cannot be removed: {reason(error)}") from error
        self.sweep()


def _on_disk(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system knows such a thing."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
