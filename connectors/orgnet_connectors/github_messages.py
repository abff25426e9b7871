"""What an object of GitHub's JSON says: who wrote it, about what, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from orgnet_connectors.github_objects import Comment, Item, Outer, Payload, User
from orgnet_connectors.work_messages import Deed, WorkMessage
from orgnet_connectors.work_records import Account

#: ``/repos/org/name/pulls/7`` of the interface, ``/org/name/pull/7`` of the pages.
_ADDRESS = re.compile(r"([^/\s]+/[^/\s]+)/(?:pulls?|issues)/(\d+)")
_GHOST = "ghost"

#: Reads a time; None where there is none.
ReadTime = Callable[[str], int | None]


def messages_of(outer: Outer, read_time: ReadTime) -> Iterator[WorkMessage]:
    """Yield the messages in one object of a file; nested comments and reviews after their item."""
    reader = _Reader(read_time)
    if outer.payload is not None or outer.actor is not None:
        yield reader.event(outer)
        return
    yield from reader.item(outer if outer.data is None else outer.data)


def account_of(user: User | None) -> Account | None:
    """Make an account of a user; None where there is none, such as for a team.

    Examples
    --------
    >>> account_of(User(login="Aya-Ito")).identity, account_of(User(login="ci[bot]")).bot
    ('github:aya-ito', True)
    """
    if user is None or not user.login:
        return None
    login = user.login.lower()
    bot = bool(user.is_bot) or user.type == "Bot" or login == _GHOST
    return Account(
        identity=f"github:{login}",
        name=user.name or None,
        bot=bot or login.endswith("[bot]") or login.startswith("app/"),
    )


def _author(stated: Comment) -> Account:
    """Return who wrote something; what a deleted account wrote belongs to the ghost."""
    found = account_of(stated.user) or account_of(stated.author)
    return found or Account(identity=f"github:{_GHOST}", bot=True)


def _assigned(item: Item) -> tuple[Account | None, ...]:
    return tuple(account_of(user) for user in (item.assignee, *(item.assignees or ())))


def _item_key(*addresses: str | None) -> str | None:
    """Return the key of an item by the first address that names one."""
    for address in addresses:
        if found := _ADDRESS.search(address or ""):
            return f"github:{found[1].lower()}#{found[2]}"
    return None


class _Reader:
    def __init__(self, read_time: ReadTime) -> None:
        self._read_time = read_time

    def _time(self, *texts: str | None) -> int | None:
        text = next((text for text in texts if text), None)
        return None if text is None else self._read_time(text)

    def item(self, stated: Item) -> Iterator[WorkMessage]:
        """Yield an item and what is nested in it, or a review or comment on its own."""
        if stated.number is None:
            yield self._alone(stated)
            return
        key = _item_key(stated.url, stated.html_url) or f"github:#{stated.number}"
        yield self._opening(stated, key, _author(stated))
        listed = stated.comments if isinstance(stated.comments, list) else []
        nested: list[tuple[str, Iterable[Comment]]] = [
            ("review", [*(stated.reviews or ()), *(stated.reviews_data or ())]),
            ("review_comment", stated.review_comments_data or ()),
            ("comment", [*listed, *(stated.comments_data or ())]),
        ]
        for what, some in nested:
            for each in some:
                yield self._comment(each, what, key)

    def _alone(self, stated: Item) -> WorkMessage:
        key = _item_key(stated.pull_request_url, stated.issue_url)
        if key is None:
            return WorkMessage(refused="unreadable")
        if stated.issue_url and not stated.pull_request_url:
            return self._comment(stated, "comment", key)
        what = "review" if stated.state or stated.submitted_at else "review_comment"
        return self._comment(stated, what, key)

    def _comment(
        self, stated: Comment, what: str, item: str, about: tuple[Account | None, ...] = ()
    ) -> WorkMessage:
        author = _author(stated)
        sent_at = self._time(
            stated.submitted_at, stated.submittedAt, stated.created_at, stated.createdAt
        )
        own = stated.id if stated.id is not None else f"{item}:{author.identity}:{sent_at}"
        answered = stated.in_reply_to_id
        return WorkMessage(
            key=f"github:{what}:{own}",
            item=item,
            author=author,
            sent_at=sent_at,
            kind="review" if what == "review" else "reply",
            about=about,
            answers=None if answered is None else f"github:{what}:{answered}",
        )

    def _opening(self, stated: Item, key: str, author: Account) -> WorkMessage:
        """Read an issue or pull request: whom it was given to, who shall and did review it."""
        created = self._time(stated.created_at, stated.createdAt)
        asked = (*(stated.requested_reviewers or ()), *(stated.reviewRequests or ()))
        assigned = _assigned(stated)
        return WorkMessage(
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
                    to=tuple(map(account_of, asked)),
                    sent_at=created,
                    key=f"{key}:asked",
                ),
                self._merging(stated, key, author, None),
            ),
        )

    def _merging(self, stated: Item, key: str, author: Account, actor: Account | None) -> Deed:
        merged_by = account_of(stated.merged_by) or account_of(stated.mergedBy)
        merged_at = self._time(stated.merged_at, stated.mergedAt)
        return Deed(
            kind="review",
            sender=merged_by or (actor if merged_at is not None else None),
            to=(author,),
            sent_at=merged_at,
            key=f"{key}:merged",
        )

    def event(self, outer: Outer) -> WorkMessage:
        """Read one event of the archive, or of a repository's or organisation's events."""
        payload = outer.payload or Payload()
        actor = account_of(outer.actor)
        subject = payload.pull_request or payload.issue
        repository = (outer.repo.name if outer.repo else None) or ""
        if subject is None or actor is None:
            return WorkMessage(refused="no_addressee")
        key = f"github:{repository.lower()}#{subject.number}"
        author = account_of(subject.user)
        about = (author, next((one for one in _assigned(subject) if one), None))
        said = payload.review or payload.comment
        if said is not None:
            if payload.action not in (None, "created", "submitted"):
                return WorkMessage(refused="no_addressee")
            what = "comment" if payload.pull_request is None else "review_comment"
            if said.user is None:
                said.user = outer.actor
            return self._comment(said, "review" if payload.review else what, key, about)
        if payload.action == "opened":
            if subject.user is None:
                subject.user = outer.actor
            return self._opening(subject, key, _author(subject))
        return self._turn(outer, payload, key, actor, subject)

    def _turn(
        self, outer: Outer, payload: Payload, key: str, actor: Account, subject: Item
    ) -> WorkMessage:
        """Read that something was given to somebody, or accepted."""
        happened = self._time(outer.created_at)
        if payload.action in ("closed", "merged"):
            deed = self._merging(subject, key, _author(subject), actor)
        else:
            asked = account_of(payload.requested_reviewer)
            deed = Deed(
                kind="handover" if asked is None else "review",
                sender=actor,
                to=(asked or account_of(payload.assignee),),
                sent_at=happened,
                key=f"{key}:{payload.action}:{outer.id or happened}",
            )
            if payload.action not in ("assigned", "review_requested"):
                return WorkMessage(refused="no_addressee")
        return WorkMessage(
            key=f"{key}:{payload.action}:{outer.id or happened}",
            item=key,
            author=actor,
            sent_at=happened,
            deeds=(deed,),
        )
