"""What every section is written from: the cleaned model, the words and the figures."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from markupsafe import Markup, escape
from msgspec import Struct
from numpy.typing import NDArray

from orgnet.report_model import Department, Pair, ReportModel, SourceRead
from orgnet_reports.figures import Figures
from orgnet_reports.phrasing import Speaker

#: The matrix and the map show at most so many departments, the largest.
MOST_DEPARTMENTS = 25

#: How close two departments are drawn when only the word may be shown.
_RATIO_OF_WORD = {"none": 0.25, "fewer": 0.5, "as_expected": 1.0, "more": 2.0}


class Page(Struct, frozen=True, kw_only=True):
    """One report being written."""

    model: ReportModel
    say: Speaker
    figures: Figures

    def largest(self) -> tuple[Department, ...]:
        """Return the departments of matrix and map: the largest, in the model's order."""
        ranked = sorted(self.model.departments, key=lambda group: (-group.people, group.name))
        chosen = {group.name for group in ranked[:MOST_DEPARTMENTS]}
        return tuple(group for group in self.model.departments if group.name in chosen)

    def untested(self, kind: str) -> Markup | None:
        """Return why silos, weak links or bottlenecks were not looked for, or None if they were."""
        return next(
            (self.notice(key, told) for key, told in self.model.notices if key == f"gate_{kind}"),
            None,
        )

    def notice(self, key: str, arguments: tuple[tuple[str, str | float | int], ...]) -> Markup:
        """Return a notice of the model in words; a key without words is read as the words it is."""
        known = f"notice.{key}"
        return (
            self.say(known, **dict(arguments))
            if known in self.say
            else escape(self.say.code("notice", key))
        )

    def pair_name(self, pair: Pair) -> str:
        """Return both departments of a pair as text, for a drawing."""
        return self.say.plain("pair", a=pair.group_a, b=pair.group_b)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as one text: ``Legal, Sales``."""
        return self.say.plain("data.list_break").join(names)

    def source_title(self, source: SourceRead) -> str:
        """Return what kind of export it was; a connector of strangers says so in its own words."""
        key = f"source_title.{source.connector}"
        return self.say.plain(key) if key in self.say else source.title

    def people(self, number: int) -> str:
        """Return ``1 person`` or ``214 people``."""
        return str(self.say.counted("people", number, count=self.figures.count(number)))

    def source(self, *, departments: int) -> str:
        """Return the line below a chart: people, departments and period it is drawn from."""
        period = self.model.period
        return self.say.plain(
            "chart.source" if period.first else "chart.source_undated",
            people=self.figures.count(self.model.coverage.people_seen),
            departments=self.figures.count(departments),
            span=self.figures.span(period.first, period.last),
        )


def ratio_matrix(
    departments: tuple[Department, ...], pairs: tuple[Pair, ...]
) -> NDArray[np.float64]:
    """Return observed over expected by position, NaN where nothing is released.

    A pair of which only the word is released stands with a typical ratio of that word.
    """
    at = {group.name: position for position, group in enumerate(departments)}
    ratios = np.full((len(at), len(at)), np.nan)
    for pair in pairs:
        if pair.group_a in at and pair.group_b in at:
            ratio = pair.ratio if pair.ratio is not None else _RATIO_OF_WORD.get(pair.contact or "")
            if ratio is not None:
                first, second = at[pair.group_a], at[pair.group_b]
                ratios[first, second] = ratios[second, first] = ratio
    return ratios
