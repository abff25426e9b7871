"""The Teams connector on pages written as Microsoft Graph delivers them."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.teams import Teams
from support import shared

PREFIX = "00000000-0000-0000-0000-00000000000"
DIRECT = f"19:{PREFIX}1_{PREFIX}2@unq.gbl.spaces"
GROUP = "19:abc@thread.v2"
CHANNEL = "19:c1@thread.tacv2"


def user(number: int, name: str = "Aya") -> dict[str, Any]:
    known = {"id": f"{PREFIX}{number}", "displayName": name, "userIdentityType": "aadUser"}
    return {"application": None, "device": None, "user": known}


def said(
    number: int, sender: int | None = 1, *, chat: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "id": str(1_772_439_000_000 + number),
        "replyToId": None,
        "messageType": "message",
        "createdDateTime": f"2026-03-02T08:{number:02d}:00.001Z",
        "deletedDateTime": None,
        "subject": None,
        "chatId": chat,
        "channelIdentity": None if chat else {"teamId": "t1", "channelId": CHANNEL},
        "from": None if sender is None else user(sender),
        "body": {"contentType": "html", "content": "secret"},
        "attachments": [],
        "mentions": [],
        "reactions": [],
        **more,
    }


def reply(number: int, sender: int, to: int, **more: Any) -> dict[str, Any]:
    return said(number, sender, replyToId=str(1_772_439_000_000 + to), **more)


def mention(number: int, **who: Any) -> dict[str, Any]:
    return {"id": number, "mentionText": "secret", "mentioned": who or user(number)}


def page(*messages: Any) -> dict[str, Any]:
    context = "https://graph.microsoft.com/v1.0/$metadata#Collection(chatMessage)"
    return {"@odata.context": context, "@odata.count": len(messages), "value": list(messages)}


Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read one page of messages; numbers of people in place of ids."""

    def read(*messages: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "page.json"
        path.write_text(json.dumps(page(*messages), indent=1), encoding="utf-8")
        assert Teams().recognise(Source(path))
        rows, ledger = read_chat(Teams(), path)
        for row in rows:
            row["sender"] = row["sender"].replace(PREFIX, "")
            row["recipient"] = row["recipient"].replace(PREFIX, "")
        return rows, ledger

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Teams(), Connector)


def test_a_one_to_one_chat_addresses_the_other_also_if_they_never_wrote(read: Read) -> None:
    rows, ledger = read(said(1, 1, chat=DIRECT))
    assert ties(rows) == [("1", "2", "dm")]
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 8, 1, 0, 1000, tzinfo=UTC)
    assert rows[0]["message"] == f"{DIRECT}:1772439000001"
    assert (ledger.kept, ledger.ambiguous) == (1, [])


def test_a_group_chat_addresses_all_who_write_in_it_and_says_so(read: Read) -> None:
    rows, ledger = read(said(1, 1, chat=GROUP), said(2, 2, chat=GROUP), said(3, 3, chat=GROUP))
    assert len(rows) == 6
    assert {row["kind"] for row in rows} == {"dm"}
    assert "1 group chats" in ledger.ambiguous[0]


def test_a_reply_in_a_channel_addresses_the_author_of_the_root_wherever_it_stands(
    read: Read,
) -> None:
    rows, ledger = read(reply(5, 2, to=1), reply(6, 3, to=99), said(1, 1))
    assert ties(rows) == [("2", "1", "reply")]
    assert rows[0]["thread"] == f"teams:{CHANNEL}:1772439000001"
    assert dict(ledger.skipped) == {"no_addressee": 2}


def test_mentions_are_of_people_and_never_of_channels_tags_or_teams(read: Read) -> None:
    conversation = {"id": CHANNEL, "conversationIdentityType": "channel"}
    rows, _ = read(
        said(
            1,
            1,
            mentions=[mention(2), mention(3), mention(9, user=None, conversation=conversation)],
        )
    )
    assert ties(rows) == [("1", "2", "mention"), ("1", "3", "mention")]
    assert rows[0]["recipients"] == 2


def test_a_reaction_is_a_record_and_no_message(read: Read) -> None:
    like = {"reactionType": "like", "createdDateTime": "2026-03-02T09:00:00Z", "user": user(2)}
    rows, ledger = read(said(1, 1, reactions=[like, like]))
    assert ties(rows) == [("2", "1", "reaction")]
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_a_chat_message_exported_once_for_each_participant_counts_once(read: Read) -> None:
    rows, ledger = read(said(1, 1, chat=DIRECT), said(1, 1, chat=DIRECT), said(1, 1))
    assert len(rows) == 1
    assert dict(ledger.skipped) == {"duplicate": 1, "no_addressee": 1}


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    _, ledger = read(
        said(1, None, messageType="systemEventMessage", chat=GROUP),
        said(2, None, messageType="unknownFutureValue", chat=GROUP),
        said(3, None, deletedDateTime="2026-03-02T09:00:00Z"),
        said(4, **{"from": {"application": {"id": "a1"}, "user": None}}),
        said(5, None),
        said(6, 1, createdDateTime="yesterday"),
    )
    assert dict(ledger.skipped) == {
        "system": 2,
        "deleted": 1,
        "bot": 1,
        "no_sender": 1,
        "no_date": 1,
    }
    assert ledger.ambiguous == []


def test_one_broken_message_costs_no_other(tmp_path: Path) -> None:
    text = json.dumps(page(*(said(n, 1, chat=DIRECT, mentions=[mention(2)] * 2) for n in range(9))))
    damaged = text.replace(
        '"id": "1772439000004", "replyToId": null', '"id": "1772439000004", "replyToId" null', 1
    )
    path = tmp_path / "page.json"
    path.write_text(damaged, encoding="utf-8")
    rows, ledger = read_chat(Teams(), path)
    assert (len(rows), dict(ledger.skipped)) == (8, {"unreadable": 1})
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    rows, ledger = read_chat(Teams(), path)
    assert ledger.truncated
    assert ledger.skipped["unreadable"] == 1
    assert len(rows) >= 3


@pytest.mark.parametrize(
    "shape",
    [
        lambda some: "\n".join(json.dumps(message) for message in some),
        lambda some: "\n".join(json.dumps(page(message)) for message in some),
        lambda some: json.dumps(some),
        lambda some: json.dumps([page(*some[:1]), page(*some[1:])]),
        lambda some: json.dumps(page(*some), indent=2),
    ],
    ids=["lines of messages", "lines of pages", "list of messages", "list of pages", "page"],
)
def test_every_way_to_save_pages_gives_the_same(
    shape: Callable[[list[Any]], str], tmp_path: Path
) -> None:
    path = tmp_path / "saved.json"
    messages = [said(n, 1 + n % 2, chat=DIRECT) for n in range(5)]
    path.write_text(shape(messages), encoding="utf-8-sig")
    assert Teams().recognise(Source(path))
    rows, ledger = read_chat(Teams(), path)
    assert (len(rows), ledger.read, ledger.truncated) == (5, 5, None)


def write_pages(folder: Path) -> None:
    graph = "https://graph.microsoft.com/v1.0/$metadata#"
    members = [
        {"userId": f"{PREFIX}{n}", "email": f"p{n}@Example.com", "displayName": f"P {n}"}
        for n in (1, 2, 3)
    ]
    upn = {"userPrincipalName": "aya_example.org#EXT#@corp.example", "mail": None}
    files = {
        "p1.json": page(reply(5, 2, to=1), said(7, 1, chat=GROUP)),
        "p2.json": page(said(1, 1)),
        "empty.json": page(),
        "chats.json": {
            "@odata.context": f"{graph}chats",
            "value": [{"id": GROUP, "members": members}],
        },
        "users.json": {
            "@odata.context": f"{graph}users",
            "value": [{"id": f"{PREFIX}1", "displayName": "Aya", **upn}],
        },
    }
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def test_a_folder_or_zip_of_pages_is_one_export_with_its_members_and_addresses(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "teams"
    write_pages(folder)
    packed = tmp_path / "teams.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert Teams().recognise(Source(folder))
    assert Teams().recognise(Source(packed))
    rows, ledger = read_chat(Teams(), folder)
    assert (rows, ledger.kept) == (read_chat(Teams(), packed)[0], 2)
    assert sorted(row["kind"] for row in rows) == ["dm", "dm", "reply"]
    assert ledger.ambiguous == []
    profiles = ledger.profiles
    assert profiles[f"teams:{PREFIX}1"].emails[0] == "aya@example.org"
    assert profiles[f"teams:{PREFIX}2"].emails == ("p2@example.com",)


def test_a_folder_with_anything_else_in_it_is_left_to_be_walked(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    write_pages(folder)
    (folder / "people.csv").write_text("id,department\n1,Sales\n", encoding="utf-8")
    assert Teams().recognise(Source(folder)) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"value": [{"id": 1}]}', "messageType,chatId"])
def test_other_files_are_not_claimed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    assert Teams().recognise(Source(path)) is None


def test_no_text_is_kept(read: Read) -> None:
    rows, ledger = read(said(1, 1, chat=DIRECT, mentions=[mention(2)]), said(2, None))
    assert "secret" not in f"{rows}{ledger}"


def test_the_samples_are_read() -> None:
    rows, ledger = read_chat(
        Teams(), shared("samples/synthetic/chat/teams_user_getAllMessages.json")
    )
    assert sorted(row["kind"] for row in rows) == ["dm", "dm", "reaction"]
    assert dict(ledger.skipped) == {"duplicate": 1, "system": 1}
