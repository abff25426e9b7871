"""Workbooks with one sheet of nodes and one of ties: Polinode, Kumu, NodeXL, Gephi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_sheets import GraphSheets, Sheet, graph_sheets
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.spreadsheet_rows import sheet_rows


class GraphWorkbook:
    """Reads an Excel workbook whose sheets are called after nodes and after ties."""

    name: ClassVar[str] = "graph_workbook"
    title: ClassVar[str] = "Network workbook"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "Workbook with sheets 'Nodes' and 'Edges', as Polinode has them"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "labels of ties",
        "other sheets",
        "all other columns",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is a network: by its two sheets and their headings."""
        found = graph_sheets(source)
        return f"sheets {found.nodes.name!r} and {found.ties.name!r}" if found else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a row of ties; see `read_graph`.

        A row that names nobody in both columns is skipped as ``empty``.

        Raises
        ------
        UnknownFormatError
            If there are no two such sheets.
        UnreadableFileError
            If the workbook is damaged.
        InputError
            If every tie is wrong.
        """
        found = graph_sheets(source)
        if found is None:
            raise UnknownFormatError(
                "no sheet of nodes beside one of ties",
                file=source.name,
                remedy="call the sheets 'Nodes' and 'Edges', and the columns of the latter "
                "'Source' and 'Target'",
            )
        yield from read_graph(
            _Workbook(source, found), source, options, ledger, connector=self.name
        )


class _Workbook:
    """The nodes and ties of one workbook."""

    def __init__(self, source: Source, sheets: GraphSheets) -> None:
        self._source = source
        self._sheets = sheets
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the rows of the sheet of nodes that name one."""
        for _, key, others in self._rows(self._sheets.nodes):
            if key[0]:
                yield Node(id=key[0], attributes=others)

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the rows of the sheet of ties."""
        sheet = self._sheets.ties
        for number, (source, target), others in self._rows(sheet):
            place = f"sheet {sheet.name!r}, row {number}"
            if not source and not target:
                yield Flaw("empty", place, "a row that names nobody", "none needed")
                continue
            said = self.tie_attributes.read(others)
            direction = said.direction or "directed"
            yield Tie(place, source, target, said.strength, direction, said.relation)

    def _rows(self, sheet: Sheet) -> Iterator[tuple[int, tuple[str, ...], dict[str, str]]]:
        """Yield the number of each row, what it is about, and its other cells by heading."""
        for number, cells in sheet_rows(self._source, sheet.name):
            if number <= sheet.header_row:
                continue
            cells += [""] * (len(sheet.header) - len(cells))
            others = {
                heading: cells[position]
                for position, heading in enumerate(sheet.header)
                if heading and position not in sheet.key
            }
            yield number, tuple(cells[position].strip() for position in sheet.key), others
