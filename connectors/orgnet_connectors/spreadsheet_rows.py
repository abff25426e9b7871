"""The rows of an Excel workbook as text, whatever the type of a cell."""

from __future__ import annotations

import contextlib
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source

#: Larger workbooks are refused: nobody's roster inflates to this.
LARGEST_BYTES = 512 << 20
#: Of these are the texts of all cells, which the library holds in memory together.
LARGEST_STRINGS = 128 << 20
#: No sheet of Excel has more rows or columns; a file that states more would never end.
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14

_CHUNK_ROWS = 1000
_OLE = b"\xd0\xcf\x11\xe0"


def is_workbook(source: Source) -> bool:
    """Say whether the file is an Excel workbook (.xlsx), by what is inside it."""
    return source.is_zip and "xl/workbook.xml" in source.members


def refuse_old_excel(source: Source) -> None:
    """Raise if the file is one that only Excel reads: the old binary format, or locked.

    Raises
    ------
    UnreadableFileError
        Naming the format to save it in.
    """
    if source.head.startswith(_OLE):
        raise UnreadableFileError(
            "an old Excel file (.xls) or one protected by a password",
            file=source.name,
            remedy="save it as .xlsx without a password, or as CSV",
        )


def cell_text(value: object) -> str:
    """Write a cell as people would type it; empty for nothing and for Excel's error values.

    Examples
    --------
    >>> from datetime import datetime
    >>> cell_text(12.0), cell_text(None), cell_text(True), cell_text(datetime(2026, 3, 2))
    ('12', '', 'true', '2026-03-02')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value.startswith("#") and value.endswith(("!", "?", "/A")) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def sheet_names(source: Source) -> list[str]:
    """List the sheets of the workbook that hold cells, hidden ones last.

    Raises
    ------
    UnreadableFileError
        If the workbook is damaged or inflates to more than 512 MiB.
    """
    with _opened(source) as workbook:
        sheets = sorted(workbook.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        return [sheet.title for sheet in sheets]


def sheet_rows(source: Source, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of every row of a sheet; the values, never a formula.

    Raises
    ------
    UnreadableFileError
        If the workbook is damaged or inflates to more than 512 MiB.
    """
    with _opened(source) as workbook:
        worksheet = workbook[sheet]
        # Some programs state a size of one cell; openpyxl would believe it.
        worksheet.reset_dimensions()
        rows = worksheet.iter_rows(values_only=True)
        number = 0
        while chunk := _next_rows(source, rows):
            for row in chunk:
                number += 1
                if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                    raise _damaged(source)
                yield number, [cell_text(value) for value in row]


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[Any]:
    """Open the workbook; whatever becomes of it, no file stays open."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(source.path.open("rb"))
        except OSError as error:
            raise _damaged(source) from error
        workbook = _load(source, file)
        stack.callback(workbook.close)
        yield workbook


def _load(source: Source, file: BinaryIO) -> Any:
    try:
        with zipfile.ZipFile(file) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(source) from error
    size, strings = sum(sizes.values()), sizes.get("xl/sharedStrings.xml", 0)
    if strings > LARGEST_STRINGS:
        raise UnreadableFileError(
            f"the workbook's texts inflate to {strings:,} bytes, more than {LARGEST_STRINGS:,}",
            file=source.name,
            remedy="save the sheet that is needed as CSV",
        )
    if size > LARGEST_BYTES:
        raise UnreadableFileError(
            f"the workbook inflates to {size >> 20} MiB, more than {LARGEST_BYTES >> 20}",
            file=source.name,
            remedy="save the sheet that is needed as CSV",
        )
    # Every run loads all connectors, and most runs read no workbook.
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(file, read_only=True, data_only=True)
    # openpyxl lets through whatever its parsers raise: KeyError, TypeError, ParseError ...
    except Exception as error:
        raise _damaged(source) from error


def _next_rows(source: Source, rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    # openpyxl warns of styles and extensions that it leaves out; no value depends on them.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(islice(rows, _CHUNK_ROWS))
    except Exception as error:
        raise _damaged(source) from error


def _damaged(source: Source) -> UnreadableFileError:
    return UnreadableFileError(
        "the workbook is damaged", file=source.name, remedy="save it again, or save it as CSV"
    )
