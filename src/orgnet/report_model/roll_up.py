"""Too many departments for a map: shown by a coarser level, or the largest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """What was done with more than 25 groups.

    Attributes
    ----------
    kind
        ``parent``: grouped by a coarser column instead. ``largest``: the 25 largest are drawn and
        the others are in the tables.
    by, into
        The column asked for and the column used; the same for ``largest``.
    groups, into_groups
        Groups of each.
    """

    kind: Literal["parent", "largest"]
    by: str
    into: str
    groups: int
    into_groups: int
