"""Spark gives the table that DuckDB gives, cell for cell."""

from __future__ import annotations

import importlib.util
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import orgnet
from orgnet.building import WeeklyTies, weekly_ties
from orgnet.engines import EngineChoice
from orgnet.restricted.store import Asked, Store, answer
from orgnet.roster import read_people
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions
from store_firm import thirds, write_roster

PEOPLE = 30
START = pd.Timestamp("2026-03-02", tz="UTC")


def require_spark() -> None:
    """Skip where PySpark or Java is missing; fail instead where continuous integration asks so."""
    missing = [
        name
        for name, there in (
            ("pyspark", importlib.util.find_spec("pyspark") is not None),
            ("java", "JAVA_HOME" in os.environ or shutil.which("java") is not None),
        )
        if not there
    ]
    if not missing:
        return
    reason = f"no {' and no '.join(missing)} on this machine"
    if os.environ.get("ORGNET_REQUIRE_SPARK") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def roster() -> pd.DataFrame:
    """People of whom one opted out, one is a machine, and one changed departments."""
    people = pd.DataFrame(
        {
            "person": [f"p{i}" for i in range(PEOPLE)],
            "department": [f"d{i % 3}" for i in range(PEOPLE)],
            "opt_out": [i == 3 for i in range(PEOPLE)],
            "kind": ["bot" if i == 4 else "person" for i in range(PEOPLE)],
            "memberships": [None] * PEOPLE,
        }
    )
    people.loc[PEOPLE - 1, "person"] = "clock"
    people.at[5, "memberships"] = [
        {"since": None, "department": "d2", "team": None},
        {"since": pd.Timestamp("2026-03-20").date(), "department": "d0", "team": None},
    ]
    return people


def records() -> pd.DataFrame:
    """Mail with copies and no dates, meetings named from either side, ratings, and a machine."""
    rng = np.random.default_rng(7)
    size = 2000
    kind = rng.choice(["to", "cc", "reaction", "attend", "nomination"], size)
    attends = kind == "attend"
    seconds = 86400 * rng.integers(0, 60, size) + rng.integers(28800, 64800, size)
    sent_at = pd.Series(START + pd.to_timedelta(seconds, unit="s")).mask(rng.random(size) < 0.05)
    table = pd.DataFrame(
        {
            "sent_at": sent_at,
            "sender": [f"p{i}" for i in rng.integers(0, PEOPLE + 2, size)],
            "recipient": [f"p{i}" for i in rng.integers(0, PEOPLE + 2, size)],
            "channel": np.where(
                attends, "meeting", np.where(kind == "nomination", "survey", "chat")
            ),
            "kind": kind,
            "recipients": rng.integers(1, 24, size),
            "message": [f"m{i}" for i in rng.integers(0, size // 2, size)],
            "hours": np.where(attends, rng.random(size) * 4, np.nan),
            # Amounts of all sizes, so that quotients need every digit of a whole number.
            "value": np.where(kind == "nomination", 10 ** rng.uniform(-3, 9, size), np.nan),
        }
    )
    clock = pd.DataFrame(
        {
            "sent_at": START + pd.to_timedelta(np.arange(40) * 24, unit="h"),
            "sender": "clock",
            "recipient": "p6",
            "channel": "email",
            "kind": "to",
            "recipients": 1,
            "message": [f"clock{i}" for i in range(40)],
        }
    )
    return pd.concat([table, clock], ignore_index=True)


def reduced(engine: str) -> WeeklyTies:
    choice = EngineChoice.of(engine, "1GB")
    return weekly_ties(records(), roster(), rules=TieRules(), engine=choice)


def test_spark_on_this_machine_gives_the_ties_of_duckdb_cell_for_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_spark()
    # For a few seconds of work the second stage of Java's compiler costs more than it saves.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    ours, theirs = reduced("duckdb"), reduced("spark-local")

    assert len(ours.ties) > 1000
    pd.testing.assert_frame_equal(ours.ties, theirs.ties, check_exact=True)
    assert ours.removed == theirs.removed
    assert min(ours.removed[reason] for reason in ("duplicate", "self", "bot", "opted_out")) > 0
    assert (ours.records, ours.kept) == (theirs.records, theirs.kept)
    assert ("clock", "even_times") in ours.proposed_bots.itertuples(index=False, name=None)
    pd.testing.assert_frame_equal(ours.proposed_bots, theirs.proposed_bots)


def one_session(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Start a session of our own, which the engine uses as it is: a start takes seconds."""
    require_spark()
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        return builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()


def test_counts_for_the_store_are_the_same_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = one_session(monkeypatch)
    people = read_people(write_roster(tmp_path / "people.csv"))
    first, second, _ = thirds(tmp_path)

    def kept(engine: str) -> WeeklyTies:
        store = Store(tmp_path / engine)
        for files in ([first], [first, second]):
            asked = Asked(
                roster=people,
                key=bytes(32),
                options=ReadOptions(),
                rules=TieRules(),
                engine=EngineChoice.of(engine, "1GB"),
            )
            found = answer(store, orgnet.read(*files), asked)
            assert found.batches is not None
            store.commit(found.batches, asked.hasher.check)
        return found.weekly

    ours = kept("duckdb")
    try:
        theirs = kept("spark-local")
    finally:
        session.stop()

    assert len(ours.ties) > 500
    pd.testing.assert_frame_equal(ours.ties, theirs.ties, check_exact=True)
    assert (ours.removed, ours.records) == (theirs.removed, theirs.records)
