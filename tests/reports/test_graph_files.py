"""The network of departments as GraphML and GEXF, and the tables as CSV files."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import igraph as ig
import networkx as nx
import pytest

from orgnet.report_model import Report
from orgnet_reports.gexf import Gexf
from orgnet_reports.graphml import GraphMl
from orgnet_reports.group_graph import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from orgnet_reports.group_tables.csv_files import Csv
from orgnet_reports.group_tables.zip_files import zip_members
from report_models import GOLDEN, all_withheld, hostile, no_ties, organisation

WRITERS = [GraphMl, Gexf]
NUMBERS = {"ties", "expected", "ratio", "low", "high", "q", "weight"}


def graph(writer: Any, model: Any) -> nx.Graph:
    read = nx.read_graphml if writer is GraphMl else nx.read_gexf
    return read(io.BytesIO(writer().render(model)))


def tables(model: Any) -> dict[str, list[dict[str, str]]]:
    members = zip_members(Csv().render(model))
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        for name, text in members.items()
        if name.endswith(".csv")
    }


@pytest.mark.parametrize(
    ("writer", "name", "file"),
    [
        (GraphMl, "graphml", "departments.graphml"),
        (Gexf, "gexf", "departments.gexf"),
        (Csv, "csv", "tables.zip"),
    ],
)
def test_the_files_are_reports(writer: Any, name: str, file: str):
    assert isinstance(writer(), Report)
    assert (writer.name, writer.file_name) == (name, file)


@pytest.mark.parametrize("writer", [*WRITERS, Csv])
def test_the_same_model_gives_the_same_bytes(writer: Any):
    assert writer().render(organisation()) == writer().render(organisation())


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", GOLDEN)
def test_every_network_opens_in_networkx_with_its_departments_and_pairs(writer: Any, name: str):
    model = GOLDEN[name]()
    found = graph(writer, model)
    assert not found.is_directed()
    assert found.number_of_nodes() == len(model.departments)
    assert found.number_of_edges() == len(model.pairs)


def test_graphml_opens_in_igraph(tmp_path: Path):
    file = tmp_path / "departments.graphml"
    model = organisation(400, 10)
    file.write_bytes(GraphMl().render(model))
    found = ig.Graph.Read_GraphML(str(file))
    assert found.vs["label"] == [group.name for group in model.departments]
    assert {name for name, _ in NODE_ATTRIBUTES} <= set(found.vs.attributes())
    assert {name for name, _ in EDGE_ATTRIBUTES} <= set(found.es.attributes())


@pytest.mark.parametrize("writer", WRITERS)
def test_attributes_are_the_released_figures_with_their_types(writer: Any):
    model = organisation(400, 10)
    found = graph(writer, model)
    names = nx.get_node_attributes(found, "label")
    by_name = {names[node]: found.nodes[node] for node in found}
    group = model.departments[3]
    assert by_name[group.name]["people"] == group.people
    assert by_name[group.name]["openness"] == group.openness
    assert by_name[group.name]["silo"] is group.silo
    edges = {frozenset((names[a], names[b])): data for a, b, data in found.edges(data=True)}
    pair = next(pair for pair in model.pairs if pair.weak)
    edge = edges[frozenset((pair.group_a, pair.group_b))]
    assert (edge["ties"], edge["expected"], edge["ratio"]) == (pair.ties, pair.expected, pair.ratio)
    assert (edge["contact"], edge["weak"], edge["weight"]) == (pair.contact, True, pair.ties)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_withheld_pair_has_a_reason_and_no_number(writer: Any):
    for _, _, edge in graph(writer, all_withheld()).edges(data=True):
        # networkx gives an edge of a GEXF file without a weight the weight 1.
        assert not (NUMBERS - {"weight"}) & set(edge)
        assert edge["reason"] == "few_people"
    assert b" weight=" not in Gexf().render(all_withheld())


@pytest.mark.parametrize("writer", WRITERS)
def test_a_bottleneck_is_told_in_words_and_a_pair_without_ties_has_weight_nothing(writer: Any):
    edges = [edge for _, _, edge in graph(writer, organisation(400, 10)).edges(data=True)]
    assert {edge["bottleneck"] for edge in edges if "bottleneck" in edge} == {
        "one_person", "two_people",
    }  # fmt: skip
    silent = [edge for _, _, edge in graph(writer, no_ties()).edges(data=True)]
    assert {(edge["weight"], edge["contact"]) for edge in silent} == {(0.0, "none")}


@pytest.mark.parametrize("writer", WRITERS)
def test_hostile_names_are_escaped_and_come_back_as_they_are(writer: Any):
    content = writer().render(hostile())
    ET.fromstring(content)
    labels = set(nx.get_node_attributes(graph(writer, hostile()), "label").values())
    assert {"</script><img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "Sales",
            "W" * 300, "(no name)", "🦊 Foxes", "المالية", "研究开发"} <= labels  # fmt: skip
    assert b"<svg" not in content and b"<!--" not in content and b"<img" not in content


@pytest.mark.parametrize("name", GOLDEN)
def test_every_zip_has_a_read_me_and_tables_of_full_rows(name: str):
    members = zip_members(Csv().render(GOLDEN[name]()))
    assert next(iter(members)) == "read-me.txt"
    for file, content in members.items():
        assert content.startswith("\ufeff".encode())
        if file.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}


def test_the_read_me_names_every_table():
    members = zip_members(Csv().render(organisation(400, 10)))
    text = members["read-me.txt"].decode("utf-8-sig")
    assert all(f"  {file}: " in text for file in members if file.endswith(".csv"))
    assert "An apostrophe stands before text" in text


def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_numbers_do_not():
    found = tables(hostile())
    names = {row["department"] for row in found["departments"]}
    assert '\'=HYPERLINK("https://evil.example","x")' in names
    cells = [cell for rows in found.values() for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


def test_a_withheld_figure_is_an_empty_cell_with_a_note():
    withheld = [row for row in tables(organisation(400, 10))["pairs"] if not row["ties"]]
    assert withheld
    assert all(row["note"] and not row["expected"] and not row["ratio"] for row in withheld)


def test_files_in_the_zip_are_named_by_us_and_never_by_the_data():
    names = set(zip_members(Csv().render(hostile())))
    assert all(name.replace("-", "").replace("_", "").replace(".", "").isalpha() for name in names)
