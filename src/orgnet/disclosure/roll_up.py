"""Too many groups for one page: a coarser column instead, or the largest of them drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np
import pandas as pd

from orgnet.measures.requirements import requirement_matrix, unobserved_groups
from orgnet.network import Network, as_ids
from orgnet.report_model import RollUp

#: Groups that a map and a matrix can show.
MOST_GROUPS = 25

#: Further columns of a roster that sort people, but not into units of the organisation.
_NO_UNITS = frozenset({"level", "location"})


def rolled_up(
    network: Network, by: str, *, columns: Collection[str], minimum: int
) -> tuple[Network, RollUp | None]:
    """Return the network to diagnose by a coarser column, where there are too many groups.

    A column is coarser if everybody in a group has one value in it, and if it has 2 to 25 values;
    of several, the one with most. Gaps in it are filled in from the group.

    Parameters
    ----------
    network, by
        The people, and the column that was asked for.
    columns
        Those that people can be grouped by.
    minimum
        Smallest group that counts.

    Returns
    -------
    tuple of Network and RollUp
        None, and the network as it is, where there are no more than 25 groups or no such column.

    Examples
    --------
    >>> people = pd.DataFrame({"person": range(260)})
    >>> people = people.assign(team=people["person"] // 5, division=people["person"] // 130)
    >>> network = Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)
    >>> _, told = rolled_up(network, "team", columns=["team", "division"], minimum=5)
    >>> told.into, told.groups, told.into_groups
    ('division', 52, 2)
    """
    groups = network.groups(by)
    count = int((groups.sizes >= minimum).sum())
    if count <= MOST_GROUPS:
        return network, None
    own = pd.Series(groups.codes, index=network.index)
    own = own[own >= 0]
    parents = {}
    for column in sorted(set(columns) - {by} - _NO_UNITS):
        values = network.people[column].loc[own.index]
        values = pd.Series(as_ids(values), index=values.index, dtype=object).replace("", None)
        each = values.groupby(own).agg(["nunique", "first"])
        distinct = int(each["first"].nunique())
        if (each["nunique"] == 1).all() and 2 <= distinct <= MOST_GROUPS:
            parents[column] = distinct, own.map(each["first"])
    if not parents:
        return network, None
    into = max(parents, key=lambda column: (parents[column][0], column))
    into_groups, parent = parents[into]
    filled = network.people[into].astype(object)
    filled[parent.index] = parent
    told = RollUp(kind="parent", by=by, into=into, groups=count, into_groups=into_groups)
    return dataclasses.replace(network, people=network.people.assign(**{into: filled})), told


def largest_only(by: str, shown: int) -> RollUp | None:
    """Return that only the largest groups are drawn, where there are too many to draw all."""
    if shown <= MOST_GROUPS:
        return None
    return RollUp(kind="largest", by=by, into=by, groups=shown, into_groups=MOST_GROUPS)


def rolled_up_requirements(
    requirements: pd.DataFrame, network: Network, told: RollUp
) -> pd.DataFrame:
    """Return requirements of groups as requirements of what the groups were rolled up to.

    Parameters
    ----------
    requirements
        As `orgnet.measures.requirements.requirement_matrix` takes them, of the groups.
    network
        What `rolled_up` returned.
    told
        What it said.

    Returns
    -------
    pandas.DataFrame
        ``group_a``, ``group_b``, ``weight``; those within one coarser group are left out.
    """
    groups = network.groups(told.by)
    absent = unobserved_groups(network, groups)
    matrix = requirement_matrix(requirements, groups.names, unobserved=absent)
    people = network.people[network.observed]
    parent = dict(zip(as_ids(people[told.by]), as_ids(people[told.into]), strict=True))
    into = np.array([parent[name] for name in groups.names], dtype=object)
    a, b = np.nonzero(np.triu(matrix, 1))
    across = into[a] != into[b]
    a, b = a[across], b[across]
    return pd.DataFrame({"group_a": into[a], "group_b": into[b], "weight": matrix[a, b]})
