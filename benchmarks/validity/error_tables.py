"""How often the rules raise a false alarm, and how much of what is planted they find."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.tables import markdown_table
from benchmarks.validity.rules import Record, Rule, bottlenecks, silos, weak_links
from benchmarks.validity.scenarios import SCENARIOS
from benchmarks.validity.scoring import Rate, auc, rate
from orgnet.findings import DEPENDENCY_TIES

RULES: dict[str, Rule] = {
    "silo": silos(),
    "weak link": weak_links,
    "bottleneck": bottlenecks(),
}
KEYS = {"silo": "silo", "weak link": "weak_link", "bottleneck": "bottleneck"}


def of(records: list[Record], scenario: str) -> list[Record]:
    """Return the records of a scenario."""
    return [record for record in records if record["scenario"] == scenario]


def false_alarm_firms(records: list[Record], rule: Rule) -> Rate:
    """Count the firms in which a rule calls something that is not planted."""
    return rate([bool((called & ~planted).any()) for called, planted in map(rule, records)])


def false_discoveries(records: list[Record], rule: Rule) -> float:
    """Mean share of false ones among what is called, 0 where nothing is."""
    shares = [
        (called & ~planted).sum() / max(1, called.sum()) for called, planted in map(rule, records)
    ]
    return float(np.mean(shares)) if shares else float("nan")


def recall(records: list[Record], rule: Rule) -> Rate:
    """Count the planted that are called."""
    hits: list[bool] = []
    for called, planted in map(rule, records):
        hits += called[planted].tolist()
    return rate(hits)


def error_rates(records: list[Record]) -> str:
    """Firms without a fault: in how many is there an alarm."""
    rows = []
    for scenario in SCENARIOS:
        firms = of(records, scenario.name)
        if not scenario.null or not firms:
            continue
        # As diagnosed, gates included: a gate that closes raises no alarm.
        alarms = [
            rate([any(kind == key for kind, _, _ in firm["findings"]) for firm in firms])
            for key in KEYS.values()
        ]
        rows.append([scenario.title, str(len(firms)), *map(_with_interval, alarms)])
    return markdown_table(["firms without a fault", "firms", *KEYS], rows)


def found_faults(records: list[Record]) -> str:
    """Firms with faults: recall, false discoveries and AUC of each kind."""
    rows = []
    for scenario in SCENARIOS:
        firms = of(records, scenario.name)
        for title, rule in RULES.items():
            if not firms or not any(planted.any() for _, planted in map(rule, firms)):
                continue
            rows.append(
                [
                    scenario.title,
                    str(len(firms)),
                    title,
                    _with_interval(recall(firms, rule)),
                    f"{false_discoveries(firms, rule):.3f}",
                    f"{ranking(firms, title):.3f}",
                ]
            )
    return markdown_table(["planted", "firms", "kind", "recall", "false among found", "AUC"], rows)


def ranking(records: list[Record], title: str) -> float:
    """AUC of the statistic behind a rule."""
    planted: list[Any] = []
    score: list[float] = []
    for record in records:
        if title == "silo":
            planted += record["departments"]["planted"]
            score += [-z for z in record["departments"]["z"]]
        elif title == "weak link":
            planted += record["pairs"]["weak_planted"]
            score += [-z for z in record["pairs"]["z"]]
        else:
            p, held = _smallest_p(record)
            planted += held
            score += [-value for value in p]
    return auc(planted, score)


def _smallest_p(record: Record) -> tuple[list[float], list[bool]]:
    """Return the smaller p of both sides of each pair that has the ties to be called."""
    table = record["held"]
    least: dict[str, float] = {}
    planted: dict[str, bool] = {}
    for pair, p, ties, held in zip(
        table["pair"], table["p"], table["ties"], table["planted"], strict=True
    ):
        if ties >= DEPENDENCY_TIES:
            least[pair] = min(p, least.get(pair, 1.0))
            planted[pair] = held
    return list(least.values()), list(planted.values())


def _with_interval(value: Rate) -> str:
    low, high = value.interval
    return f"{value.value:.3f} ({low:.3f}–{high:.3f})" if value.trials else "–"
