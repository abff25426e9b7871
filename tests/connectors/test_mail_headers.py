"""Addresses, dates and ids, in the shapes that real headers have."""

from email.utils import getaddresses, parsedate_to_datetime

import pytest

from orgnet.errors import UsageError
from orgnet_connectors.mail_addresses import decode_words, mailboxes
from orgnet_connectors.mail_dates import sent_at_us, time_zone
from orgnet_connectors.mail_fields import header_fields
from orgnet_connectors.mail_headers import read_mail
from orgnet_connectors.message_index import MessageIndex


def addresses(value: str, **options: bool) -> list[str]:
    return [box.address for box in mailboxes(value, **options)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("aya@example.com", ["aya@example.com"]),
        ("Aya Ito <Aya.ITO@Example.com>", ["aya.ito@example.com"]),
        ('"Ito, Aya" <aya@example.com>, ben@example.com', ["aya@example.com", "ben@example.com"]),
        ("Ito, Aya <aya@example.com>", ["aya@example.com"]),
        ('"Ito \\"A, B\\"" <aya@example.com>', ["aya@example.com"]),
        ("undisclosed-recipients:;", []),
        ("Ops: aya@example.com, Ben <ben@example.com>;", ["aya@example.com", "ben@example.com"]),
        ("A: a@example.com; b@example.com", ["a@example.com", "b@example.com"]),
        ("aya@example.com (Aya (the first), Ito)", ["aya@example.com"]),
        ("aya@example.com (never closed", ["aya@example.com"]),
        ('"never closed <aya@example.com>', ["aya@example.com"]),
        ("<@relay.example,@b.example:aya@example.com>", ["aya@example.com"]),
        ("Aya <aya.ito@exam ple.com>", ["aya.ito@example.com"]),
        ("lunch @ noon", []),
        ("'aya@example.com'", ["aya@example.com"]),
        ("mailto:aya@example.com", ["aya@example.com"]),
        ('"aya ito"@example.com', ['"aya ito"@example.com']),
        ('"aya@example.com"', ["aya@example.com"]),
        ("a@example.com, A <A@example.com>", ["a@example.com"]),
        ("=?utf-8?Q?Ito,_Aya?= <aya@example.com>", ["aya@example.com"]),
        ("=?utf-8?Q?Aya_=3Caya=40example=2Ecom=3E?=", ["aya@example.com"]),
        ("Aya Ito aya@EXAMPLE.COM", ["aya@example.com"]),
        ('"Ito, Aya"           Aya.Ito@EXAMPLE.COM', ["aya.ito@example.com"]),
        ("Aya <>", []),
        ("aya@", []),
        ("@example.com", []),
        ("", []),
        (", ,;", []),
    ],
)
def test_addresses_are_found_however_they_are_written(value: str, expected: list[str]) -> None:
    assert addresses(value) == expected


@pytest.mark.parametrize("value", ["us...@example.com", "Aya <ay...@example.com>"])
def test_shortened_addresses_are_not_guessed(value: str) -> None:
    assert addresses(value) == []


@pytest.mark.parametrize(
    "value",
    ["jo at example.org (Jo Berg)", "Jo Berg <jo at example.org>", "jo at example.org"],
)
def test_at_is_a_sign_only_in_archives_that_write_it_so(value: str) -> None:
    assert addresses(value, at_for_sign=True) == ["jo@example.org"]
    assert addresses(value) == []


@pytest.mark.parametrize(
    "value",
    [
        "Aya Ito <aya@example.com>, Ben Osei <ben@example.com>",
        '"Ito, Aya" <aya@example.com>,\t"Osei, Ben" <ben@example.com>',
        "aya@example.com (Aya Ito), ben@example.com",
        "Ops: aya@example.com, Ben <ben@example.com>;, cy@example.com",
        '"A \\"q\\" B" <aya@example.com>',
    ],
)
def test_well_formed_lists_agree_with_the_standard_library(value: str) -> None:
    assert [tuple(box) for box in mailboxes(value)] == [
        (address, name or None) for name, address in getaddresses([value]) if address
    ]


def test_names_lose_their_encoding_and_unknown_charsets_do_not_fail() -> None:
    assert decode_words("=?utf-8?B?w4l2YQ==?= =?iso-8859-1?q?=E9t=E9?=") == "Évaété"
    assert decode_words("=?x-none?Q?=C3=89va?=") == "Éva"
    assert decode_words("=?utf-8?B?!!!?= x") == " x"
    assert decode_words("=?us-ascii*en?Q?Aya?=") == "Aya"


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 20 Feb 2020 17:40:30 +0000",
        "Thu, 20 Feb 2020 12:10:30 -0530",
        "20 Feb 2020 17:40 GMT",
        "Thu, 20 Feb 20 17:40:30 +0000",
        "Thu, 20 Feb 2020 17:40:30 +0000 (GMT Standard (winter) Time)",
        "Thu,  20 Feb 2020 09:40:30 PST",
    ],
)
def test_dates_agree_with_the_standard_library(text: str) -> None:
    assert sent_at_us(text) == int(parsedate_to_datetime(text).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "Thu Feb 20 17:40:30 2020",
        "Thu Feb 20 17:40:30 +0000 2020",
        "Thu, 20 Feb 2020 17:40:30 -0000",
        "2020-02-20T17:40:30Z",
        "2020-02-20 18:40:30+01:00",
    ],
)
def test_dates_of_archives_are_read(text: str) -> None:
    assert sent_at_us(text) == 1_582_220_430_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Thu, 31 Feb 2020 17:40:30 +0000",
        "Thu, 20 Feb 1904 17:40:30 +0000",
        "Thu, 20 Feb 2199 17:40:30 +0000",
        "Thu, 20 Feb 2020 27:40:30 +0000",
        "Thu, 20 Feb 2020 17:40:30 +9900",
        "2020-02-99T17:40:30Z",
        "1" * 100_000 + " :",
    ],
)
def test_dates_that_cannot_be_are_unreadable(text: str) -> None:
    assert sent_at_us(text) is None


def test_a_clock_without_zone_stands_where_the_user_says() -> None:
    paris = time_zone("Europe/Paris")
    assert sent_at_us("Thu Feb 20 18:40:30 2020", paris) == 1_582_220_430_000_000
    assert sent_at_us("Thu, 20 Feb 2020 17:40:30 +0000", paris) == 1_582_220_430_000_000
    assert sent_at_us("2020-02-20T18:40:30", paris) == 1_582_220_430_000_000


def test_an_unknown_zone_is_named_in_the_error() -> None:
    with pytest.raises(UsageError, match="no time zone 'Europe/Nowhere'; expected an IANA name"):
        time_zone("Europe/Nowhere")


def test_fields_are_found_folded_in_lower_case_and_between_junk() -> None:
    block = (
        b"From x\r\nTO:\r\n\ta@example.com,\r\n b@example.com\r\n!!junk\r\ncc : c@example.com\r\n"
    )
    assert header_fields(block) == {
        b"to": b"\r\n\ta@example.com,\r\n b@example.com\r",
        b"cc": b"c@example.com\r",
    }
    assert list(read_mail(block).recipients) == ["a@example.com", "b@example.com", "c@example.com"]


def test_repeated_recipient_fields_are_joined_and_the_stronger_kind_stays() -> None:
    mail = read_mail(b"\nCc: a@example.com, c@example.com\nTo: a@example.com\nTo: b@example.com\n")
    assert mail.recipients == {"a@example.com": "to", "b@example.com": "to", "c@example.com": "cc"}


def test_raw_bytes_are_utf8_or_else_latin1() -> None:
    utf8 = read_mail("\nFrom: Éva <éva@example.com>\n".encode())
    latin1 = read_mail("\nFrom: Éva <eva@example.com>\n".encode("latin-1"))
    assert utf8.boxes[0] == ("éva@example.com", "Éva")
    assert latin1.boxes[0] == ("eva@example.com", "Éva")


@pytest.mark.parametrize(
    ("fields", "key", "parent", "thread"),
    [
        (b"Message-ID: <a@B.Example>", "a@b.example", None, "a@b.example"),
        (b"message-id: a@B.example", "a@b.example", None, "a@b.example"),
        (b"Message-ID:\n <a@b.example>", "a@b.example", None, "a@b.example"),
        (b"Message-ID: <a@b>\nIn-Reply-To: Your mail of today <p@b>", "a@b", "p@b", "p@b"),
        (b"Message-ID: <a@b>\nReferences: <r@b>\n\t<q@b>", "a@b", "q@b", "r@b"),
        (b"Message-ID: <a@b>\nIn-Reply-To: <p@b>\nReferences: <r@b> <q@b>", "a@b", "p@b", "r@b"),
        (b"Message-ID: <a@b>\nX-GM-THRID: 1650\nReferences: <r@b>", "a@b", "r@b", "1650"),
    ],
)
def test_ids_give_key_parent_and_thread(
    fields: bytes, key: str, parent: str | None, thread: str
) -> None:
    mail = read_mail(b"\n" + fields + b"\n")
    assert (mail.key, mail.parent, mail.thread) == (key, parent, thread)


def test_a_mail_without_id_has_a_key_of_sender_time_and_recipients() -> None:
    block = b"\nFrom: a@example.com\nTo: b@example.com\nDate: 5 Jan 2026 10:00:00 +0000\n"
    later = block.replace(b"10:00", b"10:01")
    assert read_mail(block).key == read_mail(block + b"Subject: other\n").key
    assert read_mail(block).key != read_mail(later).key
    assert read_mail(block).key.startswith("no-id:")


def test_the_date_falls_back_to_the_topmost_received_stamp_then_to_the_envelope() -> None:
    stamp = b"Received: from a by b;\n Mon, 5 Jan 2026 10:00:00 +0000\nReceived: c; 1 Jan 2020\n"
    envelope = b"Mon Jan  5 11:00:00 2026"
    both = read_mail(b"\nDate: soon\n" + stamp, envelope_date=envelope)
    assert both.sent_at == 1_767_607_200_000_000
    assert read_mail(b"\nDate: soon\n", envelope_date=envelope).sent_at == 1_767_610_800_000_000
    assert read_mail(b"\nDate: soon\n").sent_at is None


@pytest.mark.parametrize(
    "fields",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: Auto-Generated (rule)",
        b"Precedence: bulk",
        b"Precedence: junk",
        b"Precedence: auto_reply",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; report-type=delivery-status",
        b"Content-Type: text/calendar; method=REPLY; charset=UTF-8",
    ],
)
def test_mail_that_standard_headers_mark_is_automatic(fields: bytes) -> None:
    assert read_mail(b"\n" + fields + b"\n").set_aside == "automatic"


@pytest.mark.parametrize(
    "fields",
    [
        b"Auto-Submitted: no",
        b"Precedence: list",
        b"Precedence: bulk\nList-Id: <dev.example.org>",
        b"Return-Path: <aya@example.com>",
        b"X-Auto-Response-Suppress: All",
        b'Content-Type: multipart/alternative; boundary="x"',
        b"X-Gmail-Labels: Inbox,Important,Draft ideas",
    ],
)
def test_mail_between_people_is_not_set_aside(fields: bytes) -> None:
    assert read_mail(b"\n" + fields + b"\n").set_aside is None


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (b"Inbox,Draft", "draft"),
        (b"Drafts", "draft"),
        (b'"Label, with comma",Spam', "spam"),
        (b"=?UTF-8?Q?Projets_=C3=A9quipe,Trash?=", "trash"),
        ("Entwürfe".encode(), "draft"),
        (b"Important,\n Chat", "chat_transcript"),
    ],
)
def test_gmail_labels_set_aside_what_is_no_sent_mail(labels: bytes, reason: str) -> None:
    assert read_mail(b"\nX-Gmail-Labels: " + labels + b"\n").set_aside == reason


@pytest.mark.parametrize(
    "fields",
    [
        b"List-Id: Developers <dev.lists.example.org>",
        b"List-Id: <dev.example.org>",
        b"List-Id: dev.lists.example.org",
        b"List-Post: <mailto:dev@lists.example.org?subject=x>",
        b"X-BeenThere: dev@lists.example.org",
        b"Precedence: list\nSender: dev@lists.example.org",
    ],
)
def test_the_address_of_a_list_is_known_from_its_headers(fields: bytes) -> None:
    mail = read_mail(
        b"\nFrom: aya@example.com\nTo: dev@lists.example.org, ben@example.com\n" + fields + b"\n"
    )
    assert mail.lists == {"dev@lists.example.org"}


def test_a_person_with_the_name_of_a_list_elsewhere_stays_a_person() -> None:
    mail = read_mail(b"\nFrom: a@example.com\nTo: dev@example.com\nList-Id: <dev.example.org>\n")
    assert mail.lists == frozenset()


def test_the_author_is_found_where_a_list_put_itself_in_their_place() -> None:
    mail = read_mail(
        b"\nFrom: 'Aya' via Ops <ops@example.com>\nTo: ops@example.com\n"
        b"List-Id: <ops.example.com>\nX-Original-From: Aya Ito <aya@example.com>\n"
    )
    assert mail.sender == "aya@example.com"


def test_the_index_keeps_the_first_author_of_each_of_many_messages() -> None:
    index = MessageIndex()
    ids = [f"{number}@example.com" for number in range(5_000)]
    assert all(index.add(each, f"p{number % 7}") for number, each in enumerate(ids))
    assert not any(index.add(each, "somebody else") for each in ids)
    assert [index.author(each) for each in ids] == [f"p{number % 7}" for number in range(5_000)]
    assert index.author("never@example.com") is None
    assert len(index) == 5_000
