"""Whatever is done to a valid calendar or report, reading it ends well and counts add up."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.errors import InputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.google_events import GoogleEvents
from orgnet_connectors.graph_events import GraphEvents
from orgnet_connectors.ics import Ics
from orgnet_connectors.ics_lines import identity_of, read_property
from orgnet_connectors.ics_times import IcsTimes
from orgnet_connectors.teams_attendance import TeamsAttendance
from orgnet_connectors.zoom_attendance import ZoomAttendance

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

ICS = (
    "BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Europe/Berlin\r\n"
    "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    + "".join(
        f"BEGIN:VEVENT\r\nUID:ev{number % 5}@example.com\r\nSEQUENCE:{number % 2}\r\n"
        f"DTSTART;TZID={zone}:202603{number + 1:02d}T091500\r\nDURATION:PT45M\r\n"
        f"RRULE:FREQ={rule};COUNT=4\r\nEXDATE;TZID={zone}:202603{number + 2:02d}T091500\r\n"
        'ORGANIZER;CN="Ito, Aya":mailto:aya@example.com\r\n'
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@exa\r\n mple.com\r\nEND:VEVENT\r\n"
        for number, (zone, rule) in enumerate(
            [
                ("Ours", "DAILY"),
                ("UTC", "WEEKLY;BYDAY=MO,FR"),
                ("Romance Standard Time", "MONTHLY;BYDAY=-1FR"),
            ]
            * 2
        )
    )
    + "END:VCALENDAR\r\n"
).encode()

GOOGLE = json.dumps(
    {
        "items": [
            {
                "iCalUID": f"e{number % 3}",
                "start": {"dateTime": f"2026-03-0{number + 1}T09:15:00+01:00"},
                "end": {"dateTime": f"2026-03-0{number + 1}T10:15:00+01:00"},
                "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"],
                "attendees": [
                    {"email": f"{who}@example.com", "responseStatus": "accepted"}
                    for who in ("aya", "ben")
                ],
            }
            for number in range(5)
        ]
    }
).encode()

GRAPH = json.dumps(
    {
        "value": [
            {
                "iCalUId": f"e{number}",
                "isAllDay": False,
                "start": {"dateTime": "2026-03-02T09:15:00.0000000", "timeZone": "UTC"},
                "end": {"dateTime": "2026-03-02T10:15:00.0000000", "timeZone": "UTC"},
                "recurrence": {
                    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
                    "range": {"type": "endDate", "endDate": "2026-03-20"},
                },
                "organizer": {"emailAddress": {"address": "aya@example.com"}},
                "attendees": [
                    {
                        "status": {"response": "accepted"},
                        "emailAddress": {"address": "ben@example.com"},
                    }
                ],
            }
            for number in range(4)
        ]
    }
).encode()

TEAMS = (
    (
        "1. Summary\r\nMeeting title|x\r\nStart time|3/22/26, 9:00:00 AM\r\n\r\n2. Participants\r\n"
        "Name|First Join|Last Leave|Email\r\n"
        + "".join(
            f"P{n}|3/22/26, 9:{n}0:00 AM|3/22/26, 9:{n}9:00 AM|p{n // 2}@example.com\r\n"
            for n in range(6)
        )
    )
    .replace("|", "\t")
    .encode("utf-16")
)

ZOOM = (
    "Meeting ID,Start Time,Name (Original Name),User Email,Join Time,Leave Time,In Waiting Room\n"
    + "".join(
        f"{n // 3},03/22/2026 09:00:00 AM,P{n},p{n}@example.com,"
        "03/22/2026 09:00:00 AM,03/22/2026 09:30:00 AM,No\n"
        for n in range(6)
    )
).encode()


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Flip bytes, cut the end, delete or repeat stretches."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 200))
        kind = draw(st.sampled_from(["flip", "cut", "delete", "repeat", "insert", "digit"]))
        if kind == "flip" and data:
            data[place] = draw(st.integers(0, 255))
        elif kind == "digit" and data:
            data[place] = draw(st.sampled_from(b"0123456789;:,-"))
        elif kind == "cut":
            del data[place:]
        elif kind == "delete":
            del data[place : place + length]
        elif kind == "repeat":
            data[place:place] = data[place : place + length]
        else:
            data[place:place] = draw(st.binary(max_size=20))
    return bytes(data)


def read_through(connector: Connector, data: bytes) -> None:
    """Recognise and read, and check what must hold for every file whatsoever."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        source, ledger = Source(path), Ledger()
        rows: list[dict[str, Any]] = []
        try:
            connector.recognise(source)
            for batch in connector.read(source, ReadOptions(), ledger):
                rows += batch.to_pylist()
        except InputError:
            assert not rows
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    assert len({row["message"] for row in rows}) == ledger.kept
    assert all(row["sender"] < row["recipient"] for row in rows)
    assert all(row["recipients"] >= 1 and row["sent_at"] is not None for row in rows)
    assert all(row["hours"] is None or 0 <= row["hours"] <= 8 for row in rows)
    keys = [(row["message"], row["sender"], row["recipient"]) for row in rows]
    assert len(keys) == len(set(keys))


@quick
@given(damaged(ICS))
def test_a_damaged_calendar_is_read_or_refused(data: bytes) -> None:
    read_through(Ics(), data)


@quick
@given(damaged(GOOGLE))
def test_damaged_google_events_are_read_or_refused(data: bytes) -> None:
    read_through(GoogleEvents(), data)


@quick
@given(damaged(GRAPH))
def test_damaged_graph_events_are_read_or_refused(data: bytes) -> None:
    read_through(GraphEvents(), data)


@quick
@given(damaged(TEAMS))
def test_a_damaged_teams_report_is_read_or_refused(data: bytes) -> None:
    read_through(TeamsAttendance(), data)


@quick
@given(damaged(ZOOM))
def test_a_damaged_zoom_report_is_read_or_refused(data: bytes) -> None:
    read_through(ZoomAttendance(), data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
FIELDS = (
    *("start", "end", "recurrence", "attendees", "organizer", "status", "iCalUID", "iCalUId"),
    *("type", "sequence", "originalStartTime", "recurringEventId", "seriesMasterId", "sensitivity"),
)


@pytest.mark.parametrize("connector", [GoogleEvents(), GraphEvents()], ids=["google", "graph"])
@quick
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1), max_size=4))
def test_fields_of_any_type_are_read_or_taken_as_absent(
    connector: Connector, events: list[dict[str, Any]]
) -> None:
    read_through(connector, json.dumps({"items": events}).encode())


@quick
@given(st.binary(max_size=120))
def test_any_bytes_are_a_property_with_somebody_or_nobody(data: bytes) -> None:
    found = read_property(b"ATTENDEE;" + data)
    identity = identity_of(found)
    assert identity is None or (identity == identity.lower() and identity.split() == [identity])
    time = IcsTimes(None).read(found)
    assert time is None or time.moment.tzinfo is not None


@quick
@given(st.text(st.sampled_from('ab ;:"=,^n'), max_size=40))
def test_what_stands_in_quotes_never_hides_the_address(name: str) -> None:
    quoted = name.replace('"', "^'")
    line = f'ATTENDEE;CN="{quoted}";PARTSTAT=ACCEPTED:mailto:ben@example.com'
    found = read_property(line.encode())
    assert identity_of(found) == "ben@example.com"
    assert found.parameters["PARTSTAT"] == "ACCEPTED"
