"""The items of chosen lists in a JSON file of any size, one at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

Path = tuple[str, ...]

#: One item of a list may have so many characters; no node or tie has.
LONGEST_ITEM = 1 << 24
#: Lists are looked for in objects in objects, this deep.
DEEPEST = 3

_BLANKS = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'["{}\[\]]')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DECODER = json.JSONDecoder()


class DamagedJsonError(ValueError):
    """The JSON is malformed or ends early; the items before have been handed on."""


class Item(NamedTuple):
    """An item of a list, or a value that stands alone.

    Parameters
    ----------
    path
        Keys that lead to the list, or to the value.
    key
        Under which the item stands where the list is an object; None in a list.
    value
        As JSON has it.
    listed
        False for a value that stands alone.
    """

    path: Path
    key: str | None
    value: Any
    listed: bool


def json_items(parts: Iterable[str], lists: Collection[Path]) -> Iterator[Item]:
    """Yield the items of chosen lists, and values that stand alone, as they come in the file.

    Everything else is passed over unread. Memory does not grow with the file.

    Parameters
    ----------
    parts
        The text, in pieces of any length.
    lists
        Paths of lists. An object at the path of a list is one as well if its values are objects
        and no further path leads into it.

    Raises
    ------
    DamagedJsonError
        If it is malformed, or an item has more than 16 million characters.

    Examples
    --------
    >>> text = '{"directed": true, "layout": [1, [2]], "nodes": [{"id": 1}, {"id": 2}]}'
    >>> for item in json_items([text[:50], text[50:]], [("nodes",)]):
    ...     print(item.path, item.value)
    ('directed',) True
    ('nodes',) {'id': 1}
    ('nodes',) {'id': 2}
    """
    yield from _Reader(parts, lists).items(())


class _Reader:
    """Reads on in the text as far as the next value needs."""

    def __init__(self, parts: Iterable[str], lists: Collection[Path]) -> None:
        self._parts = iter(parts)
        self._lists = frozenset(lists)
        self._text = ""
        self._at = 0
        self._ended = False

    def items(self, path: Path) -> Iterator[Item]:
        """Yield what stands in the object that begins here."""
        for key in self._keys():
            inner = (*path, key)
            mark = self._peek()
            if mark == "[" and inner in self._lists:
                for _ in self._elements():
                    yield Item(inner, None, self._value(), listed=True)
            elif mark == "{" and inner in self._lists and not self._leads_on(inner):
                for one in self._keys():
                    yield Item(inner, one, self._value(), listed=True)
            elif mark == "{" and len(inner) < DEEPEST and self._leads_on(inner):
                yield from self.items(inner)
            elif mark in "[{":
                self._pass_over()
            else:
                yield Item(inner, None, self._value(), listed=False)

    def _leads_on(self, path: Path) -> bool:
        return any(len(one) > len(path) and one[: len(path)] == path for one in self._lists)

    def _keys(self) -> Iterator[str]:
        """Yield the keys of an object; the caller reads the value after each."""
        self._expect("{")
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise DamagedJsonError("a key is no text")
            self._expect(":")
            yield key
            if self._expect(",}") == "}":
                return

    def _elements(self) -> Iterator[None]:
        """Stop before each element of a list; the caller reads it."""
        self._expect("[")
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._expect(",]") == "]":
                return

    def _peek(self) -> str:
        """Return the next character that is no blank."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise DamagedJsonError("ends early")

    def _expect(self, marks: str) -> str:
        mark = self._peek()
        if mark not in marks:
            raise DamagedJsonError(f"lacks one of {' '.join(marks)}")
        self._at += 1
        return mark

    def _value(self) -> Any:
        """Read one value whole."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise DamagedJsonError("nests too deep") from None
            except ValueError:
                value, end = None, 0
            # What ends with the text, such as a number, may go on.
            if end and (end < len(self._text) or self._ended):
                self._at = end
                return value
            if len(self._text) - self._at > LONGEST_ITEM:
                raise DamagedJsonError("has an item that never ends")
            if not self._more() and not end:
                raise DamagedJsonError("is malformed")

    def _pass_over(self) -> None:
        """Go behind the list or object that begins here."""
        depth = 0
        while True:
            mark = _MARK.search(self._text, self._at)
            if mark is None:
                self._at = len(self._text)
                if not self._more():
                    raise DamagedJsonError("ends early")
                continue
            self._at = mark.start()
            if mark[0] == '"':
                self._pass_over_string()
                continue
            self._at += 1
            depth += 1 if mark[0] in "[{" else -1
            if depth == 0:
                return

    def _pass_over_string(self) -> None:
        while (string := _STRING.match(self._text, self._at)) is None:
            if len(self._text) - self._at > LONGEST_ITEM or not self._more():
                raise DamagedJsonError("has a text that never ends")
        self._at = string.end()

    def _more(self) -> bool:
        """Read on; at least as much again as is being held, so that long values cost little."""
        held = [self._text[self._at :]]
        length, wanted = 0, max(len(held[0]), 1 << 14)
        for part in self._parts:
            held.append(part)
            length += len(part)
            if length >= wanted:
                break
        self._ended = length < wanted
        self._text, self._at = "".join(held), 0
        return length > 0
