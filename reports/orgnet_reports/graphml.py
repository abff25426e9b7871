"""The network of departments as GraphML, for networkx, igraph, yEd and Gephi."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import ClassVar

from orgnet.report_model import ReportModel
from orgnet_reports.group_graph import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    Attribute,
    GroupGraph,
    Kind,
    group_graph,
    written,
)
from orgnet_reports.group_tables.tables import open_tables

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

_LABEL: tuple[str, Kind] = ("label", "string")
_WEIGHT: tuple[str, Kind] = ("weight", "double")


class GraphMl:
    """Writes ``departments.graphml``."""

    name: ClassVar[str] = "graphml"
    title: ClassVar[str] = "The network of departments as GraphML"
    file_name: ClassVar[str] = "departments.graphml"

    def render(self, model: ReportModel) -> bytes:
        """Return the file as UTF-8 XML; the same model gives the same bytes."""
        graph = group_graph(open_tables(model))
        root = ET.Element("graphml", xmlns=_NAMESPACE)
        ET.SubElement(root, "desc").text = f"{graph.title}. {graph.description}"
        _declare(root, "node", (_LABEL, *NODE_ATTRIBUTES))
        _declare(root, "edge", (_WEIGHT, *EDGE_ATTRIBUTES))
        _write_graph(root, graph)
        ET.indent(root)
        body: bytes = ET.tostring(root, "utf-8")
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _declare(root: ET.Element, domain: str, attributes: tuple[tuple[str, Kind], ...]) -> None:
    for name, kind in attributes:
        key = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": kind}
        ET.SubElement(root, "key", key)


def _write_graph(root: ET.Element, graph: GroupGraph) -> None:
    body = ET.SubElement(root, "graph", id="departments", edgedefault="undirected")
    for node in graph.nodes:
        element = ET.SubElement(body, "node", id=node.id)
        _write_data(element, "node", {"label": node.label, **node.attributes})
    for edge in graph.edges:
        ends = {"id": edge.id, "source": edge.source, "target": edge.target}
        element = ET.SubElement(body, "edge", ends)
        weight = {} if edge.weight is None else {"weight": float(edge.weight)}
        _write_data(element, "edge", {**weight, **edge.attributes})


def _write_data(element: ET.Element, domain: str, attributes: dict[str, Attribute]) -> None:
    for name, value in attributes.items():
        ET.SubElement(element, "data", key=f"{domain}_{name}").text = written(value)
