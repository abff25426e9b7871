"""What changed between two periods."""

from __future__ import annotations

from dataclasses import dataclass

from orgnet.report_model.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentChange:
    """Openness of a department in the earlier and the later period.

    Figures are in steps of 0.05 where a few people joined or left, else of 0.01.

    Attributes
    ----------
    before, after
        Openness of its people who were seen in both.
    change, low, high
        Later less earlier, with its interval (dyad bootstrap).
    q
        False-discovery rate of "no change".
    proven
        Whether the change passes the test and is large enough to matter.
    reason
        Why figures are withheld: ``few_people``, ``one_person``, ``no_ties``, or why the
        department has none at all; else None.
    """

    name: str
    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    q: float | None
    proven: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """One score, 0 to 100: ``index``, ``openness``, ``coverage`` or ``resilience``."""

    key: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two periods of the same length, compared on the people in both under one chart.

    Attributes
    ----------
    before, after
        The periods.
    people
        People seen in both, in steps of 5; None below the minimum.
    joined, left
        People seen only in the later and only in the earlier period, in steps of 5; None below the
        minimum.
    departments
        Those that are shown; `DepartmentChange.reason` says where figures are withheld.
    scores
        The index and its parts; empty where they are not given for both periods.
    reason
        Why the periods are not compared, else None.
    """

    before: Period
    after: Period
    people: int | None
    joined: int | None
    left: int | None
    departments: tuple[DepartmentChange, ...] = ()
    scores: tuple[IndexChange, ...] = ()
    reason: str | None = None
