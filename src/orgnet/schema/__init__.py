"""The tables and the reading of them: all that a connector needs to know of orgnet."""

from orgnet.schema.reading import (
    Connector,
    InteractionWriter,
    Ledger,
    Problem,
    Profile,
    ReadOptions,
    Source,
)
from orgnet.schema.tables import (
    CHANNELS,
    INTERACTIONS,
    KINDS,
    PEOPLE,
    PERSON_KINDS,
    TIES,
)

__all__ = [
    "CHANNELS",
    "INTERACTIONS",
    "KINDS",
    "PEOPLE",
    "PERSON_KINDS",
    "TIES",
    "Connector",
    "InteractionWriter",
    "Ledger",
    "Problem",
    "Profile",
    "ReadOptions",
    "Source",
]
