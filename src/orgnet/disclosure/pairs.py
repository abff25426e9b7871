"""Contact between departments: which numbers are shown, which words, which nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from scipy import special

from orgnet.diagnosis import WEAK_Q, WEAK_RATIO, Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import rounded, rounded_count
from orgnet.disclosure.withholding import Cells, withhold
from orgnet.frames import rows_of
from orgnet.report_model import Contact, Pair
from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.quasi_independence import overdispersion, ratio_interval

#: Below the first, contact is "fewer" than expected, above the second "more".
FEWER, MORE = 2 / 3, 3 / 2

#: With fewer groups shown nothing is said of what would be expected.
_ESTIMATED_GROUPS = 4

#: What each word says of the number, as shares of what is expected.
_SAYS: Mapping[str | None, tuple[float, float]] = {
    "fewer": (0.0, FEWER),
    "as_expected": (FEWER, MORE),
    "more": (MORE, math.inf),
}


def released_pairs(
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> tuple[Pair, ...]:
    """Return every pair of shown departments, its number shown, told in words or withheld.

    Withheld are numbers behind which stand fewer people than the minimum on either side, those
    that one person dominates, and as many others as it takes that nobody can work these out. No
    tie at all is shown as none: it says something of both departments and of nobody in them.

    Intervals and q are computed again from the numbers shown: those of the diagnosis depend on all
    cells, so that a withheld one could be tried out until they come right.
    """
    table = diagnosis.pairs
    table = table[table["group_a"].isin(shown) & table["group_b"].isin(shown)]
    table = table.reset_index(drop=True)
    if table.empty:
        return ()
    weak = {f.subject for f in diagnosis.findings if f.kind == "weak_link"}
    cells = [_Cell.of(row, policy, weak) for row in rows_of(table)]
    # What is expected gives the row totals away: without it nothing has to be kept for others.
    estimated = len(shown) >= _ESTIMATED_GROUPS and "reason" not in diagnosis.pairs.attrs
    if estimated:
        estimated = _complete(cells, diagnosis, policy, shown)
    figures = _figures(table, cells, diagnosis.pairs.attrs["overdispersion"])
    return tuple(
        _pair(cell, row if estimated else None)
        for cell, row in zip(cells, rows_of(figures), strict=True)
    )


class _Cell(Struct):
    """One pair of departments on its way out."""

    group_a: str
    group_b: str
    ties: int
    expected: float
    ratio: float
    weak: bool
    reason: str | None
    word: Contact | None

    @classmethod
    def of(
        cls, row: Mapping[str, Any], policy: DisclosurePolicy, weak: set[tuple[str, ...]]
    ) -> _Cell:
        a, b = str(row["group_a"]), str(row["group_b"])
        reason = _primary(row, policy)
        return cls(
            group_a=a,
            group_b=b,
            ties=int(row["ties"]),
            expected=float(row["expected"]),
            ratio=float(row["ratio"]),
            weak=(a, b) in weak,
            reason=reason,
            word=_word(row, reason, (a, b) in weak),
        )


def _primary(row: Mapping[str, Any], policy: DisclosurePolicy) -> str | None:
    if row["ties"] == 0:
        return None
    if min(row["people_a"], row["people_b"]) < policy.minimum_group:
        return "few_people"
    return policy.concentrated(row["largest"], row["rest"])


def _word(row: Mapping[str, Any], reason: str | None, weak: bool) -> Contact | None:
    if row["ties"] == 0:
        return "none"
    ratio = row["ratio"]
    if math.isnan(ratio):
        return None
    if ratio < FEWER or weak:
        return "fewer"
    if reason == "few_people":
        # That contact is thin is true of everybody in both departments; more than that would
        # be about the few.
        return None
    return "more" if ratio > MORE else "as_expected"


def _complete(
    cells: list[_Cell], diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> bool:
    """Withhold what gives others away; return whether expected values may be shown at all."""
    known = _known(cells, diagnosis, policy, shown)
    count = len(cells)
    primary = np.zeros(len(known.value), dtype=bool)
    primary[:count] = [cell.reason is not None for cell in cells]
    left = withhold(known, primary, protection=policy.protection)
    if not left.safe:
        return False
    for cell, withheld, silent in zip(
        cells, left.withheld[:count], left.silent[:count], strict=True
    ):
        if withheld and cell.reason is None:
            cell.reason = "complementary"
        if silent:
            cell.word = None
    return True


def _known(
    cells: list[_Cell], diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> Cells:
    """Return what a reader knows of each number when it is withheld.

    All departments that are not shown are one more: it has contact with every other.
    """
    position = {name: place for place, name in enumerate(shown)}
    outside = len(shown)
    size = dict(zip(diagnosis.groups.names, diagnosis.groups.sizes.tolist(), strict=True))
    minimum = policy.minimum_group
    first, second, value, lowest, highest, told = [], [], [], [], [], []
    for cell in cells:
        a, b = size[cell.group_a], size[cell.group_b]
        few = cell.reason == "few_people"
        first.append(position[cell.group_a])
        second.append(position[cell.group_b])
        value.append(cell.ties)
        lowest.append(1.0 if few else float(minimum))
        most = float((minimum - 1) * max(a, b) if few else a * b)
        highest.append(min(most, WEAK_RATIO * cell.expected) if cell.weak else most)
        low, high = _SAYS.get(cell.word, (0.0, math.inf))
        told.append((low * cell.expected, high * cell.expected) if high else (0.0, math.inf))
    elsewhere = _contact_outside(diagnosis, position)
    rest = len(elsewhere)
    told_lowest, told_highest = np.nan_to_num(np.array(told), posinf=np.inf).T
    return Cells(
        first=np.array(first + list(range(rest)), dtype=np.int64),
        second=np.array(second + [outside] * rest, dtype=np.int64),
        value=np.array(value + elsewhere, dtype=np.int64),
        lowest=np.array(lowest + [0.0] * rest),
        highest=np.array(highest + [math.inf] * rest),
        told_lowest=np.concatenate([told_lowest, np.zeros(rest)]),
        told_highest=np.concatenate([told_highest, np.full(rest, np.inf)]),
        guarded=np.arange(len(cells) + rest) < len(cells),
        k=outside + (1 if rest else 0),
    )


def _contact_outside(diagnosis: Diagnosis, position: Mapping[str, int]) -> list[int]:
    """Return each shown department's ties with those not shown; empty if all are shown."""
    if len(position) == len(diagnosis.groups.names):
        return []
    result = [0] * len(position)
    for row in rows_of(diagnosis.pairs[["group_a", "group_b", "ties"]]):
        ends = [position.get(str(row["group_a"])), position.get(str(row["group_b"]))]
        inside = [end for end in ends if end is not None]
        if len(inside) == 1:
            result[inside[0]] += int(row["ties"])
    return result


def _figures(table: pd.DataFrame, cells: list[_Cell], dispersion: float) -> pd.DataFrame:
    """Return ``low``, ``high`` and ``q`` as the numbers that are shown alone would give them."""
    shown = np.array([cell.reason is None for cell in cells])
    tested = shown & table["p"].notna().to_numpy()
    residual = table["z"].to_numpy(dtype=float) * math.sqrt(dispersion)
    spread = overdispersion(residual[tested])
    ties, expected = table["ties"].to_numpy(float), table["expected"].to_numpy(float)
    low, high = ratio_interval(ties, expected, spread)
    q = benjamini_hochberg(np.where(tested, special.ndtr(residual / math.sqrt(spread)), np.nan))
    weak = np.array([cell.weak for cell in cells])
    # A weak link passed the test of all cells together: its q is that limit at most.
    return pd.DataFrame({"low": low, "high": high, "q": np.where(weak, np.minimum(q, WEAK_Q), q)})


def _pair(cell: _Cell, figures: Mapping[str, Any] | None) -> Pair:
    number = cell.reason is None
    modelled = number and figures is not None and math.isfinite(cell.expected)
    found = figures if modelled and figures is not None else {}
    return Pair(
        group_a=cell.group_a,
        group_b=cell.group_b,
        ties=cell.ties if number else None,
        expected=rounded_count(cell.expected) if modelled else None,
        ratio=rounded(cell.ratio, 2) if modelled else None,
        low=rounded(found["low"], 2) if found else None,
        high=rounded(found["high"], 2) if found else None,
        q=rounded(found["q"], 3) if found else None,
        contact=cell.word if figures is not None or cell.word == "none" else None,
        weak=cell.weak,
        reason=cell.reason if cell.reason or modelled else "not_estimated",
    )
