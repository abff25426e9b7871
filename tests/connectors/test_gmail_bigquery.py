"""Gmail's logs in BigQuery, as JSON lines and as CSV."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.gmail_bigquery import GmailBigQuery

NINE_O_CLOCK = 1_772_442_000_000_000
HEADER = (
    "event_info_timestamp_usec,event_info_success,event_info_mail_event_type,"
    "message_info_rfc2822_message_id,message_info_source_address,message_info_subject,"
    "message_info_flattened_destinations"
)


def event(
    *recipients: str,
    number: int = 1,
    kind: Any = 1,
    success: Any = True,
    usec: Any = NINE_O_CLOCK,
    **more: Any,
) -> str:
    message = {
        "rfc2822_message_id": f"<{number}@Mail.example.com>",
        "source": {"address": "aya@example.com", "from_header_address": "Aya@example.com"},
        "destination": [{"address": each, "service": "gmail"} for each in recipients],
        "subject": "secret",
        **more,
    }
    happened = {"timestamp_usec": usec, "success": success, "mail_event_type": kind}
    return json.dumps({"event_info": happened, "message_info": message})


def read_file(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(GmailBigQuery().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(*lines: str) -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "daily_20260302"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        assert GmailBigQuery().recognise(Source(path)) is not None
        return read_file(path)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return sorted((row["sender"], row["recipient"], row["recipients"]) for row in rows)


AYA, BEN, CY = "aya@example.com", "ben@example.com", "cy@example.com"


def test_it_is_a_connector() -> None:
    assert isinstance(GmailBigQuery(), Connector)


def test_sending_and_receiving_a_mail_is_one_interaction_a_recipient(read: Any) -> None:
    rows, ledger = read(
        event(BEN, CY),
        event(BEN, kind=2),
        event(CY, kind="2", usec=str(NINE_O_CLOCK + 1)),
        event(BEN, kind=9),
    )
    assert pairs(rows) == [(AYA, BEN, 2), (AYA, CY, 2)]
    assert {(row["message"], row["sent_at"]) for row in rows} == {
        ("1@mail.example.com", datetime(2026, 3, 2, 9, tzinfo=UTC))
    }
    assert (ledger.read, ledger.kept) == (4, 1)
    assert dict(ledger.skipped) == {"duplicate": 2, "other_event": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (event(CY, number=2, success=False), "not_delivered"),
        (event(CY, number=2, success="false"), "not_delivered"),
        (event(CY, number=2, is_spam=True), "spam"),
        (event(CY, number=2, usec=None), "no_date"),
        (event(CY, number=2, source=None), "no_sender"),
        (event(CY, number=2, source={"address": "<>"}), "automatic"),
        (event(number=2), "no_recipient"),
        (event(CY, number=2)[:-20], "unreadable"),
    ],
)
def test_events_without_a_mail_between_people_do_not_count(
    read: Any, line: str, reason: str
) -> None:
    _, ledger = read(event(BEN), line)
    assert (ledger.kept, dict(ledger.skipped)) == (1, {reason: 1})


def test_a_list_of_events_is_read_as_well(read: Any) -> None:
    rows, _ = read(f"[{event(BEN)}, {event(CY, number=2)}]")
    assert pairs(rows) == [(AYA, BEN, 1), (AYA, CY, 1)]


@pytest.mark.parametrize("join", ["_", "."])
def test_a_csv_with_flattened_destinations_is_read(read: Any, join: str) -> None:
    header = HEADER.replace("_info_", f"_info{join}").replace("source_", f"source{join}")
    rows, ledger = read(
        header,
        f"{NINE_O_CLOCK},true,1,<1@x>,aya@example.com,secret,"
        '"gmail-ui:inbox:ben@example.com,smtp-outbound:x:Cy@example.com"',
        f"{NINE_O_CLOCK},true,3,<1@x>,aya@example.com,secret,ben@example.com",
    )
    assert pairs(rows) == [(AYA, BEN, 2), (AYA, CY, 2)]
    assert dict(ledger.skipped) == {"other_event": 1}


def test_problems_hold_no_text_and_no_address(read: Any) -> None:
    _, ledger = read(event(BEN), event(BEN), event(CY, is_spam=True))
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_other_files_are_no_logs_of_gmail(tmp_path: Path) -> None:
    path = tmp_path / "daily"
    path.write_text('{"message": 1}\n', encoding="utf-8")
    assert GmailBigQuery().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no fields of Gmail's logs"):
        read_file(path)
