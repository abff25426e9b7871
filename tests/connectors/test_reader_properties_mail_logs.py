"""Whatever is done to a valid mail log or folder of mails, reading it ends well and adds up."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.errors import InputError
from orgnet.plugins import connectors
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.exchange_tracking import ExchangeTracking
from orgnet_connectors.gmail_bigquery import GmailBigQuery
from orgnet_connectors.google_mail_log import GoogleMailLog
from orgnet_connectors.graph_mail import GraphMail
from orgnet_connectors.mail_folder import MailFolder, header_block
from orgnet_connectors.message_trace import MessageTrace
from support import SHARED

quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

SUMMARY = (
    "origin_timestamp_utc,sender_address,recipient_status,message_subject,message_id\n"
    + "".join(
        f"2026-03-02T08:{n:02d}:09.0000000Z,p{n % 3}@x.example,"
        f'"p{n}@x.example##Receive, Deliver;ops@x.example##Receive, Expand",'
        f'"a ""b"", {n}",<{n % 5}@X>\n'
        for n in range(8)
    )
)
POWERSHELL = "Received,SenderAddress,RecipientAddress,Subject,Status,MessageId,MessageTraceId\n" + (
    "".join(
        f'"{n + 9}.03.2026 16:55:01","a@x.example","p{n}@x.example","s","Delivered",'
        f'"<{n % 3}@x>","t{n}"\n'
        for n in range(8)
    )
)
EVENTS = (
    "#Software: Microsoft Exchange Server\n#Log-Type: Message Tracking Log\n"
    "#Fields: date-time,source,event-id,message-id,recipient-address,recipient-status,"
    "related-recipient-address,sender-address,return-path\n"
    + "".join(
        f"2026-03-02T08:{n:02d}:00.000Z,STOREDRIVER,{name},<{n // 4}@x>,p{n}@x.example;q@x.example,"
        f"To;Cc,ops@x.example,aya@x.example,aya@x.example\n"
        for n, name in enumerate(["RECEIVE", "EXPAND", "SEND", "DELIVER"] * 2)
    )
)
SEARCH = "Message ID,Start date,Sender,Recipient address,Event target,Event status\n" + "".join(
    f"<{n % 3}@x>,2026/03/02 09:{n:02d}:09 CET,aya@x.example,p{n}@x.example,{target},Delivered\n"
    for n, target in enumerate(["SMTP_IN", "GMAIL_INBOX", "LIST_SERVER", "SMTP_OUT"] * 2)
)
LINES = "".join(
    json.dumps(
        {
            "event_info": {"timestamp_usec": 1_772_442_000_000_000 + n, "mail_event_type": n % 3},
            "message_info": {
                "rfc2822_message_id": f"<{n % 4}@x>",
                "source": {"address": "aya@x.example"},
                "destination": [{"address": f"p{n}@x.example"}, {"address": "q@x.example"}],
            },
        }
    )
    + "\n"
    for n in range(6)
)
PAGE = json.dumps(
    {
        "value": [
            {
                "internetMessageId": f"<{n % 4}@x>",
                "conversationId": "C",
                "isDraft": n == 5,
                "sentDateTime": f"2026-03-02T08:0{n}:00Z",
                "from": {"emailAddress": {"name": "Aya", "address": f"p{n}@x.example"}},
                "toRecipients": [{"emailAddress": {"address": "ben@x.example"}}],
            }
            for n in range(6)
        ]
    },
    indent=1,
)
MAIL = (
    "From: Aya <aya@x.example>\nTo: ben@x.example\nMessage-ID: <1@x>\nSubject: s\n"
    "Date: Mon, 5 Jan 2026 10:00:00 +0000\n\nHello.\n"
)


def _zip() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for number in range(4):
            archive.writestr(f"mails/{number}.eml", MAIL.replace("<1@", f"<{number % 3}@"))
    return memory.getvalue()


VALID: dict[str, tuple[Connector, bytes]] = {
    "summary": (MessageTrace(), SUMMARY.encode()),
    "summary in UTF-16": (MessageTrace(), SUMMARY.encode("utf-16-le")),
    "powershell": (MessageTrace(), POWERSHELL.encode()),
    "extended": (
        MessageTrace(),
        EVENTS.split("#Fields: ")[1]
        .replace("date-time", "date_time_utc", 1)
        .replace("event-id", "event_id", 1)
        .encode(),
    ),
    "tracking": (ExchangeTracking(), EVENTS.encode()),
    "search": (GoogleMailLog(), SEARCH.encode()),
    "bigquery": (GmailBigQuery(), LINES.encode()),
    "graph": (GraphMail(), PAGE.encode()),
    "mail": (MailFolder(), MAIL.encode()),
    "zip": (MailFolder(), _zip()),
}


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Flip bytes, cut the end, delete, repeat or insert stretches."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 200))
        kind = draw(st.sampled_from(["flip", "cut", "delete", "repeat", "insert", "mark"]))
        if kind == "flip" and data:
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place:]
        elif kind == "delete":
            del data[place : place + length]
        elif kind == "repeat":
            data[place:place] = data[place : place + length]
        elif kind == "mark":
            data[place:place] = draw(st.sampled_from([b'"', b",", b"\n", b";", b"<", b"\0", b"#"]))
        else:
            data[place:place] = draw(st.binary(max_size=20))
    return bytes(data)


def read_through(connector: Connector, data: bytes) -> None:
    """Recognise and read, and check what must hold for every file whatsoever."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export [1]"
        path.write_bytes(data)
        source, ledger = Source(path), Ledger()
        rows: list[dict[str, Any]] = []
        try:
            connector.recognise(source)
            for batch in connector.read(source, ReadOptions(), ledger):
                rows += batch.to_pylist()
        except InputError:
            assert not rows
        else:
            assert (ledger.kept > 0) == bool(rows)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    assert all(row["sender"] and row["recipient"] and row["recipients"] >= 1 for row in rows)
    assert all(row["sent_at"] is not None and row["message"] for row in rows)
    keys = [(row["message"], row["sender"], row["recipient"]) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", VALID)
@quick
@given(data=st.data())
def test_a_damaged_export_is_read_or_refused(name: str, data: st.DataObject) -> None:
    connector, valid = VALID[name]
    read_through(connector, data.draw(damaged(valid)))


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_headers_or_none(data: bytes) -> None:
    block = header_block(data)
    assert block is None or (block.startswith(b"\n") and block[1:] in data)


@pytest.mark.parametrize("name", VALID)
def test_every_valid_export_is_claimed_by_its_own_reader_only(name: str, tmp_path: Path) -> None:
    connector, valid = VALID[name]
    path = tmp_path / "export"
    path.write_bytes(valid)
    readers = {each.name: each for each, _ in VALID.values()} | connectors()
    claims = {own for own, each in readers.items() if each.recognise(Source(path))}
    assert claims == {connector.name}


OWN = {
    "MSGTRK2026030208-1.LOG": "exchange_tracking",
    "get_messagetrace_export.csv": "message_trace",
    "message_trace_enhanced_summary.csv": "message_trace",
    "message_trace_extended_nobom.csv": "message_trace",
    "google_email_log_search.csv": "google_mail_log",
    "graph_messages.json": "graph_mail",
    "EmailWithMultilineSubject.eml": "mail_folder",
    "EmailWithISO_8859_1_From.eml": "mail_folder",
    "emails.zip": "mail_folder",
}


def test_no_other_real_file_is_claimed() -> None:
    files = [path for path in sorted(SHARED.glob("samples/**/*")) if path.is_file()]
    files += [path for path in sorted(SHARED.glob("data/*/*")) if path.is_file()]
    if not files:
        pytest.skip("the real data are not beside the project")
    claims = {
        path.name: reader.name
        for path in files
        for reader, _ in VALID.values()
        if reader.recognise(Source(path))
    }
    assert claims == OWN
