"""What the required contact comes to: the gaps between groups, and how well they are met."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orgnet.measures.congruence_lift import congruence_lift, unneeded_share
from orgnet.measures.coordination import coordination_gap
from orgnet.network import Network


@dataclass(frozen=True, eq=False)
class RequiredContact:
    """Contact against requirements, exact and unreleased.

    Attributes
    ----------
    gaps
        One row a required pair of groups, as `orgnet.measures.coordination_gap`.
    congruence, expected
        Share of the requirements that is met, and its mean if the groups changed places at random;
        NaN without ties.
    unneeded_share
        Share of the regular ties between groups that nothing requires.
    """

    gaps: pd.DataFrame
    congruence: float
    expected: float
    unneeded_share: float


def required_contact(network: Network, requirements: pd.DataFrame, *, by: str) -> RequiredContact:
    """Return gaps, congruence and the share of contact that nothing requires.

    Parameters
    ----------
    network
        The people and their ties.
    requirements
        Who must work with whom; see `orgnet.measures.requirements.requirement_matrix`.
    by
        The column of people that holds the group.

    Examples
    --------
    >>> import networkx as nx
    >>> from orgnet.network import as_network
    >>> graph = nx.Graph([("l1", "r1"), ("l2", "r2"), ("m1", "r2")])
    >>> nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> needed = pd.DataFrame({"group_a": ["L"], "group_b": ["R"]})
    >>> found = required_contact(as_network(graph, by="department"), needed, by="department")
    >>> found.congruence, round(found.unneeded_share, 2)
    (1.0, 0.33)
    """
    # The mean over all permutations is exact: no draw is needed for it.
    met = congruence_lift(network, requirements, by=by, permutations=1)
    return RequiredContact(
        gaps=coordination_gap(network, requirements, by=by),
        congruence=float(met["congruence"]),
        expected=float(met["expected"]),
        unneeded_share=unneeded_share(network, requirements, by=by),
    )
