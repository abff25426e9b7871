"""Runs competitors in turn, each as a process of its own, and compares their medians."""

from __future__ import annotations

import compileall
import json
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from typing import Any, Literal

PEERS = Path(__file__).resolve().parent / "peers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one competitor.

    Parameters
    ----------
    messages, records
        What it counted.
    wall, cpu
        Seconds; CPU of all threads.
    peak_mb
        Peak of the process's resident memory; None where the system does not say it.
    """

    messages: int
    records: int
    wall: float
    cpu: float
    peak_mb: float | None


class RunFailedError(Exception):
    """A competitor ended with an error; the message is its last line."""


def compile_modules() -> None:
    """Compile our modules and those they load, as pip does; a working copy's may not be."""
    root = PEERS.parents[1]
    ours = (root / folder for folder in ("src", "connectors", "reports"))
    for folder in (*ours, sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2)


def run(python: str, script: str, *arguments: str) -> Run:
    """Run a script of `benchmarks.peers` and return what it reports."""
    command = [python, str(PEERS / f"{script}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise RunFailedError(last[0][:160])
    return Run(**json.loads(done.stdout.strip().splitlines()[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run of a whole process, from its start to its end.

    Parameters
    ----------
    status
        ``stopped`` where it took longer than it may.
    wall, cpu
        Seconds; CPU of all threads and children.
    peak_mb
        Peak of resident memory of the largest process; None where the system does not say it.
    told
        What it printed as JSON in its last line, if anything.
    why
        The last line of its errors, if it failed.
    """

    status: Literal["done", "stopped", "failed"]
    wall: float
    cpu: float
    peak_mb: float | None
    told: dict[str, Any] = field(default_factory=dict)
    why: str = ""


def run_process(command: Sequence[str], *, seconds: float, folder: Path) -> Outcome:
    """Run a command in a folder, for at most so many seconds."""
    watched = [sys.executable, str(PEERS / "measured.py"), f"{seconds:g}", *command]
    done = subprocess.run(
        watched, capture_output=True, text=True, encoding="utf-8", check=True, cwd=folder
    )
    taken = json.loads(done.stdout)
    said, why = taken.pop("said"), taken.pop("error")
    told = json.loads(said) if said.startswith("{") else {}
    return Outcome(**taken, told=told, why=why[:160])


def interleaved(
    commands: Mapping[str, Sequence[str]], repeats: int
) -> dict[str, list[Run] | RunFailedError]:
    """Run all commands in turn, `repeats` times over, so that a busy minute hurts all of them.

    Parameters
    ----------
    commands
        Name -> interpreter, script and its arguments, as for `run`.
    repeats
        How often; a command that failed is not run again.
    """
    runs: dict[str, list[Run] | RunFailedError] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            so_far = runs[name]
            if isinstance(so_far, RunFailedError):
                continue
            try:
                so_far.append(run(*command))
            except RunFailedError as error:
                runs[name] = error
    return runs


def middle(runs: Sequence[Run], quantity: str) -> float | None:
    """Return the median of a quantity of the runs; None where it is not known."""
    values = [getattr(each, quantity) for each in runs]
    return None if None in values else float(median(values))


def ratios(runs: Sequence[Run], ours: Sequence[Run], quantity: str) -> tuple[float, float, float]:
    """Return the median, least and largest ratio of a peer's runs to ours of the same turn."""
    each = [
        getattr(a, quantity) / max(getattr(b, quantity), 1e-9)
        for a, b in zip(runs, ours, strict=True)
    ]
    return median(each), min(each), max(each)


def exponent(small: float, large: float, times: float) -> float:
    """Return how a quantity grows with size: 1 for in proportion, 0 for not at all.

    >>> exponent(2.0, 8.0, 4)
    1.0
    """
    return log(large / small) / log(times)
