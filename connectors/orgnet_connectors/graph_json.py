"""Graphs in JSON: node-link, Cytoscape, Kumu, graphology and the JSON Graph Format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_json_items import DamagedJsonError, Item, json_items
from orgnet_connectors.graph_records import DamagedGraphError, Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.text_lines import open_lines, preview_lines

#: Where a list of ties may stand; ``elements`` may hold nodes and ties in one list.
_TIES = (
    ("links",),
    ("edges",),
    ("connections",),
    ("graph", "links"),
    ("graph", "edges"),
    ("elements", "edges"),
)
_NODES = (("nodes",), ("graph", "nodes"), ("elements", "nodes"), ("elements",))
_LISTS = (*_NODES, *_TIES)
#: Objects inside a node or tie whose values count as its own.
_WRAPPERS = ("data", "attributes", "metadata")
_IDS = ("id", "key", "_id")
_SOURCES = ("source", "from")
_TARGETS = ("target", "to")
_NO_ATTRIBUTES = frozenset({*_IDS, *_SOURCES, *_TARGETS, "undirected", *_WRAPPERS})
_DIRECTED = (("directed",), ("graph", "directed"))


class GraphJson:
    """Reads the nodes and ties of a graph in JSON.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = '{"directed": true, "nodes": [], "links": [{"source": "a", "target": "b"}]}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.json"
    ...     _ = path.write_text(text)
    ...     batches = list(GraphJson().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('a', 'b', 1.0)]
    """

    name: ClassVar[str] = "graph_json"
    title: ClassVar[str] = "Graph in JSON"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON with lists of nodes and of links, edges or connections"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "labels of ties",
        "layouts and styles",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a graph: by a list of ties, or of nodes beside what only graphs state."""
        if source.is_folder or source.is_zip:
            return None
        parts = preview_lines(source)
        if not "".join(parts[:50]).lstrip().startswith("{"):
            return None
        nodes = stated = False
        try:
            for item in json_items(parts, _LISTS):
                where = ".".join(item.path)
                if item.listed and _is_tie(_flat(item.value)):
                    return f"ties in {where!r}"
                nodes = nodes or _is_node(item)
                stated = stated or item.path in (("directed",), ("multigraph",))
        except DamagedJsonError:
            # The beginning of a large file breaks off, often before the ties.
            pass
        return "a list of nodes beside 'directed'" if nodes and stated else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a tie, two for a mutual one; see `read_graph`.

        A tie that is no object is skipped as ``unreadable``.

        Raises
        ------
        UnreadableFileError
            If there is no node and no tie, or the file breaks off before the first tie.
        InputError
            If every tie is wrong.
        """
        yield from read_graph(_JsonGraph(source), source, options, ledger, connector=self.name)


class _JsonGraph:
    """The nodes and ties of one JSON file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._directed: bool | None = None
        #: ids in the order of the file, for ties that state positions in it
        self._order: list[str] = []
        #: whether a number in a tie can only be a position, since no id is a number
        self._positions = True
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes; also find out whether ties are directed."""
        for item in self._items():
            if item.path in _DIRECTED and not item.listed:
                self._directed = item.value is not False
            if not _is_node(item):
                continue
            fields = _flat(item.value)
            stated = item.key if item.key is not None else _first(fields, _IDS)
            if stated is None and item.path == ("elements",):
                stated = fields.get("label")
            self._positions = self._positions and not isinstance(stated, (int, float))
            id = str(len(self._order)) if stated is None else _text(stated)
            self._order.append(id)
            yield Node(
                id=id,
                attributes={key: _text(value) for key, value in fields.items() if key not in _IDS},
            )
        if self._directed is None:
            self.notes.add("the file does not say whether ties are directed; read as directed")

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the ties in the order of the file."""
        number = 0
        for item in self._items():
            fields = _flat(item.value)
            if not item.listed or (item.path not in _TIES and not _is_tie(fields)):
                continue
            number += 1
            place = f"tie {number:,} of {'.'.join(item.path)!r}"
            if not isinstance(item.value, dict):
                yield Flaw("unreadable", place, "no object", "export it again")
                continue
            said = self.tie_attributes.read(
                {key: _text(value) for key, value in fields.items() if key not in _NO_ATTRIBUTES}
            )
            default = self._directed is not False and fields.get("undirected") is not True
            yield Tie(
                place=place,
                source=self._end(_first(fields, _SOURCES)),
                target=self._end(_first(fields, _TARGETS)),
                strength=said.strength,
                direction=said.direction or ("directed" if default else "undirected"),
                relation=said.relation,
            )

    def _end(self, stated: Any) -> str:
        """Return the id of a node that a tie states: by id, by position, or by the node itself."""
        if isinstance(stated, dict):
            stated = _first(stated, _IDS)
        if isinstance(stated, int) and self._positions and 0 <= stated < len(self._order):
            return self._order[stated]
        return _text(stated)

    def _items(self) -> Iterator[Item]:
        try:
            yield from json_items(open_lines(self._source), _LISTS)
        except DamagedJsonError as error:
            raise DamagedGraphError(
                f"the JSON {error}", file=self._source.name, remedy="export it again"
            ) from None


def _is_node(item: Item) -> bool:
    in_list = item.listed and item.path in _NODES and isinstance(item.value, dict)
    return in_list and not _is_tie(_flat(item.value))


def _is_tie(fields: dict[str, Any]) -> bool:
    return _first(fields, _SOURCES) is not None and _first(fields, _TARGETS) is not None


def _first(fields: dict[str, Any], keys: Iterable[str]) -> Any:
    return next((fields[key] for key in keys if fields.get(key) is not None), None)


def _flat(value: Any) -> dict[str, Any]:
    """Return what an object says, with what its wrappers say; empty for anything else."""
    if not isinstance(value, dict):
        return {}
    fields = {key: one for key, one in value.items() if key not in _WRAPPERS}
    for wrapper in _WRAPPERS:
        inside = value.get(wrapper)
        if isinstance(inside, dict):
            fields |= inside
    return fields


def _text(value: Any) -> str:
    """Write a value as text; empty for null, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
