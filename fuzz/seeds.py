"""Valid exports of every family, taken from the fixtures that the property tests build."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
_PREFIX = "test_reader_properties_"
#: Shorter texts are words of a fixture, not a fixture.
_SHORTEST = 25


def families() -> list[str]:
    """Return the names of the families, as their tests are called."""
    found = (TESTS / "connectors").glob(f"{_PREFIX}*.py")
    return sorted(path.stem.removeprefix(_PREFIX) for path in found)


def seeds(family: str) -> list[bytes]:
    """Return the valid exports of one family, each once."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    name = f"{_PREFIX}{family}"
    spec = importlib.util.spec_from_file_location(name, TESTS / "connectors" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ValueError(f"no family {family!r}; there are {', '.join(families())}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    fixtures = [value for key, value in vars(module).items() if key.isupper()]
    return sorted({seed for fixture in fixtures for seed in _exports(fixture)}, key=len)


def _exports(value: object) -> Iterator[bytes]:
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        if len(value) >= _SHORTEST:
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _exports(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _exports(one)
