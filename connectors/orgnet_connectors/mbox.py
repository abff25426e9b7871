"""Mail in mbox files: one file of many mails, as mail programs, exports and archives keep it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.mail_dates import time_zone
from orgnet_connectors.mail_places import reason_of_file
from orgnet_connectors.mail_records import MailRecords
from orgnet_connectors.mbox_files import is_packed, open_mailbox, text_head
from orgnet_connectors.mbox_messages import begins_mbox, split_messages

#: Mails are cut off and then read so many at a time: by turns, each would push the other's data
#: out of the processor's cache.
_MAILS_AT_A_TIME = 64


class Mbox:
    """Reads the headers of the mails in one mbox file; bodies are passed over undecoded."""

    name: ClassVar[str] = "mbox"
    title: ClassVar[str] = "Mail (mbox)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "mbox file, also .gz: Gmail or Vault, Thunderbird folder, list archive"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "subject",
        "body",
        "attachments",
        "bcc",
        "all other headers",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an mbox: it begins with a ``From `` line and headers."""
        if not begins_mbox(text_head(source)):
            return None
        packed = "is packed with gzip and " if is_packed(source) else ""
        return f"{packed}begins with a dated 'From ' line and mail headers"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all mails, counting each of them in `ledger`.

        Raises
        ------
        UnreadableFileError
            If no message begins anywhere in the file, or it is a gzip file that would burst.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        records = MailRecords(ledger, source=self.name, zone=time_zone(options.timezone))
        left_out = reason_of_file(source.path)
        number = 0
        with open_mailbox(source, ledger) as file:
            messages = split_messages(file)
            while some := list(islice(messages, _MAILS_AT_A_TIME)):
                for message in some:
                    number += 1
                    place = f"message {number}, byte {message.offset}"
                    if left_out:
                        records.leave_out(left_out, place=place)
                        continue
                    records.add(
                        message.headers,
                        place=place,
                        envelope_date=message.envelope_date,
                        at_for_sign=message.at_for_sign,
                    )
                yield from records.full()
        if not number:
            raise UnreadableFileError(
                "no message begins in it; expected lines such as 'From aya@example.com Mon Jan  5 "
                "10:00:00 2026' with mail headers after them",
                file=source.name,
                remedy="export the mailbox again as mbox",
            )
        yield from records.finish()
