"""From a JSON file of events to meetings: what Google's and Microsoft's have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR, zone_of
from orgnet_connectors.json_objects import decoded_objects
from orgnet_connectors.meeting_calendar import CalendarMeetings, CalendarSurvey, Entry
from orgnet_connectors.meeting_zones import zone_named
from orgnet_connectors.text_lines import preview_lines

#: Fields of which every event has at least one.
_FIELDS = frozenset({"start", "iCalUID", "iCalUId", "originalStartTime"})


class EventReader(ABC):
    """Turns the events of one file into entries.

    Parameters
    ----------
    zone
        Of times that name none; None where the user has not said it.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        #: How many times were read as UTC because no zone of theirs is known.
        self.floating = 0

    @abstractmethod
    def entry(self, event: dict[str, Any]) -> Entry:
        """Return the entry of an event; fields of the wrong type are taken as absent."""

    def moment(self, text: object, zone_name: object = None) -> datetime | None:
        """Return the time of a text in ISO 8601, in the zone of that name where it is known.

        None where there is no time between 1980 and 2100.
        """
        zone = zone_named(text_of(zone_name)) if text_of(zone_name) else None
        try:
            moment = datetime.fromisoformat(text_of(text))
        except ValueError:
            return None
        if not FIRST_YEAR <= moment.year < LAST_YEAR:
            return None
        if moment.tzinfo is not None:
            return moment.astimezone(zone) if zone is not None else moment
        self.floating += zone is None and self._zone is None
        return moment.replace(tzinfo=zone or self._zone or UTC)


def read_event_file(
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    list_name: str,
    make_reader: Callable[[tzinfo | None], EventReader],
) -> Iterator[pa.RecordBatch]:
    """Yield the meetings of all events, series expanded, counting each in `ledger`.

    Parameters
    ----------
    source, options, ledger
        As for `orgnet.schema.Connector.read`.
    name
        Of the connector.
    list_name
        The field under which a page has its events.
    make_reader
        Makes the reader of events, given the zone of times without one.

    Raises
    ------
    UnreadableFileError
        If there is neither an event nor an empty list of events in the file.
    """
    zone = zone_of(options.timezone) if options.timezone else None
    survey = CalendarSurvey()
    reader = make_reader(zone)
    met = False
    for _, event in _events(source, list_name, Ledger()):
        if event is not None:
            met = met or not _FIELDS.isdisjoint(event)
            survey(reader.entry(event))
    if not met and f'"{list_name}"' not in "".join(preview_lines(source)):
        raise UnreadableFileError(
            f"no event in it; expected a list {list_name!r}",
            file=source.name,
            remedy="export the events again",
        )
    reader = make_reader(zone)
    meetings = CalendarMeetings(ledger, source=name, survey=survey)
    for place, event in _events(source, list_name, ledger):
        if event is None:
            meetings.unreadable(place, "an event that is no whole JSON object")
        else:
            yield from meetings.add(reader.entry(event), place=place)
    yield from meetings.finish()
    if reader.floating:
        ledger.ambiguous.append(
            f"{reader.floating:,} times without a known zone are read as UTC (--tz)"
        )


def _events(
    source: Source, list_name: str, ledger: Ledger
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    return decoded_objects([source], decoder, ledger, lists=[list_name])


def text_of(value: object) -> str:
    """Return a text, empty for anything else.

    Examples
    --------
    >>> text_of("a "), text_of(7)
    ('a', '')
    """
    return value.strip() if isinstance(value, str) else ""


def fields_of(value: object) -> dict[str, Any]:
    """Return an object, empty for anything else.

    Examples
    --------
    >>> fields_of({"a": 1}), fields_of([1])
    ({'a': 1}, {})
    """
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return a list, empty for anything else.

    Examples
    --------
    >>> list_of([1]), list_of("a")
    ([1], [])
    """
    return value if isinstance(value, list) else []
