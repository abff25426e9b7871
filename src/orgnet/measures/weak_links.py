"""Which groups are in contact less than their outwardness predicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from orgnet.measures.mixing import Mixing, mixing
from orgnet.network import Graph, as_network
from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.quasi_independence import (
    MINIMUM_GROUPS,
    overdispersion,
    quasi_independence,
    ratio_interval,
)

#: A pair of groups is tested only if so many ties are expected.
MINIMUM_EXPECTED = 5.0


def group_matrix(network: Graph, *, by: str) -> pd.DataFrame:
    r"""Contact between every two groups: what was found, and what is expected of the two.

    `ratio` below 1: the two are in contact less than the outwardness of both predicts.

    .. math:: E_{gh} = a_g a_h, \qquad \sum_{h \ne g} E_{gh} = \sum_{h \ne g} T_{gh}

    where :math:`T_{gh}` counts the pairs of people in contact, one of *g* and one of *h*. The test
    uses :math:`z = d / \sqrt{\hat\varphi (1 - h)}`, with the signed deviance residual *d*, its
    leverage *h* and the overdispersion :math:`\hat\varphi` of all pairs of groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame, one row a pair of groups, ``group_a`` <= ``group_b``, sorted by both
        - ``ties`` (int): pairs of people in contact, each once.
        - ``expected``: ties by quasi-independence; with three groups what was found, as the model
          has no freedom left.
        - ``ratio``: ties over expected.
        - ``z``: standardised residual; NaN with fewer than four groups.
        - ``p``: one-sided, for fewer ties than expected. NaN with fewer than four groups and where
          fewer than 5 ties are expected.
        - ``q``: `p` adjusted for the false discovery rate over the tested pairs.
        - ``density``: ties over possible ties; NaN inside a group of one.
        - ``strength``: in directed active weeks for dated networks, else as given; each pair of
          people once.

        Rows of a group with itself have NaN from `expected` to `q`; so have those of groups that
        cannot be modelled, named in ``attrs``: ``isolated_groups`` (no tie to another group) and
        ``hubs`` (a group that has a part in every tie between groups, so that nothing can be
        expected of the others). ``attrs["overdispersion"]`` is the factor used. Where nothing can
        be tested ``attrs["reason"]`` is ``single_group``, ``no_ties`` or
        ``fewer_than_four_groups``.

    References
    ----------
    Goodman, L. A. (1968). The analysis of cross-classified data: independence, quasi-independence,
    and interactions in contingency tables with or without missing entries. *Journal of the American
    Statistical Association* 63, 1091-1131.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> matrix = group_matrix(graph, by="department")
    >>> matrix[["group_a", "group_b", "ties", "density"]].round(3).to_numpy().tolist()
    [['L', 'L', 3, 1.0], ['L', 'R', 1, 0.111], ['R', 'R', 3, 1.0]]
    """
    return contact_table(mixing(as_network(network, by=by), by))


def contact_table(mixed: Mixing) -> pd.DataFrame:
    """Return what `group_matrix` does, from the contact added up by groups."""
    groups, sizes = mixed.groups, mixed.groups.sizes
    k = len(groups.names)
    a, b = np.triu_indices(k)
    model = quasi_independence(mixed.ties)
    expected = model.expected[a, b]
    tested = (expected >= MINIMUM_EXPECTED) & ~np.isnan(model.residual[a, b])
    dispersion = overdispersion(model.residual[a, b])
    z = model.residual[a, b] / np.sqrt(dispersion)
    p = np.where(tested, special.ndtr(z), np.nan)
    inside = a == b
    possible = np.where(inside, sizes[a] * (sizes[a] - 1) / 2, sizes[a] * sizes[b])
    ties = mixed.ties[a, b]

    table = pd.DataFrame(
        {
            "group_a": groups.index.take(a).rename(None),
            "group_b": groups.index.take(b).rename(None),
            "ties": ties,
            "expected": expected,
            "ratio": ties / np.where(expected > 0, expected, np.nan),
            "z": z,
            "p": p,
            "q": benjamini_hochberg(p),
            "density": ties / np.where(possible > 0, possible, np.nan),
            "strength": mixed.strength[a, b] / np.where(inside, 2.0, 1.0),
        }
    )
    names = np.array(groups.names, dtype=object)
    table.attrs["isolated_groups"] = names[model.isolated].tolist() if k > 1 else []
    table.attrs["hubs"] = names[model.hubs].tolist()
    table.attrs["overdispersion"] = dispersion
    modelled = 0 if model.hubs.any() else k - int(model.isolated.sum())
    if mixed.reason or modelled < MINIMUM_GROUPS:
        table.attrs["reason"] = mixed.reason or "fewer_than_four_groups"
    return table


def weak_links(network: Graph, *, by: str, q: float = 0.10, ratio: float = 0.5) -> pd.DataFrame:
    """Pairs of groups that are clearly in less contact than their outwardness predicts.

    Whether the contact is too little is another question: two groups may have no need of each
    other. A threshold on the strength of ties would remove exactly these pairs.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    q
        False discovery rate over the tested pairs.
    ratio
        Of the expected ties at most this share is there.

    Returns
    -------
    pandas.DataFrame
        The rows of `group_matrix` that pass both limits, in its order and with its ``attrs``, and
        two columns more: ``low`` and ``high``, the 95 % interval of ``ratio``, which is the exact
        one of a Poisson count widened by the overdispersion. Empty where no pair passes or none
        can be tested: fewer than four groups, or fewer than 5 ties expected everywhere.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. *Biometrika* 28, 437-442.

    Examples
    --------
    Eight teams of six. Everybody works with everybody in the other teams, only 0 hardly with 1.

    >>> import networkx as nx
    >>> graph = nx.complete_multipartite_graph(*[6] * 8)
    >>> graph.remove_edges_from([(a, b) for a in range(6) for b in range(6, 12) if a + b > 7])
    >>> weak = weak_links(graph, by="subset")
    >>> weak[["group_a", "group_b", "ties", "ratio", "low", "high"]].round(2).to_numpy().tolist()
    [['0', '1', 3, 0.11, 0.02, 0.32]]
    """
    table = group_matrix(network, by=by)
    weak = table[(table["q"] <= q) & (table["ratio"] <= ratio)].reset_index(drop=True)
    weak["low"], weak["high"] = ratio_interval(
        weak["ties"].to_numpy(dtype=float),
        weak["expected"].to_numpy(),
        table.attrs["overdispersion"],
    )
    weak.attrs = {**table.attrs, "limits": {"q": q, "ratio": ratio}}
    return weak


def contacts_per_person(network: Graph, *, by: str) -> pd.DataFrame:
    r"""How many people of another group each person of a group is in contact with, on average.

    .. math:: T_{gh} / n_g \ (g \ne h), \qquad 2 T_{gg} / n_g

    where :math:`T_{gh}` counts the pairs of people in contact and :math:`n_g` the people.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, groups × groups
        Row g, column h: contacts in *h* of a person in *g*. Not symmetric, on purpose: a small
        group has more contacts a person in a large one than the other way round.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> contacts_per_person(graph, by="department").round(3).to_numpy().tolist()
    [[2.0, 0.333], [0.333, 2.0]]
    """
    mixed = mixing(as_network(network, by=by), by)
    ends = mixed.ties + np.diag(np.diagonal(mixed.ties))
    index = mixed.groups.index
    return pd.DataFrame(
        ends / mixed.groups.sizes[:, None].astype(float), index=index, columns=index.rename(None)
    )
