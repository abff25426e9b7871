"""Which departments may be shown, and their figures."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.headcounts import HeadCounts
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import rounded
from orgnet.report_model import Department, DepartmentCoverage

#: Of more people several counts always fit a share in steps of 5 %.
_ALWAYS_SEVERAL = 60


def shown_departments(diagnosis: Diagnosis, policy: DisclosurePolicy) -> tuple[str, ...]:
    """Return the departments with at least the minimum of contributing people, by name."""
    contacts = diagnosis.people["contacts"].to_numpy(dtype=float)
    codes = diagnosis.groups.codes
    contributing = np.bincount(
        codes[(codes >= 0) & (contacts > 0)], minlength=len(diagnosis.groups.names)
    )
    sizes = diagnosis.groups.sizes
    return tuple(
        name
        for name, size, active in zip(diagnosis.groups.names, sizes, contributing, strict=True)
        if min(size, active) >= policy.minimum_group
    )


def released_departments(
    diagnosis: Diagnosis, policy: DisclosurePolicy, people: HeadCounts
) -> tuple[Department, ...]:
    """Return the figures of the shown departments; a figure that hangs on one person is withheld.

    What headcount alone would give follows from the head counts as they are told, and openness from
    both, so that these figures say nothing more about the size of departments not shown.

    Parameters
    ----------
    diagnosis, policy
        What was found, and the rules.
    people
        Head counts of the departments that may be shown.
    """
    columns = ["external_share", "expected_external", "low", "high"]
    table = diagnosis.departments[columns].astype(float).to_dict(orient="index")
    dominated = _dominated(diagnosis, policy)
    gate = diagnosis.gates["silos"]
    silos = {f.subject for f in diagnosis.findings if f.kind == "silo"}
    result = []
    for name, count in people.counts.items():
        row = table[name]
        reason = (
            gate.key
            if gate is not None
            else dominated[name]
            if name in dominated
            else "no_ties"
            if math.isnan(row["external_share"])
            else None
        )
        outside = 1 - people.expected_inside(name)
        # Exact head counts leave the openness of the diagnosis as it is.
        scale = row["expected_external"] / outside
        share = row["external_share"] if people.exact else round(row["external_share"], 2)
        result.append(
            Department(
                name=name,
                people=count,
                share_inside=None if reason else rounded(1 - share, 2),
                expected_inside=None if reason else rounded(1 - outside, 2),
                openness=None if reason else rounded(share / outside, 2),
                low=None if reason else rounded(row["low"] * scale, 2),
                high=None if reason else rounded(row["high"] * scale, 2),
                silo=(name,) in silos and reason is None,
                reason=reason,
            )
        )
    return tuple(result)


def department_coverage(
    diagnosis: Diagnosis, people: HeadCounts, minimum: int
) -> tuple[DepartmentCoverage, ...]:
    """Return the share of each shown department's people that were seen, in steps of 5 %.

    A department is left out where a few were not seen and the share would count them; and where it
    is the only such one another with it, for the total is known. All of them are where that total
    is a few and any share is below 1, which would tell where they are.
    """
    known, seen = people_known(diagnosis), diagnosis.network.observed
    roster = diagnosis.network.people[diagnosis.by].astype(str).to_numpy()
    there = {name: int(seen[roster == name].sum()) for name in people.counts}
    left_out = {
        name
        for name, count in there.items()
        if 0 < known[name] - count < minimum and _counts_them(count, known[name], people.exact)
    }
    unseen = len(diagnosis.network.people) - diagnosis.network.n
    if 0 < unseen < minimum and any(_seen_share(there[name], known[name]) < 1 for name in there):
        return ()
    if len(left_out) == 1:
        others = [name for name in there if name not in left_out]
        left_out |= set(sorted(others, key=lambda name: (there[name], name))[:1])
    return tuple(
        DepartmentCoverage(
            department=name, people=count, share=_seen_share(there[name], known[name])
        )
        for name, count in people.counts.items()
        if name not in left_out
    )


def people_known(diagnosis: Diagnosis) -> Counter[str]:
    """Count everybody known in each department, seen or not."""
    return Counter(diagnosis.network.people[diagnosis.by].astype(str).tolist())


def _seen_share(seen: int, known: int) -> float:
    return round(20 * seen / known) / 20 if known else 0.0


def _counts_them(seen: int, known: int, exact: bool) -> bool:
    """Whether a single number of people not seen fits the share, beside the head count as told."""
    if known > _ALWAYS_SEVERAL:
        return False
    share = _seen_share(seen, known)
    counts = [seen] if exact else range(max(seen - 2, 1), seen + 3)
    fitting = {
        many - count
        for count in counts
        for many in range(count, 2 * count + known)
        if _seen_share(count, many) == share
    }
    return len(fitting) == 1


def _dominated(diagnosis: Diagnosis, policy: DisclosurePolicy) -> dict[str, str]:
    """Departments more than half of whose contact is one person's, with the reason to be told."""
    strength = np.nan_to_num(diagnosis.people["strength"].to_numpy(dtype=float))
    codes = diagnosis.groups.codes
    reason = policy.reason_of_one_person
    result = {}
    for position, name in enumerate(diagnosis.groups.names):
        own = strength[codes == position]
        if own.sum() > 0 and own.max() > policy.dominance * own.sum():
            result[name] = reason
    return result
