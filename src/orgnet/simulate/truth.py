"""What is planted in an organisation, and how a diagnosis compares with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from orgnet.errors import UsageError, did_you_mean

#: The kinds of finding, as a diagnosis names them.
FINDING_KINDS = ("silo", "bottleneck", "weak_link")

#: The departments that a finding is about: one for a silo, two in order of name otherwise.
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Who and what in the exports is not plain contact between two people; all are person ids.

    Parameters
    ----------
    bots
        Accounts that write every day and are never answered.
    shared_mailboxes
        Addresses behind which several people sit.
    broadcasters
        Those who send mail to more than 20 recipients at once.
    leavers, joiners
        People present for a part of the weeks only; their last or first day is in the roster.
    two_addresses
        People who write and are written to under two addresses, both in the roster.
    silent
        People of the roster of whom no export holds anything.
    part_timers
        People who work less than the full time, and have less contact by as much.
    wrong_department
        People whose department in the roster is not the one that they work in.
    """

    bots: frozenset[str] = frozenset()
    shared_mailboxes: frozenset[str] = frozenset()
    broadcasters: frozenset[str] = frozenset()
    leavers: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    two_addresses: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    part_timers: frozenset[str] = frozenset()
    wrong_department: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The faults planted in an organisation, and its noise.

    Parameters
    ----------
    silos
        Departments that keep to themselves.
    bottlenecks
        ``(group_a, group_b, person)``: all contact between the two departments goes through
        `person`, who works in `group_a`.
    weak_links
        Pairs of departments, in order of name, with far less contact than both are used to.
    overloaded
        People of whom far more is asked than of others, and who answer late.
    hubs
        Departments through which others go that have no tie with each other.
    noise
        What a reader has to see through.

    Examples
    --------
    >>> truth = Truth(bottlenecks=frozenset({("Sales", "Legal", "E0007")}))
    >>> truth.subjects("bottleneck")
    frozenset({('Legal', 'Sales')})
    """

    silos: frozenset[str] = frozenset()
    bottlenecks: frozenset[tuple[str, str, str]] = frozenset()
    weak_links: frozenset[tuple[str, str]] = frozenset()
    overloaded: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    noise: Noise = Noise()

    def subjects(self, kind: str) -> frozenset[Subject]:
        """Return what findings of `kind` are expected to be about.

        Raises
        ------
        UsageError
            If `kind` is not one of `FINDING_KINDS`.
        """
        match kind:
            case "silo":
                return frozenset((department,) for department in self.silos)
            case "bottleneck":
                return frozenset(tuple(sorted((a, b))) for a, b, _ in self.bottlenecks)
            case "weak_link":
                return frozenset(tuple(sorted(pair)) for pair in self.weak_links)
        raise _unknown_kind(kind)


class FindingLike(Protocol):
    """As much of a finding as a comparison looks at."""

    @property
    def kind(self) -> str:
        """One of `FINDING_KINDS`."""
        ...

    @property
    def subject(self) -> tuple[str, ...]:
        """One department for a silo, two in any order otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthComparison:
    """How findings compare with what was planted; every field holds subjects by kind.

    Parameters
    ----------
    found
        Planted and found.
    missed
        Planted and not found.
    extra
        Found and not planted.
    """

    found: Mapping[str, frozenset[Subject]]
    missed: Mapping[str, frozenset[Subject]]
    extra: Mapping[str, frozenset[Subject]]


def _unknown_kind(kind: str) -> UsageError:
    return UsageError(
        f"no kind of finding {kind!r}; there are {list(FINDING_KINDS)}."
        f"{did_you_mean(kind, FINDING_KINDS)}"
    )


def compare_with_truth(findings: Iterable[FindingLike], truth: Truth) -> TruthComparison:
    """Sort findings and planted faults into found, missed and extra.

    A finding counts once however often it is given, and the order of its two departments does
    not matter. Who the person of a bottleneck is, is not compared: a finding does not say it.

    Parameters
    ----------
    findings
        Anything with a `kind` and a `subject`.
    truth
        What was planted.

    Returns
    -------
    TruthComparison
        Every kind is a key of all three fields, with an empty set where there is nothing.

    Raises
    ------
    UsageError
        If a finding is of a kind that is never planted.

    Examples
    --------
    >>> from types import SimpleNamespace as Finding
    >>> truth = Truth(silos=frozenset({"Legal"}), weak_links=frozenset({("HR", "Sales")}))
    >>> comparison = compare_with_truth(
    ...     [Finding(kind="silo", subject=("Legal",)), Finding(kind="silo", subject=("HR",))], truth
    ... )
    >>> comparison.found["silo"], comparison.extra["silo"], comparison.missed["weak_link"]
    (frozenset({('Legal',)}), frozenset({('HR',)}), frozenset({('HR', 'Sales')}))
    """
    seen: dict[str, set[Subject]] = {kind: set() for kind in FINDING_KINDS}
    for finding in findings:
        if finding.kind not in seen:
            raise _unknown_kind(finding.kind)
        seen[finding.kind].add(tuple(sorted(finding.subject)))
    planted = {kind: truth.subjects(kind) for kind in FINDING_KINDS}
    return TruthComparison(
        found={kind: planted[kind] & seen[kind] for kind in FINDING_KINDS},
        missed={kind: planted[kind] - seen[kind] for kind in FINDING_KINDS},
        extra={kind: frozenset(seen[kind] - planted[kind]) for kind in FINDING_KINDS},
    )
