"""What changed between two periods, on its way out.

Two reports in a row, or the two periods of one, must not tell of those who joined or left by their
difference. Everything here is about the people seen in both periods. Where those differ from the
people of the other figures by a few, figures are in coarse steps.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps, rounded, score_step
from orgnet.gates import index_gate
from orgnet.measures.alignment import AlignmentIndex
from orgnet.measures.period_change import PeriodChange
from orgnet.network import Network
from orgnet.report_model import Change, Department, DepartmentChange, IndexChange, Mode, Period
from orgnet.rules import monday

#: People are counted in steps of this.
_PEOPLE = 5

#: Steps of openness where all is well, and where a few people joined or left.
_FINE, _COARSE = 0.01, 0.05

_SCORES = ("value", "openness", "coverage", "resilience")


def period_of(network: Network) -> Period:
    """Return the window of a network in days."""
    if not network.weeks:
        return Period(first=None, last=None, weeks=None)
    first, last = min(network.weeks), max(network.weeks)
    return Period(
        first=monday(first).isoformat(),
        last=(monday(last) + timedelta(days=6)).isoformat(),
        weeks=len(network.weeks),
        holiday_weeks=tuple(monday(week).isoformat() for week in network.holiday_weeks),
    )


def released_change(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    mode: Mode,
    departments: tuple[Department, ...],
) -> Change | None:
    """Return what may be told of the change; None without an earlier period.

    Parameters
    ----------
    diagnosis, policy
        What was found, and the rules.
    mode
        What can be shown at this size: change of departments in ``full`` alone.
    departments
        Those that are shown; where one has no figure, it has none here.
    """
    earlier, found = diagnosis.earlier, diagnosis.change
    if earlier is None or mode != "full":
        return None
    before, after = period_of(earlier), period_of(diagnosis.network)
    if found is None:
        gate = diagnosis.gates["change"]
        reason = None if gate is None else gate.key
        return Change(
            before=before, after=after, people=None, joined=None, left=None, reason=reason
        )
    rows = tuple(_department(found, department, policy) for department in departments)
    gates = (diagnosis.gates["index"], index_gate(earlier, earlier.groups(diagnosis.by)))
    return Change(
        before=before,
        after=after,
        people=_people(found.people, policy),
        joined=_people(found.joined, policy),
        left=_people(found.left, policy),
        departments=rows,
        scores=_scores(diagnosis, found, rows, policy) if gates == (None, None) else (),
    )


def index_before(change: Change | None) -> float | None:
    """Return the index of the period before, if it is told."""
    scores = () if change is None else change.scores
    return next((score.before for score in scores if score.key == "index"), None)


def _people(count: int, policy: DisclosurePolicy) -> int | None:
    return _PEOPLE * round(count / _PEOPLE) if count >= policy.minimum_group else None


def _department(
    told: PeriodChange, department: Department, policy: DisclosurePolicy
) -> DepartmentChange:
    name = department.name
    reason = department.reason or _reason(told, name, policy)
    if reason is not None:
        return DepartmentChange(
            name=name, before=None, after=None, change=None, low=None, high=None, q=None,
            reason=reason,
        )  # fmt: skip
    row = told.departments.astype(float).to_dict(orient="index")[name]
    few = any(
        0 < count < policy.minimum_group
        for count in (int(row["joined"]), int(row["left"]), told.joined, told.left)
    )
    step = _COARSE if few else _FINE
    before, change = in_steps(row["openness_before"], step), in_steps(row["difference"], step)
    return DepartmentChange(
        name=name,
        before=before,
        # Not rounded by itself, so that the three figures fit.
        after=None if before is None or change is None else rounded(before + change, 2),
        change=change,
        low=in_steps(row["low"], step),
        high=in_steps(row["high"], step),
        q=rounded(row["q"], 3),
        proven=bool(row["changed"]),
    )


def _reason(told: PeriodChange, name: str, policy: DisclosurePolicy) -> str | None:
    """Return why the change of a department is not told, or None."""
    if name not in told.departments.index:
        return "few_people"
    for network in (told.before, told.after):
        groups = network.groups(told.by)
        inside = groups.codes == groups.names.index(name)
        symmetric = network.symmetric_strength
        own = np.asarray(symmetric.sum(axis=1), dtype=float).ravel()[inside]
        if int((own > 0).sum()) < policy.minimum_group:
            return "few_people"
        if own.max() > policy.dominance * own.sum():
            return policy.reason_of_one_person
    told_at_all = told.departments["difference"].notna()
    return None if bool(told_at_all[name]) else "no_ties"


def _scores(
    diagnosis: Diagnosis,
    told: PeriodChange,
    rows: tuple[DepartmentChange, ...],
    policy: DisclosurePolicy,
) -> tuple[IndexChange, ...]:
    """Return the scores in whole numbers; in coarse steps where they would tell of a department.

    The openness score is a mean over people: with those of all departments but one it gives that
    one's.
    """
    shown = {row.name for row in rows if row.reason is None}
    sizes = dict(zip(diagnosis.groups.names, diagnosis.groups.sizes.tolist(), strict=True))
    step = 1.0
    if hidden := [size for name, size in sizes.items() if name not in shown]:
        step = score_step(max(hidden), sum(sizes.values()), protection=policy.protection)

    def score(index: AlignmentIndex, name: str) -> float | None:
        return in_steps(getattr(index, name), step)

    return tuple(
        IndexChange(
            key="index" if name == "value" else name,
            before=score(told.index_before, name),
            after=score(told.index_after, name),
        )
        for name in _SCORES
    )
