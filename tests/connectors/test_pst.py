"""Outlook data files: written here, a real one, damaged ones, and without the extra package."""

import importlib.util
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors import pst, pst_items
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.pst import Pst
from outlook_files import Folder, Message, Properties, write_pst
from support import shared

installed = pytest.mark.skipif(
    importlib.util.find_spec("pypff") is None, reason="the extra [outlook] is not installed"
)

CLASS, SUBMITTED, DELIVERED, FLAGS = 0x001A, 0x0039, 0x0E06, 0x0E07
HEADERS, MESSAGE_ID, IN_REPLY_TO = 0x007D, 0x1035, 0x1042
AUTHOR_NAME, AUTHOR_ADDRESS, AUTHOR_SMTP = 0x0042, 0x0065, 0x5D02
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
KIND, NAME, ADDRESS, SMTP, DISPLAY_TYPE = 0x0C15, 0x3001, 0x3003, 0x39FE, 0x3900
MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
DIRECTORY = "/o=Example/ou=First Group/cn=Recipients/cn="


def to(name: str, *, kind: int = 1, **more: Any) -> Properties:
    return {KIND: kind, NAME: name.title(), ADDRESS: f"{name}@example.com", **more}


def sent(number: int, sender: str = "aya", *recipients: Properties, **more: Any) -> Message:
    """Return a mail as it lies in Sent Items: without headers."""
    properties = {
        CLASS: "IPM.Note",
        FLAGS: 1,
        SUBMITTED: MONDAY,
        SENDER_NAME: sender.title(),
        SENDER_ADDRESS: f"{sender}@example.com",
        MESSAGE_ID: f"<{number}@Example.com>",
        0x0037: "secret plan",
        0x1000: "secret text",
    }
    changes = {int(key[1:], 16): value for key, value in more.items()}
    return Message(properties | changes, list(recipients or (to("ben"),)))


def read_path(path: Path) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(Pst().read(Source(path), ReadOptions(), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return [row for batch in batches for row in batch.to_pylist()], ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(*messages: Message, folder: str = "Inbox") -> tuple[list[dict[str, Any]], Ledger]:
        top = Folder("Top of Outlook data file", [], [Folder(folder, list(messages))])
        return read_path(write_pst(tmp_path / "archive.pst", top))

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (row["sender"].partition("@")[0], row["recipient"].partition("@")[0], row["kind"])
        for row in rows
    ]


def test_it_is_a_connector() -> None:
    assert isinstance(Pst(), Connector)


@installed
def test_sent_mail_is_read_from_its_properties(read: Any) -> None:
    rows, ledger = read(
        sent(1, "aya", to("ben"), to("cy", kind=2), to("dana", kind=3)),
        sent(2, "ben", to("aya"), x1042="<1@example.com>"),
    )
    assert pairs(rows) == [("aya", "ben", "to"), ("aya", "cy", "cc"), ("ben", "aya", "to")]
    assert [row["recipients"] for row in rows] == [2, 2, 1]
    assert {row["sent_at"] for row in rows} == {MONDAY}
    assert [row["message"] for row in rows] == ["1@example.com", "1@example.com", "2@example.com"]
    assert {(row["thread"], row["source"]) for row in rows} == {("1@example.com", "pst")}
    assert ledger.profiles["ben@example.com"].name == "Ben"
    assert "dana@example.com" not in ledger.profiles


@installed
def test_received_mail_is_read_from_its_headers_as_in_an_mbox(read: Any, tmp_path: Path) -> None:
    headers = (
        "Received: from a by b; Mon, 5 Jan 2026 12:00:00 +0100\r\n"
        'From: "Ito, Aya" <aya@example.com>\r\nTo: Ben <ben@example.com>,\r\n\tcy@example.com\r\n'
        "Cc: dana@example.com\r\nDate: Mon, 5 Jan 2026 11:00:00 +0100\r\n"
        "References: <0@Example.com>\r\nMessage-ID:\r\n <1@Mail.Example.com>\r\n"
    )
    part = "\r\nContent-Type: text/calendar\r\nFrom: nobody@example.com\r\n"
    rows, _ = read(sent(9, "elsewhere", x7D=headers + part, x1035="<1@Mail.Example.com>"))
    (tmp_path / "mail").write_bytes(
        b"From aya@example.com Mon Jan  5 10:00:00 2026\n" + headers.encode() + b"\r\nHello.\r\n"
    )
    ledger = Ledger()
    of_mbox = [
        row
        for batch in Mbox().read(Source(tmp_path / "mail"), ReadOptions(), ledger)
        for row in batch.to_pylist()
    ]
    assert len(rows) == 3
    assert [row | {"source": "mbox"} for row in rows] == of_mbox


@installed
def test_names_of_exchange_are_joined_to_their_addresses(read: Any) -> None:
    rows, ledger = read(
        sent(1, "aya", to("ben"), xC1F=DIRECTORY + "aya", x5D01="Aya@example.com"),
        sent(2, "aya", {KIND: 1, NAME: "Ben", ADDRESS: DIRECTORY + "BEN"}, xC1F=DIRECTORY + "AYA"),
        sent(3, "ben", {KIND: 1, ADDRESS: DIRECTORY + "ben", SMTP: "ben@example.com"}),
    )
    ben = (DIRECTORY + "ben").lower()
    assert [(row["sender"], row["recipient"]) for row in rows] == [
        ("aya@example.com", "ben@example.com"),
        ("aya@example.com", ben),
        ("ben@example.com", "ben@example.com"),
    ]
    assert ledger.profiles[ben].emails == ("ben@example.com",)
    assert ledger.profiles[ben].name == "Ben"


@installed
def test_the_author_counts_and_not_who_sent_it_for_them(read: Any) -> None:
    rows, _ = read(sent(1, "assistant", x65="aya@example.com", x42="Aya"))
    assert pairs(rows) == [("aya", "ben", "to")]


@installed
def test_a_distribution_list_is_no_person(read: Any) -> None:
    everyone = to("ops") | {DISPLAY_TYPE: 1}
    rows, ledger = read(sent(1, "aya", to("ben"), everyone))
    assert (pairs(rows), rows[0]["recipients"]) == ([("aya", "ben", "to")], 2)
    assert ledger.profiles["ops@example.com"].kind == "shared"


@installed
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"x1A": "IPM.Schedule.Meeting.Request"}, "meeting"),
        ({"x1A": "IPM.Appointment"}, "meeting"),
        ({"x1A": "REPORT.IPM.Note.NDR"}, "automatic"),
        ({"x1A": "IPM.Note.Rules.OofTemplate.Microsoft"}, "automatic"),
        ({"x1A": "IPM.Note.Microsoft.Conversation"}, "chat_transcript"),
        ({"x1A": "IPM.Contact"}, "not_mail"),
        ({"x1A": "IPM.Task"}, "not_mail"),
        ({"xE07": 0x9}, "draft"),
        ({"xC1F": "", "xC1A": "Somebody"}, "no_sender"),
        ({"x39": datetime(1970, 1, 1, tzinfo=UTC)}, "no_date"),
        ({"x7D": "Auto-Submitted: auto-replied\r\n"}, "automatic"),
    ],
)
def test_what_is_no_mail_between_people_is_counted_by_its_reason(
    read: Any, change: dict[str, Any], reason: str
) -> None:
    rows, ledger = read(sent(1, **change), sent(2, x1A="IPM.Note.SMIME.MultipartSigned"))
    assert [row["message"] for row in rows] == ["2@example.com"]
    assert dict(ledger.skipped) == {reason: 1}


@installed
@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("Drafts", "draft"),
        ("Gelöschte Elemente", "trash"),
        ("Courrier indésirable", "spam"),
        ("Postausgang", "draft"),
    ],
)
def test_folders_of_drafts_and_waste_are_known_in_other_languages(
    read: Any, folder: str, reason: str
) -> None:
    rows, ledger = read(sent(1), folder=folder)
    assert (rows, dict(ledger.skipped)) == ([], {reason: 1})


@installed
def test_a_mail_without_submission_or_id_is_read_all_the_same(read: Any) -> None:
    plain = sent(1).properties
    late = {DELIVERED: datetime(2026, 1, 5, 11, tzinfo=UTC)}
    kept = {number: plain[number] for number in (CLASS, SENDER_ADDRESS)}
    rows, ledger = read(Message(kept | late, [to("ben")]), Message(kept | late, [to("ben")]))
    assert [row["sent_at"].hour for row in rows] == [11]
    assert rows[0]["message"].startswith("no-id:")
    assert dict(ledger.skipped) == {"duplicate": 1}


@installed
def test_texts_of_eight_bits_are_read_in_the_code_page_of_the_item(read: Any) -> None:
    _, ledger = read(sent(1, xC1A="Ася".encode("cp1251"), x3FFD=1251))
    assert ledger.profiles["aya@example.com"].name == "Ася"


@installed
def test_many_items_in_many_folders_are_read(tmp_path: Path) -> None:
    folders = [
        Folder(f"Project {part}", [sent(100 * part + number) for number in range(15)])
        for part in range(12)
    ]
    top = Folder("Top", [], folders)
    rows, ledger = read_path(write_pst(tmp_path / "a.pst", top))
    assert len({row["message"] for row in rows}) == ledger.kept == 180
    assert ledger.truncated is None


@installed
def test_no_text_and_no_address_is_told_of_a_problem(read: Any) -> None:
    _, ledger = read(sent(1, x1A="IPM.Contact"), sent(2, xC1F=""), sent(3), sent(3))
    told = repr(ledger.problems)
    assert "item 2" in told
    assert "secret" not in told
    assert "@" not in told


@installed
@pytest.mark.parametrize("kept", [512, 600, 20_000])
def test_a_file_that_is_cut_short_is_refused_or_read_in_part(tmp_path: Path, kept: int) -> None:
    path = write_pst(tmp_path / "a.pst", Folder("Top", [sent(1)]))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UnreadableFileError, match=r"a\.pst: an Outlook data file that is damaged"):
        read_path(path)


@installed
def test_the_library_may_crash_without_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_pst(tmp_path / "a.pst", Folder("Top", [sent(1), sent(2)]))
    lines = _lines_of(path)
    start = subprocess.Popen

    def crash_after(count: int) -> None:
        script = f"import os, sys; sys.stdout.buffer.write({b''.join(lines[:count])!r})\n"
        script += "sys.stdout.buffer.write(b'{\"item_cl'); sys.stdout.flush(); os.abort()\n"
        monkeypatch.setattr(
            pst.subprocess, "Popen", lambda command, **k: start([command[0], "-c", script], **k)
        )

    crash_after(1)
    rows, ledger = read_path(path)
    assert [row["message"] for row in rows] == ["1@example.com"]
    assert "damaged" in str(ledger.truncated)
    crash_after(0)
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_path(path)


def _lines_of(path: Path) -> list[bytes]:
    command = [sys.executable, "-m", pst_items.__name__, str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.splitlines(keepends=True)


@installed
def test_a_library_that_falls_silent_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pst(tmp_path / "a.pst", Folder("Top", [sent(1)]))
    start = subprocess.Popen
    endless = "import time\nwhile True: time.sleep(1)"
    monkeypatch.setattr(
        pst.subprocess, "Popen", lambda command, **k: start([command[0], "-c", endless], **k)
    )
    monkeypatch.setattr(pst, "_PATIENCE_SECONDS", 0.2)
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_path(path)


@installed
def test_neither_text_nor_subject_nor_bcc_leaves_the_reading_process(tmp_path: Path) -> None:
    headers = "Subject: secret plan\r\nBcc: dana@example.com\r\nFrom: aya@example.com\r\n"
    mail = sent(1, "aya", to("ben"), to("dana", kind=3), x7D=headers)
    lines = _lines_of(write_pst(tmp_path / "a.pst", Folder("Top", [mail])))
    assert b"aya@example.com" in lines[0]
    assert not any(word in lines[0].lower() for word in (b"secret", b"dana"))


def test_without_the_package_the_refusal_names_two_ways_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pst.importlib.util, "find_spec", lambda name: None)
    path = tmp_path / "archive.pst"
    path.write_bytes(b"!BDN" + bytes(600))
    assert Pst().recognise(Source(path)) is not None
    with pytest.raises(
        UnreadableFileError, match=r"archive\.pst: an Outlook.*\[outlook\].*readpst"
    ):
        read_path(path)


@pytest.mark.parametrize("content", [b"", b"!BD", b"From: a@example.com\n", b"PK\x03\x04"])
def test_other_files_are_not_claimed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "archive.pst"
    path.write_bytes(content)
    assert Pst().recognise(Source(path)) is None


@installed
def test_a_real_file_without_mails_is_read_to_the_end() -> None:
    path = shared("samples/pst/dist-list.pst")
    assert Pst().recognise(Source(path)) is not None
    rows, ledger = read_path(path)
    assert (rows, ledger.truncated) == ([], None)
    assert dict(ledger.skipped) == {"meeting": 1, "not_mail": 3}
