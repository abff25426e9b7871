"""Events of Google Calendar's API, and the JSON files that they come in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.google_events import GoogleEvents
from orgnet_connectors.ics import Ics

Rows = list[dict[str, Any]]
Read = Callable[..., tuple[Rows, Ledger]]

AYA, BEN, CY = (f"{who}@example.com" for who in ("aya", "ben", "cy"))


def guest(address: str, answer: str = "accepted", **more: Any) -> dict[str, Any]:
    return {"email": address, "responseStatus": answer, **more}


def event(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "calendar#event",
        "id": "e1",
        "iCalUID": "e1@google.com",
        "status": "confirmed",
        "summary": "secret",
        "description": "secret",
        "organizer": {"email": AYA},
        "start": {"dateTime": "2026-03-02T09:15:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-03-02T09:45:00+01:00", "timeZone": "Europe/Berlin"},
        "attendees": [guest(AYA, organizer=True), guest(BEN)],
        **fields,
    }


def page(*events: Any) -> dict[str, Any]:
    return {
        "kind": "calendar#events",
        "summary": 'a calendar whose name is "items": [',
        "defaultReminders": [{"method": "popup", "minutes": 10}],
        "items": list(events),
        "nextSyncToken": "x",
    }


def read_source(path: Path, **options: Any) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = GoogleEvents().read(Source(path), ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return rows, ledger


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*events: Any, data: bytes | None = None, **options: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "events.json"
        path.write_bytes(data if data is not None else json.dumps(page(*events)).encode())
        return read_source(path, **options)

    return read


def test_the_reader_is_a_connector_that_knows_its_files(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(page(event())))
    assert isinstance(GoogleEvents(), Connector)
    assert GoogleEvents().recognise(Source(path)) == (
        "JSON events with iCalUID and attendees.responseStatus"
    )
    path.write_text(json.dumps({"items": [{"start": 1}]}))
    assert GoogleEvents().recognise(Source(path)) is None


def test_an_event_is_one_record_for_every_two_people(read: Read) -> None:
    rows, ledger = read(event(attendees=[guest(AYA), guest("Ben@Example.com"), guest(CY)]))
    assert [(row["sender"], row["recipient"]) for row in rows] == [(AYA, BEN), (AYA, CY), (BEN, CY)]
    assert (rows[0]["recipients"], rows[0]["hours"], ledger.kept) == (2, 0.5, 1)
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T08:15:00+00:00"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"visibility": "private"}, "private"),
        ({"start": {"date": "2026-03-02"}, "end": {"date": "2026-03-03"}}, "all_day"),
        ({"end": {"dateTime": "2026-03-02T18:15:00+01:00"}}, "too_long"),
        ({"attendeesOmitted": True}, "list_cut"),
        ({"eventType": "outOfOffice"}, "no_meeting"),
        ({"transparency": "transparent"}, "free"),
        ({"start": {"dateTime": "tomorrow"}}, "no_date"),
        ({"start": None}, "no_date"),
        ({"attendees": None}, "no_attendees"),
        ({"attendees": [guest(AYA), guest("room@example.com", resource=True)]}, "no_attendees"),
        ({"attendees": [guest(AYA), guest(BEN, "declined")]}, "declined"),
        ({"attendees": [guest(AYA), guest(BEN, "needsAction")]}, "no_answer"),
    ],
)
def test_the_ledger_says_why_an_event_is_no_meeting(
    read: Read, fields: dict[str, Any], reason: str
) -> None:
    rows, ledger = read(event(**fields))
    assert (rows, dict(ledger.skipped)) == ([], {reason: 1})
    assert ledger.problems[reason][0].place == "object 1"


def test_rooms_and_group_calendars_are_nobody_and_companions_are_in_the_room(read: Read) -> None:
    rows, ledger = read(
        event(
            attendees=[
                guest(AYA),
                guest(BEN, "tentative", additionalGuests=2, displayName="Ben Osei"),
                guest("c_1@resource.calendar.google.com"),
                guest("room@example.com", resource=True, displayName="Room 4"),
                guest("x@group.calendar.google.com"),
            ]
        )
    )
    assert [(row["sender"], row["recipient"], row["recipients"]) for row in rows] == [(AYA, BEN, 3)]
    kinds = {who: profile.kind for who, profile in ledger.profiles.items()}
    assert kinds == {
        BEN: "person",
        "c_1@resource.calendar.google.com": "room",
        "room@example.com": "room",
        "x@group.calendar.google.com": "shared",
    }


def test_a_series_is_expanded_without_its_changed_and_deleted_meetings(read: Read) -> None:
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20260309T091500"]
    changed = event(
        id="e1_20260316T081500Z",
        recurringEventId="e1",
        originalStartTime={"dateTime": "2026-03-16T09:15:00+01:00"},
        start={"dateTime": "2026-03-17T12:00:00Z"},
        end={"dateTime": "2026-03-17T13:00:00Z"},
    )
    called_off = {
        "id": "e1_20260323T081500Z",
        "iCalUID": "e1@google.com",
        "status": "cancelled",
        "recurringEventId": "e1",
        "originalStartTime": {"dateTime": "2026-03-23T09:15:00+01:00"},
    }
    rows, ledger = read(event(recurrence=weekly), changed, called_off)
    assert [f"{row['sent_at']:%m-%dT%H:%M}" for row in rows] == ["03-02T08:15", "03-17T12:00"]
    assert dict(ledger.skipped) == {"cancelled": 1}


def test_the_same_meeting_has_one_key_in_every_copy_and_in_icalendar(
    read: Read, tmp_path: Path
) -> None:
    rows, ledger = read(event(), event(id="copy", attendees=[guest(BEN, self=True), guest(CY)]))
    assert (len(rows), dict(ledger.skipped)) == (1, {"duplicate": 1})
    path = tmp_path / "calendar.ics"
    path.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:e1@google.com\nDTSTART:20260302T081500Z\n"
        "ORGANIZER:mailto:aya@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.com\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    batches = list(Ics().read(Source(path), ReadOptions(), Ledger()))
    assert batches[0].column("message").to_pylist() == [rows[0]["message"]]


def test_a_time_without_offset_is_in_its_zone_or_the_one_that_is_said(read: Read) -> None:
    def at(zone: str | None, **options: Any) -> tuple[str, list[str]]:
        start = {"dateTime": "2026-03-02T09:15:00", "timeZone": zone}
        rows, ledger = read(event(start=start), **options)
        return f"{rows[0]['sent_at']:%H:%M}", ledger.ambiguous

    assert at("Europe/Berlin") == ("08:15", [])
    assert at(None, timezone="Europe/Berlin") == ("08:15", [])
    assert at(None) == ("09:15", ["1 times without a known zone are read as UTC (--tz)"])


def test_no_content_reaches_the_records_or_the_ledger(read: Read) -> None:
    rows, ledger = read(event(), event(start=7), "secret")
    assert "secret" not in repr(rows) + repr(ledger)


# --- the file ---------------------------------------------------------------------------------

TWO = [event(), event(iCalUID="e2@google.com")]


def lines(*values: Any) -> str:
    return "\n".join(json.dumps(value) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(page(*TWO)),
        json.dumps(page(*TWO), indent=2),
        json.dumps(TWO),
        json.dumps([page(TWO[0]), page(TWO[1])]),
        lines(*TWO),
        lines(page(TWO[0]), page(), page(TWO[1])),
        json.dumps(page(*TWO)).replace('}, {"kind', '}{"kind'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_events_are_found_however_the_pages_were_put_together(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, encoding=encoding)
    assert GoogleEvents().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert (len(rows), ledger.kept, ledger.truncated) == (2, 2, None)


@pytest.mark.parametrize(
    "broken", [{"start": "@"}, {}, {"start": {"dateTime": [1]}, "end": 3}, {"status": ["@"]}]
)
def test_one_bad_event_never_costs_the_others(read: Read, broken: Any) -> None:
    text = json.dumps(page(TWO[0], broken, TWO[1])).replace('"@"', "@")
    rows, ledger = read(data=text.encode())
    assert (len(rows), ledger.read) == (2, 3)


def test_a_file_that_ends_early_says_so_and_keeps_what_is_whole(read: Read) -> None:
    text = json.dumps(page(*TWO))
    rows, ledger = read(data=text[: text.rindex('"attendees"')].encode())
    assert (len(rows), dict(ledger.skipped)) == (1, {"unreadable": 1})
    assert ledger.truncated == "the JSON ends early or is damaged"


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"items', "[" * 10_000])
def test_a_file_without_events_is_refused(read: Read, text: str) -> None:
    with pytest.raises(UnreadableFileError, match="no event in it"):
        read(data=text.encode())


def test_an_empty_page_is_no_error(read: Read) -> None:
    assert read()[1].read == 0


def test_an_event_nested_too_deeply_is_left_out(read: Read) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    text = json.dumps(page(TWO[0], event(extra="@"), TWO[1])).replace('"@"', deep)
    rows, ledger = read(data=text.encode())
    assert (len(rows), dict(ledger.skipped)) == (2, {"unreadable": 1})
