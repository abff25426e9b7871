"""The queries on coded interactions, run out of core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.bots import proposed_bots
from orgnet.coding import FOLDER, parts
from orgnet.compiled_ties import queries_for
from orgnet.engines import Engine, EngineChoice, running
from orgnet.identity import Actors
from orgnet.repeats import has_repeats
from orgnet.rules import TieRules

#: Records, or counts of them, that are taken out of an engine at once.
_AT_ONCE = 4_000_000


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
    files = parts(folder)
    dated = len(stints) > 0
    # Before there are ties, which stay in memory.
    proposals = proposed_bots(files, actors)
    tables: list[pa.Table] = []
    counts: dict[str, tuple[int, int]] = {}
    with running(engine or EngineChoice(), folder) as chosen:
        chosen.add("actors", _actors_table(actors))
        chosen.add("stints", _stints_table(stints))
        for some, unique in _pieces(chosen, folder, actors):
            sql = queries_for(rules, chosen.dialect, dated=dated, unique=unique)
            chosen.add_file("interactions", some)
            chosen.keep("classified", sql.classified)
            tables.append(_whole(chosen.query(sql.ties)))
            _add_up(counts, chosen.query(sql.counts))
        ties = pa.concat_tables(tables)
        if not _in_order(tables):
            chosen.add("parts", ties)
            ties = _whole(chosen.query(sql.together))
    seen = sum(rows + repeats for rows, repeats in counts.values())
    if seen != count:
        raise AssertionError(f"{count} records went into the reduction and {seen} came out")
    tables.clear()
    return Reduced(ties=_to_pandas(ties), counts=counts, proposed_bots=proposals)


def _pieces(engine: Engine, folder: Path, actors: Actors) -> Iterator[tuple[Path, bool]]:
    """Yield what the engine is to read at once, and whether each record there stands alone."""
    if not engine.one_by_one:
        yield folder / FOLDER, False
        return
    files = parts(folder)
    with ThreadPoolExecutor(1) as ahead:
        # The next part is looked at while the engine is at work on this one.
        coming = ahead.submit(has_repeats, files[0], actors)
        for file, following in zip(files, [*files[1:], None], strict=True):
            repeats = coming.result()
            if following:
                coming = ahead.submit(has_repeats, following, actors)
            yield file, not repeats


def _to_pandas(ties: pa.Table) -> pd.DataFrame:
    """Return the ties as pandas; the table gives its columns up one by one."""
    frame: pd.DataFrame = ties.to_pandas(split_blocks=True, self_destruct=True)
    return frame


class Counts(Protocol):
    """Takes in what `count` counts."""

    def known(self, records: pa.Table) -> pa.Table:
        """Take note of records, and return those that are counted elsewhere already.

        Both are ``message, sender, recipient``; what is given has also ``day`` and ``kind``.
        """

    def add(self, counted: pa.Table) -> None:
        """Take some counts, the columns `orgnet.ties.COUNTED` and those of stints."""

    def add_repeats(self, repeats: int) -> None:
        """Take the number of records that are counted elsewhere, with all their copies."""


def count(
    folder: Path,
    actors: Actors,
    stints: pd.DataFrame,
    counts: Counts,
    engine: EngineChoice | None = None,
) -> pd.DataFrame:
    """Count the coded interactions that are alike in all that rules ask, for a store to keep.

    `counts` takes them in, a part at a time; the other parameters are those of `reduce`. Returns
    what `orgnet.bots.proposed_bots` says.
    """
    with running(engine or EngineChoice(), folder) as chosen:
        chosen.add("actors", _actors_table(actors))
        chosen.add("stints", _stints_table(stints))
        for some, unique in _pieces(chosen, folder, actors):
            sql = queries_for(TieRules(), chosen.dialect, dated=len(stints) > 0, unique=unique)
            chosen.add_file("interactions", some)
            chosen.keep("once", sql.once)
            sizes = chosen.query("SELECT count(*) AS records, sum(copies) AS copies FROM once")
            records, copies = (int(column[0].as_py() or 0) for column in sizes.columns)
            pieces = range(-(-records // _AT_ONCE))
            known = [counts.known(_records(chosen, piece, len(pieces))) for piece in pieces]
            before = copies
            elsewhere = any(len(table) for table in known)
            if elsewhere:
                chosen.add("known", pa.concat_tables(known))
            for piece in pieces:
                counted = chosen.query(
                    f"SELECT * FROM ({sql.unknown if elsewhere else sql.counted}) AS counted "
                    f"WHERE sender % {len(pieces)} = {piece}"
                )
                before -= int(pc.sum(counted["copies"]).as_py() or 0)
                counts.add(counted)
            counts.add_repeats(before)
    return proposed_bots(parts(folder), actors)


def _records(engine: Engine, piece: int, pieces: int) -> pa.Table:
    return engine.query(
        "SELECT message, sender, recipient, day, kind FROM once "
        f"WHERE abs(message % {pieces}) = {piece}"
    )


def tie(
    counted: Iterable[pa.Table],
    rules: TieRules,
    folder: Path,
    *,
    dated: bool,
    engine: EngineChoice | None = None,
) -> tuple[pd.DataFrame, dict[str, tuple[int, int]]]:
    """Make ties of counts.

    Parameters
    ----------
    counted
        Tables of `orgnet.ties.COUNTED`; no week is in two of them, and they are in the order of
        their weeks, those without a date at the end.
    rules
        How interactions become ties.
    folder
        For whatever the engine writes.
    dated
        Whether there are stints.
    engine
        What runs the queries; DuckDB if not given.

    Returns
    -------
    tuple
        `Reduced.ties` and `Reduced.counts`.
    """
    tables: list[pa.Table] = []
    counts: dict[str, tuple[int, int]] = {}
    with running(engine or EngineChoice(), folder) as chosen:
        sql = queries_for(rules, chosen.dialect, dated=dated, unique=False)
        for table in counted:
            chosen.add("counted", table)
            chosen.keep("classified", sql.judged)
            tables.append(_whole(chosen.query(sql.ties)))
            _add_up(counts, chosen.query(sql.counts))
    ties = pa.concat_tables(tables)
    tables.clear()
    return _to_pandas(ties), counts


def _add_up(counts: dict[str, tuple[int, int]], found: pa.Table) -> None:
    for row in found.to_pylist():
        rows, repeats = counts.get(row["reason"], (0, 0))
        counts[row["reason"]] = rows + int(row["rows"]), repeats + int(row["repeats"])


def _in_order(tables: list[pa.Table]) -> bool:
    """Say whether each table's weeks come after those of the one before."""
    last = -(1 << 31)
    for table in tables:
        weeks = table["week"].drop_null()
        if len(weeks) < len(table) and len(tables) > 1:
            return False
        if len(weeks):
            if weeks[0].as_py() <= last:
                return False
            last = weeks[-1].as_py()
    return True


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
    """Return the ties with sums of 64 bits, in no more memory than they need.

    Engines widen sums, each in its own way, and leave room behind every column.
    """
    for column in ("interactions", "billionths"):
        at = ties.schema.get_field_index(column)
        ties = ties.set_column(at, column, ties[column].cast(pa.int64()))
    packed = pa.BufferOutputStream()
    with pa.ipc.new_stream(packed, ties.schema) as stream:
        stream.write_table(ties.combine_chunks())
    return pa.ipc.open_stream(packed.getvalue()).read_all()
