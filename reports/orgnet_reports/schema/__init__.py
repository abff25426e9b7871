"""The published JSON Schema of ``diagnosis.json``: made from the report model, kept as a file.

``python -m orgnet_reports.schema FILE...`` writes it anew after the report model has changed.
"""

from __future__ import annotations

import inspect
import json
import re
from importlib import resources
from typing import Any

import msgspec

from orgnet.report_model import SCHEMA, ReportModel

FILE_NAME = "diagnosis.schema.json"

#: Meaning of a docstring's section "Attributes": names at the margin, their words indented.
_ATTRIBUTE = re.compile(r"^(?P<names>\w+(?:, \w+)*)\n(?P<words>(?:[ ]{4}.*\n?|\n)+)", re.MULTILINE)


def published_schema() -> dict[str, Any]:
    """Return the schema as it is shipped.

    Examples
    --------
    >>> published_schema() == made_schema()
    True
    """
    text = (resources.files(__name__) / FILE_NAME).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def made_schema() -> dict[str, Any]:
    """Return the schema that follows from the report model, JSON Schema draft 2020-12.

    Every property is required, because every file holds all of them; a file may hold more,
    because later versions add without taking away. A number that is not defined is null.
    """
    made = msgspec.json.schema(ReportModel)
    definitions = {name: _definition(made["$defs"][name]) for name in sorted(made["$defs"])}
    model = definitions.pop("ReportModel")
    model["properties"] = {"schema": {"const": SCHEMA}} | {
        name: value for name, value in model["properties"].items() if name != "schema"
    }
    model["required"] = list(model["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:orgnet:{SCHEMA}",
        "title": "diagnosis.json",
        **model,
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as the text of the file."""
    return json.dumps(made_schema(), indent=2, ensure_ascii=False) + "\n"


def _definition(definition: dict[str, Any]) -> dict[str, Any]:
    meaning, attributes = _read_docstring(definition.get("description", ""))
    properties = {
        name: _described(_value(value), attributes.get(name))
        for name, value in definition["properties"].items()
    }
    return {
        "description": meaning,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _value(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a type as the file has it: null for a number that is not defined, no defaults."""
    value = {key: item for key, item in schema.items() if key != "default"}
    if value.get("type") == "number":
        return {"type": ["number", "null"]}
    for key in ("anyOf", "prefixItems"):
        if key in value:
            value[key] = [_value(item) for item in value[key]]
    for key in ("items", "additionalProperties"):
        if isinstance(value.get(key), dict):
            value[key] = _value(value[key])
    choices = value.get("anyOf", ())
    if choices and all(set(choice) == {"type"} for choice in choices):
        types = [choice["type"] for choice in choices]
        flat = (one for kind in types for one in (kind if isinstance(kind, list) else [kind]))
        return {"type": list(dict.fromkeys(flat))}
    return value


def _described(schema: dict[str, Any], words: str | None) -> dict[str, Any]:
    return {"description": words, **schema} if words else schema


def _read_docstring(text: str) -> tuple[str, dict[str, str]]:
    """Return what a record is, and what its attributes are, from a docstring in numpy style."""
    meaning, _, attributes = inspect.cleandoc(text).partition("\nAttributes\n----------\n")
    described: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(attributes + "\n"):
        words = _one_line(found["words"])
        described |= dict.fromkeys(found["names"].split(", "), words)
    return _one_line(meaning), described


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"\bNone\b", "null", text.replace("``", "`")).split())
