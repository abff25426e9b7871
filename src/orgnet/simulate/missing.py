"""What a data set may lack: people, weeks or a channel that are missing, departments gone wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from orgnet.errors import UsageError, did_you_mean
from orgnet.simulate.contact import PlantedTies
from orgnet.simulate.organisation import random_numbers


def without_people(
    planted: PlantedTies,
    share: float,
    *,
    chosen: Literal["random", "degree"] = "random",
    seed: int = 0,
) -> PlantedTies:
    """Leave a share of the people out of the data, as a system that some do not use would.

    Parameters
    ----------
    planted
        The complete data. Nobody leaves the roster: those left out are simply never seen.
    share
        Share of the people left out, 0 to 1.
    chosen
        ``random``, or ``degree``: the more contacts, the likelier.
    seed
        Seed of the choice.

    Raises
    ------
    UsageError
        If `share` is not a share.

    Examples
    --------
    >>> from orgnet.simulate import plant_ties
    >>> planted = plant_ties(people=60, departments=4, silos=0, bottlenecks=0, weak_links=0)
    >>> fewer = without_people(planted, 0.2)
    >>> len(fewer.people) == len(planted.people), len(fewer.ties) < len(planted.ties)
    (True, True)
    """
    _check_share(share)
    rng = random_numbers(seed, "missing people")
    people = planted.people.loc[planted.people["kind"] == "person", "person"].to_numpy()
    contacts = planted.ties.groupby("sender")["recipient"].nunique()
    degree = pd.Series(people).map(contacts).fillna(0).to_numpy(dtype=float)
    weight = degree + 1e-9 if chosen == "degree" else np.ones(len(people))
    gone = rng.choice(people, round(share * len(people)), replace=False, p=weight / weight.sum())
    seen = ~planted.ties[["sender", "recipient"]].isin(set(gone)).any(axis=1)
    return planted._replace(ties=planted.ties[seen].reset_index(drop=True))


def without_weeks(planted: PlantedTies, weeks: int, *, seed: int = 0) -> PlantedTies:
    """Leave out some weeks, chosen by lot, as an export with gaps does.

    Raises
    ------
    UsageError
        If there are not so many weeks.
    """
    there = sorted(set(planted.ties["week"]))
    if not 0 <= weeks <= len(there):
        raise UsageError(f"weeks is {weeks}; the ties have {len(there)}")
    gone = random_numbers(seed, "missing weeks").permutation(len(there))[:weeks]
    kept = ~planted.ties["week"].isin([there[week] for week in gone])
    return planted._replace(ties=planted.ties[kept].reset_index(drop=True))


def without_channel(planted: PlantedTies, channel: str) -> PlantedTies:
    """Leave out a channel, as an analysis of mail alone does.

    Raises
    ------
    UsageError
        If the ties have no such channel.
    """
    there = sorted(set(planted.ties["channel"]))
    if channel not in there:
        raise UsageError(
            f"no channel {channel!r}; the ties have {there}.{did_you_mean(channel, there)}"
        )
    kept = planted.ties["channel"] != channel
    return planted._replace(ties=planted.ties[kept].reset_index(drop=True))


def with_wrong_departments(
    planted: PlantedTies, share: float = 0.02, *, seed: int = 0
) -> PlantedTies:
    """Put a share of the people into the department of somebody else, as old rosters do.

    The truth says who they are, as ``noise.wrong_department``.

    Raises
    ------
    UsageError
        If `share` is not a share.
    """
    _check_share(share)
    rng = random_numbers(seed, "wrong departments")
    people = planted.people.copy()
    rows = np.flatnonzero(people["kind"] == "person")
    department = people["department"].to_numpy(dtype=object).copy()
    names = sorted(set(department[rows]))
    count = round(share * len(rows)) if len(names) > 1 else 0
    moved = rng.choice(rows, count, replace=False)
    for row in moved:
        department[row] = rng.choice([name for name in names if name != department[row]])
    people["department"] = department
    wrong = frozenset(people["person"].to_numpy()[moved].tolist())
    truth = replace(planted.truth, noise=replace(planted.truth.noise, wrong_department=wrong))
    return PlantedTies(planted.ties, people, truth)


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise UsageError(f"share is {share}; give 0 to 1")
