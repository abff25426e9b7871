"""The rules by which figures are withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orgnet.errors import UsageError
from orgnet.report_model import Policy

VERSION = "3"

#: No policy may show figures about fewer people than this.
LOWEST_MINIMUM = 3

Concentration = Literal["count", "qualitative", "withhold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePolicy:
    """What may leave, and how exactly.

    Parameters
    ----------
    minimum_group
        No figure stands for fewer people than this; 5 by default, never below 3.
    concentration
        How a bottleneck is told: ``count`` says "one person", ``qualitative`` says "very few
        people", ``withhold`` leaves the finding out. No name, share or side is ever told.
    dominance
        A pair's number is withheld where one person makes more than this share of it.
    closeness
        A pair's number is withheld too where the second largest contributor could tell the part of
        the largest to less than this share of it (the p %-rule).
    protection
        A reader must not be able to narrow a withheld number to less than this share of it.
    small_organisation
        With fewer people, whole-organisation figures only.

    Examples
    --------
    >>> DisclosurePolicy(minimum_group=2)
    Traceback (most recent call last):
    ...
    orgnet.errors.UsageError: minimum_group is 2, expected at least 3
    """

    minimum_group: int = 5
    concentration: Concentration = "count"
    dominance: float = 0.5
    closeness: float = 0.15
    protection: float = 0.2
    small_organisation: int = 15

    def __post_init__(self) -> None:
        if self.minimum_group < LOWEST_MINIMUM:
            raise UsageError(
                f"minimum_group is {self.minimum_group}, expected at least {LOWEST_MINIMUM}"
            )
        if self.concentration not in ("count", "qualitative", "withhold"):
            raise UsageError(
                f"concentration is {self.concentration!r}, expected 'count', 'qualitative' or "
                "'withhold'"
            )

    def told(self) -> Policy:
        """Return the rules as they are printed in every output."""
        return Policy(
            version=VERSION, minimum_group=self.minimum_group, concentration=self.concentration
        )

    def concentrated(self, largest: float, rest: float) -> str | None:
        """Return why a number is withheld that hangs on one person or on two, or None.

        Parameters
        ----------
        largest
            The largest share of one person. Exactly the limit is not more than it.
        rest
            What all but the two largest have, as a multiple of what the largest has.

        Examples
        --------
        Two who have half each; three who have a third; a share that is not defined.

        >>> policy = DisclosurePolicy()
        >>> policy.concentrated(0.5, 0.0), policy.concentrated(1 / 3, 1.0)
        ('two_people', None)
        >>> policy.concentrated(float("nan"), float("nan"))
        'one_person'
        """
        # Written so that a share that is not defined is withheld.
        if not largest <= self.dominance:
            return self.reason_of_one_person
        return None if rest >= self.closeness else self.reason_of_two_people

    @property
    def reason_of_one_person(self) -> str:
        """Why a figure is withheld that hangs on one person: never more than may be told."""
        return "one_person" if self.concentration == "count" else "few_people"

    @property
    def reason_of_two_people(self) -> str:
        """Why a figure is withheld that hangs on two people, likewise."""
        return "two_people" if self.concentration == "count" else "few_people"
