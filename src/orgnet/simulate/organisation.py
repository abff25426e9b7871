"""A planted organisation: the people as a roster knows them, and the truth about its faults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orgnet.errors import UsageError
from orgnet.schema import PEOPLE
from orgnet.simulate.faults import FaultPlaces, choose_faults, choose_hubs
from orgnet.simulate.names import draw_names
from orgnet.simulate.staff import OFFICES, Rates, Staff, draw_staff, expected_ties
from orgnet.simulate.truth import Noise, Truth

#: The Monday on which every planted organisation begins.
FIRST_MONDAY = date(2026, 3, 2)
#: The mail domain of every planted organisation.
DOMAIN = "company.example"
#: The domain of second addresses, such as a merger leaves behind.
FORMER_DOMAIN = "formerly.example"

#: Departments in the usual order of their size, the largest first.
DEPARTMENTS = (
    "Engineering", "Sales", "Support", "Operations", "Product", "Marketing", "Finance",
    "Research", "HR", "Legal", "Logistics", "Quality", "Procurement", "IT", "Design", "Data",
    "Security", "Facilities", "Training", "Communications", "Compliance", "Partnerships",
    "Strategy", "Audit",
)  # fmt: skip

#: Accounts of the roster that are no people: local part of the address, name, kind.
ACCOUNTS = (
    ("support", "Customer Support", "shared"),
    ("news", "Company News", "shared"),
    ("build", "Build Bot", "bot"),
    ("standup", "Stand-up Bot", "bot"),
)

#: Mail to more recipients than this is a broadcast.
BROADCAST_RECIPIENTS = 20
TWO_ADDRESSES_SHARE = 0.05
PEOPLE_PER_DEPARTMENT = 4


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An invented firm of which everything is known.

    Parameters
    ----------
    seed
        The same seed gives the same firm, contact and files.
    weeks
        Calendar weeks of contact, from `first_monday`.
    people
        One row a person or account, columns as in `orgnet.schema.PEOPLE`; the people come first,
        in the order of `staff`, then the accounts.
    truth
        What is planted.
    departments
        Names, by the positions that `staff` and `places` use.
    rates
        How much contact there is.
    staff
        What each person's contact depends on.
    places
        The planted faults by positions of departments.
    connectors
        Positions of the people who hold the bottlenecks, in the order of `places.bottlenecks`.
    first_monday
        Begin of the first week.
    """

    seed: int
    weeks: int
    people: pd.DataFrame = field(repr=False)
    truth: Truth
    departments: tuple[str, ...]
    rates: Rates
    staff: Staff = field(repr=False)
    places: FaultPlaces
    connectors: tuple[int, ...]
    first_monday: date = FIRST_MONDAY

    @property
    def headcount(self) -> int:
        """Number of people, accounts not counted."""
        return len(self.staff.department)

    @property
    def mondays(self) -> list[date]:
        """First day of each week."""
        return [self.first_monday + timedelta(weeks=week) for week in range(self.weeks)]

    def rng(self, purpose: str) -> np.random.Generator:
        """Return random numbers that depend on the seed and `purpose` alone."""
        return random_numbers(self.seed, purpose)


def random_numbers(seed: int, purpose: str) -> np.random.Generator:
    """Return random numbers that depend on `seed` and `purpose` alone.

    Each step draws from numbers of its own, so that a change in one leaves the others as they are.
    """
    return np.random.default_rng([seed, *purpose.encode("ascii")])


def plant_organisation(
    *,
    seed: int = 7,
    people: int = 400,
    departments: int = 10,
    silos: int = 2,
    bottlenecks: int = 3,
    weak_links: int = 3,
    hubs: int = 0,
    overloads: int = 0,
    part_time: float = 0.0,
    weeks: int = 12,
    rates: Rates | None = None,
) -> Organisation:
    """Invent a firm with unequal departments, teams, managers and planted faults.

    Without faults (``silos=0, bottlenecks=0, weak_links=0``) the contact expected between two
    departments is the product of a number for each (Goodman's quasi-independence), and these
    numbers hardly differ per head: no finding about such a firm would be true.

    Parameters
    ----------
    seed
        The same seed gives the same firm; 0 or more.
    people
        Headcount; at least 4 for each department.
    departments
        Between 1 and the 24 names that there are.
    silos, bottlenecks, weak_links
        How many faults of each kind are planted. Where they go is up to the seed. A firm of 400
        people has room for the usual number; in a small one they may be too thin to find.
    hubs
        Departments through which four others go that have no tie with each other.
    overloads
        People of whom far more is asked than of others.
    part_time
        Share of the people who work less than the full time, 0 to 1.
    weeks
        Calendar weeks of contact, at least 1.
    rates
        How much contact there is; None for the usual rates.

    Returns
    -------
    Organisation
        People, departments and truth. Its contact is drawn by `draw_contact`.

    Raises
    ------
    UsageError
        If the numbers do not fit together.

    Examples
    --------
    >>> firm = plant_organisation(seed=7)
    >>> firm.headcount, len(firm.truth.silos), len(firm.truth.bottlenecks)
    (400, 2, 3)
    >>> firm.people["department"].value_counts().iloc[[0, -1]].to_dict()
    {'Engineering': 67, 'Legal': 21}
    """
    if seed < 0:
        raise UsageError(f"seed is {seed}; give 0 or more")
    if weeks < 1:
        raise UsageError(f"weeks is {weeks}; give 1 or more")
    if not 1 <= departments <= len(DEPARTMENTS):
        raise UsageError(f"departments is {departments}; give 1 to {len(DEPARTMENTS)}")
    if people < PEOPLE_PER_DEPARTMENT * departments:
        raise UsageError(
            f"{people} people are too few for {departments} departments; "
            f"give at least {PEOPLE_PER_DEPARTMENT * departments}"
        )
    if min(hubs, overloads) < 0 or not 0 <= part_time <= 1:
        raise UsageError(
            f"hubs, overloads and part_time are {hubs}, {overloads} and {part_time}; "
            "give 0 or more of each, and at most 1 as the share of part-timers"
        )
    if min(silos, bottlenecks, weak_links) < 0:
        raise UsageError(
            f"silos, bottlenecks and weak_links are {silos}, {bottlenecks} and {weak_links}; "
            "give 0 or more of each"
        )
    rates = rates or Rates()
    rng = random_numbers(seed, "organisation")
    staff = draw_staff(
        rng,
        people=people,
        departments=departments,
        weeks=weeks,
        rates=rates,
        overloads=overloads,
        part_time=part_time,
    )
    places = choose_faults(
        rng,
        expected_ties(staff, rates),
        np.bincount(staff.department),
        silos=silos,
        bottlenecks=bottlenecks,
        weak_links=weak_links,
    )
    connectors = _choose_connectors(rng, staff, places)
    places = replace(
        places,
        hubs=choose_hubs(random_numbers(seed, "hubs"), places, departments=departments, hubs=hubs),
    )
    roster = _roster(random_numbers(seed, "roster"), staff, first_monday=FIRST_MONDAY, weeks=weeks)
    return Organisation(
        seed=seed,
        weeks=weeks,
        people=roster,
        truth=_truth(roster, staff, places, connectors, weeks),
        departments=DEPARTMENTS[:departments],
        rates=rates,
        staff=staff,
        places=places,
        connectors=connectors,
    )


def broadcasting_heads(staff: Staff) -> NDArray[np.int64]:
    """Return the heads of departments so large that mail to all in it is a broadcast."""
    steady = np.bincount(staff.department[staff.steady], minlength=staff.department.max() + 1)
    heads = staff.heads
    return heads[steady[staff.department[heads]] > BROADCAST_RECIPIENTS + 1]


def _choose_connectors(
    rng: np.random.Generator, staff: Staff, places: FaultPlaces
) -> tuple[int, ...]:
    """Choose a person of the first department of each bottleneck: steady and nobody twice."""
    chosen: list[int] = []
    for department, _ in places.bottlenecks:
        members = np.flatnonzero(staff.department == department)
        fit = np.setdiff1d(members[staff.steady[members]], chosen)
        chosen.append(int(rng.choice(fit if len(fit) else members)))
    return tuple(chosen)


def _roster(
    rng: np.random.Generator, staff: Staff, *, first_monday: date, weeks: int
) -> pd.DataFrame:
    """Write down people and accounts with the columns of the people table."""
    count = len(staff.department)
    ids = [f"E{number:04d}" for number in range(1, count + 1)]
    accounts = [f"A{number:04d}" for number in range(1, len(ACCOUNTS) + 1)]
    names = draw_names(rng, count)
    has_two = rng.permutation(count) < round(count * TWO_ADDRESSES_SHARE)
    emails = [
        [f"{name.local_part}@{DOMAIN}", *([f"{name.local_part}@{FORMER_DOMAIN}"] if two else [])]
        for name, two in zip(names, has_two.tolist(), strict=True)
    ]
    level = rng.choice(np.array(["Junior", "Professional", "Senior"], dtype=object), size=count)
    level[staff.leads] = "Lead"
    level[staff.heads] = "Director"
    offices = list(OFFICES)
    departments = [DEPARTMENTS[number] for number in staff.department.tolist()]
    first_team = {
        int(department): int(staff.team[staff.department == department].min())
        for department in np.unique(staff.department)
    }
    nothing = [None] * len(accounts)
    columns: dict[str, list[object]] = {
        "person": [*ids, *accounts],
        "name": [*(name.display for name in names), *(name for _, name, _ in ACCOUNTS)],
        "emails": [*emails, *([f"{local}@{DOMAIN}"] for local, _, _ in ACCOUNTS)],
        "aliases": [[] for _ in range(count + len(accounts))],
        "department": [*departments, *nothing],
        "team": [
            *(
                f"{DEPARTMENTS[department]} {team - first_team[department] + 1}"
                for department, team in zip(
                    staff.department.tolist(), staff.team.tolist(), strict=True
                )
            ),
            *nothing,
        ],
        "manager": [*(ids[m] if m >= 0 else None for m in staff.manager.tolist()), *nothing],
        "level": [*level.tolist(), *nothing],
        "location": [*(offices[office] for office in staff.office.tolist()), *nothing],
        "start": [*_first_days(rng, staff, first_monday), *nothing],
        "end": [*_last_days(staff, first_monday, weeks), *nothing],
        "agreed": [None] * (count + len(accounts)),
        "opt_out": [None] * (count + len(accounts)),
        "kind": [*(["person"] * count), *(kind for _, _, kind in ACCOUNTS)],
    }
    return pd.DataFrame({name: columns[name] for name in PEOPLE.names}, dtype=object)


def _first_days(rng: np.random.Generator, staff: Staff, first_monday: date) -> list[date]:
    """Joiners begin on the Monday of their first week, everybody else in the ten years before."""
    years_ago = rng.integers(30, 3650, size=len(staff.first_week)).tolist()
    return [
        first_monday + (timedelta(weeks=week) if week else -timedelta(days=days))
        for week, days in zip(staff.first_week.tolist(), years_ago, strict=True)
    ]


def _last_days(staff: Staff, first_monday: date, weeks: int) -> list[date | None]:
    """Leavers end on the Friday of their last week."""
    return [
        first_monday + timedelta(weeks=week, days=4) if week < weeks - 1 else None
        for week in staff.last_week.tolist()
    ]


def _truth(
    roster: pd.DataFrame, staff: Staff, places: FaultPlaces, connectors: tuple[int, ...], weeks: int
) -> Truth:
    """Say in names and ids what is planted where."""
    ids = roster["person"].to_numpy()[: len(staff.department)]
    two = roster["emails"].map(len).to_numpy()[: len(ids)] > 1
    accounts = roster[roster["kind"] != "person"]
    broadcasters = ids[broadcasting_heads(staff)].tolist()
    if staff.steady.sum() > BROADCAST_RECIPIENTS:
        broadcasters += accounts.loc[accounts["name"] == "Company News", "person"].tolist()
    return Truth(
        silos=frozenset(DEPARTMENTS[g] for g in places.silos),
        bottlenecks=frozenset(
            (DEPARTMENTS[g], DEPARTMENTS[h], str(ids[person]))
            for (g, h), person in zip(places.bottlenecks, connectors, strict=True)
        ),
        weak_links=frozenset(
            (min(DEPARTMENTS[g], DEPARTMENTS[h]), max(DEPARTMENTS[g], DEPARTMENTS[h]))
            for g, h in places.weak_links
        ),
        overloaded=frozenset(ids[staff.overloaded]),
        hubs=frozenset(DEPARTMENTS[hub.through] for hub in places.hubs),
        noise=Noise(
            bots=frozenset(accounts.loc[accounts["kind"] == "bot", "person"]),
            shared_mailboxes=frozenset(accounts.loc[accounts["kind"] == "shared", "person"]),
            broadcasters=frozenset(broadcasters),
            leavers=frozenset(ids[staff.last_week < weeks - 1]),
            joiners=frozenset(ids[staff.first_week > 0]),
            two_addresses=frozenset(ids[two]),
            silent=frozenset(ids[staff.silent]),
            part_timers=frozenset(ids[staff.hours < 1]),
        ),
    )
