"""Who was in a meeting at the same time: from joins and leaves to one record a pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pyarrow as pa
from msgspec import Struct, field

from orgnet.schema import Ledger, Profile
from orgnet_connectors.meeting_records import (
    LONGEST_HOURS,
    MOST_PEOPLE,
    MeetingRecords,
    emails_of,
    unnamed_key,
)

_HOUR = 3_600_000_000

#: From when to when somebody was there, in microseconds since 1970 UTC.
Stay = tuple[int, int]


class Attendance(Struct):
    """One meeting and who was in it.

    Parameters
    ----------
    meeting_id
        The system's own id, empty where the report has none.
    starts_at, ends_at
        As the report states them, in microseconds since 1970 UTC; None where it does not.
    stays
        identity -> when they were there; several stays where they left and came back.
    names
        identity -> display name, for the people sheet.
    unnamed
        What tells those apart who have neither address nor account: they count as people in the
        room, and have no records.
    """

    meeting_id: str = ""
    starts_at: int | None = None
    ends_at: int | None = None
    stays: dict[str, list[Stay]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)

    def add(self, identity: str | None, name: str, stay: Stay | None) -> None:
        """Note that somebody was there; without a stay for the whole meeting, if it has an end."""
        if identity is None:
            self.unnamed.add(name)
            return
        if name and "@" not in name:
            self.names.setdefault(identity, name)
        stays = self.stays.setdefault(identity, [])
        if stay is not None and stay[1] >= stay[0]:
            stays.append(stay)


class AttendanceRecords:
    """Writes the meetings of attendance reports and counts each of them once.

    Two people have a record if they were in the meeting at the same time; its hours are those
    that they shared.

    Examples
    --------
    >>> ledger = Ledger()
    >>> records = AttendanceRecords(ledger, source="teams_attendance")
    >>> meeting = Attendance()
    >>> meeting.add("a@x.example", "", (0, 3_600_000_000))
    >>> meeting.add("b@x.example", "", (1_800_000_000, 5_400_000_000))
    >>> records.add(meeting, place="the report")
    >>> [batch.column("hours").to_pylist() for batch in records.finish()]
    [[0.5]]
    """

    def __init__(self, ledger: Ledger, *, source: str) -> None:
        self._ledger = ledger
        self._source = source
        self._records = MeetingRecords(ledger, source=source)

    def add(self, meeting: Attendance, *, place: str) -> None:
        """Write one meeting, or count why not."""
        stays = _joined(meeting)
        begins = [first[0] for first, *_ in stays.values()]
        if meeting.starts_at is not None:
            begins.append(meeting.starts_at)
        if len(meeting.stays) < 2:
            self._records.skip("no_attendees", place)
            return
        if not begins:
            self._records.skip("no_date", place)
            return
        ends = [last[1] for *_, last in stays.values()]
        if len(meeting.stays) + len(meeting.unnamed) > MOST_PEOPLE:
            self._records.skip("broadcast", place)
            return
        starts_at = min(begins)
        if ends and max(ends) - starts_at > LONGEST_HOURS * _HOUR:
            self._records.skip("too_long", place)
            return
        pairs = _pairs(stays)
        if not pairs:
            self._records.skip("no_overlap", place)
            return
        key = f"{self._source}:" + (
            f"{meeting.meeting_id}:{(meeting.starts_at or starts_at) // 1_000_000}"
            if meeting.meeting_id
            else unnamed_key(starts_at, sorted(meeting.stays))
        )
        if self._records.add_pairs(
            pairs,
            starts_at=starts_at,
            others=len(meeting.stays) + len(meeting.unnamed) - 1,
            key=key,
            series=f"{self._source}:{meeting.meeting_id}" if meeting.meeting_id else key,
            place=place,
        ):
            for identity, name in meeting.names.items():
                self._ledger.profile(
                    Profile(identity=identity, emails=emails_of(identity), name=name)
                )

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        yield from self._records.full()

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Yield what is left."""
        yield from self._records.finish()


def _joined(meeting: Attendance) -> dict[str, list[Stay]]:
    """Return everybody's stays in order, those that touch as one."""
    joined: dict[str, list[Stay]] = {}
    for identity, stays in meeting.stays.items():
        whole: list[Stay] = []
        if not stays and meeting.starts_at is not None and meeting.ends_at is not None:
            stays = [(meeting.starts_at, max(meeting.starts_at, meeting.ends_at))]
        for begin, end in sorted(stays):
            if whole and begin <= whole[-1][1]:
                whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
            else:
                whole.append((begin, end))
        if whole:
            joined[identity] = whole
    return joined


def _pairs(stays: dict[str, list[Stay]]) -> list[tuple[str, str, float | None]]:
    found: list[tuple[str, str, float | None]] = []
    for one, other in combinations(sorted(stays), 2):
        shared = _shared(stays[one], stays[other])
        if shared is not None:
            found.append((one, other, shared / _HOUR))
    return found


def _shared(one: Sequence[Stay], other: Sequence[Stay]) -> int | None:
    """Return the time that two people were there together, None where they did not meet.

    Reports in whole minutes have stays of no length; they count if they lie within another's.
    """
    overlaps = []
    for begin, end in one:
        for other_begin, other_end in other:
            shared = min(end, other_end) - max(begin, other_begin)
            no_length = begin == end or other_begin == other_end
            if shared > 0 or (shared == 0 and no_length):
                overlaps.append(shared)
    return sum(overlaps) if overlaps else None
