"""Which of many numbers are the same, without more memory than they take themselves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_Longs = npt.NDArray[np.int64]

#: Pieces that a byte tells apart, at most.
_MOST_PIECES = 255

#: So many hashes are put into pieces at once.
_ADDED = 1 << 16

#: So many numbers are compared at once, whose places stay in the processor's cache; so few are
#: sorted.
_AT_ONCE, _FEW = 1 << 18, 1 << 10


def distinct(values: _Longs) -> _Longs:
    """Return the values sorted, each once; for many, far faster than `numpy.unique`.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    values = np.sort(values)
    first = np.concatenate([np.ones(min(len(values), 1), bool), values[1:] != values[:-1]])
    found: _Longs = values[first]
    return found


def has_equal(hashes: _Longs) -> bool:
    """Say whether two of the hashes are the same; in half the time that sorting them takes.

    Examples
    --------
    >>> has_equal(np.array([3, 1, 3])), has_equal(np.array([3, 1, 2]))
    (True, False)
    """
    seen = Hashes(len(hashes))
    for begin in range(0, len(hashes), _ADDED):
        seen.add(hashes[begin : begin + _ADDED])
    return seen.has_equal()


class Hashes:
    """Hashes that come bit by bit, to be asked in the end whether two of them are the same.

    The same ones are put into the same piece by their first byte, and each piece is looked through
    by itself. What is no hash gives the same answer, slowly where many begin or end alike.

    Parameters
    ----------
    count
        How many will come, or somewhat more.
    """

    def __init__(self, count: int) -> None:
        self._pieces = min(max(-(-count // _AT_ONCE), 1), _MOST_PIECES)
        self._sorted: list[tuple[_Longs, list[int]]] = []

    def add(self, hashes: _Longs) -> None:
        """Take in some."""
        # Bytes are sorted by counting them.
        piece = (hashes >> 56).astype(np.uint8) % np.uint8(self._pieces)
        ends = np.cumsum(np.bincount(piece, minlength=self._pieces))
        self._sorted.append((hashes[np.argsort(piece, kind="stable")], [0, *ends.tolist()]))

    def has_equal(self) -> bool:
        """Say whether two of them are the same."""
        return any(
            _has_equal(np.concatenate([some[ends[p] : ends[p + 1]] for some, ends in self._sorted]))
            for p in range(self._pieces if self._sorted else 0)
        )


def _has_equal(hashes: _Longs) -> bool:
    """Give each a place by its last bits; who loses it to another is compared with who got it.

    Two that are the same have the same place. If one of them got it, the other is compared with
    it; if neither did, both lost it, and they are looked for among those who lost.
    """
    while len(hashes) > _FEW:
        slots = 1 << (2 * len(hashes)).bit_length()
        rows = np.arange(len(hashes), dtype=np.int32)
        place = hashes & (slots - 1)
        got = np.empty(slots, dtype=np.int32)
        got[place] = rows
        winner = got[place]
        lost = np.flatnonzero(winner != rows)
        if len(lost) > len(rows) // 2:
            break
        losers = hashes[lost]
        if (losers == hashes[winner[lost]]).any():
            return True
        hashes = losers
    hashes = np.sort(hashes)
    return bool((hashes[1:] == hashes[:-1]).any())
