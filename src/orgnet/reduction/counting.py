"""Coded interactions to counts of those that are alike in all that rules ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.bots import Senders
from orgnet.compiled_ties import queries_for
from orgnet.engines import Work
from orgnet.identity import Actors
from orgnet.reduction.looking_ahead import give_people, give_records
from orgnet.rules import TieRules


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
    at_work: Work,
) -> pd.DataFrame:
    """Count the coded interactions that are alike in all that rules ask, for a store to keep.

    `counts` takes them in, a part at a time, and `at_work` gives the engine; the other parameters
    are those of `reduce`. Returns what `orgnet.bots.proposed_bots` says.
    """
    senders = Senders(actors)
    with at_work() as chosen, ThreadPoolExecutor(1) as beside:
        give_people(chosen, actors, stints)
        for unique in give_records(chosen, folder, actors, senders, beside):
            sql = queries_for(TieRules(), chosen.dialect, dated=len(stints) > 0, unique=unique)
            # A look at each record again is quick; to hold them all is what takes memory.
            (chosen.see if unique else chosen.keep)("once", sql.once)
            told = "SELECT message, sender, recipient, day, kind FROM once"
            known = [counts.known(some) for some in chosen.pieces(told)]
            if not any(map(len, known)):
                for counted in chosen.pieces(sql.counted):
                    counts.add(counted)
                continue
            chosen.add("known", pa.concat_tables(known))
            (copies,) = chosen.query("SELECT sum(copies) AS copies FROM once")["copies"].to_pylist()
            for counted in chosen.pieces(sql.unknown):
                copies -= pc.sum(counted["copies"]).as_py()
                counts.add(counted)
            counts.add_repeats(int(copies))
    return senders.judged()
