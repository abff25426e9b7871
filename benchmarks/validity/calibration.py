"""Whether a p of .05 is one, and what other rules and limits would have done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.tables import markdown_table
from benchmarks.validity.error_tables import (
    false_alarm_firms,
    false_discoveries,
    of,
    recall,
)
from benchmarks.validity.rules import Record, Rule, bottlenecks, silos
from benchmarks.validity.scenarios import SCENARIOS
from benchmarks.validity.scoring import Rate, auc, rate

ALPHA = 0.05
#: Ordered pairs with fewer ties are never called.
TESTED_TIES = 5


def silo_tests(record: Record, *, former: bool = False) -> list[bool]:
    """Which departments without a fault have a p of at most .05."""
    table = record["departments"]
    p = table["former_p" if former else "p"]
    return [
        value <= ALPHA
        for value, planted in zip(p, table["planted"], strict=True)
        if not planted and not np.isnan(value)
    ]


def weak_tests(record: Record) -> list[bool]:
    """The same of pairs of departments that are tested."""
    table = record["pairs"]
    return [
        value <= ALPHA
        for value, planted in zip(table["p"], table["weak_planted"], strict=True)
        if not planted and not np.isnan(value)
    ]


def side_tests(record: Record, *, former: bool = False) -> list[bool]:
    """The same of the sides of pairs with enough ties."""
    table = record["held"]
    p = table["former_p" if former else "p"]
    return [
        value <= ALPHA
        for value, ties, planted in zip(p, table["ties"], table["planted"], strict=True)
        if ties >= TESTED_TIES and not planted
    ]


def per_test(records: list[Record], which: str, *, former: bool = False) -> Rate:
    """Count tests with a p of at most .05 where nothing is planted."""
    hits: list[bool] = []
    for record in records:
        if which == "silo":
            hits += silo_tests(record, former=former)
        elif which == "weak":
            hits += weak_tests(record)
        else:
            hits += side_tests(record, former=former)
    return rate(hits)


def calibration(records: list[Record]) -> str:
    """Share of tests with p ≤ .05 where nothing is planted."""
    rows = []
    for title, firms in _null(records):
        cells = [
            per_test(firms, "silo"), per_test(firms, "silo", former=True),
            per_test(firms, "weak"),
            per_test(firms, "side"), per_test(firms, "side", former=True),
        ]  # fmt: skip
        rows.append([title, *(f"{cell.value:.3f}" for cell in cells)])
    header = ["firms without a fault", "silo", "silo, first", "weak link", "one person holds",
              "one person holds, first"]  # fmt: skip
    return markdown_table(header, rows)


def silo_rules(records: list[Record]) -> str:
    """The rule of silos beside the first one."""
    return _beside(
        records,
        {
            "shipped": silos(),
            "without its second half": silos(far=False),
            "first test, floor ⅔": silos(former=True, far=False),
        },
        ["null", "null_departments_2", "null_departments_3", "null_people", "null_small"],
        ["silo", "all", "all_departments_3"],
    )


def floors(records: list[Record]) -> str:
    """The rule of silos with other floors."""
    rules = {
        f"{name}, floor {floor:.2f}": silos(floor=floor, former=former, far=False)
        for name, former in (("test of the first half", False), ("first test", True))
        for floor in (0.5, 0.55, 0.6, 2 / 3, 0.75, 1.0)
    }
    return _beside(
        records, rules, ["null", "null_departments_2", "null_departments_3"],
        ["all", "all_departments_3"],
    )  # fmt: skip


def bottleneck_rules(records: list[Record]) -> str:
    """The rule of bottlenecks beside the first one."""
    return _beside(
        records,
        {
            "shipped": bottlenecks(),
            "first p": bottlenecks(former_p=True),
            "first bus factor": bottlenecks(former_bus_factor=True),
            "people out of place left in": bottlenecks(everybody=True),
            "all as first specified": bottlenecks(
                former_p=True, former_bus_factor=True, everybody=True
            ),
        },
        ["null", "null_people", "null_small", "null_wrong"],
        ["bottleneck", "all", "all_spoiled"],
    )


def confidence_words(records: list[Record]) -> str:
    """How often findings of each word are true, and how often a firm without a fault has one."""
    rows = []
    for word in ("clear", "likely", "tentative"):
        given = [
            true for record in of(records, "all") for _, true, said in record["findings"]
            if said == word
        ]  # fmt: skip
        firms = of(records, "null")
        alarms = rate([any(said == word for *_, said in firm["findings"]) for firm in firms])
        true = rate(given)
        rows.append(
            [
                f"`{word}`",
                str(true.trials),
                f"{true.value:.3f}" if true.trials else "–",
                f"{alarms.hits} of {alarms.trials}",
            ]
        )
    header = ["word", "findings in firms with faults", "of them true", "firms without with one"]
    return markdown_table(header, rows)


def other_faults(records: list[Record]) -> str:
    """Faults that are no finding: how well the measure that is about them ranks them."""
    rows = []
    hubs = of(records, "hub")
    if hubs:
        score = [value for record in hubs for value in record["hubs"]["score"]]
        planted = [value for record in hubs for value in record["hubs"]["planted"]]
        rows.append(["department through which four others go", str(len(hubs)),
                     "`intermediation`", f"{auc(planted, score):.3f}"])  # fmt: skip
    loaded = of(records, "overload")
    for column, title in (
        ("contacts", "number of contacts"),
        ("strength", "active weeks, both ways"),
    ):
        if loaded:
            score = [value for record in loaded for value in record["people"][column]]
            planted = [value for record in loaded for value in record["people"]["planted"]]
            rows.append(
                ["overloaded person", str(len(loaded)), title, f"{auc(planted, score):.3f}"]
            )
    return markdown_table(["planted", "firms", "ranked by", "AUC"], rows)


def _beside(
    records: list[Record], rules: dict[str, Rule], null: list[str], planted: list[str]
) -> str:
    titles = {scenario.name: scenario.title for scenario in SCENARIOS}
    null = [name for name in null if of(records, name)]
    planted = [name for name in planted if of(records, name)]
    rows = []
    for title, rule in rules.items():
        cells = [f"{false_alarm_firms(of(records, name), rule).value:.3f}" for name in null]
        for name in planted:
            firms = of(records, name)
            cells.append(f"{recall(firms, rule).value:.2f} / {false_discoveries(firms, rule):.3f}")
        rows.append([title, *cells])
    return markdown_table(["rule", *(titles[name] for name in [*null, *planted])], rows)


def _null(records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    for scenario in SCENARIOS:
        firms = of(records, scenario.name)
        if scenario.null and firms:
            yield scenario.title, firms
