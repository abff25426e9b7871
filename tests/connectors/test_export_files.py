"""The files of an export by name: what a zip says of itself, and what of it is believed."""

import zipfile
from pathlib import Path

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors.export_files import open_export


def a_zip(path: Path, *names: str, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for number, name in enumerate(names):
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 12, 0, 0)), f"[{number}]")
    return path


def test_names_in_utf8_are_read_though_the_zip_does_not_say_so(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "export.zip", "room/a.json")
    path.write_bytes(path.read_bytes().replace(b"room/", b"r\xc3\xb6m/"))
    with open_export(Source(path)) as files:
        assert files.names == ["röm/a.json"]
        assert files.entries["röm/a.json"].name == "röm/a.json"
        assert files.read("röm/a.json") == (b"[0]", True)
        assert files.size("röm/a.json") == 3


def test_of_two_files_with_one_name_the_later_one_counts(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = a_zip(tmp_path / "export.zip", "a.json", "b.json", "a.json")
    with open_export(Source(path)) as files:
        assert files.names == ["a.json", "b.json"]
        assert files.read("a.json") == (b"[2]", True)


def test_names_that_point_outside_and_those_of_no_data_are_left_out(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "export.zip", "../a.json", "b.json", "c/", "__MACOSX/b.json", "C:/d")
    with open_export(Source(path)) as files:
        assert (files.names, files.unsafe, files.damage) == (["b.json"], 2, None)
        assert dict(files.entries).keys() == {"b.json"}


def test_an_encrypted_file_is_refused_unless_it_is_none_of_the_data(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "export.zip", "a.json", "__MACOSX/b")
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 8] |= 1
    path.write_bytes(data)
    with open_export(Source(path)) as files:
        assert files.names == ["a.json"]
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match="encrypted"), open_export(Source(path)):
        pass


def test_a_zip_without_its_directory_is_walked(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "export.zip", "a.json", "b.json")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"PK\x01\x02")])
    with open_export(Source(path)) as files:
        assert files.names == ["a.json", "b.json"]
        assert files.read("b.json") == (b"[1]", True)
        assert files.damage is not None
