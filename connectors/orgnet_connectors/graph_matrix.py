"""Adjacency matrices in CSV: the same names in the first row and in the first column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import UnknownFormatError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import BLANK, DELIMITERS, find_table, preview_records, records
from orgnet_connectors.graph_cells import strength_in_cell
from orgnet_connectors.graph_records import Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.list_cells import identity, is_missing, is_number
from orgnet_connectors.list_tables import find_list
from orgnet_connectors.roster_columns import header_score
from orgnet_connectors.survey_matrix import rates_everybody
from orgnet_connectors.text_lines import open_lines

_PREVIEW_ROWS = 200


class GraphMatrix:
    """Reads a matrix of who has how much to do with whom; each row names the columns.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "matrix.csv"
    ...     _ = path.write_text(chr(10).join([",aya,ben", "aya,0,2", "ben,0,0"]))
    ...     batches = list(GraphMatrix().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 2.0)]
    """

    name: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Adjacency matrix"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV or TSV with the same names in the first row and column"
    dropped_unread: ClassVar[tuple[str, ...]] = ()

    def recognise(self, source: Source) -> str | None:
        """Say why it is a matrix: the same names on two sides, and numbers between them."""
        if find_matrix(source) is None or find_list(source) is not None:
            return None
        if find_table(source, header_score) is not None or rates_everybody(source):
            return None
        return "the same names in the first row and the first column, numbers between them"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a cell that is neither empty nor 0.

        Other cells are no ties, and are not counted. Cells of a row or column without a name are
        skipped as ``no_sender`` or ``no_recipient``; ``NA`` and a lone point as ``no_value``; a
        row that is longer than the first as ``ragged``.

        Raises
        ------
        UnknownFormatError
            If it is no matrix with names on both sides.
        InputError
            If every cell is wrong.
        """
        found = find_matrix(source)
        if found is None:
            raise UnknownFormatError(
                "no matrix with the same names in the first row and the first column",
                file=source.name,
                remedy="write the names of the people above the columns and before the rows",
            )
        graph = _MatrixFile(source, found)
        yield from read_graph(graph, source, options, ledger, connector=self.name)


class Matrix(Struct, frozen=True, kw_only=True):
    """Where the names of a matrix stand.

    Parameters
    ----------
    delimiter
        What separates its cells.
    columns
        Names above the columns.
    header_row
        Number of the line that they stand in.
    """

    delimiter: str
    columns: tuple[str, ...]
    header_row: int


def find_matrix(source: Source) -> Matrix | None:
    """Find the matrix in a text file, or None where it holds none; only the beginning is read."""
    if source.is_folder or source.is_zip:
        return None
    for delimiter in (*DELIMITERS, BLANK):
        cut = takewhile(lambda row: row[0] <= _PREVIEW_ROWS + 1, preview_records(source, delimiter))
        rows = [(number, cells) for number, cells in cut if cells]
        if len(rows) >= 2 and (columns := _names_above(rows[0][1], [c for _, c in rows[1:]])):
            return Matrix(delimiter=delimiter, columns=columns, header_row=rows[0][0])
    return None


def _names_above(header: list[str], below: Sequence[list[str]]) -> tuple[str, ...] | None:
    """Return the names above the columns if the rows below make a matrix with them."""
    width = len(below[0])
    # R leaves out the corner.
    corner, names = (header[0], header[1:]) if len(header) == width else ("", header)
    if width < 3 or len(names) != width - 1 or is_number(corner):
        return None
    known = {identity(name) for name in names}
    named = sum(identity(cells[0]) in known for cells in below)
    wide = sum(len(row) == width for row in below)
    if min(named, wide) < 0.8 * len(below):
        return None
    cells = [cell for row in below for cell in row[1:]]
    numbers = sum(is_number(cell) or is_missing(cell) or cell.strip() == "." for cell in cells)
    fits = numbers >= 0.95 * len(cells)
    numbered = all(name.strip().isdigit() for name in names) and len(header) < width
    return tuple(name.strip() for name in names) if fits and not numbered else None


class _MatrixFile:
    """The nodes and ties of one matrix."""

    def __init__(self, source: Source, matrix: Matrix) -> None:
        self._source = source
        self._matrix = matrix
        self.tie_attributes = TieAttributes()
        self.notes = {"rows are read as naming columns: a tie goes from its row to its column"}

    def nodes(self) -> Iterator[Node]:
        """Yield everybody named above a column or before a row."""
        yield from (Node(id=name, label=name) for name in self._matrix.columns if name)
        yield from (Node(id=name, label=name) for _, name, _ in self._rows() if name)

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield a tie for each cell that states one."""
        columns = self._matrix.columns
        for line, name, cells in self._rows():
            place = f"line {line}"
            if len(cells) > len(columns):
                yield Flaw(
                    "ragged",
                    place,
                    f"{len(cells)} cells under {len(columns)} names",
                    "put cells that hold the delimiter in quotes",
                )
                continue
            for column, cell in zip(columns, cells, strict=False):
                strength = strength_in_cell(cell)
                if strength is not None:
                    yield Tie(place, name, column, strength)

    def _rows(self) -> Iterator[tuple[int, str, list[str]]]:
        for line, cells in records(open_lines(self._source), self._matrix.delimiter):
            if cells and line > self._matrix.header_row:
                yield line, cells[0].strip(), cells[1:]
