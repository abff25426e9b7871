"""What a survey says: who answered, and how much people agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A department, or everybody where `department` is None; None where withheld.

    Attributes
    ----------
    people, answered
        People asked and the share who answered.
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
        People who answered this item.
    agree, neutral, disagree
        Shares of those who answered.
    """

    department: str | None
    people: int | None
    agree: float | None
    neutral: float | None
    disagree: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyItem:
    """One statement and how far people agree with it; `text` is the statement as it was asked."""

    text: str
    rows: tuple[SurveyAnswers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Response rates and attitude items; the departments are those that are shown."""

    response: tuple[SurveyRow, ...]
    items: tuple[SurveyItem, ...] = ()
