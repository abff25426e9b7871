"""The benchmark of the measures, small: it runs, agrees with its peers and writes its block."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_small_benchmark_agrees_with_its_peers_and_writes_its_block(tmp_path: Path) -> None:
    if not (ROOT / "benchmarks" / "measures").is_dir():
        pytest.skip("the benchmarks are in the repository alone")
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nKept.\n", encoding="utf-8")
    sizes = ["--small", "80", "--large", "160", "--departments", "6", "--repeats", "1"]
    command = [sys.executable, "-m", "benchmarks.measures", *sizes, "--livelier", "1"]

    done = subprocess.run(
        [*command, "--page", str(page)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    # Status 0 says that every result is that of the peer.
    assert (done.returncode, done.stderr) == (0, "")
    text = page.read_text(encoding="utf-8")
    assert "Kept." in text
    block = text.split("<!-- measures:start -->")[1].split("<!-- measures:end -->")[0]
    assert "| diagnosis, without robustness |" in block
    for name in ("betweenness, exact | networkx", "constraint | networkx", "python-louvain"):
        assert name in block
