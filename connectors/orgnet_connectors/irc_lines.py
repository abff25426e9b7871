"""The lines of IRC logs, as the usual clients and bots write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_STAMP = re.compile(
    r"""\[?(?:(?P<date>\d{4}-\d\d-\d\d)[T\s]|(?P<month>[A-Z][a-z]{2})\s+(?P<day>\d{1,2})\s)?
    (?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?\]?(?P<gap>\t|\s+)(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
#: Lines that name the day of those below: of irssi, HexChat and mIRC.
_DAY = re.compile(
    r"(?:---\s(?:Log opened|Day changed)|\*\*\*\*\sBEGIN LOGGING AT|Session Start:)\s(?P<when>.*)"
)
_DAY_MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

_NICK = r"[^\s<>:,*]+"
_SAID = re.compile(rf"<[ @+%&~!]?(?P<nick>{_NICK})>(?:\s|\Z)(?P<text>.*)", re.DOTALL)
_ACTION = re.compile(rf"\*\s+(?P<nick>{_NICK})\s(?P<text>.*)", re.DOTALL)
_NOTICE = re.compile(r"(?:\*\*\*|-!-|-->|<--|--|=!=|\*\s*$|\*\t)")
#: What clients write with one star, as they do for what somebody does.
_CLIENT_SAYS = re.compile(
    r"""\*\s+\S+\s(?:[\[(][^\])]*[\])]\s)?
    (?:has\s(?:joined|left|quit|kicked|changed)|is\snow\sknown|sets\smode|gives|removes)\b""",
    re.VERBOSE,
)
_TABBED = re.compile(rf"[@+%&~!]?(?P<nick>{_NICK})\t(?P<text>.*)", re.DOTALL)
_RENAMED = re.compile(rf"(?P<old>{_NICK}) (?:is|are) now known as (?P<new>{_NICK})")
_CAME = re.compile(rf"(?P<nick>{_NICK}) (?:[\[(][^\])]*[\])] )?has joined\b")


class LogLine(Struct, frozen=True, kw_only=True):
    """One line of a log that has a time.

    Parameters
    ----------
    number
        Of the line.
    date
        ``2012-10-17``; empty where neither the line nor one above it says it.
    clock
        ``09:16:21``, with the zone if one is stated.
    kind
        ``said``, ``renamed``, ``came``, ``notice``, or ``unreadable``.
    nick
        Who; of a renaming, the old name.
    text
        What was said; of a renaming, the new name.
    """

    number: int
    date: str
    clock: str
    kind: str
    nick: str = ""
    text: str = ""


def log_lines(lines: Iterable[str], *, date: str = "") -> Iterator[LogLine]:
    r"""Yield the lines that have a time; those that name a day tell the day of those below.

    Parameters
    ----------
    lines
        With or without their ends.
    date
        Day of lines that state none, until a line names one.

    Examples
    --------
    >>> log = ["--- Day changed Wed Oct 17 2012", "09:16 < aya> ben: hi", "09:17 -!- cy has quit"]
    >>> for line in log_lines(log):
    ...     print(line.date, line.clock, line.kind, line.nick)
    2012-10-17 09:16 said aya
    2012-10-17 09:17 notice
    """
    year = date[:4]
    for number, raw in enumerate(lines, start=1):
        text = raw.rstrip("\r\n")
        if day := _DAY.match(text):
            year, date = _day_of(day["when"], year, date)
            continue
        stamp = _STAMP.match(text)
        if stamp is None:
            continue
        stated = stamp["date"]
        if stamp["month"] and year:
            stated = _iso(year, stamp["month"], stamp["day"]) or ""
        line = LogLine(
            number=number,
            date=stated or date,
            clock=f"{stamp['clock']}{stamp['zone'] or ''}",
            kind="unreadable",
        )
        yield _with_content(line, stamp["rest"], tabbed="\t" in stamp["gap"])


def _with_content(line: LogLine, rest: str, *, tabbed: bool) -> LogLine:
    said = _SAID.match(rest)
    client_says = _CLIENT_SAYS.match(rest) is not None
    if said is None and not tabbed and not client_says and not rest.startswith("***"):
        said = _ACTION.match(rest)
    if said is not None:
        return replace(line, kind="said", nick=said["nick"], text=said["text"])
    if renamed := _RENAMED.search(rest):
        return replace(line, kind="renamed", nick=renamed["old"], text=renamed["new"])
    if client_says or _NOTICE.match(rest):
        came = _CAME.search(rest)
        return (
            replace(line, kind="came", nick=came["nick"]) if came else replace(line, kind="notice")
        )
    if tabbed and rest.startswith(" *\t"):
        nick, _, text = rest[3:].partition(" ")
        return replace(line, kind="said", nick=nick, text=text)
    if tabbed and (said := _TABBED.match(rest)):
        return replace(line, kind="said", nick=said["nick"], text=said["text"])
    return line


def _day_of(when: str, year: str, date: str) -> tuple[str, str]:
    """Read the year and day that a line names; what was known before where it does not."""
    stated, day = _YEAR.search(when), _DAY_MONTH.search(when)
    year = stated[0] if stated else year
    found = _iso(year, day[1], day[2]) if day and year else None
    return year, found or date


def _iso(year: str, month: str, day: str) -> str | None:
    number = _MONTHS.get(month.lower())
    return f"{year}-{number:02d}-{int(day):02d}" if number else None
