"""UCINET DL files: matrices, edge lists and node lists, one network or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.graph_cells import Half, MatrixCells, strength_in_cell
from orgnet_connectors.graph_nodes import ids_by_label
from orgnet_connectors.graph_records import DamagedGraphError, Flaw, Node, Tie, read_graph
from orgnet_connectors.graph_tie_attributes import TieAttributes
from orgnet_connectors.graph_ucinet_header import (
    EDGE_FORMATS,
    MATRIX_FORMATS,
    Header,
    read_header,
    split_header,
)
from orgnet_connectors.list_cells import identity
from orgnet_connectors.text_lines import DAMAGED, open_lines, preview_lines

_BEGINNING = re.compile(
    r"\s*dl[\s,](?:.*[\s,])?(?:n[rcm]?\s*=?\s*\d|format\s*=?\s*[a-z])", re.IGNORECASE | re.DOTALL
)
_WORD = re.compile(r'"([^"]*)"?|([^\s,"]+)')
_NEXT_MATRIX = "!"
_HALVES: dict[str, Half] = {"lowerhalf": "lower", "upperhalf": "upper"}


class UcinetDl:
    """Reads the networks of a UCINET DL file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.dl"
    ...     _ = path.write_text("dl n=2 format=edgelist1 labels embedded: data: aya ben 2")
    ...     batches = list(UcinetDl().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["value"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 2.0)]
    """

    name: ClassVar[str] = "ucinet"
    title: ClassVar[str] = "UCINET DL"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "UCINET DL file (.dl or .txt), not the binary ##h and ##d"
    dropped_unread: ClassVar[tuple[str, ...]] = ("labels of levels",)

    def recognise(self, source: Source) -> str | None:
        """Say why it is a DL file: by its first word and a size or format after it."""
        if source.is_folder or source.is_zip:
            return None
        beginning = "".join(preview_lines(source)[:20])[:4000]
        return "begins with DL" if _BEGINNING.match(beginning) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction of kind ``total`` a tie; see `read_graph`.

        In a matrix every cell that is neither empty nor 0 is a tie. Several matrices are told
        apart by ``thread``. A line without two nodes is skipped as ``unreadable``, values beyond
        the end of the last matrix as ``ragged``.

        Raises
        ------
        UnreadableFileError
            If there are no data, or they are in another file or in a rare format.
        InputError
            If a word stands where a matrix has a number, or every tie is wrong.
        """
        yield from read_graph(_DlFile(source), source, options, ledger, connector=self.name)


class _DlFile:
    """The nodes and ties of one DL file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._header = Header()
        self._rows: list[str] = []
        self._columns: list[str] = []
        self.tie_attributes = TieAttributes()
        self.notes: set[str] = set()

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that are labelled, or that a matrix or list counts."""
        with suppress(*DAMAGED):
            text, _, _ = split_header(open_lines(self._source), self._source)
            self._header = read_header(text, self._source)
            self._settle_ids()
        header = self._header
        if "row" in header.embedded or "column" in header.embedded:
            rows, columns = self._embedded_nodes()
        else:
            rows, columns = self._rows, self._columns
        known = set(rows)
        yield from (Node(id=id, label=_label(id)) for id in rows)
        others = [id for id in dict.fromkeys(columns) if id not in known]
        kind = "room" if header.two_mode else "person"
        yield from (Node(id=id, label=_label(id), kind=kind) for id in others)
        if header.two_mode:
            self.notes.add(
                f"two-mode: the {len(others):,} nodes in the columns are no people but what "
                "people have to do with; ties to them join nobody"
            )

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield the ties in the order of the file."""
        if self._header.format in MATRIX_FORMATS:
            yield from self._matrices(self._rows, self._columns)
        elif self._header.format in EDGE_FORMATS:
            yield from self._edges()
        else:
            yield from self._named_by_each()

    def _settle_ids(self) -> None:
        header = self._header
        rows = header.labels.get("row", [])[: header.rows]
        columns = header.labels.get("column", [])[: header.columns]
        self._rows = ids_by_label(rows + [""] * (header.rows - len(rows)))
        self._columns = ids_by_label(columns + [""] * (header.columns - len(columns)))
        if header.two_mode:
            if not set(self._rows).isdisjoint(self._columns):
                self._columns = [f"column {number}" for number in range(1, header.columns + 1)]
            return
        labelled = header.labels.keys() | header.embedded
        if "column" not in labelled:
            self._columns = self._rows
        elif "row" not in labelled:
            self._rows = self._columns

    def _embedded_nodes(self) -> tuple[list[str], list[str]]:
        """Go through the data for the labels in them, which the second pass then knows as well."""
        rows, columns = self._rows, self._columns
        seen: tuple[dict[str, None], dict[str, None]] = {}, {}
        with suppress(DamagedGraphError, *DAMAGED):
            if self._header.format in MATRIX_FORMATS:
                for _ in self._matrices(rows, columns):
                    pass
                return rows, columns
            for tie in self.ties():
                if isinstance(tie, Tie):
                    seen[0][tie.source] = seen[1][tie.target] = None
        return [id for id in seen[0] if id], [id for id in seen[1] if id]

    def _data(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the place and the words of each line of data."""
        _, lines, data = split_header(open_lines(self._source), self._source)
        for number, line in enumerate(data, lines + 1):
            words = [match[2] or match[1] or "" for match in _WORD.finditer(line)]
            if words:
                yield f"line {number}", words

    def _relation(self, number: int) -> str:
        """Name a network by its number from 0; empty where there is only one without a name."""
        names = self._header.labels.get("matrix", [])
        if number < len(names):
            return names[number]
        return f"matrix {number + 1}" if self._header.matrices > 1 else ""

    def _matrices(self, rows: list[str], columns: list[str]) -> Iterator[Tie | Flaw]:
        data = self._data()
        number = 0
        matrix = self._matrix(number, rows, columns)
        place = ""
        for place, words in data:
            if number + 1 == self._header.matrices:
                yield from matrix.take(words, place)
                continue
            for word in words:
                if matrix.complete and number + 1 < self._header.matrices:
                    number += 1
                    matrix = self._matrix(number, rows, columns)
                yield from matrix.take((word,), place)
        matrix.check()
        if number + 1 < self._header.matrices:
            raise DamagedGraphError(
                f"{self._header.matrices} matrices are announced, and {number + 1} are there",
                file=self._source.name,
                place=place or None,
                remedy="export it again",
            )

    def _matrix(self, number: int, rows: list[str], columns: list[str]) -> MatrixCells:
        header = self._header
        return MatrixCells(
            self._source,
            rows,
            columns,
            self._relation(number),
            half=_HALVES.get(header.format, "full"),
            diagonal=header.diagonal,
            row_labels="row" in header.embedded,
            column_labels="column" in header.embedded,
        )

    def _edges(self) -> Iterator[Tie | Flaw]:
        """Read lines such as ``1 2 0.5``; in an edge array, one strength for each network."""
        number = 0
        for place, words in self._data():
            if words[0] == _NEXT_MATRIX:
                number += 1
                continue
            ends = self._ends(words[:2])
            if ends is None:
                yield _no_ends(place)
                continue
            source, target = ends
            if self._header.format == "edgearray1":
                for relation, value in enumerate(words[2:]):
                    if strength := strength_in_cell(value):
                        yield Tie(
                            place, source, target, strength, relation=self._relation(relation)
                        )
                continue
            strength = words[2] if len(words) > 2 else None
            yield Tie(place, source, target, strength, relation=self._relation(number))

    def _named_by_each(self) -> Iterator[Tie | Flaw]:
        """Read lines such as ``1 3 4``: 1 names 3 and 4; with a B, the first is how many."""
        number = row = 0
        counted = self._header.format.endswith("b")
        for place, words in self._data():
            if words[0] == _NEXT_MATRIX:
                number, row = number + 1, 0
                continue
            if counted:
                row += 1
                words = [self._rows[row - 1] if row <= len(self._rows) else "", *words[1:]]
            targets = words[1:]
            for target in targets:
                ends = self._ends((words[0], target), first_is_id=counted)
                if ends is None:
                    yield _no_ends(place)
                else:
                    yield Tie(place, *ends, relation=self._relation(number))

    def _ends(
        self, words: list[str] | tuple[str, str], *, first_is_id: bool = False
    ) -> tuple[str, str] | None:
        """Return the ids of two nodes, empty for one that is not there; None for no two nodes."""
        if len(words) < 2:
            return None
        source = words[0] if first_is_id else self._id(words[0], "row", self._rows)
        target = self._id(words[1], "column", self._columns)
        return None if source is None or target is None else (source, target)

    def _id(self, word: str, side: str, ids: list[str]) -> str | None:
        if side in self._header.embedded or not ids:
            return word
        if not word.isdecimal():
            return None
        number = int(word) if len(word) < 10 else 0
        return ids[number - 1] if 1 <= number <= len(ids) else ""


def _label(id: str) -> str:
    """Return the label that an id is; a number is none."""
    return "" if id.isdecimal() else identity(id)


def _no_ends(place: str) -> Flaw:
    return Flaw(
        "unreadable",
        place,
        "no two numbers of nodes",
        "write ties as 1 2 0.5, or state 'LABELS EMBEDDED' for names",
    )
