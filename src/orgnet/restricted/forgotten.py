"""The list of forgotten people: keyed hashes, by which later runs know whom to leave out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, write_bytes
from orgnet.pseudonyms import lasting_key, pseudonyms
from orgnet.results import RESTRICTED

#: Beside the store, so that it goes where the store goes.
FILE = "forgotten"

_SCHEMA = "orgnet-forgotten/1"


class Forgotten(Struct, frozen=True):
    """Who asked to be forgotten.

    Attributes
    ----------
    hashes
        Keyed hashes of all that these people go by: ids, addresses, aliases.
    key
        By which they were made. It is not the key of the pseudonyms: a rotation of that one must
        not bring anybody back.
    """

    hashes: frozenset[str]
    key: bytes

    def includes(self, texts: Iterable[str]) -> bool:
        """Say whether one of the texts is an id, address or alias of a forgotten person.

        Examples
        --------
        >>> nobody = Forgotten(frozenset(), bytes(32))
        >>> nobody.includes(["aya@x.example"])
        False
        >>> nobody.with_person(["aya@x.example"]).includes(["Aya+news@X.example"])
        True
        """
        return bool(self.hashes) and not self.hashes.isdisjoint(self._hashed(texts))

    def with_person(self, texts: Iterable[str]) -> Forgotten:
        """Return the list with one person more, who goes by `texts`."""
        return Forgotten(self.hashes | frozenset(self._hashed(texts)), self.key)

    def _hashed(self, texts: Iterable[str]) -> list[str]:
        known = [text for text in texts if text.strip()]
        return pseudonyms([*known, *(_without_tag(text) for text in known)], self.key)


def read_forgotten(
    folder: Path, *, project: str = "default", key_file: Path | None = None
) -> Forgotten | None:
    """Read the list of a results folder; None where nobody was forgotten.

    Raises
    ------
    UnreadableFileError
        If the key is not there, or the file is damaged: a run that left the list aside would
        bring the people back.
    InputError
        If it was written with another key.
    """
    path = folder / RESTRICTED / FILE
    if not path.exists():
        return None
    key = lasting_key(project, file=key_file, make=False)
    try:
        head, *hashes = path.read_text(encoding="ascii").split("\n")
        schema, check = head.split(" ")
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "the list of forgotten people is damaged",
            file=f"{RESTRICTED}/{FILE}",
            remedy="bring it back from a copy, or analyse into another folder with a yes in the "
            "roster's column 'opt_out' for those people",
        ) from error
    if (schema, check) != (_SCHEMA, _check(key)):
        raise InputError(
            "the list of forgotten people was written with another key",
            file=f"{RESTRICTED}/{FILE}",
            remedy="give the --key or --project with which these people were forgotten",
        )
    return Forgotten(frozenset(hash_ for hash_ in hashes if hash_), key)


def write_forgotten(folder: Path, forgotten: Forgotten) -> None:
    """Write the list, sorted: its order tells nothing."""
    make_folder(folder / RESTRICTED, owner_only=True)
    lines = [f"{_SCHEMA} {_check(forgotten.key)}", *sorted(forgotten.hashes)]
    write_bytes(folder / RESTRICTED / FILE, ("\n".join(lines) + "\n").encode("ascii"))


def _check(key: bytes) -> str:
    return pseudonyms([_SCHEMA], key)[0]


def _without_tag(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at else text
