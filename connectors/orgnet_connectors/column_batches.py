"""The columns of a table in Arrow batches: blocks of sound lines at once, odd ones row by row.

A block of lines is sound where each of them is exactly one row of the right width. What comes of a
file is the same either way, and as `orgnet_connectors.delimited.Table.rows` has it.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from orgnet.schema import Ledger
from orgnet_connectors.delimited import DELIMITERS, LineFeed, Table, records
from orgnet_connectors.text_lines import decoded_lines, encoding_of

#: Rows in a batch of odd ones; a sound block has as many as it has.
_BATCH_ROWS = 50_000
_BLOCK_BYTES = 4 << 20
#: Blocks in a large batch.
_JOINED = 4
#: A line that is longer than a block is none of a table, and handed on in pieces.
_LONGEST_LINE = 8 * _BLOCK_BYTES
_GZIP = b"\x1f\x8b"
_BOM = "\ufeff".encode()


def column_batches(
    table: Table, positions: Sequence[int], ledger: Ledger | None
) -> Iterator[pa.RecordBatch]:
    """Yield some columns of the rows below the header.

    Parameters
    ----------
    table
        Any table; in one that is compressed or a workbook all rows are odd.
    positions
        Where the columns stand.
    ledger
        Counts the rows that are skipped, as in `Table.rows`.

    Returns
    -------
    Iterator of pyarrow.RecordBatch
        ``row``, the number for `Table.place`, and the cells as text: ``c0`` for position 0.

    Raises
    ------
    UnreadableFileError
        If a workbook or a compressed file is damaged.
    """
    positions = sorted(set(positions))
    if not _has_blocks(table):
        yield from text_batches(table.rows(ledger), positions)
        return
    blocks = _blocks(table)
    first = table.header_row + 1
    for block in blocks:
        batch = _cut(block, first, table, positions)
        if batch is not None:
            yield batch
            first += batch.num_rows
            continue
        odd = _OddBlocks(block, blocks)
        yield from text_batches(_fitted(odd, first, table, ledger), positions)
        first += odd.lines


def large_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Join batches to larger ones, for work that has its cost for every batch."""
    batches = iter(batches)
    while held := list(islice(batches, _JOINED)):
        yield pa.concat_batches(held)


def text_batches(
    rows: Iterable[tuple[int, Sequence[str]]], positions: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    """Yield some columns of numbered rows, as `column_batches` does."""
    rows = iter(rows)
    names = ["row", *(f"c{at}" for at in positions)]
    while held := list(islice(rows, _BATCH_ROWS)):
        numbers = pa.array([number for number, _ in held], pa.int64())
        cells = [
            pa.array([_encodable(cells[at]) for _, cells in held], pa.string()) for at in positions
        ]
        yield pa.RecordBatch.from_arrays([numbers, *cells], names=names)


def _has_blocks(table: Table) -> bool:
    """Tell a text file whose header is one line, as lines are counted in blocks."""
    head = table.source.head
    return (
        table.delimiter in DELIMITERS
        and not head.startswith(_GZIP)
        and not any("\n" in heading for heading in table.header)
        and not _has_lone_return(head.replace(b"\0", b"").rstrip(b"\r"))
    )


def _encodable(text: str) -> str:
    """Replace what no UTF-8 text can hold: halves of characters, which JSON may spell out."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _blocks(table: Table) -> Iterator[bytes]:
    """Yield what follows the header in blocks of whole lines, as UTF-8 where it says another one.

    Only the last line of a file may lack its end, and one that is longer than any real one.
    """
    rest = b""
    left = table.header_row
    with table.source.path.open("rb") as file:
        for data in _utf8(file, encoding_of(table.source.head)):
            start = 0
            while left and (end := data.find(b"\n", start)) >= 0:
                start = end + 1
                left -= 1
            if left:
                continue
            end = data.rfind(b"\n", start) + 1
            if end <= start:
                if len(rest) + len(data) <= _LONGEST_LINE:
                    rest += data[start:]
                    continue
                end = len(data)
            yield b"".join((rest, memoryview(data)[start:end]))
            rest = data[end:]
    if rest:
        yield rest


def _utf8(file: io.BufferedReader, encoding: str) -> Iterator[bytes]:
    if not encoding.startswith("utf-16"):
        data = file.read(_BLOCK_BYTES).removeprefix(_BOM)
        while data:
            yield data
            data = file.read(_BLOCK_BYTES)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := file.read(_BLOCK_BYTES):
        yield decoder.decode(data).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")


def _cut(block: bytes, first: int, table: Table, positions: Sequence[int]) -> pa.RecordBatch | None:
    """Cut a block of lines into cells; None where it is not sound.

    Arrow reads over a quote that is never closed. Such a quote, a quoted line end or a blank line
    makes the number of rows differ from that of lines; only a lone carriage return could make up
    for it.
    """
    bare = table.header_row == 0
    if b"\0" in block or (bare and (b"#" in block or b"%" in block)) or _has_lone_return(block):
        return None
    names = [f"c{at}" for at in range(len(table.header))]
    wanted = [names[at] for at in positions]
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(block) + 1, column_names=names
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=table.delimiter),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
                check_utf8=not block.isascii(),
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = np.count_nonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    if cells.num_rows != lines + (not block.endswith(b"\n")):
        return None
    if _has_empty_row(cells):
        return None
    numbers = pa.array(np.arange(first, first + cells.num_rows))
    return pa.RecordBatch.from_arrays(
        [numbers, *(column.combine_chunks() for column in cells.columns)], names=["row", *wanted]
    )


def _has_empty_row(cells: pa.Table) -> bool:
    """Tell whether all the cells of some row are empty: the whole row may be."""
    empty = None
    for column in cells.columns:
        here = pc.equal(column, "")
        empty = here if empty is None else pc.and_(empty, here)
        if not pc.any(empty).as_py():
            return False
    return empty is not None


def _has_lone_return(block: bytes) -> bool:
    return b"\r" in block and block.count(b"\r") != block.count(b"\r\n")


class _OddBlocks:
    """The lines of a block, and of those after it for as long as a row goes on into them.

    Attributes
    ----------
    begins
        To be set whenever a row is complete, so that the next line begins one.
    lines
        How many lines there were.
    """

    def __init__(self, block: bytes, following: Iterator[bytes]) -> None:
        self._block: bytes | None = block
        self._following = following
        self.begins = True
        self.lines = 0

    def __iter__(self) -> Iterator[str]:
        while self._block is not None:
            for line in decoded_lines(io.BytesIO(self._block), "utf-8-sig"):
                self.lines += 1
                self.begins = False
                yield line
            if self.begins:
                return
            self._block = next(self._following, None)


def _fitted(
    odd: _OddBlocks, first: int, table: Table, ledger: Ledger | None
) -> Iterator[tuple[int, list[str]]]:
    feed = LineFeed(odd)
    for number, cells in records(feed, table.delimiter or ","):
        row = first - 1 + number
        fitted = table.fitted(row, cells, ledger)
        if fitted is not None:
            yield row, fitted
        odd.begins = not feed.has_returned
