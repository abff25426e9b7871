"""The cells of an adjacency matrix: which tie each of them states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from orgnet.errors import InputError
from orgnet.schema import Source
from orgnet_connectors.graph_records import DamagedGraphError, Flaw, Tie
from orgnet_connectors.list_cells import is_missing, read_number

#: What of a matrix is written; half a matrix is undirected.
Half = Literal["full", "lower", "upper"]

_EMPTY = frozenset({"", "0", "0.0", "-"})
_UNKNOWN = "."
#: In place of a row or column in a position: the value is the label of the column or row.
_LABEL = -1


def strength_in_cell(cell: str) -> str | None:
    """Return what a cell states as a strength; None where it says that there is no tie.

    A lone point is how statistics programs write a missing value.

    Examples
    --------
    >>> strength_in_cell(" 2 "), strength_in_cell("0,00"), strength_in_cell("")
    ('2', None, None)
    >>> strength_in_cell(".")
    'NA'
    """
    cell = cell.strip()
    if cell in _EMPTY:
        return None
    if cell == _UNKNOWN:
        return "NA"
    return None if read_number(cell) == 0 else cell


class MatrixCells:
    """Takes in the values of a matrix in their order, however they are cut into lines.

    Parameters
    ----------
    source
        The file, for errors.
    rows, columns
        Ids of the nodes; labels that stand in the matrix itself are written into these lists.
    relation
        The network that the matrix is.
    half
        Which half is written.
    diagonal
        Whether the ties of nodes to themselves are written.
    row_labels, column_labels
        Whether each row begins with its label, and the matrix with those of the columns.

    Examples
    --------
    >>> import pathlib
    >>> source = Source(pathlib.Path("ties.net"))
    >>> cells = MatrixCells(source, ["a", "b"], ["a", "b"])
    >>> [(tie.source, tie.target) for tie in cells.take(["0", "1", "1"], "line 1")]
    [('a', 'b'), ('b', 'a')]
    >>> cells.complete
    False
    """

    def __init__(
        self,
        source: Source,
        rows: list[str],
        columns: list[str],
        relation: str = "",
        *,
        half: Half = "full",
        diagonal: bool = True,
        row_labels: bool = False,
        column_labels: bool = False,
    ) -> None:
        self._source = source
        self._rows = rows
        self._columns = columns
        self._relation = relation
        self._half = half
        self._diagonal = diagonal
        self._row_labels = row_labels
        self._column_labels = column_labels
        self._positions = self._all_positions()
        self._next = next(self._positions, None)

    @property
    def complete(self) -> bool:
        """True once all values have been taken in."""
        return self._next is None

    def take(self, values: Iterable[str], place: str) -> Iterator[Tie | Flaw]:
        """Yield the ties that further values state; what is too many is one flaw together.

        Raises
        ------
        InputError
            If a value is a word: all values after it would be taken for others.
        """
        for value in values:
            if self._next is None:
                yield Flaw(
                    "ragged",
                    place,
                    f"more values than {self._size()} nodes have",
                    "check the number of nodes that the file states",
                )
                return
            row, column = self._next
            self._next = next(self._positions, None)
            if row == _LABEL:
                self._columns[column] = value
            elif column == _LABEL:
                self._rows[row] = value
            elif (strength := strength_in_cell(value)) is not None:
                self._check_number(strength, place)
                direction: Literal["directed", "undirected"] = (
                    "directed" if self._half == "full" else "undirected"
                )
                yield Tie(
                    place,
                    self._rows[row],
                    self._columns[column],
                    strength,
                    direction,
                    self._relation,
                )

    def check(self) -> None:
        """Raise if values are still to come.

        Raises
        ------
        DamagedGraphError
            Saying from which row on they are missing.
        """
        if self._next is not None:
            raise DamagedGraphError(
                f"a matrix of {self._size()} nodes ends in row {self._next[0] + 1}",
                file=self._source.name,
                remedy="export it again",
            )

    def _size(self) -> str:
        return f"{len(self._rows):,} by {len(self._columns):,}"

    def _check_number(self, strength: str, place: str) -> None:
        if read_number(strength) is None and not is_missing(strength):
            raise InputError(
                "a word stands where the matrix has a number",
                file=self._source.name,
                place=place,
                remedy="check the number of nodes, and whether the labels stand in the matrix",
            )

    def _all_positions(self) -> Iterator[tuple[int, int]]:
        if self._column_labels:
            for column in range(len(self._columns)):
                yield _LABEL, column
        for row in range(len(self._rows)):
            if self._row_labels:
                yield row, _LABEL
            first = row if self._half == "upper" else 0
            last = row + 1 if self._half == "lower" else len(self._columns)
            for column in range(first, last):
                if self._diagonal or row != column:
                    yield row, column
