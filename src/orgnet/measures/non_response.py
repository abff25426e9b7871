"""Surveys that not everybody answered: who is missing, and what can still be said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from orgnet.errors import InputError, MissingColumnError, UsageError
from orgnet.measures.mixing import ratio
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import BoolArray, Pairs
from orgnet.statistics.multiple_testing import benjamini_hochberg


def response_rate(
    network: Graph, *, by: str, respondents: Collection[str] | None = None
) -> pd.DataFrame:
    r"""Who answered, group by group, against the groups of those who did not.

    Overloaded and remote people answer less. Where the rates of groups differ, figures of the whole
    organisation speak for the groups that answered; `weight` makes up for it.

    .. math:: w_g = \frac{n_g / n}{r_g / r}

    where :math:`n_g` are the people of the roster in group *g* and :math:`r_g` its respondents.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute: department, level, site.
    respondents
        Ids of those who answered; by default those for whom the column ``responded`` of the people
        says so.

    Returns
    -------
    pandas.DataFrame, one row a group, sorted by group
        ``people`` of the roster, whether seen or not; ``respondents``; ``response_rate``, 0 to 1;
        ``weight`` of a respondent, 1 where the group answered like all, NaN without respondents;
        ``p`` of Fisher's exact test of the group against the rest, and ``q`` (Benjamini-Hochberg).
        ``attrs``: ``response_rate`` of everybody and ``p`` of all groups together (chi-square),
        NaN with fewer than two groups or where all or none answered. People of unknown group are
        left out.

    Raises
    ------
    MissingColumnError
        If neither `respondents` nor a column ``responded`` is given.
    InputError
        If one of `respondents` is not among the people.

    References
    ----------
    Borgatti, S. P., Carley, K. M. and Krackhardt, D. (2006). On the robustness of centrality
    measures under conditions of imperfect data. *Social Networks* 28(2), 124-136.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.empty_graph(8, create_using=nx.DiGraph)
    >>> nx.set_node_attributes(graph, dict(enumerate("AAAABBBB")), "department")
    >>> table = response_rate(graph, by="department", respondents=["0", "1", "2", "4"])
    >>> table[["response_rate", "weight"]].round(2).to_numpy().tolist()
    [[0.75, 0.67], [0.25, 2.0]]
    """
    # Loaded by those alone who ask for it: it takes half a second, and most runs have no survey.
    from scipy.stats import chi2_contingency, fisher_exact

    network = as_network(network, by=by)
    answered = _answered(network, respondents)
    # Whoever did not answer may not have been seen at all, and counts here.
    everybody = replace(network, people=network.people.assign(observed=True))
    groups = everybody.groups(by)
    known = groups.codes >= 0
    people = groups.sizes
    who = np.bincount(groups.codes[known & answered], minlength=len(people)).astype(np.int64)
    n, r = int(people.sum()), int(who.sum())
    rate = ratio(who.astype(float), people.astype(float))
    p = np.array(
        [
            fisher_exact([[mine, own - mine], [r - mine, n - own - (r - mine)]]).pvalue
            if own < n
            else np.nan
            for own, mine in zip(people.tolist(), who.tolist(), strict=True)
        ],
        dtype=float,
    )
    table = pd.DataFrame(
        {
            "people": people,
            "respondents": who,
            "response_rate": rate,
            "weight": ratio(np.full(len(people), r / n if n else np.nan), rate),
            "p": p,
            "q": benjamini_hochberg(p),
        },
        index=groups.index,
    )
    testable = len(people) > 1 and 0 < r < n
    table.attrs.update(
        response_rate=r / n if n else float("nan"),
        p=float(chi2_contingency([who, people - who]).pvalue) if testable else float("nan"),
    )
    return table


def received_share(
    network: Graph, *, respondents: Collection[str] | None = None
) -> pd.Series[float]:
    r"""Which share of the respondents names a person: in-degree that does not suffer from silence.

    .. math:: \frac{\#\{j \in R,\ j \ne i : j \to i\}}{\#\{j \in R,\ j \ne i\}}

    over the respondents *R*. A person who did not answer can be named and is given a value too.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph. Undirected ties count as named both ways.
    respondents
        Ids of those who answered; by default those for whom the column ``responded`` of the people
        says so.

    Returns
    -------
    pandas.Series of float, one value a person, in the order of the people
        From 0 to 1. NaN where nobody else answered.

    References
    ----------
    Costenbader, E. and Valente, T. W. (2003). The stability of centrality measures when networks
    are sampled. *Social Networks* 25(4), 283-307.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("c", "b"), ("b", "a")])
    >>> received_share(graph, respondents=["a", "c"]).to_dict()
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    network = as_network(network)
    answered = _answered(network, respondents)
    ties = network.directed_strength.tocoo()
    sender, recipient = ties.coords
    named = np.bincount(recipient[answered[sender]], minlength=len(answered)).astype(float)
    others = (answered.sum() - answered).astype(float)
    return pd.Series(ratio(named, others), index=network.index, name="received_share", dtype=float)


def reconstructed(
    network: Graph,
    *,
    respondents: Collection[str] | None = None,
    rule: Literal["either", "both", "mean"] = "either",
) -> Network:
    r"""Undirected network of a survey, with ties to silent people taken from who named them.

    Leaving out whoever did not answer loses the ties that others report with them, and is nearly
    always the worst choice.

    ======================  =====================================================================
    of a pair answered      strength of the tie
    ======================  =====================================================================
    both                    the larger of the two answers (``either``), the smaller (``both``) or
                            their mean; a person not named counts 0
    one                     what the one answered
    nobody                  not known: no tie
    ======================  =====================================================================

    Parameters
    ----------
    network
        A directed Network, or a directed networkx or igraph graph: who names whom.
    respondents
        Ids of those who answered; by default those for whom the column ``responded`` of the people
        says so.
    rule
        What two answers about one tie make.

    Returns
    -------
    Network
        The same people in the same order, without weeks. Who neither answered nor has a tie is not
        observed, and leaves every denominator.

    Raises
    ------
    UsageError
        If the network has no directions.

    References
    ----------
    Stork, D. and Richards, W. D. (1992). Nonrespondents in communication network studies. *Group &
    Organization Management* 17(2), 193-209. Smith, J. A., Morgan, J. H. and Moody, J. (2022).
    Network sampling coverage III: imputation of missing network data under different network and
    missing data conditions. *Social Networks* 68, 148-178.

    Examples
    --------
    Person c did not answer; a and b did, and b did not name a.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("a", "c")])
    >>> [len(reconstructed(graph, respondents="ab", rule=r).pairs) for r in ("either", "both")]
    [2, 1]
    """
    if rule not in ("either", "both", "mean"):
        raise UsageError(f"rule is {rule!r}, expected 'either', 'both' or 'mean'")
    asked = as_network(network)
    if not asked.directed:
        raise UsageError(
            "the ties have no directions, expected who names whom; an undirected network holds "
            "what two answers made already"
        )
    answered = _answered(asked, respondents)
    pairs = asked.pairs
    one, other = answered[pairs.first], answered[pairs.second]
    agreed = {
        "either": np.maximum(pairs.forward, pairs.backward),
        "both": np.minimum(pairs.forward, pairs.backward),
        "mean": (pairs.forward + pairs.backward) / 2,
    }[rule]
    strength = np.select(
        [one & other, one, other], [agreed, pairs.forward, pairs.backward], default=0.0
    )
    there = strength > 0
    observed = answered.copy()
    observed[pairs.first[there]] = True
    observed[pairs.second[there]] = True
    half = strength[there] / 2
    return replace(
        asked,
        people=asked.people.assign(observed=observed, insufficient=False),
        pairs=Pairs(
            first=pairs.first[there],
            second=pairs.second[there],
            forward=half,
            backward=half.copy(),
            strength=strength[there],
            active_weeks=np.zeros(int(there.sum()), dtype=np.int64),
            regular=np.ones(int(there.sum()), dtype=bool),
            weekly=None,
        ),
        directed=False,
        weeks=None,
        holiday_weeks=(),
    )


def _answered(network: Network, respondents: Collection[str] | None) -> BoolArray:
    """Say for each person whether they answered."""
    if respondents is None:
        if "responded" not in network.people.columns:
            raise MissingColumnError(
                f"no column 'responded'; the people have {list(network.people.columns)}",
                remedy="add it, or name those who answered with respondents=",
            )
        said = network.people["responded"]
        return np.asarray(said.where(said.notna(), False).astype(bool))
    place = network.index.get_indexer(pd.Index([str(one) for one in respondents], dtype="object"))
    if unknown := int((place < 0).sum()):
        raise InputError(
            f"{unknown} of the {len(place)} respondents are not among the people",
            remedy="correct their ids, or add them to the people",
        )
    answered = np.zeros(len(network.people), dtype=bool)
    answered[place] = True
    return answered
