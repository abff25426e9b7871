"""Tables of nodes without ties, as Gephi and Kumu export them beside the table of ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.list_tables import find_list
from orgnet_connectors.roster_columns import header_score
from orgnet_connectors.spreadsheet_rows import is_workbook

_ID, _LABEL = "id", "label"
#: Kumu's elements have a label, a type and one of these.
_KUMU = frozenset({"tags", "description", "image"})


class GraphNodes:
    """Reads what a table of nodes says about people in other files; it holds no tie itself.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> ledger = Ledger()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "nodes.csv"
    ...     _ = path.write_text(chr(10).join(["Id,Label,timeset", "7,Aya,"]))
    ...     batches = list(GraphNodes().read(Source(path), ReadOptions(), ledger))
    >>> batches, ledger.profiles["7"].name, dict(ledger.skipped)
    ([], 'Aya', {'no_tie': 1})
    """

    name: ClassVar[str] = "graph_nodes"
    title: ClassVar[str] = "Table of nodes"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV with columns 'Id' and 'Label', as Gephi exports nodes"
    dropped_unread: ClassVar[tuple[str, ...]] = ("all other columns",)

    def recognise(self, source: Source) -> str | None:
        """Say why it is a table of nodes: by its headings, which name no ties and no department."""
        found = _find(source)
        if found is None or find_list(source) is not None:
            return None
        if find_table(source, header_score) is not None:
            return None
        return f"a row a node, with {', '.join(repr(heading) for heading in found.header[:3])}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield nothing: every row becomes a profile, and is skipped as ``no_tie``.

        Raises
        ------
        UnknownFormatError
            If there are no columns 'Id' and 'Label'.
        """
        found = _find(source)
        if found is None:
            raise UnknownFormatError(
                "no columns 'Id' and 'Label'",
                file=source.name,
                remedy="export the table of nodes again, with its headings",
            )
        graph = _NodeTable(found, ledger)
        yield from read_graph(graph, source, options, ledger, connector=self.name)


class _NodeTable:
    """The nodes of one table."""

    def __init__(self, table: Table, ledger: Ledger) -> None:
        self._table = table
        self._ledger = ledger
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the rows; what is called ``Id`` names a node, or else ``Label``."""
        keys = [heading_key(heading) for heading in self._table.header]
        position = keys.index(_ID if _ID in keys else _LABEL)
        for _, cells in self._table.rows():
            attributes = dict(zip(self._table.header, cells, strict=True))
            id = attributes.pop(self._table.header[position]).strip()
            if id:
                yield Node(id=id, attributes=attributes)

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield no tie, and say so for each row."""
        for number, _ in self._table.rows(self._ledger):
            place = self._table.place(number)
            yield Flaw("no_tie", place, "a node, which is no tie", "give the table of ties as well")


def _find(source: Source) -> Table | None:
    if source.is_folder or is_workbook(source):
        return None
    try:
        return find_table(source, _score)
    except UnreadableFileError:
        return None


def _score(header: Sequence[str]) -> int:
    keys = {heading_key(heading) for heading in header}
    gephi = {_ID, _LABEL} <= keys
    kumu = {_LABEL, "type"} <= keys and not _KUMU.isdisjoint(keys)
    return 2 if (gephi or kumu) and not list_score(header) and not header_score(header) else 0
