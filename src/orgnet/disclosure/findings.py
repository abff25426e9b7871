"""Findings in the words in which they may leave."""

from __future__ import annotations

from collections.abc import Mapping

from orgnet import findings as unreleased
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import rounded, rounded_count
from orgnet.report_model import Bottleneck, Department, Finding, Pair


def released_findings(
    found: list[unreleased.Finding],
    policy: DisclosurePolicy,
    departments: tuple[Department, ...],
    pairs: tuple[Pair, ...],
) -> tuple[Finding, ...]:
    """Return the findings about departments that are shown; withheld numbers become words."""
    shown = {department.name: department for department in departments}
    cells: dict[tuple[str, ...], Pair] = {(pair.group_a, pair.group_b): pair for pair in pairs}
    released = (_released(finding, policy, shown, cells) for finding in found)
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
) -> Finding | None:
    if not all(name in departments for name in finding.subject):
        return None
    if finding.kind == "silo":
        if departments[finding.subject[0]].reason is not None:
            return None
        return _told(finding, finding.key, _rounded(finding.arguments), numbers=True)
    if finding.kind == "weak_link":
        pair = pairs[finding.subject]
        if pair.reason is None and pair.ratio is not None:
            return _told(finding, finding.key, _rounded(finding.arguments), numbers=True)
        names = {name: finding.arguments[name] for name in ("group_a", "group_b")}
        return _told(finding, "weak_link_withheld", names, numbers=False)
    if policy.concentration == "withhold":
        return None
    people = "very_few" if policy.concentration == "qualitative" else "one_person"
    return _told(finding, finding.key, {**finding.arguments, "people": people}, numbers=False)


def _rounded(arguments: Mapping[str, str | float | int]) -> dict[str, str | float | int]:
    released: dict[str, str | float | int] = {}
    for name, value in arguments.items():
        number = (
            rounded_count(value)
            if isinstance(value, float) and name == "expected"
            else rounded(value, 2)
            if isinstance(value, float)
            else value
        )
        if number is not None:
            released[name] = number
    return released


def _told(
    finding: unreleased.Finding,
    key: str,
    arguments: Mapping[str, str | float | int],
    *,
    numbers: bool,
) -> Finding:
    return Finding(
        kind=finding.kind,
        subject=finding.subject,
        key=key,
        arguments=dict(arguments),
        headline=unreleased.sentence(key, "headline", arguments),
        statement=unreleased.sentence(key, "statement", arguments),
        effect=rounded(finding.effect, 2) if numbers else None,
        low=rounded(finding.low, 2) if numbers else None,
        high=rounded(finding.high, 2) if numbers else None,
        confidence=finding.confidence,
        confidence_reason=finding.confidence_reason,
        alternative=unreleased.sentence(key, "alternative", arguments),
        question=unreleased.sentence(key, "question", arguments),
        evidence=finding.evidence,
    )
