"""Participant reports of Zoom in their dialects."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.zoom_attendance import ZoomAttendance
from support import shared

Rows = list[dict[str, Any]]
Read = Callable[..., tuple[Rows, Ledger]]

AYA, BEN, CY = (f"{who}@example.com" for who in ("aya", "ben", "cy"))

PARTICIPANTS = (
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
    "Recording Consent,In Waiting Room"
)
MEETING = "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants"
DETAILS = (
    "Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,"
    f"Start Time,End Time,Duration (Minutes),Participants,{PARTICIPANTS}"
)
UNIQUE = "Name (Original Name),User Email,Total Duration (Minutes),Guest"


def clock(minutes: int) -> str:
    return f"03/22/2026 09:{minutes:02d}:00 AM"


def row(name: str, address: str, begin: int, end: int, waiting: str = "No") -> str:
    return f"{name},{address},{clock(begin)},{clock(end)},{end - begin},No,,{waiting}"


def read_source(path: Path, **options: Any) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = ZoomAttendance().read(Source(path), ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*lines: str, **options: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "report.csv"
        path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")
        assert ZoomAttendance().recognise(Source(path)) is not None
        return read_source(path, **options)

    return read


def together(rows: Rows) -> list[tuple[str, str, int]]:
    return [(row["sender"], row["recipient"], round(row["hours"] * 60)) for row in rows]


def test_the_reader_is_a_connector() -> None:
    assert isinstance(ZoomAttendance(), Connector)


def test_rejoins_are_joined_and_guests_and_waiting_people_have_no_records(read: Read) -> None:
    rows, ledger = read(
        PARTICIPANTS,
        row('"Ito, Aya"', AYA, 0, 30),
        row("Ben (Ben Osei)", "Ben@Example.com", 5, 15),
        row("Ben (Ben Osei)", BEN, 12, 20),
        row("Ben (Ben Osei)", BEN, 25, 30),
        row("Cy", CY, 0, 30, waiting="Yes"),
        row("iPhone", "", 0, 10),
        row("iPhone", "", 12, 30),
    )
    assert together(rows) == [(AYA, BEN, 20)]
    assert rows[0]["recipients"] == 2
    assert rows[0]["sent_at"].isoformat() == "2026-03-22T09:00:00+00:00"
    assert ledger.problems["waiting_room"][0].place == "line 6"
    assert ledger.ambiguous == ["times without a zone are read as UTC (--tz)"]


def test_the_tail_columns_may_be_missing_and_the_headings_newer(read: Read) -> None:
    rows, _ = read(
        "Name (original name),Email,Join time,Leave time,Duration (minutes)",
        f"Aya,{AYA},{clock(0)},{clock(30)},30",
        f"Ben,{BEN},{clock(0)},,10",
    )
    assert together(rows) == [(AYA, BEN, 10)]


def test_with_meeting_data_the_key_is_the_meeting_and_its_start(read: Read) -> None:
    header = [MEETING, f"812 3456 7890,secret,{clock(0)},{clock(30)},{AYA},30,2", ""]
    rows, ledger = read(*header, PARTICIPANTS, row("A", AYA, 0, 30), row("B", BEN, 0, 30))
    assert rows[0]["message"] == "zoom_attendance:81234567890:1774170000"
    assert rows[0]["thread"] == "zoom_attendance:81234567890"
    assert "secret" not in repr(rows) + repr(ledger)


def test_unique_users_of_a_meeting_with_data_were_there_all_the_time(read: Read) -> None:
    header = [MEETING, f"1,secret,{clock(0)},{clock(30)},{AYA},30,2", ""]
    rows, _ = read(*header, UNIQUE, f"A,{AYA},30,No", f"B,{BEN},10,No")
    assert together(rows) == [(AYA, BEN, 30)]


def test_unique_users_alone_have_no_date(read: Read) -> None:
    rows, ledger = read(UNIQUE, f"A,{AYA},30,No", f"B,{BEN},10,No")
    assert (rows, dict(ledger.skipped)) == ([], {"no_date": 1})


def detail(meeting: str, start: int, name: str, address: str, begin: int, end: int) -> str:
    host = f"secret,{meeting},Host,host@example.com,Sales,G,No,01/13/2026 10:00:00 AM"
    return f"{host},{clock(start)},{clock(59)},30,2,{row(name, address, begin, end)}"


def test_a_details_report_holds_many_meetings_of_participants_not_of_the_host(read: Read) -> None:
    rows, ledger = read(
        DETAILS,
        detail("812 3456 7890", 0, "A", AYA, 0, 10),
        detail("812 3456 7890", 0, "B", BEN, 0, 10),
        detail("812 3456 7890", 20, "A", AYA, 20, 30),
        detail("812 3456 7890", 20, "C", CY, 25, 30),
        detail("99", 40, "A", AYA, 40, 50),
        detail("812 3456 7890", 0, "A", AYA, 0, 10),
        detail("812 3456 7890", 0, "B", BEN, 0, 10),
    )
    assert together(rows) == [(AYA, BEN, 10), (AYA, CY, 5)]
    assert dict(ledger.skipped) == {"no_attendees": 1, "duplicate": 1}
    assert ledger.problems["no_attendees"][0].place == "the meeting from line 6 on"
    assert len({row["message"] for row in rows}) == 2
    assert "host@example.com" not in repr(rows)


@pytest.mark.parametrize(
    ("begin", "end", "utc"),
    [
        ("2026-03-02 09:00:00", "2026-03-02 09:30:00", "2026-03-02T08:00:00+00:00"),
        ("22/03/2026 09:00", "22/03/2026 09:30", "2026-03-22T08:00:00+00:00"),
        ("03/22/2026 09:00:00 AM", "03/22/2026 09:30:00 AM", "2026-03-22T08:00:00+00:00"),
    ],
)
def test_times_are_read_in_the_style_of_the_account(
    read: Read, begin: str, end: str, utc: str
) -> None:
    lines = [f"{who},{who}@example.com,{begin},{end},30,No" for who in ("aya", "ben")]
    header = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"
    rows, ledger = read(header, *lines, timezone="Europe/Berlin")
    assert rows[0]["sent_at"].isoformat() == utc
    assert ledger.ambiguous == []


def test_undecided_dates_are_asked_for() -> None:
    path = shared("samples/synthetic/calendar/zoom_with_meeting_data.csv")
    with pytest.raises(AmbiguousInputError, match="say it with --day-first or --month-first"):
        read_source(path)
    rows, _ = read_source(path, day_first=False)
    assert together(rows) == [("aya.ito@example.com", "ben.osei@example.com", 20)]


def test_a_stay_of_no_minutes_within_another_is_a_meeting_of_no_length(read: Read) -> None:
    rows, _ = read(PARTICIPANTS, row("A", AYA, 0, 30), row("B", BEN, 5, 5))
    assert together(rows) == [(AYA, BEN, 0)]


@pytest.mark.parametrize(
    "text", ["", "Name,Email\nAya,aya@example.com\n", "Name (Original Name),Guest\nA,No\n"]
)
def test_other_files_are_not_recognised(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.csv"
    path.write_text(text)
    assert ZoomAttendance().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no list of participants"):
        read_source(path)
