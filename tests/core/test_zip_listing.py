"""The directory of a plain zip is read in a short way, with the result of the long one."""

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.schema.zip_listing import (
    Entry,
    ZipListing,
    listed_by_zipfile,
    listed_plainly,
    zip_listing,
)

NAMES = ["users.json", "général/2026-03-02.json", "folder/", "room/2026-03-03.json"]
TIME_OF_CHANGE = struct.pack("<HHB4s", 0x5455, 5, 1, b"\0\0\0\0")
OTHER_NAME = struct.pack("<HHBL4s", 0x7075, 9, 1, 0, b"else")


def a_zip(*, comment: bytes = b"", extra: bytes = b"", names: list[str] = NAMES) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name in names:
            info = zipfile.ZipInfo(name, (2026, 3, 2, 12, 0, 0))
            info.extra = extra
            archive.writestr(info, b"[" + b" " * len(name) + b"]")
    return memory.getvalue()


def entries(listing: ZipListing | None) -> list[Entry] | None:
    return None if listing is None else [listing[place] for place in range(len(listing))]


def short_way(data: bytes) -> list[Entry] | None:
    return entries(listed_plainly(io.BytesIO(data)))


def long_way(data: bytes) -> list[Entry] | None:
    return entries(listed_by_zipfile(io.BytesIO(data)))


@pytest.mark.parametrize("extra", [b"", TIME_OF_CHANGE])
def test_a_plain_directory_is_read_as_zipfile_reads_it(extra: bytes) -> None:
    data = a_zip(extra=extra)
    found = short_way(data)
    assert found == long_way(data)
    assert [entry.name for entry in found or ()] == NAMES


def test_names_without_the_flag_of_utf8_are_read_as_zipfile_reads_them() -> None:
    data = a_zip(names=["room/a.json"]).replace(b"room/", b"r\xc3\xb6m/").replace(b"m/a", b"m/b")
    found = short_way(data)
    assert found == long_way(data)
    assert [entry.name for entry in found or ()] == ["r├╢m/b.json"]


def test_a_zip_of_very_many_files_is_plain_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    data = a_zip()
    assert data.count(b"PK\x06\x06") == 1
    # What the small end says is then too large for it; here it is made so.
    end = len(data) - 22
    full = data[: end + 8] + b"\xff\xff\xff\xff" + data[end + 12 :]
    found = short_way(full)
    assert found == long_way(full)
    assert [entry.name for entry in found or ()] == NAMES
    damaged = full.replace(b"PK\x06\x07", b"PK\x06\x08")
    assert short_way(damaged) is None


def test_little_is_kept_of_a_file_beside_its_name() -> None:
    listing = listed_plainly(io.BytesIO(a_zip()))
    assert listing is not None
    assert listing.numbers.nbytes <= 32 * len(NAMES)


def test_an_empty_zip_lists_nothing() -> None:
    assert short_way(a_zip(names=[])) == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: b"", id="nothing"),
        pytest.param(lambda data: data[:-1], id="cut short"),
        pytest.param(lambda data: b"before" + data, id="something before it"),
        pytest.param(lambda data: data + b"behind", id="something behind it"),
        pytest.param(lambda data: a_zip(comment=b"made by hand"), id="a comment"),
        pytest.param(lambda data: data.replace(b"room/", b"room\\"), id="a backslash in a name"),
        pytest.param(lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x03"), id="another mark"),
        pytest.param(
            lambda data: a_zip(extra=b"\x55\x54\xff\x00").replace(b"a", b"b"), id="a broken field"
        ),
        pytest.param(lambda data: a_zip(extra=OTHER_NAME), id="another name in a field"),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_zipfile(spoil: Callable[[bytes], bytes]) -> None:
    assert short_way(spoil(a_zip())) is None


@given(st.integers(0, len(a_zip()) - 1), st.integers(0, 255))
def test_a_flipped_byte_gives_what_zipfile_gives_or_nothing(at: int, value: int) -> None:
    data = bytearray(a_zip())
    data[at] = value
    found = short_way(bytes(data))
    assert found is None or found == long_way(bytes(data))


def test_a_zip_that_has_changed_is_listed_again(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(a_zip(names=["a.json"]))
    before = zip_listing(path)
    assert zip_listing(path) is before
    path.write_bytes(a_zip(names=["b.json"]))
    os.utime(path, ns=(0, 0))
    assert zip_listing(path).names == ["b.json"]


def test_what_zipfile_refuses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(a_zip()[:-30])
    with pytest.raises(zipfile.BadZipFile):
        zip_listing(path)
