"""The entries of a calendar, single or recurring, as meetings that took place.

An export is gone through twice: `CalendarSurvey` learns from all entries what the single ones
cannot know (does the export state answers, which meetings of a series were moved, where does it
end), and `CalendarMeetings` then writes them. What is held of an entry is a number or two.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from orgnet.schema import Ledger
from orgnet_connectors.meeting_records import (
    Meeting,
    MeetingRecords,
    meeting_key,
    microseconds,
    moment_of,
)
from orgnet_connectors.meeting_rules import BadRuleError, Rule, read_rule, starts

#: Series are followed from so long before the last dated entry.
LOOK_BACK = timedelta(days=2 * 365)
#: A series that states its end is followed to it, if it is no further beyond the last dated entry.
LOOK_AHEAD = timedelta(days=365)
#: Entries so long after the file was made are typing errors or birthdays to come.
_FURTHEST_PLAN = timedelta(days=365)


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a calendar: a meeting, a series, or a change to one meeting of a series.

    Parameters
    ----------
    meeting
        The entry itself; of a series the first meeting. Its key is that of the time it was
        planned for.
    start
        The same start in the zone in which a series keeps its clock; None where it is not known.
    rules
        ``RRULE`` values of a series, as they stand.
    added, dropped
        Starts of further and of deleted meetings, microseconds since 1970 UTC.
    dropped_days
        Days without a time on which the series has no meeting.
    planned_at
        In a change: the time for which the meeting was planned first.
    and_later
        The change is one of all later meetings, too.
    sequence
        Number of the version; of two versions the larger counts.
    made_at
        Latest time at which the entry was written, changed or exported.
    states_answers
        Somebody's answer is stated.
    """

    meeting: Meeting
    start: datetime | None
    rules: Sequence[str] = ()
    added: Sequence[int] = ()
    dropped: Sequence[int] = ()
    dropped_days: Sequence[date] = ()
    planned_at: int | None = None
    and_later: bool = False
    sequence: int = 0
    made_at: int | None = None
    states_answers: bool = False

    @property
    def recurs(self) -> bool:
        """True where the entry stands for several meetings."""
        return bool(self.rules or self.added) and self.planned_at is None

    @property
    def version_of(self) -> int:
        """Number that all versions of this entry share."""
        return hash((self.meeting.series, self.planned_at))


class CalendarSurvey:
    """What all entries of an export together say; call it with each of them."""

    def __init__(self) -> None:
        self.states_answers = False
        self._made_at: int | None = None
        self._starts = array("q")
        self._changes: dict[int, array[int]] = {}
        self._and_later: dict[int, list[Entry]] = {}
        self._newest: dict[int, int] = {}

    def __call__(self, entry: Entry) -> None:
        """Look at one entry."""
        self.states_answers |= entry.states_answers
        if entry.made_at is not None:
            self._made_at = max(self._made_at or entry.made_at, entry.made_at)
        starts_at = entry.meeting.starts_at
        if starts_at is not None:
            self._starts.append(starts_at)
        if entry.planned_at is not None:
            series = hash(entry.meeting.series)
            self._changes.setdefault(series, array("q")).append(entry.planned_at)
            if entry.and_later:
                self._and_later.setdefault(series, []).append(entry)
        if entry.sequence > 0:
            version = entry.version_of
            self._newest[version] = max(entry.sequence, self._newest.get(version, 0))

    def last(self) -> int | None:
        """Return the latest time in the export, plans for more than a year ahead left out."""
        limit = None
        if self._made_at is not None:
            limit = self._made_at + _FURTHEST_PLAN // timedelta(microseconds=1)
        last = max((s for s in self._starts if limit is None or s <= limit), default=None)
        return max((t for t in (last, self._made_at) if t is not None), default=None)

    def superseded(self, entry: Entry) -> bool:
        """Say whether a later version of the entry is in the export."""
        return entry.sequence < self._newest.get(entry.version_of, 0)

    def changed(self, series: str) -> frozenset[int]:
        """Return the times for which changed meetings of a series were planned first."""
        return frozenset(self._changes.get(hash(series), ()))

    def later_changes(self, series: str) -> list[Entry]:
        """Return the changes that hold for later meetings, too, in order of time."""
        found = self._and_later.get(hash(series), [])
        return sorted(found, key=lambda entry: entry.planned_at or 0)


class CalendarMeetings:
    """Writes the entries of an export, series expanded, after the survey of all of them.

    Parameters
    ----------
    ledger
        Is told of every meeting. A series that is left out as a whole counts once.
    source
        Name of the connector.
    survey
        Has seen every entry.
    """

    def __init__(self, ledger: Ledger, *, source: str, survey: CalendarSurvey) -> None:
        self._ledger = ledger
        self._survey = survey
        self._all_come = not survey.states_answers
        self._records = MeetingRecords(ledger, source=source, all_come=self._all_come)
        last = survey.last()
        self._last = None if last is None else moment_of(last)
        self._endless = 0
        self._begun_before = 0

    def add(self, entry: Entry, *, place: str) -> Iterator[pa.RecordBatch]:
        """Write the meetings of one entry, and yield a batch whenever one is full."""
        if self._survey.superseded(entry):
            self._records.skip("duplicate", place)
        elif not entry.recurs or entry.start is None or self._records.reason(entry.meeting):
            self._records.add(entry.meeting, place=place)
        else:
            for meeting in self._expanded(entry, place):
                self._records.add(meeting, place=place)
                yield from self._records.full()
        yield from self._records.full()

    def unreadable(self, place: str, found: str) -> None:
        """Count an entry that is none."""
        self._ledger.skip(
            "unreadable", place=place, found=found, remedy="export the calendar again"
        )

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Yield what is left, and note what had to be assumed."""
        notes = self._ledger.ambiguous
        if self._all_come and self._ledger.kept:
            notes.append(
                "no answers to invitations are stated; everybody who was invited is counted"
            )
        if self._last is not None and self._endless:
            notes.append(
                f"{self._endless:,} series without an end are followed to the last date in the "
                f"file, {self._last:%Y-%m-%d}"
            )
        if self._last is not None and self._begun_before:
            notes.append(
                f"of {self._begun_before:,} series the meetings before "
                f"{self._last - LOOK_BACK:%Y-%m-%d} are left out"
            )
        yield from self._records.finish()

    def _expanded(self, entry: Entry, place: str) -> Iterator[Meeting]:
        first = entry.start
        if first is None or self._last is None:
            return
        begin = self._last - LOOK_BACK
        if first < begin:
            self._begun_before += 1
        series = entry.meeting.series
        left_out = self._survey.changed(series).union(entry.dropped)
        later = self._survey.later_changes(series)
        days = frozenset(entry.dropped_days)
        for start in self._starts(entry, first, place):
            planned = microseconds(start)
            if planned in left_out or start.date() in days or start < begin:
                continue
            yield _occurrence(entry, later, planned)

    def _starts(self, entry: Entry, first: datetime, place: str) -> list[datetime]:
        """Return the starts of a series by all of its rules, each once, in order."""
        if self._last is None or first.tzinfo is None:
            return [first]
        found = {microseconds(first): first}
        for rule in self._rules(entry, first, place):
            bounded = rule.count is not None or rule.until is not None
            self._endless += not bounded
            last = self._last + (LOOK_AHEAD if bounded else timedelta(0))
            found.update((microseconds(start), start) for start in starts(rule, first, last))
        for added in entry.added:
            found.setdefault(added, moment_of(added).astimezone(first.tzinfo))
        return [found[start] for start in sorted(found)]

    def _rules(self, entry: Entry, first: datetime, place: str) -> list[Rule]:
        rules = []
        for text in dict.fromkeys(entry.rules):
            try:
                rules.append(read_rule(text, first.tzinfo or UTC))
            except BadRuleError as error:
                self._ledger.note(
                    "bad_rule",
                    place=place,
                    found=f"a series whose rule cannot be followed ({error}); its first meeting "
                    "is read",
                    remedy="none needed if this is rare",
                )
        return rules


def _occurrence(entry: Entry, later: Sequence[Entry], planned_at: int) -> Meeting:
    """Return one meeting of a series, as the last change before it says."""
    meeting, starts_at = entry.meeting, planned_at
    for change in later:
        if change.planned_at is None or change.planned_at > planned_at:
            break
        meeting = change.meeting
        if meeting.starts_at is not None:
            starts_at = planned_at + meeting.starts_at - change.planned_at
    return replace(meeting, key=meeting_key(entry.meeting.series, planned_at), starts_at=starts_at)
