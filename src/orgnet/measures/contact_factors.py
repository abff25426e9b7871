"""What goes with contact: department, site or level, each with the others held constant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.network import Graph, Network, as_network
from orgnet.statistics.mrqap import mrqap
from orgnet.statistics.multiple_testing import benjamini_hochberg


def contact_factors(
    network: Graph, *, factors: Sequence[str], permutations: int = 999, seed: int = 0
) -> pd.DataFrame:
    r"""How much more contact two people have who share a department, a site, a level ...

    People of one department often also sit in one place. A regression over all pairs of people says
    what each of them goes with when the others are held constant:

    .. math:: S_{ij} = b_0 + \sum_k b_k\,1[g_k(i) = g_k(j)] + \varepsilon_{ij}

    Pairs that share a person are not independent, so each coefficient is judged by permuting the
    people (MRQAP with double semi-partialling), not by the ordinary *t*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    factors
        Columns of people, or vertex attributes.
    permutations
        How many.
    seed
        Seed of the permutations.

    Returns
    -------
    pandas.DataFrame, one row a factor, in the order given; index ``factor``
        ``coefficient``: strength, both directions added, that sharing the factor adds; ``t``; the
        two-sided ``p`` and ``q`` (Benjamini-Hochberg). NaN for a factor in which all or none are
        alike, and for factors that say the same. ``attrs``: ``intercept``, the strength of a pair
        that shares nothing, ``r_squared`` and ``pairs``. Two people of unknown value count as not
        sharing it.

    Raises
    ------
    UsageError
        If no factor is given, or one twice.

    References
    ----------
    Dekker, D., Krackhardt, D. and Snijders, T. A. B. (2007). Sensitivity of MRQAP tests to
    collinearity and autocorrelation conditions. *Psychometrika* 72(4), 563-581.

    Examples
    --------
    Four teams of five on two floors, everybody in touch within the team alone.

    >>> import networkx as nx
    >>> graph = nx.disjoint_union_all([nx.complete_graph(5)] * 4)
    >>> nx.set_node_attributes(graph, {p: "ABCD"[p // 5] for p in graph}, "team")
    >>> nx.set_node_attributes(graph, {p: "12"[p // 10] for p in graph}, "floor")
    >>> table = contact_factors(graph, factors=["team", "floor"], permutations=99)
    >>> table["coefficient"].round(6).abs().tolist(), table["p"].round(2).tolist()[0]
    ([1.0, 0.0], 0.01)
    """
    if not factors or len(set(factors)) < len(factors):
        raise UsageError(f"factors are {list(factors)}, expected different columns, at least one")
    seen = _with_columns(network, factors)
    seen = seen.subset(seen.observed)
    # By id: the permutations do not depend on the order of the roster.
    by_id = np.argsort(seen.index.to_numpy(dtype=object), kind="stable")
    codes = [seen.groups(factor).codes[by_id] for factor in factors]
    strength = seen.symmetric_strength[by_id][:, by_id]
    result = mrqap(strength, codes, permutations=permutations, seed=seed)
    table = pd.DataFrame(
        {
            "coefficient": result.coefficients,
            "t": result.t,
            "p": result.p,
            "q": benjamini_hochberg(result.p),
        },
        index=pd.Index(list(factors), name="factor", dtype="str"),
        dtype=float,
    )
    table.attrs.update(
        intercept=result.intercept,
        r_squared=result.r_squared,
        pairs=result.pairs,
        permutations=permutations,
        seed=seed,
    )
    if np.isnan(result.p).all():
        table.attrs["reason"] = "no_ties" if not len(seen.pairs) else "single_group"
    return table


def _with_columns(graph: Graph, columns: Sequence[str]) -> Network:
    """Take the network; of a graph all vertex attributes that are asked for."""
    network = as_network(graph, by=columns[0])
    if isinstance(graph, Network):
        return network
    more = {name: as_network(graph, by=name).people[name] for name in columns[1:]}
    return replace(network, people=network.people.assign(**more))
