"""Networks with the same number of ties a person and no other structure."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Rewiring ends when so many swaps a tie were tried: some networks allow hardly any.
_MOST_TRIALS = 200


def rewire(
    edges: IntArray,
    *,
    swaps_per_edge: float = 10.0,
    directed: bool = False,
    seed: int | np.random.Generator = 0,
) -> IntArray:
    r"""Exchange the ends of ties at random, so that everybody keeps the number of their ties.

    Two ties *a*-*b* and *c*-*d* become *a*-*d* and *c*-*b*, unless that makes a self-tie or a tie
    that there is already: the result is a simple network, drawn uniformly from those with the same
    degrees that can be reached (vertex-labelled, in the terms of Fosdick et al.).

    All ties are paired at random and every pair is tried at once. To keep the walk symmetric, a
    swap is refused if a tie that it makes is there before, is made by another swap of the round, or
    if another swap of the round would make a tie that it removes: then the way back is as likely as
    the way there.

    Parameters
    ----------
    edges
        Ties × 2, people as numbers; no self-ties, each tie once.
    swaps_per_edge
        Rewire until so many swaps were made for each tie.
    directed
        Whether *a*-*b* and *b*-*a* are two ties; everybody then keeps in- and out-degree.
    seed
        Seed, or a source of randomness.

    Returns
    -------
    numpy.ndarray of int, ties × 2
        Sorted by first and second person, the lower number first unless `directed`. The same
        network where no swap is possible, as in a star or a complete network; after 200 trials a
        tie the walk ends, whatever was made.

    References
    ----------
    Maslov, S. and Sneppen, K. (2002). Specificity and stability in topology of protein networks.
    *Science* 296, 910-913. Fosdick, B. K., Larremore, D. B., Nishimura, J. and Ugander, J. (2018).
    Configuring random graph models with fixed degree sequences. *SIAM Review* 60(2), 315-355.

    Examples
    --------
    >>> ring = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [0, 5]])
    >>> rewired = rewire(ring, seed=1)
    >>> np.bincount(rewired.ravel()).tolist()
    [2, 2, 2, 2, 2, 2]
    """
    edges = np.array(edges, dtype=np.int64).reshape(-1, 2)
    if not directed:
        edges.sort(axis=1)
    count = len(edges)
    if count > 1:
        rng = np.random.default_rng(seed)
        wanted = swaps_per_edge * count
        made = rounds = 0
        # The walk would depend on the order in which the ties come.
        edges = edges[np.lexsort((edges[:, 1], edges[:, 0]))]
        while made < wanted and rounds * (count // 2) < _MOST_TRIALS * count:
            made += _round(edges, directed, rng)
            rounds += 1
        # A walk that ends with a swap that was made is found more often where many are possible;
        # rounds whose number is fixed beforehand take that away again.
        for _ in range(rounds // 4 + 1):
            _round(edges, directed, rng)
    return edges[np.lexsort((edges[:, 1], edges[:, 0]))]


def _round(edges: IntArray, directed: bool, rng: np.random.Generator) -> int:
    """Try one swap for every two ties, in place; return how many were made."""
    order = rng.permutation(len(edges))
    half = len(edges) // 2
    one, other = order[:half], order[half : 2 * half]
    a, b = edges[one].T
    c, d = edges[other].T
    if not directed:
        turned = rng.random(half) < 0.5
        c, d = np.where(turned, d, c), np.where(turned, c, d)
    new = np.stack([np.stack([a, d], axis=1), np.stack([c, b], axis=1)])
    if not directed:
        new.sort(axis=2)
    width = int(edges.max()) + 1
    present = edges[:, 0] * width + edges[:, 1]
    made = new[..., 0] * width + new[..., 1]
    unique, code, times = np.unique(made, return_inverse=True, return_counts=True)
    code = code.reshape(made.shape)
    # Twice in one swap is a double tie, twice in the round a conflict of two swaps.
    refused = (new[..., 0] == new[..., 1]) | (times[code] > 1) | np.isin(made, present)
    in_the_way = np.isin(np.stack([present[one], present[other]]), unique)
    kept = ~(refused | in_the_way).any(axis=0)
    edges[one[kept]] = new[0][kept]
    edges[other[kept]] = new[1][kept]
    return int(kept.sum())


def stub_matching(degrees: IntArray, *, seed: int | np.random.Generator = 0) -> IntArray:
    """Join the ends of ties at random: the configuration model, self-ties and double ties included.

    Parameters
    ----------
    degrees
        How many ties each person has; they must add up to an even number.
    seed
        Seed, or a source of randomness.

    Returns
    -------
    numpy.ndarray of int, ties × 2
        The lower number first, sorted; a self-tie takes two of a person's ends.

    Raises
    ------
    ValueError
        If the degrees add up to an odd number or one is negative.

    References
    ----------
    Bollobás, B. (1980). A probabilistic proof of an asymptotic formula for the number of labelled
    regular graphs. *European Journal of Combinatorics* 1, 311-316.

    Examples
    --------
    >>> np.bincount(stub_matching(np.array([3, 1, 2, 2])).ravel()).tolist()
    [3, 1, 2, 2]
    """
    degrees = np.asarray(degrees, dtype=np.int64)
    if (degrees < 0).any() or degrees.sum() % 2:
        raise ValueError(
            f"the degrees add up to {int(degrees.sum())}, the lowest is "
            f"{int(degrees.min(initial=0))}; expected an even sum and none below 0"
        )
    stubs = np.repeat(np.arange(len(degrees)), degrees)
    edges = np.random.default_rng(seed).permutation(stubs).reshape(-1, 2)
    edges.sort(axis=1)
    return np.asarray(edges[np.lexsort((edges[:, 1], edges[:, 0]))])


def redistributed_strength(
    strength: FloatArray,
    edges: IntArray,
    person_strength: FloatArray,
    *,
    how: Literal["permuted", "product"] = "permuted",
    seed: int | np.random.Generator = 0,
) -> FloatArray:
    r"""Give strengths to the ties of a rewired network.

    Parameters
    ----------
    strength
        The strengths of the network before.
    edges
        The ties of the rewired network, as many as `strength`.
    person_strength
        The strength of each person before, for ``product``.
    how
        ``permuted``: the same strengths, handed out by lot. ``product``: in proportion to
        :math:`s_i s_j`, the same in total, so that people keep about the strength they had.
    seed
        Seed of ``permuted``, or a source of randomness.

    Returns
    -------
    numpy.ndarray of float, one value a tie

    Examples
    --------
    >>> edges, at_person = np.array([[0, 1], [1, 2]]), np.array([1.0, 4.0, 3.0])
    >>> redistributed_strength(np.array([1.0, 3.0]), edges, at_person, how="product").tolist()
    [1.0, 3.0]
    """
    if how == "permuted":
        return np.random.default_rng(seed).permutation(np.asarray(strength, dtype=float))
    product = person_strength[edges[:, 0]] * person_strength[edges[:, 1]]
    total = product.sum()
    return np.asarray(product * (strength.sum() / total) if total else product, dtype=float)


def configuration_expectation(person_strength: FloatArray, codes: IntArray) -> FloatArray:
    r"""Strength between groups that people's own strengths alone would give.

    .. math::

        E\,M_{gh} = 2m \, \frac{K_g K_h - [g = h] \sum_{i \in g} s_i^2}{(2m)^2 - \sum_i s_i^2}

    where :math:`s_i` is the strength of person *i*, :math:`K_g` that of the people of group *g* and
    *2m* that of everybody. A tie with oneself is excluded.

    Parameters
    ----------
    person_strength
        The strength of each person, ties with people of unknown group left out.
    codes
        The group of each person, from 0; -1 for people of unknown group, who take no part.

    Returns
    -------
    numpy.ndarray of float, groups × groups
        Symmetric; the diagonal counts internal pairs twice; adds up to *2m*. NaN where fewer than
        two people have ties.

    References
    ----------
    Newman, M. E. J. (2003). Mixing patterns in networks. *Physical Review E* 67, 026126.

    Examples
    --------
    Four people of strength 2, in two groups of two: one of the three others is in the own group.

    >>> codes = np.array([0, 0, 1, 1])
    >>> configuration_expectation(np.full(4, 2.0), codes).round(3).tolist()
    [[1.333, 2.667], [2.667, 1.333]]
    """
    known = codes >= 0
    s, g = np.asarray(person_strength, dtype=float)[known], codes[known]
    k = int(codes.max(initial=-1)) + 1
    volume = np.bincount(g, s, k)
    squares = np.bincount(g, s**2, k)
    total = volume.sum()
    room = total**2 - squares.sum()
    if not room > 1e-12 * total**2:
        return np.full((k, k), np.nan)
    return np.asarray(total * (np.outer(volume, volume) - np.diag(squares)) / room)
