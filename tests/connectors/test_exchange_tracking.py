"""Exchange message tracking logs: files, folders of several servers, and PowerShell exports."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.exchange_tracking import ExchangeTracking
from orgnet_connectors.message_trace import MessageTrace
from support import shared

FIELDS = (
    "date-time,client-ip,source-context,source,event-id,message-id,network-message-id,"
    "recipient-address,recipient-status,recipient-count,related-recipient-address,message-subject,"
    "sender-address,return-path,log-id"
)
HEADER = (
    "#Software: Microsoft Exchange Server",
    "#Version: 15.01.2507.006",
    "#Log-Type: Message Tracking Log",
    "#Date: 2026-03-02T00:00:00.000Z",
    f"#Fields: {FIELDS}",
)
CMDLET = (
    "Timestamp,EventId,Source,Sender,Recipients,MessageId,RecipientStatus,"
    "RelatedRecipientAddress,MessageSubject"
)


def event(
    name: str,
    recipients: str,
    *,
    number: int = 1,
    source: str = "STOREDRIVER",
    roles: str = "",
    count: int = 1,
    related: str = "",
    path: str = "aya@example.com",
    context: str = "",
) -> str:
    return (
        f"2026-03-02T08:{number:02d}:00.123Z,192.0.2.1,{context},{source},{name},<{number}@Ex01>,"
        f'n{number},{recipients},{roles},{count},{related},"secret, plan",aya@example.com,{path},l'
    )


def read_source(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(ExchangeTracking().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(*lines: str, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "MSGTRK2026030208-1.LOG"
        path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")
        assert ExchangeTracking().recognise(Source(path)) is not None
        return read_source(path, **options)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return sorted(
        (row["recipient"].partition("@")[0], row["kind"], row["recipients"]) for row in rows
    )


def test_it_is_a_connector() -> None:
    assert isinstance(ExchangeTracking(), Connector)


def test_of_the_many_events_of_a_mail_the_deliveries_count(read: Any) -> None:
    rows, ledger = read(
        *HEADER,
        event("RECEIVE", "ben@example.com;cy@example.com", roles="To;Cc", count=2),
        event("SUBMIT", "ben@example.com;cy@example.com", count=2),
        event("HAREDIRECT", "ben@example.com;cy@example.com", source="SMTP"),
        event("SEND", "cy@example.com", source="SMTP"),
        *HEADER,
        event("AGENTINFO", "ben@example.com", source="AGENT"),
        event("DELIVER", "ben@example.com;cy@example.com", count=2),
        event("DELIVER", "ben@example.com"),
    )
    assert pairs(rows) == [("ben", "to", 2), ("cy", "cc", 2)]
    assert {(row["sender"], row["message"], row["sent_at"]) for row in rows} == {
        ("aya@example.com", "1@ex01", datetime(2026, 3, 2, 8, 1, 0, 123000, tzinfo=UTC))
    }
    assert dict(ledger.skipped) == {"other_event": 4, "relay": 1, "duplicate": 1}
    assert (ledger.read, ledger.kept) == (7, 1)
    assert ledger.problems["relay"][0].place == "line 9"
    assert ledger.columns["recipient-address"] == "recipients"
    assert {"message-subject", "client-ip"} <= ledger.dropped_unread


def test_what_is_sent_outside_is_delivered_by_its_send_event(read: Any) -> None:
    rows, ledger = read(
        *HEADER,
        event("DELIVER", "ben@example.com"),
        event("SEND", "out@partner.example", source="SMTP"),
        event("FAIL", "gone@partner.example", source="SMTP"),
    )
    assert pairs(rows) == [("ben", "to", 3), ("out", "to", 3)]
    assert dict(ledger.skipped) == {"not_delivered": 1}


def test_members_of_a_group_take_its_role_and_the_group_is_no_person(read: Any) -> None:
    rows, ledger = read(
        *HEADER,
        event("RECEIVE", "ben@example.com;ops@example.com", roles="To;Cc", count=2),
        event("EXPAND", "cy@example.com;dana@example.com", related="Ops@example.com"),
        event("DELIVER", "ben@example.com"),
        event("DELIVER", "cy@example.com;dana@example.com"),
    )
    assert pairs(rows) == [("ben", "to", 3), ("cy", "cc", 3), ("dana", "cc", 3)]
    assert ledger.profiles["ops@example.com"].kind == "shared"
    assert dict(ledger.skipped) == {"other_event": 1, "group": 1}


def test_blind_copies_count_as_copies(read: Any) -> None:
    rows, _ = read(
        *HEADER,
        event("RECEIVE", "ben@example.com;cy@example.com", roles="To;Bcc", count=2),
        event("DELIVER", "ben@example.com;cy@example.com"),
    )
    assert pairs(rows) == [("ben", "to", 2), ("cy", "cc", 2)]


def test_recipients_on_servers_whose_logs_are_missing_count_as_recipients(read: Any) -> None:
    rows, _ = read(
        *HEADER,
        event("RECEIVE", "ben@example.com", count=40),
        event("DELIVER", "ben@example.com"),
    )
    assert pairs(rows) == [("ben", "to", 40)]


def test_resolved_addresses_are_aliases(read: Any) -> None:
    rows, ledger = read(
        *HEADER,
        event("RESOLVE", "ben@example.com", source="ROUTING", related="benny@old.example"),
        event("DELIVER", "ben@example.com"),
    )
    assert pairs(rows) == [("ben", "to", 1)]
    assert ledger.profiles["ben@example.com"].aliases == ("benny@old.example",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (event("DSN", "aya@example.com", source="DSN", number=2), "other_event"),
        (event("DELIVER", "cy@example.com", source="MAILBOXRULE", number=2), "other_event"),
        (event("DELIVER", "cy@example.com", path="<>", number=2), "automatic"),
        (event("DELIVER", "", number=2), "no_recipient"),
        (event("DELIVER", "cy@example.com", number=2).replace(",l", ""), "ragged"),
    ],
)
def test_other_events_give_nothing(read: Any, line: str, reason: str) -> None:
    _, ledger = read(*HEADER, event("DELIVER", "ben@example.com"), line)
    assert (ledger.kept, dict(ledger.skipped)) == (1, {reason: 1})


def test_invitations_are_left_to_the_calendar(read: Any) -> None:
    context = "ClientType:OWA; MessageClass:IPM.Schedule.Meeting.Request"
    rows, ledger = read(
        *HEADER,
        event("SUBMIT", "ben@example.com", context=context),
        event("DELIVER", "ben@example.com"),
        event("DELIVER", "cy@example.com", number=2),
    )
    assert pairs(rows) == [("cy", "to", 1)]
    assert dict(ledger.skipped) == {"other_event": 1, "meeting": 1}


def test_fields_may_change_within_a_log(read: Any) -> None:
    fewer = "date-time,source,event-id,message-id,recipient-address,sender-address"
    rows, ledger = read(
        *HEADER,
        event("DELIVER", "ben@example.com"),
        f"#Fields: {fewer}",
        "2026-03-02T09:00:00.000Z,STOREDRIVER,DELIVER,<2@x>,cy@example.com,aya@example.com",
    )
    assert pairs(rows) == [("ben", "to", 1), ("cy", "to", 1)]
    assert ledger.kept == 2


def test_the_logs_of_several_servers_in_a_folder_are_one_export(tmp_path: Path) -> None:
    hub, mailbox = tmp_path / "ex01", tmp_path / "ex02"
    for folder, lines in (
        (hub, [event("RECEIVE", "ben@example.com", roles="Cc"), event("SEND", "ben@example.com")]),
        (mailbox, [event("DELIVER", "ben@example.com"), "broken"]),
    ):
        folder.mkdir()
        text = "\n".join([*HEADER, *lines, ""])
        (folder / "MSGTRK20260302-1.LOG").write_text(text, encoding="utf-8")
    source = Source(tmp_path)
    assert ExchangeTracking().recognise(source) == "a folder of 2 message tracking logs"
    rows, ledger = read_source(tmp_path)
    assert pairs(rows) == [("ben", "cc", 1)]
    assert dict(ledger.skipped) == {"other_event": 1, "relay": 1, "ragged": 1}
    assert ledger.problems["relay"][0].place == "MSGTRK20260302-1.LOG, line 7"


def test_a_folder_with_anything_else_in_it_is_walked(tmp_path: Path) -> None:
    (tmp_path / "MSGTRK1.LOG").write_text("\n".join(HEADER), encoding="utf-8")
    (tmp_path / "staff.csv").write_text("name,email\n", encoding="utf-8")
    assert ExchangeTracking().recognise(Source(tmp_path)) is None


def test_what_powershell_exports_is_read(read: Any) -> None:
    rows, ledger = read(
        "#TYPE Selected.Microsoft.Exchange.MessageTrackingEvent",
        CMDLET,
        "3/13/2026 8:15:09 AM,DELIVER,STOREDRIVER,aya@example.com,"
        '"ben@example.com, cy@example.com",<1@x>,,,secret',
    )
    assert pairs(rows) == [("ben", "to", 2), ("cy", "to", 2)]
    assert rows[0]["sent_at"] == datetime(2026, 3, 13, 8, 15, 9, tzinfo=UTC)
    assert ledger.ambiguous == ["the times state no zone; read as UTC (--tz)"]


def test_an_export_that_lost_its_lists_says_how_to_keep_them(read: Any) -> None:
    lost = "3/13/2026 8:15:09 AM,DELIVER,STOREDRIVER,aya@example.com,System.String[],<1@x>,,,s"
    with pytest.raises(InputError, match=r"System\.String\[\].*-join"):
        read(CMDLET, lost)
    _, ledger = read(CMDLET, lost, lost.replace("System.String[]", "ben@example.com"))
    assert dict(ledger.skipped) == {"collapsed_list": 1}


def test_cloud_reports_are_left_to_the_message_trace(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(FIELDS.replace("-", "_").replace("date_time", "date_time_utc"), "utf-8")
    assert ExchangeTracking().recognise(Source(path)) is None
    assert MessageTrace().recognise(Source(path)) is not None


@pytest.mark.parametrize("text", ["", "from,to\na,b\n", "2026-03-02 08:00:00 started\n"])
def test_what_is_no_tracking_log_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "MSGTRK.LOG"
    path.write_text(text, encoding="utf-8")
    assert ExchangeTracking().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no message tracking log"):
        read_source(path)


def test_problems_hold_no_text_and_no_address(read: Any) -> None:
    _, ledger = read(
        *HEADER,
        event("DELIVER", "ben@example.com"),
        event("FAIL", "gone@partner.example"),
        "short,line",
    )
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_the_sample_is_counted_as_documented() -> None:
    rows, ledger = read_source(shared("samples/synthetic/email/MSGTRK2026030208-1.LOG"))
    assert pairs(rows) == [("ben.osei", "to", 2), ("cy.lund", "cc", 2)]
    assert (ledger.read, ledger.kept, dict(ledger.skipped)) == (4, 1, {"other_event": 3})
