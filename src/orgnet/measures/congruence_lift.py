"""Whether contact follows the requirements, or falls on them because there is much of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.coordination import contact_targets, regular_ties_between
from orgnet.measures.requirements import requirement_matrix, unobserved_groups
from orgnet.network import Graph, as_network


def congruence_lift(
    network: Graph, requirements: pd.DataFrame, *, by: str, permutations: int = 999, seed: int = 0
) -> pd.Series[float]:
    r"""How much better contact meets the requirements than it would meet any others.

    Where everybody talks to everybody, congruence is high whatever is required. The lift takes
    that off: 0 if contact has nothing to do with the requirements, above 0 if it follows them,
    below 0 if it is elsewhere.

    .. math:: \sum_{g<h} R_{gh}\, c_{gh} - \frac{2}{k(k-1)} \sum_{g<h} c_{gh}, \qquad
        c_{gh} = \min\Bigl(1, \frac{C_{gh}}{\tau_{gh}}\Bigr)

    with the symbols of `congruence` and *k* groups: the second term is the exact mean of the first
    when the groups change their places in the requirements at random.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    requirements
        Who must work with whom; see `requirement_matrix`.
    by
        The column of people, or the vertex attribute, that holds the group.
    permutations
        Random places to draw for `sd` and `p`, at least 1.
    seed
        Of the draws.

    Returns
    -------
    pandas.Series of float: ``congruence``, ``expected``, ``lift``, ``sd``, ``p``
        `congruence` and `expected` from 0 to 1, `lift` their difference. `p` is the chance of as
        much congruence or more: (1 + draws with as much) / (1 + draws); with two groups always 1.
        All NaN, with ``attrs["reason"]``, with fewer than two groups (``single_group``) or without
        any tie (``no_ties``).

    Raises
    ------
    UsageError
        If `permutations` is below 1.
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of
    dyadic data. *Social Networks* 10(4), 359-381, for the permutation.

    Examples
    --------
    Of three teams L and R have to work together, and they alone are in contact.

    >>> import networkx as nx
    >>> graph = nx.Graph([("l1", "r1"), ("l2", "r2"), ("m1", "m2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> needed = pd.DataFrame({"group_a": ["L"], "group_b": ["R"]})
    >>> congruence_lift(graph, needed, by="department").round(2).to_dict()
    {'congruence': 1.0, 'expected': 0.33, 'lift': 0.67, 'sd': 0.48, 'p': 0.35}
    """
    if permutations < 1:
        raise UsageError(f"permutations is {permutations}, expected at least 1")
    network = as_network(network, by=by)
    groups = network.groups(by)
    k = len(groups.names)
    result = pd.Series(
        np.nan, index=["congruence", "expected", "lift", "sd", "p"], name="congruence", dtype=float
    )
    reason = "single_group" if k < 2 else None if len(network.pairs) else "no_ties"
    if reason:
        result.attrs["reason"] = reason
        return result
    absent = unobserved_groups(network, groups)
    required = requirement_matrix(requirements, groups.names, unobserved=absent)
    met = np.minimum(1.0, regular_ties_between(network, groups) / contact_targets(groups.sizes))
    a, b = np.nonzero(np.triu(required, 1))
    weights = required[a, b]
    observed = float(weights @ met[a, b])
    expected = float(met[np.triu_indices(k, 1)].mean())
    rng = np.random.default_rng(seed)
    places = rng.permuted(np.tile(np.arange(k), (permutations, 1)), axis=1)
    drawn = met[places[:, a], places[:, b]] @ weights
    # Sums of the same numbers in another order may differ in the last digit.
    as_much = int((drawn >= observed - 1e-12).sum())
    spread = float(np.sqrt(((drawn - expected) ** 2).mean()))
    result[:] = np.array(
        [
            observed,
            expected,
            observed - expected,
            spread if spread > 1e-12 else 0.0,
            (1 + as_much) / (1 + permutations),
        ]
    )
    result.attrs.update(permutations=permutations, seed=seed)
    return result


def unneeded_share(network: Graph, requirements: pd.DataFrame, *, by: str) -> float:
    """How much of the regular contact between groups nobody asked for.

    For information: contact beyond the requirements is no fault, and may be what is missing in
    them.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    requirements
        Who must work with whom; see `requirement_matrix`.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        From 0 to 1: regular ties between groups without any requirement, as a share of all those
        between groups. NaN with fewer than two groups or without any such tie.

    Raises
    ------
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    After Cataldo et al. (2006), as `congruence`, which does not see it.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("l1", "r1"), ("l2", "r2"), ("m1", "r2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> needed = pd.DataFrame({"group_a": ["L"], "group_b": ["R"]})
    >>> round(unneeded_share(graph, needed, by="department"), 2)
    0.33
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    if len(groups.names) < 2:
        return float("nan")
    absent = unobserved_groups(network, groups)
    required = requirement_matrix(requirements, groups.names, unobserved=absent)
    ties = np.triu(regular_ties_between(network, groups), 1)
    total = int(ties.sum())
    return float(ties[required == 0].sum() / total) if total else float("nan")
