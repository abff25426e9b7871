"""The names of `orgnet.measures` are loaded when they are used, and stay the measures'."""

import ast
import inspect
import subprocess
import sys
from types import ModuleType

import pytest

from orgnet import measures


def test_every_name_that_is_promised_is_there() -> None:
    assert sorted(measures._HOMES) == sorted(measures.__all__) == dir(measures)
    assert [
        name for name in measures.__all__ if isinstance(getattr(measures, name), ModuleType)
    ] == []


def test_type_checkers_are_told_the_same_modules() -> None:
    told = {
        alias.name: node.module.removeprefix("orgnet.measures.")
        for node in ast.walk(ast.parse(inspect.getsource(measures)))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("orgnet.measures.")
        for alias in node.names
    }
    assert told == measures._HOMES


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'clicks'"):
        _ = measures.clicks


@pytest.mark.parametrize(
    "code",
    [
        "import orgnet.measures.communities",
        "from orgnet.measures.communities import modularity",
        "from orgnet.measures import communities",
        "from orgnet import measures; measures.communities; import orgnet.measures.communities",
    ],
)
def test_importing_a_module_leaves_the_measure_of_its_name(code: str) -> None:
    shown = "from orgnet import measures; print(callable(measures.communities))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{shown}"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["True"]
