"""Invented firms that fill every section: two periods, reporting lines, requirements, a survey."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure.survey import SurveyData
from orgnet.network import Network

ITEMS = ("We decide together", "Plans reach me in time")

#: Where the departments shown and hidden by a release differ most.
SIZES = (10, 16, 25, 40, 60, 90, 160)


@dataclass(frozen=True, eq=False)
class Firm:
    """What is known of a firm before anything is released.

    Attributes
    ----------
    diagnosis
        What was found.
    answers
        Of the survey.
    """

    diagnosis: Diagnosis
    answers: SurveyData


@cache
def sectioned(seed: int) -> Firm:
    """Return a firm of 10 to 160 people, in 3 to 8 departments, with all that can be asked."""
    rng = np.random.default_rng(1000 + seed)
    n = SIZES[seed % len(SIZES)]
    k = int(rng.integers(3, max(4, min(9, n // 4))))
    code = np.sort(np.concatenate([np.repeat(np.arange(k), 2), rng.integers(0, k, n - 2 * k)]))
    people = pd.DataFrame(
        {
            "person": [f"p{i:03d}" for i in range(n)],
            "department": [f"D{c}" for c in code],
            "manager": _managers(code, one_top=bool(seed % 2)),
        }
    )
    before, after = (_window(rng, people, code, weeks) for weeks in (0, 12))
    names = sorted(set(people["department"]))
    required = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if rng.random() < 0.5]
    needs = pd.DataFrame(required or [names[:2]], columns=["group_a", "group_b"])
    needs["weight"] = rng.integers(1, 4, len(needs)).astype(float)
    diagnosis = diagnose(
        after, requirements=needs, earlier=before, draws=20, robustness_draws=0, seed=1
    )
    return Firm(diagnosis, _answers(rng, people))


def _managers(code: np.ndarray, *, one_top: bool) -> list[str | None]:
    """Let the first of each department lead it, and two others teams; perhaps all report to one."""
    managers: list[str | None] = []
    for place, own in enumerate(code):
        first = int(np.argmax(code == own))
        if place == first:
            managers.append("p000" if one_top and place else None)
        else:
            lead = first + 1 + (place - first) % 2
            managers.append(f"p{first if place - first <= 2 else lead:03d}")
    return managers


def _window(rng: np.random.Generator, people: pd.DataFrame, code: np.ndarray, week: int) -> Network:
    n = len(code)
    outward = rng.lognormal(0, 0.6, n)
    first, second = np.triu_indices(n, 1)
    inside = code[first] == code[second]
    far = min(1.0, 8 / n) * outward[first] * outward[second] * rng.choice([0.1, 0.3, 0.8])
    tied = rng.random(len(first)) < 1 - np.exp(-np.where(inside, 0.9, far))
    first, second = first[tied], second[tied]
    active = rng.random((len(first), 12)) < rng.uniform(0.1, 0.9, len(first))[:, None]
    active[:, 0] |= ~active.any(axis=1)
    tie, at = np.nonzero(active)
    monday = pd.Timestamp("2026-01-05") + pd.to_timedelta(7 * (at + week), unit="D")
    ids = people["person"].to_numpy()
    ties = pd.DataFrame({"sender": ids[first[tie]], "recipient": ids[second[tie]], "week": monday})
    # One of those last in the roster joined before the later window.
    return Network.from_ties(ties, people.assign(observed=(people.index < n - 1) | (week > 0)))


def _answers(rng: np.random.Generator, people: pd.DataFrame) -> SurveyData:
    departments = people["department"].unique()
    rate = pd.Series(rng.choice([0.2, 0.4, 0.7, 0.95, 1.0], len(departments)), departments)
    gave = rng.random(len(people)) < people["department"].map(rate)
    who = people["person"][gave].tolist()
    tables = []
    for item in ITEMS:
        some = [person for person in who if rng.random() < 0.9]
        tables.append(
            pd.DataFrame(
                {
                    "person": some,
                    "item": item,
                    "value": rng.integers(1, 6, len(some)).astype(float),
                    "low": 1.0,
                    "high": 5.0,
                    "wave": None,
                }
            )
        )
    return SurveyData(frozenset(who), pd.concat(tables))
