"""The directory of a plain zip is read in a short way, with the result of the long one."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet_connectors.export_files import _listed, _listed_plainly

NAMES = ["users.json", "général/2026-03-02.json", "folder/", "room/2026-03-03.json"]


def a_zip(*, comment: bytes = b"", extra: bytes = b"", names: list[str] = NAMES) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name in names:
            info = zipfile.ZipInfo(name, (2026, 3, 2, 12, 0, 0))
            info.extra = extra
            archive.writestr(info, b"[" + b" " * len(name) + b"]")
    return memory.getvalue()


def long_way(data: bytes) -> list[object]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [_listed(info) for info in archive.infolist()]


@pytest.mark.parametrize("extra", [b"", struct.pack("<HHB4s", 0x5455, 5, 1, b"\0\0\0\0")])
def test_a_plain_directory_is_read_as_zipfile_reads_it(extra: bytes) -> None:
    data = a_zip(extra=extra)
    found = _listed_plainly(io.BytesIO(data))
    assert found == long_way(data)
    assert [entry.name for entry in found or ()] == NAMES


def test_names_without_the_flag_of_utf8_are_read_alike() -> None:
    data = a_zip(names=["room/a.json"]).replace(b"room/", b"r\xc3\xb6m/").replace(b"m/a", b"m/b")
    found = _listed_plainly(io.BytesIO(data))
    assert found == long_way(data)
    assert [entry.name for entry in found or ()] == ["röm/b.json"]


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
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_zipfile(spoil: Callable[[bytes], bytes]) -> None:
    assert _listed_plainly(io.BytesIO(spoil(a_zip()))) is None


@given(st.integers(0, len(a_zip()) - 1), st.integers(0, 255))
def test_a_flipped_byte_gives_what_zipfile_gives_or_nothing(at: int, value: int) -> None:
    data = bytearray(a_zip())
    data[at] = value
    found = _listed_plainly(io.BytesIO(bytes(data)))
    assert found is None or found == long_way(bytes(data))
