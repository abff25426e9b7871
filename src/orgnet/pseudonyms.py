"""Keyed pseudonyms: the same person, the same text, and no way back without key and roster."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import platformdirs

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, write_bytes

_KEY_BYTES = 32
#: Hexadecimal digits of a pseudonym: 128 bits.
_DIGITS = 32


def project_key(project: str = "default", *, file: Path | None = None) -> bytes:
    """Return the key of a project; make it, owner-only, where there is none.

    Parameters
    ----------
    project
        One key a project name, in the user's configuration folder. A new name breaks the link to
        earlier results on purpose.
    file
        Another file to keep the key in.

    Raises
    ------
    InputError
        If the file holds something else than a key.
    UnreadableFileError
        If it cannot be read.
    """
    path = file or _key_file(project)
    if not path.exists():
        make_folder(path.parent, owner_only=file is None)
        write_bytes(path, secrets.token_hex(_KEY_BYTES).encode("ascii"))
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise UnreadableFileError(
            f"the key cannot be read ({error.strerror or type(error).__name__})",
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


def pseudonyms(ids: Iterable[str], key: bytes) -> list[str]:
    """Return HMAC-SHA-256 of each normalised id, 128 bits of it in hexadecimal.

    Examples
    --------
    >>> key = bytes(32)
    >>> pseudonyms(["Aya@X.example"], key) == pseudonyms(["aya@x.example "], key)
    True
    """
    return [
        hmac.new(key, _normalised(text).encode("utf-8"), hashlib.sha256).hexdigest()[:_DIGITS]
        for text in ids
    ]


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().lower()


def _key_file(project: str) -> Path:
    name = re.sub(r"[^a-z0-9_.-]+", "-", project).strip("-.") or "project"
    if name != project:
        # Names that look alike as a file are still two projects.
        name = f"{name}-{hashlib.sha256(project.encode('utf-8')).hexdigest()[:8]}"
    return Path(platformdirs.user_config_dir("orgnet", appauthor=False)) / "keys" / f"{name}.key"
