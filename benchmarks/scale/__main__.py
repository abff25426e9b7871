"""Runs the contests of scale and writes their tables: ``python -m benchmarks.scale``.

Every run is kept as soon as it is done: a benchmark that was stopped goes on where it was, and
``--tables`` writes the tables from what is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import Outcome, compile_modules, run_process
from benchmarks.peers.environments import PeerMissingError, python_of
from benchmarks.scale.contests import Contest, Contestant
from benchmarks.scale.document import block
from benchmarks.scale.growth import growth_contests
from benchmarks.scale.results import FOLDER, Results, prepare
from benchmarks.scale.sizes import FULL, QUICK
from benchmarks.scale.targets import contests
from benchmarks.tables import PAGE, write_block


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the options ask for and has not been run; 1 if one of ours failed."""
    sizes_of = {False: FULL, True: QUICK}
    options = _options(arguments)
    sizes = sizes_of[options.quick]
    folder = options.folder
    prepare(folder)
    results = Results(folder / f"scale-{'quick' if options.quick else 'full'}.json")
    compared = contests(sizes)
    every = (*compared, *growth_contests(sizes))
    chosen = [each for each in every if not options.only or each.name in options.only]
    if options.again:
        results.forget([each.name for each in chosen])
    sound = True
    if not options.tables:
        compile_modules()
        for contest in chosen:
            try:
                sound &= _run(contest, folder / "inputs", results, options)
            except Exception as error:  # what is wrong with one contest leaves the others alone
                _tell(f"{contest.name}: not run: {type(error).__name__}: {error}")
                sound = False
    command = f"python -m benchmarks.scale{' --quick' if options.quick else ''}"
    text = block(compared, sizes, results, command=command, words=not options.quick)
    if options.print_only:
        print(text)
    else:
        write_block("scale", text, options.page)
    return 0 if sound else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    names = [each.name for each in (*contests(FULL), *growth_contests(FULL))]
    parser.add_argument("--only", action="append", choices=names, help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="so small that it takes a minute")
    parser.add_argument("--repeats", type=int, help="runs of each at most")
    parser.add_argument("--seconds", type=float, help="after which every run is stopped at most")
    parser.add_argument("--again", action="store_true", help="forget what was measured before")
    parser.add_argument("--tables", action="store_true", help="run nothing, write the tables")
    parser.add_argument("--inputs", action="store_true", help="generate the inputs, run nothing")
    parser.add_argument(
        "--no-install", action="store_true", help="leave out peers whose environment is not made"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that gets the tables")
    parser.add_argument("--print-only", action="store_true", help="print the tables, write nothing")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of results and inputs")
    return parser.parse_args(arguments)


def _run(contest: Contest, folder: Path, results: Results, options: argparse.Namespace) -> bool:
    """Run everybody in turn until all have run often enough; False if one of ours failed."""
    waiting = [e for e in contest.contestants if not _finished(contest, e, results, options)]
    if not waiting and not options.inputs:
        _tell(f"{contest.name}: kept")
    else:
        begin = time.perf_counter()
        inputs = contest.prepare(folder.resolve())
        _tell(f"{contest.name}: inputs in {time.perf_counter() - begin:.0f} s")
    while waiting and not options.inputs:
        for each in list(waiting):
            outcome = _once(each, inputs, folder, options)
            if outcome is None:
                waiting.remove(each)
                continue
            results.add(contest.name, each.name, outcome)
            why = f" ({outcome.why})" if outcome.why else ""
            _tell(
                f"{contest.name}: {each.title}: {outcome.status} in {outcome.wall:.1f} s, "
                f"{outcome.cpu:.1f} CPU s, {outcome.peak_mb or 0:,.0f} MB{why}"
            )
            if _finished(contest, each, results, options):
                waiting.remove(each)
    return not any(
        run.status == "failed"
        for each in contest.contestants
        if each.environment is None
        for run in results.of(contest.name, each.name)
    )


def _finished(
    contest: Contest, each: Contestant, results: Results, options: argparse.Namespace
) -> bool:
    return results.finished(contest.name, each, options.repeats)


def _once(
    each: Contestant, inputs: dict[str, Any], folder: Path, options: argparse.Namespace
) -> Outcome | None:
    """Run a contestant in an empty folder on the disk of the inputs; None if it is missing."""
    try:
        python = python_of(each.environment, install=not options.no_install)
    except PeerMissingError as error:
        _tell(f"{each.title}: left out: {error}")
        return None
    command = [str(python), *(str(one) for one in each.arguments(inputs))]
    seconds = min(each.seconds, options.seconds or each.seconds)
    with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as here:
        return run_process(command, seconds=seconds, folder=Path(here))


def _tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
