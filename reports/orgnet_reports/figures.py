"""Numbers and dates as text: the one place that decides how a figure is printed."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from orgnet.words import Words

#: What turns one figure into text: a method of `Figures`.
Formatter = Callable[[float | None], str]

#: Stands for a figure that is not there.
NOTHING = "–"


class Figures:
    """Formats the figures of one language.

    Parameters
    ----------
    words
        The catalogue, of which the tables ``date`` and ``figure`` are used.

    Examples
    --------
    >>> figures = Figures(Words({"figure.share": "{number}%", "figure.range": "{low} to {high}"}))
    >>> figures.count(19302), figures.share(0.637), figures.ratio(0.042), figures.ratio(5.61)
    ('19,302', '64%', '0.04', '5.6')
    >>> figures.interval(0.2, 0.61, figures.ratio)
    '0.2 to 0.6'
    """

    def __init__(self, words: Words) -> None:
        self._words = words

    def count(self, number: float | None) -> str:
        """Return a whole number: ``19,302``."""
        return NOTHING if _missing(number) else f"{number:,.0f}"

    def share(self, number: float | None) -> str:
        """Return a share of 1 as per cent: ``64%``."""
        return (
            NOTHING
            if _missing(number)
            else self._words("figure.share", number=f"{(number or 0.0) * 100:.0f}")
        )

    def score(self, number: float | None) -> str:
        """Return a score of 0 to 100: ``71``."""
        return NOTHING if _missing(number) else f"{number:.0f}"

    def ratio(self, number: float | None) -> str:
        """Return a ratio with the digits that matter: ``0.04``, ``0.4``, ``5.6``, ``12``."""
        if number is None or _missing(number):
            return NOTHING
        if number == 0:
            return "0"
        if number < 0.095:
            return f"{number:.2f}"
        return f"{number:.1f}" if number < 9.95 else f"{number:.0f}"

    def fine_ratio(self, number: float | None) -> str:
        """Return a ratio with two decimals, where rows are compared: ``0.31``, ``12``."""
        if number is None or _missing(number):
            return NOTHING
        return f"{number:.2f}" if number < 9.95 else f"{number:.0f}"

    def expected(self, number: float | None) -> str:
        """Return an expected count: one decimal below ten, whole from there."""
        if number is None or _missing(number):
            return NOTHING
        return f"{number:.1f}" if number < 9.95 else f"{number:,.0f}"

    def agreement(self, number: float | None) -> str:
        """Return a measure between 0 and 1 with two decimals."""
        return NOTHING if _missing(number) else f"{number:.2f}".replace("-", "−")

    def interval(self, low: float | None, high: float | None, form: Formatter) -> str:
        """Return both ends in the figure's own form: ``0.2 to 0.6``; a dash if one is missing."""
        if _missing(low) or _missing(high):
            return NOTHING
        return self._words("figure.range", low=form(low), high=form(high))

    def day(self, iso: str | None) -> str:
        """Return an ISO date or time as ``2 March 2026``; what is no date stays as it is."""
        if iso is None:
            return NOTHING
        try:
            found = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        months = self._words("date.months").split()
        return self._words(
            "date.day", day=found.day, month=months[found.month - 1], year=found.year
        )

    def short_day(self, iso: str) -> str:
        """Return an ISO date as ``2 Mar``, for an axis; what is no date stays as it is."""
        try:
            found = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        month = self._words("date.months").split()[found.month - 1]
        return self._words("date.short", day=found.day, month=month[:3])

    def span(self, first: str | None, last: str | None) -> str:
        """Return two days as ``2 March 2026 to 24 May 2026``."""
        if first is None or last is None:
            return NOTHING
        return self._words("date.span", first=self.day(first), last=self.day(last))


def _missing(number: float | None) -> bool:
    return number is None or math.isnan(number)
