"""Mail as the programs and services that keep it write it, found and read by content."""

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.reading import read as read_exports
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.mail_addresses import mailboxes
from orgnet_connectors.mail_folder import MailFolder
from orgnet_connectors.mail_headers import read_mail
from orgnet_connectors.mbox import Mbox

SEPARATOR = "From aya@example.com Mon Jan  5 10:00:00 2026\n"


def headers(number: int, *more: str) -> str:
    lines = [
        f"Message-ID: <{number}@example.com>",
        "From: Aya Ito <aya@example.com>",
        "To: ben@example.com",
        f"Date: Mon, 5 Jan 2026 10:{number:02d}:00 +0000",
        *more,
    ]
    return "".join(f"{line}\n" for line in lines)


def mail(number: int, *more: str, body: str = "Hello.\n") -> str:
    return headers(number, *more) + "\n" + body


def read_mbox(path: Path, content: str | bytes) -> tuple[list[str], Ledger]:
    """Return the ids of the messages that gave records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_path(path)


def read_path(path: Path) -> tuple[list[str], Ledger]:
    source, ledger = Source(path), Ledger()
    connector = Mbox() if Mbox().recognise(source) else MailFolder()
    assert connector.recognise(source) is not None
    batches = list(connector.read(source, ReadOptions(), ledger))
    assert ledger.read == ledger.kept + ledger.skipped.total()
    found = [row["message"] for batch in batches for row in batch.to_pylist()]
    return [message.partition("@")[0] for message in found], ledger


# --- Thunderbird, Evolution and others that keep mbox files ------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", ["From - Mon Jan 05 10:00:00 2026\n", "From \n", "From - \n"])
def test_thunderbird_keeps_what_is_deleted_until_it_compacts_a_folder(
    tmp_path: Path, separator: str, line_end: str
) -> None:
    flags = {1: "0001", 2: "0009", 3: "0008", 4: "1000", 5: "0013"}
    text = "".join(
        f"{separator}X-Mozilla-Status: {flag}\nX-Mozilla-Status2: 00000000\n{mail(number)}\n"
        for number, flag in flags.items()
    )
    found, ledger = read_mbox(tmp_path / "Inbox", text.replace("\n", line_end))
    assert found == ["1", "4", "5"]
    assert dict(ledger.skipped) == {"trash": 2}


def test_a_copy_that_was_moved_elsewhere_is_counted_there(tmp_path: Path) -> None:
    gone = f"From \nX-Mozilla-Status: 0009\n{mail(1)}\n"
    there = f"From \nX-Mozilla-Status: 0001\n{mail(1)}\n"
    found, ledger = read_mbox(tmp_path / "Inbox", gone + there)
    assert (found, dict(ledger.skipped)) == (["1"], {"trash": 1})


def test_a_line_of_text_that_is_only_from_starts_no_message(tmp_path: Path) -> None:
    body = "From \nSubject: matters\n\nFrom \nhere on\n\nFrom \n\nTo: be\n"
    text = f"From \nX-Mozilla-Status: 0001\n{mail(1, body=body)}\nFrom \n{mail(2)}"
    found, ledger = read_mbox(tmp_path / "Inbox", text)
    assert (found, ledger.read) == (["1", "2"], 2)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0", "draft"),
        ("X-Unsent: 1", "draft"),
        ("X-Status: T", "draft"),
        ("X-Status: AD", "trash"),
        ("X-Evolution: 0000001c-0006", "draft"),
        ("X-Evolution: 0000001c-0012", "trash"),
        ("X-Uniform-Type-Identifier: com.apple.mail-draft", "draft"),
    ],
)
def test_programs_mark_drafts_and_deleted_mails_in_headers(field: str, reason: str) -> None:
    assert read_mail(f"\n{headers(1, field)}".encode()).set_aside == reason


@pytest.mark.parametrize(
    "field",
    [
        "X-Mozilla-Status: 0001",
        "X-Mozilla-Status: junk",
        "X-Mozilla-Status: -1",
        "X-Status: AF",
        "X-Status: 2D",
        "Status: RO",
        "X-Evolution: 0000001c-0010",
        "X-Evolution: 0012",
        "X-Unsent: 0",
    ],
)
def test_other_marks_of_programs_leave_a_mail_alone(field: str) -> None:
    assert read_mail(f"\n{headers(1, field)}".encode()).set_aside is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Trash", "trash"),
        ("Drafts", "draft"),
        ("Unsent Messages", "draft"),
        ("Junk E-mail/mbox", "spam"),
        ("Deleted Items/mbox", "trash"),
        ("Deleted Messages.mbox/mbox", "trash"),
        ("Takeout/Mail/Papierkorb.mbox", "trash"),
        ("Spam.mbox.gz", "spam"),
    ],
)
def test_a_mailbox_of_drafts_or_waste_is_known_by_its_name(
    tmp_path: Path, name: str, reason: str
) -> None:
    found, ledger = read_mbox(tmp_path / name, SEPARATOR + mail(1) + "\n" + SEPARATOR + mail(2))
    assert (found, dict(ledger.skipped)) == ([], {reason: 2})


@pytest.mark.parametrize("name", ["mbox", "Sent", "trash-talk", "Bin Liner Sales.mbox"])
def test_other_names_of_mailboxes_do_not_matter(tmp_path: Path, name: str) -> None:
    found, _ = read_mbox(tmp_path / name, SEPARATOR + mail(1))
    assert found == ["1"]


def test_folders_of_apple_mail_are_walked_to_their_mailboxes(tmp_path: Path) -> None:
    read_mbox(tmp_path / "Export" / "Work.mbox" / "mbox", SEPARATOR + mail(1))
    (tmp_path / "Export" / "Work.mbox" / "table_of_contents").write_bytes(bytes(64))
    read_mbox(tmp_path / "Export" / "Drafts.mbox" / "mbox", SEPARATOR + mail(2))
    records = read_exports(tmp_path / "Export")
    assert list(records.to_pandas()["message"]) == ["1@example.com"]
    assert [reading.connector.name for reading in records.readings] == ["mbox", "mbox"]
    assert records.left_out == ["table_of_contents"]


# --- mboxcl: bodies that are counted instead of quoted -----------------------


def counted(number: int, body: str, *, length: int | None = None) -> str:
    stated = len(body) if length is None else length
    return SEPARATOR + mail(number, f"Content-Length: {stated}", body=body) + "\n"


def test_a_mailbox_that_was_forwarded_as_text_is_part_of_the_mail(tmp_path: Path) -> None:
    forwarded = f"See below.\n\n{SEPARATOR}{mail(8)}\n{SEPARATOR}{mail(9)}"
    text = counted(1, "Hello.\n") + counted(2, forwarded) + counted(3, forwarded)
    found, ledger = read_mbox(tmp_path / "mail", text)
    assert (found, ledger.read) == (["1", "2", "3"], 3)


@pytest.mark.parametrize("length", [0, 1, 7, 300, 10**6, 10**11])
def test_a_wrong_length_hides_no_message(tmp_path: Path, length: int) -> None:
    text = "".join(counted(number, "Hello.\n", length=length) for number in range(1, 6))
    found, _ = read_mbox(tmp_path / "mail", text)
    assert found == ["1", "2", "3", "4", "5"]


def test_a_length_in_one_mail_of_many_is_no_dialect(tmp_path: Path) -> None:
    inner = counted(8, "x\n") + counted(9, "x\n")
    text = SEPARATOR + mail(1) + "\n" + counted(2, inner) + SEPARATOR + mail(3)
    found, _ = read_mbox(tmp_path / "mail", text)
    assert found == ["1", "2", "8", "9", "3"]


# --- compressed archives -----------------------------------------------------


def archive(mails: int = 3) -> bytes:
    return "".join(f"{SEPARATOR}{mail(number)}\n" for number in range(1, mails + 1)).encode()


@pytest.mark.parametrize("name", ["2026-January.txt.gz", "dev.mbox.gz", "anything"])
def test_a_packed_archive_is_read_as_it_is(tmp_path: Path, name: str) -> None:
    found, ledger = read_mbox(tmp_path / name, gzip.compress(archive()))
    assert (found, ledger.truncated) == (["1", "2", "3"], None)
    assert "gzip" in str(Mbox().recognise(Source(tmp_path / name)))


def test_a_packed_archive_of_several_parts_with_padding_is_read_to_the_end(tmp_path: Path) -> None:
    half = archive().index(b"From ", 100)
    parts = gzip.compress(archive()[:half]) + gzip.compress(archive()[half:]) + bytes(512)
    found, ledger = read_mbox(tmp_path / "a.gz", parts)
    assert (found, ledger.truncated) == (["1", "2", "3"], None)


@pytest.mark.parametrize("damage", ["cut", "flip", "tail"])
def test_a_damaged_packed_archive_is_read_as_far_as_it_goes(tmp_path: Path, damage: str) -> None:
    whole = gzip.compress(archive(40_000))
    packed = {
        "cut": whole[: len(whole) // 2],
        "flip": whole[: len(whole) // 2] + bytes(50) + whole[len(whole) // 2 + 50 :],
        "tail": whole + b"more",
    }[damage]
    found, ledger = read_mbox(tmp_path / "a.gz", packed)
    assert 1_000 < len(found) <= 40_000
    assert ledger.truncated == "the gzip file ends early or is damaged"


def test_a_packed_file_of_something_else_is_left_to_others(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    for content in (gzip.compress(b"id,name\n1,Aya\n"), b"\x1f\x8b\x08junk", b"\x1f\x8b"):
        path.write_bytes(content)
        assert Mbox().recognise(Source(path)) is None


def test_an_archive_that_would_burst_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orgnet_connectors.mbox_files.RATIO_MATTERS_FROM", 1 << 20)
    monkeypatch.setattr("orgnet_connectors.mbox_files.LARGEST_RATIO", 100)
    with pytest.raises(UnreadableFileError, match=r"bomb\.gz: it unpacks to more than 100 times"):
        read_mbox(tmp_path / "bomb.gz", gzip.compress(archive(1) + bytes(4 << 20)))


# --- Google ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ("Chat", "chat_transcript"),
        ("Archived,Bin", "trash"),
        ("Papelera,Abierto", "trash"),
        ("=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Corbeille?=", "trash"),
        ("Inbox,Утиль,Спам", "spam"),
        ("下書き", "draft"),
        ("Çöp Kutusu", "trash"),
        ('"Spam, of old"', None),
        ("Inbox\rx,Spam", "spam"),
        ("x" * 140_000 + ",Spam", None),
        ("Inbox,Important,Opened,Category Forums", None),
        ("Sent", None),
    ],
)
def test_labels_of_takeout_are_read_in_the_language_of_their_user(
    labels: str, reason: str | None
) -> None:
    assert read_mail(f"\n{headers(1, f'X-Gmail-Labels: {labels}')}".encode()).set_aside == reason


def test_a_vault_export_is_opened_and_its_tables_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "matter.zip"
    xml = "<?xml version='1.0'?><Root><Batch><Documents><Document/></Documents></Batch></Root>"
    with zipfile.ZipFile(path, "w") as export:
        export.writestr("aya@example.com-1.mbox", SEPARATOR + mail(1) + "\n" + SEPARATOR + mail(2))
        export.writestr("ben@example.com-1.mbox", SEPARATOR + mail(1))
        export.writestr("matter-metadata.xml", xml)
        export.writestr("matter-metadata.csv", "Rfc822MessageId,GmailMessageId,Labels\n<1@x>,1,\n")
        export.writestr("matter-results-count.csv", "Account,Count,Email\naya,2,aya@example.com\n")
        export.writestr("File checksums.md5", "0" * 32 + "  aya.mbox\n")
    records = read_exports(path)
    mailboxes = [r for r in records.readings if r.connector.name == "mbox"]
    assert len(mailboxes) == 2
    assert [
        row
        for reading in mailboxes
        for batch in reading.batches()
        for row in batch["message"].to_pylist()
    ] == [
        "1@example.com",
        "2@example.com",
        "1@example.com",
    ]


# --- line ends and encodings -------------------------------------------------


def test_lines_that_end_in_cr_alone_are_read(tmp_path: Path) -> None:
    text = archive().decode().replace("\n", "\r")
    found, _ = read_mbox(tmp_path / "Eudora", text)
    assert found == ["1", "2", "3"]
    found, _ = read_mbox(tmp_path / "one.eml", mail(4, "MIME-Version: 1.0").replace("\n", "\r"))
    assert found == ["4"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_mail_that_was_saved_as_unicode_text_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "note.eml"
    path.write_bytes(mail(1, "MIME-Version: 1.0").encode(encoding))
    found, ledger = read_path(path)
    assert found == ["1"]
    assert ledger.profiles["aya@example.com"].name == "Aya Ito"


# --- Apple's files and Maildirs ----------------------------------------------


def test_apple_writes_what_became_of_a_mail_behind_it(tmp_path: Path) -> None:
    flags = {1: 8590195713, 2: 8590195713 | 2, 3: 8590195713 | 64, 4: 1}
    for number, flag in flags.items():
        text = mail(number)
        state = f"<plist><dict><key>flags</key>\n\t<integer>{flag}</integer></dict></plist>"
        (tmp_path / f"{number}.emlx").write_text(f"{len(text)}\n{text}{state}", encoding="utf-8")
    (tmp_path / "5.emlx").write_text(mail(5, body="<key>flags</key><integer>2</integer>"))
    found, ledger = read_path(tmp_path)
    assert found == ["1", "4", "5"]
    assert dict(ledger.skipped) == {"trash": 1, "draft": 1}


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        (".INBOX.Drafts", "draft"),
        (".Entw&APw-rfe", "draft"),
        (".Archive.Deleted Items", "trash"),
        (".Junk", "spam"),
        (".Projects.Trash talk", None),
        (".R&-D", None),
    ],
)
def test_folders_of_a_maildir_are_known_in_other_languages(
    tmp_path: Path, folder: str, reason: str | None
) -> None:
    for place, number in ((f"{folder}/cur", 1), ("cur", 2)):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / f"{number}.host!2,S").write_text(mail(number), encoding="utf-8")
    found, ledger = read_path(tmp_path)
    assert sorted(found) == (["2"] if reason else ["1", "2"])
    assert dict(ledger.skipped) == ({reason: 1} if reason else {})


# --- who wrote to whom -------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?Q?Ito=2C_Aya?= <aya@example.com>, ben@example.com", "aya ben"),
        ("=?utf-8?B?SXRvLCBBeWE=?= <aya@example.com>", "aya"),
        ("=?utf-8?Q?Aya_=3Caya=40example=2Ecom=3E?=, ben@example.com", "aya ben"),
        ("undisclosed-recipients:;", ""),
        ("Undisclosed recipients:;, ben@example.com", "ben"),
        ("aya@example.com (Ito, Aya (Ops))", "aya"),
        ("Ito (Ops), Aya <aya@example.com>", "aya"),
        ('"aya@example.com" <aya@example.com>', "aya"),
        ("aya@example.com; ben@example.com;", "aya ben"),
        ("<aya@example.com>,<ben@example.com>", "aya ben"),
        ("Aya Ito [aya@example.com]", ""),
        ("\"Ito, Aya' <aya@example.com>", "aya"),
    ],
)
def test_lists_of_addresses_as_programs_write_them(value: str, expected: str) -> None:
    assert " ".join(box.address.partition("@")[0] for box in mailboxes(value)) == expected


def test_a_name_of_exchange_inside_an_address_is_the_name() -> None:
    wrapped = "IMCEAEX-_o=Example_ou=First+20Group_cn=Recipients_cn=aya@mail.example.com"
    found = mailboxes(f"Aya <{wrapped}>")
    assert [box.address for box in found] == ["/o=example/ou=first group/cn=recipients/cn=aya"]


def test_a_resent_mail_is_what_its_author_sent() -> None:
    resent = "Resent-From: cy@example.com\nResent-To: dana@example.com\nResent-Date: 1 Mar 2026\n"
    mail = read_mail(f"\n{resent}{headers(1)}".encode())
    assert (mail.sender, list(mail.recipients)) == ("aya@example.com", ["ben@example.com"])


@pytest.mark.parametrize(
    "field",
    [
        "X-Failed-Recipients: ben@example.com",
        "X-Autoreply: yes",
        "Content-Class: urn:content-classes:calendarmessage",
        "Content-Type: text/calendar; method=REQUEST",
        'Content-Type:\n\tmultipart/report; report-type="disposition-notification"',
        "List-Unsubscribe: <mailto:leave@example.com>",
    ],
)
def test_bounces_answering_machines_invitations_and_newsletters_are_automatic(field: str) -> None:
    assert read_mail(f"\n{headers(1, field)}".encode()).set_aside == "automatic"


@pytest.mark.parametrize(
    "field",
    [
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"',
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data",
        "ARC-Authentication-Results: i=1; mx.example.com;\n\tdkim=pass header.from=x@example.com",
        "DKIM-Signature: v=1; h=from:to;\n\tauto-submitted:precedence",
        "Content-Class: urn:content-classes:message",
        "List-Unsubscribe: <mailto:x@example.com>\nList-Id: <dev.example.com>",
        "List-Unsubscribe: <mailto:x@example.com>\nPrecedence: list",
    ],
)
def test_signed_sealed_and_listed_mail_is_between_people(field: str) -> None:
    mail = read_mail(f"\n{headers(1, field)}".encode())
    assert (mail.set_aside, mail.sender) == (None, "aya@example.com")


@pytest.mark.parametrize(
    ("field", "sender"),
    [
        ("X-MailFrom: aya@example.com", "aya@example.com"),
        ("Reply-To: Aya Ito <aya@example.com>", "aya@example.com"),
        ("Reply-To: dev@lists.example.com, Aya <aya@example.com>", "aya@example.com"),
        ("Reply-To: a@example.com, b@example.com", "dev@lists.example.com"),
        ("Reply-To: dev@lists.example.com", "dev@lists.example.com"),
    ],
)
def test_the_author_is_found_behind_a_list_that_hides_them(field: str, sender: str) -> None:
    block = (
        "\nFrom: Aya Ito via Dev <dev@lists.example.com>\nTo: dev@lists.example.com\n"
        f"List-Id: Dev <dev.lists.example.com>\n{field}\n"
    )
    assert read_mail(block.encode()).sender == sender


@pytest.mark.parametrize(
    "date",
    [
        "Date: Thu, 1 Jan 1970 00:00:00 +0000",
        "Date: Tue, 1 Jan 1980 00:00:00 +0000",
        "Date: Mon, 5 Jan 2099 10:00:00 +0000",
        "Date: Tue, 19 Jan 2038 03:14:08 +0000",
        "Date:",
        "X-Date: Mon, 5 Jan 2026 10:00:00 +0000",
    ],
)
def test_a_date_that_cannot_be_gives_way_to_the_servers(date: str) -> None:
    stamp = "Received: from a by b; Mon, 5 Jan 2026 11:00:00 +0100\n"
    expected = int(datetime(2026, 1, 5, 10, tzinfo=UTC).timestamp()) * 1_000_000
    assert read_mail(f"\n{date}\n{stamp}".encode()).sent_at == expected
    assert read_mail(f"\n{date}\n".encode()).sent_at is None


def test_copies_of_a_mail_without_an_id_are_one(tmp_path: Path) -> None:
    without = mail(1).partition("\n")[2]
    text = f"{SEPARATOR}{without}\n{SEPARATOR}X-Folder: sent\n{without}"
    found, ledger = read_mbox(tmp_path / "mail", text)
    assert (len(found), dict(ledger.skipped)) == (1, {"duplicate": 1})
