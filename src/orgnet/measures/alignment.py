"""The horizontal alignment index: silos, weak links and bottlenecks in one number of 0 to 100."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.alignment_scores import GO_BETWEEN_CREDIT, OPENNESS_TARGET, Scorer
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray
from orgnet.statistics.resampling import percentile_interval, week_multiplicities

_NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentIndex:
    """The horizontal alignment index, its sub-scores and their intervals, all from 0 to 100.

    Attributes
    ----------
    value, low, high
        The index, the mean of the three sub-scores, and its interval: as wide as the middle 95 %
        of the bootstrap samples of weeks, around the value. It covers the truth in 90 to 95 % of
        cases. It says how well this window was measured, given who works with whom in it.
    openness, openness_low, openness_high
        Silos: how near each group is to being open enough, mean over people.
    coverage, coverage_low, coverage_high
        Weak links: how much of the contact that pairs of groups should have is there.
    resilience, resilience_low, resilience_high
        Bottlenecks: how much of it stays when the most needed person of each pair leaves.
    reason
        Why there is no value (``single_group``, ``no_ties``) or no interval (``no_weeks``,
        ``too_few_weeks``); None where all is there.
    groups, people
        How many there were; people of unknown group and those who were not observed not counted.
    weeks
        Weeks in the window; None without dates.
    regular_weeks
        The weeks of contact that make a tie a regular one.
    required
        Whether the pairs were weighted by stated requirements rather than by headcount.
    draws, seed
        Of the bootstrap.
    openness_target, go_between_credit
        The parameters of the index, beside those of `contact_targets`.
    """

    value: float = _NAN
    low: float = _NAN
    high: float = _NAN
    openness: float = _NAN
    openness_low: float = _NAN
    openness_high: float = _NAN
    coverage: float = _NAN
    coverage_low: float = _NAN
    coverage_high: float = _NAN
    resilience: float = _NAN
    resilience_low: float = _NAN
    resilience_high: float = _NAN
    reason: str | None = None
    groups: int = 0
    people: int = 0
    weeks: int | None = None
    regular_weeks: int = 3
    required: bool = False
    draws: int = 0
    seed: int = 0
    openness_target: float = OPENNESS_TARGET
    go_between_credit: float = GO_BETWEEN_CREDIT

    @property
    def weight_range(self) -> tuple[float, float]:
        """Least and largest index if each sub-score weighed anything from 0.2 to 0.6.

        Examples
        --------
        >>> low, high = AlignmentIndex(openness=40, coverage=90, resilience=80).weight_range
        >>> round(low, 9), round(high, 9)
        (58.0, 78.0)
        """
        scores = (self.openness, self.coverage, self.resilience)
        even = 0.2 * sum(scores)
        return even + 0.4 * min(scores), even + 0.4 * max(scores)


def horizontal_alignment_index(
    network: Graph,
    *,
    by: str,
    requirements: pd.DataFrame | None = None,
    draws: int = 500,
    seed: int = 0,
) -> AlignmentIndex:
    r"""How well the groups of an organisation work together, from 0 to 100.

    0: there is no contact between groups at all. 100: every group is open enough, and every two
    groups have the regular ties that they should have, also when one person leaves. More contact
    than that is not rewarded.

    .. math::

        \mathrm{index} = \tfrac{100}{3} (O + C + B), \qquad
        O = \frac{\sum_g n_g \min(1, X_g / 0.5)}{\sum_g n_g}

    .. math::

        C = \sum_{g<h} \pi_{gh} \max\bigl(c_{gh}, \tfrac12 \max_q \min(c_{gq}, c_{qh})\bigr), \qquad
        c_{gh} = \min(1, T^R_{gh} / \tau_{gh})

    and *B* the same as *C* with, in place of :math:`c_{gh}`,

    .. math:: b_{gh} = \min\bigl(1, \max(0, \nu_{gh} - 1) / \max(1, \tau_{gh} - 1)\bigr)

    :math:`X_g` is the openness, over groups that have a tie;
    :math:`T^R_{gh}` the regular ties of two groups, :math:`\nu_{gh}` their bus factor,
    :math:`\tau_{gh}` the `contact_targets`. The weights :math:`\pi_{gh}` add up to 1 and are
    proportional to :math:`n_g n_h`, or to the requirements: then only direct contact counts.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Dated networks are counted in active weeks,
        whatever their strength is, the others by the strength as given.
    by
        The column of people, or the vertex attribute, that holds the group.
    requirements
        Who must work with whom, in a form that `requirement_matrix` reads. None weights every two
        people of different groups equally.
    draws
        Bootstrap samples of the weeks; 0 for no interval.
    seed
        Seed of the samples.

    Returns
    -------
    AlignmentIndex
        NaN, with a reason, with fewer than two groups or without any tie. No interval, with the
        reason ``no_weeks``, for networks without dates.

    References
    ----------
    The index is this project's own. The interval: Efron, B. and Tibshirani, R. J. (1993). *An
    Introduction to the Bootstrap*, ch. 13. Chapman and Hall.

    Examples
    --------
    Two teams of three and one tie between them: half of the contact that they should have, and all
    of it lost when one person leaves.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> index = horizontal_alignment_index(graph, by="department")
    >>> [round(x, 1) for x in (index.value, index.openness, index.coverage, index.resilience)]
    [32.5, 47.6, 50.0, 0.0]
    >>> index.reason
    'no_weeks'
    """
    if draws < 0:
        raise UsageError(f"draws is {draws}, expected 0 or more")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    groups = mixed.groups
    scorer = Scorer(network, mixed, requirements)
    empty = AlignmentIndex(
        reason=mixed.reason,
        groups=len(groups.names),
        people=mixed.people,
        weeks=None if network.weeks is None else len(network.weeks),
        regular_weeks=network.rules.regular_weeks,
        required=requirements is not None,
        draws=draws,
        seed=seed,
    )
    if mixed.reason:
        return empty
    weekly = network.pairs.weekly
    if weekly is None:
        return _record(empty, scorer.observed(), "no_weeks")
    weeks = weekly.shape[1]
    # One week, resampled, is always itself: an interval of no width would be a lie.
    usable = draws if weeks > 1 else 0
    multiplicities = week_multiplicities(weeks, usable, np.random.default_rng(seed))
    window = np.ones((weeks, 1), dtype=np.int64)
    scores = scorer.dated(np.hstack([window, multiplicities]))
    return _record(empty, scores, None if weeks > 1 else "too_few_weeks")


def around_value(
    value: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Centre percentile intervals on their values, within 0 and 100.

    Samples of weeks lose ties, so that their middle lies below the value; their width is right.
    How often either interval holds the truth is in ``docs/validity.md``.
    """
    half = (high - low) / 2
    return np.maximum(0.0, value - half), np.minimum(100.0, value + half)


def _record(empty: AlignmentIndex, scores: FloatArray, reason: str | None) -> AlignmentIndex:
    """Fill in the sub-scores, 0 to 1: the first row observed, the others resampled."""
    percent = 100 * np.column_stack([scores.mean(axis=1), scores])
    value, openness, coverage, resilience = percent[0].tolist()
    limits = around_value(percent[0], *percentile_interval(percent[1:]))
    low, high = (limit.tolist() for limit in limits)
    return replace(
        empty,
        reason=reason,
        value=value,
        low=low[0],
        high=high[0],
        openness=openness,
        openness_low=low[1],
        openness_high=high[1],
        coverage=coverage,
        coverage_low=low[2],
        coverage_high=high[2],
        resilience=resilience,
        resilience_low=low[3],
        resilience_high=high[3],
    )
