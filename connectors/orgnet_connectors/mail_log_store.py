"""The rows of mail logs in DuckDB: a few text columns of each, and what is the same in all."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.schema import Ledger
from orgnet_connectors.column_batches import column_batches, text_batches
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR
from orgnet_connectors.delimited import Table
from orgnet_connectors.mail_pairing import Hashes, Numbers
from orgnet_connectors.mail_parcels import NO_TIME, REFUSALS, Parcel

#: What DuckDB may hold in memory; beyond, it goes to a folder that only the user can open.
MEMORY_LIMIT = "768MB"

_BATCHES_AT_ONCE = 8
#: An id in the form in which ``key_of`` takes off the brackets and nothing else.
_PLAIN_ID = r"^<[^<>@\s]+@[a-z0-9.\-]+>$"
#: Lengths of ``2026-03-31T09:00:00Z`` and of the same with seven decimals.
_PLAIN_TIMES = (20, 28)
_FIRST_US, _LAST_US = (
    int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    for year in (FIRST_YEAR, LAST_YEAR)
)
_PARCEL_ROWS = 100_000
#: How many different texts a `Lookup` keeps before it begins anew.
_REMEMBERED = 50_000

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
        self._folder = tempfile.TemporaryDirectory(prefix="orgnet-tmp-", ignore_cleanup_errors=True)
        self.engine: Any = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(Path(self._folder.name) / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        # No file and no network can be reached from a query; only spilling goes on.
        self.engine.execute("SET enable_external_access = false")
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
        positions = [at for at in columns.values() if at is not None]
        self._begin(table.place, columns, select)
        self._insert_all(column_batches(table, positions, ledger), columns, select)

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
        self._insert_all(text_batches(rows, list(positions.values())), positions, select)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement to its end and return its rows, if it has any."""
        rows: list[tuple[Any, ...]] = self.engine.execute(sql, list(parameters)).fetchall()
        return rows

    def evaluate(self, sql: str, **columns: pa.Array) -> dict[str, pa.Array]:
        """Return the columns that a query over the table ``cells`` gives, which has `columns`."""
        self.engine.register("cells", pa.table(columns))
        try:
            return self._columns(sql)
        finally:
            self.engine.unregister("cells")

    def moments(self, times: pa.StringArray) -> tuple[Numbers, pa.StringArray | None]:
        """Read times in ISO form with a stated zone of UTC.

        Returns
        -------
        tuple of numpy.ndarray and pyarrow.StringArray or None
            Microseconds since 1970, or `NO_TIME`; and the texts that say something else, in
            their places, None if there are none.
        """
        moments = _plain_moments(times)
        if moments is None:
            found = self.evaluate("SELECT epoch_us(instant(cell)) AS us FROM cells", cell=times)
            moments = found["us"]
        moments = pc.fill_null(moments, NO_TIME).to_numpy()
        moments = np.where((moments >= _FIRST_US) & (moments < _LAST_US), moments, NO_TIME)
        is_pending = pa.array(moments == NO_TIME)
        texts = pc.if_else(is_pending, times, "")
        is_needed = pc.any(pc.not_equal(texts, "")).as_py()
        return moments, texts if is_needed else None

    def keys(
        self,
        ids: pa.StringArray,
        others: pa.StringArray,
        senders: pa.DictionaryArray,
        times: pa.StringArray,
    ) -> tuple[pa.StringArray, Hashes]:
        """Return the key of each mail, as the macro ``key_of`` has it, and a hash of the key."""
        if pc.all(pc.match_substring_regex(ids, _PLAIN_ID)).as_py():
            keys = pc.utf8_slice_codeunits(ids, 1, -1)
        else:
            sql = "SELECT key_of(bare_id(id), other, sender, clock) AS key FROM cells"
            senders = senders.cast(pa.string())
            found = self.evaluate(sql, id=ids, other=others, sender=senders, clock=times)
            keys = found["key"]
        hashes = self.evaluate("SELECT hash(key) AS hash FROM cells", key=keys)
        return keys, hashes["hash"].to_numpy()

    def parcels(self, told: str) -> Iterator[Parcel]:
        """Yield the rows of ``log``, in their order, and who is told of in them.

        ``log`` must have ``row``, ``sender``, ``sent_at`` (null where still to be read from
        ``time``), ``time``, ``key`` and ``refused`` (one of `REFUSALS`).

        Parameters
        ----------
        told
            A query over it, one line a recipient in a row: ``row``, ``recipient``, ``outcome``,
            ``is_copy`` and ``named``, as in `Parcel`.
        """
        refusals = ", ".join(f"'{reason}'" for reason in REFUSALS)
        self.query(
            "CREATE TABLE lines AS SELECT row, recipient, hash(recipient) AS recipient_hash, "
            "outcome::UTINYINT AS outcome, is_copy::UTINYINT AS is_copy, named::INTEGER AS named "
            f"FROM ({told}) WHERE recipient <> '' ORDER BY row"
        )
        for start in range(0, self._next_row, _PARCEL_ROWS):
            window = f"WHERE row BETWEEN {start} AND {start + _PARCEL_ROWS - 1} ORDER BY row"
            rows = self._columns(
                f"SELECT row, sender, coalesce(epoch_us(sent_at), {NO_TIME}) AS sent_at, "
                "if(sent_at IS NULL, time, '') AS time, key, hash(key) AS message, "
                f"(list_position([{refusals}], refused) - 1)::UTINYINT AS refused FROM log {window}"
            )
            if not len(rows["row"]):
                continue
            lines = self._columns(f"SELECT * FROM lines {window}")
            row = rows["row"].to_numpy()
            line_row = np.searchsorted(row, lines["row"].to_numpy()).astype(np.int32)
            yield Parcel(
                row=row,
                sender=rows["sender"].dictionary_encode(),
                sent_at=rows["sent_at"].to_numpy(),
                time=rows["time"] if pc.any(pc.not_equal(rows["time"], "")).as_py() else None,
                key=rows["key"],
                message=rows["message"].to_numpy(),
                refused=rows["refused"].to_numpy(),
                line_row=line_row,
                recipient=lines["recipient"].dictionary_encode(),
                recipient_hash=lines["recipient_hash"].to_numpy(),
                outcome=lines["outcome"].to_numpy(),
                is_copy=lines["is_copy"].to_numpy() > 0,
                named=lines["named"].to_numpy(),
            )

    def _columns(self, sql: str) -> dict[str, Any]:
        table = self.engine.sql(sql).to_arrow_table()
        return {name: table.column(name).combine_chunks() for name in table.column_names}

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
        empty = ", ".join(f"'' AS {name}" for name in columns)
        self.query(
            f"CREATE TABLE IF NOT EXISTS log AS WITH batch AS (SELECT 0::BIGINT AS row, {empty}) "
            f"FROM ({select}) LIMIT 0"
        )

    def _insert_all(
        self, batches: Iterable[pa.RecordBatch], columns: Mapping[str, int | None], select: str
    ) -> None:
        base = self._starts[-1]
        cells = ", ".join(
            f"c{at} AS {name}" if at is not None else f"'' AS {name}"
            for name, at in columns.items()
        )
        insert = (
            "INSERT INTO log WITH batch AS NOT MATERIALIZED "
            f"(SELECT {base} + row AS row, {cells} FROM cut) {select}"
        )
        batches = iter(batches)
        while held := list(islice(batches, _BATCHES_AT_ONCE)):
            self.engine.register("cut", pa.Table.from_batches(held))
            try:
                self.query(insert)
            finally:
                self.engine.unregister("cut")
            self._next_row = base + held[-1].column("row")[-1].as_py() + 1


def _plain_moments(times: pa.StringArray) -> pa.Array | None:
    """Return microseconds if all times are in Microsoft's own form and length, else None."""
    length = pc.min_max(pc.binary_length(times)).as_py()
    if length["min"] != length["max"] or length["min"] not in _PLAIN_TIMES:
        return None
    if not pc.all(pc.ends_with(times, "Z")).as_py():
        return None
    try:
        exact = pc.cast(times, pa.timestamp("ns", "UTC"))
    except pa.ArrowInvalid:
        return None
    return pc.divide(pc.cast(exact, pa.int64()), 1_000)


class Lookup:
    """What a query over ``cells`` gives for texts that are there many times, asked for once each.

    Parameters
    ----------
    store
        Runs it.
    sql
        The query, whose result for a ``cell`` does not depend on the others.

    Examples
    --------
    >>> with LogStore() as store:
    ...     addresses = Lookup(store, "SELECT address_of(cell) AS address FROM cells")
    ...     places, columns = addresses(pa.array(["Aya@example.com", "<ben@example.com>"] * 2))
    >>> places.tolist(), columns["address"].to_pylist()
    ([0, 1, 0, 1], ['aya@example.com', 'ben@example.com'])
    """

    def __init__(self, store: LogStore, sql: str) -> None:
        self._store = store
        self._sql = sql
        self._known: pa.StringArray = pa.array([], pa.string())
        self._columns: dict[str, pa.Array] = {}

    def __call__(self, cells: pa.StringArray) -> tuple[npt.NDArray[np.int32], dict[str, pa.Array]]:
        """Return the place of each cell in the columns of the result, and these columns."""
        encoded = cells.dictionary_encode()
        different = encoded.dictionary
        places = pc.index_in(different, value_set=self._known)
        if places.null_count or not self._columns:
            if len(self._known) > _REMEMBERED:
                self._known, self._columns = self._known[:0], {}
                places = pc.index_in(different, value_set=self._known)
            new = different.filter(places.is_null())
            for name, found in self._store.evaluate(self._sql, cell=new).items():
                before = self._columns.get(name, found[:0])
                self._columns[name] = pa.concat_arrays([before, found])
            self._known = pa.concat_arrays([self._known, new])
            places = pc.index_in(different, value_set=self._known)
        return places.to_numpy()[encoded.indices.to_numpy()], self._columns
