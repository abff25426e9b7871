"""Keeps what was measured, run by run, so that a benchmark goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.measuring import Outcome
from benchmarks.scale.contests import Clock, Contestant, Quantity

#: Where results and generated inputs are kept; git ignores it.
FOLDER = Path(__file__).resolve().parents[1] / ".results"

#: Contest -> contestant -> its runs.
Runs = dict[str, dict[str, list[Outcome]]]


def prepare(folder: Path) -> None:
    """Make the folder of results and inputs, of which git takes no notice."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")


class Results:
    """Runs of one size of the benchmark, in a file that is rewritten after each of them.

    Parameters
    ----------
    file
        A JSON file; it need not be there.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.made = ""
        self.runs: Runs = {}
        self._read()

    def _read(self) -> None:
        """Take in what is in the file, in which another run of the benchmark may write, too."""
        if self._file.is_file():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self.made = kept["made"]
            self.runs = {
                contest: {name: [Outcome(**run) for run in runs] for name, runs in each.items()}
                for contest, each in kept["runs"].items()
            }

    def of(self, contest: str, name: str) -> list[Outcome]:
        """Return the runs of a contestant."""
        return self.runs.get(contest, {}).get(name, [])

    def add(self, contest: str, name: str, outcome: Outcome) -> None:
        """Keep a run."""
        self._read()
        self.runs.setdefault(contest, {}).setdefault(name, []).append(outcome)
        self._write()

    def forget(self, contests: Sequence[str]) -> None:
        """Forget the runs of some contests."""
        self._read()
        for contest in contests:
            self.runs.pop(contest, None)
        self._write()

    def finished(self, contest: str, contestant: Contestant, repeats: int | None) -> bool:
        """Whether a contestant has run often enough, or needs no second run to be judged."""
        runs = self.of(contest, contestant.name)
        wanted = contestant.repeats if repeats is None else min(contestant.repeats, repeats)
        return len(runs) >= wanted or any(run.status != "done" for run in runs)

    def _write(self) -> None:
        self.made = datetime.now(UTC).date().isoformat()
        runs = {
            contest: {name: [asdict(run) for run in each] for name, each in by_name.items()}
            for contest, by_name in self.runs.items()
        }
        prepare(self._file.parent)
        text = json.dumps({"made": self.made, "runs": runs}, indent=1)
        half = self._file.with_suffix(".half")
        half.write_text(text + "\n", encoding="utf-8")
        half.replace(self._file)


def figure(
    runs: Sequence[Outcome], quantity: Quantity, clock: Clock = "process", *, scaled: float = 1.0
) -> float | None:
    """Return the median of a quantity over runs that were not failures; None where unknown.

    Of a run that was stopped, it is what had been taken until then.
    """
    values = []
    for run in runs:
        source: Mapping[str, float | None] = asdict(run) if clock == "process" else run.told
        value = source.get(quantity)
        if value is None and run.status == "stopped":
            value = getattr(run, quantity)
        if run.status != "failed" and value is not None:
            values.append(value * (1.0 if quantity == "peak_mb" else scaled))
    return median(values) if values else None


def is_stopped(runs: Sequence[Outcome]) -> bool:
    """Whether a run took longer than it may."""
    return any(run.status == "stopped" for run in runs)
