"""Where people belonged to when: the departments of a date, and the one chart of a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: The column of the people table, a list of memberships for each person.
COLUMN = "memberships"

#: Columns of `stints`; days are counted since 1970.
STINTS = ("row", "stint", "first_day", "last_day", "department", "team")

#: More days than any calendar here has.
_EVER = 10**6

_EPOCH = date(1970, 1, 1).toordinal()


def stints(people: pd.DataFrame) -> pd.DataFrame:
    """Return when those who changed departments or teams were where.

    Parameters
    ----------
    people
        The people table; in the column ``memberships``, where there is one, each cell is a list
        with ``since``, ``department`` and ``team``, or empty.

    Returns
    -------
    pandas.DataFrame
        Columns `STINTS`, one row a membership, numbered from 0 for each person. ``row`` is the
        person's row. The first day of the first one and the last of the last lie beyond all
        dates. Nobody who has always been in one place is in it.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["7", "8"], "memberships": [
    ...     [{"since": None, "department": "Sales"},
    ...      {"since": "1970-01-05", "department": "Legal"}], None]})
    >>> stints(people)[["row", "stint", "last_day", "department"]].values.tolist()
    [[0, 0, 3, 'Sales'], [0, 1, 1000000, 'Legal']]
    """
    found = []
    for row, cell in enumerate(people[COLUMN] if COLUMN in people.columns else ()):
        some = _in_order(cell)
        firsts = [-_EVER, *(day for day, _ in some[1:])]
        lasts = [*(day - 1 for day, _ in some[1:]), _EVER]
        if len(some) > 1:
            found += [
                (row, stint, firsts[stint], lasts[stint], one.get("department"), one.get("team"))
                for stint, (_, one) in enumerate(some)
            ]
    # Held as objects, so that None stays None beside text.
    table = pd.DataFrame(found, columns=list(STINTS), dtype=object)
    return table.astype(dict.fromkeys(STINTS[:4], "int32"))


def chart(stints: pd.DataFrame, first_week: int, last_week: int) -> pd.DataFrame:
    """Return the one department and team that stand for each mover in a window.

    It is where they were for most of the window's days; of two that are equal the later one.

    Parameters
    ----------
    stints
        What `stints` returns.
    first_week, last_week
        Week numbers, both included.

    Returns
    -------
    pandas.DataFrame
        Columns ``department`` and ``team``, indexed by ``row``.
    """
    begins = np.maximum(stints["first_day"], first_week * 7 - 3)
    ends = np.minimum(stints["last_day"], last_week * 7 + 3)
    days = np.maximum(ends - begins + 1, 0)
    ordered = stints.assign(days=days).sort_values(["row", "days", "stint"], kind="stable")
    longest = ordered.drop_duplicates("row", keep="last")
    return longest.set_index("row")[["department", "team"]]


def departments_at(
    stints: pd.DataFrame, people: pd.DataFrame, rows: npt.NDArray[Any], numbers: npt.NDArray[Any]
) -> npt.NDArray[np.object_]:
    """Return the departments of some people in some of their stints.

    Parameters
    ----------
    stints
        What `stints` returns.
    people
        The people table: whoever has no stints is in the department that it says.
    rows, numbers
        Row of the person, and number of the stint.
    """
    own = people["department"] if "department" in people.columns else pd.Series(index=people.index)
    found: npt.NDArray[np.object_] = np.asarray(own, dtype=object)[rows]
    moved = np.isin(rows, stints["row"].to_numpy())
    keys = pd.MultiIndex.from_frame(stints[["row", "stint"]])
    wanted = pd.MultiIndex.from_arrays([rows[moved], numbers[moved]])
    found[moved] = stints["department"].to_numpy(dtype=object)[keys.get_indexer(wanted)]
    return found


def _in_order(cell: object) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the memberships of one person with the day since 1970 on which each begins."""
    if not isinstance(cell, Iterable) or isinstance(cell, str):
        return []
    return sorted(((_day(one.get("since")), one) for one in cell), key=lambda pair: pair[0])


def _day(since: Any) -> int:
    return -_EVER if pd.isna(since) else pd.Timestamp(since).toordinal() - _EPOCH
