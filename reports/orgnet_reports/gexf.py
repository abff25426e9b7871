"""The network of departments as GEXF, for Gephi."""

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

#: The version that every reader knows: newer ones are not read by networkx without being told.
_NAMESPACE = "http://www.gexf.net/1.2draft"

_TYPES: dict[Kind, str] = {
    "string": "string",
    "int": "integer",
    "double": "double",
    "boolean": "boolean",
}


class Gexf:
    """Writes ``departments.gexf``."""

    name: ClassVar[str] = "gexf"
    title: ClassVar[str] = "The network of departments as GEXF, for Gephi"
    file_name: ClassVar[str] = "departments.gexf"

    def render(self, model: ReportModel) -> bytes:
        """Return the file as UTF-8 XML; the same model gives the same bytes."""
        graph = group_graph(open_tables(model))
        root = ET.Element("gexf", xmlns=_NAMESPACE, version="1.2")
        about = ET.SubElement(root, "meta", lastmodifieddate=graph.run_date)
        ET.SubElement(about, "creator").text = "orgnet"
        ET.SubElement(about, "description").text = f"{graph.title}. {graph.description}"
        _write_graph(root, graph)
        ET.indent(root)
        body: bytes = ET.tostring(root, "utf-8")
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _write_graph(root: ET.Element, graph: GroupGraph) -> None:
    body = ET.SubElement(root, "graph", defaultedgetype="undirected", mode="static")
    _declare(body, "node", NODE_ATTRIBUTES)
    _declare(body, "edge", EDGE_ATTRIBUTES)
    nodes = ET.SubElement(body, "nodes")
    for node in graph.nodes:
        element = ET.SubElement(nodes, "node", id=node.id, label=node.label)
        _write_values(element, "node", node.attributes)
    edges = ET.SubElement(body, "edges")
    for edge in graph.edges:
        ends = {"id": edge.id, "source": edge.source, "target": edge.target}
        weight = {} if edge.weight is None else {"weight": f"{edge.weight}.0"}
        _write_values(ET.SubElement(edges, "edge", ends | weight), "edge", edge.attributes)


def _declare(body: ET.Element, domain: str, attributes: tuple[tuple[str, Kind], ...]) -> None:
    declared = ET.SubElement(body, "attributes", {"class": domain, "mode": "static"})
    for name, kind in attributes:
        ET.SubElement(declared, "attribute", id=f"{domain}_{name}", title=name, type=_TYPES[kind])


def _write_values(element: ET.Element, domain: str, attributes: dict[str, Attribute]) -> None:
    values = ET.SubElement(element, "attvalues")
    for name, value in attributes.items():
        ET.SubElement(values, "attvalue", {"for": f"{domain}_{name}", "value": written(value)})
