"""The benchmark of scale, on firms so small that no figure of it means anything."""

import argparse
import json
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]

if not (ROOT / "benchmarks" / "scale").is_dir():
    pytest.skip("the benchmarks are in the repository alone", allow_module_level=True)

sys.path.insert(0, str(ROOT))

from benchmarks.__main__ import QUICK as QUICK_OPTIONS  # noqa: E402
from benchmarks.measuring import Outcome, run_process  # noqa: E402
from benchmarks.scale.contests import OURS, Contest, Contestant, Target, made  # noqa: E402
from benchmarks.scale.document import reduction_table, target_rows  # noqa: E402
from benchmarks.scale.growth import growth_contests  # noqa: E402
from benchmarks.scale.organisations import draw, weekly  # noqa: E402
from benchmarks.scale.results import Results  # noqa: E402
from benchmarks.scale.sizes import FULL, QUICK  # noqa: E402
from benchmarks.scale.slack_written import write_slack  # noqa: E402
from benchmarks.scale.tables_written import CODED, write_coded, write_roster  # noqa: E402
from benchmarks.scale.targets import contests  # noqa: E402

from orgnet.coding import FOLDER, code  # noqa: E402


def ran(
    wall: float = 1.0,
    *,
    cpu: float = 1.0,
    peak_mb: float = 100.0,
    status: str = "done",
    why: str = "",
    told: dict[str, float] | None = None,
) -> Outcome:
    return Outcome(  # type: ignore[arg-type]
        status=status, wall=wall, cpu=cpu, peak_mb=peak_mb, why=why, told=told or {}
    )


def contest(*targets: Target, scaled: float = 1.0) -> Contest:
    who = [
        Contestant(name=name, title=name, arguments=lambda _: (), scaled=scale)
        for name, scale in ((OURS, 1.0), ("peer", scaled))
    ]
    return Contest(
        name="c", title="work", prepare=lambda _: {}, contestants=tuple(who), targets=targets
    )


def results(folder: Path, ours: Outcome, theirs: Outcome) -> Results:
    kept = Results(folder / "kept.json")
    kept.add("c", OURS, ours)
    kept.add("c", "peer", theirs)
    return kept


def last_cells(folder: Path, target: Target, ours: Outcome, theirs: Outcome) -> list[str]:
    (row,) = target_rows([contest(target)], results(folder, ours, theirs))
    return row[4:]


@pytest.mark.parametrize(("theirs", "reached"), [(5.9, "no"), (6.1, "must"), (10.5, "goal")])
def test_a_target_is_reached_from_its_ratio_upwards(
    theirs: float, reached: str, tmp_path: Path
) -> None:
    target = Target(quantity="wall", peer="peer", must=6, goal=10)
    cells = last_cells(tmp_path, target, ran(1.0), ran(theirs))
    assert cells == [f"{theirs:.1f} ×", "≥ 6 ×", "≥ 10 ×", reached]


def test_a_peer_that_was_stopped_shows_a_lower_bound_and_nothing_above_it(tmp_path: Path) -> None:
    target = Target(quantity="wall", peer="peer", must=15)
    shown = last_cells(tmp_path, target, ran(2.0), ran(40.0, status="stopped"))
    assert shown == ["> 20.0 ×", "≥ 15 ×", "", "yes"]
    (tmp_path / "other").mkdir()
    short = last_cells(tmp_path / "other", target, ran(4.0), ran(40.0, status="stopped"))
    assert short == ["> 10.0 ×", "≥ 15 ×", "", "not shown: peer stopped"]


def test_ours_that_was_stopped_reaches_nothing(tmp_path: Path) -> None:
    for target in (
        Target(quantity="wall", must=300),
        Target(quantity="wall", peer="peer", must=1),
    ):
        folder = tmp_path / str(target.peer)
        folder.mkdir()
        cells = last_cells(folder, target, ran(20.0, status="stopped"), ran(400.0))
        assert cells[-1] == "no"


def test_a_peer_that_failed_is_named_with_its_reason_and_has_no_ratio(tmp_path: Path) -> None:
    target = Target(quantity="wall", peer="peer", must=15)
    failed = ran(2.0, status="failed", why="KeyError: a|b")
    (row,) = target_rows([contest(target)], results(tmp_path, ran(), failed))
    assert row[3:] == ["failed: KeyError: a/b", "", "≥ 15 ×", "", "not measured"]


def test_a_sample_is_scaled_in_time_and_not_in_memory(tmp_path: Path) -> None:
    each = contest(
        Target(quantity="wall", peer="peer", must=1), Target(quantity="peak_mb", peer="peer"),
        scaled=500.0,
    )  # fmt: skip
    rows = target_rows([each], results(tmp_path, ran(), ran(2.0, peak_mb=300.0)))
    assert [row[4] for row in rows] == ["1000.0 ×", "3.0 ×"]


def test_a_limit_holds_up_to_its_value(tmp_path: Path) -> None:
    target = Target(quantity="peak_mb", must=400, goal=99)
    assert last_cells(tmp_path, target, ran(), ran())[-1] == "must"


def test_500_million_are_calculated_from_the_two_largest_runs_and_said_to_be(
    tmp_path: Path,
) -> None:
    kept = Results(tmp_path / "kept.json")
    for rows, wall, peak in ((1, 1.0, 200.0), (10, 10.0, 400.0), (50, 60.0, 800.0)):
        told = {"wall": wall, "cpu": wall, "records": rows}
        kept.add("reduction", str(rows * 1_000_000), ran(peak_mb=peak, told=told))
    text = reduction_table(FULL, kept)
    # 60 s · 10 ** 1.1133, and 800 MB · 10 ** 0.4307
    assert "a calculation and no measurement" in text
    assert "time 779 s (exponent measured 1.11, used 1.11" in text
    assert "memory 2,157 MB (exponent measured 0.43, used 0.43" in text

    told = {"wall": 160.0, "cpu": 300.0, "records": 100}
    kept.add("reduction", "500000000", ran(peak_mb=1_600.0, told=told))
    text = reduction_table(FULL, kept)
    assert "**measured**: time 160 s (exponent measured 0.43; limits 180 and 100: must)" in text
    assert "memory 1,600 MB (exponent measured 0.30; limits 4,000 and 2,000: goal)" in text


def test_results_are_kept_run_by_run_and_forgotten_by_contest(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    results(tmp_path, ran(), ran(3.0, status="stopped"))
    again = Results(file)
    assert again.of("c", "peer")[0].wall == 3.0
    ours, peer = contest().contestants
    assert not again.finished("c", ours, None)
    assert again.finished("c", ours, 1)
    assert again.finished("c", peer, None), "a peer that was stopped need not run again"
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*\n"
    again.forget(["c"])
    assert Results(file).runs == {}


def test_half_an_input_is_made_again(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError

    with pytest.raises(OSError):
        made(tmp_path / "input", fail)
    assert not (tmp_path / "input").exists()
    whole = made(tmp_path / "input", lambda path: path.write_text("whole", encoding="utf-8"))
    assert whole.read_text(encoding="utf-8") == "whole"
    assert [each.name for each in tmp_path.iterdir()] == ["input"]


def test_a_process_is_measured_with_its_children_and_stopped_in_time(tmp_path: Path) -> None:
    work = "sum(range(20_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"
    done = run_process([sys.executable, "-c", child], seconds=60, folder=tmp_path)
    assert done.status == "done"
    assert done.cpu > 0.1
    sleeper = "import time; time.sleep(60)"
    stopped = run_process([sys.executable, "-c", sleeper], seconds=0.5, folder=tmp_path)
    assert stopped.status == "stopped"
    failed = run_process(
        [sys.executable, "-c", "raise SystemExit('no')"], seconds=60, folder=tmp_path
    )
    assert (failed.status, failed.why) == ("failed", "no")
    missing = run_process([str(tmp_path / "nothing")], seconds=60, folder=tmp_path)
    assert missing.status == "failed"
    assert missing.why.startswith("No such file or directory")


@pytest.mark.parametrize(("people", "pairs"), [(10, 20), (300, 4_000), (12, 66)])
def test_a_drawn_firm_has_the_pairs_asked_for_each_once(people: int, pairs: int) -> None:
    firm = draw(people, pairs)
    assert len(firm.first) == pairs
    assert (firm.first < firm.second).all()
    assert firm.second.max() < people
    assert len(np.unique(firm.first.astype(np.int64) * people + firm.second)) == pairs
    assert (np.bincount(firm.department) > 0).all()
    assert np.array_equal(draw(people, pairs).second, firm.second)


def test_weekly_ties_are_of_the_firm_and_each_once() -> None:
    firm = draw(100, 500)
    week, sender, recipient = weekly(firm, 12)
    keys = (week.astype(np.int64) * 100 + sender) * 100 + recipient
    assert len(np.unique(keys)) == len(keys)
    pairs = set(zip(firm.first.tolist(), firm.second.tolist(), strict=True))
    low, high = np.minimum(sender, recipient), np.maximum(sender, recipient)
    assert set(zip(low.tolist(), high.tolist(), strict=True)) <= pairs


def test_coded_interactions_are_written_as_orgnet_writes_them(tmp_path: Path) -> None:
    write_coded(tmp_path / "ours", draw(20, 60), 500, weeks=10)
    (tmp_path / "theirs").mkdir()
    code([], tmp_path / "theirs")
    (empty,) = (tmp_path / "theirs" / FOLDER).iterdir()
    assert pq.read_schema(empty).equals(CODED)
    parts = sorted((tmp_path / "ours" / FOLDER).iterdir())
    assert len(parts) > 1
    assert sum(pq.read_metadata(part).num_rows for part in parts) == 500
    table = pa.concat_tables([pq.read_table(part) for part in parts])
    assert table.schema.equals(CODED)


def test_a_slack_export_holds_the_posts_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "slack.zip"
    assert write_slack(path, draw(20, 30), 2_000) == 2_000
    with zipfile.ZipFile(path) as archive:
        users = {user["id"] for user in json.loads(archive.read("users.json"))}
        posts = [
            post
            for name in archive.namelist()
            if "/" in name
            for post in json.loads(archive.read(name))
        ]
    assert len(posts) == 2_000
    assert {post["user"] for post in posts} <= users
    assert any("thread_ts" in post for post in posts)


def test_both_ways_of_the_consultant_come_to_the_same(tmp_path: Path) -> None:
    for needed in ("community", "networkx", "pyvis"):
        pytest.importorskip(needed, reason="what the consultant's script is written with")
    firm = draw(20, 30)
    write_slack(tmp_path / "slack.zip", firm, 2_000)
    write_roster(tmp_path / "people.csv", firm)
    found = []
    for way in ("slack", "slack-frame"):
        given = ("slack.zip", "people.csv", f"{way}.html")
        command = [sys.executable, str(ROOT / "benchmarks/peers/consultant.py"), way, *given]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        found.append((tmp_path / f"{way}.html.csv").read_text("utf-8"))
    assert found[0] == found[1]
    assert found[0].count("\n") == 21


def test_every_contest_of_the_quick_run_is_one_of_the_full_run() -> None:
    full, quick = (
        {each.name: each for each in (*contests(sizes), *growth_contests(sizes))}
        for sizes in (FULL, QUICK)
    )
    assert list(full) == list(quick)
    for each in full.values():
        names = {contestant.name for contestant in each.contestants}
        assert {target.peer for target in each.targets if target.peer} <= names


@pytest.mark.parametrize("name", QUICK_OPTIONS)
def test_each_benchmark_takes_the_options_that_make_it_quick(name: str) -> None:
    options = import_module(f"benchmarks.{name}.__main__")._options(QUICK_OPTIONS[name])
    assert isinstance(options, argparse.Namespace)


def test_the_quick_benchmark_runs_keeps_its_results_and_writes_its_block_alone(
    tmp_path: Path,
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nKept.\n", encoding="utf-8")
    options = ["--quick", "--repeats", "1", "--no-install", "--page", str(page)]
    options += ["--folder", str(tmp_path / "results")]
    for name in ("weekly_text", "betweenness"):
        options += ["--only", name]
    command = [sys.executable, "-m", "benchmarks.scale", *options]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
        )

    first = run()
    assert first.stderr == ""
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n\nKept.\n\n<!-- scale:start -->")
    assert text.endswith("<!-- scale:end -->\n")
    row = next(line for line in text.splitlines() if line.startswith("| betweenness | igraph |"))
    assert "failed" not in row
    again = run()
    assert "weekly_text: kept" in again.stdout
    assert "done in" not in again.stdout
    kept = json.loads((tmp_path / "results" / "scale-quick.json").read_text(encoding="utf-8"))
    ours, pandas = (kept["runs"]["weekly_text"][name][0]["told"] for name in (OURS, "pandas"))
    counts = ("records", "interactions", "billionths")
    assert [ours[name] for name in counts] == [pandas[name] for name in counts]
