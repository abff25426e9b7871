"""Numbers and dates as text: the one place that decides how a figure is printed."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orgnet.words.catalogue import Words

#: What turns one figure into text: a method of `Figures`.
Formatter = Callable[[float | None], str]

#: Stands for a figure that is not there.
NOTHING = "–"

#: Signs of a catalogue that names none.
_DECIMAL, _GROUP = ".", ","


class Figures:
    """Formats the figures of one language.

    Parameters
    ----------
    words
        The catalogue, of which the tables ``date`` and ``figure`` are used.

    Examples
    --------
    >>> from orgnet.words import load_words
    >>> figures = Figures(load_words("orgnet"))
    >>> figures.count(19302), figures.share(0.637), figures.ratio(0.042), figures.ratio(5.61)
    ('19,302', '64%', '0.04', '5.6')
    >>> figures.interval(0.2, 0.61, figures.ratio)
    '0.2 to 0.6'
    >>> german = Figures(load_words("orgnet", "de"))
    >>> german.count(19302), german.fine_ratio(0.042), german.day("2026-03-12")
    ('19.302', '0,04', '12. März 2026')
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        decimal = words("figure.decimal") if "figure.decimal" in words else _DECIMAL
        group = words("figure.group") if "figure.group" in words else _GROUP
        self._signs = str.maketrans({".": decimal, ",": group, "-": "−"})

    def count(self, number: float | None) -> str:
        """Return a whole number: ``19,302``."""
        return NOTHING if number is None or math.isnan(number) else self._fixed(number, 0)

    def share(self, number: float | None) -> str:
        """Return a share of 1 as per cent: ``64%``."""
        if number is None or math.isnan(number):
            return NOTHING
        return self._words("figure.share", number=self._fixed(number * 100, 0))

    def score(self, number: float | None) -> str:
        """Return a score of 0 to 100: ``71``."""
        return NOTHING if number is None or math.isnan(number) else self._fixed(number, 0)

    def ratio(self, number: float | None) -> str:
        """Return a ratio with the digits that matter: ``0.04``, ``0.4``, ``5.6``, ``12``."""
        if number is None or math.isnan(number):
            return NOTHING
        if number == 0:
            return "0"
        if number < 0.095:
            return self._fixed(number, 2)
        return self._fixed(number, 1 if number < 9.95 else 0)

    def fine_ratio(self, number: float | None) -> str:
        """Return a ratio with two decimals, where rows are compared: ``0.31``, ``12``."""
        if number is None or math.isnan(number):
            return NOTHING
        return self._fixed(number, 2 if number < 9.95 else 0)

    def expected(self, number: float | None) -> str:
        """Return an expected count: one decimal below ten, whole from there."""
        if number is None or math.isnan(number):
            return NOTHING
        return self._fixed(number, 1 if number < 9.95 else 0)

    def agreement(self, number: float | None) -> str:
        """Return a measure between -1 and 1 with two decimals."""
        return NOTHING if number is None or math.isnan(number) else self._fixed(number, 2)

    def tick(self, number: float) -> str:
        """Return a number of a scale as short as it can be written: ``0.25``, ``1``."""
        return f"{number:g}".translate(self._signs)

    def interval(self, low: float | None, high: float | None, form: Formatter) -> str:
        """Return both ends in the figure's own form: ``0.2 to 0.6``; a dash if one is missing."""
        if low is None or high is None or math.isnan(low) or math.isnan(high):
            return NOTHING
        return self._words("figure.range", low=form(low), high=form(high))

    def day(self, iso: str | None) -> str:
        """Return an ISO date or time as ``2 March 2026``; what is no date stays as it is."""
        if iso is None:
            return NOTHING
        found = _date(iso)
        if found is None:
            return iso
        months = self._words("date.months").split()
        return self._words(
            "date.day", day=self._day(found), month=months[found.month - 1], year=found.year
        )

    def short_day(self, iso: str) -> str:
        """Return an ISO date as ``2 Mar``, for an axis; what is no date stays as it is."""
        found = _date(iso)
        if found is None:
            return iso
        months = self._words("date.months_short").split()
        return self._words("date.short", day=self._day(found), month=months[found.month - 1])

    def span(self, first: str | None, last: str | None) -> str:
        """Return two days as ``2 March 2026 to 24 May 2026``."""
        if first is None or last is None:
            return NOTHING
        return self._words("date.span", first=self.day(first), last=self.day(last))

    def _fixed(self, number: float, digits: int) -> str:
        return f"{number:,.{digits}f}".translate(self._signs)

    def _day(self, found: date) -> str:
        return self._words("date.first") if found.day == 1 else str(found.day)


def _date(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None
