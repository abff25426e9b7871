"""Jira issues in JSON, as the search of its REST interface gives them, with their history."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from orgnet.schema import Ledger, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.jira_issues import Assignment, Comment, Issue, jira_account
from orgnet_connectors.json_objects import decoded_objects, json_names
from orgnet_connectors.work_records import Account

#: The names under which pages have issues or, from another address, comments.
LISTS = ("issues", "comments")


class User(msgspec.Struct):
    """An account as Jira writes it."""

    accountId: str | None = None
    accountType: str | None = None
    name: str | None = None
    key: str | None = None
    displayName: str | None = None
    emailAddress: str | None = None


class StatedComment(msgspec.Struct):
    """A comment without its text."""

    author: User | None = None
    created: str | None = None


class Comments(msgspec.Struct):
    """The comments of an issue, or the first of them."""

    comments: list[StatedComment] = []
    total: int | None = None


class Change(msgspec.Struct):
    """One field that was changed."""

    field: str | None = None
    before: str | None = msgspec.field(default=None, name="from")
    after: str | None = msgspec.field(default=None, name="to")
    before_name: str | None = msgspec.field(default=None, name="fromString")
    after_name: str | None = msgspec.field(default=None, name="toString")


class History(msgspec.Struct):
    """Fields that were changed at one time."""

    created: str | None = None
    items: list[Change] = []


class Changelog(msgspec.Struct):
    """The history of an issue."""

    histories: list[History] = []


class Fields(msgspec.Struct):
    """What is read of an issue's fields."""

    creator: User | None = None
    reporter: User | None = None
    assignee: User | None = None
    created: str | None = None
    comment: Comments | None = None


class StatedIssue(msgspec.Struct):
    """An issue; without `key` and `fields` it is something else, such as a comment."""

    key: str | None = None
    fields: Fields | None = None
    changelog: Changelog | None = None


_DECODER = msgspec.json.Decoder(StatedIssue)


def is_jira_json(source: Source) -> str | None:
    """Say why a file holds issues in JSON, or None where it does not."""
    names = json_names(source)
    for prefix in ("issues.", ""):
        people = (f"{prefix}fields.{who}" for who in ("reporter", "assignee", "creator"))
        if f"{prefix}key" in names and any(name in names for name in people):
            return f"JSON with {prefix}key and {prefix}fields as Jira writes them"
    if {"comments.updateAuthor", "comments.author.displayName"} <= names:
        return "JSON with comments as Jira writes them, without their issues"
    return None


def read_issues(source: Source, ledger: Ledger) -> Iterator[tuple[str, Issue | None]]:
    """Yield the place of every issue and what is read of it, None where that is nothing.

    An issue without a key is a comment on its own, which addresses nobody.
    """
    reader = _Reader(ledger)
    for place, stated in decoded_objects([source], _DECODER, ledger, lists=LISTS):
        yield place, None if stated is None else reader.issue(stated, place)


class _Reader:
    """Turns what Jira states into issues, and remembers who goes by which key."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read_time = TimeReader(day_first=None, zone=zone_of(None))
        #: user names and keys of accounts -> the account; histories state either
        self._accounts: dict[str, Account] = {}

    def issue(self, stated: StatedIssue, place: str) -> Issue:
        fields = stated.fields or Fields()
        creator, reporter = self._account(fields.creator), self._account(fields.reporter)
        assignee = self._account(fields.assignee)
        issue = Issue(
            key=stated.key or "",
            created=self._time(fields.created),
            reporter=reporter or creator,
            assignee=assignee,
            first_assignee=assignee,
            has_history=stated.changelog is not None,
        )
        listed = fields.comment or Comments()
        for comment in listed.comments:
            author, sent_at = self._account(comment.author), self._time(comment.created)
            if author is not None and sent_at is not None:
                issue.comments.append(Comment(author=author, sent_at=sent_at))
        if listed.total is not None and listed.total > len(listed.comments):
            self._ledger.note(
                "comments_cut",
                place=place,
                found=f"{len(listed.comments):,} of {listed.total:,} comments",
                remedy="export the comments of each issue",
            )
        if stated.changelog is not None:
            self._follow(stated.changelog, issue)
        return issue

    def _follow(self, changelog: Changelog, issue: Issue) -> None:
        """Add who had an issue when; the earliest change also tells who had it first."""
        first: tuple[int, Account | None] | None = None
        for history in changelog.histories:
            sent_at = self._time(history.created)
            for change in history.items:
                if change.field != "assignee" or sent_at is None:
                    continue
                if first is None or sent_at < first[0]:
                    first = sent_at, self._named(change.before, change.before_name)
                to = self._named(change.after, change.after_name)
                issue.assignments.append(Assignment(to=to, sent_at=sent_at))
        if first is not None:
            issue.first_assignee = first[1]

    def _account(self, user: User | None) -> Account | None:
        if user is None:
            return None
        id = user.accountId or user.name or user.key or user.emailAddress or ""
        account = jira_account(id, name=user.displayName, email=user.emailAddress or "")
        if account is None:
            return None
        aliases = tuple(
            name for name in (user.name, user.key) if name and f"jira:{name}" != account.identity
        )
        account = Account(
            identity=account.identity,
            name=account.name,
            email=account.email,
            aliases=aliases,
            bot=account.bot or user.accountType == "app",
        )
        for name in (user.accountId, user.name, user.key):
            if name:
                self._accounts[name] = account
        return account

    def _named(self, id: str | None, name: str | None) -> Account | None:
        if not id:
            return None
        return self._accounts.get(id) or jira_account(id, name=name)

    def _time(self, text: str | None) -> int | None:
        return None if text is None else self._read_time(text)
