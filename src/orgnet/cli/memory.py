"""Memory that a step needed and the next does not goes back to the system."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress

#: Steps (`orgnet.analysis.STEPS`) before which much was needed that no longer is.
_AFTER_MUCH = ("measuring", "comparing two windows", "measuring groups", "writing")


def share_one_pool() -> None:
    """Have Arrow take its memory where everything else does, unless the user says otherwise.

    The pools that it brings keep what they once had for themselves: some 60 MB after a million
    records. To be called before Arrow is loaded.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def giving_back(progress: Callable[[str], None]) -> Callable[[str], None]:
    """Return what tells of a step that begins, and gives back what those before it needed."""

    def tell(step: str) -> None:
        if step in _AFTER_MUCH:
            _give_back()
        progress(step)

    return tell


def _give_back() -> None:
    """Give back what is free between things in use, which C's library on Linux else keeps."""
    if sys.platform == "linux":
        # Only one of the libraries there keeps it, and has the function.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
