"""Coded interactions, or counts of them, to weekly ties between people who are still numbers."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow as pa
from msgspec import Struct

from orgnet.bots import Senders
from orgnet.compiled_ties import queries_for
from orgnet.engines import Engine, EngineChoice, Work, running
from orgnet.identity import Actors
from orgnet.reduction.looking_ahead import give_people, give_records
from orgnet.reduction.tie_files import TieFiles, frame_of
from orgnet.rules import TieRules
from orgnet.ties import Queries

#: For each reason of `orgnet.ties`, ``kept`` included: records, and repeats of them.
ReasonCounts = dict[str, tuple[int, int]]


class Reduced(Struct, frozen=True):
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
    counts: ReasonCounts
    proposed_bots: pd.DataFrame


class ReducedToFiles(Struct, frozen=True):
    """The same with the ties in files.

    Attributes
    ----------
    ties
        Parquet files with the columns of `Reduced.ties`, in the order of weeks and in each of
        them in that of all columns; no week is in two of them, and ties without a date come last.
    counts, proposed_bots
        As in `Reduced`.
    """

    ties: tuple[Path, ...]
    counts: ReasonCounts
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
    found = reduce_to_files(folder, actors, rules, count, stints, engine)
    return Reduced(frame_of(found.ties), found.counts, found.proposed_bots)


def reduce_to_files(
    folder: Path,
    actors: Actors,
    rules: TieRules,
    count: int,
    stints: pd.DataFrame,
    engine: EngineChoice | None = None,
) -> ReducedToFiles:
    """Do what `reduce` does, with no more than some weeks in memory; ties are in `folder`."""
    senders = Senders(actors)
    with running(engine or EngineChoice(), folder) as chosen, ThreadPoolExecutor(1) as beside:
        tying = _Tying(chosen, folder, beside)
        give_people(chosen, actors, stints)
        for unique in give_records(chosen, folder, actors, senders, beside):
            sql = queries_for(rules, chosen.dialect, dated=len(stints) > 0, unique=unique)
            # Each record once is dear, and asked for twice; where it is given, a view will do.
            tying.add(sql, sql.classified, keep=not unique)
        ties = tying.files()
    seen = sum(rows + repeats for rows, repeats in tying.counts.values())
    if seen != count:
        raise AssertionError(f"{count} records went into the reduction and {seen} came out")
    return ReducedToFiles(ties, tying.counts, senders.judged())


def tie(
    counted: Iterable[pa.Table],
    rules: TieRules,
    folder: Path,
    at_work: Work,
    *,
    dated: bool,
) -> tuple[pd.DataFrame, ReasonCounts]:
    """Make ties of counts.

    Parameters
    ----------
    counted
        Tables of `orgnet.ties.COUNTED`; no week is in two of them.
    rules
        How interactions become ties.
    folder
        Where to make the folder of the ties.
    at_work
        Gives the engine.
    dated
        Whether there are stints.

    Returns
    -------
    tuple
        `Reduced.ties` and `Reduced.counts`.
    """
    with at_work() as chosen, ThreadPoolExecutor(1) as beside:
        tying = _Tying(chosen, folder, beside)
        sql = queries_for(rules, chosen.dialect, dated=dated, unique=False)
        for table in counted:
            chosen.add("counted", table)
            tying.add(sql, sql.judged, keep=False)
        ties = tying.files()
    return frame_of(ties), tying.counts


class _Tying:
    """Takes ties of one part after the other out of an engine, and counts by reason.

    `beside` puts ties in order and writes them while the engine is at work on the next part.
    """

    def __init__(self, engine: Engine, folder: Path, beside: Executor) -> None:
        self.counts: ReasonCounts = {}
        self._engine = engine
        self._files = TieFiles(folder)
        self._together = ""
        self._beside = beside
        self._writing: Future[None] | None = None

    def add(self, sql: Queries, classified: str, *, keep: bool) -> None:
        """Make ties of what `classified` selects; `keep` has its result kept for that."""
        name = "classified"
        (self._engine.keep if keep else self._engine.see)(name, classified)
        ties = self._engine.query(sql.ties)
        for row in self._engine.query(sql.counts).to_pylist():
            rows, repeats = self.counts.get(row["reason"], (0, 0))
            counted = rows + int(row["rows"]), repeats + int(row["repeats"])
            self.counts[row["reason"]] = counted
        self._written()
        self._writing = self._beside.submit(self._files.add, ties)
        self._together = sql.together

    def files(self) -> tuple[Path, ...]:
        """Return the files of all ties, those of one week in one of them."""
        self._written()
        return self._files.finished(self._added_up)

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _added_up(self, folder: Path) -> pa.Table:
        self._engine.add_file("parts", folder)
        return self._engine.query(self._together)
