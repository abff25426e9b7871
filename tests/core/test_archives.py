"""Zips of exports are looked into, and hostile ones refused."""

import gc
import os
import tempfile
import zipfile
from pathlib import Path

import pytest

from orgnet import archives
from orgnet.errors import UnreadableFileError
from orgnet.reading import read
from orgnet.schema import Source


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_exports_in_a_zip_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", **{"one__ties.csv": "from,to\na,b\n", "note.bin": "\0"})

    records = read(path)

    assert [reading.source.name for reading in records.readings] == ["ties.csv"]
    assert records.to_pandas()["sender"].tolist() == ["a"]
    assert records.left_out == ["note.bin"]


def test_exports_in_a_zip_within_a_zip_are_read(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", **{"ties.csv": "from,to\na,b\n"})
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "deep/inner.zip")

    assert len(read(outer).to_pandas()) == 1


def test_the_unpacked_files_are_gone_with_the_records(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", **{"ties.csv": "from,to\na,b\n"})
    records = read(path)
    folder = Path(records.readings[0].source.path).parent
    assert folder.exists()
    assert folder.is_relative_to(tempfile.gettempdir())

    del records
    gc.collect()

    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_unpacked_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", **{"ties.csv": "from,to\na,b\n"})

    assert archives.unpack(Source(path)).path.stat().st_mode & 0o077 == 0


def test_members_that_point_outside_are_left_out(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "all.zip", **{"..__evil.csv": "from,to\nx,y\n", "good.csv": "from,to\na,b\n"}
    )

    assert read(path).to_pandas()["sender"].tolist() == ["a"]
    assert not (tmp_path.parent / "evil.csv").exists()


def test_a_zip_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "all.zip", **{"ties.csv": "from,to\na,b\n" * 100})
    monkeypatch.setattr(archives, "MOST_BYTES", 100)

    with pytest.raises(UnreadableFileError, match=r"all\.zip: the zip would unpack to 1 files"):
        read(path)


def test_a_workbook_is_not_looked_into(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"[Content_Types].xml": "", "ties.csv": "from,to\na,b\n"})

    assert not archives.is_archive(Source(path))
