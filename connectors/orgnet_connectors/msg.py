"""Outlook's ``.msg`` files: one, or a folder or zip of them."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.export_files import ExportFiles, open_export
from orgnet_connectors.mail_dates import time_zone
from orgnet_connectors.msg_items import COMPOUND, begins_message, read_message
from orgnet_connectors.outlook_items import OutlookItem
from orgnet_connectors.outlook_mail import OutlookRecords
from orgnet_connectors.pst import Pst

_FILES_LOOKED_AT = 5
#: The directory of a compound file stands wherever its writer put it.
_LOOKED_AT_BYTES = 1 << 20
#: Servers accept no larger mails.
_LARGEST_BYTES = 1 << 28


class Msg:
    """Reads senders, recipients and times of mails that Outlook saved with a file each."""

    name: ClassVar[str] = "msg"
    title: ClassVar[str] = "Outlook mails (a file each)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = ".msg file of Outlook, folder or zip of them, with the extra [outlook]"
    dropped_unread: ClassVar[tuple[str, ...]] = Pst.dropped_unread

    def recognise(self, source: Source) -> str | None:
        """Say why the source holds Outlook's mails: by the directories inside its files."""
        if not source.is_folder and not source.is_zip:
            return "a compound file with the properties of a mail" if _is_message(source) else None
        if not _names(list(source.members)):
            return None
        try:
            with open_export(source) as files:
                names = _names(files.names)
                heads = [files.peek(n, _LOOKED_AT_BYTES) for n in names[:_FILES_LOOKED_AT]]
        except UnreadableFileError:
            return None
        if not any(map(begins_message, heads)):
            return None
        return f"{len(names):,} compound files with the properties of mails"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all mails, counting each of them in `ledger`.

        Places are numbers in the order of names, for names of files are mostly subjects.

        Raises
        ------
        UnreadableFileError
            If the package that reads such files is not installed, there is no such file, or the
            zip is encrypted or beyond repair.
        """
        if importlib.util.find_spec("olefile") is None:
            raise UnreadableFileError(
                "mails as Outlook saves them; the package that reads them is not installed",
                file=source.name,
                remedy="install orgnet with the extra 'outlook' (in its checkout: pip install "
                "'.[outlook]'), or save the mails as .eml",
            )
        ledger.dropped_unread.update(self.dropped_unread)
        records = OutlookRecords(ledger, source=self.name, zone=time_zone(options.timezone))
        if not source.is_folder and not source.is_zip:
            if not source.head.startswith(COMPOUND):
                raise _no_message(source)
            with source.path.open("rb") as file:
                records.add(read_message(file), place="the mail")
            yield from records.finish()
            return
        with open_export(source) as files:
            names = _names(files.names)
            if not names:
                raise _no_message(source)
            ledger.truncated = files.damage
            if files.unsafe:
                ledger.skip(
                    "unsafe_name",
                    files.unsafe,
                    place="the zip's directory",
                    found="names that point outside of the archive",
                    remedy="check where the export comes from",
                )
            for number, name in enumerate(names, start=1):
                records.add(_read_inside(source, files, name), place=f"file {number}")
                yield from records.full()
        yield from records.finish()


def _is_message(source: Source) -> bool:
    if not source.head.startswith(COMPOUND):
        return False
    with source.path.open("rb") as file:
        return begins_message(file.read(_LOOKED_AT_BYTES))


def _names(names: list[str]) -> list[str]:
    """Return the files of a folder or zip if all of them are mails by their names."""
    names = [name for name in names if not name.rpartition("/")[2].startswith(".")]
    return names if all(name.lower().endswith(".msg") for name in names) else []


def _read_inside(source: Source, files: ExportFiles, name: str) -> OutlookItem | None:
    if source.is_folder:
        try:
            with (source.path / name).open("rb") as file:
                return read_message(file)
        except OSError:
            return None
    return read_message(io.BytesIO(files.peek(name, _LARGEST_BYTES)))


def _no_message(source: Source) -> UnreadableFileError:
    return UnreadableFileError(
        "no mail of Outlook in it; expected .msg files",
        file=source.name,
        remedy="save the mails from Outlook again",
    )
