"""The published schema of the released figures, against the files themselves."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orgnet_reports.json import Json
from orgnet_reports.schema import FILE_NAME, published_schema, schema_text
from report_models import GOLDEN, organisation

SCHEMA = published_schema()
DOCS = Path(__file__).resolve().parents[2] / "docs"

AGAIN = "run: python -m orgnet_reports.schema reports/orgnet_reports/schema/{0} docs/{0}"


def problems(figures: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(figures)]


def read(model: Any) -> dict[str, Any]:
    return json.loads(Json().render(model))


def test_the_schema_is_a_valid_schema_of_its_draft():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$schema"]


def test_the_schema_follows_from_the_report_model():
    shipped = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    assert shipped == schema_text(), AGAIN.format(FILE_NAME)


def test_the_documentation_publishes_the_schema_that_is_shipped():
    assert (DOCS / FILE_NAME).read_text(encoding="utf-8") == schema_text(), AGAIN.format(FILE_NAME)


@pytest.mark.parametrize("name", GOLDEN)
def test_every_released_model_keeps_to_the_schema(name):
    assert problems(read(GOLDEN[name]())) == []


def test_a_number_that_is_not_defined_keeps_to_the_schema():
    base = organisation(100, 6)
    glance = dataclasses.replace(base.glance[0], value=float("nan"))
    assert problems(read(dataclasses.replace(base, glance=(glance,)))) == []


def test_every_field_of_a_file_is_in_the_schema():
    figures = read(organisation(100, 6))
    assert set(figures) == set(SCHEMA["properties"])
    for name, records in (
        ("Pair", figures["pairs"]),
        ("Department", figures["departments"]),
        ("Finding", figures["findings"]),
    ):
        assert {key for record in records for key in record} == set(
            SCHEMA["$defs"][name]["properties"]
        )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"schema": "orgnet-report/2"}, "'orgnet-report/1' was expected"),
        ({"mode": "huge"}, "'huge' is not one of"),
        ({"pairs": [{"group_a": "Sales"}]}, "'group_b' is a required property"),
        ({"departments": None}, "None is not of type 'array'"),
    ],
)
def test_a_file_that_breaks_the_schema_is_told(change, expected):
    told = problems(read(organisation(100, 6)) | change)
    assert any(expected in problem for problem in told), told


def test_the_meaning_of_a_field_stands_in_the_schema():
    pair = SCHEMA["$defs"]["Pair"]["properties"]
    assert pair["q"]["description"].startswith("False-discovery rate")
    assert pair["low"]["description"] == pair["ties"]["description"]
