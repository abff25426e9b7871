"""Names, sentences and figures on their way into a page."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.report_model.change import Change, DepartmentChange
from orgnet.report_model.period import Period
from orgnet.report_model.survey import Survey, SurveyRow
from orgnet.words import Words, load_words
from orgnet_reports.cleaning import clean_model, without_hidden_characters
from orgnet_reports.figures import Figures
from orgnet_reports.phrasing import Name, Speaker, isolate
from report_models import hostile, organisation

FIGURES = Figures(load_words("orgnet"))


def test_departments_that_look_the_same_once_cleaned_stay_apart():
    base = organisation(100, 3)
    first, second, third = base.departments
    twins = (
        dataclasses.replace(first, name="Sales"),
        dataclasses.replace(second, name="Sa\u202eles"),
        dataclasses.replace(third, name=""),
    )
    cleaned = clean_model(
        dataclasses.replace(
            base, departments=twins, pairs=(), findings=(), bottlenecks=(), communities=None
        ),
        unnamed="(no name)",
    )
    assert [group.name for group in cleaned.departments] == ["Sales", "Sales (2)", "(no name)"]


@pytest.mark.parametrize("sentence", [False, True])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" Sales ", "Sales"),
        ("Sales  and   Legal", "Sales and Legal"),
        ("Sales\tand\nLegal", "Sales and Legal"),
        ("\x1b[31mSales\x00\x7f", "[31mSales"),
    ],
)
def test_plain_letters_are_cleaned_like_any_others(text: str, shown: str, sentence: bool):
    assert without_hidden_characters(text, sentence=sentence) == shown


def test_every_part_of_a_model_names_a_department_alike():
    cleaned = clean_model(hostile(), unnamed="(no name)")
    known = {group.name for group in cleaned.departments}
    assert {pair.group_a for pair in cleaned.pairs} | {p.group_b for p in cleaned.pairs} <= known
    assert {name for finding in cleaned.findings for name in finding.subject} <= known
    assert {row.department for row in cleaned.communities.rows} == known


@pytest.mark.parametrize("kept", ["🦊 Foxes", "المالية", "研究开发", "Zoë", "R&D"])
def test_letters_of_any_script_are_kept(kept):
    assert without_hidden_characters(kept) == kept


@given(st.text())
def test_cleaned_text_is_one_line_without_overrides_and_cleaning_it_again_changes_nothing(text):
    cleaned = without_hidden_characters(text)
    assert not set(cleaned) & set("\n\r\t\x00\x7f\u202a\u202b\u202d\u202e\u2066\u2067\u2069")
    assert without_hidden_characters(cleaned) == cleaned


@given(st.text())
def test_no_argument_adds_markup_or_links_to_a_sentence(argument):
    say = Speaker(Words({"told": "{name} has [[tie|ties]]"}))
    written = str(say("told", name=Name(argument)))
    inside = written.removeprefix("<bdi>").split("</bdi>")[0]
    assert "<" not in inside and ">" not in inside
    assert say.terms == ("tie",)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_isolating_names_keeps_every_character_of_a_sentence(sentence, names):
    written = isolate(sentence, names)
    assert (
        written.replace("<bdi>", "").replace("</bdi>", "").unescape()
        == isolate(sentence, []).unescape()
    )


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("ratio", 0.0, "0"),
        ("ratio", 0.042, "0.04"),
        ("ratio", 0.949, "0.9"),
        ("ratio", 5.61, "5.6"),
        ("ratio", 12.4, "12"),
        ("ratio", None, "–"),
        ("ratio", float("nan"), "–"),
        ("fine_ratio", 0.3, "0.30"),
        ("count", 19302, "19,302"),
        ("share", 0.637, "64%"),
        ("share", 0.0, "0%"),
        ("expected", 7.25, "7.2"),
        ("expected", 94.6, "95"),
        ("agreement", -0.381, "−0.38"),
    ],
)
def test_figures_are_printed_with_the_digits_that_matter(form, number, shown):
    assert getattr(FIGURES, form)(number) == shown


def test_dates_are_written_out_and_what_is_no_date_stays():
    assert FIGURES.day("2026-03-02") == "2 March 2026"
    assert FIGURES.day("2026-03-02T08:00:00Z") == "2 March 2026"
    assert FIGURES.short_day("2026-03-02") == "2 Mar"
    assert FIGURES.day("week 9") == "week 9"
    assert FIGURES.span(None, "2026-03-02") == "–"


def test_departments_named_in_one_section_alone_are_cleaned_too():
    period = Period(first="2026-03-02", last="2026-05-24", weeks=12)
    hidden = "Sa\u202eles"
    change = Change(
        before=period,
        after=period,
        people=40,
        joined=None,
        left=None,
        departments=(
            DepartmentChange(
                name=hidden, before=0.4, after=0.3, change=-0.1, low=None, high=None, q=None
            ),
        ),
    )
    survey = Survey(
        response=(
            SurveyRow(department=None, people=40, answered=0.8),
            SurveyRow(department=hidden, people=9, answered=0.7),
        )
    )
    cleaned = clean_model(
        dataclasses.replace(organisation(100, 6), change=change, survey=survey), unnamed="(no name)"
    )
    assert cleaned.change.departments[0].name == "Sales (2)"
    assert [row.department for row in cleaned.survey.response] == [None, "Sales (2)"]
