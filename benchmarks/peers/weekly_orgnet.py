"""orgnet: interactions to weekly ties: text|coded FILES ROSTER ENGINE MEMORY ROWS SCRATCH.

``coded`` hands over what `orgnet.coding.code` would have written, with the roster read before, and
ends with the engine's ties in files of numbers; ``text`` goes from the files to the ties of people.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
from reporting import report

import orgnet
from orgnet import building
from orgnet.coding import FOLDER
from orgnet.engines import EngineChoice
from orgnet.reduction import reduce_to_files
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions  # noqa: F401 - loaded before the clock starts

kind, files, roster, engine, memory, rows, scratch = sys.argv[1:8]


class _Reduced(Exception):
    """Leaves the way that goes on to people, with what the ties in the files add up to."""


def prepared(batches, folder, **_):
    """Stand in for the coding: link the prepared files into the folder."""
    (folder / FOLDER).mkdir()
    for part in Path(files).glob("*.parquet"):
        os.link(part, folder / FOLDER / part.name)
    return pd.read_csv(roster)["email"].tolist(), int(rows)


def only_reduced(*given, **named):
    """Stop after the engine."""
    files = reduce_to_files(*given, **named).ties
    sums = Counter()
    for file in files:
        with pq.ParquetFile(file) as ties:
            for batch in ties.iter_batches(columns=["interactions", "billionths"]):
                sums["records"] += batch.num_rows
                for name in batch.schema.names:
                    sums[name] += pc.sum(batch.column(name)).as_py()
    raise _Reduced(dict(sums))


def work() -> dict[str, int]:
    choice = EngineChoice.of(engine, memory)
    if choice.name == "duckdb" and choice.folder is None:
        choice = EngineChoice.of(f"duckdb:{scratch}", memory)
    people = known if kind == "coded" else orgnet.read_people(roster)
    records = [] if kind == "coded" else orgnet.read(files)
    try:
        weekly = building.weekly_ties(records, people, rules=TieRules(), engine=choice)
    except _Reduced as reduced:
        return {"messages": int(rows), **reduced.args[0]}
    ties = weekly.ties
    return {
        "messages": int(rows),
        "records": len(ties),
        "interactions": int(ties["interactions"].sum()),
        "billionths": round(float(ties["strength"].sum()) * 1e9),
    }


if kind == "coded":
    # As the other competitor reads it: what recognises rosters stays out of the memory, too.
    known = pd.read_csv(roster).rename(columns={"id": "person"})
    known["emails"] = [[address] for address in known["email"]]
    building.code = prepared
    building.reduce = only_reduced
report(work)
