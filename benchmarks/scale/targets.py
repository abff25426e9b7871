"""The contests of the targets: whole ways from an export to a report, and their costly parts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import PEERS
from benchmarks.scale.contests import OURS, Contest, Contestant, Target, made
from benchmarks.scale.organisations import Firm, draw
from benchmarks.scale.slack_written import write_slack
from benchmarks.scale.tables_written import (
    last_weeks,
    write_coded,
    write_hr,
    write_interactions,
    write_list,
    write_query,
    write_roster,
    write_weekly,
)

_GIB = 1024.0**3 / 1e6

#: Sources of the sample that networkx is given.
_SAMPLED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large everything is: people, pairs of them in contact, and rows.

    `growing` are people of the organisations that the whole way is run on, `reduced` the rows of
    the reduction alone, on `reduced_people`.
    """

    slack: tuple[int, int, int]
    query: tuple[int, int]
    mails: tuple[int, int, int]
    large: tuple[int, int]
    weekly: tuple[int, int, int]
    huge: tuple[int, int]
    reduced: tuple[int, ...]
    reduced_people: tuple[int, int]
    growing: tuple[int, ...]
    louvain_seconds: float
    layout_seconds: float


FULL = Sizes(
    slack=(1_000, 10_000, 1_000_000),
    query=(1_000, 13_000),
    mails=(200, 2_000, 5_800),
    large=(10_000, 130_000),
    weekly=(2_000, 26_000, 10_000_000),
    huge=(100_000, 2_500_000),
    reduced=(1_000_000, 10_000_000, 50_000_000, 500_000_000),
    reduced_people=(100_000, 1_250_000),
    growing=(10, 100, 1_000, 10_000, 100_000),
    louvain_seconds=240.0,
    layout_seconds=300.0,
)

QUICK = Sizes(
    slack=(100, 400, 4_000),
    query=(100, 800),
    mails=(100, 400, 1_500),
    large=(200, 1_500),
    weekly=(100, 800, 20_000),
    huge=(300, 3_000),
    reduced=(20_000, 40_000),
    reduced_people=(300, 3_000),
    growing=(10, 60, 120),
    louvain_seconds=20.0,
    layout_seconds=20.0,
)


@cache
def _firm(people: int, pairs: int) -> Firm:
    return draw(people, pairs)


def _script(name: str, *arguments: str) -> Callable[[dict[str, Any]], Sequence[object]]:
    """Return the arguments that run a script of `benchmarks.peers`.

    An argument in braces is the input of that name.
    """

    def of(inputs: dict[str, Any]) -> list[object]:
        return [PEERS / f"{name}.py", *(each.format_map(inputs) for each in arguments)]

    return of


#: Runs the command line with our own interpreter.
_MAIN = "import sys; from orgnet.cli import main; sys.exit(main())"


def _analyse(export: str, *more: str) -> Callable[[dict[str, Any]], Sequence[object]]:
    """Return the arguments of the command that a user types, into a folder of its own."""

    def of(inputs: dict[str, Any]) -> list[object]:
        typed = ["analyse", inputs[export], "--people", inputs["roster"]]
        return ["-c", _MAIN, *typed, "--out", "out", "--key", "key", *more]

    return of


def contests(sizes: Sizes) -> tuple[Contest, ...]:
    """Return the contests, the most telling ones first."""
    return (
        _slack(sizes), _query(sizes), _mails(sizes), _weekly_text(sizes), _weekly_coded(sizes),
        _betweenness(sizes), _huge(sizes), _again(sizes), _large_query(sizes), _communities(sizes),
    )  # fmt: skip


def _prepare_slack(sizes: Sizes, folder: Path) -> dict[str, Any]:
    people, pairs, posts = sizes.slack
    firm = _firm(people, pairs)
    here = folder / f"slack-{people}-{posts}"
    return {
        "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
        "export": made(here / "slack.zip", lambda path: write_slack(path, firm, posts)),
    }


def _slack(sizes: Sizes) -> Contest:
    people, _, posts = sizes.slack
    return Contest(
        name="slack",
        title=f"Slack zip, {people:,} people, {posts:,} messages → report",
        prepare=partial(_prepare_slack, sizes),
        contestants=(
            Contestant(name=OURS, title="`orgnet analyse`", arguments=_analyse("export")),
            Contestant(
                name="consultant",
                title="the consultant's script",
                arguments=_script("consultant", "slack", "{export}", "{roster}", "page.html"),
                repeats=2,
            ),
            Contestant(
                name="consultant's frame",
                title="the consultant's script, beginning with a pandas table of all messages",
                arguments=_script("consultant", "slack-frame", "{export}", "{roster}", "page.html"),
                seconds=600.0,
                repeats=1,
            ),
        ),
        targets=(
            Target(quantity="wall", peer="consultant", must=6, goal=10),
            Target(quantity="peak_mb", peer="consultant", must=8),
            Target(quantity="wall", peer="consultant's frame", must=6, goal=10),
            Target(quantity="peak_mb", peer="consultant's frame", must=8),
            Target(quantity="peak_mb", goal=400),
        ),
    )


def _query(sizes: Sizes) -> Contest:
    people, pairs = sizes.query
    return Contest(
        name="query",
        title=f"person-to-person table, {people:,} people, {pairs:,} ties → report",
        prepare=partial(_prepare_query, people, pairs),
        contestants=(
            Contestant(name=OURS, title="`orgnet analyse`", arguments=_analyse("query")),
            Contestant(
                name="consultant",
                title="the consultant's script",
                arguments=_script("consultant", "table", "{query}", "{roster}", "page.html"),
                repeats=2,
            ),
            Contestant(
                name="vivainsights",
                title="vivainsights 0.4.3, plot",
                arguments=_script("p2p_vivainsights", "plot", "mds", "{query}"),
                environment="validity-vivainsights",
                repeats=2,
            ),
        ),
        targets=(
            Target(quantity="cpu", peer="consultant", must=8, goal=15),
            Target(quantity="cpu", peer="vivainsights", must=4, goal=8),
        ),
    )


def _prepare_query(people: int, pairs: int, folder: Path) -> dict[str, Any]:
    firm = _firm(people, pairs)
    here = folder / f"query-{people}-{pairs}"
    return {
        "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
        "query": made(here / "query.csv", lambda path: write_query(path, firm)),
    }


def _mails(sizes: Sizes) -> Contest:
    people, pairs, mails = sizes.mails

    def prepare(folder: Path) -> dict[str, Any]:
        firm = _firm(people, pairs)
        here = folder / f"mails-{people}-{mails}"
        begin = last_weeks(12)
        return {
            "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
            "hr": made(here / "hr.csv", lambda path: write_hr(path, firm)),
            "mails": made(
                here / "mails.csv",
                lambda path: write_list(path, firm, mails, weeks=12, begin=begin),
            ),
        }

    return Contest(
        name="mails",
        title=f"{people:,} people, {mails:,} mails: load, network, report",
        prepare=prepare,
        contestants=(
            Contestant(
                name=OURS,
                title="`orgnet.analysis.analyse`",
                arguments=_script("mails_orgnet", "{mails}", "{roster}", "out"),
            ),
            Contestant(
                name="orgnet 0.2.0",
                title="PyPI orgnet 0.2.0",
                arguments=_script("mails_orgnet020", "{mails}", "{hr}", "page.html"),
                environment="orgnet",
            ),
        ),
        targets=(
            Target(quantity="wall", peer="orgnet 0.2.0", must=20, goal=50, clock="work"),
            Target(quantity="wall", peer="orgnet 0.2.0"),
        ),
    )


def _weekly_text(sizes: Sizes) -> Contest:
    people, pairs, rows = sizes.weekly

    def prepare(folder: Path) -> dict[str, Any]:
        firm = _firm(people, pairs)
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


def _weekly_coded(sizes: Sizes) -> Contest:
    people, pairs, rows = sizes.weekly
    prepare = partial(_prepare_coded, people, pairs, rows)
    title = f"{rows:,} interactions, already numbers"
    contest = _weekly("coded", title, prepare)
    spark = Contestant(
        name="Spark",
        title="the same on local Spark, its start included",
        arguments=_script(
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


def _prepare_coded(people: int, pairs: int, rows: int, folder: Path) -> dict[str, Any]:
    here = folder / f"weekly-{people}-{rows}"
    coded = made(
        here / "coded", lambda path: write_coded(path, _firm(people, pairs), rows, weeks=52)
    )
    return {
        "scratch": folder,
        "roster": made(here / "people.csv", lambda path: write_roster(path, _firm(people, pairs))),
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
                arguments=_script("weekly_orgnet", kind, *scripted),
                repeats=2,
            ),
            Contestant(
                name="pandas",
                title="pandas, the same rules, looking for no machines",
                arguments=_script("weekly_pandas", kind, "{files}", "{roster}", "ties"),
                repeats=2,
            ),
            Contestant(
                name="pandas, machines",
                title="pandas, the same rules, looking for machines, too",
                arguments=_script("weekly_pandas", kind, "{files}", "{roster}", "machines"),
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


def _betweenness(sizes: Sizes) -> Contest:
    people, pairs = sizes.large

    def one(library: str, title: str, **more: Any) -> Contestant:
        given = _script("betweenness", library, "{pairs}", "{people}")
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
        firm = _firm(people, pairs)
        with path.open("wb") as file:
            np.save(file, np.stack([firm.first, firm.second], axis=1))

    return {"people": people, "pairs": made(folder / f"pairs-{people}-{pairs}.npy", write)}


def _huge(sizes: Sizes) -> Contest:
    people, pairs = sizes.huge

    def prepare(folder: Path) -> dict[str, Any]:
        here = folder / f"ties-{people}-{pairs}"
        return {
            "roster": made(
                here / "people.csv", lambda path: write_roster(path, _firm(people, pairs))
            ),
            "ties": made(
                here / "ties.parquet",
                lambda path: write_weekly(path, _firm(people, pairs), weeks=12),
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
                arguments=_script("report_orgnet", "{ties}", "{roster}", "report.html"),
                seconds=420.0,
                repeats=1,
            ),
        ),
        targets=(
            Target(quantity="wall", must=300, goal=90),
            Target(quantity="peak_mb", must=4 * _GIB),
        ),
    )


#: The last day of another window of the Slack export.
_LAST_DAY = "2026-05-31"


def _again(sizes: Sizes) -> Contest:
    posts = sizes.slack[2]

    def prepare(folder: Path) -> dict[str, Any]:
        inputs = _prepare_slack(sizes, folder)
        here = inputs["export"].parent
        inputs["key"] = here / "key"

        def analyse(path: Path) -> None:
            typed = ["analyse", inputs["export"], "--people", inputs["roster"], "--out", path]
            command = [sys.executable, "-c", _MAIN, *typed, "--key", inputs["key"]]
            subprocess.run(command, check=True, capture_output=True)

        return inputs | {"stored": made(here / "stored", analyse)}

    return Contest(
        name="again",
        title=f"another window of these {posts:,} messages → report",
        prepare=prepare,
        contestants=(
            Contestant(
                name=OURS,
                title="`orgnet analyse`, from what the first run stored",
                arguments=_script("again_orgnet", "{stored}", "{roster}", "{key}", _LAST_DAY),
                repeats=2,
            ),
            Contestant(
                name="reading",
                title="orgnet, reading the zip again",
                arguments=_analyse("export", "--to", _LAST_DAY),
                repeats=1,
            ),
        ),
        targets=(Target(quantity="wall", peer="reading"),),
    )


def _large_query(sizes: Sizes) -> Contest:
    people, pairs = sizes.large
    theirs = partial(
        Contestant, environment="validity-vivainsights", repeats=1, seconds=sizes.layout_seconds
    )
    return Contest(
        name="large_query",
        title=(
            f"person-to-person table, {people:,} people, {pairs:,} ties, with exact betweenness "
            "and cross-department betweenness → report"
        ),
        prepare=partial(_prepare_query, people, pairs),
        contestants=(
            Contestant(name=OURS, title="`orgnet analyse`", arguments=_analyse("query"), repeats=2),
            theirs(
                name="fr",
                title="vivainsights 0.4.3, table, layout fr",
                arguments=_script("p2p_vivainsights", "table", "fr", "{query}"),
            ),
            theirs(
                name="mds",
                title="vivainsights 0.4.3, table, default layout",
                arguments=_script("p2p_vivainsights", "table", "mds", "{query}"),
            ),
        ),
        targets=(
            Target(quantity="wall", peer="fr", must=2.5, goal=4),
            Target(quantity="wall", peer="mds", must=15),
        ),
    )


def _communities(sizes: Sizes) -> Contest:
    people, pairs = sizes.huge
    return Contest(
        name="communities",
        title=f"communities, {people:,} people, {pairs:,} ties, one search each",
        prepare=partial(_prepare_pairs, people, pairs),
        contestants=(
            Contestant(
                name=OURS,
                title="orgnet (Leiden)",
                arguments=_script("partition", "orgnet", "{pairs}", "{people}"),
                repeats=2,
            ),
            Contestant(
                name="louvain",
                title="python-louvain",
                arguments=_script("partition", "louvain", "{pairs}", "{people}"),
                repeats=1,
                seconds=sizes.louvain_seconds,
            ),
        ),
        targets=(Target(quantity="wall", peer="louvain", must=30, clock="work"),),
    )


def growth_contests(sizes: Sizes) -> tuple[Contest, ...]:
    """Return what is run at several sizes, ours alone: the reduction, and the whole way."""
    return (_reduction(sizes), _growing(sizes))


def _reduction(sizes: Sizes) -> Contest:
    people, pairs = sizes.reduced_people

    def prepare(folder: Path) -> dict[str, Any]:
        inputs: dict[str, Any] = {}
        for rows in sizes.reduced:
            given = _prepare_coded(people, pairs, rows, folder)
            inputs |= given | {f"files{rows}": given["files"]}
        return inputs

    def at(rows: int) -> Contestant:
        given = ("{roster}", "duckdb", "2GB", str(rows), "{scratch}")
        return Contestant(
            name=str(rows),
            title=f"{rows:,} interactions",
            arguments=_script("weekly_orgnet", "coded", f"{{files{rows}}}", *given),
            repeats=1,
            seconds=1_500.0,
        )

    return Contest(
        name="reduction",
        title=f"interactions of {people:,} people, already numbers → weekly ties, 52 weeks",
        prepare=prepare,
        contestants=tuple(at(rows) for rows in sizes.reduced),
    )


#: Interactions a person, in twelve weeks, and people that one is in contact with.
A_PERSON, CONTACTS = 100, 10


def _growing(sizes: Sizes) -> Contest:
    def prepare(folder: Path) -> dict[str, Any]:
        inputs: dict[str, Any] = {}
        for people in sizes.growing:
            here = folder / f"list-{people}"
            firm = partial(_firm, people, people * CONTACTS // 2)
            inputs[f"roster{people}"] = made(
                here / "people.csv", lambda path, firm=firm: write_roster(path, firm())
            )
            inputs[f"list{people}"] = made(
                here / "interactions.csv",
                lambda path, firm=firm, rows=people * A_PERSON: write_list(
                    path, firm(), rows, weeks=12
                ),
            )
        return inputs

    def at(people: int, script: str, *more: str) -> Contestant:
        return Contestant(
            name=f"{script} {people}",
            title=f"{people:,} people",
            arguments=_script(script, f"{{list{people}}}", *more),
            repeats=1,
            seconds=420.0,
        )

    whole = [at(people, "stages_orgnet", f"{{roster{people}}}", "out") for people in sizes.growing]
    readers = [at(people, "read_orgnet") for people in sizes.growing]
    return Contest(
        name="growth",
        title=f"a list of {A_PERSON} interactions a person → report",
        prepare=prepare,
        contestants=(*readers, *whole),
    )
