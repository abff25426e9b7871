"""The cells of a survey export: CSV or TSV, a workbook, or a zip that holds one of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.delimited import DELIMITERS, records
from orgnet_connectors.export_files import open_export
from orgnet_connectors.spreadsheet_rows import (
    is_workbook,
    refuse_old_excel,
    sheet_names,
    sheet_rows,
)
from orgnet_connectors.text_lines import DAMAGED, encoding_of, open_lines, preview_lines

#: Rows that are looked at to tell what a file is.
HEAD_ROWS = 60

#: A survey in a zip is held in memory; none is larger than this.
LARGEST_MEMBER = 64 << 20

#: Files of a zip that are tried, so that a large archive of something else is left soon.
_MEMBERS_TRIED = 8

Row = tuple[int, list[str] | None]


class Sheet(Struct, frozen=True, kw_only=True):
    """One table of cells in a source, headings included.

    Parameters
    ----------
    source
        The file.
    head
        The first rows with their numbers, for recognition.
    delimiter
        What separates cells; None in a workbook.
    name
        Name of the sheet in a workbook.
    member
        Name of the file inside a zip.
    """

    source: Source
    head: tuple[tuple[int, list[str]], ...]
    delimiter: str | None = None
    name: str | None = None
    member: str | None = None

    def place(self, row: int) -> str:
        """Say where a row stands, for messages."""
        return f"line {row}" if self.name is None else f"sheet {self.name!r}, row {row}"

    def rows(
        self, headings: int, width: int, ledger: Ledger | None = None
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of every row below the headings, as many as `width`.

        Parameters
        ----------
        headings
            How many records stand above the first answer.
        width
            Cells a row; short rows are filled up.
        ledger
            Counts what is skipped: ``ragged`` rows with more cells than headings, ``empty``
            ones, ``unreadable`` ones. None to count nothing, in a first pass.

        Raises
        ------
        UnreadableFileError
            If a workbook or zip is damaged.
        """
        for number, cells in islice(self._records(ledger), headings, None):
            if cells is None:
                _skip(ledger, "unreadable", self.place(number))
            elif any(cell.strip() for cell in cells[width:]):
                _skip(ledger, "ragged", self.place(number))
            elif not any(cell.strip() for cell in cells):
                _skip(ledger, "empty", self.place(number))
            else:
                yield number, [*cells[:width], *[""] * (width - len(cells))]

    def _records(self, ledger: Ledger | None) -> Iterator[Row]:
        if self.name is not None:
            yield from sheet_rows(self.source, self.name)
            return
        if self.member is not None:
            yield from records(_member_lines(self.source, self.member), self.delimiter or ",")
            return
        try:
            yield from records(open_lines(self.source), self.delimiter or ",")
        except DAMAGED:
            if ledger is not None:
                ledger.truncated = "the compressed file ends early or is damaged"


def find_sheet(source: Source, fits: Callable[[Sequence[list[str]]], bool]) -> Sheet | None:
    """Find the first sheet whose first rows fit, or None; a file that cannot be opened has none.

    Parameters
    ----------
    source
        A file; folders have no sheet.
    fits
        Is given the first rows as one delimiter cuts them.
    """
    if source.is_folder:
        return None
    try:
        for sheet in _sheets(source):
            if sheet.head and sheet.head[0][1] and fits([cells for _, cells in sheet.head]):
                return sheet
    except UnreadableFileError:
        return None
    return None


def require_sheet(
    source: Source, fits: Callable[[Sequence[list[str]]], bool], expected: str
) -> Sheet:
    """Find the sheet in a file that the user says is one.

    Raises
    ------
    UnknownFormatError
        If there is none; the message names what was `expected`.
    UnreadableFileError
        If the file is a workbook or zip that is damaged, or an old Excel file.
    """
    refuse_old_excel(source)
    found = find_sheet(source, fits)
    if found is not None:
        return found
    if source.is_zip:
        # Says what is wrong with a file that is damaged.
        for _ in _sheets(source):
            pass
    raise UnknownFormatError(
        f"this is no {expected}", file=source.name, remedy="export it again as CSV or XLSX"
    )


def unread_parts(sheet: Sheet) -> set[str]:
    """Name the other sheets of the workbook, or the other files of the zip."""
    if sheet.name is not None:
        return {f"sheet {name!r}" for name in sheet_names(sheet.source) if name != sheet.name}
    if sheet.member is not None:
        return {f"file {name!r}" for name in sheet.source.members if name != sheet.member}
    return set()


def _sheets(source: Source) -> Iterator[Sheet]:
    if is_workbook(source):
        for name in sheet_names(source):
            yield Sheet(source=source, head=_first(sheet_rows(source, name)), name=name)
    elif source.is_zip:
        tables = [n for n in source.members if n.lower().endswith((".csv", ".tsv"))]
        if len(tables) > _MEMBERS_TRIED:
            return
        for member in tables:
            lines = _member_lines(source, member)
            yield from _cut_by_every_delimiter(source, lines, member)
    else:
        yield from _cut_by_every_delimiter(source, preview_lines(source), None)


def _cut_by_every_delimiter(
    source: Source, lines: Sequence[str], member: str | None
) -> Iterator[Sheet]:
    for delimiter in DELIMITERS:
        head = _first(records(lines, delimiter))
        if head and len(head[0][1]) > 1:
            yield Sheet(source=source, head=head, delimiter=delimiter, member=member)


def _first(rows: Iterable[Row]) -> tuple[tuple[int, list[str]], ...]:
    return tuple((n, cells) for n, cells in islice(rows, HEAD_ROWS) if cells is not None)


def _member_lines(source: Source, member: str) -> list[str]:
    """Decode a file in a zip: by its mark, as UTF-8, else as Windows-1252."""
    with open_export(source) as files:
        if member not in files.names:
            return []
        content, whole = files.read(member)
    if not whole:
        raise UnreadableFileError(
            "the table in the zip is damaged", file=source.name, remedy="download it again"
        )
    if len(content) > LARGEST_MEMBER:
        raise UnreadableFileError(
            f"the table in the zip is larger than {LARGEST_MEMBER >> 20} MiB",
            file=source.name,
            remedy="unpack it and give the file inside",
        )
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252" if encoding == "utf-8-sig" else encoding, "replace")
    return list(io.StringIO(text.replace("\0", ""), newline=None))


def _skip(ledger: Ledger | None, reason: str, place: str) -> None:
    if ledger is None:
        return
    found, remedy = {
        "empty": ("a row without content", "none needed"),
        "ragged": ("more cells than headings", "put cells that hold the delimiter in quotes"),
        "unreadable": ("a cell of more than 131,072 characters", "look for a missing quote"),
    }[reason]
    ledger.skip(reason, place=place, found=found, remedy=remedy)
