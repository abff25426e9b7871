"""NetDraw VNA files: blocks of nodes and of ties, each with a header line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, NamedTuple

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_cells import strength_in_cell
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import ATTRIBUTES, TieAttributes
from orgnet_connectors.list_cells import is_missing, is_number
from orgnet_connectors.text_lines import open_lines, preview_lines

_BLOCK = re.compile(r"\s*\*\s*(node|tie)\s+(data|properties)\b", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"?|([^\s,"]+)')


class Vna:
    """Reads the nodes and ties of a NetDraw VNA file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.vna"
    ...     _ = path.write_text(chr(10).join(["*Tie data", "from to strength", "aya ben 2"]))
    ...     batches = list(Vna().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 2.0)]
    """

    name: ClassVar[str] = "vna"
    title: ClassVar[str] = "NetDraw VNA"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "NetDraw .vna file"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "properties of nodes and ties",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a VNA file: by the block that it begins with."""
        if source.is_folder or source.is_zip:
            return None
        first = next((line for line in preview_lines(source) if line.strip()), "")
        block = _BLOCK.match(first)
        return f"begins with *{block[1].title()} {block[2].lower()}" if block else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a tie; see `read_graph`.

        A column of strengths by one of the usual names states the strength. Without one, each
        column of numbers is a relation of its own, told apart by ``thread``, in which 0 is no
        tie. A line that does not fit its header is skipped as ``ragged``.

        Raises
        ------
        UnreadableFileError
            If there is no node and no tie.
        InputError
            If every tie is wrong.
        """
        yield from read_graph(_VnaFile(source), source, options, ledger, connector=self.name)


class _Row(NamedTuple):
    """One line of a block; its header has no cells."""

    line: int
    #: ``node data``, ``tie data`` ...
    block: str
    header: list[str]
    cells: list[str] | None

    def named(self, first: int) -> dict[str, str]:
        """Return the cells from a position on by their headings."""
        return dict(zip(self.header[first:], (self.cells or [])[first:], strict=False))


class _VnaFile:
    """The nodes and ties of one VNA file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: columns of numbers in each block of ties, by the line of its header
        self._relations: dict[int, list[int]] = {}
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes; also find out which columns of ties hold numbers only."""
        header = 0
        for row in _rows(open_lines(self._source)):
            if row.cells is None:
                header = row.line
                if row.block == "tie data":
                    self._relations[header] = _may_be_relations(row.header)
            elif row.block == "node data":
                yield Node(id=row.cells[0], attributes=row.named(1))
            elif row.block == "tie data":
                cells = row.cells
                self._relations[header] = [
                    position
                    for position in self._relations[header]
                    if position >= len(cells) or _states_strength(cells[position])
                ]

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the ties in the order of the file."""
        relations: list[int] = []
        for row in _rows(open_lines(self._source)):
            if row.block != "tie data":
                continue
            if row.cells is None:
                relations = self._relations.get(row.line, [])
                for position in relations:
                    self.tie_attributes.columns[row.header[position]] = "value"
                continue
            place = f"line {row.line}"
            if not 2 <= len(row.cells) <= len(row.header):
                yield Flaw(
                    "ragged",
                    place,
                    f"{len(row.cells)} cells under {len(row.header)} headings",
                    "put cells with blanks in quotes",
                )
            elif relations:
                yield from self._by_relation(row, row.cells, place, relations)
            else:
                said = self.tie_attributes.read(row.named(2))
                source, target = row.cells[:2]
                direction = said.direction or "directed"
                yield Tie(place, source, target, said.strength, direction, said.relation)

    def _by_relation(
        self, row: _Row, cells: list[str], place: str, relations: list[int]
    ) -> Iterator[Tie | Flaw]:
        """Yield a tie for each relation that a line states."""
        named = {row.header[position] for position in relations}
        others = {heading: text for heading, text in row.named(2).items() if heading not in named}
        direction = self.tie_attributes.read(others).direction or "directed"
        stated = False
        for position in relations:
            strength = strength_in_cell(cells[position]) if position < len(cells) else None
            if strength is not None:
                stated = True
                relation = row.header[position]
                yield Tie(place, cells[0], cells[1], strength, direction, relation)
        if not stated:
            yield Flaw("zero", place, "a line without any tie", "none needed")


def _rows(lines: Iterable[str]) -> Iterator[_Row]:
    """Say of every line which block it stands in."""
    block = ""
    header: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.lstrip().startswith("*"):
            found = _BLOCK.match(line)
            block = f"{found[1]} {found[2]}".lower() if found else ""
            header = None
            continue
        words = [match[2] or match[1] or "" for match in _WORD.finditer(line)]
        if header is None:
            header = words
            yield _Row(number, block, header, None)
        elif words:
            yield _Row(number, block, header, words)


def _may_be_relations(header: list[str]) -> list[int]:
    """List the columns that may each be a relation; none where one is called a strength."""
    if any(ATTRIBUTES.column(heading) == "value" for heading in header[2:]):
        return []
    return [
        position
        for position in range(2, len(header))
        if ATTRIBUTES.column(header[position]) is None
    ]


def _states_strength(cell: str) -> bool:
    return is_number(cell) or is_missing(cell)
