"""Reads one of Outlook's ``.msg`` files: a compound file with a stream for each property."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from orgnet_connectors.outlook_items import OutlookItem, Properties, outlook_item

#: What every compound file begins with.
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
_HEADER_BYTES = 512
#: Sizes of sectors, as powers of 2: of the versions of the format, and of its small streams.
_SECTORS, _SMALL_SECTOR = (9, 12), 6
_DIRECTORY_BYTES = 512
_CLASS_OF_MESSAGES = bytes.fromhex("0B0D020000000000C000000000000046")
_CLASS_AT = 80
_NAMES = tuple(
    name.encode("utf-16-le") for name in ("__properties_version", "__substg1.0_", "__nameid_vers")
)

_FIXED = "__properties_version1.0"
_RECIPIENT = "__recip_version1.0_#"
#: Before the entries of 16 bytes: in the message itself, and in its recipients.
_HEAD_OF_MESSAGE, _HEAD_OF_RECIPIENT = 32, 8
_ENTRY = struct.Struct("<HHI8s")
_TEXTS = (0x001E, 0x001F)
#: Headers and names are shorter.
_LONGEST = 1 << 22
#: What the reading of a damaged compound file raises.
DAMAGED = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error)


def begins_message(head: bytes) -> bool:
    """Tell whether a compound file holds a mail, by its directory as far as it is in view."""
    if not head.startswith(COMPOUND) or len(head) < _HEADER_BYTES:
        return False
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    start = (int.from_bytes(head[48:52], "little") + 1) * sector
    directory = head[start : start + _DIRECTORY_BYTES]
    if directory[_CLASS_AT : _CLASS_AT + 16] == _CLASS_OF_MESSAGES:
        return True
    return any(name in directory for name in _NAMES)


def read_message(file: BinaryIO) -> OutlookItem | None:
    """Read a ``.msg`` file; None where it is damaged, or a compound file of another kind.

    Only the properties that tell who wrote to whom are opened: no body and no attachment.
    """
    import olefile

    if not _states_its_sectors(file.read(_HEADER_BYTES)):
        return None
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            if not compound.exists(_FIXED):
                return None
            message = _properties(compound, "", _HEAD_OF_MESSAGE)
            recipients = (
                _properties(compound, f"{folder}/", _HEAD_OF_RECIPIENT, message.codepage)
                for folder in _recipients(compound)
            )
            return outlook_item(message, recipients)
    except DAMAGED:
        return None


def _states_its_sectors(header: bytes) -> bool:
    """Tell whether the sizes of sectors are those of versions 3 and 4, the only ones there are.

    A damaged size would have a sector of up to 2^65535 bytes be read.
    """
    sector, small_sector = struct.unpack_from("<2H", header.ljust(_HEADER_BYTES, b"\0"), 30)
    return sector in _SECTORS and small_sector == _SMALL_SECTOR


def _recipients(compound: Any) -> Iterator[str]:
    """Yield the names of the storages that hold a recipient each, in order."""
    top = (path[0] for path in compound.listdir(streams=False, storages=True) if len(path) == 1)
    yield from sorted(name for name in top if name.startswith(_RECIPIENT))


def _properties(compound: Any, place: str, head: int, codepage: str | None = None) -> Properties:
    fixed = {
        (number, kind): value
        for kind, number, _, value in _entries(_stream(compound, place + _FIXED) or b"", head)
    }

    def raw(number: int, kind: int) -> bytes | None:
        if kind in _TEXTS:
            return _stream(compound, f"{place}__substg1.0_{number:04X}{kind:04X}")
        return fixed.get((number, kind))

    return Properties(raw, codepage)


def _entries(stream: bytes, head: int) -> Iterator[tuple[int, int, int, bytes]]:
    whole = (len(stream) - head) // _ENTRY.size * _ENTRY.size
    yield from _ENTRY.iter_unpack(stream[head : head + max(whole, 0)])


def _stream(compound: Any, path: str) -> bytes | None:
    if not compound.exists(path) or compound.get_size(path) > _LONGEST:
        return None
    with compound.openstream(path) as stream:
        data: bytes = stream.read()
    return data
