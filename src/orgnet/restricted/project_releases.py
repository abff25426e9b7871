"""The log of all releases of a project, into whatever folder, beside the project's key.

The log of a results folder goes where the folder goes; this one stays with the user. Its pseudonyms
are made with the lasting key, so that a release is compared with those of before a rotation too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, write_bytes
from orgnet.pseudonyms import key_path, lasting_key, project_key, pseudonyms
from orgnet.restricted.lock import held
from orgnet.restricted.releases import Population, decoded, encoded, forgetting, since

_SCHEMA = "orgnet-releases/1"

#: Another run holds the log for as long as it takes to read and write it.
_WAIT_SECONDS = 60


class ProjectReleases(msgspec.Struct, frozen=True):
    """The releases of a project.

    Attributes
    ----------
    project
        Its name: different clients, and what is tried out, are kept apart by it.
    key_file
        The file of its key, where that is not in the user's configuration folder.
    """

    project: str = "default"
    key_file: Path | None = None

    @property
    def path(self) -> Path:
        """Where the log is: beside the key, and never in a results folder."""
        key = key_path(self.project, file=self.key_file)
        name = key.name if self.key_file is None else f"{key.name}.{key_path(self.project).stem}"
        return key.with_name(f"{name}.releases")

    def key(self) -> bytes:
        """Return the key of the pseudonyms, which no rotation replaces; make it if need be."""
        # Makes the folder of the keys as it is to be.
        project_key(self.project, file=self.key_file)
        return lasting_key(self.project, file=self.key_file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs of the project from the log.

        Raises
        ------
        UsageError
            If another run does not let go of it.
        """
        make_folder(self.path.parent, owner_only=self.key_file is None)
        with held(
            self.path.with_name(f"{self.path.name}.lock"),
            "another run of this project holds its log of releases; wait until it has ended",
            failed=f"{self.path.name} cannot be written",
            remedy="name a key in a folder of yours with --key",
            patience=_WAIT_SECONDS,
        ):
            yield

    def read(self) -> list[Population]:
        """Return the releases, the oldest first; empty where there is no log.

        Raises
        ------
        UnreadableFileError
            If the log or its key is damaged or gone: without them nothing can be compared.
        InputError
            If it was written with another key.
        """
        if not self.path.exists():
            return []
        key = lasting_key(self.project, file=self.key_file, make=False)
        try:
            head, _, lines = self.path.read_text(encoding="utf-8").partition("\n")
            schema, check = head.split(" ")
            releases = decoded(lines)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise UnreadableFileError(
                "the project's log of releases is damaged",
                file=self.path.name,
                remedy="bring it back from a copy, or begin another project with --project",
            ) from error
        if (schema, check) != (_SCHEMA, _check(key)):
            raise InputError(
                "the project's log of releases was written with another key",
                file=self.path.name,
                remedy="bring that key back from a copy, or begin another project with --project",
            )
        return releases

    def write(self, releases: Sequence[Population]) -> None:
        """Write the log; releases of the same people are one."""
        head = f"{_SCHEMA} {_check(self.key())}\n"
        write_bytes(self.path, f"{head}{encoded(releases)}".encode())

    def forget(self, ids: Collection[str]) -> None:
        """Take forgotten people, by their ids, out of the log."""
        if self.path.exists():
            people = pseudonyms(ids, lasting_key(self.project, file=self.key_file, make=False))
            self._rewrite(lambda releases: forgetting(releases, people))

    def purge(self, before: date) -> None:
        """Delete releases of before a day: nothing can be compared with them any more."""
        if self.path.exists():
            self._rewrite(lambda releases: since(releases, before))

    def _rewrite(self, change: Callable[[list[Population]], list[Population]]) -> None:
        with self.held():
            releases = self.read()
            changed = change(releases)
            if changed != releases:
                self.write(changed)


def _check(key: bytes) -> str:
    return pseudonyms([_SCHEMA], key)[0]
