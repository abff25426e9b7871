"""German and French say everything that English says, and nothing in English."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from pptx import Presentation

import orgnet
import orgnet_reports
from orgnet.disclosure import in_language
from orgnet.plugins import connectors
from orgnet.words import Words, languages, load_words
from orgnet_reports.explorer import Explorer
from orgnet_reports.group_tables.csv_files import Csv
from orgnet_reports.html import Html
from orgnet_reports.slides.deck import Slides
from orgnet_reports.workbook.book import Workbook
from report_models import GOLDEN, organisation

PACKAGES = sorted(
    ".".join((package.__name__, *file.parent.parent.relative_to(root).parts))
    for package in (orgnet, orgnet_reports)
    for root in [Path(package.__file__).parent]
    for file in root.rglob("words/en.toml")
)
OTHERS = [language for language in languages() if language != "en"]

#: Words that are the same in both languages, and names that are not translated.
SAME = {
    "de": {
        "Alignment", "Index", "Information", "Name", "Organisation", "Parameter", "Person", "Silo",
        "Silos", "Spam", "System", "Version",
    },
    "fr": {
        "Interaction", "Interactions", "Organisation", "Silo", "Silos", "Source", "Sources",
        "Type", "Version", "Versions", "Note", "silo", "Question", "Questions", "Description",
        "volume", "Page", "Date", "Message", "Messages", "Contact", "Distance",
    },
}  # fmt: skip

#: Keys of what is typed, and of sources, which have the names of products.
UNTRANSLATED = ("command", "source_title.")

#: None of them is a word of German or French.
ENGLISH = re.compile(
    r"\b(the|and|of|with|are|than|which|this|they|from|would|were|people|department|departments|"
    r"expected|seen|between|contact of|shown|figures)\b",
    re.IGNORECASE,
)

#: What stands before a name that begins with any letter: a vowel would elide these.
ELIDED = re.compile(
    r"\b(?:de|que|le|la|ne|se|jusque)[ \u00a0](?:<bdi>)?"
    r"\{(?:a|b|name|names|group|group_a|group_b|department|organisation|who|person)\}"
)


def sentences(package: str, language: str) -> dict[str, str]:
    """The catalogue as it is written."""
    words = load_words(package, language)
    return {key: words._sentences[key] for key in words.keys}


def terms(sentence: str) -> list[str]:
    """The glossary terms that a sentence links."""
    return sorted(re.findall(r"\[\[([^\]|]+)", sentence))


def spoken(sentence: str) -> str:
    """The sentence without arguments, terms' codes and what is typed."""
    shown = re.sub(r"\[\[(?:[^\]|]+\|)?([^\]]+)\]\]", r"\1", sentence)
    return re.sub(r"\{[^}]*\}|`[^`]*`|--\w+|\b[\w-]+\.(?:html|json|csv)\b", " ", shown)


def visible(page: bytes) -> str:
    """The text of a page and of its labels, without what is marked as English."""
    text = page.decode()
    text = re.sub(r"<(script|style|head|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r'<span lang="en">.*?</span>', " ", text)
    labels = re.findall(r'(?:aria-label|title)="([^"]*)"', text)
    return unescape(" | ".join([re.sub(r"<[^>]+>", " ", text), *labels]))


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_sentences_with_the_same_arguments(package, language):
    english, other = load_words(package), load_words(package, language)
    assert set(other.keys) == set(english.keys)
    assert {key: other.arguments(key) for key in other.keys} == {
        key: english.arguments(key) for key in english.keys
    }


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", languages())
def test_a_sentence_that_counts_has_both_forms(package, language):
    keys = set(load_words(package, language).keys) - {"plural.one"}
    counted = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    assert {key for key in counted if f"{key}.other" not in keys} == set()


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_links_the_same_terms(package, language):
    english, other = sentences(package, "en"), sentences(package, language)
    assert {key: terms(other[key]) for key in english} == {
        key: terms(english[key]) for key in english
    }


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_in_english(package, language):
    english = sentences(package, "en")
    left = {
        key: sentence
        for key, sentence in sentences(package, language).items()
        if not key.startswith(UNTRANSLATED) and not key.endswith(UNTRANSLATED)
        if ENGLISH.search(spoken(sentence))
        or (
            sentence == english[key]
            and re.search(r"[^\W\d_]{3}", spoken(sentence))
            and spoken(sentence).strip() not in SAME[language]
        )
    }
    assert left == {}


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_quotes_apostrophes_and_dashes_are_those_of_print(package, language):
    wrong = re.compile(r"""["'”]| - |\.\.\.""")
    quotes = "„“" if language == "de" else "«»"
    for key, sentence in sentences(package, language).items():
        text = re.sub(r"`[^`]*`", "", sentence)
        assert key.endswith("command") or not wrong.search(text), key
        assert text.count(quotes[0]) == text.count(quotes[1]), key


@pytest.mark.parametrize("package", PACKAGES)
def test_german_keeps_the_per_cent_sign_with_its_number(package):
    wrong = {k: s for k, s in sentences(package, "de").items() if re.search(r"[\d}] ?%", s)}
    assert wrong == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_french_puts_no_break_spaces_where_print_has_them(package):
    wrong = re.compile(r"(?<![\u202f\u00a0\W])[;!?»](?!\w)| [:;!?»%]|«(?!\u00a0)|[\d}]%")
    left = {key: s for key, s in sentences(package, "fr").items() if wrong.search(s)}
    assert left == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_french_word_that_would_elide_stands_before_a_name(package):
    assert {k: s for k, s in sentences(package, "fr").items() if ELIDED.search(s)} == {}


@pytest.mark.parametrize("language", languages())
def test_every_connector_has_its_title(language):
    words, found = load_words("orgnet", language), connectors()
    ours = [name for name, one in found.items() if type(one).__module__.startswith("orgnet_")]
    assert {name for name in ours if f"source_title.{name}" not in words} == set()


def test_a_source_is_called_in_english_what_its_connector_says():
    words = load_words("orgnet")
    titles = {
        key.removeprefix("source_title."): words(key)
        for key in words.keys
        if key.startswith("source_title.")
    }
    found = connectors()
    assert titles == {name: found[name].title for name in titles}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "name", ["nobody", "one person", "ten people", "no departments", "nothing found",
             "a hundred people", "one group", "no ties", "all withheld"],
)  # fmt: skip
def test_a_page_says_nothing_in_english(language, name):
    model = dataclasses.replace(GOLDEN[name](), by="by")
    page = Html().render(in_language(model, language))
    assert f'<html lang="{language}"' in page.decode()
    assert ENGLISH.findall(visible(page)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_notices_are_told_in_the_language_of_the_page(language):
    gate = (("reason", "low_coverage"), ("share", 0.43), ("needed", 0.7))
    few = ("few_weeks", (("weeks", 5), ("needed", 12)))
    model = dataclasses.replace(organisation(100, 6), notices=(("gate_silos", gate), few))
    text = visible(Html().render(in_language(model, language)))
    assert ENGLISH.findall(text) == []
    assert load_words("orgnet", language).figures.share(0.43) in text


@pytest.mark.parametrize("language", OTHERS)
def test_the_explorer_says_nothing_in_english(language):
    page = Explorer().render(in_language(organisation(100, 6), language))
    assert f'<html lang="{language}"' in page.decode()
    assert ENGLISH.findall(visible(page)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_slides_sheets_and_files_say_nothing_in_english(language):
    model = in_language(organisation(100, 6), language)
    slides = Presentation(io.BytesIO(Slides().render(model)))
    told = [
        shape.text_frame.text
        for slide in slides.slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    with zipfile.ZipFile(io.BytesIO(Workbook().render(model))) as book:
        told.append(re.sub(r"<[^>]+>", " ", book.read("xl/sharedStrings.xml").decode()))
        sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    with zipfile.ZipFile(io.BytesIO(Csv().render(model))) as tables:
        told.append(re.sub(r"[\w-]+\.csv", " ", tables.read("read-me.txt").decode()))
    assert len(told) > 20
    assert ENGLISH.findall(" ".join([*told, *sheets])) == []
    assert max(map(len, sheets)) <= 31


def test_a_model_told_in_another_language_and_back_is_the_same_model():
    model = organisation(100, 6)
    for language in languages():
        assert in_language(in_language(model, language), "en") == model


def test_a_chosen_title_is_kept_and_the_usual_one_is_translated():
    model = organisation(100, 6)
    chosen = dataclasses.replace(model, title="Spring review")
    assert in_language(model, "de").title == "So arbeiten wir zusammen"
    assert in_language(chosen, "de").title == "Spring review"


def test_a_finding_keeps_its_key_and_figures_in_every_language():
    for model in (in_language(organisation(100, 6), language) for language in languages()):
        silo = next(finding for finding in model.findings if finding.kind == "silo")
        assert silo.key == "silo"
        assert isinstance(silo.arguments["openness"], float)


@pytest.mark.parametrize("language", languages())
def test_a_headline_has_at_most_70_characters_before_names(language):
    words = load_words("orgnet", language)
    keys = [key for key in words.keys if key.startswith("finding.") and key.endswith("headline")]
    blank = Words(sentences("orgnet", language))
    for key in keys:
        filled = dict.fromkeys(blank.arguments(key), "") | {"people": "very_few"}
        assert len(words(key, **filled)) <= 70, key
