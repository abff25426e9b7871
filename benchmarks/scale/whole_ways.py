"""Contests of whole ways, from an export to the report."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale.commands import MAIN, analysing, firm_of, script
from benchmarks.scale.contests import OURS, Contest, Contestant, Target, made
from benchmarks.scale.sizes import Sizes
from benchmarks.scale.slack_written import write_slack
from benchmarks.scale.tables_written import (
    last_weeks,
    write_hr,
    write_list,
    write_query,
    write_roster,
)

#: Runs of what takes seconds: single ones say little on a machine that does other things as well.
_OF_SECONDS = 7


def prepare_slack(sizes: Sizes, folder: Path) -> dict[str, Any]:
    """Write a Slack export and its roster, and name them."""
    people, pairs, posts = sizes.slack
    firm = firm_of(people, pairs)
    here = folder / f"slack-{people}-{posts}"
    return {
        "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
        "export": made(here / "slack.zip", lambda path: write_slack(path, firm, posts)),
    }


def slack(sizes: Sizes) -> Contest:
    """A Slack export to the report."""
    people, _, posts = sizes.slack
    return Contest(
        name="slack",
        title=f"Slack zip, {people:,} people, {posts:,} messages → report",
        prepare=partial(prepare_slack, sizes),
        contestants=(
            Contestant(name=OURS, title="`orgnet analyse`", arguments=analysing("export")),
            Contestant(
                name="consultant",
                title="the consultant's script",
                arguments=script("consultant", "slack", "{export}", "{roster}", "page.html"),
                repeats=2,
            ),
            Contestant(
                name="consultant's frame",
                title="the consultant's script, beginning with a pandas table of all messages",
                arguments=script("consultant", "slack-frame", "{export}", "{roster}", "page.html"),
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


#: The last day of another window of the Slack export.
_LAST_DAY = "2026-05-31"


def again(sizes: Sizes) -> Contest:
    """Another window of it from the store, beside reading it again."""
    posts = sizes.slack[2]

    def prepare(folder: Path) -> dict[str, Any]:
        inputs = prepare_slack(sizes, folder)
        here = inputs["export"].parent
        inputs["key"] = here / "key"

        def analyse(path: Path) -> None:
            typed = ["analyse", inputs["export"], "--people", inputs["roster"], "--out", path]
            command = [sys.executable, "-c", MAIN, *typed, "--key", inputs["key"]]
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
                arguments=script("again_orgnet", "{stored}", "{roster}", "{key}", _LAST_DAY),
                repeats=2,
            ),
            Contestant(
                name="reading",
                title="orgnet, reading the zip again",
                arguments=analysing("export", "--to", _LAST_DAY),
                repeats=1,
            ),
        ),
        targets=(Target(quantity="wall", peer="reading"),),
    )


def query(sizes: Sizes) -> Contest:
    """A person-to-person table to the report."""
    people, pairs = sizes.query
    return Contest(
        name="query",
        title=f"person-to-person table, {people:,} people, {pairs:,} ties → report",
        prepare=partial(_prepare_query, people, pairs),
        contestants=(
            Contestant(
                name=OURS,
                title="`orgnet analyse`",
                arguments=analysing("query"),
                repeats=_OF_SECONDS,
            ),
            Contestant(
                name="consultant",
                title="the consultant's script",
                arguments=script("consultant", "table", "{query}", "{roster}", "page.html"),
                repeats=_OF_SECONDS,
            ),
            Contestant(
                name="vivainsights",
                title="vivainsights 0.4.3, plot",
                arguments=script("p2p_vivainsights", "plot", "mds", "{query}"),
                environment="validity-vivainsights",
                repeats=_OF_SECONDS,
            ),
        ),
        targets=(
            Target(quantity="cpu", peer="consultant", must=8, goal=15),
            Target(quantity="cpu", peer="vivainsights", must=4, goal=8),
        ),
    )


def _prepare_query(people: int, pairs: int, folder: Path) -> dict[str, Any]:
    firm = firm_of(people, pairs)
    here = folder / f"query-{people}-{pairs}"
    return {
        "roster": made(here / "people.csv", lambda path: write_roster(path, firm)),
        "query": made(here / "query.csv", lambda path: write_query(path, firm)),
    }


def large_query(sizes: Sizes) -> Contest:
    """The same of many people, with both betweennesses."""
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
            Contestant(
                name=OURS, title="`orgnet analyse`", arguments=analysing("query"), repeats=2
            ),
            theirs(
                name="fr",
                title="vivainsights 0.4.3, table, layout fr",
                arguments=script("p2p_vivainsights", "table", "fr", "{query}"),
            ),
            theirs(
                name="mds",
                title="vivainsights 0.4.3, table, default layout",
                arguments=script("p2p_vivainsights", "table", "mds", "{query}"),
            ),
        ),
        targets=(
            Target(quantity="wall", peer="fr", must=2.5, goal=4),
            Target(quantity="wall", peer="mds", must=15),
        ),
    )


def mails(sizes: Sizes) -> Contest:
    """A list of mails of a small firm to the report."""
    people, pairs, mails = sizes.mails

    def prepare(folder: Path) -> dict[str, Any]:
        firm = firm_of(people, pairs)
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
                arguments=script("mails_orgnet", "{mails}", "{roster}", "out"),
                repeats=_OF_SECONDS,
            ),
            Contestant(
                name="orgnet 0.2.0",
                title="PyPI orgnet 0.2.0",
                arguments=script("mails_orgnet020", "{mails}", "{hr}", "page.html"),
                environment="orgnet",
                repeats=_OF_SECONDS,
            ),
        ),
        targets=(
            Target(quantity="wall", peer="orgnet 0.2.0", must=20, goal=50, clock="work"),
            Target(quantity="wall", peer="orgnet 0.2.0"),
        ),
    )
