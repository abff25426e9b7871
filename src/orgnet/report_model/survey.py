"""What a survey says: who answered, and how much people agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A department, or everybody where `department` is None; None where withheld.

    Attributes
    ----------
    people, answered
        People asked, which is everybody known, and the share who answered in steps of 5 %.
    """

    department: str | None
    people: int | None
    answered: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswers:
    """Answers of a department to one item, or of everybody where `department` is None.

    Attributes
    ----------
    people
        People who answered this item, in steps of 5.
    agree, neutral, disagree
        Shares of those who answered, in steps of 5 %: above, on and below the middle of the scale.
    """

    department: str | None
    people: int | None
    agree: float | None
    neutral: float | None
    disagree: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyItem:
    """One statement and how far people agree with it.

    Attributes
    ----------
    text
        The statement as it was asked, cut where it is long.
    rows
        Everybody, then the departments of which it may be told; the others are not there.
    """

    text: str
    rows: tuple[SurveyAnswers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Response rates and attitude items; the departments are those that are shown."""

    response: tuple[SurveyRow, ...]
    items: tuple[SurveyItem, ...] = ()
