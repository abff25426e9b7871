"""Adjacency lists: each line names a node and then everybody that it has a tie to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import BLANK, DELIMITERS, find_table, preview_records, records
from orgnet_connectors.graph_matrix import find_matrix
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.list_tables import find_list
from orgnet_connectors.roster_columns import header_score
from orgnet_connectors.text_lines import open_lines

_PREVIEW_ROWS = 500
#: Up to four words; sentences and dates are none.
_NAME = re.compile(r"[\w@.+\-'/#]{1,60}(?: [\w@.+\-'/#]{1,60}){0,3}")


class AdjacencyList:
    """Reads lists such as ``aya;ben;cy``: Aya has a tie to Ben and one to Cy.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "list.csv"
    ...     _ = path.write_text(chr(10).join(["aya;ben;cy", "ben;cy", "cy"]))
    ...     batches = list(AdjacencyList().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"]) for row in batches[0].to_pylist()]
    [('aya', 'ben'), ('aya', 'cy'), ('ben', 'cy')]
    """

    name: ClassVar[str] = "adjacency"
    title: ClassVar[str] = "Adjacency list"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "Text with a node and everybody it has a tie to in each line"
    dropped_unread: ClassVar[tuple[str, ...]] = ("comments",)

    def recognise(self, source: Source) -> str | None:
        """Say why it is an adjacency list: by lines of different length that name each other."""
        if _delimiter(source) is None or find_matrix(source) is not None:
            return None
        if find_list(source) is not None or find_table(source, header_score) is not None:
            return None
        return "lines of different length, whose first names stand in other lines as well"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` for each node after the first in a line.

        Raises
        ------
        UnknownFormatError
            If it is no adjacency list.
        """
        delimiter = _delimiter(source)
        if delimiter is None:
            raise UnknownFormatError(
                "no list whose lines name each other",
                file=source.name,
                remedy="write each tie in a line, under headings 'from' and 'to'",
            )
        graph = _AdjacencyFile(source, delimiter)
        yield from read_graph(graph, source, options, ledger, connector=self.name)


class _AdjacencyFile:
    """The nodes and ties of one list."""

    def __init__(self, source: Source, delimiter: str) -> None:
        self._source = source
        self._delimiter = delimiter
        self.tie_attributes = TieAttributes()
        self.notes = {"each line is read as naming others: ties go from its first node"}

    def nodes(self) -> Iterator[Node]:
        """Yield the first node of each line; the others are known by their ties."""
        yield from (Node(id=names[0]) for _, names in self._rows() if names[0])

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the ties in the order of the file."""
        for line, (first, *others) in self._rows():
            for other in others:
                if other:
                    yield Tie(f"line {line}", first, other)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        return _names(records(open_lines(self._source), self._delimiter))


def _names(
    cut: Iterable[tuple[int, list[str] | None]],
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in cut:
        if cells and not cells[0].startswith(("#", "%")):
            yield line, [cell.strip() for cell in cells]


def _delimiter(source: Source) -> str | None:
    """Tell what separates the names of an adjacency list; None where the file is none."""
    if source.is_folder or source.is_zip:
        return None
    for delimiter in (*DELIMITERS, BLANK):
        rows = _rows_of_names(preview_records(source, delimiter))
        if rows is not None and _is_adjacency(rows, strict=delimiter == BLANK):
            return delimiter
    return None


def _rows_of_names(cut: Iterable[tuple[int, list[str] | None]]) -> list[list[str]] | None:
    """Return the first rows; None as soon as one of them holds something that is no name."""
    rows = []
    for _, names in islice(_names(cut), _PREVIEW_ROWS):
        if not all(_NAME.fullmatch(name) for name in names if name):
            return None
        rows.append(names)
    return rows


def _is_adjacency(rows: Sequence[list[str]], *, strict: bool) -> bool:
    """Say whether lines name each other as those of an adjacency list do.

    Parameters
    ----------
    rows
        The names in each line.
    strict
        Whether nearly everybody must have a line, as prose is never written.
    """
    widths = {len(names) for names in rows}
    if len(rows) < 3 or len(widths) < 2 or max(widths) < 3:
        return False
    firsts = {names[0] for names in rows}
    others = {name for names in rows for name in names[1:] if name}
    if "" in firsts or len(firsts) < len(rows):
        return False
    both = len(firsts & others)
    if strict:
        return both >= 0.9 * len(others)
    return both >= max(2, 0.25 * len(firsts))
