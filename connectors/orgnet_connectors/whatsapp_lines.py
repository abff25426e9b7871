"""The lines of a WhatsApp export, in whatever way the phone's language writes dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

#: Marks of writing direction, and those around names; narrow and fixed blanks.
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
_BLANKS = {0x202F: " ", 0x00A0: " "}
_INVISIBLE = {**_MARKS, **_BLANKS}

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?"
_LINE = re.compile(
    rf"""(?:
        \[(?P<ios>\d{{1,4}}[./\-]\s?\d{{1,2}}[./\-]\s?\d{{1,4}}\.?),?\s(?P<ios_clock>{_CLOCK})\]\s
        |(?P<android>\d{{1,4}}[./\-]\s?\d{{1,2}}[./\-]\s?\d{{1,4}}\.?)
         (?:,|(?<=[./]\d\d\d\d)|(?<=[./]\d\d))\s(?P<android_clock>{_CLOCK})\s-\s
    )(?P<rest>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_HALF = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
#: WhatsApp's own mark at the beginning of a notice or of what stands for a picture.
_NOTICE = "\u200e"


class ChatLine(Struct, frozen=True, kw_only=True):
    """The first line of one message or notice.

    Parameters
    ----------
    number
        Of the line.
    date, clock
        As text, in one of the forms that `dates.read_time` knows.
    sender
        Name or number as the phone shows it; None in a notice without one.
    text
        What follows, without marks.
    marked
        WhatsApp wrote the text, not the sender: a notice, or what stands for a picture.
    """

    number: int
    date: str
    clock: str
    sender: str | None
    text: str
    marked: bool

    @property
    def time(self) -> str:
        """Date and clock in one."""
        return f"{self.date} {self.clock}"


def chat_lines(lines: Iterable[str]) -> Iterator[ChatLine]:
    r"""Yield the lines with which a message begins; all others go on with the one before.

    Examples
    --------
    >>> for line in chat_lines(["[02/03/2026, 8:15:09\u202fp.m.] ~ Aya: hi\n", "more\n"]):
    ...     print(line.time, line.sender, line.marked)
    02/03/2026 8:15:09 pm Aya False
    """
    for number, raw in enumerate(lines, start=1):
        found = _LINE.match(raw.lstrip("".join(map(chr, _MARKS))).translate(_BLANKS))
        if found is None:
            continue
        name, colon, text = found["rest"].partition(": ")
        name = tidy_name(name)
        # A quote in a name is the beginning of a notice: X changed the subject to "a: b".
        if not colon or not name or any(quote in name for quote in '"“„«'):
            name, text = "", found["rest"]
        date = (found["ios"] or found["android"]).replace(" ", "").rstrip(".")
        clock = found["ios_clock"] or found["android_clock"]
        yield ChatLine(
            number=number,
            date=date,
            clock=_HALF.sub(r" \1m", clock).replace(".", ":"),
            sender=name or None,
            text=text.translate(_MARKS),
            marked=text.startswith(_NOTICE),
        )


def tidy_name(name: str) -> str:
    """Return a name without marks and without the tilde of people who are no contacts."""
    return " ".join(name.translate(_INVISIBLE).removeprefix("~").split())
