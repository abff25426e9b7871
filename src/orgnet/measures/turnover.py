"""What changed between two windows: habits, people or the chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray

_COLUMNS = [
    *("before", "after", "leavers", "behaviour", "relabelling", "joiners", "interaction"),
]


def turnover_decomposition(
    before: Graph, after: Graph, measure: Callable[..., Any], *, by: str
) -> pd.DataFrame:
    r"""Split the change of a measure into what stayers do, who came and went, and the new chart.

    The headline is `behaviour`: what the people who stayed do differently, under one chart.

    .. math::

        \theta_2 - \theta_1 =
            \underbrace{\theta(1, s_1, c_1) - \theta_1}_{\text{leavers}}
            + \underbrace{\theta(2, s, c_1) - \theta(1, s, c_1)}_{\text{behaviour}}
            + \underbrace{\theta(1, s, c_2) - \theta(1, s, c_1)}_{\text{relabelling}}
            + \underbrace{\theta_2 - \theta(2, s, c_2)}_{\text{joiners}} + \text{interaction}

    where :math:`\theta(w, s, c)` is the measure of the ties of window *w* among the people *s* who
    were seen in both windows, under chart *c*.

    Parameters
    ----------
    before, after
        Networks of two windows, best of the same length. Leave people out of `after` who joined
        less than six weeks ago: they have not met everybody yet.
    measure
        A measure of a network and groups, `by` by keyword, that returns a float or one value a
        group: `orgnet.measures.ei_index`, `orgnet.measures.openness` and their like.
    by
        The column of people, or the vertex attribute, that holds the group, in both.

    Returns
    -------
    pandas.DataFrame of float, one row a group of either chart, or the one row ``all``
        ``before`` and ``after``, the measure of the two; ``leavers``, ``behaviour``,
        ``relabelling`` and ``joiners``; ``interaction``, what the new chart changes about
        behaviour. The five add up to after - before. NaN where the measure is undefined for one of
        its terms, as for groups that only one chart has. ``attrs["stayers"]`` is how many people
        were seen in both.

    References
    ----------
    The steps are those of a shift-share analysis: Dunn, E. S. (1960). A statistical and analytical
    technique for regional analysis. *Papers in Regional Science* 6(1), 97-112.

    Examples
    --------
    Nobody does anything else; c moves to the other department.

    >>> import networkx as nx
    >>> from orgnet.measures.silos import ei_index
    >>> graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    >>> nx.set_node_attributes(graph, dict(a="X", b="X", c="X", d="Y"), "department")
    >>> later = graph.copy()
    >>> later.nodes["c"]["department"] = "Y"
    >>> parts = turnover_decomposition(graph, later, ei_index, by="department")
    >>> parts[["before", "after", "behaviour", "relabelling"]].loc["all"].to_dict()
    {'before': 0.0, 'after': 0.0, 'behaviour': 0.0, 'relabelling': 0.0}
    """
    first, second = as_network(before, by=by), as_network(after, by=by)
    for network in (first, second):
        network.groups(by)  # refuses a column that there is not
    old = first.subset(_seen_in(first, second))
    new = second.subset(_seen_in(second, first))
    charts = [network.people[by].astype("object") for network in (old, new)]

    def value(network: Network, chart: pd.Series | None = None) -> pd.Series:
        if chart is not None:
            people = network.people.assign(**{by: chart.reindex(network.index)})
            network = replace(network, people=people)
        found = measure(network, by=by)
        return found if isinstance(found, pd.Series) else pd.Series({"all": float(found)})

    start, end = value(first), value(second)
    stayed, behaved = value(old, charts[0]), value(new, charts[0])
    relabelled, arrived = value(old, charts[1]), value(new, charts[1])
    rows = start.index.union(end.index, sort=True)
    table = pd.DataFrame(
        {
            "before": start,
            "after": end,
            "leavers": stayed.sub(start),
            "behaviour": behaved.sub(stayed),
            "relabelling": relabelled.sub(stayed),
            "joiners": end.sub(arrived),
            "interaction": arrived.sub(relabelled).sub(behaved.sub(stayed)),
        },
        index=rows,
        columns=_COLUMNS,
        dtype=float,
    )
    table.index.name = start.index.name
    table.attrs["stayers"] = old.n
    return table


def _seen_in(network: Network, other: Network) -> BoolArray:
    """Say of each person whether they were observed in both networks."""
    seen = other.index[other.observed]
    return np.asarray(network.observed & network.index.isin(seen), dtype=bool)
