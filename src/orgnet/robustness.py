"""Whether findings come again when a fifth of the people is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from orgnet.network import Network
from orgnet.pairs import BoolArray

Subject = tuple[str, tuple[str, ...]]


def survival(
    network: Network,
    find: Callable[[BoolArray], set[Subject]],
    *,
    draws: int = 100,
    missing: float = 0.2,
    seed: int = 0,
) -> dict[Subject, float]:
    """Return for each finding the share of draws in which it is found again.

    Parameters
    ----------
    network
        The whole network.
    find
        Returns what is found without some people, given for each person whether they are missing.
    draws
        How often a share of the people is left out, at random.
    missing
        That share.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    n = len(network.people)
    # By id: whom a draw leaves out does not depend on the order of the roster.
    by_id = np.argsort(network.index.to_numpy(dtype=object), kind="stable")
    left_out = round(missing * n)
    again: Counter[Subject] = Counter()
    for _ in range(draws):
        gone = np.zeros(n, dtype=bool)
        gone[by_id[rng.permutation(n)[:left_out]]] = True
        again.update(find(gone))
    return {subject: count / draws for subject, count in again.items()}
