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
    angle = 2 * np.pi * np.arange(count) / max(count, 1)
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    if count < 2:
        return points * 0.0
    off = ~np.eye(count, dtype=bool)
    weight = np.zeros_like(wanted)
    weight[off] = 1.0 / wanted[off] ** 2
    total = weight.sum(axis=1)
    for _ in range(_ROUNDS):
        difference = points[:, None, :] - points[None, :, :]
        distance = np.sqrt((difference**2).sum(axis=2))
        pull = np.zeros_like(wanted)
        pull[off] = wanted[off] / np.maximum(distance[off], 1e-9)
        target = points[None, :, :] + pull[:, :, None] * difference
        points = (weight[:, :, None] * target).sum(axis=1) / total[:, None]
        points = points - points.mean(axis=0)
    return _lengthwise(points)


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
    for _ in range(_PUSHES):
        shift, touching = np.zeros_like(inside), False
        for first in range(len(inside)):
            for second in range(first + 1, len(inside)):
                gap = inside[second] - inside[first]
                over_x = half[first] + half[second] - abs(gap[0])
                reach = (
                    below[first] + above[second] if gap[1] >= 0 else above[first] + below[second]
                )
                over_y = reach - abs(gap[1])
                if over_x <= 0 or over_y <= 0:
                    continue
                touching = True
                axis, by = (0, over_x) if over_x < over_y else (1, over_y)
                push = (by / 2 + 0.5) * (1.0 if gap[axis] >= 0 else -1.0)
                shift[first, axis] -= push
                shift[second, axis] += push
        if not touching:
            break
        inside = _kept_in(inside + shift, boxes, width=width, height=height)
    return np.rint(inside).astype(np.int64)


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
