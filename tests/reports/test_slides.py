"""The slides: what is on them, that it fits, and what the file tells about its maker."""

from __future__ import annotations

import io
import re
import sys
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from orgnet.errors import OrgnetError
from orgnet.report_model import Report
from orgnet_reports.group_tables.zip_files import zip_members
from orgnet_reports.slides.deck import Slides
from orgnet_reports.slides.fitting import fitted, in_sentence, lines_of
from report_models import GOLDEN, hostile, organisation

INCH = 914_400


def deck(model: Any) -> Any:
    return Presentation(io.BytesIO(Slides().render(model)))


@cache
def golden(name: str) -> Any:
    return deck(GOLDEN[name]())


def titles(model: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck(model).slides]


def told(slide: Any) -> str:
    """Everything that can be read on a slide."""
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def full() -> Any:
    return deck(organisation(400, 10))


@pytest.fixture(scope="module")
def hostile_members() -> dict[str, bytes]:
    return zip_members(Slides().render(hostile()))


def test_slides_are_a_report():
    assert isinstance(Slides(), Report)
    assert (Slides.name, Slides.file_name) == ("slides", "report.pptx")


def test_a_missing_library_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(OrgnetError, match=r"pip install 'orgnet-ona\[slides\]'"):
        Slides().render(organisation(100, 6))


def test_the_slides_are_sixteen_to_nine(full: Any):
    assert full.slide_width * 9 == full.slide_height * 16


def test_findings_come_first_one_a_slide_and_the_method_comes_last():
    model = organisation(400, 10)
    found = titles(model)
    count = len(model.findings)
    assert found[:2] == [model.title, "What stands out"]
    assert found[2 : 2 + count] == [finding.headline for finding in model.findings]
    assert found[-3:] == [
        "How good the data are",
        "What these slides cannot say",
        "How this was made",
    ]


def test_a_finding_says_how_sure_what_else_and_what_to_ask(full: Any):
    model = organisation(400, 10)
    slide, finding = full.slides[2], model.findings[0]
    text = told(slide)
    for part in (
        finding.statement,
        finding.alternative,
        finding.question,
        "Clear: passes the test",
    ):
        assert part in text
    assert "A department is called a silo" in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("four hundred people", "The chart and the circles people work in", "A (35)"),
        ("requirements and lines", "65% of the required contact is there", "missing"),
        ("requirements and lines", "The further apart on the chart, the less contact", "Layers"),
        ("two periods", "2 departments changed how much they look outward", "under 1%"),
        ("a survey", "How many agree", "Disagree"),
    ],
)
def test_each_further_section_of_the_page_has_a_slide(name: str, title: str, said: str):
    (slide,) = (s for s in golden(name).slides if s.shapes.title.text_frame.text == title)
    assert said in told(slide)
    assert slide.notes_slide.notes_text_frame.text


def test_a_table_too_long_for_a_slide_says_where_it_goes_on():
    (slide,) = (
        s
        for s in golden("60 groups").slides
        if s.shapes.title.text_frame.text == "The chart and the circles people work in"
    )
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    assert len(table.rows) == 11
    assert "The table goes on in the report and in the workbook." in told(slide)


def test_more_findings_than_can_be_told_are_counted():
    model = organisation(5000, 60)
    slides = deck(model).slides
    assert f"{len(model.findings) - 10} more findings" in told(slides[1])
    assert len(slides) < 25


def test_charts_and_tables_are_native_and_each_is_described(full: Any):
    shapes = [shape for slide in full.slides for shape in slide.shapes]
    drawn = [shape for shape in shapes if shape.has_chart or shape.has_table]
    assert sum(shape.has_chart for shape in drawn) >= 5
    assert sum(shape.has_table for shape in drawn) >= 10
    described = [shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr/@descr") for shape in drawn]
    assert all(texts and texts[0].strip() for texts in described)
    assert not [shape for shape in shapes if shape.shape_type == 13]


@pytest.mark.parametrize("name", GOLDEN)
def test_every_slide_has_a_title_a_number_notes_and_stays_inside(name: str):
    show = golden(name)
    for number, slide in enumerate(show.slides, start=1):
        assert slide.shapes.title.text_frame.text.strip()
        assert [s.text_frame.text for s in slide.shapes if s.name == "Slide number"] == [
            str(number)
        ]
        assert slide.has_notes_slide
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= show.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= show.slide_height, shape.name


@pytest.mark.parametrize("name", ["hostile names", "60 groups", "four hundred people"])
def test_text_fits_its_box_by_our_measure(name: str):
    for slide in golden(name).slides:
        for shape in slide.shapes:
            if not shape.has_text_frame or not shape.text_frame.text.strip():
                continue
            width = shape.width / INCH - 0.2
            used = sum(
                lines_of(paragraph.text, width, paragraph.runs[0].font.size.pt)
                * paragraph.runs[0].font.size.pt * 1.22 / 72
                for paragraph in shape.text_frame.paragraphs if paragraph.runs
            )  # fmt: skip
            assert used <= shape.height / INCH + 0.01, shape.text_frame.text[:60]


@pytest.mark.parametrize("name", GOLDEN)
def test_no_two_tables_or_texts_of_a_finding_lie_on_each_other(name: str):
    for slide in golden(name).slides:
        boxes = [
            (s.left, s.top, s.left + s.width, s.top + s.height)
            for s in slide.shapes
            if s.has_table or s.has_chart or s.name in ("Statement", "How sure and what to ask")
        ]
        for at, (left, top, right, bottom) in enumerate(boxes):
            for l2, t2, r2, b2 in boxes[at + 1 :]:
                assert right <= l2 or r2 <= left or bottom <= t2 or b2 <= top


def test_a_small_organisation_gets_the_statement_and_no_department():
    found = titles(GOLDEN["ten people"]())
    assert "What can be said" in found
    assert not [title for title in found if "department" in title.lower()]
    assert "would show individuals" in told(deck(GOLDEN["ten people"]()).slides[1])


def test_the_same_model_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch):
    first = Slides().render(organisation(100, 6))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert Slides().render(organisation(100, 6)) == first


def test_the_file_names_neither_user_nor_program_and_holds_no_macro(
    hostile_members: dict[str, bytes],
):
    core = hostile_members["docProps/core.xml"].decode()
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) == [""]
    assert re.findall(r"<cp:lastModifiedBy>(.*?)</cp:lastModifiedBy>", core) == [""]
    assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {"2026-05-26"}
    names = " ".join(hostile_members)
    assert (
        "vba" not in names.lower() and "thumbnail" not in names and "printer" not in names.lower()
    )
    assert b"PowerPoint" not in hostile_members["docProps/app.xml"]


def test_no_part_of_the_file_points_outside(hostile_members: dict[str, bytes]):
    outside = [
        name
        for name, content in hostile_members.items()
        if name.endswith(".rels") and b'TargetMode="External"' in content
    ]
    assert outside == []


def test_every_part_is_well_formed_and_without_hidden_characters(
    hostile_members: dict[str, bytes],
):
    parts = {n: c for n, c in hostile_members.items() if n.endswith((".xml", ".rels"))}
    text = "".join("".join(ET.fromstring(content).itertext()) for content in parts.values())
    assert "研究开发" in text and "🦊 Foxes" in text and "المالية" in text
    assert not set(text) & set("\u202e\u0007\x00")


def test_no_label_becomes_a_formula_in_the_sheet_behind_a_chart(
    hostile_members: dict[str, bytes],
):
    sheets = [content for name, content in hostile_members.items() if name.endswith(".xlsx")]
    assert sheets
    cells = [
        cell
        for sheet in sheets
        for row in openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows()
        for cell in row
    ]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not [s for s in sheets if b"<f>" in zip_members(s)["xl/worksheets/sheet1.xml"]]


def test_a_name_from_right_to_left_keeps_the_sentence_after_it_in_place():
    assert in_sentence("المالية 5", ["المالية"]) == "المالية\u200e 5"
    assert in_sentence("Legal 5", ["Legal"]) == "Legal 5"


@given(
    st.lists(st.text(min_size=1), min_size=1, max_size=5),
    st.floats(min_value=1, max_value=12),
    st.floats(min_value=0.3, max_value=5),
)
def test_fitted_text_is_never_taller_than_its_box(
    paragraphs: list[str], width: float, height: float
):
    shown, size = fitted(paragraphs, width=width, height=height, sizes=(24, 12))
    lines = sum(lines_of(text, width, size) for text in shown)
    assert lines * size * 1.22 / 72 <= height + 1e-9
    assert len(shown) >= 1
