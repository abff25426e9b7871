"""Events of Microsoft Graph: occurrences, series, and who answered what."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.google_events import GoogleEvents
from orgnet_connectors.graph_events import GraphEvents

Rows = list[dict[str, Any]]
Read = Callable[..., tuple[Rows, Ledger]]

AYA, BEN, CY = (f"{who}@example.com" for who in ("aya", "ben", "cy"))
ID = "040000008200E00074C5B7101A82E008{}C08A7D3C4F6AD901000000000000000010000000AB"


def guest(address: str, response: str = "accepted", kind: str = "required") -> dict[str, Any]:
    name = address.partition("@")[0].title()
    return {
        "type": kind,
        "status": {"response": response, "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": name, "address": address},
    }


def event(**fields: Any) -> dict[str, Any]:
    return {
        "@odata.etag": 'W/"x"',
        "id": "AAM1",
        "iCalUId": ID.format("00000000"),
        "createdDateTime": "2026-03-01T10:00:00.1234567Z",
        "subject": "secret",
        "bodyPreview": "secret",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "showAs": "busy",
        "sensitivity": "normal",
        "type": "singleInstance",
        "seriesMasterId": None,
        "start": {"dateTime": "2026-03-02T08:15:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-02T08:45:00.0000000", "timeZone": "UTC"},
        "recurrence": None,
        "organizer": {"emailAddress": {"name": "Aya", "address": AYA}},
        "attendees": [guest(AYA, "organizer"), guest(BEN)],
        **fields,
    }


def series(pattern: dict[str, Any], **limits: Any) -> dict[str, Any]:
    limits = {"type": "noEnd", "startDate": "2026-03-02", "endDate": "0001-01-01", **limits}
    return {"type": "seriesMaster", "recurrence": {"pattern": pattern, "range": limits}}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*events: Any, **options: Any) -> tuple[Rows, Ledger]:
        path = tmp_path / "events.json"
        page = {"@odata.context": "…", "value": list(events), "@odata.nextLink": "…"}
        path.write_text(json.dumps(page), encoding="utf-8")
        assert GraphEvents().recognise(Source(path)) or not events
        assert GoogleEvents().recognise(Source(path)) is None
        ledger = Ledger()
        batches = GraphEvents().read(Source(path), ReadOptions(**options), ledger)
        rows = [row for batch in batches for row in batch.to_pylist()]
        assert ledger.read == ledger.kept + ledger.skipped.total()
        return rows, ledger

    return read


def starts(rows: Rows) -> list[str]:
    return [f"{row['sent_at']:%y-%m-%dT%H:%M}" for row in rows]


def test_the_reader_is_a_connector() -> None:
    assert isinstance(GraphEvents(), Connector)


def test_an_event_is_one_record_for_every_two_people(read: Read) -> None:
    guests = [
        guest(BEN, "tentativelyAccepted"),
        guest("CY@example.com"),
        guest("d@example.com", "none"),
    ]
    rows, ledger = read(event(attendees=guests))
    assert [(row["sender"], row["recipient"]) for row in rows] == [(AYA, BEN), (AYA, CY), (BEN, CY)]
    assert (rows[0]["recipients"], rows[0]["hours"], ledger.kept) == (2, 0.5, 1)
    assert starts(rows)[0] == "26-03-02T08:15"
    assert ledger.profiles[BEN].name == "Ben"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"isCancelled": True}, "cancelled"),
        ({"isDraft": True}, "draft"),
        ({"sensitivity": "private"}, "private"),
        ({"isAllDay": True}, "all_day"),
        ({"showAs": "free"}, "free"),
        ({"end": {"dateTime": "2026-03-02T18:45:00", "timeZone": "UTC"}}, "too_long"),
        ({"start": {"dateTime": "", "timeZone": "UTC"}}, "no_date"),
        ({"attendees": []}, "no_attendees"),
        ({"attendees": [guest("room@example.com", kind="resource")]}, "no_attendees"),
        ({"attendees": [guest(BEN, "declined")]}, "declined"),
        ({"attendees": [guest(BEN, "notResponded")]}, "no_answer"),
    ],
)
def test_the_ledger_says_why_an_event_is_no_meeting(
    read: Read, fields: dict[str, Any], reason: str
) -> None:
    rows, ledger = read(event(iCalUId="other"), event(**fields))
    assert (len(rows), dict(ledger.skipped)) == (1, {reason: 1})
    assert ledger.problems[reason][0].place == "object 2"


def test_a_windows_zone_is_known_and_another_is_noted(read: Read) -> None:
    def at(zone: str, **options: Any) -> tuple[str, int]:
        start = {"dateTime": "2026-07-02T10:15:00.0000000", "timeZone": zone}
        rows, ledger = read(event(start=start), **options)
        return starts(rows)[0], len(ledger.ambiguous)

    assert at("W. Europe Standard Time") == ("26-07-02T08:15", 0)
    assert at("tzone://Microsoft/Utc") == ("26-07-02T10:15", 0)
    assert at("tzone://Microsoft/Custom") == ("26-07-02T10:15", 1)
    assert at("tzone://Microsoft/Custom", timezone="Europe/Berlin") == ("26-07-02T08:15", 0)


def test_occurrences_in_two_mailboxes_have_one_key_each(read: Read) -> None:
    rows, ledger = read(
        event(type="occurrence", seriesMasterId="M1", iCalUId=ID.format("07EA0302")),
        event(type="occurrence", seriesMasterId="M9", iCalUId=ID.format("07EA0302")),
        event(
            type="exception",
            seriesMasterId="M1",
            iCalUId=ID.format("07EA0309"),
            originalStart="2026-03-09T08:15:00Z",
        ),
    )
    assert len(rows) == 2
    assert dict(ledger.skipped) == {"duplicate": 1}
    assert len({row["thread"] for row in rows}) == 1
    assert len({row["message"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("pattern", "limits", "expected"),
    [
        (
            {"type": "daily", "interval": 2},
            {"type": "numbered", "numberOfOccurrences": 3},
            ["26-03-02T08:15", "26-03-04T08:15", "26-03-06T08:15"],
        ),
        (
            {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "thursday"]},
            {"type": "endDate", "endDate": "2026-03-09"},
            ["26-03-02T08:15", "26-03-05T08:15", "26-03-09T08:15"],
        ),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 2},
            {"type": "numbered", "numberOfOccurrences": 3},
            ["26-03-02T08:15", "26-04-02T07:15", "26-05-02T07:15"],
        ),
        (
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday"], "index": "first"},
            {"type": "numbered", "numberOfOccurrences": 2},
            ["26-03-02T08:15", "26-04-06T07:15"],
        ),
        (
            {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 2, "month": 3},
            {"type": "numbered", "numberOfOccurrences": 2},
            ["26-03-02T08:15", "27-03-02T08:15"],
        ),
        (
            {
                "type": "relativeYearly",
                "interval": 1,
                "daysOfWeek": ["monday"],
                "index": "first",
                "month": 3,
            },
            {"type": "numbered", "numberOfOccurrences": 2},
            ["26-03-02T08:15", "27-03-01T08:15"],
        ),
    ],
)
def test_a_series_is_expanded_on_the_clock_of_its_own_zone(
    read: Read, pattern: dict[str, Any], limits: dict[str, Any], expected: list[str]
) -> None:
    zone = {"recurrenceTimeZone": "W. Europe Standard Time"}
    rows, _ = read(event(**series(pattern, **limits, **zone)))
    assert starts(rows) == expected


def test_a_changed_meeting_replaces_that_of_the_series(read: Read) -> None:
    daily = series({"type": "daily", "interval": 1}, type="numbered", numberOfOccurrences=2)
    moved = event(
        type="exception",
        seriesMasterId="AAM1",
        iCalUId=ID.format("07EA0303"),
        originalStart="2026-03-03T08:15:00Z",
        start={"dateTime": "2026-03-03T12:00:00", "timeZone": "UTC"},
    )
    rows, _ = read(event(**daily), moved)
    assert starts(rows) == ["26-03-02T08:15", "26-03-03T12:00"]


def test_a_pattern_that_cannot_be_followed_gives_its_first_meeting(read: Read) -> None:
    rows, ledger = read(event(**series({"type": "lunar", "interval": 1})))
    assert len(rows) == 1
    assert "bad_rule" in ledger.problems


def test_a_page_of_nothing_is_no_error_and_no_page_is(read: Read, tmp_path: Path) -> None:
    assert read()[1].read == 0
    path = tmp_path / "other.json"
    path.write_text("{}")
    with pytest.raises(UnreadableFileError, match="expected a list 'value'"):
        list(GraphEvents().read(Source(path), ReadOptions(), Ledger()))


def test_no_content_reaches_the_records_or_the_ledger(read: Read) -> None:
    rows, ledger = read(event(), event(start=7, attendees={"a": 1}, organizer=[]))
    assert "secret" not in repr(rows) + repr(ledger)
