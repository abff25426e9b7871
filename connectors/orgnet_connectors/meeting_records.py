"""From meetings to interactions: which meetings count, who took part, and one record a pair."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import InteractionWriter, Ledger, Profile
from orgnet_connectors.message_index import MessageIndex

#: A longer entry is a blocked day or a journey, not a meeting.
LONGEST_HOURS = 8.0
#: More people than this listen; the pairs among them would be thousands of records of no contact.
MOST_PEOPLE = 50

#: What somebody answered to an invitation.
Answer = Literal["accepted", "declined", "none"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ONE_HOUR_US = 3_600_000_000

#: reason -> what was found, what to do
_EXAMPLES = {
    "all_day": ("an entry of whole days", "none needed"),
    "broadcast": (f"a meeting of more than {MOST_PEOPLE} people", "none needed"),
    "cancelled": ("a meeting that was called off", "none needed"),
    "declined": ("a meeting that everybody but one person declined", "none needed"),
    "draft": ("an invitation that was never sent", "none needed"),
    "duplicate": ("a meeting that was met before", "none needed"),
    "free": ("an entry that leaves its time free", "none needed"),
    "list_cut": ("a list of guests that is cut short", "export it with all guests"),
    "no_answer": ("an invitation that nobody accepted", "none needed"),
    "no_attendees": ("fewer than two people with an address", "none needed"),
    "no_overlap": ("nobody was there at the same time as somebody else", "none needed"),
    "no_meeting": ("an entry of another kind: absence, focus time, a birthday", "none needed"),
    "no_date": ("no start between 1980 and 2100 that can be read", "none needed if this is rare"),
    "private": ("an entry marked as private", "none needed"),
    "too_long": (f"an entry of more than {LONGEST_HOURS:.0f} hours", "none needed"),
}


class Guest(Struct, frozen=True, kw_only=True):
    """Somebody or something that was invited, or is there.

    Parameters
    ----------
    identity
        Address in lower case; None where only a name or nothing is known: such guests count as
        people in the room, and have no records.
    answer
        Of the organiser ``accepted``, unless they declined.
    kind
        ``person``, ``room``, or ``shared`` for lists and groups, whose members are not known.
    name
        Display name, for the people sheet.
    """

    identity: str | None
    answer: Answer = "none"
    kind: str = "person"
    name: str | None = None


class Meeting(Struct, frozen=True, kw_only=True):
    """One meeting at one time, as a calendar states it.

    Parameters
    ----------
    key
        The same in every calendar that holds the meeting: see `meeting_key`.
    series
        The same for all meetings of a series.
    starts_at
        Microseconds since 1970 UTC; None where it cannot be read.
    hours
        Length; None where no end is stated.
    guests
        Organiser included.
    unnamed
        People who are known to come along, without a name.
    set_aside
        The reason for which the calendar itself says that this was no meeting, such as
        ``cancelled``.
    """

    key: str
    series: str
    starts_at: int | None
    hours: float | None
    guests: Sequence[Guest]
    unnamed: int = 0
    set_aside: str | None = None


class MeetingRecords:
    """Writes the meetings of one export and counts each of them once.

    Parameters
    ----------
    ledger
        Is told of every meeting, and of every guest that has a name or is not a person.
    source
        Name of the connector.
    all_come
        True where the export states no answers at all: then everybody invited takes part.

    Examples
    --------
    >>> ledger = Ledger()
    >>> records = MeetingRecords(ledger, source="ics")
    >>> both = [Guest(identity=who, answer="accepted") for who in ("b@x.example", "a@x.example")]
    >>> records.add(
    ...     Meeting(key="m", series="m", starts_at=1, hours=0.5, guests=both), place="event 1"
    ... )
    >>> [batch.column("sender").to_pylist() for batch in records.finish()], ledger.kept
    ([['a@x.example']], 1)
    """

    def __init__(self, ledger: Ledger, *, source: str, all_come: bool = False) -> None:
        self._ledger = ledger
        self._all_come = all_come
        self._writer = InteractionWriter(ledger, channel="meeting", source=source)
        self._index = MessageIndex()

    def reason(self, meeting: Meeting) -> str | None:
        """Return the reason why a meeting makes no records, None where it does."""
        if meeting.set_aside is not None:
            return meeting.set_aside
        if meeting.starts_at is None:
            return "no_date"
        if meeting.hours is not None and meeting.hours > LONGEST_HOURS:
            return "too_long"
        invited = [guest for guest in meeting.guests if guest.kind == "person"]
        if sum(guest.identity is not None for guest in invited) < 2:
            return "no_attendees"
        present = self._present(meeting)
        if sum(guest.identity is not None for guest in present) < 2:
            refused = any(guest.answer == "declined" for guest in invited)
            return "declined" if refused else "no_answer"
        if len(present) + meeting.unnamed > MOST_PEOPLE:
            return "broadcast"
        return None

    def add(self, meeting: Meeting, *, place: str) -> None:
        """Write a meeting or count why not; `place` is where it stands: ``event 12``."""
        reason = self.reason(meeting)
        if reason is not None or meeting.starts_at is None:
            self.skip(reason or "no_date", place)
            return
        present = self._present(meeting)
        people = sorted(guest.identity for guest in present if guest.identity is not None)
        others = len(present) + meeting.unnamed - 1
        pairs = ((one, other, meeting.hours) for one, other in combinations(people, 2))
        if self.add_pairs(
            pairs,
            starts_at=meeting.starts_at,
            others=others,
            key=meeting.key,
            series=meeting.series,
            place=place,
        ):
            self._note_profiles(meeting.guests)

    def add_pairs(
        self,
        pairs: Iterable[tuple[str, str, float | None]],
        *,
        starts_at: int,
        others: int,
        key: str,
        series: str,
        place: str,
    ) -> bool:
        """Write one meeting by its pairs; False, and counted, if it was met before.

        Parameters
        ----------
        pairs
            Two identities, the first of them the smaller text, and their hours together.
        others
            People in the meeting, less one.
        starts_at, key, series, place
            As in `Meeting` and `add`.
        """
        if not self._index.add(key, None):
            self.skip("duplicate", place)
            return False
        for one, other, hours in pairs:
            self._writer.add(
                starts_at, one, other, "attend", others, key, thread=series, hours=hours
            )
        self._ledger.keep()
        return True

    def skip(self, reason: str, place: str, count: int = 1) -> None:
        """Count a meeting that gives no records."""
        found, remedy = _EXAMPLES[reason]
        self._ledger.skip(reason, count, place=place, found=found, remedy=remedy)

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        yield from self._writer.full()

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Yield what is left."""
        yield from self._writer.flush()

    def _present(self, meeting: Meeting) -> list[Guest]:
        return [
            guest
            for guest in meeting.guests
            if guest.kind == "person"
            and (guest.answer == "accepted" or (self._all_come and guest.answer == "none"))
        ]

    def _note_profiles(self, guests: Sequence[Guest]) -> None:
        profiles = self._ledger.profiles
        for guest in guests:
            who = guest.identity
            if who is None:
                continue
            if guest.kind != "person":
                # That it is a room or a list outweighs an earlier name.
                profiles[who] = Profile(identity=who, emails=(who,), kind=guest.kind)
            elif guest.name and who not in profiles:
                profiles[who] = Profile(identity=who, emails=emails_of(who), name=guest.name)


#: Google's rooms, and its calendars that belong to nobody in particular.
_KIND_OF_DOMAIN = {
    "resource.calendar.google.com": "room",
    "group.calendar.google.com": "shared",
    "group.v.calendar.google.com": "shared",
}


def kind_of(address: str | None) -> str:
    """Return what an address stands for, as far as it shows.

    Examples
    --------
    >>> kind_of("c_1@resource.calendar.google.com"), kind_of("aya@example.com")
    ('room', 'person')
    """
    return _KIND_OF_DOMAIN.get((address or "").rpartition("@")[2], "person")


def emails_of(identity: str) -> tuple[str, ...]:
    """Return the addresses that an identity is: itself, or none.

    Examples
    --------
    >>> emails_of("aya@example.com"), emails_of("teams:Aya Ito")
    (('aya@example.com',), ())
    """
    return (identity,) if "@" in identity and not identity.startswith("/") else ()


def merged(guests: Iterable[Guest]) -> list[Guest]:
    """Return every guest once: the organiser is often an attendee, too.

    The first statement of who somebody is stands; of two answers a refusal, then an acceptance.

    Examples
    --------
    >>> organiser = Guest(identity="a@x.example", answer="accepted")
    >>> [g.answer for g in merged([organiser, Guest(identity="a@x.example", answer="declined")])]
    ['declined']
    """
    known: dict[str, Guest] = {}
    unknown = []
    for guest in guests:
        if guest.identity is None:
            unknown.append(guest)
            continue
        first = known.setdefault(guest.identity, guest)
        if first is guest:
            continue
        answers = (first.answer, guest.answer)
        answer: Answer = (
            "declined" if "declined" in answers else "accepted" if "accepted" in answers else "none"
        )
        kind = first.kind if first.kind != "person" else guest.kind
        known[guest.identity] = Guest(
            identity=guest.identity, answer=answer, kind=kind, name=first.name or guest.name
        )
    return [*known.values(), *unknown]


#: How Outlook's own ids begin; the date of the one occurrence stands in four bytes behind it.
_OUTLOOK_ID = re.compile(r"(040000008200E00074C5B7101A82E008)[0-9A-F]{8}([0-9A-F]*)", re.IGNORECASE)


def series_key(uid: str) -> str:
    """Return the id that all meetings of a series share, in every calendar.

    Examples
    --------
    >>> series_key("040000008200E00074C5B7101A82E00807EA0310AB")
    '040000008200E00074C5B7101A82E00800000000AB'
    >>> series_key(" ev1@example.com")
    'ev1@example.com'
    """
    uid = uid.strip()
    outlook = _OUTLOOK_ID.fullmatch(uid)
    return f"{outlook[1]}00000000{outlook[2]}".upper() if outlook else uid


def meeting_key(series: str, planned_at: int | None) -> str:
    """Return the key of one meeting: its series and the time for which it was first planned.

    Examples
    --------
    >>> meeting_key("ev1@example.com", 1_772_439_300_000_000)
    'meeting:ev1@example.com:1772439300'
    """
    return f"meeting:{series}:{'' if planned_at is None else planned_at // 1_000_000}"


def unnamed_key(*parts: object) -> str:
    """Return a key made of what is known of a meeting that has no id.

    Examples
    --------
    >>> unnamed_key(1_772_439_300_000_000, ["a@x.example"])
    '597ab3c662dbfd59'
    """
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:16]


def hours_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return how long a meeting took; None where an end is missing or comes first.

    Examples
    --------
    >>> hours_between(moment_of(0), moment_of(5_400_000_000)), hours_between(moment_of(0), None)
    (1.5, None)
    """
    if start is None or end is None:
        return None
    # In UTC: two local times are subtracted as clocks show them, summer time or not.
    length = microseconds(end) - microseconds(start)
    return length / _ONE_HOUR_US if length >= 0 else None


def microseconds(moment: datetime) -> int:
    """Return an aware time as microseconds since 1970 UTC.

    Examples
    --------
    >>> microseconds(datetime(2026, 3, 2, 8, 15, tzinfo=UTC))
    1772439300000000
    """
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds_utc: int) -> datetime:
    """Return the UTC time of microseconds since 1970.

    Examples
    --------
    >>> moment_of(1_772_439_300_000_000).isoformat()
    '2026-03-02T08:15:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=microseconds_utc)
