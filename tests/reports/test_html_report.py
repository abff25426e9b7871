"""The page as bytes: what stands in it, what never may, and how large it is."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from orgnet.errors import OrgnetError
from orgnet.report_model import Glance, Report
from orgnet_reports import sealed_page
from orgnet_reports.html import Html
from report_models import (
    GOLDEN,
    all_withheld,
    calm,
    dominant_person,
    hostile,
    no_index,
    no_ties,
    organisation,
    without_departments,
)

VOID = {"meta", "link", "br", "img", "input"}


class Parsed(HTMLParser):
    """Tags with attributes, in order, and the text of the script and style elements."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._inside.append(tag)
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] in self.raw:
            self.raw[self._inside[-1]][-1] += data

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


def page(model) -> str:
    return Html().render(model).decode("utf-8")


def text(model) -> str:
    """The page without its tags, spaces made single."""
    without_tags = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", page(model), flags=re.S)
    return re.sub(r"\s+", " ", without_tags)


def sections(model) -> list[str]:
    return re.findall(r'<section id="([\w-]+)"', page(model))


def test_html_is_a_report():
    assert isinstance(Html(), Report)
    assert (Html.name, Html.file_name) == ("html", "report.html")


@pytest.mark.parametrize("name", GOLDEN)
def test_every_element_is_closed_and_every_link_inside_the_page_arrives(name):
    parsed = Parsed(Html().render(GOLDEN[name]()))
    anchors = Counter(parsed.values("id"))
    targets = [link for link in parsed.values("href") if link != "data:,"]
    assert max(anchors.values()) == 1
    assert {link[1:] for link in targets} <= set(anchors)
    assert all(link.startswith("#") for link in targets)


@pytest.mark.parametrize("name", GOLDEN)
def test_there_is_one_h1_and_no_heading_level_is_skipped(name):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page(GOLDEN[name]()))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", GOLDEN)
def test_nothing_is_styled_or_scripted_by_an_attribute(name):
    parsed = Parsed(Html().render(GOLDEN[name]()))
    names = {attribute for _, attributes in parsed.tags for attribute in attributes}
    assert "style" not in names
    assert not [attribute for attribute in names if attribute.startswith("on")]
    assert {tag for tag, _ in parsed.tags}.isdisjoint({"img", "iframe", "object", "form", "base"})


@pytest.mark.parametrize("name", ["ten people", "four hundred people", "hostile names"])
def test_the_policy_comes_first_and_names_the_bytes_of_script_and_style(name):
    parsed = Parsed(Html().render(GOLDEN[name]()))
    head = [(tag, attributes) for tag, attributes in parsed.tags if tag == "meta"]
    script, style = parsed.raw["script"][-1], parsed.raw["style"][0]
    assert head[0][1] == {"charset": "utf-8"}
    assert head[1][1]["http-equiv"] == "Content-Security-Policy"
    assert head[1][1]["content"] == (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


@pytest.mark.parametrize("name", GOLDEN)
def test_the_same_model_gives_the_same_bytes(name):
    assert Html().render(GOLDEN[name]()) == Html().render(GOLDEN[name]())


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("nobody", 60_000),
        ("ten people", 60_000),
        ("a hundred people", 80_000),
        ("four hundred people", 150_000),
        ("25 groups", 250_000),
        ("60 groups", 400_000),
    ],
)
def test_the_page_keeps_its_size_budget(name, most):
    assert len(Html().render(GOLDEN[name]())) <= most


def test_a_page_too_large_to_be_mailed_says_which_part_is(monkeypatch):
    monkeypatch.setattr(sealed_page, "CEILING_BYTES", 50_000)
    with pytest.raises(OrgnetError, match=r"the page has 0\.\d MB.*largest part is matrix.*--by"):
        Html().render(organisation(400, 10))


def test_a_full_report_has_all_sections_in_order():
    assert sections(organisation(400, 10)) == [
        "findings", "glance", "map", "matrix", "silos", "bottlenecks", "weak-links",
        "communities", "data", "method", "words",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "left_out"),
    [
        (without_departments(10), {"map", "matrix", "silos", "bottlenecks", "weak-links"}),
        (organisation(40, 2), {"map"}),
        (organisation(40, 1), {"map", "matrix"}),
        (organisation(5000, 60), {"map"}),
        (calm(), {"weak-links"}),
        (all_withheld(), {"silos", "communities"}),
    ],
    ids=["ten people", "two groups", "one group", "60 groups", "no findings", "all withheld"],
)
def test_a_section_without_anything_to_say_is_left_out(model, left_out):
    assert left_out.isdisjoint(sections(model))
    assert {"findings", "data", "method", "words"} <= set(sections(model))


def test_three_findings_are_cards_and_the_others_follow_in_a_list():
    content = page(organisation(400, 10))
    assert content.count('class="card ') == 3
    assert content.count('<li id="finding-') == len(organisation(400, 10).findings)
    assert "Further findings" in content


def test_the_evidence_of_each_finding_is_the_row_it_came_from():
    model = organisation(400, 10)
    content = page(model)
    for finding in model.findings:
        assert f'href="#{finding.evidence}"' in content
        assert f'<tr id="{finding.evidence}">' in content


def test_no_finding_is_a_result():
    assert "No clear finding." in text(calm())


def test_what_could_not_be_tested_is_not_called_found_nothing():
    gate = ("gate_silos", (("reason", "too few weeks: 3 of the 8 that are needed"),))
    content = text(dataclasses.replace(calm(), notices=(gate,)))
    assert "No clear finding among what could be tested." in content
    assert "Silos were not assessed: too few weeks" in content
    assert "whether one is a silo was not tested" in content
    assert "No department keeps to itself" not in content


def test_ten_people_get_the_plain_statement_and_no_drawing_of_people():
    model = without_departments(10)
    assert "With 10 people a network picture would show individuals" in text(model)
    assert 'class="map"' not in page(model)
    assert "Contact over time" in text(model)


def test_without_departments_the_page_says_how_to_get_there():
    content = text(without_departments(80, "no_groups"))
    assert "cannot be looked for without departments" in content
    assert "orgnet people EXPORT... --out people.csv" in content


@pytest.mark.parametrize(
    "reason",
    ["single_group", "no_ties", "no_weeks", "too_few_weeks", "too_few_people", "too_few_units",
     "too_many_units", "low_coverage"],
)  # fmt: skip
def test_a_missing_index_has_its_reason_in_words(reason):
    content = text(dataclasses.replace(organisation(100, 6), index=no_index(reason)))
    assert re.search(r"No index is given: \w+ ", content)
    assert reason not in content


def test_the_index_is_shown_with_its_three_parts_and_their_ranges():
    content = text(organisation(400, 10))
    assert "index is 71 of 100 (range 67 to 74)" in content
    assert "Openness 43 38 to 48" in content
    assert "Coverage 90 85 to 94" in content
    assert "Resilience 80 74 to 86" in content


def test_codes_of_later_versions_are_read_as_the_words_they_are():
    base = organisation(100, 6)
    model = dataclasses.replace(
        base,
        glance=(Glance(key="cross_team_hours", value=3.5, unit="ratio", compared=2.0),),
        withheld=(("some_new_rule", 2),),
        notices=(("some_new_notice", ()),),
    )
    content = text(model)
    assert "cross team hours" in content and "compared with 2.0" in content
    assert "some new rule" in content and "some new notice" in content


def test_a_pair_held_by_one_person_is_a_word_without_a_number():
    model = dominant_person()
    pair = model.pairs[0]
    cell = re.search(
        rf'<td class="word fewer"><span aria-hidden="true">↓ fewer</span>'
        rf'<span class="unseen"><bdi>{pair.group_a}</bdi> and <bdi>{pair.group_b}</bdi>: '
        "fewer ties than expected. No number: one person makes over half of this contact.",
        page(model),
    )
    assert cell
    assert "one person" in text(model)


def test_withheld_cells_say_why_and_show_a_dash():
    content = page(all_withheld())
    assert content.count('<td class="withheld"><span aria-hidden="true">–</span>') == 12
    assert "Withheld: fewer than 5 people stand behind it." in content


def test_every_cell_of_the_matrix_has_its_sentence():
    table = re.search(r'<table class="matrix.*?</table>', page(organisation(400, 10)), re.S)
    body = table[0].split("<tbody>")[1]
    assert body.count("<td ") == body.count('class="unseen"') == 100


def test_without_any_tie_the_cells_say_so():
    assert "ties. What would be expected cannot be estimated here." in text(no_ties())


def test_above_25_departments_the_largest_are_shown_and_the_page_says_so():
    content = page(organisation(5000, 60))
    assert "The 25 largest of 60 departments are shown here" in content
    assert content.count('<span class="turned">') == 26
    assert content.count('<span class="turned"><bdi>All others (35)</bdi></span>') == 1


def test_bottlenecks_withheld_by_policy_are_not_called_absent():
    base = calm()
    model = dataclasses.replace(
        base, policy=dataclasses.replace(base.policy, concentration="withhold")
    )
    assert "Bottlenecks are withheld by the rules of this report." in text(model)


def test_a_term_is_linked_where_it_is_first_used_and_only_there():
    links = Counter(re.findall(r'<a class="term" href="#word-([\w-]+)"', page(organisation())))
    assert links and set(links.values()) == {1}


def test_names_that_look_like_markup_stay_text():
    content = page(hostile())
    assert "<img" not in content and "<svg onload" not in content
    assert "&lt;!--&lt;script&gt;" in content
    assert "[[tie|ties]] {count}" in content
    assert "\u202e" not in content and "\u0007" not in content
    assert "(no name)" in content


def test_no_address_of_the_web_is_in_the_page():
    assert not re.search(
        r"https?://|//\w", re.sub(r"<script>.*?</script>", "", page(organisation()), flags=re.S)
    )


def test_of_a_long_list_of_findings_ten_are_told_and_the_rest_counted():
    model = organisation()
    many = dataclasses.replace(model, findings=(model.findings * 12)[:14])

    page = Html().render(many).decode("utf-8")

    assert len(re.findall(r'id="finding-\d+"', page)) == 10
    assert "4 more stand in the sections below." in page


def test_a_chart_of_data_without_dates_says_so():
    model = organisation()
    undated = dataclasses.replace(
        model, period=dataclasses.replace(model.period, first=None, last=None, weeks=None)
    )

    page = Html().render(undated).decode("utf-8")

    assert "400 people seen, 10 departments, no dates" in page
    assert "Who was in contact with whom. No message text" in page
    assert "and when. No message text" in Html().render(model).decode("utf-8")


def test_the_title_of_the_weak_links_counts_those_whose_number_is_withheld_too():
    model = organisation()
    first = model.weak_links[0]
    pairs = list(model.pairs)
    pairs[first] = dataclasses.replace(
        pairs[first], reason="few_people", ties=None, expected=None, ratio=None
    )
    count = len(model.weak_links)

    page = text(dataclasses.replace(model, pairs=tuple(pairs)))

    assert f"{count} pairs have far less contact than expected" in text(model)
    assert f"{count} pairs have far less contact than expected; {count - 1} with a number" in page


def test_where_fewer_than_the_minimum_were_not_seen_no_share_of_a_department_is_told():
    model = organisation(100, 5)
    few = dataclasses.replace(
        model.coverage, people_known=102, people_seen=100, share=0.98, departments=()
    )

    page = text(dataclasses.replace(model, coverage=few))

    assert "Fewer than 5 people were not seen" in page
    assert "People seen by department" not in page


def test_the_matrix_says_what_an_arrow_without_a_number_means():
    assert "↓ ≈ ↑ fewer, as expected or more" in text(dominant_person())


@pytest.mark.parametrize(
    ("people", "groups", "kilobytes"),
    [(10, 0, 60), (100, 6, 80), (2_000, 18, 250), (10_000, 25, 400), (100_000, 60, 500)],
)
def test_a_page_keeps_the_budget_of_its_size(people, groups, kilobytes):
    model = organisation(people, groups) if groups else without_departments(people)
    assert len(Html().render(model)) <= kilobytes * 1000


def test_size_depends_on_departments_and_not_on_people():
    small, large = (len(Html().render(organisation(people, 10))) for people in (400, 40_000))
    assert large < small * 1.05
