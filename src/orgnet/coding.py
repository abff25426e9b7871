"""Records to a file of numbers: identities, messages and times as integers, ready for an engine."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.errors import EngineError, InputError
from orgnet.rules import BILLION
from orgnet.ties import CHANNEL_CODES, KIND_CODES

#: The coded file: a folder of parts, each of some weeks or, in a small one, of all of them.
FOLDER = "interactions.parquet"

_STORED = pa.schema(
    [
        ("message", pa.int64()),
        ("sender", pa.int32()),
        ("recipient", pa.int32()),
        ("day", pa.int32()),
        ("second", pa.int64()),
        ("channel", pa.int8()),
        ("kind", pa.int8()),
        ("recipients", pa.int32()),
        ("amount", pa.int64()),
    ]
)

#: Above this an amount in billionths leaves whole numbers of 64 bits.
_AMOUNT_LIMIT = 9e9

#: Up to so many rows are one part.
_SMALL = 1_000_000

#: Whole weeks of a part, in days; weeks begin three days before a multiple of seven since 1970.
_PART_DAYS, _MONDAY = 28, 3

#: Parts at most: beyond nine years they hold more weeks each.
_PARTS = 120

#: Rows that are written at once.
_ROWS = 1 << 16

#: Name of the part of undated rows.
_UNDATED = -1


def code(
    batches: Iterable[pa.RecordBatch], folder: Path, *, key: bytes | None = None
) -> tuple[list[str], int]:
    """Write the batches with numbers for identities; return the identities and the row count.

    Parameters
    ----------
    batches
        Of the schema `INTERACTIONS`.
    folder
        Where to make the folder `FOLDER`: one file of all rows, or, of many, one for each four
        weeks and one of rows without a date, so that they need not be held in memory at once.
    key
        At least 12 bytes, by which messages are hashed (SipHash) where hashes are to be kept;
        another key gives other hashes.

    Raises
    ------
    InputError
        If an amount, channel or kind is none.
    EngineError
        If there is no space for the rows.
    """
    numbers: dict[str, int] = {}
    rows = 0
    (folder / FOLDER).mkdir()
    with _writing(), closing(_Parts(folder / FOLDER)) as parts:
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                parts.add(_coded(batch, numbers, key))
    return list(numbers), rows


def parts(folder: Path) -> list[Path]:
    """Return the files that `code` wrote, in the order of their weeks, undated rows first."""
    return sorted((folder / FOLDER).iterdir(), key=lambda path: int(path.stem))


class _Parts:
    """Spreads rows over files by their weeks, once there are many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._waiting: dict[int, list[pa.RecordBatch]] = {}
        self._all: list[pa.RecordBatch] | None = []
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        self._rows += batch.num_rows
        if self._all is None:
            self._spread(batch)
            return
        self._all.append(batch)
        if self._rows > _SMALL:
            held, self._all = self._all, None
            for one in held:
                self._spread(one)

    def close(self) -> None:
        """Write what is still held. An error closes the files as they are."""
        try:
            if self._all is not None:
                self._waiting = {0: self._all}
            for part in list(self._waiting):
                self._write(part)
        finally:
            for writer in self._writers.values():
                writer.close()

    def _spread(self, batch: pa.RecordBatch) -> None:
        day = batch.column("day")
        part = pc.fill_null(day, 0).to_numpy() + _MONDAY
        part = np.where(day.is_valid(), part // _PART_DAYS % _PARTS, _UNDATED)
        found = np.unique(part)
        for one in found.tolist():
            rows = batch if len(found) == 1 else batch.filter(pa.array(part == one))
            waiting = self._waiting.setdefault(one, [])
            waiting.append(rows)
            if sum(some.num_rows for some in waiting) >= _ROWS:
                self._write(one)

    def _write(self, part: int) -> None:
        waiting = self._waiting.pop(part, [])
        if part not in self._writers:
            path = self._folder / f"{part}.parquet"
            self._writers[part] = pq.ParquetWriter(path, _STORED, compression="zstd")
        table = pa.Table.from_batches(waiting, _STORED)
        self._writers[part].write_table(table, row_group_size=max(_ROWS, len(table)))


@contextmanager
def _writing() -> Iterator[None]:
    # What fails while an export is read is an error of another kind by the time it comes here.
    try:
        yield
    except OSError as error:
        raise EngineError(
            "there is no space for the records that are to be reduced "
            f"({error.strerror or type(error).__name__}); make space in the folder for temporary "
            "files, or name a folder on a larger disk with --engine duckdb:FOLDER; nothing was "
            "written, and earlier results are as they were"
        ) from error


def _coded(batch: pa.RecordBatch, numbers: dict[str, int], key: bytes | None) -> pa.RecordBatch:
    message = batch.column("message").to_numpy(zero_copy_only=False)
    hashed = pd.util.hash_array(message, hash_key=_signs(key), categorize=False)
    sent_at = batch.column("sent_at").cast(pa.timestamp("us"))
    day = sent_at.cast(pa.date32()).cast(pa.int32())
    second = sent_at.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
    amount = pc.coalesce(batch.column("value"), batch.column("hours"))
    # Comparisons with what is not a number are false, so that it is caught, too.
    fits = pc.and_(pc.greater_equal(amount, 0.0), pc.less(amount, _AMOUNT_LIMIT))
    if pc.any(pc.invert(fits)).as_py():
        raise InputError(
            f"a record's hours or value is not a number from 0 to {_AMOUNT_LIMIT:.0e}",
            place=f"records of {batch.column('source')[0]}",
            remedy="correct or remove the row, or scale all values",
        )
    return pa.RecordBatch.from_arrays(
        [
            pa.array(hashed.view(np.int64)),
            _numbered(batch.column("sender"), numbers),
            _numbered(batch.column("recipient"), numbers),
            day,
            second,
            _known("channel", batch, CHANNEL_CODES),
            _known("kind", batch, KIND_CODES),
            batch.column("recipients"),
            pc.round(pc.multiply(amount, float(BILLION))).cast(pa.int64()),
        ],
        schema=_STORED,
    )


def _signs(key: bytes | None) -> str:
    """Return a key as the 16 signs of ASCII that SipHash takes here."""
    return base64.b64encode((key or bytes(12))[:12]).decode("ascii")


def _numbered(column: pa.Array, numbers: dict[str, int]) -> pa.Array:
    encoded = column.dictionary_encode()
    codes = [numbers.setdefault(text, len(numbers)) for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.int32()).take(encoded.indices)


def _known(name: str, batch: pa.RecordBatch, codes: dict[str, int]) -> pa.Array:
    encoded = batch.column(name).dictionary_encode()
    found = encoded.dictionary.to_pylist()
    if encoded.null_count or not codes.keys() >= set(found):
        raise InputError(
            f"a record's {name} is none of {', '.join(codes)}",
            place=f"records of {batch.column('source')[0]}",
            remedy=f"correct the {name}",
        )
    return pa.array([codes[text] for text in found], pa.int8()).take(encoded.indices)
