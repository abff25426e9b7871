"""Reads the items of a PST or OST in a process of its own, and writes each as a line of JSON.

The library that knows the format is written in C: a damaged file may crash it, which must not take
the analysis with it. Run as ``python -m orgnet_connectors.pst_items FILE``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from orgnet_connectors.outlook_items import OutlookItem, Properties, outlook_item

#: The last line; without it the process was cut short.
END = b'"end"'
#: The one line for a file that the library does not open.
REFUSED = b'"refused"'
#: Folders within folders beyond are a circle in a damaged file.
_DEEPEST = 50
#: What the library raises where the file is damaged.
_DAMAGED = (OSError, RuntimeError, MemoryError, UnicodeError)


def main() -> None:
    """Write the items of the file that the command line names."""
    import pypff

    out = sys.stdout.buffer
    file = pypff.file()
    try:
        file.open(sys.argv[1])
        root = file.root_folder
    except _DAMAGED:
        out.write(REFUSED + b"\n")
        return
    encode = msgspec.json.Encoder().encode
    for item in items(root) if root is not None else ():
        out.write(encode(item) + b"\n")
    out.write(END + b"\n")


def items(root: Any) -> Iterator[OutlookItem | None]:
    """Yield all items below a folder, None for those that cannot be read."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    seen = set()
    while waiting:
        folder, names = waiting.pop()
        if len(names) > _DEEPEST or folder.identifier in seen:
            continue
        seen.add(folder.identifier)
        yield from _in_folder(folder, names)
        for child in reversed(list(_each(folder, "sub_folder"))):
            if child is not None:
                waiting.append((child, (*names, _name(child))))


def _in_folder(folder: Any, names: tuple[str, ...]) -> Iterator[OutlookItem | None]:
    for message in _each(folder, "sub_message"):
        try:
            yield None if message is None else _item(message, names)
        except _DAMAGED:
            yield None


def _each(folder: Any, what: str) -> Iterator[Any]:
    """Yield what stands in a folder, None for what is damaged."""
    try:
        number = getattr(folder, f"get_number_of_{what}s")()
    except _DAMAGED:
        yield None
        return
    for position in range(number):
        try:
            yield getattr(folder, f"get_{what}")(position)
        except _DAMAGED:
            yield None


def _name(folder: Any) -> str:
    try:
        return str(folder.name or "").encode("utf-8", "replace").decode()
    except _DAMAGED:
        return ""


def _item(message: Any, names: tuple[str, ...]) -> OutlookItem:
    properties = _properties(message.get_record_set(0))
    # What is no mail at all (views, rules) has no table of recipients to ask for.
    table = getattr(message, "recipients", None)
    sets = table.record_sets if table is not None else ()
    recipients = (_properties(each, properties.codepage) for each in sets)
    return outlook_item(properties, recipients, names)


def _properties(record_set: Any, codepage: str | None = None) -> Properties:
    def raw(number: int, kind: int) -> bytes | None:
        try:
            entry = record_set.get_entry_by_type(number, kind)
            return None if entry is None else entry.data
        except _DAMAGED:
            return None

    return Properties(raw, codepage)


if __name__ == "__main__":
    main()
