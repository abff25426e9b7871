"""Events of Google Calendar as its API states them in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.ics_lines import read_property
from orgnet_connectors.ics_times import IcsTimes
from orgnet_connectors.json_objects import json_names
from orgnet_connectors.meeting_calendar import Entry
from orgnet_connectors.meeting_event_files import (
    EventReader,
    fields_of,
    list_of,
    read_event_file,
    text_of,
)
from orgnet_connectors.meeting_records import (
    Answer,
    Guest,
    Meeting,
    hours_between,
    kind_of,
    meeting_key,
    merged,
    microseconds,
    series_key,
    unnamed_key,
)

_MARKS = (".iCalUID", ".attendees.responseStatus")
#: Other kinds of event are notes of somebody to themselves: focus time, absence, birthdays.
_MEETINGS = frozenset({"", "default", "fromGmail"})
_ANSWERS: dict[str, Answer] = {
    "accepted": "accepted",
    "tentative": "accepted",
    "declined": "declined",
}


class GoogleEvents:
    """Reads who met whom and when out of events; titles, texts and links are not looked at."""

    name: ClassVar[str] = "google_events"
    title: ClassVar[str] = "Google Calendar events"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON of the Google Calendar API's events, one page or many"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "summary",
        "description",
        "location",
        "hangoutLink",
        "conferenceData",
        "attachments",
        "extendedProperties",
        "all other fields",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file holds such events: by the names of their fields."""
        names = json_names(source)
        last = {name.rpartition(".")[2] for name in names}
        found = [mark for mark in _MARKS if any(f".{name}".endswith(mark) for name in names)]
        if "start" not in last or not found:
            return None
        return f"JSON events with {' and '.join(mark[1:] for mark in found)}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the meetings of all events, series expanded, counting each in `ledger`.

        Raises
        ------
        UnreadableFileError
            If there is neither an event nor an empty list of events in it.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        yield from read_event_file(
            source,
            options,
            ledger,
            name=self.name,
            list_name="items",
            make_reader=_EventReader,
        )


class _EventReader(EventReader):
    """Turns Google's events into entries."""

    def entry(self, event: dict[str, Any]) -> Entry:
        """Return the entry of an event."""
        start = self._of(event.get("start"))
        end = self._of(event.get("end"))
        planned = self._of(event.get("originalStartTime"))
        starts_at = microseconds(start) if start else None
        planned_at = microseconds(planned) if planned else None
        guests = _guests(event)
        uid = text_of(event.get("iCalUID")) or text_of(event.get("recurringEventId"))
        series = (
            series_key(uid)
            or text_of(event.get("id"))
            or unnamed_key(starts_at, sorted(guest.identity or "" for guest in guests))
        )
        rules = _Rules(event, start.tzinfo if start else None)
        return Entry(
            meeting=Meeting(
                key=meeting_key(series, starts_at if planned_at is None else planned_at),
                series=series,
                starts_at=starts_at,
                hours=hours_between(start, end),
                guests=guests,
                unnamed=_companions(event),
                set_aside=_set_aside(event),
            ),
            start=start,
            rules=rules.rules,
            added=rules.added,
            dropped=rules.dropped,
            dropped_days=rules.dropped_days,
            planned_at=planned_at,
            sequence=_number(event.get("sequence")),
            made_at=self._made_at(event),
            states_answers=any(
                text_of(fields_of(a).get("responseStatus")) in _ANSWERS
                for a in list_of(event.get("attendees"))
            ),
        )

    def _of(self, stated: object) -> datetime | None:
        """Return a time, in the zone of its own; None for a day without a time."""
        fields = fields_of(stated)
        return self.moment(fields.get("dateTime"), fields.get("timeZone"))

    def _made_at(self, event: dict[str, Any]) -> int | None:
        moments = [self.moment(event.get(name)) for name in ("created", "updated")]
        return max((microseconds(moment) for moment in moments if moment), default=None)


class _Rules:
    """What ``recurrence`` says: lines as in an iCalendar file."""

    def __init__(self, event: dict[str, Any], zone: tzinfo | None) -> None:
        times = IcsTimes(zone)
        self.rules: list[str] = []
        self.added: list[int] = []
        self.dropped: list[int] = []
        self.dropped_days: list[date] = []
        for line in list_of(event.get("recurrence")):
            found = read_property(text_of(line).encode("utf-8", "replace"))
            if found.name == "RRULE":
                self.rules.append(found.value)
            elif found.name == "RDATE":
                self.added += [microseconds(time.moment) for time in times.read_all(found)]
            elif found.name == "EXDATE":
                for time in times.read_all(found):
                    if time.whole_day:
                        self.dropped_days.append(time.moment.date())
                    else:
                        self.dropped.append(microseconds(time.moment))


def _set_aside(event: dict[str, Any]) -> str | None:
    if event.get("status") == "cancelled":
        return "cancelled"
    if event.get("visibility") in ("private", "confidential"):
        return "private"
    if fields_of(event.get("start")).get("date"):
        return "all_day"
    if event.get("attendeesOmitted") is True:
        return "list_cut"
    if text_of(event.get("eventType")) not in _MEETINGS:
        return "no_meeting"
    return "free" if event.get("transparency") == "transparent" else None


def _guests(event: dict[str, Any]) -> list[Guest]:
    found = []
    organiser = fields_of(event.get("organizer"))
    if organiser:
        found.append(_guest(organiser, "accepted"))
    for attendee in map(fields_of, list_of(event.get("attendees"))):
        answer = _ANSWERS.get(text_of(attendee.get("responseStatus")), "none")
        found.append(_guest(attendee, answer))
    return merged(found)


def _guest(stated: dict[str, Any], answer: Answer) -> Guest:
    address = text_of(stated.get("email")).lower()
    name = text_of(stated.get("displayName"))
    return Guest(
        identity=address if "@" in address else None,
        answer=answer,
        kind="room" if stated.get("resource") is True else kind_of(address),
        name=name if name and "@" not in name else None,
    )


def _companions(event: dict[str, Any]) -> int:
    return sum(
        _number(fields_of(attendee).get("additionalGuests"))
        for attendee in list_of(event.get("attendees"))
        if _ANSWERS.get(text_of(fields_of(attendee).get("responseStatus"))) == "accepted"
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1000 else 0
