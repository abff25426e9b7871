"""Versions are pinned, without an address, and the command line starts without the heavy ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")

#: Each of them takes longer to import than ``orgnet --help`` may take.
HEAVY = ("duckdb", "ibis", "igraph", "jinja2", "networkx", "numpy", "pandas", "pyarrow", "pyvis")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
]
REQUIRED = sorted({canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in REQUIREMENTS})


@pytest.mark.parametrize("name", REQUIRED)
def test_every_dependency_is_pinned(name: str) -> None:
    pinned = {canonical(line.partition("==")[0]) for line in CONSTRAINTS.splitlines()}
    assert name in pinned


def test_pins_are_names_and_versions_alone() -> None:
    pin = re.compile(r"[A-Za-z0-9._-]+==[\w.!+-]+( ; [\w '\"<>=!.()-]+)?")
    assert [line for line in CONSTRAINTS.splitlines() if not pin.fullmatch(line)] == []
    assert "://" not in CONSTRAINTS


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"])
def test_no_lock_file_with_addresses_is_tracked(name: str) -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    tracked = subprocess.run(
        ["git", "ls-files", "--", f"*{name}"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert tracked.stdout == ""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from orgnet.cli import main; main(['--help'])", id="orgnet --help"),
        pytest.param("from orgnet.cli import main; main(['demo', '--help'])", id="orgnet demo -h"),
        pytest.param("import orgnet", id="import orgnet"),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('modules:', *sys.modules)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    imported = ran.stdout.rpartition("modules:")[2].split()
    assert "orgnet" in imported
    assert [name for name in (*HEAVY, "scipy") if name in imported] == []
