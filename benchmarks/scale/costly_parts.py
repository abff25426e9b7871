"""Contests of the parts that cost most: weekly ties, betweenness, communities, very many pairs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale.commands import firm_of, script
from benchmarks.scale.contests import OURS, Contest, Contestant, Target, made
from benchmarks.scale.sizes import Sizes
from benchmarks.scale.tables_written import (
    write_coded,
    write_interactions,
    write_roster,
    write_weekly,
)

_GIB = 1024.0**3 / 1e6


#: Sources of the sample that networkx is given.
_SAMPLED = 20


def weekly_text(sizes: Sizes) -> Contest:
    """Interactions with addresses and keys as text to weekly ties."""
    people, pairs, rows = sizes.weekly

    def prepare(folder: Path) -> dict[str, Any]:
        firm = firm_of(people, pairs)
        here = folder / f"weekly-{people}-{rows}"
        return {
            "scratch": folder,
            "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
            "rows": rows,
            "files": made(
                here / "interactions.parquet",
                lambda path: write_interactions(path, firm, rows, weeks=52),
            ),
        }

    return _weekly("text", f"{rows:,} interactions, addresses and keys as text", prepare)


def weekly_coded(sizes: Sizes) -> Contest:
    """The same from numbers, as the coding leaves them."""
    people, pairs, rows = sizes.weekly
    prepare = partial(prepare_coded, people, pairs, rows)
    title = f"{rows:,} interactions, already numbers"
    contest = _weekly("coded", title, prepare)
    spark = Contestant(
        name="Spark",
        title="the same on local Spark, its start included",
        arguments=script(
            "weekly_orgnet", "coded", "{files}", "{roster}", "spark-local", "2GB", "{rows}", "."
        ),
        repeats=1,
    )
    return Contest(
        name=contest.name,
        title=contest.title,
        prepare=contest.prepare,
        contestants=(*contest.contestants, spark),
        targets=(*contest.targets, Target(quantity="wall", peer="Spark", must=8)),
    )


def prepare_coded(people: int, pairs: int, rows: int, folder: Path) -> dict[str, Any]:
    """Write interactions as `orgnet.coding.code` leaves them, and name the files."""
    here = folder / f"weekly-{people}-{rows}"
    coded = made(
        here / "coded", lambda path: write_coded(path, firm_of(people, pairs), rows, weeks=52)
    )
    return {
        "scratch": folder,
        "roster": made(
            here / "people.csv", lambda path: write_roster(path, firm_of(people, pairs))
        ),
        "rows": rows,
        "files": coded / "interactions.parquet",
    }


def _weekly(kind: str, what: str, prepare: Callable[[Path], dict[str, Any]]) -> Contest:
    scripted = ("{files}", "{roster}", "duckdb", "2GB", "{rows}", "{scratch}")
    return Contest(
        name=f"weekly_{kind}",
        title=f"{what} → weekly ties",
        prepare=prepare,
        contestants=(
            Contestant(
                name=OURS,
                title="orgnet on DuckDB",
                arguments=script("weekly_orgnet", kind, *scripted),
                repeats=2,
            ),
            Contestant(
                name="pandas",
                title="pandas, the same rules, looking for no machines",
                arguments=script("weekly_pandas", kind, "{files}", "{roster}", "ties"),
                repeats=2,
            ),
            Contestant(
                name="pandas, machines",
                title="pandas, the same rules, looking for machines, too",
                arguments=script("weekly_pandas", kind, "{files}", "{roster}", "machines"),
                repeats=1,
            ),
        ),
        # Ours does the work of the second; it is to be quicker than the first all the same.
        targets=(
            Target(quantity="cpu", peer="pandas", must=1.3),
            Target(quantity="peak_mb", peer="pandas", must=5),
            Target(quantity="cpu", peer="pandas, machines"),
            Target(quantity="peak_mb", peer="pandas, machines"),
        ),
    )


def betweenness(sizes: Sizes) -> Contest:
    """Exact betweenness of a graph that is there."""
    people, pairs = sizes.large

    def one(library: str, title: str, **more: Any) -> Contestant:
        given = script("betweenness", library, "{pairs}", "{people}")
        return Contestant(name=library, title=title, arguments=given, **more)

    return Contest(
        name="betweenness",
        title=f"exact betweenness, {people:,} people, {pairs:,} ties",
        prepare=partial(_prepare_pairs, people, pairs),
        contestants=(
            one(OURS, "orgnet", repeats=3),
            one(
                "networkx",
                f"networkx, {_SAMPLED} sources, scaled to all",
                repeats=1,
                scaled=people / min(_SAMPLED, people),
            ),
            one("igraph", "igraph", repeats=1),
            one("networkit", "networkit, 2 threads", repeats=1, environment="networkit"),
        ),
        targets=(
            Target(quantity="wall", peer="networkx", must=100, clock="work"),
            Target(quantity="wall", peer="igraph", must=3, clock="work"),
            Target(quantity="wall", peer="networkit", must=8, clock="work"),
        ),
    )


def _prepare_pairs(people: int, pairs: int, folder: Path) -> dict[str, Any]:
    def write(path: Path) -> None:
        firm = firm_of(people, pairs)
        with path.open("wb") as file:
            np.save(file, np.stack([firm.first, firm.second], axis=1))

    return {"people": people, "pairs": made(folder / f"pairs-{people}-{pairs}.npy", write)}


def huge(sizes: Sizes) -> Contest:
    """Stored ties of very many people to the report on their departments."""
    people, pairs = sizes.huge

    def prepare(folder: Path) -> dict[str, Any]:
        here = folder / f"ties-{people}-{pairs}"
        return {
            "roster": made(
                here / "people.csv", lambda path: write_roster(path, firm_of(people, pairs))
            ),
            "ties": made(
                here / "ties.parquet",
                lambda path: write_weekly(path, firm_of(people, pairs), weeks=12),
            ),
        }

    return Contest(
        name="huge",
        title=f"{people:,} people, {pairs:,} pairs: stored ties → groups report",
        prepare=prepare,
        contestants=(
            Contestant(
                name=OURS,
                title="orgnet",
                arguments=script("report_orgnet", "{ties}", "{roster}", "report.html"),
                seconds=420.0,
                repeats=1,
            ),
        ),
        targets=(
            Target(quantity="wall", must=300, goal=90),
            Target(quantity="peak_mb", must=4 * _GIB),
        ),
    )


def communities(sizes: Sizes) -> Contest:
    """One search for communities among very many people."""
    people, pairs = sizes.huge
    return Contest(
        name="communities",
        title=f"communities, {people:,} people, {pairs:,} ties, one search each",
        prepare=partial(_prepare_pairs, people, pairs),
        contestants=(
            Contestant(
                name=OURS,
                title="orgnet (Leiden)",
                arguments=script("partition", "orgnet", "{pairs}", "{people}"),
                repeats=2,
            ),
            Contestant(
                name="louvain",
                title="python-louvain",
                arguments=script("partition", "louvain", "{pairs}", "{people}"),
                repeats=1,
                seconds=sizes.louvain_seconds,
            ),
        ),
        targets=(Target(quantity="wall", peer="louvain", must=30, clock="work"),),
    )
