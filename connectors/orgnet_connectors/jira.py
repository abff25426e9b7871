"""Jira issues: who handed work to whom, and who commented on whose issue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.jira_csv import find_jira_table
from orgnet_connectors.jira_issues import Issue, write_issue
from orgnet_connectors.jira_json import is_jira_json, read_issues
from orgnet_connectors.message_index import MessageIndex
from orgnet_connectors.work_records import WorkRecords

#: reason -> what was found, what to do
_EXAMPLES = {
    "duplicate": ("an issue that was there before", "none needed"),
    "no_addressee": ("an issue on which nobody addressed anybody else", "none needed"),
    "no_date": ("an issue without a date that can be read", "export with English month names"),
    "no_issue": (
        "a comment without its issue",
        "export issues with the field 'comment' in place of comments alone",
    ),
    "unreadable": ("a row or object that is damaged", "export again"),
}


class Jira:
    """Reads issues of Jira, Cloud or Server, in CSV or JSON.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "Issue key,Reporter,Assignee,Created" + chr(10) + "OPS-1,aya,ben,02/Mar/26 9:00 AM"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "jira.csv"
    ...     _ = path.write_text(text)
    ...     batches = list(Jira().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["kind"]) for row in batches[0].to_pylist()]
    [('jira:aya', 'jira:ben', 'handover')]
    """

    name: ClassVar[str] = "jira"
    title: ClassVar[str] = "Jira issues"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV of a Jira search, or JSON of its REST interface"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "summary",
        "description",
        "text of comments",
        "attachments",
        "custom fields",
        "watchers",
        "work logs",
        "labels and links",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file holds issues: by its headings and keys, or its names in JSON."""
        table = find_jira_table(source)
        if table is None:
            return is_jira_json(source)
        shown = [repr(table.header[table.at["key"][0]])]
        shown += [
            repr(table.header[table.at[name][0]])
            for name in ("reporter", "creator", "assignee")
            if name in table.at
        ]
        return f"issues of Jira: columns {', '.join(shown[:3])}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the handovers and replies of every issue; the ledger counts issues.

        Issues are skipped as ``duplicate``, ``no_addressee``, ``no_date``, ``no_issue`` and
        ``unreadable``.

        Raises
        ------
        UnknownFormatError
            If the file has no issues.
        UnreadableFileError
            If there is no issue below the headings.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        records = WorkRecords(ledger, source=self.name)
        met = MessageIndex()
        without_history = 0
        for place, issue in self._issues(source, options, ledger):
            reason = _refused(issue, met)
            without_history += issue is not None and bool(issue.key) and not issue.has_history
            if reason is None and issue is not None:
                if write_issue(issue, records):
                    ledger.keep()
                    yield from records.full()
                    continue
                reason = "no_addressee" if issue.created is not None else "no_date"
            found, remedy = _EXAMPLES[reason or "unreadable"]
            ledger.skip(reason or "unreadable", place=place, found=found, remedy=remedy)
        yield from records.flush()
        if not ledger.read:
            raise UnreadableFileError(
                "no issues in it", file=source.name, remedy="export the search again"
            )
        if without_history:
            ledger.ambiguous.append(
                f"{without_history:,} issues do not tell who had them in between: they are read "
                "as handed from the reporter to whoever has them now, at the time of their "
                "creation; JSON with 'expand=changelog' tells"
            )

    @staticmethod
    def _issues(
        source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[tuple[str, Issue | None]]:
        table = find_jira_table(source)
        if table is not None:
            table.note_columns(ledger)
            return table.issues(options, ledger)
        if is_jira_json(source) is None:
            raise UnknownFormatError(
                "no issues of Jira; expected a column 'Issue key', or JSON with 'issues'",
                file=source.name,
                remedy="export a search as CSV, or save the answer of /rest/api/2/search",
            )
        return read_issues(source, ledger)


def _refused(issue: Issue | None, met: MessageIndex) -> str | None:
    """Return why an issue is not looked at; None where it is."""
    if issue is None:
        return "unreadable"
    if not issue.key:
        return "no_issue"
    return None if met.add(issue.key, None) else "duplicate"
