"""What the horizontal alignment index is made of, and what moved it between two windows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.alignment_scores import Scorer
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray

#: The sub-scores, in the order of the rows.
PARTS = ("openness", "coverage", "resilience")

_KEYS = ["part", "group_a", "group_b"]


def index_contributions(
    network: Graph, *, by: str, requirements: pd.DataFrame | None = None
) -> pd.DataFrame:
    r"""How many points of the index each group and each pair of groups gives.

    The index is a sum: openness over groups, coverage and resilience over pairs. The points add up
    to the `value` of `horizontal_alignment_index`, those of one part to a third of its sub-score.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    requirements
        Who must work with whom; see `requirement_matrix`. None weights every two people of
        different groups equally.

    Returns
    -------
    pandas.DataFrame, one row a group and part or a pair of groups and part
        ``part``: openness, coverage, resilience; ``group_a`` < ``group_b``, the latter empty for
        openness; ``points`` of the index, from 0 to ``possible``, what would be given if all was
        well there; all of them add up to 100. Groups without a tie have no share in openness.
        No rows, with ``attrs["reason"]``, with fewer than two groups (``single_group``) or without
        any tie (``no_ties``).

    Raises
    ------
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    The index is this project's own.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> print(index_contributions(graph, by="department").round(1).to_string(index=False))
          part group_a group_b  points  possible
      openness       L             7.9      16.7
      openness       R             7.9      16.7
      coverage       L       R    16.7      33.3
    resilience       L       R     0.0      33.3
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    names = np.array(mixed.groups.names, dtype=object)
    if mixed.reason:
        empty = _table(names[:0], names[:0], names[:0], np.zeros(0), np.zeros(0))
        empty.attrs["reason"] = mixed.reason
        return empty
    scorer = Scorer(network, mixed, requirements)
    internal, external, regular = scorer.window()
    opened, people = (part[:, 0] for part in scorer.open_people(internal, external))
    ties, factors = scorer.ties_and_factors(regular)
    a, b = np.nonzero(scorer.weights)
    weight = scorer.weights[a, b] / scorer.weights.sum()
    credits = [scorer.best(scorer.covered(ties)), scorer.best(scorer.spare(factors))]
    third = 100 / 3
    there = people > 0
    nobody = np.full(int(there.sum()), "", dtype=object)
    return _table(
        np.repeat(PARTS, [int(there.sum()), len(a), len(a)]),
        np.concatenate([names[there], names[a], names[a]]),
        np.concatenate([nobody, names[b], names[b]]),
        third
        * np.concatenate(
            [opened[there] / people.sum(), *(weight * credit[0, a, b] for credit in credits)]
        ),
        third * np.concatenate([people[there] / people.sum(), weight, weight]),
    )


def index_change(
    before: Graph, after: Graph, *, by: str, requirements: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say what moved the index from one window to another, the largest change first.

    The changes add up exactly to that of the index. They are arithmetic: whether a change is more
    than chance is another question. A group that is in one of the two alone, or that grew, moves
    the index too; compare windows under one chart where behaviour is asked for.

    Parameters
    ----------
    before, after
        Two Networks, or networkx or igraph graphs, such as of two windows.
    by
        The column of people, or the vertex attribute, that holds the group.
    requirements
        Who must work with whom, in both; see `requirement_matrix`.

    Returns
    -------
    pandas.DataFrame, one row a group and part or a pair of groups and part
        ``part``, ``group_a``, ``group_b`` as in `index_contributions`; ``before`` and ``after``,
        the points of the index (0 where a group was not there), and their difference ``change``.
        Sorted by the size of the change, then by part and group. No rows, with
        ``attrs["reason"]``, where the index of either is undefined.

    Raises
    ------
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    The index is this project's own.

    Examples
    --------
    A second tie between the two teams: they have the contact that they should, and it no longer
    hangs on one person.

    >>> import networkx as nx
    >>> before = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(before, dict(enumerate("LLLRRR")), "department")
    >>> after = before.copy()
    >>> after.add_edge(0, 5)
    >>> print(index_change(before, after, by="department").round(1).to_string(index=False))
          part group_a group_b  before  after  change
    resilience       L       R     0.0   33.3    33.3
      coverage       L       R    16.7   33.3    16.7
      openness       L             7.9   13.9     6.0
      openness       R             7.9   13.9     6.0
    """
    tables = [
        index_contributions(network, by=by, requirements=requirements)
        for network in (before, after)
    ]
    first, second = (
        table.drop(columns="possible").rename(columns={"points": when})
        for table, when in zip(tables, ("before", "after"), strict=True)
    )
    reasons = [table.attrs["reason"] for table in tables if "reason" in table.attrs]
    if reasons:
        first, second = first.iloc[:0], second.iloc[:0]
    table = first.merge(second, on=_KEYS, how="outer")
    table[["before", "after"]] = table[["before", "after"]].astype(float).fillna(0.0)
    table["change"] = table["after"] - table["before"]
    place = table["part"].map({part: place for place, part in enumerate(PARTS)})
    # Changes that are the same but for rounding stay in the order of the groups.
    size = -table["change"].abs().round(9)
    order = np.lexsort((table["group_b"], table["group_a"], place, size))
    table = table.iloc[order].reset_index(drop=True)
    if reasons:
        table.attrs["reason"] = reasons[0]
    return table


def _table(
    part: object, group_a: object, group_b: object, points: FloatArray, possible: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "part": pd.Series(part, dtype="str"),
            "group_a": pd.Series(group_a, dtype="str"),
            "group_b": pd.Series(group_b, dtype="str"),
            "points": points,
            "possible": possible,
        }
    )
