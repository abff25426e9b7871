"""The workbook: "Read me" first, then one sheet a table; no formula, no macro, no link out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, ClassVar

from orgnet.errors import OrgnetError
from orgnet.report_model import ReportModel
from orgnet_reports.group_tables.read_me import read_me
from orgnet_reports.group_tables.tables import group_tables, open_tables
from orgnet_reports.page import Page
from orgnet_reports.workbook.looks import Looks
from orgnet_reports.workbook.sheets import write_read_me, write_table

#: Text stays text whatever it looks like, and the file is made in memory.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class Workbook:
    """Writes ``report.xlsx``."""

    name: ClassVar[str] = "workbook"
    title: ClassVar[str] = "Every table as a sheet of an Excel workbook"
    file_name: ClassVar[str] = "report.xlsx"

    def render(self, model: ReportModel) -> bytes:
        """Return the workbook; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If XlsxWriter is not installed.
        """
        try:
            import xlsxwriter
        except ImportError as error:
            raise OrgnetError(
                "a workbook needs XlsxWriter, which is not installed; "
                "run: pip install 'orgnet-ona[excel]'"
            ) from error
        page = open_tables(model)
        text = page.say.plain
        tables = group_tables(page)
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, _OPTIONS) as book:
            book.set_properties(_properties(page))
            looks = Looks(book)
            write_read_me(
                book.add_worksheet(text("readme.title")),
                heading=page.model.title,
                rows=read_me(page),
                tables=tables,
                tables_heading=text("readme.tables"),
                looks=looks,
            )
            for table in tables:
                write_table(book.add_worksheet(table.title), table, looks=looks)
        return target.getvalue()


def _properties(page: Page) -> dict[str, Any]:
    """Return what the file says of itself: the report's title and day, no user, no program path."""
    try:
        created = datetime.fromisoformat(page.model.run_date[:10])
    except ValueError:
        created = datetime(1980, 1, 1)
    return {
        "title": page.model.title,
        "subject": page.say.plain("header.kicker.plain"),
        "author": "",
        "created": created.replace(tzinfo=UTC),
    }
