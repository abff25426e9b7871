"""How much a measure moves when people are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.resampled import removal_order
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray

Removal = Literal["random", "degree"]


def robustness_curve(
    network: Graph,
    measure: Callable[..., Any],
    *,
    shares: Sequence[float] = (0.1, 0.2, 0.3),
    removals: Sequence[Removal] = ("random", "degree"),
    draws: int = 100,
    seed: int = 0,
    **options: Any,
) -> pd.DataFrame:
    r"""How far a measure moves when a share of the people is not in the data.

    People are taken out with all of their ties, and the measure is taken of the rest. A measure
    whose order of people or groups changes much with a tenth missing says little about anybody.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    measure
        A measure that returns a number or a Series: ``orgnet.measures.openness``.
    shares
        Shares of the observed people that are left out.
    removals
        Whom: ``random``, or ``degree``: people with many contacts the likelier, in proportion.
    draws
        How often, for each share and removal.
    seed
        Seed of the draws.
    **options
        Handed on to the measure, such as ``by="department"``.

    Returns
    -------
    pandas.DataFrame, one row a removal and share
        ``removal``, ``share``, ``people`` (left out), ``draws``; ``defined``: draws in which
        the measure had a value to compare; ``median_change``: median over draws of the median
        absolute change of a value; ``rank_correlation``: median over draws of Spearman's, NaN for a
        measure of one number and where fewer than two values differ. Only people or groups with a
        value before and after are compared.

    References
    ----------
    Smith, J. A. and Moody, J. (2013). Structural effects of network sampling coverage I: nodes
    missing at random. *Social Networks* 35(4), 652-668.

    Examples
    --------
    >>> import networkx as nx
    >>> from orgnet.measures import core_number
    >>> graph = nx.complete_graph(20)
    >>> curve = robustness_curve(graph, core_number, draws=3, shares=[0.1, 0.5])
    >>> curve[["removal", "people", "median_change"]].to_numpy().tolist()[:2]
    [['random', 2, 2.0], ['random', 10, 10.0]]
    """
    if draws < 1:
        raise UsageError(f"draws is {draws}, expected at least 1")
    for share in shares:
        if not 0 < share < 1:
            raise UsageError(f"a share is {share}, expected more than 0 and less than 1")
    for removal in removals:
        if removal not in ("random", "degree"):
            raise UsageError(f"a removal is {removal!r}, expected 'random' or 'degree'")
    network = as_network(network, by=options.get("by"))
    whole = _values(measure(network, **options), measure)
    ends = np.concatenate([network.pairs.first, network.pairs.second])
    degree = np.bincount(ends, minlength=len(network.people)).astype(float)
    rows = []
    for removal in removals:
        weight = degree if removal == "degree" else None
        # The same draws for every share: the more are missing, the same people and others.
        rng = np.random.default_rng(seed)
        orders = [removal_order(network, weight, rng) for _ in range(draws)]
        for share in shares:
            count = round(share * network.n)
            moved = [
                _compared(whole, _values(measure(_without(network, order[:count]), **options)))
                for order in orders
            ]
            change, rank = (np.array(column, dtype=float) for column in zip(*moved, strict=True))
            rows.append(
                {
                    "removal": removal,
                    "share": float(share),
                    "people": count,
                    "draws": draws,
                    "defined": int((~np.isnan(change)).sum()),
                    "median_change": _median(change),
                    "rank_correlation": _median(rank),
                }
            )
    columns = ["removal", "share", "people", "draws", "defined"]
    table = pd.DataFrame(rows, columns=[*columns, "median_change", "rank_correlation"])
    table.attrs["seed"] = seed
    return table


def _without(network: Network, left_out: Any) -> Network:
    keep = np.ones(len(network.people), dtype=bool)
    keep[left_out] = False
    return network.subset(keep)


def _values(result: Any, measure: Callable[..., Any] | None = None) -> pd.Series[float]:
    if isinstance(result, pd.Series):
        return result.astype(float)
    if isinstance(result, (float, int, np.number)):
        return pd.Series([float(result)])
    name = getattr(measure, "__name__", "the measure")
    raise UsageError(
        f"{name} returns a {type(result).__name__}, expected a measure that returns a number or a "
        "Series"
    )


def _compared(before: pd.Series[float], after: pd.Series[float]) -> tuple[float, float]:
    """Return the median absolute change and Spearman's rank correlation of what both have."""
    both = pd.concat([before, after.reindex(before.index)], axis=1).dropna()
    if both.empty:
        return float("nan"), float("nan")
    one, other = (both.iloc[:, side].to_numpy(dtype=float) for side in (0, 1))
    ranks = [pd.Series(values).rank().to_numpy() for values in (one, other)]
    around = [rank - rank.mean() for rank in ranks]
    scale = float(np.sqrt((around[0] ** 2).sum() * (around[1] ** 2).sum()))
    rank = float(around[0] @ around[1]) / scale if scale > 0 else float("nan")
    return float(np.median(np.abs(other - one))), rank


def _median(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
