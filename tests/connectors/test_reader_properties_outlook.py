"""Whatever is done to Outlook's files or a packed mailbox, reading ends well and counts add up."""

import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.errors import InputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.mail_places import reason_of_file, reason_of_path
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.mbox_messages import split_messages
from orgnet_connectors.msg import Msg
from orgnet_connectors.pst import Pst
from outlook_files import Folder, Message, msg_bytes, write_pst

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
#: Each example starts a process.
few = settings(quick, max_examples=8)

MAIL = Message(
    {
        0x1A: "IPM.Note",
        0x39: datetime(2026, 1, 5, 10, tzinfo=UTC),
        0x0C1F: "/o=Example/cn=aya",
        0x5D01: "aya@example.com",
        0x7D: "Message-ID: <1@example.com>\r\nTo: ben@example.com\r\n",
    },
    [{0x0C15: 1, 0x3001: "Ben", 0x3003: "ben@example.com"}],
)
MSG = msg_bytes(MAIL)
MBOX = "".join(
    f"From \nX-Mozilla-Status: 0001\nContent-Length: 7\nMessage-ID: <{number}@example.com>\n"
    f"From: aya@example.com\nTo: ben@example.com\nDate: Mon, 5 Jan 2026 10:0{number}:00 GMT\n\n"
    "Hello.\n\n"
    for number in range(6)
).encode()


def _pst() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pst"
        return write_pst(path, Folder("Top", [MAIL] * 2, [Folder("Sent", [MAIL])])).read_bytes()


PST = _pst()


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Flip bytes, cut the end, delete or repeat stretches, behind what marks the format."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(8, max(len(data) - 1, 8)))
        kind = draw(st.sampled_from(["flip", "flip", "cut", "delete", "repeat"]))
        length = draw(st.integers(1, 100))
        if kind == "flip" and place < len(data):
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place:]
        elif kind == "delete":
            del data[place : place + length]
        else:
            data[place:place] = data[place : place + length]
    return bytes(data)


def read_through(connector: Connector, data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        source, ledger = Source(path), Ledger()
        rows = []
        try:
            connector.recognise(source)
            for batch in connector.read(source, ReadOptions(), ledger):
                rows += batch.to_pylist()
        except InputError:
            assert not rows
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    assert len({row["message"] for row in rows}) == ledger.kept
    assert all(row["sender"] and row["recipient"] and row["sent_at"] for row in rows)


@quick
@given(damaged(MSG))
def test_a_damaged_msg_file_is_read_or_counted(data: bytes) -> None:
    pytest.importorskip("olefile")
    read_through(Msg(), data, "a.msg")


@few
@given(damaged(PST))
def test_a_damaged_pst_is_read_or_refused(data: bytes) -> None:
    pytest.importorskip("pypff")
    read_through(Pst(), data, "a.pst")


@quick
@given(damaged(gzip.compress(MBOX * 50, 1, mtime=0)))
def test_a_damaged_packed_mailbox_is_read_or_refused(data: bytes) -> None:
    read_through(Mbox(), data, "a.gz")


@quick
@given(damaged(MBOX))
def test_a_damaged_mailbox_with_stated_lengths_is_read_or_refused(data: bytes) -> None:
    read_through(Mbox(), data, "a")


class Slow:
    """Hands out a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step, self.at = data, step, 0

    def read(self, size: int, /) -> bytes:
        self.at += self.step
        return self.data[self.at - self.step : self.at]


@quick
@given(damaged(MBOX), st.integers(1, 40))
def test_how_a_mailbox_is_handed_out_does_not_change_its_messages(data: bytes, step: int) -> None:
    at_once = list(split_messages(Slow(data, len(data))))
    assert list(split_messages(Slow(data, step))) == at_once
    offsets = [message.offset for message in at_once]
    assert offsets == sorted(set(offsets))
    assert all(data.startswith(message.headers, message.offset) for message in at_once)


@quick
@given(st.text(max_size=60))
def test_any_name_of_a_place_is_understood_or_not(name: str) -> None:
    reasons = {None, "draft", "spam", "trash"}
    assert reason_of_path(name) in reasons
    assert reason_of_file(Path(name or "x")) in reasons
