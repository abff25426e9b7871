"""A measure with its uncertainty: error, interval, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.resampled import with_ties, with_weeks
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray
from orgnet.statistics.resampling import (
    percentile_interval,
    vertex_jackknife_error,
    week_block,
    week_jackknife_error,
    week_multiplicities,
)

Method = Literal["week_bootstrap", "week_jackknife", "dyad_bootstrap", "vertex_jackknife"]

#: Normal quantile of a 95 % interval around a jackknife estimate.
_WIDE = 1.959964


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Estimate:
    """A measure, how sure it is, and what it rests on.

    `value`, `standard_error`, `low` and `high` are numbers for a measure of one number, and Series
    with the index of the measure otherwise.

    Attributes
    ----------
    measure
        The name of the measure.
    value
        The measure of the network as it is.
    standard_error
        Its standard error; NaN where it cannot be known.
    low, high
        The 95 % interval; NaN where it cannot be known.
    n, ties
        Observed people, and pairs of people in contact.
    coverage
        Observed people as a share of the roster.
    method, draws, seed
        How the error was found. Draws are the samples of a bootstrap, or the weeks or people left
        out one by one.
    parameters
        The options of the measure, and ``block``, the weeks drawn together.
    warnings
        What to keep in mind, by key: ``undefined_draws`` (samples without a value were left out),
        ``few_weeks`` (fewer than eight), ``missing_people`` (under 70 % of the roster observed).
    reason
        Why there is no value or no interval, None where there is: the reason of the measure,
        ``no_weeks``, ``too_few_weeks``, ``too_few_people``, ``no_draws`` or ``undefined``.
    """

    measure: str
    value: Any
    standard_error: Any
    low: Any
    high: Any
    n: int
    ties: int
    coverage: float
    method: Method
    draws: int
    seed: int
    parameters: Mapping[str, Any]
    warnings: tuple[str, ...]
    reason: str | None

    def to_frame(self) -> pd.DataFrame:
        """Return ``value, standard_error, low, high``, one row a value of the measure."""
        parts = {name: getattr(self, name) for name in ("value", "standard_error", "low", "high")}
        if isinstance(self.value, pd.Series):
            return pd.DataFrame(parts)
        return pd.DataFrame(parts, index=pd.Index([self.measure], name="measure"))


def estimate(
    measure: Callable[..., Any],
    network: Graph,
    *,
    method: Method = "week_bootstrap",
    draws: int = 500,
    seed: int = 0,
    **options: Any,
) -> Estimate:
    r"""Take a measure, and find its error by taking it again of resampled networks.

    ==================  ==============================================  ========================
    method              what is drawn or left out                       what the interval covers
    ==================  ==============================================  ========================
    week_bootstrap      weeks, with replacement; neighbouring weeks     which weeks were seen,
                        together where they resemble each other         given who talks
    week_jackknife      one week left out                               the same
    dyad_bootstrap      pairs in contact, each a Poisson(1) number of   the chance in the ties
                        times
    vertex_jackknife    one person left out                             people as a sample; wide
    ==================  ==============================================  ========================

    Bootstraps give percentile intervals, jackknives the normal one around the value. With about a
    third of the weeks missing in each draw, counts of regular ties fall in a week bootstrap; with a
    pair drawn twice, counts of pairs do not rise in a dyad bootstrap. Both are made for strengths
    and shares of them.

    Parameters
    ----------
    measure
        A measure that returns a number or a Series: ``orgnet.measures.openness``.
    network
        A Network, or a networkx or igraph graph.
    method
        See above.
    draws
        Samples of a bootstrap.
    seed
        Seed of the samples.
    **options
        Handed on to the measure, such as ``by="department"``.

    Returns
    -------
    Estimate
        Without dates the methods of weeks give the value alone, with the reason ``no_weeks``.

    Raises
    ------
    UsageError
        If there is no such method, the measure returns something else than a number or a Series, or
        weeks are to be drawn of strengths that are not active weeks.

    References
    ----------
    Snijders, T. A. B. and Borgatti, S. P. (1999). Non-parametric standard errors and tests for
    network statistics. *Connections* 22(2), 161-170. Efron, B. and Tibshirani, R. J. (1993). *An
    Introduction to the Bootstrap*. Chapman and Hall.

    Examples
    --------
    >>> import networkx as nx
    >>> from orgnet.measures import ei_index
    >>> graph = nx.barbell_graph(10, 0)
    >>> nx.set_node_attributes(graph, {p: "LR"[p // 10] for p in graph}, "department")
    >>> found = estimate(ei_index, graph, by="department", method="dyad_bootstrap", draws=200)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), found.reason
    (-0.98, -1.0, -0.93, None)
    >>> estimate(ei_index, graph, by="department").reason
    'no_weeks'
    """
    if method not in get_args(Method):
        raise UsageError(f"method is {method!r}, expected one of {list(get_args(Method))}")
    if draws < 2:
        raise UsageError(f"draws is {draws}, expected at least 2")
    network = as_network(network, by=options.get("by"))
    value = measure(network, **options)
    single = not isinstance(value, pd.Series)
    if single and not isinstance(value, (float, int, np.number)):
        raise UsageError(
            f"{_name(measure)} returns a {type(value).__name__}, expected a measure that returns a "
            "number or a Series"
        )
    observed = pd.Series([float(value)]) if single else value.astype(float)
    numbers = np.asarray(observed, dtype=float)
    reason = value.attrs.get("reason") if isinstance(value, pd.Series) else None
    if reason is None and observed.isna().all():
        reason = "undefined"

    def again(part: Network) -> FloatArray:
        result = measure(part, **options)
        if single:
            return np.array([float(result)])
        return np.asarray(result.astype(float).reindex(observed.index), dtype=float)

    block = 1
    samples = np.empty((0, len(observed)))
    why_not = reason or _why_not(network, method)
    if why_not is None:
        rng = np.random.default_rng(seed)
        if method == "week_bootstrap":
            block = week_block(_activity(network))
            times = week_multiplicities(_weeks(network), draws, rng, block=block)
            samples = np.array([again(with_weeks(network, column)) for column in times.T])
        elif method == "dyad_bootstrap":
            samples = np.array([again(with_ties(network, _multipliers(network, rng)))
                                for _ in range(draws)])  # fmt: skip
        elif method == "week_jackknife":
            left = ~np.eye(_weeks(network), dtype=bool)
            samples = np.array([again(with_weeks(network, row.astype(np.int64))) for row in left])
        else:
            everybody = np.flatnonzero(network.observed)
            samples = np.array([again(_without(network, person)) for person in everybody.tolist()])
    error, low, high = _interval(numbers, samples, method)
    if why_not is None and np.isnan(error).all():
        why_not = "no_draws"

    def shaped(values: FloatArray) -> Any:
        if single:
            return float(values[0])
        return pd.Series(values, index=observed.index, name=observed.name, dtype=float)

    return Estimate(
        measure=_name(measure),
        value=float(value) if single else value,
        standard_error=shaped(error),
        low=shaped(low),
        high=shaped(high),
        n=network.n,
        ties=len(network.pairs),
        coverage=network.people_coverage,
        method=method,
        draws=len(samples),
        seed=seed,
        parameters={**options, "block": block} if method == "week_bootstrap" else dict(options),
        warnings=_warnings(network, samples, numbers, method),
        reason=why_not,
    )


def _name(measure: Callable[..., Any]) -> str:
    return str(getattr(measure, "__name__", type(measure).__name__))


def _why_not(network: Network, method: Method) -> str | None:
    """Say why the method has nothing to draw from, or None."""
    if method == "dyad_bootstrap":
        return None if len(network.pairs) else "no_ties"
    if method == "vertex_jackknife":
        return None if network.n >= 4 else "too_few_people"
    if network.pairs.weekly is None:
        return "no_weeks"
    if network.strength != "active_weeks":
        raise UsageError(
            f"the strengths are {network.strength!r}, and weeks can be drawn of 'active_weeks' "
            "alone; use method='dyad_bootstrap', or make the network with "
            "strength='active_weeks'"
        )
    return None if _weeks(network) >= 2 else "too_few_weeks"


def _weeks(network: Network) -> int:
    return len(network.weeks or ())


def _activity(network: Network) -> FloatArray:
    """Contact in each week of the window."""
    assert network.pairs.weekly is not None
    return np.asarray(network.pairs.weekly.sum(axis=0), dtype=float).ravel()


def _multipliers(network: Network, rng: np.random.Generator) -> Any:
    """Draw a Poisson(1) number for each pair, whatever the order of the people."""
    pairs, ids = network.pairs, network.index.to_numpy(dtype=object)
    place = np.empty(len(ids), dtype=np.int64)
    place[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    ends = np.sort(np.stack([place[pairs.first], place[pairs.second]]), axis=0)
    times = np.empty(len(pairs), dtype=np.int64)
    times[np.lexsort((ends[1], ends[0]))] = rng.poisson(1.0, len(pairs))
    return times


def _without(network: Network, person: int) -> Network:
    keep = np.ones(len(network.people), dtype=bool)
    keep[person] = False
    return network.subset(keep)


def _interval(
    observed: FloatArray, samples: FloatArray, method: Method
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return standard error, low and high; NaN for values that are not defined."""
    undefined = np.isnan(observed)
    if method.endswith("jackknife"):
        error = (
            week_jackknife_error(samples)
            if method == "week_jackknife"
            else _vertex_jackknife_errors(samples)
        )
        low, high = observed - _WIDE * error, observed + _WIDE * error
    else:
        error = np.full(len(observed), np.nan)
        enough = (~np.isnan(samples)).sum(axis=0) >= 2
        if enough.any():
            error[enough] = np.nanstd(samples[:, enough], axis=0, ddof=1)
        low, high = percentile_interval(samples)
    for values in (error, low, high):
        values[undefined] = np.nan
    return error, low, high


def _vertex_jackknife_errors(samples: FloatArray) -> FloatArray:
    """Take each value's error over the people without whom there is one.

    A person has no value without themselves, and neither has a group of one.
    """
    return np.array([vertex_jackknife_error(c[~np.isnan(c)]) for c in samples.T], dtype=float)


def _warnings(
    network: Network, samples: FloatArray, observed: FloatArray, method: Method
) -> tuple[str, ...]:
    keys = []
    lost = np.isnan(samples[:, ~np.isnan(observed)])
    if lost.any():
        keys.append("undefined_draws")
    if method.startswith("week") and 0 < _weeks(network) < 8:
        keys.append("few_weeks")
    if network.people_coverage < 0.7:
        keys.append("missing_people")
    return tuple(keys)
