"""Invented models of the people edition of every size, made by rule so that nothing is random."""

from __future__ import annotations

import dataclasses

import numpy as np

from orgnet.layouts import grouped_layout
from orgnet.report_model import (
    DrawnTies,
    MappedPerson,
    Method,
    PeopleGroup,
    PeopleModel,
    PeopleTotals,
    Period,
    Policy,
)
from report_models import HOSTILE, names

MOST_TIES = 40_000


def _mixed(*numbers: np.ndarray | int) -> np.ndarray:
    """Whole numbers that look random and are the same everywhere."""
    state = np.uint64(88172645463325252)
    with np.errstate(over="ignore"):
        for number in numbers:
            state = (np.asarray(number, dtype=np.uint64) + state) * np.uint64(0x9E3779B97F4A7C15)
            state = state ^ (state >> np.uint64(29))
    return (state >> np.uint64(16)).astype(np.int64)


def people_model(people: int = 60, groups: int = 5, ties: int = 300, **changed) -> PeopleModel:
    """People in groups of unequal size; two thirds of the ties stay inside a group."""
    at = np.arange(people)
    group = np.sort(
        np.minimum((_mixed(at, 1) % 1000 / 1000) ** 1.4 * groups, groups - 1).astype(int)
    )
    group[:groups] = np.arange(groups)
    group.sort()
    start = np.searchsorted(group, np.arange(groups))
    size = np.bincount(group, minlength=groups)
    draw = np.arange(3 * ties)
    first = _mixed(draw, 2) % people
    home = group[first]
    near = (home + 1) % groups
    to = np.where(
        _mixed(draw, 3) % 3 < 2, home, np.where(_mixed(draw, 4) % 2, near, _mixed(draw, 5) % groups)
    )
    second = start[to] + _mixed(draw, 6) % size[to]
    ends = np.column_stack([first, second])[first != second]
    ends = np.unique(np.sort(ends, axis=1), axis=0)
    ends = ends[np.argsort(_mixed(ends[:, 0], ends[:, 1]), kind="stable")][:ties]
    strength = np.sort(_mixed(np.arange(len(ends)), 7) % 3)[::-1]
    layout = grouped_layout(group, groups, ends[:, 0], ends[:, 1], strength + 1.0)
    low = (layout.centres - layout.radii[:, None]).min(axis=0)
    scale = 60_000 / (layout.centres + layout.radii[:, None] - low).max()
    points = np.rint((layout.points - low) * scale + 2_600).astype(int)
    centres = np.rint((layout.centres - low) * scale + 2_600).astype(int)
    outside = group[ends[:, 0]] != group[ends[:, 1]]
    contacts = np.bincount(ends.ravel(), minlength=people)
    beyond = np.bincount(ends[outside].ravel(), minlength=people)
    made = PeopleModel(
        title="How we work together",
        organisation="An invented company",
        purpose="plan who introduces the two new teams",
        asked_by=None,
        names=False,
        by="department",
        group=None,
        run_date="2026-03-02",
        period=Period(first="2025-12-01", last="2026-02-22", weeks=12),
        groups=tuple(
            PeopleGroup(
                name=name,
                people=int(size[code]),
                x=int(centres[code][0]),
                y=int(centres[code][1]),
                radius=round(float(layout.radii[code]) * scale),
            )
            for code, name in enumerate(names(groups))
        ),
        people=tuple(
            MappedPerson(
                label=f"{int(_mixed(one, 8)) & 0xFFFFFFFF:08x}",
                group=int(group[one]),
                x=int(points[one][0]),
                y=int(points[one][1]),
                contacts=int(contacts[one]),
                contacts_outside=int(beyond[one]),
            )
            for one in range(people)
        ),
        spacing=round(1.7 * scale),
        ties=DrawnTies(
            first=tuple(ends[:MOST_TIES, 0].tolist()),
            second=tuple(ends[:MOST_TIES, 1].tolist()),
            strength=tuple(strength[:MOST_TIES].tolist()),
        ),
        totals=PeopleTotals(people_known=people + 7, people_seen=people, ties=len(ends)),
        regular_weeks=3,
        most_weeks=7,
        method=Method(parameters=(("regular_weeks", "3"),), versions=(("igraph", "1"),), seed=0),
        policy=Policy(version="2", minimum_group=5, concentration="count"),
    )
    return dataclasses.replace(made, **changed)


def hostile_people() -> PeopleModel:
    """Names, groups, purpose and asker that try to be something else than text."""
    made = people_model(3 * len(HOSTILE), len(HOSTILE), 90)
    return dataclasses.replace(
        made,
        names=True,
        purpose='"; } </style><script>alert(1)</script> \\" \n\u202e',
        asked_by="<img src=x onerror=alert(1)>",
        title="<!--<script>",
        groups=tuple(
            dataclasses.replace(group, name=name)
            for group, name in zip(made.groups, HOSTILE, strict=True)
        ),
        people=tuple(
            dataclasses.replace(person, label=HOSTILE[at % len(HOSTILE)])
            for at, person in enumerate(made.people)
        ),
    )
