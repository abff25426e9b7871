"""Outlook data files are recognised and refused with the way to convert them."""

from pathlib import Path

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.pst import Pst
from support import shared


def test_it_is_a_connector() -> None:
    assert isinstance(Pst(), Connector)


def test_the_refusal_names_the_way_to_convert_the_file(tmp_path: Path) -> None:
    path = tmp_path / "archive.pst"
    path.write_bytes(b"!BDN" + bytes(600))
    ledger = Ledger()
    assert Pst().recognise(Source(path)) is not None
    with pytest.raises(UnreadableFileError, match=r"archive\.pst: an Outlook data file.*readpst"):
        list(Pst().read(Source(path), ReadOptions(), ledger))
    assert ledger.read == 0


@pytest.mark.parametrize("content", [b"", b"!BD", b"From: a@example.com\n", b"PK\x03\x04"])
def test_other_files_are_not_claimed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "archive.pst"
    path.write_bytes(content)
    assert Pst().recognise(Source(path)) is None


def test_a_real_file_is_recognised() -> None:
    assert Pst().recognise(Source(shared("samples/pst/dist-list.pst"))) is not None
