"""The pages in a browser: silent, sealed, usable by keyboard, whole without script."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from orgnet_reports.explorer import Explorer
from orgnet_reports.html import Html
from report_models import GOLDEN, calm, hostile, organisation, without_departments

pytestmark = pytest.mark.browser

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("writer", [Html, Explorer], ids=["page", "explorer"])
@pytest.mark.parametrize("name", ["nobody", "ten people", "four hundred people", "hostile names"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_says_nothing_and_asks_for_nothing(open_page, writer, name, scheme):
    opened = open_page(writer().render(GOLDEN[name]()), color_scheme=scheme)
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith("data:")] == [opened.page.url]


@pytest.mark.parametrize("writer", [Html, Explorer], ids=["page", "explorer"])
@pytest.mark.parametrize("name", ["three people", "a hundred people", "25 groups", "hostile names"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_page_never_scrolls_sideways(open_page, writer, name, width):
    opened = open_page(writer().render(GOLDEN[name]()), width=width)
    assert opened.page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("writer", [Html, Explorer], ids=["page", "explorer"])
def test_without_script_every_table_is_there(open_page, writer):
    with_script = open_page(writer().render(organisation(100, 6)))
    without = open_page(writer().render(organisation(100, 6)), java_script_enabled=False)
    tables = "table td, table th"
    assert without.page.locator(tables).count() == with_script.page.locator(tables).count() > 40
    assert without.page.locator("button:visible, select:visible").count() == 0


def test_arrow_keys_walk_the_matrix_and_read_the_cell(open_page):
    page = open_page(Html().render(organisation(400, 10))).page
    page.locator("table.matrix tbody td").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    place = "[document.activeElement.parentElement.rowIndex, document.activeElement.cellIndex]"
    assert page.evaluate(place) == [2, 2]
    page.keyboard.press("End")
    assert page.evaluate(place) == [2, 10]
    page.keyboard.press("Control+Home")
    assert page.evaluate(place) == [1, 1]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(place) == [1, 1]
    assert "stays inside" in page.locator("#reading").inner_text()
    assert page.locator("table.matrix td[tabindex='0']").count() == 1


@pytest.mark.parametrize(("way", "key"), [("name", str), ("size", None)])
def test_the_matrix_takes_other_orders_with_every_cell_in_its_place(open_page, way, key):
    model = organisation(400, 10)
    page = open_page(Html().render(model)).page
    page.select_option("#matrix-order", way)
    rows = page.locator("table.matrix tbody th").all_inner_texts()
    columns = page.locator("table.matrix thead th").all_text_contents()
    sizes = {group.name: group.people for group in model.departments}
    assert rows == sorted(sizes, key=key or (lambda name: (-sizes[name], name)))
    assert [column.strip() for column in columns] == rows
    sentence = page.locator("table.matrix tbody tr").nth(1).locator("td .unseen").nth(3)
    assert sentence.text_content().startswith(f"{rows[1]} and {rows[3]}: ")
    assert "are now ordered" in page.locator("#live").text_content()


def test_a_table_is_saved_as_csv_with_formulas_made_harmless(open_page, tmp_path):
    page = open_page(Html().render(hostile()), accept_downloads=True).page
    with page.expect_download() as download:
        page.locator("#silos .tools button", has_text="Download").first.click()
    assert download.value.suggested_filename == "silos.csv"
    file = tmp_path / "silos.csv"
    download.value.save_as(file)
    rows = list(csv.reader(io.StringIO(Path(file).read_text(encoding="utf-8-sig"))))
    names = [row[0] for row in rows[1:]]
    assert len(rows) == 12 and rows[0][:2] == ["Department", "People"]
    assert '\'=HYPERLINK("https://evil.example","x")' in names
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_the_matrix_is_saved_without_its_spoken_sentences(open_page, tmp_path):
    page = open_page(Html().render(calm(100, 4)), accept_downloads=True).page
    with page.expect_download() as download:
        page.locator("#matrix .tools button", has_text="Download").click()
    download.value.save_as(tmp_path / "matrix.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "matrix.csv").read_text("utf-8-sig"))))
    assert [len(row) for row in rows] == [5] * 5
    assert max(len(cell) for row in rows[1:] for cell in row[1:]) < 10


def test_the_colour_switch_outranks_the_system(open_page):
    page = open_page(Html().render(calm()), color_scheme="dark").page
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    page.locator(".theme button", has_text="Light").click()
    light = page.evaluate(paper)
    page.locator(".theme button", has_text="System").click()
    assert page.evaluate(paper) == dark != light


def test_paper_is_white_when_the_system_is_dark(open_page):
    page = open_page(Html().render(organisation(100, 6)), color_scheme="dark").page
    page.locator(".theme button", has_text="Dark").click()
    page.emulate_media(media="print", color_scheme="dark")
    colours = "getComputedStyle(document.documentElement)"
    assert page.evaluate(f"{colours}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(f"{colours}.getPropertyValue('--step-5')").strip() == "#eceae6"


def test_printing_opens_what_is_closed_and_closes_it_again(open_page):
    page = open_page(Html().render(organisation(100, 6))).page
    closed = page.locator("details:not([open])").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed > 0 and page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == closed


def test_the_page_prints_on_few_sheets(open_page):
    page = open_page(Html().render(organisation(400, 10))).page
    content = page.pdf(format="A4", print_background=True, tagged=True)
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") <= 14


def test_no_label_of_the_map_leaves_the_picture(open_page):
    page = open_page(Html().render(hostile())).page
    outside = page.evaluate(
        """() => {
            const frame = document.querySelector(".chart-map .scroll svg").getBoundingClientRect();
            return [...document.querySelectorAll(".chart-map .department text")]
                .map((text) => text.getBoundingClientRect())
                .filter((box) => box.left < frame.left - 1 || box.right > frame.right + 1
                    || box.bottom > frame.bottom + 1).length;
        }"""
    )
    assert outside == 0


def test_a_circle_in_focus_lights_its_own_lines(open_page):
    page = open_page(Html().render(organisation(400, 10))).page
    circle = page.locator(".department").first
    circle.focus()
    lines = page.locator(".chart-map line[data-ends]").count()
    lit = page.locator(".chart-map line.lit").count()
    assert 0 < lit < lines
    assert "people" in circle.get_attribute("aria-label")


def test_every_target_is_large_enough(open_page):
    page = open_page(Html().render(organisation(400, 10)), width=390).page
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, nav a, summary, .evidence a")]
            .map((element) => [element, element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([element]) => element.textContent)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 1280])
def test_a_very_small_report_is_whole_at_any_width(open_page, width):
    page = open_page(Html().render(without_departments(10)), width=width).page
    assert page.locator("svg.map").count() == 0
    assert page.locator("h1").bounding_box()["width"] <= width


def test_filters_of_the_explorer_say_what_they_changed_and_reset(open_page):
    opened = open_page(Explorer().render(organisation(400, 10)))
    page, live = opened.page, opened.page.locator("#live")
    before = live.text_content()
    page.select_option("select[name=strength]", "3.0")
    fewer = live.text_content()
    page.select_option("select[name=node]", "2")
    chosen = live.text_content()
    page.locator("button[type=reset]").click()
    said = "text => document.getElementById('live').textContent === text"
    page.wait_for_function(said, arg=before)
    assert before != fewer != chosen
    assert chosen.startswith("Legal, 41 people. ")
    assert opened.said == []


def test_the_filters_hide_the_same_lines_in_the_table(open_page):
    page = open_page(Explorer().render(organisation(400, 10))).page
    page.select_option("select[name=node]", label="Legal")
    page.select_option("select[name=side]", "fewer")
    shown = page.locator("#lines tbody tr:visible")
    said = page.locator("#live").text_content()
    assert said.startswith("Legal, 41 people. ")
    assert f"{shown.count()} of " in said and "Lines: less than expected" in said
    assert shown.count() > 0
    assert all("Legal" in row for row in shown.all_inner_texts())


def test_the_explorer_is_used_by_keyboard(open_page):
    opened = open_page(Explorer().render(organisation(400, 10)))
    page = opened.page
    page.locator("select[name=node]").focus()
    page.keyboard.type("Fin")
    assert page.locator("#live").text_content().startswith("Finance, ")
    page.locator("#network").focus()
    for key in ("ArrowRight", "+", "0"):
        page.keyboard.press(key)
    assert opened.said == []


def test_the_explorer_draws_the_network(open_page):
    page = open_page(Explorer().render(organisation(100, 6))).page
    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector("#network canvas");
            const pixels = canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height).data;
            return pixels.some((value) => value > 0);
        }"""
    )
    assert painted
