"""Planted organisations: invented firms with known faults, as ties or as real export files.

`plant_organisation` invents the firm, `write_exports` writes what it would export, `plant_ties`
gives its weekly ties directly and `plant_drift` two windows of them. `meeting_ties` adds a channel,
`without_people`, `without_weeks`, `without_channel` and `with_wrong_departments` spoil the data,
and `compare_with_truth` says what a diagnosis found of it. `plant_bakery` invents a firm of twelve.
"""

from orgnet.simulate.bakery import Bakery, plant_bakery
from orgnet.simulate.bakery_exports import write_bakery
from orgnet.simulate.contact import Contact, PlantedTies, draw_contact, plant_ties, weekly_ties
from orgnet.simulate.drift import Drift, plant_drift
from orgnet.simulate.exports import write_exports
from orgnet.simulate.meetings import meeting_ties
from orgnet.simulate.missing import (
    with_wrong_departments,
    without_channel,
    without_people,
    without_weeks,
)
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
    "Bakery",
    "Contact",
    "Drift",
    "FindingLike",
    "Noise",
    "Organisation",
    "PlantedTies",
    "Rates",
    "Truth",
    "TruthComparison",
    "compare_with_truth",
    "draw_contact",
    "meeting_ties",
    "plant_bakery",
    "plant_drift",
    "plant_organisation",
    "plant_ties",
    "weekly_ties",
    "with_wrong_departments",
    "without_channel",
    "without_people",
    "without_weeks",
    "write_bakery",
    "write_exports",
]
