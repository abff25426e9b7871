"""Text that is safe to show: hidden characters taken out of every string of a model, once.

Names come from exports and may hold anything. Control characters and bidirectional overrides can
make a page say something else than its bytes do, so no output ever sees them.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from orgnet.report_model import ReportModel

#: Fields that hold the name of a department.
_NAME_FIELDS = frozenset({"name", "group_a", "group_b", "department", "subject"})

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

#: Zero-width joiners shape Arabic and Indic script and emoji; they reorder nothing.
_JOINERS = "\u200c\u200d"

_SPACES = re.compile(r"\s+")


def without_hidden_characters(text: str) -> str:
    r"""Return the text without control, override and unassigned characters, spaces made single.

    Examples
    --------
    >>> without_hidden_characters("Sales\u202e\x00 and\n  Legal ")
    'Sales and Legal'
    """
    kept = "".join(
        letter
        for letter in _SPACES.sub(" ", text)
        if letter in _JOINERS or unicodedata.category(letter) not in _HIDDEN_CATEGORIES
    )
    return _SPACES.sub(" ", kept).strip()


def clean_model(model: ReportModel, *, unnamed: str) -> ReportModel:
    """Return the model with every string cleaned and every department's name shown and distinct.

    Parameters
    ----------
    model
        What was released.
    unnamed
        Shown for a department whose name is empty once it is cleaned.
    """
    shown: dict[str, str] = {}
    for name in _department_names(model):
        if name not in shown:
            shown[name] = _distinct(without_hidden_characters(name) or unnamed, shown)
    cleaned: ReportModel = _cleaned(model, shown, names=False)
    return cleaned


def _department_names(model: ReportModel) -> Iterator[str]:
    yield from (department.name for department in model.departments)
    yield from (row.department for row in model.coverage.departments)
    for pair in model.pairs:
        yield from (pair.group_a, pair.group_b)
    for item in model.bottlenecks:
        yield from (item.group_a, item.group_b)
    for finding in model.findings:
        yield from finding.subject
    if model.communities:
        yield from (row.department for row in model.communities.rows)


def _distinct(name: str, shown: Mapping[str, str]) -> str:
    taken = set(shown.values())
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def _cleaned(value: Any, shown: Mapping[str, str], *, names: bool) -> Any:
    if isinstance(value, str):
        return shown[value] if names else without_hidden_characters(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item, shown, names=names) for item in value)
    if isinstance(value, dict):
        return {key: _cleaned(item, shown, names=False) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _cleaned(
                getattr(value, field.name), shown, names=field.name in _NAME_FIELDS
            )
            for field in dataclasses.fields(value)
        }
        return type(value)(**fields)
    return value
