"""Which numbers between groups are withheld, so that nobody can work them out again.

The reader is taken to know every row total (the expected values give them away), the words that
stand in place of numbers, why a number is withheld, and that it is whole. A withheld number is safe
if integer programming leaves it an interval of at least a fifth of its size.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import sparse

from orgnet.disclosure.proofs import Edges, moves, narrowed

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: The solver gives up after so many branches; a number is then taken to be exposed.
_MOST_BRANCHES = 2000


class Cells(Struct, frozen=True):
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


class Shown(Struct):
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
    safe: bool = True


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
    # In a table of many groups nearly all withheld cells have room: those are found all at once.
    free = in_free_cycles(cells, shown, protection)
    waiting = deque(np.flatnonzero(shown.withheld & cells.guarded & ~free).tolist())
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
    from scipy.optimize import Bounds, LinearConstraint

    where = np.flatnonzero(shown.withheld)
    count = len(where)
    rows = np.concatenate([cells.first[where], cells.second[where]])
    columns = np.concatenate([np.arange(count), np.arange(count)])
    matrix = sparse.csr_array((np.ones(2 * count), (rows, columns)), shape=(cells.k, count))
    totals = matrix @ cells.value[where].astype(float)
    low, high = _limits(cells, shown)
    least, most = reach(
        int(np.searchsorted(where, cell)),
        LinearConstraint(matrix, totals, totals),
        Bounds(low[where], high[where]),
        true=float(cells.value[cell]),
    )
    return round(least), round(most)


def reach(
    position: int, known: LinearConstraint, bounds: Bounds, *, true: float, whole: bool = True
) -> tuple[float, float]:
    """Return the least and the largest value of one number that fits what a reader knows.

    Parameters
    ----------
    position
        Which of the numbers.
    known
        Sums of the numbers that are shown.
    bounds
        Between what each number must be.
    true
        The number itself, which is what is returned where the solver gives up: the worst.
    whole
        Whether all of them are whole.

    Examples
    --------
    Two numbers of which the sum is known, one of them between 2 and 5:

    >>> from scipy.optimize import Bounds, LinearConstraint
    >>> reach(0, LinearConstraint([[1, 1]], 9, 9), Bounds([0, 2], [np.inf, 5]), true=6)
    (4.0, 7.0)
    """
    # Loaded only where it is needed, for it takes a tenth of a second.
    from scipy.optimize import milp

    count = len(bounds.lb)
    objective = np.zeros(count)
    objective[position] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        solved = milp(
            sign * objective,
            constraints=known,
            bounds=bounds,
            integrality=np.full(count, int(whole)),
            options={"node_limit": _MOST_BRANCHES},
        )
        # The true table always fits, so only the solver can have failed.
        ends.append(sign * float(solved.fun) if solved.status == 0 else true)
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


def least_width(value: float, protection: float) -> int:
    """Return how wide the interval of a withheld count must be: a share of it, at least 1.

    Examples
    --------
    >>> least_width(3, 0.2), least_width(6, 0.2), least_width(100, 0.2)
    (1, 2, 20)
    """
    return max(math.ceil(protection * value - 1e-9), 1)


def _exposed(cells: Cells, shown: Shown, cell: int, protection: float) -> bool:
    need = least_width(int(cells.value[cell]), protection)
    if _in_free_cycle(cells, shown, cell, need):
        return False
    if _narrow(cells, shown, cell, protection):
        return True
    edges, position = _edges(cells, shown, cell)
    least, most = narrowed(edges)
    if most[position] - least[position] < need:
        return True
    if moves(edges, position, need):
        return False
    low, high = interval(cells, shown, cell)
    return high - low < need


def _edges(cells: Cells, shown: Shown, cell: int) -> tuple[Edges, int]:
    """Return the withheld cells as a graph, and which of its edges a cell is."""
    where = np.flatnonzero(shown.withheld)
    low, high = _limits(cells, shown)
    first, second, value = cells.first[where], cells.second[where], cells.value[where]
    edges = Edges(first, second, value, low[where], high[where], cells.k)
    return edges, int(np.searchsorted(where, cell))


def _narrow(cells: Cells, shown: Shown, cell: int, protection: float) -> bool:
    """Whether the words of a cell are by themselves too exact."""
    low, high = _limits(cells, shown)
    return bool(high[cell] - low[cell] < least_width(int(cells.value[cell]), protection))


def _in_free_cycle(cells: Cells, shown: Shown, cell: int, need: int) -> bool:
    """Whether four withheld cells let this one move far enough: quick, and never too hopeful.

    In a cycle of groups a–b–c–d the cells ab and cd may rise by what bc and da fall, and all row
    totals stay.
    """
    down, up = _room(cells, shown)
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


def in_free_cycles(cells: Cells, shown: Shown, protection: float) -> BoolArray:
    """Whether four withheld cells let one move far enough, for every withheld cell at once.

    The cycles through a–b are the ways from b to a over cells bc, cd and da with room, less those
    that come back to a or b on the way: products of matrices count them.

    Parameters
    ----------
    cells, shown
        The table, and what is withheld of it.
    protection
        As in `withhold`.

    Returns
    -------
    numpy.ndarray of bool, one value a cell
        False for cells that are not withheld.
    """
    down, up = _room(cells, shown)
    free = np.zeros(len(cells.value), dtype=bool)
    needs = np.array([least_width(value, protection) for value in range(1 + cells.value.max())])
    need_of = np.where(shown.withheld, needs[cells.value], 0)
    for need in np.unique(need_of[shown.withheld]):
        asked = np.flatnonzero(need_of == need)
        a, b = cells.first[asked], cells.second[asked]
        for own, other in ((up, down), (down, up)):
            o, p = (own >= need).astype(float), (other >= need).astype(float)
            there = p @ o
            ways = there @ p
            # The room of cells is the same in both directions, so that both returns are alike.
            back = np.diagonal(there)
            through = ways[b, a] - p[b, a] * (back[a] + back[b]) + p[b, a] * o[a, b]
            free[asked] |= (o[a, b] > 0) & (through > 0)
    return free


def _room(cells: Cells, shown: Shown) -> tuple[FloatArray, FloatArray]:
    """Return how far each withheld cell may fall and rise, groups × groups; 0 for shown ones."""
    down, up = np.zeros((cells.k, cells.k)), np.zeros((cells.k, cells.k))
    where = np.flatnonzero(shown.withheld)
    first, second = cells.first[where], cells.second[where]
    low, high = _limits(cells, shown)
    down[first, second] = down[second, first] = (cells.value - low)[where]
    up[first, second] = up[second, first] = (high - cells.value)[where]
    return down, up


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
