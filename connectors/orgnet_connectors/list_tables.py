"""Which kind of list a file holds: ties from one person to another, or dated interactions.

Both have a column of senders and one of recipients. A list whose rows have a time is read as
interactions, unless it also states the strength of a tie; all others are edge lists. Deciding
this in one place keeps the two readers from claiming the same file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.delimited import BLANK, DELIMITERS, Table, find_bare_table, find_table
from orgnet_connectors.graph_sheets import graph_sheets
from orgnet_connectors.list_cells import is_missing, is_number
from orgnet_connectors.list_columns import COLUMNS, list_score
from orgnet_connectors.roster_columns import header_score
from orgnet_connectors.spreadsheet_rows import refuse_old_excel

ListKind = Literal["edges", "interactions"]

#: Columns that state how strong a tie is, which a single interaction cannot.
_STRENGTH = ("rating", "weight")
#: Seconds of the years 1973 to 2096: what a column of times holds in a list without headings.
_UNIX_SECONDS = re.compile(r"[1-3]?\d{9}(?:\.\d+)?")
_TOKEN = re.compile(r"[\w@.+\-:/#$]+")


class ListTable(Struct, frozen=True, kw_only=True):
    """A list that was found in a file.

    Parameters
    ----------
    table
        Its header and rows.
    columns
        Column to the positions of its headings, best heading first.
    kind
        Which reader it belongs to.
    """

    table: Table
    columns: dict[str, tuple[int, ...]]
    kind: ListKind

    def at(self, *columns: str) -> int | None:
        """Position of the first of these columns that is there."""
        return next((self.columns[column][0] for column in columns if column in self.columns), None)

    def heading(self, position: int) -> str:
        """Return the heading at a position, for messages."""
        return self.table.header[position]

    @property
    def source(self) -> int:
        """Position of the senders."""
        return self.columns["source"][0]

    @property
    def target(self) -> int:
        """Position of the recipients, one or several a cell."""
        return self.columns["target" if "target" in self.columns else "recipients"][0]

    def note_columns(self, ledger: Ledger, used: Mapping[str, int | None]) -> None:
        """Tell the ledger which headings were read as what, and which were not looked at."""
        taken = set()
        for column, position in used.items():
            if position is not None:
                ledger.columns[self.heading(position)] = column
                taken.add(position)
        ledger.dropped_unread.update(
            heading
            for position, heading in enumerate(self.table.header)
            if heading.strip() and position not in taken
        )


def find_list(source: Source) -> ListTable | None:
    """Find the list in a file, or None where it holds none; only the beginning is read.

    A roster is no list, though a row of it may look like the header of one, or two of its columns
    like ties. A workbook that cannot be opened holds none.
    """
    if graph_sheets(source) is not None:
        return None
    try:
        table = find_table(source, list_score, delimiters=(*DELIMITERS, BLANK))
        roster = find_table(source, header_score)
    except UnreadableFileError:
        return None
    if table is None and roster is None:
        table = find_bare_table(source, _bare_header)
    if table is None or (roster is not None and _goes_before(roster, table)):
        return None
    columns = COLUMNS.positions(table.header)
    return ListTable(table=table, columns=columns, kind=_kind(columns))


def require_list(source: Source) -> ListTable:
    """Find the list in a file that the user says is one.

    Raises
    ------
    UnknownFormatError
        If it has no columns of senders and recipients.
    """
    refuse_old_excel(source)
    found = find_list(source)
    if found is None:
        raise UnknownFormatError(
            "no column of senders and none of recipients",
            file=source.name,
            remedy="name two columns 'from' and 'to'",
        )
    return found


def _goes_before(roster: Table, table: Table) -> bool:
    """Say whether a file is the roster, not the list, that was found in it as well."""
    return roster.sheet != table.sheet or roster.header_row < table.header_row


def _kind(columns: dict[str, tuple[int, ...]]) -> ListKind:
    dated = "time" in columns and not any(column in columns for column in _STRENGTH)
    return "interactions" if dated else "edges"


def _bare_header(rows: Sequence[list[str]]) -> list[str] | None:
    """Name the columns of a list without headings: two ids, then numbers."""
    width = len(rows[0])
    rows = [row for row in rows if len(row) == width] if _nearly_all(rows, width) else []
    if not rows or not 2 <= width <= 4:
        return None
    ids = [cell.strip() for row in rows for cell in row[:2]]
    if not all(_TOKEN.fullmatch(cell) for cell in ids):
        return None
    numbered = all(cell.isdigit() for cell in ids)
    if not numbered and set(ids[0::2]).isdisjoint(ids[1::2]):
        # Two columns of words with nobody in both are a table of something else.
        return None
    if not rows[0][0].isdigit() and all(row[0].isdigit() for row in rows[1:]):
        # Words above numbers are headings, and none that we know.
        return None
    names = ["source", "target"]
    for position in range(2, width):
        cells = [row[position].strip() for row in rows if not is_missing(row[position])]
        if not cells or not all(map(is_number, cells)):
            return None
        names.append("time" if all(map(_UNIX_SECONDS.fullmatch, cells)) else "weight")
    return names if len(set(names)) == width else None


def _nearly_all(rows: Sequence[list[str]], width: int) -> bool:
    return sum(len(row) == width for row in rows) >= 0.9 * len(rows)
