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

#: All but those that hold a figure to its unit in a sentence; two names they would make look alike.
_BREAKING_SPACES = re.compile(r"[^\S\u00a0\u202f]+")


def without_hidden_characters(text: str, *, sentence: bool = False) -> str:
    r"""Return the text without control, override and unassigned characters, spaces made single.

    In a sentence, no-break spaces stay as they are.

    Examples
    --------
    >>> without_hidden_characters("Sales\u202e\x00 and\n  Legal ")
    'Sales and Legal'
    >>> without_hidden_characters("64\u00a0%  outside", sentence=True)
    '64\xa0% outside'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        # As nearly every text is: it holds no space but single ones, and nothing hidden.
        return text.strip()
    spaces = _BREAKING_SPACES if sentence else _SPACES
    kept = "".join(
        letter
        for letter in spaces.sub(" ", text)
        if letter in _JOINERS or unicodedata.category(letter) not in _HIDDEN_CATEGORIES
    )
    return spaces.sub(" ", kept).strip()


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
    # Departments that are shown come first, so that of two alike they keep the plain name.
    for name in _department_names((model.departments, model)):
        if name not in shown:
            shown[name] = _distinct(without_hidden_characters(name) or unnamed, shown)
    cleaned: ReportModel = _cleaned(model, shown, names=False)
    return cleaned


def _department_names(value: Any) -> Iterator[str]:
    """Find every department in whatever section names it; a new section needs no line here."""
    if isinstance(value, tuple):
        for item in value:
            yield from _department_names(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if field.name not in _NAME_FIELDS:
                yield from _department_names(held)
            elif isinstance(held, str):
                yield held
            elif isinstance(held, tuple):
                yield from held


def _distinct(name: str, shown: Mapping[str, str]) -> str:
    taken = set(shown.values())
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def _cleaned(value: Any, shown: Mapping[str, str], *, names: bool) -> Any:
    if isinstance(value, str):
        return shown[value] if names else without_hidden_characters(value, sentence=True)
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
