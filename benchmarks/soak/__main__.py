"""Run the soak and write its table into `docs/security.md`: ``python -m benchmarks.soak``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.soak.mishaps import Outcome, everything
from benchmarks.soak.runs import plant
from benchmarks.tables import markdown_table, versions, write_block

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
_HEADER = ("What happened", "runs", "finished", "stopped", "files half-written or lost")
_MORE = ("unclear messages", "reruns", "reruns that failed")


def block(outcomes: Sequence[tuple[str, Outcome]], *, seed: int) -> str:
    """Return the table with what it rests on."""
    rows = [(name, *map(str, _figures(outcome))) for name, outcome in outcomes]
    said = sorted({line for _, outcome in outcomes for line in outcome.said})
    told = "".join(f"- `{line}`\n" for line in said)
    return (
        "## What is left when a run is stopped\n\n"
        f"`make soak`, {date.today().isoformat()}, seed {seed}; {versions(['orgnet-ona'])}. Every "
        "file of the results folder is compared with the complete old and the complete new one. "
        "Half of the kills come at any moment of a run, half while results are written.\n\n"
        + markdown_table([*_HEADER, *_MORE], rows)
        + ("\nWhat the runs that failed said:\n\n" + told if told else "")
    )


def _figures(outcome: Outcome) -> tuple[int, ...]:
    ended = (outcome.runs, outcome.finished, outcome.stopped, outcome.half_written)
    return (*ended, outcome.unclear, outcome.reruns, outcome.failed_reruns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    outcomes: list[tuple[str, Outcome]] = []
    with tempfile.TemporaryDirectory(prefix="orgnet-soak-") as folder:
        firm = plant(Path(folder), seed=options.seed)
        for name, outcome in everything(firm, options.kills, seed=options.seed):
            print(name, outcome, flush=True)
            outcomes.append((name, outcome))
    if not options.page.is_file():
        options.page.write_text("# Security\n", encoding="utf-8", newline="\n")
    write_block("soak", block(outcomes, seed=options.seed), options.page)


if __name__ == "__main__":
    main()
