"""Who has a tie with whom in a planted organisation, faults included."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orgnet.simulate.organisation import Organisation
from orgnet.simulate.staff import Rates, Staff, cross_intensity

#: A bottleneck is one only if it has at least this many ties.
BOTTLENECK_TIES = 7
#: Threads a week that a tie to the manager and a tie of a bottleneck have at least.
SURE_THREADS = 0.8
#: However many contacts people are to have, no two of them are certain to be in contact.
HIGHEST_PROBABILITY = 0.95

Pairs = NDArray[np.int64]


def draw_ties(rng: np.random.Generator, organisation: Organisation) -> pd.DataFrame:
    r"""Draw the ties of an organisation and how lively each of them is.

    Two people have a tie with probability :math:`1 - e^{-\lambda}`. In a team and in the rest of a
    department, λ is the product of both people's activity and a rate; between departments, of
    their outward inclinations. Faults thin the ties between departments, a bottleneck hands
    those of its two departments to one person, and a hub takes those of the departments that it
    serves. People always have a tie with their manager in the same department.

    Parameters
    ----------
    rng
        Source of randomness.
    organisation
        As planted.

    Returns
    -------
    DataFrame, one row a tie
        `person_a` < `person_b` (positions), `threads_per_week` (while both are present):
        exponentially distributed, so that some ties are lively and some all but asleep.
    """
    staff, rates = organisation.staff, organisation.rates
    people = organisation.headcount
    reporting = _reporting_pairs(staff)
    within = distinct_pairs(np.concatenate([_within_pairs(rng, staff, rates), reporting]), people)
    cross, held = _hand_to_connectors(rng, organisation, _cross_pairs(rng, organisation))
    cross = _lead_through_hubs(rng, organisation, cross)
    pairs = np.concatenate([within, cross, held])
    mean = np.full(len(pairs), rates.cross_threads)
    mean[: len(within)] = rates.within_threads
    threads_per_week = rng.exponential(mean)
    sure = np.isin(_keys(pairs, people), _keys(np.concatenate([reporting, held]), people))
    threads_per_week[sure] = np.maximum(threads_per_week[sure], SURE_THREADS)
    audible = ~staff.silent[pairs].any(axis=1)
    return pd.DataFrame(
        {
            "person_a": pairs[audible, 0],
            "person_b": pairs[audible, 1],
            "threads_per_week": threads_per_week[audible],
        }
    )


def draw_pairs(
    rng: np.random.Generator, intensity: NDArray[np.float64], block: NDArray[np.int64]
) -> Pairs:
    r"""Draw pairs within blocks, each with probability :math:`1 - e^{-w_i w_j}`.

    The cost grows with the number of pairs drawn, not with the number possible: hits are a Poisson
    process, their ends are drawn in proportion to w, and a pair exists if it was hit.

    Parameters
    ----------
    rng
        Source of randomness.
    intensity
        w, one element a person.
    block
        Pairs are drawn only between people of one block.

    Returns
    -------
    Array of shape (pairs, 2)
        Positions, the smaller first, each pair once.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> draw_pairs(rng, np.array([9.0, 9.0, 9.0, 0.0]), np.array([0, 1, 0, 0])).tolist()
    [[0, 2]]
    """
    order = np.argsort(block, kind="stable")
    w = intensity[order]
    label = np.unique(block[order], return_inverse=True)[1]
    total = np.bincount(label, w)
    hits_from = w * total[label]
    all_hits = hits_from.sum()
    if all_hits == 0:
        return np.empty((0, 2), dtype=np.int64)
    hits = rng.poisson(all_hits / 2)
    first = rng.choice(len(w), size=hits, p=hits_from / all_hits)
    below = np.concatenate([[0.0], np.cumsum(w)])
    begin = below[np.searchsorted(label, label[first])]
    target = begin + rng.random(hits) * total[label[first]]
    second = np.minimum(np.searchsorted(below, target, side="right") - 1, len(w) - 1)
    # Rounding may carry a target over the edge of its block; such a hit is as good as none.
    real = (first != second) & (label[first] == label[second])
    return distinct_pairs(np.stack([order[first[real]], order[second[real]]], axis=1), len(w))


def distinct_pairs(pairs: Pairs, people: int) -> Pairs:
    """Return every pair once, the smaller position first, in order."""
    return np.stack(np.divmod(np.unique(_keys(np.sort(pairs, axis=1), people)), people), axis=1)


def _keys(pairs: Pairs, people: int) -> NDArray[np.int64]:
    return np.asarray(pairs[:, 0] * people + pairs[:, 1])


def _within_pairs(rng: np.random.Generator, staff: Staff, rates: Rates) -> Pairs:
    """Draw the ties in teams, then those between the teams of a department."""
    mates = np.bincount(staff.team)[staff.team] - 1
    others = np.bincount(staff.department)[staff.department] - 1 - mates
    in_team = staff.activity * np.sqrt(_rate_for(rates.team_degree, mates))
    beyond = staff.activity * np.sqrt(_rate_for(rates.department_degree, others))
    team = draw_pairs(rng, in_team, staff.team)
    department = draw_pairs(rng, beyond, staff.department)
    between_teams = staff.team[department[:, 0]] != staff.team[department[:, 1]]
    return np.concatenate([team, department[between_teams]])


def _rate_for(degree: float, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return λ that gives the average person `degree` ties among so many `candidates`."""
    share = np.minimum(degree / np.maximum(candidates, 1), HIGHEST_PROBABILITY)
    return np.where(candidates > 0, -np.log1p(-share), 0.0)


def _cross_pairs(rng: np.random.Generator, organisation: Organisation) -> Pairs:
    """Draw the ties between departments, thinned where a silo or a weak link is planted."""
    staff, rates, places = organisation.staff, organisation.rates, organisation.places
    everybody = np.zeros_like(staff.department)
    pairs = draw_pairs(rng, cross_intensity(staff, rates), everybody)
    a, b = staff.department[pairs].T
    kept = np.ones((len(organisation.departments),) * 2)
    for silo in places.silos:
        kept[silo, :] *= rates.silo_factor
        kept[:, silo] *= rates.silo_factor
    for g, h in places.weak_links:
        kept[[g, h], [h, g]] *= rates.weak_factor
    return np.asarray(pairs[(a != b) & (rng.random(len(pairs)) < kept[a, b])])


def _hand_to_connectors(
    rng: np.random.Generator, organisation: Organisation, cross: Pairs
) -> tuple[Pairs, Pairs]:
    """Return the remaining cross ties, and those that bottlenecks hand to one person each.

    The number of ties of the two departments stays what it was, as far as there are colleagues
    enough on the other side and it is not too small to be called a bottleneck.
    """
    staff = organisation.staff
    held = [np.empty((0, 2), dtype=np.int64)]
    for (g, h), person in zip(
        organisation.places.bottlenecks, organisation.connectors, strict=True
    ):
        sides = np.sort(staff.department[cross], axis=1)
        theirs = (sides == sorted((g, h))).all(axis=1)
        members = np.flatnonzero((staff.department == h) & staff.steady)
        wanted = max(int(theirs.sum()), BOTTLENECK_TIES)
        share = staff.outward[members] / staff.outward[members].sum()
        partners = rng.choice(members, min(wanted, len(members)), replace=False, p=share)
        held.append(np.sort(np.stack([np.full_like(partners, person), partners], axis=1), axis=1))
        cross = cross[~theirs]
    return cross, np.concatenate(held)


def _lead_through_hubs(rng: np.random.Generator, organisation: Organisation, cross: Pairs) -> Pairs:
    """Give each tie between departments that a hub serves from one of its ends to the hub."""
    staff = organisation.staff
    for hub in organisation.places.hubs:
        led = np.isin(staff.department[cross], hub.served).all(axis=1)
        ends = cross[led]
        stays = ends[np.arange(len(ends)), rng.integers(0, 2, size=len(ends))]
        members = np.flatnonzero(staff.department == hub.through)
        share = staff.outward[members] / staff.outward[members].sum()
        partners = rng.choice(members, len(ends), p=share)
        cross = distinct_pairs(
            np.concatenate([cross[~led], np.stack([stays, partners], axis=1)]),
            organisation.headcount,
        )
    return cross


def _reporting_pairs(staff: Staff) -> Pairs:
    """Pair everybody with a manager of the same department; heads have none."""
    reports = np.setdiff1d(np.arange(len(staff.manager)), staff.heads)
    return np.sort(np.stack([reports, staff.manager[reports]], axis=1), axis=1)
