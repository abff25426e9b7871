"""Ties that both people keep up, by several rules of the literature."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from orgnet.errors import UsageError, did_you_mean
from orgnet.network import Graph, as_network

Rule = Literal["reciprocated", "min_each_way", "geometric", "harmonic"]

_RULES = ("reciprocated", "min_each_way", "geometric", "harmonic")


def reciprocal_ties(
    network: Graph, *, rule: Rule = "geometric", minimum: float = 5.0
) -> pd.DataFrame:
    r"""List the ties that run both ways, with a strength that one side alone cannot raise.

    For the question who has a working link, never to find weak ones: a threshold removes these.

    ================  ===========================================================
    rule              strength
    ================  ===========================================================
    ``reciprocated``  1 where there is anything each way
    ``min_each_way``  the lesser of the two, from `minimum` on
    ``geometric``     :math:`\sqrt{W_{ij} W_{ji}}`
    ``harmonic``      :math:`2 W_{ij} W_{ji} / (W_{ij} + W_{ji})`, nearer the lesser
    ================  ===========================================================

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, directed.
    rule
        One of the four.
    minimum
        For ``min_each_way``: what each of the two has to do at least.

    Returns
    -------
    pandas.DataFrame, one row a pair, in the order of the people
        ``person_a``, ``person_b``, the earlier and the later in the order of the people;
        ``strength``, above 0. No rows without a tie both ways; for undirected networks, where it is
        not known, with ``attrs["reason"]`` ``undirected``.

    Raises
    ------
    UsageError
        If there is no such rule, or `minimum` is not above 0.

    References
    ----------
    De Choudhury, M., Mason, W. A., Hofman, J. M. and Watts, D. J. (2010). Inferring relevant social
    networks from interpersonal communication. *WWW*, 301-310.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_weighted_edges_from([("a", "b", 9), ("b", "a", 4), ("a", "c", 9)])
    >>> reciprocal_ties(graph).to_numpy().tolist()
    [['a', 'b', 6.0]]
    """
    if rule not in _RULES:
        raise UsageError(
            f"rule is {rule!r}, expected one of {list(_RULES)}.{did_you_mean(rule, _RULES)}"
        )
    if not minimum > 0:
        raise UsageError(f"minimum is {minimum}, expected a strength above 0")
    network = as_network(network)
    pairs, ids = network.pairs, network.index.to_numpy(dtype=object)
    there, back = pairs.forward, pairs.backward
    both = (there > 0) & (back > 0) & network.directed
    least = np.minimum(there, back)
    if rule == "min_each_way":
        both &= least >= minimum
        strength = least
    elif rule == "geometric":
        strength = np.sqrt(there * back)
    elif rule == "harmonic":
        strength = 2 * there * back / pairs.strength
    else:
        strength = np.ones(len(pairs))
    table = pd.DataFrame(
        {
            "person_a": pd.Series(ids[pairs.first[both]], dtype="str"),
            "person_b": pd.Series(ids[pairs.second[both]], dtype="str"),
            "strength": strength[both],
        }
    )
    if not network.directed:
        table.attrs["reason"] = "undirected"
    return table
