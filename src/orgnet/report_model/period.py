"""The time that the figures are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The window: ISO dates, weeks counted, weeks left out as holidays."""

    first: str | None
    last: str | None
    weeks: int | None
    holiday_weeks: tuple[str, ...] = ()
