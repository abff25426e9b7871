"""Records to a file of numbers: identities, messages and times as integers, ready for an engine."""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.coding.numbering import Numbering
from orgnet.coding.reading import FOLDER, begins, column_of, parts
from orgnet.coding.sameness import distinct
from orgnet.errors import InputError
from orgnet.files import putting_aside
from orgnet.rules import BILLION
from orgnet.ties import CHANNEL_CODES, KIND_CODES

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

#: Columns of few different numbers.
_PACKED = ["day", "channel", "kind", "recipients"]

#: Above this an amount in billionths leaves whole numbers of 64 bits.
_AMOUNT_LIMIT = 9e9

#: Up to so many rows are one part.
_SMALL = 500_000

#: Whole weeks of a part, in days; weeks begin three days before a multiple of seven since 1970.
_PART_DAYS, _MONDAY = 14, 3

#: Parts at most: beyond five years they hold more weeks each.
_PARTS = 130

#: Rows that are written at once, and rows that wait for others of their part at most.
_ROWS, _WAITING = 1 << 16, 1 << 18

#: Names of the parts of undated rows, and of messages that would be in several parts.
_UNDATED, _APART = -1, 1_000_000

#: In a message.
_WHAT = "the records that are to be reduced"

#: Messages that are looked at together for some that are in several parts, and looks at most.
_LOOKED_AT, _LOOKS = 5_000_000, 16


def code(
    batches: Iterable[pa.RecordBatch], folder: Path, *, key: bytes | None = None
) -> tuple[list[str], int]:
    """Write the batches with numbers for identities; return the identities and the row count.

    Parameters
    ----------
    batches
        Of the schema `INTERACTIONS`.
    folder
        Where to make the folder `FOLDER`: one file of all rows, or, of many, one for each two
        weeks and one of rows without a date, so that they need not be held in memory at once.
        All rows of a message are in one file, whatever dates they have.
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
    numbers = Numbering()
    rows = 0
    (folder / FOLDER).mkdir()
    # What fails while an export is read is an error of another kind by the time it comes here.
    with putting_aside(_WHAT), closing(_Parts(folder / FOLDER)) as parts:
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                parts.add(_coded(batch, numbers, key))
    with putting_aside(_WHAT):
        _set_apart(folder)
    # What the reading took is not needed again; without being told, Arrow keeps it.
    pa.default_memory_pool().release_unused()
    return numbers.texts(), rows


def _set_apart(folder: Path) -> None:
    """Move messages of several parts into one of their own, so that parts stand for themselves.

    One export may date a message otherwise than another does.
    """
    files = parts(folder)
    if len(files) == 1:
        return
    several = _in_several(files)
    if not len(several):
        return
    path = folder / FOLDER / f"{_APART}.parquet"
    with _writer(path) as apart:
        for file in files:
            table = pq.read_table(file)
            message = table["message"].to_numpy()
            place = np.minimum(np.searchsorted(several, message), len(several) - 1)
            moves = several[place] == message
            if moves.any():
                apart.write_table(table.filter(pa.array(moves)))
                with _writer(file) as rest:
                    rest.write_table(table.filter(pa.array(~moves)))


def _writer(path: Path) -> pq.ParquetWriter:
    # Gone within minutes, and of numbers that hardly repeat: what packs best takes longest.
    return pq.ParquetWriter(path, _STORED, compression="lz4", use_dictionary=_PACKED)


def _in_several(files: list[Path]) -> npt.NDArray[np.int64]:
    """Return the messages that are in more than one file, sorted."""
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    limits = np.iinfo(np.int64)
    looks = min(rows // _LOOKED_AT + 1, _LOOKS)
    edges = np.linspace(limits.min, limits.max, looks + 1)[1:-1].astype(np.int64)
    found = []
    for low, high in zip([limits.min, *edges], [*edges, limits.max], strict=True):
        some = []
        for file in files:
            message = column_of(file, "message")
            # Most often the rows of a message stand one below the other.
            message = message[begins(message)]
            some.append(distinct(message[(message >= low) & (message <= high)]))
        all_of_them = np.concatenate(some)
        all_of_them.sort()
        found.append(distinct(all_of_them[1:][all_of_them[1:] == all_of_them[:-1]]))
    return distinct(np.concatenate(found))


class _Parts:
    """Spreads rows over files by their weeks, once there are many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._waiting: defaultdict[int, list[pa.RecordBatch]] = defaultdict(list)
        #: part -> rows that wait
        self._counts: Counter[int] = Counter()
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
                self._waiting[0] = self._all
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
            self._waiting[one].append(rows)
            self._counts[one] += rows.num_rows
            if self._counts[one] >= _ROWS:
                self._write(one)
        while self._counts.total() > _WAITING:
            self._write(max(self._counts, key=self._counts.__getitem__))

    def _write(self, part: int) -> None:
        waiting = self._waiting.pop(part, [])
        del self._counts[part]
        if part not in self._writers:
            path = self._folder / f"{part}.parquet"
            self._writers[part] = _writer(path)
        table = pa.Table.from_batches(waiting, _STORED)
        self._writers[part].write_table(table, row_group_size=max(_ROWS, len(table)))


def _coded(batch: pa.RecordBatch, numbers: Numbering, key: bytes | None) -> pa.RecordBatch:
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
    ends = numbers.of(pa.concat_arrays([batch.column("sender"), batch.column("recipient")]))
    return pa.RecordBatch.from_arrays(
        [
            pa.array(_hashed(batch.column("message"), key)),
            ends[: batch.num_rows],
            ends[batch.num_rows :],
            day,
            second,
            _known("channel", batch, CHANNEL_CODES),
            _known("kind", batch, KIND_CODES),
            batch.column("recipients"),
            pc.round(pc.multiply(amount, float(BILLION))).cast(pa.int64()),
        ],
        schema=_STORED,
    )


def _hashed(messages: pa.Array, key: bytes | None) -> npt.NDArray[np.int64]:
    """Return a hash of each text; most often those of one message stand one below the other."""
    runs = pc.run_end_encode(messages)
    texts = runs.values.to_numpy(zero_copy_only=False)
    hashed = pd.util.hash_array(texts, hash_key=_signs(key), categorize=False)
    lengths = np.diff(runs.run_ends.to_numpy(), prepend=0)
    return np.repeat(hashed.view(np.int64), lengths)


def _signs(key: bytes | None) -> str:
    """Return a key as the 16 signs of ASCII that SipHash takes here."""
    return base64.b64encode((key or bytes(12))[:12]).decode("ascii")


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
