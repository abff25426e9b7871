"""Zip files that are the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The first moment that a zip file can hold; it tells nothing.
_MOMENT = (1980, 1, 1, 0, 0, 0)

#: Written as by a system without file rights, so that every system writes the same.
_SYSTEM = 0


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return a compressed zip file of the members, in their order and without their dates.

    Examples
    --------
    >>> zip_bytes({"a.txt": b"one"}) == zip_bytes({"a.txt": b"one"})
    True
    >>> zip_members(zip_bytes({"b.txt": b"two", "a.txt": b"one"}))
    {'b.txt': b'two', 'a.txt': b'one'}
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, _MOMENT)
            member.create_system = _SYSTEM
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return target.getvalue()


def zip_members(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip file by name, in the file's order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
