"""Somebody who has every output of a run, and the source code, and wants the withheld figures.

Knows nothing but ``model.to_dict()``. Written without looking at how figures are withheld.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import norm

from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.quasi_independence import (
    overdispersion,
    quasi_independence,
    ratio_interval,
)

Model = dict[str, Any]
Pair = tuple[str, str]
Interval = tuple[int, int]

#: Tables of whole numbers that the attacker is willing to try one by one.
PATIENCE = 1000


def withheld_ties(model: Model) -> dict[Pair, Interval]:
    """For each withheld number of ties the least and largest value that fit the outputs."""
    table = _Table(model)
    if not table.unknown:
        return {}
    bounds = table.by_programming()
    worlds = table.by_trying(bounds)
    if worlds:
        stacked = np.array(worlds)
        return {
            pair: (int(stacked[:, i].min()), int(stacked[:, i].max()))
            for i, pair in enumerate(table.unknown)
        }
    return bounds


class _Table:
    """What the pairs of departments say, and what follows for those that do not."""

    def __init__(self, model: Model) -> None:
        self.names = [department["name"] for department in model["departments"]]
        self.size = {d["name"]: d["people"] for d in model["departments"]}
        self.minimum = model["policy"]["minimum_group"]
        self.hidden = model["coverage"]["withheld_departments"]
        self.pairs = {(p["group_a"], p["group_b"]): p for p in model["pairs"]}
        self.ties = {
            name: 0 if pair["contact"] == "none" else pair["ties"]
            for name, pair in self.pairs.items()
        }
        self.unknown = [name for name, ties in self.ties.items() if ties is None]
        weak = {tuple(f["subject"]) for f in model["findings"] if f["kind"] == "weak_link"}
        self.weak = weak | {name for name, pair in self.pairs.items() if pair["weak"]}
        notices = {key for key, _ in model["notices"]}
        self.tested = model["mode"] == "full" and "gate_weak_links" not in notices
        self.outward = self._outward()

    def _outward(self) -> dict[str, float]:
        """Each department's factor, wherever the expected values that are shown give it away."""
        rows, values = [], []
        for (a, b), pair in self.pairs.items():
            if pair["expected"] is None or pair["expected"] <= 0:
                continue
            low, high = _rounding(pair["expected"])
            if pair["ratio"] and pair["ties"]:
                low = max(low, pair["ties"] / (pair["ratio"] + 0.005))
                high = min(high, pair["ties"] / max(pair["ratio"] - 0.005, 1e-9))
            if high < low:
                continue
            row = np.zeros(len(self.names))
            row[[self.names.index(a), self.names.index(b)]] = 1.0
            weight = 1 / max(np.log(high / max(low, 1e-6)), 1e-6)
            rows.append(row * weight)
            values.append(np.log((low + high) / 2) * weight)
        if not rows:
            return {}
        matrix = np.array(rows)
        solved, *_ = np.linalg.lstsq(matrix, np.array(values), rcond=None)
        # Known are the factors that no other solution changes: those off the null space.
        _, singular, vectors = np.linalg.svd(matrix)
        rank = int((singular > 1e-9 * singular[0]).sum())
        free = np.abs(vectors[rank:]).max(axis=0) if rank < len(self.names) else np.zeros(1)
        loose = np.broadcast_to(free > 1e-6, (len(self.names),))
        return {
            name: float(np.exp(value))
            for name, value, unknown in zip(self.names, solved, loose, strict=True)
            if not unknown
        }

    def _limits(self, name: Pair) -> Interval:
        a, b = name
        pair = self.pairs[name]
        low, high = 1, (self.size[a] + 2) * (self.size[b] + 2)
        if pair["reason"] in ("complementary", "one_person"):
            low = self.minimum
        if pair["reason"] == "few_people":
            high = min(high, (self.minimum - 1) * (max(self.size[a], self.size[b]) + 2))
        if a in self.outward and b in self.outward:
            expected = self.outward[a] * self.outward[b]
            slack = 0.02 * expected + 1e-6
            if name in self.weak:
                high = min(high, int(expected / 2 + slack))
            if pair["contact"] == "fewer":
                high = min(high, int(expected * 2 / 3 + slack))
            if pair["contact"] == "as_expected":
                low = max(low, int(np.ceil(expected * 2 / 3 - slack)))
                high = min(high, int(expected * 3 / 2 + slack))
            if pair["contact"] == "more":
                low = max(low, int(np.ceil(expected * 3 / 2 - slack)))
        return low, max(low, high)

    def by_programming(self) -> dict[Pair, Interval]:
        """Row totals follow from the factors: whole numbers that fit them, by programming.

        With departments that are not shown, each row has contact with them too. The expected values
        of a row still add up to its total; with one such department, so do those of its own row.
        """
        limits = [self._limits(name) for name in self.unknown]
        known = [name for name in self.names if name in self.outward]
        # Departments without contact elsewhere are not modelled and have no factor.
        zero = [n for n in self.names if all(t == 0 for p, t in self.ties.items() if n in p)]
        if set(known) | set(zero) != set(self.names) or len(known) < 4:
            return dict(zip(self.unknown, limits, strict=True))
        count, rows = len(self.unknown), len(known)
        outside = rows if self.hidden else 0
        width = count + outside + (1 if outside else 0)
        total = sum(self.outward.values())
        matrix, low, high = [], [], []
        for i, name in enumerate(known):
            factor = self.outward[name]
            row = np.zeros(width)
            row[[j for j, pair in enumerate(self.unknown) if name in pair]] = 1.0
            target = factor * (total - factor)
            target -= sum(t for p, t in self.ties.items() if t is not None and name in p)
            if outside:
                row[count + i] = 1.0
                row[-1] = -factor
                give = 0.5
            else:
                target, give = round(target), 0.01
            matrix.append(row)
            low.append(target - give)
            high.append(target + give)
        if self.hidden == 1:
            row = np.zeros(width)
            row[count : count + outside] = 1.0
            row[-1] = -total
            matrix.append(row)
            low.append(-0.5)
            high.append(0.5)
        constraint = LinearConstraint(np.array(matrix), low, high)
        lower = np.array([a for a, _ in limits] + [0] * (width - count), dtype=float)
        most = 10.0 * sum(self.size.values())
        upper = np.array([b for _, b in limits] + [most] * (width - count), dtype=float)
        whole = np.ones(width)
        if outside:
            whole[-1] = 0
        found = {}
        for i, name in enumerate(self.unknown):
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(width)
                goal[i] = sign
                solved = milp(
                    goal,
                    constraints=constraint,
                    bounds=Bounds(lower, upper),
                    integrality=whole,
                    options={"node_limit": PATIENCE},
                )
                ends.append(round(float(solved.x[i])) if solved.status == 0 else None)
            if ends[0] is None or ends[1] is None:
                # The factors were not read well enough: nothing follows from them.
                return dict(zip(self.unknown, limits, strict=True))
            found[name] = (ends[0], ends[1])
        return found

    def by_trying(self, bounds: dict[Pair, Interval]) -> list[list[int]]:
        """All tables that would have been published as this one was; empty where too many."""
        if self.hidden or len(self.outward) < 4:
            return []
        worlds = []
        for tried, world in enumerate(self._worlds(bounds)):
            if tried >= PATIENCE:
                return []
            if world is not None and self._published_alike(world):
                worlds.append(world)
        return worlds

    def _worlds(self, bounds: dict[Pair, Interval]) -> Iterator[list[int] | None]:
        """Fill in the withheld numbers one by one; None for every dead end."""
        total = sum(self.outward.values())
        left = {}
        for name, factor in self.outward.items():
            seen = sum(t for p, t in self.ties.items() if t is not None and name in p)
            left[name] = round(factor * (total - factor)) - seen
        last = {}
        for i, pair in enumerate(self.unknown):
            for name in pair:
                last[name] = i

        def fill(i: int, chosen: list[int]) -> Iterator[list[int] | None]:
            if i == len(self.unknown):
                yield list(chosen)
                return
            a, b = self.unknown[i]
            low, high = bounds[self.unknown[i]]
            high = min(high, left.get(a, high), left.get(b, high))
            for name in (a, b):
                if name in left and last[name] == i:
                    low, high = max(low, left[name]), min(high, left[name])
            if low > high:
                yield None
            for value in range(low, high + 1):
                for name in (a, b):
                    if name in left:
                        left[name] -= value
                yield from fill(i + 1, [*chosen, value])
                for name in (a, b):
                    if name in left:
                        left[name] += value

        return fill(0, [])

    def _published_alike(self, world: list[int]) -> bool:
        """Whether this table gives every expected value, interval and q that is shown."""
        k = len(self.names)
        at = {name: i for i, name in enumerate(self.names)}
        ties = np.zeros((k, k))
        filled = {**self.ties, **dict(zip(self.unknown, world, strict=True))}
        for (a, b), value in filled.items():
            ties[at[a], at[b]] = ties[at[b], at[a]] = value
        model = quasi_independence(ties)
        cells = np.array([(at[a], at[b]) for a, b in self.pairs])
        expected = model.expected[cells[:, 0], cells[:, 1]]
        residual = model.residual[cells[:, 0], cells[:, 1]]
        tested = (expected >= 5) & ~np.isnan(residual)
        dispersion = overdispersion(residual[tested])
        p = np.where(tested, norm.cdf(residual / np.sqrt(dispersion)), np.nan)
        q = benjamini_hochberg(p)
        counts = ties[cells[:, 0], cells[:, 1]]
        low, high = ratio_interval(counts, expected, dispersion)
        for i, pair in enumerate(self.pairs.values()):
            if pair["expected"] is None:
                continue
            for value, shown, digits in (
                (expected[i], pair["expected"], 1 if expected[i] < 10 else 0),
                (low[i], pair["low"], 2),
                (high[i], pair["high"], 2),
                (q[i], pair["q"], 3),
            ):
                if shown is not None and not abs(value - shown) <= 0.51 * 10**-digits + 1e-6:
                    return False
        weak = (q <= 0.10) & (counts <= 0.5 * expected)
        return (
            not self.tested
            or {
                name
                for name, found in zip(self.pairs, weak, strict=True)
                if found and min(self.size[name[0]], self.size[name[1]]) >= 5
            }
            == self.weak
        )


def withheld_headcount(model: Model) -> set[int]:
    """How many people the departments that are not shown may have together.

    Head counts are told in steps of 5 where some are hidden; expectations by headcount narrow them
    where they were not made from the told counts.
    """
    coverage = model["coverage"]
    known = coverage["people_seen"]
    unknown = round((coverage["unknown_department"] or 0.0) * known)
    minimum = model["policy"]["minimum_group"]
    if unknown >= minimum:
        known -= unknown
    departments = model["departments"]
    from_told = all(
        d["expected_inside"] is None
        or abs(d["expected_inside"] - (d["people"] - 1) / max(known - 1, 1)) <= 0.0101
        for d in departments
    )
    possible = {0}
    for department in departments:
        people = department["people"]
        sizes = [
            size
            for size in range(max(people - 2, minimum), people + 3)
            if from_told or _fits(department, size, known)
        ] or [people]
        possible = {total + size for total in possible for size in sizes}
    hidden = coverage["withheld_departments"]
    return {known - total for total in possible if known - total >= hidden}


def _fits(department: dict[str, Any], size: int, known: int) -> bool:
    """Whether a headcount gives the published expectations of this department."""
    inside = department["share_inside"]
    expected = department["expected_inside"]
    if expected is None or inside is None or department["openness"] is None:
        return True
    if abs((size - 1) / max(known - 1, 1) - expected) > 0.0051:
        return False
    scale = (known - 1) / max(known - size, 1)
    return bool(abs((1 - inside) * scale - department["openness"]) <= 0.0051 + 0.0051 * scale)


def withheld_circle_cells(model: Model) -> dict[tuple[str, int], Interval]:
    """For each empty cell of departments by circles, how many people it may hold."""
    communities = model["communities"]
    if communities is None:
        return {}
    names = [row["department"] for row in communities["rows"]]
    people = {d["name"]: d["people"] for d in model["departments"]}
    everything = model["coverage"]["withheld_departments"] == 0
    rows, columns = len(names), len(communities["circles"])
    unknown = [
        (g, c)
        for g in range(rows)
        for c in range(columns)
        if communities["rows"][g]["shares"][c] is None
    ]
    width = rows * columns
    lower, upper = np.zeros(width), np.zeros(width)
    give = 0.0 if everything else 2.0
    for g, name in enumerate(names):
        n = people[name]
        for c in range(columns):
            share = communities["rows"][g]["shares"][c]
            if share is None:
                upper[g * columns + c] = n + give
            else:
                lower[g * columns + c] = np.ceil((share - 0.0251) * (n - give))
                upper[g * columns + c] = np.floor((share + 0.0251) * (n + give))
    matrix, low, high = [], [], []
    for g, name in enumerate(names):
        row = np.zeros(width)
        row[g * columns : (g + 1) * columns] = 1.0
        matrix.append(row)
        low.append(0.0)
        high.append(people[name] + give)
    told = communities["circle_people"]
    off = 2 if all(count % 5 == 0 for count in told) else 0
    for c in range(columns):
        row = np.zeros(width)
        row[c::columns] = 1.0
        matrix.append(row)
        low.append(told[c] - off if everything else 0.0)
        high.append(told[c] + off)
    constraint = LinearConstraint(np.array(matrix), low, high)
    found = {}
    for g, c in unknown:
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(width)
            goal[g * columns + c] = sign
            solved = milp(
                goal,
                constraints=constraint,
                bounds=Bounds(lower, upper),
                integrality=np.ones(width),
            )
            ends.append(round(sign * float(solved.fun)) if solved.x is not None else 0)
        found[names[g], c] = (ends[0], ends[1])
    return found


def _rounding(value: float) -> tuple[float, float]:
    half = 0.05 if value < 10 else 0.5
    return max(value - half, 1e-6), value + half
