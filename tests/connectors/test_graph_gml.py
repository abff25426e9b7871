"""GML, strict and loose."""

import tracemalloc
from pathlib import Path

import igraph as ig
import networkx as nx
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.graph_gml import Gml
from support import shared


def test_it_is_a_connector() -> None:
    assert isinstance(Gml(), Connector)


def test_keys_come_in_any_order_and_brackets_stand_anywhere(tmp_path: Path) -> None:
    text = (
        'Creator "somebody [1]"\nVersion 1\n# a comment [\ngraph\n[\n'
        "edge [ value 2 target 20 source 10 ]\n"
        'node\n[\nlabel "Aya &#38; B&quot;o" dept "Sales" id 10\n]\n'
        'node [ id 20 graphics [ x 1.0 fill "#ff0000" ] ] directed 1\n]\n'
    )

    rows, ledger = read_text(Gml(), tmp_path, text)

    assert ties(rows) == [("10", "20", 2.0)]
    assert ledger.profiles["10"].name == 'Aya & B"o'
    assert ledger.profiles["10"].department == "Sales"
    assert not any("undirected" in note for note in ledger.ambiguous)


@pytest.mark.parametrize(("directed", "notes"), [("", 1), ("directed 0", 1), ("directed 1", 0)])
def test_edges_are_undirected_unless_the_graph_says_otherwise(
    tmp_path: Path, directed: str, notes: int
) -> None:
    text = f"graph [ edge [ source a target b ] {directed} ]"

    _, ledger = read_text(Gml(), tmp_path, text)

    assert sum("undirected" in note for note in ledger.ambiguous) == notes


def test_ids_may_be_words_and_two_nodes_may_have_one_label(tmp_path: Path) -> None:
    text = (
        'graph [ node [ id A label "✅" ] node [ id B label "✅" ]\n'
        "edge [ source A target B weight 1.5 ] ]"
    )

    rows, ledger = read_text(Gml(), tmp_path, text)

    assert ties(rows) == [("A", "B", 1.5)]
    assert [profile.name for profile in ledger.profiles.values()] == ["✅", "✅"]


def test_text_runs_over_lines(tmp_path: Path) -> None:
    text = (
        'graph [ comment "one [\ntwo ]\nthree" node [ id 7 name "Aya" ]\n'
        "edge [ source 7 target 8 ] ]"
    )

    rows, ledger = read_text(Gml(), tmp_path, text)

    assert pairs(rows) == [("7", "8")]
    assert ledger.profiles["7"].name == "Aya"


def test_windows_encoding_is_read(tmp_path: Path) -> None:
    text = 'graph [ node [ id 7 label "Zoë" ] edge [ source 7 target 8 ] ]'

    _, ledger = read_text(Gml(), tmp_path, text, "cp1252")

    assert ledger.profiles["7"].name == "Zoë"


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ("edge [ source a", "line 2: a list is never closed; the file ends early"),
        ('edge [ source "a\nb', "line 2: a quote is never closed"),
    ],
)
def test_file_that_is_cut_short_says_so(tmp_path: Path, end: str, what: str) -> None:
    text = f"graph [ edge [ source a target b ]\n{end}"

    rows, ledger = read_text(Gml(), tmp_path, text)

    assert pairs(rows) == [("a", "b")]
    assert ledger.truncated == what


def test_file_that_is_cut_before_its_first_edge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="a list is never closed"):
        read_text(Gml(), tmp_path, "graph [ node [ id a ]")


def test_deep_nesting_ends_the_reading(tmp_path: Path) -> None:
    text = "graph [ edge [ source a target b ] " + "x [ " * 200

    rows, ledger = read_text(Gml(), tmp_path, text)

    assert len(rows) == 1
    assert ledger.truncated == "line 1: nests deeper than 100 lists"


def test_memory_does_not_grow_with_the_ties(tmp_path: Path) -> None:
    path = tmp_path / "large.gml"
    path.write_text("graph [\n" + "edge [ source a target b ]\n" * 100_000 + "]", encoding="utf-8")
    ledger = Ledger()
    tracemalloc.start()
    rows = sum(batch.num_rows for batch in Gml().read(Source(path), ReadOptions(), ledger))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rows == ledger.kept == 100_000
    assert peak < 32 << 20


@pytest.mark.parametrize(
    "text",
    ["graph theory [1] is fun", "graph", "", "[graph]", "from,to\n1,2\n", '"graph" x [', "a [ ]"],
)
def test_other_texts_are_no_gml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.gml"
    path.write_text(text, encoding="utf-8")

    assert Gml().recognise(Source(path)) is None


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("aya", "ben", weight=2)
    graph.add_edge("aya", "ben", weight=3)
    graph.add_node("Zoë")
    nx.write_gml(graph, tmp_path / "ties.gml")

    rows, ledger = read_path(Gml(), tmp_path / "ties.gml")

    assert ties(rows) == [("aya", "ben", 2.0), ("aya", "ben", 3.0)]
    assert set(ledger.profiles) == {"aya", "ben", "Zoë"}


def test_what_igraph_writes_comes_back(tmp_path: Path) -> None:
    graph = ig.Graph([(0, 1), (2, 1)], directed=True)
    graph.vs["name"] = ["aya", "ben", "cy"]
    graph.es["weight"] = [1.5, 2]
    graph.write_gml(str(tmp_path / "ties.gml"))

    rows, _ = read_path(Gml(), tmp_path / "ties.gml")

    assert ties(rows) == [("aya", "ben", 1.5), ("cy", "ben", 2.0)]


@pytest.mark.shared
def test_real_files_are_read() -> None:
    rows, ledger = read_path(Gml(), shared("samples/graph/label.gml"))
    none, emoji = read_path(Gml(), shared("samples/graph/emojis.gml"))

    assert pairs(rows) == [("B", "A"), ("C", "A")]
    assert ledger.profiles["A"].name == "Node A"
    assert (none, list(emoji.profiles)) == ([], ["A"])
