"""The released figures as data."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from orgnet.report_model import SCHEMA, Report
from orgnet_reports.json import Json
from report_models import GOLDEN, hostile, organisation


def read(model) -> dict:
    return json.loads(Json().render(model))


def test_json_is_a_report():
    assert isinstance(Json(), Report)
    assert (Json.name, Json.file_name) == ("json", "diagnosis.json")


@pytest.mark.parametrize("name", GOLDEN)
def test_every_model_is_valid_json_with_the_version_first(name):
    figures = read(GOLDEN[name]())
    assert next(iter(figures)) == "schema"
    assert figures["schema"] == SCHEMA


def test_the_names_that_others_rely_on_are_there():
    figures = read(organisation(100, 6))
    assert {"period", "coverage", "index", "departments", "pairs", "findings", "withheld"} <= set(
        figures
    )
    assert {"value", "low", "high", "openness", "coverage", "resilience"} <= set(figures["index"])
    assert {
        "kind", "subject", "statement", "effect", "low", "high", "confidence", "evidence"
    } <= set(figures["findings"][0])  # fmt: skip


def test_an_undefined_figure_is_null():
    base = organisation(100, 6)
    broken = dataclasses.replace(base.departments[0], openness=float("nan"), low=float("inf"))
    content = Json().render(dataclasses.replace(base, departments=(broken, *base.departments[1:])))
    department = json.loads(content)["departments"][0]
    assert (department["openness"], department["low"]) == (None, None)
    assert b"NaN" not in content and b"Infinity" not in content


def test_a_float_of_numpy_is_a_figure_as_any_other():
    base = organisation(100, 6)
    told = dataclasses.replace(
        base.departments[0], openness=np.float64(0.25), low=np.float64("nan")
    )
    department = read(dataclasses.replace(base, departments=(told, *base.departments[1:])))[
        "departments"
    ][0]
    assert (department["openness"], department["low"]) == (0.25, None)


def test_what_is_no_figure_and_no_text_is_refused():
    base = organisation(100, 6)
    broken = dataclasses.replace(base.departments[0], openness=object())
    with pytest.raises(NotImplementedError, match="no object may stand in a report model"):
        Json().render(dataclasses.replace(base, departments=(broken,)))


def test_names_are_written_as_they_are_but_for_hidden_characters():
    content = Json().render(hostile()).decode("utf-8")
    assert "研究开发" in content and "🦊 Foxes" in content
    assert "\u202e" not in content and "\\u202e" not in content and "\\u0007" not in content


def test_the_file_ends_with_a_line_and_has_unix_lines():
    content = Json().render(organisation(100, 6))
    assert content.endswith(b"}\n")
    assert b"\r" not in content


def test_the_same_model_gives_the_same_bytes():
    assert Json().render(organisation()) == Json().render(organisation())
