"""Draws who is in contact with whom, in arrays: a hundred thousand people take seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

#: People of a team; teams make up departments, and ten departments a division.
TEAM = 50
_DIVISION = 10
_MOST_DEPARTMENTS = 100

#: Shares of contacts in the own team, department, division and anywhere.
_SHARES = (0.4, 0.3, 0.2, 0.1)

#: Spread of how many contacts people have, and of how lively these are (of the logarithms).
_ACTIVITY, _LIVELINESS = 0.6, 1.0


@dataclass(frozen=True, eq=False)
class Firm:
    """People by number, and the pairs of them in contact.

    Attributes
    ----------
    people
        How many.
    first, second
        The pairs, each once, `first` < `second`.
    """

    people: int
    first: NDArray[np.int32]
    second: NDArray[np.int32]

    @cached_property
    def department(self) -> NDArray[np.int32]:
        """Department of each person, by number."""
        return department_of(np.arange(self.people), self.people)

    @cached_property
    def ids(self) -> NDArray[np.str_]:
        """Id of each person."""
        return np.char.mod("p%06d", np.arange(self.people))


def department_of(person: NDArray[np.int64], people: int) -> NDArray[np.int32]:
    """Return the departments: of 50 in a firm of up to 5,000, then a hundred of one size.

    >>> department_of(np.array([0, 49, 50, 99]), 100).tolist()
    [0, 0, 1, 1]
    """
    return (person * departments(people) // people).astype(np.int32)


def departments(people: int) -> int:
    """Return how many departments there are: two at least.

    >>> departments(10), departments(1_000), departments(100_000)
    (2, 20, 100)
    """
    return min(max(people // TEAM, 2), _MOST_DEPARTMENTS)


def draw(people: int, pairs: int, *, seed: int = 7) -> Firm:
    """Draw a firm with so many pairs, or as many as there can be."""
    rng = np.random.default_rng(seed)
    wanted = min(pairs, people * (people - 1) // 2)
    weight = rng.lognormal(0.0, _ACTIVITY, people)
    chance = weight / weight.sum()
    keys = np.empty(0, dtype=np.int64)
    rounds = 0
    while len(keys) < wanted:
        rounds += 1
        # In small firms the circles are soon exhausted: what is missing is drawn from everybody.
        shares = _SHARES if rounds < 6 else (0.0, 0.0, 0.0, 1.0)
        keys = np.union1d(keys, _hits(rng, people, chance, wanted - len(keys), shares))
    keys = np.sort(rng.permutation(keys)[:wanted])
    first, second = np.divmod(keys, people)
    return Firm(people, first.astype(np.int32), second.astype(np.int32))


def _hits(
    rng: np.random.Generator,
    people: int,
    chance: NDArray[np.float64],
    missing: int,
    shares: tuple[float, ...],
) -> NDArray[np.int64]:
    count = missing + missing // 4 + 16
    first = rng.choice(people, count, p=chance)
    each = people / departments(people)
    widths = np.array([min(TEAM, each), each, each * _DIVISION, people])
    width = rng.choice(widths, count, p=shares)
    begin = np.floor(first / width) * width
    second = np.minimum(begin + rng.random(count) * width, people - 1).astype(np.int64)
    real = first != second
    low, high = np.minimum(first, second), np.maximum(first, second)
    return np.unique(low[real] * people + high[real])


def interactions(
    firm: Firm, count: int, *, seed: int = 7, piece: int = 0
) -> tuple[NDArray[np.int32], NDArray[np.int32], np.random.Generator]:
    """Draw senders and recipients of interactions: some pairs are lively, some all but asleep.

    Every `piece` has draws of its own; how lively the pairs are is the same in all.
    """
    upto = _upto(firm, seed)
    rng = np.random.default_rng((seed, piece))
    pair = np.searchsorted(upto, rng.random(count) * upto[-1], side="right")
    pair = np.minimum(pair, len(upto) - 1)
    turned = rng.random(count) < 0.5
    a, b = firm.first[pair], firm.second[pair]
    return np.where(turned, b, a), np.where(turned, a, b), rng


@lru_cache(maxsize=1)
def _upto(firm: Firm, seed: int) -> NDArray[np.float64]:
    """Return how lively each pair is, with all those before it; the same for every piece."""
    liveliness = np.random.default_rng(seed).lognormal(0.0, _LIVELINESS, len(firm.first))
    return np.cumsum(liveliness)


def weekly(
    firm: Firm, weeks: int, *, seed: int = 7
) -> tuple[NDArray[np.int16], NDArray[np.int32], NDArray[np.int32]]:
    """Draw in which weeks each pair was in contact, and which way: week, sender, recipient."""
    rng = np.random.default_rng(seed + 2)
    often = rng.beta(1.2, 2.4, len(firm.first)).astype(np.float32)
    parts = []
    for week in range(weeks):
        active = np.flatnonzero(rng.random(len(often), dtype=np.float32) < often)
        forth = rng.random(len(active), dtype=np.float32)
        for turned, chosen in ((False, forth < 0.75), (True, forth > 0.25)):
            pair = active[chosen]
            ends = (firm.first[pair], firm.second[pair])
            sender, recipient = reversed(ends) if turned else ends
            parts.append((np.full(len(pair), week, dtype=np.int16), sender, recipient))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return columns[0], columns[1], columns[2]
