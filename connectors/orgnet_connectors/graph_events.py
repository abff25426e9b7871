"""Events of Outlook and Exchange as Microsoft Graph states them in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
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
from orgnet_connectors.meeting_zones import zone_named

_MARKS = ("iCalUId", "isAllDay", "isOrganizer")
_ANSWERS: dict[str, Answer] = {
    "accepted": "accepted",
    "tentativelyaccepted": "accepted",
    "organizer": "accepted",
    "declined": "declined",
}
_PRIVATE = frozenset({"private", "confidential", "personal"})
_FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "absolutemonthly": "MONTHLY",
    "relativemonthly": "MONTHLY",
    "absoluteyearly": "YEARLY",
    "relativeyearly": "YEARLY",
}
_POSITIONS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


class GraphEvents:
    """Reads who met whom and when out of events; titles, texts and links are not looked at."""

    name: ClassVar[str] = "graph_events"
    title: ClassVar[str] = "Microsoft 365 calendar events"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON of Microsoft Graph's events or calendarView, one page or many"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "subject",
        "body",
        "bodyPreview",
        "location",
        "locations",
        "onlineMeeting",
        "webLink",
        "categories",
        "all other fields",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file holds such events: by the names of their fields."""
        names = {name.rpartition(".")[2] for name in json_names(source)}
        found = [mark for mark in _MARKS if mark in names]
        if not found or not names >= {"start", "emailAddress"}:
            return None
        return f"JSON events with emailAddress and {' and '.join(found)}"

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
            list_name="value",
            make_reader=_EventReader,
        )


class _EventReader(EventReader):
    """Turns Graph's events into entries."""

    def entry(self, event: dict[str, Any]) -> Entry:
        """Return the entry of an event."""
        start, end = self._of(event.get("start")), self._of(event.get("end"))
        starts_at = microseconds(start) if start else None
        planned_at = self._planned_at(event, starts_at)
        guests = _guests(event)
        series = _series(event) or unnamed_key(
            starts_at, sorted(guest.identity or "" for guest in guests)
        )
        return Entry(
            meeting=Meeting(
                key=meeting_key(series, starts_at if planned_at is None else planned_at),
                series=series,
                starts_at=starts_at,
                hours=hours_between(start, end),
                guests=guests,
                set_aside=_set_aside(event),
            ),
            start=_in_own_zone(start, event),
            rules=_rules(event),
            planned_at=planned_at,
            made_at=self._made_at(event),
            states_answers=any(_answer(stated) != "none" for stated in _attendees(event)),
        )

    def _of(self, stated: object) -> datetime | None:
        fields = fields_of(stated)
        return self.moment(fields.get("dateTime"), fields.get("timeZone"))

    def _planned_at(self, event: dict[str, Any], starts_at: int | None) -> int | None:
        """Return for which time one meeting of a series was planned; None for other events."""
        kind = text_of(event.get("type")).lower()
        if kind not in ("occurrence", "exception") and not event.get("seriesMasterId"):
            return None
        planned = self.moment(event.get("originalStart"), "UTC")
        return microseconds(planned) if planned is not None else starts_at

    def _made_at(self, event: dict[str, Any]) -> int | None:
        names = ("createdDateTime", "lastModifiedDateTime")
        moments = [self.moment(event.get(name), "UTC") for name in names]
        return max((microseconds(moment) for moment in moments if moment), default=None)


def _series(event: dict[str, Any]) -> str:
    """Return what all meetings of a series share, in every mailbox if it can be had."""
    for name in ("uid", "iCalUId", "iCalUID", "seriesMasterId", "id"):
        if uid := text_of(event.get(name)):
            return series_key(uid)
    return ""


def _set_aside(event: dict[str, Any]) -> str | None:
    if event.get("isCancelled") is True:
        return "cancelled"
    if event.get("isDraft") is True:
        return "draft"
    if text_of(event.get("sensitivity")).lower() in _PRIVATE:
        return "private"
    if event.get("isAllDay") is True:
        return "all_day"
    return "free" if text_of(event.get("showAs")).lower() == "free" else None


def _attendees(event: dict[str, Any]) -> list[dict[str, Any]]:
    return [fields_of(attendee) for attendee in list_of(event.get("attendees"))]


def _answer(attendee: dict[str, Any]) -> Answer:
    stated = text_of(fields_of(attendee.get("status")).get("response")).lower()
    return _ANSWERS.get(stated, "none")


def _guests(event: dict[str, Any]) -> list[Guest]:
    found = []
    organiser = fields_of(event.get("organizer"))
    if organiser:
        found.append(_guest(organiser, "accepted"))
    for attendee in _attendees(event):
        is_room = text_of(attendee.get("type")).lower() == "resource"
        found.append(_guest(attendee, _answer(attendee), is_room=is_room))
    return merged(found)


def _guest(stated: dict[str, Any], answer: Answer, *, is_room: bool = False) -> Guest:
    fields = fields_of(stated.get("emailAddress"))
    address, name = text_of(fields.get("address")).lower(), text_of(fields.get("name"))
    known = "@" in address or address.startswith("/o=")
    return Guest(
        identity=address if known else None,
        answer=answer,
        kind="room" if is_room else kind_of(address),
        name=name if name and "@" not in name else None,
    )


def _in_own_zone(start: datetime | None, event: dict[str, Any]) -> datetime | None:
    """Return the start of a series on the clock that it keeps through summer time."""
    limits = fields_of(fields_of(event.get("recurrence")).get("range"))
    names = (limits.get("recurrenceTimeZone"), event.get("originalStartTimeZone"))
    zones = [zone for name in names if text_of(name) and (zone := zone_named(text_of(name)))]
    return start.astimezone(zones[0]) if start is not None and zones else start


def _rules(event: dict[str, Any]) -> list[str]:
    """Return the rule of a series as iCalendar would write it."""
    recurrence = fields_of(event.get("recurrence"))
    pattern, limits = fields_of(recurrence.get("pattern")), fields_of(recurrence.get("range"))
    if not pattern:
        return []
    kind = text_of(pattern.get("type")).lower()
    parts = [f"FREQ={_FREQUENCIES.get(kind, '?')}", f"INTERVAL={_whole(pattern, 'interval') or 1}"]
    if days := [text_of(day)[:2].upper() for day in list_of(pattern.get("daysOfWeek"))]:
        parts.append(f"BYDAY={','.join(days)}")
    if week_start := text_of(pattern.get("firstDayOfWeek"))[:2].upper():
        parts.append(f"WKST={week_start}")
    if kind.startswith("relative"):
        parts.append(f"BYSETPOS={_POSITIONS.get(text_of(pattern.get('index')).lower(), 1)}")
    if kind.startswith("absolute") and (day := _whole(pattern, "dayOfMonth")):
        parts.append(f"BYMONTHDAY={day}")
    if kind.endswith("yearly") and (month := _whole(pattern, "month")):
        parts.append(f"BYMONTH={month}")
    kind_of_range = text_of(limits.get("type")).lower()
    if kind_of_range == "numbered":
        parts.append(f"COUNT={_whole(limits, 'numberOfOccurrences') or 1}")
    elif kind_of_range == "enddate":
        parts.append(f"UNTIL={text_of(limits.get('endDate'))}")
    return [";".join(parts)]


def _whole(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) and value > 0 else 0
