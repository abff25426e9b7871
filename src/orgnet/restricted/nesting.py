"""Numbers of contact that one release withholds and another one gives away.

Where the groups of one release are made up of those of another, such as divisions of departments,
a number between two divisions is the sum of those between their departments. If all of these but
one are shown, so is the last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct

from orgnet.disclosure.withholding import IntArray, least_width

#: Two groups by name.
Pair = tuple[str, str]


class PairTable(Struct, frozen=True):
    """The numbers between the groups of a release.

    Attributes
    ----------
    groups
        People of each group; no two share anybody.
    withheld
        Pairs, sorted by name, that have contact and no number.
    """

    groups: Mapping[str, frozenset[str]]
    withheld: frozenset[Pair]


class Contact(Struct, frozen=True, eq=False):
    """Who is in contact with whom: positions among `people`, every pair once."""

    people: Sequence[str]
    first: IntArray
    second: IntArray

    def between(self, table: PairTable) -> Counter[Pair]:
        """Count the ties between groups."""
        group = {who: at for at, inside in enumerate(table.groups.values()) for who in inside}
        code = np.array([group.get(who, -1) for who in self.people], dtype=np.int64)
        names = list(table.groups)
        one, other = code[self.first], code[self.second]
        across = (one >= 0) & (other >= 0) & (one != other)
        pairs, counts = np.unique(
            np.stack([one[across], other[across]]), axis=1, return_counts=True
        )
        between: Counter[Pair] = Counter()
        for a, b, count in zip(*pairs.tolist(), counts.tolist(), strict=True):
            between[_pair(names[a], names[b])] += count
        return between


def given_away(
    new: PairTable, earlier: PairTable, contact: Contact, *, protection: float
) -> Iterator[Pair]:
    """Yield pairs whose withheld number follows from both releases, and from neither alone.

    Parameters
    ----------
    new, earlier
        Tables of the same contact.
    contact
        What both of them count.
    protection
        Width of the interval, as a share of the number, that must remain.

    Examples
    --------
    >>> people = {name: frozenset({name.lower()}) for name in "ABC"}
    >>> departments = PairTable(people, frozenset({("A", "C")}))
    >>> divisions = PairTable({"AB": people["A"] | people["B"], "C": people["C"]}, frozenset())
    >>> contact = Contact("abc", np.array([0, 1]), np.array([2, 2]))
    >>> list(given_away(divisions, departments, contact, protection=0.2))
    [('A', 'C')]
    """
    yield from _chosen_otherwise(new, earlier)
    for fine, coarse, coarse_is_new in ((earlier, new, True), (new, earlier, False)):
        parts = _parts(fine, coarse)
        between: Counter[Pair] | None = None
        for a, b in combinations(sorted(parts), 2):
            cells = [_pair(one, other) for one in parts[a] for other in parts[b]]
            if len(cells) == 1:
                continue
            hidden = [cell for cell in cells if cell in fine.withheld]
            if (a, b) in coarse.withheld:
                # The sum of numbers that were all shown before is nothing new.
                if not hidden and not coarse_is_new:
                    yield a, b
            elif hidden:
                if between is None:
                    between = contact.between(fine)
                numbers = [between[cell] for cell in hidden]
                # Each of several is 1 at least, and at most what that leaves.
                width = sum(numbers) - len(numbers) if len(numbers) > 1 else 0
                if width < least_width(max(numbers), protection):
                    yield hidden[0]


def _chosen_otherwise(new: PairTable, earlier: PairTable) -> Iterator[Pair]:
    """Yield a number that neither release shows, where each shows another that guards it."""
    names = {name for name, people in new.groups.items() if earlier.groups.get(name) == people}
    here, there = (
        {pair for pair in table.withheld if names.issuperset(pair)} for table in (new, earlier)
    )
    if not (here <= there or there <= here):
        yield from sorted(here & there)[:1]


def _parts(fine: PairTable, coarse: PairTable) -> dict[str, tuple[str, ...]]:
    """Return for each group that is made up of groups of the other release which they are."""
    group = {who: name for name, people in fine.groups.items() for who in people}
    parts = {}
    for name, people in coarse.groups.items():
        inside = Counter(map(group.get, people))
        names = [part for part in inside if part is not None]
        whole = all(len(fine.groups[part]) == inside[part] for part in names)
        if people and whole and None not in inside:
            parts[name] = tuple(sorted(names))
    return parts


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
