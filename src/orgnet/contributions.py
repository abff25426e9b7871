"""Who stands behind the contact of two groups, as disclosure control asks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.network import Groups, Network


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
    ends = pd.DataFrame(
        {
            "person": np.concatenate([p.first[across], p.second[across]]),
            "own": np.concatenate([a[across], b[across]]),
            "other": np.concatenate([b[across], a[across]]),
            "strength": np.concatenate([p.strength[across], p.strength[across]]),
        }
    )
    persons = (
        ends.groupby(["own", "other", "person"])
        .agg(ties=("strength", "size"), strength=("strength", "sum"))
        .reset_index()
    )
    result = (
        persons.groupby(["own", "other"])
        .agg(
            people=("person", "size"),
            most_ties=("ties", "max"),
            all_ties=("ties", "sum"),
            most_strength=("strength", "max"),
            all_strength=("strength", "sum"),
        )
        .reset_index()
    )
    result["largest"] = np.maximum(
        result["most_ties"] / result["all_ties"], result["most_strength"] / result["all_strength"]
    )
    result["rest"] = np.minimum(_rest(persons, "ties"), _rest(persons, "strength"))
    return result[["own", "other", "people", "largest", "rest"]]


def _rest(persons: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    """Return the part of all but the two largest over that of the largest, sorted by groups."""
    pairs = ["own", "other"]
    ordered = persons.sort_values(column, ascending=False, kind="stable")
    parts = persons.groupby(pairs)[column]
    two = ordered.groupby(pairs).head(2).groupby(pairs)[column].sum()
    return ((parts.sum() - two) / parts.max()).to_numpy(dtype=float)
