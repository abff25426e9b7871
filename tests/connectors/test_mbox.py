"""The mbox connector on files built here, on real archives, and against the standard library."""

import mailbox
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.mbox_messages import split_messages
from support import shared

MONDAY = "Mon Jan  5 10:00:00 2026"


def mail(*headers: str, body: str = "Hello.\n", separator: str = f"From a@b {MONDAY}") -> str:
    return "\n".join([separator, *headers, "", body, ""])


def plain(number: int, sender: str = "aya", to: str = "ben", *more: str) -> str:
    return mail(
        f"From: {sender}@example.com",
        f"To: {to}@example.com",
        f"Message-ID: <{number}@example.com>",
        f"Date: Mon, 5 Jan 2026 10:{number:02d}:00 +0000",
        *more,
    )


def read_file(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(Mbox().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(*mails: str | bytes, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "mail"
        path.write_bytes(b"".join(m.encode() if isinstance(m, str) else m for m in mails))
        return read_file(path, **options)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (row["sender"].partition("@")[0], row["recipient"].partition("@")[0], row["kind"])
        for row in rows
    ]


def test_it_is_a_connector() -> None:
    assert isinstance(Mbox(), Connector)


def test_one_record_a_recipient_with_time_kind_and_number_of_recipients(read: Any) -> None:
    rows, ledger = read(
        mail(
            'From: "Ito, Aya" <Aya@example.com>',
            "To: Ben <ben@example.com>, aya@example.com",
            "Cc: cy@example.com, ben@example.com",
            "Bcc: dana@example.com",
            "Date: Mon, 5 Jan 2026 11:00:00 +0100",
            "Message-ID: <1@Example.com>",
        )
    )
    assert pairs(rows) == [("aya", "ben", "to"), ("aya", "aya", "to"), ("aya", "cy", "cc")]
    assert {row["recipients"] for row in rows} == {3}
    assert {row["sent_at"] for row in rows} == {datetime(2026, 1, 5, 10, tzinfo=UTC)}
    assert {(row["message"], row["thread"], row["channel"], row["source"]) for row in rows} == {
        ("1@example.com", "1@example.com", "email", "mbox")
    }
    assert ledger.profiles["aya@example.com"].name == "Ito, Aya"
    assert ledger.profiles["ben@example.com"].name == "Ben"
    assert "cy@example.com" not in ledger.profiles
    assert (ledger.first, ledger.last) == (datetime(2026, 1, 5, 10, tzinfo=UTC),) * 2
    assert {"body", "subject", "bcc"} <= ledger.dropped_unread


@pytest.mark.parametrize(
    "separator",
    [
        f"From aya@example.com {MONDAY}",
        "From aya@example.com  Mon Jan  5 10:00 2026",
        "From 1650000000000000001@xxx Mon Jan 05 10:00:00 +0000 2026",
        "From aya@example.com Mon Jan  5 10:00:00 GMT 2026",
        "From aya@example.com Mon Jan  5 10:00:00 2026 +0000",
        "From - Mon Jan 05 10:00:00 2026",
        "From MAILER-DAEMON Mon, 5 Jan 2026 10:00:00 +0000",
        "From a at “example.org”  Mon Jan  5 10:00:00 2026",
        "From aya Mon Jan  5 10:00:00 2026 remote from host",
        "From aya 2026-01-05 10:00:00",
        "From Mon Jan  5 10:00:00 2026",
    ],
)
def test_every_dialect_of_the_separator_starts_a_message(read: Any, separator: str) -> None:
    header = ["From: aya@example.com", "To: ben@example.com"]
    rows, ledger = read(
        mail(*header, "Message-ID: <1@x>", separator=separator),
        mail(*header, "Message-ID: <2@x>", separator=separator),
    )
    assert (ledger.read, ledger.kept) == (2, 2)
    assert rows[0]["sent_at"] == datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        "From here on: this is text.\n",
        "\nFrom here on\nNote: this is text.\n",
        "\nFrom: x@example.com\nTo: y@example.com\n",
        "\n>From aya Mon Jan  5 10:00:00 2026\nTo: y@example.com\n",
        f"\nFrom aya {MONDAY}\n\nNothing follows.\n",
        f"\nFrom aya {MONDAY}\nhttp://example.com\n\n",
        "\nFrom the meeting at 10:30 on 3 March 2026 we learned\nNote: this\n",
        "\nFrom the 10:30 meeting of Jan 5 10:30:00 2026 onwards\nNote: this\n",
        "\nFrom ",
        "\n\n\n",
    ],
)
def test_body_lines_that_begin_with_from_are_no_messages(read: Any, body: str) -> None:
    first = plain(1).replace("Hello.\n", body)
    rows, ledger = read(first, "\n", plain(2))
    assert ledger.read == 2
    assert [row["message"] for row in rows] == ["1@example.com", "2@example.com"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_line_ends_and_what_stands_before_the_first_message_do_not_matter(
    tmp_path: Path, ending: str, start: str
) -> None:
    path = tmp_path / "mail"
    path.write_bytes((start + plain(1) + plain(2)).replace("\n", ending).encode())
    rows, _ = read_file(path)
    assert pairs(rows) == [("aya", "ben", "to")] * 2
    assert Mbox().recognise(Source(path)) is not None


def test_messages_are_found_without_the_blank_lines_that_belong_between_them(read: Any) -> None:
    headers_only = "".join(plain(number).partition("\n\n")[0] + "\n" for number in (1, 2, 3))
    rows, ledger = read(headers_only)
    assert [row["message"] for row in rows] == [f"{n}@example.com" for n in (1, 2, 3)]
    assert ledger.read == 3


def test_a_last_message_that_is_cut_short_is_read_as_far_as_it_goes(read: Any) -> None:
    whole = plain(1) + plain(2)
    rows, ledger = read(whole[: whole.rindex("Date:")])
    assert (ledger.read, len(rows)) == (2, 2)


def test_bodies_and_headers_longer_than_a_block_are_crossed(read: Any) -> None:
    body = ("x" * 70 + "\nFrom nowhere\n") * 40_000
    many = ", ".join(f"p{number}@example.com" for number in range(60_000))
    rows, ledger = read(plain(1).replace("Hello.", body), plain(2, "aya", "ben", f"Cc: {many}"))
    assert ledger.read == 2
    assert len(rows) == 60_002


def test_messages_are_found_wherever_a_block_ends() -> None:
    class Trickle(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(7)

    data = (plain(1) + plain(2) + plain(3)).encode()
    assert list(split_messages(Trickle(data))) == list(split_messages(BytesIO(data)))
    assert [data[m.offset :].split()[1] for m in split_messages(BytesIO(data))] == [b"a@b"] * 3


def test_the_ledger_says_why_mails_give_no_record(read: Any) -> None:
    _, ledger = read(
        plain(1),
        plain(1),
        mail("To: ben@example.com", "Subject: secret plan"),
        mail("From: aya@example.com", "Cc: undisclosed-recipients:;", "Message-ID: <9@x>"),
        plain(2, "aya", "ben", "Auto-Submitted: auto-replied"),
        plain(3, "aya", "ben", "X-Gmail-Labels: Spam"),
        plain(4, "aya", "ben", "X-Gmail-Labels: Inbox,Draft"),
        plain(5, "aya", "ben", "X-Gmail-Labels: Trash"),
        plain(6, "aya", "ben", "X-Gmail-Labels: Chat"),
    )
    expected = {"duplicate", "no_sender", "no_addressee", "automatic"}
    expected |= {"spam", "draft", "trash", "chat_transcript"}
    assert expected <= set(ledger.skipped)
    assert ledger.read == ledger.kept + ledger.skipped.total()


def test_a_mail_without_any_date_is_skipped(read: Any) -> None:
    _, ledger = read(
        plain(1),
        mail(
            "From: aya@example.com",
            "To: ben@example.com",
            "Date: someday",
            separator="From a Mon Jan  5 10:00:00 1902",
        ),
    )
    assert dict(ledger.skipped) == {"no_date": 1}
    assert ledger.problems["no_date"][0].place == f"message 2, byte {len(plain(1))}"


def test_problems_hold_no_text_and_no_address(read: Any) -> None:
    _, ledger = read(plain(1), plain(1), mail("To: ben@example.com", "Subject: secret plan"))
    told = repr(ledger.problems)
    assert "message 2, byte" in told
    assert "secret" not in told
    assert "@" not in told


def test_a_copy_in_the_trash_does_not_cost_the_copy_in_the_inbox(read: Any) -> None:
    _, ledger = read(plain(1, "aya", "ben", "X-Gmail-Labels: Trash"), plain(1))
    assert (ledger.kept, dict(ledger.skipped)) == (1, {"trash": 1})


def test_a_reply_to_people_adds_no_record_of_its_own(read: Any) -> None:
    rows, _ = read(plain(1), plain(2, "ben", "cy", "In-Reply-To: <1@example.com>"))
    assert pairs(rows) == [("aya", "ben", "to"), ("ben", "cy", "to")]


LIST = ("To: dev@lists.example.org", "List-Id: <dev.lists.example.org>")


def test_a_reply_that_addresses_only_a_list_is_a_tie_to_the_author_it_answers(read: Any) -> None:
    root = mail("From: Aya <aya@example.com>", *LIST, "Message-ID: <1@x>")
    reply = mail("From: ben@example.com", *LIST, "Message-ID: <2@x>", "In-Reply-To: <1@x>")
    last = mail("From: cy@example.com", *LIST, "Message-ID: <3@x>", "References: <1@x> <2@x>")
    rows, ledger = read(root, reply, last)
    assert pairs(rows) == [("ben", "aya", "reply"), ("cy", "ben", "reply")]
    assert {row["recipients"] for row in rows} == {1}
    assert {row["thread"] for row in rows} == {"1@x"}
    assert dict(ledger.skipped) == {"no_addressee": 1}
    assert ledger.profiles["dev@lists.example.org"].kind == "shared"


def test_a_reply_finds_its_author_later_in_the_file(read: Any) -> None:
    reply = mail("From: ben@example.com", "Message-ID: <2@x>", "In-Reply-To: <1@x>")
    lost = mail("From: cy@example.com", "Message-ID: <3@x>", "In-Reply-To: <0@x>")
    root = mail("From: aya@example.com", "Message-ID: <1@x>")
    rows, ledger = read(reply, lost, root)
    assert pairs(rows) == [("ben", "aya", "reply")]
    assert rows[0]["message"] == "2@x"
    assert dict(ledger.skipped) == {"no_addressee": 2}


def test_a_list_beside_people_is_left_out_and_counted_among_the_recipients(read: Any) -> None:
    rows, _ = read(
        mail("From: aya@example.com", *LIST, "Cc: ben@example.com", "In-Reply-To: <0@x>")
    )
    assert pairs(rows) == [("aya", "ben", "cc")]
    assert rows[0]["recipients"] == 2


def test_a_name_met_first_does_not_hide_that_an_address_is_a_list(read: Any) -> None:
    _, ledger = read(
        mail("From: aya@example.com", "To: Dev Team <dev@lists.example.org>"),
        mail("From: ben@example.com", *LIST),
    )
    assert ledger.profiles["dev@lists.example.org"].kind == "shared"


def test_pipermail_archives_spell_out_the_at_sign(read: Any) -> None:
    separator = f"From jo at example.org  {MONDAY}"
    rows, ledger = read(
        mail("From: jo at example.org (Jo Berg)", "Message-ID: <1@x>", separator=separator),
        mail(
            "From: kim at example.org (kim at example.org)",
            "In-Reply-To: <1@x>",
            separator=separator,
        ),
    )
    assert [(row["sender"], row["recipient"]) for row in rows] == [
        ("kim@example.org", "jo@example.org")
    ]
    assert ledger.profiles["jo@example.org"].name == "Jo Berg"
    assert "kim@example.org" not in ledger.profiles


def test_times_without_zone_take_the_one_that_the_user_names(read: Any) -> None:
    rows, _ = read(
        mail("From: a@example.com", "To: b@example.com", f"Date: {MONDAY}"),
        timezone="Europe/Paris",
    )
    assert rows[0]["sent_at"] == datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "from,to\na,b\n", "From here on: text\n", f"From a {MONDAY}\n", "PK\x03\x04"],
)
def test_what_is_no_mbox_is_not_recognised_and_cannot_be_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.mbox"
    path.write_text(text, encoding="utf-8")
    assert Mbox().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match=r"list\.mbox: no message begins in it"):
        read_file(path)


def test_a_folder_is_no_mbox(tmp_path: Path) -> None:
    assert Mbox().recognise(Source(tmp_path)) is None


def test_senders_dates_and_recipients_agree_with_the_standard_library(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_text(
        "".join(
            mail(
                f'From: "Person, {number}" <p{number}@example.com>',
                f"To: A <a{number}@example.com>,\n\tb@example.com (Bee)",
                f"Cc: =?utf-8?q?=C3=89va?= <c{number % 5}@example.com>",
                f"Date: Mon, {number % 28 + 1} Jan 2026 10:00:00 -0{number % 8}30",
                f"Message-ID: <{number}@example.com>",
            )
            for number in range(60)
        ),
        encoding="utf-8",
    )
    rows, _ = read_file(path)
    expected = []
    with_standard_library = mailbox.mbox(path)
    for message in with_standard_library:
        sender = getaddresses([message["From"]])[0][1]
        for field, kind in (("To", "to"), ("Cc", "cc")):
            for _, recipient in getaddresses([message[field]]):
                sent_at = parsedate_to_datetime(message["Date"]).astimezone(UTC)
                expected.append((sent_at, sender, recipient, kind))
    with_standard_library.close()
    assert [(r["sent_at"], r["sender"], r["recipient"], r["kind"]) for r in rows] == expected


@pytest.mark.parametrize(
    ("name", "messages", "repeats"),
    [
        ("data/mbox-3gpp/3GPP_TSG_SA_WG4_EVS.mbox", 50, 1),
        ("data/mbox-3gpp/3GPP_TSG_RAN_WG4_NR-MIMO-OTA.mbox", 59, 3),
        ("data/mbox-numpy-2001/2001-November.txt", 164, 82),
    ],
)
def test_real_list_archives_are_counted_as_documented(
    name: str, messages: int, repeats: int
) -> None:
    path = shared(name)
    assert Mbox().recognise(Source(path)) is not None
    rows, ledger = read_file(path)
    assert ledger.read == messages
    assert ledger.skipped["duplicate"] == repeats
    assert {row["kind"] for row in rows} == {"reply"}
    assert all("@" in row["sender"] and " " not in row["sender"] for row in rows)


def test_the_takeout_file_is_read_with_its_labels_groups_and_copies() -> None:
    rows, ledger = read_file(shared("samples/synthetic/email/takeout.mbox"))
    assert pairs(rows) == [
        ("aya.ito", "ben.osei", "to"),
        ("aya.ito", "ops", "to"),
        ("ben.osei", "aya.ito", "to"),
    ]
    assert dict(ledger.skipped) == {"automatic": 1, "duplicate": 1}


@pytest.mark.parametrize(
    ("name", "messages", "name_of_sender"),
    [
        ("mbox_iso8859_encoding.mbox", 1, "Lucía Charlie"),
        ("mbox_multipart.mbox", 2, "yves (yingmin) yang"),
        ("mbox_single.mbox", 1, "Göran Lastname"),
        ("mbox_unixfrom_encoding.mbox", 1, "Christian Aistleitner"),
    ],
)
def test_files_of_odd_encodings_are_read(name: str, messages: int, name_of_sender: str) -> None:
    _, ledger = read_file(shared(f"samples/mbox/{name}"))
    assert ledger.read == messages
    assert name_of_sender in {profile.name for profile in ledger.profiles.values()}
