"""No cell of a CSV file or workbook is computed, whatever somebody called a department."""

import csv
import dataclasses
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.report_model import PeopleModel, ReportModel
from orgnet_reports.formulas import harmless
from orgnet_reports.group_tables.csv_files import Csv
from orgnet_reports.people.tables import PeopleCsv
from orgnet_reports.workbook.book import Workbook
from people_models import people_model
from report_models import organisation

SIGNS = "=+-@＝＋－＠"

#: A program run by the sheet, in all the places from which a spreadsheet would run it.
RUN = "cmd|' /C calc'!A0"
HOSTILE = tuple(
    f"{before}{sign}{RUN}"
    for sign in SIGNS
    for before in ("", " ", "\t", "\r", "\n", "\u00a0", "Legal;", "Legal; ", "Legal\t", "Legal\r\n")
)


def cells(line: str) -> list[str]:
    """What a spreadsheet of any country makes of a text that stands in no quotes."""
    return re.split(r"[;\t\r\n]", line)


def is_computed(text: str) -> bool:
    return any(cell.strip()[:1] in tuple(SIGNS) and cell.strip() for cell in cells(text))


@given(st.text(alphabet=st.sampled_from([*SIGNS, *";\t\r\n \u00a0'\"aA1,"]), max_size=12))
def test_nothing_is_computed_wherever_the_cell_is_cut(text: str) -> None:
    told = harmless(text)

    assert not is_computed(told)
    # Nothing but apostrophes was put in.
    assert told.replace("'", "") == text.replace("'", "")


@given(st.text(alphabet="abcÄß012 .,()&/'", max_size=20))
def test_text_like_any_other_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def of_departments(names: tuple[str, ...]) -> ReportModel:
    model = organisation(400, 10)
    shown = zip(model.departments, names, strict=False)
    renamed = tuple(dataclasses.replace(one, name=name) for one, name in shown)
    first = dataclasses.replace(model.pairs[0], group_a=names[0], group_b=names[1])
    return dataclasses.replace(model, departments=renamed, pairs=(first,), organisation=names[0])


def of_people(names: tuple[str, ...]) -> PeopleModel:
    model = people_model(40, 4, 60)
    people = tuple(
        dataclasses.replace(person, label=names[at % len(names)])
        for at, person in enumerate(model.people)
    )
    return dataclasses.replace(model, people=people)


def members(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
            if name.endswith(".csv")
        ]


def texts(table: str) -> list[str]:
    """Every cell that is no number."""
    found = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    return [cell for cell in found if not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)]


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 10))
def test_no_cell_of_the_csv_files_is_computed(start: int) -> None:
    names = HOSTILE[start : start + 10]
    written = [*members(Csv().render(of_departments(names)))]
    written += members(PeopleCsv().render(of_people(names)))
    found = [cell for table in written for cell in texts(table)]

    assert sum(RUN.partition(" ")[0] in cell for cell in found) >= 10
    assert [cell for cell in found if is_computed(cell)] == []


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 10))
def test_no_cell_of_the_workbook_is_computed_even_when_it_is_edited(start: int) -> None:
    names = HOSTILE[start : start + 10]
    content = Workbook().render(of_departments(names))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(one) for one in archive.namelist() if "worksheets/sheet" in one]
    book = openpyxl.load_workbook(io.BytesIO(content))
    looking = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and RUN.partition(" ")[0] in cell.value
    ]

    assert not [sheet for sheet in sheets if b"<f" in sheet]
    assert len(looking) >= 10
    assert [
        cell.value for cell in looking if is_computed(cell.value) and not cell.quotePrefix
    ] == []


def test_it_would_notice_a_cell_that_is_computed() -> None:
    assert all(is_computed(name) for name in HOSTILE)
    assert not any(is_computed(harmless(name)) for name in HOSTILE)
