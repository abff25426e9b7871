"""Somebody who puts the sections of a report beside each other to find what one of them withheld.

Knows `model.to_dict()`, and what everybody in the firm knows: the chart. Written without looking at
how figures are withheld.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.optimize import linprog

Model = dict[str, Any]
Interval = tuple[float, float]

#: Half of a step of 5 %, and of a hundredth.
_HALF_STEP, _HALF = 0.0251, 0.0051

#: Tables of contact that the attacker is willing to look at.
PATIENCE = 200_000

#: What is told of the directions of contact, and on which side of a unit's border it is.
_SHARES = ("share_line", "share_lateral", "share_cross", "share_diagonal")


def _counts(people: Iterable[int], share: float | None) -> set[int]:
    """How many of so many people a share in steps of 5 % can be."""
    return {
        count
        for number in people
        for count in range(number + 1)
        if share is None or abs(count / number - share) <= _HALF_STEP
    }


def _less(totals: set[int], parts: Iterable[set[int]]) -> set[int]:
    for part in parts:
        totals = {total - one for total in totals for one in part if one <= total}
    return totals


def silent_respondents(model: Model) -> set[int]:
    """How many people of all departments that are not shown may have answered the survey.

    Empty where every department is shown, or there is no survey.
    """
    survey = model["survey"]
    if survey is None:
        return set()
    total, *rows = survey["response"]
    told = sum(row["people"] for row in rows)
    if told == total["people"]:
        return set()
    everybody = _counts([total["people"]], total["answered"])
    shown = (_counts(_near(row["people"], rows), row["answered"]) for row in rows)
    asked = total["people"] - told + 2 * len(rows)
    return {count for count in _less(everybody, shown) if count <= asked}


def _near(people: int, rows: list[dict[str, Any]]) -> range:
    """Head counts are in steps of 5 as soon as a department is not shown."""
    off = 2 if all(row["people"] % 5 == 0 for row in rows) else 0
    return range(max(people - off, 1), people + off + 1)


def silent_votes(model: Model) -> list[tuple[set[int], set[int]]]:
    """For each item, how many people of departments it is not told of may have answered, agreed."""
    survey = model["survey"]
    if survey is None:
        return []
    found = []
    for item in survey["items"]:
        votes = []
        for row in item["rows"]:
            low = 1 if row["people"] == 5 else row["people"] - 2
            possible = [
                (answered, agree)
                for answered in range(low, row["people"] + 3)
                for agree in range(answered + 1)
                if abs(agree / answered - row["agree"]) <= _HALF_STEP
                and _has_neutral(answered - agree, answered, row)
            ]
            votes.append(set(possible))
        left = votes[0]
        for part in votes[1:]:
            left = {(n - m, a - b) for n, a in left for m, b in part if 0 <= a - b <= n - m}
        found.append(({n for n, _ in left}, {a for _, a in left}))
    return found


def _has_neutral(others: int, answered: int, row: dict[str, Any]) -> bool:
    return any(
        abs(neutral / answered - row["neutral"]) <= _HALF_STEP
        and abs((others - neutral) / answered - row["disagree"]) <= _HALF_STEP
        for neutral in range(others + 1)
    )


def withheld_directions(model: Model, *, lines_across: bool) -> dict[str, Interval]:
    """For each direction of contact that is withheld, between which shares it must be.

    The directions add up to 1. What crosses departments is told at a glance: across and diagonal,
    and the lines that cross them, if there are any in the chart.
    """
    vertical = model["vertical"]
    glance = {one["key"]: one["value"] for one in model["glance"]}
    if vertical is None or all(vertical[name] is None for name in _SHARES):
        return {}
    # Unknowns: line inside, line across, lateral, cross, diagonal.
    parts = {"share_line": (0, 1), "share_lateral": (2,), "share_cross": (3,)}
    parts["share_diagonal"] = (4,)
    rows, ends = [], []
    for name, places in parts.items():
        if vertical[name] is not None:
            rows.append([float(at in places) for at in range(5)])
            ends.append((vertical[name] - _HALF, vertical[name] + _HALF))
    if "external_share" in glance:
        rows.append([0.0, 1.0, 0.0, 1.0, 1.0])
        ends.append((glance["external_share"] - _HALF, glance["external_share"] + _HALF))
    matrix = np.array(rows)
    low, high = np.array(ends).T
    bounds = [(0, 1), (0, 1 if lines_across else 0), (0, 1), (0, 1), (0, 1)]
    found = {}
    for name, places in parts.items():
        if vertical[name] is not None:
            continue
        goal = np.array([float(at in places) for at in range(5)])
        solved = [
            linprog(
                sign * goal,
                A_ub=np.vstack([matrix, -matrix]),
                b_ub=np.concatenate([high, -low]),
                A_eq=np.ones((1, 5)),
                b_eq=[1.0],
                bounds=bounds,
            )
            for sign in (1.0, -1.0)
        ]
        if all(one.status == 0 for one in solved):
            found[name] = (float(solved[0].fun), -float(solved[1].fun))
    return found


def withheld_requirements(model: Model) -> dict[tuple[str, str], tuple[int, int]]:
    """For each required pair without a number, how much of its target may be met.

    The congruence is a sum over all pairs. It is told in the section, as the coverage of the index,
    and where two periods are compared once more.
    """
    section = model["requirements"]
    if section is None:
        return {}
    minimum = model["policy"]["minimum_group"]
    links = section["links"]
    ties = {(pair["group_a"], pair["group_b"]): pair["ties"] for pair in model["pairs"]}
    known = 0.0
    open_links: list[tuple[tuple[str, str], float, int]] = []
    choices: list[range] = []
    for link in links:
        target = link["target"]
        pair = (link["group_a"], link["group_b"])
        if link["regular"] is not None:
            known += link["required"] * min(link["regular"], target) / target
            continue
        low, high = 0, target
        if link["state"] == "missing":
            high = 0
        elif link["state"] == "met":
            low = target
        elif link["state"] == "thin":
            low, high = (1 if link["reason"] == "few_people" else minimum), target - 1
        else:
            # Of few people it is said that contact is thin, never that it is enough.
            low = 1 if target <= 2 else target
        shown = ties.get(pair)
        if shown is not None:
            high = min(high, shown)
        open_links.append((pair, link["required"], target))
        choices.append(range(min(low, high), high + 1))
    if abs(sum(link["required"] for link in links) - 1) > 1e-3:
        # Requirements of departments that are not shown are behind the sums as well.
        return {
            pair: (own[0], own[-1]) for (pair, _, _), own in zip(open_links, choices, strict=True)
        }
    told = list(_congruences(model))
    sums: dict[tuple[int, ...], float] = {(): known}
    for (_, weight, target), own in zip(open_links, choices, strict=True):
        sums = {
            (*world, met): at + weight * met / target for world, at in sums.items() for met in own
        }
        if len(sums) > PATIENCE:
            return {}
    worlds = [
        world for world, at in sums.items() if all(abs(at - value) <= half for value, half in told)
    ]
    return {
        pair: (min(world[at] for world in worlds), max(world[at] for world in worlds))
        for at, (pair, _, _) in enumerate(open_links)
        if worlds
    }


def _congruences(model: Model) -> Iterable[tuple[float, float]]:
    """Yield every telling of the congruence, with how far it may be off."""
    value = model["requirements"]["congruence"]
    if value is not None:
        yield value, _step([value, model["requirements"]["lift"]]) / 2 + 1e-4
    index = model["index"]
    if index["coverage"] is not None:
        told = [index[name] for name in ("value", "coverage", "resilience")]
        yield index["coverage"] / 100, _step([one / 100 for one in told]) / 2 + 1e-4
    change = model["change"]
    # The scores are those of the people in both periods: of everybody, where nobody joined.
    if change is None or (change["people"] or 0) < model["coverage"]["people_seen"]:
        return
    after = {score["key"]: score["after"] / 100 for score in change["scores"] if score["after"]}
    if "coverage" in after:
        yield after["coverage"], _step(after.values()) / 2 + 1e-4


def _step(values: Iterable[float | None]) -> float:
    """Read off in which step numbers are told: the coarsest of those that can be meant."""
    given = [value for value in values if value is not None]
    for step in (0.1, 0.05, 0.01):
        if all(abs(value / step - round(value / step)) < 1e-6 for value in given):
            return step
    return 0.001


def newcomers(model: Model) -> set[int]:
    """How many people may have been seen in the later of two periods alone."""
    change = model["change"]
    if change is None or change["people"] is None:
        return set()
    seen, people = model["coverage"]["people_seen"], change["people"]
    return {seen - both for both in range(people - 2, people + 3) if both <= seen}


def unseen_people(model: Model) -> dict[str, set[int]]:
    """How many people of each department were known and not seen.

    Follows from the share that was seen, and from who was asked in a survey.
    """
    seen = {one["department"]: one for one in model["coverage"]["departments"]}
    exact = sum(one["people"] for one in seen.values()) == model["coverage"]["people_seen"]
    survey = model["survey"] or {"response": ()}
    rows = [row for row in survey["response"] if row["department"]]
    asked = {row["department"]: set(_near(row["people"], rows)) for row in rows}
    found = {}
    for name, one in seen.items():
        off = 0 if exact else 2
        found[name] = {
            known - there
            for there in range(max(one["people"] - off, 1), one["people"] + off + 1)
            for known in range(there, 2 * there + 20)
            if one["share"] is None
            or (
                abs(there / known - one["share"]) <= _HALF_STEP
                and (name not in asked or known in asked[name])
            )
        }
    return found
