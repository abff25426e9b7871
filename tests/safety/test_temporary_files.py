"""What lies on the disk while a run works is its owner's alone, and does not stay there."""

import os
import stat
import tempfile
import time
from pathlib import Path

import pytest

from orgnet.files import remove_leftovers, temporary_folder, write_bytes
from orgnet.reading import read

TWO_DAYS = 2 * 24 * 60 * 60


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the machine's own for this test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(path: Path, seconds: float = TWO_DAYS) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def left(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "interactions.parquet").write_bytes(b"rows")
    return folder / name


def test_what_a_killed_run_left_goes_with_the_next_run_after_a_day(scratch: Path) -> None:
    old = aged(left(scratch, "orgnet-tmp-a1b2c3d4"))
    new = left(scratch, "orgnet-tmp-e5f6a7b8")
    (scratch / "ties.csv").write_text("from,to\na,b\n", encoding="utf-8")

    read(scratch / "ties.csv")

    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize(
    "name", ["orgnet-analysis", "orgnet-tmp-", "orgnet-tmp-longer-than-ours", "orgnet-out"]
)
def test_a_folder_that_is_not_surely_ours_stays(scratch: Path, name: str) -> None:
    folder = aged(left(scratch, name))

    remove_leftovers()

    assert folder.exists()


def test_what_a_killed_run_left_in_a_folder_of_the_engine_goes_with_the_next_run_there(
    scratch: Path, tmp_path: Path
) -> None:
    place = tmp_path / "large-disk"
    place.mkdir()
    old = aged(left(place, "orgnet-tmp-a1b2c3d4"))
    new = left(place, "orgnet-tmp-e5f6a7b8")

    with temporary_folder(place):
        assert not old.exists()
    assert new.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_link_with_our_kind_of_name_is_not_followed(scratch: Path) -> None:
    (scratch / "mine").mkdir()
    target = left(scratch / "mine", "photos")
    link = scratch / "orgnet-tmp-a1b2c3d4"
    link.symlink_to(target, target_is_directory=True)
    aged(link)

    remove_leftovers()

    assert (target / "interactions.parquet").exists()


def test_a_clock_that_was_put_back_keeps_what_seems_to_be_of_tomorrow(scratch: Path) -> None:
    folder = aged(left(scratch, "orgnet-tmp-a1b2c3d4"), seconds=-TWO_DAYS)

    remove_leftovers()

    assert folder.exists()


def test_part_of_a_file_that_a_killed_run_left_goes_when_the_file_is_written(
    tmp_path: Path,
) -> None:
    old = tmp_path / ".report.html.a1b2c3d4.part"
    new = tmp_path / ".report.html.e5f6a7b8.part"
    other = tmp_path / ".other.html.a1b2c3d4.part"
    for part in (old, new, other):
        part.write_bytes(b"half")
    aged(old)
    aged(other)

    write_bytes(tmp_path / "report.html", b"page")

    assert sorted(p.name for p in tmp_path.iterdir()) == [other.name, new.name, "report.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_temporary_folder_is_its_owners_alone_and_gone_afterwards(scratch: Path) -> None:
    with temporary_folder() as folder:
        assert folder.parent == scratch
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    assert list(scratch.iterdir()) == []
