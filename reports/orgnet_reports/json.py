"""The released figures as data: the report model itself, version first."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from orgnet.report_model import ReportModel
from orgnet.words import load_words
from orgnet_reports.cleaning import clean_model


class Json:
    """Writes ``diagnosis.json``."""

    name: ClassVar[str] = "json"
    title: ClassVar[str] = "The released figures as JSON, for programs and for checking"
    file_name: ClassVar[str] = "diagnosis.json"

    def render(self, model: ReportModel) -> bytes:
        """Return the model as UTF-8 JSON; an undefined figure is null, never NaN."""
        words = load_words("orgnet_reports", model.language)
        cleaned = clean_model(model, unnamed=words("unnamed"))
        plain = msgspec.to_builtins(cleaned, enc_hook=_as_float)
        ordered = {"schema": plain.pop("schema"), **plain}
        return msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n"


def _as_float(value: Any) -> float:
    """Return a float of numpy's, which is one of Python's in all but its type."""
    if isinstance(value, float):
        return float(value)
    raise NotImplementedError(f"no {type(value).__name__} may stand in a report model")
