"""The pages on paper, printed from a dark system: few sheets, headed, white, and nothing cut."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from orgnet_reports.html import Html
from orgnet_reports.running_header import css_string
from report_models import GOLDEN, hostile, organisation

pytestmark = pytest.mark.browser

#: Sheets that a report may have, by organisation.
SHEETS = {"ten people": 4, "a hundred people": 12, "four hundred people": 13, "25 groups": 18}

#: Elements whose ground is dark on paper, other than the steps of the scale and the samples.
DARK_GROUNDS = """() => [...document.querySelectorAll("body, body *")]
    .filter((element) => element.checkVisibility() && !/step-/.test(element.className))
    .map((element) => [element.tagName, getComputedStyle(element).backgroundColor])
    .filter(([, colour]) => {
        const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return alpha > 0 && red + green + blue < 600;
    })"""


@pytest.fixture
def printed(open_page):
    def pages(model, paper: str) -> tuple[bytes, list[str]]:
        page = open_page(Html().render(model), color_scheme="dark").page
        content = page.pdf(format=paper, print_background=True, tagged=True, outline=True)
        reader = pypdf.PdfReader(io.BytesIO(content))
        return content, [" ".join(sheet.extract_text().split()) for sheet in reader.pages]

    return pages


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("name", SHEETS)
def test_a_report_takes_few_sheets_and_each_is_headed(printed, name, paper):
    _, sheets = printed(GOLDEN[name](), paper)
    assert len(sheets) <= SHEETS[name]
    for number, sheet in enumerate(sheets, 1):
        assert "Northwind Example · 2 March 2026 to 24 May 2026" in sheet
        assert "Groups edition" in sheet
        assert f"{number} / {len(sheets)}" in sheet


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_first_sheet_holds_the_findings(printed, paper):
    _, sheets = printed(organisation(400, 10), paper)
    assert "What stands out" in sheets[0]
    assert sheets[0].count("See the evidence") == 3


def test_a_table_that_goes_on_repeats_its_header(printed):
    _, sheets = printed(organisation(2000, 25), "Letter")
    heads = [sheet for sheet in sheets if re.search("Department and department Line", sheet)]
    assert len(heads) >= 2


@pytest.mark.parametrize(("people", "groups"), [(400, 10), (2000, 25)])
def test_the_matrix_stands_on_one_sheet_with_its_heading(printed, people, groups):
    model = organisation(people, groups)
    _, sheets = printed(model, "Letter")
    (sheet,) = [sheet for sheet in sheets if "as a multiple of what would be expected" in sheet]
    assert "Department by department" in sheet
    assert all(sheet.count(group.name) >= 2 for group in model.departments)


def test_no_heading_of_a_table_ends_a_sheet(printed):
    _, sheets = printed(organisation(2000, 25), "Letter")
    captions = ("Openness by department, least open first", "People seen by department",
                "Lines drawn on the map")  # fmt: skip
    assert [sheet[-90:] for sheet in sheets if sheet.endswith(captions)] == []


def test_what_is_closed_on_the_screen_is_printed(printed):
    _, sheets = printed(organisation(100, 6), "A4")
    assert "Lines drawn on the map" in " ".join(sheets)


def test_hostile_names_are_printed_whole_and_push_nothing_off_the_paper(open_page):
    page = open_page(Html().render(hostile()), width=680).page
    page.emulate_media(media="print")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("table")]
            .filter((table) => table.getBoundingClientRect().right > innerWidth)
            .map((table) => table.dataset.file)"""
    )
    assert wide == []


def test_paper_is_white_everywhere_when_the_system_is_dark(open_page):
    page = open_page(Html().render(organisation(100, 6)), color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(DARK_GROUNDS) == []


def test_hatches_do_not_swell_the_pdf(printed):
    content, _ = printed(GOLDEN["25 groups"](), "A4")
    assert len(content) < 1_500_000


@pytest.mark.parametrize(
    "text", ['"; } body { display: none } "', "</style><script>alert(1)</script>", "\\", "Zoë 研"]
)
def test_a_name_in_the_style_sheet_stays_text(open_page, text):
    assert re.fullmatch(r'"(?:[A-Za-z0-9 ]|\\[0-9A-F]+ )*"', css_string(text))
    style = f"p::before {{ content: {css_string(text)} }}"
    page = open_page(f"<meta charset=utf-8><style>{style}</style><p>".encode()).page
    shown = page.evaluate("getComputedStyle(document.querySelector('p'), '::before').content")
    assert shown == '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))
