"""Slack exports: who addressed whom in direct messages, threads, mentions and reactions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Profile, ReadOptions, Source
from orgnet_connectors.export_files import ExportFiles, open_export
from orgnet_connectors.slack_conversations import Conversation
from orgnet_connectors.slack_helper import read_together
from orgnet_connectors.slack_records import ListedConversation, User, decode_list
from orgnet_connectors.slack_stretches import SLACKBOT, Room, identity_of

_USERS = ("users.json", "org_users.json")
_INDEXES = ("channels.json", "groups.json", "mpims.json", "dms.json")
_LISTS = frozenset({*_USERS, *_INDEXES})
_PRIVATE_INDEXES = ("mpims.json", "dms.json")
_DAY_FILE = re.compile(r"(?:(?P<top>.*)/)?(?P<folder>[^/]+)/(?P<day>\d{4}-\d\d-\d\d)\.json")
_NAME_IN_HEAD = re.compile(rb"(?:users|channels|/\d{4}-\d\d-\d\d)\.json")
_FIRST_MESSAGE = re.compile(rb'\s*\[\s*(?:\]|\{[^\x00]*"(?:ts|type)"\s*:)')
_FIRST_USER = re.compile(rb'\s*\[\s*\{[^\x00]*"(?:profile|team_id|is_bot)"\s*:')
_FIRST_CHANNEL = re.compile(rb'\s*\[\s*\{[^\x00]*"(?:members|creator|is_archived)"\s*:')


class Slack:
    """Reads a Slack export, standard or corporate, old or new, as a zip or unpacked."""

    name: ClassVar[str] = "slack"
    title: ClassVar[str] = "Slack export"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "zip or folder of a Slack export"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "text, beyond the mentions in it",
        "files",
        "attachments",
        "topic",
        "purpose",
        "names of reactions",
        "phone",
        "status",
        "title",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a Slack export: by what stands in its lists and day files."""
        if not source.is_folder and not source.is_zip:
            return None
        if not any(name.endswith(".json") for name in source.members) and not _cut_short(source):
            return None
        try:
            with open_export(source) as files:
                return _reason(files)
        except UnreadableFileError:
            # Encrypted or a bomb: if the names are Slack's, reading it will say what is wrong.
            layout = _Layout.of(source.members)
            return "holds files named as Slack names them" if layout.is_named_as_slack() else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all messages, counting each message in `ledger`.

        Some megabytes of a conversation's day files are in memory at a time, and of its other
        messages the times and authors, some 150 bytes each. A reaction adds a record, of the
        message's time, and is not a message.

        Raises
        ------
        UnreadableFileError
            If there is no message file, or the zip is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        with open_export(source) as files:
            layout = _Layout.of(files.names)
            if not layout.days:
                raise UnreadableFileError(
                    "no messages in it; expected files such as general/2026-01-05.json",
                    file=source.name,
                    remedy="export the workspace again and give the zip as it was delivered",
                )
            ledger.truncated = files.damage
            if files.unsafe:
                ledger.skip(
                    "unsafe_name",
                    files.unsafe,
                    place="the zip's directory",
                    found="names that point outside of the archive",
                    remedy="check where the export comes from",
                )
            _note_users(files, layout, ledger)
            yield from read_together(
                files,
                _conversations(files, layout),
                ledger,
                export=source.path,
                source=self.name,
            )


class _Layout(Struct, frozen=True):
    """Where the files of an export stand, below the extra folder that it may be wrapped in."""

    users: tuple[str, ...]
    indexes: tuple[str, ...]
    #: (folder, its day files in order), by folder
    days: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> _Layout:
        #: extra folder -> folder -> its day files
        dated: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        tops: Counter[str] = Counter()
        lists = set()
        for name in sorted(names):
            if day := _DAY_FILE.fullmatch(name):
                top = day["top"] or ""
                dated[top].setdefault(day["folder"], []).append(name)
                tops[top] += 1
            else:
                top, _, last = name.rpartition("/")
                if last in _LISTS:
                    lists.add(name)
                    tops[top] += 1
        if not tops:
            return cls((), (), ())
        # The folder that most files speak for; the shorter path of two that are equal.
        top = min(tops, key=lambda folder: (-tops[folder], len(folder), folder))
        prefix = f"{top}/" if top else ""
        return cls(
            users=tuple(prefix + last for last in _USERS if prefix + last in lists),
            indexes=tuple(prefix + last for last in _INDEXES if prefix + last in lists),
            days=tuple((folder, tuple(files)) for folder, files in dated[top].items()),
        )

    def is_named_as_slack(self) -> bool:
        """Tell whether there is a list of users or channels beside day files."""
        return bool(self.days) and bool(self.users or self.indexes)


def _cut_short(source: Source) -> bool:
    """Tell a zip without a readable directory, whose first files are named as Slack's are."""
    return not source.members and _NAME_IN_HEAD.search(source.head) is not None


def _reason(files: ExportFiles) -> str | None:
    layout = _Layout.of(files.names)
    lists = [(name, _FIRST_USER) for name in layout.users]
    lists += [(name, _FIRST_CHANNEL) for name in layout.indexes]
    for name, looks_right in lists:
        if looks_right.match(files.peek(name)):
            return f"holds Slack's {name.rpartition('/')[2]}"
    for _, days in layout.days[:3]:
        if b'"ts"' in (head := files.peek(days[0])) and _FIRST_MESSAGE.match(head):
            return "holds folders with a file of Slack messages a day"
    return None


def _note_users(files: ExportFiles, layout: _Layout, ledger: Ledger) -> None:
    for name in layout.users:
        data, _ = files.read(name)
        for user in decode_list(data, User):
            if user is None or not user.id:
                continue
            profile = user.profile
            email = profile.email.strip().lower() if profile and profile.email else ""
            shown = user.real_name or (
                (profile.real_name or profile.display_name) if profile else None
            )
            bot = user.is_bot or user.id == SLACKBOT
            ledger.profile(
                Profile(
                    identity=identity_of(user.id),
                    emails=(email,) if "@" in email else (),
                    name=shown or None,
                    kind="bot" if bot else "person",
                )
            )


def _rooms(files: ExportFiles, layout: _Layout) -> dict[str, Room]:
    """Return folder name -> conversation, for all that an index lists."""
    rooms: dict[str, Room] = {}
    for name in layout.indexes:
        private = name.rpartition("/")[2] in _PRIVATE_INDEXES
        data, _ = files.read(name)
        for listed in decode_list(data, ListedConversation):
            if listed is None or not listed.id:
                continue
            # Old exports list group conversations among the private channels.
            direct = private or listed.is_im or listed.is_mpim
            direct = direct or (listed.name or "").startswith("mpdm-")
            members = None
            if direct and listed.members:
                members = tuple(identity_of(member) for member in sorted(set(listed.members)))
            room = Room(listed.id, members)
            for folder in (listed.name, listed.id):
                if folder:
                    rooms.setdefault(folder, room)
    return rooms


def _unlisted(folder: str) -> Room:
    """Return the conversation of a folder that no index lists; its name must not be kept."""
    return Room(blake2b(folder.encode("utf-8"), digest_size=6).hexdigest(), None)


def _conversations(files: ExportFiles, layout: _Layout) -> list[Conversation]:
    rooms = _rooms(files, layout)
    return [
        Conversation(rooms.get(folder) or _unlisted(folder), days) for folder, days in layout.days
    ]
