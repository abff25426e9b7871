"""The sheet behind a chart, which opens when somebody edits the chart's data."""

from __future__ import annotations

import io
from collections.abc import Sequence


def chart_sheet(
    *, labels: Sequence[str], values: Sequence[float | None], series: str, form: str
) -> bytes:
    """Return the sheet: labels in the first column, values in the second, below a heading.

    python-pptx writes this sheet too, but makes a formula of a label that begins with ``=``.

    Parameters
    ----------
    labels, values
        One row each; None is an empty cell.
    series
        Heading of the values.
    form
        Number format of the values.
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Sheet1")
        shown = book.add_format({"num_format": form})
        text = book.add_format({"quote_prefix": True})
        sheet.write_string(0, 1, series)
        for row, (label, value) in enumerate(zip(labels, values, strict=True), start=1):
            sheet.write_string(row, 0, label, text)
            if value is not None:
                sheet.write_number(row, 1, value, shown)
    return target.getvalue()
