"""Released models of every size of the budgets, made by rule: no people need to be analysed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from orgnet.report_model import ReportModel

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from report_models import organisation, without_departments


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One organisation and its limits: departments, kilobytes, seconds.

    `usable` is from opening the file to its script having run, `write` and `layout` are None
    where no limit is set.
    """

    people: int
    departments: int
    kilobytes: int
    usable: float
    write: float | None = None
    layout: float | None = None

    def model(self) -> ReportModel:
        """Return what is released of such an organisation."""
        if self.departments == 0:
            return without_departments(self.people)
        return organisation(self.people, self.departments)


BUDGETS = (
    Budget(people=10, departments=0, kilobytes=60, usable=0.5),
    Budget(people=100, departments=6, kilobytes=80, usable=0.5),
    Budget(people=2_000, departments=18, kilobytes=250, usable=1.0),
    Budget(people=10_000, departments=25, kilobytes=400, usable=1.5, write=1.0, layout=3.0),
    Budget(people=100_000, departments=60, kilobytes=500, usable=1.5, write=3.0, layout=10.0),
)
