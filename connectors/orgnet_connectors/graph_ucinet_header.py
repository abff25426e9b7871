"""What stands before the data of a UCINET DL file: sizes, format and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source

#: More nodes than these are refused: a matrix of them has more cells than anybody fills in.
MOST_NODES = 1_000_000
#: Data must begin within so many characters.
LONGEST_HEADER = 64 << 20

MATRIX_FORMATS = ("fullmatrix", "lowerhalf", "upperhalf")
EDGE_FORMATS = ("edgelist1", "edgelist2", "edgearray1")
NODE_FORMATS = ("nodelist1", "nodelist2", "nodelist1b", "nodelist2b")

#: A label may follow its keyword without a blank.
_WORD = re.compile(r"\"([^\"]*)\"?|'([^']*)'?|((?i:labels?:)|[^\s,=\"']+)")
_DATA = re.compile(r"(?:^|(?<=[\s,]))data\s*:", re.IGNORECASE)
_SIZES = ("n", "nr", "nc", "nm")
_SIDES = {
    **dict.fromkeys(("row", "rows"), "row"),
    **dict.fromkeys(("col", "cols", "column", "columns"), "column"),
    **dict.fromkeys(("matrix", "matrices"), "matrix"),
    **dict.fromkeys(("level", "levels"), "level"),
}
_KEYWORDS = frozenset({*_SIZES, *_SIDES, "format", "diagonal", "labels", "label", "datafile"})


class Header(Struct):
    """What a DL file states about its data.

    Parameters
    ----------
    rows, columns
        How many nodes there are; equal in a one-mode network.
    matrices
        How many networks there are.
    format
        In lower case: ``fullmatrix``, ``edgelist1`` ...
    diagonal
        Whether ties of nodes to themselves are written in a matrix.
    two_mode
        Whether rows and columns are counted apart.
    labels
        Side (``row``, ``column``, ``matrix``) to its labels.
    embedded
        Sides whose labels stand in the data.
    """

    rows: int = 0
    columns: int = 0
    matrices: int = 1
    format: str = "fullmatrix"
    diagonal: bool = True
    two_mode: bool = False
    labels: dict[str, list[str]] = field(default_factory=dict)
    embedded: set[str] = field(default_factory=set)


def split_header(lines: Iterable[str], source: Source) -> tuple[str, int, Iterator[str]]:
    r"""Split a DL file where its data begin: what stands before, lines of it, and what follows.

    Raises
    ------
    UnreadableFileError
        If there are no data.

    Examples
    --------
    >>> import pathlib
    >>> source = Source(pathlib.Path("ties.dl"))
    >>> before, lines, after = split_header(["dl n=2\n", "data: 0 1\n", "1 0\n"], source)
    >>> before, lines, list(after)
    ('dl n=2\n', 1, [' 0 1\n', '1 0\n'])
    """
    before: list[str] = []
    length = 0
    remaining = iter(lines)
    for line in remaining:
        found = _DATA.search(line)
        if found:
            rest = line[found.end() :]
            before.append(line[: found.start()])

            def after(first: str = rest) -> Iterator[str]:
                yield first
                yield from remaining

            return "".join(before), len(before) - 1, after()
        before.append(line)
        length += len(line)
        if length > LONGEST_HEADER:
            break
    raise UnreadableFileError(
        "no line 'DATA:' in it", file=source.name, remedy="export it again, with its data"
    )


def read_header(text: str, source: Source) -> Header:
    """Read what stands before the data.

    Raises
    ------
    UnreadableFileError
        If the data are in another file, or in a format that is not read.

    Examples
    --------
    >>> import pathlib
    >>> source = Source(pathlib.Path("ties.dl"))
    >>> header = read_header("dl n = 2, format=edgelist1 labels: aya,'Ben O'", source)
    >>> header.rows, header.format, header.labels
    (2, 'edgelist1', {'row': ['aya', 'Ben O'], 'column': ['aya', 'Ben O']})
    """
    header = Header()
    words = [
        (match[3] or match[1] or match[2] or "", match[3] is not None)
        for match in _WORD.finditer(text)
    ]
    position = 1
    side = ""
    while position < len(words):
        word = _keyword(words[position])
        value = words[position + 1][0] if position + 1 < len(words) else ""
        position += 1
        if word in _SIZES:
            _set_size(header, word, value, source)
            position += 1
        elif word == "format":
            header.format = value.lower().rstrip(":")
            position += 1
        elif word == "diagonal":
            header.diagonal = value.lower() != "absent"
            position += 1
        elif word == "datafile":
            raise UnreadableFileError(
                "the data are in another file",
                file=source.name,
                remedy="export it with its data in it",
            )
        elif word in ("labels", "label"):
            sides = (side,) if side else ("row", "column")
            if value.lower().rstrip(":") == "embedded":
                header.embedded.update(sides)
                position += 1
            else:
                names, position = _names(words, position, _count(header, sides[0]))
                header.labels.update({one: list(names) for one in sides})
        side = _SIDES.get(word, "")
    return _checked(header, source)


def _keyword(word: tuple[str, bool]) -> str:
    """Return a word as a keyword in lower case; empty where it stands in quotes."""
    text, plain = word
    return text.lower().rstrip(":") if plain else ""


def _set_size(header: Header, name: str, value: str, source: Source) -> None:
    size = int(value) if value.isdecimal() and len(value) < 10 else 0
    if size > MOST_NODES:
        raise UnreadableFileError(
            f"announces {size:,} nodes, more than {MOST_NODES:,}",
            file=source.name,
            remedy="correct the size in its first lines",
        )
    if name in ("n", "nr"):
        header.rows = size
    if name in ("n", "nc"):
        header.columns = size
    if name == "nm":
        header.matrices = max(size, 1)
    header.two_mode = header.two_mode or name in ("nr", "nc")


def _count(header: Header, side: str) -> int:
    return {"column": header.columns, "matrix": header.matrices}.get(side, header.rows)


def _names(words: list[tuple[str, bool]], position: int, count: int) -> tuple[list[str], int]:
    """Read labels up to their number or, where fewer are given, to the next keyword."""
    names: list[str] = []
    while position < len(words) and (not count or len(names) < count):
        text, plain = words[position]
        following = words[position + 1][0].lower() if position + 1 < len(words) else ""
        ends_here = text.endswith(":") or following.rstrip(":") in ("labels", "label")
        if plain and ends_here and _keyword(words[position]) in _KEYWORDS:
            break
        names.append(text.strip())
        position += 1
    return names, position


def _checked(header: Header, source: Source) -> Header:
    known = (*MATRIX_FORMATS, *EDGE_FORMATS, *NODE_FORMATS)
    if header.format not in known or header.embedded & {"matrix", "level"}:
        what = header.format if header.format not in known else "matrix labels embedded"
        raise UnreadableFileError(
            f"the format is {what[:30]!r}, expected one of {', '.join(known)}",
            file=source.name,
            remedy="export it as 'fullmatrix' or 'edgelist1'",
        )
    if header.two_mode and header.rows == header.columns:
        labels = header.labels
        header.two_mode = set(labels.get("row", ())) != set(labels.get("column", ()))
    header.two_mode = header.two_mode or header.format.endswith(("2", "2b"))
    return header
