"""Outlook's ``.msg`` files: written here, real ones, damaged ones, and without the package."""

import importlib.util
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors import msg
from orgnet_connectors.mail_folder import MailFolder
from orgnet_connectors.msg import Msg
from orgnet_connectors.msg_items import read_message
from outlook_files import Message, compound_file, msg_bytes
from support import shared

installed = pytest.mark.skipif(
    importlib.util.find_spec("olefile") is None, reason="the extra [outlook] is not installed"
)

MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)


def saved(number: int, **more: Any) -> bytes:
    properties = {
        0x001A: "IPM.Note",
        0x0039: MONDAY,
        0x0C1A: "Ito, Aya",
        0x0C1F: "aya@example.com",
        0x1035: f"<{number}@Example.com>",
        0x0037: "secret plan",
        0x1000: "secret text\n" * 1000,
    }
    changes = {int(key[1:], 16): value for key, value in more.items()}
    recipients = [
        {0x0C15: 1, 0x3001: "Ben", 0x39FE: "ben@example.com"},
        {0x0C15: 2, 0x3001: "Cy", 0x3003: "cy@example.com"},
        {0x0C15: 3, 0x3001: "Dana", 0x3003: "dana@example.com"},
    ]
    return msg_bytes(Message(properties | changes, recipients))


def read_path(path: Path) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(Msg().read(Source(path), ReadOptions(), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return [row for batch in batches for row in batch.to_pylist()], ledger


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_it_is_a_connector() -> None:
    assert isinstance(Msg(), Connector)


@installed
def test_one_file_is_read_from_its_properties(tmp_path: Path) -> None:
    path = tmp_path / "note.msg"
    path.write_bytes(saved(1))
    assert Msg().recognise(Source(path)) == "a compound file with the properties of a mail"
    rows, ledger = read_path(path)
    assert [(row["sender"], row["recipient"], row["kind"]) for row in rows] == [
        ("aya@example.com", "ben@example.com", "to"),
        ("aya@example.com", "cy@example.com", "cc"),
    ]
    assert {(r["message"], r["recipients"], r["sent_at"], r["source"]) for r in rows} == {
        ("1@example.com", 2, MONDAY, "msg")
    }
    assert ledger.profiles["aya@example.com"].name == "Ito, Aya"


@installed
def test_neither_text_nor_subject_is_opened() -> None:
    told = repr(read_message(io.BytesIO(saved(1, x7D="Subject: secret plan\r\n"))))
    assert "ben@example.com" in told
    assert "secret" not in told


@installed
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_folder_or_zip_of_them_is_one_export(tmp_path: Path, as_zip: bool) -> None:
    files = {
        "a/1.msg": saved(1),
        "a/2.MSG": saved(2),
        "b/1.msg": saved(1),
        "b/3.msg": saved(3, x1A="IPM.Schedule.Meeting.Request"),
        "b/4.msg": saved(4)[:2000],
        "b/5.msg": b"",
    }
    path = fill(tmp_path / "mails", files)
    if as_zip:
        path = tmp_path / "mails.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            archive.writestr("../6.msg", saved(6))
    assert str(Msg().recognise(Source(path))).endswith("with the properties of mails")
    assert MailFolder().recognise(Source(path)) is None
    rows, ledger = read_path(path)
    assert [row["message"] for row in rows] == ["1@example.com"] * 2 + ["2@example.com"] * 2
    unsafe = {"unsafe_name": 1} if as_zip else {}
    assert dict(ledger.skipped) == {"duplicate": 1, "meeting": 1, "unreadable": 2, **unsafe}
    assert ledger.problems["unreadable"][0].place == "file 5"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: a@example.com\n",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        compound_file({"Workbook": b"x" * 5000}, root_class=bytes(16)),
        compound_file({"WordDocument": b"x"}, root_class=bytes.fromhex("06090200" + "00" * 12)),
    ],
)
def test_other_compound_files_are_not_claimed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.msg"
    path.write_bytes(content)
    assert Msg().recognise(Source(path)) is None
    assert Msg().recognise(Source(tmp_path)) is None


def test_a_mixed_folder_is_left_to_be_walked(tmp_path: Path) -> None:
    fill(tmp_path, {"1.msg": saved(1), "people.csv": b"id,name\n"})
    assert Msg().recognise(Source(tmp_path)) is None
    assert Msg().recognise(Source(tmp_path / "1.msg")) is not None


@installed
def test_what_holds_no_mail_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.msg"
    path.write_bytes(b"Hello")
    with pytest.raises(UnreadableFileError, match=r"note\.msg: no mail of Outlook in it"):
        read_path(path)
    with pytest.raises(UnreadableFileError, match="no mail of Outlook in it"):
        read_path(fill(tmp_path / "other", {"a.txt": b"Hello"}))


@installed
@pytest.mark.parametrize("place", [30, 31, 32, 33])
@pytest.mark.parametrize("size", [1, 62, 255])
def test_a_damaged_size_of_sectors_costs_the_mail_alone(
    tmp_path: Path, place: int, size: int
) -> None:
    damaged = bytearray(saved(1))
    damaged[place] = size
    path = fill(tmp_path / "mails", {"1.msg": bytes(damaged), "2.msg": saved(2)})
    rows, ledger = read_path(path)
    assert {row["message"] for row in rows} == {"2@example.com"}
    assert ledger.skipped == {"unreadable": 1}


def test_without_the_package_the_refusal_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(msg.importlib.util, "find_spec", lambda name: None)
    path = tmp_path / "note.msg"
    path.write_bytes(saved(1))
    assert Msg().recognise(Source(path)) is not None
    with pytest.raises(
        UnreadableFileError, match=r"note\.msg: mails as Outlook.*\[outlook\].*\.eml"
    ):
        read_path(path)


@installed
@pytest.mark.parametrize(
    ("name", "key", "name_of_sender"),
    [
        ("HtmlSampleEmail.msg", "6BA412B7", "Wilson, Chris"),
        ("TxtSampleEmail.msg", "6BA412B7", "Wilson, Chris"),
        ("sender_not_found_from_exchange.msg", "PR1P264M", "Myriam VAREME"),
    ],
)
def test_real_files_are_read(name: str, key: str, name_of_sender: str) -> None:
    path = shared(f"samples/msg/{name}")
    assert Msg().recognise(Source(path)) is not None
    rows, ledger = read_path(path)
    assert (len(rows), ledger.kept, rows[0]["message"][:8]) == (1, 1, key)
    assert ledger.profiles[rows[0]["sender"]].name == name_of_sender
    assert rows[0]["sender"].startswith(("/o=", "chris.wilson@"))
