"""Pajek networks and projects."""

from pathlib import Path

import networkx as nx
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Connector, Source
from orgnet_connectors.graph_pajek import Pajek
from support import shared

THREE = '*Vertices 3\n1 "Aya Ito" 0.1 0.2 ellipse\n2 "Ben"\n3 Cy 0.5 0.5 0.0 x_fact 2\n'


def test_it_is_a_connector() -> None:
    assert isinstance(Pajek(), Connector)


def test_vertices_are_called_by_their_labels(tmp_path: Path) -> None:
    rows, ledger = read_text(Pajek(), tmp_path, THREE + "*Arcs\n1 2 2.5\n 2   3\n")

    assert ties(rows) == [("Aya Ito", "Ben", 2.5), ("Ben", "Cy", 1.0)]
    assert list(ledger.profiles) == ["Aya Ito", "Ben", "Cy"]


@pytest.mark.parametrize(
    "vertices",
    ["*Vertices 3\n", "*Vertices 3\n1\n2\n3\n", '*Vertices 3\n1 "a"\n2 "a"\n3 "b"\n'],
)
def test_vertices_without_labels_of_their_own_are_called_by_number(
    tmp_path: Path, vertices: str
) -> None:
    rows, ledger = read_text(Pajek(), tmp_path, f"{vertices}*Edges\n1 3\n")

    assert pairs(rows) == [("1", "3")]
    assert list(ledger.profiles) == ["1", "2", "3"]
    assert "1 undirected ties are read as one tie each" in ledger.ambiguous


def test_relations_are_told_apart_and_listed(tmp_path: Path) -> None:
    text = (
        THREE + '*Arcs :1 "ADVICE"\n1 2 1\n*Edges :2 "TRUST"\n1 3 1\n'
        "*Arcs :1\n2 3 1\n*Arcs :3\n3: 3 1 1\n1: 3 2 1\n"
    )

    rows, ledger = read_text(Pajek(), tmp_path, text)

    assert [row["thread"] for row in rows] == [f"relation:{n}" for n in (1, 2, 1, 3, 1)]
    assert len(ledger.profiles) == 3
    assert ledger.ambiguous[-1].endswith(
        "relation:1 'ADVICE' (3 ties), relation:2 'TRUST' (1 ties), relation:3 '3' (1 ties)"
    )


def test_lists_name_several_vertices_in_a_line(tmp_path: Path) -> None:
    rows, ledger = read_text(Pajek(), tmp_path, THREE + "*Arcslist\n1 2 3\n*Edgeslist\n2 3\n")

    assert ties(rows) == [("Aya Ito", "Ben", 1.0), ("Aya Ito", "Cy", 1.0), ("Ben", "Cy", 1.0)]
    assert ledger.read == 3


def test_matrix_is_read_however_its_lines_are_cut(tmp_path: Path) -> None:
    text = (
        THREE + '*Matrix :1 "ADVICE"\n0 1 0\n0 0\n2 .\n0 0\n*Matrix :2 "TRUST"\n0 0 0 0 0 0 1 0 0'
    )

    rows, ledger = read_text(Pajek(), tmp_path, text)

    assert [(*tie, row["thread"]) for tie, row in zip(ties(rows), rows, strict=True)] == [
        ("Aya Ito", "Ben", 1.0, "relation:1"),
        ("Ben", "Cy", 2.0, "relation:1"),
        ("Cy", "Aya Ito", 1.0, "relation:2"),
    ]
    assert ledger.skipped == {"no_value": 1}


def test_second_kind_of_a_two_mode_network_is_no_people(tmp_path: Path) -> None:
    text = '*Vertices 4 2\n1 "aya"\n2 "ben"\n3 "monday"\n4 "friday"\n*Matrix\n1 1\n0 1\n'

    rows, ledger = read_text(Pajek(), tmp_path, text)

    assert pairs(rows) == [("aya", "monday"), ("aya", "friday"), ("ben", "friday")]
    assert [profile.kind for profile in ledger.profiles.values()] == [
        *("person", "person", "room", "room")
    ]
    assert any(note.startswith("two-mode: the last 2 nodes") for note in ledger.ambiguous)


def test_networks_of_a_project_are_told_apart_and_partitions_name_departments(
    tmp_path: Path,
) -> None:
    text = (
        f"% a project\r\n*Network advice\r\n{THREE}*Arcs\r\n1 2\r\n"
        f"*Network trust\r\n{THREE}*Arcs\r\n2 1\r\n"
        "*Partition department\r\n*Vertices 3\r\n1\r\n2\r\n1\r\n"
        "*Vector size\r\n*Vertices 3\r\n0.5\r\n0.5\r\n0.1\r\n"
    )

    rows, ledger = read_text(Pajek(), tmp_path, text.replace("\r\n", "\n").replace("\n", "\r\n"))

    assert pairs(rows) == [("Aya Ito", "Ben"), ("Ben", "Aya Ito")]
    assert [row["thread"] for row in rows] == ["relation:1", "relation:2"]
    assert ledger.skipped == {}
    assert [p.department for p in ledger.profiles.values()] == ["1", "2", "1"]
    assert ledger.columns == {"department": "department"}


def test_partition_of_another_name_or_size_is_not_looked_at(tmp_path: Path) -> None:
    text = (
        f"{THREE}*Arcs\n1 2\n*Partition dept\n*Vertices 2\n1\n2\n"
        "*Partition degree\n*Vertices 3\n1\n2\n1\n"
    )

    rows, ledger = read_text(Pajek(), tmp_path, text)

    assert len(rows) == 1
    assert {p.department for p in ledger.profiles.values()} == {None}
    assert ledger.dropped_unread == {"degree"}


def test_lines_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    lines = ["1 2 1", "1 9", "0 1", "1", "a b", "1 2 -1", "1 2 0", "1 2 x", "1 2 1,5", "1 2 l w"]

    rows, ledger = read_text(Pajek(), tmp_path, THREE + "*Arcs\n" + "\n".join(lines))

    assert [row["value"] for row in rows] == [1.0, 1.0, 1.5, 1.0]
    assert ledger.skipped == {
        "no_recipient": 1,
        "no_sender": 1,
        "unreadable": 2,
        "bad_value": 1,
        "zero": 1,
    }
    assert ledger.problems["no_recipient"][0].place == "line 7"


@pytest.mark.parametrize("rest", ["2 c Blue", "2 [1-3]", '2 l "a label"', "2"])
def test_what_a_line_looks_like_is_not_its_strength(tmp_path: Path, rest: str) -> None:
    rows, ledger = read_text(Pajek(), tmp_path, f"{THREE}*Arcs\n1 2 {rest}\n1 {rest}\n")

    assert [row["value"] for row in rows] == [2.0, 1.0]
    assert ledger.skipped == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings_make_no_difference(tmp_path: Path, encoding: str) -> None:
    text = '*Vertices 2\n1 "Zoë"\n2 "Ben"\n*Arcs\n1 2\n'

    rows, _ = read_text(Pajek(), tmp_path, text, encoding)

    assert pairs(rows) == [("Zoë", "Ben")]


def test_matrix_that_ends_early_says_so(tmp_path: Path) -> None:
    rows, ledger = read_text(Pajek(), tmp_path, THREE + "*Matrix\n0 1 0\n0 0")

    assert pairs(rows) == [("Aya Ito", "Ben")]
    assert ledger.truncated == "a matrix of 3 by 3 nodes ends in row 2"


def test_values_beyond_a_matrix_are_ragged(tmp_path: Path) -> None:
    _, ledger = read_text(Pajek(), tmp_path, THREE + "*Matrix\n0 1 0\n0 0 0\n0 0 0\n1 1\n")

    assert ledger.skipped == {"ragged": 1}


def test_word_in_a_matrix_is_refused_instead_of_shifting_all_after_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 6: a word stands where the matrix has a number"):
        read_text(Pajek(), tmp_path, THREE + "*Matrix\n x 0 1 0\n0 0 0\n0 0 0\n")


def test_size_that_no_list_bears_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="announces 999,999,999 vertices and lists 1"):
        read_text(Pajek(), tmp_path, '*Vertices 999999999\n1 "a"\n*Arcs\n1 2\n')


@pytest.mark.parametrize("text", ["*Node data\nID\n1\n", "* bold *\n", "1 2\n", "", "% only\n"])
def test_other_texts_are_no_pajek(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.net"
    path.write_text(text, encoding="utf-8")

    assert Pajek().recognise(Source(path)) is None


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("aya", "ben", weight=2)
    graph.add_edge("ben", "cy", weight=3)
    nx.write_pajek(graph, tmp_path / "ties.net")

    rows, _ = read_path(Pajek(), tmp_path / "ties.net")

    assert ties(rows) == [("aya", "ben", 2.0), ("ben", "cy", 3.0)]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["SAMPSON.NET", "SAMPSONL.NET"])
def test_real_network_of_ten_relations_has_its_eighteen_people(name: str) -> None:
    rows, ledger = read_path(Pajek(), shared(f"samples/graph/{name}"))

    assert (len(rows), len(ledger.profiles)) == (510, 18)
    assert len({row["thread"] for row in rows}) == 10
    assert sum(row["thread"] == "relation:1" for row in rows) == 55


@pytest.mark.shared
def test_real_project_of_two_modes_has_its_89_ties() -> None:
    # Davis, Gardner and Gardner (1941): 18 women, 14 events, 89 attendances.
    rows, ledger = read_path(Pajek(), shared("samples/graph/SouthernWomen.paj"))

    assert len(rows) == 89
    assert sum(profile.kind == "person" for profile in ledger.profiles.values()) == 18
    assert rows[0]["sender"] == "Evelyn"


@pytest.mark.shared
def test_real_network_without_vertex_lines_is_read() -> None:
    rows, ledger = read_path(Pajek(), shared("samples/graph/adols.net"))

    assert (len(rows), len(ledger.profiles)) == (10, 8)
