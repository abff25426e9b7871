"""Brokerage: between whom each person stands (Gould and Fernandez)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.measures.brokerage_variance import role_variances
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: The five roles, in the order of the columns.
ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")

#: The roles that stay what they are when a path is walked the other way.
_SYMMETRIC = [ROLES.index(role) for role in ("coordinator", "itinerant", "liaison")]

#: Two-step paths held in memory at a time.
_PATHS_AT_ONCE = 4_000_000


def brokerage_roles(network: Graph, *, by: str) -> pd.DataFrame:
    r"""Between how many others each person stands, by the groups of the three.

    A person *v* stands between *i* and *j* if there are ties :math:`i \to v \to j` and none
    :math:`i \to j`. The groups A, B, C of *i*, *v* and *j* make the role:

    ================== ============= =======================================
    role               i → v → j     meaning
    ================== ============= =======================================
    ``coordinator``    A → A → A     within the own group
    ``itinerant``      A → B → A     between people of one other group
    ``representative`` A → A → B     from the own group to another
    ``gatekeeper``     A → B → B     from another group into the own
    ``liaison``        A → B → C     between two other groups
    ================== ============= =======================================

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Any tie counts, whatever its strength.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, one row a person, ordered as the people
        One column a role, in pairs of others: ordered pairs, or in undirected networks pairs of
        people, where representative and gatekeeper are the same number. 0 for somebody without
        ties. NaN for people who were not observed or whose group is not known; they and their ties
        are not in the counts of the others. All NaN, with ``attrs["reason"]``, with fewer than two
        groups (``single_group``) or without any tie (``no_ties``).

    References
    ----------
    Gould, R. V. and Fernandez, R. M. (1989). Structures of mediation: a formal approach to
    brokerage in transaction networks. *Sociological Methodology* 19, 89-126.

    Examples
    --------
    s1 hands on to l1 what s2 says, and l1 hands it on to l2.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("s2", "s1"), ("s1", "l1"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> roles = brokerage_roles(graph, by="department")
    >>> print(roles.loc[["s1", "l1"], ["representative", "gatekeeper"]].astype(int))
            representative  gatekeeper
    person
    s1                   1           0
    l1                   0           1
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    known = groups.codes >= 0
    table = pd.DataFrame(np.nan, index=network.index, columns=list(ROLES), dtype=float)
    reason = _reason(network, known, len(groups.names))
    if reason:
        table.attrs["reason"] = reason
        return table
    ties = _ties_among(network, known)
    table[known] = _count_roles(ties, groups.codes[known], directed=network.directed)
    return table


def brokerage_roles_expected(network: Graph, *, by: str) -> pd.DataFrame:
    r"""How often each person would have each role if groups were handed out at random.

    The ties stay as they are, so that the number :math:`O_v` of pairs between whom a person stands
    does too; only who belongs to which group is drawn anew. Compare with `brokerage_roles`: who is
    above stands between these groups by more than being busy.

    .. math:: O_v \frac{\sum_g n_g (n_g - 1)(n_g - 2)}{n (n-1)(n-2)} \text{ as coordinator,} \quad
        O_v \frac{\sum_g n_g (n_g - 1)(n - n_g)}{n (n-1)(n-2)} \text{ in each role of two groups,}

    and the rest as liaison.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Any tie counts, whatever its strength.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, one row a person, ordered as the people
        As `brokerage_roles`; in undirected networks representative and gatekeeper are again the
        same number, that of the pairs with one person of the own group. All NaN, with
        ``attrs["reason"]``, also with fewer than three people of known group
        (``too_few_people``).

    References
    ----------
    As `brokerage_roles`, who draw the ties at random instead; there everybody with many ties
    stands out in every role.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("s2", "s1"), ("s1", "l1"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> expected = brokerage_roles_expected(graph, by="department")
    >>> expected.loc["s1", ["coordinator", "representative", "liaison"]].round(3).to_dict()
    {'coordinator': 0.0, 'representative': 0.333, 'liaison': 0.0}
    """
    network = as_network(network, by=by)
    counts = brokerage_roles(network, by=by)
    sizes = network.groups(by).sizes.astype(float)
    n = sizes.sum()
    if "reason" not in counts.attrs and n < 3:
        counts[:] = np.nan
        counts.attrs["reason"] = "too_few_people"
    if "reason" in counts.attrs:
        return counts
    triples = n * (n - 1) * (n - 2)
    one_group = (sizes * (sizes - 1) * (sizes - 2)).sum() / triples
    two_groups = (sizes * (sizes - 1) * (n - sizes)).sum() / triples
    chances = np.array([one_group, *[two_groups] * 3, 1 - one_group - 3 * two_groups])
    if network.directed:
        between = counts.sum(axis=1, skipna=False)
    else:
        # A pair with one person of the own group stands in two columns, and can fall either way.
        between = counts.drop(columns="gatekeeper").sum(axis=1, skipna=False)
        chances[2:4] *= 2
    return pd.DataFrame(np.outer(between, chances), index=counts.index, columns=counts.columns)


def brokerage_roles_z(network: Graph, *, by: str) -> pd.DataFrame:
    """How far each person's roles are from chance, in standard deviations.

    Against the same null model as `brokerage_roles_expected`. Mean and standard deviation are
    those over all ways to hand out the groups, without drawing any.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Any tie counts, whatever its strength.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, one row a person, ordered as the people
        As `brokerage_roles`; NaN also where every way to hand out the groups gives the same
        number, as for somebody who stands between nobody.

    References
    ----------
    As `brokerage_roles`; moments over all permutations as in Mantel, N. (1967). The detection of
    disease clustering and a generalized regression approach. *Cancer Research* 27(2), 209-220.

    Examples
    --------
    Of the four people, two are of each group: a third of the ways makes s1 a representative.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("s2", "s1"), ("s1", "l1"), ("l1", "l2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> z = brokerage_roles_z(graph, by="department")
    >>> z.loc["s1", ["representative", "gatekeeper"]].round(3).to_dict()
    {'representative': 1.414, 'gatekeeper': -0.707}
    """
    network = as_network(network, by=by)
    expected = brokerage_roles_expected(network, by=by)
    if "reason" in expected.attrs:
        return expected
    groups = network.groups(by)
    known = groups.codes >= 0
    deviation = np.sqrt(role_variances(_ties_among(network, known), groups.sizes))
    if not network.directed:
        # Counted both ways, each pair of others is there twice.
        deviation[:, _SYMMETRIC] /= 2
    difference = (brokerage_roles(network, by=by) - expected)[known].to_numpy()
    z = np.full(difference.shape, np.nan)
    np.divide(difference, deviation, out=z, where=deviation > 0)
    table = pd.DataFrame(np.nan, index=network.index, columns=list(ROLES), dtype=float)
    table[known] = z
    return table


def _reason(network: Network, known: BoolArray, groups: int) -> str | None:
    if groups < 2:
        return "single_group"
    tied = known[network.pairs.first] & known[network.pairs.second]
    return None if tied.any() else "no_ties"


def _ties_among(network: Network, known: BoolArray) -> sparse.csr_array:
    """Return a 1 for each tie, in its direction, between people of known group."""
    return sparse.csr_array(network.directed_strength[known][:, known] > 0, dtype=np.float64)


def _count_roles(ties: sparse.csr_array, codes: IntArray, *, directed: bool) -> FloatArray:
    """Count people's roles: paths i → v → j of each kind less those with i = j or a tie i → j.

    What the groups of *i*, *v* and *j* have in common is known from which of the three ties of
    the closed triple lie within a group, so that one product of matrices of such ties is enough
    for each role.
    """
    n = len(codes)
    coo = ties.tocoo()
    same = codes[coo.row] == codes[coo.col]
    within = sparse.csr_array((coo.data[same], (coo.row[same], coo.col[same])), shape=(n, n))
    across = sparse.csr_array((coo.data[~same], (coo.row[~same], coo.col[~same])), shape=(n, n))
    member = sparse.csr_array((np.ones(n), (np.arange(n), codes)), shape=(n, int(codes.max()) + 1))
    from_own, to_own = _sums(within.T), _sums(within)
    from_others, to_others = _sums(across.T), _sums(across)
    there_and_back = _sums((across.T @ member).multiply(across @ member))
    paths = {
        "coordinator": from_own * to_own - _sums(within.multiply(within.T)),
        "itinerant": there_and_back - _sums(across.multiply(across.T)),
        "representative": from_own * to_others,
        "gatekeeper": from_others * to_own,
        "liaison": from_others * to_others - there_and_back,
    }
    closed = {
        "coordinator": _closed(within, within, within),
        "itinerant": _closed(across, across, within),
        "representative": _closed(within, across, across),
        "gatekeeper": _closed(across, within, across),
        "liaison": _closed(across, across, across),
    }
    counts = np.column_stack([paths[role] - closed[role] for role in ROLES])
    if not directed:
        # Both directions of a pair were counted, each under its own of the two mirrored roles.
        counts[:, _SYMMETRIC] /= 2
    return counts


def _closed(
    first: sparse.csr_array, second: sparse.csr_array, direct: sparse.csr_array
) -> FloatArray:
    """Count for each v the triples i → v in `first`, v → j in `second`, i → j in `direct`."""
    arriving = first.T.tocsr()
    leading = direct.T.tocsr()
    paths = np.cumsum(second.astype(np.int64) @ np.diff(leading.indptr).astype(np.int64))
    counts = np.zeros(len(paths))
    block = paths // _PATHS_AT_ONCE
    for rows in np.split(np.arange(len(paths)), np.flatnonzero(np.diff(block)) + 1):
        counts[rows] = _sums((second[rows] @ leading).multiply(arriving[rows]))
    return counts


def _sums(matrix: sparse.csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=float).ravel()
