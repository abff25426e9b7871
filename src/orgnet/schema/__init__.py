"""The tables and the reading of them: all that a connector needs to know of orgnet."""

from orgnet.schema.reading import (
    Answer,
    Connector,
    InteractionWriter,
    Ledger,
    Problem,
    Profile,
    ReadOptions,
    Source,
)
from orgnet.schema.tables import (
    ANSWERS,
    CHANNELS,
    INTERACTIONS,
    KINDS,
    MEMBERSHIPS,
    PEOPLE,
    PERSON_KINDS,
    TIES,
)

__all__ = [
    "ANSWERS",
    "CHANNELS",
    "INTERACTIONS",
    "KINDS",
    "MEMBERSHIPS",
    "PEOPLE",
    "PERSON_KINDS",
    "TIES",
    "Answer",
    "Connector",
    "InteractionWriter",
    "Ledger",
    "Problem",
    "Profile",
    "ReadOptions",
    "Source",
]
