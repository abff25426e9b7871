"""The benchmark of the pages, small: it runs and writes its block."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_small_benchmark_writes_its_block_and_nothing_else(tmp_path: Path) -> None:
    if not (ROOT / "benchmarks" / "report").is_dir():
        pytest.skip("the benchmarks are in the repository alone")
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nKept.\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.report", "--largest", "100", "--repeats", "1"]

    done = subprocess.run(
        [*command, "--page", str(page)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    # Status 1 says that a limit was passed: on a busy machine that may be the time to open a page.
    assert done.returncode in (0, 1)
    assert done.stderr == ""
    text = page.read_text(encoding="utf-8")
    assert "Kept." in text
    block = text.split("<!-- report:start -->")[1].split("<!-- report:end -->")[0]
    rows = [line.split("|")[1].strip() for line in block.splitlines() if line.startswith("| 1")]
    assert rows == ["10", "100"]
