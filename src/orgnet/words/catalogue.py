"""Sentences by key: filled with names, and with figures in the form of their language.

``{ties:count}`` in a sentence is a figure in a form of `orgnet.words.figures.Figures`;
``{reason:reason}`` is a code, told by the sentence ``reason.CODE`` of the same catalogue;
``{name}`` is put in as it comes. A sentence that counts has two keys, ``KEY.one`` and
``KEY.other``.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Any, NamedTuple

from orgnet.errors import UsageError, did_you_mean
from orgnet.words.figures import Figures

#: Forms that a sentence may ask a figure to be printed in.
FORMS = frozenset(
    {"count", "share", "score", "ratio", "fine_ratio", "expected", "agreement", "tick", "day"}
)

#: Of a catalogue that does not say which numbers are told by ``KEY.one``.
_ONE = "1"


class Piece(NamedTuple):
    """A stretch of a sentence as the catalogue has it, and what is put in after it, if anything."""

    text: str
    value: object | None


class Words:
    """The sentences of one language.

    Parameters
    ----------
    sentences
        Key to sentence.

    Examples
    --------
    >>> words = Words({
    ...     "greeting": "Hello, {who}",
    ...     "seen.one": "{ties:count} tie was seen",
    ...     "seen.other": "{ties:count} ties were seen",
    ... })
    >>> words("greeting", who="Aya")
    'Hello, Aya'
    >>> words("seen", ties=1), words("seen", ties=1200)
    ('1 tie was seen', '1,200 ties were seen')
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    def __call__(self, key: str, /, **arguments: object) -> str:
        """Return the sentence; an unknown key or a missing argument raises `KeyError`."""
        return "".join(
            f"{piece.text}{'' if piece.value is None else piece.value}"
            for piece in self.pieces(key, arguments)
        )

    def pieces(self, key: str, arguments: Mapping[str, object]) -> Iterator[Piece]:
        """Return the sentence in pieces, so that what is put in can be told from what is said.

        Names and text come as they were given; figures and codes as text.
        """
        for text, name, form, _ in _parsed(self._sentences[self._spoken(key, arguments)]):
            value = None if name is None else self._told(arguments[name], form or "", arguments)
            yield Piece(text, value)

    def __contains__(self, key: str) -> bool:
        return key in self._sentences or f"{key}.other" in self._sentences

    def __or__(self, other: Words) -> Words:
        return Words(self._sentences | other._sentences)

    def counted(self, key: str, number: float) -> str:
        """Return ``KEY.one`` or ``KEY.other``, as the language asks for the number.

        Examples
        --------
        >>> load_words("orgnet", "en").counted("people", 0)
        'people.other'
        >>> load_words("orgnet", "fr").counted("people", 0)
        'people.one'
        """
        ones = self._sentences.get("plural.one", _ONE).split()
        return f"{key}.one" if f"{number:g}" in ones else f"{key}.other"

    def arguments(self, key: str) -> dict[str, str]:
        """Return the arguments that a sentence needs, and the form of each (empty for as is)."""
        return {
            name: form or ""
            for _, name, form, _ in _parsed(self._sentences[key])
            if name is not None
        }

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys."""
        return tuple(self._sentences)

    @cached_property
    def figures(self) -> Figures:
        """How this language prints numbers and dates."""
        return Figures(self)

    def _spoken(self, key: str, arguments: Mapping[str, object]) -> str:
        """Return the key, or its form for the first figure that the sentence counts."""
        if key in self._sentences or f"{key}.other" not in self._sentences:
            return key
        counts = [n for n, form in self.arguments(f"{key}.other").items() if form == "count"]
        number = arguments[counts[0]]
        return self.counted(key, number if isinstance(number, (int, float)) else 0)

    def _told(self, value: object, form: str, arguments: Mapping[str, object]) -> object:
        if not form:
            return value
        if form in FORMS:
            as_text = isinstance(value, str) and form != "day"
            return value if as_text else getattr(self.figures, form)(value)
        key = f"{form}.{value}"
        return self(key, **arguments) if key in self else str(value).replace("_", " ")


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


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that a report can be written in.

    Examples
    --------
    >>> languages()
    ('de', 'en', 'fr')
    """
    files = (resources.files("orgnet") / "words").iterdir()
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
    )


def require_language(language: str) -> str:
    """Return the language if a report can be written in it.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if language not in languages():
        raise UsageError(
            f"no language {language!r}; there are {', '.join(languages())}."
            f"{did_you_mean(language, languages())}"
        )
    return language


@cache
def _parsed(sentence: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    return tuple(string.Formatter().parse(sentence))


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
