"""GraphML of Gephi, yEd, networkx and igraph."""

import gzip
from pathlib import Path

import igraph as ig
import networkx as nx
import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Connector, Source
from orgnet_connectors.graph_graphml import GraphMl
from support import shared

NAMESPACE = 'xmlns="http://graphml.graphdrawing.org/xmlns"'


def graphml(body: str, default: str = "directed", keys: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml {NAMESPACE}>{keys}\n'
        f'<graph id="G" edgedefault="{default}">\n{body}\n</graph>\n</graphml>\n'
    )


def test_it_is_a_connector() -> None:
    assert isinstance(GraphMl(), Connector)


def test_attributes_are_read_by_their_keys(tmp_path: Path) -> None:
    text = graphml(
        '<node id="aya"><data key="d0">Sales</data><data key="d9">x</data></node>'
        '<node id="ben"/><node id="cy"/>'
        '<edge source="aya" target="ben"><data key="d1">2.5</data></edge>',
        keys='<key id="d0" for="node" attr.name="dept" attr.type="string">'
        "<default>Support</default></key>"
        '<key id="d1" for="edge" attr.name="weight" attr.type="double"/>'
        '<key id="d9" for="node" attr.name="shoe size" attr.type="int"/>',
    )

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert ties(rows) == [("aya", "ben", 2.5)]
    assert {row["kind"] for row in rows} == {"total"}
    assert {row["channel"] for row in rows} == {"survey"}
    assert rows[0]["sent_at"] is None
    departments = {id: profile.department for id, profile in ledger.profiles.items()}
    assert departments == {"aya": "Sales", "ben": "Support", "cy": "Support"}
    assert ledger.columns == {"dept": "department", "weight": "value"}
    assert ledger.dropped_unread == {"shoe size"}
    assert ledger.ambiguous == ["the file names no channel; read as 'survey' (--channel)"]


def test_data_with_a_key_that_nobody_declared_is_read_by_the_key(tmp_path: Path) -> None:
    body = '<edge source="a" target="b"><data key="weight">3</data></edge>'

    rows, _ = read_text(GraphMl(), tmp_path, graphml(body))

    assert ties(rows) == [("a", "b", 3.0)]


def test_one_key_may_mean_two_things_for_nodes_and_for_edges(tmp_path: Path) -> None:
    text = graphml(
        '<key id="k" for="node" attr.name="department"/><key id="k" for="edge" attr.name="weight"/>'
        '<node id="a"><data key="k">Sales</data></node>'
        '<edge source="a" target="b"><data key="k">4</data></edge>'
    )

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert ties(rows) == [("a", "b", 4.0)]
    assert ledger.profiles["a"].department == "Sales"


@pytest.mark.parametrize(
    ("default", "directed", "undirected"),
    [("directed", "", 0), ("undirected", "", 1), ("undirected", "directed='true'", 0)],
)
def test_undirected_edges_are_one_tie_and_a_note(
    tmp_path: Path, default: str, directed: str, undirected: int
) -> None:
    text = graphml(f"<edge source='a' target='b' {directed}/>", default)

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert len(rows) == 1
    assert ("1 undirected ties are read as one tie each" in ledger.ambiguous) == bool(undirected)


def test_label_of_yed_is_read_from_the_drawing(tmp_path: Path) -> None:
    text = graphml(
        '<node id="n0"><data key="d6"><y:ShapeNode><y:Geometry height="3"/>'
        "<y:NodeLabel>Aya<y:LabelModel/></y:NodeLabel></y:ShapeNode></data></node>"
        '<node id="n1"><data key="d6"><y:ShapeNode><y:NodeLabel>Ben</y:NodeLabel>'
        "</y:ShapeNode></data></node>"
        '<edge id="e0" source="n0" target="n1"><data key="d7"><y:PolyLineEdge/></data></edge>',
        keys='<key for="node" id="d6" yfiles.type="nodegraphics"/>',
    )

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert pairs(rows) == [("Aya", "Ben")]
    assert any("nodes are called by 'label'" in note for note in ledger.ambiguous)


def test_groups_are_no_people_and_ties_inside_them_are_read(tmp_path: Path) -> None:
    text = graphml(
        '<node id="sales"><graph edgedefault="undirected"><node id="aya"/><node id="ben"/>'
        '<edge source="aya" target="ben"/></graph></node><edge source="ben" target="cy"/>'
    )

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert pairs(rows) == [("aya", "ben"), ("ben", "cy")]
    assert {id: profile.kind for id, profile in ledger.profiles.items()} == {
        "aya": "person",
        "ben": "person",
        "sales": "shared",
    }
    assert "1 undirected ties are read as one tie each" in ledger.ambiguous


def test_hyperedges_are_counted_and_left_out(tmp_path: Path) -> None:
    text = graphml(
        "<hyperedge><endpoint node='a'/><endpoint node='b'/></hyperedge>"
        "<edge source='a' target='b'/>"
    )

    rows, ledger = read_text(GraphMl(), tmp_path, text)

    assert len(rows) == 1
    assert ledger.skipped == {"not_a_pair": 1}


def test_strengths_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    values = ["2", "0", "-1", "inf", "nan", "often", "NA", "1,5"]
    edges = "\n".join(
        f"<edge source='a' target='b{n}'><data key='weight'>{value}</data></edge>"
        for n, value in enumerate(values)
    )

    rows, ledger = read_text(GraphMl(), tmp_path, graphml(edges))

    assert [row["value"] for row in rows] == [2.0, 1.5]
    assert ledger.skipped == {"zero": 1, "bad_value": 3, "no_value": 2}
    assert ledger.problems["bad_value"][0].place == "line 6"


def test_edge_without_an_end_is_skipped(tmp_path: Path) -> None:
    rows, ledger = read_text(
        GraphMl(),
        tmp_path,
        graphml("<edge target='b'/><edge source='a'/><edge source='a' target='b'/>"),
    )

    assert pairs(rows) == [("a", "b")]
    assert ledger.skipped == {"no_sender": 1, "no_recipient": 1}


def test_self_ties_and_parallel_edges_are_left_to_the_next_stage(tmp_path: Path) -> None:
    edge = "<edge source='a' target='b'/>"

    rows, _ = read_text(GraphMl(), tmp_path, graphml(f"{edge}{edge}<edge source='a' target='a'/>"))

    assert pairs(rows) == [("a", "b"), ("a", "b"), ("a", "a")]
    assert len({row["message"] for row in rows}) == 3


def test_message_keys_are_the_same_in_a_copy_and_differ_between_networks(tmp_path: Path) -> None:
    nodes = "".join(f"<node id='person {n}'/>" for n in range(4000))
    keys = []
    for name, target in [("a", "x"), ("b", "x"), ("c", "y")]:
        path = tmp_path / f"{name}.graphml"
        path.write_text(graphml(f"{nodes}<edge source='a' target='{target}'/>"), encoding="utf-8")
        rows, _ = read_path(GraphMl(), path)
        keys.append(rows[0]["message"])

    assert keys[0] == keys[1] != keys[2]


def test_channel_comes_from_the_options(tmp_path: Path) -> None:
    path = tmp_path / "ties.graphml"
    path.write_text(graphml("<edge source='a' target='b'/>"), encoding="utf-8")

    rows, ledger = read_path(GraphMl(), path, channel="work")

    assert rows[0]["channel"] == "work"
    assert ledger.ambiguous == []


def test_compressed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ties.graphmlz"
    path.write_bytes(gzip.compress(graphml("<edge source='a' target='b'/>").encode()))

    rows, _ = read_path(GraphMl(), path)

    assert GraphMl().recognise(Source(path)) == "XML of graphml"
    assert pairs(rows) == [("a", "b")]


def test_file_that_is_cut_short_says_so_and_keeps_what_is_there(tmp_path: Path) -> None:
    text = graphml("<edge source='a' target='b'/>\n<edge source='a' target='c'/>")

    rows, ledger = read_text(GraphMl(), tmp_path, text[: text.index("target='c'")])

    assert pairs(rows) == [("a", "b")]
    assert ledger.truncated is not None
    assert "line 5: the XML is damaged or cut short" in ledger.truncated


def test_file_damaged_before_its_first_edge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="damaged or cut short"):
        read_text(GraphMl(), tmp_path, graphml("<node id='a'/>")[:-30])


def test_graph_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the graph has no node and no tie"):
        read_text(GraphMl(), tmp_path, graphml(""))


def test_graph_whose_ties_are_all_wrong_is_refused_with_place_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 4: none of the 1 ties can be read; .*; add the"):
        read_text(GraphMl(), tmp_path, graphml("<edge target='b'/>"))


def test_document_type_is_recognised_and_refused(tmp_path: Path) -> None:
    text = "<!DOCTYPE graphml [<!ENTITY a 'b'>]><graphml>&a;</graphml>"

    with pytest.raises(UnreadableFileError, match="declares a document type"):
        read_text(GraphMl(), tmp_path, text)


def test_what_networkx_writes_comes_back(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("aya@example.com", department="Sales", label="Aya")
    graph.add_node("alone")
    graph.add_edge("aya@example.com", "ben@example.com", weight=2)
    graph.add_edge("aya@example.com", "ben@example.com", weight=3)
    nx.write_graphml(graph, tmp_path / "ties.graphml")

    rows, ledger = read_path(GraphMl(), tmp_path / "ties.graphml")

    assert ties(rows) == [
        ("aya@example.com", "ben@example.com", 2.0),
        ("aya@example.com", "ben@example.com", 3.0),
    ]
    profile = ledger.profiles["aya@example.com"]
    assert (profile.name, profile.department) == ("Aya", "Sales")
    assert "alone" in ledger.profiles


def test_names_that_igraph_writes_beside_n0_are_what_people_are_called(tmp_path: Path) -> None:
    graph = ig.Graph([(0, 1), (1, 2)], directed=True)
    graph.vs["name"] = ["aya", "ben", "cy"]
    graph.es["weight"] = [1.5, 2.0]
    graph.write_graphml(str(tmp_path / "ties.graphml"))

    rows, _ = read_path(GraphMl(), tmp_path / "ties.graphml")

    assert ties(rows) == [("aya", "ben", 1.5), ("ben", "cy", 2.0)]


@pytest.mark.shared
def test_real_files_of_gephi_are_read() -> None:
    rows, ledger = read_path(GraphMl(), shared("samples/graph/cdata.graphml"))
    described, _ = read_path(GraphMl(), shared("samples/graph/withdesc.graphml"))

    assert pairs(rows) == [("foo", "bar")]
    assert {profile.name for profile in ledger.profiles.values()} == {"foo", "bar"}
    assert pairs(described) == [("n0", "n1")]
