"""Runs all benchmarks in turn and writes docs/performance.md: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import PAGE

ROOT = Path(__file__).resolve().parents[1]

#: Benchmark -> its options where it is to be quick.
QUICK = {
    "connectors": ["--scale", "0.002", "--repeats", "1"],
    "measures": ["--small", "60", "--large", "120", "--departments", "6", "--repeats", "1"],
    "report": ["--largest", "100", "--repeats", "1"],
    "scale": ["--quick", "--repeats", "1"],
}

#: Those that leave out peers which are not installed.
_WITH_PEERS = ("connectors", "scale")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run each as a process of its own; 1 if one of them ended so."""
    options = _options(arguments)
    worst = 0
    for name in options.only or QUICK:
        command = [sys.executable, "-m", f"benchmarks.{name}", "--page", str(options.page)]
        command += QUICK[name] if options.quick else []
        command += ["--no-install"] if options.no_install and name in _WITH_PEERS else []
        print(f"benchmarks.{name}", flush=True)
        worst = max(worst, subprocess.run(command, cwd=ROOT).returncode)
    return 1 if worst else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(QUICK), help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="on small data: figures mean nothing")
    parser.add_argument(
        "--no-install", action="store_true", help="leave out peers whose environment is not made"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that gets the tables")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
