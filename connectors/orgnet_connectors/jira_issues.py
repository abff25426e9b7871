"""A Jira issue as far as it is read, and the records that come of it."""

from __future__ import annotations

import re

from msgspec import Struct, field

from orgnet_connectors.work_records import Account, WorkRecords

#: What stands for an account that is nobody in particular.
_PROGRAMS = re.compile(
    r"automation for jira|former user|.*@connect\.atlassian\.com|.*\(app\)|.*\bbot",
    re.IGNORECASE,
)
_NOBODY = frozenset({"", "unassigned", "anonymous", "-", "null", "none"})
_MINUTE_US = 60_000_000


class Comment(Struct, frozen=True, kw_only=True):
    """Who wrote a comment, and when in microseconds since 1970."""

    author: Account
    sent_at: int


class Assignment(Struct, frozen=True, kw_only=True):
    """Who got an issue, and when in microseconds since 1970; None where it was given to nobody."""

    to: Account | None
    sent_at: int


class Issue(Struct, kw_only=True):
    """One issue.

    Parameters
    ----------
    key
        ``OPS-12``.
    created
        Microseconds since 1970; None where it is not known.
    reporter, assignee
        Whoever reported it and has it now; None for nobody.
    first_assignee
        Whoever had it when it was created; the same as `assignee` where the history is unknown.
    comments, assignments
        In any order.
    has_history
        True where the file tells who had it when.
    """

    key: str
    created: int | None = None
    reporter: Account | None = None
    assignee: Account | None = None
    first_assignee: Account | None = None
    comments: list[Comment] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    has_history: bool = False


def jira_account(id: str, *, name: str | None = None, email: str = "") -> Account | None:
    """Make an account of what Jira states; None for nobody.

    Parameters
    ----------
    id
        Account id or user name; where neither is stated the display name.
    name
        Display name.
    email
        Address, which Jira hides from most.

    Examples
    --------
    >>> jira_account("712020:b", name="Ben Osei").identity, jira_account("Unassigned")
    ('jira:712020:b', None)
    >>> jira_account("5f1", name="Automation for Jira").bot
    True
    """
    id = id.strip()
    if id.lower() in _NOBODY:
        return None
    address = email.strip().lower() or (id.lower() if "@" in id else "")
    return Account(
        identity=id.lower() if "@" in id else f"jira:{id}",
        name=name or None,
        email=address,
        bot=any(_PROGRAMS.fullmatch(text) for text in (id, name or "", address)),
    )


def write_issue(issue: Issue, records: WorkRecords) -> bool:
    """Write the handovers and comments of an issue; False where they are between nobody.

    The reporter hands an issue to its first assignee, and every assignee to the next. A comment
    is a reply to the reporter and to whoever had the issue then.
    """
    thread = f"jira:{issue.key}"
    written = False
    holder, had_it = issue.reporter, issue.first_assignee
    #: since when -> who had it
    held: list[tuple[int, Account | None]] = [(-1, had_it)]
    if issue.created is not None:
        written |= records.write(
            "handover", holder, [had_it], issue.created, f"{thread}:created", thread=thread
        )
    holder = had_it or holder
    for assignment in sorted(issue.assignments, key=lambda each: each.sent_at):
        held.append((assignment.sent_at, assignment.to))
        if assignment.to is None:
            continue
        written |= records.write(
            "handover",
            holder,
            [assignment.to],
            assignment.sent_at,
            f"{thread}:{assignment.sent_at}:{assignment.to.identity}",
            thread=thread,
        )
        holder = assignment.to
    for comment in sorted(issue.comments, key=lambda each: each.sent_at):
        had_it = next(who for since, who in reversed(held) if since <= comment.sent_at)
        written |= records.write(
            "reply",
            comment.author,
            [issue.reporter, had_it],
            comment.sent_at,
            f"{thread}:{comment.author.identity}:{comment.sent_at // _MINUTE_US}",
            thread=thread,
        )
    return written
