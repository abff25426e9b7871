"""The groups edition: figures about departments, and nothing about a person."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from orgnet.report_model.change import Change
from orgnet.report_model.period import Period
from orgnet.report_model.requirements import Requirements
from orgnet.report_model.roll_up import RollUp
from orgnet.report_model.survey import Survey
from orgnet.report_model.vertical import Vertical

#: Version of the released figures; the first entry of ``diagnosis.json``.
SCHEMA = "orgnet-report/1"

#: How sure a finding is, by the rules of `orgnet.findings`; never a default.
Confidence = Literal["clear", "likely", "tentative"]

FindingKind = Literal["silo", "bottleneck", "weak_link"]

#: ``full``: departments can be shown. ``small``: fewer than 15 people, whole-organisation figures
#: only. ``no_groups``: fewer than two departments reach the minimum or none is known.
Mode = Literal["full", "small", "no_groups"]

#: A message: its key in the catalogue, and names with what is put in.
Notice = tuple[str, tuple[tuple[str, str | float | int], ...]]

#: Contact against what would be expected, in words that hold where no number may be shown.
Contact = Literal["none", "fewer", "as_expected", "more"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRead:
    """One export: what it is (never the file's name) and what happened to its records."""

    title: str
    connector: str
    channel: str | None
    read: int
    kept: int
    skipped: tuple[tuple[str, int], ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentCoverage:
    """People of a department that were seen, as a share of those known."""

    department: str
    people: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the organisation the data show."""

    people_known: int
    people_seen: int
    share: float | None
    unknown_department: float | None
    departments: tuple[DepartmentCoverage, ...] = ()
    withheld_departments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The horizontal alignment index and its sub-scores, 0 to 100; or the reason why not."""

    value: float | None
    low: float | None
    high: float | None
    openness: float | None
    openness_low: float | None
    openness_high: float | None
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    resilience: float | None
    resilience_low: float | None
    resilience_high: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One of the four to six figures at a glance, with what to compare it to.

    `key` names the words (``glance.KEY.label`` and ``glance.KEY.compared``); `unit` is
    ``count``, ``share`` (0 to 1), ``score`` (0 to 100) or ``ratio``.
    """

    key: str
    value: float
    unit: Literal["count", "share", "score", "ratio"]
    low: float | None = None
    high: float | None = None
    compared: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department that may be shown.

    Attributes
    ----------
    people
        Observed people.
    share_inside, expected_inside
        Share of its contact that stays inside, and what its headcount alone would give.
    openness, low, high
        External share over its expectation by headcount: 1 as if departments did not matter.
    silo
        Whether a finding says so.
    reason
        Why figures are missing, else None.
    """

    name: str
    people: int
    share_inside: float | None
    expected_inside: float | None
    openness: float | None
    low: float | None
    high: float | None
    silo: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Contact between two departments that may be shown, `group_a` before `group_b` by name.

    Attributes
    ----------
    ties, expected, ratio, low, high
        Pairs of people in contact, what quasi-independence expects, their ratio and its interval.
        None where withheld or not estimated.
    q
        False-discovery rate of "fewer than expected"; None where not tested.
    contact
        The same in words; shown even where the number is withheld. None if nothing may be said.
    weak
        Whether a finding says so.
    reason
        Why the numbers are missing: ``few_people``, ``one_person``, ``two_people``,
        ``complementary``, ``not_estimated``; None where they are shown.
    """

    group_a: str
    group_b: str
    ties: int | None
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    q: float | None
    contact: Contact | None
    weak: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """Two departments whose contact hangs on very few people; `people` says how many in words."""

    group_a: str
    group_b: str
    people: Literal["one_person", "two_people", "very_few"]
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRow:
    """How a department's people spread over the detected circles, as shares rounded to 5 %.

    `shares` follows `Communities.circles`; None where fewer people than the minimum stand behind.
    """

    department: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Communities:
    """Working circles found in the ties, against the departments of the chart.

    Attributes
    ----------
    circles
        Labels of the circles with at least the minimum of people, largest first: ``A``, ``B``…
    circle_people
        People in each, rounded to 5.
    ami, ari, homogeneity, completeness
        Agreement of circles and departments; ami is adjusted for chance.
    modularity_departments, modularity_circles
        How sharply the chart, and the circles, split the contact.
    louvain_ami
        Agreement of a second method with the departments.
    rows
        One row a department.
    """

    circles: tuple[str, ...]
    circle_people: tuple[int, ...]
    ami: float | None
    ari: float | None
    homogeneity: float | None
    completeness: float | None
    modularity_departments: float | None
    modularity_circles: float | None
    louvain_ami: float | None
    rows: tuple[CommunityRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result worth acting on.

    Attributes
    ----------
    kind, subject
        ``silo`` with one department, ``bottleneck`` or ``weak_link`` with two.
    key, arguments
        The message in the catalogue and what it is filled with.
    headline, statement
        The message in words: what was found; number, comparison and unit.
    effect, low, high
        Size and interval: openness of a silo, observed over expected of a weak link. None where
        the number is withheld.
    confidence, confidence_key, survived, confidence_reason
        The word; the rule that gave it, its key in the catalogue; in how many of 100 trials the
        finding was found again, None without trials; and the rule in words.
    alternative
        One thing that it could also be because of.
    question
        One question to ask.
    evidence
        Anchor of the row or cell it came from.
    """

    kind: FindingKind
    subject: tuple[str, ...]
    key: str
    arguments: dict[str, str | float | int]
    headline: str
    statement: str
    effect: float | None
    low: float | None
    high: float | None
    confidence: Confidence
    confidence_key: str
    survived: int | None
    confidence_reason: str
    alternative: str
    question: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLoad:
    """Contact in one week: people active and pairs in contact; None below the minimum."""

    week: str
    people: int | None
    contacts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was read, what was left out and why."""

    sources: tuple[SourceRead, ...]
    removed: tuple[tuple[str, int], ...]
    interactions_kept: int
    identities_unmatched: int
    insufficient_people: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Everything needed to get the same figures again: `parameters` and `versions` as text."""

    parameters: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    seed: int
    measures: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules by which figures were withheld, as printed in every output."""

    version: str
    minimum_group: int
    concentration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportModel:
    """Everything that may leave, for every output.

    Attributes
    ----------
    title, organisation
        Heading and name of the organisation, as the user gave them.
    by
        The column that sorts people into groups: ``department``.
    mode
        What can be shown at this size.
    run_date
        ISO date.
    language
        Of every sentence in the model: ``en``, ``de`` or ``fr``.
    notices
        Message keys with arguments: what cannot be answered and why.
    weak_links
        Pairs found weak, the clearest first: indexes into `pairs`.
    requirements, vertical, survey, change
        Their sections; None where the data have no such thing.
    roll_up
        Set where departments were rolled up to a coarser level.
    """

    schema: str = SCHEMA
    language: str = "en"
    title: str
    organisation: str | None
    edition: Literal["groups"] = "groups"
    mode: Mode
    by: str
    run_date: str
    period: Period
    coverage: Coverage
    index: Index
    glance: tuple[Glance, ...]
    departments: tuple[Department, ...]
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]
    bottlenecks: tuple[Bottleneck, ...]
    weak_links: tuple[int, ...]
    communities: Communities | None
    load: tuple[WeekLoad, ...]
    quality: Quality
    method: Method
    policy: Policy
    withheld: tuple[tuple[str, int], ...]
    notices: tuple[Notice, ...] = ()
    requirements: Requirements | None = None
    vertical: Vertical | None = None
    survey: Survey | None = None
    change: Change | None = None
    roll_up: RollUp | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the model as plain dictionaries, lists, text and numbers, ready for JSON."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain
