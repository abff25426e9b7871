"""Contact along the reporting lines: every measure of it in one record."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from orgnet.measures.line_management import reporting_line_contact, span_of_control
from orgnet.measures.org_chart import (
    formal_informal_overlap,
    hierarchy_coverage,
    tree_distance_profile,
)
from orgnet.measures.reporting_lines import managers
from orgnet.measures.vertical import distance_to_top_summary, skip_level_contact
from orgnet.network import Network

#: The column of people that holds the id of the manager.
MANAGER = "manager"

#: Permutations of the test of the chart against contact: enough for a p down to 0.005.
PERMUTATIONS = 199


@dataclass(frozen=True, eq=False)
class VerticalContact:
    """How contact follows the chart, exact and unreleased.

    Attributes
    ----------
    spans
        Reports of each manager.
    line_contact, skip_level_contact
        Shares of people in contact with their manager, and with their manager's manager.
    coverage
        Shares of contact by direction on the chart (`hierarchy_coverage`).
    to_top
        ``mean, quantile_90, unreachable, people`` (`distance_to_top_summary`).
    overlap
        ``correlation, p, jaccard`` of the chart with contact (`formal_informal_overlap`).
    profile
        Strength of contact by distance on the chart (`tree_distance_profile`).
    """

    spans: pd.Series[int]
    line_contact: float
    skip_level_contact: float
    coverage: pd.Series[float]
    to_top: pd.Series[float]
    overlap: pd.Series[float]
    profile: pd.DataFrame


def vertical_contact(network: Network, *, by: str, seed: int = 0) -> VerticalContact | None:
    """Return the measures, or None where the people name no manager among them.

    Parameters
    ----------
    network
        The people and their ties.
    by
        The column of people that holds the unit.
    seed
        Of the permutations.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {"person": ["ann", "ben", "cem"], "unit": "all", "manager": [None, "ann", "ann"]}
    ... )
    >>> ties = pd.DataFrame({"sender": ["ben", "cem"], "recipient": ["ann", "ben"]})
    >>> found = vertical_contact(Network.from_ties(ties, people), by="unit")
    >>> found.line_contact, found.profile["strength"].tolist()
    (0.5, [0.5, 1.0])
    """
    if MANAGER not in network.people.columns or not (managers(network, MANAGER) >= 0).any():
        return None
    return VerticalContact(
        spans=span_of_control(network, manager=MANAGER),
        line_contact=reporting_line_contact(network, manager=MANAGER),
        skip_level_contact=skip_level_contact(network, manager=MANAGER),
        coverage=hierarchy_coverage(network, by=by, manager=MANAGER),
        to_top=distance_to_top_summary(network, manager=MANAGER),
        overlap=formal_informal_overlap(
            network, manager=MANAGER, permutations=PERMUTATIONS, seed=seed
        ),
        profile=tree_distance_profile(network, manager=MANAGER),
    )
