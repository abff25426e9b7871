"""Attendance reports of Teams, of every age and in several languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.teams_attendance import TeamsAttendance
from support import shared

Rows = list[dict[str, Any]]
Read = Callable[..., tuple[Rows, Ledger]]

AYA, BEN, CY = (f"{who}@example.com" for who in ("aya", "ben", "cy"))

HEADER_2 = "Name|First Join|Last Leave|In-Meeting Duration|Email|Participant ID (UPN)|Role"
HEADER_3 = "Name|Join Time|Leave Time|Duration|Email|Role"


def clock(minutes: int) -> str:
    return f"11/26/25, {4 + minutes // 60}:{minutes % 60:02d}:00 PM"


def report(participants: list[str], activities: list[str]) -> str:
    lines = [
        "1. Summary",
        "Meeting title|secret",
        "Attended participants|2",
        f"Start time|{clock(0)}",
        f"End time|{clock(60)}",
        "Meeting duration|1h 0m 0s",
        "",
        "2. Participants",
        HEADER_2,
        *participants,
        "",
        "3. In-Meeting Activities",
        HEADER_3,
        *activities,
    ]
    return "\r\n".join(lines).replace("|", "\t") + "\r\n"


def person(name: str, begin: int, end: int, address: str = "", role: str = "Presenter") -> str:
    return f"{name}|{clock(begin)}|{clock(end)}|{end - begin}m 0s|{address}|{address}|{role}"


def stay(name: str, begin: int, end: int, address: str = "") -> str:
    return f"{name}|{clock(begin)}|{clock(end)}|{end - begin}m 0s|{address}|Presenter"


def read_source(path: Path, **options: Any) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = TeamsAttendance().read(Source(path), ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str, *, encoding: str = "utf-16", **options: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "report.csv"
        path.write_bytes(text.encode(encoding))
        assert TeamsAttendance().recognise(Source(path)) is not None
        return read_source(path, **options)

    return read


def together(rows: Rows) -> list[tuple[str, str, int]]:
    return [(row["sender"], row["recipient"], round(row["hours"] * 60)) for row in rows]


def test_the_reader_is_a_connector() -> None:
    assert isinstance(TeamsAttendance(), Connector)


def test_two_people_have_the_minutes_that_they_were_there_together(read: Read) -> None:
    rows, ledger = read(
        report(
            [person("Aya", 0, 60, AYA), person("Ben", 10, 60, BEN), person("Cy", 30, 40, CY)],
            [
                stay("Aya", 0, 60, AYA),
                stay("Ben", 10, 20, BEN),
                stay("Ben", 35, 60, BEN),
                stay("Cy", 30, 40, CY),
            ],
        )
    )
    assert together(rows) == [(AYA, BEN, 35), (AYA, CY, 10), (BEN, CY, 5)]
    assert {(row["kind"], row["recipients"], row["channel"]) for row in rows} == {
        ("attend", 2, "meeting")
    }
    assert rows[0]["sent_at"].isoformat() == "2025-11-26T16:00:00+00:00"
    assert (ledger.read, ledger.kept) == (1, 1)
    assert ledger.profiles[AYA].name == "Aya"


def test_people_who_missed_each_other_did_not_meet(read: Read) -> None:
    rows, ledger = read(report([person("Aya", 0, 10, AYA), person("Ben", 10, 60, BEN)], []))
    assert (rows, dict(ledger.skipped)) == ([], {"no_overlap": 1})


def test_guests_and_telephones_are_in_the_room_and_have_no_records(read: Read) -> None:
    rows, ledger = read(
        report(
            [
                person("Aya", 0, 60, AYA),
                person("Ben", 0, 60, BEN),
                person("Visitor (Guest)", 0, 60),
                person("Unknown (Unverified)", 0, 60),
                person("+1********12", 0, 60),
            ],
            [],
        )
    )
    assert together(rows) == [(AYA, BEN, 60)]
    assert rows[0]["recipients"] == 4
    assert "Visitor" not in repr(ledger)


def test_an_address_in_the_first_list_is_enough(read: Read) -> None:
    rows, _ = read(
        report(
            [person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN)],
            [stay("Aya", 0, 30), stay("Ben", 20, 60)],
        )
    )
    assert together(rows) == [(AYA, BEN, 10)]


def test_who_stands_in_the_first_list_only_is_not_lost(read: Read) -> None:
    rows, _ = read(
        report(
            [person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN), person("Cy", 50, 60, CY)],
            [stay("Aya", 0, 60, AYA), stay("Ben", 0, 55, BEN)],
        )
    )
    assert together(rows) == [(AYA, BEN, 55), (AYA, CY, 10), (BEN, CY, 5)]


POLISH = """1. Podsumowanie
Tytuł spotkania|secret
Uczestnicy|2
Godzina rozpoczęcia|26.11.2025, 16:16:54
Godzina zakończenia|26.11.2025, 17:18:54
Czas trwania|1 godz. 2 min

2. Uczestnicy
Nazwa|Rola|Pierwsze dołączenie|Ostatnie wyjście|Czas trwania|Adres e-mail|Identyfikator (UPN)
Aya|Organizator|26.11.2025, 16:16:54|26.11.2025, 17:18:54|62 min|aya@example.com|A1@a.example
Ben|Prezenter|26.11.2025, 16:16:54|26.11.2025, 16:46:54|30 min|ben@example.com|B2@a.example
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_labels_in_another_language_and_order_do_not_matter(read: Read, encoding: str) -> None:
    text = POLISH.replace("|", "\t").replace("\n", "\r\n")
    rows, ledger = read(text, encoding=encoding, timezone="Europe/Warsaw")
    assert together(rows) == [(AYA, BEN, 30)]
    assert rows[0]["sent_at"].isoformat() == "2025-11-26T15:16:54+00:00"
    assert ledger.ambiguous == []


@pytest.mark.parametrize("sign", [",", ";"])
def test_a_report_saved_again_by_a_spreadsheet_is_read(read: Read, sign: str) -> None:
    text = report([person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN)], []).replace("\t", "|")
    text = "\r\n".join(
        "|".join(f'"{cell}"' if "," in cell else cell for cell in line.split("|"))
        + "|" * (6 - line.count("|"))
        for line in text.splitlines()
    )
    assert together(read(text.replace("|", sign), encoding="utf-8-sig")[0]) == [(AYA, BEN, 60)]


def test_american_times_are_known_by_their_form_and_noted(read: Read) -> None:
    text = report([person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN)], [])
    text = text.replace("11/26/25", "3/2/26")
    rows, ledger = read(text)
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T16:00:00+00:00"
    assert ledger.ambiguous == [
        "times such as 3/2/26, 9:00:00 AM are American: the month stands first (--day-first)",
        "times without a zone are read as UTC (--tz)",
    ]
    rows, _ = read(text, day_first=True)
    assert rows[0]["sent_at"].isoformat() == "2026-02-03T16:00:00+00:00"


@pytest.mark.parametrize("day", ["03/02/2026", "3/2/2026", "03/02/26"])
def test_other_undecided_dates_are_asked_for(read: Read, day: str) -> None:
    text = report([person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN)], [])
    text = text.replace("11/26/25", day).replace(" PM", "")
    with pytest.raises(AmbiguousInputError, match="its dates do not show"):
        read(text)
    assert len(read(text, day_first=True)[0]) == 1


def test_the_first_reports_list_joins_and_leaves_by_name(read: Read) -> None:
    lines = [
        "Full Name|User Action|Timestamp",
        "Aya Ito|Joined before|11/25/2020, 9:00:00 AM",
        "Ben Osei|Joined|11/25/2020, 9:10:00 AM",
        "Cy (Guest)|Joined|11/25/2020, 9:10:00 AM",
        "Ben Osei|Left|11/25/2020, 9:20:00 AM",
        "Ben Osei|Joined|11/25/2020, 9:25:00 AM",
        "Aya Ito|Left|11/25/2020, 9:30:00 AM",
    ]
    rows, ledger = read("\n".join(lines).replace("|", "\t"))
    assert together(rows) == [("teams:aya ito", "teams:ben osei", 15)]
    assert rows[0]["recipients"] == 2
    assert ledger.profiles["teams:aya ito"].name == "Aya Ito"
    assert ledger.profiles["teams:aya ito"].emails == ()
    assert "2 people have no address in the report and are known by their name" in ledger.ambiguous


def test_the_reports_of_2021_have_a_summary_without_a_number(read: Read) -> None:
    lines = [
        "Meeting Summary",
        "Total Number of Participants|2",
        "Meeting Title|secret",
        "Meeting Start Time|11/25/2021, 9:00:00 AM",
        "",
        "Full Name|Join Time|Leave Time|Duration|Email|Role|Participant ID (UPN)",
        "Aya|11/25/2021, 9:00:00 AM|11/25/2021, 9:30:00 AM|30m|aya@example.com|Organizer|a",
        "Ben|11/25/2021, 9:00:00 AM|11/25/2021, 9:10:00 AM|10m|ben@example.com|Presenter|b",
    ]
    assert together(read("\n".join(lines).replace("|", "\t"))[0]) == [(AYA, BEN, 10)]


def test_the_same_report_twice_has_the_same_key(read: Read) -> None:
    text = report([person("Aya", 0, 60, AYA), person("Ben", 0, 60, BEN)], [])
    assert read(text)[0][0]["message"] == read(text, encoding="utf-8")[0][0]["message"]


def test_more_than_fifty_people_are_a_broadcast(read: Read) -> None:
    everybody = [person(f"P{n}", 0, 60, f"p{n}@example.com") for n in range(51)]
    assert dict(read(report(everybody, []))[1].skipped) == {"broadcast": 1}


def test_one_person_alone_is_no_meeting(read: Read) -> None:
    assert dict(read(report([person("Aya", 0, 60, AYA)], []))[1].skipped) == {"no_attendees": 1}


def test_no_title_reaches_the_records_or_the_ledger(read: Read) -> None:
    rows, ledger = read(report([person("Aya", 0, 60, AYA), person("Ben", 0, 9, BEN)], []))
    assert "secret" not in repr(rows) + repr(ledger)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1. Introduction\n\nWords.\n\n2. Methods\n\nMore words.\n",
        "Name,Email,Role\nAya,aya@example.com,Lead\n",
        "SessionId,ParticipantId,FullName,UserAgent,UtcEventTimestamp,Action,Role\n1,2,A,x,y,z,w\n",
    ],
)
def test_other_files_are_not_recognised(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.csv"
    path.write_text(text)
    assert TeamsAttendance().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="no list of participants"):
        read_source(path)


def test_a_report_as_teams_writes_it_is_read() -> None:
    rows, _ = read_source(shared("samples/synthetic/calendar/teams_attendance.csv"))
    assert [(round(row["hours"] * 60), row["recipients"]) for row in rows] == [(20, 2)]
