"""Interactions as Parquet: one file, or a folder of them as an engine writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.errors import InputError, MissingColumnError, UnreadableFileError
from orgnet.schema import INTERACTIONS, KINDS, Ledger, ReadOptions, Source
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR
from orgnet_connectors.interactions import KIND_ON_CHANNEL
from orgnet_connectors.list_blocks import each_once, identities, interactions, is_text, row_keys
from orgnet_connectors.list_reading import (
    refuse_if_all_wrong,
    row_key,
    skip_endless,
    skip_undated,
    stated_channel,
)

_MAGIC = b"PAR1"
_BATCH_ROWS = 1 << 17
_CODED = pa.dictionary(pa.int32(), pa.string())
_NEEDED = ("sent_at", "sender", "recipient")
#: Of these the same few texts stand in many rows, and are read once.
_REPEATED = ["sender", "recipient", "channel", "kind"]
#: What the report calls the source is ours to say, not the file's.
_KNOWN = tuple(name for name in INTERACTIONS.names if name != "source")


class InteractionsParquet:
    """Reads the table of interactions from Parquet, under the names of its own columns.

    ``sent_at``, ``sender`` and ``recipient`` are needed, all others have a default.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> table = pa.table({"sent_at": [datetime(2026, 3, 2, 9, tzinfo=UTC)],
    ...                   "sender": ["a"], "recipient": ["B@x.example"], "channel": ["email"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pq.write_table(table, Path(folder) / "part-0.parquet")
    ...     source = Source(Path(folder))
    ...     batches = list(InteractionsParquet().read(source, ReadOptions(), Ledger()))
    >>> row = batches[0].to_pylist()[0]
    >>> row["sender"], row["recipient"], row["kind"], row["recipients"]
    ('a', 'b@x.example', 'to', 1)
    """

    name: ClassVar[str] = "interactions_parquet"
    title: ClassVar[str] = "Table of interactions (Parquet)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "Parquet file or folder with 'sent_at', 'sender' and 'recipient'"
    dropped_unread: ClassVar[tuple[str, ...]] = ("subject", "text", "all other columns")

    def recognise(self, source: Source) -> str | None:
        """Say why it is a table of interactions: by the columns that Parquet names."""
        files = _files(source)
        if not files:
            return None
        try:
            columns = pq.read_schema(files[0]).names
        except pa.ArrowException:
            return None if source.is_folder else "a Parquet file"
        if not {"sender", "recipient"}.issubset(columns):
            return None
        return "Parquet with the columns 'sender' and 'recipient'"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one interaction a row.

        Rows are skipped as ``no_date``, ``no_sender`` and ``no_recipient``.

        Raises
        ------
        MissingColumnError
            If there is no column of times.
        InputError
            If a column holds something else than it should, or every row is wrong.
        UnreadableFileError
            If a file is damaged, or there are no rows.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        files = _files(source)
        reading = _Reading(source, files, options, ledger)
        for file in files:
            try:
                columns = reading.columns(pq.read_schema(file), file)
                repeated = [name for name in _REPEATED if name in columns]
                with pq.ParquetFile(file, read_dictionary=repeated) as parquet:
                    for batch in parquet.iter_batches(_BATCH_ROWS, columns=columns):
                        yield from reading.rows(batch, file)
            except pa.ArrowInvalid as error:
                raise UnreadableFileError(
                    "the Parquet file is damaged", file=file.name, remedy="export it again"
                ) from error
        refuse_if_all_wrong(source, ledger)
        if reading.undecided:
            ledger.ambiguous.append(
                f"rows without a channel are read as {reading.channel!r} (--channel)"
            )
        if reading.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )


class _Reading:
    """Turns the rows of one table into interactions."""

    def __init__(
        self, source: Source, files: list[Path], options: ReadOptions, ledger: Ledger
    ) -> None:
        # Of a folder, the first file stands for all: their rows are counted on from it.
        self._key = row_key(Source(files[0])) if files else ""
        self._zone = options.timezone or "UTC"
        self._many = len(files) > 1
        self._ledger = ledger
        self._row = 0
        self.channel = options.channel or "chat"
        self._is_stated = options.channel is not None
        self.undecided = False
        self.without_zone = False

    def columns(self, schema: pa.Schema, file: Path) -> list[str]:
        """Return the columns to read; the others stay on the disk."""
        for name in _NEEDED:
            if name not in schema.names:
                raise MissingColumnError(
                    f"no column {name!r}",
                    file=file.name,
                    remedy=f"a table of interactions needs {', '.join(_NEEDED)}",
                )
        if not pa.types.is_timestamp(schema.field("sent_at").type):
            raise InputError(
                f"its values are of the type {schema.field('sent_at').type}, not times",
                file=file.name,
                place="column 'sent_at'",
                remedy="write the column as a timestamp in UTC",
            )
        self.without_zone |= schema.field("sent_at").type.tz is None
        found = [name for name in _KNOWN if name in schema.names]
        self._ledger.columns.update({name: name for name in found})
        self._ledger.dropped_unread.update(set(schema.names) - set(found) - {"source"})
        return found

    def rows(self, batch: pa.RecordBatch, file: Path) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of some rows that can be read, and count all of them."""
        ledger, first = self._ledger, self._row
        self._row += batch.num_rows
        sender = identities(_texts(batch, "sender", file))
        recipient = identities(_texts(batch, "recipient", file))
        sent_at = self._times(batch["sent_at"])
        dated = sent_at.is_valid().to_numpy(zero_copy_only=False)
        good = is_text(sender) & is_text(recipient) & dated
        for at in np.flatnonzero(~good).tolist():
            place = f"{file.name}, row {first + at + 1}" if self._many else f"row {first + at + 1}"
            if sender[at].as_py() and recipient[at].as_py():
                skip_undated(ledger, place)
            else:
                skip_endless(ledger, place, sender=sender[at].as_py())
        if not good.any():
            return
        ledger.keep(int(good.sum()))
        stated = each_once(
            _texts(batch, "channel", file), lambda text: stated_channel(text, ""), pa.string()
        )
        self.undecided |= not self._is_stated and bool(pc.any(pc.equal(stated, "")).as_py())
        channel = pc.if_else(pc.not_equal(stated, ""), stated, self.channel)
        kind = each_once(_texts(batch, "kind", file), _known_kind, pa.string())
        usual = each_once(channel, KIND_ON_CHANNEL.__getitem__, pa.string())
        recipients = pc.fill_null(_numbers(batch, "recipients", pa.int32(), file), 1)
        rows = pa.RecordBatch.from_pydict(
            {
                "sent_at": sent_at,
                "sender": sender,
                "recipient": recipient,
                "channel": channel,
                "kind": pc.coalesce(kind, usual),
                "recipients": pc.max_element_wise(recipients, pa.scalar(1, pa.int32())),
                "message": self._message_keys(_texts(batch, "message", file), first),
                "thread": _threads(_texts(batch, "thread", file)),
                "hours": _numbers(batch, "hours", pa.float64(), file),
                "value": _numbers(batch, "value", pa.float64(), file),
            }
        )
        if not good.all():
            rows = rows.filter(pa.array(good))
        yield interactions(
            ledger,
            **{name: rows[name] for name in rows.schema.names},
            source=InteractionsParquet.name,
        )

    def _message_keys(self, stated: pa.Array, first: int) -> pa.Array:
        """Return the keys of messages, made of the row's number where none is stated."""
        if is_text(stated).all():
            return stated
        numbers = pa.array(np.arange(first + 1, first + 1 + len(stated)))
        return pc.if_else(pc.equal(stated, ""), row_keys(self._key, numbers), stated)

    def _times(self, times: pa.Array) -> pa.Array:
        """Return the times in UTC, null where there is none that is plausible."""
        kind = INTERACTIONS.field("sent_at").type
        if times.type.tz is None:
            times = pc.assume_timezone(
                times, self._zone, ambiguous="earliest", nonexistent="earliest"
            )
        ends = pc.min_max(times)
        years = [pc.year(ends[end]).as_py() for end in ("min", "max")]
        if None not in years and not FIRST_YEAR <= years[0] <= years[1] < LAST_YEAR:
            year = pc.year(times)
            plausible = pc.and_(pc.greater_equal(year, FIRST_YEAR), pc.less(year, LAST_YEAR))
            times = pc.if_else(plausible, times, pa.scalar(None, times.type))
        return pc.cast(times, kind, safe=False)


def _files(source: Source) -> list[Path]:
    """Return the Parquet files of a source; none where a folder holds anything else."""
    if not source.is_folder:
        return [source.path] if source.head.startswith(_MAGIC) else []
    files = []
    for member in source.members:
        name = member.rpartition("/")[2]
        if name.startswith(("_", ".")):
            # Marks that engines leave beside their tables.
            continue
        path = source.path / member
        if not name.endswith(".parquet") or Source(path).head[:4] != _MAGIC:
            return []
        files.append(path)
    return files


def _texts(batch: pa.RecordBatch, name: str, file: Path) -> pa.Array:
    if name not in batch.schema.names:
        return pa.repeat("", batch.num_rows)
    if batch[name].type == _CODED and not batch[name].null_count:
        return batch[name]
    return pc.fill_null(_cast(batch, name, pa.string(), file), "")


def _threads(stated: pa.Array) -> pa.Array:
    given = is_text(stated)
    if given.all():
        return stated
    if not given.any():
        return pa.nulls(len(stated), pa.string())
    return pc.if_else(pa.array(given), stated, pa.scalar(None, pa.string()))


def _numbers(batch: pa.RecordBatch, name: str, kind: pa.DataType, file: Path) -> pa.Array:
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, kind)
    return _cast(batch, name, kind, file)


def _cast(batch: pa.RecordBatch, name: str, kind: pa.DataType, file: Path) -> pa.Array:
    try:
        return pc.cast(batch[name], kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"its values are of the type {batch[name].type}, expected {kind}",
            file=file.name,
            place=f"column {name!r}",
            remedy="write the column in that type",
        ) from error


def _known_kind(text: str) -> str | None:
    kind = text.strip().lower()
    return kind if kind in KINDS else None
