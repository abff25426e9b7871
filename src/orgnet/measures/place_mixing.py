"""How much of a department's closedness is that of the place where its people sit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.network import Network

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class PlaceMixing:
    """Contact between departments, inside and across places.

    Attributes
    ----------
    preference
        How many times as likely two people of different departments are in contact if they are in
        one place; NaN where all or none are.
    p
        One-sided p of as much if the places were dealt out by lot among the people of each
        department.
    explained
        By department the share of its log-odds of external contact below the others' mean that the
        places explain: 0 nothing, 1 all; NaN for departments that are not below it.
    """

    preference: float
    p: float
    explained: pd.Series[float]


def place_mixing(
    network: Network, place: pd.Series[str], *, by: str, draws: int = 199, seed: int = 0
) -> PlaceMixing:
    """Compare departments as if all their people could reach one another's places equally.

    The preference for one's own place is that of contact between departments, over the whole
    organisation. Each department has so many people elsewhere in its places and so many in others:
    together these are the contact with others that its places would give it.

    Parameters
    ----------
    network
        The people.
    place
        Where each of them is; empty for those of whom it is not known, who are left out.
    by
        The column of departments.
    draws, seed
        Places dealt out by lot, and the seed of it.

    Examples
    --------
    Three departments talk across as long as they are in one place; C sits elsewhere.

    >>> people = pd.DataFrame({"person": range(12), "department": list("AAAABBBBCCCC")})
    >>> place = pd.Series(list("xxyyxxyyzzzz"))
    >>> pairs = [(i, j) for i in range(12) for j in range(i)
    ...          if i // 4 == j // 4 or place[i] == place[j]]
    >>> ties = pd.DataFrame(pairs, columns=["sender", "recipient"])
    >>> network = Network.from_ties(ties, people, directed=False)
    >>> place.index = network.index
    >>> found = place_mixing(network, place, by="department")
    >>> found.preference > 2, bool(found.explained["C"] > 0)
    (True, True)
    """
    groups = network.groups(by)
    codes, k = groups.codes, len(groups.names)
    where, names = pd.factorize(place.reindex(network.index).fillna(""))
    known = (codes >= 0) & (np.asarray(names, dtype=object)[where] != "")
    counts = np.zeros((k, len(names)))
    np.add.at(counts, (codes[known], where[known]), 1)
    p = network.pairs
    used = known[p.first] & known[p.second]
    first, second = p.first[used], p.second[used]
    across = codes[first] != codes[second]
    preference = _preference(int((where[first] == where[second])[across].sum()),
                             int(across.sum()), counts)  # fmt: skip
    members = [np.flatnonzero(known & (codes == g)) for g in range(k)]
    rng = np.random.default_rng(seed)
    seen = (where[first] == where[second])[across].sum()
    as_many = 0
    for _ in range(draws):
        dealt = where.copy()
        for own in members:
            dealt[own] = rng.permutation(where[own])
        as_many += int((dealt[first] == dealt[second])[across].sum() >= seen)
    return PlaceMixing(
        preference=preference,
        p=(1 + as_many) / (1 + draws),
        explained=pd.Series(
            _explained(network, codes, known, counts, preference), index=groups.index
        ),
    )


def _preference(same: int, ties: int, counts: FloatArray) -> float:
    """Return the ratio of the rates of contact in one place and in different ones."""
    possible_same, possible = _possible(counts)
    apart, possible_apart = ties - same, possible.sum() - possible_same.sum()
    if not possible_same.sum() or not possible_apart:
        return float("nan")
    # Half a tie each, so that none apart is no infinite preference.
    return float((same + 0.5) / possible_same.sum() / ((apart + 0.5) / possible_apart))


def _possible(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return for each department its pairs with people of others: in one place, and all."""
    rest = counts.sum(axis=0) - counts
    sizes = counts.sum(axis=1)
    return (counts * rest).sum(axis=1), sizes * (sizes.sum() - sizes)


def _explained(
    network: Network, codes: IntArray, known: npt.NDArray[np.bool_], counts: FloatArray,
    preference: float,
) -> FloatArray:  # fmt: skip
    p = network.pairs
    used = known[p.first] & known[p.second]
    a, b, strength = codes[p.first[used]], codes[p.second[used]], p.strength[used]
    k = len(counts)
    inside = 2 * np.bincount(a[a == b], strength[a == b], k)
    outside = np.bincount(a[a != b], strength[a != b], k)
    outside = outside + np.bincount(b[a != b], strength[a != b], k)
    sizes = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.log((sizes.sum() - sizes) / np.maximum(sizes - 1, 1))
        odds = np.log((outside + 1) / (inside + 1)) - chance
        same, possible = _possible(counts)
        reach = np.log((possible + (preference - 1) * same) / possible)
        below, reached = _below_others(odds), _below_others(reach)
        explained: FloatArray = np.where(below < 0, np.clip(reached / below, 0, 1), np.nan)
    return explained


def _below_others(values: FloatArray) -> FloatArray:
    """Return each value less the mean of the others."""
    below: FloatArray = values - (values.sum() - values) / max(len(values) - 1, 1)
    return below
