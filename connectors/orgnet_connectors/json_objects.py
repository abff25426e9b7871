"""The objects of a JSON file, one at a time, however the pages of an API were put together."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines

T = TypeVar("T")
#: Names of which all must be there, and what objects with them are.
Shapes = Sequence[tuple[Collection[str], str]]

#: No object of an export is longer; one that is, is passed over.
LONGEST_OBJECT = 16 << 20
#: Objects in objects: no export nests deeper.
DEEPEST = 100

#: So many levels of names are told of the beginning of a file.
_LEVELS_TOLD = 3
_BLOCK_CHARACTERS = 1 << 18

#: A whole text, or a bracket. A quote alone opens a text that does not end on its line.
_TOKEN = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|["{}\[\]]')
_COLON = re.compile(r"\s*:")
_CLOSING = {"{": "}", "[": "]"}


class JsonObjects:
    """The objects of one file, plain or compressed with gzip, each as its own JSON text.

    An array of objects, pages with an array under a name, a list of pages, pages or objects one
    after the other, or one on each line: all are read, in memory that does not grow with the
    file. Everything around the objects is passed over.

    Parameters
    ----------
    source
        The file.
    lists
        The names under which pages have their objects.

    Attributes
    ----------
    truncated
        After reading: the file ends within an object or a list, or its compression is damaged.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "pages.json"
    ...     _ = path.write_text('{"total": 3, "issues": [{"id": 1}, {"id": 2}]} [{"id": 3}]')
    ...     list(JsonObjects(Source(path), lists=["issues"]))
    ['{"id": 1}', '{"id": 2}', '{"id": 3}']
    """

    def __init__(self, source: Source, *, lists: Collection[str] = ()) -> None:
        self._source = source
        self._lists = frozenset(lists)
        self.truncated = False

    def __iter__(self) -> Iterator[str | None]:
        """Yield the objects in order, None for each that is broken or too long.

        Raises
        ------
        UnreadableFileError
            If a gzip file is damaged before its first line, or is a bomb.
        """
        return self._by_line() if _has_one_a_line(self._source) else self._scanned()

    def _scanned(self) -> Iterator[str | None]:
        scan = _Scan(self._lists)
        for block in self._blocks():
            yield from scan.feed(block)
        if scan.is_open:
            self.truncated = True
            if scan.in_object:
                yield None

    def _by_line(self) -> Iterator[str | None]:
        rest = ""
        for block in self._blocks():
            *whole, rest = (rest + block).split("\n")
            for line in whole:
                yield from self._line(line.strip())
            if len(rest) > LONGEST_OBJECT:
                yield None
                rest = ""
        rest = rest.strip()
        self.truncated |= bool(rest) and not rest.endswith("}")
        yield from self._line(rest)

    def _line(self, line: str) -> Iterator[str | None]:
        if any(f'"{name}"' in line for name in self._lists):
            yield from _Scan(self._lists).feed(line)
        elif line:
            yield line if line.startswith("{") and line.endswith("}") else None

    def _blocks(self) -> Iterator[str]:
        """Yield the text of the file in pieces, whole lines where they are not too long."""
        held: list[str] = []
        length, found = 0, False
        lines = open_lines(self._source)
        while True:
            try:
                line = next(lines)
            except StopIteration:
                break
            except DAMAGED as error:
                if not found:
                    raise UnreadableFileError(
                        "the compressed file is damaged",
                        file=self._source.name,
                        remedy="copy or export it again",
                    ) from error
                self.truncated = True
                break
            found = True
            held.append(line)
            length += len(line)
            if length >= _BLOCK_CHARACTERS:
                yield "".join(held)
                held.clear()
                length = 0
        yield "".join(held)


def json_names(source: Source) -> frozenset[str]:
    """Return the names in the first 64 KiB of a file, dotted, without the numbers of arrays.

    Empty for a file that is no JSON.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "page.json"
    ...     _ = path.write_text('{"issues": [{"key": "A-1", "fields": {"creator": {}}}, ')
    ...     sorted(json_names(Source(path)))
    ['issues', 'issues.fields', 'issues.fields.creator', 'issues.key']
    """
    if source.is_folder or source.is_zip:
        return frozenset()
    text = "".join(preview_lines(source))
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return frozenset()
    names: set[str] = set()
    # The name that leads to each open bracket; None for a bracket in an array.
    path: list[str | None] = []
    last = ""
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            path.append(last or None)
            last = ""
        elif mark in "}]":
            if path:
                path.pop()
            last = ""
        elif len(mark) > 1 and _COLON.match(text, token.end()):
            last = mark[1:-1]
            above = [name for name in path if name is not None]
            if len(above) < _LEVELS_TOLD:
                names.add(".".join([*above, last]))
        else:
            last = ""
    return frozenset(names)


def json_files(source: Source, is_ours: Callable[[Source], bool]) -> list[Source]:
    """Return the files of an export: the file itself, or all files of a folder.

    A folder is an export only where every file in it is ours, since claiming it would hide
    the others; then messages find what they are about in the files beside their own.

    Parameters
    ----------
    source
        A file or folder.
    is_ours
        Says of a file whether it belongs to the format.
    """
    if source.is_zip:
        return []
    if not source.is_folder:
        return [source] if is_ours(source) else []
    files = [Source(source.path / name) for name in source.members]
    return files if files and all(map(is_ours, files)) else []


def matching_shape(source: Source, shapes: Shapes, around: Sequence[str] = ("",)) -> str | None:
    """Say which of some shapes the objects of a file have; None where it is none of them.

    Parameters
    ----------
    source
        The file.
    shapes
        Names of which all must be there, and what objects with them are.
    around
        What may stand before the names: ``items.`` where objects are in the list of a page.
    """
    names = json_names(source)
    for prefix in around:
        inside = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
        for shape, what in shapes:
            if inside.issuperset(shape):
                return what
    return None


def decoded_objects(
    files: Sequence[Source],
    decoder: msgspec.json.Decoder[T],
    ledger: Ledger,
    *,
    lists: Collection[str] = (),
) -> Iterator[tuple[str, T | None]]:
    """Yield the place of every object in some files and what it decodes to, None for damage.

    Parameters
    ----------
    files
        Read one after the other.
    decoder
        Decodes one object; what it does not know is passed over.
    ledger
        Is told where a file ends early.
    lists
        As in `JsonObjects`.
    """
    for file in files:
        objects = JsonObjects(file, lists=lists)
        for number, text in enumerate(objects, start=1):
            place = f"object {number}" if len(files) == 1 else f"{file.name}, object {number}"
            decoded = None
            if text is not None:
                with contextlib.suppress(msgspec.DecodeError, UnicodeError, RecursionError):
                    decoded = decoder.decode(text)
            yield place, decoded
        if objects.truncated:
            ledger.truncated = "the JSON ends early or is damaged"


def _has_one_a_line(source: Source) -> bool:
    """Say whether each line is an object of its own, so that a broken one costs no other."""
    lines = [line.strip() for line in preview_lines(source) if line.strip()][:3]
    whole = [line for line in lines if line.startswith("{") and line.endswith("}")]
    return len(lines) > 1 and len(whole) >= len(lines) - 1 > 0


class _Object(Struct):
    """An object that has begun: where, and which brackets are open in it."""

    start: int
    #: what closes each open bracket, outermost first
    closing: list[str]
    #: False for what stands beside the objects in a page, and is passed over
    wanted: bool
    too_long: bool = False


class _Scan:
    """Finds objects by their brackets in text that comes in blocks."""

    def __init__(self, lists: frozenset[str]) -> None:
        self._lists = lists
        self._text = ""
        self._position = 0
        #: the open brackets around objects
        self._around: list[str] = []
        self._open: _Object | None = None
        self._last = ""

    @property
    def in_object(self) -> bool:
        """True within an object that is wanted."""
        return self._open is not None and self._open.wanted

    @property
    def is_open(self) -> bool:
        """True within an object or a list."""
        return self._open is not None or bool(self._around)

    def feed(self, block: str) -> Iterator[str | None]:
        """Yield the objects that end in a block."""
        self._text += block
        text = self._text
        for token in _TOKEN.finditer(text, self._position):
            mark = token[0]
            self._position = token.end()
            if mark == '"':
                unfinished = text.find("\n", token.start()) < 0
                if unfinished and len(text) - token.start() < LONGEST_OBJECT:
                    self._position = token.start()
                    break
            elif len(mark) > 1:
                self._last = mark[1:-1]
            elif self._open is None:
                self._outside(mark, token.start())
            else:
                yield from self._inside(self._open, mark, token.end())
        else:
            self._position = len(text)
        self._forget()

    def _outside(self, mark: str, start: int) -> None:
        in_page = bool(self._around) and self._around[-1] == "{"
        if mark == "[" and (not in_page or self._last in self._lists):
            self._around.append(mark)
        elif mark in _CLOSING:
            self._open = _Object(start, [_CLOSING[mark]], wanted=not in_page)
        elif self._around:
            self._around.pop()
        if len(self._around) > DEEPEST:
            self._around.clear()

    def _inside(self, found: _Object, mark: str, end: int) -> Iterator[str | None]:
        closing = found.closing
        if mark == "[" and len(closing) == 1 and self._last in self._lists:
            # The object is a page: its own objects are in this list.
            self._around += ["{", "["]
            self._open = None
        elif mark in _CLOSING:
            closing.append(_CLOSING[mark])
            found.too_long |= len(closing) > DEEPEST
        elif closing.pop() != mark:
            self._open = None
            if found.wanted:
                yield None
        elif not closing:
            self._open = None
            if found.wanted:
                yield None if found.too_long else self._text[found.start : end]

    def _forget(self) -> None:
        """Let go of the text that is done with, and of an object that grows too long."""
        keep = self._position
        if self._open is not None and not self._open.too_long:
            keep = self._open.start
            if not self._open.wanted or len(self._text) - keep > LONGEST_OBJECT:
                self._open.too_long = True
                keep = self._position
        self._text = self._text[keep:]
        self._position -= keep
        if self._open is not None:
            self._open.start -= keep
