"""Which two sheets of a workbook are the nodes and the ties of a network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors.delimited import HEADER_ROWS
from orgnet_connectors.headings import Aliases, heading_key
from orgnet_connectors.spreadsheet_rows import is_workbook, sheet_names, sheet_rows

_NODE_SHEETS = frozenset({"nodes", "vertices", "elements"})
_TIE_SHEETS = frozenset({"edges", "ties", "links", "connections"})
_NODES = Aliases(
    {"id": ["id", "node id", "vertex", "name", "label", "person", "email"]},
)
_TIES = Aliases(
    {
        "source": ["source", "from", "vertex 1", "source id", "ego", "sender", "node1"],
        "target": ["target", "to", "vertex 2", "target id", "alter", "receiver", "node2"],
    }
)


class Sheet(Struct, frozen=True, kw_only=True):
    """A sheet with a header.

    Parameters
    ----------
    name
        As the workbook has it.
    header_row
        Number of the row with the headings.
    header
        The headings.
    key
        Positions of what names the node, or of both ends of a tie.
    """

    name: str
    header_row: int
    header: tuple[str, ...]
    key: tuple[int, ...]


class GraphSheets(Struct, frozen=True, kw_only=True):
    """The two sheets of a network."""

    nodes: Sheet
    ties: Sheet


def graph_sheets(source: Source) -> GraphSheets | None:
    """Find a sheet of nodes and one of ties in a workbook; None where it has no such pair."""
    if source.is_folder or not is_workbook(source):
        return None
    try:
        names = sheet_names(source)
        nodes = _sheet(source, names, _NODE_SHEETS, _NODES, ("id",))
        ties = _sheet(source, names, _TIE_SHEETS, _TIES, ("source", "target"))
    except UnreadableFileError:
        return None
    return GraphSheets(nodes=nodes, ties=ties) if nodes and ties else None


def _sheet(
    source: Source,
    names: Sequence[str],
    called: frozenset[str],
    aliases: Aliases,
    columns: tuple[str, ...],
) -> Sheet | None:
    """Find the sheet with one of these names, and the row in it that has these columns."""
    for name in names:
        if heading_key(name) not in called:
            continue
        for number, cells in islice(sheet_rows(source, name), HEADER_ROWS):
            at = aliases.positions(cells)
            if all(column in at for column in columns):
                return Sheet(
                    name=name,
                    header_row=number,
                    header=tuple(cells),
                    key=tuple(at[column][0] for column in columns),
                )
    return None
