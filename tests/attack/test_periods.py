"""Somebody who joined between two periods, looked for in what the two have told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orgnet.diagnosis import diagnose
from orgnet.disclosure import release
from orgnet.network import Network

DEPARTMENTS, SIZE = 5, 9
JOINER = "D0-8"


def windows(seed: int) -> tuple[Network, Network]:
    """Five departments of nine, twelve weeks each; one person joins before the second window."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"D{g}-{i}" for g in range(DEPARTMENTS) for i in range(SIZE)])
    people = pd.DataFrame({"person": ids, "department": [person[:2] for person in ids]})
    first, second = np.triu_indices(len(ids), 1)
    inside = first // SIZE == second // SIZE
    made = []
    for window in (0, 1):
        often = rng.random(len(first)) < np.where(inside, 0.6, 0.12)
        there = (ids[first] != JOINER) & (ids[second] != JOINER) | (window == 1)
        rows = np.flatnonzero(often & there)
        weeks = rng.random((len(rows), 12)) < 0.5
        tie, week = np.nonzero(weeks)
        monday = pd.Timestamp("2026-01-05") + pd.to_timedelta(7 * (week + 12 * window), unit="D")
        table = pd.DataFrame(
            {"sender": ids[first[rows[tie]]], "recipient": ids[second[rows[tie]]], "week": monday}
        )
        seen = people.assign(observed=(people["person"] != JOINER) | (window == 1))
        made.append(Network.from_ties(table, seen))
    return made[0], made[1]


@pytest.mark.parametrize("seed", range(6))
def test_the_difference_of_two_figures_does_not_tell_of_who_joined(seed: int) -> None:
    """The attacker knows all volumes to the last week, and wants where one person looks."""
    before, after = windows(seed)
    model = release(diagnose(after, earlier=before, draws=20, robustness_draws=0))
    assert model.change is not None
    row = next(row for row in model.change.departments if row.name == "D0")
    department = next(group for group in model.departments if group.name == "D0")
    assert row.after is not None and department.share_inside is not None

    strength = after.symmetric_strength.toarray()
    mine, joiner = after.groups("department").codes == 0, after.index.get_loc(JOINER)
    volume = strength[mine].sum()
    own = strength[joiner].sum()
    stayers = np.delete(np.arange(len(strength)), joiner)
    of_stayers = strength[np.ix_(mine[stayers].nonzero()[0], stayers)].sum()
    chance = (DEPARTMENTS - 1) * SIZE / (DEPARTMENTS * SIZE - 2)
    # External contact of the department with and without the one who joined, as far as told.
    all_of_it = (1 - department.share_inside + np.array([-0.005, 0.005])) * volume
    told = [value for one in model.change.departments for value in (one.before, one.change)]
    coarse = all(abs(20 * value - round(20 * value)) < 1e-6 for value in told if value is not None)
    give = np.array([-0.05, 0.05]) if coarse else np.array([-0.01, 0.01])
    of_others = (row.after + give) * chance * of_stayers
    low = (all_of_it[0] - of_others[1]) / own
    high = (all_of_it[1] - of_others[0]) / own
    assert min(high, 1.0) - max(low, 0.0) >= 0.25
