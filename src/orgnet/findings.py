"""Which results are findings, how sure they are, and the sentences that say so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from orgnet.frames import rows_of
from orgnet.gates import SMALLEST_GROUP
from orgnet.pairs import BoolArray, FloatArray, IntArray
from orgnet.report_model import Confidence, FindingKind, anchor
from orgnet.words import load_words

#: The level of the false discovery rate that `clear` and `likely` ask for.
SURE_Q = 0.05
#: Found again in at least this share of the draws without a fifth of the people: `clear`.
SURVIVAL = 0.8

#: The count-and-p rule of bottlenecks (`measures.md` 3.1).
DEPENDENCY = 0.5
DEPENDENCY_TIES = 5
DEPENDENCY_Q = 0.01

_WEIGHT: Mapping[str, float] = {"clear": 1.0, "likely": 0.6, "tentative": 0.3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A result that passed its rule, before it is known how sure it is.

    Attributes
    ----------
    kind, subject
        What it is and about whom: one department, or two sorted by name.
    key, arguments
        The message (``finding.KEY``) and what fills it, exact.
    effect, low, high
        Openness of a silo, observed over expected of a weak link, dependency of a bottleneck.
    size
        Effect on a scale of 0 to 1, for the order of findings.
    people
        People in the departments concerned.
    passes
        At q .05 and with an interval clear of the threshold.
    thin
        Found by the number of regular contacts alone.
    """

    kind: FindingKind
    subject: tuple[str, ...]
    key: str
    arguments: dict[str, str | float | int]
    effect: float
    low: float
    high: float
    size: float
    people: int
    passes: bool
    thin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding, unreleased: its arguments are exact.

    `statement`, `headline`, `alternative`, `question` and `confidence_reason` are its English
    sentences; `evidence` is the anchor of the row or cell that it came from.
    """

    kind: FindingKind
    subject: tuple[str, ...]
    key: str
    arguments: dict[str, str | float | int]
    effect: float
    low: float
    high: float
    confidence: Confidence
    confidence_key: str
    survived: int | None
    score: float

    @property
    def headline(self) -> str:
        """A plain sentence of at most 70 characters before names."""
        return sentence(self.key, "headline", self.arguments)

    @property
    def statement(self) -> str:
        """The number, the comparison and the unit."""
        return sentence(self.key, "statement", self.arguments)

    @property
    def alternative(self) -> str:
        """One other explanation."""
        return sentence(self.key, "alternative", self.arguments)

    @property
    def question(self) -> str:
        """One question to ask."""
        return sentence(self.key, "question", self.arguments)

    @property
    def confidence_reason(self) -> str:
        """The rule that gave the word."""
        return confidence_reason(self.confidence_key, self.survived)

    @property
    def evidence(self) -> str:
        """Anchor of the row or cell in the report."""
        return anchor(self.kind, *self.subject)


def sentence(
    key: str, part: str, arguments: Mapping[str, str | float | int], language: str = "en"
) -> str:
    """Return one sentence of a finding, its figures in the form of the language.

    Examples
    --------
    >>> sentence("silo", "headline", {"department": "Legal"})
    'Legal works mostly with itself'
    >>> sentence("bottleneck", "headline",
    ...          {"group_a": "HR", "group_b": "Legal", "people": "one_person"}, "de")
    'HR und Legal kommen über eine Person zusammen'
    """
    return load_words("orgnet", language)(f"finding.{key}.{part}", **arguments)


def confidence_reason(key: str, survived: int | None, language: str = "en") -> str:
    """Return the rule that gave a finding its confidence.

    Examples
    --------
    >>> confidence_reason("tentative_no_weeks", None)
    'the data have no dates, so whether the contact is regular cannot be checked'
    """
    return load_words("orgnet", language)(f"confidence.{key}", survived=survived)


def silos(
    test: pd.DataFrame, people: Mapping[str, int], expected: pd.Series[float]
) -> list[Candidate]:
    """Return the silos of `measures.silo_test`.

    Parameters
    ----------
    test
        What `orgnet.measures.silo_test` returns.
    people
        Observed people by group.
    expected
        The external share that headcount alone gives, by group.
    """
    found = []
    for name, row in test[test["silo"]].iterrows():
        department = str(name)
        if people[department] < SMALLEST_GROUP:
            continue
        found.append(
            Candidate(
                kind="silo",
                subject=(department,),
                key="silo",
                arguments={
                    "department": department,
                    "external": float(row["external_share"]),
                    "expected_external": float(expected[department]),
                    "openness": float(row["openness"]),
                    "low": float(row["low"]),
                    "high": float(row["high"]),
                    "median": float(row["median_others"]),
                },
                effect=float(row["openness"]),
                low=float(row["low"]),
                high=float(row["high"]),
                size=1 - float(row["openness"]) / float(row["median_others"]),
                people=people[department],
                passes=bool(row["q"] <= SURE_Q and row["high"] < row["median_others"]),
            )
        )
    return found


def weak_links(pairs: pd.DataFrame, people: Mapping[str, int]) -> list[Candidate]:
    """Return the weak links: rows of the pairs table marked ``weak``, large enough to speak of."""
    found = []
    for row in rows_of(pairs[pairs["weak"]]):
        a, b = str(row["group_a"]), str(row["group_b"])
        if min(people[a], people[b]) < SMALLEST_GROUP:
            continue
        found.append(
            Candidate(
                kind="weak_link",
                subject=(a, b),
                key="weak_link" if row["ties"] else "weak_link_none",
                arguments={
                    "group_a": a,
                    "group_b": b,
                    "ties": int(row["ties"]),
                    "expected": float(row["expected"]),
                    "ratio": float(row["ratio"]),
                    "low": float(row["low"]),
                    "high": float(row["high"]),
                },
                effect=float(row["ratio"]),
                low=float(row["low"]),
                high=float(row["high"]),
                size=1 - float(row["ratio"]),
                people=people[a] + people[b],
                passes=bool(row["q"] <= SURE_Q and row["high"] < 1),
            )
        )
    return found


def hang_on_one(
    *,
    ties: IntArray,
    dependency: FloatArray,
    q: FloatArray,
    sole: BoolArray,
    regular_ties: IntArray,
) -> tuple[BoolArray, BoolArray]:
    """Say for pairs of departments which half of the rule of bottlenecks holds.

    Parameters
    ----------
    ties, regular_ties
        How many there are.
    dependency, q
        Of the side on which the contact hangs most.
    sole
        Whether one person holds all the regular ties.

    Returns
    -------
    tuple
        By count and p, and by bus factor.
    """
    enough = ties >= DEPENDENCY_TIES
    by_count = (dependency >= DEPENDENCY) & (q <= DEPENDENCY_Q)
    return enough & by_count, enough & sole & (regular_ties >= DEPENDENCY_TIES)


def bottlenecks(pairs: pd.DataFrame, people: Mapping[str, int]) -> list[Candidate]:
    """Return pairs of departments whose contact hangs on one person.

    By the count-and-p rule of `measures.md` 3.1 on either side, or by a bus factor of one over at
    least five regular ties: with fewer, one person holds them all by chance too often
    (``docs/validity.md``).
    """
    found = []
    by_counts, by_bus_factor = hang_on_one(
        ties=pairs["ties"].to_numpy(),
        dependency=pairs["dependency"].to_numpy(),
        q=pairs["dependency_q"].to_numpy(),
        sole=pairs["bus_factor"].to_numpy() == 1,
        regular_ties=pairs["regular_ties"].to_numpy(),
    )
    called = by_counts | by_bus_factor
    for row, by_count in zip(rows_of(pairs[called]), by_counts[called].tolist(), strict=True):
        a, b = str(row["group_a"]), str(row["group_b"])
        if min(people[a], people[b]) < SMALLEST_GROUP:
            continue
        found.append(
            Candidate(
                kind="bottleneck",
                subject=(a, b),
                key="bottleneck",
                arguments={"group_a": a, "group_b": b, "people": "one_person"},
                effect=float(row["dependency"]),
                low=float(row["dependency_low"]),
                high=float(row["dependency_high"]),
                size=float(row["dependency"]),
                people=people[a] + people[b],
                passes=bool(by_count and row["dependency_low"] > DEPENDENCY),
                thin=not by_count,
            )
        )
    return found


def judge(
    candidates: list[Candidate],
    survived: Mapping[tuple[str, tuple[str, ...]], float] | None,
    *,
    everybody: int,
) -> list[Finding]:
    """Give every candidate its confidence and put the findings in order.

    Parameters
    ----------
    candidates
        What the rules found.
    survived
        For each (kind, subject) the share of draws without a fifth of the people in which it was
        found again; None where the data have no dates, which makes every finding tentative.
    everybody
        Observed people, the measure of how many are concerned.

    Returns
    -------
    list of Finding
        By effect size × share of people concerned × confidence, ties by name.
    """
    findings = [_judged(candidate, survived, everybody) for candidate in candidates]
    return sorted(findings, key=lambda f: (-round(f.score, 9), f.kind, f.subject))


def _judged(
    candidate: Candidate,
    survived: Mapping[tuple[str, tuple[str, ...]], float] | None,
    everybody: int,
) -> Finding:
    share = None if survived is None else survived.get((candidate.kind, candidate.subject), 0.0)
    confidence: Confidence = "tentative"
    if candidate.thin:
        reason = "tentative_thin"
    elif share is None:
        reason = "tentative_no_weeks"
    elif not candidate.passes:
        reason = "tentative_weak"
    elif share >= SURVIVAL:
        confidence = reason = "clear"
    else:
        confidence = reason = "likely"
    score = candidate.size * candidate.people / max(everybody, 1) * _WEIGHT[confidence]
    return Finding(
        kind=candidate.kind,
        subject=candidate.subject,
        key=candidate.key,
        arguments=candidate.arguments,
        effect=candidate.effect,
        low=candidate.low,
        high=candidate.high,
        confidence=confidence,
        confidence_key=reason,
        survived=None if share is None else round(100 * share),
        score=0.0 if math.isnan(score) else score,
    )
