"""Where the faults go: which departments and pairs of departments are made silos or links."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orgnet.errors import UsageError

#: A weak link can be told from chance only where a fair number of ties would be expected.
TIES_FOR_WEAK_LINK = 12.0
#: A bottleneck needs enough ties to be one, and few enough for a single person to hold.
TIES_FOR_BOTTLENECK = (8.0, 18.0)
#: Departments that go through a hub.
SERVED_BY_HUB = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlaces:
    """Departments by their position: silos, and the pairs of the other two faults.

    Parameters
    ----------
    silos
        Closed departments.
    bottlenecks
        ``(g, h)`` with the connecting person in g, the smaller of the two.
    weak_links
        ``(g, h)`` with g < h.
    hubs
        Departments through which others go.
    """

    silos: tuple[int, ...]
    bottlenecks: tuple[tuple[int, int], ...]
    weak_links: tuple[tuple[int, int], ...]
    hubs: tuple[Hub, ...] = ()


class Hub(NamedTuple):
    """A department through which others go: they have contact with it, none with each other."""

    through: int
    served: tuple[int, ...]


def choose_hubs(
    rng: np.random.Generator, places: FaultPlaces, *, departments: int, hubs: int
) -> tuple[Hub, ...]:
    """Choose departments that no other fault touches: for each hub itself and those it serves.

    Raises
    ------
    UsageError
        If there are not enough departments.

    Examples
    --------
    >>> nothing = FaultPlaces(silos=(), bottlenecks=(), weak_links=())
    >>> hub, = choose_hubs(np.random.default_rng(1), nothing, departments=5, hubs=1)
    >>> sorted([hub.through, *hub.served])
    [0, 1, 2, 3, 4]
    """
    touched = {*places.silos, *chain(*places.bottlenecks, *places.weak_links)}
    free = [d for d in rng.permutation(departments).tolist() if d not in touched]
    if len(free) < hubs * (1 + SERVED_BY_HUB):
        raise UsageError(
            f"{departments} departments, {len(free)} of them without another fault, cannot hold "
            f"{hubs} hubs of {1 + SERVED_BY_HUB} departments each. Ask for fewer faults"
        )
    parts = [free[i * (1 + SERVED_BY_HUB) : (i + 1) * (1 + SERVED_BY_HUB)] for i in range(hubs)]
    return tuple(Hub(through, tuple(served)) for through, *served in parts)


def choose_faults(
    rng: np.random.Generator,
    expected: NDArray[np.float64],
    sizes: NDArray[np.int64],
    *,
    silos: int,
    bottlenecks: int,
    weak_links: int,
) -> FaultPlaces:
    """Choose places so that every fault can be found and none hides another.

    No pair touches a silo, no pair gets two faults, and a department takes part in as few faults
    as possible. Pairs with a suitable number of expected ties are preferred; where there are not
    enough of them, those nearest to it are taken, so that a fault in a small firm may be too thin
    to find.

    Parameters
    ----------
    rng
        Decides between equally good places.
    expected
        Ties expected between two departments if nothing were planted; symmetric.
    sizes
        People in each department.
    silos, bottlenecks, weak_links
        How many of each.

    Returns
    -------
    FaultPlaces
        In the order in which they were chosen.

    Raises
    ------
    UsageError
        If there are not enough departments.

    Examples
    --------
    >>> expected = np.full((5, 5), 15.0)
    >>> places = choose_faults(np.random.default_rng(1), expected, np.full(5, 20),
    ...                        silos=1, bottlenecks=1, weak_links=1)
    >>> touched = {*places.silos, *places.bottlenecks[0], *places.weak_links[0]}
    >>> len(touched)
    5
    """
    departments = len(sizes)
    open_departments = departments - silos
    pairs = open_departments * (open_departments - 1) // 2
    if (silos and open_departments < 1) or bottlenecks + weak_links > pairs:
        raise UsageError(
            f"{departments} departments cannot hold {silos} silos, {bottlenecks} bottlenecks and "
            f"{weak_links} weak links; with these silos there are {max(pairs, 0)} pairs left. "
            "Ask for more departments or fewer faults"
        )
    closed = tuple(rng.permutation(departments)[:silos].tolist())
    free = [
        pair for pair in combinations(range(departments), 2) if not set(pair).intersection(closed)
    ]
    luck = dict(zip(free, rng.random(len(free)).tolist(), strict=True))
    used: Counter[int] = Counter()

    def take(low: float, high: float) -> tuple[int, int]:
        def unfitness(pair: tuple[int, int]) -> tuple[float, int, float]:
            ties = float(expected[pair])
            return max(low - ties, ties - high, 0.0), used[pair[0]] + used[pair[1]], luck[pair]

        best = min(free, key=unfitness)
        free.remove(best)
        used.update(best)
        return best

    # Weak links first: they are the ones that only the large pairs can show.
    weak = tuple(take(TIES_FOR_WEAK_LINK, np.inf) for _ in range(weak_links))
    held = tuple(take(*TIES_FOR_BOTTLENECK) for _ in range(bottlenecks))
    return FaultPlaces(
        silos=closed,
        bottlenecks=tuple((g, h) if sizes[g] <= sizes[h] else (h, g) for g, h in held),
        weak_links=weak,
    )
