"""Rules of the source: what is marked safe, what scripts may call, colours, sizes, words."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import orgnet_reports
from orgnet.words import load_words
from orgnet_reports.html import Html
from orgnet_reports.palette import DARK, LIGHT, contrast, step_ink
from orgnet_reports.sealed_page import data_block, static
from report_models import organisation

ROOT = Path(orgnet_reports.__file__).parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages([str(ROOT)], prefix="orgnet_reports.")
)
SCRIPTS = ("report.js", "explorer.js", "tables.js")
BANNED = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
    "localStorage", "sessionStorage", "document.cookie", "fetch(", "XMLHttpRequest",
    "serviceWorker", "import(",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_run(name):
    module = importlib.import_module(name)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, optionflags=flags).failed == 0


def test_only_script_style_and_data_are_marked_safe():
    templates = sorted((ROOT / "templates").rglob("*.j2"))
    marked = {
        value
        for template in templates
        for value in re.findall(r"(\w+)\s*\|\s*safe", template.read_text(encoding="utf-8"))
    }
    assert marked == {"script", "style", "data"}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("word", BANNED)
def test_scripts_neither_write_markup_nor_store_nor_send(script, word):
    assert word not in static(script)


def test_script_and_style_keep_their_budgets():
    page = Html().render(organisation()).decode("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert 1_000 < len("".join(scripts).encode()) <= 25_000
    assert 1_000 < len("".join(styles).encode()) <= 15_000


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("step", range(1, 10))
def test_the_number_is_legible_on_every_step(theme, step):
    assert contrast(theme[f"step-{step}"], theme[step_ink(step)]) >= 4.5


def test_the_style_sheet_gives_every_step_the_ink_that_was_tested():
    rules = re.findall(r"((?:\.step-\d(?:, )?)+) \{ color: var\(--(\w+)\)", static("report.css"))
    given = {step: ink for steps, ink in rules for step in re.findall(r"\d", steps)}
    assert [given.get(str(step), "ink") for step in range(1, 10)] == [
        step_ink(step) for step in range(1, 10)
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("colour", "ground", "least"),
    [
        ("ink", "paper", 7.0),
        ("soft", "paper", 4.5),
        ("ink", "raised", 7.0),
        ("accent", "paper", 4.5),
        ("fewer", "paper", 4.5),
        ("focus", "paper", 3.0),
        ("edge", "paper", 3.0),
        ("paper", "ink", 7.0),
    ],
)
def test_text_and_lines_stand_out_from_the_paper(theme, colour, ground, least):
    assert contrast(theme[colour], theme[ground]) >= least


def test_both_themes_set_the_same_colours():
    assert set(LIGHT) == set(DARK)


@pytest.mark.parametrize("sheet", ["report.css", "explorer.css"])
def test_every_colour_used_is_in_the_palette(sheet):
    assert set(re.findall(r"var\(--([\w-]+)\)", static(sheet))) <= set(LIGHT)


def test_every_sentence_asked_for_is_in_the_catalogue():
    words = load_words("orgnet_reports")
    for package in ("people", "slides", "team"):
        words = words | load_words(f"orgnet_reports.{package}")
    sources = [*ROOT.rglob("*.py"), *ROOT.rglob("*.j2")]
    asked = {
        key
        for source in sources
        for key in re.findall(
            r"""\bsay(?:\.plain)?\(\s*["']([\w-]+\.[\w.-]+)["']\s*[,)]""", source.read_text("utf-8")
        )
    }
    assert len(asked) > 100
    assert {key for key in asked if key not in words} == set()


def test_every_term_marked_in_a_sentence_has_its_meaning():
    words = load_words("orgnet_reports")
    plain = {key: words(key, **dict.fromkeys(words.arguments(key), "")) for key in words.keys}
    terms = {term for text in plain.values() for term in re.findall(r"\[\[([^\]|]+)", text)}
    assert {term for term in terms if f"word.{term}.meaning" not in words} == set()


@pytest.mark.parametrize("hostile", ["</script>", "<!--", "a & b", "\u2028", "🦊"])
def test_the_data_block_is_ascii_and_cannot_end_its_element(hostile):
    block = str(data_block({"name": hostile}))
    assert block.isascii()
    assert not set("<>&") & set(block)
