"""Minimum data: which results are given at all, and the reason where they are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgnet.network import Groups, Network
from orgnet.words import load_words

#: Group sizes, people and weeks below which nothing is said (`measures.md` 7 and 5.4).
SMALLEST_GROUP = 5
SILO_WEEKS, SILO_WEEKS_FULL = 4, 8
PAIR_WEEKS = 12
INDEX_PEOPLE = 50
INDEX_GROUPS = (5, 12)
SILO_COVERAGE, WEAK_LINK_COVERAGE, BOTTLENECK_COVERAGE, INDEX_COVERAGE = 0.5, 0.7, 0.8, 0.7
PATH_PEOPLE = 30
#: The coverage of two windows that are compared may differ by this.
CHANGE_COVERAGE = 0.1


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a result is not given: a key of the catalogue with what fills it.

    Examples
    --------
    >>> Reason("too_few_weeks", {"weeks": 5, "needed": 12}).text
    'too few weeks: 5 of the 12 that are needed'
    """

    key: str
    arguments: Mapping[str, float | int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The reason in English."""
        return load_words("orgnet")(f"reason.{self.key}", **self.arguments)


def calendar_weeks(network: Network) -> int | None:
    """Calendar weeks of the window, holiday weeks included; None without dates."""
    if network.weeks is None:
        return None
    every = [*network.weeks, *network.holiday_weeks]
    inside = network.rules.window(min(every), max(every)) if every else (0, -1)
    return inside[1] - inside[0] + 1


def silo_gate(network: Network, groups: Groups) -> Reason | None:
    """Return why silos are not assessed, or None if they are."""
    return (
        _basics(network, groups)
        or _weeks(network, SILO_WEEKS)
        or _coverage(network, SILO_COVERAGE)
        or _units(groups, 2)
    )


def weak_link_gate(network: Network, groups: Groups) -> Reason | None:
    """Return why weak links are not tested, or None if they are."""
    return (
        _basics(network, groups)
        or _weeks(network, PAIR_WEEKS)
        or _coverage(network, WEAK_LINK_COVERAGE)
        or _units(groups, 4)
    )


def bottleneck_gate(network: Network, groups: Groups) -> Reason | None:
    """Return why bottlenecks are not assessed, or None if they are."""
    return (
        _basics(network, groups)
        or _weeks(network, PAIR_WEEKS)
        or _coverage(network, BOTTLENECK_COVERAGE)
        or _units(groups, 2)
    )


def index_gate(network: Network, groups: Groups) -> Reason | None:
    """Return why the index is withheld, or None if it is given."""
    few, many = INDEX_GROUPS
    if basic := _basics(network, groups) or _weeks(network, PAIR_WEEKS):
        return basic
    people = int(groups.sizes.sum())
    if people < INDEX_PEOPLE:
        return Reason("too_few_people", {"people": people, "needed": INDEX_PEOPLE})
    if reason := _units(groups, few):
        return reason
    if len(groups.names) > many:
        return Reason("too_many_units", {"units": len(groups.names), "needed": many})
    return _coverage(network, INDEX_COVERAGE)


def change_gate(before: Network, after: Network, by: str) -> Reason | None:
    """Return why two windows are not compared, or None if they are."""
    for network in (before, after):
        groups = network.groups(by)
        if reason := silo_gate(network, groups) or _weeks(network, PAIR_WEEKS):
            return reason
    shares = {"before": before.people_coverage, "after": after.people_coverage}
    if abs(shares["after"] - shares["before"]) > CHANGE_COVERAGE:
        return Reason("coverage_differs", shares)
    return None


def path_gate(network: Network) -> Reason | None:
    """Return why measures of paths and structural holes are not given, or None if they are."""
    if network.n < PATH_PEOPLE:
        return Reason("too_few_people", {"people": network.n, "needed": PATH_PEOPLE})
    return _weeks(network, PAIR_WEEKS) or _coverage(network, BOTTLENECK_COVERAGE)


def _basics(network: Network, groups: Groups) -> Reason | None:
    if len(groups.names) < 2:
        return Reason("single_group")
    a, _, known = network.between(groups)
    return Reason("no_ties") if not len(a[known]) else None


def _weeks(network: Network, needed: int) -> Reason | None:
    weeks = calendar_weeks(network)
    if weeks is None or weeks >= needed:
        return None
    return Reason("too_few_weeks", {"weeks": weeks, "needed": needed})


def _coverage(network: Network, needed: float) -> Reason | None:
    share = network.people_coverage
    if share >= needed:
        return None
    return Reason("low_coverage", {"share": share, "needed": needed})


def _units(groups: Groups, needed: int) -> Reason | None:
    units = int((groups.sizes >= SMALLEST_GROUP).sum())
    if units >= needed:
        return None
    return Reason("too_few_units", {"units": units, "needed": needed})
