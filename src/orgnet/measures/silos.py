"""How much groups keep to themselves: external share, openness and their relatives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.expectations import (
    Null,
    expected_external_shares,
    expected_internal_share,
)
from orgnet.measures.mixing import mixing, ratio
from orgnet.network import Graph, as_network


def ei_index(network: Graph, *, by: str) -> float:
    r"""Contact between groups less contact within them, as a share of all contact.

    Minus 1: everybody keeps to the own group. Plus 1: all contact is with other groups. The value
    depends on how large the groups are; compare it with `ei_index_expected`, or use `openness`.

    .. math:: \frac{E - I}{E + I}, \quad E = \sum_{g \ne h} M_{gh}, \quad I = \sum_g M_{gg}

    where *M* is the `mixing_matrix`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        From -1 to 1. NaN with fewer than two groups or without any tie.

    References
    ----------
    Krackhardt, D. and Stern, R. N. (1988). Informal networks and organizational crises: an
    experimental simulation. *Social Psychology Quarterly* 51(2), 123-140.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams: 6 of 7 ties are inside.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(ei_index(graph, by="department"), 4)
    -0.7143
    """
    mixed = mixing(as_network(network, by=by), by)
    if mixed.reason:
        return float("nan")
    return float((mixed.external.sum() - mixed.internal.sum()) / mixed.total)


def ei_index_expected(network: Graph, *, by: str, null: Null = "headcount") -> float:
    r"""E-I index that chance would give, if groups did not matter.

    By headcount it is the mean of `ei_index` over all ways to hand the groups out anew to the same
    people, whatever the ties, their strengths and how many each person has. By activity everybody
    keeps their strength, and meets others in proportion to theirs.

    .. math::

        1 - \frac{2 \sum_g n_g (n_g - 1)}{n (n - 1)}, \qquad
        1 - 2\,\frac{\sum_g \bigl(K_g^2 - \sum_{i \in g} s_i^2\bigr)}{(2m)^2 - \sum_i s_i^2}

    where :math:`n_g` is the headcount of group *g* and *n* that of all groups; :math:`s_i` is a
    person's strength, :math:`K_g` that of a group's people and *2m* that of all.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    null
        ``headcount`` or ``activity``.

    Returns
    -------
    float
        From -1 to 1; by headcount whether there are ties or not. NaN with fewer than two groups,
        and by activity without any tie.

    References
    ----------
    Krackhardt, D. and Stern, R. N. (1988). Informal networks and organizational crises: an
    experimental simulation. *Social Psychology Quarterly* 51(2), 123-140.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> round(ei_index_expected(graph, by="department"), 4)
    0.2
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    if mixed.reason == "single_group" or (mixed.reason and null == "activity"):
        return float("nan")
    return 1 - 2 * expected_internal_share(network, mixed, null)


def external_share(network: Graph, *, by: str) -> pd.Series[float]:
    r"""Contact of a group with people outside it, as a share of all its contact.

    .. math:: e_g = \frac{K_g - M_{gg}}{K_g}, \quad K_g = \sum_h M_{gh}

    where *M* is the `mixing_matrix`. It is the view of a person: contact inside counts for both of
    the colleagues.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a group, sorted by group
        From 0 to 1. NaN for a group without a tie; 1 by construction for a group of one person.
        All NaN, with ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Krackhardt, D. and Stern, R. N. (1988). Informal networks and organizational crises: an
    experimental simulation. *Social Psychology Quarterly* 51(2), 123-140.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> external_share(graph, by="department").round(4).to_dict()
    {'L': 0.1429, 'R': 0.1429}
    """
    mixed = mixing(as_network(network, by=by), by)
    return mixed.series(ratio(mixed.external, mixed.volume), "external_share")


def openness(network: Graph, *, by: str, null: Null = "headcount") -> pd.Series[float]:
    r"""How much a group is in contact outside, against what its size alone would give.

    0: closed. 1: as if groups did not exist. Above 1: turned outwards. Unlike the external share it
    can be compared between a large and a small group.

    .. math:: X_g = e_g \, \frac{n - 1}{n - n_g}

    where :math:`e_g` is the `external_share`, :math:`n_g` the group's headcount and *n* that of all
    groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    null
        ``headcount``; or ``activity``, as a second look, to divide by the expectation of
        `external_share_expected` under it.

    Returns
    -------
    pandas.Series of float, one value a group, sorted by group
        0 or more. NaN for a group without a tie; 1 by construction for a group of one person.
        All NaN, with ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Krackhardt, D. and Stern, R. N. (1988). Informal networks and organizational crises: an
    experimental simulation. *Social Psychology Quarterly* 51(2), 123-140, for the share; the
    expectation is that of `ei_index_expected`.

    Examples
    --------
    One seventh of the contact is outside, where three fifths of the other people are.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> openness(graph, by="department").round(4).to_dict()
    {'L': 0.2381, 'R': 0.2381}
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    share = ratio(mixed.external, mixed.volume)
    return mixed.series(ratio(share, expected_external_shares(network, mixed, null)), "openness")


def conductance(network: Graph, *, by: str) -> pd.Series[float]:
    r"""How likely a contact, drawn from the smaller side, crosses the group's border.

    Low values mark groups that are nearly cut off. For groups with less than half of all contact it
    is the `external_share`.

    .. math:: \varphi_g = \frac{K_g - M_{gg}}{\min(K_g,\ 2m - K_g)}

    where *M* is the `mixing_matrix`, :math:`K_g` its row sums and *2m* their sum.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a group, sorted by group
        From 0 to 1. NaN for a group without a tie, and for one that has all of the contact.
        All NaN, with ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Kannan, R., Vempala, S. and Vetta, A. (2004). On clusterings: good, bad and spectral. *Journal
    of the ACM* 51(3), 497-515.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> conductance(graph, by="department").round(4).to_dict()
    {'L': 0.1429, 'R': 0.1429}
    """
    mixed = mixing(as_network(network, by=by), by)
    # Added up rather than subtracted, so that nothing left over is exactly 0.
    elsewhere = ~np.eye(len(mixed.volume), dtype=bool) @ mixed.volume
    smaller = np.minimum(mixed.volume, elsewhere)
    return mixed.series(ratio(mixed.external, smaller), "conductance")


def coleman_homophily(network: Graph, *, by: str) -> pd.Series[float]:
    r"""How far a group prefers itself, between chance and complete closure (Coleman's index).

    0: as much contact inside as headcount gives. 1: all contact inside. -1: none inside.

    .. math::

        H_g = \begin{cases}
            (M_{gg} - E_g) / (K_g - E_g) & M_{gg} \ge E_g \\
            (M_{gg} - E_g) / E_g & \text{otherwise}
        \end{cases}
        \qquad E_g = K_g \, \frac{n_g - 1}{n - 1}

    where *M* is the `mixing_matrix`, :math:`K_g` its row sums, :math:`n_g` the group's headcount
    and *n* that of all groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a group, sorted by group
        From -1 to 1. NaN for a group of one person or without a tie.
        All NaN, with ``attrs["reason"]``, with fewer than two groups or without any tie.

    References
    ----------
    Coleman, J. S. (1958). Relational analysis: the study of social organizations with survey
    methods. *Human Organization* 17(4), 28-36.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> coleman_homophily(graph, by="department").round(4).to_dict()
    {'L': 0.7619, 'R': 0.7619}
    """
    mixed = mixing(as_network(network, by=by), by)
    internal, volume, sizes = mixed.internal, mixed.volume, mixed.groups.sizes
    expected = volume * (sizes - 1) / max(mixed.people - 1, 1)
    room = np.where(internal >= expected, volume - expected, expected)
    values = ratio(internal - expected, room)
    values[sizes < 2] = np.nan
    return mixed.series(values, "coleman_homophily")
