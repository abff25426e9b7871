"""Graphs in JSON of several tools."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph_reading import Row, pairs, read_text, ties
from orgnet.errors import UnreadableFileError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.graph_json import GraphJson
from orgnet_connectors.graph_json_items import DamagedJsonError, json_items
from support import shared

UNSTATED = "the file does not say whether ties are directed; read as directed"


def read(tmp_path: Path, content: Any) -> tuple[list[Row], Ledger]:
    return read_text(GraphJson(), tmp_path, json.dumps(content, ensure_ascii=False, indent=1))


def test_it_is_a_connector() -> None:
    assert isinstance(GraphJson(), Connector)


@pytest.mark.parametrize("key", ["links", "edges"])
def test_node_link_data_of_networkx_come_back(tmp_path: Path, key: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("aya@example.com", dept="Sales", label="Aya")
    graph.add_edge("aya@example.com", "ben", weight=2)
    graph.add_edge("aya@example.com", "ben", weight=3)
    graph.add_node("alone")

    rows, ledger = read(tmp_path, nx.node_link_data(graph, edges=key))

    assert ties(rows) == [("aya@example.com", "ben", 2.0), ("aya@example.com", "ben", 3.0)]
    profile = ledger.profiles["aya@example.com"]
    assert (profile.name, profile.department) == ("Aya", "Sales")
    assert "alone" in ledger.profiles
    assert UNSTATED not in ledger.ambiguous


def test_cytoscape_data_of_networkx_come_back(tmp_path: Path) -> None:
    graph = nx.DiGraph([("aya", "ben")])

    rows, _ = read(tmp_path, nx.cytoscape_data(graph))

    assert pairs(rows) == [("aya", "ben")]


def test_flat_elements_of_cytoscape_are_told_apart(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "elements": [
                {"data": {"id": "a"}},
                {"data": {"id": "e", "source": "a", "target": "b", "weight": 2}},
            ]
        },
    )

    assert ties(rows) == [("a", "b", 2.0)]
    assert list(ledger.profiles) == ["a"]
    assert UNSTATED in ledger.ambiguous


def test_kumu_names_elements_by_label_and_knows_mutual_connections(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "elements": [{"label": "Aya Ito", "type": "person", "team": "Sales"}, {"label": "Ben"}],
            "connections": [
                {"from": "Aya Ito", "to": "Ben", "direction": "mutual", "type": "advice"},
                {"from": "Ben", "to": "Aya Ito", "direction": "directed", "type": "trust"},
            ],
        },
    )

    assert pairs(rows) == [("Aya Ito", "Ben"), ("Ben", "Aya Ito"), ("Ben", "Aya Ito")]
    assert [row["thread"] for row in rows] == ["relation:1", "relation:1", "relation:2"]
    assert ledger.kept == 2
    assert ledger.profiles["Aya Ito"].department == "Sales"


def test_kumu_blueprint_joins_elements_by_their_own_ids(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "elements": [
                {"_id": "elem-1a", "attributes": {"label": "Aya Ito"}},
                {"_id": "elem-2b", "attributes": {"label": "Ben"}},
            ],
            "connections": [{"_id": "c", "from": "elem-1a", "to": "elem-2b", "attributes": {}}],
        },
    )

    assert pairs(rows) == [("elem-1a", "elem-2b")]
    assert ledger.profiles["elem-1a"].name == "Aya Ito"


def test_ties_of_d3_state_positions_or_the_nodes_themselves(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "nodes": [{"name": "aya", "group": 1}, {"name": "ben", "group": 2}],
            "links": [
                {"source": 0, "target": 1, "value": 3},
                {"source": "ben", "target": "aya"},
                {"source": {"id": "0", "name": "aya"}, "target": 1},
            ],
        },
    )

    assert ties(rows) == [("aya", "ben", 3.0), ("ben", "aya", 1.0), ("aya", "ben", 1.0)]
    assert ledger.profiles["ben"].department == "2"


def test_numbers_are_ids_where_nodes_have_numbers_for_ids(tmp_path: Path) -> None:
    rows, _ = read(
        tmp_path,
        {"nodes": [{"id": 1}, {"id": 0}], "links": [{"source": 0, "target": 1}]},
    )

    assert pairs(rows) == [("0", "1")]


def test_json_graph_format_has_nodes_by_id(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "graph": {
                "directed": False,
                "nodes": {"a7": {"label": "Aya", "metadata": {"dept": "Sales"}}, "b9": {}},
                "edges": [{"source": "a7", "target": "b9", "relation": "advice"}],
            }
        },
    )

    assert pairs(rows) == [("a7", "b9")]
    assert ledger.profiles["a7"].department == "Sales"
    assert "1 undirected ties are read as one tie each" in ledger.ambiguous


def test_graphology_marks_single_edges_as_undirected(tmp_path: Path) -> None:
    rows, ledger = read(
        tmp_path,
        {
            "attributes": {},
            "options": {"type": "mixed"},
            "nodes": [{"key": "a", "attributes": {"label": "Aya"}}],
            "edges": [
                {"key": "0", "source": "a", "target": "b", "attributes": {"weight": 2}},
                {"source": "b", "target": "a", "undirected": True},
            ],
        },
    )

    assert ties(rows) == [("a", "b", 2.0), ("b", "a", 1.0)]
    assert "1 undirected ties are read as one tie each" in ledger.ambiguous


def test_ties_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    links: list[Any] = [
        {"source": "a", "target": "b"},
        {"source": None, "target": "b"},
        {"source": "a"},
        7,
        {"source": "a", "target": "b", "weight": -1},
        {"source": "a", "target": "b", "weight": [2]},
    ]

    rows, ledger = read(tmp_path, {"directed": True, "nodes": [{"id": "a"}], "links": links})

    assert len(rows) == 2
    assert ledger.skipped == {"no_sender": 1, "no_recipient": 1, "unreadable": 1, "bad_value": 1}
    assert ledger.problems["bad_value"][0].place == "tie 5 of 'links'"


def test_large_file_whose_ties_come_late_is_recognised(tmp_path: Path) -> None:
    nodes = [{"id": f"person {n}"} for n in range(5000)]

    rows, _ = read(
        tmp_path,
        {"directed": True, "nodes": nodes, "links": [{"source": "person 1", "target": "x"}]},
    )

    assert pairs(rows) == [("person 1", "x")]


def test_file_that_is_cut_short_says_so(tmp_path: Path) -> None:
    text = '{"links": [{"source": "a", "target": "b"}, {"source": "a", "tar'

    rows, ledger = read_text(GraphJson(), tmp_path, text)

    assert pairs(rows) == [("a", "b")]
    assert ledger.truncated == "the JSON is malformed"


def test_file_that_breaks_off_before_its_first_tie_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the JSON ends early; export it again"):
        read_text(GraphJson(), tmp_path, '{"directed": true, "nodes": [{"id": "a"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"nodes": [{"id": 1}], "edges": [{"source": 1, "target": 2}]}}',
        '{"nodes": [{"id": 1}]}',
        '{"messages": [{"from": "a", "to": "b"}]}',
        '[{"source": "a", "target": "b"}]',
        '{"edges": [{"node": {"id": 1}}]}',
        *("", "{", "from,to\n", "{}", '{"nodes": 1, "links": null}'),
    ],
)
def test_other_texts_are_no_graphs(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, encoding="utf-8")

    assert GraphJson().recognise(Source(path)) is None


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_items_are_the_same_however_the_text_is_cut(size: int) -> None:
    text = (
        '{ "a" : "x\\"}]", "skip": {"nodes": [1, "]", {}]}, "nodes": [ {"id": "é"} , 12, "y" ],'
        ' "graph": {"edges": [[1], null], "other": [{}]}, "elements": {"nodes": [], "n": -1.5e3} }'
    )
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    lists = [("nodes",), ("graph", "edges"), ("elements",), ("elements", "nodes")]

    found = [(item.path, item.value, item.listed) for item in json_items(parts, lists)]

    assert found == [
        (("a",), 'x"}]', False),
        (("nodes",), {"id": "é"}, True),
        (("nodes",), 12, True),
        (("nodes",), "y", True),
        (("graph", "edges"), [1], True),
        (("graph", "edges"), None, True),
        (("elements", "n"), -1500.0, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            '{"a" 1}',
            '{"a": 1 "b": 2}',
            "{1: 2}",
            '{"nodes": [1, ]}',
            '{"nodes": [1',
            '{"a": [1, "',
        ),
        *('{"a": tru}', '["a"]', '{"nodes": ' + "[" * 100_000),
    ],
)
def test_malformed_json_is_told(text: str) -> None:
    with pytest.raises(DamagedJsonError):
        list(json_items([text], [("nodes",)]))


def test_memory_does_not_grow_with_the_ties(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    tie = '{"source": "a", "target": "b", "weight": 1},\n'
    path.write_text('{"links": [' + tie * 100_000 + tie[:-2] + "]}", encoding="utf-8")
    ledger = Ledger()
    tracemalloc.start()
    rows = sum(batch.num_rows for batch in GraphJson().read(Source(path), ReadOptions(), ledger))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rows == ledger.kept == 100_001
    assert peak < 32 << 20


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        *("discord/GC_3A_5M.json", "telegram/DM_2A_7M.json", "rocketchat/message_page_1.json"),
        "synthetic/chat/teams_user_getAllMessages.json",
    ],
)
def test_real_chats_are_no_graphs(name: str) -> None:
    assert GraphJson().recognise(Source(shared(f"samples/{name}"))) is None
