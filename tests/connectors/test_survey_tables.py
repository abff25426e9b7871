"""Tables and matrices that people make of a survey by hand."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orgnet.errors import AmbiguousInputError, InputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.roster import Roster
from orgnet_connectors.survey_matrix import SurveyMatrix
from orgnet_connectors.survey_table import SurveyTable
from support import shared

Cells = Sequence[Sequence[object]]


def written(path: Path, rows: Cells) -> Path:
    if path.suffix == ".xlsx":
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(list(row))
        workbook.save(path)
        return path
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(
    reader: Connector, path: Path, **options: Any
) -> tuple[list[tuple[str, str, float | None]], Ledger]:
    ledger = Ledger()
    batches = list(reader.read(Source(path), ReadOptions(**options), ledger))
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert all(row["sent_at"] is None for row in rows)
    return [(row["sender"], row["recipient"], row["value"]) for row in rows], ledger


# Tables ------------------------------------------------------------------------------------------

EGO = [
    ["id", "toa", "net1", "net2", "net3", "note"],
    ["1", "1", "NA", "NA", "NA", "No nominations"],
    ["2", "5", "3", "1", "NA", "Ask 1 about it"],
    ["3", "5", "NA", "2", "NA", ""],
    ["4", "2", "3", "3", "9", ""],
]


def test_numbered_columns_are_nominations(tmp_path: Path) -> None:
    ties, ledger = read(SurveyTable(), written(tmp_path / "ego.csv", EGO))

    assert ties == [
        ("2", "3", None),
        ("2", "1", None),
        ("3", "2", None),
        ("4", "3", None),
        ("4", "9", None),
    ]
    assert ledger.respondents == {"1", "2", "3", "4"}
    assert {"toa", "note"} <= ledger.dropped_unread


def test_ids_that_are_unique_in_a_group_only_are_told_apart(tmp_path: Path) -> None:
    rows = [
        ["id", "group", "net1", "net2"],
        ["1", "1", "2", ""],
        ["2", "1", "1", ""],
        ["1", "2", "2", "9"],
        ["2", "2", "", ""],
    ]

    ties, ledger = read(SurveyTable(), written(tmp_path / "ego.csv", rows))

    assert [tie[:2] for tie in ties] == [
        ("1/1", "1/2"),
        ("1/2", "1/1"),
        ("2/1", "2/2"),
        ("2/1", "2/9"),
    ]
    assert any("group/id" in note for note in ledger.ambiguous)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_names_in_numbered_columns_are_nominations(tmp_path: Path, suffix: str) -> None:
    rows = [
        ["Name", "Team", "Colleague 1", "Colleague 2"],
        ["Aya Ito", "Sales", "Ben Osei", "Lund, Cy"],
        ["Ben Osei", "Sales", "aya ito", None],
    ]

    ties, _ = read(SurveyTable(), written(tmp_path / f"t{suffix}", rows))

    assert [tie[:2] for tie in ties] == [
        ("name:aya ito", "name:ben osei"),
        ("name:aya ito", "name:cy lund"),
        ("name:ben osei", "name:aya ito"),
    ]


def test_roster_matrix_has_one_column_a_colleague(tmp_path: Path) -> None:
    rows = [
        ["Name", "Aya Ito", "Ben Osei", "Cy Lund", "Our goals are clear"],
        ["Aya Ito", "", "5", "0", "4"],
        ["Ben Osei", "2", "", "0", "5"],
        ["Cy Lund", "0", "0", "", "2"],
    ]

    ties, ledger = read(SurveyTable(), written(tmp_path / "t.csv", rows))

    assert ties == [
        ("name:aya ito", "name:ben osei", 5.0),
        ("name:ben osei", "name:aya ito", 2.0),
    ]
    assert [answer.value for answer in ledger.answers] == [4.0, 5.0, 2.0]
    assert "name:cy lund" in ledger.respondents


def test_question_over_joined_names_is_enough(tmp_path: Path) -> None:
    rows = [
        ["E-mail", "Whom do you ask for advice?", "Wave"],
        ["aya@example.com", "Ben <ben@example.com>; cy@example.com", "1"],
        ["ben@example.com", "nobody", "1"],
    ]

    ties, ledger = read(SurveyTable(), written(tmp_path / "t.csv", rows))

    assert [tie[:2] for tie in ties] == [
        ("aya@example.com", "ben@example.com"),
        ("aya@example.com", "cy@example.com"),
    ]
    assert ledger.respondents == {"aya@example.com", "ben@example.com"}


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "department"], ["1", "Sales"], ["2", "Support"]],
        [
            ["name", "department", "manager"],
            ["Aya Ito", "Sales", "Ben Osei"],
            ["Ben Osei", "S", ""],
        ],
        [["id", "phone 1", "phone 2"], ["1", "55", "56"], ["2", "57", "58"]],
        [["from", "to"], ["1", "2"], ["2", "3"]],
        [["time", "from", "to"], ["2026-03-02", "1", "2"]],
        [["item", "q1", "q2"], ["1", "2", "3"], ["2", "3", "4"]],
        [["id", "name", "emails", "department"], ["1", "Aya", "a@example.com", "Sales"]],
        [["name", "name 2"], ["Paris", "Lyon"]],
    ],
)
def test_other_tables_are_no_survey(tmp_path: Path, rows: Cells) -> None:
    source = Source(written(tmp_path / "t.csv", rows))

    assert SurveyTable().recognise(source) is None
    assert SurveyMatrix().recognise(source) is None


@pytest.mark.parametrize(
    "rows",
    [
        EGO,
        [["Name", "Colleague 1", "Colleague 2"], ["Aya Ito", "Ben Osei", ""]],
        [["Name", "Aya", "Ben", "Cy"], ["Aya", "", "5", "never"], ["Ben", "2", "", "0"], ["Cy"]],
        [
            ["", "Aya", "Ben", "Cy"],
            ["Aya", "", "x", ""],
            ["Ben", "x", "", "x"],
            ["Cy", "", "x", ""],
        ],
    ],
)
def test_survey_tables_are_left_alone_by_the_other_readers_of_tables(
    tmp_path: Path, rows: Cells
) -> None:
    source = Source(written(tmp_path / "t.csv", rows))
    readers: list[Connector] = [
        *(SurveyTable(), SurveyMatrix()),
        *(EdgeList(), InteractionsCsv(), Roster()),
    ]

    claims = [reader.name for reader in readers if reader.recognise(source)]

    assert len(claims) == 1
    assert claims[0].startswith("survey-")


# Matrices ----------------------------------------------------------------------------------------


def test_marks_in_a_matrix_are_nominations(tmp_path: Path) -> None:
    rows = [
        ["who asks whom", "Ito, Aya", "Ben Osei", "Cy Lund"],
        ["Aya Ito", "", "x", ""],
        ["Ben Osei", "X", "", "x"],
        ["Cy Lund", "", "", ""],
    ]
    path = written(tmp_path / "m.csv", rows)

    ties, ledger = read(SurveyMatrix(), path)

    assert SurveyMatrix().recognise(Source(path)) == (
        "a matrix: the people in the first column are the 3 columns"
    )
    assert [tie[:2] for tie in ties] == [
        ("name:aya ito", "name:ben osei"),
        ("name:ben osei", "name:aya ito"),
        ("name:ben osei", "name:cy lund"),
    ]
    assert ledger.skipped == {"no_answer": 1}
    assert ledger.respondents == {"name:aya ito", "name:ben osei"}


def test_row_of_zeros_is_somebody_who_named_nobody(tmp_path: Path) -> None:
    rows = [["", 1, 2, 3], [1, 0, 0, 0], [2, 1, 0, 4], [3, None, None, None]]

    ties, ledger = read(SurveyMatrix(), written(tmp_path / "m.xlsx", rows))

    assert ties == [("2", "1", 1.0), ("2", "3", 4.0)]
    assert ledger.respondents == {"1", "2"}
    assert ledger.skipped == {"no_answer": 1}


def test_matrix_of_ratings_from_one_up_needs_a_threshold(tmp_path: Path) -> None:
    rows = [["", "a", "b", "c"], ["a", None, 1, 5], ["b", 2, None, 1], ["c", 3, 1, None]]
    path = written(tmp_path / "m.xlsx", rows)

    with pytest.raises(AmbiguousInputError, match=r"m\.xlsx: the cells run from 1 to 5"):
        read(SurveyMatrix(), path)
    ties, _ = read(SurveyMatrix(), path, tie_from=3.0)

    assert ties == [("name:a", "name:c", 5.0), ("name:c", "name:a", 3.0)]


def test_sparse_matrix_of_numbers_has_an_empty_cell_for_no_tie(tmp_path: Path) -> None:
    rows = [["", "a", "b", "c"], ["a", None, 1, None], ["b", 2, None, None], ["c", None, 1, None]]

    ties, _ = read(SurveyMatrix(), written(tmp_path / "m.xlsx", rows))

    assert [tie[2] for tie in ties] == [1.0, 2.0, 1.0]


def test_rows_of_a_matrix_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    names = [f"E{n:02}" for n in range(1, 13)]
    rows: list[list[object]] = [["", *names], *([name, *[0] * 12] for name in names)]
    rows[2][3], rows[3][4], rows[5][0] = "often", -1, ""
    rows.append(["E01", *[1] * 12])
    path = written(tmp_path / "m.xlsx", rows)

    ties, ledger = read(SurveyMatrix(), path)

    assert ties == []
    assert ledger.skipped == {"bad_value": 2, "no_sender": 1, "duplicate": 1}
    assert ledger.problems["bad_value"][0].place == "sheet 'Sheet', row 3"


def test_other_sheets_of_a_workbook_are_named_as_unread(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Notes"
    workbook.active.append(["What we did"])
    sheet = workbook.create_sheet("Advice")
    for row in [["", "a", "b", "c"], ["a", 0, 1, 0], ["b", 1, 0, 0], ["c", 0, 0, 0]]:
        sheet.append(row)
    workbook.save(tmp_path / "m.xlsx")

    _, ledger = read(SurveyMatrix(), tmp_path / "m.xlsx")

    assert "sheet 'Notes'" in ledger.dropped_unread


def test_matrix_without_one_good_row_is_refused(tmp_path: Path) -> None:
    rows = [["", "a", "b", "c"], ["a", "", "", ""], ["b", "", "", ""], ["c", "", "", ""]]
    path = written(tmp_path / "m.xlsx", rows)

    ties, ledger = read(SurveyMatrix(), path)

    assert ties == []
    assert ledger.skipped == {"no_answer": 3}


def test_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "m.xlsx", EGO)
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(InputError, match=r"m\.xlsx: "):
        read(SurveyMatrix(), path)


@pytest.mark.shared
def test_real_matrix_is_read_whole() -> None:
    ties, ledger = read(SurveyMatrix(), shared("samples/graph/complex_matrix.csv"))

    assert len(ledger.respondents) == 26
    assert ledger.skipped == {"no_sender": 1}
    assert len(ties) == 650
