"""The rows of mail logs in DuckDB: a few text columns of each, with what is the same in all logs.

A log is read by Arrow's CSV reader where every line is one sound row, and row by row where it is
not; what comes of a file does not depend on which of the two read it.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv

from orgnet.schema import Ledger
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR
from orgnet_connectors.delimited import DELIMITERS, Table
from orgnet_connectors.text_lines import encoding_of

#: What DuckDB may hold in memory; beyond, it goes to a folder that only the user can open.
MEMORY_LIMIT = "768MB"

_BATCH_ROWS = 50_000
#: A row must fit in a block; recipients of a mail to everybody take up to a megabyte.
_BLOCK_BYTES = 4 << 20
_GZIP = b"\x1f\x8b"
_BIG_ENDIAN = b"\xfe\xff"

# `normal_id(bare_id(id))` is `mail_headers.read_mail(...).key` for the same id, so that a mail in a
# mailbox and in a log is one. The first branches are what nearly all cells hold.
_MACROS = r"""
CREATE MACRO address_of(cell) AS
    CASE WHEN NOT (contains(cell, '<') OR contains(cell, ' ') OR contains(cell, chr(39))
                   OR contains(cell, '"')) THEN lower(cell)
         WHEN strpos(cell, '<') > 1
         THEN lower(trim(regexp_extract(cell, '<([^<>]*)>', 1), ' '''))
         ELSE lower(trim(cell, ' <>''"')) END;

CREATE MACRO bare_id(cell) AS
    CASE WHEN cell ^@ '<' AND suffix(cell, '>') AND NOT contains(cell, ' ')
              AND NOT contains(substring(cell, 2), '<')
         THEN substring(cell, 2, length(cell) - 2)
         WHEN regexp_matches(cell, '<[^<>]+>')
         THEN regexp_replace(regexp_extract(cell, '<([^<>]+)>', 1), '\s', '', 'g')
         ELSE trim(cell, ' <>') END;

CREATE MACRO normal_id(bare) AS
    left(bare, length(bare) - length(split_part(bare, '@', -1)))
        || lower(split_part(bare, '@', -1));

CREATE MACRO key_of(bare, other, sender, clock) AS
    CASE WHEN bare <> '' THEN normal_id(bare)
         WHEN trim(other) <> '' THEN 'network:' || lower(trim(other))
         ELSE 'no-id:' || md5(sender || chr(10) || clock) END;

CREATE MACRO instant(cell) AS
    CASE WHEN suffix(cell, 'Z') AND cell[5] = '-'
         THEN try_cast(cell AS TIMESTAMP)
         WHEN length(cell) = 16 AND regexp_full_match(cell, '\d+')
         THEN make_timestamp(try_cast(cell AS BIGINT)) END;

CREATE MACRO plausible(moment) AS
    CASE WHEN year(moment) BETWEEN $FIRST AND $LAST - 1 THEN moment END;
""".replace("$FIRST", str(FIRST_YEAR)).replace("$LAST", str(LAST_YEAR))


class LogStore:
    """A DuckDB connection that holds the table ``log`` while one export is read.

    Use it in a ``with`` block: afterwards nothing is left of it, in memory or on the disk.

    Attributes
    ----------
    engine
        The connection. Its macros: ``address_of(cell)``, ``instant(cell)`` (times in ISO form
        with a stated zone of UTC, and microseconds since 1970; null for all others) and
        ``key_of(bare_id(id), other_id, sender, time)``.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="orgnet-", ignore_cleanup_errors=True)
        self.engine: Any = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(Path(self._folder.name) / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self.engine.execute(_MACROS)
        #: for every file, where its rows begin in ``log``, and what says where they stand
        self._starts: list[int] = []
        self._places: list[Callable[[int], str]] = []
        self._next_row = 0

    def __enter__(self) -> LogStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.close()
        self._folder.cleanup()

    def fill(
        self, table: Table, columns: Mapping[str, int | None], select: str, ledger: Ledger
    ) -> None:
        """Add the rows of a table in a file to ``log``.

        Parameters
        ----------
        table
            The file's table.
        columns
            Our names of columns and where they stand; None for a column that the file lacks, which
            is then full of empty texts.
        select
            A query over ``batch``, which has ``row`` and these columns; its columns are those of
            ``log``.
        ledger
            Counts rows that cannot be read: ``ragged``, ``unreadable``, ``empty``.
        """
        self._begin(table.place, columns, select)
        try:
            self._insert_sound(table, columns, select)
        except _NotSoundError:
            for batch in _row_batches(table.rows(ledger), columns):
                self._insert(batch, select)

    def fill_rows(
        self,
        rows: Iterable[tuple[int, Sequence[str]]],
        columns: Sequence[str],
        select: str,
        place: Callable[[int], str],
    ) -> None:
        """Add rows that were cut from a file elsewhere.

        Parameters
        ----------
        rows
            Rising numbers, and as many texts as there are columns.
        columns
            Our names of the columns.
        select
            As for `fill`.
        place
            Says where the row with a number stands.
        """
        positions = {name: at for at, name in enumerate(columns)}
        self._begin(place, positions, select)
        for batch in _row_batches(rows, positions):
            self._insert(batch, select)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement to its end and return its rows, if it has any."""
        rows: list[tuple[Any, ...]] = self.engine.execute(sql, list(parameters)).fetchall()
        return rows

    def place(self, row: int) -> str:
        """Say where a row of ``log`` stands, for messages."""
        number = bisect_right(self._starts, row) - 1
        return self._places[number](row - self._starts[number])

    def _begin(
        self, place: Callable[[int], str], columns: Mapping[str, int | None], select: str
    ) -> None:
        self._starts.append(self._next_row)
        self._places.append(place)
        # So that there is a table even if the file has no rows.
        self._insert(_text_batch([], columns), select)

    def _insert_sound(self, table: Table, columns: Mapping[str, int | None], select: str) -> None:
        """Add all rows of a file at once, if each line of it is one sound row.

        Arrow reads over a quote that is never closed. Such a quote, a quoted line end, a blank
        line or a lone carriage return makes the number of rows differ from that of lines.

        Raises
        ------
        _NotSoundError
            If that or anything else is not in order; no row is added then.
        """
        if not _is_plain(table):
            raise _NotSoundError
        first = self._starts[-1] + table.header_row
        cells = ", ".join(
            f"c{at} AS {name}" if at is not None else f"'' AS {name}"
            for name, at in columns.items()
        )
        wide = encoding_of(table.source.head).startswith("utf-16")
        with table.source.path.open("rb") as file:
            counted = _CountedLines(file, b"\n\x00" if wide else b"\n")
            self.query("BEGIN")
            try:
                self.engine.register("cut", _arrow_reader(counted, table, columns))
                ((rows,),) = self.query(
                    "INSERT INTO log WITH batch AS NOT MATERIALIZED "
                    f"(SELECT {first} + row_number() OVER () AS row, {cells} FROM cut) {select}"
                )
                if table.header_row + rows != counted.lines:
                    raise _NotSoundError
            except (pa.ArrowInvalid, UnicodeError, duckdb.Error) as error:
                self.query("ROLLBACK")
                raise _NotSoundError from error
            except _NotSoundError:
                self.query("ROLLBACK")
                raise
            finally:
                self.engine.unregister("cut")
            self.query("COMMIT")
            self._next_row = first + rows + 1

    def _insert(self, batch: pa.RecordBatch, select: str) -> None:
        base = self._starts[-1]
        self.engine.register("cut", batch)
        source = (
            "WITH batch AS NOT MATERIALIZED "
            f"(SELECT {base} + row AS row, * EXCLUDE (row) FROM cut) {select}"
        )
        try:
            if batch.num_rows:
                self.query(f"INSERT INTO log {source}")
                self._next_row = base + batch.column("row")[-1].as_py() + 1
            else:
                self.query(f"CREATE TABLE IF NOT EXISTS log AS {source}")
        finally:
            self.engine.unregister("cut")


class _NotSoundError(Exception):
    """Some line of the file is not exactly one row of the right width in the right encoding."""


class _CountedLines:
    """A file that counts its line ends while it is read."""

    def __init__(self, file: BinaryIO, line_end: bytes) -> None:
        self._file = file
        self._line_end = line_end
        self._last = b""
        self.count = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.count += data.count(self._line_end)
        if data:
            self._last = data[-len(self._line_end) :]
        return data

    def close(self) -> None:
        self.closed = True

    @property
    def lines(self) -> int:
        """Lines so far; the last one need not have an end."""
        return self.count + (self._last != self._line_end)


def _is_plain(table: Table) -> bool:
    """Tell whether Arrow's reader can cut the file at all."""
    head = table.source.head
    odd = head.startswith((_GZIP, _BIG_ENDIAN)) or encoding_of(head) == "utf-16-be"
    return table.delimiter in DELIMITERS and not odd


def _arrow_reader(
    counted: _CountedLines, table: Table, columns: Mapping[str, int | None]
) -> arrow_csv.CSVStreamingReader:
    """Open the columns that are wanted, called by their positions; the others are not decoded."""
    encoding = encoding_of(table.source.head)
    wanted = sorted({at for at in columns.values() if at is not None})
    return arrow_csv.open_csv(
        counted,
        read_options=arrow_csv.ReadOptions(
            block_size=_BLOCK_BYTES,
            column_names=[f"c{at}" for at in range(len(table.header))],
            skip_rows=table.header_row,
            encoding=encoding if encoding.startswith("utf-16") else "utf8",
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=table.delimiter, newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=[f"c{at}" for at in wanted],
            column_types={f"c{at}": pa.string() for at in wanted},
            strings_can_be_null=False,
        ),
    )


def _row_batches(
    rows: Iterable[tuple[int, Sequence[str]]], columns: Mapping[str, int | None]
) -> Iterator[pa.RecordBatch]:
    """Yield rows of text as batches of the columns."""
    rows = iter(rows)
    while held := list(islice(rows, _BATCH_ROWS)):
        yield _text_batch(held, columns)


def _text_batch(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Mapping[str, int | None]
) -> pa.RecordBatch:
    empty = pa.repeat("", len(rows))
    arrays = [
        empty if at is None else pa.array([_encodable(cells[at]) for _, cells in rows], pa.string())
        for at in columns.values()
    ]
    numbers = pa.array([number for number, _ in rows], pa.int64())
    return pa.RecordBatch.from_arrays([numbers, *arrays], names=["row", *columns])


def _encodable(text: str) -> str:
    """Replace what no UTF-8 text can hold: halves of characters, which JSON may spell out."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
