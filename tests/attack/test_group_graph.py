"""A graph of departments tells nothing that the released figures do not tell."""

import json
import re
from typing import Any

import networkx as nx
import pytest

from orgnet_reports.gexf import Gexf
from orgnet_reports.graphml import GraphMl
from orgnet_reports.json import Json
from report_models import organisation


def numbers(value: Any) -> set[float]:
    if isinstance(value, dict):
        return set().union(*(numbers(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(numbers(one) for one in value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {float(value)}
    return set()


@pytest.mark.parametrize("report", [GraphMl(), Gexf()], ids=["graphml", "gexf"])
def test_every_figure_of_the_graph_stands_in_the_released_figures(report: Any) -> None:
    model = organisation()
    released = json.loads(Json().render(model))
    known = numbers(released["departments"]) | numbers(released["pairs"]) | {0.0}
    text = report.render(model).decode()
    written = {float(one) for one in re.findall(r'(?:value="|weight="|>)(\d+(?:\.\d+)?)["<]', text)}

    assert written and written <= known


def test_departments_are_the_only_nodes_and_withheld_pairs_have_no_weight() -> None:
    model = organisation()
    graph = nx.parse_graphml(GraphMl().render(model).decode())
    names = {department.name for department in model.departments}

    assert {told["label"] for _, told in graph.nodes(data=True)} == names
    assert all(("weight" in told) == ("ties" in told) for *_, told in graph.edges(data=True))
