"""The released figures as data: the report model itself, version first."""

from __future__ import annotations

from typing import ClassVar

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
        plain = msgspec.to_builtins(clean_model(model, unnamed=words("unnamed")))
        ordered = {"schema": plain.pop("schema"), **plain}
        return msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n"
