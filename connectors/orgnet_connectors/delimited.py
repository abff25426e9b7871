"""A table in a file - CSV of any delimiter, TSV, XLSX - as a header and streaming rows."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count, islice
from operator import itemgetter

from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.spreadsheet_rows import is_workbook, sheet_names, sheet_rows
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines

#: Delimiters in the order in which they are tried; a blank stands for any run of blanks.
DELIMITERS = (",", ";", "\t", "|")
BLANK = " "

#: The header is looked for in so many rows: exports put titles and filters above it.
HEADER_ROWS = 25

#: A quoted cell over more lines than these was never closed.
LONGEST_RECORD = 200

_PREVIEW_ROWS = 200
#: What a header may stand behind.
_COMMENT = ("#", "%", " ")

#: Says how well a row fits as the header; 0 where it is none.
HeaderScore = Callable[[Sequence[str]], int]


class Table(Struct, frozen=True, kw_only=True):
    """A table that was found in a file, ready to be read from the start as often as needed.

    Parameters
    ----------
    source
        The file.
    header
        The headings as they stand in the file; invented ones where the file has none.
    header_row
        Number of the header's line or row; 0 where the file has none.
    preview
        Some rows after the header, each with its line number, as they are in the file.
    delimiter
        What separates cells; None in a workbook.
    sheet
        Name of the sheet; None in a text file.
    """

    source: Source
    header: tuple[str, ...]
    header_row: int
    preview: tuple[tuple[int, list[str]], ...]
    delimiter: str | None = None
    sheet: str | None = None

    def place(self, row: int) -> str:
        """Say where a row stands, for messages: ``line 12``, ``sheet 'Staff', row 12``."""
        return f"line {row}" if self.sheet is None else f"sheet {self.sheet!r}, row {row}"

    def rows(self, ledger: Ledger | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of every row below the header and its cells, as many as headings.

        A short row is filled up. A row with more cells than headings has a delimiter too many
        somewhere, so that its cells cannot be told apart; it is skipped as ``ragged``, a row
        without content as ``empty``, one that is no CSV as ``unreadable``. Comment lines are
        no rows.

        Parameters
        ----------
        ledger
            Counts the rows that are skipped; None to count nothing, in a first pass.

        Raises
        ------
        UnreadableFileError
            If a workbook is damaged, or a gzip file before its first row.
        """
        found = False
        rows = self._records()
        while True:
            try:
                number, cells = next(rows)
            except StopIteration:
                return
            except DAMAGED as error:
                if not found:
                    raise UnreadableFileError(
                        "the compressed file is damaged",
                        file=self.source.name,
                        remedy="copy or export it again",
                    ) from error
                if ledger is not None:
                    ledger.truncated = "the compressed file ends early or is damaged"
                return
            if number <= self.header_row:
                continue
            found = True
            fitted = self.fitted(number, cells, ledger)
            if fitted is not None:
                yield number, fitted

    def fitted(
        self, number: int, cells: list[str] | None, ledger: Ledger | None
    ) -> list[str] | None:
        """Return the cells of one record, as many as headings; None if it is skipped, as in `rows`.

        Parameters
        ----------
        number
            Where the record stands, for the ledger.
        cells
            As `records` gives them.
        ledger
            Counts it if it is skipped.
        """
        if cells is None:
            self._skip(ledger, "unreadable", number)
            return None
        width = len(self.header)
        if len(cells) != width or self.header_row == 0:
            if self._is_comment(cells):
                return None
            if any(cell.strip() for cell in cells[width:]):
                self._skip(ledger, "ragged", number, len(cells))
                return None
            cells = [*cells[:width], *[""] * (width - len(cells))]
        if any(cells):
            return cells
        self._skip(ledger, "empty", number)
        return None

    def _is_comment(self, cells: Sequence[str]) -> bool:
        """Say whether a row that does not fit the header is a comment."""
        return self.sheet is None and cells[0].startswith(("#", "%"))

    def _skip(self, ledger: Ledger | None, reason: str, number: int, cells: int = 0) -> None:
        if ledger is None:
            return
        found, remedy = {
            "empty": ("a row without content", "none needed"),
            "ragged": (
                f"{cells} cells under {len(self.header)} headings",
                "put cells that hold the delimiter in quotes",
            ),
            "unreadable": ("a cell of more than 131,072 characters", "look for a missing quote"),
        }[reason]
        ledger.skip(reason, place=self.place(number), found=found, remedy=remedy)

    def _records(self) -> Iterator[tuple[int, list[str] | None]]:
        if self.sheet is not None:
            return sheet_rows(self.source, self.sheet)
        return records(open_lines(self.source), self.delimiter or ",")


def find_table(
    source: Source, score: HeaderScore, *, delimiters: Sequence[str] = DELIMITERS
) -> Table | None:
    """Find the table in a file by the header that it must have, or None where there is none.

    Every delimiter is tried; the one under which the header fits best is taken, as long as at
    least half of the rows below have cells for it. In a workbook it is the first sheet with a
    header. Rows above the header are titles, for which blanks as delimiters leave no room.

    Parameters
    ----------
    source
        The file; only its beginning is read.
    score
        How well a row of cells fits as the header.
    delimiters
        What may separate cells.
    """
    if source.is_folder:
        return None
    if is_workbook(source):
        return _find_in_workbook(source, score)
    if source.is_zip:
        return None
    best: tuple[int, Table] | None = None
    lines = preview_lines(source)
    for delimiter in _stated_delimiter(lines) or _worth_trying(lines, delimiters):
        cut = ((n, cells) for n, cells in preview_records(source, delimiter) if cells is not None)
        rows = list(islice(cut, HEADER_ROWS + _PREVIEW_ROWS))
        for index, (number, cells) in enumerate(rows[:HEADER_ROWS]):
            chosen, fit = cells, score(cells)
            if cells[0].startswith(_COMMENT):
                bare = [cells[0].lstrip("#% "), *cells[1:]]
                chosen, fit = max((chosen, fit), (bare, score(bare)), key=itemgetter(1))
            if not fit:
                continue
            below = rows[index + 1 : index + 1 + _PREVIEW_ROWS]
            if delimiter == BLANK and not _is_blank_table(rows[:index], chosen, below, fit):
                break
            if _is_prose(chosen, below):
                break
            if (best is None or fit > best[0]) and _share_of_width(
                below, 2, len(chosen) + 1
            ) >= 0.5:
                table = Table(
                    source=source,
                    header=_with_index(chosen, below),
                    header_row=number,
                    preview=tuple(below),
                    delimiter=delimiter,
                )
                best = fit, table
            break
    return best[1] if best else None


def find_bare_table(
    source: Source, fits: Callable[[Sequence[list[str]]], Sequence[str] | None]
) -> Table | None:
    """Find a table without a header in a text file, or None where there is none.

    Parameters
    ----------
    source
        The file; only its beginning is read.
    fits
        Is given the first rows as one delimiter cuts them, comments left out, and returns the
        headings to give them, or None where they are no such table.
    """
    if source.is_folder or source.is_zip:
        return None
    for delimiter in (*DELIMITERS, BLANK):
        cut = (
            (number, cells)
            for number, cells in preview_records(source, delimiter)
            if cells and not cells[0].startswith(("#", "%"))
        )
        rows = list(islice(cut, _PREVIEW_ROWS))
        header = fits([cells for _, cells in rows]) if rows else None
        if header is not None:
            return Table(
                source=source,
                header=tuple(header),
                header_row=0,
                preview=tuple(rows),
                delimiter=delimiter,
            )
    return None


def records(
    lines: Iterable[str] | LineFeed, delimiter: str
) -> Iterator[tuple[int, list[str] | None]]:
    r"""Cut lines into cells; yield each record with the number of its first line.

    Quoted cells may hold delimiters and line ends. A quote that is never closed costs its own
    line only: that line is cut by itself, and the reading goes on with the next. Blank lines
    are left out. The cells are None where a cell is too long to be one.

    Examples
    --------
    >>> list(records(['a,"b\n', 'c",d\n', 'e,"f\n', 'g,h\n'], ","))
    [(1, ['a', 'b\nc', 'd']), (3, ['e', 'f\n']), (4, ['g', 'h'])]
    """
    if delimiter == BLANK:
        lines = (" ".join(line.split()) + "\n" for line in lines)
    feed = lines if isinstance(lines, LineFeed) else LineFeed(lines)
    while True:
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if cells:
                    yield feed.first, cells
                feed.held.clear()
            return
        except (csv.Error, _UnclosedQuoteError):
            first = feed.first
            line = feed.keep_first()
        try:
            yield first, next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            yield first, None


def preview_records(source: Source, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the records of `preview_lines` as `records` does; the cells are not to be changed."""
    return iter(_cut_beginning(preview_lines(source), delimiter))


# Every connector in turn cuts the same beginning at the same delimiters.
@lru_cache(maxsize=16)
def _cut_beginning(lines: tuple[str, ...], delimiter: str) -> _Kept:
    return _Kept(records(lines, delimiter))


class _Kept:
    """Records that are cut when they are first asked for and kept for those who ask later."""

    def __init__(self, coming: Iterator[tuple[int, list[str] | None]]) -> None:
        self._coming = coming
        self._there: list[tuple[int, list[str] | None]] = []

    def __iter__(self) -> Iterator[tuple[int, list[str] | None]]:
        for place in count():
            if place == len(self._there):
                following = next(self._coming, None)
                if following is None:
                    return
                self._there.append(following)
            yield self._there[place]


class _UnclosedQuoteError(Exception):
    """A record runs over more lines than any real one."""


class LineFeed:
    """Lines on their way into the CSV reader, which can be taken back if they do not parse."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self._number = 0
        self.held: list[str] = []

    @property
    def has_returned(self) -> bool:
        """Whether lines were taken back that are still to be read."""
        return bool(self._returned)

    @property
    def first(self) -> int:
        """Number of the first line of the record that is being read."""
        return self._number - len(self.held) + 1

    def __iter__(self) -> LineFeed:
        return self

    def __next__(self) -> str:
        if len(self.held) >= LONGEST_RECORD:
            raise _UnclosedQuoteError
        line = self._returned.popleft() if self._returned else next(self._lines)
        self._number += 1
        self.held.append(line)
        return line

    def keep_first(self) -> str:
        """Take back all lines of the record but the first, and return that."""
        first, *rest = self.held
        self._returned.extendleft(reversed(rest))
        self._number -= len(rest)
        self.held.clear()
        return first


def _find_in_workbook(source: Source, score: HeaderScore) -> Table | None:
    for sheet in sheet_names(source):
        rows = []
        for number, cells in sheet_rows(source, sheet):
            rows.append((number, cells))
            if number == HEADER_ROWS + _PREVIEW_ROWS:
                break
        for index, (number, cells) in enumerate(rows[:HEADER_ROWS]):
            if score(cells):
                return Table(
                    source=source,
                    header=tuple(cells),
                    header_row=number,
                    preview=tuple(rows[index + 1 :]),
                    sheet=sheet,
                )
    return None


def _stated_delimiter(lines: Sequence[str]) -> str | None:
    """Read Excel's own first line ``sep=;``, which states the delimiter."""
    first = lines[0].strip("\n") if lines else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None


def _worth_trying(lines: tuple[str, ...], delimiters: Sequence[str]) -> list[str]:
    """Leave out the delimiters that stand nowhere: they would cut no line; but keep the first."""
    return [each for each in delimiters if each in (delimiters[0], BLANK) or each in _signs(lines)]


@lru_cache(maxsize=4)
def _signs(lines: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(lines))


def _is_blank_table(
    above: Sequence[tuple[int, list[str]]],
    header: Sequence[str],
    below: Sequence[tuple[int, list[str]]],
    fit: int,
) -> bool:
    """Tell a table with blanks between its cells from prose that happens to hold our words."""
    only_comments = all(cells[0].startswith(("#", "%")) for _, cells in above)
    same_width = _share_of_width(below, len(header), len(header)) >= 0.9
    return only_comments and same_width and 2 * fit >= len(header)


def _is_prose(header: Sequence[str], below: Sequence[tuple[int, list[str]]]) -> bool:
    """Tell sentences, in which words of ours stand between commas, from a table.

    Their lines fall into any number of parts, and most commas are followed by a blank. A header
    that ends as a sentence does is one.
    """
    if header[-1].rstrip().endswith(".") and any(cell.startswith(" ") for cell in header[1:]):
        return True
    if len(below) < 5 or _share_of_width(below, len(header), len(header) + 1) >= 0.25:
        return False
    behind = [cell for _, cells in below for cell in cells[1:]]
    blank = sum(cell.startswith(" ") for cell in behind)
    return 3 * blank >= len(behind)


def _share_of_width(rows: Sequence[tuple[int, list[str]]], least: int, most: int) -> float:
    """Share of rows with so many cells; 1 where there are no rows."""
    fitting = sum(least <= len(cells) <= most for _, cells in rows)
    return fitting / len(rows) if rows else 1.0


def _with_index(header: Sequence[str], below: Sequence[tuple[int, list[str]]]) -> tuple[str, ...]:
    """Add the heading that R leaves out above row numbers, so that cells and headings agree.

    Rows may also be longer because an unquoted cell holds the delimiter ("Ito, Aya"); then the
    first cells do not count up, or a cell begins with a blank.
    """
    shifted = bool(below) and all(len(cells) == len(header) + 1 for _, cells in below)
    if not shifted:
        return tuple(header)
    firsts = [cells[0] for _, cells in below]
    counted = firsts in ([str(n + start) for n in range(len(below))] for start in (0, 1))
    blank = any(cell.startswith(" ") for _, cells in below for cell in cells)
    return ("", *header) if counted and not blank else tuple(header)
