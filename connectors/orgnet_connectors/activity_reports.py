"""Reports of how much somebody did: recognised, and refused because they name no pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import find_table
from orgnet_connectors.headings import heading_key
from orgnet_connectors.roster_columns import header_score


class _Report(Struct, frozen=True, kw_only=True):
    """One kind of report: what it is, why it will not do, and what to export instead."""

    what: str
    why_not: str
    instead: str


_USAGE = _Report(
    what="a usage report of Microsoft 365, with 'Report Refresh Date'",
    why_not="a usage report counts what each person did, and not with whom",
    instead="export the Teams messages themselves (getAllMessages of Microsoft Graph), a message "
    "trace, or a person-to-person query of Viva Insights",
)
_MEETINGS = _Report(
    what="a meeting query of Viva Insights, with 'MeetingId'",
    why_not="a meeting query names who invited and not who was there",
    instead="export calendars (ICS, or events of Microsoft Graph), or a person-to-person query",
)
_PERSONS = _Report(
    what="a person query of Viva Insights, with 'PersonId' and metrics",
    why_not="a person query sums up each person's time, and not with whom it was spent",
    instead="export a person-to-person query; to use this one as the roster, add the attribute "
    "'Organization' to it and give it with --people",
)

#: Of a meeting query there is one of these besides the meeting's id.
_MEETING_METRICS = frozenset(
    ("attendeemeetinghours", "numberofattendees", "intendedparticipantcount", "attendeecount")
)
#: Of a person query there is one of these besides the person's id, if it is an old one.
_PERSON_METRICS = frozenset(
    (
        *("collaborationhours", "emailhours", "meetinghours", "emailssent", "workweekspan"),
        *("internalnetworksize", "afterhourscollaborationhours", "instantmessagessent"),
    )
)


class ActivityReports:
    """Says of reports about single people what to export in their place."""

    name: ClassVar[str] = "activity_report"
    title: ClassVar[str] = "Activity report"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "nothing of it: says what to export instead of a usage report"
    dropped_unread: ClassVar[tuple[str, ...]] = ("everything",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a report about single people: by headings that only it has.

        A person query that has an organisation in it is a roster, and left to that reader.
        """
        report = _find(source)
        return None if report is None else report.what

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Refuse the file.

        Raises
        ------
        InputError
            Always, with what to export instead.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        report = _find(source)
        if report is None:
            raise InputError(
                "this is no report about single people", file=source.name, remedy="leave it out"
            )
        raise InputError(
            f"no pairs of people in it: {report.why_not}", file=source.name, remedy=report.instead
        )


def _find(source: Source) -> _Report | None:
    try:
        table = find_table(source, _score)
    except UnreadableFileError:
        return None
    return None if table is None else _report(table.header)


def _score(header: Sequence[str]) -> int:
    return len(header) if _report(header) is not None else 0


def _report(header: Sequence[str]) -> _Report | None:
    keys = {heading_key(heading) for heading in header}
    if "reportrefreshdate" in keys:
        return _USAGE
    if "meetingid" in keys and _MEETING_METRICS & keys:
        return _MEETINGS
    dated = "metricdate" in keys or ("date" in keys and bool(_PERSON_METRICS & keys))
    if "personid" in keys and dated and not header_score(header):
        return _PERSONS
    return None
