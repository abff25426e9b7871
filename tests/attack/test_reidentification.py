"""People can be found in a graph of people; in one of departments there is nobody to find."""

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from attack.reidentification import alike, people_graph, shares, signatures
from attack.sectioned_firms import sectioned
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.report_model import ReportModel
from orgnet_reports.gexf import Gexf
from orgnet_reports.graphml import GraphMl

FIRMS = (1, 3, 4, 5, 6, 12, 15)
MINIMUM = 5


def released(seed: int) -> ReportModel:
    return release(sectioned(seed).diagnosis, DisclosurePolicy(minimum_group=MINIMUM))


def graph_of(report: Any, model: ReportModel, folder: Path) -> nx.Graph:
    path = folder / report.file_name
    path.write_bytes(report.render(model))
    return nx.read_gexf(path) if path.suffix == ".gexf" else nx.read_graphml(path)


def findable(graph: nx.Graph) -> list[object]:
    """Nodes that stand for fewer people than the minimum."""
    return [node for node, told in graph.nodes(data=True) if told.get("people", 1) < MINIMUM]


@pytest.mark.parametrize("report", [GraphMl(), Gexf()], ids=["graphml", "gexf"])
@pytest.mark.parametrize("seed", FIRMS)
def test_nobody_can_be_found_in_a_graph_of_departments(
    tmp_path: Path, seed: int, report: Any
) -> None:
    model = released(seed)
    graph = graph_of(report, model, tmp_path)

    assert len(graph) == len(model.departments) >= 2
    assert findable(graph) == []


@pytest.mark.parametrize("report", [GraphMl(), Gexf()], ids=["graphml", "gexf"])
@pytest.mark.parametrize("seed", FIRMS)
def test_an_edge_that_is_withheld_looks_like_every_other_that_is(
    tmp_path: Path, seed: int, report: Any
) -> None:
    model = released(seed)
    graph = graph_of(report, model, tmp_path)
    name = {node: told["label"] for node, told in graph.nodes(data=True)}
    drawn = {frozenset((name[a], name[b])): told for a, b, told in graph.edges(data=True)}
    for pair in model.pairs:
        told = drawn.get(frozenset((pair.group_a, pair.group_b)), {})
        if pair.ties is None:
            assert not {"ties", "expected", "ratio", "low", "high", "q"} & told.keys()
            # A format that wants a weight gets the same one for each.
            assert told.get("weight", 1.0) in (1.0, 1)


def test_it_would_notice_a_graph_with_people_in_it(tmp_path: Path) -> None:
    graph = graph_of(GraphMl(), released(4), tmp_path)
    graph.add_node("somebody", label="somebody")
    graph.add_node("few", label="D9", people=MINIMUM - 1)

    assert findable(graph) == ["somebody", "few"]


def test_anonymity_is_counted_as_the_number_of_those_who_look_alike() -> None:
    graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("b", "e")])
    nx.set_node_attributes(graph, {"a": "X", "b": "X", "c": "Y", "d": "Y", "e": "X"}, "group")
    looks = signatures(graph)

    assert alike(looks["contacts"]) == {"a": 3, "b": 1, "c": 1, "d": 3, "e": 3}
    assert alike(looks["contacts and those of the contacts"])["d"] == 1
    assert alike(looks["all three"]) == {"a": 2, "b": 1, "c": 1, "d": 1, "e": 2}
    assert shares(graph)["contacts"] == (0.4, 1.0)
    assert shares(nx.cycle_graph(6))["all three"] == (0.0, 0.0)


def test_most_people_can_be_found_in_a_graph_of_people(tmp_path: Path) -> None:
    # What `docs/security.md` warns of, so that nobody takes pseudonyms there for a protection.
    found = shares(people_graph(60, 5, tmp_path))

    assert found["contacts"][0] < found["contacts and those of the contacts"][0]
    assert found["contacts and those of the contacts"][0] > 0.8
