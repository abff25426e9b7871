"""One order for rows and columns that puts departments with like contact side by side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def similar_order(ratios: NDArray[np.float64]) -> tuple[int, ...]:
    """Return positions so that neighbours have much contact and like profiles.

    Starts a path at each position, always goes on to the nearest one left, keeps the shortest
    path and improves it by turning stretches round. NaN, where nothing is known, counts as 1.

    Examples
    --------
    >>> near, far = 3.0, 0.3
    >>> similar_order(np.array([[1, far, near], [far, 1, near], [near, near, 1]]))
    (0, 2, 1)
    """
    count = len(ratios)
    if count < 3:
        return tuple(range(count))
    known = np.where(np.isnan(ratios), 1.0, ratios)
    distance = 4.0 - np.clip(np.log2(np.maximum(known, 0.0625)), -4.0, 4.0)
    paths = [_nearest_path(distance, start) for start in range(count)]
    best = min(paths, key=lambda path: (_length(distance, path), path))
    return tuple(_towards_first(_improved(distance, best)))


def _nearest_path(distance: NDArray[np.float64], start: int) -> list[int]:
    path, left = [start], [at for at in range(len(distance)) if at != start]
    while left:
        nearest = min(left, key=lambda at: (distance[path[-1], at], at))
        path.append(nearest)
        left.remove(nearest)
    return path


def _improved(distance: NDArray[np.float64], path: list[int]) -> list[int]:
    length, better = _length(distance, path), True
    while better:
        better = False
        for first in range(len(path) - 1):
            for last in range(first + 1, len(path)):
                turned = [*path[:first], *reversed(path[first : last + 1]), *path[last + 1 :]]
                if (shorter := _length(distance, turned)) < length - 1e-9:
                    path, length, better = turned, shorter, True
    return path


def _length(distance: NDArray[np.float64], path: list[int]) -> float:
    return float(sum(distance[a, b] for a, b in pairwise(path)))


def _towards_first(path: list[int]) -> list[int]:
    return path if path.index(min(path)) <= len(path) // 2 else path[::-1]
