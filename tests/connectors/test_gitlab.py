"""Merge requests, notes and discussions of GitLab, invented and real."""

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


def user(username: str, **more: Any) -> dict[str, Any]:
    return {"id": 1, "username": username, "name": username.title(), "state": "active", **more}


def change(id: int = 70, author: str = "aya", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "iid": 7,
        "project_id": 3,
        "title": "secret",
        "description": "secret",
        "author": user(author),
        "assignee": None,
        "assignees": [],
        "reviewers": [],
        "source_branch": "secret",
        "merge_status": "merged",
        "created_at": "2026-03-02T09:00:00.000Z",
        "merged_at": None,
        "merged_by": None,
        "user_notes_count": 2,
        **more,
    }


def note(id: int, author: str, noteable: int = 70, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "author": user(author),
        "body": "secret",
        "created_at": "2026-03-03T09:00:00.482Z",
        "system": False,
        "noteable_id": noteable,
        "noteable_iid": 7,
        "noteable_type": "MergeRequest",
        **more,
    }


def written(folder: Path, content: Any, name: str = "merge_requests.json") -> Source:
    path = folder / name
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return Source(path)


def read(source: Source) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    rows = [
        row for batch in GitLab().read(source, ReadOptions(), ledger) for row in batch.to_pylist()
    ]
    assert ledger.interactions == len(rows)
    assert "secret" not in str(rows) + str(ledger)
    return rows, ledger


def ties(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (
            row["kind"],
            row["sender"].removeprefix("gitlab:"),
            row["recipient"].removeprefix("gitlab:"),
        )
        for row in rows
    ]


def claims(source: Source) -> list[str]:
    readers: list[Connector] = [GitHub(), GitLab(), Jira()]
    return [one.name for one in readers if one.recognise(source) is not None]


def test_it_is_a_connector() -> None:
    assert isinstance(GitLab(), Connector)


def test_merge_request_names_assignees_reviewers_and_who_merged(tmp_path: Path) -> None:
    stated = change(
        assignee=user("cy"),
        assignees=[user("cy")],
        reviewers=[user("ben")],
        merged_by=user("dee"),
        merged_at="2026-03-05T09:00:00.000Z",
    )
    source = written(tmp_path, [stated])

    rows, ledger = read(source)

    assert ties(rows) == [
        ("handover", "aya", "cy"),
        ("review", "aya", "ben"),
        ("review", "dee", "aya"),
    ]
    assert rows[2]["sent_at"].isoformat() == "2026-03-05T09:00:00+00:00"
    assert {row["thread"] for row in rows} == {"gitlab:MergeRequest:70"}
    assert ledger.profiles["gitlab:ben"].name == "Ben"
    assert claims(source) == ["gitlab"]


def test_notes_in_the_folder_answer_author_and_assignee(tmp_path: Path) -> None:
    written(tmp_path, [change(assignee=user("cy"))])
    notes = [note(1, "ben"), note(2, "aya"), note(3, "aya", system=True), note(4, "ben", 99)]
    written(tmp_path, notes, "a_notes.json")
    source = Source(tmp_path)

    rows, ledger = read(source)

    assert ties(rows) == [
        ("reply", "ben", "aya"),
        ("reply", "ben", "cy"),
        ("reply", "aya", "cy"),
        ("handover", "aya", "cy"),
    ]
    assert (ledger.read, dict(ledger.skipped)) == (5, {"system": 1, "no_item": 1})
    assert claims(source) == ["gitlab"]


def test_issue_and_merge_request_of_one_number_are_two_items(tmp_path: Path) -> None:
    issue = {
        k: v for k, v in change(70, "eve").items() if k not in ("source_branch", "merge_status")
    }
    notes = [note(1, "ben"), note(2, "ben", noteable_type="Issue")]
    written(tmp_path, [change(), issue])
    written(tmp_path, notes, "notes.json")

    rows, _ = read(Source(tmp_path))

    assert ties(rows) == [("reply", "ben", "aya"), ("reply", "ben", "eve")]


def test_notes_of_a_discussion_answer_its_first(tmp_path: Path) -> None:
    written(tmp_path, [change()])
    thread = {"id": "6a9c", "individual_note": False, "notes": [note(1, "ben"), note(2, "cy")]}
    written(tmp_path, [thread], "discussions.json")

    rows, ledger = read(Source(tmp_path))

    assert ties(rows) == [("reply", "ben", "aya"), ("reply", "cy", "ben")]
    assert ledger.read == 3


def test_nested_notes_of_a_collecting_tool_are_read(tmp_path: Path) -> None:
    wrapped = {"backend_name": "GitLab", "data": change(notes_data=[note(1, "ben")])}
    source = written(tmp_path, wrapped)

    rows, _ = read(source)

    assert ties(rows) == [("reply", "ben", "aya")]
    assert claims(source) == ["gitlab"]


@pytest.mark.parametrize("name", ["ghost", "project_3_bot_0f3a", "renovate-bot"])
def test_programs_and_deleted_accounts_are_bots(tmp_path: Path, name: str) -> None:
    _, ledger = read(written(tmp_path, [change(reviewers=[user(name)])]))

    assert ledger.profiles[f"gitlab:{name}"].kind == "bot"
    assert ledger.profiles["gitlab:aya"].kind == "person"


def test_note_without_a_date_or_an_author_is_counted(tmp_path: Path) -> None:
    written(tmp_path, [change()])
    notes = [note(1, "ben", created_at=None), {**note(2, "ben"), "author": None}]
    written(tmp_path, notes, "notes.json")

    _, ledger = read(Source(tmp_path))

    assert ledger.skipped == {"no_addressee": 1, "no_date": 1, "unreadable": 1}


def test_other_json_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, [{"iid": 7, "author": "aya"}])

    assert claims(source) == []
    with pytest.raises(UnknownFormatError, match="no JSON of GitLab"):
        read(source)


def test_published_merge_request_and_notes_are_counted() -> None:
    source = Source(shared("samples/gitlab"))

    _, ledger = read(source)

    assert claims(source) == ["gitlab"]
    assert ledger.read == 3
    assert ledger.skipped == {"no_addressee": 1, "system": 1, "no_item": 1}
