"""A batch: what one run read newly, in a folder that is written once and never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.errors import UsageError
from orgnet.files import make_folder, reason
from orgnet.restricted.store.exports import Export
from orgnet.restricted.store.hashes import Hashes
from orgnet.restricted.store.identities import Identities
from orgnet.ties import STINT_COLUMNS

#: Counts of records between two people, who are numbers among those of the batch.
ROWS = pa.schema(
    [
        ("week", pa.int32()),
        ("sender", pa.int32()),
        ("recipient", pa.int32()),
        ("channel", pa.int8()),
        ("kind", pa.int8()),
        ("recipients", pa.int32()),
        ("amount", pa.int64()),
        *((end, pa.int32()) for end in STINT_COLUMNS),
        ("records", pa.int64()),
        ("copies", pa.int64()),
    ]
)

#: The people of a batch: pseudonym, hash of the days on which they changed departments (0 where
#: they never did), and the rule by which they send like a machine.
PEOPLE = pa.schema([("person", pa.string()), ("moves", pa.uint64()), ("rule", pa.string())])

#: Counts of records that are not between two people, by what they are instead.
ASIDE = pa.schema(
    [
        ("month", pa.string()),
        ("reason", pa.string()),
        ("attend", pa.bool_()),
        ("recipients", pa.int32()),
        ("records", pa.int64()),
        ("copies", pa.int64()),
    ]
)

_FACTS, _PEOPLE, _IDENTITIES, _ASIDE = "batch.json", "people", "identities", "aside"
_OWNER_FILE = 0o600


class DamagedStoreError(Exception):
    """Something that the store names is not there, or not whole."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch says of itself.

    Attributes
    ----------
    name
        Stays the same when people or months are taken out.
    leans_on
        Names of batches that hold records which this one would hold if it had been read alone.
    read_on
        The day; undated records are of it.
    version
        The orgnet that read it.
    options
        How it was read.
    records
        Records in it, repeats and those that make no tie included.
    exports
        What was read.
    sizes
        Of its files in bytes.
    """

    name: str
    leans_on: list[str]
    read_on: date
    version: str
    options: list[Any]
    records: int
    exports: list[Export]
    sizes: dict[str, int]


class Batch(msgspec.Struct, frozen=True):
    """A batch on the disk.

    Parameters
    ----------
    folder
        Where it is.
    facts
        What it says of itself.
    at_hand
        Tables by name that need not be read from there, as they were just written.
    """

    folder: Path
    facts: Facts
    at_hand: Mapping[str, pa.Table] = {}

    @classmethod
    def read(cls, folder: Path) -> Batch:
        """Read what a batch says of itself, and see that its files are there in full length.

        Raises
        ------
        DamagedStoreError
            If they are not.
        """
        with _intact():
            facts = msgspec.json.decode((folder / _FACTS).read_bytes(), type=Facts)
            for name, size in facts.sizes.items():
                if (folder / name).stat().st_size != size:
                    raise DamagedStoreError
        return cls(folder, facts)

    @property
    def months(self) -> list[str]:
        """Months of which there are rows, in order; the undated last."""
        return self._months("rows")

    @property
    def digest_months(self) -> list[str]:
        """Months of which there are hashes of records, likewise."""
        return self._months("digests")

    @property
    def people(self) -> pa.Table:
        """The table `PEOPLE`."""
        return self._table(_PEOPLE)

    @property
    def identities(self) -> Identities:
        """The identities in the exports."""
        return Identities.from_table(self._table(_IDENTITIES))

    @property
    def aside(self) -> pa.Table:
        """The table `ASIDE`."""
        return self._table(_ASIDE)

    def rows(self, month: str) -> pa.Table:
        """Return the table `ROWS` of a month; empty where there is none."""
        name = f"rows-{month}"
        return self._table(name) if f"{name}.parquet" in self.facts.sizes else ROWS.empty_table()

    def digests(self, month: str) -> Hashes:
        """Return the sorted hashes of the records of a month."""
        name = f"digests-{month}.bin"
        if name not in self.facts.sizes:
            return np.empty(0, dtype=np.uint64)
        with _intact():
            return np.fromfile(self.folder / name, dtype="<u8")

    def _months(self, what: str) -> list[str]:
        names = (Path(name).stem for name in self.facts.sizes)
        return sorted(n.removeprefix(f"{what}-") for n in names if n.startswith(f"{what}-"))

    def _table(self, name: str) -> pa.Table:
        if name in self.at_hand:
            return self.at_hand[name]
        with _intact():
            # Read whole and closed: Windows removes no file that is open. Less is loaded for a
            # file than for what may be a folder.
            whole = pa.BufferReader((self.folder / f"{name}.parquet").read_bytes())
            with pq.ParquetFile(whole) as file:
                return file.read()


class BatchWriter:
    """Writes a batch; what is not finished is no batch."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder, owner_only=True)
        self._rows: dict[str, pq.ParquetWriter] = {}
        self._digests: dict[str, BinaryIO] = {}

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is not None:
            # A full disk is told of once, and nothing of this is of use.
            with suppress(OSError):
                self._close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _close(self) -> None:
        for writer in (*self._rows.values(), *self._digests.values()):
            writer.close()

    def add_rows(self, month: str, rows: pa.Table) -> None:
        """Add counts of a month, columns `ROWS`."""
        if not len(rows):
            return
        with storing():
            if month not in self._rows:
                path = self.folder / f"rows-{month}.parquet"
                self._rows[month] = pq.ParquetWriter(path, ROWS, compression="zstd")
            self._rows[month].write_table(rows.select(ROWS.names).cast(ROWS))

    def add_digests(self, month: str, digests: Hashes) -> None:
        """Add hashes of records of a month."""
        with storing():
            if month not in self._digests:
                self._digests[month] = (self.folder / f"digests-{month}.bin").open("wb")
            digests.astype("<u8").tofile(self._digests[month])

    def finish(
        self, facts: Facts, people: pa.Table, identities: Identities, aside: pa.Table
    ) -> Batch:
        """Write the rest, and have all of it on the disk."""
        tables = {
            _PEOPLE: people.cast(PEOPLE),
            _IDENTITIES: identities.table(),
            _ASIDE: aside.cast(ASIDE),
        }
        with storing():
            self._close()
            for month in self._digests:
                path = self.folder / f"digests-{month}.bin"
                # In another order than they came: it tells nothing.
                np.sort(np.fromfile(path, dtype="<u8")).tofile(path)
            for name, table in tables.items():
                pq.write_table(table, self.folder / f"{name}.parquet", compression="zstd")
            files = sorted(path for path in self.folder.iterdir() if path.name != _FACTS)
            sizes = {path.name: path.stat().st_size for path in files}
            facts = msgspec.structs.replace(facts, sizes=sizes)
            (self.folder / _FACTS).write_bytes(msgspec.json.encode(facts))
            for path in self.folder.iterdir():
                path.chmod(_OWNER_FILE)
                with path.open("rb+") as written:
                    os.fsync(written.fileno())
        return Batch(self.folder, facts, tables)


def aside_table(counts: Mapping[tuple[str, str, bool, int], tuple[int, int]]) -> pa.Table:
    """Return counts by month, reason, whether it is a meeting, and recipients as `ASIDE`."""
    rows = [(*key, *value) for key, value in sorted(counts.items())]
    columns = zip(*rows, strict=True) if rows else [[] for _ in ASIDE]
    return pa.Table.from_arrays(
        [pa.array(list(column), field.type) for column, field in zip(columns, ASIDE, strict=True)],
        schema=ASIDE,
    )


@contextmanager
def storing() -> Iterator[None]:
    """Say clearly what it means if the store cannot be written.

    Raises
    ------
    UsageError
        If it cannot.
    """
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"the store in the results folder cannot be written ({reason(error)}); "
            "make space, or choose another folder with --out; earlier results and what the store "
            "held are as they were"
        ) from error


@contextmanager
def _intact() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, pa.ArrowException, msgspec.MsgspecError) as error:
        raise DamagedStoreError from error
