"""Two windows of one planted organisation: ties come and go, habits stay or change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.simulate.contact import PlantedTies, contact_over, weekly_ties
from orgnet.simulate.organisation import Organisation, plant_organisation
from orgnet.simulate.staff import Rates
from orgnet.simulate.ties import draw_ties


class Drift(NamedTuple):
    """The same people before and after; what is planted was not there before."""

    before: PlantedTies
    after: PlantedTies


def plant_drift(
    *,
    seed: int = 7,
    people: int = 400,
    departments: int = 10,
    closing: int = 0,
    turnover: float = 0.3,
    weeks: int = 12,
    rates: Rates | None = None,
) -> Drift:
    """Plant two windows, one after the other, between which a share of the ties is replaced.

    For every two people by lot: with probability `turnover` whether they have a tie is drawn
    afresh, else it stays. So the rates of contact do not change, and a test that finds a change
    where nothing closes is wrong. Nobody comes or goes.

    Parameters
    ----------
    seed, people, departments, weeks, rates
        As in `plant_organisation`; `weeks` is the length of each window.
    closing
        Departments that are silos in the second window and were none in the first; they are the
        silos of the second truth.
    turnover
        Share of the ties that are drawn afresh, 0 to 1.

    Returns
    -------
    Drift
        Two `PlantedTies` with the same people.

    Raises
    ------
    UsageError
        If the numbers do not fit together.

    Examples
    --------
    >>> before, after = plant_drift(people=60, departments=4)
    >>> before.ties["week"].max() < after.ties["week"].min()
    True
    """
    if not 0 <= turnover <= 1:
        raise UsageError(f"turnover is {turnover}; give 0 to 1")
    firm = plant_organisation(
        seed=seed,
        people=people,
        departments=departments,
        silos=closing,
        bottlenecks=0,
        weak_links=0,
        weeks=weeks,
        rates=rates,
    )
    everybody_stays = replace(
        firm.staff,
        first_week=np.zeros_like(firm.staff.first_week),
        last_week=np.full_like(firm.staff.last_week, weeks - 1),
    )
    after = replace(
        firm,
        staff=everybody_stays,
        first_monday=firm.first_monday + timedelta(weeks=weeks),
    )
    before = replace(
        firm,
        staff=everybody_stays,
        places=replace(firm.places, silos=()),
        truth=replace(firm.truth, silos=frozenset()),
    )
    old = draw_ties(firm.rng("ties before"), before)
    fresh = draw_ties(firm.rng("ties after"), before)
    mixed = _replace_share(firm.rng("turnover"), old, fresh, turnover)
    closed = _close(firm.rng("closing"), after, mixed)
    return Drift(_window(before, old, "before"), _window(after, closed, "after"))


def _replace_share(
    rng: np.random.Generator, old: pd.DataFrame, fresh: pd.DataFrame, turnover: float
) -> pd.DataFrame:
    """Take each pair of people from `fresh` with the probability `turnover`, else from `old`."""
    pair = ["person_a", "person_b"]
    every = pd.concat([old[pair], fresh[pair]]).drop_duplicates().sort_values(pair)
    every["anew"] = rng.random(len(every)) < turnover
    old, fresh = old.merge(every, on=pair), fresh.merge(every, on=pair)
    kept = pd.concat([old[~old["anew"]], fresh[fresh["anew"]]])
    ordered: pd.DataFrame = kept.drop(columns="anew").sort_values(pair, ignore_index=True)
    return ordered


def _close(
    rng: np.random.Generator, organisation: Organisation, ties: pd.DataFrame
) -> pd.DataFrame:
    """Leave of the ties of closing departments with others what the rates say."""
    department = organisation.staff.department[ties[["person_a", "person_b"]].to_numpy()]
    outside = department[:, 0] != department[:, 1]
    touched = np.isin(department, organisation.places.silos).any(axis=1)
    lost = outside & touched & (rng.random(len(ties)) >= organisation.rates.silo_factor)
    left: pd.DataFrame = ties[~lost].reset_index(drop=True)
    return left


def _window(organisation: Organisation, ties: pd.DataFrame, name: str) -> PlantedTies:
    contact = contact_over(organisation.rng(f"contact {name}"), organisation, ties)
    return PlantedTies(weekly_ties(organisation, contact), organisation.people, organisation.truth)
