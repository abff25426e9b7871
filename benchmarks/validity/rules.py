"""The rules of findings, replayed on the records with other limits than those that ship."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orgnet.diagnosis import WEAK_Q, WEAK_RATIO
from orgnet.findings import DEPENDENCY, DEPENDENCY_Q, DEPENDENCY_TIES
from orgnet.statistics.multiple_testing import benjamini_hochberg

Record = dict[str, Any]
#: Which departments or pairs of a firm a rule calls, and which of them are planted.
Called = tuple[NDArray[np.bool_], NDArray[np.bool_]]
Rule = Callable[[Record], Called]

SILO_Q = 0.10
SILO_FLOOR = 2 / 3
SILO_FAR_FLOOR = 1 / 2


def silos(*, floor: float = SILO_FLOOR, former: bool = False, far: bool = True) -> Rule:
    """The rule of silos, with another floor, without its second half, or with the first test."""

    def rule(record: Record) -> Called:
        table = _arrays(record["departments"])
        q = table["former_q" if former else "q"]
        called = (q <= SILO_Q) & (table["openness"] <= floor * table["median_others"])
        if far and len(q) > 2:
            # The first test is the one that leaves out how much departments differ.
            closed = table["openness"] <= SILO_FAR_FLOOR * table["median_others"]
            called |= (table["former_q"] <= SILO_Q) & closed
        return called, table["planted"].astype(bool)

    return rule


def weak_links(record: Record) -> Called:
    """The rule of weak links."""
    table = _arrays(record["pairs"])
    called = (table["q"] <= WEAK_Q) & (table["ratio"] <= WEAK_RATIO)
    return called, table["weak_planted"].astype(bool)


def bottlenecks(
    *, former_p: bool = False, former_bus_factor: bool = False, everybody: bool = False
) -> Rule:
    """The rule of bottlenecks; with the first p, the first rule of bus factors, or everybody.

    `everybody` keeps the people out of place in their groups.
    """

    def rule(record: Record) -> Called:
        table = record["held_by_all" if everybody else "held"]
        q = benjamini_hochberg(table["former_p" if former_p else "p"])
        by_count = (
            (np.array(table["dependency"]) >= DEPENDENCY)
            & (np.array(table["ties"]) >= DEPENDENCY_TIES)
            & (q <= DEPENDENCY_Q)
        )
        held = {pair for pair, called in zip(table["pair"], by_count, strict=True) if called}
        counted = np.array(table["any_ties" if former_bus_factor else "regular_ties"])
        single = (np.array(table["bus_factor"]) == 1) & (counted >= DEPENDENCY_TIES)
        pairs = combinations(record["departments"]["name"], 2)
        named = np.array(["|".join(pair) in held for pair in pairs])
        enough = np.array(record["pairs"]["ties"]) >= DEPENDENCY_TIES
        return enough & (named | single), np.array(record["pairs"]["held_planted"])

    return rule


def _arrays(table: dict[str, list[Any]]) -> dict[str, NDArray[np.float64]]:
    return {
        name: np.array(values, dtype=float)
        for name, values in table.items()
        if name not in ("name", "pair")
    }
