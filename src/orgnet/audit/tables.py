"""The tables in an output, whatever kind of file it is: rows of text."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, and where they stand."""

    where: str
    rows: list[list[str]]


def tables(name: str, content: bytes) -> Iterator[Table]:
    """Yield the tables of a page, a CSV file, a workbook, slides, or of a zip of such."""
    lower = name.lower()
    if lower.endswith((".html", ".htm")):
        parser = _Cells()
        parser.feed(content.decode("utf-8", errors="replace"))
        yield from (Table(name, rows) for rows in parser.tables)
    elif lower.endswith((".csv", ".tsv")):
        text = content.decode("utf-8-sig", errors="replace")
        signs = "\t" if lower.endswith(".tsv") else max(",;", key=text.count)
        yield Table(name, list(csv.reader(io.StringIO(text, newline=""), delimiter=signs)))
    elif lower.endswith(".xlsx"):
        yield from _sheets(name, content)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                inside, place = archive.read(member), f"{name} › {member}"
                if lower.endswith(".pptx") and member.endswith(".xml"):
                    yield from _slide(place, inside)
                else:
                    yield from tables(place, inside)


class _Cells(HTMLParser):
    """Gathers the text of cells; what is only for screen readers is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._inside = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._inside = True
        elif tag == "span" and (self._unseen or "unseen" in (dict(attrs).get("class") or "")):
            self._unseen += 1

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        if tag in ("td", "th"):
            self._inside = False
        elif tag == "span" and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._inside and not self._unseen:
            self.tables[-1][-1][-1] += data


def _sheets(name: str, content: bytes) -> Iterator[Table]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile):
        return
    for sheet in book.worksheets:
        rows = [
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        yield Table(f"{name} › {sheet.title}", rows)


def _slide(name: str, content: bytes) -> Iterator[Table]:
    if b"<!DOCTYPE" in content:
        return
    try:
        root = ET.fromstring(content)
    except ET.ParseError:
        return
    for table in root.iter(f"{_DRAWN}tbl"):
        yield Table(
            name,
            [
                ["".join(t.text or "" for t in cell.iter(f"{_DRAWN}t")) for cell in row]
                for row in table.iter(f"{_DRAWN}tr")
            ],
        )
