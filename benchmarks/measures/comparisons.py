"""The same measure by orgnet and by networkx or python-louvain, and how far they agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import community
import networkx as nx
import numpy as np
import pandas as pd

from benchmarks.measures.graphs import BY, Firm
from orgnet import measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure, twice.

    Parameters
    ----------
    name, peer
        The measure, and what else computes it.
    ours, theirs
        The two, of one organisation.
    apart
        How far the two results are apart; 0 for the same.
    large
        Whether the peer is done within minutes at 10,000 people.
    """

    name: str
    peer: str
    ours: Callable[[Firm], Any]
    theirs: Callable[[Firm], Any]
    apart: Callable[[Firm, Any, Any], float]
    large: bool = True


def _values(_: Firm, ours: pd.Series[float], theirs: dict[str, float]) -> float:
    """Return the largest difference of two values of a person."""
    other = pd.Series(theirs, dtype=float).reindex(ours.index)
    return float(np.nanmax(np.abs(ours - other), initial=0.0))


def _members(_: Firm, ours: pd.Series[float], theirs: set[str]) -> float:
    """Return how many people are in one of two sets alone."""
    return float(len(set(ours.index) ^ theirs))


def _modularity(firm: Firm, ours: pd.Series[int], theirs: dict[str, int]) -> float:
    """Return by how much our communities have a lower modularity than theirs, at least 0."""
    found = [measures.modularity(firm.plain, labels) for labels in (ours, pd.Series(theirs))]
    return max(0.0, found[1] - found[0])


COMPARISONS = (
    Comparison(
        name="betweenness, exact",
        peer="networkx",
        ours=lambda firm: measures.betweenness(firm.plain),
        theirs=lambda firm: nx.betweenness_centrality(firm.graph),
        apart=_values,
        large=False,
    ),
    Comparison(
        name="constraint",
        peer="networkx",
        ours=lambda firm: measures.constraint(firm.plain),
        theirs=lambda firm: nx.constraint(firm.graph, weight="weight"),
        apart=_values,
    ),
    Comparison(
        name="effective size",
        peer="networkx",
        ours=lambda firm: measures.effective_size(firm.plain),
        theirs=lambda firm: nx.effective_size(firm.graph, list(firm.graph), weight="weight"),
        apart=_values,
        large=False,
    ),
    Comparison(
        name="modularity of departments",
        peer="networkx",
        ours=lambda firm: measures.modularity_formal(firm.plain, by=BY),
        theirs=lambda firm: nx.community.modularity(firm.graph, _departments(firm)),
        apart=lambda _, ours, theirs: abs(ours - theirs),
    ),
    Comparison(
        name="core number",
        peer="networkx",
        ours=lambda firm: measures.core_number(firm.plain),
        theirs=lambda firm: nx.core_number(firm.graph),
        apart=_values,
    ),
    Comparison(
        name="articulation points",
        peer="networkx",
        ours=lambda firm: measures.articulation_points(firm.plain),
        theirs=lambda firm: set(nx.articulation_points(firm.graph)),
        apart=_members,
    ),
    Comparison(
        name="communities (ours: best of 20)",
        peer="python-louvain",
        ours=lambda firm: measures.communities(firm.plain),
        theirs=lambda firm: community.best_partition(firm.graph, random_state=0),
        apart=_modularity,
    ),
)


def _departments(firm: Firm) -> list[set[str]]:
    people = firm.network.people[BY]
    return [set(part.index) for _, part in people.groupby(people)]
