"""The parts of GitHub's JSON that are read; texts, diffs and addresses of pages stay undecoded."""

from __future__ import annotations

import msgspec


class User(msgspec.Struct):
    """An account; empty or null for a deleted one."""

    login: str | None = None
    type: str | None = None
    name: str | None = None
    is_bot: bool | None = None


class Repository(msgspec.Struct):
    """Where an event took place."""

    name: str | None = None


class Comment(msgspec.Struct):
    """A comment or review within another object, in either of GitHub's spellings."""

    id: int | str | None = None
    user: User | None = None
    author: User | None = None
    state: str | None = None
    created_at: str | None = None
    createdAt: str | None = None
    submitted_at: str | None = None
    submittedAt: str | None = None
    in_reply_to_id: int | None = None
    pull_request_url: str | None = None
    issue_url: str | None = None


class Item(Comment):
    """A pull request, issue, review or comment: which one, its fields tell.

    `comments` is a number in one spelling and a list in the other.
    """

    number: int | None = None
    url: str | None = None
    html_url: str | None = None
    merged_at: str | None = None
    mergedAt: str | None = None
    merged_by: User | None = None
    mergedBy: User | None = None
    assignee: User | None = None
    assignees: list[User] | None = None
    requested_reviewers: list[User] | None = None
    reviewRequests: list[User] | None = None
    comments: int | list[Comment] | None = None
    reviews: list[Comment] | None = None
    reviews_data: list[Comment] | None = None
    review_comments_data: list[Comment] | None = None
    comments_data: list[Comment] | None = None


class Payload(msgspec.Struct):
    """What an event was about."""

    action: str | None = None
    pull_request: Item | None = None
    issue: Item | None = None
    review: Comment | None = None
    comment: Comment | None = None
    assignee: User | None = None
    requested_reviewer: User | None = None


class Outer(Item):
    """What an object of a file may be: an item, an event, or an item that a tool has wrapped."""

    type: str | None = None
    actor: User | None = None
    repo: Repository | None = None
    payload: Payload | None = None
    data: Item | None = None
