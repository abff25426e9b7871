"""The people edition in a browser: silent, by keyboard, without script, on paper."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pytest

from orgnet_reports.people.explorer import PeopleExplorer
from orgnet_reports.people.page import PeoplePage
from people_models import hostile_people, people_model

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def page_of(open_page, model=None, **options):
    return open_page(PeoplePage().render(model or people_model()), **options)


@pytest.mark.parametrize("writer", [PeoplePage, PeopleExplorer], ids=["page", "explorer"])
@pytest.mark.parametrize("model", [people_model, hostile_people], ids=["plain", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_people_says_nothing_and_asks_for_nothing(open_page, writer, model, scheme):
    opened = open_page(writer().render(model()), color_scheme=scheme)
    opened.page.wait_for_timeout(200)
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith("data:")] == [opened.page.url]


def test_hostile_names_stay_text_in_search_lists_and_contacts(open_page):
    opened = page_of(open_page, hostile_people())
    page = opened.page
    page.fill("input[type=search]", "img src")
    assert page.locator("#panel li").count() == 3
    page.locator("#panel li button").first.click()
    assert "onerror=alert(1)" in page.locator("#panel h3").first.inner_text()
    assert page.locator("#panel img").count() == 0
    assert opened.said == []


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("model", [people_model, hostile_people], ids=["plain", "hostile"])
def test_the_page_of_people_never_scrolls_sideways(open_page, model, width):
    assert page_of(open_page, model(), width=width).page.evaluate(SIDEWAYS) <= 0


def test_without_script_the_picture_and_every_table_are_there(open_page):
    page = page_of(open_page, java_script_enabled=False).page
    assert page.locator("svg.still").is_visible()
    assert page.locator("details.group tbody tr").count() == 60
    assert (
        page.locator("button:visible, select:visible, input:visible, canvas:visible").count() == 0
    )


def test_anybody_is_reached_by_keyboard_and_so_are_their_contacts(open_page):
    page = page_of(open_page).page
    label = page.locator("details.group tbody th").nth(20).text_content().strip()
    page.locator("input[type=search]").focus()
    page.keyboard.type(label)
    assert page.locator("#live").text_content() == "1 person found."
    page.locator("#panel button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel h3").first.text_content() == f"Contacts of {label}"
    contacts = int(
        page.locator("details.group tbody tr").nth(20).locator("td").first.text_content()
    )
    assert page.locator("#panel li").count() == contacts
    assert page.evaluate("document.activeElement.textContent") == "Back"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#panel h3").first.text_content() != f"Contacts of {label}"
    page.keyboard.press("Escape")
    assert page.locator("#live").text_content() == "1 person found."


def test_a_long_list_grows_until_everybody_is_in_it(open_page):
    page = page_of(open_page, people_model(200, 2, 600)).page
    group = page.locator("#panel li button").first
    people = int(group.text_content().rsplit("(", 1)[1].rstrip(")"))
    group.click()
    while page.get_by_role("button", name="Show more").count():
        page.get_by_role("button", name="Show more").click()
    assert page.locator("#panel li").count() == people > 80


def test_filters_say_what_they_changed_and_reset(open_page):
    page = page_of(open_page).page
    before = page.locator("#live").text_content()
    assert before == "On the map: people 60, lines 300."
    page.select_option("select[name=strength]", "2")
    fewer = page.locator("#live").text_content()
    page.select_option("select[name=group]", "1")
    assert page.locator("#live").text_content().startswith("Marketing. People: ")
    page.locator("button[type=reset]").click()
    page.wait_for_function(
        "text => document.getElementById('live').textContent === text", arg=before
    )
    assert fewer != before


def pixels(page) -> str:
    return page.evaluate("document.getElementById('canvas').toDataURL()")


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "-"])
def test_keys_move_the_map_and_zero_shows_all_of_it_again(open_page, key):
    page = page_of(open_page).page
    page.locator("#canvas").focus()
    whole = pixels(page)
    page.keyboard.press(key)
    page.wait_for_timeout(250)
    assert pixels(page) != whole
    page.keyboard.press("0")
    page.wait_for_timeout(250)
    assert pixels(page) == whole


def test_the_wheel_scrolls_the_page_unless_ctrl_is_held(open_page):
    page = page_of(open_page).page
    page.locator("#canvas").scroll_into_view_if_needed()
    page.locator("#canvas").hover()
    whole, top = pixels(page), page.evaluate("scrollY")
    page.mouse.wheel(0, -120)
    page.wait_for_timeout(250)
    assert page.evaluate("scrollY") != top
    page.mouse.move(5, 5)
    page.wait_for_timeout(100)
    assert pixels(page) == whole
    page.locator("#canvas").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.wait_for_timeout(250)
    page.keyboard.up("Control")
    page.mouse.move(5, 5)
    page.wait_for_timeout(100)
    assert pixels(page) != whole


def test_a_click_on_a_dot_chooses_the_person(open_page):
    model = people_model(60, 1, 200)
    page = page_of(open_page, dataclasses.replace(model, group="Sales")).page
    page.locator("#canvas").scroll_into_view_if_needed()
    box, disc, person = page.locator("#canvas").bounding_box(), model.groups[0], model.people[9]
    scale = (min(box["width"], box["height"]) - 68) / (2 * disc.radius)
    page.mouse.click(
        box["x"] + box["width"] / 2 + (person.x - disc.x) * scale,
        box["y"] + box["height"] / 2 + 7 + (person.y - disc.y) * scale,
    )
    assert page.locator("#panel h3").first.text_content() == f"Contacts of {person.label}"


@pytest.mark.parametrize("model", [people_model, hostile_people], ids=["plain", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_the_page_of_people(open_page, model, scheme, width):
    page = page_of(open_page, model(), width=width, color_scheme=scheme, bypass_csp=True).page
    page.locator("details.group summary").first.click()
    page.fill("input[type=search]", "a")
    page.locator("#panel li button").first.click()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations.map((one) => one.id))")
    assert found == []


def test_the_map_is_described_and_names_its_alternative(open_page):
    canvas = page_of(open_page).page.locator("#canvas")
    assert canvas.get_attribute("role") == "img"
    assert "lists beside and below hold the same people" in canvas.get_attribute("aria-label")


@pytest.mark.parametrize("width", [390, 1280])
def test_every_target_of_the_people_page_is_large_enough(open_page, width):
    small = page_of(open_page, width=width).page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary")]
            .map((element) => [element, element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([element]) => element.textContent)"""
    )
    assert small == []


def test_the_list_is_saved_with_formulas_made_harmless(open_page, tmp_path):
    page = page_of(open_page, hostile_people(), accept_downloads=True).page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the list").click()
    download.value.save_as(tmp_path / "people.csv")
    text = (tmp_path / "people.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 34
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_paper_has_the_still_picture_on_white_and_the_banner(open_page):
    page = page_of(open_page, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("svg.still").is_visible() and not page.locator("canvas").is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert page.locator(".banner").is_visible()


def test_every_sheet_of_paper_carries_the_banner(open_page, tmp_path):
    import pypdf

    page = page_of(open_page).page
    page.pdf(path=str(tmp_path / "people.pdf"), format="A4", prefer_css_page_size=True)
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "people.pdf").pages]
    assert 3 <= len(sheets) <= 8
    squeezed = ["".join(text.split()) for text in sheets]
    assert all("Peopleedition.Itshowspeople,foronepurposeonly" in text for text in squeezed)


def test_printing_opens_the_lists_of_a_small_map_and_closes_them_again(open_page):
    page = page_of(open_page).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.group:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.group[open]").count() == 0
