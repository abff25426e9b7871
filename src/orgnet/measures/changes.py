"""Whether departments opened or closed between two windows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.mixing import ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray
from orgnet.statistics.change import external_change
from orgnet.statistics.multiple_testing import benjamini_hochberg


def openness_change(
    before: Graph,
    after: Graph,
    *,
    by: str,
    draws: int = 1000,
    seed: int = 0,
    q: float = 0.10,
    minimum: float = 0.05,
) -> pd.DataFrame:
    r"""Which groups' contact turned outward or inward from one window to the next.

    Compared are the people who were seen in both windows, in the groups that they had in the first:
    joining, leaving and moving between departments is not a change of habits. The test is of

    .. math:: \lambda_g = \ln\frac{K_g - M_{gg} + 1}{M_{gg} + 1}

    against its standard deviation over samples of the pairs of people, with the same multiplier for
    a pair in both windows: ties that come and go at unchanged rates raise no more alarms than they
    should.

    Parameters
    ----------
    before, after
        Networks of two windows that do not overlap, best of the same length.
    by
        The column of people, or the vertex attribute, that holds the group, as it was `before`.
    draws
        Bootstrap samples of the pairs of people in contact.
    seed
        Seed of the samples.
    q
        The false discovery rate over the groups at which a change is called.
    minimum
        The least difference of openness that is worth a word.

    Returns
    -------
    pandas.DataFrame, one row a group, sorted by group
        ``people`` seen in both windows; ``openness_before``, ``openness_after`` and their
        ``difference``; ``log_odds_change`` with its ``sd``, ``z``, the two-sided ``p`` and ``q``;
        ``changed`` (bool): at `q` and of at least `minimum`. NaN and False for groups of one person
        and for groups without a tie in one of the windows. With fewer than two groups or without
        any tie all is NaN, with ``attrs["reason"]``.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the
    Royal Statistical Society B* 57(1), 289-300. The bootstrap gives each pair a Poisson(1) weight.

    Examples
    --------
    Four teams of six, all in touch inside; team A gives up all but one of its contacts outside.

    >>> import networkx as nx
    >>> before = nx.caveman_graph(4, 6)
    >>> nx.set_node_attributes(before, {p: "ABCD"[p // 6] for p in before}, "department")
    >>> before.add_edges_from((p, q) for p in before for q in range(p) if (p + q) % 3 == 0)
    >>> after = before.copy()
    >>> after.remove_edges_from([(p, q) for p, q in before.edges if p < 6 < q and p > 0])
    >>> change = openness_change(before, after, by="department")
    >>> round(float(change["difference"]["A"]), 2), bool(change["changed"]["A"])
    (-0.46, True)
    """
    if draws < 2:
        raise UsageError(f"draws is {draws}, expected at least 2")
    before, after = as_network(before, by=by), as_network(after, by=by)
    first, second = _of_both(before, after, by)
    groups = first.groups(by)
    codes, k = groups.codes, len(groups.names)
    one, other, strength = _side_by_side(first, second)
    known = (codes[one] >= 0) & (codes[other] >= 0)
    one, other, strength = codes[one[known]], codes[other[known]], strength[known]
    found = external_change(one, other, strength, k, draws=draws, rng=np.random.default_rng(seed))
    sizes, n = groups.sizes.astype(float), float(groups.sizes.sum())
    usable = (sizes >= 2) & ~np.isnan(found.change)
    reason = "single_group" if k < 2 else None if strength.any() else "no_ties"
    if reason:
        usable[:] = False

    def shown(values: FloatArray) -> FloatArray:
        return np.where(usable, values, np.nan)

    chance = ratio(n - sizes, np.full(k, max(n - 1, 1)))
    opened = [
        shown(ratio(ratio(found.external[w], found.external[w] + found.internal[w]), chance))
        for w in (0, 1)
    ]
    table = pd.DataFrame(
        {
            "people": groups.sizes,
            "openness_before": opened[0],
            "openness_after": opened[1],
            "difference": opened[1] - opened[0],
            "log_odds_change": shown(found.change),
            "sd": shown(found.sd),
            "z": shown(found.z),
            "p": shown(found.p),
            "q": benjamini_hochberg(shown(found.p)),
        },
        index=groups.index,
    )
    table["changed"] = ((table["q"] <= q) & (table["difference"].abs() >= minimum)).astype(bool)
    table.attrs.update(draws=draws, seed=seed, q=q, minimum=minimum)
    if reason:
        table.attrs["reason"] = reason
    return table


def _of_both(before: Network, after: Network, by: str) -> tuple[Network, Network]:
    """Keep the people who were seen in both windows."""
    place = after.index.get_indexer(before.index)
    both = before.observed & (place >= 0)
    both[both] = after.observed[place[both]]
    stays = np.zeros(len(after.people), dtype=bool)
    stays[place[both]] = True
    return before.subset(both), after.subset(stays)


def _side_by_side(first: Network, second: Network) -> tuple[IntArray, IntArray, FloatArray]:
    """Return every pair in contact in one of the windows, with its strength in both.

    People are numbered as in the first; pairs are in the order of ids, whatever that of the rows.
    """
    n = len(first.people)
    place = first.index.get_indexer(second.index)
    ends = np.concatenate(
        [
            np.stack([first.pairs.first, first.pairs.second]),
            np.stack([place[second.pairs.first], place[second.pairs.second]]),
        ],
        axis=1,
    )
    ends.sort(axis=0)
    window = np.repeat([0, 1], [len(first.pairs), len(second.pairs)])
    keys, position = np.unique(ends[0] * max(n, 1) + ends[1], return_inverse=True)
    strength = np.zeros((len(keys), 2))
    strength[position, window] = np.concatenate([first.pairs.strength, second.pairs.strength])
    return keys // max(n, 1), keys % max(n, 1), strength
