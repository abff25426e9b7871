"""Every measure, under the name that the literature gives it: network in, pandas out.

Each takes an `orgnet.Network`, a networkx graph or an igraph graph first and options by keyword.
Larger strengths are closer ties, everywhere.
"""

from orgnet.measures.alignment import AlignmentIndex, horizontal_alignment_index
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
from orgnet.measures.cohesion import core_number, density, reciprocity
from orgnet.measures.communities import communities, community_agreement, modularity
from orgnet.measures.coordination import congruence, congruence_tasks, coordination_gap
from orgnet.measures.cut_points import articulation_points, bridges
from orgnet.measures.hierarchy import (
    krackhardt_hierarchy,
    layers,
    reporting_line_contact,
    span_of_control,
)
from orgnet.measures.mixing import mixing_matrix
from orgnet.measures.segregation import (
    assortativity,
    freeman_segregation,
    gupta_anderson_may,
    modularity_formal,
    participation_coefficient,
    spectral_segregation_index,
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
from orgnet.measures.weak_links import contacts_per_person, group_matrix, weak_links

__all__ = [
    "AlignmentIndex",
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
    "coleman_homophily",
    "communities",
    "community_agreement",
    "conductance",
    "congruence",
    "congruence_tasks",
    "constraint",
    "constraint_hierarchy",
    "contacts_per_person",
    "coordination_gap",
    "core_number",
    "cross_betweenness",
    "cross_load_concentration",
    "cross_load_share",
    "density",
    "effective_size",
    "ei_index",
    "ei_index_expected",
    "ei_index_permutation",
    "external_share",
    "freeman_segregation",
    "group_matrix",
    "gupta_anderson_may",
    "horizontal_alignment_index",
    "krackhardt_hierarchy",
    "layers",
    "mixing_matrix",
    "modularity",
    "modularity_formal",
    "openness",
    "pair_dependency",
    "participation_coefficient",
    "reciprocity",
    "reporting_line_contact",
    "silo_test",
    "sole_connectors",
    "span_of_control",
    "spectral_segregation_index",
    "weak_links",
]
