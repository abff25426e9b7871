"""Whether a group keeps to itself more than chance, or more than the other groups do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from orgnet.errors import UsageError
from orgnet.measures.mixing import Mixing, mixing, ratio
from orgnet.network import Graph, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray
from orgnet.statistics.heterogeneity import between_variance
from orgnet.statistics.label_permutation import (
    internal_strength_moments,
    permuted_internal_strength,
)
from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.resampling import PairClasses, percentile_interval

#: With more groups than this the bootstrap draws sums of groups, not of pairs of groups.
_MANY_GROUPS = 25

#: With fewer groups nothing tells how much groups differ.
_GROUPS = 3


def ei_index_permutation(
    network: Graph, *, by: str, draws: int = 0, seed: int = 0
) -> pd.Series[float]:
    r"""E-I index against its distribution when the group labels are handed out by lot.

    People of one group nearly always talk more to each other, so a small *p* is no finding: it
    says that the labels have to do with who talks to whom, in every organisation.

    The mean and the standard deviation are Mantel's exact ones; *p* is the chance of as much
    contact inside the groups or more.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    draws
        Permutations to draw for *p*: (1 + as closed or more) / (1 + draws). 0 for the normal
        approximation.
    seed
        Seed of the permutations.

    Returns
    -------
    pandas.Series of float: ``observed``, ``expected``, ``sd``, ``z``, ``p``
        `observed` as in `ei_index`; negative `z` means more contact inside than by lot. `z` and `p`
        are NaN where every labelling gives the same value. All NaN, with ``attrs["reason"]``, with
        fewer than two groups or without any tie.

    References
    ----------
    Mantel, N. (1967). The detection of disease clustering and a generalized regression approach.
    *Cancer Research* 27(2), 209-220. Phipson, B. and Smyth, G. K. (2010). Permutation p-values
    should never be zero. *Statistical Applications in Genetics and Molecular Biology* 9(1), 39.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> ei_index_permutation(graph, by="department").round(3).to_dict()
    {'observed': -0.714, 'expected': 0.2, 'sd': 0.333, 'z': -2.744, 'p': 0.003}
    """
    if draws < 0:
        raise UsageError(f"draws is {draws}, expected 0 or more")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    result = pd.Series(
        np.nan, index=["observed", "expected", "sd", "z", "p"], name="ei_index", dtype=float
    )
    if mixed.reason:
        result.attrs["reason"] = mixed.reason
        return result
    groups = mixed.groups
    _, _, known = network.between(groups)
    pairs = network.pairs
    strength = pairs.strength[known]
    # People of unknown group take no part in the permutation.
    position = np.cumsum(groups.codes >= 0) - 1
    first, second = position[pairs.first[known]], position[pairs.second[known]]
    inside = mixed.internal.sum()
    mean, sd = internal_strength_moments(first, second, strength, groups.sizes)
    total = mixed.total
    result["observed"] = 1 - 2 * inside / total
    result["expected"] = 1 - 2 * mean / total
    result["sd"] = 2 * sd / total
    if sd > 0:
        z = (inside - mean) / sd
        result["z"] = -z
        result["p"] = special.ndtr(-z)
        if draws:
            codes = groups.codes[groups.codes >= 0]
            permuted = permuted_internal_strength(
                first, second, strength, codes, draws=draws, rng=np.random.default_rng(seed)
            )
            # Sums of the same strengths in another order may differ in the last digit.
            as_closed = permuted >= inside * (1 - 1e-12)
            result["p"] = (1 + as_closed.sum()) / (1 + draws)
    result.attrs.update(draws=draws, seed=seed)
    return result


def silo_test(
    network: Graph,
    *,
    by: str,
    draws: int = 500,
    seed: int = 0,
    q: float = 0.10,
    floor: float = 2 / 3,
    far_floor: float = 1 / 2,
) -> pd.DataFrame:
    r"""Which groups keep to themselves clearly more than the other groups do.

    .. math::

        x_g = \ln X_g, \qquad
        z_g = \frac{x_g - \tilde x_{-g}}{\sqrt{v_g + \tau^2 + \frac{\pi}{2 (k - 1)}
              \overline{(v + \tau^2)}_{-g}}}

    where :math:`X_g` is the `openness` and :math:`\tilde x_{-g}` the median over the *k* - 1 other
    groups; :math:`v_g`, the variance of the dyad bootstrap, says how well a group is known,
    :math:`\tau^2` how much groups differ anyway (`orgnet.statistics.heterogeneity`), and the last
    term is the error of the median, a mean over the other groups. Where all groups are equally
    closed none of them is a silo: `openness` says that they are closed. Nor is one of two groups,
    as nothing then tells how much groups differ.

    With few groups τ is hardly known, and a silo among them may pass for one of the ways in which
    groups differ. So a group is also called a silo if it is less than half as open as the others
    are, and if chance in its own contact does not explain that: then :math:`\tau` is left out, and
    the log-odds of external strength, less that of headcount, are held against their mean over the
    other groups, weighted by the inverse of the variances.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    draws
        Bootstrap samples of the pairs of people in contact.
    seed
        Seed of the samples.
    q
        The false discovery rate over the groups at which one is called a silo.
    floor, far_floor
        A silo's openness is at most this share of the other groups' median; the second where
        `q` does not hold against what groups differ anyway.

    Returns
    -------
    pandas.DataFrame, one row a group, sorted by group
        ``external_share``, ``openness`` with its interval ``low``, ``high`` (95 %);
        ``log_openness``, ``others_median``, their ``difference`` with its ``sd``, ``z`` and the
        one-sided ``p`` and ``q``; ``chance_q``, the same against chance alone; ``median_others``
        (openness), ``floor_passed`` and ``silo`` (bool). NaN and False for groups of one person
        and for groups without a tie; they take no part in the others' median.
        ``attrs["between_sd"]`` is :math:`\tau`. With fewer than two groups or without any tie all
        is NaN, with ``attrs["reason"]``.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the
    Royal Statistical Society B* 57(1), 289-300. The bootstrap gives each pair a Poisson(1) weight.
    Calibrated on planted organisations: ``docs/validity.md``.

    Examples
    --------
    Four teams of six, all in touch inside. Team A has one tie outside, the others have many.

    >>> import networkx as nx
    >>> graph = nx.caveman_graph(4, 6)
    >>> nx.set_node_attributes(graph, {p: "ABCD"[p // 6] for p in graph}, "department")
    >>> graph.add_edges_from((p, q) for p in range(6, 24) for q in range(6, p) if (p + q) % 3 == 0)
    >>> graph.add_edge(0, 6)
    >>> test = silo_test(graph, by="department")
    >>> test[["openness", "median_others", "silo"]].round(2).loc[["A", "B"]].to_numpy().tolist()
    [[0.04, 0.57, True], [0.58, 0.57, False]]
    """
    if draws < 2:
        raise UsageError(f"draws is {draws}, expected at least 2")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    a, b, known = network.between(mixed.groups)
    samples = StrengthSamples(
        a[known], b[known], network.pairs.strength[known], len(mixed.groups.names)
    )
    drawn = samples.draw(None, draws=draws, seed=seed)
    table = silo_table(mixed, drawn, q=q, floor=floor, far_floor=far_floor)
    table.attrs.update(draws=draws, seed=seed, q=q, floor=floor, far_floor=far_floor)
    return table


def silo_table(
    mixed: Mixing,
    drawn: tuple[FloatArray, FloatArray],
    *,
    q: float = 0.10,
    floor: float = 2 / 3,
    far_floor: float = 1 / 2,
) -> pd.DataFrame:
    """Return what `silo_test` does, from sums by groups.

    Parameters
    ----------
    mixed
        The contact of the groups.
    drawn
        What `StrengthSamples.draw` returns.
    q, floor, far_floor
        As in `silo_test`.
    """
    groups = mixed.groups
    table = pd.DataFrame(index=groups.index)
    usable = (groups.sizes >= 2) & (mixed.volume > 0)
    if mixed.reason or usable.sum() < 2:
        usable[:] = False
        table.attrs["reason"] = mixed.reason or "single_group"

    internal, external = drawn
    share = _where(usable, ratio(mixed.external, mixed.volume))
    scale = _where(usable, (mixed.people - 1) / np.maximum(mixed.people - groups.sizes, 1))
    with np.errstate(invalid="ignore"):
        drawn_openness = external / (internal + external) * scale
    low, high = percentile_interval(drawn_openness)
    observed = _log_openness(mixed.internal, mixed.external, mixed)[usable]
    drawn_log = _log_openness(internal, external, mixed)[:, usable]
    others, sd, between_sd = _against_others(observed, drawn_log)

    table["external_share"] = share
    table["openness"] = share * scale
    table["low"], table["high"] = low, high
    table["log_openness"] = _spread(usable, observed)
    table["others_median"] = _spread(usable, others)
    table["difference"] = table["log_openness"] - table["others_median"]
    table["sd"] = _spread(usable, sd)
    table["z"] = ratio(table["difference"].to_numpy(), table["sd"].to_numpy())
    table["p"] = special.ndtr(table["z"])
    table["q"] = benjamini_hochberg(table["p"])
    chance = _chance_p(internal, external, mixed, usable)
    table["chance_q"] = benjamini_hochberg(_spread(usable, chance))
    table["median_others"] = _spread(usable, _median_of_others((share * scale)[usable]))
    table["floor_passed"] = (table["openness"] <= floor * table["median_others"]).astype(bool)
    far = table["openness"] <= far_floor * table["median_others"]
    sure = (table["q"] <= q) & table["floor_passed"]
    table["silo"] = (sure | ((table["chance_q"] <= q) & far)).astype(bool)
    table.attrs["between_sd"] = between_sd
    return table


class StrengthSamples:
    """Bootstrap samples of the strength inside each group and from it to the others.

    With many groups each end of a pair of two groups has a multiplier of its own: every group's
    sums have the same distribution, and there are as many numbers to draw as groups, not as pairs
    of them. `silo_test` takes the variance of each group alone.

    Parameters
    ----------
    a, b
        For each pair of people the groups of the two.
    strength
        Of each pair.
    k
        The number of groups.
    """

    def __init__(self, a: IntArray, b: IntArray, strength: FloatArray, k: int) -> None:
        self._k = k
        self._by_pairs = k <= _MANY_GROUPS
        if self._by_pairs:
            cell = np.minimum(a, b) * k + np.maximum(a, b)
            self._end = np.arange(len(a))
            self._classes = PairClasses.of(cell, strength, k * k)
            return
        inside, across = np.flatnonzero(a == b), np.flatnonzero(a != b)
        self._end = np.concatenate([inside, across, across])
        cell = np.concatenate([a[inside], k + a[across], k + b[across]])
        self._classes = PairClasses.of(cell, strength[self._end], 2 * k)

    def draw(
        self, which: BoolArray | None, *, draws: int, seed: int
    ) -> tuple[FloatArray, FloatArray]:
        """Draw the internal strength, both ends counted, and the external: draws × groups each.

        Parameters
        ----------
        which
            For each pair of people whether it is there; None for all.
        draws, seed
            Samples of the pairs, and their seed.
        """
        k = self._k
        ends = None if which is None else which[self._end]
        sums = self._classes.sums(ends, draws=draws, rng=np.random.default_rng(seed))
        if not self._by_pairs:
            return 2 * sums[:, :k], sums[:, k:]
        sums = sums.reshape(draws, k, k)
        internal = 2 * np.diagonal(sums, axis1=1, axis2=2)
        external = sums.sum(axis=1) + sums.sum(axis=2) - internal
        return internal, np.maximum(external, 0.0)


def _log_openness(internal: FloatArray, external: FloatArray, mixed: Mixing) -> FloatArray:
    """Logarithm of the openness, one added to both strengths; NaN for a group of everybody."""
    sizes = mixed.groups.sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        by_headcount = np.log((mixed.people - sizes) / (mixed.people - 1))
        return np.asarray(np.log((external + 1) / (internal + external + 2)) - by_headcount)


def _against_others(
    observed: FloatArray, drawn: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Return the median of the other groups, the sd of the difference to it, and τ."""
    count = len(observed)
    own = drawn.var(axis=0, ddof=1)
    between = between_variance(observed, own)
    variance = own + between
    others = variance.sum() - variance
    of_median = np.pi / 2 * others / max(count - 1, 1) ** 2
    return _median_of_others(observed), np.sqrt(variance + of_median), float(np.sqrt(between))


def _chance_p(internal: FloatArray, external: FloatArray, mixed: Mixing, usable: Any) -> FloatArray:
    """Return how often chance in their contact makes groups as closed; NaN with fewer than three.

    `internal` and `external` are the samples, draws × groups.
    """
    if usable.sum() < _GROUPS:
        return np.full(int(usable.sum()), np.nan)
    sizes = mixed.groups.sizes[usable]
    headcount = np.log((mixed.people - sizes) / (sizes - 1))
    observed = np.log((mixed.external[usable] + 1) / (mixed.internal[usable] + 1)) - headcount
    drawn = np.log((external[:, usable] + 1) / (internal[:, usable] + 1)) - headcount
    variance = drawn.var(axis=0, ddof=1)
    weights = np.tile(1 / np.maximum(variance, np.finfo(float).tiny), (len(sizes), 1))
    np.fill_diagonal(weights, 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    sd = (drawn - drawn @ weights.T).std(axis=0, ddof=1)
    return np.asarray(special.ndtr(ratio(observed - weights @ observed, sd)))


def _median_of_others(values: FloatArray) -> FloatArray:
    """For each value the median of all the others."""
    count = len(values)
    if count < 2:
        return np.full(count, np.nan)
    others = np.tile(values, (count, 1))[~np.eye(count, dtype=bool)]
    return np.asarray(np.median(others.reshape(count, count - 1), axis=1))


def _where(usable: Any, values: FloatArray) -> FloatArray:
    return np.where(usable, values, np.nan)


def _spread(usable: Any, values: FloatArray) -> FloatArray:
    """Put the values of the usable groups in their places among all groups."""
    spread = np.full(len(usable), np.nan)
    spread[usable] = values
    return spread
