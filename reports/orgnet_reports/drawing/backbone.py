"""Which lines the map draws: the two strongest of each department and up to five gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from orgnet.report_model import Pair

STRONGEST = 2
GAPS = 5

#: Where fewer ties are expected, none at all is no news.
_ENOUGH = 5.0
_FAR_LESS = 0.5

#: Below this the matrix shows a pair as expected, and a line would say more than that.
_MORE = 2**0.25


class Line(Struct, frozen=True, kw_only=True):
    """One line: positions of both ends among the departments, and the pair it stands for."""

    first: int
    second: int
    pair: Pair
    gap: bool


def backbone(pairs: Sequence[Pair], position: dict[str, int]) -> tuple[Line, ...]:
    """Return the lines to draw, solid ones first, each in the order of the pairs.

    A line is ranked by its standardised difference (ties − expected) / √expected, because ratios
    of tiny numbers are noise. Weak links come first among the gaps; those of which only the word
    is released are drawn without a number.
    """
    shown = [pair for pair in pairs if pair.group_a in position and pair.group_b in position]
    surplus = [standardised_difference(pair) for pair in shown]
    solid: set[int] = set()
    for name in position:
        own = [
            at
            for at, pair in enumerate(shown)
            if name in (pair.group_a, pair.group_b) and _is_more(pair)
        ]
        solid.update(sorted(own, key=lambda at: (-surplus[at], at))[:STRONGEST])
    lacking = [at for at, pair in enumerate(shown) if _is_gap(pair)]
    gaps = sorted(lacking, key=lambda at: (not shown[at].weak, surplus[at], at))[:GAPS]
    return tuple(
        Line(
            first=position[shown[at].group_a],
            second=position[shown[at].group_b],
            pair=shown[at],
            gap=gap,
        )
        for chosen, gap in ((sorted(solid), False), (sorted(gaps), True))
        for at in chosen
    )


def _is_more(pair: Pair) -> bool:
    """Whether a pair has more contact than expected, by more than the first step of the matrix."""
    return pair.ratio is not None and pair.ratio > _MORE


def _is_gap(pair: Pair) -> bool:
    """Whether a pair has far less contact than expected: a weak link, or half at most of enough."""
    if pair.weak:
        return True
    enough = pair.expected is not None and pair.expected >= _ENOUGH
    return enough and pair.ratio is not None and pair.ratio <= _FAR_LESS


def standardised_difference(pair: Pair) -> float:
    """Return how far contact is from what is expected; 0 where only the word is released."""
    if pair.ties is None or not pair.expected:
        return 0.0
    return (pair.ties - pair.expected) / math.sqrt(pair.expected)
