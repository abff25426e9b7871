"""Small invented firms with small departments and sparse contact, hard to protect."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.network import Network


def firm(seed: int) -> Network:
    """A firm of 16 to 60 people in 3 to 8 departments of 3 to 12; one in three has no dates."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 9))
    sizes = rng.integers(3, 13, k)
    while not 16 <= sizes.sum() <= 60:
        sizes = rng.integers(3, 13, k)
    code = np.repeat(np.arange(k), sizes)
    n = len(code)
    outward = rng.lognormal(0, 0.6, n) * rng.lognormal(0, 0.4, k)[code]
    first, second = np.triu_indices(n, 1)
    inside = code[first] == code[second]
    rate = np.where(inside, 0.8, rng.choice([0.05, 0.2, 0.5]) * outward[first] * outward[second])
    tied = rng.random(len(rate)) < 1 - np.exp(-rate)
    first, second = first[tied], second[tied]
    people = pd.DataFrame(
        {
            "person": [f"p{i:03d}" for i in range(n)],
            "department": [f"D{c}" for c in code],
        }
    )
    if seed % 4 == 3:
        people.loc[rng.choice(n, 2, replace=False), "department"] = None
    ids = people["person"].to_numpy()
    if seed % 3 == 0:
        ties = pd.DataFrame({"sender": ids[first], "recipient": ids[second]})
        return Network.from_ties(ties, people, directed=False)
    return Network.from_ties(_weekly(rng, ids[first], ids[second]), people)


def _weekly(rng: np.random.Generator, sender: np.ndarray, recipient: np.ndarray) -> pd.DataFrame:
    often = rng.uniform(0.1, 0.9, len(sender))
    active = rng.random((len(sender), 12)) < often[:, None]
    active[:, 0] |= ~active.any(axis=1)
    tie, week = np.nonzero(active)
    monday = pd.Timestamp("2026-03-02") + pd.to_timedelta(7 * week, unit="D")
    return pd.DataFrame({"sender": sender[tie], "recipient": recipient[tie], "week": monday})


@cache
def diagnosed(seed: int) -> Diagnosis:
    return diagnose(firm(seed), draws=40, robustness_draws=5, seed=1)
