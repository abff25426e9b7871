"""What an object of GitLab's JSON says: who wrote it, about what, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from orgnet_connectors.work_messages import Deed, WorkMessage
from orgnet_connectors.work_records import Account

#: Accounts that GitLab makes for access tokens of projects and groups.
_TOKEN_ACCOUNT = re.compile(r"(?:project|group)_\d+_bot.*|.*[-_.]bot|alert-bot|support-bot")
_GHOST = "ghost"

#: Reads a time; None where there is none.
ReadTime = Callable[[str], int | None]


class User(msgspec.Struct):
    """An account."""

    username: str | None = None
    name: str | None = None
    bot: bool | None = None
    email: str | None = None
    public_email: str | None = None


class Note(msgspec.Struct):
    """A comment; one that `system` wrote tells of a change."""

    id: int | str | None = None
    author: User | None = None
    created_at: str | None = None
    system: bool | None = None
    noteable_id: int | None = None
    noteable_type: str | None = None


class Item(Note):
    """A merge request, an issue, a note on its own or a discussion: its fields tell which."""

    iid: int | None = None
    source_branch: str | None = None
    merge_status: str | None = None
    assignee: User | None = None
    assignees: list[User] | None = None
    reviewers: list[User] | None = None
    merged_by: User | None = None
    merge_user: User | None = None
    merged_at: str | None = None
    notes: list[Note] | None = None
    notes_data: list[Note] | None = None


class Outer(Item):
    """An item, or one that a tool has wrapped."""

    data: Item | None = None


def account_of(user: User | None) -> Account | None:
    """Make an account of a user; None where there is none.

    Examples
    --------
    >>> account_of(User(username="Aya.Ito", name="Aya Ito")).identity
    'gitlab:aya.ito'
    >>> account_of(User(username="project_7_bot_0f")).bot
    True
    """
    if user is None or not user.username:
        return None
    username = user.username.lower()
    bot = bool(user.bot) or username == _GHOST or _TOKEN_ACCOUNT.fullmatch(username) is not None
    return Account(
        identity=f"gitlab:{username}",
        name=user.name or None,
        email=(user.email or user.public_email or "").lower(),
        bot=bot,
    )


def messages_of(outer: Outer, read_time: ReadTime) -> Iterator[WorkMessage]:
    """Yield the messages in one object of a file; nested notes after their item."""
    reader = _Reader(read_time)
    stated = outer if outer.data is None else outer.data
    if stated.iid is not None and stated.noteable_type is None:
        yield from reader.item(stated)
    elif stated.notes is not None:
        yield from reader.discussion(stated.notes)
    else:
        yield reader.note(stated)


class _Reader:
    def __init__(self, read_time: ReadTime) -> None:
        self._read_time = read_time

    def _time(self, text: str | None) -> int | None:
        return None if text is None else self._read_time(text)

    def item(self, stated: Item) -> Iterator[WorkMessage]:
        """Yield a merge request or issue and the notes on it."""
        merge_request = stated.source_branch is not None or stated.merge_status is not None
        kind = "MergeRequest" if merge_request else "Issue"
        key = f"gitlab:{kind}:{stated.id}"
        author = account_of(stated.author)
        created = self._time(stated.created_at)
        assigned = tuple(account_of(user) for user in (stated.assignee, *(stated.assignees or ())))
        yield WorkMessage(
            key=key,
            item=key,
            author=author,
            sent_at=created,
            opens=True,
            assignee=next((one for one in assigned if one), None),
            deeds=(
                Deed(
                    kind="handover", sender=author, to=assigned, sent_at=created, key=f"{key}:given"
                ),
                Deed(
                    kind="review",
                    sender=author,
                    to=tuple(map(account_of, stated.reviewers or ())),
                    sent_at=created,
                    key=f"{key}:asked",
                ),
                Deed(
                    kind="review",
                    sender=account_of(stated.merge_user) or account_of(stated.merged_by),
                    to=(author,),
                    sent_at=self._time(stated.merged_at),
                    key=f"{key}:merged",
                ),
            ),
        )
        for note in (*(stated.notes or ()), *(stated.notes_data or ())):
            yield self.note(note, item=key)

    def discussion(self, notes: Sequence[Note]) -> Iterator[WorkMessage]:
        """Yield the notes of a thread, each as an answer to the first one."""
        first = next((note.id for note in notes if not note.system), None)
        for note in notes:
            yield self.note(note, answers=None if note.id == first else first)

    def note(
        self, note: Note, *, item: str | None = None, answers: int | str | None = None
    ) -> WorkMessage:
        """Read a comment on an issue or merge request."""
        if note.system:
            return WorkMessage(refused="system")
        author = account_of(note.author)
        if author is None or note.id is None:
            return WorkMessage(refused="unreadable")
        return WorkMessage(
            key=f"gitlab:note:{note.id}",
            item=item or f"gitlab:{note.noteable_type}:{note.noteable_id}",
            author=author,
            sent_at=self._time(note.created_at),
            kind="reply",
            answers=None if answers is None else f"gitlab:note:{answers}",
        )
