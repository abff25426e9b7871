"""Keyed pseudonyms: the same person, the same text, and no way back without key and roster."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import re
import secrets
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import platformdirs

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, reason, write_bytes

_KEY_BYTES = 32
#: Hexadecimal digits of a pseudonym: 128 bits.
_DIGITS = 32
#: Whose pseudonyms are kept at hand.
_PEOPLE = 1 << 17

_WINDOWS = sys.platform == "win32"


def project_key(project: str = "default", *, file: Path | None = None, make: bool = True) -> bytes:
    """Return the key of a project; make it, owner-only, where there is none.

    Parameters
    ----------
    project
        One key a project name, in the user's configuration folder. A new name breaks the link to
        earlier results on purpose.
    file
        Another file to keep the key in.
    make
        False where only the key of earlier results is of use.

    Raises
    ------
    InputError
        If the file holds something else than a key.
    UnreadableFileError
        If it cannot be read, or is not there and is not to be made.
    """
    path = file or _key_file(project)
    if not path.exists():
        if not make:
            raise UnreadableFileError(
                "there is no such key",
                file=path.name,
                remedy="give the --key or --project that `orgnet analyse` was given",
            )
        make_folder(path.parent, owner_only=file is None)
        _write_key(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise UnreadableFileError(
            f"the key cannot be read ({reason(error)})",
            file=path.name,
            remedy="check its permissions, or name another file with --key",
        ) from error
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES:
        raise InputError(
            "this is not a key of orgnet",
            file=path.name,
            remedy="name another file with --key; a file that is not there is made",
        )
    return key


def lasting_key(project: str = "default", *, file: Path | None = None, make: bool = True) -> bytes:
    """Return the second key of a project, for the list of forgotten people.

    It stands beside the key of the pseudonyms and no rotation replaces it: whoever was forgotten
    stays so. Raises what `project_key` raises.
    """
    path = key_path(project, file=file)
    return project_key(file=path.with_name(f"{path.name}.forgotten"), make=make)


def rotate_key(project: str = "default", *, file: Path | None = None) -> Path:
    """Replace the key of a project by a new one, and return where it is.

    The old key is gone: what was stored with it can no longer be led back to people, nor can
    somebody be found there to be forgotten.

    Raises
    ------
    UnreadableFileError
        If there is no key to replace, or it cannot be read.
    InputError
        If the file holds something else than a key: it is left alone.
    """
    path = key_path(project, file=file)
    project_key(file=path, make=False)
    _write_key(path)
    return path


def key_path(project: str = "default", *, file: Path | None = None) -> Path:
    """Return where the key of a project is, or is to be."""
    return file or _key_file(project)


def pseudonyms(ids: Iterable[str], key: bytes) -> list[str]:
    """Return HMAC-SHA-256 of each normalised id, 128 bits of it in hexadecimal.

    Examples
    --------
    >>> key = bytes(32)
    >>> pseudonyms(["Aya@X.example"], key) == pseudonyms(["aya@x.example "], key)
    True
    """
    return [_pseudonym(text, key) for text in ids]


# A run asks for the same people's several times: for the store, two tables and two logs.
@lru_cache(maxsize=_PEOPLE)
def _pseudonym(text: str, key: bytes) -> str:
    return hmac.digest(key, _normalised(text).encode("utf-8"), "sha256").hex()[:_DIGITS]


def _write_key(path: Path) -> None:
    write_bytes(path, secrets.token_hex(_KEY_BYTES).encode("ascii"))
    if _WINDOWS:
        _close_to_others(path)


def _close_to_others(path: Path) -> None:
    """Leave the file's owner alone on its access list; Windows knows no modes.

    Best effort: the configuration folder of a user is closed to other users already.
    """
    with suppress(OSError, KeyError, ImportError, subprocess.SubprocessError):
        subprocess.run(
            ["icacls", str(path), "/inheritance:r", "/grant:r", f"{getpass.getuser()}:F"],
            check=False,
            capture_output=True,
            timeout=10,
        )


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().lower()


def _key_file(project: str) -> Path:
    name = re.sub(r"[^a-z0-9_.-]+", "-", project).strip("-.") or "project"
    if name != project:
        # Names that look alike as a file are still two projects.
        name = f"{name}-{hashlib.sha256(project.encode('utf-8')).hexdigest()[:8]}"
    return Path(platformdirs.user_config_dir("orgnet", appauthor=False)) / "keys" / f"{name}.key"
