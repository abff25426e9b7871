"""The sections of a Pajek file, and the networks whose vertices they list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors.graph_nodes import ids_by_label
from orgnet_connectors.graph_records import Node

#: Sections of ties; a file may begin with any of these, or with a network or its vertices.
TIE_SECTIONS = ("arcs", "edges", "arcslist", "edgeslist", "matrix")
FIRST_SECTIONS = ("network", "vertices", *TIE_SECTIONS)

#: So many vertices can be announced without a line for at least half of them.
MOST_UNLISTED = 1_000_000

#: Blocks of a project that hold one value a vertex, under a ``*Vertices`` of their own.
_VALUE_BLOCKS = frozenset({"partition", "vector", "permutation", "cluster", "hierarchy"})
_SECTION = re.compile(r"\s*\*\s*([A-Za-z]+)\s*(.*)")
_VERTEX = re.compile(r'\s*(\d+)(?:\s+(?:"([^"]*)"?|(\S+)))?')
_NUMBER = re.compile(r"\d{1,18}")


class Line(NamedTuple):
    """A heading or a line of data.

    Parameters
    ----------
    number
        Where it stands in the file.
    section
        The section that it is in, in lower case; ``partition`` for the values of one.
    heading
        What follows the name of the section in its heading.
    network
        Counts the networks from 0; -1 before the first.
    text
        None for the heading itself.
    """

    number: int
    section: str
    heading: str
    network: int
    text: str | None


class Network(Struct):
    """The vertices of one network.

    Parameters
    ----------
    name
        As the project calls it; empty in a file of one network.
    size
        How many vertices are announced.
    first_mode
        How many of them are of the first kind: all, unless the network is two-mode.
    labels
        By number.
    ids
        What the vertices are called; complete once `settle` was called.
    """

    name: str = ""
    size: int = 0
    first_mode: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def id(self, number: str) -> str:
        """Return the id of a vertex; empty where there is none of this number."""
        if not _NUMBER.fullmatch(number):
            return ""
        position = int(number) - 1
        return self.ids[position] if 0 <= position < len(self.ids) else ""

    def settle(self, source: Source, partitions: Mapping[str, list[str]]) -> Iterator[Node]:
        """Decide what the vertices are called, and yield them.

        Parameters
        ----------
        source
            The file, for errors.
        partitions
            Name to the values of vertices in order; those with one for each vertex count.

        Raises
        ------
        UnreadableFileError
            If far more vertices are announced than listed.
        """
        if self.size > MOST_UNLISTED and 2 * len(self.labels) < self.size:
            raise UnreadableFileError(
                f"announces {self.size:,} vertices and lists {len(self.labels):,}",
                file=source.name,
                remedy="correct the line '*Vertices'",
            )
        labels = [self.labels.get(number, "") for number in range(1, self.size + 1)]
        self.ids = ids_by_label(labels)
        fitting = {name: values for name, values in partitions.items() if len(values) == self.size}
        for position, (id, label) in enumerate(zip(self.ids, labels, strict=True)):
            yield Node(
                id=id,
                label=label,
                attributes={name: values[position] for name, values in fitting.items()},
                kind="person" if position < self.first_mode else "room",
            )


def section_of(line: str) -> str | None:
    """Name the section that a line is the heading of, in lower case; None for other lines.

    Examples
    --------
    >>> section_of('*Arcs :1 "ADVICE"'), section_of("1 2 1")
    ('arcs', None)
    """
    section = _SECTION.match(line)
    return section[1].lower() if section else None


def sections(lines: Iterable[str]) -> Iterator[Line]:
    """Say of every line that is no comment which section of which network it stands in."""
    section = heading = ""
    network = -1
    has_vertices = False
    in_block = False
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        if not text or text.startswith("%"):
            continue
        found = _SECTION.match(text)
        if found is None:
            yield Line(number, section, heading, network, text)
            continue
        name = found[1].lower()
        if in_block and name == "vertices":
            # The values of a block come under a heading of its own.
            continue
        in_block = name in _VALUE_BLOCKS
        starts_network = name == "network" or (name == "vertices" and has_vertices)
        if starts_network or (network < 0 and name in FIRST_SECTIONS):
            network += 1
            has_vertices = False
        has_vertices = has_vertices or name == "vertices"
        section, heading = name, found[2].strip()
        yield Line(number, section, heading, network, None)


def collect_networks(
    lines: Iterable[str], networks: list[Network], partitions: dict[str, list[str]]
) -> None:
    """Add what the lines say about networks and their vertices, and the values of partitions."""
    for line in sections(lines):
        while len(networks) <= line.network:
            networks.append(Network())
        if not networks:
            continue
        network = networks[line.network]
        if line.section == "network" and line.text is None:
            network.name = line.heading
        elif line.section == "vertices" and line.text is None:
            network.size, network.first_mode = _sizes(line.heading)
        elif line.section == "vertices" and line.text is not None:
            vertex = _VERTEX.match(line.text)
            if vertex and len(vertex[1]) < 19 and 1 <= (number := int(vertex[1])) <= network.size:
                network.labels.setdefault(number, vertex[2] or vertex[3] or "")
        elif line.section == "partition" and line.text is not None:
            partitions.setdefault(line.heading, []).append(line.text)


def _sizes(heading: str) -> tuple[int, int]:
    """Read how many vertices there are, and how many of them are of the first kind."""
    numbers = [int(word) for word in heading.split() if _NUMBER.fullmatch(word)]
    size = numbers[0] if numbers else 0
    first = numbers[1] if len(numbers) > 1 else size
    return size, first if 0 < first <= size else size
