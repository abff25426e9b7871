"""The IRC connector on logs as clients and bots write them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.irc import Irc
from support import shared

Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(
        *lines: str, name: str = "channel.log", options: ReadOptions | None = None
    ) -> tuple[Rows, Ledger]:
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        assert Irc().recognise(Source(path))
        return read_chat(Irc(), path, options)

    return read


DIALECTS = {
    "supybot": [
        "2012-10-17T09:16:21+0000  <aya> ben: secret",
        "2012-10-17T09:16:22+0000  *** ben has joined #ops",
        "2012-10-17T09:16:23+0000  * ben waves",
    ],
    "irssi": [
        "--- Log opened Wed Oct 17 09:16:20 2012",
        "09:16 <@aya> ben: secret",
        "09:16 -!- ben [~b@host.example] has joined #ops",
        "09:16  * ben waves",
    ],
    "weechat": [
        "2012-10-17 09:16:21\t@aya\tben: secret",
        "2012-10-17 09:16:22\t-->\tben (~b@host.example) has joined #ops",
        "2012-10-17 09:16:23\t *\tben waves",
    ],
    "hexchat": [
        "**** BEGIN LOGGING AT Wed Oct 17 09:16:20 2012",
        "Oct 17 09:16:21 <aya>\tben: secret",
        "Oct 17 09:16:22 *\tben (~b@host.example) has joined",
        "Oct 17 09:16:23 *\tben waves",
    ],
    "mirc": [
        "Session Start: Wed Oct 17 09:16:20 2012",
        "[09:16] <aya> ben: secret",
        "[09:16] * ben (~b@host.example) has joined #ops",
        "[09:16] * ben waves",
    ],
    "lounge": [
        "[2012-10-17T09:16:21.123Z] <aya> ben: secret",
        "[2012-10-17T09:16:22.123Z] *** ben (~b@host.example) has joined #ops",
        "[2012-10-17T09:16:23.123Z] * ben waves",
    ],
}


def test_it_is_a_connector() -> None:
    assert isinstance(Irc(), Connector)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_dialects_of_clients_say_the_same(read: Read, dialect: str) -> None:
    rows, ledger = read(*DIALECTS[dialect])
    assert ties(rows) == [("aya", "ben", "mention")]
    assert f"{rows[0]['sent_at']:%Y-%m-%d %H:%M}" == "2012-10-17 09:16"
    assert dict(ledger.skipped) == {"system": 1, "no_addressee": 1}
    assert "secret" not in f"{rows}{ledger}"


def line(clock: str, rest: str) -> str:
    return f"2012-10-17T09:{clock}+0000  {rest}"


def test_only_names_that_somebody_has_are_mentioned_and_only_at_the_beginning(read: Read) -> None:
    rows, _ = read(
        line("00:01", "<aya> PS: http: later, ben"),
        line("00:02", "<ben> Aya, cy: both of you"),
        line("00:03", "<cy> ok"),
    )
    assert ties(rows) == [("ben", "aya", "mention"), ("ben", "cy", "mention")]


def test_names_are_followed_from_one_to_the_next(read: Read) -> None:
    rows, _ = read(
        line("00:01", "<aya> hi"),
        line("00:02", "*** aya is now known as aya|away"),
        line("00:03", "*** aya|away is now known as chair"),
        line("00:04", "<ben_> chair: hi"),
        line("00:05", "<chair> ben: hi"),
        line("00:06", "*** chair is now known as aya_"),
        line("00:07", "*** chair (~c@host.example) has joined #ops"),
        line("00:08", "<chair> ben`: hi"),
    )
    assert ties(rows) == [
        ("ben", "aya", "mention"),
        ("aya", "ben", "mention"),
        ("chair", "ben", "mention"),
    ]


def test_the_day_changes_within_a_log(read: Read) -> None:
    rows, ledger = read(
        "--- Log opened Wed Oct 17 23:59:00 2012",
        "23:59 < aya> ben: x",
        "--- Day changed Thu Oct 18 2012",
        "00:01 < ben> aya: x",
        options=ReadOptions(timezone="Europe/Paris"),
    )
    assert [row["sent_at"].isoformat()[:16] for row in rows] == [
        "2012-10-17T21:59",
        "2012-10-17T22:01",
    ]
    assert "Europe/Paris" in ledger.ambiguous[0]


def test_a_log_without_days_takes_the_one_in_its_name_and_says_so(read: Read) -> None:
    lines = ("[09:16:21] <aya> ben: x", "[09:16:22] <ben> aya: x")
    rows, ledger = read(*lines, name="ops_20121017.log")
    assert rows[0]["sent_at"].isoformat() == "2012-10-17T09:16:21+00:00"
    assert "2012-10-17, from the file's name" in ledger.ambiguous[0]
    rows, ledger = read(*lines)
    assert (rows, dict(ledger.skipped)) == ([], {"no_date": 2})


def test_lines_of_one_second_are_told_apart_and_broken_ones_counted(read: Read) -> None:
    rows, ledger = read(
        *[line("00:01", "<aya> ben: x")] * 2,
        line("00:02", "<ben> x"),
        line("00:03", "<ben&gt; x"),
        line("00:04", "<ben>"),
        line("00:05", "<ben> x"),
        line("00:06", "<ben> x"),
    )
    assert len(rows) == 2
    assert dict(ledger.skipped) == {"no_addressee": 4, "unreadable": 1}


def test_a_compressed_log_that_ends_early_says_so(tmp_path: Path) -> None:
    path = tmp_path / "channel.log.gz"
    text = "".join(line(f"{n // 60:02d}:{n % 60:02d}", f"<aya> ben: {n * n}\n") for n in range(900))
    whole = gzip.compress((text + line("59:59", "<ben> x\n")).encode())
    path.write_bytes(whole)
    assert Irc().recognise(Source(path))
    assert read_chat(Irc(), path)[1].kept == 900
    path.write_bytes(whole[: len(whole) // 2])
    _, ledger = read_chat(Irc(), path)
    assert ledger.truncated


@pytest.mark.parametrize(
    "text",
    [
        "",
        "09:16 hello\n",
        "2012-10-17 09:16:21\taya\tben\n2012-10-17 09:16:22\tben\taya\n",
        "2012-10-17T09:16:21+0000  <aya> x\n" + "prose\n" * 9,
        "From aya at example.com  Wed Oct 17 09:16:21 2012\n",
    ],
)
def test_other_texts_are_not_claimed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, encoding="utf-8")
    assert Irc().recognise(Source(path)) is None


def test_the_real_sample_is_read() -> None:
    rows, ledger = read_chat(Irc(), shared("samples/irc/supybot_valid.log"))
    # Two lines have no <name>: their '>' was turned into '&gt;'.
    assert (ledger.read, ledger.skipped["unreadable"]) == (98, 2)
    assert {row["kind"] for row in rows} == {"mention"}
