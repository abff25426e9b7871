"""How cells look: number formats by unit, and the few styles of text."""

from __future__ import annotations

from typing import Any

from orgnet_reports.group_tables.tables import Unit
from orgnet_reports.palette import LIGHT

#: Every digit that was released, so that a spreadsheet never rounds a figure a second time.
NUMBER_FORMATS: dict[Unit, str] = {
    "count": "#,##0",
    "expected": "#,##0.0",
    "share": "0.0%",
    "ratio": "0.00",
    "score": "0.0",
    "chance": "0.0000",
    "agreement": "0.00",
}

_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}


class Looks:
    """The formats of one workbook, each made once.

    Parameters
    ----------
    book
        The open workbook of XlsxWriter.
    """

    def __init__(self, book: Any) -> None:
        def made(**options: Any) -> Any:
            return book.add_format(_FONT | options)

        self.text = made(text_wrap=True, indent=1)
        #: A spreadsheet takes the cell for text even after somebody has edited it.
        self.guarded = made(text_wrap=True, indent=1, quote_prefix=True)
        self.withheld = made(align="right", font_color=LIGHT["soft"])
        self.title = made(bold=True, font_size=18, indent=1, quote_prefix=True)
        self.label = made(bold=True, text_wrap=True, indent=1)
        self.link = made(font_color=LIGHT["accent"], underline=1, indent=1)
        self.heading = made(bold=True, text_wrap=True, bg_color=LIGHT["node"], bottom=1, indent=1)
        self.number_heading = made(
            bold=True, text_wrap=True, bg_color=LIGHT["node"], bottom=1, align="right"
        )
        self.numbers = {
            unit: made(num_format=form, align="right") for unit, form in NUMBER_FORMATS.items()
        }
