"""The Discord connector on files written as DiscordChatExporter writes them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.discord import Discord
from support import shared

Read = Callable[..., tuple[Rows, Ledger]]


def user(number: int, *, bot: bool = False) -> dict[str, Any]:
    return {"id": str(number), "name": f"n{number}", "nickname": f"N {number}", "isBot": bot}


def said(number: int, author: int = 1, *, bot: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "id": str(900 + number),
        "type": "Default",
        "timestamp": f"2026-03-02T09:{number:02d}:00.5+01:00",
        "content": "secret",
        "author": user(author, bot=bot),
        "attachments": [],
        "embeds": [{"timestamp": "2026-03-02T09:00:00Z", "author": {"name": "x"}}],
        "reactions": [],
        "mentions": [],
        **more,
    }


def reply(number: int, author: int, to: int, **more: Any) -> dict[str, Any]:
    return said(number, author, type="Reply", reference={"messageId": str(900 + to)}, **more)


def channel(*messages: Any, kind: str = "GuildTextChat") -> dict[str, Any]:
    return {
        "guild": {"id": "0", "name": "secret"},
        "channel": {"id": "77", "type": kind, "category": "x", "name": "secret", "topic": None},
        "dateRange": {"after": None, "before": None},
        "messages": messages,
        "messageCount": len(messages),
    }


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*messages: Any, kind: str = "GuildTextChat") -> tuple[Rows, Ledger]:
        path = tmp_path / "channel.json"
        path.write_text(json.dumps(channel(*messages, kind=kind), indent=2), encoding="utf-8")
        assert Discord().recognise(Source(path))
        return read_chat(Discord(), path)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Discord(), Connector)


def test_a_direct_chat_addresses_everybody_seen_in_it(read: Read) -> None:
    rows, _ = read(said(1, 1), said(2, 2), said(3, 3, bot=True), kind="DirectGroupTextChat")
    assert ties(rows) == [("1", "2", "dm"), ("2", "1", "dm")]
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T08:01:00.500000+00:00"


def test_a_reply_addresses_who_wrote_the_message_and_a_forward_nobody(read: Read) -> None:
    forward = said(3, 2, reference={"type": "Forward", "messageId": "901"})
    rows, ledger = read(said(1, 1), reply(2, 2, to=1), forward, reply(4, 2, to=99))
    assert ties(rows) == [("2", "1", "reply")]
    assert dict(ledger.skipped) == {"no_addressee": 3}


def test_mentions_and_reactions_are_of_people(read: Read) -> None:
    given = {"emoji": {"name": "x"}, "count": 3, "users": [user(2), user(9, bot=True)]}
    rows, ledger = read(said(1, 1, mentions=[user(3), user(9, bot=True)], reactions=[given]))
    assert ties(rows) == [("2", "1", "reaction"), ("1", "3", "mention")]
    assert ledger.profiles["discord:9"].kind == "bot"
    assert ledger.profiles["discord:3"].name == "N 3"


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        said(1, type="ChannelPinnedMessage"),
        said(2, 9, bot=True),
        said(3, timestamp="soon"),
        said(4),
        said(4),
        said(5) | {"author": None},
        7,
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"system": 1, "bot": 1, "no_date": 1, "no_addressee": 1},
        **{"duplicate": 1, "no_sender": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"


def test_one_broken_message_costs_no_other(tmp_path: Path) -> None:
    text = json.dumps(channel(*(said(n, 1 + n % 2) for n in range(6)), kind="DirectTextChat"))
    path = tmp_path / "channel.json"
    path.write_text(text.replace('"id": "903"', '"id": "903', 1), encoding="utf-8")
    rows, ledger = read_chat(Discord(), path)
    assert (len(rows), dict(ledger.skipped)) == (5, {"unreadable": 1})


def test_old_files_without_references_roles_and_users_are_read(read: Read) -> None:
    old = {"id": "1", "type": "Default", "timestamp": "2019-03-02T09:00:00+00:00"}
    rows, ledger = read({**old, "author": {"id": "1", "name": "x"}, "mentions": [{"id": "2"}]})
    assert ties(rows) == [("1", "2", "mention")]
    assert ledger.kept == 1


def write_csv(path: Path, *rows: tuple[str, str, str, str]) -> Path:
    header = "AuthorID,Author,Date,Content,Attachments,Reactions"
    lines = [",".join(f'"{cell}"' for cell in (*row, "", "👍 (2)")) for row in rows]
    path.write_text("\r\n".join([header, *lines]), encoding="utf-8", newline="")
    return path


def test_a_csv_has_mentions_by_name_only(tmp_path: Path) -> None:
    moment = "2026-03-02T09:00:00.0000000+01:00"
    path = write_csv(
        tmp_path / "channel.csv",
        ("1", "Aya", moment, "two\nlines for @Ben Osei"),
        ("1", "Aya", moment, "@nobody"),
        ("2", "Ben Osei#1234", moment, "secret"),
        ("x", "Cy", moment, "secret"),
    )
    assert Discord().recognise(Source(path))
    rows, ledger = read_chat(Discord(), path)
    assert ties(rows) == [("1", "2", "mention")]
    assert dict(ledger.skipped) == {"no_addressee": 2, "unreadable": 1}


def test_the_real_sample_is_read() -> None:
    rows, ledger = read_chat(Discord(), shared("samples/discord/GC_3A_5M.json"))
    # Three messages of people in a group of three; renaming, icon and call are notices.
    assert [row["kind"] for row in rows] == ["dm"] * 6
    assert dict(ledger.skipped) == {"system": 3}
