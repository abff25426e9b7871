"""What is built and installed is what stands in the repository, and it runs without the tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCE_ROOTS = ("src", "connectors", "reports")
CONNECTORS = PROJECT["project"]["entry-points"]["orgnet.connectors"]


def run(*words: str | Path, **options: str | Path) -> str:
    """Run a program that must succeed, and return what it printed."""
    ran = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        encoding="utf-8",
        cwd=options.get("cwd"),
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def project_files() -> list[str]:
    """List the files of the project: those that git knows, and new ones that it would add."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so nothing says which files belong to the project")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    if importlib.util.find_spec("build") is None:
        pytest.skip("the package 'build' is not installed; `make check` installs it")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment that holds the wheel and what it depends on.

    The dependencies are those of the environment of the tests, whose own link to the source
    folders does not count there.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = built.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")
    run(*pip, programs / "python", "install", "--no-deps", "--no-index", wheel)
    site = Path(run(programs / "python", "-c", "import site; print(site.getsitepackages()[-1])"))
    dependencies = sysconfig.get_path("purelib")
    (Path(str(site).strip()) / "dependencies.pth").write_text(dependencies, encoding="utf-8")
    return programs


def test_wheel_holds_every_file_of_the_three_source_roots(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    own = [PurePosixPath(name) for name in project_files()]
    expected = {
        PurePosixPath(*name.parts[1:]).as_posix() for name in own if name.parts[0] in SOURCE_ROOTS
    }
    assert {"orgnet/py.typed", "orgnet_connectors/py.typed", "orgnet_reports/py.typed"} <= expected
    assert expected - packed == set()
    assert {name for name in packed - expected if ".dist-info/" not in name} == set()


def test_source_distribution_holds_words_examples_and_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    kept = ("examples/", "tests/", "docs/", *(f"{root}/" for root in SOURCE_ROOTS))
    alone = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile"}
    expected = {name for name in project_files() if name.startswith(kept)} | alone
    assert expected - packed == set()


def test_installed_program_shows_its_help(installed: Path) -> None:
    assert "analyse" in run(installed / "orgnet", "--help")


def test_installed_packages_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    names = "orgnet, orgnet_connectors, orgnet_reports"
    code = f"import {names}; print(*(m.__file__ for m in ({names})), sep=chr(10))"
    places = run(installed / "python", "-c", code, cwd=tmp_path).splitlines()
    assert len(places) == 3
    assert all(Path(place).is_relative_to(installed.parent) for place in places)


def test_installed_program_finds_its_connectors(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "orgnet", "connectors", cwd=tmp_path)
    found = [line.partition(":")[0] for line in listed.splitlines() if not line.startswith(" ")]
    assert found == sorted(CONNECTORS)


def test_installed_program_writes_a_report(installed: Path, tmp_path: Path) -> None:
    rows = [f"{a},{b}" for a in range(20) for b in range(a + 1, 20) if (a * b) % 3]
    (tmp_path / "ties.csv").write_text("\n".join(["from,to", *rows]), encoding="utf-8")
    people = [f"{number},{'Sales' if number < 10 else 'Support'}" for number in range(20)]
    (tmp_path / "people.csv").write_text("\n".join(["id,department", *people]), encoding="utf-8")
    program = (installed / "orgnet", "analyse", "ties.csv", "--people", "people.csv")
    run(*program, "--key", "test.key", cwd=tmp_path)
    assert (tmp_path / "orgnet-out" / "report.html").stat().st_size > 10_000
