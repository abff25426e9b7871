"""The Telegram connector on files written as Telegram Desktop writes them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.telegram import Telegram
from support import shared

Read = Callable[..., tuple[Rows, Ledger]]


def said(number: int, sender: Any = "user1", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2026-03-02T09:00:00",
        "date_unixtime": str(1_772_439_000 + number),
        "from": "secret name" if sender is None else f"Name of {sender}",
        "from_id": sender,
        "text": "secret",
        "text_entities": [{"type": "plain", "text": "secret"}],
        **more,
    }


def chat(*messages: Any, kind: str = "private_group", number: int = 2) -> dict[str, Any]:
    return {"name": "secret", "type": kind, "id": number, "messages": messages}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: dict[str, Any], options: ReadOptions | None = None) -> tuple[Rows, Ledger]:
        path = tmp_path / "result.json"
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        assert Telegram().recognise(Source(path))
        return read_chat(Telegram(), path, options)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Telegram(), Connector)


def test_a_personal_chat_addresses_the_other_also_if_they_never_wrote(read: Read) -> None:
    rows, _ = read(chat(said(1), said(2), kind="personal_chat"))
    assert ties(rows) == [("user1", "user2", "dm")] * 2


def test_a_reply_addresses_who_wrote_the_message(read: Read) -> None:
    rows, ledger = read(
        chat(
            said(1),
            said(2, "user2", reply_to_message_id=1),
            said(3, "user2", reply_to_message_id=1, reply_to_peer_id="channel7"),
            said(4, 2, reply_to_message_id=99),
        )
    )
    assert ties(rows) == [("user2", "user1", "reply")]
    assert dict(ledger.skipped) == {"no_addressee": 3}


def test_mentions_with_a_number_are_records_and_bare_names_are_not(read: Read) -> None:
    named = {"type": "mention_name", "text": "secret", "user_id": 3}
    bare = {"type": "mention", "text": "@secret"}
    rows, _ = read(
        chat(
            said(1, text=[named, "secret", bare], text_entities=[named, bare]), said(2, text=[bare])
        )
    )
    assert ties(rows) == [("user1", "user3", "mention")]


def test_a_reaction_is_a_record_and_no_message(read: Read) -> None:
    recent = [{"from": "x", "from_id": "user2", "date": "2026-03-02T10:00:00"}]
    given = {"type": "emoji", "count": 1, "emoji": "x", "recent": recent}
    rows, ledger = read(chat(said(1, reactions=[given])))
    assert ties(rows) == [("user2", "user1", "reaction")]
    assert ledger.read == 1


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        chat(
            said(1, type="service", from_id=None, actor="x", actor_id="user1"),
            said(2, None),
            said(3, "channel7"),
            said(4, date_unixtime=None, date=None),
            said(5),
            said(5),
            "nothing",
        )
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"system": 1, "no_sender": 2, "no_date": 1, "no_addressee": 1},
        **{"duplicate": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"


def test_a_whole_account_has_chats_of_every_kind(read: Read) -> None:
    chats = [
        chat(said(1, "user9"), kind="personal_chat", number=2),
        chat(said(1, "user9"), kind="saved_messages", number=9),
        chat(said(1, "user9"), kind="bot_chat", number=5),
        chat(said(1, "user3"), said(2, "user9", reply_to_message_id=1), number=6),
    ]
    left = [chat(said(1, "channel8"), kind="public_channel", number=8)]
    rows, ledger = read(
        {
            "about": "Here is the data you requested.",
            "personal_information": {"user_id": 9, "first_name": "Aya"},
            "contacts": {"list": [{"first_name": "Ben", "phone_number": "0"}]},
            "chats": {"about": "x", "list": chats},
            "left_chats": {"about": "x", "list": left},
        }
    )
    assert ties(rows) == [("user9", "user2", "dm"), ("user9", "user3", "reply")]
    assert dict(ledger.skipped) == {"no_addressee": 2, "bot": 1, "no_sender": 1}


def test_times_of_old_exports_are_those_of_the_computer(read: Read) -> None:
    old = chat(said(1, 123, date_unixtime=None), kind="personal_chat")
    rows, ledger = read(old, ReadOptions(timezone="Europe/Paris"))
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T08:00:00+00:00"
    assert "Europe/Paris" in ledger.ambiguous[0]
    _, ledger = read(chat(said(1)))
    assert ledger.ambiguous == []


def test_the_real_sample_is_read() -> None:
    rows, ledger = read_chat(Telegram(), shared("samples/telegram/DM_2A_7M.json"))
    assert [row["kind"] for row in rows] == ["dm"] * 6
    assert dict(ledger.skipped) == {"system": 2}
