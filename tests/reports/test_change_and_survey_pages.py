"""The sections on change and on the survey: what stands in them, and when they stay away."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import pytest

from orgnet.report_model import Change, ReportModel
from orgnet_reports.drawing.agreement_bars import Bar, agreement_bars
from orgnet_reports.drawing.slope_chart import Slope, slope_chart
from orgnet_reports.html import Html
from orgnet_reports.sections.change import MOST_DRAWN
from orgnet_reports.sections.survey import MOST_ITEMS
from report_models import organisation, survey, two_periods, with_survey


def section(model: ReportModel, anchor: str) -> str:
    page = Html().render(model).decode("utf-8")
    found = re.search(rf'<section id="{anchor}".*?</section>', page, flags=re.S)
    return found[0] if found else ""


def text(model: ReportModel, anchor: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section(model, anchor)))


def without_figures(model: ReportModel, reason: str) -> ReportModel:
    assert model.change is not None
    change = Change(
        before=model.change.before, after=model.change.after, people=None, joined=None, left=None,
        reason=reason,
    )  # fmt: skip
    return dataclasses.replace(model, change=change)


def test_one_period_and_no_survey_give_no_section():
    assert section(organisation(), "change") == section(organisation(), "survey") == ""


def test_proven_changes_are_counted_and_told_in_words():
    told = text(two_periods(), "change")
    assert "2 departments changed how much they look outward" in told
    assert "looks outward less" in told and "looks outward more" in told
    assert "fewer than 5" in told and "about 15" in told


def test_no_proven_change_is_a_result():
    model = two_periods()
    assert model.change is not None
    calm = tuple(dataclasses.replace(row, proven=False) for row in model.change.departments)
    model = dataclasses.replace(model, change=dataclasses.replace(model.change, departments=calm))
    assert "No proven change" in text(model, "change")


@pytest.mark.parametrize("reason", ["coverage_differs", "too_few_weeks", "something_new"])
def test_periods_that_are_not_compared_say_why_and_show_nothing(reason):
    found = section(without_figures(two_periods(), reason), "change")
    assert "compared" in found
    assert "<svg" not in found and "<table" not in found


def test_of_many_departments_those_that_changed_most_are_drawn_and_all_listed():
    model = two_periods(2000, 25)
    found = section(model, "change")
    drawing = re.search(r'<svg class="plot".*?</svg>', found, flags=re.S)
    assert drawing and drawing[0].count("<circle") == 2 * MOST_DRAWN
    assert all(f"<bdi>{group.name}</bdi>" in found for group in model.departments)


def test_statements_stand_by_agreement_and_what_is_withheld_is_a_dash():
    model = with_survey()
    assert model.survey is not None
    found = section(model, "survey")
    agreed = {item.text: item.rows[0].agree for item in model.survey.items}
    order = sorted(agreed, key=lambda item: (-agreed[item], item))
    places = [found.index(f"<bdi>{item}</bdi>") for item in order]
    assert all(before < after for before, after in pairwise(places))
    assert "–" in text(model, "survey").replace("–99", "")


def test_a_hostile_statement_is_only_text():
    model = with_survey()
    assert model.survey is not None
    evil = dataclasses.replace(model.survey.items[0], text="</script><img src=x onerror=alert(1)>")
    told = dataclasses.replace(model.survey, items=(evil, *model.survey.items[1:]))
    found = section(dataclasses.replace(model, survey=told), "survey")
    assert "<img" not in found and "&lt;img src=x" in found


def test_further_statements_are_counted():
    base = organisation()
    model = dataclasses.replace(base, survey=survey(base.departments, MOST_ITEMS + 3))
    assert "3 further statements are in diagnosis.json" in text(model, "survey")


def test_without_statements_the_rates_alone_are_told():
    model = with_survey()
    assert model.survey is not None
    told = dataclasses.replace(model.survey, items=())
    found = section(dataclasses.replace(model, survey=told), "survey")
    assert "<svg" not in found and "Response rate by department" in found


def slopes(*values: tuple[float, float]) -> list[Slope]:
    return [
        Slope(label=f"D{at}", before=a, after=b, shown_before=f"{a}", shown_after=f"{b}")
        for at, (a, b) in enumerate(values)
    ]


def test_names_of_slopes_never_lie_on_each_other():
    drawing = slope_chart(
        slopes(*[(0.3 + at / 1000, 0.31 - at / 1000) for at in range(12)], (0.9, 0.1)),
        before="then",
        after="now",
        label="change",
    )
    for side in ("end", "start"):
        names = re.findall(rf'<text x="\d+" y="([\d.]+)" text-anchor="{side}">', drawing)
        places = sorted(float(y) for y in names)
        assert len(places) == 13
        assert all(after - before >= 19.9 for before, after in pairwise(places))


def test_slopes_without_any_change_lie_in_the_middle():
    drawing = slope_chart(slopes((0.5, 0.5)), before="then", after="now", label="change")
    assert len(set(re.findall(r'cy="([\d.]+)"', drawing))) == 1


def test_bars_are_as_long_as_their_shares_and_nothing_is_drawn_for_none():
    bars = [Bar(label="Good", shares=(0.0, 0.25, 0.75), shown="75%")]
    drawing = agreement_bars(bars, label="agreement")
    widths = [int(width) for width in re.findall(r'width="(\d+)" height="18"', drawing)]
    assert len(widths) == 2
    assert widths[1] / widths[0] == pytest.approx(3, rel=0.05)
