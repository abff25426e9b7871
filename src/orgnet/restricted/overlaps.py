"""Which groups, and which sums of groups, are nearly the same people in two releases.

Whoever has figures of groups has those of their sums: two departments that were merged are one
minus the other. Such sums are found as cuts of a graph: its vertices are the groups of both
releases, its edges the people whom two of them share, and whoever is in one sum only is cut off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import igraph
from msgspec import Struct

Groups = Mapping[str, frozenset[str]]
#: Names of groups that are taken together.
Names = tuple[str, ...]

#: Whoever is in no group of a release.
_ABSENT = ""


class Release(Struct, frozen=True):
    """The people of a release: all together, and sorted into groups that share nobody."""

    everybody: frozenset[str]
    groups: Groups

    def has(self, people: frozenset[str]) -> bool:
        """Whether exactly these people are told of."""
        return people == self.everybody or people in self.groups.values()


def nearly_the_same(
    new: Release, earlier: Release, *, minimum: int, everybody: str
) -> list[tuple[Names, Names]]:
    """Return sums of groups of a new release that are some of an earlier one but for a few people.

    Parameters
    ----------
    new, earlier
        The releases.
    minimum
        So many people are no longer a few. Nobody is not a few either.
    everybody
        How all people together are called.

    Returns
    -------
    list of pairs of names
        Groups of the one, groups of the other: all single ones that are nearly the same, and where
        there are sums, one pair of sums for every part of the organisation that has any.

    Examples
    --------
    Two departments were merged, and somebody came:

    >>> before = {"Sales": frozenset("abcdef"), "Trade": frozenset("ghijkl")}
    >>> after = {"Market": frozenset("abcdefghijklm")}
    >>> one, other = (Release(frozenset(), groups) for groups in (after, before))
    >>> nearly_the_same(one, other, minimum=5, everybody="all")
    [(('Market',), ('Sales', 'Trade'))]
    """
    shared = _shared(new.groups, earlier.groups)
    found: dict[tuple[Names, Names], None] = {}
    if 0 < len(new.everybody ^ earlier.everybody) < minimum and new.everybody & earlier.everybody:
        found[(everybody,), (everybody,)] = None
    for (name, before), both in shared.items():
        differ = len(new.groups[name]) + len(earlier.groups[before]) - 2 * both
        if 0 < differ < minimum:
            found[(name,), (before,)] = None
    for names in _sums_like_all(new, earlier, minimum):
        found[(everybody,), names] = None
    for names in _sums_like_all(earlier, new, minimum):
        found[names, (everybody,)] = None
    for pair in _cuts(new.groups, earlier.groups, shared, minimum):
        found[pair] = None
    return list(found)


def _shared(new: Groups, earlier: Groups) -> dict[tuple[str, str], int]:
    """Count the people whom a group of the one release shares with one of the other."""
    group = {who: name for name, people in new.items() for who in people}
    counts = {}
    for before, people in earlier.items():
        for name, both in Counter(map(group.get, people)).items():
            if name is not None:
                counts[name, before] = both
    return counts


def _sums_like_all(one: Release, other: Release, minimum: int) -> Iterator[Names]:
    """Yield groups of the other release who together are nearly everybody of this one.

    What is left of everybody within one release is nothing new: that release was guarded against
    its own sums.
    """
    everybody = one.everybody
    if not everybody or other.has(everybody):
        return
    inside = {name: len(people & everybody) for name, people in other.groups.items()}
    # A group of which more than half is there makes the sum more alike.
    by = {name: len(people) - 2 * inside[name] for name, people in other.groups.items()}
    names = tuple(name for name, more in by.items() if more < 0)
    differ = len(everybody) + sum(by[name] for name in names)
    if not names or differ >= minimum:
        return
    if differ and not all(one.has(other.groups[name]) for name in names):
        yield names
        return
    rest = [name for name in by if name not in names and inside[name]]
    nearest = min(rest, key=lambda name: by[name], default=None)
    if nearest is not None and 0 < differ + by[nearest] < minimum:
        yield (*names, nearest)


def _cuts(
    new: Groups, earlier: Groups, shared: Mapping[tuple[str, str], int], minimum: int
) -> Iterator[tuple[Names, Names]]:
    """Yield for each part of the organisation the sums of groups that differ by fewest people.

    Two groups that share the minimum of people are on the same side of every cut that counts. They
    become one vertex, and few vertices are left. A group of fewer people than the minimum, of whom
    some were forgotten, makes no sum.
    """
    vertices = [(0, _ABSENT)]
    vertices += [(1, name) for name, people in new.items() if len(people) >= minimum]
    vertices += [(2, name) for name, people in earlier.items() if len(people) >= minimum]
    place = {vertex: number for number, vertex in enumerate(vertices)}
    sizes = [0, *(len((new if side == 1 else earlier)[name]) for side, name in vertices[1:])]
    edges: dict[tuple[int, int], int] = {}
    for (name, before), both in shared.items():
        a, b = place.get((1, name)), place.get((2, before))
        if a is not None and b is not None:
            edges[a, b] = both
            sizes[a] -= both
            sizes[b] -= both
    edges |= {(0, number): alone for number, alone in enumerate(sizes) if alone}
    heavy = igraph.Graph(len(vertices), [edge for edge, both in edges.items() if both >= minimum])
    part = heavy.connected_components().membership
    light = igraph.Graph(max(part) + 1)
    across = [(edge, both) for edge, both in edges.items() if part[edge[0]] != part[edge[1]]]
    light.add_edges([(part[a], part[b]) for (a, b), _ in across])
    light.es["people"] = [both for _, both in across]
    for piece in light.connected_components():
        if len(piece) == 1:
            continue
        cut = light.induced_subgraph(piece).mincut(capacity="people")
        if cut.value >= minimum:
            continue
        sides = [{piece[vertex] for vertex in side} for side in cut.partition]
        chosen = next(side for side in sides if part[0] not in side)
        inside = [vertex for vertex, number in zip(vertices, part, strict=True) if number in chosen]
        first, second = (tuple(name for at, name in inside if at == side) for side in (1, 2))
        yield first, second
