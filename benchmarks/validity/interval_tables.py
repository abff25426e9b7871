"""How often intervals hold the true value, and how often a change is called."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import markdown_table
from benchmarks.validity.parts import CHANGES, INTERVAL_FIRMS
from benchmarks.validity.scoring import Rate, rate

Record = dict[str, Any]
SCORES = ("index", "openness", "coverage", "resilience")
SHIPPED = "centred on the value (shipped)"
PERCENTILE = "percentile (first)"
KINDS = (SHIPPED, PERCENTILE, "basic")


def covered(record: Record, kind: str) -> NDArray[np.bool_]:
    """Say for each interval of a firm whether it holds the mean over all windows."""
    values = np.array(record["values"], dtype=float)
    low, high = np.array(record["low"]), np.array(record["high"])
    value = values[: len(low)]
    if kind.startswith("basic"):
        low, high = 2 * value - high, 2 * value - low
    elif kind.startswith("centred"):
        half = (high - low) / 2
        low, high = value - half, value + half
    true = values.mean(axis=0)
    return (low <= true) & (true <= high)


def index_rates(records: list[Record], kind: str) -> list[Rate]:
    """Coverage of the index and its three sub-scores."""
    every = np.concatenate([covered(record, kind) for record in records])
    return [rate(column.tolist()) for column in every.T]


def openness_rate(records: list[Record]) -> Rate:
    """Coverage of departments' openness."""
    hits: list[bool] = []
    for record in records:
        hits += covered(record, PERCENTILE).ravel().tolist()
    return rate(hits)


def index_coverage(records: list[Record]) -> str:
    """Coverage of the three kinds of interval, by firm."""
    rows = []
    for kind in KINDS:
        for name in (*INTERVAL_FIRMS, None):
            firms = [r for r in records if name is None or r["job"][0] == name]
            if not firms:
                continue
            rates = index_rates(firms, kind)
            rows.append(
                [kind, name or "**all**", str(rates[0].trials), *(f"{r.value:.3f}" for r in rates)]
            )
    return markdown_table(["interval", "firm", "intervals", *SCORES], rows)


def openness_coverage(records: list[Record]) -> str:
    """Coverage of departments' openness, by firm."""
    rows = []
    for name in (*INTERVAL_FIRMS, None):
        firms = [r for r in records if name is None or r["job"][0] == name]
        if firms:
            found = openness_rate(firms)
            rows.append([name or "**all**", str(found.trials), f"{found.value:.3f}"])
    return markdown_table(["firm", "intervals", "hold the truth"], rows)


def change_rates(records: list[Record]) -> tuple[Rate, Rate, Rate]:
    """Tests with p ≤ .05 and firms with a called change where nothing changed; recall."""
    tests: list[bool] = []
    alarms: list[bool] = []
    found: list[bool] = []
    for record in records:
        planted = np.array(record["planted"], dtype=bool)
        changed = np.array(record["changed"], dtype=bool)
        if not planted.any():
            tests += [p <= 0.05 for p in record["p"] if not np.isnan(p)]
        alarms.append(bool((changed & ~planted).any()))
        found += changed[planted].tolist()
    return rate(tests), rate(alarms), rate(found)


def changes(records: list[Record]) -> str:
    """What the test of change says, by what happened between the two windows."""
    rows = []
    for name in CHANGES:
        firms = [record for record in records if record["job"][0] == name]
        if not firms:
            continue
        cells = change_rates(firms)
        rows.append(
            [name, str(len(firms)), *(f"{c.value:.3f}" if c.trials else "–" for c in cells)]
        )
    header = ["between the windows", "firms", "tests with p ≤ .05", "alarm about another",
              "recall"]  # fmt: skip
    return markdown_table(header, rows)
