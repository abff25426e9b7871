"""Who agreed to be shown by name, and whether enough did for a team edition."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from msgspec import Struct

from orgnet.errors import InputError, MissingColumnError
from orgnet.network import opted_out
from orgnet.report_model import Period

#: The smallest and the largest team that the edition is made for.
SMALLEST_TEAM, LARGEST_TEAM = 5, 60

#: The least share of the team that must have agreed.
ENOUGH_AGREED = 0.8


class Agreement(Struct, frozen=True, eq=False):
    """The people of a team in the roster's order, and who of them agreed.

    Attributes
    ----------
    members
        Everybody who was there in the period; bots and shared mailboxes are nobody.
    agreed
        For each of them whether they agreed. Who opted out did not, whatever else the roster says.
    opted_out
        For each of them whether they are left out of every edition.
    """

    members: pd.DataFrame
    agreed: pd.Series[bool]
    opted_out: pd.Series[bool]

    @property
    def named(self) -> pd.DataFrame:
        """Those who agreed."""
        return self.members[self.agreed]

    @property
    def others(self) -> pd.DataFrame:
        """Those who did not."""
        return self.members[~self.agreed]


def agreement(roster: pd.DataFrame, period: Period) -> Agreement:
    """Return who agreed, or refuse where a team edition has no ground to stand on.

    Parameters
    ----------
    roster
        One row a person, columns as `orgnet.schema.PEOPLE`.
    period
        Who left before it or came after it is not counted.

    Raises
    ------
    MissingColumnError
        If nobody's answer stands in a column ``agreed``.
    InputError
        If the team is too small or too large, or too few agreed.
    """
    if "agreed" not in roster.columns or roster["agreed"].isna().all():
        raise MissingColumnError(
            "the roster has no column 'agreed', or nothing in it",
            remedy="ask everybody and put a yes there for those who agree to be shown by name to "
            "the team; the groups edition needs no agreement",
        )
    members = roster[_present(roster, period)].reset_index(drop=True)
    if not SMALLEST_TEAM <= len(members) <= LARGEST_TEAM:
        raise InputError(
            f"the team has {len(members)} people; the team edition is for "
            f"{SMALLEST_TEAM} to {LARGEST_TEAM}",
            remedy="use the groups edition",
        )
    left_out = _opted_out(members)
    agreed = members["agreed"].eq(True) & ~left_out
    count = int(agreed.sum())
    if count < ENOUGH_AGREED * len(members):
        raise InputError(
            f"{count} of {len(members)} people agreed to be shown by name "
            f"({100 * count // len(members)}%), expected at least {ENOUGH_AGREED:.0%}",
            remedy="talk with the team about what it would show, or use the groups edition",
        )
    return Agreement(members, agreed.astype(bool), left_out)


def few_disagree(people: pd.DataFrame, minimum: int) -> bool:
    """Say whether a few people did not agree, so that a team edition may be made without them.

    What all have together, less what those who are named have, is then a figure about few.

    Examples
    --------
    >>> few_disagree(pd.DataFrame({"agreed": [True] * 9 + [False]}), 5)
    True
    >>> few_disagree(pd.DataFrame({"agreed": [None] * 10}), 5)
    False
    """
    if "agreed" not in people.columns:
        return False
    agreed = int(people["agreed"].eq(True).sum())
    return agreed > 0 and 0 < len(people) - agreed < minimum


def _present(roster: pd.DataFrame, period: Period) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    present = np.ones(len(roster), dtype=bool)
    if "kind" in roster.columns:
        present &= (roster["kind"].isna() | (roster["kind"] == "person")).to_numpy(dtype=bool)
    if period.first is not None and period.last is not None:
        first, last = date.fromisoformat(period.first), date.fromisoformat(period.last)
        if "end" in roster.columns:
            present &= [not (isinstance(end, date) and end < first) for end in roster["end"]]
        if "start" in roster.columns:
            present &= [not (isinstance(begin, date) and begin > last) for begin in roster["start"]]
    return present


def _opted_out(members: pd.DataFrame) -> pd.Series[bool]:
    if "opt_out" not in members.columns:
        return pd.Series(False, index=members.index)
    return pd.Series(opted_out(members["opt_out"]), index=members.index)
