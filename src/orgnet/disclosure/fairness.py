"""Whether something else than habits explains findings: a note on bias, about nobody in particular.

Part-timers have fewer contacts because they are there less; a department in another town looks like
a silo. Such a note tells shares of groups of people, all of them of at least the minimum, or it
tells nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps
from orgnet.measures.people_traits import places, traits
from orgnet.measures.place_mixing import place_mixing
from orgnet.report_model import Mode, Notice
from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.stratified_tables import StratifiedTable, stratified_table

BoolArray = npt.NDArray[np.bool_]

#: Few contacts has so large a share of the people, those with fewest; at most so many, where many
#: have the same number.
_FEWEST, _MOST_OF_FEW = 0.2, 0.35

#: A note needs a rate of false alarms of at most this, and a difference worth a word: of the two
#: shares, and of their ratio.
_Q, _DIFFERENCE, _RATIO = 0.05, 0.1, 1.5

#: A place explains a silo where it explains at least so much of it.
_EXPLAINED = 0.5

_STEP = 0.05


class _Suspicion(Struct, frozen=True):
    """Something that may be noted, with its p."""

    p: float
    notice: Notice


def fairness_notes(
    diagnosis: Diagnosis, policy: DisclosurePolicy, mode: Mode, silos: tuple[str, ...]
) -> tuple[Notice, ...]:
    """Return notes on findings that part-time, location, tenure or language may explain.

    Parameters
    ----------
    diagnosis, policy
        What was found, and the rules.
    mode
        No note is made of a small organisation.
    silos
        Departments of which the report says that they are silos.
    """
    if mode == "small":
        return ()
    suspected = [*_of_people(diagnosis, policy), *_of_silos(diagnosis, policy, silos)]
    q = benjamini_hochberg(np.array([one.p for one in suspected], dtype=float))
    return tuple(
        one.notice for one, rate in zip(suspected, q, strict=True) if rate <= _Q and one.notice[0]
    )


def _of_people(diagnosis: Diagnosis, policy: DisclosurePolicy) -> list[_Suspicion]:
    """Compare people with few contacts, and those on whom contact hangs, with the others."""
    observed = diagnosis.network.observed
    stratum = diagnosis.groups.codes + 1
    found = []
    outcomes = {"few_contacts": _few_contacts(diagnosis), "bottlenecks": _holders(diagnosis)}
    for trait, values in traits(diagnosis.network, diagnosis.by).items():
        has = values.reindex(diagnosis.network.index).to_numpy(dtype=float)
        used = observed & ~np.isnan(has)
        for outcome, with_it in outcomes.items():
            table = stratified_table(has[used] == 1, with_it[used], stratum[used])
            if not np.isnan(table.p) and _enough(table, policy):
                key = f"fairness_{outcome}_{trait}" if _worth_a_word(table) else ""
                found.append(_Suspicion(table.p, (key, _shares(table))))
    return found


def _few_contacts(diagnosis: Diagnosis) -> BoolArray:
    contacts = diagnosis.people["contacts"].to_numpy(dtype=float)
    known = contacts[~np.isnan(contacts)]
    if not len(known):
        return np.zeros(len(contacts), dtype=bool)
    few: BoolArray = contacts <= np.quantile(known, _FEWEST, method="lower")
    return few if few.sum() <= _MOST_OF_FEW * len(known) else np.zeros(len(few), dtype=bool)


def _holders(diagnosis: Diagnosis) -> BoolArray:
    subjects = {f.subject for f in diagnosis.findings if f.kind == "bottleneck"}
    pairs = diagnosis.pairs
    names = zip(pairs["group_a"], pairs["group_b"], pairs["person"], strict=True)
    people = {person for a, b, person in names if (a, b) in subjects}
    return np.asarray(diagnosis.network.index.isin(people))


def _enough(table: StratifiedTable, policy: DisclosurePolicy) -> bool:
    """Whether every cell that can be worked out from the shares holds the minimum of people."""
    cells = (table.both, table.trait_only, table.outcome_only, table.neither)
    return min(cells) >= policy.minimum_group


def _worth_a_word(table: StratifiedTable) -> bool:
    more = table.share_with - table.share_without
    return more >= _DIFFERENCE and table.share_with >= _RATIO * table.share_without


def _shares(table: StratifiedTable) -> tuple[tuple[str, float], ...]:
    low, high = table.difference_interval()
    told = {"share": table.share_with, "others": table.share_without, "low": low, "high": high}
    return tuple((name, in_steps(value, _STEP) or 0.0) for name, value in told.items())


def _of_silos(
    diagnosis: Diagnosis, policy: DisclosurePolicy, silos: tuple[str, ...]
) -> list[_Suspicion]:
    """Compare the silos with what the places of their people would give them."""
    found = []
    for name, place in places(diagnosis.network).items() if silos else ():
        seen = place[diagnosis.network.observed]
        sizes = seen[seen != ""].value_counts()
        if int((sizes >= policy.minimum_group).sum()) < 2:
            continue
        mixed = place_mixing(diagnosis.network, place, by=diagnosis.by, seed=diagnosis.seed)
        for silo in silos:
            explained = float(mixed.explained[silo])
            key = f"fairness_silo_{name}" if explained >= _EXPLAINED else ""
            found.append(_Suspicion(mixed.p, (key, (("department", silo),))))
    return found
