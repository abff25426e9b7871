"""The Webex connector on pages written as the Messages API answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.webex import Webex

Read = Callable[..., tuple[Rows, Ledger]]


def said(number: int, person: str = "P1", kind: str = "group", **more: Any) -> dict[str, Any]:
    return {
        "id": f"M{number}",
        "roomId": f"R-{kind}",
        "roomType": kind,
        "text": "secret",
        "personId": person,
        "personEmail": f"{person}@Example.com",
        "created": f"2026-03-02T08:{number:02d}:00.000Z",
        **more,
    }


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*items: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "messages.json"
        path.write_text(json.dumps({"items": items}, indent=1), encoding="utf-8")
        assert Webex().recognise(Source(path))
        return read_chat(Webex(), path)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Webex(), Connector)


def test_a_direct_space_addresses_the_other_member(read: Read) -> None:
    other = {"id": "x", "roomId": "R-direct", "roomType": "direct", "personId": "P2"}
    member = {**other, "personEmail": "p2@example.com", "isModerator": False, "created": "x"}
    me = {**member, "personId": "P1", "personEmail": "p1@example.com"}
    rows, ledger = read(said(1, kind="direct"), member, me)
    assert ties(rows) == [("P1", "P2", "dm")]
    assert ledger.read == 1
    assert ledger.profiles["webex:P2"].emails == ("p2@example.com",)


def test_answers_and_mentions_are_records_newest_first(read: Read) -> None:
    rows, ledger = read(
        said(2, "P2", parentId="M1", mentionedPeople=["P3"], mentionedGroups=["all"]),
        said(1, "P1"),
    )
    assert ties(rows) == [("P2", "P1", "reply"), ("P2", "P3", "mention")]
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        said(1, personEmail="helper@webex.bot"),
        said(2, personId=None),
        said(3, created=None),
        said(4),
        said(4),
        {},
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"bot": 1, "no_sender": 1, "no_date": 1, "no_addressee": 1},
        **{"duplicate": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"
