"""Message traces of Microsoft 365 in every dialect, with the traps of real ones."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, InputError, UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.mail_headers import read_mail
from orgnet_connectors.message_trace import MessageTrace
from support import shared

POWERSHELL = (
    '"Received","SenderAddress","RecipientAddress","Subject","Status","ToIP","FromIP","Size",'
    '"MessageId","MessageTraceId"'
)
SUMMARY = (
    "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,"
    "network_message_id,original_client_ip,directionality,connector_id,delivery_priority"
)
EXTENDED = (
    "date_time_utc,client_ip,source_context,source,event_id,message_id,network_message_id,"
    "recipient_address,recipient_status,recipient_count,related_recipient_address,message_subject,"
    "sender_address,return_path,custom_data"
)


def traced(
    sender: str = "aya",
    recipient: str = "ben",
    *,
    status: str = "Delivered",
    received: str = "6/13/2025 4:55:01 PM",
    number: int = 1,
    subject: str = "Plan, secret",
) -> str:
    return (
        f'"{received}","{sender}@example.com","{recipient}@example.com","{subject}","{status}",'
        f'"","203.0.113.9","2048","<{number}@Example.com>","aaaa-{number}"'
    )


def summed(recipients: str, *, sender: str = "aya@example.com", number: int = 1) -> str:
    return (
        f'2026-03-02T08:15:09.1230000Z,{sender},"{recipients}","Budget, ""Q2""",20480,'
        f"<{number}@Example.com>,1111-{number},,2,,Normal"
    )


def happened(
    event: str,
    recipients: str,
    *,
    source: str = "STOREDRIVER",
    roles: str = "",
    count: int = 1,
    related: str = "",
    path: str = "aya@example.com",
    context: str = "",
) -> str:
    return (
        f"2026-03-02T08:15:09.123Z,,{context},{source},{event},<1@example.com>,1111,{recipients},"
        f"{roles},{count},{related},secret,aya@example.com,{path},S:x=y|z;"
    )


def read_file(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(MessageTrace().read(Source(path), ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read(
        *lines: str, encoding: str = "utf-8", line_end: str = "\r\n", **options: Any
    ) -> tuple[list[dict[str, Any]], Ledger]:
        path = tmp_path / "trace (1).csv"
        path.write_bytes("".join(line + line_end for line in lines).encode(encoding))
        assert MessageTrace().recognise(Source(path)) is not None
        return read_file(path, **options)

    return read


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, int]]:
    return sorted(
        (
            row["sender"].partition("@")[0],
            row["recipient"].partition("@")[0],
            row["kind"],
            row["recipients"],
        )
        for row in rows
    )


def test_it_is_a_connector() -> None:
    assert isinstance(MessageTrace(), Connector)


def test_a_powershell_trace_gives_one_record_a_delivered_recipient(read: Any) -> None:
    rows, ledger = read(
        POWERSHELL,
        traced("Aya", "ben"),
        traced("aya", "cy"),
        traced("aya", "dana", status="Failed"),
        traced("ben", "aya", number=2, received="6/14/2025 9:00:00 AM"),
    )
    assert pairs(rows) == [("aya", "ben", "to", 3), ("aya", "cy", "to", 3), ("ben", "aya", "to", 1)]
    assert {row["sent_at"] for row in rows} == {
        datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC),
        datetime(2025, 6, 14, 9, tzinfo=UTC),
    }
    assert {(row["channel"], row["source"], row["thread"]) for row in rows} == {
        ("email", "message_trace", None)
    }
    assert (ledger.read, ledger.kept, dict(ledger.skipped)) == (4, 3, {"not_delivered": 1})
    assert ledger.problems["not_delivered"][0].place == "line 4"
    assert (ledger.first, ledger.last) == (
        datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC),
        datetime(2025, 6, 14, 9, tzinfo=UTC),
    )
    assert {"Subject", "FromIP", "ToIP", "Size"} <= ledger.dropped_unread
    assert ledger.ambiguous == []


def test_the_type_line_of_windows_powershell_is_passed_over(read: Any) -> None:
    rows, ledger = read("#TYPE Deserialized.MessageTrace", POWERSHELL, traced())
    assert (len(rows), ledger.read) == (1, 1)


def test_the_key_is_that_of_the_same_mail_in_a_mailbox(read: Any) -> None:
    rows, _ = read(POWERSHELL, traced(number=7))
    assert rows[0]["message"] == read_mail(b"\nMessage-ID: <7@Example.com>").key


@pytest.mark.parametrize(
    "written",
    [
        "<AbC@Mail.Example.COM>",
        "<a b@X.example>",
        "AbC@Mail.Example.COM",
        "see <AbC@X.example> there",
        "<No-At-Sign>",
        "<a@b@C.example>",
    ],
)
def test_ids_are_brought_to_the_form_that_they_have_in_mailboxes(read: Any, written: str) -> None:
    rows, _ = read(POWERSHELL, traced().replace("<1@Example.com>", written))
    assert rows[0]["message"] == read_mail(f"\nMessage-ID: {written}".encode()).key


def test_a_mail_without_id_goes_by_its_trace_id_or_its_sender_and_time(read: Any) -> None:
    first = traced(recipient="ben").replace("<1@Example.com>", "")
    second = traced(recipient="cy").replace("<1@Example.com>", "")
    rows, _ = read(POWERSHELL, first, second)
    assert {(row["message"], row["recipients"]) for row in rows} == {("network:aaaa-1", 2)}
    bare = [line.replace("aaaa-1", "") for line in (first, second)]
    rows, _ = read(POWERSHELL, *bare)
    assert {row["recipients"] for row in rows} == {2}
    assert len({row["message"] for row in rows}) == 1
    assert rows[0]["message"].startswith("no-id:")


def test_an_expanded_group_is_no_person_and_its_members_are(read: Any) -> None:
    rows, ledger = read(
        POWERSHELL,
        traced(recipient="ops", status="Expanded"),
        traced(recipient="ben"),
        traced(recipient="cy"),
    )
    assert pairs(rows) == [("aya", "ben", "to", 2), ("aya", "cy", "to", 2)]
    assert ledger.profiles["ops@example.com"].kind == "shared"
    assert dict(ledger.skipped) == {"group": 1}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Failed", "not_delivered"),
        ("FilteredAsSpam", "not_delivered"),
        ("Quarantined", "not_delivered"),
        ("Pending", "not_delivered"),
        ("GettingStatus", "not_delivered"),
        ("Resolved", "replaced"),
        ("Zugestellt?", "unknown_status"),
    ],
)
def test_only_delivered_mails_count(read: Any, status: str, reason: str) -> None:
    _, ledger = read(POWERSHELL, traced(), traced(recipient="cy", status=status))
    assert (ledger.kept, dict(ledger.skipped)) == (1, {reason: 1})


def test_repeated_rows_are_duplicates(read: Any) -> None:
    rows, ledger = read(POWERSHELL, traced(), traced(), traced(recipient="BEN"))
    assert (len(rows), ledger.kept, dict(ledger.skipped)) == (1, 1, {"duplicate": 2})


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("13.06.2025 16:55:01", datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC)),
        ("13/06/2025 16:55", datetime(2025, 6, 13, 16, 55, tzinfo=UTC)),
        ("6/13/2025 12:05:00 AM", datetime(2025, 6, 13, 0, 5, tzinfo=UTC)),
        ("2025-06-13 16:55:01", datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC)),
        ("2025/06/13 16:55:01", datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC)),
        ("2025-06-13T18:55:01+02:00", datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC)),
        ("13 Jun 2025 16:55:01", datetime(2025, 6, 13, 16, 55, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_culture_of_the_exporting_computer(
    read: Any, received: str, expected: datetime
) -> None:
    rows, _ = read(POWERSHELL, traced(received=received))
    assert rows[0]["sent_at"] == expected


def test_one_day_above_twelve_settles_the_order_of_the_whole_file(read: Any) -> None:
    rows, _ = read(
        POWERSHELL,
        traced(received="02/03/2026 08:00:00"),
        traced(received="25/02/2026 08:00:00", number=2),
    )
    assert {row["sent_at"].month for row in rows} == {3, 2}


def test_an_order_that_nothing_settles_is_asked_for(read: Any) -> None:
    lines = (POWERSHELL, traced(received="02/03/2026 08:00:00"))
    with pytest.raises(AmbiguousInputError, match="--day-first or --month-first"):
        read(*lines)
    rows, _ = read(*lines, day_first=True)
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_named_zone_applies_to_times_without_one(read: Any) -> None:
    rows, _ = read(POWERSHELL, traced(received="13.06.2025 16:55:01"), timezone="Europe/Berlin")
    assert rows[0]["sent_at"] == datetime(2025, 6, 13, 14, 55, 1, tzinfo=UTC)


def test_the_admin_centers_own_headings_are_known_and_their_zone_is_said_to_be_assumed(
    read: Any,
) -> None:
    rows, ledger = read(
        "Received date,Sender address,Recipient address,Subject,Status,Message ID",
        "2026-03-02 08:15:09,aya@example.com,ben@example.com,x,Delivered,<1@x>",
    )
    assert pairs(rows) == [("aya", "ben", "to", 1)]
    assert ledger.ambiguous == ["the times state no zone; read as UTC (--tz)"]


def test_an_enhanced_summary_gives_a_record_for_each_delivered_recipient(read: Any) -> None:
    rows, ledger = read(
        SUMMARY,
        summed(
            "ben@example.com##Receive, Deliver;out@partner.example##Receive, Send;"
            "ops@example.com##Receive, Expand;gone@example.com##Receive, Fail"
        ),
        summed("spam@example.com##Receive, Quarantine", number=2),
        summed("ops@example.com##Receive, Expand", number=3),
        summed("", number=4),
        summed("cy@example.com##Receive, Deliver", sender="<>", number=5),
    )
    assert pairs(rows) == [("aya", "ben", "to", 3), ("aya", "out", "to", 3)]
    assert dict(ledger.skipped) == {
        "not_delivered": 1,
        "group": 1,
        "no_recipient": 1,
        "automatic": 1,
    }
    assert ledger.read == 5


def test_a_mail_in_several_rows_of_a_summary_has_all_its_recipients(read: Any) -> None:
    rows, ledger = read(
        SUMMARY,
        summed("ben@example.com##Receive, Deliver"),
        summed("cy@example.com##Receive, Deliver;ben@example.com##Receive, Deliver"),
    )
    assert pairs(rows) == [("aya", "ben", "to", 2), ("aya", "cy", "to", 2)]
    assert (ledger.kept, ledger.skipped.total()) == (2, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_is_read_whatever_the_subjects_hold(read: Any, encoding: str) -> None:
    rows, ledger = read(
        SUMMARY,
        summed("ben@example.com##Receive, Deliver").replace("Budget", "\U0001f600 été"),
        encoding=encoding,
    )
    assert pairs(rows) == [("aya", "ben", "to", 1)]
    assert ledger.read == 1


def test_a_stray_byte_in_a_subject_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    lines = "\n".join([SUMMARY, summed("ben@example.com##Receive, Deliver"), ""])
    path.write_bytes(lines.encode().replace(b"Budget", b"Caf\xe9"))
    rows, _ = read_file(path)
    assert pairs(rows) == [("aya", "ben", "to", 1)]


EVENTS = (
    happened("RECEIVE", "ben@example.com;ops@example.com", roles="To;Cc", count=2),
    happened("AGENTINFO", "ben@example.com;ops@example.com", source="AGENT"),
    happened(
        "EXPAND", "cy@example.com;dana@example.com", source="ROUTING", related="ops@example.com"
    ),
    happened("DELIVER", "ben@example.com"),
    happened("DELIVER", "cy@example.com"),
    happened("DELIVER", "dana@example.com"),
    happened("DUPLICATEDELIVER", "dana@example.com"),
)


def test_an_extended_trace_gives_deliveries_with_the_roles_of_the_first_event(read: Any) -> None:
    rows, ledger = read(EXTENDED, *EVENTS, encoding="utf-16-le")
    assert pairs(rows) == [
        ("aya", "ben", "to", 3),
        ("aya", "cy", "cc", 3),
        ("aya", "dana", "cc", 3),
    ]
    assert (ledger.read, ledger.kept) == (7, 3)
    assert dict(ledger.skipped) == {"other_event": 3, "group": 1}
    assert ledger.profiles["ops@example.com"].kind == "shared"


def test_columns_that_a_build_adds_or_lacks_do_not_matter(read: Any) -> None:
    more = [EXTENDED + ",new_column", *(line + ",x" for line in EVENTS)]
    rows, ledger = read(*more)
    assert len(rows) == 3
    assert "new_column" in ledger.dropped_unread


@pytest.mark.parametrize(
    "flaw",
    [
        traced(subject='a "quoted" word').replace('"quoted"', '""quoted""'),
        traced(subject="two\r\nlines"),
        "",
        traced(subject='he said "no'),
    ],
)
def test_odd_subjects_and_lines_cost_no_other_row(read: Any, flaw: str) -> None:
    rows, ledger = read(POWERSHELL, traced(), flaw, traced("ben", "aya", number=2))
    assert {("aya", "ben", "to", 1), ("ben", "aya", "to", 1)} == set(pairs(rows))
    assert ledger.kept == 2


def test_quotes_that_are_never_closed_do_not_swallow_the_rows_between_them(read: Any) -> None:
    odd = summed("cy@example.com##Receive, Deliver", number=2).replace('"Budget, ""Q2"""', '"Budg')
    even = summed("dana@example.com##Receive, Deliver", number=3).replace('"Budget, ""Q2"""', '"et')
    kept = summed("ben@example.com##Receive, Deliver")
    rows, ledger = read(SUMMARY, odd, kept, even)
    assert ("aya", "ben", "to", 1) in pairs(rows)
    assert ledger.read == 3


def test_what_is_read_does_not_depend_on_the_way_the_file_is_read(
    read: Any, tmp_path: Path
) -> None:
    lines = [POWERSHELL]
    for number in range(40):
        lines += [
            traced(number=number, received=f"{number % 28 + 1}.06.2025 10:00:00"),
            traced("ben", "ops", status="Expanded", number=number, received="29.6.2025 9:00"),
            traced("ben", f"p{number % 7}", number=number, received="3.6.2025 7:00:00"),
        ]
    quick = read(*lines)
    path = tmp_path / "trace.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    slow = read_file(path)
    assert sorted(map(repr, quick[0])) == sorted(map(repr, slow[0]))
    assert quick[1] == slow[1]


def test_lines_are_numbered_across_the_blocks_of_a_large_file(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orgnet_connectors.column_batches._BLOCK_BYTES", 400)
    lines = [traced(number=number, received="13.06.2025 8:00") for number in range(200)]
    lines[150] = traced(number=150, status="Failed", received="13.06.2025 8:00")
    _, ledger = read(POWERSHELL, *lines)
    assert ledger.kept == 199
    assert ledger.problems["not_delivered"][0].place == "line 152"


def test_rows_of_the_wrong_width_are_skipped_with_their_line(read: Any) -> None:
    _, ledger = read(POWERSHELL, traced(), traced() + ',"more"')
    assert (ledger.kept, dict(ledger.skipped)) == (1, {"ragged": 1})
    assert ledger.problems["ragged"][0].place == "line 3"


def test_rows_without_sender_time_or_recipient_say_so(read: Any) -> None:
    _, ledger = read(
        POWERSHELL,
        traced(),
        traced().replace("aya@example.com", ""),
        traced(received="someday", number=2),
        traced(received="1/1/1970 8:00:00 AM", number=3),
        traced(number=4).replace("ben@example.com", ""),
        ",,,,,,,,,",
    )
    assert dict(ledger.skipped) == {"no_sender": 1, "no_date": 2, "no_recipient": 1, "empty": 1}
    assert ledger.read == 6


def test_problems_hold_no_text_and_no_address(read: Any) -> None:
    _, ledger = read(
        POWERSHELL, traced(), traced(), traced(recipient="x", status="Failed", subject="secret")
    )
    told = repr(ledger.problems)
    assert "secret" not in told
    assert "@" not in told


def test_a_trace_without_rows_or_with_wrong_ones_only_is_refused(read: Any) -> None:
    with pytest.raises(UnreadableFileError, match="headings and no rows"):
        read(POWERSHELL)
    with pytest.raises(InputError, match="none of the 1 rows can be read"):
        read(POWERSHELL, traced(received="someday"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "time,sender,recipient\n2026-03-02,a,b\n",
        "from,to\na,b\n",
        "name,email,department\nAya,aya@example.com,Ops\n",
        "Timestamp,EventId,Source,Sender,Recipients,MessageId\n",
        "Message ID,Start date,Sender,Recipient address,Event target\n",
        "Date,Sender,Recipient,Subject\n2026-03-02,a@example.com,b@example.com,x\n",
    ],
)
def test_other_tables_are_no_traces(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text, encoding="utf-8")
    assert MessageTrace().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no headings of a message trace"):
        read_file(path)


@pytest.mark.parametrize(
    ("name", "read_rows", "kept", "records"),
    [
        ("get_messagetrace_export.csv", 2, 1, 1),
        ("message_trace_enhanced_summary.csv", 4, 4, 5),
        ("message_trace_extended_nobom.csv", 7, 3, 3),
    ],
)
def test_the_samples_are_counted_as_documented(
    name: str, read_rows: int, kept: int, records: int
) -> None:
    path = shared(f"samples/synthetic/email/{name}")
    assert MessageTrace().recognise(Source(path)) is not None
    rows, ledger = read_file(path)
    assert (ledger.read, ledger.kept, len(rows)) == (read_rows, kept, records)
