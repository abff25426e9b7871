"""Google Workspace's Email Log Search: events, groups, zones and missing ids."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.google_mail_log import GoogleMailLog
from support import shared

HEADER = (
    "Message ID,Start date,End date,Sender,Message size,Subject,Direction,Attachments,"
    "Recipient address,Event target,Event date,Event status,Event target IP address,Has encryption,"
    "Event SMTP reply code,Event description,Client Type,Device User Session ID"
)


def logged(
    recipient: str = "ben@example.com",
    target: str = "GMAIL_INBOX",
    *,
    status: str = "Delivered",
    number: str = "<g1@Mail.example.com>",
    sender: str = "aya@example.com",
    time: str = "2026/03/02 09:15:09 CET",
) -> str:
    return (
        f'{number},"{time}","{time}","{sender}",2000,"secret, plan",Mixed,0,{recipient},{target},'
        f'"{time}",{status},203.0.113.9,Encrypted,,,WEB,'
    )


def read_file(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(GoogleMailLog().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(*lines: str, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "log.csv"
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        assert GoogleMailLog().recognise(Source(path)) is not None
        return read_file(path, **options)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return sorted((row["sender"], row["recipient"], row["recipients"]) for row in rows)


AYA, BEN, CY = "aya@example.com", "ben@example.com", "cy@example.com"


def test_it_is_a_connector() -> None:
    assert isinstance(GoogleMailLog(), Connector)


def test_of_the_events_of_a_mail_the_arrivals_count(read: Any) -> None:
    rows, ledger = read(
        logged(BEN, "SMTP_IN", status="Received"),
        logged(BEN, "INTERNAL_SERVER"),
        logged(BEN),
        logged(BEN),
        logged("ops@example.com", "LIST_SERVER"),
        logged(CY),
        logged("out@partner.example", "SMTP_OUT"),
    )
    assert pairs(rows) == [(AYA, BEN, 3), (AYA, CY, 3), (AYA, "out@partner.example", 3)]
    assert {row["message"] for row in rows} == {"g1@mail.example.com"}
    assert {row["sent_at"] for row in rows} == {datetime(2026, 3, 2, 8, 15, 9, tzinfo=UTC)}
    assert dict(ledger.skipped) == {"other_event": 2, "duplicate": 1, "group": 1}
    assert (ledger.read, ledger.kept) == (7, 3)
    assert ledger.profiles["ops@example.com"].kind == "shared"
    assert {"Subject", "Event target IP address"} <= ledger.dropped_unread


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (logged(CY, "GMAIL_SPAM"), "spam"),
        (logged(CY, "SMTP_OUT", status="Bounced"), "not_delivered"),
        (logged(CY, status="Rejected"), "not_delivered"),
        (logged(CY, number="SMTPIN_ADDED_REJECT_SESSION"), "not_delivered"),
        (logged(CY, sender=""), "no_sender"),
        (logged("", number="<2@x>"), "no_recipient"),
        (logged(CY, time="sometime"), "no_date"),
    ],
)
def test_mails_that_nobody_got_do_not_count(read: Any, line: str, reason: str) -> None:
    _, ledger = read(logged(), line)
    assert (ledger.kept, dict(ledger.skipped)) == (1, {reason: 1})


def test_a_delegate_beside_the_sender_is_not_the_sender(read: Any) -> None:
    rows, _ = read(logged(sender="aya@example.com (delegate: cy@example.com)"))
    assert pairs(rows) == [(AYA, BEN, 1)]


def test_googles_stand_in_for_missing_ids_does_not_make_one_mail_of_many(read: Any) -> None:
    rows, ledger = read(
        logged(number="SMTPIN_ADDED_MISSING@mx.google.com"),
        logged(number="SMTPIN_ADDED_MISSING@mx.google.com", time="2026/03/02 10:00:00 CET"),
    )
    assert len({row["message"] for row in rows}) == 2
    assert ledger.kept == 2


@pytest.mark.parametrize(
    ("time", "hour"),
    [
        ("2026/03/02 09:15:09 CET", 8),
        ("2026/03/02 09:15:09 UTC", 9),
        ("2026/03/02 09:15:09 PDT", 16),
        ("2026/03/02 9:15:09 AM EST", 14),
        ("2026-03-02T09:15:09Z", 9),
        ("2026-03-02T09:15:09+05:30", 3),
        ("Mar 2, 2026 9:15:09 AM", 9),
    ],
)
def test_zones_with_one_meaning_are_read(read: Any, time: str, hour: int) -> None:
    rows, _ = read(logged(time=time))
    assert rows[0]["sent_at"].hour == hour


def test_a_zone_with_several_meanings_is_asked_for(read: Any) -> None:
    line = logged(time="2026/03/02 09:15:09 IST")
    with pytest.raises(AmbiguousInputError, match=r"'IST' .* has several meanings.*--tz"):
        read(line)
    rows, _ = read(line, timezone="Asia/Kolkata")
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 3, 45, 9, tzinfo=UTC)


def test_times_without_zone_are_said_to_be_read_as_utc(read: Any) -> None:
    rows, ledger = read(logged(time="2026/03/02 09:15:09"))
    assert rows[0]["sent_at"].hour == 9
    assert ledger.ambiguous == ["the times state no zone; read as UTC (--tz)"]


def test_problems_hold_no_text_and_no_address(read: Any) -> None:
    _, ledger = read(logged(), logged(), logged(CY, "GMAIL_SPAM"))
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_other_tables_are_no_email_log_search(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Date,Sender,Recipient address,Subject\n", encoding="utf-8")
    assert GoogleMailLog().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no headings of Email Log Search"):
        read_file(path)


def test_the_sample_is_counted_as_documented() -> None:
    rows, ledger = read_file(shared("samples/synthetic/email/google_email_log_search.csv"))
    assert [(row["sender"], row["recipient"]) for row in rows] == [
        ("aya.ito@example.com", "ben.osei@example.com")
    ]
    assert (ledger.read, dict(ledger.skipped)) == (3, {"other_event": 1, "group": 1})
