"""Which numbers between groups are withheld, so that nobody can work them out again.

The reader is taken to know every row total (the expected values give them away) and the words that
stand in place of numbers. A withheld number is safe if linear programming leaves it an interval of
at least a fifth of its size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """The pairs of groups that a reader sees, one entry a pair.

    Attributes
    ----------
    first, second
        Positions of the two groups, 0 to k − 1.
    value
        The number in the cell.
    lowest, highest
        What the words in place of the number say: the number lies between these.
    k
        Groups.
    """

    first: IntArray
    second: IntArray
    value: FloatArray
    lowest: FloatArray
    highest: FloatArray
    k: int


def withhold(
    cells: Cells, primary: BoolArray, *, protection: float, outside: bool
) -> tuple[BoolArray, BoolArray]:
    """Withhold further numbers until no withheld one can be worked out.

    Parameters
    ----------
    cells
        The table.
    primary
        Cells withheld for a reason of their own.
    protection
        Width of the interval, as a share of the number, that must remain.
    outside
        True where the row totals include contact with groups that are not shown.

    Returns
    -------
    withheld, exposed
        All cells withheld, and those of them that stay exposed although their rows show nothing
        more; a reader must not be shown the words of these either.
    """
    withheld = primary.copy()
    while (exposed := _exposed(cells, withheld, protection, outside)).any():
        choices = (_next(cells, withheld, int(cell)) for cell in np.flatnonzero(exposed))
        more = next((cell for cell in choices if cell is not None), None)
        if more is None:
            break
        withheld[more] = True
    return withheld, exposed


def interval(cells: Cells, withheld: BoolArray, cell: int, *, outside: bool) -> tuple[float, float]:
    """Return the least and the largest value of a withheld cell that fit all that is shown."""
    where = np.flatnonzero(withheld)
    count = len(where)
    rows = np.concatenate([cells.first[where], cells.second[where]])
    columns = np.concatenate([np.arange(count), np.arange(count)])
    matrix = sparse.csr_array((np.ones(2 * count), (rows, columns)), shape=(cells.k, count))
    totals = matrix @ cells.value[where]
    bounds = np.column_stack([cells.lowest[where], cells.highest[where]])
    if outside:
        # One unknown a row: contact with groups that are not shown.
        matrix = sparse.hstack([matrix, sparse.eye_array(cells.k)]).tocsr()
        slack = np.column_stack([np.zeros(cells.k), np.full(cells.k, np.inf)])
        bounds = np.vstack([bounds, slack])
    objective = np.zeros(matrix.shape[1])
    objective[int(np.searchsorted(where, cell))] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(sign * objective, A_eq=matrix, b_eq=totals, bounds=bounds, method="highs")
        if solved.status == 3:
            ends.append(-sign * np.inf)
        elif solved.status == 0:
            ends.append(sign * float(solved.fun))
        else:
            # The true table always fits, so only the solver can have failed: assume the worst.
            ends.append(float(cells.value[cell]))
    return ends[0], ends[1]


def _exposed(cells: Cells, withheld: BoolArray, protection: float, outside: bool) -> BoolArray:
    exposed = np.zeros(len(withheld), dtype=bool)
    for cell in np.flatnonzero(withheld):
        if _in_free_cycle(cells, withheld, int(cell), protection):
            continue
        low, high = interval(cells, withheld, int(cell), outside=outside)
        exposed[cell] = high - low < _width(cells.value[cell], protection) - 1e-9
    return exposed


def _width(value: float, protection: float) -> float:
    return max(protection * value, 1.0)


def _in_free_cycle(cells: Cells, withheld: BoolArray, cell: int, protection: float) -> bool:
    """Whether four withheld cells let this one move far enough: quick, and never too hopeful.

    In a cycle of groups a–b–c–d the cells ab and cd may rise by what bc and da fall, and all row
    totals stay.
    """
    k = cells.k
    down = np.zeros((k, k))
    up = np.zeros((k, k))
    where = np.flatnonzero(withheld)
    first, second = cells.first[where], cells.second[where]
    room_down = cells.value[where] - cells.lowest[where]
    room_up = cells.highest[where] - cells.value[where]
    down[first, second] = down[second, first] = room_down
    up[first, second] = up[second, first] = room_up
    a, b = int(cells.first[cell]), int(cells.second[cell])
    need = _width(float(cells.value[cell]), protection)
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
    """Choose the shown cell that loses least: the smallest in a row of the exposed one."""
    a, b = cells.first[cell], cells.second[cell]
    beside = np.isin(cells.first, [a, b]) | np.isin(cells.second, [a, b])
    free = np.flatnonzero(beside & ~withheld)
    if not len(free):
        return None
    return int(free[np.lexsort((free, cells.value[free], cells.value[free] == 0))[0]])
