"""Whether communities are there, or only one of many partitions that are nearly as good."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.communities import communities, modularity
from orgnet.network import Graph, as_network
from orgnet.statistics.partitions import partition_agreement

#: Coarse to fine.
RESOLUTIONS = (0.5, 1.0, 2.0, 4.0)


def community_stability(
    network: Graph, *, resolutions: Sequence[float] = RESOLUTIONS, runs: int = 10, seed: int = 0
) -> pd.DataFrame:
    """How many communities there are, fine and coarse, and how alike several searches are.

    A number of communities that holds over resolutions, with a stability near 1, is worth a word;
    one that grows with the resolution is a choice of the method.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    resolutions
        Larger gives more and smaller communities; see `communities`.
    runs
        Searches of each resolution, each with a seed of its own.
    seed
        Seed of the first; the others count on.

    Returns
    -------
    pandas.DataFrame of float, index ``resolution``
        Over the searches: ``communities``, the median number, people without a tie not counted;
        ``modularity``, the mean, at that resolution; ``stability``, the mean adjusted Rand index of
        every two searches, 1 where all agree, about 0 where they agree by chance; ``lowest``, that
        of the two searches that agree least. NaN, with ``attrs["reason"]`` ``no_ties``, without any
        tie.

    Raises
    ------
    UsageError
        If `runs` is below 2, or a resolution is not above 0.

    References
    ----------
    Good, B. H., de Montjoye, Y.-A. and Clauset, A. (2010). Performance of modularity maximization
    in practical contexts. *Physical Review E* 81, 046106.

    Examples
    --------
    Two teams of three are two communities, however one searches.

    >>> import networkx as nx
    >>> table = community_stability(nx.barbell_graph(3, 0), resolutions=[1.0])
    >>> table.loc[1.0, ["communities", "stability"]].tolist()
    [2.0, 1.0]
    """
    if runs < 2:
        raise UsageError(f"runs is {runs}, expected at least 2 to compare")
    network = as_network(network)
    pairs = network.pairs
    tied = np.unique(np.concatenate([pairs.first, pairs.second]))
    first, second = np.triu_indices(runs, 1)
    rows: list[tuple[object, ...]] = []
    for resolution in resolutions:
        found = [
            communities(network, seed=seed + run, resolution=resolution, runs=1)
            for run in range(runs)
        ]
        if not len(tied):
            rows.append((np.nan,) * 4)
            continue
        labels = [labels.to_numpy()[tied] for labels in found]
        agreement = [
            partition_agreement(labels[a], labels[b]).ari
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
        quality = [modularity(network, labels, resolution=resolution) for labels in found]
        numbers = [len(np.unique(values)) for values in labels]
        rows.append((np.median(numbers), np.mean(quality), np.mean(agreement), min(agreement)))
    table = pd.DataFrame(
        rows,
        index=pd.Index(list(resolutions), name="resolution", dtype=float),
        columns=["communities", "modularity", "stability", "lowest"],
        dtype=float,
    )
    if not len(tied):
        table.attrs["reason"] = "no_ties"
    return table
