"""The benchmark of the readers, on files so small that no figure of it means anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tables(kind: str, page: Path) -> str:
    arguments = ["--only", kind, "--scale", "0.002", "--repeats", "1", "--no-install"]
    command = [sys.executable, "-m", "benchmarks.connectors", *arguments, "--page", str(page)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "messages", "readers"),
    [
        ("slack", 600, ["orgnet", "zipfile and msgspec, to dictionaries", "zipfile and json"]),
        ("recipient_trace", 2_000, ["orgnet", "DuckDB read_csv, into an Arrow table"]),
    ],
)
def test_every_reader_counts_the_same_messages_and_has_all_figures(
    kind: str, messages: int, readers: list[str], tmp_path: Path
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nKept.\n", encoding="utf-8")
    text = tables(kind, page)
    rows = {
        cells[0]: cells[1:]
        for line in text.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 9
    }
    for reader in readers:
        assert abs(int(rows[reader][0].replace(",", "")) - messages) < 10
        assert all(re.match(r"[\d,.]+", cell) for cell in rows[reader][:6])
    counted = {cells[0] for title, cells in rows.items() if cells[0][:1].isdigit()}
    assert len(counted) == 1
    assert text.startswith("# Performance\n\nKept.\n\n<!-- connectors:start -->")
    assert text.endswith("<!-- connectors:end -->\n")
    assert "counted different messages" not in text
