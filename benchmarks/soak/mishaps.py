"""What may befall a run, and what is left of the results folder after it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.soak.runs import Ended, Firm, begin, harmed, hashes, parts, run

#: Seconds after which a run that does not end is held to hang.
_LONGEST = 300.0

#: Begins in a clock that is put back by ten days every other time it is asked.
_CLOCK = """
import itertools, time
real, back = time.time, itertools.cycle((0.0, 864_000.0))
time.time = lambda: real() - next(back)
"""


@dataclass(slots=True)
class Outcome:
    """Counts over the runs that one kind of mishap befell.

    Attributes
    ----------
    runs, finished, stopped
        Runs begun, ended well, and ended otherwise.
    half_written
        Files that were neither the old nor the new complete one, or gone.
    unclear
        Runs that failed without a line of ours; what they said is in `said`.
    reruns, failed_reruns
        Undisturbed runs afterwards in the same folder, and those that did not end in the complete
        new result.
    """

    runs: int = 0
    finished: int = 0
    stopped: int = 0
    half_written: int = 0
    unclear: int = 0
    reruns: int = 0
    failed_reruns: int = 0
    said: set[str] = field(default_factory=set)

    def count(self, firm: Firm, folder: Path, ended: Ended) -> None:
        """Add a run that ended by itself."""
        self.runs += 1
        self.finished += ended.code == 0
        self.stopped += ended.code != 0
        self.unclear += not ended.clear
        self.half_written += len(harmed(firm, folder))
        if ended.code:
            self.said.add(ended.said)

    def run_again(self, firm: Firm, folder: Path) -> None:
        """Run undisturbed in the same folder."""
        ended = run(firm.command(folder))
        self.reruns += 1
        self.failed_reruns += ended.code != 0 or hashes(folder) != firm.new


def kills(
    firm: Firm,
    count: int,
    *,
    seed: int,
    rerun_every: int = 10,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Kill runs: every other one at any moment, the others while results are being written."""
    drawn, outcome = random.Random(seed), Outcome()
    usual = _usual(firm)
    for number in range(count):
        folder = firm.fresh("killed")
        process = begin(firm.words(folder))
        if number % 2:
            _wait_for_writing(folder, process)
            moment = drawn.uniform(0, 0.1)
        else:
            moment = drawn.uniform(0, usual)
        process.join(moment)
        process.kill()
        process.join()
        outcome.finished += process.exitcode == 0
        outcome.stopped += process.exitcode != 0
        outcome.runs += 1
        outcome.half_written += len(harmed(firm, folder))
        if number % rerun_every == rerun_every - 1 or number == count - 1:
            outcome.run_again(firm, folder)
        progress(outcome)
    return outcome


def _usual(firm: Firm) -> float:
    """Return the seconds that a run takes; the first one makes everything ready."""
    for _ in range(2):
        began = time.monotonic()
        begin(firm.words(firm.fresh("timed"))).join()
    return time.monotonic() - began


def _wait_for_writing(folder: Path, process: BaseProcess) -> None:
    until = time.monotonic() + _LONGEST
    before = _stamps(folder)
    while process.is_alive() and time.monotonic() < until:
        if parts(folder) or _stamps(folder) != before:
            return
        time.sleep(0.002)


def _stamps(folder: Path) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in folder.iterdir() if p.is_file()}


def file_limits(firm: Firm) -> Outcome:
    """Let no file grow beyond a few sizes (POSIX), in the results and in temporary folders."""
    outcome = Outcome()
    for kibibytes in (1, 40):
        folder = firm.fresh("limited")
        words = ["sh", "-c", f'ulimit -f {2 * kibibytes}; exec "$@"', "sh"]
        outcome.count(firm, folder, run([*words, *firm.command(folder)]))
        outcome.run_again(firm, folder)
    return outcome


def full_disks(firm: Firm) -> Outcome:
    """Put the results on a disk with room for a few bytes more than the old ones."""
    outcome = Outcome()
    for spare in (4, 40):
        small = _empty(firm.folder / "small")
        folder = _empty(firm.folder / "full")
        size = sum(p.stat().st_blocks // 2 for p in firm.store.rglob("*")) + spare
        script = (
            f'mount -t tmpfs -o size={size}k none "{small}" && cp -r "{firm.store}/." "{small}/"'
            f' && "$@"; code=$?; cp -r "{small}/." "{folder}/"; exit $code'
        )
        ended = run([*IN_A_NAMESPACE, "sh", "-c", script, "sh", *firm.command(small)])
        outcome.count(firm, folder, ended)
        outcome.run_again(firm, folder)
    return outcome


def full_temporary_disk(firm: Firm) -> Outcome:
    """Leave no room where the run puts what it works on."""
    outcome, small, folder = Outcome(), _empty(firm.folder / "small"), firm.fresh("full")
    script = f'mount -t tmpfs -o size=4k none "{small}" && exec "$@"'
    command = [*IN_A_NAMESPACE, "sh", "-c", script, "sh", *firm.command(folder)]
    outcome.count(firm, folder, run(command, TMPDIR=str(small)))
    outcome.run_again(firm, folder)
    return outcome


def read_only_folder(firm: Firm) -> Outcome:
    """Take away the right to write into the results folder."""
    outcome, folder = Outcome(), firm.fresh("readonly")
    script = (
        f'mount --bind "{folder}" "{folder}" && mount -o remount,bind,ro "{folder}" && exec "$@"'
    )
    outcome.count(
        firm, folder, run([*IN_A_NAMESPACE, "sh", "-c", script, "sh", *firm.command(folder)])
    )
    outcome.run_again(firm, folder)
    return outcome


def vanishing_file(firm: Firm, count: int, *, seed: int) -> Outcome:
    """Take the export away, or cut it short, while it is read."""
    drawn, outcome = random.Random(seed), Outcome()
    for number in range(count):
        folder, export = firm.fresh("vanished"), firm.folder / "export.csv"
        shutil.copy(firm.exports[1], export)
        process = subprocess.Popen(
            firm.command(folder, export=export),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        time.sleep(drawn.uniform(0.2, 3.0))
        if number % 2:
            os.truncate(export, 1000)
        else:
            export.unlink()
        said = (process.communicate(timeout=_LONGEST)[1].strip().splitlines() or [""])[-1]
        ended = Ended(process.returncode, said)
        outcome.runs += 1
        outcome.finished += ended.code == 0
        outcome.stopped += ended.code != 0
        outcome.unclear += not ended.clear
        # A run that read the shortened export has another, complete result.
        if ended.code:
            outcome.half_written += len(harmed(firm, folder))
            outcome.said.add(said)
        outcome.run_again(firm, folder)
    return outcome


def clock_going_back(firm: Firm) -> Outcome:
    """Put the clock back again and again during a run."""
    outcome, folder = Outcome(), firm.fresh("clock")
    site = firm.folder / "clock-site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(_CLOCK, encoding="utf-8")
    outcome.count(firm, folder, run(firm.command(folder), PYTHONPATH=str(site)))
    outcome.run_again(firm, folder)
    return outcome


def two_at_once(firm: Firm, count: int) -> Outcome:
    """Write two different results into one folder at the same time."""
    outcome = Outcome()
    for _ in range(count):
        folder = firm.fresh("two")
        processes = [
            subprocess.Popen(
                firm.command(folder, which),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
            for which in (0, 1)
        ]
        for process in processes:
            said = (process.communicate(timeout=_LONGEST)[1].strip().splitlines() or [""])[-1]
            outcome.count(firm, folder, Ended(process.returncode, said))
        outcome.run_again(firm, folder)
    return outcome


#: A mount that only the command sees; the system may not allow it.
IN_A_NAMESPACE = ["unshare", "-rm"]


def namespaces() -> bool:
    """Whether the system allows mounts that only one command sees."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        [*IN_A_NAMESPACE, "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


def everything(firm: Firm, count: int, *, seed: int) -> Iterator[tuple[str, Outcome]]:
    """Yield every kind of mishap that the system can play, with its outcome."""
    if os.name == "posix":
        yield "no file may grow beyond 1 or 40 KiB", file_limits(firm)
    if namespaces():
        yield "disk of the results full", full_disks(firm)
        yield "disk of temporary files full", full_temporary_disk(firm)
        yield "results folder read-only", read_only_folder(firm)
    yield "export deleted or cut while it is read", vanishing_file(firm, 2, seed=seed)
    yield "clock put back during the run", clock_going_back(firm)
    yield "two runs at once in one folder", two_at_once(firm, 1)
    yield "killed (kill -9)", kills(firm, count, seed=seed)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
