"""Sentences filled with names and figures, as each language prints them."""

from __future__ import annotations

import pytest

from orgnet.errors import UsageError
from orgnet.words import NOTHING, Words, languages, load_words, require_language

FIGURES = {language: load_words("orgnet", language).figures for language in languages()}


@pytest.mark.parametrize(
    ("language", "form", "number", "shown"),
    [
        ("en", "count", 1234567, "1,234,567"),
        ("de", "count", 1234567, "1.234.567"),
        ("fr", "count", 1234567, "1\u202f234\u202f567"),
        ("en", "share", 0.637, "64%"),
        ("de", "share", 0.637, "64\u00a0%"),
        ("fr", "share", 0.637, "64\u202f%"),
        ("de", "expected", 8.63, "8,6"),
        ("de", "fine_ratio", 1234.5, "1.234"),
        ("fr", "fine_ratio", 0.042, "0,04"),
        ("de", "agreement", -0.123, "−0,12"),
        ("fr", "tick", 0.25, "0,25"),
        ("de", "ratio", 0.0, "0"),
    ],
)
def test_a_number_is_printed_as_its_language_does(language, form, number, shown):
    assert getattr(FIGURES[language], form)(number) == shown


@pytest.mark.parametrize(
    ("language", "day", "shown", "short"),
    [
        ("en", "2026-03-12", "12 March 2026", "12 Mar"),
        ("de", "2026-03-12", "12. März 2026", "12. März"),
        ("fr", "2026-03-12", "12 mars 2026", "12 mars"),
        ("fr", "2026-03-01", "1er mars 2026", "1er mars"),
        ("de", "2026-03-01", "1. März 2026", "1. März"),
        ("fr", "2026-06-30T10:00:00Z", "30 juin 2026", "30 juin"),
        ("fr", "2026-07-30", "30 juillet 2026", "30 juil."),
        ("de", "some day", "some day", "some day"),
    ],
)
def test_a_day_is_printed_as_its_language_does(language, day, shown, short):
    assert FIGURES[language].day(day) == shown
    assert FIGURES[language].short_day(day) == short


@pytest.mark.parametrize("language", languages())
def test_the_months_are_twelve_and_short_ones_are_told_apart(language):
    words = load_words("orgnet", language)
    assert len(words("date.months").split()) == 12
    assert len(set(words("date.months_short").split())) == 12


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("form", ["count", "share", "score", "ratio", "fine_ratio", "expected"])
def test_a_figure_that_is_not_there_is_a_dash(language, form):
    assert getattr(FIGURES[language], form)(None) == NOTHING
    assert getattr(FIGURES[language], form)(float("nan")) == NOTHING


@pytest.mark.parametrize(
    ("language", "number", "form"),
    [
        ("en", 0, "other"), ("en", 1, "one"), ("en", 2, "other"),
        ("de", 0, "other"), ("de", 1, "one"), ("de", 1.5, "other"),
        ("fr", 0, "one"), ("fr", 1, "one"), ("fr", 2, "other"),
    ],
)  # fmt: skip
def test_a_number_asks_for_the_plural_of_its_language(language, number, form):
    assert load_words("orgnet", language).counted("people", number) == f"people.{form}"


def test_a_code_is_told_by_its_own_sentence_with_the_same_arguments():
    words = Words({"gate": "Not tested: {reason:reason}.", "reason.few": "{weeks:count} weeks"})
    assert words("gate", reason="few", weeks=3) == "Not tested: 3 weeks."


def test_a_code_without_a_sentence_is_read_as_the_words_it_is():
    assert Words({"gate": "Why: {reason:reason}"})("gate", reason="too_odd") == "Why: too odd"


@pytest.mark.parametrize("name", ["{ties}", "{0}", "{{", "[[tie]]", "a{b:count}"])
def test_a_name_that_looks_like_an_argument_stays_the_text_it_is(name):
    assert Words({"told": "{who} was seen"})("told", who=name) == f"{name} was seen"


def test_a_missing_argument_and_an_unknown_key_are_errors():
    words = Words({"told": "{who} was seen"})
    with pytest.raises(KeyError, match="who"):
        words("told")
    with pytest.raises(KeyError, match="untold"):
        words("untold")


def test_an_unknown_language_names_those_that_there_are():
    with pytest.raises(UsageError, match=r"no language 'dee'; there are de, en, fr\. Did you"):
        require_language("dee")
