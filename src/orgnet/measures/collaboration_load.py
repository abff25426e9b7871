"""Collaboration load: how many people ask for one's time, and how long meetings take."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import MissingColumnError, UsageError
from orgnet.network import Graph, as_ids, as_network

_DAYS_A_WEEK = 7.0


def collaboration_load(network: Graph, *, by: str) -> pd.DataFrame:
    r"""How many people a week turn to each person, and what part of their group's demand that is.

    For people themselves and for groups, never for a comparison of people: a load is high where
    the work is, and says nothing about how well anybody works.

    .. math:: \ell_i = \frac{1}{T} \sum_j W_{ji}, \qquad
        \frac{\ell_i}{\sum_{v:\,g(v) = g(i)} \ell_v}

    where :math:`W_{ji}` counts the weeks, of *T*, in which *j* contacted *i*.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, directed. Networks without dates are one week;
        their strength does not count, only who contacts whom.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, one row a person, ordered as the people
        ``incoming``, different people who turn to this one, mean of the weeks; ``share``, the part
        of the demand for the group's people, from 0 to 1. Undirected ties count for both ends. NaN
        for people who were not observed; ``share`` is NaN too for people of unknown group and
        where nobody turns to the group.

    Raises
    ------
    UsageError
        If a dated network's strength is not ``active_weeks``: weeks cannot be read from it.

    References
    ----------
    Cross, R., Rebele, R. and Grant, A. (2016). Collaborative overload. *Harvard Business Review*
    94(1), 74-79.

    Examples
    --------
    Three people turn to ann, one to ben.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("ben", "ann"), ("cem", "ann"), ("dan", "ann"), ("ann", "ben")])
    >>> nx.set_node_attributes(graph, "Sales", "department")
    >>> collaboration_load(graph, by="department").loc["ann"].to_dict()
    {'incoming': 3.0, 'share': 0.75}
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    pairs, n = network.pairs, len(network.index)
    forward, backward = pairs.forward, pairs.backward
    if network.weeks is None:
        forward, backward = (forward > 0).astype(float), (backward > 0).astype(float)
    elif network.strength != "active_weeks":
        raise UsageError(
            f"the strength is {network.strength!r}, expected 'active_weeks'; build the network "
            "with strength='active_weeks'"
        )
    elif not network.directed:
        forward = backward = pairs.strength
    weeks = max(1, len(network.weeks or (0,)))
    received = np.bincount(pairs.second, forward, n) + np.bincount(pairs.first, backward, n)
    incoming = np.where(network.observed, received / weeks, np.nan)
    codes = groups.codes
    known = codes >= 0
    demand = np.bincount(codes[known], incoming[known], len(groups.names))
    share = np.full(n, np.nan)
    wanted = known.copy()
    wanted[known] = demand[codes[known]] > 0
    share[wanted] = incoming[wanted] / demand[codes[wanted]]
    return pd.DataFrame({"incoming": incoming, "share": share}, index=network.index)


def meeting_hours(
    network: Graph, interactions: pd.DataFrame, *, window_days: float | None = None
) -> pd.Series[float]:
    """How many hours a week each person sits in meetings.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph; the people only.
    interactions
        One row a meeting and pair of people: ``sender``, ``recipient`` (ids of the people),
        ``message`` (the meeting), ``hours``; ``sent_at``, its start, where `window_days` is None.
        Rows without hours are no meetings.
    window_days
        How many days the interactions cover. None takes the whole weeks that the meetings span.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        Hours a week; a meeting counts once for everybody who stands in it, 0 for people in none.
        NaN for people who were not observed; all NaN, with ``attrs["reason"]`` ``no_meetings``,
        without any meeting.

    Raises
    ------
    MissingColumnError
        If a column is missing.
    UsageError
        If `window_days` is not above 0.

    References
    ----------
    Cross, Rebele and Grant (2016), as for `collaboration_load`.

    Examples
    --------
    >>> import networkx as nx
    >>> rows = [("ann", "ben", "m1", 2.0), ("ann", "cem", "m1", 2.0), ("ben", "cem", "m2", 1.0)]
    >>> meetings = pd.DataFrame(rows, columns=["sender", "recipient", "message", "hours"])
    >>> people = nx.empty_graph(["ann", "ben", "cem"])
    >>> meeting_hours(people, meetings, window_days=14).to_dict()
    {'ann': 1.0, 'ben': 1.5, 'cem': 1.5}
    """
    if window_days is not None and not window_days > 0:
        raise UsageError(f"window_days is {window_days}, expected a number above 0")
    needed = ["sender", "recipient", "message", "hours"]
    for column in [*needed, *(["sent_at"] if window_days is None else [])]:
        if column not in interactions.columns:
            raise MissingColumnError(
                f"no column {column!r}; the interactions have {list(interactions.columns)}",
                remedy="give the interactions as a connector reads them",
            )
    network = as_network(network)
    meetings = interactions[interactions["hours"].notna()]
    result = pd.Series(np.nan, index=network.index, name="meeting_hours", dtype=float)
    if not len(meetings):
        result.attrs["reason"] = "no_meetings"
        return result
    if window_days is None:
        starts = pd.to_datetime(meetings["sent_at"], utc=True).dropna()
        weeks = np.ceil(((starts.max() - starts.min()) / pd.Timedelta(days=1) + 1) / _DAYS_A_WEEK)
    else:
        weeks = window_days / _DAYS_A_WEEK
    meeting, _ = pd.factorize(np.tile(meetings["message"].to_numpy(dtype=object), 2))
    person = network.index.get_indexer(
        pd.Index(as_ids(pd.concat([meetings["sender"], meetings["recipient"]])))
    )
    hours = np.tile(meetings["hours"].to_numpy(dtype=float), 2)
    known = person >= 0
    seats, once = np.unique(person[known] + meeting[known] * len(network.index), return_index=True)
    total = np.bincount(seats % len(network.index), hours[known][once], len(network.index))
    result[network.observed] = (total / weeks)[network.observed]
    return result
