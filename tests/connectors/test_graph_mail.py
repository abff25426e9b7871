"""Mail as Microsoft Graph states it: pages, lines, folders, and what the messages hold."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.graph_mail import GraphMail
from orgnet_connectors.mail_headers import read_mail
from support import shared

X500 = "/O=EXCHANGELABS/OU=GROUP (A)/CN=RECIPIENTS/CN=0123-CY"


def box(address: str, name: str = "") -> dict[str, Any]:
    return {"emailAddress": {"name": name, "address": address}}


def message(number: int = 1, author: str = "aya", **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.message",
        "id": f"AAM{number}",
        "internetMessageId": f"<{number}@Example.com>",
        "conversationId": "C1",
        "isDraft": False,
        "sentDateTime": f"2026-03-02T08:{number:02d}:09Z",
        "subject": "secret",
        "bodyPreview": "secret",
        "body": {"contentType": "html", "content": '<p title="x">{"value": [secret}</p>'},
        "from": box(f"{author}@example.com", "Aya Ito"),
        "sender": box("assistant@example.com"),
        "toRecipients": [box("Ben@example.com", "Ben Osei")],
        "ccRecipients": [],
        "bccRecipients": [box("dana@example.com")],
        **more,
    }


def page(*messages: Any) -> str:
    return json.dumps({"@odata.context": "c", "@odata.nextLink": "u", "value": messages})


def read_source(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(GraphMail().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(text: str, encoding: str = "utf-8") -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "messages.json"
        path.write_text(text, encoding=encoding)
        assert GraphMail().recognise(Source(path)) is not None
        return read_source(path)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (row["sender"].partition("@")[0], row["recipient"].partition("@")[0], row["kind"])
        for row in rows
    ]


def test_it_is_a_connector() -> None:
    assert isinstance(GraphMail(), Connector)


def test_one_record_a_recipient_with_the_key_that_the_mail_has_elsewhere(read: Any) -> None:
    copied = [box("cy@example.com"), box("ben@example.com")]
    rows, ledger = read(page(message(ccRecipients=copied)))
    assert pairs(rows) == [("aya", "ben", "to"), ("aya", "cy", "cc")]
    assert {row["sent_at"] for row in rows} == {datetime(2026, 3, 2, 8, 1, 9, tzinfo=UTC)}
    key = read_mail(b"\nMessage-ID: <1@Example.com>").key
    assert {(row["message"], row["thread"], row["recipients"]) for row in rows} == {(key, "C1", 2)}
    assert ledger.profiles["ben@example.com"].name == "Ben Osei"
    assert "dana@example.com" not in ledger.profiles
    assert {"subject", "body", "bodyPreview", "bccRecipients"} <= ledger.dropped_unread


@pytest.mark.parametrize(
    "text",
    [
        page(message(1), message(2)),
        page(message(1)) + "\n" + page(message(2)),
        json.dumps([message(1), message(2)], indent=1),
        json.dumps(message(1)) + "\n" + json.dumps(message(2)) + "\n",
        json.dumps([json.loads(page(message(1))), json.loads(page(message(2)))]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_pages_lists_and_lines_are_read_alike(read: Any, text: str, encoding: str) -> None:
    rows, ledger = read(text, encoding)
    assert [row["message"] for row in rows] == ["1@example.com", "2@example.com"]
    assert (ledger.read, ledger.kept) == (2, 2)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (message(2, isDraft=True), "draft"),
        (message(2, **{"from": None, "sender": None}), "no_sender"),
        (message(2, sentDateTime=None), "no_date"),
        (message(2, toRecipients=[]), "no_addressee"),
        (message(1), "duplicate"),
        (message(2, **{"@odata.type": "#microsoft.graph.eventMessageRequest"}), "meeting"),
        (message(2, meetingMessageType="meetingAccepted"), "meeting"),
        ({"toRecipients": 7}, "no_sender"),
        (
            message(
                2, internetMessageHeaders=[{"name": "Auto-Submitted", "value": "auto-replied"}]
            ),
            "automatic",
        ),
    ],
)
def test_the_ledger_says_why_messages_give_no_record(read: Any, odd: Any, reason: str) -> None:
    _, ledger = read(page(message(1), odd))
    assert (ledger.kept, dict(ledger.skipped)) == (1, {reason: 1})
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_the_sender_stands_in_for_a_missing_author(read: Any) -> None:
    rows, _ = read(page(message(1, **{"from": None})))
    assert pairs(rows) == [("assistant", "ben", "to")]


def test_addresses_of_the_exchange_directory_are_kept_as_they_are(read: Any) -> None:
    rows, _ = read(page(message(1, toRecipients=[box(X500, "Cy Lund")])))
    assert rows[0]["recipient"] == X500.lower()


def test_other_times_stand_in_for_a_missing_one(read: Any) -> None:
    rows, _ = read(page(message(1, sentDateTime=None, receivedDateTime="2026-03-02T09:00:00Z")))
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_messages_without_an_internet_id_are_told_apart(read: Any) -> None:
    rows, _ = read(page(message(1, internetMessageId=None), message(2, internetMessageId="")))
    assert [row["message"] for row in rows] == ["graph:AAM1", "graph:AAM2"]


def test_a_reply_to_a_list_alone_is_a_tie_to_the_author_it_answers(read: Any) -> None:
    posted = {"name": "List-Id", "value": "<dev.lists.example.org>"}
    answer = {"name": "In-Reply-To", "value": "<1@Example.com>"}
    to_list = {"toRecipients": [box("dev@lists.example.org")]}
    headers = [posted, answer, {"name": "To", "value": "dev@lists.example.org"}]
    rows, ledger = read(
        page(message(1), message(2, "cy", internetMessageHeaders=headers, **to_list))
    )
    assert pairs(rows) == [("aya", "ben", "to"), ("cy", "aya", "reply")]
    assert ledger.profiles["dev@lists.example.org"].kind == "shared"


def test_a_file_that_is_cut_short_is_read_as_far_as_it_goes(read: Any) -> None:
    rows, ledger = read(page(message(1), message(2))[:-40])
    assert [row["message"] for row in rows] == ["1@example.com"]
    assert ledger.truncated is not None
    assert dict(ledger.skipped) == {"unreadable": 1}


def test_a_long_body_in_front_of_the_recipients_does_not_hide_the_format(read: Any) -> None:
    first = {"conversationId": "C", "isDraft": False, "body": {"content": "x" * 100_000}}
    rows, _ = read(json.dumps([{**first, **message(1)}, message(2)]))
    assert len(rows) == 2


def test_a_folder_of_pages_is_one_export(tmp_path: Path) -> None:
    (tmp_path / "page1.json").write_text(page(message(1)), encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "page2.jsonl").write_text(json.dumps(message(1)), encoding="utf-8")
    source = Source(tmp_path)
    assert GraphMail().recognise(source) == (
        "a folder of 2 JSON files with Microsoft Graph's messages"
    )
    rows, ledger = read_source(tmp_path)
    assert (len(rows), dict(ledger.skipped)) == (1, {"duplicate": 1})
    (tmp_path / "staff.csv").write_text("name,email\n", encoding="utf-8")
    assert GraphMail().recognise(Source(tmp_path)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"value": [{"chatId": "19:x", "from": {"user": {"id": "1"}}}]}',
        '{"value": [{"iCalUId": "1", "start": {}, "attendees": [{"emailAddress": {}}]}]}',
        '{"issues": []}',
    ],
)
def test_other_json_is_no_mail(tmp_path: Path, text: str) -> None:
    path = tmp_path / "messages.json"
    path.write_text(text, encoding="utf-8")
    assert GraphMail().recognise(Source(path)) is None


def test_a_file_without_messages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "messages.json"
    path.write_text('{"value": []}', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no message in it"):
        read_source(path)


def test_the_sample_is_counted_as_documented() -> None:
    path = shared("samples/synthetic/email/graph_messages.json")
    assert GraphMail().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert pairs(rows) == [("aya.ito", "ben.osei", "to"), ("aya.ito", "cy.lund", "cc")]
    assert (ledger.read, dict(ledger.skipped)) == (3, {"meeting": 1, "draft": 1})
