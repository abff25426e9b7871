"""Tables in files of unknown encoding, delimiter and header."""

import gzip
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, Source
from orgnet_connectors import delimited, spreadsheet_rows, text_lines
from orgnet_connectors.delimited import (
    BLANK,
    DELIMITERS,
    Table,
    find_table,
    preview_records,
    records,
)
from orgnet_connectors.headings import Aliases, heading_key, snake_case
from orgnet_connectors.spreadsheet_rows import refuse_old_excel

HEADINGS = {"id", "name", "city"}
TEXT = "id,name,city\n1,Zoë,Genève\n2,Ben,Köln\n"


def score(cells: Sequence[str]) -> int:
    hits = len(HEADINGS.intersection(cell.strip().lower() for cell in cells))
    return hits if hits >= 2 else 0


def table_in(path: Path, content: bytes) -> Table | None:
    path.write_bytes(content)
    return find_table(Source(path), score)


def rows_of(table: Table | None, ledger: Ledger | None = None) -> list[list[str]]:
    assert table is not None
    return [cells for _, cells in table.rows(ledger)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encoding_is_found_by_content(tmp_path: Path, encoding: str) -> None:
    table = table_in(tmp_path / "t.csv", TEXT.encode(encoding))

    assert rows_of(table) == [["1", "Zoë", "Genève"], ["2", "Ben", "Köln"]]


def test_one_line_in_windows_1252_does_not_spoil_the_others(tmp_path: Path) -> None:
    content = "id,name,city\n1,Zoë,Genève\n".encode() + "2,Zoë,Genève\n".encode("cp1252")

    assert rows_of(table_in(tmp_path / "t.csv", content)) == [
        ["1", "Zoë", "Genève"],
        ["2", "Zoë", "Genève"],
    ]


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimiter_is_found_by_the_header(tmp_path: Path, delimiter: str) -> None:
    content = TEXT.replace(",", delimiter).encode()

    table = table_in(tmp_path / "t.csv", content)

    assert table is not None
    assert table.delimiter == delimiter
    assert table.header == ("id", "name", "city")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(tmp_path: Path, newline: str) -> None:
    content = TEXT.replace("\n", newline).encode()

    assert len(rows_of(table_in(tmp_path / "t.csv", content))) == 2


def test_delimiter_of_excel_is_believed(tmp_path: Path) -> None:
    table = table_in(tmp_path / "t.csv", b"sep=;\nid;name;city\n1;Ito, Aya;Paris\n")

    assert rows_of(table) == [["1", "Ito, Aya", "Paris"]]


def test_title_rows_and_comments_above_the_header_are_passed_over(tmp_path: Path) -> None:
    content = b"Active staff, by city\n\n# made in March\nPage 1 of 1\n" + TEXT.encode()

    table = table_in(tmp_path / "t.csv", content)

    assert table is not None
    assert table.header_row == 5
    assert len(rows_of(table)) == 2


def test_header_behind_a_comment_sign_is_found(tmp_path: Path) -> None:
    table = table_in(tmp_path / "t.tsv", b"# id\tname\tcity\n1\tAya\tParis\n")

    assert table is not None
    assert table.header == ("id", "name", "city")


def test_quoted_cells_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    content = b'id,name,city\n1,"Ito, Aya","Par\nis"\n2,Ben,Rome\n'

    assert rows_of(table_in(tmp_path / "t.csv", content)) == [
        ["1", "Ito, Aya", "Par\nis"],
        ["2", "Ben", "Rome"],
    ]


def test_unclosed_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    lines = "".join(f"{n},Ben,Rome\n" for n in range(2, 1000))
    table = table_in(tmp_path / "t.csv", f'id,name,city\n1,"Aya,Paris\n{lines}'.encode())

    rows = rows_of(table)

    assert len(rows) == 999
    assert rows[-1] == ["999", "Ben", "Rome"]


def test_line_numbers_survive_an_unclosed_quote() -> None:
    lines = ['a,"b\n', "c,d\n", "\n", 'e,"f\n', 'g",h\n', "i,j\n"]

    numbers = [number for number, _ in records(lines, ",")]

    assert numbers == [1, 2, 4, 6]


def test_row_with_too_many_cells_is_skipped_and_counted(tmp_path: Path) -> None:
    ledger = Ledger()
    table = table_in(tmp_path / "t.csv", b"id,name,city\n1,Ito, Aya,Paris\n2,Ben,Rome\n3,Cy,Lyon\n")

    rows = rows_of(table, ledger)

    assert [cells[0] for cells in rows] == ["2", "3"]
    assert ledger.skipped == {"ragged": 1}
    assert ledger.problems["ragged"][0].place == "line 2"


def test_short_rows_are_filled_and_empty_ones_counted(tmp_path: Path) -> None:
    ledger = Ledger()
    table = table_in(tmp_path / "t.csv", b"id,name,city\n1,Aya\n\n,,\n2,Ben,Rome,,\n3,Cy,Lyon\n")

    rows = rows_of(table, ledger)

    assert rows == [["1", "Aya", ""], ["2", "Ben", "Rome"], ["3", "Cy", "Lyon"]]
    assert ledger.skipped == {"empty": 1}


def test_row_numbers_of_r_without_a_heading_get_one(tmp_path: Path) -> None:
    table = table_in(tmp_path / "t.csv", b'"id","name","city"\n"1",7,Aya,Paris\n"2",8,Ben,Rome\n')

    assert table is not None
    assert table.header == ("", "id", "name", "city")


def test_unquoted_commas_in_all_rows_do_not_pass_for_row_numbers(tmp_path: Path) -> None:
    ledger = Ledger()
    table = table_in(tmp_path / "t.csv", b"id,name,city\n1,Ito, Aya,Paris\n2,Osei, Ben,Rome\n")

    assert rows_of(table, ledger) == []
    assert ledger.skipped == {"ragged": 2}


def test_nul_characters_are_dropped(tmp_path: Path) -> None:
    assert rows_of(table_in(tmp_path / "t.csv", b"id,name,city\n1,A\0ya,Paris\n")) == [
        ["1", "Aya", "Paris"]
    ]


def test_prose_with_our_words_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(
        b"The id and the name of a city,\nas people write it in a letter.\nWell, so.\n"
    )

    assert find_table(Source(path), score, delimiters=(*DELIMITERS, BLANK)) is None


def test_runs_of_blanks_separate_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(b'id  name   city\n1   "Aya Ito" Paris\n')

    table = find_table(Source(path), score, delimiters=(*DELIMITERS, BLANK))

    assert rows_of(table) == [["1", "Aya Ito", "Paris"]]


def test_gzip_is_opened(tmp_path: Path) -> None:
    assert len(rows_of(table_in(tmp_path / "t.csv.gz", gzip.compress(TEXT.encode())))) == 2


def test_gzip_that_ends_early_keeps_what_can_be_read(tmp_path: Path) -> None:
    body = "".join(f"{n},{n * 7919 % 10007},x{n * 31 % 977}\n" for n in range(60_000))
    packed = gzip.compress(f"id,name,city\n{body}".encode())
    ledger = Ledger()
    table = table_in(tmp_path / "t.csv.gz", packed[: len(packed) // 2])

    rows = rows_of(table, ledger)

    assert 1000 < len(rows) < 60_000
    assert ledger.truncated == "the compressed file ends early or is damaged"


def test_gzip_out_of_proportion_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "_BOMB_BYTES", 1 << 20)
    monkeypatch.setattr(text_lines, "_BOMB_RATIO", 10)
    packed = gzip.compress(TEXT.encode() + b"3,Cy,Lyon\n" * 300_000)
    table = table_in(tmp_path / "t.csv.gz", packed)

    with pytest.raises(UnreadableFileError, match=r"t\.csv\.gz: .*inflates to more than 1 MiB"):
        rows_of(table)


def save_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Source:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return Source(path)


def test_first_sheet_with_a_header_is_read(tmp_path: Path) -> None:
    source = save_workbook(
        tmp_path / "t.xlsx",
        {
            "Cover": [["Staff list"], ["as of March"]],
            "Staff": [["Active staff"], [], ["ID", "Name", "City"], [12.0, "Aya", None]],
        },
    )

    table = find_table(source, score)

    assert table is not None
    assert table.sheet == "Staff"
    assert table.place(4) == "sheet 'Staff', row 4"
    assert rows_of(table) == [["12", "Aya", ""]]


def test_formula_is_never_read(tmp_path: Path) -> None:
    source = save_workbook(tmp_path / "t.xlsx", {"S": [["id", "name"], [1, "=1+1"]]})

    assert rows_of(find_table(source, score)) == [["1", ""]]


def test_damaged_workbook_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")

    with pytest.raises(UnreadableFileError, match=r"t\.xlsx: the workbook is damaged; save it"):
        find_table(Source(path), score)


def test_workbook_out_of_proportion_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = save_workbook(tmp_path / "t.xlsx", {"S": [["id", "name"], [1, "Aya"]]})
    monkeypatch.setattr(spreadsheet_rows, "LARGEST_BYTES", 100)

    with pytest.raises(UnreadableFileError, match="save the sheet that is needed as CSV"):
        find_table(source, score)


def test_old_excel_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "t.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    with pytest.raises(UnreadableFileError, match=r"save it as \.xlsx without a password"):
        refuse_old_excel(Source(path))


def test_other_archives_and_folders_hold_no_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", TEXT)

    assert find_table(Source(tmp_path / "t.zip"), score) is None
    assert find_table(Source(tmp_path), score) is None


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Email Address [Required]", "emailaddress"),
        ("  E-Mail ", "email"),
        ("Employee #", "employeenumber"),
        ("Dział", "dzial"),
        ("Größe", "grosse"),
        ("[READ ONLY]", ""),
    ],
)
def test_headings_are_compared_by_letters_and_digits(heading: str, key: str) -> None:
    assert heading_key(heading) == key


def test_heading_of_a_further_column_becomes_snake_case() -> None:
    assert snake_case("usageLocation [2]") == "usage_location"


def test_one_name_cannot_stand_for_two_columns() -> None:
    with pytest.raises(ValueError, match="'Dept' stands for both 'a' and 'b'"):
        Aliases({"a": ["dept"], "b": ["Dept"]})


@pytest.mark.parametrize("delimiter", [*DELIMITERS, BLANK])
def test_a_beginning_that_several_look_at_is_cut_once_and_the_same_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, delimiter: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text('a,b;c\td|e f\n\n"1,2",3;4\n"never closed,5\n6,7|8 9\n' * 30, "utf-8")
    lines = text_lines.preview_lines(Source(path))
    plain = list(records(lines, delimiter))
    cut: list[str] = []

    def watched(lines: Sequence[str], at: str) -> Iterator[tuple[int, list[str] | None]]:
        cut.append(at)
        yield from records(lines, at)

    monkeypatch.setattr(delimited, "records", watched)
    delimited._cut_beginning.cache_clear()
    first, second = (
        preview_records(Source(path), delimiter),
        preview_records(Source(path), delimiter),
    )
    some = [next(first), next(first), next(second)]
    assert some == [*plain[:2], plain[0]]
    assert [*some[:2], *first] == plain
    assert [some[2], *second] == plain
    assert cut == [delimiter]
    delimited._cut_beginning.cache_clear()


def test_another_file_with_another_beginning_is_cut_for_itself(tmp_path: Path) -> None:
    for name, text in (("one.csv", "a,b\n1,2\n"), ("other.csv", "a,b\n3,4\n")):
        (tmp_path / name).write_text(text, "utf-8")
    cut = [[*preview_records(Source(path), ",")] for path in sorted(tmp_path.iterdir())]
    assert cut == [[(1, ["a", "b"]), (2, ["1", "2"])], [(1, ["a", "b"]), (2, ["3", "4"])]]


def test_only_delimiters_that_stand_somewhere_are_tried_besides_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def watched(source: Source, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
        tried.append(delimiter)
        return preview_records(source, delimiter)

    monkeypatch.setattr(delimited, "preview_records", watched)
    found = table_in(tmp_path / "table.csv", b"id;name;city\n1;Aya;Bern\n")
    assert rows_of(found) == [["1", "Aya", "Bern"]]
    assert tried == [",", ";"]
    tried.clear()
    assert table_in(tmp_path / "word.csv", b"id\n1\n") is None
    assert tried == [","]
