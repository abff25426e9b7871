"""What the dates of a Viva Insights query mean: the order of day and month, weeks or totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from orgnet.errors import AmbiguousInputError
from orgnet_connectors.dates import OrderEvidence, read_date

#: So many different dates are looked at: two hundred years of weeks.
_DATES_LOOKED_AT = 10_000

_WEEK_DAYS = 7
_MONDAY, _SUNDAY = 0, 6


class Periods(Struct, frozen=True, kw_only=True):
    """How the dates of a query are read.

    Parameters
    ----------
    day_first
        The order of day and month; None where no date depends on it or nothing shows it.
    weekly
        True where rows are about single weeks or days, so that a date says in which week two
        people had contact; False where a row is the total of a month or of the whole query.
    note
        What was assumed, for `Ledger.ambiguous`; None where nothing was.
    """

    day_first: bool | None
    weekly: bool
    note: str | None = None


def find_periods(
    texts: Iterable[str], *, day_first: bool | None, file: str, heading: str
) -> Periods:
    """Decide how the dates of a query are to be read.

    Besides what all dates tell (`OrderEvidence`) it counts that a period begins on the first of
    a month, on a Sunday or on a Monday.

    Parameters
    ----------
    texts
        The cells, repeats included.
    day_first
        What the user says; None to let the dates decide.
    file, heading
        For messages.

    Raises
    ------
    AmbiguousInputError
        If rows are about weeks and nothing shows the order of day and month.

    Examples
    --------
    >>> find_periods(["01/04/2023"], day_first=None, file="p2p.csv", heading="MetricDate").day_first
    True
    >>> find_periods(["2026-03-01", "2026-03-08"], day_first=None, file="p.csv", heading="D").weekly
    True
    """
    distinct: dict[str, None] = {}
    for text in texts:
        if len(distinct) < _DATES_LOOKED_AT:
            distinct.setdefault(text.strip())
    if day_first is not None:
        return Periods(day_first=day_first, weekly=_are_weeks(_read(distinct, day_first)))
    evidence = OrderEvidence()
    for text in distinct:
        evidence.add(text)
    if not evidence.needed or evidence.day_first is not None:
        order = evidence.day_first
        return Periods(day_first=order, weekly=_are_weeks(_read(distinct, order)))
    readings = {order: _read(distinct, order) for order in (True, False)}
    fitting = [order for order, dates in readings.items() if _begin_periods(dates)]
    if len(fitting) == 1:
        order = fitting[0]
        return Periods(
            day_first=order,
            weekly=_are_weeks(readings[order]),
            note=f"dates in {heading!r} are read {'day' if order else 'month'} first, because "
            "a period begins on the first of a month, a Sunday or a Monday "
            "(--day-first or --month-first)",
        )
    if any(map(_are_weeks, readings.values())):
        raise AmbiguousInputError(
            f"the dates in {heading!r} do not show whether the day or the month stands first",
            file=file,
            remedy="say it with --day-first or --month-first",
        )
    return Periods(
        day_first=None,
        weekly=False,
        note=f"dates in {heading!r} do not show whether the day or the month stands first; the "
        "period is left open (--day-first or --month-first)",
    )


def _read(texts: Iterable[str], day_first: bool | None) -> list[date]:
    return sorted({day for text in texts if (day := read_date(text, day_first)) is not None})


def _are_weeks(dates: Sequence[date]) -> bool:
    """Tell weeks and days from months by the shortest step between two dates."""
    steps = [(later - earlier).days for earlier, later in pairwise(dates)]
    return bool(steps) and min(steps) <= _WEEK_DAYS


def _begin_periods(dates: Sequence[date]) -> bool:
    months = all(day.day == 1 for day in dates)
    weeks = len({day.weekday() for day in dates}) == 1
    return bool(dates) and (months or (weeks and dates[0].weekday() in (_MONDAY, _SUNDAY)))
