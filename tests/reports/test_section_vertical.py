"""The section on contact along the reporting lines, and its drawing."""

from __future__ import annotations

import dataclasses
import re

import pytest

from orgnet.report_model import Period, ReportModel, TreeStep
from orgnet_reports.drawing.step_columns import step_columns
from orgnet_reports.html import Html
from report_models import calm, vertical, with_requirements_and_lines, without_departments


def section(model: ReportModel) -> str:
    content = Html().render(model).decode("utf-8")
    found = re.search(r'<section id="vertical".*?</section>', content, flags=re.S)
    return found[0] if found else ""


def text(model: ReportModel) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section(model)))


def with_profile(*strengths: float | None) -> ReportModel:
    steps = tuple(TreeStep(distance=d, strength=s) for d, s in enumerate(strengths, start=1))
    return dataclasses.replace(calm(), vertical=dataclasses.replace(vertical(), profile=steps))


def test_without_managers_there_is_no_section() -> None:
    assert section(calm()) == ""


def test_it_is_there_without_departments() -> None:
    model = dataclasses.replace(without_departments(80, "no_groups"), vertical=vertical())
    assert "People in regular contact with their manager 85%" in text(model)


def test_figures_that_are_withheld_are_left_out() -> None:
    found = text(with_requirements_and_lines())
    assert "Managers with fewer than 3 reports 20%" in found
    assert "Managers with more than 12 reports" not in found
    assert "Figures about fewer than 5 people, or mostly about one, are left out." in found


def test_a_chance_below_one_in_a_hundred_is_not_rounded_to_it() -> None:
    assert "by random places on the chart under 1%" in text(with_requirements_and_lines())


@pytest.mark.parametrize(
    ("strengths", "title"),
    [
        ((9.0, 3.0, 1.0), "The further apart on the chart, the less contact"),
        ((9.0, 3.0, None, 0.2, 0.3), "The further apart on the chart, the less contact"),
        ((3.0, 9.0, 1.0), "Contact does not simply fall off"),
        ((9.0, 3.0), "Contact by distance on the chart"),
    ],
)
def test_the_title_says_how_contact_falls_off(
    strengths: tuple[float | None, ...], title: str
) -> None:
    assert title in text(with_profile(*strengths))


def test_the_picture_has_its_numbers_as_a_table() -> None:
    table = re.search(r'<table[^>]*data-file="vertical".*?</table>', section(
        with_profile(9.0, None, 1.0)), flags=re.S)  # fmt: skip
    assert table is not None
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table[0].split("<tbody>")[1])
    assert cells == ["1 step apart", "9.00", "2 steps apart", "–", "3 steps apart", "1.00"]


def test_without_dates_the_unit_is_the_strength_as_given() -> None:
    model = dataclasses.replace(
        with_profile(9.0, 3.0), period=Period(first=None, last=None, weeks=None)
    )
    assert "Strength of contact of an average pair, as given." in text(model)


def test_columns_are_as_high_as_their_figures_and_a_withheld_one_is_a_stub() -> None:
    drawing = step_columns(
        [("one", 8.0), ("two", 4.0), ("three", None)],
        label="steps", shown=lambda figure: f"{figure:g}", withheld="–",
    )  # fmt: skip
    heights = [int(h) for h in re.findall(r'height="(\d+)" class="column', drawing)]
    assert heights[0] == 2 * heights[1]
    assert drawing.count('class="column withheld"') == 1


def test_a_chart_of_no_contact_at_all_is_flat() -> None:
    drawing = step_columns([("one", 0.0)], label="steps", shown=str, withheld="–")
    assert 'height="0" class="column"' in drawing
