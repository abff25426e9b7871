"""Bottlenecks: contact between groups that hangs on one or two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from orgnet.errors import UsageError
from orgnet.measures.matching import bus_factors
from orgnet.network import Graph, Groups, Network, as_network
from orgnet.pairs import FloatArray, IntArray
from orgnet.statistics.multiple_testing import benjamini_hochberg

#: Pairs of groups × numbers of ties whose chances are worked out at a time.
_CHANCES_AT_ONCE = 4_000_000


#: How alike the people of a group are taken to be in how many ties they hold with another.
Activity = Literal["mean", "moments"]


def pair_dependency(network: Graph, *, by: str, activity: Activity = "mean") -> pd.DataFrame:
    r"""How much of the contact between two groups is held by one person.

    The larger the dependency, the more is lost if that person leaves. With few ties it is large by
    chance: `p` says how likely somebody in the group would hold as many ties.

    .. math:: D_{v,gh} = \frac{\sum_{j \in h} S_{vj}}{M_{gh}}, \quad v \in g

    where *S* is the strength, both directions added, and :math:`M_{gh}` that between the groups;

    .. math:: p = \min\Bigl(1, \sum_{v \in g} P\bigl(\mathrm{Bin}(T_{gh}, \pi_v) \ge x\bigr)\Bigr),
        \quad \pi_v \propto b_v + \alpha

    where :math:`T_{gh}` counts the ties between the groups, *x* is the largest number of them that
    one person of *g* holds, and :math:`b_v` are *v*'s ties with groups other than *g* and *h*.
    :math:`\alpha = \bar b + \tfrac{1}{2}` with their mean :math:`\bar b` over *g* (`activity`
    ``mean``). The less equal they are, the more they say about who would hold ties with *h*; where
    people differ much the p is then too small. With ``moments``, which `orgnet.diagnose` uses,
    :math:`\alpha = \bar b^2 / (s^2 - \bar b)` with their variance :math:`s^2`, at least ½ and at
    most as much as with ``mean``: the shape of the gamma distribution from which Poisson counts so
    unequal would come.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    activity
        How :math:`\alpha` is found.

    Returns
    -------
    pandas.DataFrame, one row an ordered pair of groups with a tie, sorted
        ``group_a``, ``group_b``; ``person``, of group_a, who holds most of the contact with
        group_b, of equal ones the first by id; ``dependency``, their share of it, from above 0 to
        1; ``ties``, pairs of people in contact; ``p``; ``q``, p adjusted for the number of rows
        (Benjamini and Hochberg). A group of one person has dependency and p 1 by construction. No
        rows, with ``attrs["reason"]``, with fewer than two groups (``single_group``) or without any
        tie between groups (``no_ties``).

    Raises
    ------
    UsageError
        If there is no such `activity`.

    References
    ----------
    Of this project; a person's share is the "dominance" of statistical disclosure control. How
    often the test errs: ``docs/validity.md``.

    Examples
    --------
    Sales and Legal are in contact through s1 alone.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> table = pair_dependency(graph, by="department")
    >>> print(table[["group_a", "group_b", "person", "dependency", "ties"]].to_string(index=False))
    group_a group_b person  dependency  ties
          L       S     l1         0.5     2
          S       L     s1         1.0     2
    """
    if activity not in get_args(Activity):
        raise UsageError(f"activity is {activity!r}, expected one of {list(get_args(Activity))}")
    network = as_network(network, by=by)
    contact = _cross_contact(network, by)
    top = _largest_shares(network, contact)
    cells = contact.cell[top]
    k = len(contact.groups.names)
    group_a, group_b = cells // k, cells % k
    ties = np.bincount(contact.cell, contact.ties, k * k)[cells].astype(np.int64)
    most = np.zeros(k * k)
    np.maximum.at(most, contact.cell, contact.ties)
    p = chance_of_holding(contact, group_a, group_b, ties, most[cells], activity)
    names = np.array(contact.groups.names, dtype=object)
    table = pd.DataFrame(
        {
            "group_a": pd.Series(names[group_a], dtype="str"),
            "group_b": pd.Series(names[group_b], dtype="str"),
            "person": pd.Series(network.index[contact.person[top]].to_numpy(), dtype="str"),
            "dependency": contact.shares[top],
            "ties": ties,
            "p": p,
            "q": benjamini_hochberg(p),
        }
    )
    if contact.reason:
        table.attrs["reason"] = contact.reason
    return table


def bridging_hhi(network: Graph, *, by: str) -> pd.Series[float]:
    r"""How concentrated the contact between two groups is on the people of one of them.

    1: one person holds all of it. Its inverse is the effective number of connectors.

    .. math:: \sum_{v \in g} D_{v,gh}^2

    with the dependency *D* of `pair_dependency`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, indexed by ``group_a`` and ``group_b``
        One value an ordered pair of groups with a tie, sorted; it is about the people of group_a.
        From 1/n, n people, to 1. Empty, with ``attrs["reason"]``, as `pair_dependency`.

    References
    ----------
    The Herfindahl-Hirschman index: Hirschman, A. O. (1964). The paternity of an index. *American
    Economic Review* 54(5), 761-762.

    Examples
    --------
    Sales and Legal are in contact through s1 alone, who speaks with two people.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> bridging_hhi(graph, by="department").to_dict()
    {('L', 'S'): 0.5, ('S', 'L'): 1.0}
    """
    network = as_network(network, by=by)
    contact = _cross_contact(network, by)
    k = len(contact.groups.names)
    cells = np.unique(contact.cell)
    sums = np.bincount(contact.cell, contact.shares**2, k * k)[cells]
    index = _pair_index(contact.groups, cells // k, cells % k)
    result = pd.Series(sums, index=index, name="bridging_hhi")
    if contact.reason:
        result.attrs["reason"] = contact.reason
    return result


def bus_factor(network: Graph, *, by: str) -> pd.Series[int]:
    r"""How many people would have to leave before two groups have no regular contact.

    1: all of it hangs on one person (`sole_connectors` names them). It is the size of a maximum
    matching of the regular ties between the groups, by König's theorem.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of int, indexed by ``group_a`` < ``group_b``
        One value a pair of groups, sorted; in people; 0 where there is no regular tie. Empty, with
        ``attrs["reason"]`` ``single_group``, with fewer than two groups.

    References
    ----------
    König, D. (1931). Graphok és matrixok. *Matematikai és Fizikai Lapok* 38, 116-119.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> bus_factor(graph, by="department").to_dict()
    {('L', 'S'): 1}
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    a, b, known = network.between(groups)
    regular = known & network.pairs.regular
    k = len(groups.names)
    factors = bus_factors(
        network.pairs.first[regular], network.pairs.second[regular], a[regular], b[regular], k
    )
    rows, columns = np.triu_indices(k, 1)
    result = pd.Series(
        factors[rows, columns],
        index=_pair_index(groups, rows, columns),
        name="bus_factor",
        dtype=np.int64,
    )
    if k < 2:
        result.attrs["reason"] = "single_group"
    return result


def sole_connectors(network: Graph, *, by: str) -> pd.DataFrame:
    """Who holds all regular contact between two groups.

    The people without whom two groups have no regular tie: of a single tie both ends, else the one
    person whom all ties share. Pairs with a bus factor other than 1 have none.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame, one row a pair of groups and person, sorted by pair, then as the people
        ``group_a`` < ``group_b``, ``person``. Without rows if there are none; with fewer than two
        groups ``attrs["reason"]`` is ``single_group``.

    References
    ----------
    As `bus_factor`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> sole_connectors(graph, by="department").to_numpy().tolist()
    [['L', 'S', 's1']]
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    k, people = len(groups.names), len(network.index)
    a, b, known = network.between(groups)
    cross = network.pairs.regular & known & (a != b)
    cell = (np.minimum(a, b) * k + np.maximum(a, b))[cross]
    ends = np.concatenate([network.pairs.first[cross], network.pairs.second[cross]])
    held, times = np.unique(np.concatenate([cell, cell]) * people + ends, return_counts=True)
    all_of_it = times == np.bincount(cell, minlength=k * k)[held // people]
    cells, persons = held[all_of_it] // people, held[all_of_it] % people
    names = np.array(groups.names, dtype=object)
    table = pd.DataFrame(
        {
            "group_a": pd.Series(names[cells // k], dtype="str"),
            "group_b": pd.Series(names[cells % k], dtype="str"),
            "person": pd.Series(network.index[persons].to_numpy(), dtype="str"),
        }
    )
    if k < 2:
        table.attrs["reason"] = "single_group"
    return table


def cross_load_share(network: Graph, *, by: str) -> pd.Series[float]:
    r"""Part of all contact between groups that each person carries.

    .. math:: \frac{\sum_{j: g(j) \ne g(v)} S_{vj}}{\sum_{i} \sum_{j: g(j) \ne g(i)} S_{ij}}

    where *S* is the strength, both directions added; each tie is carried by both of its ends.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.Series of float, one value a person, ordered as the people
        From 0 to 0.5; all add up to 1. NaN for people who were not observed or whose group is not
        known. All NaN, with ``attrs["reason"]``, with fewer than two groups (``single_group``) or
        without any tie between groups (``no_ties``).

    References
    ----------
    Cross, R., Rebele, R. and Grant, A. (2016). Collaborative overload. *Harvard Business Review*
    94(1), 74-79, on how few people carry most of the load.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> cross_load_share(graph, by="department").to_dict()
    {'s1': 0.5, 's2': 0.0, 'l1': 0.25, 'l2': 0.25}
    """
    network = as_network(network, by=by)
    contact = _cross_contact(network, by)
    load = np.bincount(contact.person, contact.strength, len(network.index))
    result = pd.Series(np.nan, index=network.index, name="cross_load_share", dtype=float)
    if contact.reason:
        result.attrs["reason"] = contact.reason
        return result
    known = contact.groups.codes >= 0
    result[known] = load[known] / load.sum()
    return result


def cross_load_concentration(network: Graph, *, by: str, top: float = 0.05) -> pd.Series[float]:
    """How few people carry the contact between groups.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    top
        The share of people to look at, above 0 up to 1; rounded up to a whole person.

    Returns
    -------
    pandas.Series of float
        ``top_share``, what the `top` people with the largest `cross_load_share` carry together,
        from 0 to 1; ``gini``, 0 where all carry alike, towards 1 where one carries all. NaN with
        ``attrs["reason"]`` as `cross_load_share`.

    Raises
    ------
    UsageError
        If `top` is not above 0 and up to 1.

    References
    ----------
    As `cross_load_share`.

    Examples
    --------
    One of four people carries half.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s1", "l2"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> cross_load_concentration(graph, by="department").to_dict()
    {'top_share': 0.5, 'gini': 0.375}
    """
    if not 0 < top <= 1:
        raise UsageError(f"top is {top}, expected a share of people above 0 and up to 1")
    shares = cross_load_share(network, by=by)
    result = pd.Series({"top_share": np.nan, "gini": np.nan}, name="cross_load_concentration")
    result.attrs = dict(shares.attrs)
    if "reason" not in shares.attrs:
        rising = np.sort(shares.dropna().to_numpy())
        n = len(rising)
        result["top_share"] = rising[n - int(np.ceil(top * n)) :].sum()
        result["gini"] = (2 * np.arange(1, n + 1) - n - 1) @ rising / n
    return result


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class CrossContact:
    """What people have with other groups: one entry a person and group they are in touch with.

    `cell` is the ordered pair of groups as one number, own group × k + other group.
    """

    groups: Groups
    person: IntArray
    cell: IntArray
    strength: FloatArray
    ties: FloatArray
    reason: str | None

    @property
    def shares(self) -> FloatArray:
        """The dependency D of each entry."""
        k = len(self.groups.names)
        return np.asarray(self.strength / np.bincount(self.cell, self.strength, k * k)[self.cell])


def _cross_contact(network: Network, by: str) -> CrossContact:
    groups = network.groups(by)
    k = len(groups.names)
    a, b, known = network.between(groups)
    cross = known & (a != b)
    person = np.concatenate([network.pairs.first[cross], network.pairs.second[cross]])
    other = np.concatenate([b[cross], a[cross]])
    strength = np.tile(network.pairs.strength[cross], 2)
    keys, entry = np.unique(person * k + other, return_inverse=True)
    person = keys // k
    return CrossContact(
        groups=groups,
        person=person,
        cell=groups.codes[person] * k + keys % k,
        strength=np.asarray(np.bincount(entry, strength, len(keys)), dtype=float),
        ties=np.bincount(entry, minlength=len(keys)).astype(float),
        reason="single_group" if k < 2 else None if cross.any() else "no_ties",
    )


def _largest_shares(network: Network, contact: CrossContact) -> IntArray:
    """Find the entry with the largest share of each cell; of equal ones the first by id."""
    by_id = np.empty(len(network.index), dtype=np.int64)
    by_id[np.argsort(network.index.to_numpy(dtype=object))] = np.arange(len(network.index))
    # Sums of the same strengths in another order can differ in the last digits.
    shares, k = contact.shares.round(12), len(contact.groups.names)
    largest = np.zeros(k * k)
    np.maximum.at(largest, contact.cell, shares)
    top = np.flatnonzero(shares == largest[contact.cell])
    order = top[np.lexsort((by_id[contact.person[top]], contact.cell[top]))]
    _, start = np.unique(contact.cell[order], return_index=True)
    return np.asarray(order[start], dtype=np.int64)


def chance_of_holding(
    contact: CrossContact,
    group_a: IntArray,
    group_b: IntArray,
    ties: IntArray,
    most: FloatArray,
    activity: Activity,
    *,
    up_to: float = 1.0,
) -> FloatArray:
    """Return the chance that somebody in group_a holds `most` or more of the ties with group_b.

    Chances that are certain to be above `up_to` are given as 1.
    """
    codes, sizes = contact.groups.codes, contact.groups.sizes
    k = len(sizes)
    p = np.ones(len(group_a))
    asked = np.flatnonzero(_least_chance(ties, most, sizes[group_a]) <= up_to)
    if not len(asked):
        return p
    # Colleagues with as many ties elsewhere have the same chance: they are counted, not listed.
    # Most have no tie with group_b, so that all their ties are elsewhere; the others are moved.
    all_ties = np.bincount(contact.person, contact.ties, len(codes)).astype(np.int64)
    all_of_entry = all_ties[contact.person]
    left_of_entry = all_of_entry - contact.ties.astype(np.int64)
    occurs = np.zeros(all_ties.max(initial=0) + 1, dtype=bool)
    occurs[all_ties] = occurs[left_of_entry] = True
    values, place = np.flatnonzero(occurs), np.cumsum(occurs) - 1
    width = len(values)
    member = codes >= 0
    kinds, people = np.unique(codes[member] * width + place[all_ties[member]], return_counts=True)
    starts = np.searchsorted(kinds, np.arange(k + 1) * width)
    row_of_cell = np.full(k * k, -1)
    row_of_cell[group_a[asked] * k + group_b[asked]] = np.arange(len(asked))
    row_of_entry = row_of_cell[contact.cell]
    at_once = max(1, _CHANCES_AT_ONCE // width)
    for begin in range(0, len(asked), at_once):
        rows = asked[begin : begin + at_once]
        own, count = group_a[rows], len(rows)
        row, kind = _ranges(starts[own], starts[own + 1])
        entry = np.flatnonzero((row_of_entry >= begin) & (row_of_entry < begin + count))
        entry_row = row_of_entry[entry] - begin
        size = count * width
        numbers = np.bincount(row * width + kinds[kind] % width, people[kind], size)
        moved = entry_row * width
        numbers -= np.bincount(moved + place[all_of_entry[entry]], minlength=size)
        numbers += np.bincount(moved + place[left_of_entry[entry]], minlength=size)
        cell = np.flatnonzero(numbers)
        row, times = cell // width, numbers[cell]
        elsewhere = values[cell % width].astype(float)
        mean = np.bincount(row, times * elsewhere, count) / sizes[own]
        alike = mean + 0.5
        if activity == "moments":
            square = np.bincount(row, times * elsewhere**2, count) / sizes[own]
            alike = _evenness(mean, square - mean**2)
        weight = elsewhere + alike[row]
        chance = weight / np.bincount(row, times * weight, count)[row]
        least = most[rows][row]
        # The upper tail of the binomial distribution is an incomplete beta function.
        tail = special.betainc(least, ties[rows][row] - least + 1, chance)
        p[rows] = np.minimum(1.0, np.bincount(row, times * tail, count))
    return p


def _least_chance(ties: IntArray, most: FloatArray, people: IntArray) -> FloatArray:
    """Return what the chance is at least, whoever is how active.

    The tail of the binomial distribution is convex in a person's share up to some point. Where its
    tangent at equal shares stays below it everywhere, unequal shares only make the sum larger.
    Elsewhere 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share, rest = 1 / people, ties - most + 1
        tail = special.betainc(most, rest, share)
        slope = np.exp(
            special.xlogy(most - 1, share)
            + special.xlog1py(rest - 1, -share)
            - special.betaln(most, rest)
        )
        convex = share * (ties - 1) <= most - 1
        below = convex & (ties > 1) & (people > 1) & (tail + slope * (1 - share) <= 1)
    return np.where(below, people * tail, 0.0)


def _ranges(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return all positions of many ranges, and the range that each belongs to."""
    lengths = ends - starts
    row = np.repeat(np.arange(len(starts)), lengths)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths)


def _evenness(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Shape of the gamma distribution of people's rates, by moments: large where all are alike."""
    shape = mean**2 / np.maximum(variance - mean, 1e-9)
    return np.clip(shape, 0.5, mean + 0.5)


def _pair_index(groups: Groups, first: IntArray, second: IntArray) -> pd.MultiIndex:
    names = pd.Index(list(groups.names), dtype="str")
    return pd.MultiIndex.from_arrays([names[first], names[second]], names=["group_a", "group_b"])
