"""The network of people as GraphML and GEXF, for networkx, igraph, yEd and Gephi.

A node is a person on the map, an edge a tie that is drawn there. The banner of the edition stands
in the file's description.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import ClassVar

from orgnet.report_model import TIE_STRENGTHS, PeopleModel
from orgnet_reports.people.opening import PeoplePaper, opened_people

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
#: The version that every reader knows.
_GEXF = "http://www.gexf.net/1.2draft"

#: What is told of a node, besides its label, and of an edge, with the types of GraphML.
_NODE = {"group": "string", "contacts": "int", "contacts_outside": "int"}
_EDGE = {"strength": "string"}
_GEXF_TYPES = {"string": "string", "int": "integer"}


class PeopleGraphMl:
    """Writes ``people.graphml``."""

    name: ClassVar[str] = "graphml"
    title: ClassVar[str] = "The network of people as GraphML"
    file_name: ClassVar[str] = "people.graphml"

    def render(self, model: PeopleModel) -> bytes:
        """Return the file as UTF-8 XML; the same model gives the same bytes."""
        paper = opened_people(model)
        root = ET.Element("graphml", xmlns=_GRAPHML)
        ET.SubElement(root, "desc").text = _description(paper)
        for domain, fields in (("node", {"label": "string"} | _NODE), ("edge", _EDGE)):
            for name, kind in fields.items():
                key = {"id": f"{domain}_{name}", "for": domain, "attr.name": name}
                ET.SubElement(root, "key", key | {"attr.type": kind})
        body = ET.SubElement(root, "graph", id="people", edgedefault="undirected")
        for number, label, told in _nodes(paper):
            element = ET.SubElement(body, "node", id=f"n{number}")
            for name, value in ({"label": label} | told).items():
                ET.SubElement(element, "data", key=f"node_{name}").text = value
        for first, second, strength in _edges(paper):
            element = ET.SubElement(body, "edge", source=f"n{first}", target=f"n{second}")
            ET.SubElement(element, "data", key="edge_strength").text = strength
        return _xml(root)


class PeopleGexf:
    """Writes ``people.gexf``."""

    name: ClassVar[str] = "gexf"
    title: ClassVar[str] = "The network of people as GEXF, for Gephi"
    file_name: ClassVar[str] = "people.gexf"

    def render(self, model: PeopleModel) -> bytes:
        """Return the file as UTF-8 XML; the same model gives the same bytes."""
        paper = opened_people(model)
        root = ET.Element("gexf", xmlns=_GEXF, version="1.2")
        about = ET.SubElement(root, "meta", lastmodifieddate=model.run_date)
        ET.SubElement(about, "creator").text = "orgnet"
        ET.SubElement(about, "description").text = _description(paper)
        body = ET.SubElement(root, "graph", defaultedgetype="undirected", mode="static")
        for domain, fields in (("node", _NODE), ("edge", _EDGE)):
            declared = ET.SubElement(body, "attributes", {"class": domain, "mode": "static"})
            for name, kind in fields.items():
                known = {"id": f"{domain}_{name}", "title": name, "type": _GEXF_TYPES[kind]}
                ET.SubElement(declared, "attribute", known)
        nodes, edges = ET.SubElement(body, "nodes"), ET.SubElement(body, "edges")
        for number, label, told in _nodes(paper):
            _told(ET.SubElement(nodes, "node", id=f"n{number}", label=label), "node", told)
        for number, (first, second, strength) in enumerate(_edges(paper)):
            ends = {"id": f"e{number}", "source": f"n{first}", "target": f"n{second}"}
            _told(ET.SubElement(edges, "edge", ends), "edge", {"strength": strength})
        return _xml(root)


def _description(paper: PeoplePaper) -> str:
    edition = paper.say.plain("people.edition")
    told = (edition, paper.banner(), paper.ties_drawn(), paper.rules())
    return f"{paper.model.title}. {' '.join(told)}"


def _nodes(paper: PeoplePaper) -> Iterator[tuple[int, str, dict[str, str]]]:
    for number, person in enumerate(paper.model.people):
        told = {
            "group": paper.groups[person.group],
            "contacts": str(person.contacts),
            "contacts_outside": str(person.contacts_outside),
        }
        yield number, person.label, told


def _edges(paper: PeoplePaper) -> Iterator[tuple[int, int, str]]:
    ties = paper.model.ties
    for first, second, strength in zip(ties.first, ties.second, ties.strength, strict=True):
        yield first, second, TIE_STRENGTHS[strength]


def _told(element: ET.Element, domain: str, told: dict[str, str]) -> None:
    values = ET.SubElement(element, "attvalues")
    for name, value in told.items():
        ET.SubElement(values, "attvalue", {"for": f"{domain}_{name}", "value": value})


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    body: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
