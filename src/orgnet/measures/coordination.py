"""Contact that the work requires, and how much of it is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import InputError, UsageError
from orgnet.measures.requirements import requirement_matrix, unobserved_groups
from orgnet.network import Graph, Groups, Network, as_network
from orgnet.pairs import IntArray

#: Regular ties that two groups should have: a tenth of the smaller one, within these bounds.
FEWEST_TIES, MOST_TIES = 2, 5


def contact_targets(sizes: IntArray) -> IntArray:
    r"""How many regular ties two groups should have, by their headcount.

    .. math:: \tau_{gh} = \min\bigl(\max(2, \min(5, \lceil 0.10\,m \rceil)), m\bigr),
        \quad m = \min(n_g, n_h)

    Parameters
    ----------
    sizes
        People in each group.

    Returns
    -------
    numpy.ndarray of int, groups × groups
        From 1 to 5; the diagonal has no meaning.

    Examples
    --------
    >>> contact_targets(np.array([1, 12, 40])).tolist()[2]
    [1, 2, 4]
    """
    smaller = np.minimum.outer(sizes, sizes)
    tenth = -(-smaller // 10)
    return np.asarray(np.minimum(np.clip(tenth, FEWEST_TIES, MOST_TIES), smaller), dtype=np.int64)


def congruence(network: Graph, requirements: pd.DataFrame, *, by: str) -> float:
    r"""How much of the contact that the work requires is there.

    1: every two groups that have to work together have as many regular ties as they should; 0:
    none of them has any. It is not raised by contact that nobody asked for.

    .. math:: \sum_{g<h} R_{gh} \min\Bigl(1, \frac{C_{gh}}{\tau_{gh}}\Bigr)

    where :math:`R_{gh}` is the `requirement_matrix`, :math:`C_{gh}` the number of regular ties and
    :math:`\tau_{gh}` the `contact_targets`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    requirements
        Who must work with whom: a square table of groups, or the columns ``group_a``, ``group_b``
        and ``weight``, or the columns ``objective`` and ``department``; see `requirement_matrix`.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    float
        From 0 to 1. NaN with fewer than two groups or without any tie.

    Raises
    ------
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    After Cataldo, M., Wagstrom, P. A., Herbsleb, J. D. and Carley, K. M. (2006). Identification of
    coordination requirements. *Proceedings of CSCW*, 353-362; `congruence_tasks` is theirs.

    Examples
    --------
    Two teams of three with one regular tie between them, where two would be enough.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> needed = pd.DataFrame({"group_a": ["L"], "group_b": ["R"]})
    >>> congruence(graph, needed, by="department")
    0.5
    """
    gaps = coordination_gap(network, requirements, by=by)
    if "reason" in gaps.attrs:
        return float("nan")
    return float(1.0 - gaps["gap"].sum())


def coordination_gap(network: Graph, requirements: pd.DataFrame, *, by: str) -> pd.DataFrame:
    r"""Which required contact is missing, the largest gap first: the work list.

    .. math:: R_{gh} \Bigl(1 - \min\Bigl(1, \frac{C_{gh}}{\tau_{gh}}\Bigr)\Bigr)

    with the symbols of `congruence`; the gaps and the congruence add up to 1.

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
    pandas.DataFrame, one row a required pair of groups
        ``group_a`` < ``group_b``; ``required``, the pair's share of all requirements;
        ``regular_ties``; ``target``, the regular ties it should have; ``gap``, the share of all
        requirements that is not met here. Sorted by gap, then by group. Without any tie the gap
        is NaN and ``attrs["reason"]`` is ``no_ties``; with fewer than two groups there are no rows
        and it is ``single_group``.

    Raises
    ------
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    As `congruence`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> needed = pd.DataFrame({"group_a": ["L"], "group_b": ["R"]})
    >>> print(coordination_gap(graph, needed, by="department").to_string(index=False))
    group_a group_b  required  regular_ties  target  gap
          L       R       1.0             1       2  0.5
    """
    network = as_network(network, by=by)
    groups = network.groups(by)
    k = len(groups.names)
    if k < 2:
        required = np.zeros((k, k))
    else:
        required = requirement_matrix(
            requirements, groups.names, unobserved=unobserved_groups(network, groups)
        )
    ties = regular_ties_between(network, groups)
    targets = contact_targets(groups.sizes)
    a, b = np.nonzero(np.triu(required, 1))
    gap = required[a, b] * (1.0 - np.minimum(1.0, ties[a, b] / targets[a, b]))
    reason = "single_group" if k < 2 else None if len(network.pairs) else "no_ties"
    names = np.array(groups.names, dtype=object)
    table = pd.DataFrame(
        {
            "group_a": pd.Series(names[a], dtype="str"),
            "group_b": pd.Series(names[b], dtype="str"),
            "required": required[a, b],
            "regular_ties": ties[a, b],
            "target": targets[a, b],
            "gap": np.full(len(a), np.nan) if reason else gap,
        }
    )
    table = table.iloc[np.lexsort((b, a, -gap))].reset_index(drop=True)
    if reason:
        table.attrs["reason"] = reason
    return table


def congruence_tasks(assignments: Any, dependencies: Any, contact: Any) -> float:
    r"""How many of the pairs of people whose tasks depend on each other are in contact.

    Cataldo's socio-technical congruence. Binary: it rises with any contact and knows no excess.

    .. math:: \frac{|\{i \ne j : C^R_{ij} > 0, C^A_{ij} > 0\}|}{|\{i \ne j : C^R_{ij} > 0\}|},
        \quad C^R = T_A T_D T_A^\top

    Parameters
    ----------
    assignments
        :math:`T_A`, people × tasks: above 0 where the person works on the task. An array, a sparse
        matrix or a DataFrame.
    dependencies
        :math:`T_D`, tasks × tasks: above 0 where one task depends on the other. The diagonal says
        whether people on the same task have to coordinate. A DataFrame is put into the order of
        the columns of `assignments`, if that is a DataFrame too.
    contact
        :math:`C^A`, people × people: above 0 where two people are in contact, in either direction.
        A DataFrame is put into the order of the rows of `assignments`, likewise.

    Returns
    -------
    float
        From 0 to 1. NaN where no two people are required to coordinate.

    Raises
    ------
    UsageError
        If the shapes do not fit.
    InputError
        If a value is negative or not a number, or a person or a task is missing in a DataFrame.

    References
    ----------
    Cataldo, M., Herbsleb, J. D. and Carley, K. M. (2008). Socio-technical congruence: a framework
    for assessing the impact of technical and work dependencies on software development
    productivity. *Proceedings of ESEM*, 2-11.

    Examples
    --------
    Person 3 works on tasks 2 and 3, and tasks 1 and 2 depend on each other: everybody has to
    coordinate with everybody. Only persons 1 and 2 are in contact.

    >>> assignments = [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    >>> dependencies = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    >>> contact = [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    >>> round(congruence_tasks(assignments, dependencies, contact), 4)
    0.3333
    """
    if isinstance(assignments, pd.DataFrame):
        dependencies = _aligned(dependencies, assignments.columns, "dependencies")
        contact = _aligned(contact, assignments.index, "contact")
    work = _nonnegative(assignments, "assignments")
    depends = _nonnegative(dependencies, "dependencies")
    actual = _nonnegative(contact, "contact")
    people, tasks = work.shape
    for name, matrix, side in (("dependencies", depends, tasks), ("contact", actual, people)):
        if matrix.shape != (side, side):
            raise UsageError(
                f"{name} is {matrix.shape[0]} × {matrix.shape[1]}, expected {side} × {side} "
                f"because assignments has {people} people and {tasks} tasks"
            )
    required = _off_diagonal(work @ depends @ work.T)
    met = required.multiply(_off_diagonal(actual + actual.T))
    return float(met.nnz / required.nnz) if required.nnz else float("nan")


def regular_ties_between(network: Network, groups: Groups) -> IntArray:
    """Count the regular ties of every two groups, groups × groups; the diagonal counts twice."""
    a, b, known = network.between(groups)
    k = len(groups.names)
    which = known & network.pairs.regular
    counts = np.bincount(a[which] * k + b[which], minlength=k * k).reshape(k, k)
    return np.asarray(counts + counts.T, dtype=np.int64)


def _aligned(matrix: Any, labels: pd.Index[Any], name: str) -> Any:
    if not isinstance(matrix, pd.DataFrame):
        return matrix
    missing = len(labels.difference(matrix.index)) + len(labels.difference(matrix.columns))
    if missing:
        raise InputError(
            f"{name} lacks {missing} of the rows or columns that assignments names",
            remedy="give both tables the same people and tasks",
        )
    return matrix.loc[labels, labels]


def _nonnegative(matrix: Any, name: str) -> sparse.csr_array:
    if isinstance(matrix, pd.DataFrame):
        matrix = matrix.to_numpy()
    result = sparse.csr_array(matrix, dtype=float)
    if not np.isfinite(result.data).all() or (result.data < 0).any():
        raise InputError(f"{name} holds a negative or undefined value, expected 0 or more")
    result.eliminate_zeros()
    return result


def _off_diagonal(matrix: sparse.csr_array) -> sparse.csr_array:
    result = sparse.csr_array(matrix - sparse.diags_array(matrix.diagonal()))
    result.eliminate_zeros()
    return result
