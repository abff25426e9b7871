"""A small soak: three kills leave nothing half-written, and the table can be made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.soak.__main__ import block  # noqa: E402
from benchmarks.soak.mishaps import kills  # noqa: E402
from benchmarks.soak.runs import Firm, harmed, plant  # noqa: E402


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return plant(tmp_path_factory.mktemp("soak"), seed=20)


def test_two_results_of_the_firm_differ(firm: Firm) -> None:
    assert firm.old.keys() == firm.new.keys()
    assert "restricted/ties.parquet" in firm.old
    assert firm.old["restricted/ties.parquet"] != firm.new["restricted/ties.parquet"]


def test_a_file_that_is_cut_or_gone_is_noticed(firm: Firm) -> None:
    folder = firm.fresh("cut")
    page = folder / "report.html"
    page.write_bytes(page.read_bytes()[:-1])
    (folder / "manifest.json").unlink()

    assert harmed(firm, folder) == ["manifest.json", "report.html"]


def test_killed_runs_leave_nothing_half_written_and_the_rerun_succeeds(firm: Firm) -> None:
    outcome = kills(firm, 3, seed=20)

    assert (outcome.runs, outcome.half_written) == (3, 0)
    assert (outcome.reruns, outcome.failed_reruns) == (1, 0)
    assert "| killed | 3 |" in block([("killed", outcome)], seed=20)
