"""Files are there whole or not at all, and are their owner's."""

import errno
import os
import stat
from pathlib import Path

import pytest

from orgnet.errors import UsageError
from orgnet.files import make_folder, reason, replacing, sha256, size, temporary_folder, write_bytes

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX systems")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_written_bytes_are_in_the_file_and_nothing_else_is_in_the_folder(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new" / "a.txt", b"one")

    assert {p.name: p.read_bytes() for p in (tmp_path / "new").iterdir()} == {"a.txt": b"one"}


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.txt", b"one")
    write_bytes(tmp_path / "a.txt", b"two")

    assert (tmp_path / "a.txt").read_bytes() == b"two"


def test_a_block_that_fails_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")

    with pytest.raises(ValueError, match="half way"), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise ValueError("half way")

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.txt": b"old"}


def test_a_block_that_is_interrupted_leaves_no_temporary_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a.txt"):
        raise KeyboardInterrupt

    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_said_to_be_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()

    with pytest.raises(UsageError, match=r"^report\.html cannot be (written|replaced)"):
        write_bytes(tmp_path / "report.html", b"page")

    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_file_in_the_place_of_the_folder_is_said_to_be_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(UsageError, match="the folder out cannot be made"):
        write_bytes(tmp_path / "out" / "report.html", b"page")


@posix_only
def test_only_the_owner_reads_what_is_written(tmp_path: Path) -> None:
    old = tmp_path / "a.txt"
    old.write_bytes(b"old")
    old.chmod(0o644)

    write_bytes(old, b"new")

    assert mode(old) == 0o600


@posix_only
def test_only_the_owner_enters_a_restricted_folder(tmp_path: Path) -> None:
    assert mode(make_folder(tmp_path / "restricted", owner_only=True)) == 0o700


@posix_only
def test_a_folder_that_was_there_becomes_restricted_too(tmp_path: Path) -> None:
    (tmp_path / "restricted").mkdir(mode=0o755)

    assert mode(make_folder(tmp_path / "restricted", owner_only=True)) == 0o700


def test_the_temporary_folder_is_gone_afterwards() -> None:
    with temporary_folder() as folder:
        (folder / "records").write_bytes(b"x")
        assert folder.is_dir()

    assert not folder.exists()


def test_a_hash_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    # FIPS 180-2, appendix B.1.
    assert sha256(tmp_path / "a") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_the_hash_of_a_folder_changes_with_a_name_and_with_a_content(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"one")
    before = sha256(tmp_path)
    (tmp_path / "sub" / "a").rename(tmp_path / "sub" / "b")
    renamed = sha256(tmp_path)
    (tmp_path / "sub" / "b").write_bytes(b"two")

    assert len({before, renamed, sha256(tmp_path)}) == 3


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a").write_bytes(b"12")
    (tmp_path / "sub" / "b").write_bytes(b"345")

    assert (size(tmp_path), size(tmp_path / "a")) == (5, 2)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EACCES, "Not for you"), "Not for you"),
        (OSError(errno.ENOSPC, "Error writing. Detail: [errno 28] No"), os.strerror(28)),
        (OSError("Error writing bytes. Detail: [errno 28] No"), os.strerror(28)),
        (OSError("gone"), "OSError"),
    ],
)
def test_what_the_system_says_is_wrong_is_told_in_its_own_words(error: OSError, told: str) -> None:
    assert reason(error) == told
