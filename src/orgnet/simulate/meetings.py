"""The meetings of a planted organisation: teams every week, some pairs every other week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.simulate.contact import Contact
from orgnet.simulate.organisation import BROADCAST_RECIPIENTS, Organisation

#: Share of the ties whose two people meet every other week.
MEETING_TIES_SHARE = 0.15
#: Share of a team that comes to its weekly meeting.
ATTENDANCE = 0.9
TEAM_MEETING_HOURS, PAIR_MEETING_HOURS = 1.0, 0.5


def meeting_ties(organisation: Organisation, contact: Contact) -> pd.DataFrame:
    """Return the weekly ties that the calendars of an organisation give.

    Nobody meets who has no other contact but colleagues of one team, so that meetings change how
    often people are in contact, not which departments are.

    Parameters
    ----------
    organisation
        As planted.
    contact
        Its contact, of which some ties meet.

    Returns
    -------
    DataFrame
        Columns of `orgnet.schema.TIES`, channel ``meeting``, both directions of every two people
        who met; ``strength`` in hours, shared among the others in the meeting.
    """
    rng = organisation.rng("meetings")
    staff = organisation.staff
    meets = rng.random(len(contact.ties)) < MEETING_TIES_SHARE
    pairs = contact.ties.loc[meets, ["person_a", "person_b"]].to_numpy()
    odd = rng.integers(0, 2, size=len(pairs))
    rows: list[np.ndarray] = []
    for week in range(organisation.weeks):
        there = (staff.first_week <= week) & (week <= staff.last_week) & ~staff.silent
        comes = there & (rng.random(organisation.headcount) < ATTENDANCE)
        for team in range(int(staff.team.max()) + 1):
            members = np.flatnonzero(comes & (staff.team == team))
            if 2 <= len(members) <= BROADCAST_RECIPIENTS:
                first, second = np.triu_indices(len(members), 1)
                hours = TEAM_MEETING_HOURS / (len(members) - 1)
                rows.append(_rows(week, members[first], members[second], hours))
        now = pairs[(odd == week % 2) & there[pairs].all(axis=1)]
        rows.append(_rows(week, now[:, 0], now[:, 1], PAIR_MEETING_HOURS))
    met = pd.DataFrame(np.concatenate(rows), columns=["week", "sender", "recipient", "strength"])
    turned = met.rename(columns={"sender": "recipient", "recipient": "sender"})
    keys = ["week", "sender", "recipient"]
    both = pd.concat([met, turned])[[*keys, "strength"]]
    ties = both.groupby(keys, as_index=False).agg(
        interactions=("strength", "size"), strength=("strength", "sum")
    )
    ids = organisation.people["person"].to_numpy()
    for end in ("sender", "recipient"):
        ties[end] = ids[ties[end].astype(int)]
    mondays = np.array(organisation.mondays, dtype=object)
    ties["week"] = mondays[ties["week"].astype(int)]
    ties["channel"] = "meeting"
    return ties[["week", "sender", "recipient", "channel", "interactions", "strength"]]


def _rows(week: int, first: np.ndarray, second: np.ndarray, hours: float) -> np.ndarray:
    return np.column_stack(
        [np.full(len(first), week), first, second, np.full(len(first), hours)]
    ).astype(float)
