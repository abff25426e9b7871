"""Invented report models of every size and shape, made by rule so that no figure is random."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from statistics import median
from typing import Any

from orgnet.findings import confidence_reason, sentence
from orgnet.report_model import (
    Bottleneck,
    Change,
    Communities,
    CommunityRow,
    Confidence,
    Contact,
    Coverage,
    Department,
    DepartmentChange,
    DepartmentCoverage,
    Finding,
    FindingKind,
    Glance,
    Index,
    IndexChange,
    Method,
    Mode,
    Pair,
    Period,
    Policy,
    Quality,
    ReportModel,
    RequiredLink,
    Requirements,
    RollUp,
    SourceRead,
    Survey,
    SurveyAnswers,
    SurveyItem,
    SurveyRow,
    TreeStep,
    Vertical,
    WeekLoad,
    anchor,
)

NAMES = (
    "Sales", "Marketing", "Engineering", "Product", "Support", "Finance", "Legal", "Operations",
    "People and Culture", "Research", "Design", "Procurement", "Security", "Facilities",
    "Quality", "Logistics", "Data", "Communications", "Compliance", "Treasury", "Training",
    "Customer Success", "Field Service", "Manufacturing", "Strategy",
)  # fmt: skip

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    '"><svg onload=alert(1)>',
    '=HYPERLINK("https://evil.example","x")',
    "Sa\u202eles\u0007",
    "W" * 300,
    "",
    "🦊 Foxes",
    "المالية",
    "研究开发",
    "[[tie|ties]] {count}",
)


def names(count: int) -> tuple[str, ...]:
    """Department names, numbered once the list has run out."""
    return tuple(
        NAMES[at] if at < len(NAMES) else f"{NAMES[at % len(NAMES)]} {at // len(NAMES) + 1}"
        for at in range(count)
    )


def noise(*seeds: int) -> float:
    """A number between 0 and 1 that looks random and is not."""
    state = 17
    for seed in seeds:
        state = (state * 1103515245 + seed * 12345 + 6789) % 2_147_483_648
    return (state >> 8) % 10_007 / 10_007


def departments(groups: tuple[str, ...], people: int) -> tuple[Department, ...]:
    """Departments of unequal size, of which the sixth (or the last) is a silo."""
    weights = [0.6 + noise(at, 3) for at in range(len(groups))]
    total = sum(weights)
    silo = min(5, len(groups) - 1)
    made = []
    for at, name in enumerate(groups):
        size = max(5, round(people * weights[at] / total))
        openness = 0.09 if at == silo else 0.28 + 0.3 * noise(at, 5)
        expected = size / max(people, 1)
        made.append(
            Department(
                name=name,
                people=size,
                share_inside=round(1 - openness * (1 - expected), 2),
                expected_inside=round(expected, 2),
                openness=round(openness, 2),
                low=round(openness * 0.8, 2),
                high=round(openness * 1.22, 2),
                silo=at == silo,
            )
        )
    return tuple(sorted(made, key=lambda group: group.name))


def pairs(groups: tuple[Department, ...]) -> tuple[Pair, ...]:
    """Every pair: mostly as expected, some weak, some a word alone, some not released."""
    made = []
    for at, (a, b) in enumerate(combinations(groups, 2)):
        expected = round(0.02 * a.people * b.people * (0.5 + noise(at, 7)) ** 0.5 + 5.2, 1)
        ratio = (0.25 + 2.1 * noise(at, 11) ** 1.6) * (3.1 if at % 17 == 4 else 1.0)
        weak = at % 14 == 9
        ties = round(expected * (0.14 if weak else ratio))
        ratio = round(ties / expected, 2)
        pair = Pair(
            group_a=a.name,
            group_b=b.name,
            ties=ties,
            expected=expected,
            ratio=ratio,
            low=round(ratio * 0.7, 2),
            high=round(ratio * 1.4 + 0.05, 2),
            q=0.004 if weak else 0.6,
            contact=_contact(ratio),
            weak=weak,
        )
        if at % 15 == 6:
            pair = _without_numbers(pair, "one_person", "fewer")
        elif at % 19 == 2:
            pair = _without_numbers(pair, "few_people", None)
        made.append(pair)
    return tuple(made)


def organisation(people: int = 400, groups: int = 10, *, title: str = "How we work together"):
    """A full report of so many people in so many departments, with findings of every kind."""
    shown = departments(names(groups), people)
    between = pairs(shown)
    weak = tuple(at for at, pair in enumerate(between) if pair.weak)
    thin = [pair for pair in between if pair.reason == "one_person"][:3]
    bottlenecks = tuple(
        Bottleneck(
            group_a=pair.group_a,
            group_b=pair.group_b,
            people="one_person" if at % 2 == 0 else "two_people",
            confidence="likely",
        )
        for at, pair in enumerate(thin)
    )
    return ReportModel(
        title=title,
        organisation="Northwind Example",
        mode="full",
        by="department",
        run_date="2026-05-26",
        period=Period(
            first="2026-03-02", last="2026-05-24", weeks=12, holiday_weeks=("2026-04-06",)
        ),
        coverage=Coverage(
            people_known=people + people // 20,
            people_seen=people,
            share=round(people / (people + people // 20), 3),
            unknown_department=0.03,
            departments=tuple(
                DepartmentCoverage(department=group.name, people=group.people, share=0.95)
                for group in shown
            ),
            withheld_departments=1,
        ),
        index=index()
        if 5 <= groups <= 12
        else no_index("too_many_units" if groups > 12 else "too_few_units"),
        glance=(
            Glance(key="external_share", value=0.31, unit="share", compared=0.89),
            Glance(key="people", value=people, unit="count", compared=people + people // 20),
            Glance(key="regular_ties_per_person", value=6.4, unit="ratio", compared=11.2),
            Glance(key="agreement", value=0.62, unit="ratio"),
            Glance(key="cross_load", value=0.22, unit="share", compared=0.05),
        ),
        departments=shown,
        pairs=between,
        findings=findings(shown, between, bottlenecks),
        bottlenecks=bottlenecks,
        weak_links=weak,
        communities=communities(shown),
        load=(),
        quality=quality(people),
        method=method(),
        policy=policy(),
        withheld=(("departments", 1), ("pairs_few_people", 3), ("pairs_one_person", len(thin))),
        notices=(),
    )


def findings(
    shown: tuple[Department, ...], between: tuple[Pair, ...], bottlenecks: tuple[Bottleneck, ...]
) -> tuple[Finding, ...]:
    """The silo, every weak link and every bottleneck, in that order."""
    openness = [group.openness for group in shown if not group.silo and group.openness is not None]
    found = [
        finding(
            "silo", (group.name,), effect=group.openness, low=group.low, high=group.high,
            openness=group.openness, median=median(openness or [1.0]),
            external=round(1 - (group.share_inside or 0), 2),
            expected_external=round(1 - (group.expected_inside or 0), 2),
        )
        for group in shown if group.silo
    ]  # fmt: skip
    found += [
        finding(
            "weak_link", (pair.group_a, pair.group_b), confidence="likely", effect=pair.ratio,
            low=pair.low, high=pair.high, ties=pair.ties, expected=pair.expected, ratio=pair.ratio,
        )
        for pair in between if pair.weak
    ]  # fmt: skip
    found += [
        finding(
            "bottleneck", (item.group_a, item.group_b), confidence="tentative", people=item.people
        )
        for item in bottlenecks
    ]
    leading = [next(item for item in found if item.kind == kind)
               for kind in ("silo", "weak_link", "bottleneck")
               if any(item.kind == kind for item in found)]  # fmt: skip
    return (*leading, *(item for item in found if item not in leading))


def finding(
    kind: FindingKind,
    subject: tuple[str, ...],
    *,
    effect: float | None = None,
    low: float | None = None,
    high: float | None = None,
    confidence: Confidence = "clear",
    **arguments: Any,
) -> Finding:
    """One finding in the words of the catalogue."""
    places = ("department",) if len(subject) == 1 else ("group_a", "group_b")
    filled = dict(zip(places, subject, strict=True)) | arguments
    if effect is not None:
        filled |= {"low": low, "high": high}
    reason = "tentative_thin" if confidence == "tentative" else confidence
    return Finding(
        kind=kind,
        subject=subject,
        key=kind,
        arguments=filled,
        headline=sentence(kind, "headline", filled),
        statement=sentence(kind, "statement", filled),
        effect=effect,
        low=low,
        high=high,
        confidence=confidence,
        confidence_key=reason,
        survived=None if confidence == "tentative" else 86,
        confidence_reason=confidence_reason(reason, 86),
        alternative=sentence(kind, "alternative", filled),
        question=sentence(kind, "question", filled),
        evidence=anchor(kind, *subject),
    )


def communities(shown: tuple[Department, ...]) -> Communities:
    """As many circles as a third of the departments, with a home for each."""
    count = max(2, len(shown) // 3)
    rows = []
    for at, group in enumerate(shown):
        shares: list[float | None] = [None] * count
        shares[at % count] = 0.8
        shares[(at + 1) % count] = 0.15
        rows.append(CommunityRow(department=group.name, shares=tuple(shares)))
    return Communities(
        circles=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at] for at in range(count)),
        circle_people=tuple(5 * (count - at) + 20 for at in range(count)),
        ami=0.62, ari=0.55, homogeneity=0.7, completeness=0.58, modularity_departments=0.41,
        modularity_circles=0.47, louvain_ami=0.6, rows=tuple(rows),
    )  # fmt: skip


def index() -> Index:
    """An index with its parts."""
    return Index(
        value=71.0, low=67.0, high=74.0,
        openness=43.0, openness_low=38.0, openness_high=48.0,
        coverage=90.0, coverage_low=85.0, coverage_high=94.0,
        resilience=80.0, resilience_low=74.0, resilience_high=86.0,
    )  # fmt: skip


def no_index(reason: str) -> Index:
    """No index, and why."""
    return Index(
        value=None, low=None, high=None,
        openness=None, openness_low=None, openness_high=None,
        coverage=None, coverage_low=None, coverage_high=None,
        resilience=None, resilience_low=None, resilience_high=None, reason=reason,
    )  # fmt: skip


def quality(people: int) -> Quality:
    """Two sources with skipped records."""
    return Quality(
        sources=(
            SourceRead(
                title="Mail archive (mbox)", connector="mbox", channel="email", read=people * 90,
                kept=people * 80, skipped=(("duplicate", people * 9), ("no_addressee", people)),
                first="2026-03-02", last="2026-05-24",
            ),
            SourceRead(
                title="Slack export", connector="slack", channel="chat", read=people * 120,
                kept=people * 100, skipped=(("system", people * 20),),
                first="2026-03-02", last="2026-05-24",
            ),
        ),
        removed=(("bot", people), ("broadcast", people * 3), ("out_of_scope", people * 2)),
        interactions_kept=people * 170,
        identities_unmatched=4,
        insufficient_people=people // 50,
    )  # fmt: skip


def method() -> Method:
    """Parameters and versions."""
    return Method(
        parameters=(("regular_weeks", "3"), ("window_weeks", "12"), ("broadcast_above", "20")),
        versions=(("orgnet", "0.1.0"), ("python", "3.11")),
        seed=7,
        measures=(("ei_index", -0.38), ("assortativity", 0.55)),
    )


def policy() -> Policy:
    """The default rules."""
    return Policy(version="1", minimum_group=5, concentration="count")


def requirements(shown: tuple[Department, ...]) -> Requirements:
    """Every second pair of departments is required: missing, thin, met or not to be told."""
    chosen = list(combinations([group.name for group in shown], 2))[::2]
    share = round(1 / len(chosen), 4)
    made = []
    for at, (a, b) in enumerate(chosen):
        state = ("missing", "thin", None, "met", "met")[at % 5]
        known = state in ("missing", "met")
        made.append(
            RequiredLink(
                group_a=a, group_b=b, required=share,
                regular={"missing": 0, "met": 9}.get(state or ""), target=3, state=state,
                gap={"missing": share, "met": 0.0}.get(state or ""),
                reason=None if known else "few_people",
            )
        )  # fmt: skip
    order = {"missing": 0, "thin": 1, None: 2, "met": 3}
    return Requirements(
        congruence=0.65,
        lift=0.1,
        unneeded_share=0.35,
        links=tuple(sorted(made, key=lambda link: order[link.state])),
    )


def vertical() -> Vertical:
    """Reporting lines with a withheld figure and a withheld step."""
    return Vertical(
        managers=49, layers=4, span_median=7.0, span_wide=None, span_narrow=0.2,
        line_contact=0.85, skip_level_contact=0.3, share_line=0.23, share_lateral=0.5,
        share_cross=0.15, share_diagonal=0.12, distance_to_top=2.4, distance_to_top_90=4.0,
        unreachable=0.05, overlap=0.42, overlap_p=0.005,
        profile=tuple(
            TreeStep(distance=at, strength=strength)
            for at, strength in enumerate((11.87, 4.02, 0.55, None, 0.04), start=1)
        ),
    )  # fmt: skip


def survey(shown: tuple[Department, ...], items: int = 6) -> Survey:
    """Who answered, and statements of which one is not told of the second department."""
    groups = [(None, 400.0), *((group.name, float(group.people)) for group in shown)]
    rows = tuple(
        SurveyRow(department=name, people=round(people), answered=0.7 + 0.05 * (at % 5))
        for at, (name, people) in enumerate(groups)
    )
    made = []
    for number in range(items):
        answers = []
        for at, (name, people) in enumerate(groups):
            if number == 2 and at in (2, 3):
                continue
            agree = 0.3 + 0.05 * ((3 * number + at) % 9)
            neutral = 0.1 + 0.05 * (number % 3)
            answers.append(
                SurveyAnswers(
                    department=name, people=5 * round(people / 7) + 5, agree=round(agree, 2),
                    neutral=round(neutral, 2), disagree=round(1 - agree - neutral, 2),
                )
            )  # fmt: skip
        text = f"Statement {number + 1}: what we do for other departments is clear to all of us"
        made.append(SurveyItem(text=text, rows=tuple(answers)))
    return Survey(response=rows, items=tuple(made))


def change(shown: tuple[Department, ...], after: Period) -> Change:
    """Two periods: the second and fourth department changed, the third is withheld."""
    rows = []
    for at, group in enumerate(shown):
        if at == 2:
            rows.append(
                DepartmentChange(
                    name=group.name, before=None, after=None, change=None, low=None, high=None,
                    q=None, reason="few_people",
                )
            )  # fmt: skip
            continue
        moved = {1: -0.14, 3: 0.09}.get(at, round(0.06 * noise(at, 31) - 0.03, 2) + 0.0)
        now = group.openness or 0.3
        rows.append(
            DepartmentChange(
                name=group.name, before=round(now - moved, 2), after=now, change=moved,
                low=round(moved - 0.05, 2), high=round(moved + 0.05, 2),
                q=0.003 if at in (1, 3) else 0.6, proven=at in (1, 3),
            )
        )  # fmt: skip
    return Change(
        before=Period(first="2025-12-08", last="2026-03-01", weeks=12),
        after=after,
        people=380,
        joined=15,
        left=None,
        departments=tuple(rows),
        scores=tuple(
            IndexChange(key=key, before=before, after=later)
            for key, before, later in (
                ("index", 74.0, 71.0), ("openness", 52.0, 43.0), ("coverage", 89.0, 90.0),
                ("resilience", 81.0, 80.0),
            )
        ),
    )  # fmt: skip


def two_periods(people: int = 400, groups: int = 10) -> ReportModel:
    """A full report that can look back."""
    base = organisation(people, groups)
    return dataclasses.replace(base, change=change(base.departments, base.period))


def with_survey(people: int = 400, groups: int = 10) -> ReportModel:
    """A full report with a survey."""
    base = organisation(people, groups)
    return dataclasses.replace(base, survey=survey(base.departments))


def with_requirements_and_lines(people: int = 400, groups: int = 10) -> ReportModel:
    """A full report with required contact and reporting lines."""
    base = organisation(people, groups)
    return dataclasses.replace(
        base, requirements=requirements(base.departments), vertical=vertical()
    )


def largest_drawn(people: int = 5000, groups: int = 60) -> ReportModel:
    """More departments than can be drawn, and no coarser level."""
    told = RollUp(kind="largest", by="department", into="department", groups=groups, into_groups=25)
    return dataclasses.replace(organisation(people, groups), roll_up=told)


def without_departments(people: int, mode: Mode = "small") -> ReportModel:
    """A report in which no department can be shown: very small, or none known."""
    base = organisation(20, 2)
    return dataclasses.replace(
        base,
        mode=mode,
        period=base.period if people else Period(first=None, last=None, weeks=None),
        coverage=Coverage(
            people_known=people, people_seen=people, share=1.0 if people else None,
            unknown_department=None,
        ),
        index=no_index("too_few_people"),
        glance=(Glance(key="people", value=people, unit="count", compared=people),)
        if people
        else (),
        departments=(), pairs=(), findings=(), bottlenecks=(), weak_links=(), communities=None,
        load=tuple(
            WeekLoad(
                week=f"2026-03-{2 + 7 * at:02d}",
                people=people if at != 2 else None,
                contacts=30 + 11 * at if at != 2 else None,
            )
            for at in range(4)
        )
        if people >= 5
        else (),
        quality=quality(people), withheld=(),
    )  # fmt: skip


def calm(people: int = 100, groups: int = 6) -> ReportModel:
    """A report without any finding."""
    base = organisation(people, groups)
    return dataclasses.replace(
        base,
        findings=(),
        bottlenecks=(),
        weak_links=(),
        departments=tuple(dataclasses.replace(group, silo=False) for group in base.departments),
        pairs=tuple(dataclasses.replace(pair, weak=False) for pair in base.pairs),
    )


def all_withheld() -> ReportModel:
    """Departments are known and named, and no figure about any of them may be shown."""
    base = calm(60, 4)
    return dataclasses.replace(
        base,
        index=no_index("low_coverage"),
        departments=tuple(
            dataclasses.replace(
                group, share_inside=None, expected_inside=None, openness=None, low=None, high=None,
                reason="few_people",
            )
            for group in base.departments
        ),
        pairs=tuple(_without_numbers(pair, "few_people", None) for pair in base.pairs),
        communities=None,
    )  # fmt: skip


def no_ties() -> ReportModel:
    """Departments without any contact between them."""
    base = calm(60, 4)
    return dataclasses.replace(
        base,
        index=no_index("no_ties"),
        pairs=tuple(
            dataclasses.replace(
                pair, ties=0, expected=None, ratio=None, low=None, high=None, q=None,
                contact="none", reason="not_estimated",
            )
            for pair in base.pairs
        ),
        communities=None,
    )  # fmt: skip


def dominant_person() -> ReportModel:
    """One pair is held by one person: a word, and a finding without a number."""
    base = calm(100, 5)
    pair = _without_numbers(base.pairs[0], "one_person", "fewer")
    item = Bottleneck(
        group_a=pair.group_a, group_b=pair.group_b, people="one_person", confidence="clear"
    )
    return dataclasses.replace(
        base,
        pairs=(pair, *base.pairs[1:]),
        bottlenecks=(item,),
        findings=findings((), (), (item,)),
    )


def hostile() -> ReportModel:
    """A full report in which every department has a hostile name."""
    base = organisation(200, len(HOSTILE))
    renamed = dict(zip([group.name for group in base.departments], HOSTILE, strict=True))
    return dataclasses.replace(
        base,
        title="</title><script>alert(1)</script>",
        organisation='"><img src=x onerror=alert(1)>',
        departments=tuple(
            dataclasses.replace(group, name=renamed[group.name]) for group in base.departments
        ),
        pairs=tuple(
            dataclasses.replace(pair, group_a=renamed[pair.group_a], group_b=renamed[pair.group_b])
            for pair in base.pairs
        ),
        bottlenecks=tuple(
            dataclasses.replace(item, group_a=renamed[item.group_a], group_b=renamed[item.group_b])
            for item in base.bottlenecks
        ),
        findings=tuple(_renamed_finding(item, renamed) for item in base.findings),
        coverage=dataclasses.replace(
            base.coverage,
            departments=tuple(
                dataclasses.replace(row, department=renamed[row.department])
                for row in base.coverage.departments
            ),
        ),
        communities=dataclasses.replace(
            base.communities,
            rows=tuple(
                dataclasses.replace(row, department=renamed[row.department])
                for row in base.communities.rows
            ),
        ),
    )


def _renamed_finding(item: Finding, renamed: dict[str, str]) -> Finding:
    return finding(
        item.kind,
        tuple(renamed[name] for name in item.subject),
        effect=item.effect,
        low=item.low,
        high=item.high,
        confidence=item.confidence,
        **{
            name: value
            for name, value in item.arguments.items()
            if name not in ("department", "group_a", "group_b", "low", "high")
        },
    )


def _contact(ratio: float) -> Contact:
    if ratio == 0:
        return "none"
    return "fewer" if ratio < 0.7 else "more" if ratio > 1.4 else "as_expected"


def _without_numbers(pair: Pair, reason: str, contact: Contact | None) -> Pair:
    return dataclasses.replace(
        pair, ties=None, expected=None, ratio=None, low=None, high=None, q=None, contact=contact,
        weak=False, reason=reason,
    )  # fmt: skip


GOLDEN = {
    "nobody": lambda: without_departments(0),
    "one person": lambda: without_departments(1),
    "three people": lambda: without_departments(3),
    "ten people": lambda: without_departments(10),
    "no departments": lambda: without_departments(80, "no_groups"),
    "a hundred people": lambda: organisation(100, 6),
    "four hundred people": lambda: organisation(400, 10),
    "nothing found": calm,
    "one group": lambda: organisation(40, 1),
    "two groups": lambda: organisation(40, 2),
    "all withheld": all_withheld,
    "no ties": no_ties,
    "one dominant person": dominant_person,
    "25 groups": lambda: organisation(2000, 25),
    "60 groups": largest_drawn,
    "requirements and lines": with_requirements_and_lines,
    "two periods": two_periods,
    "a survey": with_survey,
    "hostile names": hostile,
}
