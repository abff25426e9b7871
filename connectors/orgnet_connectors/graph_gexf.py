"""GEXF of any version, as Gephi, networkx and Polinode write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct, field

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import Direction, TieAttributes
from orgnet_connectors.list_cells import read_number
from orgnet_connectors.safe_xml import Start, root_element, xml_events

_DIRECTIONS: dict[str, Direction] = {
    "directed": "directed",
    "undirected": "undirected",
    "mutual": "mutual",
}


class Gexf:
    """Reads the nodes and edges of a GEXF file; of a dynamic one, all of its time at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "<gexf><graph defaultedgetype='directed'><edges>"
    >>> text += "<edge id='0' source='a' target='b' weight='2'/></edges></graph></gexf>"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.gexf"
    ...     _ = path.write_text(text)
    ...     batches = list(Gexf().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('a', 'b', 2.0)]
    """

    name: ClassVar[str] = "gexf"
    title: ClassVar[str] = "GEXF"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "GEXF file of version 1.1, 1.2 or 1.3"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "descriptions",
        "labels of edges",
        "colours and positions",
        "times",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is GEXF: by its outermost element."""
        return "XML of gexf" if root_element(source.head) == "gexf" else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` an edge; see `read_graph`.

        Where the strength of an edge changes over time, its values are added up.

        Raises
        ------
        UnreadableFileError
            If the XML declares a document type, or is damaged before the first edge.
        InputError
            If every edge is wrong.
        """
        yield from read_graph(_GexfFile(source), source, options, ledger, connector=self.name)


class _Element(Struct):
    """A node or an edge, as far as it has been read."""

    name: str
    line: int
    stated: dict[str, str]
    direction: Direction
    #: heading -> its values, more than one where they change over time
    data: dict[str, list[str]] = field(default_factory=dict)
    holds_others: bool = False


class _GexfFile:
    """The nodes and edges of one GEXF file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: (node or edge, id of the attribute) -> heading
        self._headings: dict[tuple[str, str], str] = {}
        #: node or edge -> heading -> value where nothing is stated
        self._defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes, those that hold others after those inside them."""
        for element in self._elements():
            if element.name == "node" and (id := element.stated.get("id", "")):
                yield Node(
                    id=id,
                    label=element.stated.get("label", ""),
                    attributes=self._defaults["node"] | _latest(element.data),
                    kind="shared" if element.holds_others else "person",
                )

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the edges in the order of the file."""
        for element in self._elements():
            if element.name == "edge":
                yield self._tie(element)

    def _tie(self, edge: _Element) -> Tie:
        stated = edge.stated
        weighted = {heading for heading in edge.data if heading.lower() == "weight"}
        data = _latest(edge.data)
        for heading in weighted:
            if len(edge.data[heading]) > 1:
                data[heading] = _added(edge.data[heading])
                self.notes.add("strengths that change over time are added up over all of it")
        said = self.tie_attributes.read(self._defaults["edge"] | data)
        return Tie(
            place=f"line {edge.line}",
            source=stated.get("source", ""),
            target=stated.get("target", ""),
            strength=said.strength if weighted else stated.get("weight") or said.strength,
            direction=_DIRECTIONS.get(stated.get("type", "").lower(), edge.direction),
            relation=stated.get("kind", "") or said.relation,
        )

    def _elements(self) -> Iterator[_Element]:
        """Yield nodes and edges as they end; nested nodes before those around them."""
        held: list[_Element] = []
        default: Direction = "undirected"
        of = ""
        attribute: dict[str, str] = {}
        for event in xml_events(self._source):
            name = event.name
            if isinstance(event, Start):
                stated = event.attributes
                if name in ("node", "edge"):
                    if held and name == "node":
                        held[-1].holds_others = True
                    held.append(_Element(name, event.line, stated, default))
                elif name == "graph":
                    default = _DIRECTIONS.get(stated.get("defaultedgetype", "").lower(), default)
                elif name == "attributes":
                    of = stated.get("class", "")
                elif name == "attribute":
                    attribute = stated
                    self._headings[of, stated.get("id", "")] = stated.get("title", "")
                elif name == "attvalue" and held:
                    element = held[-1]
                    id = stated.get("for", stated.get("id", ""))
                    heading = self._headings.get((element.name, id)) or id
                    if value := stated.get("value", ""):
                        element.data.setdefault(heading, []).append(value)
            elif name in ("node", "edge"):
                yield held.pop()
            elif name == "default" and of in self._defaults and event.text:
                self._defaults[of][attribute.get("title", "")] = event.text


def _latest(data: dict[str, list[str]]) -> dict[str, str]:
    return {heading: values[-1] for heading, values in data.items()}


def _added(values: list[str]) -> str:
    """Add up the values of a strength at several times; the first that is no number instead."""
    numbers = [read_number(value) for value in values]
    for text, number in zip(values, numbers, strict=True):
        if number is None:
            return text
    return repr(sum(number for number in numbers if number is not None))
