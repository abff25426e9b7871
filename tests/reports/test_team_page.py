"""The team edition as a page: what it says, how it is sealed, and that it prints on two sheets."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest

from orgnet.report_model import Report
from orgnet_reports.drawing.svg import text_width
from orgnet_reports.sealed_page import static
from orgnet_reports.team.contents import MOST_LISTED
from orgnet_reports.team.page import TeamPage
from orgnet_reports.team.ring import fitted
from orgnet_reports.team.seats import WIDTH, seated
from team_models import GOLDEN_TEAMS, hostile, names, quiet, team, without_functions

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map(({id, nodes}) => [id, nodes[0].html.slice(0, 160), nodes[0].failureSummary])"""

#: Words of judgement; the first part is English, then German and French.
BANNED = (
    "significan", "isolated", "isoliert", "isolé", "the best", "beste", "meilleur", "underperform",
    "top ", "worst", "schlechteste",
)  # fmt: skip


def page(model: Any, language: str = "en") -> str:
    return TeamPage().render(dataclasses.replace(model, language=language)).decode("utf-8")


def text_of(html: str) -> str:
    body = html.split("<body>")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_it_is_a_report():
    assert isinstance(TeamPage(), Report)
    assert (TeamPage.name, TeamPage.file_name) == ("html", "team.html")


@pytest.mark.parametrize("name", GOLDEN_TEAMS)
def test_the_same_team_gives_the_same_bytes_and_few_of_them(name: str):
    content = TeamPage().render(GOLDEN_TEAMS[name]())

    assert content == TeamPage().render(GOLDEN_TEAMS[name]())
    assert len(content) < 150_000


@pytest.mark.parametrize("name", GOLDEN_TEAMS)
def test_the_policy_allows_the_style_and_nothing_else(name: str):
    html = page(GOLDEN_TEAMS[name]())
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert (
        f"default-src 'none'; script-src 'none'; style-src 'sha256-{digest}'; img-src data:"
        in unescape(html)
    )
    assert "<script" not in html and " style=" not in html and "//" not in html.split("<body")[0]


def test_hostile_names_stay_text():
    html = page(hostile())

    assert "<img" not in html and "<svg onload" not in html and "\u202e" not in html
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in html


@pytest.mark.parametrize("people", [5, 12, 30, 60])
def test_every_name_stands_in_the_picture_and_in_the_table(people: int):
    html = page(team(people, min(people // 3, 8)))
    picture = re.search(r'<svg class="ring".*?</svg>', html, re.DOTALL)

    assert picture is not None
    shown = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", picture[0])
    assert sorted(shown) == sorted(names(people))
    assert all(f"<bdi>{name}</bdi>" in html for name in names(people))


@pytest.mark.parametrize("name", GOLDEN_TEAMS)
def test_three_questions_are_asked(name: str):
    questions = re.findall(r'<p class="question">(.*?)</p>', page(GOLDEN_TEAMS[name]()))

    assert len(questions) == 3
    assert all(question.endswith("?") for question in questions)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("name", ["twelve", "sixty", "quiet"])
def test_nobody_is_judged_and_nothing_is_tested(language: str, name: str):
    text = text_of(page(GOLDEN_TEAMS[name](), language)).lower()

    assert [word for word in BANNED if word in text] == []


def test_the_page_says_seen_and_not_tested():
    assert "Seen, not tested" in text_of(page(team()))


def test_lists_are_cut_and_the_tables_are_not():
    model = team(60, 8)
    html = page(model)
    lists = re.findall(r'class="card".*?</section>', html, re.DOTALL)

    assert max(part.count("<li>") for part in lists) == MOST_LISTED
    assert f"{len(model.dependences) - MOST_LISTED} more of this kind were seen." in text_of(html)
    assert html.count('<td class="number">') == len(model.contacts)


@pytest.mark.parametrize(
    ("others", "contacts", "said"),
    [
        (0, None, "All 12 of us are named"),
        (1, None, "One more person belongs to the team"),
        (2, None, "Nothing on these pages counts their contact"),
        (6, 25, "they have about 25 regular contacts; it is not told who with whom"),
    ],
)
def test_the_others_are_a_count(others: int, contacts: int | None, said: str):
    model = dataclasses.replace(team(others=others), others_contacts=contacts)

    assert said in text_of(page(model))


def test_without_contact_the_page_says_so():
    assert "No regular contact was seen between two" in text_of(page(quiet()))


def test_without_functions_people_sit_together():
    html = page(without_functions())

    assert "(no function)" in html
    assert "There are not two functions to compare." in html


@pytest.mark.parametrize("people", [5, 12, 30, 60])
@pytest.mark.parametrize("functions", [1, 2, 5])
def test_no_two_names_share_a_row_on_one_side(people: int, functions: int):
    model = team(people, functions)
    groups = [(place, model.members(place)) for place in range(functions)]

    seating = seated(groups, np.ones((functions, functions)), longest=12.0)

    rows = sorted((seat.side, seat.y) for seat in seating.seats)
    gaps = [b[1] - a[1] for a, b in pairwise(rows) if a[0] == b[0]]
    assert sorted(seat.person for seat in seating.seats) == list(range(people))
    assert min(gaps) >= 16
    assert all(0 < seat.x < WIDTH and 0 < seat.y < seating.height for seat in seating.seats)


@pytest.mark.parametrize("row", [17.0, 50.0])
@pytest.mark.parametrize("name", [*names(8, long=True), "W" * 300, "研究开发部门" * 9, ""])
def test_a_name_never_takes_more_room_than_there_is(name: str, row: float):
    lines = fitted(name, 150.0, row, 12.0)

    assert len(lines) <= (2 if row > 40 else 1)
    assert max(text_width(line, 12.0) for line in lines) <= 150.0


def test_the_style_is_small():
    assert len(static("team.css")) <= 15_000


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(
    ("name", "language"),
    [
        *((name, "en") for name in ("five long", "twelve", "thirty long", "sixty long", "hostile")),
        *(("sixty long", language) for language in ("de", "fr")),
    ],
)
def test_it_prints_on_two_sheets(open_page: Any, name: str, paper: str, language: str):
    model = dataclasses.replace(GOLDEN_TEAMS[name](), language=language)
    opened = open_page(TeamPage().render(model), color_scheme="dark").page

    document = pypdf.PdfReader(io.BytesIO(opened.pdf(format=paper, print_background=True)))

    assert len(document.pages) == 2
    assert "2 / 2" in document.pages[1].extract_text()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["twelve", "hostile", "quiet"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_it_asks_for_nothing_and_fits_and_is_accessible(
    open_page: Any, name: str, scheme: str, width: int
):
    opened = open_page(TeamPage().render(GOLDEN_TEAMS[name]()), width=width, color_scheme=scheme)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    assert [url for url in opened.asked if not url.startswith("data:")] == [opened.page.url]
    assert opened.page.evaluate(sideways) <= 0
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert opened.page.evaluate(VIOLATIONS) == []
    assert opened.said == []


@pytest.mark.browser
@pytest.mark.parametrize("name", ["twelve long", "sixty long", "hostile"])
def test_no_name_leaves_the_picture_or_touches_another(open_page: Any, name: str):
    opened = open_page(TeamPage().render(GOLDEN_TEAMS[name]())).page

    crowded = opened.evaluate(
        """() => {
            const frame = document.querySelector(".ring").getBoundingClientRect();
            const boxes = [...document.querySelectorAll(".ring text")]
                .map((text) => text.getBoundingClientRect()).filter((box) => box.width);
            const outside = boxes.filter((b) => b.left < frame.left - 1 || b.right > frame.right + 1
                || b.top < frame.top - 1 || b.bottom > frame.bottom + 1);
            const touching = boxes.filter((a, i) => boxes.some((b, j) => i < j
                && a.left < b.right && b.left < a.right
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3));
            return [outside.length, touching.length];
        }"""
    )

    assert crowded == [0, 0]


@pytest.mark.browser
def test_a_name_that_is_reached_by_keyboard_leaves_only_its_lines(open_page: Any):
    opened = open_page(TeamPage().render(team())).page
    opened.locator(".guest.p0").focus()

    faint = """(css) => [...document.querySelectorAll(css)]
        .map((line) => Number(getComputedStyle(line).strokeOpacity) < 0.1)"""
    assert not any(opened.evaluate(faint, ".ring .l0"))
    assert all(opened.evaluate(faint, ".ring .line:not(.l0)"))
