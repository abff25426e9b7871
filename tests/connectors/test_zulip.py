"""The Zulip connector on exports written as a Zulip server writes them."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors import zulip_files
from orgnet_connectors.zulip import Zulip

NAMES = {1: "Aya Ito", 2: "Ben Osei", 3: "Cy Lund", 4: "Cy Lund", 9: "Helper"}
TO_AYA, TO_BEN, TO_CHANNEL, TO_GROUP = 11, 12, 20, 30
REALM = {
    "zerver_realm": [{"id": 1, "name": "Acme"}],
    "zerver_userprofile": [
        {
            "id": number,
            "full_name": name,
            "email": f"user{number}@zulip.example.com",
            "delivery_email": f"P{number}@Example.com",
            "is_bot": number == 9,
        }
        for number, name in NAMES.items()
    ],
    "zerver_recipient": [
        {"id": TO_AYA, "type": 1, "type_id": 1},
        {"id": TO_BEN, "type": 1, "type_id": 2},
        {"id": TO_CHANNEL, "type": 2, "type_id": 7},
        {"id": TO_GROUP, "type": 3, "type_id": 8},
    ],
    "zerver_subscription": [
        *({"recipient": TO_GROUP, "user_profile": user, "active": True} for user in (1, 2, 3)),
        {"recipient": TO_GROUP, "user_profile": 4, "active": False},
    ],
    "zerver_reaction": [{"message": 100, "user_profile": 2, "emoji_name": "+1"}],
}


def said(number: int, sender: int, recipient: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "sender": sender,
        "recipient": recipient,
        "subject": "",
        "date_sent": 1_772_439_000.25 + number,
        "content": "secret",
        "rendered_content": "<p>secret</p>",
        **more,
    }


def page(*messages: Any) -> dict[str, Any]:
    flags = [{"user_profile": 1, "message": 1, "flags_mask": 1}] * 3
    return {"zerver_usermessage": flags, "zerver_message": list(messages)}


def tar_of(path: Path, files: dict[str, Any], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            entry = tarfile.TarInfo(f"zulip-export/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read the messages of one page, which stands before the tables."""

    def read(*messages: Any) -> tuple[Rows, Ledger]:
        files = {"messages-000001.json": page(*messages), "realm.json": REALM}
        path = tar_of(tmp_path / "export.tar.gz", {"uploads/a.png": b"\x89PNG", **files})
        assert Zulip().recognise(Source(path))
        return read_chat(Zulip(), path)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Zulip(), Connector)


def test_direct_messages_address_the_others(read: Read) -> None:
    rows, ledger = read(
        said(1, 1, TO_BEN), said(2, 2, TO_AYA), said(3, 3, TO_GROUP), said(4, 1, TO_AYA)
    )
    assert ties(rows) == [("1", "2", "dm"), ("2", "1", "dm"), ("3", "1", "dm"), ("3", "2", "dm")]
    assert rows[0]["thread"] == rows[1]["thread"]
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T08:10:01.250000+00:00"
    assert dict(ledger.skipped) == {"no_addressee": 1}
    assert ledger.profiles["zulip:1"].emails == ("p1@example.com",)


def test_a_message_in_a_topic_addresses_who_began_it(read: Read) -> None:
    rows, _ = read(
        said(8, 2, TO_CHANNEL, subject="secret"),
        said(7, 1, TO_CHANNEL, subject="secret"),
        said(9, 3, TO_CHANNEL, subject="other"),
        said(10, 3, TO_CHANNEL),
        said(11, 2, TO_CHANNEL),
    )
    assert ties(rows) == [("2", "1", "reply")]
    assert rows[0]["thread"] == "zulip:7"


def test_mentions_are_by_name_or_number_and_never_silent_or_of_all(read: Read) -> None:
    text = "@**Ben Osei** @**Cy Lund|3** @_**Aya Ito|1** @**all** @*ops*"
    rows, ledger = read(
        said(1, 1, TO_CHANNEL, content=text), said(2, 1, TO_CHANNEL, content="@**Cy Lund**")
    )
    assert ties(rows) == [("1", "2", "mention"), ("1", "3", "mention")]
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_a_reaction_is_a_record_and_no_message(read: Read) -> None:
    rows, ledger = read(said(100, 1, TO_CHANNEL))
    assert ties(rows) == [("2", "1", "reaction")]
    assert ledger.read == 1


def test_what_no_person_wrote_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        said(1, 9, TO_CHANNEL),
        said(2, 1, TO_CHANNEL, date_sent=None),
        said(3, 1, TO_CHANNEL),
        said(3, 1, TO_CHANNEL),
        {"id": "x"},
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        **{"bot": 1, "no_date": 1, "no_addressee": 1},
        **{"duplicate": 1, "unreadable": 1},
    }
    assert "secret" not in f"{ledger}"


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_every_compression_and_the_folder_give_the_same(mode: str, tmp_path: Path) -> None:
    files = {"realm.json": REALM, "messages-000001.json": page(said(1, 1, TO_BEN))}
    path = tar_of(tmp_path / "export", files, mode)
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    for each in (path, folder):
        assert Zulip().recognise(Source(each))
        assert ties(read_chat(Zulip(), each)[0]) == [("1", "2", "dm")]


def test_a_tar_that_ends_early_says_so(tmp_path: Path) -> None:
    pages = {
        f"messages-{number:06d}.json": page(said(number, 1, TO_BEN, content="x" * 20_000))
        for number in (1, 2, 3)
    }
    path = tar_of(tmp_path / "export.tar", {"realm.json": REALM, **pages}, "w")
    path.write_bytes(path.read_bytes()[:50_000])
    rows, ledger = read_chat(Zulip(), path)
    assert len(rows) == 2
    assert ledger.truncated


def test_a_tar_that_bursts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zulip_files, "RATIO_MATTERS_FROM", 1000)
    monkeypatch.setattr(zulip_files, "LARGEST_RATIO", 2)
    files = {"realm.json": REALM, "messages-000001.json": page(said(1, 1, 1, content="x" * 99_999))}
    path = tar_of(tmp_path / "export.tar.gz", files)
    assert Zulip().recognise(Source(path))
    with pytest.raises(UnreadableFileError, match="would unpack"):
        read_chat(Zulip(), path)


def test_other_tars_are_not_claimed(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "backup.tar.gz", {"mail.json": {}, "x/y/realm.json": {}})
    assert Zulip().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match=r"realm\.json"):
        read_chat(Zulip(), path)
