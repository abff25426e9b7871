"""Head counts of the departments shown that do not tell the size of those not shown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from msgspec import Struct

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy

#: Head counts are told in steps of this, and may be off by so many people.
_STEP, _OFF = 5, 2


class HeadCounts(Struct, frozen=True):
    """Observed people of the departments shown, as they may be told.

    Attributes
    ----------
    counts
        By department.
    everybody
        People in all departments; those of unknown department too where they are few.
    exact
        False where the counts are in steps.
    """

    counts: Mapping[str, int]
    everybody: int
    exact: bool

    def expected_inside(self, name: str) -> float:
        """Share of its contact that stays inside a department by headcount alone."""
        return max(self.counts[name] - 1, 0) / max(self.everybody - 1, 1)

    @property
    def expected_outside(self) -> float:
        """Share of all contact that crosses departments by headcount alone."""
        inside = sum(count * (count - 1) for count in self.counts.values())
        return 1 - inside / max(self.everybody * (self.everybody - 1), 1)


def head_counts(
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> HeadCounts:
    """Return the head counts of the departments shown."""
    groups = diagnosis.groups
    size = dict(zip(groups.names, groups.sizes.tolist(), strict=True))
    # A handful without a department would be told as well by what is left of the total.
    few_unknown = 0 < groups.unknown < policy.minimum_group
    everybody = diagnosis.network.n - (0 if few_unknown else groups.unknown)
    hidden = len(groups.names) - len(shown) + few_unknown
    counts = released_headcounts(
        {name: size[name] for name in shown},
        everybody=everybody,
        hidden=hidden,
        minimum=policy.minimum_group,
    )
    return HeadCounts(counts=counts, everybody=everybody, exact=not hidden)


def released_headcounts(
    sizes: Mapping[str, int], *, everybody: int, hidden: int, minimum: int
) -> dict[str, int]:
    """Return head counts: exact if nobody else is there, else in steps of 5.

    The total is known, and steps of 5 alone may give the rest away where every count happens to be
    rounded the same way as far as it can be. One of the counts then goes to the next step.

    Parameters
    ----------
    sizes
        People in each department that is shown.
    everybody
        People in all departments.
    hidden
        Departments that are not shown, each taken to be smaller than `minimum`.
    minimum
        Smallest department that is shown.

    Examples
    --------
    >>> released_headcounts({"A": 8, "B": 8}, everybody=16, hidden=0, minimum=5)
    {'A': 8, 'B': 8}
    >>> released_headcounts({"A": 7, "B": 9}, everybody=19, hidden=1, minimum=5)
    {'A': 5, 'B': 10}

    Two departments of 8 are 10 each when rounded: at least 8, which leaves one person of 17.

    >>> released_headcounts({"A": 8, "B": 8}, everybody=17, hidden=1, minimum=5)
    {'A': 5, 'B': 10}
    """
    rest = everybody - sum(sizes.values())
    if not hidden or not rest:
        return dict(sizes)
    counts = {name: _STEP * round(size / _STEP) for name, size in sizes.items()}
    if _hides(counts, rest, everybody, hidden, minimum):
        return counts
    for name, step in product(sorted(counts), (-_STEP, _STEP)):
        moved = {**counts, name: counts[name] + step}
        if 0 < moved[name] < everybody and _hides(moved, rest, everybody, hidden, minimum):
            return moved
    # The total alone tells: the departments shown have the minimum at least.
    return counts


def _hides(counts: Mapping[str, int], rest: int, everybody: int, hidden: int, minimum: int) -> bool:
    """Whether a reader is left with two possible sizes of the rest, one of them true."""
    fewest = sum(max(count - _OFF, minimum) for count in counts.values())
    most = sum(count + _OFF for count in counts.values())
    low = max(everybody - most, hidden)
    high = min(everybody - fewest, max(hidden * (minimum - 1), rest))
    return low <= rest <= high and high > low
