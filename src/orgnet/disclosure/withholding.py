"""Which numbers between groups are withheld, so that nobody can work them out again.

The reader is taken to know every row total (the expected values give them away), the words that
stand in place of numbers, why a number is withheld, and that it is whole. A withheld number is safe
if integer programming leaves it an interval of at least a fifth of its size.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: The solver gives up after so many branches; a number is then taken to be exposed.
_MOST_BRANCHES = 2000


@dataclass(frozen=True, slots=True)
class Cells:
    """The pairs of groups that a reader sees, one entry a pair.

    Contact with groups that are not shown may be a group of its own: its cells are never shown and
    need not be guarded, but what is in them gives the others room.

    Attributes
    ----------
    first, second
        Positions of the two groups, 0 to k − 1.
    value
        The number in the cell.
    lowest, highest
        What the reason for withholding alone says: the number lies between these.
    told_lowest, told_highest
        What the words in place of the number say; 0 and infinity without words.
    guarded
        False for cells that are never shown and need no protection.
    k
        Groups.
    """

    first: IntArray
    second: IntArray
    value: IntArray
    lowest: FloatArray
    highest: FloatArray
    told_lowest: FloatArray
    told_highest: FloatArray
    guarded: BoolArray
    k: int


@dataclass(slots=True)
class Shown:
    """What a reader is left with.

    Attributes
    ----------
    withheld
        Cells without a number.
    silent
        Cells whose words must not be shown either.
    safe
        False if some number can be worked out all the same as long as row totals are known.
    """

    withheld: BoolArray
    silent: BoolArray
    safe: bool = field(default=True)


def withhold(cells: Cells, primary: BoolArray, *, protection: float) -> Shown:
    """Withhold further numbers until no withheld one can be worked out.

    Parameters
    ----------
    cells
        The table.
    primary
        Cells withheld for a reason of their own.
    protection
        Width of the interval, as a share of the number, that must remain.
    """
    shown = Shown(withheld=primary | ~cells.guarded, silent=np.zeros(len(primary), dtype=bool))
    # Whatever is withheld for one cell only widens the intervals of the others.
    waiting = deque(np.flatnonzero(shown.withheld & cells.guarded).tolist())
    while waiting:
        cell = waiting.popleft()
        while _exposed(cells, shown, cell, protection):
            if not shown.silent[cell] and _narrow(cells, shown, cell, protection):
                shown.silent[cell] = True
            elif (more := _next(cells, shown.withheld, cell)) is not None:
                shown.withheld[more] = True
                waiting.append(more)
            elif not shown.silent[shown.withheld].all():
                shown.silent |= shown.withheld
            else:
                shown.safe = False
                return shown
    return shown


def interval(cells: Cells, shown: Shown, cell: int) -> tuple[int, int]:
    """Return the least and the largest whole number in a withheld cell that fit what is shown."""
    where = np.flatnonzero(shown.withheld)
    count = len(where)
    rows = np.concatenate([cells.first[where], cells.second[where]])
    columns = np.concatenate([np.arange(count), np.arange(count)])
    matrix = sparse.csr_array((np.ones(2 * count), (rows, columns)), shape=(cells.k, count))
    totals = matrix @ cells.value[where].astype(float)
    low, high = _limits(cells, shown)
    objective = np.zeros(count)
    objective[int(np.searchsorted(where, cell))] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        solved = milp(
            sign * objective,
            constraints=LinearConstraint(matrix, totals, totals),
            bounds=Bounds(low[where], high[where]),
            integrality=np.ones(count),
            options={"node_limit": _MOST_BRANCHES},
        )
        # The true table always fits, so only the solver can have failed: assume the worst.
        found = solved.status == 0
        ends.append(round(sign * float(solved.fun)) if found else int(cells.value[cell]))
    return ends[0], ends[1]


def _limits(cells: Cells, shown: Shown) -> tuple[FloatArray, FloatArray]:
    """Return the whole numbers between which reasons and words put each cell."""
    low = np.where(shown.silent, cells.lowest, np.maximum(cells.lowest, cells.told_lowest))
    high = np.where(shown.silent, cells.highest, np.minimum(cells.highest, cells.told_highest))
    # Words and reasons are true of the number; a limit that is not leaves it where it is.
    return (
        np.minimum(np.ceil(low - 1e-9), cells.value),
        np.maximum(np.floor(high + 1e-9), cells.value),
    )


def _width(value: int, protection: float) -> int:
    return max(math.ceil(protection * value - 1e-9), 1)


def _exposed(cells: Cells, shown: Shown, cell: int, protection: float) -> bool:
    need = _width(int(cells.value[cell]), protection)
    if _in_free_cycle(cells, shown, cell, need):
        return False
    low, high = interval(cells, shown, cell)
    return high - low < need


def _narrow(cells: Cells, shown: Shown, cell: int, protection: float) -> bool:
    """Whether the words of a cell are by themselves too exact."""
    low, high = _limits(cells, shown)
    return bool(high[cell] - low[cell] < _width(int(cells.value[cell]), protection))


def _in_free_cycle(cells: Cells, shown: Shown, cell: int, need: int) -> bool:
    """Whether four withheld cells let this one move far enough: quick, and never too hopeful.

    In a cycle of groups a–b–c–d the cells ab and cd may rise by what bc and da fall, and all row
    totals stay.
    """
    k = cells.k
    down = np.zeros((k, k))
    up = np.zeros((k, k))
    where = np.flatnonzero(shown.withheld)
    first, second = cells.first[where], cells.second[where]
    low, high = _limits(cells, shown)
    down[first, second] = down[second, first] = (cells.value - low)[where]
    up[first, second] = up[second, first] = (high - cells.value)[where]
    a, b = int(cells.first[cell]), int(cells.second[cell])
    for own, other in ((up, down), (down, up)):
        # own: room of ab and cd; other: room of bc and da.
        if own[a, b] < need:
            continue
        cycle = (other[b, :, None] >= need) & (other[:, a][None, :] >= need) & (own >= need)
        cycle[[a, b], :] = False
        cycle[:, [a, b]] = False
        if cycle.any():
            return True
    return False


def _next(cells: Cells, withheld: BoolArray, cell: int) -> int | None:
    """Choose the shown cell that loses least: the smallest in a row of the exposed one.

    If its rows show nothing more, any other: contact with groups that are not shown may link them.
    No contact at all is never withheld.
    """
    free = ~withheld & (cells.value > 0)
    a, b = cells.first[cell], cells.second[cell]
    beside = np.isin(cells.first, [a, b]) | np.isin(cells.second, [a, b])
    choices = np.flatnonzero(free & beside) if (free & beside).any() else np.flatnonzero(free)
    if not len(choices):
        return None
    return int(choices[np.argmin(cells.value[choices])])
