"""Every measure, under the name that the literature gives it: network in, pandas out.

Each takes an `orgnet.Network`, a networkx graph or an igraph graph first and options by keyword.
Larger strengths are closer ties, everywhere.

Names are loaded when they are first used: no program needs all of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orgnet.measures.alignment import AlignmentIndex, horizontal_alignment_index
    from orgnet.measures.backbone import disparity, noise_corrected
    from orgnet.measures.backbone_counts import mlf, polya
    from orgnet.measures.betweenness import betweenness, cross_betweenness
    from orgnet.measures.bottlenecks import (
        bridging_hhi,
        bus_factor,
        cross_load_concentration,
        cross_load_share,
        pair_dependency,
        sole_connectors,
    )
    from orgnet.measures.brokerage import (
        brokerage_roles,
        brokerage_roles_expected,
        brokerage_roles_z,
    )
    from orgnet.measures.capacity import people_with_capacity
    from orgnet.measures.changes import openness_change
    from orgnet.measures.channels import channel_comparison
    from orgnet.measures.closure import closure_brokerage
    from orgnet.measures.cohesion import core_number, density, reciprocity
    from orgnet.measures.collaboration_load import collaboration_load, meeting_hours
    from orgnet.measures.communities import communities, community_agreement, modularity
    from orgnet.measures.community_stability import community_stability
    from orgnet.measures.congruence_lift import congruence_lift, unneeded_share
    from orgnet.measures.contact_factors import contact_factors
    from orgnet.measures.coordination import congruence, congruence_tasks, coordination_gap
    from orgnet.measures.current_flow import current_flow_betweenness
    from orgnet.measures.cut_points import articulation_points, bridges
    from orgnet.measures.estimates import Estimate, estimate
    from orgnet.measures.expectations import external_share_expected
    from orgnet.measures.flow_asymmetry import flow_asymmetry
    from orgnet.measures.group_connectivity import vertex_connectivity
    from orgnet.measures.group_depth import participation_coefficient, spectral_segregation_index
    from orgnet.measures.hierarchy import krackhardt_hierarchy
    from orgnet.measures.index_change import index_change, index_contributions
    from orgnet.measures.intermediaries import group_betweenness, intermediation
    from orgnet.measures.key_players import distance_fragmentation, fragmentation, key_player_neg
    from orgnet.measures.latency import response_latency
    from orgnet.measures.line_management import (
        layers,
        reporting_line_contact,
        span_of_control,
    )
    from orgnet.measures.mixing import mixing_matrix
    from orgnet.measures.modularity_null import formal_share_of_modularity, modularity_null
    from orgnet.measures.non_response import received_share, reconstructed, response_rate
    from orgnet.measures.odds_ratio import odds_ratio_within
    from orgnet.measures.org_chart import (
        formal_informal_overlap,
        hierarchy_coverage,
        tree_distance_profile,
    )
    from orgnet.measures.out_of_place import out_of_place
    from orgnet.measures.reciprocal_ties import reciprocal_ties
    from orgnet.measures.requirements import handover_requirements
    from orgnet.measures.robustness_curve import robustness_curve
    from orgnet.measures.segregation import (
        assortativity,
        freeman_segregation,
        gupta_anderson_may,
        modularity_formal,
    )
    from orgnet.measures.silo_tests import ei_index_permutation, silo_test
    from orgnet.measures.silos import (
        coleman_homophily,
        conductance,
        ei_index,
        ei_index_expected,
        external_share,
        openness,
    )
    from orgnet.measures.structural_holes import (
        burt_efficiency,
        constraint,
        constraint_hierarchy,
        effective_size,
    )
    from orgnet.measures.suggestions import suggested_links
    from orgnet.measures.turnover import turnover_decomposition
    from orgnet.measures.vertical import (
        distance_to_top,
        distance_to_top_summary,
        skip_level_contact,
    )
    from orgnet.measures.weak_links import contacts_per_person, group_matrix, weak_links
    from orgnet.measures.what_if import what_if

#: The module of each name.
_HOMES = {
    "AlignmentIndex": "alignment",
    "Estimate": "estimates",
    "articulation_points": "cut_points",
    "assortativity": "segregation",
    "betweenness": "betweenness",
    "bridges": "cut_points",
    "bridging_hhi": "bottlenecks",
    "brokerage_roles": "brokerage",
    "brokerage_roles_expected": "brokerage",
    "brokerage_roles_z": "brokerage",
    "burt_efficiency": "structural_holes",
    "bus_factor": "bottlenecks",
    "channel_comparison": "channels",
    "closure_brokerage": "closure",
    "coleman_homophily": "silos",
    "collaboration_load": "collaboration_load",
    "communities": "communities",
    "community_agreement": "communities",
    "community_stability": "community_stability",
    "conductance": "silos",
    "congruence": "coordination",
    "congruence_lift": "congruence_lift",
    "congruence_tasks": "coordination",
    "constraint": "structural_holes",
    "constraint_hierarchy": "structural_holes",
    "contact_factors": "contact_factors",
    "contacts_per_person": "weak_links",
    "coordination_gap": "coordination",
    "core_number": "cohesion",
    "cross_betweenness": "betweenness",
    "cross_load_concentration": "bottlenecks",
    "cross_load_share": "bottlenecks",
    "current_flow_betweenness": "current_flow",
    "density": "cohesion",
    "disparity": "backbone",
    "distance_fragmentation": "key_players",
    "distance_to_top": "vertical",
    "distance_to_top_summary": "vertical",
    "effective_size": "structural_holes",
    "ei_index": "silos",
    "ei_index_expected": "silos",
    "ei_index_permutation": "silo_tests",
    "estimate": "estimates",
    "external_share": "silos",
    "external_share_expected": "expectations",
    "flow_asymmetry": "flow_asymmetry",
    "formal_informal_overlap": "org_chart",
    "formal_share_of_modularity": "modularity_null",
    "fragmentation": "key_players",
    "freeman_segregation": "segregation",
    "group_betweenness": "intermediaries",
    "group_matrix": "weak_links",
    "gupta_anderson_may": "segregation",
    "handover_requirements": "requirements",
    "hierarchy_coverage": "org_chart",
    "horizontal_alignment_index": "alignment",
    "index_change": "index_change",
    "index_contributions": "index_change",
    "intermediation": "intermediaries",
    "key_player_neg": "key_players",
    "krackhardt_hierarchy": "hierarchy",
    "layers": "line_management",
    "meeting_hours": "collaboration_load",
    "mixing_matrix": "mixing",
    "mlf": "backbone_counts",
    "modularity": "communities",
    "modularity_formal": "segregation",
    "modularity_null": "modularity_null",
    "noise_corrected": "backbone",
    "odds_ratio_within": "odds_ratio",
    "openness": "silos",
    "openness_change": "changes",
    "out_of_place": "out_of_place",
    "pair_dependency": "bottlenecks",
    "participation_coefficient": "group_depth",
    "people_with_capacity": "capacity",
    "polya": "backbone_counts",
    "received_share": "non_response",
    "reciprocal_ties": "reciprocal_ties",
    "reciprocity": "cohesion",
    "reconstructed": "non_response",
    "reporting_line_contact": "line_management",
    "response_latency": "latency",
    "response_rate": "non_response",
    "robustness_curve": "robustness_curve",
    "silo_test": "silo_tests",
    "skip_level_contact": "vertical",
    "sole_connectors": "bottlenecks",
    "span_of_control": "line_management",
    "spectral_segregation_index": "group_depth",
    "suggested_links": "suggestions",
    "tree_distance_profile": "org_chart",
    "turnover_decomposition": "turnover",
    "unneeded_share": "congruence_lift",
    "vertex_connectivity": "group_connectivity",
    "weak_links": "weak_links",
    "what_if": "what_if",
}

__all__ = [
    "AlignmentIndex",
    "Estimate",
    "articulation_points",
    "assortativity",
    "betweenness",
    "bridges",
    "bridging_hhi",
    "brokerage_roles",
    "brokerage_roles_expected",
    "brokerage_roles_z",
    "burt_efficiency",
    "bus_factor",
    "channel_comparison",
    "closure_brokerage",
    "coleman_homophily",
    "collaboration_load",
    "communities",
    "community_agreement",
    "community_stability",
    "conductance",
    "congruence",
    "congruence_lift",
    "congruence_tasks",
    "constraint",
    "constraint_hierarchy",
    "contact_factors",
    "contacts_per_person",
    "coordination_gap",
    "core_number",
    "cross_betweenness",
    "cross_load_concentration",
    "cross_load_share",
    "current_flow_betweenness",
    "density",
    "disparity",
    "distance_fragmentation",
    "distance_to_top",
    "distance_to_top_summary",
    "effective_size",
    "ei_index",
    "ei_index_expected",
    "ei_index_permutation",
    "estimate",
    "external_share",
    "external_share_expected",
    "flow_asymmetry",
    "formal_informal_overlap",
    "formal_share_of_modularity",
    "fragmentation",
    "freeman_segregation",
    "group_betweenness",
    "group_matrix",
    "gupta_anderson_may",
    "handover_requirements",
    "hierarchy_coverage",
    "horizontal_alignment_index",
    "index_change",
    "index_contributions",
    "intermediation",
    "key_player_neg",
    "krackhardt_hierarchy",
    "layers",
    "meeting_hours",
    "mixing_matrix",
    "mlf",
    "modularity",
    "modularity_formal",
    "modularity_null",
    "noise_corrected",
    "odds_ratio_within",
    "openness",
    "openness_change",
    "out_of_place",
    "pair_dependency",
    "participation_coefficient",
    "people_with_capacity",
    "polya",
    "received_share",
    "reciprocal_ties",
    "reciprocity",
    "reconstructed",
    "reporting_line_contact",
    "response_latency",
    "response_rate",
    "robustness_curve",
    "silo_test",
    "skip_level_contact",
    "sole_connectors",
    "span_of_control",
    "spectral_segregation_index",
    "suggested_links",
    "tree_distance_profile",
    "turnover_decomposition",
    "unneeded_share",
    "vertex_connectivity",
    "weak_links",
    "what_if",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    measure = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = measure
    return measure


def __dir__() -> list[str]:
    return sorted(__all__)


class _Measures(ModuleType):
    """Keeps the names of measures theirs in this package."""

    def __setattr__(self, name: str, value: object) -> None:
        """Bind a name, but not that of a measure to the module of the same name.

        Importing ``orgnet.measures.communities`` would else put the module in the place of the
        function `communities`.
        """
        if not (isinstance(value, ModuleType) and name in _HOMES):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Measures
