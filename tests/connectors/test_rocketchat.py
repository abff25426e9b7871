"""The Rocket.Chat connector on messages written as its API, exports and dumps have them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.rocketchat import RocketChat
from support import shared

IDS = {"aya": "a" * 17, "ben": "b" * 17, "cy": "c" * 17}
Read = Callable[..., tuple[Rows, Ledger]]


def said(number: int, user: str = "aya", *, room: str = "general", **more: Any) -> dict[str, Any]:
    return {
        "_id": f"m{number}",
        "rid": room,
        "msg": "secret",
        "ts": f"2026-03-02T08:{number:02d}:00.000Z",
        "u": {"_id": IDS[user], "username": user, "name": user.title()},
        "mentions": [],
        "channels": [],
        **more,
    }


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*messages: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "page.json"
        content = {"messages": messages, "count": len(messages), "success": True}
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        assert RocketChat().recognise(Source(path))
        return read_chat(RocketChat(), path)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(RocketChat(), Connector)


def test_a_direct_room_is_the_ids_of_both(read: Read) -> None:
    room = IDS["aya"] + IDS["ben"]
    rows, ledger = read(said(1, "aya", room=room), said(2, "cy"), said(3, "ben"))
    assert ties(rows) == [("aya", "ben", "dm")]
    assert dict(ledger.skipped) == {"no_addressee": 2}
    assert ledger.profiles["rocketchat:aya"].aliases == (IDS["aya"],)


def test_replies_mentions_and_reactions_are_records(read: Read) -> None:
    named = [{"_id": IDS["cy"], "username": "cy"}, {"_id": "all", "username": "all"}]
    given = {":+1:": {"usernames": ["ben"]}, ":x:": {"usernames": ["ben"]}}
    rows, _ = read(said(2, "ben", tmid="m1", mentions=named), said(1, "aya", reactions=given))
    assert ties(rows) == [
        ("ben", "aya", "reply"),
        ("ben", "cy", "mention"),
        ("ben", "aya", "reaction"),
    ]
    assert rows[0]["thread"] == "rocketchat:m1"


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        said(1, t="uj"),
        said(2, bot={"i": "x"}),
        said(3, u=None),
        said(4, ts=None),
        said(5),
        said(6, _hidden=True, parent="m5"),
        "nothing",
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"system": 1, "bot": 1, "no_sender": 1, "no_date": 1},
        **{"no_addressee": 1, "duplicate": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"


def test_lines_of_a_dump_and_the_zip_of_a_room_are_read(tmp_path: Path) -> None:
    lines = [
        said(1, "aya", ts={"$date": "2026-03-02T08:01:00Z"}),
        said(2, "ben", ts={"$date": {"$numberLong": "1772438520000"}}, tmid="m1"),
    ]
    path = tmp_path / "dump.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")
    packed = tmp_path / "room.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("general.json", json.dumps(lines))
        archive.writestr("files/x.png", b"\x89PNG")
    for each in (path, packed):
        assert RocketChat().recognise(Source(each))
        assert ties(read_chat(RocketChat(), each)[0]) == [("ben", "aya", "reply")]


def test_the_real_sample_is_read() -> None:
    rows, ledger = read_chat(RocketChat(), shared("samples/rocketchat/message_page_1.json"))
    assert sorted(row["kind"] for row in rows) == ["reaction", "reply"]
    assert dict(ledger.skipped) == {"no_addressee": 1}
