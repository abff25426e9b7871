"""Released numbers are rounded once, here; NaN becomes None."""

from __future__ import annotations

import math


def rounded(value: float, digits: int) -> float | None:
    """Return a number rounded to some digits, or None where it is not defined.

    Examples
    --------
    >>> rounded(0.1234, 2), rounded(float("nan"), 2), rounded(-0.001, 2)
    (0.12, None, 0.0)
    """
    number = float(value)
    if not math.isfinite(number):
        return None
    return round(number, digits) + 0.0


def rounded_count(value: float) -> float | None:
    """Return an expected count: one decimal below 10, whole above.

    Examples
    --------
    >>> rounded_count(8.6296), rounded_count(95.4)
    (8.6, 95.0)
    """
    return rounded(value, 1 if abs(float(value)) < 10 else 0)


def score_step(withheld: int, everybody: int, *, protection: float) -> float:
    """Return the step of a score, a mean over people, that does not tell a withheld department's.

    Parameters
    ----------
    withheld, everybody
        People of the largest department whose own score is withheld, and of all.
    protection
        Width of the interval, as a share of the department's score, that must remain.

    Examples
    --------
    A fifth of the people, two fifths, nearly all:

    >>> [score_step(people, 100, protection=0.2) for people in (20, 40, 95)]
    [5.0, 10.0, 20.0]
    """
    share = withheld / everybody if everybody else 1.0
    steps = (5.0, 10.0, 20.0)
    return next((step for step in steps if step >= 100 * protection * share), steps[-1])


def in_steps(value: float, step: float) -> float | None:
    """Return a number rounded to a multiple of `step`, or None where it is not defined.

    Examples
    --------
    >>> in_steps(0.83, 0.05), in_steps(0.83, 0.01), in_steps(float("nan"), 0.05)
    (0.85, 0.83, None)
    """
    number = float(value)
    return rounded(round(number / step) * step, 2) if math.isfinite(number) else None
