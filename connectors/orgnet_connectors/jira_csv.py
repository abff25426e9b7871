"""Jira issues in CSV, where a heading is repeated for every comment of an issue."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from orgnet.errors import AmbiguousInputError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.delimited import DELIMITERS
from orgnet_connectors.headings import Aliases
from orgnet_connectors.jira_issues import Comment, Issue, jira_account
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines
from orgnet_connectors.work_records import Account

_COLUMNS = Aliases(
    {
        "key": ["issue key", "key", "vorgangsschlüssel", "clé de ticket", "clave de incidencia"],
        "assignee": ["assignee", "zugewiesene person", "responsable", "persona asignada"],
        "assignee id": ["assignee id"],
        "reporter": ["reporter", "autor", "rapporteur", "informador"],
        "reporter id": ["reporter id"],
        "creator": ["creator", "ersteller", "créateur", "creador"],
        "creator id": ["creator id"],
        "created": ["created", "erstellt", "création", "creada"],
        "comment": ["comment", "kommentar", "commentaire", "comentario"],
    }
)
_PEOPLE = ("reporter", "creator", "assignee")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+")
#: Rows that are looked at to tell whether keys are Jira's.
_KEYS_LOOKED_AT = 20


class JiraTable(Struct, frozen=True, kw_only=True):
    """A CSV of issues: its headings, what separates cells, and where the columns stand."""

    source: Source
    header: tuple[str, ...]
    delimiter: str
    at: dict[str, tuple[int, ...]]

    def note_columns(self, ledger: Ledger) -> None:
        """Tell the ledger which headings are read and which are not."""
        ours = {
            **{"key": "message", "created": "sent_at", "comment": "sender"},
            **{"reporter": "sender", "reporter id": "sender", "creator": "sender"},
            **{"creator id": "sender", "assignee": "recipient", "assignee id": "recipient"},
        }
        read = {place: ours[column] for column, places in self.at.items() for place in places}
        for place, heading in enumerate(self.header):
            if place in read:
                ledger.columns[heading] = read[place]
            elif heading.strip():
                ledger.dropped_unread.add(heading)

    def issues(self, options: ReadOptions, ledger: Ledger) -> Iterator[tuple[str, Issue | None]]:
        """Yield the place of every row and its issue, None for a row that is no CSV.

        Raises
        ------
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        """
        read_time = TimeReader(day_first=self._day_first(options), zone=zone_of(options.timezone))
        for number, cells in self._rows(ledger):
            issue = None if cells is None else self._issue(cells, read_time)
            # A line that is left over from a damaged row has no key.
            yield f"line {number}", issue if issue and _KEY.fullmatch(issue.key) else None
        if read_time.without_zone:
            ledger.ambiguous.append(
                f"times have no zone and are read as {options.timezone or 'UTC'}; they are in the "
                "zone of whoever exported (--tz)"
            )

    def _issue(self, cells: Sequence[str], read_time: TimeReader) -> Issue:
        people = {name: self._account(cells, name) for name in _PEOPLE}
        return Issue(
            key=self._cell(cells, "key").upper(),
            created=read_time(self._cell(cells, "created")),
            reporter=people["reporter"] or people["creator"],
            assignee=people["assignee"],
            first_assignee=people["assignee"],
            comments=list(self._comments(cells, read_time)),
        )

    def _account(self, cells: Sequence[str], column: str) -> Account | None:
        shown, id = self._cell(cells, column), self._cell(cells, f"{column} id")
        return jira_account(id or shown, name=shown if id else None)

    def _comments(self, cells: Sequence[str], read_time: TimeReader) -> Iterator[Comment]:
        for cell in self._cells(cells, "comment"):
            # The text, after the second semicolon, may hold more of them.
            date, _, rest = cell.partition(";")
            user, _, _ = rest.partition(";")
            author, sent_at = jira_account(user), read_time(date)
            if author is not None and sent_at is not None:
                yield Comment(author=author, sent_at=sent_at)

    def _cell(self, cells: Sequence[str], column: str) -> str:
        return next((cell for cell in self._cells(cells, column)), "").strip()

    def _cells(self, cells: Sequence[str], column: str) -> Iterator[str]:
        return (cells[place] for place in self.at.get(column, ()) if place < len(cells))

    def _rows(self, ledger: Ledger) -> Iterator[tuple[int, list[str] | None]]:
        """Yield the first line of every row and its cells; None where it is no CSV.

        Descriptions run over hundreds of lines, so that a long row is no sign of a lost quote.
        """
        reader = csv.reader(open_lines(self.source), delimiter=self.delimiter, strict=True)
        headed = False
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except DAMAGED as error:
                if not headed:
                    raise UnreadableFileError(
                        "the compressed file is damaged",
                        file=self.source.name,
                        remedy="copy or export it again",
                    ) from error
                ledger.truncated = "the compressed file ends early or is damaged"
                return
            except csv.Error as error:
                if "end of data" in str(error):
                    ledger.truncated = "the file ends within a quoted cell"
                yield number, None
                continue
            if not headed:
                headed = tuple(cells) == self.header
            elif any(cells):
                yield number, cells

    def _day_first(self, options: ReadOptions) -> bool | None:
        if options.day_first is not None:
            return options.day_first
        evidence = OrderEvidence()
        for _, cells in self._rows(Ledger()):
            if cells is not None:
                evidence.add(self._cell(cells, "created"))
                for cell in self._cells(cells, "comment"):
                    evidence.add(cell.partition(";")[0])
        if evidence.needed and evidence.day_first is None:
            raise AmbiguousInputError(
                "the dates of the issues do not show whether the day or the month stands first",
                file=self.source.name,
                remedy="say it with --day-first or --month-first",
            )
        return evidence.day_first


def find_jira_table(source: Source) -> JiraTable | None:
    """Find a CSV of issues, or None where it is none; only the beginning of the file is read."""
    if source.is_folder or source.is_zip:
        return None
    lines = preview_lines(source)
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for cells in reader:
                if cells and not (len(rows) == 0 and _is_statement(cells)):
                    rows.append(cells)
                if len(rows) > _KEYS_LOOKED_AT:
                    break
        except csv.Error:
            pass
        at = _COLUMNS.positions(rows[0]) if rows else {}
        if "key" in at and any(column in at for column in _PEOPLE) and _has_keys(rows, at):
            return JiraTable(source=source, header=tuple(rows[0]), delimiter=delimiter, at=at)
    return None


def _is_statement(cells: Sequence[str]) -> bool:
    """Recognise Excel's own first line, ``sep=;``, which states the delimiter."""
    return cells[0].lower().startswith("sep=")


def _has_keys(rows: Sequence[Sequence[str]], at: dict[str, tuple[int, ...]]) -> bool:
    place = at["key"][0]
    keys = [cells[place].strip() for cells in rows[1:] if place < len(cells)]
    return 2 * sum(_KEY.fullmatch(key) is not None for key in keys) >= len(keys)
