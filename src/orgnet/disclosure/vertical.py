"""Contact along the reporting lines: figures of the whole organisation that tell of nobody."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.agreement import few_disagree
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps, rounded
from orgnet.disclosure.withholding import reach
from orgnet.measures.reporting_lines import climb, depths, managers
from orgnet.measures.vertical_contact import MANAGER, VerticalContact
from orgnet.report_model import Mode, TreeStep, Vertical

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Managers with more and with fewer reports than these have wide and narrow spans.
WIDE_SPAN, NARROW_SPAN = 12, 3

#: Shares of people are told in steps of this.
_STEP = 0.05

#: Beside figures in hundredths, a share that is open by less is as good as told.
_AS_GOOD_AS_TOLD = 0.03

#: Share of people beyond the 90 % quantile.
_TAIL = 0.1


def released_vertical(
    diagnosis: Diagnosis, policy: DisclosurePolicy, mode: Mode
) -> Vertical | None:
    """Return what may be told of the reporting lines; None without enough managers to tell of.

    A figure is withheld where fewer people than the minimum stand behind it, where it would count
    so few, and where one person has more than half of what it is about. Nothing is told where few
    did not agree to a team edition: what that shows of the others would leave theirs.
    """
    found = diagnosis.vertical
    if found is None or mode == "small" or len(found.spans) < policy.minimum_group:
        return None
    if few_disagree(diagnosis.network.people, policy.minimum_group):
        return None
    chart = _Chart(diagnosis, policy)
    spans = found.spans.to_numpy()
    wide, narrow = int((spans > WIDE_SPAN).sum()), int((spans < NARROW_SPAN).sum())
    line = chart.superiors(1)
    shares = chart.directions(found)
    return Vertical(
        managers=len(spans),
        layers=chart.layers(),
        span_median=rounded(float(np.median(spans)), 1),
        span_wide=share_of_people(wide, len(spans), policy.minimum_group),
        span_narrow=share_of_people(narrow, len(spans), policy.minimum_group),
        line_contact=chart.share_with_superior(found.line_contact, line),
        skip_level_contact=chart.share_with_superior(found.skip_level_contact, chart.superiors(2)),
        share_line=shares[0],
        share_lateral=shares[1],
        share_cross=shares[2],
        share_diagonal=shares[3],
        **_to_top(found.to_top, policy),
        **_overlap(found.overlap, len(line) >= policy.minimum_group),
        profile=chart.profile(found.profile),
    )


def share_of_people(count: int, people: int, minimum: int) -> float | None:
    """Return a share of people in steps of 5 %, None where it would count a few.

    Examples
    --------
    Of 40 people 30; of 40 people 38, which leaves two; of 400 people 398, where the step says
    anything up to ten.

    >>> share_of_people(30, 40, 5), share_of_people(38, 40, 5), share_of_people(398, 400, 5)
    (0.75, None, 1.0)
    """
    if people < minimum:
        return None
    told = in_steps(count / people, _STEP)
    few = 0 < min(count, people - count) < minimum
    if told is None or (few and (min(told, 1 - told) + _STEP / 2) * people < minimum):
        return None
    return told


def withheld_shares(
    shares: Sequence[float], hidden: Sequence[bool], within: float, *, protection: float
) -> list[bool]:
    """Choose the shares by direction that are withheld, so that none of them can be worked out.

    Parameters
    ----------
    shares, hidden
        Of contact in line, within units, across them and diagonally; those withheld for a reason of
        their own.
    within
        Share of all contact that is within units, which a reader knows: that in line is partly so.
    protection
        Width of the interval, as a share of the figure, that must remain.

    Examples
    --------
    Contact in line and across units is withheld. All but a hundredth of that in line is within
    units, so that it would be known to a fiftieth:

    >>> withheld_shares([0.31, 0.4, 0.01, 0.28], [True, False, True, False], 0.7, protection=0.2)
    [True, False, True, True]
    """
    from scipy.optimize import Bounds, LinearConstraint

    hidden = list(hidden)
    # In line within a unit and across units, then the other three directions.
    in_line = min(max(within - shares[1], 0.0), shares[0])
    parts = [in_line, shares[0] - in_line, *shares[1:]]
    directions = ([0, 1], [2], [3], [4])
    # Everybody knows the chart: whether a line crosses units at all.
    most_of = np.array([1.0, float(parts[1] > 1e-9), 1.0, 1.0, 1.0, 1.0])
    while any(hidden) and not all(hidden):
        told = [[1, 0, 1, 0, 0], [0, 1, 0, 1, 1]]
        told += [
            [int(part in of) for part in range(5)]
            for of, gone in zip(directions, hidden, strict=True)
            if not gone
        ]
        sums = np.array(told, dtype=float) @ parts
        exposed = False
        for at in np.flatnonzero(hidden).tolist():
            # The whole of what is in line is a sixth number, the sum of its two parts.
            matrix = np.column_stack([told, np.zeros(len(told))])
            row = [float(part in directions[at]) for part in range(5)] + [-1.0]
            least, most = reach(
                5,
                LinearConstraint(np.vstack([matrix, row]), [*sums, 0.0], [*sums, 0.0]),
                Bounds(np.zeros(6), most_of),
                true=shares[at],
                whole=False,
            )
            need = max(protection * shares[at], min(_AS_GOOD_AS_TOLD, shares[at]))
            exposed |= most - least < need - 1e-9
        if not exposed:
            break
        hidden[min((i for i in range(4) if not hidden[i]), key=lambda i: shares[i])] = True
    return hidden


class _Chart:
    """The reporting lines of the people observed, with what a policy lets be told of them."""

    def __init__(self, diagnosis: Diagnosis, policy: DisclosurePolicy) -> None:
        self._network = diagnosis.network
        self._groups = diagnosis.groups
        self._policy = policy
        self._boss: IntArray = managers(diagnosis.network, MANAGER)
        self._depth = depths(self._boss)
        pairs = diagnosis.network.pairs
        up, other = climb(self._boss, pairs.first, pairs.second)
        self._distance: IntArray = np.where(up >= 0, up + other, -1)
        self._in_line: BoolArray = (up >= 0) & (np.minimum(up, other) == 0)

    def superiors(self, steps: int) -> IntArray:
        """Return the superior so many steps up of everybody observed whose own was observed."""
        above = np.arange(len(self._boss))
        for _ in range(steps):
            above = np.where(above >= 0, self._boss[above], -1)
        observed = self._network.observed
        counted = (above >= 0) & observed & observed[above] & (above != np.arange(len(above)))
        return np.asarray(above[counted], dtype=np.int64)

    def share_with_superior(self, share: float, superiors: IntArray) -> float | None:
        """Return a share of those who have a superior, unless one has more than half of them."""
        people, minimum = len(superiors), self._policy.minimum_group
        if math.isnan(share) or people < minimum or len(np.unique(superiors)) < minimum:
            return None
        if np.bincount(superiors).max() > self._policy.dominance * people:
            return None
        return share_of_people(round(share * people), people, minimum)

    def layers(self) -> int | None:
        """Count the layers, those of few people with the next one."""
        on_chart = self._boss >= 0
        on_chart[self._boss[on_chart]] = True
        depth = self._depth[on_chart & self._network.observed]
        sizes = np.bincount(depth[~np.isnan(depth)].astype(np.int64))
        told, waiting = 0, 0
        for size in sizes.tolist():
            waiting += size
            if waiting >= self._policy.minimum_group:
                told, waiting = told + 1, 0
        return told or None

    def directions(self, found: VerticalContact) -> tuple[float | None, ...]:
        """Return the shares of contact in line, within units, across them and diagonally.

        They add up to 1, and the report tells elsewhere which part of all contact is across units:
        so many are withheld that none of them can be worked out.
        """
        told = found.coverage
        if told.isna().all():
            return (None,) * 4
        pairs, codes = self._network.pairs, self._groups.codes
        first, second = pairs.first, pairs.second
        known = (codes[first] >= 0) & (codes[second] >= 0)
        known &= ~np.isnan(self._depth[first]) & ~np.isnan(self._depth[second])
        same_unit = codes[first] == codes[second]
        same_layer = self._depth[first] == self._depth[second]
        aside = known & ~self._in_line
        kinds = (
            (known & self._in_line, told["reporting_line"] + told["further_line"]),
            (aside & same_unit, told["lateral_within"]),
            (aside & ~same_unit & same_layer, told["lateral_across"]),
            (aside & ~same_unit & ~same_layer, told["diagonal"]),
        )
        shares = [float(share) for _, share in kinds]
        hidden = [not self._tellable(which) for which, _ in kinds]
        within = float(pairs.strength[known & same_unit].sum() / pairs.strength[known].sum())
        hidden = withheld_shares(shares, hidden, within, protection=self._policy.protection)
        return tuple(
            None if gone else rounded(share, 2) for share, gone in zip(shares, hidden, strict=True)
        )

    def profile(self, profile: pd.DataFrame) -> tuple[TreeStep, ...]:
        """Return the strength by distance, up to the last distance that may be told."""
        minimum = self._policy.minimum_group
        # Fewer people than the minimum do not make so many pairs.
        enough = profile["pairs"] > (minimum - 1) * (minimum - 2) / 2
        steps = [
            TreeStep(
                distance=int(distance),
                strength=rounded(float(strength), 2)
                if pairs_enough and self._tellable(self._distance == distance)
                else None,
            )
            for distance, strength, pairs_enough in zip(
                profile.index, profile["strength"], enough, strict=True
            )
        ]
        while steps and steps[-1].strength is None:
            steps.pop()
        return tuple(steps)

    def _tellable(self, which: BoolArray) -> bool:
        """Whether enough people have such ties and none of them more than half; or nobody has."""
        if not which.any():
            return True
        pairs = self._network.pairs
        ends = np.concatenate([pairs.first[which], pairs.second[which]])
        strength = np.concatenate([pairs.strength[which]] * 2)
        people, place = np.unique(ends, return_inverse=True)
        own = np.bincount(place, strength)
        total = strength.sum() / 2
        return bool(
            len(people) >= self._policy.minimum_group
            and own.max() <= self._policy.dominance * total
        )


def _to_top(found: pd.Series[float], policy: DisclosurePolicy) -> dict[str, float | None]:
    people, minimum = found["people"], policy.minimum_group
    names = ("distance_to_top", "distance_to_top_90", "unreachable")
    if math.isnan(people) or people < minimum:
        return dict.fromkeys(names, None)
    lost = round(float(found["unreachable"]) * people)
    near = people - lost >= minimum
    # The tenth that is farther away is a figure about them.
    tail = (people - lost) * _TAIL >= minimum
    return {
        "distance_to_top": rounded(found["mean"], 1) if near else None,
        "distance_to_top_90": rounded(found["quantile_90"], 0) if tail else None,
        "unreachable": share_of_people(lost, int(people), minimum),
    }


def _overlap(found: pd.Series[float], enough: bool) -> dict[str, float | None]:
    return {
        "overlap": rounded(found["correlation"], 2) if enough else None,
        "overlap_p": rounded(found["p"], 3) if enough else None,
    }
