"""The rules by which interactions become ties: every number that a user may change, named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from orgnet.errors import UsageError

#: Shares are summed as whole billionths, so that every engine gives the same integers.
BILLION = 1_000_000_000

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TieRules:
    """How interactions become ties, and ties regular ones (`measures.md` 1.2 to 1.9).

    Parameters
    ----------
    regular_weeks
        A pair active in at least so many weeks of the window has a regular tie.
    window_weeks
        The window: the last so many calendar weeks of the data. None for all of them.
    first_day, last_day
        The window's limits instead, both included; either may be None.
    broadcast_above
        A message to more recipients than this is a broadcast and makes no tie.
    meeting_above
        The same for the people in a meeting, whoever invited included.
    carbon_copy_share
        What a Cc counts against a To.
    minimum_active_weeks
        Who was active in fewer weeks of the window is marked ``insufficient``.
    holiday_share
        A week with fewer active people than this share of the median week is left out.

    Examples
    --------
    >>> TieRules().regular_weeks
    3
    >>> TieRules(regular_weeks=0)
    Traceback (most recent call last):
    ...
    orgnet.errors.UsageError: regular_weeks is 0, expected at least 1
    """

    regular_weeks: int = 3
    window_weeks: int | None = 12
    first_day: date | None = None
    last_day: date | None = None
    broadcast_above: int = 20
    meeting_above: int = 20
    carbon_copy_share: float = 0.5
    minimum_active_weeks: int = 2
    holiday_share: float = 0.5

    def __post_init__(self) -> None:
        for name in ("regular_weeks", "broadcast_above", "meeting_above", "minimum_active_weeks"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}, expected at least 1")
        for name in ("carbon_copy_share", "holiday_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} is {getattr(self, name)}, expected 0 to 1")
        if self.window_weeks is not None and self.window_weeks < 1:
            raise UsageError(f"window_weeks is {self.window_weeks}, expected at least 1 or None")
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise UsageError(f"the window ends on {self.last_day}, before {self.first_day}")

    def window(self, first_week: int, last_week: int) -> tuple[int, int]:
        """Return the first and last week of the window, as week numbers, both included.

        A limit given as a day keeps only whole or cut weeks that hold one of its days.

        Examples
        --------
        >>> TieRules(window_weeks=12).window(100, 150)
        (139, 150)
        >>> TieRules(window_weeks=12).window(148, 150)
        (148, 150)
        """
        if self.first_day or self.last_day:
            start = week_number(self.first_day) if self.first_day else first_week
            end = week_number(self.last_day) if self.last_day else last_week
            return max(start, first_week), min(end, last_week)
        if self.window_weeks is None:
            return first_week, last_week
        return max(first_week, last_week - self.window_weeks + 1), last_week


def week_number(day: date) -> int:
    """Return the number of the ISO week that holds `day`: ``floor((day + 3) / 7)``, day since 1970.

    Examples
    --------
    >>> week_number(date(1970, 1, 4)), week_number(date(1970, 1, 5))
    (0, 1)
    """
    return ((day - _EPOCH).days + 3) // 7


def monday(week: int) -> date:
    """Return the Monday of a week number.

    Examples
    --------
    >>> monday(week_number(date(2026, 3, 4)))
    datetime.date(2026, 3, 2)
    """
    return _EPOCH + timedelta(days=week * 7 - 3)
