"""The example of a stranger's connector package works by its entry point alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "examples" / "connector-package"
ORGNET = "from orgnet.cli import main; main()"
VISITS = "visitor;host;when;purpose\naya@example.com;ben@example.com;2026-03-02 09:15;Budget\n"


def install(source: Path, target: Path) -> None:
    """Lay out a package as an installer does, without a network: its code and its metadata."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(source / "src", target, dirs_exist_ok=True)
    metadata = target / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
        encoding="utf-8",
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages: the example, one that fails to load, one that misbehaves."""
    folder = tmp_path_factory.mktemp("site")
    install(PACKAGE, folder)
    for name, code in (
        ("unloadable", "raise RuntimeError('its licence has run out')\n"),
        (
            "misbehaving",
            "from orgnet_visits.visits import Visits\n\n\nclass Plugin(Visits):\n"
            "    name = 'misbehaving'\n\n    def recognise(self, source):\n"
            "        return source.head.decode('utf-8').splitlines()[100]\n",
        ),
    ):
        package = tmp_path_factory.mktemp(name)
        (package / "src" / name).mkdir(parents=True)
        (package / "src" / name / "__init__.py").write_text(code, encoding="utf-8")
        (package / "pyproject.toml").write_text(
            f'[project]\nname = "{name}"\nversion = "1"\n'
            f'[project.entry-points."orgnet.connectors"]\n{name} = "{name}:Plugin"\n',
            encoding="utf-8",
        )
        install(package, folder)
    return folder


def run(site: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return subprocess.run(
        [sys.executable, "-X", "utf8", *(str(word) for word in words)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(VISITS, encoding="utf-8")
    return path


def test_check_reads_a_file_of_the_strangers_format(site: Path, visits: Path) -> None:
    ran = run(site, "-c", ORGNET, "check", visits, "--json")

    (found,) = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert (found["connector"], found["why"]) == ("visits", "begins with the tablet's headings")
    assert (found["read"], found["kept"], found["interactions"]) == (1, 1, 1)
    assert "purpose" in found["dropped_unread"]


def test_plugins_that_fail_are_named_and_the_others_go_on(site: Path, visits: Path) -> None:
    ran = run(site, "-c", ORGNET, "check", visits)

    assert "unloadable:Plugin (orgnet.connectors) fails to load and is left out" in ran.stderr
    assert "its licence has run out" in ran.stderr
    assert "the connector 'misbehaving' fails on list.txt and is passed over" in ran.stderr
    assert "visits: begins with the tablet's headings" in ran.stdout


def test_library_reads_a_file_of_the_strangers_format(site: Path, visits: Path) -> None:
    code = "import orgnet, sys; print(orgnet.read(sys.argv[1]).to_pandas()['kind'].tolist())"

    ran = run(site, "-W", "ignore", "-c", code, visits)

    assert ran.stdout.strip() == "['attend']", ran.stderr


def test_connectors_are_listed_with_the_strangers(site: Path) -> None:
    ran = run(site, "-c", ORGNET, "connectors")

    assert re.search(r"^visits\b", ran.stdout, re.MULTILINE), ran.stderr


def test_tests_of_the_package_pass(site: Path) -> None:
    ran = run(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", PACKAGE, "-c", os.devnull)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "5 passed" in ran.stdout


def test_guide_shows_the_connector_of_the_package() -> None:
    guide = (ROOT / "docs" / "writing-a-connector.md").read_text(encoding="utf-8")
    module = (PACKAGE / "src" / "orgnet_visits" / "visits.py").read_text(encoding="utf-8")

    assert f"```python\n{module}```" in guide
