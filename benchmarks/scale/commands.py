"""What contestants are given: invented firms, scripts of peers, the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from benchmarks.measuring import PEERS
from benchmarks.scale.organisations import Firm, draw


@cache
def firm_of(people: int, pairs: int) -> Firm:
    return draw(people, pairs)


def script(name: str, *arguments: str) -> Callable[[dict[str, Any]], Sequence[object]]:
    """Return the arguments that run a script of `benchmarks.peers`.

    An argument in braces is the input of that name.
    """

    def of(inputs: dict[str, Any]) -> list[object]:
        return [PEERS / f"{name}.py", *(each.format_map(inputs) for each in arguments)]

    return of


#: Runs the command line with our own interpreter.
MAIN = "import sys; from orgnet.cli import main; sys.exit(main())"


def analysing(export: str, *more: str) -> Callable[[dict[str, Any]], Sequence[object]]:
    """Return the arguments of the command that a user types, into a folder of its own."""

    def of(inputs: dict[str, Any]) -> list[object]:
        typed = ["analyse", inputs[export], "--people", inputs["roster"]]
        return ["-c", MAIN, *typed, "--out", "out", "--key", "key", *more]

    return of
