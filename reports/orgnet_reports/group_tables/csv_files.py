"""The tables of a report as CSV files in one zip, for spreadsheets and statistics programs."""

from __future__ import annotations

import csv
import io
import math
from typing import ClassVar

from orgnet.report_model import ReportModel
from orgnet_reports.formulas import harmless
from orgnet_reports.group_tables.read_me import read_me
from orgnet_reports.group_tables.tables import (
    GroupTable,
    Measured,
    Value,
    group_tables,
    open_tables,
)
from orgnet_reports.group_tables.zip_files import zip_bytes

#: Without it Excel reads UTF-8 as another encoding.
_MARK = "\ufeff"


class Csv:
    """Writes ``tables.zip``: ``read-me.txt`` and one CSV file a table."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "Every table as a CSV file, in one zip"
    file_name: ClassVar[str] = "tables.zip"

    def render(self, model: ReportModel) -> bytes:
        """Return the zip; the same model gives the same bytes."""
        page = open_tables(model)
        text = page.say.plain
        tables = group_tables(page)
        lines = [f"{name}: {told}" for name, told in read_me(page, csv=True)]
        lines += ["", text("readme.tables")]
        lines += [f"  {table.name}.csv: {table.about}" for table in tables]
        members = {"read-me.txt": "\r\n".join([*lines, ""])}
        members |= {f"{table.name}.csv": csv_text(table) for table in tables}
        return zip_bytes({name: (_MARK + content).encode() for name, content in members.items()})


def csv_text(table: GroupTable) -> str:
    """Return one table as CSV: headings are the columns' keys, a missing figure is empty.

    Examples
    --------
    >>> from orgnet_reports.group_tables.tables import Column
    >>> columns = (Column(key="department", heading="Department"), Column(key="n", heading="N"))
    >>> table = GroupTable(name="t", title="T", about="", columns=columns,
    ...                    rows=(("=1+1", 7), ("R, D", None)))
    >>> csv_text(table).splitlines()
    ['department,n', "'=1+1,7", '"R, D",']
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(column.key for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return target.getvalue()


def _cell(value: Value) -> str | int | float | None:
    if isinstance(value, Measured):
        value = value.value
    if isinstance(value, str):
        return harmless(value)
    return None if value is None or not math.isfinite(value) else value
