"""Whatever is done to a valid mbox or Slack export, reading it ends well and counts add up."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.errors import InputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.mail_addresses import mailboxes
from orgnet_connectors.mail_dates import sent_at_us
from orgnet_connectors.mail_headers import read_mail
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.slack import Slack
from orgnet_connectors.slack_records import Message, decode_list, mentioned, stamp_text, stamp_us

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

MBOX = "".join(
    f"From {number}@xxx Mon Jan 05 10:{number:02d}:00 +0000 2026\n"
    f"Message-ID: <{number % 5}@example.com>\n"
    f"In-Reply-To: <{number - 1}@example.com>\n"
    f'From: "Ito, Aya" <aya{number}@example.com>\n'
    f"To: Ben <ben@example.com>,\n =?utf-8?Q?C=C3=A9?= <cy@example.com>\n"
    f"List-Id: <ops.example.com>\n"
    f"Date: Mon, 5 Jan 2026 10:{number:02d}:00 +0100\n\nFrom here on: text.\n\n"
    for number in range(8)
).encode()

MESSAGES = [
    {
        "type": "message",
        "user": f"U{number % 3}",
        "text": "hi <@U7>",
        "ts": f"17724390{number:02d}.000100",
        "thread_ts": "1772439000.000100",
        "reactions": [{"name": "+1", "users": ["U8"], "count": 1}],
    }
    for number in range(8)
]


def _zip(method: int) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        archive.writestr("users.json", json.dumps([{"id": "U1", "profile": {"email": "a@b"}}]))
        archive.writestr("dms.json", json.dumps([{"id": "D1", "members": ["U1", "U2"]}]))
        for folder in ("general", "D1"):
            archive.writestr(f"{folder}/2026-03-02.json", json.dumps(MESSAGES))
    return memory.getvalue()


SLACK_STORED, SLACK_DEFLATED = _zip(zipfile.ZIP_STORED), _zip(zipfile.ZIP_DEFLATED)


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Flip bytes, cut the end, delete or repeat stretches."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 200))
        kind = draw(st.sampled_from(["flip", "cut", "delete", "repeat", "insert"]))
        if kind == "flip" and data:
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place:]
        elif kind == "delete":
            del data[place : place + length]
        elif kind == "repeat":
            data[place:place] = data[place : place + length]
        else:
            data[place:place] = draw(st.binary(max_size=20))
    return bytes(data)


def read_through(connector: Connector, data: bytes, name: str) -> None:
    """Recognise and read, and check what must hold for every file whatsoever."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        source, ledger = Source(path), Ledger()
        rows: list[dict[str, Any]] = []
        try:
            connector.recognise(source)
            for batch in connector.read(source, ReadOptions(), ledger):
                rows += batch.to_pylist()
        except InputError:
            assert not rows
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    messages = {row["message"] for row in rows if row["kind"] != "reaction"}
    assert len(messages) == ledger.kept
    assert all(row["sender"] and row["recipient"] and row["recipients"] >= 1 for row in rows)
    assert all(row["sent_at"] is not None for row in rows)
    keys = [(row["message"], row["sender"], row["recipient"], row["kind"]) for row in rows]
    assert len(keys) == len(set(keys))


@quick
@given(damaged(MBOX))
def test_a_damaged_mbox_is_read_or_refused(data: bytes) -> None:
    read_through(Mbox(), data, "mail.mbox")


@quick
@given(damaged(MBOX.replace(b"\n", b"\r\n")))
def test_a_damaged_mbox_with_other_line_ends_is_read_or_refused(data: bytes) -> None:
    read_through(Mbox(), data, "mail.mbox")


@quick
@given(damaged(SLACK_STORED))
def test_a_damaged_slack_zip_is_read_or_refused(data: bytes) -> None:
    read_through(Slack(), data, "export.zip")


@quick
@given(damaged(SLACK_DEFLATED))
def test_a_damaged_compressed_slack_zip_is_read_or_refused(data: bytes) -> None:
    read_through(Slack(), data, "export.zip")


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail_or_less(block: bytes) -> None:
    mail = read_mail(b"\nFrom: " + block + b"\nTo: " + block[::-1], envelope_date=block)
    assert all("@" in address and address == address.lower() for address in mail.recipients)


@quick
@given(st.text(max_size=200), st.booleans())
def test_every_address_found_has_two_sides_and_no_space(value: str, spelt_out: bool) -> None:
    for box in mailboxes(value, at_for_sign=spelt_out):
        local, _, domain = box.address.rpartition("@")
        assert local
        assert domain
        assert domain.split() == [domain]


names = st.text(st.sampled_from('aBé ,;:<>@()."\\'), max_size=12)
parts = st.text(st.sampled_from("abc.-_+0"), min_size=1, max_size=8).filter(lambda p: ".." not in p)


@quick
@given(st.lists(st.tuples(names, parts, parts), max_size=6))
def test_quoted_names_never_hide_or_change_an_address(people: list[tuple[str, str, str]]) -> None:
    def quoted(name: str) -> str:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    value = ", ".join(f"{quoted(name)} <{local}@{domain}>" for name, local, domain in people)
    expected = dict.fromkeys(f"{local}@{domain}" for _, local, domain in people)
    assert [box.address for box in mailboxes(value)] == list(expected)


@quick
@given(st.text(max_size=60))
def test_any_text_is_a_date_in_range_or_none(text: str) -> None:
    for sent_at in (sent_at_us(text), sent_at_us(f"Mon, {text} 10:00:00 +0000")):
        assert sent_at is None or 315_000_000_000_000 < sent_at < 4_134_000_000_000_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
fields = st.sampled_from(["type", "user", "ts", "text", "reactions", "thread_ts", "blocks", "x"])


@quick
@given(st.lists(st.dictionaries(fields, json_values, max_size=6) | json_values, max_size=5))
def test_every_element_of_an_array_is_one_message_or_one_that_cannot_be_read(
    elements: list[Any],
) -> None:
    found = list(decode_list(json.dumps(elements).encode(), Message))
    assert [message is not None for message in found] == [isinstance(e, dict) for e in elements]
    for message in filter(None, found):
        assert all(isinstance(user, str) for user in mentioned(message))
        assert stamp_us(stamp_text(message.ts)) is None or message.ts is not None
