"""Files made to harm: they end in a clear refusal or are read for what they are, in little memory.

What each reader does with hostile content of its own format stands with its tests; here are the
containers that several share.
"""

import io
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from orgnet.errors import OrgnetError, UnreadableFileError
from orgnet.reading import read
from orgnet.schema import Source
from orgnet_connectors import spreadsheet_rows
from orgnet_connectors.spreadsheet_rows import sheet_rows

SECRET = "secret of another file"
MIB = 1 << 20


def workbook(path: Path, *, sheet: str | None = None, **parts: str) -> Source:
    """Save a small workbook, then put other content into its parts."""
    book = openpyxl.Workbook()
    book.active.title = "S"
    book.active.append(["from", "to"])
    book.active.append(["a", "b"])
    memory = io.BytesIO()
    book.save(memory)
    changed = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    if sheet is not None:
        changed["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(memory) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, text in changed.items():
            new.writestr(name, text)
    return Source(path)


def sheet_of(rows: str, before: str = "") -> str:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{namespace}">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a '"
    + "ha" * 50
    + "'>"
    + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 30}'>"
        for before, name in zip("abcdef", "bcdefg", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(sheet_of(f"<row>{cell('A1', '&g;')}</row>", LAUGHS), id="billion laughs"),
        pytest.param(
            sheet_of(f'<row r="9999999999">{cell("A9999999999", "x")}</row>'), id="endless rows"
        ),
        pytest.param(sheet_of(f'<row r="1">{cell("ZZZZZZZ1", "x")}</row>'), id="endless columns"),
    ],
)
def test_a_hostile_sheet_is_refused_in_little_memory(
    tmp_path: Path, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The real limit would take seconds to reach.
    monkeypatch.setattr(spreadsheet_rows, "MOST_ROWS", 10_000)
    source = workbook(tmp_path / "t.xlsx", sheet=sheet)
    tracemalloc.start()

    with pytest.raises(UnreadableFileError, match=r"^t\.xlsx: "):
        for _ in sheet_rows(source, "S"):
            pass

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * MIB


def test_an_entity_brings_no_other_file_into_a_sheet(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(SECRET, encoding="utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{other.as_uri()}">]>'
    source = workbook(
        tmp_path / "t.xlsx", sheet=sheet_of(f"<row>{cell('A1', '&x;')}</row>", outside)
    )

    with pytest.raises(UnreadableFileError, match=r"^t\.xlsx: ") as raised:
        list(sheet_rows(source, "S"))

    assert SECRET not in str(raised.value)


def test_a_stated_size_of_a_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    rows = sheet_of(f'<row r="1">{cell("A1", "from")}</row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    source = workbook(tmp_path / "t.xlsx", sheet=rows)

    assert list(sheet_rows(source, "S")) == [(1, ["from"])]


def test_links_to_other_workbooks_are_not_followed(tmp_path: Path) -> None:
    rows = sheet_of('<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>7</v></c></row>')
    link = '<externalLink><externalBook r:id="rId1"/></externalLink>'
    source = workbook(tmp_path / "t.xlsx", sheet=rows, xl__externalLinks__externalLink1=link)

    assert list(sheet_rows(source, "S")) == [(1, ["7"])]


def test_a_workbook_with_too_many_strings_is_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet_rows, "LARGEST_STRINGS", 1000)
    source = workbook(tmp_path / "t.xlsx", xl__sharedStrings="<sst>" + "<si/>" * 1000 + "</sst>")

    with pytest.raises(UnreadableFileError, match=r"t\.xlsx: .* texts .* save the sheet"):
        list(sheet_rows(source, "S"))


def test_a_zip_in_a_zip_in_a_zip_without_end_is_left_at_a_depth(tmp_path: Path) -> None:
    content, name = b"from,to\na,b\n", "ties.csv"
    for depth in range(40):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = memory.getvalue(), f"{depth}.zip"
    (tmp_path / "deep.zip").write_bytes(content)

    with pytest.raises(OrgnetError, match=r"^deep\.zip: "):
        read(tmp_path / "deep.zip")


def test_a_link_in_a_zip_becomes_no_link(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(f"from,to\n{SECRET},b\n", encoding="utf-8")
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(link, str(tmp_path / "other.csv"))
        archive.writestr("ties.csv", "from,to\na,b\n")

    assert read(tmp_path / "all.zip").to_pandas()["sender"].tolist() == ["a"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("name", ["realm/messages-000001.json", "../messages-000001.json"])
def test_a_tar_with_links_or_paths_out_of_it_gives_nothing_of_other_files(
    tmp_path: Path, kind: bytes, name: str
) -> None:
    (tmp_path / "other.json").write_text(f'{{"x": "{SECRET}"}}', encoding="utf-8")
    with tarfile.open(tmp_path / "zulip.tar.gz", "w:gz") as archive:
        realm = tarfile.TarInfo("realm/realm.json")
        content = b'{"zerver_realm": [{"id": 1}], "zerver_userprofile": []}'
        realm.size = len(content)
        archive.addfile(realm, io.BytesIO(content))
        link = tarfile.TarInfo(name)
        link.type, link.linkname = kind, str(tmp_path / "other.json")
        archive.addfile(link)

    try:
        found = str(list(read(tmp_path / "zulip.tar.gz")))
    except OrgnetError as error:
        found = str(error)

    assert SECRET not in found
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.json", "zulip.tar.gz"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"from,to\na,b\n" + b"x" * (10 * MIB) + b",y\nc,d\n", id="10 MB line"),
        pytest.param(b'from,to\na,b\n"' + b"x\n" * 10_000, id="an open quote"),
        pytest.param(b"from,to\na,b\n" + b"\0" * MIB, id="NULs"),
        pytest.param(b"from,to\na,b\n" + b"," * MIB + b"\nc,d\n", id="1 million cells"),
        pytest.param(b"," * 100_000, id="100,000 headings"),
    ],
)
def test_a_hostile_csv_is_refused_or_read_without_its_hostile_row(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "ties.csv").write_bytes(content)

    try:
        senders = {
            sender
            for batch in read(tmp_path / "ties.csv")
            for sender in batch.column("sender").to_pylist()
        }
    except OrgnetError as error:
        assert str(error).startswith("ties.csv")
    else:
        assert "a" in senders
