"""Who has to work with whom: tables of requirements, turned into weights of pairs of groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from orgnet.errors import InputError, MissingColumnError, did_you_mean
from orgnet.network import Groups, Network, as_ids
from orgnet.pairs import FloatArray, IntArray

#: What a table of requirements can look like, for messages.
_FORMS = (
    "a square table of departments, or the columns group_a, group_b and weight, or the columns "
    "objective and department, or a column objective and one a department"
)

#: What the letters of a RACI chart weigh: whoever is only informed need not coordinate.
_RACI = {"R": 1.0, "A": 1.0, "C": 0.5, "I": 0.0, "X": 1.0}


def requirement_matrix(
    requirements: pd.DataFrame, groups: tuple[str, ...], *, unobserved: Collection[str] = ()
) -> FloatArray:
    """Turn a table of who must work with whom into weights of the pairs of groups.

    Parameters
    ----------
    requirements
        One of four forms. A square table: rows and columns are groups (the row names stand in the
        index or in a column ``department``), cells are weights such as 0 to 3, an empty cell is 0,
        and the two cells of a pair are added. A list of pairs: ``group_a``, ``group_b`` and
        optionally ``weight`` (default 1), repeated pairs are added; so do handovers come, see
        `handover_requirements`. A list of objectives, projects or products: ``objective``,
        ``department`` and optionally ``weight`` (default 1). The same as a table: a row an
        objective (its name in the index or in a column ``objective``), a column a group. Both ways
        a pair requires the sum over the objectives it shares of the product of its weights, and a
        weight may be a letter of a RACI chart: responsible R and accountable A are 1, consulted C
        is a half, informed I is 0, of several such as ``A/R`` the largest counts; ``x`` is 1.
        A requirement of a group towards itself is left out.
    groups
        The groups, in the order of the result.
    unobserved
        Groups that exist and of which nobody was observed: what they require cannot be judged and
        is left out.

    Returns
    -------
    numpy.ndarray of float, groups × groups
        Symmetric, with a zero diagonal; the pairs, each counted once, add up to 1.

    Raises
    ------
    MissingColumnError
        If the table has none of the four forms.
    InputError
        If it names a group that does not exist, if a weight is negative or not a number, or if no
        two groups are required to work together.

    Examples
    --------
    >>> goals = pd.DataFrame(
    ...     {"objective": ["launch", "launch", "audit", "audit"],
    ...      "department": ["Ops", "Sales", "Legal", "Ops"]}
    ... )
    >>> requirement_matrix(goals, ("Legal", "Ops", "Sales")).tolist()
    [[0.0, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.0]]
    """
    names = (*groups, *sorted(set(unobserved) - set(groups)))
    columns = set(requirements.columns.astype(str))
    if {"group_a", "group_b"} <= columns:
        matrix = _from_pairs(requirements, names)
    elif {"objective", "department"} <= columns:
        matrix = _from_list(requirements, names)
    elif "objective" in columns:
        matrix = _from_objectives(requirements.set_index("objective"), names)
    elif _lists_objectives(requirements, names):
        matrix = _from_objectives(requirements, names)
    else:
        matrix = _from_square(requirements, names)
    matrix = (matrix + matrix.T)[: len(groups), : len(groups)]
    np.fill_diagonal(matrix, 0.0)
    total = matrix.sum() / 2
    if total == 0:
        raise InputError(
            "the requirements ask for no contact between two of the departments "
            f"{list(groups)}, expected at least one pair with a weight above 0",
            remedy="name two departments that have to work together",
        )
    return np.asarray(matrix / total)


def unobserved_groups(network: Network, groups: Groups) -> set[str]:
    """Name the groups of the roster of which nobody was observed.

    Parameters
    ----------
    network
        A network.
    groups
        Its people sorted by a column.

    Returns
    -------
    set of str
        For `requirement_matrix`.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["a", "b"], "department": ["Ops", "Warehouse"],
    ...                        "observed": [True, False]})
    >>> network = Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)
    >>> unobserved_groups(network, network.groups("department"))
    {'Warehouse'}
    """
    column = network.people[groups.by]
    named = column[~network.observed & column.notna().to_numpy()]
    return set(as_ids(named)) - set(groups.names)


def handover_requirements(
    handovers: pd.DataFrame, people: pd.DataFrame, *, by: str = "department"
) -> pd.DataFrame:
    """Turn handovers of work between people into requirements of pairs of groups.

    Two groups have to work together as often as work passes from one to the other. Handovers that
    also are the ties of the network would say that all is well: take a log of the process, and the
    ties from other channels.

    Parameters
    ----------
    handovers
        ``sender`` and ``recipient``, two people, and optionally ``handovers``, how many (default
        1), one row a handover or a pair; such as the records of kind ``handover`` of an event log,
        once they name people.
    people
        ``person``, as a column or as the index, and the column `by`.
    by
        The column that holds the group.

    Returns
    -------
    pandas.DataFrame, one row a pair of groups, sorted
        ``group_a`` < ``group_b``; ``weight``, the handovers in either direction. Those within a
        group, and those of people of unknown group, are left out; ``attrs["left_out"]`` counts
        both, as ``within`` and ``unknown``. A form that `requirement_matrix` takes.

    Raises
    ------
    MissingColumnError
        If a column is missing.
    InputError
        If a handover is of somebody who is not among the people, or a number is negative.

    References
    ----------
    Cataldo, M., Wagstrom, P. A., Herbsleb, J. D. and Carley, K. M. (2006). Identification of
    coordination requirements. *Proceedings of CSCW*, 353-362.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["o", "p", "l"], "department": ["Ops", "Ops", "Legal"]})
    >>> log = pd.DataFrame({"sender": ["o", "l", "o"], "recipient": ["l", "p", "p"]})
    >>> handover_requirements(log, people).to_numpy().tolist()
    [['Legal', 'Ops', 2.0]]
    """
    roster = people if "person" not in people.columns else people.set_index("person")
    for table, what, column in (
        (handovers, "handovers", "sender"),
        (handovers, "handovers", "recipient"),
        (roster, "people", by),
    ):
        if column not in table.columns:
            raise MissingColumnError(
                f"no column {column!r}; the {what} have {list(table.columns)}",
                remedy="name the column so",
            )
    ids = pd.Index(as_ids(roster.index.to_series()), dtype="object")
    ends = np.column_stack(
        [ids.get_indexer(pd.Index(as_ids(handovers[c]))) for c in ("sender", "recipient")]
    )
    strangers = (ends < 0).any(axis=1)
    if strangers.any():
        raise InputError(
            f"{int(strangers.sum())} of {len(ends)} handovers are of somebody who is not among "
            "the people",
            place=f"row {int(strangers.argmax()) + 1} of the handovers",
            remedy="add them to the people, or give ids that the people have",
        )
    counts = np.ones(len(ends))
    if "handovers" in handovers.columns:
        counts = _numbers(handovers["handovers"].to_numpy())
    group = as_ids(roster[by])
    groups = np.sort(np.column_stack([group[ends[:, 0]], group[ends[:, 1]]]).astype(str), axis=1)
    unknown = (np.char.lower(groups) == "unknown").any(axis=1) | (groups == "").any(axis=1)
    within = ~unknown & (groups[:, 0] == groups[:, 1])
    kept = ~unknown & ~within
    table = pd.DataFrame(
        {
            "group_a": pd.Series(groups[kept, 0], dtype="str"),
            "group_b": pd.Series(groups[kept, 1], dtype="str"),
            "weight": counts[kept],
        }
    )
    table = table.groupby(["group_a", "group_b"], as_index=False, sort=True).sum()
    table.attrs["left_out"] = {
        "within": float(counts[within].sum()),
        "unknown": float(counts[unknown].sum()),
    }
    return table


def _from_pairs(table: pd.DataFrame, names: tuple[str, ...]) -> FloatArray:
    rows = _positions(table["group_a"], names)
    columns = _positions(table["group_b"], names)
    matrix = np.zeros((len(names), len(names)))
    np.add.at(matrix, (rows, columns), _weights(table))
    return matrix


def _from_list(table: pd.DataFrame, names: tuple[str, ...]) -> FloatArray:
    objectives, _ = pd.factorize(as_ids(table["objective"]))
    departments = _positions(table["department"], names)
    weights = np.ones(len(table))
    if "weight" in table.columns:
        weights = _shares(table["weight"].to_numpy(dtype=object))
    shares = sparse.csr_array(
        (weights, (departments, objectives)),
        shape=(len(names), int(objectives.max(initial=-1)) + 1),
    )
    return np.asarray((shares @ shares.T).toarray(), dtype=float)


def _from_objectives(table: pd.DataFrame, names: tuple[str, ...]) -> FloatArray:
    positions = _positions(table.columns.to_series(), names)
    cells = table.to_numpy(dtype=object)
    cells = np.where(pd.isna(cells), 0.0, cells)
    shares = np.zeros((len(table), len(names)))
    shares[:, positions] = _shares(cells.ravel()).reshape(cells.shape)
    return np.asarray(shares.T @ shares)


def _lists_objectives(table: pd.DataFrame, names: tuple[str, ...]) -> bool:
    """Whether the columns are departments and none of the rows is one."""
    if "department" in table.columns:
        return False
    columns = set(as_ids(table.columns.to_series()))
    rows = set(as_ids(table.index.to_series()))
    return bool(columns) and columns <= set(names) and not rows & set(names)


def _shares(values: npt.NDArray[Any]) -> FloatArray:
    """Turn weights that may be letters of a RACI chart into numbers."""
    codes, unique = pd.factorize(values, use_na_sentinel=False)
    read = np.array([_letters(value) for value in unique] or [0.0], dtype=object)
    return _numbers(read[codes])


def _letters(value: object) -> object:
    """Return the weight of RACI letters; anything else as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip().upper()
    letters = [letter for letter in text if letter not in " /,;+&"]
    if not letters:
        return 0.0
    known = [_RACI[letter] for letter in letters if letter in _RACI]
    return max(known) if len(known) == len(letters) else value


def _from_square(table: pd.DataFrame, names: tuple[str, ...]) -> FloatArray:
    found = list(table.columns)
    if "department" in table.columns:
        table = table.set_index("department")
    rows, columns = as_ids(table.index.to_series()), as_ids(table.columns.to_series())
    if set(rows) != set(columns) or len(set(rows)) != len(rows):
        raise MissingColumnError(
            f"the requirements have the columns {found} and {len(table)} rows, expected {_FORMS}",
            remedy="give the table one of these forms",
        )
    positions = _positions(pd.Series(rows), names), _positions(pd.Series(columns), names)
    cells = table.to_numpy(dtype=object).ravel()
    cells[np.asarray(pd.isna(cells))] = 0.0
    matrix = np.zeros((len(names), len(names)))
    matrix[np.ix_(*positions)] = _numbers(cells).reshape(table.shape)
    return matrix


def _positions(departments: pd.Series[Any], names: tuple[str, ...]) -> IntArray:
    texts = as_ids(departments)
    positions = pd.Index(list(names), dtype="object").get_indexer(pd.Index(texts))
    unknown = sorted(set(texts[positions < 0]))
    if unknown:
        hint = did_you_mean(unknown[0], names)
        raise InputError(
            f"the requirements name departments that nobody belongs to: {unknown}; the people "
            f"have {list(names)}{'.' if hint else ''}{hint}",
            remedy="write the departments as the people table does",
        )
    return np.asarray(positions, dtype=np.int64)


def _weights(table: pd.DataFrame) -> FloatArray:
    if "weight" not in table.columns:
        return np.ones(len(table))
    return _numbers(table["weight"].to_numpy())


def _numbers(values: npt.NDArray[Any]) -> FloatArray:
    numbers = np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), dtype=float)
    bad = np.flatnonzero(~np.isfinite(numbers) | (numbers < 0))
    if len(bad):
        raise InputError(
            f"a requirement has the weight {values[bad[0]]!r}, expected a number of 0 or more",
            remedy="correct or remove it",
        )
    return numbers
