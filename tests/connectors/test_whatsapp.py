"""The WhatsApp connector on texts in the dialects of phones and languages."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.errors import AmbiguousInputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.whatsapp import WhatsApp
from support import shared

Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*lines: str, options: ReadOptions | None = None) -> tuple[Rows, Ledger]:
        path = tmp_path / "chat.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        assert WhatsApp().recognise(Source(path))
        return read_chat(WhatsApp(), path, options)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(WhatsApp(), Connector)


@pytest.mark.parametrize(
    "stamp",
    [
        "14/03/2026, 20:15 - ",
        "3/14/26, 8:15 PM - ",
        "3/14/26, 8:15\u202fPM - ",
        "14.03.26, 20:15 - ",
        "14.03.2026 20:15 - ",
        "14-03-2026, 20:15 - ",
        "14/3/2026, 8:15 p. m. - ",
        "14/3/26, 8:15 p.m. - ",
        "2026/03/14, 20:15 - ",
        "[14/03/2026, 20:15:00] ",
        "[3/14/26, 8:15:00 PM] ",
        "\u200e[14.03.26, 20:15:00] ",
        "[2026-03-14, 8:15:00\u202fPM] ",
    ],
)
def test_the_dialects_of_phones_are_one_time(read: Read, stamp: str) -> None:
    rows, ledger = read(f"{stamp}Aya: secret", "goes on: here", f"{stamp}~ Ben: secret")
    assert ties(rows) == [("Aya", "Ben", "dm"), ("Ben", "Aya", "dm")]
    assert rows[0]["sent_at"].isoformat() == "2026-03-14T20:15:00+00:00"
    assert ledger.read == 2


def test_days_and_months_are_asked_for_where_the_file_does_not_show_them(read: Read) -> None:
    with pytest.raises(AmbiguousInputError, match="--day-first or --month-first"):
        read("02/03/2026, 08:15 - Aya: x", "02/03/2026, 08:15 - Ben: x")
    rows, _ = read(
        "02/03/2026, 08:15 - Aya: x",
        "02/03/2026, 08:15 - Ben: x",
        options=ReadOptions(day_first=False, timezone="Europe/Paris"),
    )
    assert rows[0]["sent_at"].isoformat() == "2026-02-03T07:15:00+00:00"


def test_messages_of_one_minute_are_told_apart(read: Read) -> None:
    rows, ledger = read(*["14/03/2026, 08:15 - Aya: ok"] * 3, "14/03/2026, 08:15 - Ben: ok")
    assert (len(rows), dict(ledger.skipped)) == (4, {})


def test_a_group_has_mentions_only(read: Read) -> None:
    rows, ledger = read(
        "14/03/2026, 08:15 - Aya: ask @\u2068Ben Osei\u2069",
        "14/03/2026, 08:16 - Ben Osei: @491700000001 and @nobody",
        "14/03/2026, 08:17 - +49 170 0000001: ok",
    )
    assert ties(rows) == [
        ("Aya", "Ben Osei", "mention"),
        ("Ben Osei", "491700000001", "mention"),
    ]
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_notices_are_no_messages(read: Read) -> None:
    rows, ledger = read(
        "14/03/2026, 08:14 - Messages and calls are end-to-end encrypted. Tap for more.",
        '14/03/2026, 08:14 - Aya changed the subject to "a: b"',
        "14/03/2026, 08:15 - Aya: x",
        "14/03/2026, 08:16 - Ben: x",
    )
    assert (len(rows), dict(ledger.skipped)) == (2, {"system": 2})


def test_marked_lines_are_notices_unless_their_sender_writes_as_well(read: Read) -> None:
    rows, ledger = read(
        "[14/03/2026, 08:15:09] Team: \u200eMessages and calls are end-to-end encrypted.",
        "[14/03/2026, 08:15:10] Aya: x",
        "\u200e[14/03/2026, 08:15:11] Aya: \u200eimage omitted",
        "[14/03/2026, 08:15:12] Ben: x",
    )
    assert (len(rows), dict(ledger.skipped)) == (3, {"system": 1})
    assert "whatsapp:Team" not in ledger.profiles


def test_a_zip_of_an_iphone_gives_the_same(tmp_path: Path) -> None:
    text = "[14/03/2026, 08:15:10] Aya: x\r\n[14/03/2026, 08:16:10] Ben: y\r\n"
    packed = tmp_path / "WhatsApp Chat.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("_chat.txt", text)
        archive.writestr("00000001-PHOTO.jpg", b"\xff\xd8")
    assert WhatsApp().recognise(Source(packed))
    assert ties(read_chat(WhatsApp(), packed)[0]) == [("Aya", "Ben", "dm"), ("Ben", "Aya", "dm")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n14/03/2026, 08:15 - Aya: x\n",
        "2026-03-02 08:15 - INFO: started\n",
        "date,from,to\n14/03/2026,a,b\n",
    ],
)
def test_other_texts_are_not_claimed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(text, encoding="utf-8")
    assert WhatsApp().recognise(Source(path)) is None


def test_the_real_samples_are_read() -> None:
    rows, ledger = read_chat(WhatsApp(), shared("samples/whatsapp/2A_5M.txt"))
    assert (len(rows), dict(ledger.skipped)) == (5, {})
    _, ledger = read_chat(WhatsApp(), shared("samples/whatsapp/pokemon.txt"))
    assert dict(ledger.skipped) == {"no_addressee": 19, "system": 1}
    _, ledger = read_chat(WhatsApp(), shared("samples/synthetic/chat/whatsapp_ios.txt"))
    assert (ledger.kept, dict(ledger.skipped)) == (2, {"system": 1})
