"""What hangs on one person, among people who agreed to be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from orgnet.report_model import TeamDependence

Pair = tuple[int, int]

_KINDS = ("whole", "gate", "between", "pair")


def dependences(ties: Iterable[Pair], department: Sequence[int | None]) -> list[TeamDependence]:
    """Return what hangs on one person, the widest first, then by position.

    Nothing is said of departments with one person: that their contact is that person's is no
    finding. Two departments are passed over where what is said of one of them covers both.

    Parameters
    ----------
    ties
        Pairs of people in regular contact, by position.
    department
        For each person the department, by position; None where it is not known.

    Examples
    --------
    Baking (0, 1, 2) reaches the shop (3, 4) and the van (5, 6) through person 0 only; the shop and
    the van meet in 3 and 5.

    >>> ties = [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (3, 5)]
    >>> for found in dependences(ties, [0, 0, 0, 1, 1, 2, 2]):
    ...     print(found.kind, found.person, found.partner, found.departments)
    whole 0 None (0,)
    whole 5 None (2,)
    """
    across = [pair for pair in ties if _across(pair, department)]
    known = sorted({place for place in department if place is not None})
    large = {place for place in known if department.count(place) > 1}
    found = [
        hung for place in known if place in large for hung in _whole(place, across, department)
    ]
    told = {hung.departments[0] for hung in found}
    for first, second in combinations(known, 2):
        if not {first, second} & told:
            between = [p for p in across if {department[p[0]], department[p[1]]} == {first, second}]
            found += _between(between, department, large)
    return sorted(found, key=lambda hung: (_KINDS.index(hung.kind), hung.departments, hung.person))


def _across(pair: Pair, department: Sequence[int | None]) -> bool:
    first, second = department[pair[0]], department[pair[1]]
    return first is not None and second is not None and first != second


def _whole(
    place: int, across: Sequence[Pair], department: Sequence[int | None]
) -> Iterator[TeamDependence]:
    """Say through whom a department reaches all others, if that is one person here or there."""
    turned = [pair if department[pair[0]] == place else pair[::-1] for pair in across]
    turned = [pair for pair in turned if department[pair[0]] == place]
    inside, outside = {pair[0] for pair in turned}, {pair[1] for pair in turned}
    if len(inside) == 1:
        yield TeamDependence(kind="whole", person=inside.pop(), departments=(place,))
    elif len(outside) == 1:
        yield TeamDependence(kind="gate", person=outside.pop(), departments=(place,))


def _between(
    pairs: Sequence[Pair], department: Sequence[int | None], large: set[int]
) -> Iterator[TeamDependence]:
    """Say through whom two departments meet, if that is one person of a department with more."""
    if not pairs:
        return
    shared = set(pairs[0]).intersection(*pairs)
    shared = {person for person in shared if department[person] in large}
    if len(shared) == 2:
        person, partner = sorted(shared, key=lambda one: (department[one] or 0, one))
        yield TeamDependence(
            kind="pair",
            person=person,
            partner=partner,
            departments=_places((person, partner), department),
        )
    elif shared:
        (person,) = shared
        partner = next(other for other in pairs[0] if other != person)
        yield TeamDependence(
            kind="between", person=person, departments=_places((person, partner), department)
        )


def _places(people: Pair, department: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(place for person in people if (place := department[person]) is not None)
