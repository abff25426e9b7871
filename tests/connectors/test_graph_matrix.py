"""Adjacency matrices and adjacency lists."""

import gzip
from pathlib import Path

import networkx as nx
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import InputError, UnknownFormatError
from orgnet.plugins import connectors
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.graph_adjacency import AdjacencyList
from orgnet_connectors.graph_matrix import GraphMatrix
from orgnet_connectors.survey_matrix import SurveyMatrix
from support import shared


def test_they_are_connectors() -> None:
    assert isinstance(GraphMatrix(), Connector)
    assert isinstance(AdjacencyList(), Connector)


@pytest.mark.parametrize(
    "text",
    [
        ",aya,ben,cy\naya,0,2,0\nben,0,0,1.5\ncy,,0,0\n",
        'id;aya;ben;cy\naya;0;2;0\nben;"";0;1,5\ncy;0;0;0\n',
        '"aya" "ben" "cy"\n"aya" 0 2 0\n"ben" 0 0 1.5\n"cy" 0 0 0\n',
        "\taya\tben\tcy\ncy\t0\t0\t0\naya\t0\t2\t0\nben\t0\t0\t1.5\n",
        "\ufeff,aya,ben,cy\naya,0,2,0\nben,0,0,1.5\n",
    ],
)
def test_rows_name_columns(tmp_path: Path, text: str) -> None:
    rows, ledger = read_text(GraphMatrix(), tmp_path, text)

    assert ties(rows) == [("aya", "ben", 2.0), ("ben", "cy", 1.5)]
    assert set(ledger.profiles) == {"aya", "ben", "cy"}
    assert ledger.read == 2
    assert any("rows are read as naming columns" in note for note in ledger.ambiguous)


def test_rows_and_columns_may_differ_a_little(tmp_path: Path) -> None:
    text = ",a,b,c,d,e\na,0,1,0,0,0\nb,0,0,1,0,0\nc,0,0,0,1,0\nd,0,0,0,0,1\nf,1,0,0,0,0\n"

    rows, ledger = read_text(GraphMatrix(), tmp_path, text)

    assert pairs(rows)[-1] == ("f", "a")
    assert set(ledger.profiles) == set("abcdef")


def test_cells_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    text = (
        ",a,b,c,\n"
        + "".join(f"a,0,1,{cell},\n" for cell in ("NA", ".", "-1", "0.0"))
        + ",1,0,0,\nb,0,0,0,3\nc,0,0,0,0,0\n"
    )

    rows, ledger = read_text(GraphMatrix(), tmp_path, text)

    assert set(pairs(rows)) == {("a", "b")}
    assert ledger.skipped == {
        "no_value": 2,
        "bad_value": 1,
        "no_sender": 1,
        "no_recipient": 1,
        "ragged": 1,
    }


def test_matrix_in_a_damaged_compressed_file_says_so(tmp_path: Path) -> None:
    names = [f"p{n}" for n in range(200)]
    text = "," + ",".join(names) + "\n"
    text += "".join(
        f"{name}," + ",".join(str((n * m) % 7) for m in range(200)) + "\n"
        for n, name in enumerate(names)
    )
    path = tmp_path / "matrix.csv.gz"
    path.write_bytes(gzip.compress(text.encode())[:-400])

    rows, ledger = read_path(GraphMatrix(), path)

    assert rows
    assert ledger.truncated == "the compressed file ends early or is damaged"


def test_matrix_without_one_good_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the 1 ties can be read"):
        read_text(GraphMatrix(), tmp_path, ",a,b\na,0,-1\nb,0,0\n")


@pytest.mark.parametrize(
    "text",
    [
        "from,to,weight\n1,2,3\n2,3,4\n",
        "1 2 3\n2 3 1\n3 1 2\n",
        "id,department\n1,Sales\n",
        ",monday,friday\naya,1,0\nben,1,1\n",
        ",aya,ben\naya,often,never\nben,never,often\n",
        *("", ",a,b\n", "a,b\na,b\n", "year,2024,2025\nsales,1,2\n"),
    ],
)
def test_other_tables_are_no_matrices(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")

    assert GraphMatrix().recognise(Source(path)) is None


def test_file_that_is_no_matrix_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n", encoding="utf-8")

    with pytest.raises(UnknownFormatError, match="write the names of the people above"):
        read_path(GraphMatrix(), path)
    with pytest.raises(UnknownFormatError, match="under headings 'from' and 'to'"):
        read_path(AdjacencyList(), path)


@pytest.mark.parametrize(
    "text",
    [
        "aya;ben;cy\nben;cy\ncy\n",
        "# made by hand\naya, ben , cy\nben,cy\ncy\n",
        "aya\tben\tcy\t\nben\tcy\ncy\n",
        "aya ben cy\nben cy\ncy\n",
    ],
)
def test_each_line_names_others(tmp_path: Path, text: str) -> None:
    rows, ledger = read_text(AdjacencyList(), tmp_path, text)

    assert ties(rows) == [("aya", "ben", 1.0), ("aya", "cy", 1.0), ("ben", "cy", 1.0)]
    assert "cy" in ledger.profiles


def test_adjacency_list_of_networkx_comes_back(tmp_path: Path) -> None:
    graph = nx.gnp_random_graph(30, 0.2, seed=1, directed=True)
    nx.write_adjlist(graph, tmp_path / "ties.adjlist")

    rows, ledger = read_path(AdjacencyList(), tmp_path / "ties.adjlist")

    assert AdjacencyList().recognise(Source(tmp_path / "ties.adjlist")) is not None
    assert set(pairs(rows)) == {(str(a), str(b)) for a, b in graph.edges}
    assert len(ledger.profiles) == 30


@pytest.mark.parametrize(
    "text",
    [
        "hello world, this is\na letter to you\nand one more, and, so on\n",
        "the cat sat on\nthe mat\nand the dog sat on the cat\n",
        "a,b,c\nb,c,d\nc,d,e\n",
        "name,team,city\naya,sales\nben,support,rome\n",
        "aya: hello ben\nben: hello aya, how are you\ncy: bye\n",
        *("", "a;b\n", "a;b;c\na;c\nb\n"),
    ],
)
def test_other_texts_are_no_adjacency_lists(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(text, encoding="utf-8")

    assert AdjacencyList().recognise(Source(path)) is None


@pytest.mark.shared
def test_real_matrix_has_a_row_and_a_column_without_a_name() -> None:
    rows, ledger = read_path(GraphMatrix(), shared("samples/graph/complex_matrix.csv"))

    assert len(rows) == 26 * 25
    assert ledger.skipped == {"no_sender": 26, "no_recipient": 26}
    assert len(ledger.profiles) == 26


@pytest.mark.shared
def test_real_adjacency_list_is_read() -> None:
    rows, ledger = read_path(AdjacencyList(), shared("samples/graph/adj_list.csv"))

    assert pairs(rows) == [
        *(("a", "b"), ("b", "c"), ("b", "d")),
        *(("f", "a"), ("f", "g"), ("f", "h"), ("f", "i")),
    ]
    assert "e" in ledger.profiles


def test_matrix_in_which_all_rate_all_from_1_up_is_left_to_the_survey(tmp_path: Path) -> None:
    rated = tmp_path / "rated.csv"
    rated.write_text(",aya,ben,cy\naya,,1,5\nben,3,,1\ncy,4,2,\n", encoding="utf-8")
    counted = tmp_path / "counted.csv"
    counted.write_text(",aya,ben,cy\naya,0,0,5\nben,3,0,1\ncy,4,2,0\n", encoding="utf-8")

    claimed = [
        [one.name for one in connectors().values() if one.recognise(Source(path))]
        for path in (rated, counted)
    ]

    assert claimed == [["survey-matrix"], ["matrix"]]
    with pytest.raises(InputError, match="--tie-from 2"):
        list(SurveyMatrix().read(Source(rated), ReadOptions(), Ledger()))


def test_cells_below_tie_from_are_no_ties(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text(",aya,ben\naya,0,1\nben,3,0\n", encoding="utf-8")
    ledger = Ledger()

    (batch,) = GraphMatrix().read(Source(path), ReadOptions(tie_from=2), ledger)

    assert [(row["sender"], row["value"]) for row in batch.to_pylist()] == [("ben", 3.0)]
    assert ledger.skipped == {"below_tie_from": 1}
