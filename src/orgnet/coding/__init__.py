"""Records as numbers, in files that an engine reads: how they are written, and looked at."""

from __future__ import annotations

from orgnet.coding.reading import FOLDER, begins, column_of, parts, pieces, stand_together
from orgnet.coding.sameness import distinct, has_equal
from orgnet.coding.writing import code

__all__ = [
    "FOLDER",
    "begins",
    "code",
    "column_of",
    "distinct",
    "has_equal",
    "parts",
    "pieces",
    "stand_together",
]
