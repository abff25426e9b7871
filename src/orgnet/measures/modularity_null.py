"""Whether communities are more than those of a random network with the same ties a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.communities import LEIDEN_RUNS, search_values
from orgnet.measures.mixing import mixing
from orgnet.measures.segregation import modularity_formal
from orgnet.network import Graph, as_network
from orgnet.statistics.rewiring import redistributed_strength, rewire

#: One resolution merges small groups, another splits large ones: look at several.
RESOLUTIONS = (0.5, 1.0, 2.0, 4.0)

_COLUMNS = (
    "communities",
    "formal",
    "detected",
    "formal_share",
    "detected_mean",
    "null_mean",
    "null_sd",
    "difference",
    "z",
)


def modularity_null(
    network: Graph,
    *,
    by: str,
    draws: int = 20,
    seed: int = 0,
    resolutions: Sequence[float] = RESOLUTIONS,
) -> pd.DataFrame:
    r"""Modularity of the chart and of detected communities, beside that of random networks.

    Searching finds communities of high modularity in random networks as well, so that the detected
    value says little alone: `difference` and `z` say how far it is above that of networks in which
    everybody has as many ties and nothing else is as it was.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    draws
        Random networks, at least 2: ties are rewired, strengths are handed out by lot.
    seed
        Of the searches and of the random networks.
    resolutions
        The :math:`\gamma` of `communities`, each above 0.

    Returns
    -------
    pandas.DataFrame, one row a resolution, indexed by ``resolution``
        ``communities``, their number; ``formal``, `modularity_formal`; ``detected``, that of the
        best of 20 searches; ``formal_share``, the one over the other: how much of the real grouping
        the chart explains; ``detected_mean``, mean of the 20 searches, to be compared with
        ``null_mean``, the mean of one search in each random network, and ``null_sd``;
        ``difference`` and ``z`` of the two. NaN for `z` where the random networks are all alike.
        All NaN, with ``attrs["reason"]``, with fewer than two groups or without any tie. Over the
        people of known group alone.

    Raises
    ------
    UsageError
        If there are fewer than 2 draws, or a resolution is not above 0.

    References
    ----------
    Guimerà, R., Sales-Pardo, M. and Amaral, L. A. N. (2004). Modularity from fluctuations in random
    graphs and complex networks. *Physical Review E* 70, 025101. Resolution: Fortunato, S. and
    Barthélemy, M. (2007). *PNAS* 104(1), 36-41.

    Examples
    --------
    Ten teams of five, all in touch inside, in a ring.

    >>> import networkx as nx
    >>> graph = nx.ring_of_cliques(10, 5)
    >>> nx.set_node_attributes(graph, {p: f"T{p // 5}" for p in graph}, "department")
    >>> table = modularity_null(graph, by="department", resolutions=[1.0])
    >>> table[["communities", "formal", "detected", "formal_share"]].round(3).iloc[0].tolist()
    [10.0, 0.809, 0.809, 1.0]
    >>> bool(table.loc[1.0, "z"] > 10)
    True
    """
    if draws < 2:
        raise UsageError(f"draws is {draws}, expected at least 2")
    wrong = [value for value in resolutions if not value > 0]
    if wrong:
        raise UsageError(f"a resolution is {wrong[0]}, expected numbers above 0")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    index = pd.Index([float(value) for value in resolutions], name="resolution", dtype=float)
    table = pd.DataFrame(np.nan, index=index, columns=list(_COLUMNS), dtype=float)
    table.attrs.update(draws=draws, seed=seed)
    if mixed.reason:
        table.attrs["reason"] = mixed.reason
        return table
    _, _, known = network.between(mixed.groups)
    # By id, so that the order of the roster does not matter.
    by_id = np.empty(len(network.index), dtype=np.int64)
    by_id[np.argsort(network.index.to_numpy(dtype=object), kind="stable")] = np.arange(len(by_id))
    ends = by_id[np.column_stack([network.pairs.first[known], network.pairs.second[known]])]
    ends.sort(axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    edges, strength = ends[order], network.pairs.strength[known][order]
    at_person = np.bincount(edges.ravel(), np.repeat(strength, 2)).astype(float)
    rng = np.random.default_rng(seed)
    random_networks = []
    for _ in range(draws):
        rewired = rewire(edges, seed=rng)
        random_networks.append(
            (rewired, redistributed_strength(strength, rewired, at_person, seed=rng))
        )
    for row, value in enumerate(table.index.tolist()):
        counts, found = search_values(
            edges, strength, seed=seed, resolution=value, runs=LEIDEN_RUNS
        )
        null = np.array(
            [
                search_values(ties, given, seed=seed + draw, resolution=value, runs=1)[1][0]
                for draw, (ties, given) in enumerate(random_networks)
            ]
        )
        formal = modularity_formal(network, by=by, resolution=value)
        best, mean, spread = found.max(), found.mean(), null.std(ddof=1)
        difference = mean - null.mean()
        table.iloc[row] = [
            counts[found.argmax()],
            formal,
            best,
            formal / best if best > 0 else np.nan,
            mean,
            null.mean(),
            spread,
            difference,
            difference / spread if spread > 1e-12 else np.nan,
        ]
    return table


def formal_share_of_modularity(
    network: Graph, *, by: str, seed: int = 0, resolution: float = 1.0
) -> float:
    r"""How much of the real grouping the chart explains.

    1: the groups are as good a division of the contact as any that is found. Near 0: people work
    in other circles than those of the chart. It means something only where the detected modularity
    is above that of random networks; see `modularity_null`.

    .. math:: Q_F / Q_D

    `modularity_formal` over the modularity of the best of 20 searches for `communities`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    seed
        Seed of the search.
    resolution
        The :math:`\gamma` of both.

    Returns
    -------
    float
        At most about 1; negative where contact avoids the groups. NaN with fewer than two groups,
        without any tie, or where nothing better than no division is found.

    References
    ----------
    As `modularity_formal` and `communities`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> formal_share_of_modularity(graph, by="department")
    1.0
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    if mixed.reason:
        return float("nan")
    part = network.subset(mixed.groups.codes >= 0)
    first, second = part.pairs.first, part.pairs.second
    edges, strength = np.column_stack([first, second]), part.pairs.strength
    _, found = search_values(edges, strength, seed=seed, resolution=resolution, runs=LEIDEN_RUNS)
    best = float(found.max())
    return (
        modularity_formal(part, by=by, resolution=resolution) / best if best > 0 else float("nan")
    )
