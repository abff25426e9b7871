"""Backbones of counts: ties that a model of handing out contact by chance does not explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special
from scipy.optimize import minimize_scalar

from orgnet.errors import UsageError
from orgnet.measures.backbone_ties import (
    DrawnTies,
    Ends,
    check_alpha,
    check_ends,
    counted_ties,
)
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray

#: Terms of sums held in memory at a time.
_TERMS_AT_ONCE = 4_000_000

#: Counts above have the share of the urn in place of a sum over as many terms.
_COUNTED_OUT = 1_000_000


def polya(
    network: Graph,
    *,
    alpha: float = 0.05,
    reinforcement: float | None = None,
    ends: Ends = "either",
    directed: bool = False,
    keep_strongest: bool = True,
) -> pd.DataFrame:
    r"""Keep the ties that are stronger than one drawn by an urn in which success breeds more.

    .. math:: p_{ij} = P(X \ge w_{ij}), \quad
        X \sim \mathrm{BetaBin}\Bigl(s_i, \frac1a, \frac{d_i - 1}{a}\Bigr)

    for each end *i*, with its strength :math:`s_i` over :math:`d_i` ties, and the reinforcement
    *a*: 0 gives the binomial test, 1 nearly that of `disparity`, more keeps fewer ties.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, whose strengths are counts.
    alpha
        A tie is kept if its *p* is below.
    reinforcement
        *a*, 0 or more. None takes the most likely one, up to 10.
    ends, directed, keep_strongest
        As for `disparity`.

    Returns
    -------
    pandas.DataFrame, one row a kept tie
        As `disparity`; ``attrs["reinforcement"]`` is *a*.

    Raises
    ------
    UsageError
        As `disparity`; and if `reinforcement` is negative, or a strength is not a whole number.

    References
    ----------
    Marcaccioli, R. and Livan, G. (2019). A Pólya urn approach to information filtering in complex
    networks. *Nature Communications* 10, 745.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from(("a", b, w) for b, w in zip("bcdef", [8, 3, 3, 3, 3]))
    >>> kept = polya(graph, alpha=0.1, reinforcement=0, keep_strongest=False)
    >>> kept.round(4).to_numpy().tolist()
    [['a', 'b', 8.0, 0.0321]]
    """
    check_alpha(alpha)
    check_ends(ends)
    if reinforcement is not None and not reinforcement >= 0:
        raise UsageError(f"reinforcement is {reinforcement}, expected 0 or more")
    ties = counted_ties(as_network(network), directed)
    a = _likeliest_reinforcement(ties) if reinforcement is None else reinforcement
    at_sender = _urn_tail(ties.strength, ties.out_strength[ties.sender], ties.sent[ties.sender], a)
    at_recipient = _urn_tail(
        ties.strength, ties.in_strength[ties.recipient], ties.received[ties.recipient], a
    )
    p = (np.minimum if ends == "either" else np.maximum)(at_sender, at_recipient)
    keep = p < alpha
    if keep_strongest:
        keep = keep | ties.strongest()
    table = ties.table(keep, p=p)
    table.attrs["reinforcement"] = a
    return table


def mlf(network: Graph, *, alpha: float = 0.05, directed: bool = False) -> pd.DataFrame:
    r"""Keep the ties that are stronger than the activity of their two ends predicts.

    The marginal likelihood filter:

    .. math:: p_{ij} = P\bigl(\mathrm{Bin}(m, \pi_{ij}) \ge w_{ij}\bigr), \qquad
        \pi_{ij} = \frac{s_i s_j}{2 m^2}

    with the strengths :math:`s_i` and their sum over ties, *m*; directed
    :math:`\pi_{ij} = s_i^{out} s_j^{in} / m^2`.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, whose strengths are counts.
    alpha
        A tie is kept if its *p* is below.
    directed
        Whether to test each direction alone. False adds both directions.

    Returns
    -------
    pandas.DataFrame, one row a kept tie
        ``sender``, ``recipient``, ``strength``, ``p``, as in `disparity`.

    Raises
    ------
    UsageError
        If `alpha` is not above 0 and up to 1, or a strength is not a whole number.

    References
    ----------
    Dianati, N. (2016). Unwinding the hairball graph: pruning algorithms for weighted complex
    networks. *Physical Review E* 93, 012304.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("a", "b", 9), ("a", "c", 1), ("b", "c", 1), ("c", "d", 9)])
    >>> mlf(graph, alpha=0.1).round(4).to_numpy().tolist()
    [['a', 'b', 9.0, 0.0003], ['c', 'd', 9.0, 0.0003]]
    """
    check_alpha(alpha)
    ties = counted_ties(as_network(network), directed)
    m = ties.strength.sum()
    chance = ties.out_strength[ties.sender] * ties.in_strength[ties.recipient]
    chance = np.minimum(1.0, chance / (m**2 if directed else 2 * m**2)) if m else chance
    # The upper tail of the binomial distribution is an incomplete beta function.
    p = special.betainc(ties.strength, m - ties.strength + 1, chance)
    return ties.table(p < alpha, p=p)


def _urn_tail(w: FloatArray, s: FloatArray, d: FloatArray, a: float) -> FloatArray:
    """Chance that one of `d` ties gets `w` or more of `s` drawings."""
    if a == 0:
        return np.asarray(np.where(d > 1, special.betainc(w, s - w + 1, 1 / d), 1.0))
    p = np.ones(len(w))
    many = (d > 1) & (w > _COUNTED_OUT)
    # With so many drawings their share is known, and only the urn itself is left to chance.
    p[many] = special.betaincc(1 / a, (d[many] - 1) / a, (w[many] - 0.5) / s[many])
    ties = np.flatnonzero((d > 1) & ~many)
    block = np.cumsum(w[ties]) // _TERMS_AT_ONCE
    for rows in np.split(ties, np.flatnonzero(np.diff(block)) + 1):
        count = w[rows].astype(np.int64)
        row = np.repeat(np.arange(len(rows)), count)
        # The terms from 0 to w - 1, whose sum is what the tail lacks of 1.
        x = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        terms = np.exp(_urn_log_chance(x.astype(float), s[rows][row], d[rows][row], a))
        p[rows] = np.maximum(0.0, 1 - np.bincount(row, terms, len(rows)))
    return p


def _urn_log_chance(w: FloatArray, s: FloatArray, d: FloatArray, a: float) -> FloatArray:
    """Logarithm of the beta-binomial probability of `w`."""
    choose = special.gammaln(s + 1) - special.gammaln(w + 1) - special.gammaln(s - w + 1)
    one, rest = 1 / a, (d - 1) / a
    return np.asarray(choose + special.betaln(w + one, s - w + rest) - special.betaln(one, rest))


def _likeliest_reinforcement(ties: DrawnTies) -> float:
    """Find the reinforcement under which the ties are likeliest at both of their ends."""
    w = np.tile(ties.strength, 2)
    s = np.concatenate([ties.out_strength[ties.sender], ties.in_strength[ties.recipient]])
    d = np.concatenate([ties.sent[ties.sender], ties.received[ties.recipient]])
    some = d > 1
    if not some.any():
        return 1.0
    found = minimize_scalar(
        lambda a: -_urn_log_chance(w[some], s[some], d[some], a).sum(),
        bounds=(1e-3, 10.0),
        method="bounded",
    )
    return float(found.x)
