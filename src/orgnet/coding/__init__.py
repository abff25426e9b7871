"""Records as numbers, in files that an engine reads: how they are written, and looked at."""

from __future__ import annotations

from orgnet.coding.reading import FOLDER, Order, begins, column_of, order_of, parts, pieces
from orgnet.coding.sameness import distinct, has_equal
from orgnet.coding.writing import code

__all__ = [
    "FOLDER",
    "Order",
    "begins",
    "code",
    "column_of",
    "distinct",
    "has_equal",
    "order_of",
    "parts",
    "pieces",
]
