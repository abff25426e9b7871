"""The kinds of planted organisation that are diagnosed, each with what is true about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from orgnet.simulate import (
    PlantedTies,
    Rates,
    draw_contact,
    meeting_ties,
    plant_organisation,
    plant_ties,
    with_wrong_departments,
    without_channel,
    without_people,
    without_weeks,
)

NO_FAULT: dict[str, Any] = {"silos": 0, "bottlenecks": 0, "weak_links": 0}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of organisation.

    Parameters
    ----------
    name
        Key of the records.
    title
        Row of the tables.
    planting
        Arguments of `plant_ties`.
    spoil
        What then happens to the data, given the seed.
    share
        Share of the firms of the study that are of this kind, against the main ones.
    """

    name: str
    title: str
    planting: dict[str, Any] = field(default_factory=dict)
    spoil: Callable[[PlantedTies, int], PlantedTies] = lambda planted, seed: planted
    share: float = 1.0

    @property
    def null(self) -> bool:
        """True where no finding about the firm would be true."""
        faults = ("silos", "bottlenecks", "weak_links", "hubs", "overloads")
        return not any(self.planting.get(fault, 1 if fault in NO_FAULT else 0) for fault in faults)

    def plant(self, seed: int) -> PlantedTies:
        """Return the firm of a seed."""
        if self.name == "null_meetings":
            return _with_meetings(seed, self.planting)
        return self.spoil(plant_ties(seed=seed, **self.planting), seed)


def _with_meetings(seed: int, planting: dict[str, Any]) -> PlantedTies:
    firm = plant_organisation(seed=seed, **planting)
    contact = draw_contact(firm)
    ties = pd.concat(
        [plant_ties(seed=seed, **planting).ties, meeting_ties(firm, contact)], ignore_index=True
    )
    return PlantedTies(ties, firm.people, firm.truth)


def _null(name: str, title: str, share: float = 1.0, **more: Any) -> Scenario:
    spoil = {"spoil": more.pop("spoil")} if "spoil" in more else {}
    return Scenario(
        name=f"null_{name}" if name else "null",
        title=title,
        planting=NO_FAULT | more,
        share=share,
        **spoil,
    )


UNEQUAL_PEOPLE = Rates(activity_sd=0.8, cosmopolitan_sd=1.1)
UNEQUAL_DEPARTMENTS = Rates(outwardness_sd=0.3, inwardness_sd=0.2)
BURSTS = Rates(within_threads=0.45, cross_threads=0.3, messages=3.5)

SCENARIOS = (
    _null("", "nothing planted"),
    _null("departments_2", "departments differ (sd .2)", 0.5, rates=Rates(outwardness_sd=0.2)),
    _null("departments_3", "departments differ much (sd .3 and .2)", rates=UNEQUAL_DEPARTMENTS),
    _null("people", "very unequal people", 0.5, rates=UNEQUAL_PEOPLE),
    _null("bursts", "bursts: few threads, many messages", 0.5, rates=BURSTS),
    _null("small", "160 people, 6 departments", 0.5, people=160, departments=6),
    _null("meetings", "with a channel of meetings", 0.25),
    _null("part_time", "a quarter works part-time", 0.25, part_time=0.25),
    _null(
        "wrong",
        "2 % in a wrong department",
        0.25,
        spoil=lambda p, s: with_wrong_departments(p, seed=s),
    ),
    _null(
        "people_gone",
        "15 % of people missing",
        0.25,
        spoil=lambda p, s: without_people(p, 0.15, seed=s),
    ),
    _null(
        "hubs_gone",
        "15 % missing, by degree",
        0.25,
        spoil=lambda p, s: without_people(p, 0.15, chosen="degree", seed=s),
    ),
    _null(
        "weeks_gone", "2 of 12 weeks missing", 0.25, spoil=lambda p, s: without_weeks(p, 2, seed=s)
    ),
    _null("mail_only", "without chat", 0.25, spoil=lambda p, s: without_channel(p, "chat")),
    Scenario(name="silo", title="2 silos (× .25)", planting={"bottlenecks": 0, "weak_links": 0}),
    Scenario(name="weak", title="3 weak pairs (× .15)", planting={"silos": 0, "bottlenecks": 0}),
    Scenario(name="bottleneck", title="3 bottlenecks", planting={"silos": 0, "weak_links": 0}),
    Scenario(name="all", title="2 silos, 3 bottlenecks, 3 weak pairs"),
    Scenario(
        name="all_departments_3",
        title="the same, departments differ much",
        planting={"rates": UNEQUAL_DEPARTMENTS},
        share=0.5,
    ),
    Scenario(
        name="all_spoiled",
        title="the same, 10 % missing, 2 % wrong, 1 week lost",
        share=0.25,
        spoil=lambda p, s: with_wrong_departments(
            without_weeks(without_people(p, 0.1, seed=s), 1, seed=s), seed=s
        ),
    ),
    Scenario(
        name="hub",
        title="4 departments go through a fifth",
        planting=NO_FAULT | {"hubs": 1},
        share=0.25,
    ),
    Scenario(
        name="overload",
        title="3 overloaded people",
        planting=NO_FAULT | {"overloads": 3},
        share=0.25,
    ),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
