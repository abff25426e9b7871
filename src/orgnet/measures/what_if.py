"""What a decision would do to the index, before anybody adapts to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.alignment_scores import Scorer
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray
from orgnet.statistics.resampling import percentile_interval, week_multiplicities

_ROWS = ["index", "openness", "coverage", "resilience"]


def what_if(
    before: Graph,
    after: Graph,
    *,
    by: str,
    requirements: pd.DataFrame | None = None,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """How the index would change if the network were edited, and nobody adapted.

    People adapt: they find other ways, and new ties cost others. Where groups are merged or people
    moved, part of the change is arithmetic: with fewer groups there is less between them. Nothing
    is said about money, staying or performance.

    Parameters
    ----------
    before
        The network as it is.
    after
        The same network edited, as by `without_people`, `with_merged_groups`,
        `with_moved_people` or `with_added_ties`.
    by
        The column of people, or the vertex attribute, that holds the group.
    requirements
        As for `horizontal_alignment_index`.
    draws
        Bootstrap samples of the weeks, the same in both networks; 0 for no interval.
    seed
        Seed of the samples.

    Returns
    -------
    pandas.DataFrame of float, rows ``index``, ``openness``, ``coverage``, ``resilience``
        ``before`` and ``after``, from 0 to 100; ``change``; ``low`` and ``high``, the middle 95 %
        of the changes in the samples, NaN without dates. All NaN, with ``attrs["reason"]``,
        where the index of one of the two is undefined.

    Raises
    ------
    UsageError
        If `draws` is negative, or the two networks have other weeks.

    References
    ----------
    Of this project; the samples are those of `horizontal_alignment_index`.

    Examples
    --------
    Two teams of three and one tie between them; then without one of the two who hold it.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> network = as_network(graph, by="department")
    >>> from orgnet.measures.edits import without_people
    >>> edited = without_people(network, ["2"])
    >>> what_if(network, edited, by="department")["change"].round(1).to_dict()
    {'index': -32.5, 'openness': -47.6, 'coverage': -50.0, 'resilience': 0.0}
    """
    if draws < 0:
        raise UsageError(f"draws is {draws}, expected 0 or more")
    first, second = as_network(before, by=by), as_network(after, by=by)
    if first.weeks != second.weeks:
        raise UsageError("the two networks have other weeks; edit one network to get the other")
    table = pd.DataFrame(
        np.nan, index=_ROWS, columns=["before", "after", "change", "low", "high"], dtype=float
    )
    reason = mixing(first, by).reason or mixing(second, by).reason
    if reason:
        table.attrs["reason"] = reason
        return table
    weekly = first.pairs.weekly
    weeks = 0 if weekly is None else weekly.shape[1]
    # One week, resampled, is always itself.
    usable = draws if weeks > 1 else 0
    multiplicities = week_multiplicities(weeks, usable, np.random.default_rng(seed))
    old = _scores(first, by, requirements, multiplicities)
    new = _scores(second, by, requirements, multiplicities)
    table["before"], table["after"] = old[0], new[0]
    table["change"] = new[0] - old[0]
    if usable:
        table["low"], table["high"] = percentile_interval((new - old)[1:])
    else:
        table.attrs["reason"] = "no_weeks" if weekly is None else "too_few_weeks"
    return table


def _scores(
    network: Network, by: str, requirements: pd.DataFrame | None, multiplicities: IntArray
) -> FloatArray:
    """Return the index and its sub-scores, 0 to 100: observed, then in each sample."""
    scorer = Scorer(network, mixing(network, by), requirements)
    if network.pairs.weekly is None:
        scores = scorer.observed()
    else:
        window = np.ones((len(multiplicities), 1), dtype=np.int64)
        scores = scorer.dated(np.hstack([window, multiplicities]))
    return 100 * np.column_stack([scores.mean(axis=1), scores])
