"""Out of core: interactions to a coded file, and the queries on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.bots import proposed_bots
from orgnet.errors import InputError
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

#: What the embedded engine may use before it spills to disk.
MEMORY_LIMIT = "2GB"


@dataclass(frozen=True, slots=True)
class Reduced:
    """What comes out of the engine, people still as numbers.

    Attributes
    ----------
    ties
        ``week, sender, recipient, channel, interactions, billionths``.
    counts
        For each reason of `orgnet.ties`, ``kept`` included: records, and repeats of them.
    proposed_bots
        ``actor, rule`` of `orgnet.bots.proposed_bots`.
    """

    ties: pd.DataFrame
    counts: dict[str, tuple[int, int]]
    proposed_bots: pd.DataFrame


def store(batches: Iterable[pa.RecordBatch], folder: Path) -> tuple[list[str], int]:
    """Write the batches with numbers for identities; return the identities and the row count."""
    numbers: dict[str, int] = {}
    rows = 0
    with pq.ParquetWriter(folder / "interactions.parquet", _STORED, compression="zstd") as writer:
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                writer.write_batch(_coded(batch, numbers))
    return list(numbers), rows


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


def reduce(folder: Path, actors: Actors, rules: TieRules, count: int) -> Reduced:
    """Run the queries of `orgnet.ties` on stored interactions, spilling to disk beyond a limit.

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
    """
    with warnings.catch_warnings():
        # Libraries below Ibis warn of their own deprecations while the expression is compiled.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        sql = queries(rules)
    table = pa.table(
        {
            "identity": pa.array(np.arange(len(actors.actor), dtype=np.int32)),
            "actor": pa.array(actors.actor),
            "standing": pa.array(actors.standing[actors.actor]),
        }
    )
    engine = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
        }
    )
    try:
        engine.register("actors", table)
        path = str(folder / "interactions.parquet").replace("'", "''")
        engine.execute(f"CREATE VIEW interactions AS SELECT * FROM read_parquet('{path}')")
        engine.execute(f"CREATE TEMP TABLE classified AS {sql.classified}")
        ties = engine.sql(sql.ties).to_arrow_table().to_pandas()
        proposals = proposed_bots(engine)
        counts = {r: (rows, repeats) for r, rows, repeats in engine.execute(sql.counts).fetchall()}
    finally:
        engine.close()
    seen = sum(rows + repeats for rows, repeats in counts.values())
    if seen != count:
        raise AssertionError(f"{count} records went into the reduction and {seen} came out")
    return Reduced(ties=ties, counts=counts, proposed_bots=proposals)
