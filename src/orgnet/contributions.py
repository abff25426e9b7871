"""Who stands behind the contact of two groups, as disclosure control asks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.network import Groups, Network


def contributions(network: Network, groups: Groups) -> pd.DataFrame:
    """Return for each ordered pair of groups who in the first has contact in the second.

    Returns
    -------
    pandas.DataFrame, one row an ordered pair with contact
        ``own``, ``other`` (positions of the groups), ``people`` (distinct people of `own` with
        contact in `other`), ``largest`` (the largest share of one of them, of ties or strength).
    """
    a, b, known = network.between(groups)
    across = known & (a != b)
    p = network.pairs
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
    return result[["own", "other", "people", "largest"]]
