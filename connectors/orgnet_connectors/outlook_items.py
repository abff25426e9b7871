"""What Outlook keeps of one item that tells who wrote to whom; nothing else of it is looked at."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from orgnet_connectors.mail_addresses import decode_bytes
from orgnet_connectors.mail_fields import kept_headers

# Types and numbers of the properties (MS-OXPROPS).
_INTEGER, _TEXT_8, _TEXT_16, _TIME = 0x0003, 0x001E, 0x001F, 0x0040
_CLASS, _FLAGS, _CODEPAGE = 0x001A, 0x0E07, 0x3FFD
_HEADERS, _MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x007D, 0x1035, 0x1042, 0x1039
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
_AUTHOR = (0x0042, 0x0065, 0x5D02)
_SENDER = (0x0C1A, 0x0C1F, 0x5D01)
_RECIPIENT = (0x3001, 0x3003, 0x39FE)
_RECIPIENT_KIND, _DISPLAY_TYPE = 0x0C15, 0x3900
#: Values of `_DISPLAY_TYPE`: of the company's address book, and of the mailbox's own.
_DISTRIBUTION_LISTS = frozenset((1, 5))

#: To and Cc. Those in Bcc (3) are not looked at.
_NAMED_KINDS = frozenset((1, 2))
#: Bits beside the kind tell of attempts to send.
_KIND_BITS = 0xF

_HEADER_END = re.compile(r"\r?\n[ \t]*\r?\n")
#: From 1601, in steps of 100 ns, to 1970.
_FIRST_OF_1970 = 116_444_736_000_000_000


class Party(Struct, frozen=True, kw_only=True):
    """A sender or recipient as Outlook names them.

    Parameters
    ----------
    name
        Display name; empty where there is none.
    address
        Of any kind: SMTP, or the directory name of Exchange (``/o=Example/cn=aya``).
    smtp
        The SMTP address where Outlook keeps it besides; often empty.
    kind
        Of recipients: 1 for To, 2 for Cc; 0 for senders.
    is_list
        True where the address book says that it is a distribution list.
    """

    name: str = ""
    address: str = ""
    smtp: str = ""
    kind: int = 0
    is_list: bool = False


class OutlookItem(Struct, frozen=True, kw_only=True):
    """One item of a mailbox.

    Parameters
    ----------
    item_class
        What it is: ``IPM.Note`` for mails.
    folders
        Names of the folders around it, the outermost first.
    headers
        The headers with which it came, as far as they are read, each after a line end; empty in
        mails that were sent and not received.
    author, sender
        In whose name it was sent, and who sent it: mostly the same.
    submitted_us, delivered_us
        Microseconds since 1970 UTC.
    flags
        Bits of its state, such as "never sent".
    """

    item_class: str
    folders: tuple[str, ...] = ()
    headers: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    author: Party = Party()
    sender: Party = Party()
    recipients: tuple[Party, ...] = ()
    submitted_us: int | None = None
    delivered_us: int | None = None
    flags: int = 0


class Properties:
    r"""The properties of an item or of one of its recipients, decoded.

    Parameters
    ----------
    raw
        Gives the bytes of a property by its number and type; None where it is not there.
    codepage
        In which texts of eight bits are written; found in the item itself if not given.

    Examples
    --------
    >>> kept = {(0x3001, 0x1F): "Aya\0".encode("utf-16-le"), (0x0C15, 3): bytes([1, 0, 0, 0])}
    >>> properties = Properties(lambda number, kind: kept.get((number, kind)))
    >>> properties.text(0x3001), properties.integer(0x0C15), properties.text(0x3003)
    ('Aya', 1, '')
    """

    def __init__(
        self, raw: Callable[[int, int], bytes | None], codepage: str | None = None
    ) -> None:
        self._raw = raw
        self.codepage = codepage or _known_codepage(self.integer(_CODEPAGE))

    def text(self, number: int) -> str:
        """Return a text; empty where there is none."""
        wide = self._raw(number, _TEXT_16)
        if wide is not None:
            return wide.decode("utf-16-le", "replace").strip("\0")
        narrow = (self._raw(number, _TEXT_8) or b"").strip(b"\0")
        if self.codepage and not narrow.isascii():
            with contextlib.suppress(UnicodeDecodeError):
                return narrow.decode(self.codepage)
        return decode_bytes(narrow)

    def integer(self, number: int) -> int | None:
        """Return a number of 32 bits."""
        value = self._raw(number, _INTEGER)
        return int.from_bytes(value[:4], "little") if value else None

    def time_us(self, number: int) -> int | None:
        """Return a time in microseconds since 1970 UTC."""
        value = self._raw(number, _TIME)
        if not value or len(value) < 8:
            return None
        return (int.from_bytes(value[:8], "little") - _FIRST_OF_1970) // 10


def _known_codepage(number: int | None) -> str | None:
    names = {65001: "utf-8", 28591: "latin-1", 20127: "latin-1", 20866: "koi8-r", 50220: "cp932"}
    name = names.get(number or 0, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def outlook_item(
    properties: Properties, recipients: Iterable[Properties], folders: tuple[str, ...] = ()
) -> OutlookItem:
    """Read the properties of an item that are of interest, and of its recipients."""
    return OutlookItem(
        item_class=properties.text(_CLASS),
        folders=folders,
        headers=_own_headers(properties.text(_HEADERS)),
        message_id=properties.text(_MESSAGE_ID),
        in_reply_to=properties.text(_IN_REPLY_TO),
        references=properties.text(_REFERENCES),
        author=_party(properties, _AUTHOR),
        sender=_party(properties, _SENDER),
        recipients=tuple(
            _party(
                recipient,
                _RECIPIENT,
                kind=kind,
                is_list=recipient.integer(_DISPLAY_TYPE) in _DISTRIBUTION_LISTS,
            )
            for recipient in recipients
            if (kind := (recipient.integer(_RECIPIENT_KIND) or 0) & _KIND_BITS) in _NAMED_KINDS
        ),
        submitted_us=properties.time_us(_SUBMITTED),
        delivered_us=properties.time_us(_DELIVERED),
        flags=properties.integer(_FLAGS) or 0,
    )


def _own_headers(text: str) -> str:
    # Exchange keeps the headers of the mail's parts behind its own.
    own = _HEADER_END.split(text.lstrip(), maxsplit=1)[0]
    return kept_headers(("\n" + own).encode("utf-8", "replace")).decode()


def _party(
    properties: Properties, numbers: tuple[int, int, int], *, kind: int = 0, is_list: bool = False
) -> Party:
    name, address, smtp = map(properties.text, numbers)
    return Party(name=name, address=address, smtp=smtp, kind=kind, is_list=is_list)
