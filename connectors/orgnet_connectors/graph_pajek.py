"""Pajek networks (.net) and projects (.paj), with any number of relations and networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_cells import MatrixCells
from orgnet_connectors.graph_pajek_networks import (
    FIRST_SECTIONS,
    TIE_SECTIONS,
    Line,
    Network,
    collect_networks,
    section_of,
    sections,
)
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import Direction, TieAttributes
from orgnet_connectors.list_cells import read_number
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines

_RELATION = re.compile(r'(?::\s*(\d+))?\s*(?:"([^"]*)"?|(\S.*))?')
_RELATION_IN_LINE = re.compile(r"(\d+)\s*:\s*(.*)")


class Pajek:
    """Reads the vertices and lines of a Pajek network, or of all networks of a project.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.net"
    ...     _ = path.write_text(chr(10).join(["*Vertices 2", "1 aya", "2 ben", "*Arcs", "1 2"]))
    ...     batches = list(Pajek().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 1.0)]
    """

    name: ClassVar[str] = "pajek"
    title: ClassVar[str] = "Pajek network"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "Pajek .net or .paj file"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "comments",
        "coordinates and shapes",
        "labels of lines",
        "times",
        "vectors",
        "partitions that are not called after a department",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a Pajek file: by the section that it begins with."""
        if source.is_folder or source.is_zip:
            return None
        for line in preview_lines(source):
            if line.strip() and not line.startswith("%"):
                section = section_of(line)
                return f"begins with *{section}" if section in FIRST_SECTIONS else None
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a line between two vertices; see `read_graph`.

        Vertices are called by their labels where each has one of its own. Relations, and the
        networks of a project, are told apart by ``thread``. A line that does not begin with two
        numbers is skipped as ``unreadable``, values beyond the end of a matrix as ``ragged``.

        Raises
        ------
        UnreadableFileError
            If there is no vertex and no line, or far more vertices are announced than listed.
        InputError
            If every line is wrong.
        """
        yield from read_graph(_PajekFile(source), source, options, ledger, connector=self.name)


class _PajekFile:
    """The vertices and lines of one Pajek file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._networks: list[Network] = []
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the vertices of all networks once the file is read: partitions come last."""
        partitions: dict[str, list[str]] = {}
        with suppress(*DAMAGED):
            collect_networks(open_lines(self._source), self._networks, partitions)
        for network in self._networks:
            yield from network.settle(self._source, partitions)
            if network.first_mode < network.size:
                self.notes.add(
                    f"two-mode: the last {network.size - network.first_mode:,} nodes are no people "
                    "but what people have to do with; ties to them join nobody"
                )

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the lines between vertices in the order of the file."""
        #: number of a relation -> its name, which later headings may leave out
        names: dict[str, str] = {}
        relation = ""
        matrix: MatrixCells | None = None
        for line in sections(open_lines(self._source)):
            if line.text is None and matrix is not None:
                matrix.check()
                matrix = None
            if line.section not in TIE_SECTIONS:
                continue
            network = self._networks[line.network]
            if line.text is None:
                relation = self._relation(line, network, names)
                if line.section == "matrix":
                    matrix = _matrix(self._source, network, relation)
            elif matrix is not None:
                yield from matrix.take(line.text.split(), f"line {line.number}")
            else:
                stated = _RELATION_IN_LINE.match(line.text)
                if stated is None:
                    yield from _ties(line, line.text, network, relation)
                else:
                    own = names.get(stated[1], stated[1])
                    yield from _ties(line, stated[2], network, own)
        if matrix is not None:
            matrix.check()

    def _relation(self, line: Line, network: Network, names: dict[str, str]) -> str:
        """Name the relation that a heading opens; of several networks each is one more."""
        stated = _RELATION.match(line.heading)
        number = stated[1] if stated else None
        name = (stated[2] or stated[3] or "").strip() if stated else ""
        if number:
            name = names[number] = name or names.get(number, number)
        if len(self._networks) == 1:
            return name
        called = network.name or f"network {line.network + 1}"
        return f"{called}: {name}" if name else called


def _matrix(source: Source, network: Network, relation: str) -> MatrixCells:
    two_mode = network.first_mode < network.size
    rows = network.ids[: network.first_mode]
    columns = network.ids[network.first_mode :] if two_mode else rows
    return MatrixCells(source, rows, columns, relation)


def _ties(line: Line, text: str, network: Network, relation: str) -> Iterator[Tie | Flaw]:
    """Read a line of ties: ``1 2 0.5``, or in a list one vertex and all those that it names."""
    place = f"line {line.number}"
    words = text.split()
    listed = line.section.endswith("list")
    ends = words if listed else words[:2]
    if len(ends) < 2 or not all(word.isdigit() for word in ends):
        yield Flaw("unreadable", place, "no two numbers of vertices", "write lines as 1 2 0.5")
        return
    direction: Direction = "undirected" if line.section.startswith("edges") else "directed"
    strength = None if listed or len(words) < 3 else _strength(words[2])
    source, *targets = ends
    for target in targets:
        yield Tie(place, network.id(source), network.id(target), strength, direction, relation)


def _strength(word: str) -> str | None:
    """Return a word if it is a strength; letters begin what a line looks like, a bracket times."""
    shown = word.isalpha() and read_number(word) is None
    return None if shown or word.startswith(("[", '"')) else word
