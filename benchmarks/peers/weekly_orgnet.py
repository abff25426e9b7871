"""orgnet: interactions to weekly ties: text|coded FILES ROSTER ENGINE MEMORY ROWS SCRATCH.

``coded`` hands over what `orgnet.coding.code` would have written, with the roster read before, and
ends with the engine's table of numbers; ``text`` goes from the files to the ties of people.
"""

import os
import sys
from pathlib import Path

import pandas as pd
from reporting import report

import orgnet
from orgnet import building
from orgnet.coding import FOLDER
from orgnet.engines import EngineChoice
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions  # noqa: F401 - loaded before the clock starts

kind, files, roster, engine, memory, rows, scratch = sys.argv[1:8]


class _Reduced(Exception):
    """Carries the engine's table out of the way that goes on to people."""


def prepared(batches, folder, **_):
    """Stand in for the coding: link the prepared files into the folder."""
    (folder / FOLDER).mkdir()
    for part in Path(files).glob("*.parquet"):
        os.link(part, folder / FOLDER / part.name)
    return pd.read_csv(roster)["email"].tolist(), int(rows)


def only_reduced(reduce):
    """Stop after the engine."""

    def reduced(*given, **named):
        raise _Reduced(reduce(*given, **named))

    return reduced


def work() -> dict[str, int]:
    choice = EngineChoice.of(engine, memory)
    if choice.name == "duckdb" and choice.folder is None:
        choice = EngineChoice.of(f"duckdb:{scratch}", memory)
    people = known if kind == "coded" else orgnet.read_people(roster)
    records = [] if kind == "coded" else orgnet.read(files)
    try:
        weekly = building.weekly_ties(records, people, rules=TieRules(), engine=choice)
    except _Reduced as reduced:
        ties = reduced.args[0].ties
        billionths = int(ties["billionths"].sum())
    else:
        ties = weekly.ties
        billionths = round(float(ties["strength"].sum()) * 1e9)
    return {
        "messages": int(rows),
        "records": len(ties),
        "interactions": int(ties["interactions"].sum()),
        "billionths": billionths,
    }


if kind == "coded":
    known = orgnet.read_people(roster)
    building.code = prepared
    building.reduce = only_reduced(building.reduce)
report(work)
