"""Planted organisations: invented firms with known faults, as ties or as real export files.

`plant_organisation` invents the firm, `write_exports` writes what it would export, `plant_ties`
gives its weekly ties directly, and `compare_with_truth` says what a diagnosis found of it.
"""

from orgnet.simulate.contact import Contact, PlantedTies, draw_contact, plant_ties, weekly_ties
from orgnet.simulate.exports import write_exports
from orgnet.simulate.organisation import Organisation, plant_organisation
from orgnet.simulate.staff import Rates
from orgnet.simulate.truth import (
    FINDING_KINDS,
    FindingLike,
    Noise,
    Truth,
    TruthComparison,
    compare_with_truth,
)

__all__ = [
    "FINDING_KINDS",
    "Contact",
    "FindingLike",
    "Noise",
    "Organisation",
    "PlantedTies",
    "Rates",
    "Truth",
    "TruthComparison",
    "compare_with_truth",
    "draw_contact",
    "plant_organisation",
    "plant_ties",
    "weekly_ties",
    "write_exports",
]
