"""The examples run, on invented data, and say what the documentation says they say."""

from __future__ import annotations

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that ``consultant.py`` wrote, and what it printed."""
    folder = tmp_path_factory.mktemp("consultant")
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", str(EXAMPLES / "consultant.py"), str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return folder, ran.stdout


def test_consultant_script_finds_the_silo_that_was_planted(script: tuple[Path, str]) -> None:
    _, printed = script
    assert "silo: Support (clear)" in printed
    assert "planted: silo ['Support']" in printed


def test_consultant_script_writes_report_picture_and_ties(script: tuple[Path, str]) -> None:
    folder, _ = script
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len((folder / "ties.tsv").read_text(encoding="utf-8").splitlines()) > 100


def test_consultant_script_draws_every_department_with_its_interval(
    script: tuple[Path, str],
) -> None:
    folder, _ = script
    picture = ET.parse(folder / "openness.svg").getroot()
    svg = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{svg}line")) == len(picture.findall(f"{svg}circle")) == 7
    names = [text.text for text in picture.findall(f"{svg}text[@text-anchor='end']")]
    assert names[0] == "Support"


# Jupyter's own machinery warns about its plans on some systems.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_consultant_notebook_runs_from_the_first_cell_to_the_last(tmp_path: Path) -> None:
    for name in ("consultant.py", "consultant.ipynb"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    notebook = nbformat.read(tmp_path / "consultant.ipynb", as_version=4)

    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()

    shown = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert any("('silo', ('Support',), 'clear')" in data["text/plain"] for data in shown)
    assert sum("image/svg+xml" in data for data in shown) == 1
    assert (tmp_path / "consultant-out" / "report.html").is_file()


def test_consultant_notebook_is_kept_without_outputs() -> None:
    notebook = nbformat.read(EXAMPLES / "consultant.ipynb", as_version=4)
    assert [cell for cell in notebook.cells if cell.get("outputs")] == []
