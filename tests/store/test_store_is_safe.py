"""Whatever happens to a run, the store is the last good one; and nobody is named in it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from orgnet.analysis import Analysis, Settings, analyse
from orgnet.cli import main
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UsageError
from orgnet.pseudonyms import project_key, pseudonyms, rotate_key
from orgnet.restricted.forgetting import forget
from orgnet.restricted.lock import alone
from orgnet.restricted.retention import purge
from orgnet.restricted.store import Store
from orgnet.restricted.store.batches import BatchWriter
from orgnet.restricted.store.hashes import Hasher
from orgnet.restricted.trail import outputs
from store_firm import PEOPLE, address, thirds, write_roster, write_undated

GONE = 9


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write_roster(folder / "people.csv", moved=None)
    parts = thirds(folder)
    run(folder, parts[:2])
    return folder


@pytest.fixture
def place(_made: Path, tmp_path: Path) -> Path:
    """A folder with ``people.csv``, ``key``, three exports, and ``out``, which has two of them."""
    shutil.copytree(_made, tmp_path / "place")
    return tmp_path / "place"


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part*.parquet"))


def run(folder: Path, files: list[Path], **more: object) -> Analysis:
    return analyse(
        files,
        people=folder / "people.csv",
        out=folder / "out",
        settings=Settings(
            run_date=date(2026, 4, 30),
            key_file=folder / "key",
            policy=DisclosurePolicy(minimum_group=3),
            earlier="withdrawn",
        ),
        **more,  # type: ignore[arg-type]
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def batches(place: Path) -> list[str]:
    opened = Store(place / "out").opened()
    assert opened.lost is None
    return [batch.folder.name for batch in opened.batches]


KILLED = """
import os, signal, sys
from orgnet.restricted.store.generations import Store
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
Store.commit = killed
from orgnet.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_run_killed_before_the_store_changes_leaves_the_last_one(place: Path) -> None:
    before = batches(place)
    results = contents(place / "out")
    files = [str(file) for file in parts(place)]
    given = ["--people", str(place / "people.csv"), "--out", str(place / "out")]
    words = ["analyse", *files, *given, "--key", str(place / "key"), "--minimum-group", "3"]
    ended = subprocess.run([sys.executable, "-c", KILLED, *words], check=False, timeout=300)

    assert ended.returncode == -signal.SIGKILL
    assert batches(place) == before
    assert results.items() <= contents(place / "out").items()
    left = {path.name for path in Store(place / "out").folder.iterdir()}
    assert len(left) == len(before) + 2

    rerun = run(place, parts(place))
    assert rerun.taken == 2
    now = {path.name for path in Store(place / "out").folder.iterdir()}
    assert now == {"current", *batches(place)} and len(batches(place)) == 2


def test_a_full_disk_leaves_store_and_results_as_they_were(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(place / "out")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("orgnet.restricted.store.batches.pq.write_table", full)
    with pytest.raises(UsageError, match=r"No space left .* what the store held are as they were"):
        run(place, parts(place))

    assert contents(place / "out") == before


def test_a_run_that_fails_before_anything_is_kept_leaves_no_folder(tmp_path: Path) -> None:
    write_roster(tmp_path / "people.csv")
    export = tmp_path / "guests.csv"
    export.write_text(
        "time,sender,recipient\n2026-03-02,guest@elsewhere.example,other@elsewhere.example\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="none of 1 records is between two people"):
        run(tmp_path, [export])

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "facts", "current"])
def test_a_damaged_store_is_made_again(place: Path, damage: str) -> None:
    intact = run(place, parts(place)[:2])
    folder = Store(place / "out").folder / batches(place)[0]
    rows = next(folder.glob("rows-*.parquet"))
    if damage == "cut":
        rows.write_bytes(rows.read_bytes()[:-20])
    elif damage == "changed":
        rows.write_bytes(bytes(rows.stat().st_size))
    elif damage == "gone":
        rows.unlink()
    elif damage == "facts":
        (folder / "batch.json").write_bytes(b"{")
    else:
        (folder.parent / "current").write_bytes(b"\xff{}")

    with pytest.raises(InputError, match=r"restricted/store: .* damaged; name all exports"):
        run(place, [])
    made = run(place, parts(place)[:2])

    assert made.taken == 0
    assert made.told == ("the store is made again, and exports are read again: it is damaged",)
    assert made.weekly.ties.equals(intact.weekly.ties)
    assert run(place, parts(place)[:2]).taken == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [({"schema": "orgnet-store/0"}, "another version"), ({"version": "0.0"}, "another version")],
)
def test_a_store_of_another_version_is_made_again(
    place: Path, change: dict[str, str], why: str
) -> None:
    current = Store(place / "out").folder / "current"
    old = json.loads(current.read_bytes())
    current.write_text(json.dumps(old | change), encoding="utf-8")

    made = run(place, parts(place)[:2])

    assert made.taken == 0 and why in made.told[0]
    assert set(old["batches"]).isdisjoint(path.name for path in current.parent.iterdir())


def test_after_a_new_key_exports_are_read_again_and_the_old_store_goes(place: Path) -> None:
    old = batches(place)
    rotate_key(file=place / "key")
    with pytest.raises(InputError, match="another key"):
        run(place, [])
    made = run(place, parts(place)[:2])

    assert made.taken == 0 and "another key" in made.told[0]
    assert set(old).isdisjoint(path.name for path in Store(place / "out").folder.iterdir())


def test_a_second_run_in_one_folder_is_refused_before_it_reads(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(place / "out")
    with alone(place / "out"):
        words = ["analyse", str(place / "missing.csv"), "--out", str(place / "out")]
        assert main(words) == 2
        assert "another run is writing the folder out; wait" in capsys.readouterr().err
        assert main(["purge", str(place / "out")]) == 2
        with pytest.raises(UsageError, match="another run is writing"):
            forget(place / "out", "E1", key_file=place / "key")
        lock = place / "out" / "restricted" / ".lock"
        assert lock.exists()

    assert not lock.exists()
    assert contents(place / "out") == before


def test_a_folder_in_which_nothing_can_be_written_is_refused_before_it_reads(
    tmp_path: Path,
) -> None:
    (tmp_path / "out" / "restricted" / ".lock").mkdir(parents=True)
    with pytest.raises(UsageError, match="the folder out cannot be written"):
        run(tmp_path, [tmp_path / "missing.csv"])


def test_the_lock_of_a_killed_run_holds_nobody_and_is_no_output(place: Path) -> None:
    lock = place / "out" / "restricted" / ".lock"
    lock.touch(mode=0o600)
    assert main(["audit", str(place / "out"), "--people", str(place / "people.csv")]) in (0, 1)
    assert ".lock" not in outputs(place / "out")

    assert run(place, parts(place)[:2]).taken == 2
    assert not lock.exists()


def test_an_export_that_must_be_read_again_is_asked_for_by_name(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_roster(place / "people.csv", moved=None, opted_out=())
    before = contents(place / "out")
    words = ["analyse", "--people", str(place / "people.csv"), "--key", str(place / "key")]
    assert main([*words, "--out", str(place / "out")]) == 1

    said = capsys.readouterr().err
    assert "part0.parquet, part1.parquet: has to be read again" in said
    assert "somebody in them is no longer left out; name them too" in said
    assert contents(place / "out") == before


def test_without_a_file_there_must_be_a_store_and_a_roster(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", "--out", str(tmp_path / "none")]) == 2
    assert "no file was named" in capsys.readouterr().err
    assert main(["analyse", "--out", str(place / "out"), "--key", str(place / "key")]) == 2
    assert "needs a roster; name it with --people" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_what_was_taken_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["analyse", "--people", str(place / "people.csv"), "--key", str(place / "key")]
    more = ["--out", str(place / "out"), "--minimum-group", "3", "--earlier", "withdrawn"]
    assert main([*words, *more]) == 0

    assert "Taken from the store, not read again: 2 exports" in capsys.readouterr().out


def everything(store: Path) -> str:
    """Return all that the store says, its tables as text."""
    texts = [path.read_bytes().decode("latin-1") for path in store.rglob("*") if path.is_file()]
    texts += [str(pq.read_table(path).to_pylist()) for path in store.rglob("*.parquet")]
    return "\n".join(texts).casefold()


def test_the_store_names_nobody_and_only_its_owner_may_read_it(place: Path) -> None:
    folder = Store(place / "out").folder
    text = everything(folder)
    known = pseudonyms([f"E{number}" for number in range(PEOPLE)], project_key(file=place / "key"))

    assert known[1] in text
    for number in range(PEOPLE):
        assert address(number) not in text and f"'e{number}'" not in text
    assert "firm.example" not in text and "elsewhere" not in text
    # Neither machines nor those who opted out are among its people.
    assert known[3] not in text and known[4] not in text
    if sys.platform != "win32":
        modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*")}
        assert modes == {0o600, 0o700}


def test_a_forgotten_person_leaves_the_store(place: Path) -> None:
    hidden = pseudonyms([f"E{GONE}"], project_key(file=place / "key"))[0]
    folder = Store(place / "out").folder
    assert hidden in everything(folder)

    removed = forget(place / "out", f"E{GONE}", people=place / "people.csv", key_file=place / "key")

    assert removed.counts > 0
    assert hidden not in everything(folder)
    hashed = Hasher(project_key(file=place / "key")).texts([address(GONE), f"E{GONE}"])
    for batch in Store(place / "out").opened().batches:
        assert not np.isin(batch.identities.candidates.hashes, hashed).any()
    again = run(place, parts(place)[:2])
    assert again.taken == 2
    shutil.rmtree(folder)
    anew = run(place, parts(place)[:2])
    assert anew.taken == 0
    assert again.weekly.ties.equals(anew.weekly.ties)
    assert again.weekly.removed == anew.weekly.removed
    assert f"E{GONE}" not in set(again.weekly.people["person"])


def test_whoever_opted_out_since_leaves_the_store(place: Path) -> None:
    hidden = pseudonyms([f"E{GONE}"], project_key(file=place / "key"))[0]
    write_roster(place / "people.csv", moved=None, opted_out=(3, GONE))

    run(place, [])

    assert hidden not in everything(Store(place / "out").folder)


def test_old_months_leave_the_store(place: Path) -> None:
    first = Store(place / "out").opened().batches[0]
    assert first.months == first.digest_months == ["2026-01", "2026-02", "2026-03"]

    purged = purge(place / "out", keep_months=2, today=date(2026, 4, 12))

    batch = Store(place / "out").opened().batches[0]
    assert batch.months == batch.digest_months == ["2026-02", "2026-03"]
    assert purged.counts > 0 and purged.counts_kept > 0
    later = run(place, [])
    assert str(later.weekly.ties["week"].min().date()) == "2026-02-16"
    assert later.weekly.records < 2000


def test_a_dry_purge_leaves_the_store(place: Path) -> None:
    before = contents(place / "out")
    purged = purge(place / "out", keep_months=0, dry_run=True)

    assert purged.counts > 0
    assert contents(place / "out") == before


def test_undated_contact_is_of_the_day_on_which_it_was_read(place: Path) -> None:
    run(place, [write_undated(place / "undated.csv")])
    read_on = Store(place / "out").opened().batches[0].facts.read_on
    assert purge(place / "out", keep_months=1, today=read_on).counts == 0

    later = purge(place / "out", keep_months=1, today=date(read_on.year + 1, 12, 31))

    assert later.counts > 0 and later.counts_kept == 0


def test_keeping_nothing_removes_the_store(place: Path) -> None:
    purged = purge(place / "out", keep_months=0)

    assert purged.counts > 0
    assert not Store(place / "out").folder.exists()
    assert run(place, parts(place)[:2]).taken == 0


def test_answers_of_people_are_never_stored(place: Path) -> None:
    survey = place / "survey.csv"
    survey.write_text(
        "id,name,email,Whom do you ask for advice?\n"
        f"1,Aya Ito,{address(0)},{address(1)}\n2,Ben Osei,{address(1)},{address(2)}\n",
        encoding="utf-8",
    )
    both = [*parts(place)[:2], survey]
    first = run(place, both)
    again = run(place, both)

    assert first.weekly.respondents == again.weekly.respondents == {"E0", "E1"}
    assert (first.taken, again.taken) == (2, 2)
    assert "survey" in set(again.weekly.ties["channel"])
    for batch in Store(place / "out").opened().batches:
        assert [export.connector for export in batch.facts.exports] == ["interactions_parquet"] * 2
    with pytest.raises(InputError):
        run(place, [place / "gone.csv"])
    assert again.weekly.ties.equals(first.weekly.ties)


def test_a_batch_that_is_not_finished_is_removed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), BatchWriter(tmp_path / "batch"):
        raise RuntimeError

    assert not (tmp_path / "batch").exists()
    assert Store(tmp_path).opened().batches == ()
