"""Mails that have a file each: Maildir, folders, zips, single files, and real ones."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.mail_folder import MailFolder
from orgnet_connectors.mbox import Mbox
from support import shared


def mail(number: int = 1, sender: str = "aya", to: str = "ben", *more: str) -> str:
    return "\n".join(
        [
            f"From: {sender}@example.com",
            f"To: {to}@example.com",
            f"Message-ID: <{number}@example.com>",
            f"Date: Mon, 5 Jan 2026 10:{number:02d}:00 +0000",
            "Subject: secret plan",
            *more,
            "",
            "From: nobody@example.com",
            "Hello.",
        ]
    )


def read_source(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(MailFolder().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def pack(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (row["sender"].partition("@")[0], row["recipient"].partition("@")[0], row["kind"])
        for row in rows
    ]


def test_it_is_a_connector() -> None:
    assert isinstance(MailFolder(), Connector)


@pytest.mark.parametrize("separator", ["!", ";"])
def test_a_maildir_is_read_with_its_folders_and_flags(tmp_path: Path, separator: str) -> None:
    fill(
        tmp_path,
        {
            f"cur/1.a.host{separator}2,S": mail(1),
            f"cur/2.a.host{separator}2,DS": mail(2),
            f"cur/3.a.host{separator}2,ST": mail(3),
            "new/4.a.host": mail(4),
            "tmp/5.a.host": mail(5),
            f".Sent/cur/6.a.host{separator}2,S": mail(6, "ben", "aya"),
            f".Sent/cur/1.b.host{separator}2,S": mail(1),
            f".Trash/cur/7.a.host{separator}2,S": mail(7),
            f".INBOX.Drafts/cur/8.a.host{separator}2,S": mail(8),
            "dovecot-uidlist": "3 V1\n",
            "README.md": "# Mails\n",
        },
    )
    source = Source(tmp_path)
    assert MailFolder().recognise(source) is not None
    rows, ledger = read_source(tmp_path)
    assert sorted(pairs(rows)) == [("aya", "ben", "to")] * 2 + [("ben", "aya", "to")]
    assert dict(ledger.skipped) == {"draft": 2, "trash": 2, "duplicate": 1}
    assert (ledger.read, ledger.kept) == (8, 3)


def test_a_folder_of_several_maildirs_is_walked(tmp_path: Path) -> None:
    fill(tmp_path, {"aya/cur/1.a!2,S": mail(1), "ben/cur/1.a!2,S": mail(1)})
    assert MailFolder().recognise(Source(tmp_path)) is None
    assert MailFolder().recognise(Source(tmp_path / "aya")) is not None


def test_a_tree_of_plain_numbered_files_is_read(tmp_path: Path) -> None:
    fill(tmp_path, {"ito-a/sent/1.": mail(1), "ito-a/sent/2.": mail(2), "osei-b/inbox/1.": mail(1)})
    assert MailFolder().recognise(Source(tmp_path)) is not None
    rows, ledger = read_source(tmp_path)
    assert (len(rows), dict(ledger.skipped)) == (2, {"duplicate": 1})


def test_a_folder_of_eml_files_is_read_in_all_their_forms(tmp_path: Path) -> None:
    apple = mail(3)
    fill(
        tmp_path,
        {
            "a.eml": mail(1),
            "b.eml": ("\ufeff" + mail(2)).replace("\n", "\r\n"),
            "c.emlx": f"{len(apple)}      \n{apple}\n<plist></plist>",
            "d.eml": "From aya@example.com Mon Jan  5 10:00:00 2026\n" + mail(4),
            "e.eml": mail(5, "aya", "ben", "X-Unsent: 1"),
            "f.eml": "no mail at all\n",
            "g.eml": "",
            ".DS_Store": "x",
        },
    )
    source = Source(tmp_path)
    assert MailFolder().recognise(source) is not None
    rows, ledger = read_source(tmp_path)
    assert [row["message"] for row in rows] == [f"{n}@example.com" for n in (1, 2, 3, 4)]
    assert dict(ledger.skipped) == {"draft": 1, "unreadable": 2}
    assert ledger.problems["unreadable"][0].place == "file 6"


def test_one_eml_file_is_read(tmp_path: Path) -> None:
    fill(tmp_path, {"note.eml": mail(1, "aya", "ben", "Cc: cy@example.com")})
    path = tmp_path / "note.eml"
    assert MailFolder().recognise(Source(path)) == "begins with the headers of a mail"
    rows, ledger = read_source(path)
    assert pairs(rows) == [("aya", "ben", "to"), ("aya", "cy", "cc")]
    assert rows[0]["sent_at"] == datetime(2026, 1, 5, 10, 1, tzinfo=UTC)
    assert (ledger.read, {row["source"] for row in rows}) == (1, {"mail_folder"})


@pytest.mark.parametrize("prefix", ["", "mails/", "Maildir/cur/", "Maildir/.Sent/cur/"])
def test_a_zip_of_mails_is_read(tmp_path: Path, prefix: str) -> None:
    path = pack(tmp_path / "m.zip", {f"{prefix}1.eml": mail(1), f"{prefix}2.eml": mail(2)})
    assert MailFolder().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert (len(rows), ledger.read, ledger.truncated) == (2, 2, None)


def test_names_that_point_out_of_a_zip_are_left_alone(tmp_path: Path) -> None:
    path = pack(tmp_path / "m.zip", {"1.eml": mail(1), "../2.eml": mail(2)})
    assert MailFolder().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert (len(rows), dict(ledger.skipped)) == (1, {"unsafe_name": 1})


def test_a_zip_that_is_cut_short_says_so(tmp_path: Path) -> None:
    path = pack(tmp_path / "m.zip", {"1.eml": mail(1), "2.eml": mail(2)})
    path.write_bytes(path.read_bytes()[:-30])
    rows, ledger = read_source(path)
    assert len(rows) == 2
    assert ledger.truncated is not None


@pytest.mark.parametrize(
    "files",
    [
        {"1.eml": mail(1), "staff.csv": "name,email\n"},
        {"1.eml": mail(1), "export.zip": "PK"},
        {"Inbox": "From a@b Mon Jan  5 10:00:00 2026\n" + mail(1)},
        {"notes": "Dear diary\n", "more": "text\n"},
        {"general/2026-01-05.json": "[]", "users.json": "[]"},
        {},
    ],
)
def test_folders_with_anything_else_in_them_are_walked(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert MailFolder().recognise(Source(fill(tmp_path, dict(files)))) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from,to\na,b\n",
        "From: x\nTo: y\n",
        "Note: this\nSubject: that\n",
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n",
        "From a@b Mon Jan  5 10:00:00 2026\n" + mail(1),
        "name: x\nto: [y]\ndate: 3\nconfig:\n",
    ],
)
def test_other_files_are_no_mail(tmp_path: Path, text: str) -> None:
    path = tmp_path / "note.eml"
    path.write_text(text, encoding="utf-8")
    assert MailFolder().recognise(Source(path)) is None or Mbox().recognise(Source(path)) is None


def test_an_mbox_of_one_mail_is_left_to_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "note.eml"
    path.write_text("From a@b Mon Jan  5 10:00:00 2026\n" + mail(1), encoding="utf-8")
    assert MailFolder().recognise(Source(path)) is None
    assert Mbox().recognise(Source(path)) is not None


def test_headers_longer_than_the_first_look_are_read_whole(tmp_path: Path) -> None:
    many = ", ".join(f"p{number}@example.com" for number in range(3000))
    fill(tmp_path, {"1.eml": mail(1, "aya", "ben", f"Cc: {many}"), "2.eml": mail(2)})
    rows, _ = read_source(tmp_path)
    assert len(rows) == 3002


def test_problems_hold_no_text_no_address_and_no_name_of_a_file(tmp_path: Path) -> None:
    fill(tmp_path, {"Re secret plan.eml": "no mail", "b.eml": mail(1), "c.eml": mail(1)})
    _, ledger = read_source(tmp_path)
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_a_folder_without_mails_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no mail in it"):
        read_source(tmp_path)


def test_the_real_maildir_is_counted_as_documented() -> None:
    path = shared("data/maildir-lkml")
    assert MailFolder().recognise(Source(path)) is not None
    _, ledger = read_source(path)
    # 210 messages with 176 distinct ids.
    assert (ledger.read, ledger.skipped["duplicate"]) == (210, 34)


def test_the_real_zip_of_odd_mails_is_read_without_a_fault() -> None:
    path = shared("samples/eml/emails.zip")
    assert MailFolder().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert ledger.read == 101
    assert ledger.skipped["unreadable"] == 1
    assert all("@" in row["sender"] for row in rows)


@pytest.mark.parametrize("name", ["EmailWithISO_8859_1_From.eml", "EmailWithMultilineSubject.eml"])
def test_real_single_mails_are_recognised(name: str) -> None:
    path = shared(f"samples/eml/{name}")
    assert MailFolder().recognise(Source(path)) is not None
    _, ledger = read_source(path)
    assert ledger.read == 1
