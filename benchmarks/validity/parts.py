"""The parts of the study: firms, firms with confidence, intervals of the index, changes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.validity.firms import FIRST_SEED, diagnosed_firm
from benchmarks.validity.scenarios import SCENARIOS, UNEQUAL_DEPARTMENTS
from benchmarks.validity.study import Job
from orgnet.measures import horizontal_alignment_index, openness, silo_test
from orgnet.measures.changes import openness_change
from orgnet.network import Network
from orgnet.simulate import Rates, plant_drift, plant_organisation, weekly_ties
from orgnet.simulate.contact import contact_over
from orgnet.simulate.ties import draw_ties

#: Windows that are drawn of a firm to know its true index, and those that get an interval.
WINDOWS, WITH_INTERVAL = 16, 4

#: Firms of which the intervals are asked.
INTERVAL_FIRMS: dict[str, dict[str, Any]] = {
    "usual": {},
    "no fault": {"silos": 0, "bottlenecks": 0, "weak_links": 0},
    "160 people": {"people": 160, "departments": 7, "silos": 1, "bottlenecks": 1, "weak_links": 1},
    "little contact": {"rates": Rates(cross_degree=2.0)},
}
#: Two windows each: what is done to the firm between them.
CHANGES: dict[str, dict[str, Any]] = {
    "no turnover": {"turnover": 0.0},
    "30 % turnover": {},
    "60 % turnover": {"turnover": 0.6},
    "30 %, departments differ": {"rates": UNEQUAL_DEPARTMENTS},
    "2 of 10 close (× .25)": {"closing": 2},
    "2 of 10 half close (× .5)": {"closing": 2, "rates": Rates(silo_factor=0.5)},
}


def jobs(firms: int) -> dict[str, list[Job]]:
    """List the jobs of each part, if `firms` firms are asked of the main scenarios."""
    plain = [
        (scenario.name, FIRST_SEED + number)
        for scenario in SCENARIOS
        for number in range(max(1, round(firms * scenario.share)))
    ]
    plain.sort(key=lambda job: job[1])
    few = max(1, firms // 8)
    return {
        "firms": plain,
        "confidence": [
            (name, FIRST_SEED + 10_000 + number)
            for name in ("null", "all")
            for number in range(few)
        ],
        "intervals": [
            (name, FIRST_SEED + 20_000 + number)
            for name in INTERVAL_FIRMS
            for number in range(max(1, firms // 10))
        ],
        "openness": [
            (name, FIRST_SEED + 40_000 + number)
            for name in INTERVAL_FIRMS
            for number in range(max(1, firms // 20))
        ],
        "changes": [
            (name, FIRST_SEED + 30_000 + number)
            for name in CHANGES
            for number in range(max(1, firms if name == "30 % turnover" else firms // 8))
        ],
    }


def firm(job: Job) -> dict[str, Any]:
    """Diagnose a firm without robustness draws: none of the rates depends on them."""
    return {"job": job, **diagnosed_firm(*job)}


def confident_firm(job: Job) -> dict[str, Any]:
    """Diagnose a firm as a user does, with the draws without a fifth of the people."""
    return {"job": job, **diagnosed_firm(*job, robustness_draws=100)}


def index_intervals(job: Job) -> dict[str, Any]:
    """Draw many windows over the same ties; the true index is their mean."""
    name, seed = job
    firm = plant_organisation(seed=seed, **INTERVAL_FIRMS[name])
    ties = draw_ties(firm.rng("contact"), firm)
    values, lows, highs = [], [], []
    fields = ("value", "openness", "coverage", "resilience")
    ends = {"value": ("low", "high")} | {f: (f"{f}_low", f"{f}_high") for f in fields[1:]}
    for window in range(WINDOWS):
        contact = contact_over(np.random.default_rng([seed, window]), firm, ties)
        network = Network.from_ties(weekly_ties(firm, contact), firm.people)
        draws = 500 if window < WITH_INTERVAL else 0
        # The percentile interval is recorded; the tables make the others of it.
        with patch("orgnet.measures.alignment.around_value", lambda value, low, high: (low, high)):
            index = horizontal_alignment_index(network, by="department", draws=draws)
        values.append([getattr(index, field) for field in fields])
        if draws:
            lows.append([getattr(index, ends[field][0]) for field in fields])
            highs.append([getattr(index, ends[field][1]) for field in fields])
    return {"job": job, "values": values, "low": lows, "high": highs}


def openness_intervals(job: Job) -> dict[str, Any]:
    """Draw the ties of the same people many times; a department's true openness is the mean."""
    name, seed = job
    firm = plant_organisation(seed=seed, **INTERVAL_FIRMS[name])
    values, lows, highs = [], [], []
    for window in range(WINDOWS):
        rng = np.random.default_rng([seed, window])
        contact = contact_over(rng, firm, draw_ties(rng, firm))
        network = Network.from_ties(weekly_ties(firm, contact), firm.people)
        values.append(openness(network, by="department").round(6).tolist())
        if window < WITH_INTERVAL:
            test = silo_test(network, by="department")
            lows.append(test["low"].round(6).tolist())
            highs.append(test["high"].round(6).tolist())
    return {"job": job, "values": values, "low": lows, "high": highs}


def change(job: Job) -> dict[str, Any]:
    """Test the departments of two windows for a change."""
    name, seed = job
    before, after = plant_drift(seed=seed, **CHANGES[name])
    test = openness_change(
        Network.from_ties(before.ties, before.people),
        Network.from_ties(after.ties, after.people),
        by="department",
    )
    return {
        "job": job,
        "planted": [name in after.truth.silos for name in test.index],
        "p": test["p"].round(6).tolist(),
        "changed": test["changed"].tolist(),
    }


WORK = {
    "firms": firm,
    "confidence": confident_firm,
    "intervals": index_intervals,
    "openness": openness_intervals,
    "changes": change,
}
