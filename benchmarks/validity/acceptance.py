"""The acceptance of the specification, criterion by criterion, with what was measured."""

from __future__ import annotations

from typing import Any

from benchmarks.tables import markdown_table
from benchmarks.validity.calibration import ALPHA, per_test
from benchmarks.validity.error_tables import (
    RULES,
    false_alarm_firms,
    false_discoveries,
    of,
    ranking,
    recall,
)
from benchmarks.validity.interval_tables import SHIPPED, change_rates, index_rates, openness_rate
from benchmarks.validity.rules import Record, bottlenecks
from benchmarks.validity.scoring import Rate

Q = {"silo": 0.10, "weak link": 0.10, "bottleneck": 0.01}
NULLS = {
    "null": "nothing planted",
    "null_departments_3": "departments differ much",
    "null_people": "very unequal people",
}


def acceptance(parts: dict[str, list[dict[str, Any]]]) -> str:
    """One row a criterion: limit, measured, met or not."""
    firms = parts["firms"]
    rows: list[list[str]] = []
    for name, title in NULLS.items():
        null = of(firms, name)
        if not null:
            continue
        for which, test in (("silo", "silo"), ("weak", "weak link"), ("side", "one person holds")):
            found = per_test(null, which)
            limit = 1.5 * ALPHA
            rows.append(_most(f"false alarms per test, {test}; {title}", found, limit))
        for kind, rule in RULES.items():
            alarms = false_alarm_firms(null, rule)
            rows.append(_most(f"firms with a false {kind}; {title}", alarms, 2 * Q[kind]))
    planted = of(firms, "all")
    if planted:
        for kind, rule in RULES.items():
            share, limit = false_discoveries(planted, rule), 1.5 * Q[kind]
            rows.append(
                [
                    f"false among found, {kind}",
                    f"≤ {limit:.3f}",
                    f"{share:.3f}",
                    _met(share <= limit),
                ]
            )
    ranked = {"silo": ("silo", 0.95)}
    for kind, (scenario, limit) in ranked.items():
        if of(firms, scenario):
            value = ranking(of(firms, scenario), kind)
            rows.append([f"AUC, {kind} × .25", f"≥ {limit}", f"{value:.3f}", _met(value >= limit)])
    if of(firms, "weak"):
        found = _testable_recall(of(firms, "weak"))
        rows.append(_least("recall, weak pair × .15 with E ≥ 5", found, 0.5))
    if of(firms, "bottleneck"):
        found = recall(of(firms, "bottleneck"), bottlenecks())
        rows.append(_least("recall, bottleneck with ≥ 5 ties", found, 0.9))
    if parts["intervals"]:
        rates = index_rates(parts["intervals"], SHIPPED)
        for title, found in zip(
            ("index", "openness", "coverage", "resilience"), rates, strict=True
        ):
            rows.append(_between(f"interval holds the truth, {title}", found))
    if parts["openness"]:
        found = openness_rate(parts["openness"])
        rows.append(_between("interval holds the truth, a department's openness", found))
    drift = [record for record in parts["changes"] if record["job"][0] == "30 % turnover"]
    if drift:
        tests, alarms, _ = change_rates(drift)
        rows.append(_most("change, per test, 30 % turnover", tests, 1.5 * ALPHA))
        rows.append(_most("firms with a false change, 30 % turnover", alarms, 0.2))
    return markdown_table(["criterion", "limit", "measured", "met"], rows)


def _testable_recall(records: list[Record]) -> Rate:
    hits = trials = 0
    for record in records:
        called, planted = RULES["weak link"](record)
        for number, wanted in enumerate(planted):
            if wanted and record["pairs"]["expected"][number] >= 5:
                trials += 1
                hits += bool(called[number])
    return Rate(hits=hits, trials=trials)


def _most(title: str, found: Rate, limit: float) -> list[str]:
    met = found.value <= limit
    within = not met and not found.exceeds(limit)
    word = "within the 99 % band" if within else _met(met)
    return [title, f"≤ {limit:.3f}", f"{found.value:.3f} of {found.trials}", word]


def _least(title: str, found: Rate, limit: float) -> list[str]:
    return [title, f"≥ {limit}", f"{found.value:.3f} of {found.trials}", _met(found.value >= limit)]


def _between(title: str, found: Rate) -> list[str]:
    met = 0.90 <= found.value <= 0.98
    return [title, ".90–.98", f"{found.value:.3f} of {found.trials}", _met(met)]


def _met(met: bool) -> str:
    return "yes" if met else "**no**"
