"""The queries on coded interactions, run out of core."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from orgnet.bots import proposed_bots
from orgnet.engines import EngineChoice, running
from orgnet.identity import Actors
from orgnet.rules import TieRules
from orgnet.ties import queries


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


def reduce(
    folder: Path,
    actors: Actors,
    rules: TieRules,
    count: int,
    stints: pd.DataFrame,
    engine: EngineChoice | None = None,
) -> Reduced:
    """Run the queries of `orgnet.ties` on coded interactions.

    Parameters
    ----------
    folder
        Where `orgnet.coding.code` wrote to.
    actors
        Whom the identities stand for.
    rules
        How interactions become ties.
    count
        Records coded; as many must come out, under one reason or another.
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
