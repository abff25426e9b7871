"""A network to move about in: nodes and lines with labels as one sealed page.

pyvis gives the data model, the options and the bundled vis-network; its own page, which fetches
from elsewhere and reads titles as markup, is not used. Positions come finished, so nothing drifts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal

from markupsafe import Markup
from msgspec import Struct

from orgnet.errors import OrgnetError
from orgnet.templates import environment
from orgnet_reports.blocks import Table, Text
from orgnet_reports.drawing.svg import shorten
from orgnet_reports.palette import custom_properties
from orgnet_reports.phrasing import Speaker
from orgnet_reports.script_words import TABLE_WORDS, script_words
from orgnet_reports.sealed_page import content_policy, data_block, page_bytes, static

#: More than this is a hairball, and slow without a graphics card.
MOST_NODES = 500

#: Labels are set in letters of this size and cut at this width, in the drawing's pixels.
LABEL_SIZE, LABEL_WIDTH = 20.0, 230.0

_LIBRARY = re.compile(r"vis-(\d+)\.(\d+)\.(\d+)")

_SMALLEST, _LARGEST = 10.0, 40.0

_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "zoomView": False,
        "selectConnectedEdges": False,
        "keyboard": {"enabled": True, "bindToWindow": False, "autoFocus": False},
    },
    "edges": {"smooth": False, "selectionWidth": 0},
    "nodes": {
        "shape": "dot",
        "borderWidth": 1.5,
        "labelHighlightBold": False,
        "scaling": {"label": {"drawThreshold": 3}},
    },
}

#: What a line says: more or less contact than expected, or neither.
Side = Literal["more", "fewer", "even"]


class Node(Struct, frozen=True, kw_only=True):
    """One circle.

    Attributes
    ----------
    label
        Its name, any text; drawn as text and never as markup.
    size
        What its area stands for, such as people.
    x, y
        Its place, in whole pixels.
    told
        The sentence that is read out when it is chosen.
    group
        Position of its group among `Network.groups`.
    marked
        Whether it is drawn with a ring.
    """

    label: str
    size: float
    x: int
    y: int
    told: str
    group: int | None = None
    marked: bool = False


class Line(Struct, frozen=True, kw_only=True):
    """One line between two positions among the nodes; `strength` is what the filter compares."""

    first: int
    second: int
    strength: float
    side: Side
    width: float


class Network(Struct, frozen=True, kw_only=True):
    """Everything that the page shows.

    Attributes
    ----------
    title, kicker, heading, intro
        Name of the page, the line above its heading, the heading, and what there is to see.
    banner
        A warning above everything else, as the people edition needs.
    node_word, every_node
        What a node is called in the filter, and the choice of all of them.
    groups, group_word, every_group
        Names of groups that lines can be filtered by; none where the nodes are the groups.
    sides, strengths
        Choices of the other two filters, with their words; the first is everything. `strength`
        is the one chosen at the start.
    legend
        Samples with their meanings.
    lines_table, tables
        The table whose rows are the lines, in their order, and the others.
    notes, footer
        What stands below the tables, and at the foot of the page.
    """

    title: str
    kicker: Text
    heading: Text
    intro: Text
    nodes: Sequence[Node]
    lines: Sequence[Line]
    node_word: Text
    every_node: Text
    sides: Sequence[tuple[str, str]]
    strengths: Sequence[tuple[float, str]]
    strength: float
    legend: Sequence[tuple[Markup, Text]]
    lines_table: Table
    tables: Sequence[Table]
    notes: Sequence[Text]
    footer: Text
    banner: Text | None = None
    groups: Sequence[str] = ()
    group_word: Text = ""
    every_group: Text = ""


def explorer_page(network: Network, *, say: Speaker, language: str, remedy: str) -> bytes:
    """Return the page; the same network gives the same bytes.

    Parameters
    ----------
    network
        What to show.
    say, language
        The words and the code of their language.
    remedy
        What to do about a network that is too large: ``group people by ... (--by)``.

    Raises
    ------
    OrgnetError
        If there are more than `MOST_NODES` nodes, if the page is too large to be mailed, or if
        pyvis comes without vis-network.
    """
    if len(network.nodes) > MOST_NODES:
        raise OrgnetError(
            f"the explorer would have {len(network.nodes):,} nodes, expected at most "
            f"{MOST_NODES}: more cannot be told apart; {remedy}"
        )
    script = f"{vis_network()}\n{static('tables.js')}{static('explorer.js')}"
    style = custom_properties() + static("explorer.css")
    data = data_block(_data(network, say))
    text = (
        environment("orgnet_reports")
        .get_template("explorer.html.j2")
        .render(
            network=network,
            say=say,
            language=language,
            policy=content_policy(scripts=(script,), styles=(style,)),
            script=Markup(script),
            style=Markup(style),
            data=data,
        )
    )
    return page_bytes(
        text,
        what="the explorer",
        parts=lambda: {
            "the network library": len(script),
            "the data": len(data),
            "the tables": len(text) - len(script) - len(style) - len(data),
        },
        remedy=remedy,
    )


def radius(size: float, most: float) -> float:
    """Return a circle's radius: area by size, the smallest still large enough to point at.

    Examples
    --------
    >>> radius(100, 100), radius(25, 100), radius(1, 100)
    (40.0, 20.0, 10.0)
    """
    return round(max(_SMALLEST, _LARGEST * math.sqrt(size / (most or 1))), 1)


@cache
def vis_network() -> str:
    """Return the newest vis-network that pyvis brings along.

    Raises
    ------
    OrgnetError
        If there is none, or if it could end the script element that it is written into.
    """
    library = resources.files("pyvis") / "templates" / "lib"
    found = sorted(
        (tuple(map(int, version.groups())), folder.name)
        for folder in library.iterdir()
        if (version := _LIBRARY.fullmatch(folder.name))
    )
    if not found:
        raise OrgnetError(
            "pyvis is installed without vis-network, expected templates/lib/vis-*; "
            "install pyvis 0.3.2 or later again"
        )
    script = (library / found[-1][1] / "vis-network.min.js").read_text(encoding="utf-8")
    script = script.replace("\r\n", "\n")
    if "</script" in script.lower():
        raise OrgnetError(
            "the vis-network that pyvis brings along holds '</script', expected a script that can "
            "stand in a page; install pyvis 0.3.2"
        )
    return script


def _data(network: Network, say: Speaker) -> dict[str, Any]:
    from pyvis.edge import Edge
    from pyvis.network import Network as Vis

    drawn = Vis(directed=False)
    drawn.set_options(json.dumps(_OPTIONS))
    if network.nodes:
        most = max(node.size for node in network.nodes)
        drawn.add_nodes(
            list(range(len(network.nodes))),
            label=[shorten(node.label, LABEL_WIDTH, LABEL_SIZE) for node in network.nodes],
            size=[radius(node.size, most) for node in network.nodes],
            x=[node.x for node in network.nodes],
            y=[node.y for node in network.nodes],
        )
    # Not add_edge: it compares every new edge with all that are there.
    drawn.edges = [
        Edge(
            line.first,
            line.second,
            id=number,
            strength=line.strength,
            side=line.side,
            width=line.width,
        ).options
        for number, line in enumerate(network.lines)
    ]
    nodes, edges, _, _, _, options = drawn.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "told": [node.told for node in network.nodes],
        "groups": [node.group for node in network.nodes] if network.groups else [],
        "marked": [at for at, node in enumerate(network.nodes) if node.marked],
        "words": script_words(
            say,
            (
                *TABLE_WORDS,
                ("shown", "explorer.shown", ("shown", "all")),
                ("filtered", "explorer.filtered", ("shown", "all", "choices")),
                ("choice", "explorer.choice", ("name", "value")),
                ("listBreak", "data.list_break", ()),
            ),
        ),
    }
