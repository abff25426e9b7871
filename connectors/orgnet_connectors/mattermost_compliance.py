"""Mattermost compliance exports as CSV: every post, join and leave of a period."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import MissingColumnError, UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside
from orgnet_connectors.headings import Aliases
from orgnet_connectors.mattermost_mentions import mentioned
from orgnet_connectors.text_lines import LONGEST_LINE

#: Columns of ``posts.csv`` and their headings; later versions add some of them.
COLUMNS = Aliases(
    {
        "time": ["Post Creation Time"],
        "channel": ["Channel Id"],
        "channel_name": ["Channel Name"],
        "channel_type": ["Channel Type"],
        "user": ["User Id"],
        "email": ["User Email"],
        "username": ["Username"],
        "user_type": ["User Type"],
        "post": ["Post Id"],
        "newer": ["Edited By Post Id"],
        "root": ["Replied to Post Id"],
        "message": ["Post Message"],
        "type": ["Post Type"],
        "update": ["Update Post Type", "Post Update Type", "Update Type"],
    }
)
_NEEDED = {"time": "Post Creation Time", "channel": "Channel Id", "post": "Post Id"}
_HEADER = re.compile(
    rb'(?:\xef\xbb\xbf)?"?Post Creation Time"?,[^\r\n]*Channel Id"?,[^\r\n]*Post Id'
)
_POSTS = re.compile(r"(?:.*/)?posts\.csv", re.IGNORECASE)
#: What stands beside the posts of a batch.
_BESIDE = re.compile(r"(?:.*/)?(?:metadata\.json|files/.*|\..*)", re.IGNORECASE)
_DIRECT = ("direct", "group", "d", "g")
_SAID = ("message", "")


class MattermostCompliance:
    """Reads a compliance export in CSV: ``posts.csv``, or a zip or folder of batches."""

    name: ClassVar[str] = "mattermost_compliance"
    title: ClassVar[str] = "Mattermost compliance export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "posts.csv of a Mattermost compliance export, or a zip or folder of it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "Post Message, beyond the mentions in it",
        "names of teams and channels",
        "files",
        "metadata.json",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a compliance export: by the headings of its posts."""
        if not source.is_folder and not source.is_zip:
            return _reason(source.head)
        if source.is_folder:
            others = (name for name in source.members if not _is_posts(name))
            if not all(map(_BESIDE.fullmatch, others)):
                return None
        return reason_inside(source, _is_posts, _reason)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all posts; the ledger counts rows.

        Raises
        ------
        UnreadableFileError
            If there are no posts, or a zip is encrypted or beyond repair.
        MissingColumnError
            If a file of posts has no time, channel or post id.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            names = streams.names
            if source.is_folder or source.is_zip:
                names = list(filter(_is_posts, names))
            names = [name for name in names if _reason(streams.peek(name))]
            if not names:
                raise UnreadableFileError(
                    "no posts in it; expected a file posts.csv that begins with "
                    "'Post Creation Time'",
                    file=source.name,
                    remedy="run the compliance export again, in the format CSV",
                )
            reader = _Reader(streams, names, ledger)
            yield from write_posts(reader.posts, ledger, source=self.name, members=reader.members)
            streams.note(ledger)


def _is_posts(name: str) -> bool:
    return _POSTS.fullmatch(name) is not None


def _reason(head: bytes) -> str | None:
    return "has the headings of Mattermost's posts.csv" if _HEADER.match(head) else None


class _Reader:
    """Goes through the rows of one export."""

    def __init__(self, streams: ExportStreams, names: list[str], ledger: Ledger) -> None:
        self._streams = streams
        self._names = names
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        #: user id -> user name, as far as rows name both
        self._users: dict[str, str] = {}
        self._usernames: set[str] = set()
        #: direct conversation -> the two ids in its name; who joined or wrote
        self._pairs: dict[str, list[str]] = {}
        self._joined: dict[str, dict[str, None]] = {}

    def members(self) -> Mapping[str, list[str]]:
        """Return who is in each direct conversation, by its name or by who joined it."""
        found = {room: list(some) for room, some in self._joined.items()}
        for room, ids in self._pairs.items():
            found[room] = [_identity(self._users.get(user, user)) for user in ids]
        return found

    def posts(self) -> Iterator[Post]:
        """Yield the rows of all files."""
        for count, name in enumerate(self._names, start=1):
            before = f"file {count}, " if len(self._names) > 1 else ""
            with (
                self._streams.open(name) as file,
                io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text,
            ):
                rows = csv.reader(_lines(text))
                header = next(rows)
                at = {ours: places[0] for ours, places in COLUMNS.positions(header).items()}
                if missing := [name for ours, name in _NEEDED.items() if ours not in at]:
                    raise MissingColumnError(
                        f"no column {missing[0]!r}; the file has {header}",
                        file=name.rpartition("/")[2],
                        place="line 1",
                        remedy="run the compliance export again",
                    )
                self._ledger.columns.update({header[place]: ours for ours, place in at.items()})
                while True:
                    place = f"{before}line {rows.line_num + 1}"
                    try:
                        cells = next(rows)
                    except StopIteration:
                        break
                    except csv.Error:
                        yield Post(place=place, skipped="unreadable")
                        continue
                    if len(cells) < len(header):
                        yield Post(place=place, skipped="unreadable")
                    else:
                        yield self._post({o: cells[p].strip() for o, p in at.items()}, place)

    def _post(self, row: Mapping[str, str], place: str) -> Post:
        sender = self._person(row)
        room = row["channel"] if row.get("channel_type", "").lower() in _DIRECT else None
        if room is not None and sender is not None:
            self._note_member(room, row.get("channel_name", ""), sender)
        skipped = _not_said_by_people(row)
        # An older version of a post names the one that took its place.
        key = row.get("newer") or row["post"]
        root = row.get("root")
        names = mentioned(row.get("message", ""), self._usernames) if skipped is None else ()
        return Post(
            place=place,
            key=f"mattermost:{key}" if key else None,
            sent_at=self._time(row["time"]),
            sender=sender,
            skipped=skipped,
            room=room,
            answers=f"mattermost:{root}" if root else None,
            mentioned=tuple(map(_identity, names)),
            thread=f"mattermost:{root or key}",
        )

    def _person(self, row: Mapping[str, str]) -> str | None:
        """Return who a row is about, and note what it says of them."""
        username, email = row.get("username", "").lower(), row.get("email", "").lower()
        known = username or row.get("user", "")
        if not known:
            return email if "@" in email else None
        identity = _identity(known)
        if known not in self._usernames:
            self._usernames.add(known)
            bot = row.get("user_type", "").lower() == "bot"
            self._ledger.profile(
                Profile(
                    identity=identity,
                    emails=(email,) if "@" in email else (),
                    kind="bot" if bot else "person",
                )
            )
        if row.get("user"):
            self._users.setdefault(row["user"], known)
        return identity

    def _note_member(self, room: str, name: str, member: str) -> None:
        one, pair, other = name.partition("__")
        if pair and one and other:
            self._pairs.setdefault(room, [one, other])
        else:
            self._joined.setdefault(room, {})[member] = None


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        yield line


def _identity(username: str) -> str:
    return f"mattermost:{username}"


def _not_said_by_people(row: Mapping[str, str]) -> str | None:
    """Return why a row is no post that one person wrote to others, None where it is."""
    if row.get("type", "").lower() not in _SAID or not row["post"]:
        return "system"
    if row.get("user_type", "").lower() == "bot":
        return "bot"
    update = row.get("update", "").lower()
    if update in ("deleted", "filedeleted"):
        return "deleted"
    return None
