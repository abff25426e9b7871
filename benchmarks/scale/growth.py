"""What is run at several sizes, ours alone: the reduction, and the whole way."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale.commands import firm_of, script
from benchmarks.scale.contests import Contest, Contestant, made
from benchmarks.scale.costly_parts import prepare_coded
from benchmarks.scale.sizes import Sizes
from benchmarks.scale.tables_written import (
    write_list,
    write_roster,
)


def growth_contests(sizes: Sizes) -> tuple[Contest, ...]:
    """Return what is run at several sizes, ours alone: the reduction, and the whole way."""
    return (_reduction(sizes), _growing(sizes))


def _reduction(sizes: Sizes) -> Contest:
    people, pairs = sizes.reduced_people

    def prepare(folder: Path) -> dict[str, Any]:
        inputs: dict[str, Any] = {}
        for rows in sizes.reduced:
            given = prepare_coded(people, pairs, rows, folder)
            inputs |= given | {f"files{rows}": given["files"]}
        return inputs

    def at(rows: int) -> Contestant:
        given = ("{roster}", "duckdb", "2GB", str(rows), "{scratch}")
        return Contestant(
            name=str(rows),
            title=f"{rows:,} interactions",
            arguments=script("weekly_orgnet", "coded", f"{{files{rows}}}", *given),
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
            firm = partial(firm_of, people, people * CONTACTS // 2)
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

    def at(people: int, peer: str, *more: str) -> Contestant:
        return Contestant(
            name=f"{peer} {people}",
            title=f"{people:,} people",
            arguments=script(peer, f"{{list{people}}}", *more),
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
