"""What a competition of processes is: who runs, on what, and which ratio is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Clock = Literal["process", "work"]
Quantity = Literal["wall", "cpu", "peak_mb"]

#: Who is compared with the others.
OURS = "orgnet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One way to do the work of a contest.

    Parameters
    ----------
    name, title
        Among those of its contest, and for the tables.
    arguments
        Of a contest's inputs: what follows the interpreter.
    environment
        Where it is installed; None for ours.
    seconds
        It is stopped after so many.
    repeats
        How often it runs, at most.
    scaled
        Its time is so many times what was measured, because it did a sample of the work.
    """

    name: str
    title: str
    arguments: Callable[[dict[str, Any]], Sequence[object]]
    environment: str | None = None
    seconds: float = 300.0
    repeats: int = 3
    scaled: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is aimed at.

    Parameters
    ----------
    quantity, clock
        Which figure, from the start of the process or without start and imports.
    peer
        Whose figure is to be so many times ours; None for an upper limit of ours.
    must, goal
        The ratio or the limit; None where there is none.
    """

    quantity: Quantity
    peer: str | None = None
    must: float | None = None
    goal: float | None = None
    clock: Clock = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One piece of work and those who do it.

    Parameters
    ----------
    name, title
        For the option ``--only`` and for the tables.
    prepare
        Writes the inputs into a folder, those that are not there yet, and returns them by name.
    contestants
        In the order in which they run.
    targets
        Of this contest.
    """

    name: str
    title: str
    prepare: Callable[[Path], dict[str, Any]]
    contestants: tuple[Contestant, ...]
    targets: tuple[Target, ...] = ()


def made(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file or folder unless it is there; half of one is never taken for all of it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"half-{path.name}")
        if half.is_dir():
            for each in sorted(half.rglob("*"), reverse=True):
                each.rmdir() if each.is_dir() else each.unlink()
            half.rmdir()
        half.unlink(missing_ok=True)
        write(half)
        half.rename(path)
    return path
