"""The released figures as data: the report model itself, version first."""

from __future__ import annotations

import json
import math
from typing import Any, ClassVar

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
        plain = clean_model(model, unnamed=words("unnamed")).to_dict()
        ordered = {"schema": plain.pop("schema"), **plain}
        text = json.dumps(_without_nan(ordered), ensure_ascii=False, allow_nan=False, indent=2)
        return f"{text}\n".encode()


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value
