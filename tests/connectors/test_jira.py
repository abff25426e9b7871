"""Jira issues in CSV and JSON, as Cloud and Server write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, UnknownFormatError, UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.jira import Jira
from orgnet_connectors.roster import Roster
from support import shared

OTHERS: list[Connector] = [Jira(), EdgeList(), InteractionsCsv(), Roster()]
HEADER = (
    "Summary,Issue key,Issue id,Status,Assignee,Assignee Id,Reporter,Reporter Id,Created,"
    "Labels,Labels,Watchers,Description,Comment,Comment,Comment\n"
)


def row(
    key: str = "OPS-1",
    *,
    assignee: str = "Ben Osei,712020:b",
    reporter: str = "Aya Ito,712020:a",
    created: str = "02/Mar/26 9:00 AM",
    comments: str = ",,",
) -> str:
    return f'"secret, title",{key},1,Done,{assignee},{reporter},{created},ui,,Cy,"no",{comments}\n'


def written(tmp_path: Path, text: str, name: str = "jira.csv", encoding: str = "utf-8") -> Source:
    path = tmp_path / name
    path.write_text(text, encoding=encoding, newline="")
    return Source(path)


def written_json(tmp_path: Path, *pages: Any) -> Source:
    return written(tmp_path, "\n".join(json.dumps(page) for page in pages), "jira.json")


def read(source: Source, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = Jira().read(source, ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return rows, ledger


def ties(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (row["kind"], row["sender"].removeprefix("jira:"), row["recipient"].removeprefix("jira:"))
        for row in rows
    ]


def claims(source: Source) -> list[str]:
    return [one.name for one in OTHERS if one.recognise(source) is not None]


def test_it_is_a_connector() -> None:
    assert isinstance(Jira(), Connector)


def test_every_comment_of_repeated_headings_is_a_reply(tmp_path: Path) -> None:
    comments = (
        '"02/Mar/26 9:30 AM;712020:c;secret; with semicolons\r\nand a line end",'
        "03/Mar/26 10:00 AM;712020:b;done,"
    )
    source = written(tmp_path, HEADER + row(comments=comments))

    rows, ledger = read(source)

    assert ties(rows) == [
        ("handover", "712020:a", "712020:b"),
        ("reply", "712020:c", "712020:a"),
        ("reply", "712020:c", "712020:b"),
        ("reply", "712020:b", "712020:a"),
    ]
    assert [row["recipients"] for row in rows] == [1, 2, 2, 1]
    assert rows[1]["sent_at"].isoformat() == "2026-03-02T09:30:00+00:00"
    assert {row["channel"] for row in rows} == {"work"}
    assert {row["thread"] for row in rows} == {"jira:OPS-1"}
    assert ledger.profiles["jira:712020:b"].name == "Ben Osei"
    assert (ledger.read, ledger.kept) == (1, 1)
    assert claims(source) == ["jira"]


def test_nothing_of_the_content_comes_out(tmp_path: Path) -> None:
    rows, ledger = read(written(tmp_path, HEADER + row(comments="x;712020:c;secret,,")))

    assert "secret" not in str(rows) + str(ledger)
    assert {"Summary", "Labels", "Watchers", "Description"} <= ledger.dropped_unread


def test_description_of_many_lines_is_one_cell(tmp_path: Path) -> None:
    long = row().replace('"no"', '"' + "line of a log\n" * 900 + '"')
    source = written(tmp_path, HEADER + long + row("OPS-2"))

    _, ledger = read(source)

    assert (ledger.kept, ledger.skipped.total()) == (2, 0)
    assert claims(source) == ["jira"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Issue key;Assignee;Reporter;Created\nOPS-1;ben;aya;2026-03-02 09:00\n", "utf-8-sig"),
        ("sep=,\nIssue key,Assignee,Reporter,Created\nOPS-1,ben,aya,02/Mar/26 9:00 AM\n", "utf-8"),
        (
            "Vorgangsschlüssel;Autor;Zugewiesene Person;Erstellt\nOPS-1;aya;ben;2026-03-02\n",
            "cp1252",
        ),
        ("Key,Creator,Assignee,Created\nOPS-1,aya,ben,27/02/2026 09:00\n", "utf-16"),
    ],
)
def test_delimiters_encodings_and_languages(tmp_path: Path, text: str, encoding: str) -> None:
    source = written(tmp_path, text, encoding=encoding)

    assert ties(read(source)[0]) == [("handover", "aya", "ben")]
    assert claims(source) == ["jira"]


@pytest.mark.parametrize(
    "nobody", ["Former user", "Automation for Jira", "a@connect.atlassian.com"]
)
def test_programs_and_deleted_accounts_are_bots(tmp_path: Path, nobody: str) -> None:
    _, ledger = read(written(tmp_path, HEADER + row(reporter=f"{nobody},")))

    assert {p.kind for p in ledger.profiles.values() if p.identity != "jira:712020:b"} == {"bot"}


def test_issue_between_nobody_is_counted_as_such(tmp_path: Path) -> None:
    text = HEADER + row(assignee=",") + row("OPS-2", reporter="Ben Osei,712020:b")

    _, ledger = read(written(tmp_path, text))

    assert ledger.skipped == {"no_addressee": 2}


def test_issue_twice_and_issue_without_a_date_are_counted(tmp_path: Path) -> None:
    text = HEADER + row() + row() + row("OPS-3", created="soon")

    _, ledger = read(written(tmp_path, text))

    assert ledger.skipped == {"duplicate": 1, "no_date": 1}
    assert ledger.problems["no_date"][0].place == "line 4"


def test_file_that_ends_within_a_cell_is_truncated(tmp_path: Path) -> None:
    _, ledger = read(written(tmp_path, HEADER + row() + '"secret, title",OPS-2,"unfini'))

    assert (ledger.kept, dict(ledger.skipped)) == (1, {"unreadable": 1})
    assert ledger.truncated == "the file ends within a quoted cell"


def test_zone_of_the_exporting_person_is_an_option(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + row())

    rows, ledger = read(source, timezone="Europe/Paris")

    assert rows[0]["sent_at"].isoformat() == "2026-03-02T08:00:00+00:00"
    assert any("Europe/Paris" in note for note in ledger.ambiguous)


def test_order_of_day_and_month_is_asked_for(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + row(created="02/03/2026 09:00"))

    with pytest.raises(AmbiguousInputError, match=r"jira\.csv: .*--day-first"):
        read(source)
    assert read(source, day_first=True)[0][0]["sent_at"].month == 3


def test_other_tables_are_not_claimed(tmp_path: Path) -> None:
    source = written(tmp_path, "key,assignee,created\n7,ben,2026-03-02\n")

    assert Jira().recognise(source) is None
    with pytest.raises(UnknownFormatError, match="no issues of Jira"):
        read(source)


def test_headings_without_issues_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no issues in it"):
        read(written(tmp_path, HEADER))


AYA = {"accountId": "712020:a", "accountType": "atlassian", "displayName": "Aya Ito"}
BEN = {"accountId": "712020:b", "emailAddress": "Ben@example.com", "displayName": "Ben Osei"}
CY = {"accountId": "712020:c", "displayName": "Cy Lund"}
APP = {"accountId": "557058:x", "accountType": "app", "displayName": "Deployments"}


def issue(key: str = "OPS-1", **fields: Any) -> dict[str, Any]:
    created = {"created": "2026-03-02T09:00:00.000+0100", "summary": "secret"}
    return {
        "id": "1",
        "key": key,
        "fields": {**created, "reporter": AYA, "assignee": BEN, **fields},
    }


def changed(*steps: tuple[str, str | None, str | None]) -> dict[str, Any]:
    histories = [
        {
            "created": when,
            "author": AYA,
            "items": [
                {"field": "status", "from": "1", "to": "2"},
                {"field": "assignee", "from": before, "to": after, "toString": "Somebody"},
            ],
        }
        for when, before, after in steps
    ]
    return {"changelog": {"histories": histories}}


def test_history_gives_every_handover_in_order_of_time(tmp_path: Path) -> None:
    steps = changed(
        ("2026-03-05T09:00:00.000+0100", "712020:c", "712020:b"),
        ("2026-03-03T09:00:00.000+0100", "712020:d", "712020:c"),
    )

    rows, _ = read(written_json(tmp_path, {"total": 1, "issues": [issue() | steps]}))

    assert ties(rows) == [
        ("handover", "712020:a", "712020:d"),
        ("handover", "712020:d", "712020:c"),
        ("handover", "712020:c", "712020:b"),
    ]
    assert [row["sent_at"].isoformat() for row in rows] == [
        "2026-03-02T08:00:00+00:00",
        "2026-03-03T08:00:00+00:00",
        "2026-03-05T08:00:00+00:00",
    ]


def test_issue_that_lay_unassigned_comes_from_its_last_holder(tmp_path: Path) -> None:
    steps = changed(
        ("2026-03-03T09:00:00.000+0100", "712020:c", None),
        ("2026-03-04T09:00:00.000+0100", None, "712020:b"),
    )

    rows, _ = read(written_json(tmp_path, {"issues": [issue() | steps]}))

    assert ties(rows)[1:] == [("handover", "712020:c", "712020:b")]


def test_comment_goes_to_whoever_had_the_issue_then(tmp_path: Path) -> None:
    said = {"author": CY, "created": "2026-03-03T09:00:00.000+0100", "body": "secret"}
    steps = changed(("2026-03-04T09:00:00.000+0100", "712020:d", "712020:b"))
    page = {"issues": [issue(comment={"comments": [said], "total": 3}) | steps]}

    rows, ledger = read(written_json(tmp_path, page))

    assert ("reply", "712020:c", "712020:d") in ties(rows)
    assert ("reply", "712020:c", "712020:b") not in ties(rows)
    assert ledger.problems["comments_cut"][0].found == "1 of 3 comments"
    assert "secret" not in str(rows) + str(ledger)


def test_accounts_of_a_server_are_followed_through_their_keys(tmp_path: Path) -> None:
    ben = {"name": "ben", "key": "JIRAUSER10100", "displayName": "Ben Osei"}
    steps = changed(("2026-03-04T09:00:00.000+0100", "aya", "JIRAUSER10100"))

    rows, _ = read(
        written_json(tmp_path, {"issues": [issue(assignee=ben, reporter={"name": "aya"}) | steps]})
    )

    assert ties(rows) == [("handover", "aya", "ben")]


def test_profiles_have_addresses_and_kinds(tmp_path: Path) -> None:
    _, ledger = read(written_json(tmp_path, {"issues": [issue(), issue("OPS-2", reporter=APP)]}))

    assert ledger.profiles["jira:712020:b"].emails == ("ben@example.com",)
    assert ledger.profiles["jira:557058:x"].kind == "bot"


def test_pages_one_after_the_other_are_one_export(tmp_path: Path) -> None:
    pages = [{"startAt": 0, "issues": [issue()]}, {"startAt": 1, "issues": [issue(), issue("X-1")]}]
    source = written_json(tmp_path, *pages)

    _, ledger = read(source)

    assert (ledger.kept, dict(ledger.skipped)) == (2, {"duplicate": 1})
    assert claims(source) == ["jira"]


def test_same_comment_has_one_key_in_csv_and_json(tmp_path: Path) -> None:
    comments = "02/Mar/26 9:30 AM;712020:c;secret,,"
    said = {"author": CY, "created": "2026-03-02T09:30:41.000+0000"}

    of_csv, _ = read(written(tmp_path, HEADER + row(comments=comments)))
    of_json, _ = read(written_json(tmp_path, {"issues": [issue(comment={"comments": [said]})]}))

    assert {row["message"] for row in of_csv} == {row["message"] for row in of_json}


def test_missing_history_is_noted_once_a_file(tmp_path: Path) -> None:
    steps = changed(("2026-03-04T09:00:00.000+0100", "712020:d", "712020:b"))

    _, without = read(written(tmp_path, HEADER + row() + row("OPS-2")))
    _, partly = read(written_json(tmp_path, {"issues": [issue() | steps, issue("OPS-2")]}))
    _, wholly = read(written_json(tmp_path, {"issues": [issue() | steps]}))

    assert "2 issues do not tell who had them in between" in " ".join(without.ambiguous)
    assert "1 issues do not tell who had them in between" in " ".join(partly.ambiguous)
    assert wholly.ambiguous == []


def test_comments_without_their_issues_address_nobody(tmp_path: Path) -> None:
    said = {"author": CY, "updateAuthor": CY, "created": "2026-03-02T09:30:41.000+0000"}

    _, ledger = read(written_json(tmp_path, {"startAt": 0, "comments": [said, said]}))

    assert ledger.skipped == {"no_issue": 2}


def test_published_pages_are_read() -> None:
    rows, ledger = read(Source(shared("samples/jira/jira_issues_page_1.json")))

    assert ties(rows) == [("handover", "user2", "user1")] * 2
    assert (ledger.read, ledger.kept) == (2, 2)


def test_comments_of_the_published_page_are_counted() -> None:
    _, ledger = read(Source(shared("samples/jira/jira_comments_issue_page_1.json")))

    assert ledger.skipped == {"no_issue": 2}
