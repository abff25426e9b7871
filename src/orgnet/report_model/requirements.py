"""Contact that the work requires, against the contact that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredLink:
    """Two departments that need each other, `group_a` before `group_b` by name.

    Attributes
    ----------
    required
        The pair's share of all that is required; the shares of all pairs add up to 1.
    regular, target
        Pairs of people in regular contact, and how many there should be; `regular` is None where
        it is withheld.
    state
        The same in words: ``missing`` (no regular contact), ``thin`` (below the target), ``met``;
        None where nothing may be said.
    gap
        What is missing, as a share of all that is required; None where withheld.
    reason
        Why figures are missing: ``few_people``, ``one_person``, ``complementary``; else None.
    """

    group_a: str
    group_b: str
    required: float
    regular: int | None
    target: int
    state: Literal["missing", "thin", "met"] | None
    gap: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """How much of the required contact is there.

    Attributes
    ----------
    congruence
        Share of the required contact that is there, 0 to 1; None where withheld.
    lift
        Congruence less its mean if the departments were dealt out at random.
    unneeded_share
        Share of the ties between departments that nothing requires; information only.
    links
        The required pairs that may be shown, the largest gap first.
    """

    congruence: float | None
    lift: float | None
    unneeded_share: float | None
    links: tuple[RequiredLink, ...]
