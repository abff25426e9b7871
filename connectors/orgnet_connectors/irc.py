"""IRC logs: who addressed whom by beginning a line with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_posts import NumberedKeys, Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.irc_lines import LogLine, log_lines
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines

#: Of the first lines, so many have to be lines of a log.
_SHARE = 0.8
_LOOKED_AT = 100
_ADDRESSED = re.compile(r"@?([^\s<>:,*@]+)[:,]\s*")
#: What people append to a name: it is taken, or they are away.
_APPENDED = re.compile(
    r"(?:[_`^]+|[|\[](?:away|afk|busy|lunch|zzz|sleep|work|home|off|gone)\w*\]?)+$"
)
_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
_HEADER = re.compile(r"---\s|\*\*\*\*\s|Session\s")


class Irc:
    """Reads the log of one IRC channel, of most clients and bots."""

    name: ClassVar[str] = "irc"
    title: ClassVar[str] = "IRC log"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "text log of an IRC channel: Supybot, irssi, WeeChat, ZNC and the like"
    dropped_unread: ClassVar[tuple[str, ...]] = ("text, beyond the names that it begins with",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an IRC log: nearly all of its lines have a time and a ``<name>``."""
        if source.is_folder or source.is_zip:
            return None
        lines = [line for line in preview_lines(source) if line.strip()][:_LOOKED_AT]
        found = [line for line in log_lines(lines) if line.kind != "unreadable"]
        counted = len(found) + sum(_HEADER.match(line) is not None for line in lines)
        if not any(line.kind == "said" for line in found) or counted < _SHARE * len(lines):
            return None
        # WeeChat separates by tabs, as tables do; those have no joins and no notices.
        plain = any("<" in line for line in lines) or any(line.kind != "said" for line in found)
        return "lines of time, name and text, as IRC logs have them" if plain else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all lines that somebody said, counting each in `ledger`.

        Raises
        ------
        UsageError
            If the options name an unknown time zone.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        log = _Log(source, options, ledger)
        yield from write_posts(log.posts, ledger, source=self.name)


class _Log:
    """Goes through the lines of one log."""

    def __init__(self, source: Source, options: ReadOptions, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(options.timezone))
        named = _FILE_DATE.search(source.name)
        self._file_date = "-".join(named.groups()) if named else ""
        #: who spoke or joined anywhere in the log
        self._known: set[str] = set()
        self._look_ahead(options)

    def _look_ahead(self, options: ReadOptions) -> None:
        undated = without_zone = False
        for line in self._lines(""):
            if line.kind in ("said", "came", "renamed"):
                self._known.add(base_nick(line.nick))
            undated |= line.kind == "said" and not line.date
            without_zone |= len(line.clock) <= len("00:00:00")
        if undated and self._file_date:
            self._ledger.ambiguous.append(
                f"lines that state no day are read as of {self._file_date}, from the file's name"
            )
        if without_zone:
            self._ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )
        for nick in sorted(self._known):
            self._ledger.profile(Profile(identity=_identity(nick), name=nick))

    def _lines(self, date: str) -> Iterator[LogLine]:
        try:
            yield from log_lines(open_lines(self._source), date=date)
        except DAMAGED:
            self._ledger.truncated = "the compressed file ends early or is damaged"

    def posts(self) -> Iterator[Post]:
        """Yield what was said, in order; notices are counted as such."""
        #: name in use -> the name that its bearer had first
        bearers: dict[str, str] = {}
        keys = NumberedKeys()
        for line in self._lines(self._file_date):
            place = f"line {line.number}"
            if line.kind != "said":
                self._follow(line, bearers)
                skipped = "unreadable" if line.kind == "unreadable" else "system"
                yield Post(place=place, skipped=skipped)
                continue
            nick = base_nick(line.nick)
            sender = bearers.get(nick, nick)
            time = f"{line.date}T{line.clock}" if line.date else ""
            sent_at = self._time(time)
            yield Post(
                place=place,
                key=keys.of(f"irc:{sent_at}:{sender}"),
                sent_at=sent_at,
                sender=_identity(sender),
                mentioned=tuple(_identity(to) for to in self._addressed(line.text, bearers)),
            )

    def _follow(self, line: LogLine, bearers: dict[str, str]) -> None:
        """Note who bears which name from now on."""
        nick = base_nick(line.nick)
        if line.kind == "came":
            bearers.pop(nick, None)
        elif line.kind == "renamed":
            first, new = bearers.pop(nick, nick), base_nick(line.text)
            if new == first:
                bearers.pop(new, None)
            else:
                bearers[new] = first

    def _addressed(self, text: str, bearers: dict[str, str]) -> Iterator[str]:
        """Yield those whose names stand at the beginning: ``ben: hi``, ``ben, cy: hi``."""
        place = 0
        while found := _ADDRESSED.match(text, place):
            nick = base_nick(found[1])
            if nick not in self._known and nick not in bearers:
                return
            yield bearers.get(nick, nick)
            place = found.end()


def base_nick(nick: str) -> str:
    """Return a name without what people append to it, in lower case.

    Examples
    --------
    >>> base_nick("Aya_"), base_nick("ben|away"), base_nick("_cy_"), base_nick("__")
    ('aya', 'ben', '_cy', '__')
    """
    return _APPENDED.sub("", nick.lower()) or nick.lower()


def _identity(nick: str) -> str:
    return f"irc:{nick}"
