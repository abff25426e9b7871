"""Calendars in iCalendar files, written as Google, Outlook and others write them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.ics import Ics
from support import shared

Rows = list[dict[str, Any]]
Read = Callable[..., tuple[Rows, Ledger]]

AYA, BEN, CY, DANA = (f"{who}@example.com" for who in ("aya", "ben", "cy", "dana"))
START = "DTSTART:20260302T081500Z"
END = "DTEND:20260302T084500Z"
BOTH = [f"ORGANIZER:mailto:{AYA}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BEN}"]

BERLIN_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def event(*lines: str, uid: str = "ev1@example.com") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def meeting(*lines: str, uid: str = "ev1@example.com") -> str:
    """An event of half an hour with Aya and Ben, besides what is said of it."""
    said = {line.partition(":")[0].partition(";")[0] for line in lines}
    times = [line for line in (START, END) if line.partition(":")[0] not in said]
    return event(*times, *([] if "ATTENDEE" in said else BOTH), *lines, uid=uid)


def calendar(*parts: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]
    return "\n".join(lines).replace("\n", "\r\n").encode()


def read_source(path: Path, **options: Any) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = Ics().read(Source(path), ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*parts: str, data: bytes | None = None, **options: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "calendar.ics"
        path.write_bytes(data if data is not None else calendar(*parts))
        return read_source(path, **options)

    return read


def pairs(rows: Rows) -> list[tuple[str, str]]:
    return [(row["sender"], row["recipient"]) for row in rows]


def starts(rows: Rows) -> list[str]:
    return [f"{row['sent_at']:%m-%dT%H:%M}" for row in rows]


def test_the_reader_is_a_connector() -> None:
    assert isinstance(Ics(), Connector)


def test_every_two_people_of_a_meeting_have_one_record(read: Read) -> None:
    rows, ledger = read(meeting(*(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{w}" for w in (CY, BEN))))
    assert pairs(rows) == [(BEN, CY)]
    rows, ledger = read(
        meeting(BOTH[0], *(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{w}" for w in (CY, BEN)))
    )
    assert pairs(rows) == [(AYA, BEN), (AYA, CY), (BEN, CY)]
    assert {(row["channel"], row["kind"], row["recipients"], row["hours"]) for row in rows} == {
        ("meeting", "attend", 2, 0.5)
    }
    assert len({row["message"] for row in rows}) == 1
    assert (ledger.kept, starts(rows)[0]) == (1, "03-02T08:15")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["STATUS:CANCELLED"], "cancelled"),
        (["CLASS:PRIVATE"], "private"),
        (["CLASS:CONFIDENTIAL"], "private"),
        (["TRANSP:TRANSPARENT"], "free"),
        (["DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303"], "all_day"),
        (["DTSTART:20260302"], "all_day"),
        (["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"], "all_day"),
        (["DTEND:20260302T164500Z"], "too_long"),
        (["DURATION:P1DT1H", "DTEND:"], "too_long"),
        (["DTSTART:sometime"], "no_date"),
        (["DTSTART:16010101T000000Z"], "no_date"),
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.com"], "no_attendees"),
        (
            [*BOTH, "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.com"],
            "declined",
        ),
        ([BOTH[0], "ATTENDEE;PARTSTAT=DELEGATED:mailto:ben@example.com"], "declined"),
        ([BOTH[0], "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ben@example.com"], "no_answer"),
        ([BOTH[0], "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:r@example.com"], "no_attendees"),
        ([BOTH[0], "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ben:invalid:nomail"], "no_attendees"),
        ([BOTH[0], "ATTENDEE;ROLE=NON-PARTICIPANT:mailto:ben@example.com"], "no_attendees"),
    ],
)
def test_the_ledger_says_why_an_entry_is_no_meeting(
    read: Read, lines: list[str], reason: str
) -> None:
    other = meeting(uid="other@example.com")
    rows, ledger = read(other, meeting(*lines))
    assert dict(ledger.skipped) == ({reason: 1} if reason else {})
    assert len(rows) == (1 if reason else 2)
    assert all(
        problem[0].place.startswith("entry 2, byte ") for problem in ledger.problems.values()
    )


def test_a_meeting_may_state_its_length_instead_of_an_end_or_nothing(read: Read) -> None:
    lengths = {
        uid: read(event(START, *BOTH, *line, uid=uid))[0][0]["hours"]
        for uid, line in (("a", ["DURATION:PT1H30M"]), ("b", []), ("c", ["DTEND:20260302T08Z"]))
    }
    assert lengths == {"a": 1.5, "b": None, "c": None}


def test_who_said_maybe_attends_and_who_did_not_answer_does_not(read: Read) -> None:
    rows, _ = read(
        meeting(
            BOTH[0],
            f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{BEN}",
            f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{CY}",
            f"ATTENDEE:mailto:{DANA}",
        )
    )
    assert pairs(rows) == [(AYA, BEN)]
    assert rows[0]["recipients"] == 1


def test_where_no_answers_are_stated_everybody_invited_attends_and_a_note_says_so(
    read: Read,
) -> None:
    rows, ledger = read(meeting(BOTH[0], f"ATTENDEE;RSVP=TRUE:mailto:{BEN}"))
    assert pairs(rows) == [(AYA, BEN)]
    assert ledger.ambiguous == [
        "no answers to invitations are stated; everybody who was invited is counted"
    ]


def test_an_organiser_who_declined_is_not_there(read: Read) -> None:
    rows, _ = read(
        meeting(
            BOTH[0],
            f"ATTENDEE;PARTSTAT=DECLINED:mailto:{AYA}",
            *(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}" for who in (BEN, CY)),
        )
    )
    assert pairs(rows) == [(BEN, CY)]


def test_rooms_resources_and_lists_are_known_and_are_nobody(read: Read) -> None:
    rows, ledger = read(
        meeting(
            *BOTH,
            "ATTENDEE;CUTYPE=RESOURCE;PARTSTAT=ACCEPTED;CN=Room 4:mailto:room4@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c_1@resource.calendar.google.com",
            "ATTENDEE;CUTYPE=GROUP;PARTSTAT=ACCEPTED:mailto:ops@example.com",
            "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED:mailto:x@group.calendar.google.com",
        )
    )
    assert (pairs(rows), rows[0]["recipients"]) == ([(AYA, BEN)], 1)
    assert {who: profile.kind for who, profile in ledger.profiles.items()} == {
        "room4@example.com": "room",
        "c_1@resource.calendar.google.com": "room",
        "ops@example.com": "shared",
        "x@group.calendar.google.com": "shared",
    }


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Ben@Example.com",
        'ATTENDEE;CN="Osei, Ben";PARTSTAT=ACCEPTED:mailto:ben@example.com',
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:%22ben%40example.com%22",
        "ATTENDEE;PARTSTAT=ACCEPTED:'ben@example.com'",
        "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=ben@example.com:invalid:nomail",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=ben@example.com:urn:uuid:1",
        'ATTENDEE;MEMBER="mailto:a@example.com","mailto:b@example.com";PARTSTAT=ACCEPTED:'
        "mailto:ben@example.com",
        'ATTENDEE;PARTSTAT=ACCEPTED;CN="never closed:mailto:ben@example.com',
        "ATTENDEE ; PARTSTAT = ACCEPTED : mailto:ben@example.com",
        "attendee;partstat=accepted:mailto:ben@example.com?subject=x",
    ],
)
def test_an_address_is_found_however_it_is_written(read: Read, line: str) -> None:
    rows, _ = read(meeting(BOTH[0], f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{CY}", line))
    assert (AYA, BEN) in pairs(rows)


def test_a_directory_name_of_exchange_is_an_identity(read: Read) -> None:
    rows, ledger = read(
        meeting(BOTH[0], "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ben Osei:/O=Example/OU=A/CN=ben")
    )
    assert pairs(rows) == [("/o=example/ou=a/cn=ben", AYA)]
    assert ledger.profiles["/o=example/ou=a/cn=ben"].emails == ()


def test_names_go_to_profiles_with_their_escapes_undone(read: Read) -> None:
    _, ledger = read(
        meeting(BOTH[0], f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Ben ^'Bo^' Osei:mailto:{BEN}")
    )
    assert ledger.profiles[BEN].name == 'Ben "Bo" Osei'


def test_people_without_an_address_and_companions_count_as_people_in_the_room(read: Read) -> None:
    rows, _ = read(
        meeting(
            *BOTH,
            "ATTENDEE;PARTSTAT=ACCEPTED;CN=Visitor:invalid:nomail",
            f"ATTENDEE;PARTSTAT=ACCEPTED;X-NUM-GUESTS=2:mailto:{CY}",
        )
    )
    assert len(rows) == 3
    assert rows[0]["recipients"] == 5


def test_a_meeting_of_more_than_fifty_is_a_broadcast(read: Read) -> None:
    guests = [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:p{n}@example.com" for n in range(50)]
    assert len(read(meeting(*guests))[0]) == 50 * 49 / 2
    _, ledger = read(meeting(BOTH[0], *guests))
    assert dict(ledger.skipped) == {"broadcast": 1}


# --- times ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        ("DTSTART:20260302T081500Z", "03-02T08:15"),
        ("DTSTART;TZID=Europe/Berlin:20260302T091500", "03-02T08:15"),
        ('DTSTART;TZID="Europe/Berlin":20260302T091500', "03-02T08:15"),
        ("DTSTART;TZID=W. Europe Standard Time:20260302T091500", "03-02T08:15"),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260302T091500", "03-02T08:15"),
        ("DTSTART;TZID=GMT+0100:20260302T091500", "03-02T08:15"),
        ("DTSTART;TZID=Customized Time Zone:20260302T091500", "03-02T08:15"),
        ("DTSTART;TZID=Customized Time Zone:20260702T091500", "07-02T07:15"),
        ("DTSTART:2026-03-02T09:15:00+01:00", "03-02T08:15"),
        ("DTSTART:20260302T0815Z", "03-02T08:15"),
    ],
)
def test_times_are_read_in_the_zone_that_they_name(read: Read, start: str, utc: str) -> None:
    rows, ledger = read(BERLIN_ZONE, event(start, *BOTH))
    assert starts(rows) == [utc]
    assert ledger.ambiguous == []


def test_a_floating_time_is_utc_with_a_note_unless_a_zone_is_said(read: Read) -> None:
    floating = meeting("DTSTART:20260302T091500", "DTEND:20260302T101500")
    rows, ledger = read(floating)
    assert starts(rows) == ["03-02T09:15"]
    assert ledger.ambiguous == ["2 times without a zone are read as UTC (--tz)"]
    rows, ledger = read(floating, timezone="Europe/Berlin")
    assert (starts(rows), ledger.ambiguous) == (["03-02T08:15"], [])
    rows, ledger = read("X-WR-TIMEZONE:Europe/Berlin", floating)
    assert (starts(rows), ledger.ambiguous) == (["03-02T08:15"], [])


def test_an_unknown_zone_is_utc_with_a_note(read: Read) -> None:
    rows, ledger = read(event("DTSTART;TZID=Our Zone:20260302T091500", *BOTH))
    assert starts(rows) == ["03-02T09:15"]
    assert ledger.ambiguous == ["1 times in a zone that is not known are read as UTC (--tz)"]


def test_a_zone_that_makes_no_sense_is_as_good_as_unknown(read: Read) -> None:
    broken = BERLIN_ZONE.replace("TZOFFSETTO:+0200", "TZOFFSETTO:no")
    rows, ledger = read(broken, event("DTSTART;TZID=Customized Time Zone:20260302T091500", *BOTH))
    assert starts(rows) == ["03-02T09:15"]
    assert len(ledger.ambiguous) == 1


# --- series -----------------------------------------------------------------------------------

WEEKLY = [
    "DTSTART;TZID=Europe/Berlin:20260316T091500",
    "DTEND;TZID=Europe/Berlin:20260316T094500",
]


def test_a_series_is_expanded_without_its_deleted_meetings(read: Read) -> None:
    rows, ledger = read(
        meeting(
            *WEEKLY,
            "RRULE:FREQ=WEEKLY;COUNT=5",
            "RRULE:FREQ=WEEKLY;COUNT=5",
            "EXDATE;TZID=W. Europe Standard Time:20260323T091500,20260330T091500",
            "EXDATE;VALUE=DATE:20260406",
            "RDATE;TZID=Europe/Berlin:20260501T120000",
        )
    )
    assert starts(rows) == ["03-16T08:15", "04-13T07:15", "05-01T10:00"]
    assert (ledger.kept, len({row["message"] for row in rows})) == (3, 3)
    assert {row["thread"] for row in rows} == {"ev1@example.com"}


def test_a_changed_meeting_replaces_that_of_the_series_with_its_people(read: Read) -> None:
    moved = meeting(
        "RECURRENCE-ID:20260323T081500Z",
        "DTSTART;TZID=Europe/Berlin:20260324T100000",
        "DTEND;TZID=Europe/Berlin:20260324T110000",
        BOTH[0],
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DANA}",
    )
    called_off = meeting("RECURRENCE-ID:20260330T071500Z", *WEEKLY, "STATUS:CANCELLED")
    master = meeting(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3")
    for parts in ((master, moved, called_off), (called_off, moved, master)):
        rows, ledger = read(*parts)
        found = {(row["recipient"], f"{row['sent_at']:%m-%dT%H:%M}") for row in rows}
        assert found == {(BEN, "03-16T08:15"), (DANA, "03-24T09:00")}
        assert dict(ledger.skipped) == {"cancelled": 1}


def test_a_changed_meeting_stands_without_its_series(read: Read) -> None:
    rows, _ = read(meeting("RECURRENCE-ID:20260302T081500Z"))
    assert pairs(rows) == [(AYA, BEN)]


def test_a_change_of_all_later_meetings_moves_them(read: Read) -> None:
    change = meeting(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260323T081500Z",
        "DTSTART;TZID=Europe/Berlin:20260323T141500",
        "DTEND;TZID=Europe/Berlin:20260323T151500",
        BOTH[0],
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{CY}",
    )
    rows, _ = read(meeting(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3"), change)
    found = sorted(
        (f"{row['sent_at']:%m-%dT%H:%M}", row["recipient"], row["hours"]) for row in rows
    )
    assert found == [
        ("03-16T08:15", BEN, 0.5),
        ("03-23T13:15", CY, 1.0),
        ("03-30T12:15", CY, 1.0),
    ]


def test_an_endless_series_ends_with_the_last_date_of_the_file(read: Read) -> None:
    rows, ledger = read(
        meeting(*WEEKLY, "RRULE:FREQ=WEEKLY"),
        meeting("DTSTART:20260406T120000Z", "DTEND:20260406T123000Z", uid="last@example.com"),
    )
    assert len(rows) == 5
    assert ledger.ambiguous == [
        "1 series without an end are followed to the last date in the file, 2026-04-06"
    ]
    rows, _ = read(meeting(*WEEKLY, "RRULE:FREQ=WEEKLY", "DTSTAMP:20260324T000000Z"))
    assert len(rows) == 2


def test_a_series_is_followed_for_two_years_at_most(read: Read) -> None:
    rows, ledger = read(
        event("DTSTART:20100104T090000Z", "RRULE:FREQ=WEEKLY", *BOTH),
        meeting(uid="last@example.com"),
    )
    assert len(rows) == 104 + 1
    assert "of 1 series the meetings before 2024-03-02 are left out" in ledger.ambiguous


def test_a_birthday_to_come_does_not_move_the_window(read: Read) -> None:
    rows, _ = read(
        meeting("DTSTAMP:20260310T000000Z"),
        meeting(*WEEKLY, "RRULE:FREQ=WEEKLY;UNTIL=20260401T000000Z", uid="w@example.com"),
        event("DTSTART;VALUE=DATE:20991231", uid="b@example.com"),
    )
    assert len(rows) == 1 + 3


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "W1 MO #10", "FREQ=DAILY;INTERVAL=0"])
def test_of_a_series_with_a_bad_rule_the_first_meeting_is_read(read: Read, rule: str) -> None:
    rows, ledger = read(meeting(f"RRULE:{rule}"))
    assert len(rows) == 1
    assert "cannot be followed" in ledger.problems["bad_rule"][0].found
    assert rule not in ledger.problems["bad_rule"][0].found


def test_a_series_that_is_left_out_as_a_whole_counts_once(read: Read) -> None:
    _, ledger = read(meeting("RRULE:FREQ=DAILY;COUNT=9", "CLASS:PRIVATE"))
    assert dict(ledger.skipped) == {"private": 1}


# --- the same meeting again -------------------------------------------------------------------


def test_of_two_versions_of_an_entry_the_later_counts(read: Read) -> None:
    rows, ledger = read(
        meeting("SEQUENCE:0"),
        meeting("DTSTART:20260303T081500Z", "DTEND:20260303T084500Z", "SEQUENCE:2"),
    )
    assert starts(rows) == ["03-03T08:15"]
    assert dict(ledger.skipped) == {"duplicate": 1}


def test_a_meeting_in_two_calendars_has_one_key(tmp_path: Path, read: Read) -> None:
    outlook = "040000008200E00074C5B7101A82E008{}C08A7D3C4F6AD901000000000000000010000000AB"
    one, _ = read(meeting(uid=outlook.format("00000000")))
    other, _ = read(meeting(uid=outlook.format("07ea0302").lower()))
    assert one[0]["message"] == other[0]["message"]


def test_copies_within_a_zip_count_once_and_names_of_calendars_are_not_shown(
    tmp_path: Path,
) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("aya@example.com.ics", calendar(meeting()))
        archive.writestr("ben@example.com.ics", calendar(meeting(), meeting("CLASS:PRIVATE")))
        archive.writestr("../evil.ics", calendar(meeting(uid="evil")))
        archive.writestr("read me.txt", "text")
    path = tmp_path / "export.zip"
    path.write_bytes(memory.getvalue())
    assert Ics().recognise(Source(path)) == "a zip with 2 calendars"
    rows, ledger = read_source(path)
    assert len(rows) == 1
    assert dict(ledger.skipped) == {"duplicate": 1, "private": 1}
    assert set(ledger.problems) == {"duplicate", "private", "unsafe_name"}
    assert ledger.problems["duplicate"][0].place.startswith("calendar 2, entry 2, byte ")
    assert "@" not in repr(ledger.problems)


# --- the file ---------------------------------------------------------------------------------


def test_alarms_and_tasks_are_no_part_of_an_entry(read: Read) -> None:
    alarm = "BEGIN:VALARM\nATTENDEE:mailto:cy@example.com\nDURATION:P9D\nEND:VALARM"
    task = "BEGIN:VTODO\nUID:t\nATTENDEE:mailto:cy@example.com\nEND:VTODO"
    rows, ledger = read(task, meeting(alarm))
    assert (pairs(rows), ledger.read) == ([(AYA, BEN)], 1)


def test_lines_are_unfolded_wherever_they_are_folded(read: Read) -> None:
    name = "ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoë:mailto:zoe@example.com"
    line = name.encode()
    for cut in range(1, len(line)):
        folded = line[:cut] + b"\r\n " + line[cut:]
        data = calendar(meeting(BOTH[0], "X-A:1", "ATTENDEE:#")).replace(b"ATTENDEE:#", folded)
        rows, ledger = read(data=data)
        assert pairs(rows) == [(AYA, "zoe@example.com")]
        assert ledger.profiles["zoe@example.com"].name == "Zoë"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n", b"\n\n"])
def test_line_ends_and_marks_do_not_matter(read: Read, end: bytes) -> None:
    data = b"\xef\xbb\xbf" + calendar(meeting()).replace(b"\r\n", end)
    assert len(read(data=data)[0]) == 1


def test_an_attachment_on_one_line_costs_nothing(read: Read) -> None:
    rows, _ = read(meeting("ATTACH;ENCODING=BASE64:" + "QUJD" * 100_000, "X-B:1"))
    assert len(rows) == 1


def test_another_encoding_costs_no_address(read: Read) -> None:
    data = calendar(meeting(BOTH[0], f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoë:mailto:{BEN}"))
    _, ledger = read(data=data.replace("ë".encode(), b"\xeb"))
    assert ledger.profiles[BEN].name == "Zoë"


def test_a_file_that_ends_early_says_so_and_keeps_what_is_whole(read: Read) -> None:
    data = calendar(meeting(), meeting(uid="b"))
    rows, ledger = read(data=data[: data.rindex(b"ORGANIZER")])
    assert len(rows) == 1
    assert dict(ledger.skipped) == {"unreadable": 1}
    assert ledger.truncated == "the calendar ends without END:VCALENDAR"


def test_an_entry_without_an_id_is_read(read: Read) -> None:
    rows, _ = read(meeting().replace("UID:ev1@example.com\n", ""))
    assert rows[0]["message"].startswith("meeting:")


def test_an_invitation_that_calls_a_meeting_off_cancels_it(read: Read) -> None:
    assert dict(read("METHOD:CANCEL", meeting())[1].skipped) == {"cancelled": 1}


def test_an_empty_calendar_is_read_and_anything_else_refused(read: Read) -> None:
    assert read()[1].read == 0
    with pytest.raises(UnreadableFileError, match="no calendar begins in it"):
        read(data=b"From aya@example.com")


def test_no_content_reaches_the_records_or_the_ledger(read: Read) -> None:
    rows, ledger = read(
        meeting("SUMMARY:secret", "DESCRIPTION:secret", "LOCATION:secret", "STATUS:CANCELLED"),
        meeting("SUMMARY:secret", "X-ALT-DESC:secret", "CATEGORIES:secret", uid="b"),
    )
    assert "secret" not in repr(rows) + repr(ledger)


@pytest.mark.parametrize("data", [b"", b"UID:1", b"PK\x03\x04 broken", b"BEGIN:VCARD\nEND:VCARD"])
def test_other_files_are_not_recognised(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.ics"
    path.write_bytes(data)
    assert Ics().recognise(Source(path)) is None
    with pytest.raises(InputError):
        read_source(path)


def test_a_series_as_outlook_writes_it_is_read_with_all_its_traps() -> None:
    path = shared("samples/synthetic/calendar/team.ics")
    rows, ledger = read_source(path)
    assert starts(rows) == ["03-02T08:00", "03-23T08:00", "03-16T10:00"]
    assert dict(ledger.skipped) == {"cancelled": 1}


@pytest.mark.parametrize(
    ("name", "read"),
    [("alarm_google_future", 1), ("discourse_no_dtend", 4), ("duplicated_rrule", 1)],
)
def test_real_calendars_without_guests_are_read_and_hold_no_meeting(name: str, read: int) -> None:
    _, ledger = read_source(shared(f"samples/ics/{name}.ics"))
    assert dict(ledger.skipped) == {"no_attendees": read}
