"""One model: page, slides, sheets, CSV, graph and JSON cannot tell different numbers."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from html.parser import HTMLParser
from typing import Any

import networkx as nx
import openpyxl
import pytest
from pptx import Presentation

from orgnet.report_model import (
    Change,
    DepartmentChange,
    IndexChange,
    Period,
    RequiredLink,
    Requirements,
    Survey,
    SurveyAnswers,
    SurveyItem,
    SurveyRow,
    TreeStep,
    Vertical,
)
from orgnet.words import load_words
from orgnet_reports.explorer import Explorer
from orgnet_reports.figures import NOTHING, Figures
from orgnet_reports.gexf import Gexf
from orgnet_reports.graphml import GraphMl
from orgnet_reports.group_tables.csv_files import Csv
from orgnet_reports.group_tables.opening import opened
from orgnet_reports.group_tables.zip_files import zip_members
from orgnet_reports.html import Html
from orgnet_reports.json import Json
from orgnet_reports.slides.deck import Slides
from orgnet_reports.workbook.book import Workbook
from report_models import GOLDEN, organisation

FIGURES = Figures(load_words("orgnet"))
FULL = ("a hundred people", "four hundred people", "all withheld", "no ties",
        "one dominant person", "two groups", "25 groups", "hostile names")  # fmt: skip


class Tables(HTMLParser):
    """The cells of every table of a page, by the name of its CSV file."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self._rows = self.tables.setdefault(dict(attrs)["data-file"], [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._rows[-1][-1] += data


def page_tables(content: bytes) -> dict[str, list[list[str]]]:
    parser = Tables()
    parser.feed(content.decode())
    return {
        name: [[" ".join(cell.split()) for cell in row] for row in rows[1:]]
        for name, rows in parser.tables.items()
    }


def sheet_rows(content: bytes, title: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    if title not in book.sheetnames:
        return []
    return [
        tuple(None if value == NOTHING else value for value in row)
        for row in book[title].iter_rows(min_row=2, values_only=True)
    ]


def csv_rows(content: bytes, name: str) -> list[dict[str, Any]]:
    text = zip_members(content).get(f"{name}.csv", b"").decode("utf-8-sig")
    return [
        {key: _number(value) for key, value in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text.removeprefix("'") if text else None


def slide_rows(content: bytes) -> list[list[str]]:
    return [
        [cell.text_frame.text for cell in row.cells]
        for slide in Presentation(io.BytesIO(content)).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]


@pytest.fixture(params=FULL)
def model(request: pytest.FixtureRequest) -> Any:
    return opened(GOLDEN[request.param]()).model


def test_json_holds_exactly_the_figures_of_the_model(model: Any):
    assert json.loads(Json().render(model)) == json.loads(json.dumps(model.to_dict()))


def test_departments_are_the_same_in_sheet_csv_graph_and_model(model: Any):
    expected = [
        (g.name, g.people, g.share_inside, g.expected_inside, g.openness, g.low, g.high)
        for g in model.departments
    ]
    assert [row[:7] for row in sheet_rows(Workbook().render(model), "Departments")] == expected
    keys = ("department", "people", "share_inside", "expected_inside", "openness", "low", "high")
    rows = csv_rows(Csv().render(model), "departments")
    assert [tuple(row[key] for key in keys) for row in rows] == expected
    for graph in (
        nx.read_graphml(io.BytesIO(GraphMl().render(model))),
        nx.read_gexf(io.BytesIO(Gexf().render(model))),
    ):
        found = [
            tuple(data.get(key) for key in ("label", *keys[1:]))
            for _, data in graph.nodes(data=True)
        ]
        assert found == expected


def test_pairs_are_the_same_in_sheet_csv_graph_and_model(model: Any):
    expected = [
        (p.group_a, p.group_b, p.ties, p.expected, p.ratio, p.low, p.high, p.q) for p in model.pairs
    ]
    assert [row[:8] for row in sheet_rows(Workbook().render(model), "Pairs")] == expected
    keys = ("department", "other_department", "ties", "expected", "ratio", "low", "high", "chance")
    rows = csv_rows(Csv().render(model), "pairs")
    assert [tuple(row[key] for key in keys) for row in rows] == expected
    graph = nx.read_graphml(io.BytesIO(GraphMl().render(model)))
    numbers = ("ties", "expected", "ratio", "low", "high", "q")
    assert [
        (graph.nodes[a]["label"], graph.nodes[b]["label"], *(data.get(key) for key in numbers))
        for a, b, data in graph.edges(data=True)
    ] == expected


def test_findings_are_the_same_in_sheet_csv_and_model(model: Any):
    expected = [
        (at, f.headline, f.statement, f.effect, f.low, f.high)
        for at, f in enumerate(model.findings, start=1)
    ]
    found = sheet_rows(Workbook().render(model), "Findings")
    assert [(row[0], *row[2:7]) for row in found] == expected
    keys = ("number", "headline", "statement", "effect", "low", "high")
    rows = csv_rows(Csv().render(model), "findings")
    assert [tuple(row[key] for key in keys) for row in rows] == expected


def test_the_page_prints_of_a_department_what_the_sheet_holds(model: Any):
    printed = {row[0]: row[1:6] for row in page_tables(Html().render(model)).get("silos", [])}
    sheet = {row[0]: row for row in sheet_rows(Workbook().render(model), "Departments")}
    assert set(printed) == {g.name for g in model.departments if g.openness is not None}
    for name, cells in printed.items():
        _, people, inside, by_headcount, openness, low, high = sheet[name][:7]
        assert cells == [
            FIGURES.count(people), FIGURES.share(inside), FIGURES.share(by_headcount),
            FIGURES.fine_ratio(openness), FIGURES.interval(low, high, FIGURES.fine_ratio),
        ]  # fmt: skip


def test_page_and_explorer_print_of_a_pair_what_the_sheet_holds(model: Any):
    sheet = {row[:2]: row for row in sheet_rows(Workbook().render(model), "Pairs")}
    for cells in page_tables(Html().render(model)).get("weak-links", []):
        _, _, ties, expected, ratio, low, high = sheet[tuple(cells[:2])][:7]
        assert cells[2:6] == [
            FIGURES.count(ties), FIGURES.expected(expected), FIGURES.fine_ratio(ratio),
            FIGURES.interval(low, high, FIGURES.fine_ratio),
        ]  # fmt: skip
    explored = page_tables(Explorer().render(model))["pairs"]
    for cells in explored:
        _, _, ties, expected, ratio = sheet[tuple(cells[:2])][:5]
        assert cells[2:5] == [FIGURES.count(ties), FIGURES.expected(expected), FIGURES.ratio(ratio)]
    assert len(explored) == sum(p.contact is not None or p.ratio is not None for p in model.pairs)


def test_slides_print_of_a_department_what_the_page_prints():
    model = organisation(400, 10)
    printed = {tuple(row[:6]) for row in page_tables(Html().render(model))["silos"]}
    shown = {tuple(row[:6]) for row in slide_rows(Slides().render(model)) if len(row) == 7}
    assert len(printed) == 10
    assert printed <= shown


def test_slides_print_of_a_weak_pair_what_the_page_prints():
    model = organisation(400, 10)
    printed = {tuple(row[:6]) for row in page_tables(Html().render(model))["weak-links"]}
    shown = {tuple(row) for row in slide_rows(Slides().render(model)) if len(row) == 6}
    assert printed and printed <= shown


def test_slides_print_the_matrix_of_the_page():
    model = organisation(100, 6)
    shown = [row for row in slide_rows(Slides().render(model)) if len(row) == 7]
    matrix = {row[0]: row[1:] for row in shown if row[0] in {g.name for g in model.departments}}
    ratios = {frozenset((p.group_a, p.group_b)): p for p in model.pairs}
    heads = next(row[1:] for row in shown if row[0] == "")
    for name, cells in matrix.items():
        for other, text in zip(heads, cells, strict=True):
            pair = ratios.get(frozenset((name, other)))
            if pair is not None and pair.ratio is not None:
                assert text == FIGURES.ratio(pair.ratio)


def test_bars_are_as_long_as_the_numbers_that_are_printed():
    model = organisation(400, 10)
    charts = [
        shape.chart
        for slide in Presentation(io.BytesIO(Slides().render(model))).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    drawn = [
        list(zip(c.plots[0].categories, c.plots[0].series[0].values, strict=True)) for c in charts
    ]
    openness = {group.name: FIGURES.fine_ratio(group.openness) for group in model.departments}
    assert [f"{value:.2f}" for _, value in drawn[0]] == [openness[name] for name, _ in drawn[0]]
    weak = [p for f in model.findings if f.kind == "weak_link"
            for p in model.pairs if (p.group_a, p.group_b) == f.subject]  # fmt: skip
    gaps = [bars for bars in drawn if len(bars) == 2]
    assert len(gaps) == len(weak)
    for pair, bars in zip(weak, gaps, strict=True):
        assert FIGURES.count(bars[0][1]) == FIGURES.count(pair.ties)
        assert f"{bars[1][1]:g}" == FIGURES.expected(pair.expected)


def test_a_half_is_rounded_alike_on_slides_and_page():
    base = organisation(400, 10)
    pairs = tuple(dataclasses.replace(p, expected=94.5) if p.weak else p for p in base.pairs)
    model = dataclasses.replace(base, pairs=pairs)
    printed = {row[3] for row in page_tables(Html().render(model))["weak-links"]}
    chart = next(
        shape.chart
        for slide in Presentation(io.BytesIO(Slides().render(model))).slides
        for shape in slide.shapes
        if shape.has_chart and len(shape.chart.plots[0].categories) == 2
    )
    assert {f"{chart.plots[0].series[0].values[1]:.0f}"} == printed


def test_the_further_parts_of_a_model_reach_sheet_and_csv_unchanged():
    model = further()
    book, files = Workbook().render(model), Csv().render(model)
    assert sheet_rows(book, "Required contact")[0][2:6] == (0.4, None, 3, None)
    assert sheet_rows(book, "Required contact")[1][2:7] == (0.6, 2, 3, 0.2, "below the target")
    assert sheet_rows(book, "Change")[0][1:7] == (0.31, 0.42, 0.11, 0.02, 0.2, 0.04)
    assert sheet_rows(book, "Survey response")[0] == ("everybody", 90, 0.7)
    assert sheet_rows(book, "Survey answers")[0][2:] == (63, 0.5, 0.3, 0.2)
    lines = dict(row[:2] for row in sheet_rows(book, "Reporting lines"))
    assert lines["contact along the line"] == 0.25
    assert lines["mean strength of contact at 2 steps in the reporting tree"] == 0.8
    glance = {row[0]: row[1:] for row in sheet_rows(book, "At a glance")}
    assert glance["share of the required contact that is there"][0] == 0.75
    assert glance["Alignment index against the period before: Index"][::3] == (66.0, 61.0)
    assert csv_rows(files, "requirements")[1]["gap"] == 0.2
    assert csv_rows(files, "change")[0]["after"] == 0.42
    assert csv_rows(files, "survey_answers")[0]["agree"] == 0.5


def further() -> Any:
    """A model with requirements, a change, a survey and reporting lines."""
    base = organisation(100, 6)
    first, second, third = (group.name for group in base.departments[:3])
    none = dict.fromkeys(field.name for field in dataclasses.fields(Vertical))
    links = (
        RequiredLink(group_a=first, group_b=second, required=0.4, regular=None, target=3,
                     state=None, gap=None, reason="few_people"),
        RequiredLink(group_a=first, group_b=third, required=0.6, regular=2, target=3,
                     state="thin", gap=0.2),
    )  # fmt: skip
    period = Period(first="2025-12-01", last="2026-02-22", weeks=12)
    changed = DepartmentChange(name=first, before=0.31, after=0.42, change=0.11, low=0.02,
                               high=0.2, q=0.04, proven=True)  # fmt: skip
    answers = SurveyAnswers(department=first, people=63, agree=0.5, neutral=0.3, disagree=0.2)
    return dataclasses.replace(
        base,
        requirements=Requirements(congruence=0.75, lift=0.2, unneeded_share=0.1, links=links),
        change=Change(
            before=period, after=base.period, people=80, joined=10, left=8,
            departments=(changed,), scores=(IndexChange(key="index", before=61.0, after=66.0),),
        ),
        survey=Survey(
            response=(SurveyRow(department=None, people=90, answered=0.7),),
            items=(SurveyItem(text="We plan together", rows=(answers,)),),
        ),
        vertical=Vertical(
            **none | {"share_line": 0.25, "profile": (TreeStep(distance=2, strength=0.8),)}
        ),
    )  # fmt: skip
