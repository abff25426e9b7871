"""Where everybody sits: around a ring, by department, one to a row on either side.

Names stand outside the ring, level, each in a row of its own, so that none can touch another and
no line crosses one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
from msgspec import Struct

from orgnet_reports.seriation import similar_order

WIDTH = 720
_CENTRE = WIDTH / 2

#: Half the width of the ring, if the names leave it so much, and how nearly both sides close it.
_NARROWEST, _WIDEST, _ROUND, _AROUND = 118.0, 200.0, 0.44, 1.12
_SMALLEST_ROW, _LARGEST_ROW, _TALLEST = 16.4, 54.0, 640.0

#: From which height of rows on names are so large.
_SIZES = ((22.0, 15.0), (18.0, 13.0), (0.0, 12.0))

#: Room between a dot and its name, and outside the name.
BESIDE, EDGE = 13.0, 4.0

#: Rows between two departments, and above and below all.
_GAP, _MARGIN = 0.75, 14.0

#: So many departments can be tried in every order.
_FEW = 7

#: A side may hold this share of the rows before a department is divided.
_LOPSIDED = 0.62


class Seat(Struct, frozen=True, kw_only=True):
    """One person's dot; `side` is 1 on the right, where names begin, and -1 where they end."""

    person: int
    x: float
    y: float
    side: int


class Bench(Struct, frozen=True, kw_only=True):
    """The people of a department on one side, by position in `Seating.seats`, and its name's place.

    `department` is None for people of no known department.
    """

    department: int | None
    seats: tuple[int, ...]
    x: float
    y: float
    side: int


class Seating(Struct, frozen=True, kw_only=True):
    """Everybody's place in a picture of `WIDTH` × `height`; a row is `row` pixels high."""

    seats: tuple[Seat, ...]
    benches: tuple[Bench, ...]
    height: int
    row: float


_Group = tuple[int | None, tuple[int, ...]]


def seated(groups: Sequence[_Group], contacts: np.ndarray, *, longest: float = 0.0) -> Seating:
    """Return where everybody sits.

    Parameters
    ----------
    groups
        Each department (None for none) with its people, in the order in which they shall sit.
    contacts
        Pairs of people in contact by two groups: those with much sit side by side.
    longest
        Width of the longest name in em: the ring leaves it room, as far as it can.

    Examples
    --------
    >>> seating = seated([(0, (0, 1)), (1, (2, 3))], np.zeros((2, 2)))
    >>> [(seat.person, seat.side) for seat in seating.seats]
    [(0, 1), (1, 1), (2, -1), (3, -1)]
    """
    around = [groups[at] for at in circular_order(contacts)]
    sides = dict(zip((1, -1), _divided(around), strict=True))
    rows = max((_rows(side) for side in sides.values()), default=0.0)
    row = min(_LARGEST_ROW, max(_SMALLEST_ROW, _TALLEST / max(rows, 1.0)))
    height = math.ceil(rows * row + 2 * _MARGIN)
    widest = min(_WIDEST, _ROUND * height, _CENTRE - BESIDE - EDGE - longest * name_size(row))
    radius = max(_NARROWEST, widest)
    seats: list[Seat] = []
    benches: list[Bench] = []
    for side, here in sides.items():
        y = height / 2 - _rows(here) * row / 2 + row / 2
        for department, people in here:
            first = len(seats)
            title = y
            for person in people:
                y += row
                seats.append(Seat(person=person, x=_x(y, height, radius, side), y=y, side=side))
            benches.append(
                Bench(
                    department=department,
                    seats=tuple(range(first, len(seats))),
                    x=_x(title + row, height, radius, side),
                    y=title,
                    side=side,
                )
            )
            y += row * (1 + _GAP)
    return Seating(seats=tuple(seats), benches=tuple(benches), height=height, row=row)


def circular_order(contacts: np.ndarray) -> tuple[int, ...]:
    """Return groups in the order around the ring that keeps those in contact close together.

    Examples
    --------
    >>> circular_order(np.array([[0, 0, 9, 1], [0, 0, 1, 9], [9, 1, 0, 9], [1, 9, 9, 0]]))
    (0, 1, 3, 2)
    """
    count = len(contacts)
    if count > _FEW:
        return similar_order(contacts / max(float(contacts.mean()), 1.0))
    orders = ((0, *rest) for rest in permutations(range(1, count))) if count else iter([()])
    return min(orders, key=lambda order: (_length(contacts, order), order))


def _length(contacts: np.ndarray, order: tuple[int, ...]) -> float:
    count = len(order)
    return sum(
        float(contacts[order[a], order[b]]) * min(b - a, count - b + a)
        for a, b in combinations(range(count), 2)
    )


def _divided(around: list[_Group]) -> tuple[list[_Group], list[_Group]]:
    """Divide the ring into right, from the top, and left, also from the top: it runs on upwards."""
    cuts = range(len(around) + 1)
    cut = min(cuts, key=lambda at: (abs(_rows(around[:at]) - _rows(around[at:])), at))
    right, left = around[:cut], around[cut:]
    whole = _rows(right) + _rows(left)
    if whole and max(_rows(right), _rows(left)) > _LOPSIDED * whole:
        large = max(around, key=lambda group: len(group[1]))
        if len(large[1]) > 1:
            right, left = _through(around, large)
    return right, left[::-1]


def _through(around: list[_Group], large: _Group) -> tuple[list[_Group], list[_Group]]:
    """Divide the largest group, so that both sides are of one height as far as it goes."""
    at = around.index(large)
    before, after = around[:at], around[at + 1 :]
    department, people = large
    cuts = range(1, len(people))

    def halves(cut: int) -> tuple[list[_Group], list[_Group]]:
        # The left side is read from the top: its part of the ring runs on from the bottom.
        return (
            [*before, (department, people[:cut])],
            [(department, people[cut:]), *after],
        )

    return halves(
        min(cuts, key=lambda cut: (abs(_rows(halves(cut)[0]) - _rows(halves(cut)[1])), cut))
    )


def _rows(groups: Sequence[_Group]) -> float:
    """Return the height of some groups in rows: a title each, their people, gaps between."""
    return sum(1 + len(people) for _, people in groups) + _GAP * max(len(groups) - 1, 0)


def name_size(row: float) -> float:
    """Return the size of names in rows of a height."""
    return next(size for height, size in _SIZES if row >= height)


def _x(y: float, height: float, radius: float, side: int) -> float:
    out = (2 * y / height - 1) / _AROUND
    return _CENTRE + side * radius * math.sqrt(max(1 - out * out, 0.0))
