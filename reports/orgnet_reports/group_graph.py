"""The network of departments as released: what a graph file says of each circle and line."""

from __future__ import annotations

import math
import re
from typing import Literal

from msgspec import Struct

from orgnet.report_model import Department, Pair
from orgnet_reports.page import Page

#: Types of a graph file's attributes, in the words that GraphML and GEXF share.
Kind = Literal["string", "int", "double", "boolean"]

Attribute = str | int | float | bool | None

#: Name, type, and what it says; for departments.
NODE_ATTRIBUTES: tuple[tuple[str, Kind], ...] = (
    ("people", "int"),
    ("share_inside", "double"),
    ("expected_inside", "double"),
    ("openness", "double"),
    ("low", "double"),
    ("high", "double"),
    ("silo", "boolean"),
    ("reason", "string"),
)

#: The same for pairs of departments. A `weight` is written too where ties are released.
EDGE_ATTRIBUTES: tuple[tuple[str, Kind], ...] = (
    ("ties", "int"),
    ("expected", "double"),
    ("ratio", "double"),
    ("low", "double"),
    ("high", "double"),
    ("q", "double"),
    ("contact", "string"),
    ("weak", "boolean"),
    ("bottleneck", "string"),
    ("reason", "string"),
)

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Node(Struct, frozen=True, kw_only=True):
    """One department: a stable number as id, its name, and the attributes that are released."""

    id: str
    label: str
    attributes: dict[str, Attribute]


class Edge(Struct, frozen=True, kw_only=True):
    """One pair of departments with the attributes that are released; `weight` is its ties."""

    id: str
    source: str
    target: str
    weight: int | None
    attributes: dict[str, Attribute]


class GroupGraph(Struct, frozen=True, kw_only=True):
    """The network of departments, undirected; what is withheld is absent from `attributes`."""

    title: str
    description: str
    run_date: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def group_graph(page: Page) -> GroupGraph:
    """Return the network of departments: every one that is shown, and every pair of them.

    A pair without any tie is an edge of weight 0 with the contact ``none``, because a gap is a
    result; leave edges of weight 0 out before counting neighbours.

    Parameters
    ----------
    page
        What `orgnet_reports.group_tables.tables.open_tables` returns.
    """
    model, text = page.model, page.say.plain
    at = {group.name: f"d{number}" for number, group in enumerate(model.departments, start=1)}
    hangs_on = {frozenset((item.group_a, item.group_b)): item.people for item in model.bottlenecks}
    pairs = [pair for pair in model.pairs if pair.group_a in at and pair.group_b in at]
    return GroupGraph(
        title=in_xml(model.title),
        description=in_xml(
            text("graph.description", rule=text("data.withheld.rule", minimum=_minimum(page)))
            + " "
            + text("page.policy", version=model.policy.version, minimum=_minimum(page))
        ),
        run_date=model.run_date,
        nodes=tuple(
            Node(id=at[group.name], label=in_xml(group.name), attributes=_of_department(group))
            for group in model.departments
        ),
        edges=tuple(
            Edge(
                id=f"p{number}",
                source=at[pair.group_a],
                target=at[pair.group_b],
                weight=pair.ties,
                attributes=_of_pair(pair, hangs_on.get(frozenset((pair.group_a, pair.group_b)))),
            )
            for number, pair in enumerate(pairs, start=1)
        ),
    )


def written(value: Attribute) -> str:
    """Return an attribute as the text of a graph file.

    Examples
    --------
    >>> written(True), written(0.25), written(12)
    ('true', '0.25', '12')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_xml(text: str) -> str:
    """Return the text without the few characters that XML cannot hold, even escaped."""
    return _NOT_IN_XML.sub("", text)


def _of_department(group: Department) -> dict[str, Attribute]:
    return _present(
        {
            "people": group.people,
            "share_inside": group.share_inside,
            "expected_inside": group.expected_inside,
            "openness": group.openness,
            "low": group.low,
            "high": group.high,
            "silo": group.silo,
            "reason": group.reason,
        }
    )


def _of_pair(pair: Pair, hangs_on: str | None) -> dict[str, Attribute]:
    return _present(
        {
            "ties": pair.ties,
            "expected": pair.expected,
            "ratio": pair.ratio,
            "low": pair.low,
            "high": pair.high,
            "q": pair.q,
            "contact": pair.contact,
            "weak": pair.weak,
            "bottleneck": hangs_on,
            "reason": pair.reason,
        }
    )


def _present(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    return {
        name: in_xml(value) if isinstance(value, str) else value
        for name, value in attributes.items()
        if value is not None and not (isinstance(value, float) and not math.isfinite(value))
    }


def _minimum(page: Page) -> int:
    return page.model.policy.minimum_group
