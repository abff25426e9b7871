"""UCINET DL in all its formats."""

from pathlib import Path

import igraph as ig
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Connector, Source
from orgnet_connectors.graph_ucinet import UcinetDl
from support import shared

CYCLE = [("aya", "ben"), ("ben", "cy"), ("cy", "aya")]


def test_it_is_a_connector() -> None:
    assert isinstance(UcinetDl(), Connector)


@pytest.mark.parametrize(
    "text",
    [
        "dl n=3\nlabels: aya ben cy\ndata:\n0 1 0\n0 0 1\n1 0 0\n",
        "DL N = 3, FORMAT = FULLMATRIX\nLABELS:\naya,ben,\ncy\nDATA:\n0 1 0\n0 0 1\n1 0 0",
        "dl,n=3,format=fullmatrix,labels:aya,ben,cy,data:0 1 0 0 0\n1 1\n0 0\n",
        "dl n=3 diagonal absent labels: aya=ben=cy data:\n1 0\n0 1\n1 0\n",
        "dl n=3 labels embedded data:\naya ben cy\naya 0 1 0\nben 0 0 1\ncy 1 0 0\n",
        "dl n=3 row labels embedded data:\naya 0 1 0\nben 0 0 1\ncy 1 0 0\n",
        "dl n=3 column labels embedded:\ndata: aya ben cy\n0 1 0 0 0 1 1 0 0\n",
        "dl nr=3 nc=3 row labels: aya ben cy column labels: aya ben cy data: 0 1 0 0 0 1 1 0 0",
        "dl n=3 format=edgelist1 labels: aya ben cy data:\n1 2\n2 3 1\n3 1 1.0\n",
        "dl n=3\nformat = edgelist1\nlabels embedded:\ndata:\naya ben\nben cy\n\ncy aya\n",
        "dl n=3 format=nodelist1 labels: aya ben cy data:\n1 2\n2 3\n3 1\n",
        "dl n=3 format=nodelist1b labels: aya ben cy data:\n1 2\n1 3\n1 1\n",
        "dl n=3 format=edgearray1 labels: aya ben cy data:\n1 2 1\n2 3 1\n3 1 1\n2 1 0\n",
    ],
)
def test_one_network_in_thirteen_spellings(tmp_path: Path, text: str) -> None:
    rows, ledger = read_text(UcinetDl(), tmp_path, text)

    assert ties(rows) == [(*pair, 1.0) for pair in CYCLE]
    assert set(ledger.profiles) == {"aya", "ben", "cy"}
    assert {profile.kind for profile in ledger.profiles.values()} == {"person"}
    assert ledger.skipped == {}
    assert ledger.truncated is None


def test_labels_in_quotes_have_blanks_and_may_look_like_keywords(tmp_path: Path) -> None:
    text = 'dl n=3 labels: "Aya Ito" \'data\' "Labels:"\ndata:\n0 1 0\n0 0 1\n0 0 0\n'

    rows, _ = read_text(UcinetDl(), tmp_path, text)

    assert pairs(rows) == [("Aya Ito", "data"), ("data", "Labels:")]


@pytest.mark.parametrize(
    "labels", ["labels: aya ben cy matrix labels: ADVICE TRUST", "matrix labels: ADVICE,TRUST"]
)
def test_matrices_follow_one_another(tmp_path: Path, labels: str) -> None:
    text = f"dl n=3 nm=2 {labels}\ndata:\n0 1 0 0 0\n0 0 0 0 0 0\n5 0 0 0\n0 0\n0\n"

    rows, ledger = read_text(UcinetDl(), tmp_path, text)

    assert [row["thread"] for row in rows] == ["relation:1", "relation:2"]
    assert [row["value"] for row in rows] == [1.0, 5.0]
    assert "relation:1 'ADVICE' (1 ties), relation:2 'TRUST' (1 ties)" in ledger.ambiguous[-1]
    assert len(ledger.profiles) == 3


def test_matrices_with_their_labels_in_them_follow_one_another(tmp_path: Path) -> None:
    text = "dl n=2 nm=2 labels embedded data:\naya ben\naya 0 1\nben 0 0\naya ben\naya 0 0\nben 2 0"

    rows, _ = read_text(UcinetDl(), tmp_path, text)

    assert ties(rows) == [("aya", "ben", 1.0), ("ben", "aya", 2.0)]
    assert [row["thread"] for row in rows] == ["relation:1", "relation:2"]


def test_edge_lists_of_several_networks_are_parted_by_a_mark(tmp_path: Path) -> None:
    text = "dl n=2 nm=2 format=edgelist1 data:\n1 2 1\n!\n2 1 4\n"

    rows, _ = read_text(UcinetDl(), tmp_path, text)

    assert [(row["value"], row["thread"]) for row in rows] == [
        (1.0, "relation:1"),
        (4.0, "relation:2"),
    ]


def test_edge_array_has_a_strength_for_each_network(tmp_path: Path) -> None:
    text = "dl n=2 nm=2 format=edgearray1 matrix labels: A B data:\n1 2 1 0\n2 1 3 4\n"

    rows, _ = read_text(UcinetDl(), tmp_path, text)

    assert [(row["value"], row["thread"]) for row in rows] == [
        (1.0, "relation:1"),
        (3.0, "relation:1"),
        (4.0, "relation:2"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lowerhalf diagonal absent data:\n1\n0 1\n", [("2", "1"), ("3", "2")]),
        ("lowerhalf data:\n0\n1 0\n0 1 0\n", [("2", "1"), ("3", "2")]),
        ("upperhalf diagonal absent data:\n1 0\n1\n", [("1", "2"), ("2", "3")]),
    ],
)
def test_half_a_matrix_is_undirected(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    rows, ledger = read_text(UcinetDl(), tmp_path, f"dl n=3 format={text}")

    assert pairs(rows) == expected
    assert "2 undirected ties are read as one tie each" in ledger.ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "dl nr=2 nc=3 labels embedded data:\ne1 e2 e3\naya 1 0 1\nben 0 0 1\n",
        "dl nr=2, nc=3 row labels: aya ben column labels: e1 e2 e3 data: 1 0 1 0 0 1",
        "dl nr=2 nc=3 format=edgelist2 labels embedded data:\naya e1\naya e3\nben e3\n",
    ],
)
def test_columns_of_a_two_mode_network_are_no_people(tmp_path: Path, text: str) -> None:
    rows, ledger = read_text(UcinetDl(), tmp_path, text)

    assert pairs(rows) == [("aya", "e1"), ("aya", "e3"), ("ben", "e3")]
    assert ledger.profiles["aya"].kind == "person"
    assert ledger.profiles["e3"].kind == "room"
    assert any(note.startswith("two-mode") for note in ledger.ambiguous)


def test_rows_and_columns_without_labels_are_not_mixed_up(tmp_path: Path) -> None:
    rows, _ = read_text(UcinetDl(), tmp_path, "dl nr=2 nc=3 data: 1 0 0 0 1 0")

    assert pairs(rows) == [("1", "column 1"), ("2", "column 2")]


def test_ties_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    lines = ["1 2 1", "1 4", "9 1", "1", "aya ben", "1 2 -1", "1 3 0", "1 3 NA", "1 3 ."]
    text = "dl n=3 format=edgelist1 data:\n" + "\n".join(lines)

    rows, ledger = read_text(UcinetDl(), tmp_path, text)

    assert len(rows) == 1
    assert ledger.skipped == {
        "no_recipient": 1,
        "no_sender": 1,
        "unreadable": 2,
        "bad_value": 2,
        "zero": 1,
        "no_value": 1,
    }
    assert ledger.problems["unreadable"][1].place == "line 6"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("dl n=3 data:\n0 1 0\n0 0", "a matrix of 3 by 3 nodes ends in row 2"),
        ("dl n=2 nm=2 data:\n0 1\n0 0", "line 3: 2 matrices are announced, and 1 are there"),
    ],
)
def test_data_that_end_early_say_so(tmp_path: Path, text: str, place: str) -> None:
    rows, ledger = read_text(UcinetDl(), tmp_path, text)

    assert pairs(rows) == [("1", "2")]
    assert ledger.truncated == place


def test_labels_that_are_not_declared_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: a word stands where the matrix has a number"):
        read_text(UcinetDl(), tmp_path, "dl n=2 data:\naya 0 1\nben 1 0\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dl n=2 format=blockmatrix data: 1", "the format is 'blockmatrix', expected one of"),
        ("dl n=2 datafile other.txt data:", "the data are in another file; export it with"),
        ("dl n=2 labels: a b\n0 1\n", "no line 'DATA:' in it"),
        ("dl n=999999999 data: 0", "announces 999,999,999 nodes, more than 1,000,000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_text(UcinetDl(), tmp_path, text)


@pytest.mark.parametrize("text", ["dl it now\n", "DLP report n=3", "", "data:\n1 2", "n=3 dl"])
def test_other_texts_are_no_dl(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(text, encoding="utf-8")

    assert UcinetDl().recognise(Source(path)) is None


def test_reading_agrees_with_igraph_where_that_can_read(tmp_path: Path) -> None:
    path = tmp_path / "ties.dl"
    path.write_text(
        "DL n=4\nformat = edgelist1\nlabels:\naya,ben,cy,dan\ndata:\n1 2 2\n3 4 1\n4 1 5\n",
        encoding="utf-8",
    )
    graph = ig.Graph.Read_DL(str(path))
    names = graph.vs["name"]

    rows, _ = read_path(UcinetDl(), path)

    assert ties(rows) == [
        (names[edge.source], names[edge.target], edge["weight"]) for edge in graph.es
    ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count", "people"),
    [("edgelist1.dl", 3, 4), ("fullmatrix_two_relations.dl", 6, 3), ("nodelist1.dl", 6, 4)],
)
def test_samples_are_read_whole(name: str, count: int, people: int) -> None:
    rows, ledger = read_path(UcinetDl(), shared(f"samples/synthetic/graph/{name}"))

    assert len(rows) == ledger.read == count
    assert len(ledger.profiles) == people
