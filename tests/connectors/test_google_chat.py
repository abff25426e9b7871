"""The Google Chat connector on folders written as Takeout writes them."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat
from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.google_chat import GoogleChat
from orgnet_connectors.google_chat_dates import takeout_time_us
from support import shared

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000


def person(name: str, kind: str = "Human") -> dict[str, str]:
    first = name.split()[0].lower()
    known = {"name": name, "user_type": kind}
    return known if kind == "Bot" else {**known, "email": f"{first}@Example.com"}


AYA, BEN, CY = person("Aya Ito"), person("Ben Osei"), person("Cy Lund")
PEOPLE = [AYA, BEN, CY]
SPACE, DIRECT = "Space bbb", "DM aaa"


def said(number: int, creator: Any = AYA, *, topic: str | None = None, **more: Any) -> Any:
    own = f"m{number}"
    return {
        "creator": creator,
        "created_date": f"Monday, March 2, 2026 at 12:{number:02d}:00\u202fPM UTC",
        "text": "secret",
        "topic_id": topic or own,
        "message_id": f"room/{topic or own}/{own}",
        **more,
    }


Groups = dict[str, tuple[dict[str, Any] | None, list[Any]]]


def write_folder(root: Path, groups: Groups) -> Path:
    for name, (info, messages) in groups.items():
        folder = root / "Groups" / name
        folder.mkdir(parents=True)
        if info is not None:
            (folder / "group_info.json").write_text(json.dumps(info), encoding="utf-8")
        text = json.dumps({"messages": messages}, indent=2, ensure_ascii=False)
        (folder / "messages.json").write_text(text, encoding="utf-8")
    user = root / "Users" / "User 1"
    user.mkdir(parents=True)
    (user / "user_info.json").write_text(json.dumps({"user": AYA}), encoding="utf-8")
    return root


Read = Callable[[Groups], tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(groups: Groups) -> tuple[Rows, Ledger]:
        root = write_folder(tmp_path / "Google Chat", groups)
        assert GoogleChat().recognise(Source(root))
        return read_chat(GoogleChat(), root)

    return read


def ties(rows: Rows) -> list[tuple[str, str, str]]:
    return [(row["sender"][:3], row["recipient"][:3], row["kind"]) for row in rows]


def in_space(*messages: Any) -> Groups:
    return {SPACE: ({"name": "Ops", "members": PEOPLE}, list(messages))}


def test_it_is_a_connector() -> None:
    assert isinstance(GoogleChat(), Connector)


def test_a_direct_message_addresses_every_other_member(read: Read) -> None:
    unnamed = {"members": PEOPLE}
    rows, ledger = read(
        {DIRECT: ({"members": [AYA, BEN]}, [said(0)]), "Space g": (unnamed, [said(1)])}
    )
    assert ties(rows) == [
        ("aya", "ben", "dm"),
        ("aya", "ben", "dm"),
        ("aya", "cy@", "dm"),
    ]
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert ledger.profiles["aya@example.com"].name == "Aya Ito"


def test_members_missing_in_the_export_are_those_who_wrote(read: Read) -> None:
    rows, _ = read({DIRECT: (None, [said(0), said(1, BEN)])})
    assert ties(rows) == [("aya", "ben", "dm"), ("ben", "aya", "dm")]


def test_a_reply_in_a_space_addresses_the_author_of_the_topic_wherever_it_stands(
    read: Read,
) -> None:
    rows, ledger = read(in_space(said(5, BEN, topic="m1"), said(1), said(6, CY, topic="m99")))
    assert ties(rows) == [("ben", "aya", "reply")]
    assert rows[0]["thread"] == "google_chat:room/m1/m1"
    assert dict(ledger.skipped) == {"no_addressee": 2}


def test_mentions_are_read_from_annotations_or_from_names_of_members(read: Read) -> None:
    annotation = {"start_index": 0, "user_mention_metadata": {"user": CY}}
    rows, _ = read(
        in_space(
            said(1, text="@Cy Lund secret", annotations=[annotation]),
            said(2, text="ask @Ben Osei, not @Somebody Else or x@Cy Lund"),
            said(3, text="@all secret"),
        )
    )
    assert ties(rows) == [("aya", "cy@", "mention"), ("aya", "ben", "mention")]


def test_a_name_that_two_members_have_is_nobodys(read: Read) -> None:
    other = {**BEN, "email": "other.ben@example.com"}
    group: Groups = {
        SPACE: ({"name": "Ops", "members": [AYA, BEN, other]}, [said(1, text="@Ben Osei")])
    }
    rows, ledger = read(group)
    assert (rows, dict(ledger.skipped)) == ([], {"no_addressee": 1})


def test_a_reaction_is_a_record_and_no_message(read: Read) -> None:
    emoji = {"emoji": {"unicode": "x"}, "reactor_emails": ["ben@example.com", "ben@example.com"]}
    rows, ledger = read(in_space(said(1, reactions=[emoji])))
    assert ties(rows) == [("ben", "aya", "reaction")]
    assert ledger.read == 1


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        in_space(
            said(1, person("Helper", "Bot")),
            said(2, {"name": "Gone", "user_type": "Human"}),
            said(3, message_state="DELETED"),
            said(4, created_date="some day"),
            said(5),
            said(5),
            "nothing",
        )
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"bot": 1, "no_sender": 1, "deleted": 1, "no_date": 1},
        **{"no_addressee": 1, "duplicate": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"


@pytest.mark.parametrize(
    "text",
    [
        "Monday, March 2, 2026 at 12:00:00 PM UTC",
        "Monday, March 2, 2026 at 12:00:00\u202fPM UTC",
        "Monday, 2 March 2026 at 12:00:00 UTC",
        "Montag, 2. März 2026 um 12:00:00 UTC",
        "lundi 2 mars 2026 à 12:00:00 UTC",
        "lunes, 2 de marzo de 2026, 12:00:00 p.\u00a0m. UTC",
        "lunedì 2 marzo 2026 alle ore 12:00:00 UTC",
        "segunda-feira, 2 de março de 2026 às 12:00:00 UTC",
        "maandag 2 maart 2026 om 12:00:00 UTC",
        "poniedziałek, 2 marca 2026 12:00:00 UTC",
    ],
)
def test_dates_are_read_in_the_language_of_the_account(text: str) -> None:
    assert takeout_time_us(text) == NOON


@pytest.mark.parametrize(
    "text", ["", "soon", "Monday, March 32, 2026 at 1:00:00 PM UTC", "1:00:00"]
)
def test_what_is_no_date_has_no_time(text: str) -> None:
    assert takeout_time_us(text) is None


def test_a_zip_of_a_takeout_gives_the_same_as_its_folder(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "Google Chat", {DIRECT: ({"members": [AYA, BEN]}, [said(0), said(1, BEN)])}
    )
    packed = tmp_path / "takeout.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in root.rglob("*.json"):
            archive.write(path, f"Takeout/Google Chat/{path.relative_to(root).as_posix()}")
        archive.writestr("Takeout/Mail/All mail.mbox", "From x\n")
    assert GoogleChat().recognise(Source(packed))
    assert read_chat(GoogleChat(), packed)[0] == read_chat(GoogleChat(), root)[0]


def test_a_takeout_of_several_products_is_left_to_be_walked(tmp_path: Path) -> None:
    takeout = tmp_path / "Takeout"
    write_folder(takeout / "Google Chat", in_space(said(1)))
    (takeout / "mail.mbox").write_text("From x\n", encoding="utf-8")
    assert GoogleChat().recognise(Source(takeout)) is None
    assert GoogleChat().recognise(Source(takeout / "Google Chat"))


def test_a_file_that_ends_early_says_so_and_keeps_what_stood_before(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "x", {DIRECT: ({"members": [AYA, BEN]}, [said(0), said(1)])})
    path = root / "Groups" / DIRECT / "messages.json"
    path.write_bytes(path.read_bytes()[:-60])
    rows, ledger = read_chat(GoogleChat(), root)
    assert (len(rows), dict(ledger.skipped)) == (1, {"unreadable": 1})
    assert ledger.truncated


def test_a_folder_without_messages_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"expected files such as 'Groups/DM 1"):
        read_chat(GoogleChat(), tmp_path)


def test_the_sample_is_read() -> None:
    path = shared("samples/synthetic/chat/google_chat") / "Takeout" / "Google Chat"
    rows, ledger = read_chat(GoogleChat(), path)
    assert sorted(row["kind"] for row in rows) == ["dm", "dm", "reply"]
    assert dict(ledger.skipped) == {"no_addressee": 1, "bot": 1}
