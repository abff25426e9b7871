"""Out of core: interactions to a coded file, and the queries on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.bots import proposed_bots
from orgnet.engines import EngineChoice, running
from orgnet.errors import EngineError, InputError
from orgnet.identity import Actors
from orgnet.rules import BILLION, TieRules
from orgnet.ties import CHANNEL_CODES, KIND_CODES, queries

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


@dataclass(frozen=True, slots=True)
class Reduced:
    """What comes out of the engine, people still as numbers.

    Attributes
    ----------
    ties
        ``week, sender, recipient, channel, interactions, billionths``; where there are stints also
        ``sender_stint, recipient_stint``.
    counts
        For each reason of `orgnet.ties`, ``kept`` included: records, and repeats of them.
    proposed_bots
        ``actor, rule`` of `orgnet.bots.proposed_bots`.
    """

    ties: pd.DataFrame
    counts: dict[str, tuple[int, int]]
    proposed_bots: pd.DataFrame


def store(batches: Iterable[pa.RecordBatch], folder: Path) -> tuple[list[str], int]:
    """Write the batches with numbers for identities; return the identities and the row count.

    Raises
    ------
    EngineError
        If there is no space for them.
    """
    numbers: dict[str, int] = {}
    rows = 0
    with (
        _writing(),
        pq.ParquetWriter(folder / "interactions.parquet", _STORED, compression="zstd") as writer,
    ):
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                writer.write_batch(_coded(batch, numbers))
    return list(numbers), rows


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


def _coded(batch: pa.RecordBatch, numbers: dict[str, int]) -> pa.RecordBatch:
    message = pd.util.hash_array(
        batch.column("message").to_numpy(zero_copy_only=False), categorize=False
    )
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
            pa.array(message.view(np.int64)),
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


def reduce(
    folder: Path,
    actors: Actors,
    rules: TieRules,
    count: int,
    stints: pd.DataFrame,
    engine: EngineChoice | None = None,
) -> Reduced:
    """Run the queries of `orgnet.ties` on stored interactions.

    Parameters
    ----------
    folder
        Where `store` wrote to.
    actors
        Whom the identities stand for.
    rules
        How interactions become ties.
    count
        Records stored; as many must come out, under one reason or another.
    stints
        When people who changed departments were where, as `orgnet.memberships.stints` gives it.
    engine
        What runs the queries; DuckDB if not given.

    Raises
    ------
    EngineError
        If the engine is not there, or fails.
    """
    with running(engine or EngineChoice(), folder) as chosen:
        with warnings.catch_warnings():
            # Libraries below Ibis warn of their own deprecations while it compiles.
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            sql = queries(rules, chosen.dialect, dated=len(stints) > 0)
        chosen.add("actors", _actors_table(actors))
        chosen.add("stints", _stints_table(stints))
        chosen.add_file("interactions", folder / "interactions.parquet")
        chosen.keep("classified", sql.classified)
        ties = chosen.query(sql.ties)
        proposals = proposed_bots(chosen)
        counted = chosen.query(sql.counts).to_pylist()
    counts = {row["reason"]: (int(row["rows"]), int(row["repeats"])) for row in counted}
    seen = sum(rows + repeats for rows, repeats in counts.values())
    if seen != count:
        raise AssertionError(f"{count} records went into the reduction and {seen} came out")
    return Reduced(ties=_whole(ties).to_pandas(), counts=counts, proposed_bots=proposals)


def _actors_table(actors: Actors) -> pa.Table:
    return pa.table(
        {
            "identity": pa.array(np.arange(len(actors.actor), dtype=np.int32)),
            "actor": pa.array(actors.actor),
            "standing": pa.array(actors.standing[actors.actor]),
        }
    )


def _stints_table(stints: pd.DataFrame) -> pa.Table:
    numbers = stints[["row", "stint", "first_day", "last_day"]].rename(columns={"row": "actor"})
    return pa.Table.from_pandas(numbers, preserve_index=False)


def _whole(ties: pa.Table) -> pa.Table:
    """Return the ties with sums of 64 bits; engines widen them, each in its own way."""
    for column in ("interactions", "billionths"):
        at = ties.schema.get_field_index(column)
        ties = ties.set_column(at, column, ties[column].cast(pa.int64()))
    return ties
