"""The workbook: its sheets, its cells, and what the file tells about its maker."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import orgnet_reports
from orgnet.errors import OrgnetError
from orgnet.report_model import Report
from orgnet.words import load_words
from orgnet_reports.group_tables.zip_files import zip_members
from orgnet_reports.workbook.book import Workbook
from report_models import GOLDEN, hostile, organisation

ROOT = Path(orgnet_reports.__file__).parent
CATALOGUES = ["orgnet_reports.group_tables", "orgnet_reports.slides"]


def book(model: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(Workbook().render(model)))


def cells(sheets: Any) -> list[Any]:
    return [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]


@pytest.fixture(scope="module")
def full() -> Any:
    return book(organisation(400, 10))


@pytest.fixture(scope="module")
def hostile_members() -> dict[str, bytes]:
    return zip_members(Workbook().render(hostile()))


def test_the_workbook_is_a_report():
    assert isinstance(Workbook(), Report)
    assert (Workbook.name, Workbook.file_name) == ("workbook", "report.xlsx")


def test_a_missing_library_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(OrgnetError, match=r"pip install 'orgnet-ona\[excel\]'"):
        Workbook().render(organisation(100, 6))


def test_read_me_comes_first_and_names_every_sheet_with_a_link(full: Any):
    names = full.sheetnames
    assert names[0] == "Read me"
    assert {"Findings", "Departments", "Pairs", "Working circles", "Data quality", "Method",
            "Glossary"} <= set(names)  # fmt: skip
    links = {
        cell.value: cell.hyperlink.location for cell in cells([full["Read me"]]) if cell.hyperlink
    }
    assert links == {name: f"'{name}'!A1" for name in names[1:]}


def test_read_me_says_of_when_under_which_rules_and_how_to_read_it(full: Any):
    text = " ".join(str(cell.value) for cell in cells([full["Read me"]]) if cell.value)
    for part in ("2 March 2026 to 24 May 2026, 12 weeks", "400 seen of 420 known (95%)",
                 "No figure stands for fewer than 5 people", "Northwind Example"):  # fmt: skip
        assert part in text


def test_every_table_has_a_frozen_and_filtered_heading(full: Any):
    for sheet in full.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.value for cell in sheet[1])


def test_numbers_are_numbers_with_a_format_that_rounds_nothing(full: Any):
    sheet = full["Departments"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    people, share = sheet.cell(2, heads["People seen"]), sheet.cell(2, heads["Share inside"])
    assert (people.data_type, people.number_format) == ("n", "#,##0")
    assert (share.data_type, share.number_format) == ("n", "0.0%")


def test_a_withheld_figure_is_a_dash_and_the_note_says_why(full: Any):
    rows = list(full["Pairs"].iter_rows(min_row=2, values_only=True))
    withheld = [row for row in rows if row[2] == "–"]
    assert withheld
    assert all(row[2:8] == ("–",) * 6 and row[-1] for row in withheld)
    assert all(row[-1] is None for row in rows if row[2] != "–")


@pytest.mark.parametrize("name", GOLDEN)
def test_every_model_makes_a_workbook_without_formulas(name: str):
    members = zip_members(Workbook().render(GOLDEN[name]()))
    sheets = [c for n, c in members.items() if n.startswith("xl/worksheets/sheet")]
    assert sheets and not [sheet for sheet in sheets if b"<f" in sheet]


def test_a_name_that_looks_like_a_formula_is_text_even_when_it_is_edited():
    sheet = book(hostile())["Departments"]
    (cell,) = [c for c in cells([sheet]) if str(c.value).startswith("=HYPERLINK")]
    assert cell.quotePrefix
    assert cell.value == '=HYPERLINK("https://evil.example","x")'


def test_nothing_in_the_file_points_outside(hostile_members: dict[str, bytes]):
    assert not [c for c in hostile_members.values() if b'TargetMode="External"' in c]
    assert not [name for name in hostile_members if "vba" in name.lower()]


def test_names_of_any_script_are_kept_and_hidden_characters_are_not(
    hostile_members: dict[str, bytes],
):
    text = hostile_members["xl/sharedStrings.xml"].decode()
    assert "研究开发" in text and "🦊 Foxes" in text and "المالية" in text and "W" * 300 in text
    assert not set(text) & set("\u202e\u0007")
    assert "(no name)" in text


def test_no_cell_is_an_error_or_longer_than_a_spreadsheet_takes():
    for cell in cells(book(hostile()).worksheets):
        assert cell.data_type in ("n", "s")
        assert len(str(cell.value or "")) <= 32_767


def test_the_file_names_no_user_and_the_day_of_the_report(hostile_members: dict[str, bytes]):
    core = hostile_members["docProps/core.xml"].decode()
    assert re.findall(r"<dc:creator>(.+?)</dc:creator>", core) == []
    assert re.findall(r"<cp:lastModifiedBy>(.+?)</cp:lastModifiedBy>", core) == []
    assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {"2026-05-26"}


def test_the_same_model_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch):
    first = Workbook().render(organisation(100, 6))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert Workbook().render(organisation(100, 6)) == first


def test_columns_are_as_wide_as_their_words_within_limits(full: Any):
    widths = [d.width for s in full.worksheets[1:] for d in s.column_dimensions.values()]
    assert min(widths) >= 10 and max(widths) <= 50


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_sentence_that_the_files_ask_for_is_in_a_catalogue(package: str):
    known = load_words("orgnet") | load_words("orgnet_reports") | load_words(package)
    folders = [package.rpartition(".")[2], *(["workbook"] if "tables" in package else [])]
    sources = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    asked = {
        key
        for source in sources
        for key in re.findall(r'\btext\(\s*"([\w-]+(?:\.[\w-]+)+)"', source.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert {key for key in asked if key not in known} == set()


@pytest.mark.parametrize("package", CATALOGUES)
def test_no_file_says_a_sentence_of_the_page_in_other_words(package: str):
    page = set(load_words("orgnet").keys) | set(load_words("orgnet_reports").keys)
    assert set(load_words(package).keys) & page == set()
