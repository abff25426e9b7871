"""GraphML as Gephi, yEd, networkx and igraph write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct, field

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.safe_xml import Start, root_element, xml_events

_ELEMENTS = ("node", "edge", "hyperedge", "port")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class GraphMl:
    """Reads the nodes and edges of a GraphML file, plain or compressed (``.graphmlz``).

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "<graphml><graph edgedefault='directed'>"
    >>> text += "<edge source='a' target='b'/></graph></graphml>"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.graphml"
    ...     _ = path.write_text(text)
    ...     batches = list(GraphMl().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('a', 'b', 1.0)]
    """

    name: ClassVar[str] = "graphml"
    title: ClassVar[str] = "GraphML"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "GraphML file, plain or compressed with gzip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "descriptions",
        "drawings",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is GraphML: by its outermost element."""
        return "XML of graphml" if root_element(source.head) == "graphml" else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` an edge; see `read_graph`.

        Edges of nested graphs are read like all others. A hyperedge is skipped as
        ``not_a_pair``.

        Raises
        ------
        UnreadableFileError
            If the XML declares a document type, or is damaged before the first edge.
        InputError
            If every edge is wrong.
        """
        yield from read_graph(_GraphMlFile(source), source, options, ledger, connector=self.name)


class _Element(Struct):
    """A node or an edge, as far as it has been read."""

    name: str
    line: int
    stated: dict[str, str]
    directed_by_default: bool
    data: dict[str, str] = field(default_factory=dict)
    label: str = ""
    holds_others: bool = False


class _GraphMlFile:
    """The nodes and edges of one GraphML file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: (node or edge, id of the key) -> heading; a key for all stands under both
        self._keys: dict[tuple[str, str], str] = {}
        #: node or edge -> heading -> value where nothing is stated
        self._defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes, those that hold a graph after those inside it."""
        for element in self._elements():
            if element.name == "node" and (id := element.stated.get("id", "")):
                yield Node(
                    id=id,
                    label=element.label,
                    attributes=self._defaults["node"] | element.data,
                    kind="shared" if element.holds_others else "person",
                )

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the edges in the order of the file."""
        for element in self._elements():
            place = f"line {element.line}"
            if element.name == "edge":
                yield self._tie(element, place)
            elif element.name == "hyperedge":
                yield Flaw("not_a_pair", place, "an edge between several nodes", "none needed")

    def _tie(self, edge: _Element, place: str) -> Tie:
        said = self.tie_attributes.read(self._defaults["edge"] | edge.data)
        stated = edge.stated
        directed = _TRUTH.get(stated.get("directed", "").lower(), edge.directed_by_default)
        return Tie(
            place=place,
            source=stated.get("source", ""),
            target=stated.get("target", ""),
            strength=said.strength or stated.get("weight"),
            direction=said.direction or ("directed" if directed else "undirected"),
            relation=said.relation,
        )

    def _elements(self) -> Iterator[_Element]:
        """Yield nodes and edges as they end; nested ones before those around them."""
        held: list[_Element] = []
        directed = [False]
        key: dict[str, str] = {}
        for event in xml_events(self._source):
            if isinstance(event, Start):
                if event.name in _ELEMENTS:
                    held.append(_Element(event.name, event.line, event.attributes, directed[-1]))
                elif event.name == "graph":
                    directed.append(event.attributes.get("edgedefault") == "directed")
                    if held:
                        held[-1].holds_others = True
                elif event.name in ("data", "key"):
                    key = event.attributes
                    if event.name == "key":
                        self._declare(key)
            elif event.name in _ELEMENTS:
                yield held.pop()
            elif event.name == "graph":
                directed.pop()
            elif event.name == "default":
                self._declare(key, default=event.text)
            elif held and event.name == "data" and event.text:
                element = held[-1]
                id = key.get("key", "")
                element.data.setdefault(self._keys.get((element.name, id), id), event.text)
            elif held and event.name == "NodeLabel":
                # yEd draws the label, and may draw several.
                held[-1].label = held[-1].label or event.text

    def _declare(self, key: dict[str, str], *, default: str = "") -> None:
        id = key.get("id", "")
        heading = key.get("attr.name") or id
        for name in ("node", "edge"):
            if key.get("for", "all") in (name, "all"):
                self._keys[name, id] = heading
                if default:
                    self._defaults[name][heading] = default
