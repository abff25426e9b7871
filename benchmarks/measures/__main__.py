"""Times the measures and writes their tables: ``python -m benchmarks.measures``."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measures.comparisons import COMPARISONS, Comparison
from benchmarks.measures.graphs import BY, Firm, plant
from benchmarks.measuring import exponent
from benchmarks.tables import PAGE, markdown_table, versions, write_block
from orgnet import diagnose, measures

#: Results of measures that count or add up the same things differ by rounding alone.
_TOLERANCE = 1e-9
#: python-louvain may find a slightly better partition than ours.
_TOLERANCE_OF_SEARCH = 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    """Time everything at both sizes; 1 if a result is not that of the peer."""
    options = _options(arguments)
    small, large = (
        plant(people, departments=departments, seed=options.seed, livelier=livelier)
        for people, departments, livelier in (
            (options.small, min(12, options.departments), 1.0),
            (options.large, options.departments, options.livelier),
        )
    )
    block = _preface(options)
    block += "\n" + _growth(small, large, options.repeats)
    agreed = True
    for firm, is_large in ((small, False), (large, True)):
        chosen = [each for each in COMPARISONS if each.large or not is_large]
        table, same = _beside(firm, chosen, options.repeats)
        block += f"\nBeside others on the same graph, {firm.size}:\n\n{table}"
        agreed &= same
    if options.print_only:
        print(block)
    else:
        write_block("measures", block, options.page)
    return 0 if agreed else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measures", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="people (default 1,000)")
    parser.add_argument("--large", type=int, default=10_000, help="people (default 10,000)")
    parser.add_argument("--departments", type=int, default=24, help="of the large (default 24)")
    parser.add_argument(
        "--livelier", type=float, default=3.0, help="contacts inside the large firm's departments"
    )
    parser.add_argument("--repeats", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--seed", type=int, default=7, help="of the firms (default 7)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that gets the tables")
    parser.add_argument("--print-only", action="store_true", help="print the tables, write nothing")
    return parser.parse_args(arguments)


def _diagnosis(firm: Firm) -> object:
    return diagnose(firm.network, by=BY, robustness_draws=0)


def _index(firm: Firm) -> object:
    return measures.horizontal_alignment_index(firm.network, by=BY)


def _brokerage(firm: Firm) -> object:
    return measures.brokerage_roles_z(firm.network, by=BY)


def _moments(firm: Firm) -> object:
    return measures.ei_index_permutation(firm.network, by=BY)


#: What is timed alone: there is nothing to set beside it.
_OWN = (
    ("diagnosis, without robustness", _diagnosis),
    ("index with 500 resamples of weeks", _index),
    ("brokerage roles, z over all labellings", _brokerage),
    ("E-I index, exact moments over all labellings", _moments),
)


def _seconds(work: Callable[[Firm], Any], firm: Firm) -> tuple[float, Any]:
    """Return the CPU seconds of a piece of work, of all threads, and its result."""
    gc.collect()
    begin = time.process_time()
    result = work(firm)
    return time.process_time() - begin, result


def _growth(small: Firm, large: Firm, repeats: int) -> str:
    times = len(large.network.pairs) / len(small.network.pairs)
    rows = []
    for name, work in _OWN:
        taken = [median(_seconds(work, firm)[0] for _ in range(repeats)) for firm in (small, large)]
        grows = exponent(max(taken[0], 1e-6), max(taken[1], 1e-6), times)
        rows.append([name, *(f"{seconds:.2f}" for seconds in taken), f"{grows:.2f}"])
    header = ("", f"CPU s, {small.size}", f"CPU s, {large.size}", "exponent in pairs")
    return markdown_table(header, rows)


def _beside(firm: Firm, comparisons: Sequence[Comparison], repeats: int) -> tuple[str, bool]:
    """Return the table of one firm, and whether all results are those of the peers."""
    rows, agreed = [], True
    for each in comparisons:
        ours, theirs = [], []
        for _ in range(repeats):
            own_seconds, own = _seconds(each.ours, firm)
            peer_seconds, peer = _seconds(each.theirs, firm)
            ours.append(own_seconds)
            theirs.append(peer_seconds)
        apart = each.apart(firm, own, peer)
        search = each.peer == "python-louvain"
        agreed &= apart <= (_TOLERANCE_OF_SEARCH if search else _TOLERANCE)
        ratio = median(b / max(a, 1e-6) for a, b in zip(ours, theirs, strict=True))
        said = f"{median(ours):.3f}", f"{median(theirs):.2f}", f"{ratio:.1f}", f"{apart:.0e}"
        rows.append([each.name, each.peer, *said])
    header = ("measure", "peer", "orgnet, CPU s", "peer, CPU s", "times ours", "difference")
    return markdown_table(header, rows), agreed


def _preface(options: argparse.Namespace) -> str:
    used = versions(["networkx", "python-louvain", "igraph", "numpy", "scipy"])
    return (
        f"Made {datetime.now(UTC).date().isoformat()} by `python -m benchmarks.measures`, "
        f"firms of seed {options.seed}, median of {options.repeats} runs in turn. {used}. "
        "The difference is the largest of two values of a person; of communities, by how much "
        "the peer's modularity is higher.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
