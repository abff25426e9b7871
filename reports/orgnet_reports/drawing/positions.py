"""Where departments stand on the map: more contact than expected, closer together.

Stress majorisation (Gansner, Koren & North 2005) on distances made from released ratios, then
boxes pushed apart until no two overlap. No random number and no eigenvector, so that the same
ratios give the same whole-numbered positions on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

_ROUNDS = 300
_PUSHES = 400
_NEAREST, _FURTHEST = 0.45, 2.4


def distances(ratios: _Floats) -> _Floats:
    """Return wanted distances, 1 at the ratio 1; NaN, where nothing is known, counts as 1.

    Examples
    --------
    >>> distances(np.array([[np.nan, 4.0], [4.0, np.nan]]))
    array([[0. , 0.5],
           [0.5, 0. ]])
    """
    known = np.where(np.isnan(ratios), 1.0, ratios)
    wanted = np.clip(1.0 / np.sqrt(np.maximum(known, 1e-9)), _NEAREST, _FURTHEST)
    np.fill_diagonal(wanted, 0.0)
    return np.asarray(wanted, dtype=np.float64)


def stress_positions(wanted: _Floats) -> _Floats:
    """Return points in the plane whose distances come close to the wanted ones.

    Parameters
    ----------
    wanted
        Square and symmetric, above 0 off the diagonal.

    Returns
    -------
    Array of shape (count, 2), centred, its longer side along x.
    """
    count = len(wanted)
    if count < 2:
        return np.zeros((count, 2))
    # Points are complex numbers, x + iy.
    points = np.exp(2j * np.pi * np.arange(count) / count)
    nearness = np.divide(1.0, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    weight = nearness**2
    total = weight.sum(axis=1)
    for _ in range(_ROUNDS):
        apart = np.subtract.outer(points, points)
        pull = weight - nearness / np.maximum(np.abs(apart), 1e-9)
        points = points - (pull * apart).sum(axis=1) / total
        points -= points.mean()
    return _lengthwise(np.column_stack([points.real, points.imag]))


def place(points: _Floats, boxes: _Floats, *, width: int, height: int) -> NDArray[np.int64]:
    """Return whole-numbered centres inside the frame, no two boxes overlapping.

    Parameters
    ----------
    points
        Positions of any scale.
    boxes
        Half width, height above and height below each centre, in pixels.
    width, height
        The frame.
    """
    inside = _fitted(points, boxes, width=width, height=height)
    half, above, below = boxes.T
    wide = half[:, None] + half[None, :]
    for _ in range(_PUSHES):
        # The second less the first of each pair; a pair is pushed along the axis where it is
        # nearer to being apart.
        across, down = (inside[None, :, axis] - inside[:, None, axis] for axis in (0, 1))
        reach = np.where(
            down >= 0, below[:, None] + above[None, :], above[:, None] + below[None, :]
        )
        over_x, over_y = wide - np.abs(across), reach - np.abs(down)
        touching = np.triu((over_x > 0) & (over_y > 0), 1)
        if not touching.any():
            break
        sideways = over_x < over_y
        inside = inside + np.column_stack(
            [
                _pushes(np.where(touching & along, over, 0.0), gap)
                for along, over, gap in ((sideways, over_x, across), (~sideways, over_y, down))
            ]
        )
        inside = _kept_in(inside, boxes, width=width, height=height)
    return np.rint(inside).astype(np.int64)


def _pushes(over: _Floats, gap: _Floats) -> _Floats:
    """Return how far each box moves along one axis, from overlaps of pairs (first, second)."""
    push = np.where(over > 0, over / 2 + 0.5, 0.0) * np.where(gap >= 0, 1.0, -1.0)
    return np.asarray(push.sum(axis=0) - push.sum(axis=1), dtype=np.float64)


def _lengthwise(points: _Floats) -> _Floats:
    x, y = points.T
    turn = -0.5 * np.arctan2(2 * (x * y).sum(), (x**2).sum() - (y**2).sum())
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(points @ rotation, dtype=np.float64)


def _fitted(points: _Floats, boxes: _Floats, *, width: int, height: int) -> _Floats:
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, 1e-9)
    side, above, below = boxes.max(axis=0)
    room = np.array([width - 2 * side, height - above - below])
    middle = np.array([width / 2, (above + height - below) / 2])
    fitted = (points - (low + high) / 2) * np.where(high - low > 1e-6, room / extent, 0.0) + middle
    return np.asarray(fitted, dtype=np.float64)


def _kept_in(points: _Floats, boxes: _Floats, *, width: int, height: int) -> _Floats:
    half, above, below = boxes.T
    x = np.clip(points[:, 0], half, width - half)
    y = np.clip(points[:, 1], above, height - below)
    return np.column_stack([x, y])
