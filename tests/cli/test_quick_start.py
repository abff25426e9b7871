"""What a plain run does not load, so that it begins at once."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgnet.analysis import Settings, analyse
from orgnet.errors import InputError

#: Each of these takes a tenth of a second or more.
SLOW = ("scipy.optimize", "scipy.stats", "openpyxl", "rapidfuzz", "ibis")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    people = [(f"p{n}", f"Department {n % 4}") for n in range(60)]
    (tmp_path / "people.csv").write_text(
        "id,department\n" + "".join(f"{person},{group}\n" for person, group in people)
    )
    ties = [(n, (n + step) % 60) for n in range(60) for step in (1, 2, 4, 8)]
    (tmp_path / "ties.csv").write_text(
        "from,to\n" + "".join(f"p{a},p{b}\n" for a, b in ties), encoding="utf-8"
    )
    return tmp_path


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def test_checking_and_analysing_a_table_load_nothing_that_they_do_not_need(table: Path) -> None:
    code = (
        "import sys\nfrom orgnet.cli import main\n"
        "main(['check', 'ties.csv', '--people', 'people.csv'])\n"
        "assert 'orgnet.diagnosis' not in sys.modules\n"
        "analysed = ['analyse', 'ties.csv', '--people', 'people.csv', '--key', 'key']\n"
        "assert main(analysed) == 0\n"
        "print('modules:', *sys.modules)"
    )
    ran = run(code, table)
    assert ran.returncode == 0, ran.stderr
    loaded = ran.stdout.rpartition("modules:")[2].split()
    assert "orgnet.diagnosis" in loaded
    assert [name for name in SLOW if name in loaded] == []


@pytest.mark.parametrize(("words", "code"), [("--help", 0), ("check nothing", 1), ("chek", 2)])
def test_a_process_of_its_own_ends_with_its_code_and_does_what_was_left_for_the_end(
    table: Path, words: str, code: int
) -> None:
    ran = run(
        "import atexit, sys\natexit.register(print, 'swept')\n"
        f"sys.argv = ['orgnet', *{words.split()}]\nfrom orgnet.cli import main\nmain()",
        table,
    )
    assert ran.returncode == code
    assert ran.stdout.endswith("swept\n")


@pytest.fixture
def threshold() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


@pytest.mark.parametrize("own", [0, 700, 2_000_000])
def test_a_run_leaves_the_collection_of_garbage_as_it_was(
    table: Path, threshold: tuple[int, int, int], own: int
) -> None:
    gc.set_threshold(own, 10, 10)
    seen = set()
    analyse(
        [table / "ties.csv"],
        people=table / "people.csv",
        out=table / "out",
        settings=Settings(key_file=table / "key"),
        progress=lambda step: seen.add(gc.get_threshold()[0]),
    )
    assert seen == {own if own in (0, 2_000_000) else 1_000_000}
    assert gc.get_threshold() == (own, 10, 10)


def test_a_run_that_fails_leaves_it_as_well(table: Path, threshold: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        analyse([table / "people.csv"], people=table / "people.csv", out=table / "out")
    assert gc.get_threshold() == threshold


def test_the_package_runs_where_the_program_is_not_on_the_path(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "orgnet", "connectors"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert done.returncode == 0
    assert "slack" in done.stdout
