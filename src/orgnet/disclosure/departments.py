"""Which departments may be shown, and their figures."""

from __future__ import annotations

import math

import numpy as np

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps
from orgnet.report_model import Department, DepartmentCoverage

#: From so many people on, shares in such steps do not tell head counts.
_STEPS = ((500, 0.01), (100, 0.05), (0, 0.1))


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
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...], *, exact_people: bool
) -> tuple[Department, ...]:
    """Return the figures of the shown departments; a figure that hangs on one person is withheld.

    Parameters
    ----------
    diagnosis, policy, shown
        What was found, the rules, and which departments may be shown.
    exact_people
        False where exact head counts would give away the size of a department not shown. Head
        counts are then in steps of 5, and shares and openness in steps that are wider than what
        a few people change in them.
    """
    columns = ["people", "external_share", "expected_external", "openness", "low", "high"]
    table = diagnosis.departments[columns].astype(float).to_dict(orient="index")
    dominated = _dominated(diagnosis, policy)
    gate = diagnosis.gates["silos"]
    n = diagnosis.network.n
    step = 0.01 if exact_people else next(step for least, step in _STEPS if n >= least)
    result = []
    for name in shown:
        row = table[name]
        reason = (
            gate.key
            if gate is not None
            else "one_person"
            if name in dominated
            else "no_ties"
            if math.isnan(row["external_share"])
            else None
        )
        inside = None if reason else in_steps(1 - row["external_share"], step)
        result.append(
            Department(
                name=name,
                people=_people(int(row["people"]), exact_people),
                share_inside=inside,
                expected_inside=None if reason else in_steps(1 - row["expected_external"], step),
                openness=None if reason else in_steps(row["openness"], step),
                low=None if reason else in_steps(row["low"], step),
                high=None if reason else in_steps(row["high"], step),
                silo=any(f.kind == "silo" and f.subject == (name,) for f in diagnosis.findings)
                and reason is None,
                reason=reason,
            )
        )
    return tuple(result)


def department_coverage(
    diagnosis: Diagnosis, shown: tuple[str, ...], *, exact_people: bool
) -> tuple[DepartmentCoverage, ...]:
    """Return the share of each shown department's people that were seen, in steps of 5 %."""
    people = diagnosis.network.people
    seen = diagnosis.network.observed
    result = []
    for name in shown:
        member = (people[diagnosis.by].astype(str) == name).to_numpy()
        known = int(member.sum())
        share = round(20 * float(seen[member].mean())) / 20 if known else 0.0
        result.append(
            DepartmentCoverage(
                department=name,
                people=_people(int((member & seen).sum()), exact_people),
                share=share,
            )
        )
    return tuple(result)


def _people(count: int, exact: bool) -> int:
    return count if exact else 5 * round(count / 5)


def _dominated(diagnosis: Diagnosis, policy: DisclosurePolicy) -> set[str]:
    """Departments more than half of whose contact is one person's."""
    strength = np.nan_to_num(diagnosis.people["strength"].to_numpy(dtype=float))
    codes = diagnosis.groups.codes
    result = set()
    for position, name in enumerate(diagnosis.groups.names):
        own = strength[codes == position]
        if own.sum() > 0 and own.max() > policy.dominance * own.sum():
            result.add(name)
    return result
