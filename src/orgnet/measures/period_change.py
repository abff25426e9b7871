"""Two windows of one organisation, compared on the people who stayed where they were."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from orgnet.measures.alignment import AlignmentIndex, horizontal_alignment_index
from orgnet.measures.changes import openness_change
from orgnet.network import Network, as_ids
from orgnet.pairs import BoolArray

#: Standard deviations on each side of a 95 % interval.
_TWO_SIDED = 1.96

#: A share of 0 or 1 has no odds: so near to them an interval begins.
_EDGE = 0.001


@dataclass(frozen=True, eq=False)
class PeriodChange:
    """What is different between two windows among those who were seen in both.

    Attributes
    ----------
    by
        The column that sorts people into groups.
    before, after
        The networks of the people seen in both windows, in the same group in both, and no others.
    departments
        One row a group: the columns of `orgnet.measures.openness_change`; ``low`` and ``high`` of
        the difference; ``joined`` and ``left``: people of the group who were seen in the later and
        in the earlier window and are not compared.
    index_before, index_after
        The horizontal alignment index of both networks, without intervals.
    people
        People compared.
    joined, left
        People seen only in the later, and only in the earlier window.
    """

    by: str
    before: Network
    after: Network
    departments: pd.DataFrame
    index_before: AlignmentIndex
    index_after: AlignmentIndex
    people: int
    joined: int
    left: int


def period_change(
    before: Network,
    after: Network,
    *,
    by: str,
    requirements: pd.DataFrame | None = None,
    draws: int = 500,
    seed: int = 0,
) -> PeriodChange:
    """Compare two windows on the people who were seen in both, under one chart.

    Joining, leaving and moving between groups are no change of habits, and a chart that is drawn
    anew changes figures with nobody doing anything else (`measures.md` 9). Left is what stayers do.

    Parameters
    ----------
    before, after
        Networks of one set of people, of two windows that do not overlap.
    by
        The column that sorts people into groups.
    requirements
        As `horizontal_alignment_index` takes them.
    draws, seed
        Bootstrap samples of the test, and their seed.

    Returns
    -------
    PeriodChange
        Groups are those of the people compared.

    Examples
    --------
    >>> people = pd.DataFrame({"person": list("abcdef"), "department": list("XXXYYY")})
    >>> first = pd.DataFrame({"sender": list("abcde"), "recipient": list("bcdea")})
    >>> later = pd.DataFrame({"sender": list("abde"), "recipient": list("bcef")})
    >>> found = period_change(
    ...     Network.from_ties(first, people.assign(observed=people["person"] != "f")),
    ...     Network.from_ties(later, people), by="department", draws=20)
    >>> found.people, found.joined, found.left
    (5, 1, 0)
    >>> found.departments["joined"].to_dict()
    {'X': 0, 'Y': 1}
    """
    place = after.index.get_indexer(before.index)
    seen_after = (place >= 0) & after.observed[place]
    both = before.observed & seen_after
    own, later = (as_ids(network.people[by]) for network in (before, after))
    stays = both & (own == later[place]) & (before.groups(by).codes >= 0)
    stays_after = np.zeros(len(after.people), dtype=bool)
    stays_after[place[stays]] = True
    first, second = _only(before, stays), _only(after, stays_after)
    table = openness_change(first, second, by=by, draws=draws, seed=seed)
    table = _with_interval(table)
    table["joined"] = _count(later[after.observed & ~stays_after], table.index)
    table["left"] = _count(own[before.observed & ~stays], table.index)
    index_before, index_after = (
        horizontal_alignment_index(network, by=by, requirements=requirements, draws=0, seed=seed)
        for network in (first, second)
    )
    return PeriodChange(
        by=by,
        before=first,
        after=second,
        departments=table,
        index_before=index_before,
        index_after=index_after,
        people=int(stays.sum()),
        joined=after.n - int(both.sum()),
        left=before.n - int(both.sum()),
    )


def _only(network: Network, keep: BoolArray) -> Network:
    """Return the network of some people, without the weeks of each tie, which take most room."""
    slim = dataclasses.replace(network, pairs=dataclasses.replace(network.pairs, weekly=None))
    return slim.subset(keep)


def _with_interval(table: pd.DataFrame) -> pd.DataFrame:
    """Add the interval of the difference: that of the log-odds, on the scale of openness."""
    sizes = table["people"].to_numpy(dtype=float)
    everybody = sizes.sum()
    chance = (everybody - sizes) / max(everybody - 1, 1)
    share = np.clip(table["openness_before"].to_numpy(dtype=float) * chance, _EDGE, 1 - _EDGE)
    change, sd = (table[name].to_numpy(dtype=float) for name in ("log_odds_change", "sd"))
    with np.errstate(divide="ignore", invalid="ignore"):
        for name, sign in (("low", -1), ("high", 1)):
            moved = expit(logit(share) + change + sign * _TWO_SIDED * sd)
            table[name] = (moved - share) / chance
    return table


def _count(groups: object, names: pd.Index[str]) -> pd.Series[int]:
    counted = pd.Series(groups, dtype=object).value_counts()
    return counted.reindex(names, fill_value=0).astype(int)
