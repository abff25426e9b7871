"""The queries on coded interactions, run out of core: to weekly ties, or to counts for a store."""

from __future__ import annotations

from orgnet.reduction.counting import Counts, count
from orgnet.reduction.reducing import Reduced, ReducedToFiles, reduce, reduce_to_files, tie

__all__ = ["Counts", "Reduced", "ReducedToFiles", "count", "reduce", "reduce_to_files", "tie"]
