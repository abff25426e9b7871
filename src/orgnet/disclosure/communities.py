"""Detected circles against departments, with cells of few people withheld."""

from __future__ import annotations

import string
from collections import deque

import numpy as np
from msgspec import Struct
from scipy import sparse

from orgnet.diagnosis import CommunityFit, Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps, rounded
from orgnet.disclosure.withholding import BoolArray, IntArray, least_width, reach
from orgnet.report_model import Communities, CommunityRow

#: Circles that get a column; the smaller ones are left out.
MOST_CIRCLES = 26

#: Shares are told in steps of this, people of a circle in steps of so many.
_SHARE_STEP, _PEOPLE_STEP = 0.05, 5

#: In larger tables only the quick rule is asked: where it finds no room a cell counts as exposed.
_MOST_SOLVED = 26 * 25


def released_communities(
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> Communities | None:
    """Return the crosstab of departments and circles in steps of 5 %, few-people cells empty."""
    fit = diagnosis.communities
    if fit is None or len(shown) < 2:
        return None
    labels = fit.labels.to_numpy()
    position = {name: place for place, name in enumerate(diagnosis.groups.names)}
    member = np.stack([diagnosis.groups.codes == position[name] for name in shown])
    circles, people = np.unique(labels[diagnosis.network.observed], return_counts=True)
    large = people >= policy.minimum_group
    order = np.lexsort((circles[large], -people[large]))[:MOST_CIRCLES]
    circles, people = circles[large][order], people[large][order]
    counts = np.array([[(labels[own] == circle).sum() for circle in circles] for own in member])
    counts = counts.reshape(len(shown), len(circles))
    sizes = member.sum(axis=1)
    hidden = withheld_cells(
        counts, sizes, minimum=policy.minimum_group, protection=policy.protection
    )
    return Communities(
        circles=tuple(string.ascii_uppercase[: len(circles)]),
        circle_people=tuple(_PEOPLE_STEP * round(int(count) / _PEOPLE_STEP) for count in people),
        rows=tuple(
            CommunityRow(
                department=name,
                shares=tuple(
                    None if gone else round(20 * int(count) / int(size)) / 20
                    for count, gone in zip(row, gone_row, strict=True)
                ),
            )
            for name, row, gone_row, size in zip(shown, counts, hidden, sizes, strict=True)
        ),
        **_agreement(fit, 0.05 if hidden.any() else 0.01),
    )


def _agreement(fit: CommunityFit, step: float) -> dict[str, float | None]:
    """Return how well circles and departments agree.

    In a small organisation a hundredth would tell which number in a withheld cell is the true one.
    """
    return {
        name: in_steps(fit.agreement[name], step)
        for name in ("ami", "ari", "homogeneity", "completeness")
    } | {
        "modularity_departments": rounded(fit.modularity_formal, 2),
        "modularity_circles": rounded(fit.modularity_detected, 2),
        "louvain_ami": in_steps(fit.louvain_ami, step),
    }


def withheld_cells(
    counts: IntArray, sizes: IntArray, *, minimum: int, protection: float
) -> BoolArray:
    """Choose the cells without a share: those below the minimum, and what would give them away.

    The reader is taken to know how many people are in each department, and knows that shares are
    rounded to 5 % and the people of a circle to 5.

    Parameters
    ----------
    counts
        People of each department (row) in each circle.
    sizes
        People of each department; more than its row where some circles are not shown.
    minimum
        Fewest people that a share may stand for.
    protection
        Width of the interval, as a share of the number, that must remain of a withheld one.

    Examples
    --------
    Two people alone in their row and column would be what the others leave:

    >>> counts = np.array([[20, 2, 10], [9, 30, 9], [8, 8, 30]])
    >>> sizes = counts.sum(axis=1)
    >>> withheld_cells(counts, sizes, minimum=5, protection=0.2).astype(int).tolist()
    [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    """
    hidden = _hidden(counts, minimum)
    waiting = deque(zip(*(place.tolist() for place in np.nonzero(hidden)), strict=True))
    while waiting:
        row, column = waiting.popleft()
        while _Read.of(counts, sizes, hidden).exposed((row, column), protection):
            beside = np.zeros_like(hidden)
            beside[row] = beside[:, column] = True
            for choices in (beside & ~hidden, ~hidden):
                if choices.any():
                    break
            else:
                break
            more = np.unravel_index(np.argmin(np.where(choices, counts, counts.max() + 1)),
                                    counts.shape)  # fmt: skip
            hidden[more] = True
            waiting.append((int(more[0]), int(more[1])))
    return hidden


class _Read(Struct, frozen=True):
    """What a reader of the table knows: between what each cell, and each circle, must be."""

    counts: IntArray
    sizes: IntArray
    low: IntArray
    high: IntArray
    fewest: IntArray
    most: IntArray

    @classmethod
    def of(cls, counts: IntArray, sizes: IntArray, hidden: BoolArray) -> _Read:
        people = sizes[:, None]
        share = np.round(counts / people / _SHARE_STEP) * _SHARE_STEP
        half = _SHARE_STEP / 2
        low = np.where(hidden, 0, np.ceil((share - half) * people - 1e-9)).astype(np.int64)
        high = np.where(hidden, people, np.floor((share + half) * people + 1e-9)).astype(np.int64)
        in_circle = counts.sum(axis=0)
        told = (_PEOPLE_STEP * np.round(in_circle / _PEOPLE_STEP)).astype(np.int64)
        return cls(
            counts=counts,
            sizes=sizes,
            low=low,
            high=high,
            fewest=told - _PEOPLE_STEP // 2,
            most=told + _PEOPLE_STEP // 2,
        )

    def exposed(self, cell: tuple[int, int], protection: float) -> bool:
        """Whether a number can be worked out to within less than it must be open."""
        need = least_width(int(self.counts[cell]), protection)
        if self._in_free_exchange(cell, need):
            return False
        if self.counts.size > _MOST_SOLVED:
            return True
        from scipy.optimize import Bounds, LinearConstraint

        rows, columns = self.counts.shape
        of_row = sparse.kron(sparse.eye_array(rows), np.ones((1, columns)))
        of_column = sparse.kron(np.ones((1, rows)), sparse.eye_array(columns))
        whole = self.counts.sum(axis=1) == self.sizes
        least, most = reach(
            cell[0] * columns + cell[1],
            LinearConstraint(
                sparse.csr_array(sparse.vstack([of_row, of_column])),
                np.concatenate([np.where(whole, self.sizes, 0), self.fewest]),
                np.concatenate([self.sizes, self.most]),
            ),
            Bounds(self.low.ravel(), self.high.ravel()),
            true=float(self.counts[cell]),
        )
        return most - least < need

    def _in_free_exchange(self, cell: tuple[int, int], need: int) -> bool:
        """Whether the cell can move far enough beside a few others: quick, never too hopeful.

        One more in it is one less beside it, in a circle that may be smaller as well; or it is one
        less beside it, one less below it and one more in the fourth cell of the square.
        """
        row, column = cell
        circle = self.counts.sum(axis=0)
        up, down = self.high - self.counts >= need, self.counts - self.low >= need
        wider, narrower = self.most - circle >= need, circle - self.fewest >= need
        others = np.ones_like(up)
        others[row] = others[:, column] = False
        beside = np.arange(len(circle)) != column
        for own, back, out, into in ((up, down, wider, narrower), (down, up, narrower, wider)):
            if not own[cell]:
                continue
            if out[column] and (back[row] & into & beside).any():
                return True
            if (back[row][None, :] & own & back[:, column][:, None] & others).any():
                return True
        return False


def _hidden(counts: IntArray, minimum: int) -> BoolArray:
    """Cells below the minimum; and where one stands alone in its line, the next larger as well."""
    hidden = counts < minimum
    for _ in range(2):
        for lines, values in ((hidden, counts), (hidden.T, counts.T)):
            for line, value in zip(lines, values, strict=True):
                if line.sum() == 1 and not line.all():
                    line[np.flatnonzero(~line)[np.argmin(value[~line])]] = True
    return hidden
