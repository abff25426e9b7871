"""Findings in the words in which they may leave."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from orgnet import findings as unreleased
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.report_model import (
    Bottleneck,
    Department,
    Finding,
    Pair,
    RequiredLink,
    Requirements,
)


def released_findings(
    found: list[unreleased.Finding],
    policy: DisclosurePolicy,
    departments: tuple[Department, ...],
    pairs: tuple[Pair, ...],
    requirements: Requirements | None = None,
) -> tuple[Finding, ...]:
    """Return the findings about departments that are shown; withheld numbers become words.

    A weak link is said to be too weak only where its contact is required and falls short.

    They are told in English; `orgnet.disclosure.wording` tells them in another language.
    """
    shown = {department.name: department for department in departments}
    cells: dict[tuple[str, ...], Pair] = {(pair.group_a, pair.group_b): pair for pair in pairs}
    short: dict[tuple[str, ...], RequiredLink] = {
        (link.group_a, link.group_b): link
        for link in (requirements.links if requirements else ())
        if link.state in ("missing", "thin")
    }
    released = (_released(finding, policy, shown, cells, short) for finding in found)
    return tuple(finding for finding in released if finding is not None)


def released_bottlenecks(
    findings: tuple[Finding, ...], policy: DisclosurePolicy
) -> tuple[Bottleneck, ...]:
    """Return the pairs that hang on very few people, by name."""
    held = [finding for finding in findings if finding.kind == "bottleneck"]
    return tuple(
        Bottleneck(
            group_a=finding.subject[0],
            group_b=finding.subject[1],
            people="very_few" if policy.concentration == "qualitative" else "one_person",
            confidence=finding.confidence,
        )
        for finding in sorted(held, key=lambda f: f.subject)
    )


def _released(
    finding: unreleased.Finding,
    policy: DisclosurePolicy,
    departments: Mapping[str, Department],
    pairs: Mapping[tuple[str, ...], Pair],
    short: Mapping[tuple[str, ...], RequiredLink],
) -> Finding | None:
    if not all(name in departments for name in finding.subject):
        return None
    if finding.kind == "silo":
        if departments[finding.subject[0]].reason is not None:
            return None
        return _silo(finding, departments)
    if finding.kind == "weak_link":
        pair, link = pairs[finding.subject], short.get(finding.subject)
        if pair.reason is None and pair.ratio is not None:
            return _weak_link(finding, pair, link)
        names = {name: finding.arguments[name] for name in ("group_a", "group_b")}
        return _told(finding, *_needed("weak_link_withheld", names, link))
    if policy.concentration == "withhold":
        return None
    people = "very_few" if policy.concentration == "qualitative" else "one_person"
    return _told(finding, finding.key, {**finding.arguments, "people": people})


def _silo(finding: unreleased.Finding, departments: Mapping[str, Department]) -> Finding | None:
    """Tell a silo in the figures of the departments table, which are those that may leave.

    The median is that of the other departments shown: the diagnosis' own may be the openness of a
    department that is not.
    """
    own = departments[finding.subject[0]]
    others = [
        department.openness
        for department in departments.values()
        if department.name != own.name and department.openness is not None
    ]
    figures = (own.share_inside, own.expected_inside, own.openness, own.low, own.high)
    if not others or any(figure is None for figure in figures):
        return None
    inside, expected, openness, low, high = (figure or 0.0 for figure in figures)
    arguments: dict[str, str | float | int] = {
        "department": own.name,
        "external": round(1 - inside, 2),
        "expected_external": round(1 - expected, 2),
        "openness": openness,
        "low": low,
        "high": high,
        "median": round(median(others), 2),
    }
    return _told(finding, finding.key, arguments, effect=openness, low=low, high=high)


def _weak_link(finding: unreleased.Finding, pair: Pair, link: RequiredLink | None) -> Finding:
    """Tell a weak link in the figures of its cell."""
    figures = {
        "ties": pair.ties,
        "expected": pair.expected,
        "ratio": pair.ratio,
        "low": pair.low,
        "high": pair.high,
    }
    arguments: dict[str, str | float | int] = {"group_a": pair.group_a, "group_b": pair.group_b}
    arguments |= {name: value for name, value in figures.items() if value is not None}
    key, arguments = _needed(finding.key, arguments, link)
    return _told(finding, key, arguments, effect=pair.ratio, low=pair.low, high=pair.high)


def _needed(
    key: str, arguments: Mapping[str, str | float | int], link: RequiredLink | None
) -> tuple[str, dict[str, str | float | int]]:
    """Return the message of a weak link, with what the work requires where it falls short."""
    if link is None or link.state is None:
        return key, dict(arguments)
    return f"{key}_required", {**arguments, "required": link.required, "state": link.state}


def _told(
    finding: unreleased.Finding,
    key: str,
    arguments: Mapping[str, str | float | int],
    *,
    effect: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Finding:
    return Finding(
        kind=finding.kind,
        subject=finding.subject,
        key=key,
        arguments=dict(arguments),
        headline=unreleased.sentence(key, "headline", arguments),
        statement=unreleased.sentence(key, "statement", arguments),
        effect=effect,
        low=low,
        high=high,
        confidence=finding.confidence,
        confidence_key=finding.confidence_key,
        survived=finding.survived,
        confidence_reason=finding.confidence_reason,
        alternative=unreleased.sentence(key, "alternative", arguments),
        question=unreleased.sentence(key, "question", arguments),
        evidence=finding.evidence,
    )
