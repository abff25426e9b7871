"""Pull requests, reviews, comments and events of GitHub, invented and real."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnknownFormatError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.github import GitHub
from orgnet_connectors.gitlab import GitLab
from orgnet_connectors.jira import Jira
from support import shared

REPOSITORY = "https://api.github.example/repos/acme/tool"


def user(login: str, **more: Any) -> dict[str, Any]:
    return {"login": login, "id": 1, "type": "User", **more}


def pull(number: int = 7, author: Any = "Aya", **more: Any) -> dict[str, Any]:
    return {
        "url": f"{REPOSITORY}/pulls/{number}",
        "html_url": f"https://github.example/acme/tool/pull/{number}",
        "number": number,
        "state": "closed",
        "title": "secret",
        "body": "secret",
        "user": user(author) if isinstance(author, str) else author,
        "created_at": "2026-03-02T09:00:00Z",
        "merged_at": None,
        "assignees": [],
        "requested_reviewers": [],
        "author_association": "MEMBER",
        "head": {"ref": "secret"},
        **more,
    }


def review(author: Any = "ben", number: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": 90,
        "user": user(author) if isinstance(author, str) else author,
        "body": "secret",
        "state": "APPROVED",
        "pull_request_url": f"{REPOSITORY}/pulls/{number}",
        "submitted_at": "2026-03-03T09:00:00Z",
        "author_association": "MEMBER",
        **more,
    }


def diff_comment(id: int, author: str, number: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "user": user(author),
        "diff_hunk": "secret",
        "pull_request_url": f"{REPOSITORY}/pulls/{number}",
        "created_at": "2026-03-03T09:00:00Z",
        **more,
    }


def comment(id: int, author: str, number: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "user": user(author),
        "issue_url": f"{REPOSITORY}/issues/{number}",
        "created_at": "2026-03-04T09:00:00Z",
        "author_association": "MEMBER",
        "body": "secret",
        **more,
    }


def written(folder: Path, content: Any, name: str = "pulls.json") -> Source:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return Source(path)


def lines(folder: Path, *objects: Any) -> Source:
    path = folder / "events.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return Source(path)


def read(source: Source) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    rows = [
        row for batch in GitHub().read(source, ReadOptions(), ledger) for row in batch.to_pylist()
    ]
    assert ledger.interactions == len(rows)
    assert "secret" not in str(rows) + str(ledger)
    return rows, ledger


def ties(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (
            row["kind"],
            row["sender"].removeprefix("github:"),
            row["recipient"].removeprefix("github:"),
        )
        for row in rows
    ]


def claims(source: Source) -> list[str]:
    readers: list[Connector] = [GitHub(), GitLab(), Jira()]
    return [one.name for one in readers if one.recognise(source) is not None]


def test_it_is_a_connector() -> None:
    assert isinstance(GitHub(), Connector)


def test_pull_request_names_assignees_reviewers_and_who_merged(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        [
            pull(
                assignees=[user("cy")],
                requested_reviewers=[user("ben")],
                merged_by=user("Dee"),
                merged_at="2026-03-05T09:00:00Z",
            )
        ],
    )

    rows, ledger = read(source)

    assert ties(rows) == [
        ("handover", "aya", "cy"),
        ("review", "aya", "ben"),
        ("review", "dee", "aya"),
    ]
    assert rows[2]["sent_at"].isoformat() == "2026-03-05T09:00:00+00:00"
    assert {row["thread"] for row in rows} == {"github:acme/tool#7"}
    assert {row["channel"] for row in rows} == {"work"}
    assert (ledger.read, ledger.kept) == (1, 1)
    assert claims(source) == ["github"]


def test_files_of_a_folder_find_what_they_are_about(tmp_path: Path) -> None:
    written(tmp_path, [review()], "a_reviews.json")
    written(tmp_path, [diff_comment(1, "ben"), diff_comment(2, "aya", in_reply_to_id=1)], "b.json")
    written(tmp_path, [comment(3, "cy"), comment(4, "aya")], "c.json")
    written(tmp_path, [pull(assignees=[user("dee")])], "d_pulls.json")
    source = Source(tmp_path)

    rows, ledger = read(source)

    assert ties(rows) == [
        ("review", "ben", "aya"),
        ("review", "ben", "dee"),
        ("reply", "ben", "aya"),
        ("reply", "ben", "dee"),
        ("reply", "aya", "ben"),
        ("reply", "cy", "aya"),
        ("reply", "cy", "dee"),
        ("reply", "aya", "dee"),
        ("handover", "aya", "dee"),
    ]
    assert (ledger.read, ledger.kept) == (6, 6)
    assert claims(source) == ["github"]


def test_folder_with_other_files_is_not_claimed(tmp_path: Path) -> None:
    written(tmp_path, [pull()])
    (tmp_path / "people.csv").write_text("id,department\n", encoding="utf-8")

    assert GitHub().recognise(Source(tmp_path)) is None


def test_review_without_its_pull_request_is_counted(tmp_path: Path) -> None:
    _, ledger = read(written(tmp_path, [review(), review(number=8)]))

    assert ledger.skipped == {"no_item": 1, "duplicate": 1}


def test_pages_that_were_put_together_are_one_list(tmp_path: Path) -> None:
    path = tmp_path / "pulls.json"
    pages = [[pull(1, merged_by=user("ben"), merged_at="2026-03-05T09:00:00Z")], [pull(2)]]
    path.write_text("".join(json.dumps(page, indent=1) for page in pages), encoding="utf-8")

    _, ledger = read(Source(path))

    assert (ledger.kept, dict(ledger.skipped)) == (1, {"no_addressee": 1})


@pytest.mark.parametrize(
    ("author", "identity"),
    [
        (None, "github:ghost"),
        ({}, "github:ghost"),
        (user("ci[bot]"), "github:ci[bot]"),
        (user("tester", type="Bot"), "github:tester"),
    ],
)
def test_programs_and_deleted_accounts_are_bots(tmp_path: Path, author: Any, identity: str) -> None:
    _, ledger = read(written(tmp_path, [pull(), review(author)]))

    assert ledger.profiles[identity].kind == "bot"
    assert ledger.profiles["github:aya"].kind == "person"


def test_pending_review_has_no_date(tmp_path: Path) -> None:
    _, ledger = read(written(tmp_path, [pull(), review(state="PENDING", submitted_at=None)]))

    assert ledger.skipped == {"no_addressee": 1, "no_date": 1}


def test_output_of_the_command_line_has_everything_nested(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        [
            {
                "number": 7,
                "url": "https://github.example/acme/tool/pull/7",
                "author": {"login": "aya", "name": "Aya Ito", "is_bot": False},
                "createdAt": "2026-03-02T09:00:00Z",
                "mergedAt": "2026-03-05T09:00:00Z",
                "mergedBy": {"login": "app/merger", "is_bot": True},
                "reviewRequests": [{"__typename": "Team", "name": "core"}],
                "reviews": [
                    {"id": "R1", "author": {"login": "ben"}, "submittedAt": "2026-03-03T09:00:00Z"}
                ],
                "comments": [
                    {"id": "C1", "author": {"login": "cy"}, "createdAt": "2026-03-04T09:00:00Z"}
                ],
            }
        ],
    )

    rows, ledger = read(source)

    assert ties(rows) == [
        ("review", "app/merger", "aya"),
        ("review", "ben", "aya"),
        ("reply", "cy", "aya"),
    ]
    assert (ledger.read, ledger.kept) == (3, 3)
    assert ledger.profiles["github:aya"].name == "Aya Ito"
    assert ledger.profiles["github:app/merger"].kind == "bot"
    assert claims(source) == ["github"]


def event(type: str, actor: str, payload: dict[str, Any], id: str = "1") -> dict[str, Any]:
    return {
        "id": id,
        "type": type,
        "actor": {"login": actor},
        "repo": {"name": "acme/tool"},
        "payload": payload,
        "created_at": "2026-03-05T09:00:00Z",
    }


EVENTS = [
    event("PushEvent", "aya", {"size": 1}),
    event(
        "PullRequestReviewEvent",
        "ben",
        {"action": "created", "pull_request": pull(), "review": review()},
    ),
    event(
        "PullRequestReviewCommentEvent",
        "cy",
        {
            "action": "created",
            "pull_request": pull(),
            "comment": diff_comment(5, "cy", in_reply_to_id=4),
        },
    ),
    event(
        "IssueCommentEvent",
        "cy",
        {"action": "created", "issue": pull(8), "comment": comment(6, "cy", 8)},
    ),
    event(
        "IssueCommentEvent",
        "cy",
        {"action": "edited", "issue": pull(8), "comment": comment(6, "cy", 8)},
    ),
    event("IssuesEvent", "aya", {"action": "assigned", "issue": pull(8), "assignee": user("ben")}),
    event(
        "PullRequestEvent",
        "dee",
        {
            "action": "closed",
            "pull_request": pull(merged_at="2026-03-05T09:00:00Z", merged_by=None),
        },
    ),
    event("PullRequestEvent", "dee", {"action": "closed", "pull_request": pull(9)}),
    event(
        "PullRequestEvent",
        "aya",
        {"action": "opened", "pull_request": pull(10, requested_reviewers=[user("ben")])},
    ),
    event(
        "PullRequestEvent",
        "aya",
        {"action": "review_requested", "pull_request": pull(10), "requested_reviewer": user("cy")},
    ),
]


def test_events_of_the_archive_tell_who_did_what_to_whom(tmp_path: Path) -> None:
    source = lines(tmp_path, *EVENTS)

    rows, ledger = read(source)

    assert ties(rows) == [
        ("review", "ben", "aya"),
        ("reply", "cy", "aya"),
        ("reply", "cy", "aya"),
        ("handover", "aya", "ben"),
        ("review", "dee", "aya"),
        ("review", "aya", "ben"),
        ("review", "aya", "cy"),
    ]
    assert (ledger.read, dict(ledger.skipped)) == (10, {"no_addressee": 3})
    assert claims(source) == ["github"]


def test_compressed_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-05-9.json.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, EVENTS)).encode()))

    _, ledger = read(Source(path))

    assert ledger.kept == 7
    assert claims(Source(path)) == ["github"]


def test_same_message_has_one_key_in_events_and_lists(tmp_path: Path) -> None:
    listed, _ = read(written(tmp_path, [pull(), review()]))
    happened, _ = read(lines(tmp_path, EVENTS[0], EVENTS[1]))

    assert [row["message"] for row in listed] == [row["message"] for row in happened]


def test_damaged_line_is_counted_and_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    first, second, third = (json.dumps(one) for one in EVENTS[1:4])
    path.write_text(f"{first}\n{second[:200]}\n{third}\n{third[:9]}", encoding="utf-8")

    _, ledger = read(Source(path))

    assert (ledger.kept, dict(ledger.skipped)) == (2, {"unreadable": 2})
    assert ledger.truncated == "the JSON ends early or is damaged"


def test_object_of_another_kind_is_unreadable(tmp_path: Path) -> None:
    _, ledger = read(written(tmp_path, [pull(), {"id": 7}, {"number": "seven"}]))

    assert ledger.skipped == {"no_addressee": 1, "unreadable": 2}


def test_other_json_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, [{"id": 1, "user": "aya"}])

    assert claims(source) == []
    with pytest.raises(UnknownFormatError, match=r"pulls\.json: no JSON of GitHub"):
        read(source)


def test_file_that_ends_in_its_first_object_is_truncated(tmp_path: Path) -> None:
    path = tmp_path / "pulls.json"
    path.write_text("[" + json.dumps(pull())[:-5], encoding="utf-8")

    _, ledger = read(Source(path))

    assert ledger.skipped == {"unreadable": 1}
    assert ledger.truncated


def test_published_reviews_and_comments_are_counted() -> None:
    source = Source(shared("samples/github"))

    rows, ledger = read(source)

    assert claims(source) == ["github"]
    assert (rows, ledger.read, dict(ledger.skipped)) == ([], 4, {"no_item": 4})


def test_published_reviews_find_an_author_beside_them(tmp_path: Path) -> None:
    path = shared("samples/github/pull_request_1_reviews.json")
    (tmp_path / "reviews.json").write_bytes(path.read_bytes())
    item = pull(88)
    item["url"] = "https://api.github.com/repos/zhquan_example/repo/pulls/88"
    written(tmp_path, [item])

    rows, _ = read(Source(tmp_path))

    assert ties(rows) == [("review", "zhquan_example", "aya"), ("review", "ghost", "aya")]


def test_wrapping_of_a_collecting_tool_is_looked_through(tmp_path: Path) -> None:
    wrapped = {
        "backend_name": "GitHub",
        "data": pull(reviews_data=[review()], review_comments_data=[diff_comment(1, "cy")]),
    }
    source = lines(tmp_path, wrapped, {**wrapped, "data": pull(8)})

    rows, ledger = read(source)

    assert ties(rows) == [("review", "ben", "aya"), ("reply", "cy", "aya")]
    assert ledger.read == 4
    assert claims(source) == ["github"]


def test_empty_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError):
        read(written(tmp_path, []))
