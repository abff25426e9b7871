"""Required contact: which gaps are shown or told in words, and how exactly their sum is told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from orgnet.contributions import contributions
from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.agreement import few_disagree
from orgnet.disclosure.headcounts import HeadCounts
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps, rounded
from orgnet.disclosure.withholding import least_width
from orgnet.frames import rows_of
from orgnet.measures.coordination import contact_targets
from orgnet.report_model import Change, Index, Pair, RequiredLink, Requirements

State = Literal["missing", "thin", "met"]

#: Sums over pairs are told in one of these steps, the finest that gives no withheld pair away.
_STEPS = (0.05, 0.1)

#: The same where nothing is withheld.
_FINE = 0.01

#: Names of the index's figures: each is a sum over the required pairs.
_INDEX = (
    *("value", "low", "high"),
    *("openness", "openness_low", "openness_high"),
    *("coverage", "coverage_low", "coverage_high"),
    *("resilience", "resilience_low", "resilience_high"),
)


class ReleasedRequirements(Struct, frozen=True):
    """What is told of the requirements, and in which step of 1 their sums are.

    `step` is None where the sums are withheld.
    """

    model: Requirements
    step: float | None

    def guarded(self, index: Index) -> Index:
        """Return the index as exact as the sums are told, or without figures where they are not.

        With requirements its coverage is the congruence, its resilience a sum over the same pairs.
        """
        if self.step == _FINE or index.value is None:
            return index
        if self.step is None:
            return Index(**dict.fromkeys(_INDEX, None), reason="few_people")
        step = 100 * self.step
        exact: dict[str, float | None] = {name: getattr(index, name) for name in _INDEX}
        told = {name: None if old is None else in_steps(old, step) for name, old in exact.items()}
        return Index(**told, reason=index.reason)

    def guarded_change(self, change: Change | None) -> Change | None:
        """Return the change with its scores likewise: they are sums over the same pairs."""
        if change is None or self.step == _FINE:
            return change
        if self.step is None:
            return replace(change, scores=())
        step = 100 * self.step

        def told(score: float | None) -> float | None:
            return None if score is None else in_steps(score, step)

        scores = (
            replace(one, before=told(one.before), after=told(one.after)) for one in change.scores
        )
        return replace(change, scores=tuple(scores))


def released_requirements(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    pairs: tuple[Pair, ...],
) -> ReleasedRequirements | None:
    """Return the required pairs of shown departments, and sums that give none of them away.

    A number is withheld as that of a pair's ties is. What a pair should have follows from the
    head counts as they are told. None where nothing was required or no department is shown.
    """
    found = diagnosis.requirements
    if found is None or not people.counts:
        return None
    links = _links(diagnosis, policy, people, pairs)
    congruence = sum(link.required * link.met for link in links)
    groups = len(diagnosis.groups.names)
    step = None
    if math.isfinite(found.congruence):
        sums = _Sums(congruence, congruence - found.expected, groups * (groups - 1) / 2)
        step = _told_step(links, sums, policy)
    model = Requirements(
        congruence=None if step is None else in_steps(congruence, step),
        lift=None if step is None else in_steps(congruence - found.expected, step),
        unneeded_share=_unneeded_share(diagnosis, policy),
        links=tuple(link.released() for link in sorted(links, key=_Link.place) if link.shown),
    )
    return ReleasedRequirements(model, step)


class _Link(Struct, frozen=True, kw_only=True):
    """One required pair on its way out; `low` and `high` are what a reader knows of its contact.

    Contact counts up to the target: more of it adds nothing to any sum.
    """

    group_a: str
    group_b: str
    required: float
    regular: int
    target: int
    shown: bool
    reason: str | None
    state: State | None
    low: int
    high: int

    @property
    def counted(self) -> int:
        return min(self.regular, self.target)

    @property
    def met(self) -> float:
        return self.counted / self.target

    @property
    def open(self) -> bool:
        """Whether a reader does not know how far the target is met."""
        return self.low < self.high

    @property
    def gap(self) -> float | None:
        if self.state == "met":
            return 0.0
        return None if self.reason else self.required * (1 - self.met)

    def place(self) -> tuple[object, ...]:
        """Sort by what is released alone: gaps, then what may be one, then what is met."""
        gap = self.gap
        rank = 1 if gap is None else 0 if gap > 0 else 2
        return rank, -(gap or 0.0), self.state is None, -self.required, self.group_a, self.group_b

    def released(self) -> RequiredLink:
        gap = self.gap
        return RequiredLink(
            group_a=self.group_a,
            group_b=self.group_b,
            required=round(self.required, 4),
            regular=None if self.reason else self.regular,
            target=self.target,
            state=self.state,
            gap=None if gap is None else rounded(gap, 4),
            reason=self.reason,
        )


def _links(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    pairs: tuple[Pair, ...],
) -> list[_Link]:
    groups = diagnosis.groups
    behind = _behind(diagnosis)
    shown = {(pair.group_a, pair.group_b): pair for pair in pairs}
    sizes = dict(zip(groups.names, groups.sizes.tolist(), strict=True)) | dict(people.counts)
    assert diagnosis.requirements is not None
    # A team edition draws the regular ties of those who agreed; a count would tell the others'.
    in_words = few_disagree(diagnosis.network.people, policy.minimum_group)
    return [
        _link(row, policy, sizes, shown.get((row["group_a"], row["group_b"])), behind, in_words)
        for row in rows_of(diagnosis.requirements.gaps)
    ]


def _link(
    row: Mapping[Any, Any],
    policy: DisclosurePolicy,
    sizes: Mapping[str, int],
    pair: Pair | None,
    behind: Mapping[tuple[str, str], tuple[int, float, float]],
    in_words: bool,
) -> _Link:
    a, b, regular = str(row["group_a"]), str(row["group_b"]), int(row["regular_ties"])
    target = int(contact_targets(np.array([sizes[a], sizes[b]]))[0, 1])
    reason = _reason(regular, behind.get((a, b), (0, 0.0, math.inf)), pair, policy)
    if in_words and regular and reason is None:
        reason = "complementary"
    ties = math.inf if pair is None or pair.ties is None else pair.ties
    if reason and _narrow(policy.minimum_group, ties, policy):
        # All ties are shown and hardly more than the people: any other reason would tell.
        reason = "few_people"
    silent = reason is not None and _words_tell(reason, target, ties, policy)
    state = None if silent else _state(regular, target, reason)
    low, high = (0, target)
    if pair:
        low, high = _known(regular, target, reason, state, policy)
    if silent:
        low, high = min(_least(reason, policy), regular, target), target
    high = max(int(min(high, ties)), low)
    return _Link(
        group_a=a,
        group_b=b,
        required=float(row["required"]),
        regular=regular,
        target=target,
        shown=pair is not None,
        reason=reason,
        state=state,
        low=low,
        high=high,
    )


def _reason(
    regular: int, behind: tuple[int, float, float], pair: Pair | None, policy: DisclosurePolicy
) -> str | None:
    people, largest, rest = behind
    if regular == 0:
        return None
    if people < policy.minimum_group:
        return "few_people"
    if (hangs_on := policy.concentrated(largest, rest)) is not None:
        return hangs_on
    # Regular ties are the least that a pair's ties can be, and without dates all of them.
    if pair is not None and pair.reason not in (None, "not_estimated"):
        return pair.reason
    # What is not regular would be told by the difference: contact of a few.
    if pair is not None and pair.ties and 0 < pair.ties - regular < policy.minimum_group:
        return "complementary"
    return None


def _state(regular: int, target: int, reason: str | None) -> State | None:
    if regular == 0:
        return "missing"
    if reason != "few_people":
        return "met" if regular >= target else "thin"
    # That contact is thin is true of everybody in both departments; that it is enough would be
    # about the few.
    return "thin" if regular < target else None


def _words_tell(reason: str | None, target: int, ties: float, policy: DisclosurePolicy) -> bool:
    """Whether a withheld number would be all but known, once it is said on which side it is.

    A pair's ties, where they are shown, are no fewer than its regular ones.
    """
    least = _least(reason, policy)
    thin, met = (least, min(target - 1, ties)), (max(target, least), ties)
    return any(low <= high and _narrow(low, high, policy) for low, high in (thin, met))


def _least(reason: str | None, policy: DisclosurePolicy) -> int:
    """Return the fewest ties that there can be: the minimum of people have one on either side."""
    return 1 if reason == "few_people" else policy.minimum_group


def _narrow(low: float, high: float, policy: DisclosurePolicy) -> bool:
    return math.isfinite(high) and high - low < least_width(high, policy.protection)


def _known(
    regular: int, target: int, reason: str | None, state: State | None, policy: DisclosurePolicy
) -> tuple[int, int]:
    """Return the least and the most of the target that a reader can take to be met."""
    if reason is None:
        return min(regular, target), min(regular, target)
    if state == "thin":
        return min(_least(reason, policy), regular), target - 1
    # Nothing is said of few people where contact is enough.
    return target, target


def _behind(diagnosis: Diagnosis) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Return for each pair the people on its smaller side, the largest share of one, the rest."""
    names = diagnosis.groups.names
    result: dict[tuple[str, str], tuple[int, float, float]] = {}
    table = contributions(diagnosis.network, diagnosis.groups, regular=True)
    for own, other, people, largest, rest in table.itertuples(index=False):
        pair = (names[min(own, other)], names[max(own, other)])
        few, most, least = result.get(pair, (people, largest, rest))
        result[pair] = min(few, int(people)), max(most, float(largest)), min(least, float(rest))
    return result


class _Sums(Struct, frozen=True):
    """Congruence and lift, exact, and how many pairs of departments the lift is a mean over."""

    congruence: float
    lift: float
    pairs: float

    def moved(self, by: float, contact: float) -> _Sums:
        """Return the sums if the congruence were more by so much and all contact by so much."""
        return _Sums(
            self.congruence + by, self.lift + by - contact / max(self.pairs, 1.0), self.pairs
        )

    def told(self, step: float) -> tuple[float | None, float | None]:
        return in_steps(self.congruence, step), in_steps(self.lift, step)


def _told_step(links: list[_Link], sums: _Sums, policy: DisclosurePolicy) -> float | None:
    """Return the finest step in which the sums may be told, None if they may not be told at all."""
    hidden = [link for link in links if link.open]
    if not hidden and all(link.reason is None for link in links):
        return _FINE
    for step in _STEPS:
        if all(_has_room(link, hidden, sums, step, policy) for link in hidden):
            return step
    return None


def _has_room(
    link: _Link, hidden: list[_Link], sums: _Sums, step: float, policy: DisclosurePolicy
) -> bool:
    """Whether a reader of both sums is left with an interval as wide as it must be.

    Contact that meets its target may be any that does.
    """

    def fits(counted: int) -> bool:
        return counted == link.counted or _could_be(link, counted, hidden, sums, step)

    least = next(counted for counted in range(link.low, link.counted + 1) if fits(counted))
    most = next(counted for counted in range(link.high, link.counted - 1, -1) if fits(counted))
    if most == link.target:
        return least < most
    return most - least >= least_width(link.counted, policy.protection)


def _could_be(link: _Link, counted: int, hidden: list[_Link], sums: _Sums, step: float) -> bool:
    """Whether another number of a pair gives the same sums.

    It is enough that one other table of contact does: this pair changed alone, or another one with
    it.
    """
    told = sums.told(step)
    change = (counted - link.counted) / link.target
    if sums.moved(link.required * change, change).told(step) == told:
        return True
    return any(
        sums.moved(link.required * change + other.required * back, change + back).told(step) == told
        for other in hidden
        if other is not link
        for back in _changes(other)
    )


def _changes(link: _Link) -> Iterator[float]:
    """Yield by how much of its target each other possible number differs."""
    for counted in range(link.low, link.high + 1):
        if counted != link.counted:
            yield (counted - link.counted) / link.target


def _unneeded_share(diagnosis: Diagnosis, policy: DisclosurePolicy) -> float | None:
    """Return the share in steps of 5 %, None where few people have such contact."""
    found, network, groups = diagnosis.requirements, diagnosis.network, diagnosis.groups
    assert found is not None
    if not math.isfinite(found.unneeded_share):
        return None
    a, b, known = network.between(groups)
    k = len(groups.names)
    place = {name: position for position, name in enumerate(groups.names)}
    needed = np.zeros((k, k), dtype=bool)
    first = found.gaps["group_a"].map(place).to_numpy(dtype=int)
    second = found.gaps["group_b"].map(place).to_numpy(dtype=int)
    needed[first, second] = needed[second, first] = True
    across = known & (a != b) & network.pairs.regular
    for some in (across & ~needed[a, b], across & needed[a, b]):
        ends = np.concatenate([network.pairs.first[some], network.pairs.second[some]])
        if 0 < len(np.unique(ends)) < policy.minimum_group:
            return None
    return in_steps(found.unneeded_share, 0.05)
