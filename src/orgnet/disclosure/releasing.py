"""From a diagnosis to a report model: the one place where figures leave."""

from __future__ import annotations

import platform
from collections import Counter
from datetime import UTC, date, datetime

import numpy as np

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.agreement import few_disagree
from orgnet.disclosure.change import index_before, period_of, released_change
from orgnet.disclosure.communities import released_communities
from orgnet.disclosure.departments import (
    department_coverage,
    released_departments,
    shown_departments,
)
from orgnet.disclosure.fairness import fairness_notes
from orgnet.disclosure.findings import released_bottlenecks, released_findings
from orgnet.disclosure.headcounts import HeadCounts, head_counts
from orgnet.disclosure.notices import notices
from orgnet.disclosure.pairs import released_pairs
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.provenance import Provenance
from orgnet.disclosure.requirements import released_requirements
from orgnet.disclosure.roll_up import largest_only
from orgnet.disclosure.rounding import in_steps, rounded, score_step
from orgnet.disclosure.survey import SurveyData, released_survey
from orgnet.disclosure.vertical import released_vertical
from orgnet.disclosure.wording import in_language
from orgnet.measures.communities import MANY_PEOPLE
from orgnet.report_model import (
    Change,
    Communities,
    Coverage,
    Department,
    Glance,
    Index,
    Method,
    Mode,
    Notice,
    Pair,
    Quality,
    ReportModel,
    RollUp,
    WeekLoad,
)
from orgnet.rules import monday
from orgnet.versions import version_of
from orgnet.words import load_words

_VERSIONS_OF = ("orgnet-ona", "igraph", "networkx", "numpy", "pandas", "python-louvain", "scipy")

_INDEX_FIGURES = (
    *("value", "low", "high"),
    *("openness", "openness_low", "openness_high"),
    *("coverage", "coverage_low", "coverage_high"),
    *("resilience", "resilience_low", "resilience_high"),
)

#: So many printed figures are sums over all departments (and the index's openness).
_SUMS = 5

#: The share of people whose part of all contact between departments is told.
_BUSIEST = 0.05


def release(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy | None = None,
    *,
    provenance: Provenance | None = None,
    title: str | None = None,
    organisation: str | None = None,
    run_date: date | None = None,
    language: str = "en",
    roll_up: RollUp | None = None,
    survey: SurveyData | None = None,
) -> ReportModel:
    """Withhold, round and put into words everything that may leave.

    Parameters
    ----------
    diagnosis
        What was found.
    policy
        The rules; `DisclosurePolicy` with its defaults if not given.
    provenance
        Where the records came from, for the section on data quality.
    title, organisation
        Heading of the report, by default the catalogue's, and name of the organisation.
    run_date
        Today in UTC if not given.
    language
        Of every sentence: one of `orgnet.words.languages`.
    roll_up
        What the diagnosis was rolled up from (`orgnet.disclosure.roll_up`).
    survey
        What people answered in surveys, beside whom they named.

    Returns
    -------
    ReportModel
        No figure in it stands for fewer people than `policy.minimum_group`, and no withheld figure
        can be worked out from those shown.
    """
    policy = policy or DisclosurePolicy()
    provenance = provenance or Provenance()
    mode, shown = _mode(diagnosis, policy)
    people = head_counts(diagnosis, policy, shown)
    departments = released_departments(diagnosis, policy, people)
    pairs = released_pairs(diagnosis, policy, shown)
    requirements = released_requirements(diagnosis, policy, people, pairs)
    required = None if requirements is None else requirements.model
    findings = released_findings(diagnosis.findings, policy, departments, pairs, required)
    communities = released_communities(diagnosis, policy, shown)
    index = _index(diagnosis, policy, mode, departments)
    if requirements is not None:
        index = requirements.guarded(index)
    change = released_change(diagnosis, policy, mode, departments)
    if requirements is not None:
        change = requirements.guarded_change(change)
    roll_up = roll_up or largest_only(diagnosis.by, len(shown))
    place: dict[tuple[str, ...], int] = {
        (pair.group_a, pair.group_b): number for number, pair in enumerate(pairs)
    }
    released = ReportModel(
        title=title or load_words("orgnet")("report.title"),
        organisation=organisation,
        mode=mode,
        by=diagnosis.by,
        run_date=(run_date or datetime.now(UTC).date()).isoformat(),
        period=period_of(diagnosis.network),
        coverage=_coverage(diagnosis, policy, people),
        index=index,
        glance=_glance(diagnosis, policy, people, index, communities, change),
        departments=departments,
        pairs=pairs,
        findings=findings,
        bottlenecks=released_bottlenecks(findings, policy),
        weak_links=tuple(place[f.subject] for f in findings if f.kind == "weak_link"),
        communities=communities,
        load=_load(diagnosis, policy),
        quality=Quality(
            sources=provenance.sources,
            removed=_removed(
                provenance.removed or tuple(sorted(diagnosis.network.dropped.items()))
            ),
            interactions_kept=provenance.kept,
            identities_unmatched=provenance.unmatched,
            insufficient_people=_at_least(
                int(diagnosis.network.people["insufficient"].sum()), policy.minimum_group
            ),
            notes=provenance.notes,
        ),
        method=_method(diagnosis, policy, people, departments),
        policy=policy.told(),
        withheld=_withheld(diagnosis, departments, pairs, len(diagnosis.findings) - len(findings)),
        notices=(
            *_rolled_up(roll_up),
            *notices(diagnosis, mode),
            *fairness_notes(diagnosis, policy, mode, _silos(departments)),
            *_handovers_left_out(provenance.handovers_left_out),
        ),
        requirements=required,
        vertical=released_vertical(diagnosis, policy, mode),
        change=change,
        survey=released_survey(diagnosis, policy, people, survey),
        roll_up=roll_up,
    )
    return in_language(released, language)


def _mode(diagnosis: Diagnosis, policy: DisclosurePolicy) -> tuple[Mode, tuple[str, ...]]:
    if diagnosis.network.n < policy.small_organisation:
        return "small", ()
    shown = shown_departments(diagnosis, policy)
    return ("full", shown) if len(shown) >= 2 else ("no_groups", ())


def _silos(departments: tuple[Department, ...]) -> tuple[str, ...]:
    return tuple(department.name for department in departments if department.silo)


def _rolled_up(roll_up: RollUp | None) -> tuple[Notice, ...]:
    if roll_up is None:
        return ()
    told = (
        ("by", roll_up.by),
        ("groups", roll_up.groups),
        ("into", roll_up.into),
        ("into_groups", roll_up.into_groups),
    )
    return ((f"roll_up_{roll_up.kind}", told),)


def _handovers_left_out(rows: int) -> tuple[Notice, ...]:
    return (("handovers_left_out", (("rows", rows),)),) if rows else ()


def _at_least(count: int, minimum: int) -> int:
    """Return a count of people, 0 where it is below the minimum."""
    return count if count >= minimum else 0


def _coverage(diagnosis: Diagnosis, policy: DisclosurePolicy, people: HeadCounts) -> Coverage:
    network = diagnosis.network
    unknown = diagnosis.groups.unknown
    if unknown >= policy.minimum_group:
        unknown_share = rounded(unknown / network.n, 2)
    else:
        # A handful of people is not counted out; the step of 5 % says enough.
        unknown_share = round(20 * unknown / network.n) / 20 if network.n else None
    return Coverage(
        people_known=len(network.people),
        people_seen=network.n,
        share=rounded(network.people_coverage, 2),
        unknown_department=unknown_share,
        departments=department_coverage(diagnosis, people, policy.minimum_group),
        withheld_departments=len(diagnosis.groups.names) - len(people.counts),
    )


def _removed(counts: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Count the records of those who opted out with those of people out of scope.

    A count of their own would be a figure about few people, and about those who did not want one.
    """
    told: Counter[str] = Counter()
    for reason, count in counts:
        told["out_of_scope" if reason == "opted_out" else reason] += count
    return tuple(told.items())


def _index(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    mode: Mode,
    departments: tuple[Department, ...],
) -> Index:
    """Return the index; in coarse steps where its decimals would tell a department's openness.

    The openness score is a mean over people. With the figures of all departments but one it gives
    that one's, the more exactly the more people it has.
    """
    index = diagnosis.index
    if mode != "full":
        gate = diagnosis.gates["index"]
        reason = gate.key if gate is not None else "too_few_units"
        return Index(**dict.fromkeys(_INDEX_FIGURES, None), reason=reason)
    told = {department.name for department in departments if department.reason is None}
    sizes = zip(diagnosis.groups.names, diagnosis.groups.sizes.tolist(), strict=True)
    largest = max((size for name, size in sizes if name not in told), default=0)
    step = 0.1
    if largest >= policy.minimum_group:
        step = score_step(largest, diagnosis.network.n, protection=policy.protection)
    figures = {name: in_steps(getattr(index, name), step) for name in _INDEX_FIGURES}
    return Index(**figures, reason=index.reason)


def _glance(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    index: Index,
    communities: Communities | None,
    change: Change | None,
) -> tuple[Glance, ...]:
    network, summary = diagnosis.network, diagnosis.summary
    if network.n < policy.minimum_group:
        return ()
    figures = [
        Glance(
            key="people",
            value=float(network.n),
            unit="count",
            compared=float(len(network.people)),
        ),
    ]
    # A team edition draws the regular ties of those who agreed; the total would tell the others'.
    step = 1 if few_disagree(network.people, policy.minimum_group) else 0.1
    per_person = in_steps(summary["regular_ties_per_person"], step)
    if per_person is not None:
        figures.append(
            Glance(
                key="regular_ties_per_person",
                value=per_person,
                unit="ratio",
                compared=in_steps(2 * summary["ties"] / network.n, step),
            )
        )
    external = rounded(summary["external_share"], 2)
    if external is not None and len(people.counts) >= 2:
        figures.append(
            Glance(
                key="external_share",
                value=external,
                unit="share",
                compared=rounded(people.expected_outside, 2),
            )
        )
    if index.value is not None:
        low, high = (None if end is None else rounded(end, 0) for end in (index.low, index.high))
        figures.append(
            Glance(
                key="index",
                value=round(index.value) + 0.0,
                unit="score",
                low=low,
                high=high,
                compared=index_before(change),
            )
        )
    if communities is not None and communities.ami is not None:
        figures.append(Glance(key="agreement", value=communities.ami, unit="ratio"))
    busiest = _busiest_share(diagnosis, policy)
    if busiest is not None:
        figures.append(Glance(key="cross_load", value=busiest, unit="share", compared=_BUSIEST))
    return tuple(figures)


def _busiest_share(diagnosis: Diagnosis, policy: DisclosurePolicy) -> float | None:
    """Return the share of all contact between groups that the busiest twentieth has."""
    network = diagnosis.network
    a, b, known = network.between(diagnosis.groups)
    across = known & (a != b)
    p = network.pairs
    load = np.bincount(p.first[across], p.strength[across], len(network.people))
    load = load + np.bincount(p.second[across], p.strength[across], len(network.people))
    count = int(np.ceil(_BUSIEST * network.n))
    most = np.sort(load)[-count:]
    if count < policy.minimum_group or most.max() > policy.dominance * most.sum():
        return None
    return rounded(float(most.sum() / load.sum()), 2) if load.any() else None


def _load(diagnosis: Diagnosis, policy: DisclosurePolicy) -> tuple[WeekLoad, ...]:
    network = diagnosis.network
    weekly = network.pairs.weekly
    if weekly is None or network.weeks is None:
        return ()
    columns = weekly.tocsc()
    result = []
    for place, week in enumerate(network.weeks):
        rows = columns.indices[columns.indptr[place] : columns.indptr[place + 1]]
        active = np.zeros(len(network.people), dtype=bool)
        active[network.pairs.first[rows]] = active[network.pairs.second[rows]] = True
        people = int(active.sum())
        enough = people >= policy.minimum_group
        result.append(
            WeekLoad(
                week=monday(week).isoformat(),
                people=people if enough else None,
                contacts=len(rows) if enough else None,
            )
        )
    return tuple(result)


def _method(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    departments: tuple[Department, ...],
) -> Method:
    rules = diagnosis.network.rules
    dated = diagnosis.network.weeks is not None
    parameters = [
        ("strength", diagnosis.network.strength if dated else "as_given"),
        ("regular_weeks", str(rules.regular_weeks) if dated else "none"),
        ("window_weeks", str(rules.window_weeks) if dated else "none"),
        ("multi_recipient_rule", "1/r"),
        ("carbon_copy_share", str(rules.carbon_copy_share)),
        ("broadcast_above", str(rules.broadcast_above)),
        ("holiday_share", str(rules.holiday_share)),
        ("minimum_group", str(policy.minimum_group)),
        ("bootstrap_draws", str(diagnosis.draws)),
        *_done_for_many(diagnosis),
    ]
    return Method(
        parameters=tuple(parameters),
        versions=(
            *((name, found) for name in _VERSIONS_OF if (found := version_of(name))),
            ("python", platform.python_version()),
        ),
        seed=diagnosis.seed,
        measures=_measures(diagnosis, policy, people, departments),
    )


def _done_for_many(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """Return what is done otherwise because there are so many people; nothing where it is not."""
    told = []
    fit = diagnosis.communities
    if diagnosis.network.n > MANY_PEOPLE:
        told.append(("robustness_draws", str(diagnosis.robustness_draws)))
        if fit is not None:
            told.append(("community_searches", str(fit.labels.attrs["runs"])))
    if fit is not None and fit.louvain.attrs["method"] == "multilevel":
        told.append(("second_method", "igraph_multilevel"))
    estimate = diagnosis.people.attrs.get("betweenness", {})
    if "samples" in estimate:
        told.append(("betweenness_followed", str(estimate["samples"])))
        for name in ("error", "bound"):
            # In pairs of people out of a hundred, two digits.
            told.append((f"betweenness_{name}", f"{100 * estimate[name]:.2g}"))
    return told


def _measures(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    departments: tuple[Department, ...],
) -> tuple[tuple[str, float | None], ...]:
    """Return whole-organisation figures that do not tell those of a department withheld.

    Each is a sum over departments. With few departments shown, such figures together give those of
    one that is not; with more of them than figures they do not. A mean over people gives it alone.
    """
    summary = diagnosis.summary
    if diagnosis.network.n < policy.small_organisation:
        return ()
    told = ["density", "reciprocity"]
    everything = people.exact and all(department.reason is None for department in departments)
    if len(departments) >= 2 and (everything or len(departments) > _SUMS):
        told += ["ei_index", "ei_index_expected", "assortativity", "modularity_formal"]
    if len(departments) >= 2 and everything:
        told.append("openness")
    figures = {name: summary[name] for name in told}
    if "ei_index_expected" in figures:
        figures["ei_index_expected"] = 2 * people.expected_outside - 1
    return tuple((name, rounded(figure, 4)) for name, figure in figures.items())


def _withheld(
    diagnosis: Diagnosis,
    departments: tuple[Department, ...],
    pairs: tuple[Pair, ...],
    findings: int,
) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        {
            "departments": len(diagnosis.groups.names) - len(departments),
            "findings": findings,
        }
    )
    counts.update(
        f"pairs_{pair.reason}" for pair in pairs if pair.reason not in (None, "not_estimated")
    )
    return tuple(sorted((reason, count) for reason, count in counts.items() if count))
