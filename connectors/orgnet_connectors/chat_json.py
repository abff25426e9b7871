"""JSON files of any size as a stream: long lists are entered, everything else is decoded whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Generator, Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from orgnet_connectors.text_lines import encoding_of

#: What is decoded whole is never longer, in characters; beyond, it counts as broken.
LONGEST_VALUE = 1 << 24
_BLOCK_BYTES = 1 << 18


class _Mark:
    """Stands where a value cannot."""

    def __init__(self, meaning: str) -> None:
        self._meaning = meaning

    def __repr__(self) -> str:
        return self._meaning


#: An object or list begins, whose parts follow as steps of their own.
ENTERED: Final = _Mark("ENTERED")
#: A value that cannot be read, or the end of a file where one was due.
BROKEN: Final = _Mark("BROKEN")


class Step(NamedTuple):
    """One value of a file.

    Parameters
    ----------
    path
        Where it stands: empty for the outermost, ``messages[]`` for an element of the list in the
        field ``messages``, ``chats.list[].id`` for a field further down.
    value
        What was decoded, `ENTERED` or `BROKEN`.
    """

    path: str
    value: Any


class JsonSteps:
    r"""Goes through a JSON file, or several values one after the other, such as one on each line.

    Memory does not grow with the file. One broken element never costs the others: reading goes
    on at the next one that looks whole.

    Parameters
    ----------
    stream
        The file, in UTF-8 or UTF-16.
    enter
        Paths of the objects and lists to enter; all others are decoded whole. ``*`` stands for
        every field of the outermost object.
    own
        Fields that every element of an entered list has, and no object inside of one has all of.
        Only by them is the next element found after one that cannot be read.

    Attributes
    ----------
    truncated
        After reading: the file ends within a value, or what follows a damage could not be found.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO(b'{"room": {"id": 1}, "messages": [{"id": 2}, 7, {"id')
    >>> steps = JsonSteps(file, enter={"", "messages"})
    >>> for path, value in steps:
    ...     print(path or "(all)", value)
    (all) ENTERED
    room {'id': 1}
    messages ENTERED
    messages[] {'id': 2}
    messages[] 7
    messages[] BROKEN
    >>> steps.truncated
    True
    """

    def __init__(
        self, stream: BinaryIO, *, enter: Collection[str] = (), own: Collection[str] = ()
    ) -> None:
        self._window = _Window(stream)
        self._enter = enter
        self._own = own
        self._open: list[tuple[str, str]] = []
        self.truncated = False

    def __iter__(self) -> Iterator[Step]:
        """Yield the values in order."""
        window = self._window
        while True:
            window.skip(_GAP)
            if window.at_end():
                self.truncated |= bool(self._open)
                return
            if self._open and window.here() == self._open[-1][0]:
                window.position += 1
                self._open.pop()
                continue
            path = self._path()
            if path is None:
                yield Step(self._open[-1][1], BROKEN)
                if not self._find_list():
                    return
                continue
            closing = _CLOSING.get(window.here())
            if closing is not None and self._is_entered(path):
                window.position += 1
                self._open.append((closing, path))
                yield Step(path, ENTERED)
                continue
            value = window.decode()
            yield Step(path, value)
            if value is BROKEN and not (yield from self._resume(path)):
                return

    def _path(self) -> str | None:
        """Read up to the next value and say where it stands; None where no value can follow."""
        if not self._open:
            return ""
        closing, above = self._open[-1]
        if closing == "]":
            return f"{above}[]"
        name = self._window.decode()
        self._window.skip(_BLANKS)
        if not isinstance(name, str) or self._window.here() != ":":
            return None
        self._window.position += 1
        self._window.skip(_BLANKS)
        return f"{above}.{name}" if above else name

    def _is_entered(self, path: str) -> bool:
        return path in self._enter or ("*" in self._enter and bool(_FIELD.fullmatch(path)))

    def _resume(self, path: str) -> Generator[Step, None, bool]:
        """Go on behind a value that is broken; return False where there is no way on."""
        if not self._open:
            found = self._window.find(_NEXT_LINE)
        elif self._open[-1][0] == "}":
            return self._find_list()
        else:
            found = self._window.find(_NEXT_ELEMENT)
            while found and self._own:
                value = self._window.decode()
                if isinstance(value, dict) and all(field in value for field in self._own):
                    yield Step(path, value)
                    return True
                # An object within the broken element; its own brace may end that.
                self._window.position -= value is not BROKEN
                found = self._window.find(_NEXT_ELEMENT)
        self.truncated |= not found
        return found

    def _find_list(self) -> bool:
        """Go to a list that is to be entered, from anywhere in the object around it."""
        above = self._open[-1][1]
        prefix = f"{above}." if above else ""
        names = [
            path.removeprefix(prefix)
            for path in self._enter
            if path and path.startswith(prefix) and not re.search(r"[.\[]", path[len(prefix) :])
        ]
        some = "|".join(r"\w+" if name == "*" else re.escape(name) for name in names)
        found = bool(names) and self._window.find(re.compile(rf'(?="(?:{some})"\s*:\s*[\[{{])'))
        self.truncated |= not found
        return found


_CLOSING = {"{": "}", "[": "]"}
_FIELD = re.compile(r"[^.\[]+")
_GAP = re.compile(r"[\s,]+")
_BLANKS = re.compile(r"\s+")
_NEXT_ELEMENT = re.compile(r"\}\s*,\s*(?=\{)")
_NEXT_LINE = re.compile(r"\n\s*(?=[{\[])")
#: Nothing that is searched for is longer, blanks included.
_LONGEST_MATCH = 1 << 10
#: What stands so near the end of what was read may be cut by that end.
_NEAR = 16


class _Window:
    """The part of a file that is in memory, and the place that has been reached in it."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(_BLOCK_BYTES)
        self._stream = stream
        self._bytes = codecs.getincrementaldecoder(encoding_of(head))(errors="replace")
        self._json = json.JSONDecoder(strict=False)
        self._whole = False
        self._text = self._bytes.decode(head)
        self.position = 0

    def here(self) -> str:
        """Return the character that has been reached; empty at the end."""
        return self._text[self.position : self.position + 1]

    def at_end(self) -> bool:
        """Say whether the file has been read to its end."""
        return self.position >= len(self._text) and not self._more()

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go over what matches, such as blanks."""
        while True:
            found = pattern.match(self._text, self.position)
            if found is not None:
                self.position = found.end()
            if self.position < len(self._text) or not self._more():
                return

    def find(self, pattern: re.Pattern[str]) -> bool:
        """Go behind the next match; at the end of the file where there is none."""
        while True:
            found = pattern.search(self._text, self.position)
            if found is not None:
                self.position = found.end()
                return True
            self.position = max(self.position, len(self._text) - _LONGEST_MATCH)
            if not self._more():
                self.position = len(self._text)
                return False

    def decode(self) -> Any:
        """Decode the value that begins here and go behind it; `BROKEN`, and stay, if it is none."""
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self.position)
            except json.JSONDecodeError as error:
                near_end = error.pos >= len(self._text) - _NEAR
                if not near_end and not error.msg.startswith("Unterminated string"):
                    return BROKEN
                if len(self._text) - self.position > LONGEST_VALUE or not self._more():
                    return BROKEN
            except (ValueError, RecursionError):
                return BROKEN
            else:
                # A number may go on in the part that has not been read: ``1`` of ``1.5``.
                if end < len(self._text) - _NEAR or not self._more():
                    self.position = end
                    return value

    def _more(self) -> bool:
        """Read on, as much again as is held, so that long values are not tried too often.

        False, and nothing has moved, at the end of the file.
        """
        wanted = max(_BLOCK_BYTES, len(self._text) - self.position)
        while not self._whole:
            block = self._stream.read(wanted)
            self._whole = not block
            text = self._bytes.decode(block, self._whole)
            if text:
                self._text = self._text[self.position :] + text
                self.position = 0
                return True
        return False


def as_object(value: object) -> dict[str, Any]:
    """Return a JSON object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a JSON list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    r"""Return a text or a whole number as text, and an empty one for anything else.

    Halves of characters, which JSON may spell out, are replaced: no UTF-8 text can hold them.

    Examples
    --------
    >>> as_text(" U1 "), as_text(17), as_text(True), as_text("a\ud800")
    ('U1', '17', '', 'a?')
    """
    if isinstance(value, str):
        text = value.strip()
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
