"""How much contact outside their group chance gives people: by headcount, or by activity."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from orgnet.errors import UsageError, did_you_mean
from orgnet.measures.mixing import Mixing, mixing, ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray

#: Who meets whom by chance: any two people alike, or people in proportion to their contact.
Null = Literal["headcount", "activity"]
_NULLS = ("headcount", "activity")


def external_share_expected(
    network: Graph, *, by: str, null: Null = "headcount"
) -> pd.Series[float]:
    r"""External share that chance would give each group, if groups did not matter.

    By headcount everybody is met equally often. By activity busy people are met more often, so that
    a group of busy people is expected to have more of its contact inside. The two differ much where
    groups differ in activity: say which one is used.

    .. math::

        \frac{n - n_g}{n - 1}, \qquad
        1 - \frac{K_g^2 - \sum_{i \in g} s_i^2}{2m\,K_g - \sum_{i \in g} s_i^2}

    where :math:`n_g` is the headcount of a group and *n* that of all; :math:`s_i` is a person's
    strength, :math:`K_g` that of a group's people and *2m* that of all.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    null
        ``headcount`` (label permutation) or ``activity`` (everybody keeps their strength).

    Returns
    -------
    pandas.Series of float, one value a group, sorted by group
        From 0 to 1. By activity NaN for a group without a tie and for one person who has a share
        in every contact. All NaN, with ``attrs["reason"]``, with fewer than two groups or without
        any tie.

    Raises
    ------
    UsageError
        If `null` is neither of the two.

    References
    ----------
    Newman, M. E. J. (2003). Mixing patterns in networks. *Physical Review E* 67, 026126, for
    activity; contact with oneself is taken out here.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.star_graph(3)
    >>> nx.set_node_attributes(graph, dict(enumerate("HHLL")), "department")
    >>> external_share_expected(graph, by="department").round(3).to_dict()
    {'H': 0.667, 'L': 0.667}
    >>> external_share_expected(graph, by="department", null="activity").round(3).to_dict()
    {'H': 0.571, 'L': 0.8}
    """
    _check(null)
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    return mixed.series(expected_external_shares(network, mixed, null), "external_share_expected")


def expected_external_shares(network: Network, mixed: Mixing, null: Null) -> FloatArray:
    """Return the expected external share of each group; NaN where it is not defined."""
    _check(null)
    if null == "headcount":
        others = (mixed.people - mixed.groups.sizes).astype(float)
        return ratio(others, np.full(len(others), mixed.people - 1.0))
    volume, squares = mixed.volume, _squares(network, mixed)
    return 1 - ratio(volume**2 - squares, mixed.total * volume - squares)


def expected_internal_share(network: Network, mixed: Mixing, null: Null) -> float:
    """Return the share of all contact that chance puts inside groups."""
    _check(null)
    if null == "headcount":
        sizes, n = mixed.groups.sizes, mixed.people
        return float((sizes * (sizes - 1)).sum() / (n * (n - 1)))
    volume, squares = mixed.volume, _squares(network, mixed)
    possible = mixed.total**2 - squares.sum()
    return float((volume**2 - squares).sum() / possible) if possible > 0 else float("nan")


def _squares(network: Network, mixed: Mixing) -> FloatArray:
    """Sum of the squared strengths of each group's people, over ties between known groups."""
    codes = mixed.groups.codes
    _, _, known = network.between(mixed.groups)
    pairs = network.pairs
    ends = np.concatenate([pairs.first[known], pairs.second[known]])
    strength = np.bincount(ends, np.tile(pairs.strength[known], 2), len(codes))
    grouped = codes >= 0
    return np.asarray(
        np.bincount(codes[grouped], strength[grouped] ** 2, len(mixed.groups.names)), dtype=float
    )


def _check(null: str) -> None:
    if null not in _NULLS:
        raise UsageError(
            f"null is {null!r}, expected 'headcount' or 'activity'."
            f"{did_you_mean(str(null), _NULLS)}"
        )
