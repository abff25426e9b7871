"""The message catalogue: every sentence that is printed stands in one file a language."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


class Words:
    """Sentences by key, filled with named arguments.

    Parameters
    ----------
    sentences
        Key to sentence; ``{name}`` stands for an argument.

    Examples
    --------
    >>> words = Words({"greeting": "Hello, {who}"})
    >>> words("greeting", who="Aya")
    'Hello, Aya'
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    def __call__(self, key: str, /, **arguments: object) -> str:
        """Return the sentence; an unknown key or a missing argument raises `KeyError`."""
        return self._sentences[key].format_map(arguments)

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def __or__(self, other: Words) -> Words:
        return Words(self._sentences | other._sentences)

    def arguments(self, key: str) -> set[str]:
        """Return the names of the arguments that a sentence needs."""
        parsed = string.Formatter().parse(self._sentences[key])
        return {name for _, name, _, _ in parsed if name}

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys."""
        return tuple(self._sentences)


@cache
def load_words(package: str, language: str = "en") -> Words:
    """Load ``words/LANGUAGE.toml`` of a package; tables become dotted keys.

    Examples
    --------
    >>> "finding.silo.headline" in load_words("orgnet")
    True
    """
    file = resources.files(package) / "words" / f"{language}.toml"
    return Words(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
