"""Mattermost bulk exports: one JSON object a line for every user, channel and post."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.chat_json import JsonSteps, as_list, as_object, as_text
from orgnet_connectors.chat_posts import Post, write_posts
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.export_streams import ExportStreams, open_streams, reason_inside
from orgnet_connectors.mattermost_mentions import mentioned

_FIRST_LINE = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"type"\s*:\s*"version"\s*,')
_NEXT_LINE = re.compile(
    rb'\n\s*\{\s*"type"\s*:\s*"'
    rb'(?:team|channel|user|post|direct_channel|direct_post|scheme|role|emoji|bot)"'
)


class Mattermost:
    """Reads a bulk export of Mattermost, as the zip or as the JSON lines in it."""

    name: ClassVar[str] = "mattermost"
    title: ClassVar[str] = "Mattermost bulk export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSONL file of a Mattermost bulk export, or the zip with it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "message, beyond the mentions in it",
        "attachments",
        "names of channels and teams",
        "names of reactions",
        "nickname",
        "position",
        "roles",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a bulk export: by its first lines."""
        if source.is_folder:
            return None
        if not source.is_zip:
            return _reason(source.head)
        return reason_inside(source, lambda name: name.endswith(".jsonl"), _reason, limit=1 << 16)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all posts and replies, counting each in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there are no JSON lines in a zip, or it is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_streams(source) as streams:
            reader = _Reader(streams, _lines_files(source, streams), ledger)
            yield from write_posts(
                reader.posts, ledger, source=self.name, members=lambda: reader.members
            )
            streams.note(ledger)


def _reason(head: bytes) -> str | None:
    if _FIRST_LINE.match(head) and _NEXT_LINE.search(head):
        return "begins with the version line of a Mattermost bulk export"
    return None


def _lines_files(source: Source, streams: ExportStreams) -> list[str]:
    if not source.is_zip:
        return streams.names
    names = [name for name in streams.names if name.endswith(".jsonl")]
    if not names:
        raise UnreadableFileError(
            "no JSON lines in it; expected a file such as import.jsonl",
            file=source.name,
            remedy="export again with `mmctl export create`",
        )
    return names


class _Reader:
    """Goes through the lines of one export."""

    def __init__(self, streams: ExportStreams, names: list[str], ledger: Ledger) -> None:
        self._streams = streams
        self._names = names
        self._ledger = ledger
        self._time = TimeReader(day_first=None, zone=zone_of(None))
        self._users: set[str] = set()
        #: direct conversation -> who is in it
        self.members: dict[str, list[str]] = {}

    def posts(self) -> Iterator[Post]:
        """Yield posts and their replies; on the way, note users and bots."""
        for name in self._names:
            with self._streams.open(name) as file:
                steps = JsonSteps(file)
                for number, (_, value) in enumerate(steps, start=1):
                    line = as_object(value)
                    kind = as_text(line.get("type"))
                    content = as_object(line.get(kind))
                    if kind in ("user", "bot"):
                        self._note_user(content, kind)
                    elif kind in ("post", "direct_post"):
                        yield from self._with_replies(content, kind, f"line {number}")
                    elif not kind:
                        yield Post(place=f"line {number}", skipped="unreadable")
                if steps.truncated:
                    self._ledger.truncated = "the file ends early or is damaged"

    def _note_user(self, user: dict[str, Any], kind: str) -> None:
        username = as_text(user.get("username")).lower()
        if not username or username in self._users:
            return
        self._users.add(username)
        email = as_text(user.get("email")).lower()
        names = (as_text(user.get("first_name")), as_text(user.get("last_name")))
        shown = " ".join(filter(None, names)) or as_text(user.get("display_name"))
        self._ledger.profile(
            Profile(
                identity=_identity(username),
                emails=(email,) if "@" in email else (),
                name=shown or None,
                kind="bot" if kind == "bot" else "person",
            )
        )

    def _with_replies(self, post: dict[str, Any], kind: str, place: str) -> Iterator[Post]:
        members = [
            name.lower() for each in as_list(post.get("channel_members")) if (name := as_text(each))
        ]
        if kind == "direct_post":
            room = _hashed("\n".join(sorted(members)))
            self.members.setdefault(room, [_identity(name) for name in members])
        else:
            room = _hashed(f"{as_text(post.get('team'))}\n{as_text(post.get('channel'))}")
        direct = kind == "direct_post"
        root = self._post(post, place, room, direct=direct, root=None)
        yield root
        for number, reply in enumerate(as_list(post.get("replies")), start=1):
            content = as_object(reply)
            yield self._post(
                content, f"{place}, reply {number}", room, direct=direct, root=root.key
            )

    def _post(
        self, post: dict[str, Any], place: str, room: str, *, direct: bool, root: str | None
    ) -> Post:
        user = as_text(post.get("user")).lower()
        created = as_text(post.get("create_at"))
        key = f"mattermost:{room}:{created}:{user}" if user and created else None
        names = mentioned(as_text(post.get("message")), self._users)
        reactions = (
            as_text(as_object(each).get("user")) for each in as_list(post.get("reactions"))
        )
        return Post(
            place=place,
            key=key,
            sent_at=self._time(created),
            sender=_identity(user) if user else None,
            skipped=_not_said_by_people(post) or ("unreadable" if not post else None),
            room=room if direct else None,
            answers=root,
            mentioned=tuple(map(_identity, names)),
            reactions=tuple(_identity(name.lower()) for name in reactions if name),
            thread=root or key,
        )


def _identity(username: str) -> str:
    return f"mattermost:{username}"


def _hashed(channel: str) -> str:
    """Return a key for a conversation, whose name must not be kept."""
    return blake2b(channel.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _not_said_by_people(post: dict[str, Any]) -> str | None:
    """Return why a post is none that one person wrote to others, None where it is."""
    if as_text(post.get("type")).startswith("system_"):
        return "system"
    props = post.get("props")
    if isinstance(props, str):
        try:
            props = json.loads(props)
        except (ValueError, RecursionError):
            props = None
    known = as_object(props)
    if any(known.get(name) in (True, "true") for name in ("from_webhook", "from_bot")):
        return "bot"
    if post.get("delete_at"):
        return "deleted"
    return None if as_text(post.get("user")) else "no_sender" if post else None
