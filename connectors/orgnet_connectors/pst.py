"""Outlook's PST and OST files, read by a package that is installed with the extra ``outlook``."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, ClassVar, Literal

import msgspec
import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors import pst_items
from orgnet_connectors.mail_dates import time_zone
from orgnet_connectors.outlook_items import OutlookItem
from orgnet_connectors.outlook_mail import OutlookRecords

#: What every PST and OST begins with, of all versions.
_BEGINS = b"!BDN"
#: Reading one item takes milliseconds; a damaged file may lead the library round in a circle.
_PATIENCE_SECONDS = 120.0


class Pst:
    """Reads senders, recipients and times of the mails in an Outlook data file."""

    name: ClassVar[str] = "pst"
    title: ClassVar[str] = "Outlook data file"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "PST or OST file of Outlook, with the extra [outlook]"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "subject",
        "body",
        "attachments",
        "bcc",
        "all other properties",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an Outlook data file: by its first four bytes."""
        return "begins as Outlook's data files do" if source.head.startswith(_BEGINS) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all mails, counting every item in `ledger`.

        Raises
        ------
        UnreadableFileError
            If the package that reads such files is not installed, or the file is damaged from
            the start; the message names the way round.
        """
        if importlib.util.find_spec("pypff") is None:
            raise UnreadableFileError(
                "an Outlook data file; the package that reads them is not installed",
                file=source.name,
                remedy="install orgnet with the extra 'outlook' (in its checkout: pip install "
                "'.[outlook]'), or convert the file with 'readpst -r -o mails FILE' (package "
                "pst-utils) and give the folder 'mails'",
            )
        ledger.dropped_unread.update(self.dropped_unread)
        records = OutlookRecords(ledger, source=self.name, zone=time_zone(options.timezone))
        for number, item in enumerate(_items(source, ledger), start=1):
            records.add(item, place=f"item {number}")
            yield from records.full()
        if ledger.truncated and not ledger.read:
            raise UnreadableFileError(
                "an Outlook data file that is damaged; expected folders and mails in it",
                file=source.name,
                remedy="repair it with Outlook's scanpst, or export it again",
            )
        yield from records.finish()


def _items(source: Source, ledger: Ledger) -> Iterator[OutlookItem | None]:
    """Yield the items that the reading process hands over, as far as it comes."""
    decode = msgspec.json.Decoder(OutlookItem | None).decode
    path = str(source.path.resolve())
    command = [sys.executable, "-m", pst_items.__name__, path]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        last = b""
        try:
            for last in _lines(process):
                if last not in (pst_items.END, pst_items.REFUSED):
                    yield decode(last)
        finally:
            process.kill()
    if last != pst_items.END:
        ledger.truncated = "the Outlook data file is damaged: its reading ended early"


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Yield the whole lines of a process, which is ended if it falls silent."""
    out: IO[bytes] | None = process.stdout
    watch = _Watch(process)
    try:
        while out is not None:
            watch.waiting = True
            line = out.readline()
            watch.waiting = False
            watch.heard += 1
            if not line.endswith(b"\n"):
                return
            yield line[:-1]
    finally:
        watch.over.set()


class _Watch:
    """Ends a process that has been waited for in vain."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.waiting = False
        self.heard = 0
        self.over = threading.Event()
        self._process = process
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        before = -1
        while not self.over.wait(_PATIENCE_SECONDS):
            if self.waiting and self.heard == before:
                self._process.kill()
                return
            before = self.heard
