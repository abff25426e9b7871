"""What reporting lines say: spans, layers, and whether people are in contact with their manager."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.reporting_lines import depths, managers
from orgnet.network import Graph, as_network


def span_of_control(network: Graph, *, manager: str = "manager") -> pd.Series[int]:
    """How many people report to each manager.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph; only the people are used, observed or not.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    pandas.Series of int, one value a manager, ordered as the people
        Direct reports, from 1. Managers who are not among the people, and people who are their own
        manager, are left out.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.

    Examples
    --------
    >>> import orgnet
    >>> people = pd.DataFrame({"person": ["ann", "ben", "cem"], "manager": [None, "ann", "ann"]})
    >>> network = orgnet.Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)
    >>> span_of_control(network).to_dict()
    {'ann': 2}
    """
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    reports = np.bincount(boss[boss >= 0], minlength=len(boss))
    with_reports = np.flatnonzero(reports)
    return pd.Series(
        reports[with_reports],
        index=network.index[with_reports],
        name="span_of_control",
        dtype=np.int64,
    )


def layers(network: Graph, *, manager: str = "manager") -> pd.Series[float]:
    """How many steps below the top of the reporting lines each person is.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph; only the people are used, observed or not.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        Whole numbers: 0 for people without a manager among the people, 1 for their reports, and so
        on. NaN for people whose reporting line runs in a circle.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.

    Examples
    --------
    >>> import orgnet
    >>> people = pd.DataFrame({"person": ["ann", "ben", "cem"], "manager": [None, "ann", "ben"]})
    >>> network = orgnet.Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)
    >>> layers(network).to_dict()
    {'ann': 0.0, 'ben': 1.0, 'cem': 2.0}
    """
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    return pd.Series(depths(boss), index=network.index, name="layers")


def reporting_line_contact(network: Graph, *, manager: str = "manager") -> float:
    """Share of people who are in regular contact with their manager.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    manager
        The column of people, or the vertex attribute, that holds the id of each person's manager.

    Returns
    -------
    float
        From 0 to 1, over pairs of manager and report who were both observed. NaN if there are
        none, or if the network has no tie.

    Raises
    ------
    UnknownColumnError
        If the people have no such column; the message lists those there are.

    Examples
    --------
    >>> import orgnet
    >>> people = pd.DataFrame({"person": ["ann", "ben", "cem"], "manager": [None, "ann", "ann"]})
    >>> ties = pd.DataFrame({"sender": ["ben", "cem"], "recipient": ["ann", "ben"]})
    >>> reporting_line_contact(orgnet.Network.from_ties(ties, people))
    0.5
    """
    network = as_network(network, by=manager)
    boss = managers(network, manager)
    reports = np.flatnonzero((boss >= 0) & network.observed & network.observed[boss])
    if not len(reports) or not len(network.pairs):
        return float("nan")
    pairs, n = network.pairs, len(boss)
    low, high = np.minimum(reports, boss[reports]), np.maximum(reports, boss[reports])
    regular = (pairs.first * n + pairs.second)[pairs.regular]
    return float(np.isin(low * n + high, regular).mean())
