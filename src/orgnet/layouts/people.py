"""Group-in-a-box: every group a disc, and its people in it on the side of their contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from orgnet.layouts.discs import MOST_BY_CLOSENESS, place_discs

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

#: Turn from one place to the next in a sunflower (Vogel 1979): no two lie on one ray.
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))

#: Rooms between rim and outermost dot, and between two rims, in units of the spacing.
_RIM, _GAP = 1.2, 3.0

_ROUNDS = 12

#: A ring is turned by one of so many parts of a whole turn.
_TURNS = 24

#: Two rounds of dots in a sunflower are about so far apart.
_RING = 1.8


@dataclass(frozen=True, eq=False)
class GroupedLayout:
    """Positions in units of the spacing: neighbouring dots are about 1.7 apart.

    Attributes
    ----------
    points
        People, shape (n, 2).
    centres, radii
        Discs of the groups.
    """

    points: _Floats
    centres: _Floats
    radii: _Floats


def grouped_layout(
    group: _Ints, groups: int, first: _Ints, second: _Ints, strength: _Floats
) -> GroupedLayout:
    """Place groups by the contact between them, and people inside their group's disc.

    Parameters
    ----------
    group
        Of each person, 0 to `groups` - 1.
    groups
        How many groups there are; one without people is a small empty disc.
    first, second, strength
        The ties: positions of two people, and how strong each is (larger is closer).

    Returns
    -------
    GroupedLayout
        Dots fill their disc evenly. Who has contact with other groups stands towards their rim
        and them, who has contact inside only in the middle. People without ties take the places
        that are left in the order given. The same input gives the same positions.

    Examples
    --------
    >>> layout = grouped_layout(np.array([0, 0, 1]), 2, np.array([1]), np.array([2]), np.ones(1))
    >>> apart = layout.points - layout.points[2]
    >>> bool(np.hypot(*apart[1]) < np.hypot(*apart[0]))
    True
    """
    sizes = np.bincount(group, minlength=groups)
    radii = np.sqrt(np.maximum(sizes, 1)) + _RIM
    centres = place_discs(radii, _contact(group, groups, first, second, strength), gap=_GAP)
    order = np.argsort(group, kind="stable")
    slots = _sunflowers(sizes)
    box = group[order]
    rank = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[box]
    rings = np.floor(np.sqrt(rank + 0.5) / _RING).astype(np.int64)
    rings += box * (rings.max(initial=0) + 1)
    points = np.zeros((len(group), 2))
    points[order] = centres[box] + slots
    slots = slots[np.lexsort((_angle(slots), rings))]
    pull = _mean_of_contacts(len(group), first, second, strength)
    held = np.asarray(pull.sum(axis=1)).ravel() == 0
    for _ in range(_ROUNDS if len(first) else 0):
        towards = np.where(held[:, None], points, pull @ points) - centres[group]
        # The further out somebody is drawn, the further out is their ring; in it they keep their
        # order around it, and the ring is turned to where its dots are drawn most.
        outwards = np.lexsort((np.hypot(*towards.T), group))
        chosen = outwards[np.lexsort((_angle(towards[outwards]), rings))]
        points[chosen] = centres[box] + slots[_turned(towards[chosen], slots, rings)]
    return GroupedLayout(points=points, centres=centres, radii=radii)


def _contact(group: _Ints, groups: int, first: _Ints, second: _Ints, strength: _Floats) -> _Floats:
    if groups > MOST_BY_CLOSENESS:
        return np.zeros((0, 0))
    codes = group[first] * groups + group[second]
    one_way = np.bincount(codes, weights=strength, minlength=groups**2).reshape(groups, groups)
    return np.asarray(one_way + one_way.T, dtype=np.float64)


def _sunflowers(sizes: _Ints) -> _Floats:
    """Return the places of every group one after the other, from the middle outwards."""
    rank = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    distance, angle = np.sqrt(rank + 0.5), rank * _GOLDEN_ANGLE
    # A single dot stands in the middle of its disc.
    distance = np.where(np.repeat(sizes, sizes) == 1, 0.0, distance)
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def _mean_of_contacts(
    people: int, first: _Ints, second: _Ints, strength: _Floats
) -> sparse.csr_array:
    ends = (np.concatenate([first, second]), np.concatenate([second, first]))
    pull = sparse.csr_array((np.concatenate([strength, strength]), ends), shape=(people, people))
    total = np.asarray(pull.sum(axis=1)).ravel()
    scale = sparse.diags_array(1 / np.where(total > 0, total, 1.0))
    return sparse.csr_array(scale @ pull)


def _angle(vectors: _Floats) -> _Floats:
    return np.arctan2(vectors[:, 1], vectors[:, 0])


def _turned(towards: _Floats, slots: _Floats, rings: _Ints) -> _Ints:
    """Return the slot of each dot, both sorted around their ring, once every ring is turned."""
    sizes = np.bincount(rings)
    start, size = (np.cumsum(sizes) - sizes)[rings], sizes[rings]
    rank = np.arange(len(rings)) - start
    best, turn = np.full(len(sizes), -np.inf), np.zeros(len(sizes), dtype=np.int64)
    for part in range(_TURNS):
        tried = part * sizes // _TURNS
        slot = start + (rank + tried[rings]) % size
        met = np.bincount(rings, weights=(towards * slots[slot]).sum(axis=1))
        better = met > best + 1e-9
        best[better], turn[better] = met[better], tried[better]
    return np.asarray(start + (rank + turn[rings]) % size, dtype=np.int64)
