"""Who stands behind the contact of two groups, as disclosure control asks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.network import Groups, Network
from orgnet.pairs import FloatArray, IntArray


def contributions(network: Network, groups: Groups, *, regular: bool = False) -> pd.DataFrame:
    """Return for each ordered pair of groups who in the first has contact in the second.

    Parameters
    ----------
    network, groups
        The people, and the column that sorts them.
    regular
        Count regular ties alone.

    Returns
    -------
    pandas.DataFrame, one row an ordered pair with contact
        ``own``, ``other`` (positions of the groups), ``people`` (distinct people of `own` with
        contact in `other`), ``largest`` (the largest share of one of them, of ties or strength),
        ``rest`` (what all but the two largest have, as a multiple of what the largest has; of ties
        or strength, whichever is less): by so much the second is off who takes the total without
        the own part for the part of the first.
    """
    a, b, known = network.between(groups)
    p = network.pairs
    across = known & (a != b) & (p.regular if regular else True)
    k, n = len(groups.names), len(network.people)
    # One number for each pair of groups and who in the first has the contact: sorted, they come
    # pair by pair and person by person.
    own = np.concatenate([a[across], b[across]]).astype(np.int64)
    other = np.concatenate([b[across], a[across]])
    person = np.concatenate([p.first[across], p.second[across]])
    behind, place = np.unique((own * k + other) * n + person, return_inverse=True)
    ties = np.bincount(place, minlength=len(behind))
    strength = np.bincount(place, np.tile(p.strength[across], 2), len(behind))
    pair = behind // n
    begin = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]][: len(pair)])
    (most_ties, rest_of_ties), (most_strength, rest_of_strength) = (
        _parts(each.astype(np.float64), pair, begin) for each in (ties, strength)
    )
    return pd.DataFrame(
        {
            "own": pair[begin] // k,
            "other": pair[begin] % k,
            "people": np.diff(np.r_[begin, len(pair)]),
            "largest": np.maximum(most_ties, most_strength),
            "rest": np.minimum(rest_of_ties, rest_of_strength),
        }
    )


def _parts(of_person: FloatArray, pair: IntArray, begin: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the largest part of each pair of groups, and what all but two have of the largest.

    Parameters
    ----------
    of_person
        Ties or strength of each person in a pair, pair by pair.
    pair
        The pair.
    begin
        Where each pair begins.
    """
    if not len(begin):
        return np.empty(0), np.empty(0)
    every = np.add.reduceat(of_person, begin)
    ordered = of_person[np.lexsort((-of_person, pair))]
    first = ordered[begin]
    alone = np.diff(np.r_[begin, len(pair)]) == 1
    second = np.where(alone, 0.0, ordered[np.minimum(begin + 1, len(pair) - 1)])
    return first / every, (every - (first + second)) / first
