"""Outlook's PST and OST files: recognised, and turned away with the way to convert them.

Their format is Microsoft's own and has no reader among the packages that orgnet installs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source

#: What every PST and OST begins with, of all versions.
_BEGINS = b"!BDN"


class Pst:
    """Recognises Outlook data files and says how to make mails of them that can be read."""

    name: ClassVar[str] = "pst"
    title: ClassVar[str] = "Outlook data file"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "no PST or OST itself: says how to convert it"
    dropped_unread: ClassVar[tuple[str, ...]] = ("everything",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an Outlook data file: by its first four bytes."""
        return "begins as Outlook's data files do" if source.head.startswith(_BEGINS) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Refuse the file.

        Raises
        ------
        UnreadableFileError
            Always; it names the way to convert the file.
        """
        raise UnreadableFileError(
            "an Outlook data file; expected mails in mbox files or with a file each",
            file=source.name,
            remedy="convert it with 'readpst -r -o mails FILE' (package pst-utils) and give the "
            "folder 'mails', or ask for a message trace instead",
        )
