"""Contact between departments: which numbers are shown, which words, which nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from orgnet.diagnosis import WEAK_RATIO, Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import rounded, rounded_count
from orgnet.disclosure.withholding import Cells, withhold
from orgnet.report_model import Contact, Pair

#: Below the first, contact is "fewer" than expected, above the second "more".
FEWER, MORE = 2 / 3, 3 / 2


def released_pairs(
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> tuple[Pair, ...]:
    """Return every pair of shown departments, its number shown, told in words or withheld.

    Withheld are numbers behind which stand fewer people than the minimum on either side, those
    that one person dominates, and as many others as it takes that nobody can work these out. No
    tie at all is shown as none: it says something of both departments and of nobody in them.
    """
    table = diagnosis.pairs
    table = table[table["group_a"].isin(shown) & table["group_b"].isin(shown)]
    table = table.reset_index(drop=True)
    if table.empty:
        return ()
    reasons = np.array([_primary(row, policy) for row in _rows(table)], dtype=object)
    weak = {f.subject for f in diagnosis.findings if f.kind == "weak_link"}
    words = [
        _word(row, reason, (row["group_a"], row["group_b"]) in weak)
        for row, reason in zip(_rows(table), reasons, strict=True)
    ]
    cells = _cells(table, words, shown, weak)
    primary = np.array([reason is not None for reason in reasons])
    withheld, exposed = withhold(
        cells,
        primary,
        protection=policy.protection,
        outside=len(shown) < len(diagnosis.groups.names),
    )
    reasons[withheld & ~primary] = "complementary"
    estimated = len(shown) > 3
    return tuple(
        _pair(row, reason, None if bare else word, estimated, weak)
        for row, reason, word, bare in zip(_rows(table), reasons, words, exposed, strict=True)
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_dict(orient="records")  # type: ignore[assignment]
    return rows


def _primary(row: Mapping[str, Any], policy: DisclosurePolicy) -> str | None:
    if row["ties"] == 0:
        return None
    if min(row["people_a"], row["people_b"]) < policy.minimum_group:
        return "few_people"
    return "one_person" if row["largest"] > policy.dominance else None


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


def _cells(
    table: pd.DataFrame,
    words: list[Contact | None],
    shown: tuple[str, ...],
    weak: set[tuple[str, ...]],
) -> Cells:
    """Return what a reader knows of each cell when its number is withheld."""
    position = {name: place for place, name in enumerate(shown)}
    expected = table["expected"].fillna(np.inf).to_numpy(dtype=float)
    lowest = np.zeros(len(table))
    highest = np.full(len(table), np.inf)
    for place, word in enumerate(words):
        pair = (table["group_a"].iat[place], table["group_b"].iat[place])
        if word == "fewer":
            highest[place] = (WEAK_RATIO if pair in weak else FEWER) * expected[place]
        elif word == "as_expected":
            lowest[place], highest[place] = FEWER * expected[place], MORE * expected[place]
        elif word == "more":
            lowest[place] = MORE * expected[place]
    value = table["ties"].to_numpy(dtype=float)
    return Cells(
        first=np.array([position[name] for name in table["group_a"]], dtype=np.int64),
        second=np.array([position[name] for name in table["group_b"]], dtype=np.int64),
        value=value,
        lowest=np.minimum(lowest, value),
        highest=np.maximum(highest, value),
        k=len(shown),
    )


def _pair(
    row: Mapping[str, Any],
    reason: str | None,
    word: Contact | None,
    estimated: bool,
    weak: set[tuple[str, ...]],
) -> Pair:
    a, b = str(row["group_a"]), str(row["group_b"])
    number = reason is None
    modelled = number and estimated and math.isfinite(row["expected"])
    return Pair(
        group_a=a,
        group_b=b,
        ties=int(row["ties"]) if number else None,
        expected=rounded_count(row["expected"]) if modelled else None,
        ratio=rounded(row["ratio"], 2) if modelled else None,
        low=rounded(row["low"], 2) if modelled else None,
        high=rounded(row["high"], 2) if modelled else None,
        q=rounded(row["q"], 3) if modelled else None,
        contact=word if estimated or word == "none" else None,
        weak=(a, b) in weak,
        reason=reason if reason or modelled else "not_estimated",
    )
