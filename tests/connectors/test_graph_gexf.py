"""GEXF of every version."""

from pathlib import Path

import networkx as nx
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector
from orgnet_connectors.graph_gexf import Gexf
from support import shared

NAMESPACES = [
    "http://www.gexf.net/1.1draft",
    "http://www.gexf.net/1.2draft",
    "http://gexf.net/1.3",
    "http://www.gexf.net/1.3",
]


def gexf(nodes: str, edges: str, *, default: str = "directed", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{NAMESPACES[1]}" version="1.2">\n'
        f'<graph defaultedgetype="{default}">{attributes}\n<nodes>{nodes}</nodes>\n'
        f"<edges>{edges}</edges>\n</graph></gexf>"
    )


def test_it_is_a_connector() -> None:
    assert isinstance(Gexf(), Connector)


@pytest.mark.parametrize("namespace", [*NAMESPACES, ""])
def test_any_version_is_read(tmp_path: Path, namespace: str) -> None:
    text = gexf("<node id='a'/>", "<edge id='0' source='a' target='b' weight='2'/>")

    rows, _ = read_text(Gexf(), tmp_path, text.replace(NAMESPACES[1], namespace))

    assert ties(rows) == [("a", "b", 2.0)]


@pytest.mark.parametrize("attribute", ["for", "id"])
def test_attributes_of_nodes_are_read_by_their_titles(tmp_path: Path, attribute: str) -> None:
    text = gexf(
        f"<node id='x7' label='Aya'><attvalues><attvalue {attribute}='0' value='Sales'/>"
        "</attvalues></node><node id='x9' label='Ben'><viz:color r='1'/></node>",
        "<edge source='x7' target='x9'/>",
        attributes="<attributes class='node'><attribute id='0' title='Team' type='string'>"
        "<default>Support</default></attribute></attributes>",
    )

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert pairs(rows) == [("x7", "x9")]
    assert {(p.name, p.department) for p in ledger.profiles.values()} == {
        ("Aya", "Sales"),
        ("Ben", "Support"),
    }


@pytest.mark.parametrize(
    ("default", "stated", "expected"),
    [
        ("undirected", "", [("a", "b")]),
        ("undirected", "type='directed'", [("a", "b")]),
        ("directed", "type='mutual'", [("a", "b"), ("b", "a")]),
    ],
)
def test_mutual_edges_are_ties_in_both_directions(
    tmp_path: Path, default: str, stated: str, expected: list[tuple[str, str]]
) -> None:
    text = gexf("", f"<edge source='a' target='b' {stated}/>", default=default)

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert pairs(rows) == expected
    assert ledger.kept == 1


def test_edges_are_undirected_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    text = "<gexf><graph><edges><edge source='a' target='b'/></edges></graph></gexf>"

    _, ledger = read_text(Gexf(), tmp_path, text)

    assert "1 undirected ties are read as one tie each" in ledger.ambiguous


def test_strengths_over_time_are_added_up_and_a_note_says_so(tmp_path: Path) -> None:
    text = gexf(
        "<node id='a'/>",
        "<edge source='a' target='b' weight='1'><attvalues>"
        "<attvalue for='w' value='1' timestamp='2004'/><attvalue for='w' value='2.5'/>"
        "</attvalues></edge>",
        attributes="<attributes class='edge' mode='dynamic'>"
        "<attribute id='w' title='Weight' type='double'/></attributes>",
    )

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert ties(rows) == [("a", "b", 3.5)]
    assert "strengths that change over time are added up over all of it" in ledger.ambiguous


def test_kinds_of_edges_are_relations(tmp_path: Path) -> None:
    text = gexf(
        "",
        "<edge source='a' target='b' kind='advice'/><edge source='a' target='b' kind='trust'/>"
        "<edge source='b' target='a' kind='advice'/>",
    )

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert [row["thread"] for row in rows] == ["relation:1", "relation:2", "relation:1"]
    assert ledger.ambiguous[-1] == (
        "2 relations, all read as one network, each with a 'thread' of its own: "
        "relation:1 'advice' (2 ties), relation:2 'trust' (1 ties)"
    )


def test_nodes_in_nodes_are_read_and_what_holds_them_is_no_person(tmp_path: Path) -> None:
    text = gexf(
        "<node id='sales'><nodes><node id='aya'/></nodes></node>",
        "<edge source='aya' target='ben'/>",
    )

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert pairs(rows) == [("aya", "ben")]
    assert ledger.profiles["sales"].kind == "shared"


def test_label_of_an_edge_is_not_looked_at(tmp_path: Path) -> None:
    text = gexf("", "<edge source='a' target='b' label='something private'/>")

    rows, ledger = read_text(Gexf(), tmp_path, text)

    assert "private" not in repr((rows, ledger))


def test_document_type_is_recognised_and_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="declares a document type"):
        read_text(Gexf(), tmp_path, "<!DOCTYPE gexf><gexf/>")


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = nx.DiGraph()
    graph.add_node("aya", dept="Sales")
    graph.add_edge("aya", "ben", weight=2.5)
    graph.add_edge("ben", "cy")
    nx.write_gexf(graph, tmp_path / "ties.gexf")

    rows, ledger = read_path(Gexf(), tmp_path / "ties.gexf")

    assert ties(rows) == [("aya", "ben", 2.5), ("ben", "cy", 1.0)]
    assert ledger.profiles["aya"].department == "Sales"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("graph/basic.gexf", [("Hello", "Word", 1.0)]),
        ("graph/data.gexf", [("Node1", "Node1", 1.0)]),
        ("graph/dynamicedgeweight.gexf", [("Hello", "Word", 3.0)]),
        ("synthetic/graph/gexf13_www.gexf", [("a", "b", 2.0)]),
    ],
)
def test_real_files_are_read(name: str, expected: list[tuple[str, str, float]]) -> None:
    rows, _ = read_path(Gexf(), shared(f"samples/{name}"))

    assert ties(rows) == expected
