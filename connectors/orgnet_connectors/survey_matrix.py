"""Matrices of who names whom: the same people down the first column and along the first row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import AmbiguousInputError
from orgnet.schema import InteractionWriter, Ledger, Profile, ReadOptions, Source
from orgnet_connectors.list_cells import is_missing, is_number, read_number
from orgnet_connectors.list_reading import refuse_if_all_wrong, row_key
from orgnet_connectors.survey_headings import tidy
from orgnet_connectors.survey_names import PREFIX, key_of, looks_like_a_name, person_identity
from orgnet_connectors.survey_scales import LARGEST_RATING
from orgnet_connectors.survey_sheets import Sheet, find_sheet, require_sheet, unread_parts

#: So many people at least, and this share of the rows must be columns, too.
LEAST_PEOPLE = 3
SAME_SHARE = 0.8

#: This share of the cells must be values: a typing error does not make it something else.
VALUE_SHARE = 0.95

#: Where more of the cells off the diagonal are empty, an empty cell says "no tie".
_EMPTY_SHARE = 0.2
#: Cells with which people mark a tie.
_MARKS = frozenset(("x", "✓", "✔", "yes", "ja", "oui", "true", "wahr", "vrai"))
_NO_MARKS = frozenset(("no", "nein", "non", "false", "falsch", "faux", "-", "–", "—", "."))


class SurveyMatrix:
    """Reads a square table: who names whom, ticked or rated, with a row a respondent.

    The rows may be fewer than the columns: people who were not asked or did not answer are
    columns only, or rows without content.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = chr(10).join([",Aya,Ben,Cy", "Aya,,1,0", "Ben,1,,1", "Cy,0,0,"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "advice.csv"
    ...     _ = path.write_text(text)
    ...     ledger = Ledger()
    ...     batches = list(SurveyMatrix().read(Source(path), ReadOptions(), ledger))
    >>> [(row["sender"], row["recipient"]) for row in batches[0].to_pylist()]
    [('name:aya', 'name:ben'), ('name:ben', 'name:aya'), ('name:ben', 'name:cy')]
    >>> sorted(ledger.respondents)
    ['name:aya', 'name:ben', 'name:cy']
    """

    name: ClassVar[str] = "survey-matrix"
    title: ClassVar[str] = "Matrix of who names whom"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV or XLSX with the same people as rows and as columns"
    dropped_unread: ClassVar[tuple[str, ...]] = ("the cell in the corner",)

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the rows are people, the columns the same people, and the cells numbers."""
        if len(rows) <= LEAST_PEOPLE:
            return False
        header = [key_of(cell) for cell in rows[0][1:]]
        below = [row for row in rows[1:] if row and row[0].strip()]
        columns = set(header) - {""}
        if len(columns) < LEAST_PEOPLE or len(below) < LEAST_PEOPLE:
            return False
        people = {key_of(row[0]) for row in below}
        least = SAME_SHARE * len(below)
        if len(people & columns) < least or not all(map(_may_be_a_person, columns - people)):
            return False
        cells = [cell for row in below for cell in row[1:]]
        return sum(map(_fits, cells)) >= VALUE_SHARE * len(cells)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is such a matrix, or None where it is not.

        A text file with nothing but numbers between the names is left to the reader of
        adjacency matrices, which other programs write in the same form; but nobody's program
        writes one in which everybody has a tie from 1 up with everybody.
        """
        sheet = find_sheet(source, self.fits)
        if sheet is None:
            return None
        if sheet.name is None and _holds_numbers_only(sheet) and _scale(sheet.head) is None:
            return None
        return f"a matrix: the people in the first column are the {_width(sheet)} columns"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one nomination a cell above 0, or from `tie_from` on; a row is one answer.

        Rows are skipped as ``no_sender``, ``no_answer`` (nothing in it: not asked, or no
        answer), ``bad_value`` (a cell that is no number from 0 up), ``duplicate``, ``ragged``,
        ``empty`` and ``unreadable``. A row of zeros is somebody who named nobody.

        Raises
        ------
        UnknownFormatError
            If the file is no such matrix.
        AmbiguousInputError
            If every cell holds a rating from 1 up, so that 1 may mean "never".
        InputError
            If every row is wrong.
        """
        sheet = require_sheet(source, self.fits, self.title.lower())
        header = [tidy(cell) for cell in sheet.head[0][1]]
        people = [person_identity(cell) for cell in header]
        if options.tie_from is None:
            _refuse_without_tie_from(sheet, header)
        ledger.dropped_unread |= unread_parts(sheet)
        ledger.columns["(first column)"] = "sender"
        ledger.columns["(columns of people)"] = "recipient"
        for identity, name in zip(people[1:], header[1:], strict=True):
            if identity.startswith(PREFIX):
                ledger.profile(Profile(identity=identity, name=name))
        writer = InteractionWriter(ledger, channel=options.channel or "survey", source=self.name)
        key = row_key(source)
        for number, cells in sheet.rows(1, len(header), ledger):
            sender = person_identity(cells[0])
            values = [_value(cell) for cell in cells[1:]]
            reason = _why_skipped(sender, values, ledger.respondents)
            if reason is not None:
                found, remedy = _WHY_SKIPPED[reason]
                ledger.skip(reason, place=sheet.place(number), found=found, remedy=remedy)
                continue
            ledger.keep()
            ledger.respondents.add(sender)
            for recipient, value in zip(people[1:], values, strict=True):
                if recipient and value is not None and _is_tie(value, options.tie_from):
                    writer.add(
                        None, sender, recipient, "nomination", 1, f"{key}{number}", value=value
                    )
            yield from writer.full()
        yield from writer.flush()
        refuse_if_all_wrong(source, ledger)


#: Why a row is no answer: what was found, what to do.
_WHY_SKIPPED = {
    "no_sender": ("a row that is headed by nobody", "fill in who it is"),
    "no_answer": ("a row without any answer", "none needed: taken for somebody not asked"),
    "bad_value": ("a cell that is no number from 0 up", "write cells as 0, 1 or 2.5"),
    "duplicate": ("a second row of the same person", "keep one of the two"),
}


def _width(sheet: Sheet) -> int:
    return sum(bool(cell.strip()) for cell in sheet.head[0][1][1:])


def _may_be_a_person(key: str) -> bool:
    """Say whether a column without a row can be somebody who was not asked."""
    return looks_like_a_name(key) or not person_identity(key).startswith(PREFIX)


def _holds_numbers_only(sheet: Sheet) -> bool:
    cells = [cell for _, row in sheet.head[1:] for cell in row[1:]]
    numbers = sum(is_number(cell) or is_missing(cell) or cell.strip() == "." for cell in cells)
    return numbers >= VALUE_SHARE * len(cells)


def _value(cell: str) -> float | None:
    """Read a cell: a number, or 1 or 0 for a mark; None for nothing; NaN for anything else."""
    text = cell.strip().lower()
    if is_missing(text):
        return None
    if text in _MARKS or text in _NO_MARKS:
        return float(text in _MARKS)
    value = read_number(text)
    return math.nan if value is None or not 0 <= value < math.inf else value


def _fits(cell: str) -> bool:
    value = _value(cell)
    return value is None or not math.isnan(value)


def _why_skipped(sender: str, values: Sequence[float | None], respondents: set[str]) -> str | None:
    """Say why a row does not count, or None."""
    given = [value for value in values if value is not None]
    if not sender:
        return "no_sender"
    if not given:
        return "no_answer"
    if any(map(math.isnan, given)):
        return "bad_value"
    return "duplicate" if sender in respondents else None


def _is_tie(value: float, tie_from: float | None) -> bool:
    return value > 0 if tie_from is None else value >= tie_from


def rates_everybody(source: Source) -> bool:
    """Say whether a file is a matrix in which everybody rates everybody else from 1 up."""
    sheet = find_sheet(source, SurveyMatrix().fits)
    return sheet is not None and _scale(sheet.head) is not None


def _refuse_without_tie_from(sheet: Sheet, header: Sequence[str]) -> None:
    """Raise if all rate all others from 1 up: 0 would say by itself that it is no tie."""
    high = _scale([(0, list(header)), *sheet.rows(1, len(header))])
    if high is not None:
        raise AmbiguousInputError(
            f"the cells run from 1 to {high:g}, and 1 may mean 'never'",
            file=sheet.source.name,
            remedy="say from which value on a cell is a tie, e.g. --tie-from 2",
        )


def _scale(rows: Iterable[tuple[int, list[str]]]) -> float | None:
    """Return the highest rating of a matrix in which nearly all rate all others from 1 up."""
    people: list[str] = []
    empty = 0
    ratings: list[float] = []
    for _, cells in rows:
        if not people:
            people = [person_identity(tidy(cell)) for cell in cells]
            continue
        sender = person_identity(cells[0])
        for recipient, cell in zip(people[1:], cells[1:], strict=False):
            value = _value(cell)
            if recipient == sender or (value is not None and math.isnan(value)):
                continue
            if value is None:
                empty += 1
            else:
                ratings.append(value)
    if not ratings or empty > _EMPTY_SHARE * (empty + len(ratings)):
        return None
    low, high = min(ratings), max(ratings)
    is_scale = all(rating.is_integer() for rating in ratings) and high <= LARGEST_RATING
    return high if low == 1 < high and is_scale else None
