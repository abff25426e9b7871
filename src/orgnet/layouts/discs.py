"""Discs in the plane: those that belong together near each other, and none upon another.

Stress majorisation (Gansner, Koren & North 2005) on distances from rim to rim, then overlapping
discs are pushed apart. Nothing is random.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

#: Above this many discs, closeness cannot be read from a picture; they stand in rows.
MOST_BY_CLOSENESS = 250

_ROUNDS = 100
_PUSHES = 300
_NEAREST, _FURTHEST = 0.3, 2.2


def place_discs(radii: _Floats, contact: _Floats, *, gap: float = 1.0) -> _Floats:
    """Return the centres of discs, more contact than expected nearer together.

    Parameters
    ----------
    radii
        Of each disc, above 0.
    contact
        Square and symmetric: how much two discs have to do with each other. The diagonal is not
        looked at, and nothing of it with more than `MOST_BY_CLOSENESS` discs.
    gap
        Room between two rims, at least.

    Returns
    -------
    Array of shape (count, 2), centred, the longer side along x. No two discs overlap by more
    than a hundredth of a gap.

    Examples
    --------
    >>> contact = np.array([[0, 9, 1], [9, 0, 1], [1, 1, 0.0]])
    >>> a, b, c = place_discs(np.ones(3), contact)
    >>> bool(np.hypot(*(a - b)) < np.hypot(*(a - c)))
    True
    """
    count = len(radii)
    if count < 2:
        return np.zeros((count, 2))
    if count > MOST_BY_CLOSENESS:
        return _in_rows(radii, gap)
    reach = radii[:, None] + radii[None, :] + gap
    wanted = reach + _rim_distances(contact) * max(float(np.mean(radii)), gap)
    np.fill_diagonal(wanted, 0.0)
    points = _pushed_apart(_lengthwise(_stress(wanted)), radii, reach)
    centred: _Floats = points - _middle(points, radii)
    return centred


def _rim_distances(contact: _Floats) -> _Floats:
    """Return 1 where contact is as expected from how much both have, less where it is more."""
    outside = contact - np.diag(np.diag(contact))
    each = outside.sum(axis=1)
    total = each.sum()
    if total == 0:
        return np.ones_like(outside)
    expected = np.maximum(np.outer(each, each) / total, 1e-9)
    ratio = np.maximum(outside / expected, 1e-9)
    # Who has no contact at all stands at the usual distance of everybody.
    distance = np.where(np.outer(each, each) > 0, 1 / np.sqrt(ratio), 1.0)
    return np.asarray(np.clip(distance, _NEAREST, _FURTHEST), dtype=np.float64)


def _stress(wanted: _Floats) -> _Floats:
    count = len(wanted)
    angle = 2 * np.pi * np.arange(count) / count
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * wanted.mean()
    weight = 1.0 / np.maximum(wanted, 1e-9) ** 2
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=1)
    for _ in range(_ROUNDS):
        pull = wanted / np.maximum(_apart(points), 1e-9) * weight
        np.fill_diagonal(pull, 0.0)
        # The sum over the others of weight * (where they are + what is wanted in between).
        points = (weight @ points + pull.sum(axis=1)[:, None] * points - pull @ points) / total[
            :, None
        ]
    return np.asarray(points - points.mean(axis=0), dtype=np.float64)


def _pushed_apart(points: _Floats, radii: _Floats, reach: _Floats) -> _Floats:
    # Of two that overlap the smaller one gives way.
    area = radii**2
    gives = area[None, :] / (area[:, None] + area[None, :])
    for _ in range(_PUSHES):
        apart = _apart(points)
        over = np.maximum(reach - apart, 0.0)
        np.fill_diagonal(over, 0.0)
        if over.max() < 0.01:
            break
        push = over * gives / np.maximum(apart, 1e-9)
        points = points + push.sum(axis=1)[:, None] * points - push @ points
    return points


def _in_rows(radii: _Floats, gap: float) -> _Floats:
    order = np.argsort(-radii, kind="stable")
    width = 1.25 * np.sqrt(np.sum((2 * radii + gap) ** 2))
    points = np.zeros((len(radii), 2))
    x = y = tallest = 0.0
    for disc in order:
        side = 2 * radii[disc] + gap
        if x and x + side > width:
            x, y, tallest = 0.0, y + tallest, 0.0
        points[disc] = x + side / 2, y + side / 2
        x, tallest = x + side, max(tallest, side)
    return points - _middle(points, radii)


def _apart(points: _Floats) -> _Floats:
    x, y = points.T
    apart: _Floats = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return apart


def _middle(points: _Floats, radii: _Floats) -> _Floats:
    low, high = (points - radii[:, None]).min(axis=0), (points + radii[:, None]).max(axis=0)
    return np.asarray((low + high) / 2, dtype=np.float64)


def _lengthwise(points: _Floats) -> _Floats:
    x, y = points.T
    turn = -0.5 * np.arctan2(2 * (x * y).sum(), (x**2).sum() - (y**2).sum())
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(points @ rotation, dtype=np.float64)
