"""GML, the Graph Modelling Language, also where it is written loosely."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, NamedTuple

import pyarrow as pa
from msgspec import Struct, field

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_records import DamagedGraphError, Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.text_lines import open_lines, preview_lines

#: A quoted text of more characters than these was never closed.
LONGEST_STRING = 1 << 20
#: Lists in lists: no file nests deeper.
DEEPEST = 100

_TOKEN = re.compile(r'\[|\]|"[^"]*"?|[^\s\[\]"]+')
_KEY = re.compile(r"[A-Za-z_]\w*")


class Gml:
    """Reads the nodes and edges of a GML file.

    Ids may be words, keys may come in any order, and two nodes may have one label.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.gml"
    ...     _ = path.write_text("graph [ directed 1 edge [ source a target b value 2 ] ]")
    ...     batches = list(Gml().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('a', 'b', 2.0)]
    """

    name: ClassVar[str] = "gml"
    title: ClassVar[str] = "GML"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "GML file"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "comments",
        "labels of edges",
        "graphics",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is GML: by ``graph [`` with only keys and values before it."""
        if source.is_folder or source.is_zip:
            return None
        before: list[str] = []
        try:
            for token in _tokens(preview_lines(source), source):
                if token.text == "[" and not token.quoted:
                    named = len(before) % 2 == 1 and before[-1].lower() == "graph"
                    keys = all(_KEY.fullmatch(key) for key in before[::2])
                    return "a list called 'graph'" if named and keys else None
                before.append(token.text)
                if not _KEY.fullmatch(before[0]) or len(before) > 50:
                    return None
        except DamagedGraphError:
            pass
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` an edge; see `read_graph`.

        Raises
        ------
        UnreadableFileError
            If there is no node and no edge, or the file breaks off before the first edge.
        InputError
            If every edge is wrong.
        """
        yield from read_graph(_GmlFile(source), source, options, ledger, connector=self.name)


class _Token(NamedTuple):
    line: int
    text: str
    quoted: bool = False


class _List(Struct):
    """A node, an edge or the graph, as far as it has been read."""

    key: str
    line: int
    values: dict[str, str] = field(default_factory=dict)


class _GmlFile:
    """The nodes and edges of one GML file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._directed = False
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes; whether edges are directed is known afterwards."""
        for found in self._lists():
            if found.key == "node" and (id := found.values.pop("id", "")):
                label = found.values.pop("label", "")
                yield Node(id=id, label=label, attributes=found.values)

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the edges in the order of the file."""
        for found in self._lists():
            if found.key != "edge":
                continue
            said = self.tie_attributes.read(
                {key: text for key, text in found.values.items() if key not in ("source", "target")}
            )
            yield Tie(
                place=f"line {found.line}",
                source=found.values.get("source", ""),
                target=found.values.get("target", ""),
                strength=said.strength,
                direction=said.direction or ("directed" if self._directed else "undirected"),
                relation=said.relation,
            )

    def _lists(self) -> Iterator[_List]:
        """Yield nodes and edges as they end."""
        held: list[_List] = []
        key: _Token | None = None
        for token in _tokens(open_lines(self._source), self._source):
            if token.text == "]" and not token.quoted:
                key = None
                if held:
                    found = held.pop()
                    if found.key in ("node", "edge"):
                        yield found
            elif token.text == "[" and not token.quoted:
                if len(held) >= DEEPEST:
                    raise _broken(self._source, token.line, f"nests deeper than {DEEPEST} lists")
                held.append(_List(key.text.lower() if key else "", token.line))
                key = None
            elif key is None:
                key = token
            else:
                if held:
                    held[-1].values.setdefault(key.text, token.text)
                    if held[-1].key == "graph" and key.text.lower() == "directed":
                        self._directed = token.text == "1"
                key = None
        if held:
            raise _broken(
                self._source, held[-1].line, "a list is never closed; the file ends early"
            )


def _tokens(lines: Iterable[str], source: Source) -> Iterator[_Token]:
    """Cut lines into brackets, words and quoted texts, the latter over several lines if need be."""
    held: list[str] = []
    length = start = 0
    for number, line in enumerate(lines, 1):
        position = 0
        if held:
            end = line.find('"')
            held.append(line if end < 0 else line[:end])
            length += len(held[-1])
            if length > LONGEST_STRING:
                raise _broken(source, start, "a quote is never closed")
            if end < 0:
                continue
            yield _Token(start, html.unescape("".join(held)), quoted=True)
            held, position = [], end + 1
        elif line.lstrip().startswith("#"):
            continue
        for match in _TOKEN.finditer(line, position):
            text = match[0]
            if not text.startswith('"'):
                yield _Token(number, text)
            elif len(text) > 1 and text.endswith('"'):
                yield _Token(number, html.unescape(text[1:-1]), quoted=True)
            else:
                held, length, start = [text[1:]], len(text), number
    if held:
        raise _broken(source, start, "a quote is never closed")


def _broken(source: Source, line: int, what: str) -> DamagedGraphError:
    return DamagedGraphError(what, file=source.name, place=f"line {line}", remedy="export it again")
