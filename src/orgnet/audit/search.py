"""Finding thousands of names, addresses and ids in a text, whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orgnet.audit.identifiers import SHORTEST, WORD, Identifier, folded

_HEXADECIMAL = re.compile(r"[0-9a-f]{8,}")

#: A pseudonym has so many digits; editions show the first eight or more of them.
_DIGITS, _FIRST = 32, 8

#: What may stand between the words of a name: a space, a comma and a space, a full stop.
_BETWEEN = r"[\W_]{1,3}"


class Search:
    """Everything that is searched for, ready to be found in many texts."""

    def __init__(self, wanted: Iterable[Identifier]) -> None:
        self._by_words: dict[str, list[tuple[tuple[str, ...], Identifier]]] = {}
        self._addresses: dict[str, list[Identifier]] = {}
        self._pseudonyms: dict[str, Identifier] = {}
        self._beginnings: dict[str, list[Identifier]] = {}
        for one in wanted:
            if one.kind == "pseudonym":
                self._pseudonyms[one.text] = one
                self._beginnings.setdefault(one.text[:_FIRST], []).append(one)
            elif "@" in one.text:
                self._addresses.setdefault(_around(one.text, one.text.index("@")), []).append(one)
            else:
                words = tuple(WORD.findall(one.text))
                self._by_words.setdefault(max(words, key=len), []).append((words, one))

    def found(self, text: str) -> Iterator[Identifier]:
        """Yield what stands in a text, in no order; the same more than once."""
        plain = folded(text)
        yield from self._words(plain)
        if self._addresses:
            yield from self._at(plain)
        if self._pseudonyms:
            yield from self._digits(plain)

    def _words(self, text: str) -> Iterator[Identifier]:
        present = {word for word in WORD.findall(text) if len(word) > 1}
        for word in present & self._by_words.keys():
            for words, one in self._by_words[word]:
                if len(words) == 1:
                    if len(word) >= SHORTEST:
                        yield one
                elif all(len(w) == 1 or w in present for w in words):
                    pattern = _BETWEEN.join(map(re.escape, words))
                    if re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text):
                        yield one

    def _at(self, text: str) -> Iterator[Identifier]:
        place = text.find("@")
        while place >= 0:
            for one in self._addresses.get(_around(text, place), ()):
                start = place - one.text.index("@")
                if start >= 0 and text.startswith(one.text, start):
                    yield one
            place = text.find("@", place + 1)

    def _digits(self, text: str) -> Iterator[Identifier]:
        for run in _HEXADECIMAL.finditer(text):
            digits = run[0]
            for start in range(len(digits) - _DIGITS + 1):
                if (one := self._pseudonyms.get(digits[start : start + _DIGITS])) is not None:
                    yield one
            if len(digits) < _DIGITS:
                for one in self._beginnings.get(digits[:_FIRST], ()):
                    if one.text.startswith(digits):
                        yield one


def _around(text: str, place: int) -> str:
    """Return the sign before an @ and the two behind it: every address has them."""
    return text[max(place - 1, 0) : place + 3]
