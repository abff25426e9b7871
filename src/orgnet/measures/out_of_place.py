"""Who works with another group than the one that the roster names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.network import Graph, as_network
from orgnet.pairs import BoolArray, IntArray

#: Of the contacts that colleagues usually have inside, such people have at most this share.
INSIDE_SHARE = 1 / 3
#: With one other group they have at least so many times the contacts that they have inside, …
ELSEWHERE_TIMES = 2
#: … and at least this number.
ELSEWHERE_CONTACTS = 3


def out_of_place(network: Graph, *, by: str) -> pd.Series[bool]:
    r"""Who has next to no contact in the own group and plenty in one other.

    Most often the roster is out of date; sometimes a person sits with those whom they serve. Either
    way all their daily contact looks like contact between two groups that hangs on one person.

    .. math::

        t_{v,g} \le \tfrac13 \, \mathrm{median}_{u \in g}\, t_{u,g}, \qquad
        \max_{h \ne g} t_{v,h} \ge \max(3,\ 2\, t_{v,g})

    where :math:`t_{v,h}` counts the people of group *h* with whom *v*, of group *g*, is in contact.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of bool, one value a person, ordered as the people
        False for people who were not observed or whose group is not known, and in groups in which
        most have no contact inside.

    References
    ----------
    Of this project; what is gained by it is in ``docs/validity.md``.

    Examples
    --------
    Person 5 is said to be of team A and is in contact with all of team B.

    >>> import networkx as nx
    >>> graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    >>> nx.set_node_attributes(graph, {p: "A" if p < 6 else "B" for p in graph}, "department")
    >>> out_of_place(graph, by="department").pipe(lambda found: found.index[found].tolist())
    ['5']
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    k = len(groups.names)
    a, b, known = network.between(groups)
    person = np.concatenate([network.pairs.first[known], network.pairs.second[known]])
    other = np.concatenate([b[known], a[known]])
    keys, contacts = np.unique(person * k + other, return_counts=True)
    found = elsewhere(keys // max(k, 1), keys % max(k, 1), contacts, groups.codes)
    return pd.Series(found, index=network.index, name="out_of_place", dtype=bool)


def elsewhere(person: IntArray, other: IntArray, contacts: IntArray, codes: IntArray) -> BoolArray:
    """Return who is out of place, from the contacts of people with groups.

    Parameters
    ----------
    person, other, contacts
        With how many people of which group each person is in contact; may be 0.
    codes
        The group of each person, -1 where it is not known.

    Returns
    -------
    numpy.ndarray of bool, one value a person
    """
    own = codes[person] == other
    inside = np.zeros(len(codes))
    inside[person[own]] = contacts[own]
    outside = np.zeros(len(codes))
    np.maximum.at(outside, person[~own], contacts[~own].astype(float))
    member = codes >= 0
    usual = pd.Series(inside[member]).groupby(codes[member]).median()
    expected = np.zeros(len(codes))
    expected[member] = usual.reindex(codes[member]).to_numpy()
    return np.asarray(
        (expected > 0)
        & (inside <= INSIDE_SHARE * expected)
        & (outside >= np.maximum(ELSEWHERE_CONTACTS, ELSEWHERE_TIMES * inside))
    )
