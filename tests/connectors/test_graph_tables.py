"""Workbooks with nodes and edges, and tables of nodes."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Connector, Source
from orgnet_connectors.graph_node_table import GraphNodes
from orgnet_connectors.graph_workbook import GraphWorkbook
from support import shared

Rows = Sequence[Sequence[object]]
POLINODE: dict[str, Rows] = {
    "Nodes": [("Name", "Team", "Shoe"), ("Aya", "Sales", 38), ("Ben", None, 40), (None, "x", 1)],
    "Edges": [("Source", "Target", "Weight", "Note"), ("Aya", "Ben", 2, "x"), ("Ben", "Cy", 1, "")],
}


def workbook(tmp_path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = tmp_path / "network.xlsx"
    book.save(path)
    return path


def test_they_are_connectors() -> None:
    assert isinstance(GraphWorkbook(), Connector)
    assert isinstance(GraphNodes(), Connector)


def test_polinode_workbook_gives_ties_and_profiles(tmp_path: Path) -> None:
    path = workbook(tmp_path, POLINODE)

    rows, ledger = read_path(GraphWorkbook(), path)

    assert GraphWorkbook().recognise(Source(path)) == "sheets 'Nodes' and 'Edges'"
    assert ties(rows) == [("Aya", "Ben", 2.0), ("Ben", "Cy", 1.0)]
    assert ledger.profiles["Aya"].department == "Sales"
    assert ledger.columns == {"Team": "department", "Weight": "value"}
    assert ledger.dropped_unread == {"Shoe", "Note"}


def test_kumu_workbook_has_directions_and_types(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Elements": [("Label", "Type", "Description"), ("Aya", "Person", "private")],
            "Connections": [
                ("From", "To", "Direction", "Type"),
                ("Aya", "Ben", "mutual", "advice"),
                ("Aya", "Ben", "directed", "trust"),
            ],
        },
    )

    rows, ledger = read_path(GraphWorkbook(), path)

    assert pairs(rows) == [("Aya", "Ben"), ("Ben", "Aya"), ("Aya", "Ben")]
    assert [row["thread"] for row in rows] == ["relation:1", "relation:1", "relation:2"]
    assert "private" not in repr(ledger)


def test_nodexl_workbook_has_its_headings_in_the_second_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Edges": [("", "", "Visual"), ("Vertex 1", "Vertex 2", "Color"), ("aya", "ben", "red")],
            "Vertices": [("", "Graphics"), ("Vertex", "Shape"), ("aya", ""), ("ben", "")],
        },
    )

    rows, ledger = read_path(GraphWorkbook(), path)

    assert pairs(rows) == [("aya", "ben")]
    assert set(ledger.profiles) == {"aya", "ben"}


def test_ties_may_name_nodes_by_id_or_by_label(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Nodes": [("Id", "Label"), (7, "Aya Ito"), (9, "Ben")],
            "Edges": [("Source", "Target"), (7, 9), ("Aya Ito", "Ben")],
        },
    )

    rows, _ = read_path(GraphWorkbook(), path)

    assert pairs(rows) == [("7", "9"), ("7", "9")]


def test_rows_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        POLINODE
        | {"Edges": [("Source", "Target"), ("a", "b"), ("a", None), (None, "b"), (None, "")]},
    )

    rows, ledger = read_path(GraphWorkbook(), path)

    assert len(rows) == 1
    assert ledger.skipped == {"no_recipient": 1, "no_sender": 1, "empty": 1}
    assert ledger.problems["no_recipient"][0].place == "sheet 'Edges', row 3"


@pytest.mark.parametrize(
    "sheets",
    [
        {"Nodes": POLINODE["Nodes"]},
        {"Edges": POLINODE["Edges"]},
        {"Nodes": POLINODE["Nodes"], "Edges": [("a", "b"), (1, 2)]},
        {"Staff": POLINODE["Nodes"], "Edges": POLINODE["Edges"]},
    ],
)
def test_other_workbooks_are_no_networks(tmp_path: Path, sheets: dict[str, Rows]) -> None:
    path = workbook(tmp_path, sheets)

    assert GraphWorkbook().recognise(Source(path)) is None
    with pytest.raises(UnknownFormatError, match="no sheet of nodes beside one of ties"):
        read_path(GraphWorkbook(), path)


def test_damaged_workbook_is_not_claimed(tmp_path: Path) -> None:
    path = workbook(tmp_path, POLINODE)
    path.write_bytes(path.read_bytes()[:-300])

    assert GraphWorkbook().recognise(Source(path)) is None


def test_table_of_nodes_gives_profiles_and_no_ties(tmp_path: Path) -> None:
    text = 'Id,Label,timeset,modularity_class\n7,Aya Ito,"[1,5]",1\n9,Ben,,2\n,,,\n,x,,\n'

    rows, ledger = read_text(GraphNodes(), tmp_path, text)

    assert rows == []
    assert {p.identity: p.name for p in ledger.profiles.values()} == {"7": "Aya Ito", "9": "Ben"}
    assert ledger.skipped == {"no_tie": 3, "empty": 1}
    assert ledger.dropped_unread == {"timeset", "modularity_class"}


def test_elements_of_kumu_are_called_by_their_labels(tmp_path: Path) -> None:
    _, ledger = read_text(GraphNodes(), tmp_path, "Label,Type,Tags\nAya Ito,Person,x\n")

    assert list(ledger.profiles) == ["Aya Ito"]


def test_table_of_nodes_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no node and no tie"):
        read_text(GraphNodes(), tmp_path, "Id,Label\n")


@pytest.mark.parametrize(
    "text",
    [
        "Id,Label,department\n1,Aya,Sales\n",
        "Source,Target,Type,Id,Label\n1,2,Directed,0,\n",
        *("id,name\n1,Aya\n", "label,type\na,b\n", "", "from,to\n1,2\n"),
    ],
)
def test_other_tables_are_no_tables_of_nodes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")

    assert GraphNodes().recognise(Source(path)) is None


def test_file_that_is_no_table_of_nodes_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(UnknownFormatError, match="no columns 'Id' and 'Label'; export"):
        read_path(GraphNodes(), path)


@pytest.mark.shared
def test_real_table_of_nodes_is_read() -> None:
    _, ledger = read_path(GraphNodes(), shared("samples/graph/test_utf8_chars_with_bom.csv"))

    assert {p.name for p in ledger.profiles.values()} == {"uno", "dos"}
