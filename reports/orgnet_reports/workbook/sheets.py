"""The sheets: one table each, its heading frozen and filtered, columns as wide as they need."""

from __future__ import annotations

import math
from typing import Any

from orgnet_reports.drawing.svg import text_width
from orgnet_reports.figures import NOTHING
from orgnet_reports.formulas import harmless
from orgnet_reports.group_tables.tables import Column, GroupTable, Measured, Value
from orgnet_reports.workbook.looks import Looks

_NARROWEST, _WIDEST = 10.0, 48.0

_LABELS, _TEXTS = 26.0, 92.0

#: Height of a line in points, and the most that Excel allows a row.
_LINE, _TALLEST = 15.0, 405.0

#: Room for the button of the filter beside a heading, in characters.
_BUTTON = 5.0

#: A character of Excel's column widths, in em of the measure that `text_width` uses.
_CHARACTER = 0.53

#: Spreadsheets cut longer text, or refuse the file.
_LONGEST_TEXT = 32_000


def write_read_me(
    sheet: Any,
    *,
    heading: str,
    rows: tuple[tuple[str, str], ...],
    tables: tuple[GroupTable, ...],
    tables_heading: str,
    looks: Looks,
) -> None:
    """Write what the workbook is, and the list of its sheets with links to them."""
    sheet.set_column(0, 0, _LABELS)
    sheet.set_column(1, 1, _TEXTS)
    sheet.hide_gridlines(2)
    _prepare_print(sheet, landscape=False)
    _write_text(sheet, 0, 0, heading, looks, looks.title)
    at = 2
    for name, told in rows:
        _write_text(sheet, at, 0, name, looks, looks.label)
        _write_text(sheet, at, 1, told, looks)
        sheet.set_row(at, _height((name, _LABELS), (told, _TEXTS)))
        at += 1
    at += 1
    _write_text(sheet, at, 0, tables_heading, looks, looks.label)
    for number, table in enumerate(tables, start=1):
        place = f"internal:'{table.title}'!A1"
        sheet.write_url(at + number, 0, place, looks.link, table.title)
        _write_text(sheet, at + number, 1, table.about, looks)


def write_table(sheet: Any, table: GroupTable, *, looks: Looks) -> None:
    """Write one table: headings in the first row, a number where there is one, else a dash."""
    widths = [_width(table, at, column) for at, column in enumerate(table.columns)]
    for at, column in enumerate(table.columns):
        style = looks.heading if column.unit == "text" else looks.number_heading
        _write_text(sheet, 0, at, column.heading, looks, style)
        sheet.set_column(at, at, widths[at])
    for row, values in enumerate(table.rows, start=1):
        for at, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _write_value(sheet, row, at, column, value, looks)
        sheet.set_row(row, _height(*zip(map(_shown, values), widths, strict=True)))
    sheet.set_row(
        0, _height(*zip([column.heading for column in table.columns], widths, strict=True))
    )
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.repeat_rows(0)
    _prepare_print(sheet, landscape=True)


def _write_value(sheet: Any, row: int, at: int, column: Column, value: Value, looks: Looks) -> None:
    unit = column.unit
    if isinstance(value, Measured):
        value, unit = value
    if isinstance(value, str):
        if value:
            _write_text(sheet, row, at, value, looks)
    elif value is None or not math.isfinite(value):
        sheet.write_string(row, at, NOTHING, looks.withheld)
    else:
        sheet.write_number(row, at, value, looks.numbers[unit])


def _write_text(
    sheet: Any,
    row: int,
    at: int,
    text: str,
    looks: Looks,
    style: Any = None,
) -> None:
    guarded = style is None and (text.startswith("'") or harmless(text) != text)
    chosen = style or (looks.guarded if guarded else looks.text)
    sheet.write_string(row, at, text[:_LONGEST_TEXT], chosen)


def _width(table: GroupTable, at: int, column: Column) -> float:
    texts = [_shown(row[at]) for row in table.rows]
    ems = max((text_width(text, 1) for text in texts), default=0.0)
    needed = max(ems / _CHARACTER + 4, text_width(column.heading, 1) / _CHARACTER + _BUTTON)
    return round(min(_WIDEST, max(_NARROWEST, needed)), 1)


def _height(*cells: tuple[str, float]) -> float:
    """Return the height of a row, by the cell that breaks into the most lines."""
    lines = max(
        math.ceil(text_width(text, 1) / _CHARACTER / max(width - 3, 1)) for text, width in cells
    )
    return min(_TALLEST, _LINE * max(1, lines))


def _shown(value: Value) -> str:
    if isinstance(value, Measured):
        value = value.value
    return value if isinstance(value, str) else "000,000"


def _prepare_print(sheet: Any, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
