"""Times one piece of work and prints what it took as a line of JSON; the standard library alone.

Every script beside this one is run as a process of its own, some of them in an environment without
orgnet.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


def report(
    work: Callable[[], dict[str, int]], more: Callable[[], dict[str, float]] = lambda: {}
) -> None:
    """Run some work and print its counts, wall clock, CPU seconds and the process's peak memory.

    Imports that were made before are not in the times, but in the memory. What `more` returns is
    printed as well; it is asked when the clock has stopped.
    """
    wall, cpu = time.perf_counter(), time.process_time()
    counts = work()
    taken = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({**counts, **taken, "peak_mb": _peak_mb(), **more()}))


def _peak_mb() -> float | None:
    """Return the peak of resident memory; None on systems that do not say it."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))
