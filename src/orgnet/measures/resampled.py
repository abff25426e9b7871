"""The same network as if other weeks, other ties or fewer people had been seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orgnet.network import Network
from orgnet.pairs import BoolArray, FloatArray, IntArray, Pairs


def with_weeks(network: Network, times: IntArray) -> Network:
    """Return the network in which each week was seen so many times.

    Strengths and regular ties are counted anew. Both directions of a pair keep their share of its
    strength, since the weeks of each direction are not kept apart.

    Parameters
    ----------
    network
        A network of active weeks.
    times
        For each week of the window how often it is counted.
    """
    pairs = network.pairs
    assert pairs.weekly is not None
    strength = np.asarray(pairs.weekly @ times, dtype=float)
    active = pairs.weekly.copy()
    active.data = np.ones_like(active.data)
    active_weeks = np.asarray(active @ times).astype(np.int64)
    regular = active_weeks >= network.rules.regular_weeks
    return _with_pairs(network, pairs, strength, active_weeks, regular)


def with_ties(network: Network, times: IntArray) -> Network:
    """Return the network in which each pair's contact was seen so many times.

    Parameters
    ----------
    network
        Any network.
    times
        For each pair what its strength is multiplied with; pairs with 0 are not in contact.
    """
    pairs = network.pairs
    return _with_pairs(network, pairs, pairs.strength * times, pairs.active_weeks, pairs.regular)


def _with_pairs(
    network: Network, pairs: Pairs, strength: FloatArray, active_weeks: IntArray, regular: BoolArray
) -> Network:
    there = strength > 0
    scale = strength[there] / pairs.strength[there]
    return replace(
        network,
        pairs=Pairs(
            first=pairs.first[there],
            second=pairs.second[there],
            forward=pairs.forward[there] * scale,
            backward=pairs.backward[there] * scale,
            strength=strength[there],
            active_weeks=active_weeks[there],
            regular=regular[there],
            weekly=None,
        ),
    )


def removal_order(
    network: Network, weight: FloatArray | None, rng: np.random.Generator
) -> IntArray:
    """Draw the order in which observed people are left out, the likelier the sooner.

    Parameters
    ----------
    network
        The network; whom a seed leaves out depends on ids, not on the order of the people.
    weight
        For each person the chance of being next, relative to the others; None for equal chances.
        People of weight 0 come last.
    rng
        The source of randomness.
    """
    by_id = np.argsort(network.index.to_numpy(dtype=object), kind="stable")
    by_id = by_id[network.observed[by_id]]
    waiting = rng.exponential(size=len(by_id))
    if weight is not None:
        ordered = weight[by_id]
        with np.errstate(divide="ignore"):
            # Who has no weight waits for ever, in random order.
            scaled = np.where(ordered > 0, waiting / np.where(ordered > 0, ordered, 1), np.inf)
        return np.asarray(by_id[np.lexsort((waiting, scaled))])
    return np.asarray(by_id[np.argsort(waiting, kind="stable")])
