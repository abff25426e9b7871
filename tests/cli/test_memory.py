"""Memory that a step needed and the next does not goes back to the system."""

import os
import subprocess
import sys

import pytest

from orgnet.analysis import STEPS
from orgnet.cli import memory


def pool(**environment: str) -> str:
    told = "from orgnet.cli.memory import share_one_pool; share_one_pool(); import pyarrow as pa; "
    kept = {k: v for k, v in os.environ.items() if k != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run(
        [sys.executable, "-c", told + "print(pa.default_memory_pool().backend_name)"],
        env=kept | environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def test_arrow_takes_its_memory_where_everything_else_does() -> None:
    assert pool() == "system"


def test_the_pool_that_the_user_names_is_used() -> None:
    assert pool(ARROW_DEFAULT_MEMORY_POOL="mimalloc") == "mimalloc"


def test_memory_is_given_back_before_steps_that_need_less(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(memory, "_give_back", lambda: told.append("given back"))
    tell = memory.giving_back(told.append)
    for step in ("reading exports: 5 records", "measuring", "writing"):
        tell(step)
    assert told == [
        *("reading exports: 5 records", "given back", "measuring", "given back", "writing")
    ]
    assert set(memory._AFTER_MUCH) <= set(STEPS)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_giving_back_works_on_every_system(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Library:
        def __init__(self, _: None) -> None:
            self.malloc_trim = asked.append

    monkeypatch.setattr(memory.sys, "platform", system)
    monkeypatch.setattr(memory.ctypes, "CDLL", Library)
    memory._give_back()
    assert asked == ([0] if system == "linux" else [])


def test_a_library_without_the_function_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    memory._give_back()
    assert sys.platform == "linux"
