"""The section on required and actual contact."""

from __future__ import annotations

import dataclasses
import re

import pytest

from orgnet.report_model import ReportModel, RequiredLink, Requirements
from orgnet.words import load_words
from orgnet_reports.html import Html
from report_models import calm, with_requirements_and_lines, without_departments


def section(model: ReportModel) -> str:
    content = Html().render(model).decode("utf-8")
    found = re.search(r'<section id="requirements".*?</section>', content, flags=re.S)
    return found[0] if found else ""


def text(model: ReportModel) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section(model)))


def told(**changes: object) -> ReportModel:
    base = with_requirements_and_lines()
    assert base.requirements is not None
    return dataclasses.replace(base, requirements=dataclasses.replace(base.requirements, **changes))


def test_without_requirements_there_is_no_section() -> None:
    assert section(calm()) == ""
    assert section(without_departments(10)) == ""


def test_it_stands_after_weak_links_and_before_communities() -> None:
    content = Html().render(with_requirements_and_lines()).decode("utf-8")
    order = re.findall(r'<section id="([\w-]+)"', content)
    at = order.index("requirements")
    assert (order[at - 1], order[at + 1], order[at + 2]) == (
        "weak-links", "communities", "vertical",
    )  # fmt: skip


def test_the_title_is_the_share_that_is_there() -> None:
    assert "65% of the required contact is there" in text(told())


@pytest.mark.parametrize(
    ("lift", "sentence"),
    [
        (0.1, "10 percentage points more than if departments were dealt out at random"),
        (-0.15, "15 percentage points less than if departments were dealt out at random"),
        (0.001, "as much as if departments were dealt out at random"),
    ],
)
def test_the_lift_is_told_as_a_sentence(lift: float, sentence: str) -> None:
    assert sentence in text(told(lift=lift))


def test_a_sum_that_is_withheld_is_said_to_be() -> None:
    found = text(told(congruence=None, lift=None))
    assert "The sum over all pairs is not given" in found
    assert "of the required contact is there" not in found


def test_a_withheld_pair_has_a_hollow_mark_a_word_and_no_number() -> None:
    link = RequiredLink(
        group_a="Data", group_b="Legal", required=1.0, regular=None, target=3, state="thin",
        gap=None, reason="few_people",
    )  # fmt: skip
    model = told(links=(link,))
    drawing = section(model).split("</figure>")[0]
    plot = drawing[drawing.index('class="plot"') :]
    assert plot.count('class="hollow"') == 1 and 'class="dot seen"' not in plot
    row = re.search(r"<tbody>.*?</tbody>", section(model), flags=re.S)
    assert row is not None
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row[0], flags=re.S)
    assert [re.sub(r"<[^>]+>", "", cell) for cell in cells] == [
        "Data", "Legal", "100%", "–", "3", "–", "too weak",
    ]  # fmt: skip
    assert text(model).count("Withheld: fewer than 5 people stand behind it.") == 1


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    model = with_requirements_and_lines(2000, 20)
    assert model.requirements is not None and len(model.requirements.links) == 95
    found = section(model)
    assert found.count("<tr>") == 1 + 60
    assert "35 further pairs are in the CSV tables" in text(model)


def test_hostile_names_stay_text() -> None:
    link = RequiredLink(
        group_a="<script>", group_b='"><img src=x>', required=1.0, regular=0, target=2,
        state="missing", gap=1.0,
    )  # fmt: skip
    needed = Requirements(congruence=0.0, lift=None, unneeded_share=None, links=(link,))
    found = section(dataclasses.replace(calm(), requirements=needed))
    assert "<img" not in found and "<script" not in found


def test_the_index_that_would_tell_of_a_pair_says_why_it_is_missing() -> None:
    for language in ("en", "de", "fr"):
        words = load_words("orgnet_reports", language)
        assert "index.reason.few_people" in words
