"""The first explorer: departments and their contact in pyvis's network, in a page of our own.

pyvis gives the data model, the options and the bundled vis-network; its own page fetches from
elsewhere and is not used. Nothing is in the file that the report does not show.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from markupsafe import Markup

from orgnet.errors import OrgnetError
from orgnet.report_model import Pair, ReportModel
from orgnet.words import load_words
from orgnet_reports.blocks import Cell, Table
from orgnet_reports.cleaning import clean_model
from orgnet_reports.drawing.backbone import standardised_difference
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.drawing.svg import shorten
from orgnet_reports.figures import Figures
from orgnet_reports.page import Page, ratio_matrix
from orgnet_reports.palette import custom_properties
from orgnet_reports.phrasing import Name, Speaker
from orgnet_reports.sealed_page import content_policy, data_block, environment, page_bytes, static

_LIBRARY = re.compile(r"vis-(\d+)\.(\d+)\.(\d+)")

_SMALLEST, _LARGEST = 10.0, 40.0
_LABEL_WIDTH, _LABEL_SIZE = 230.0, 20.0

#: What a reader can ask for: pairs so many times above or below the expected.
STRENGTHS = (1.0, 1.5, 2.0, 3.0)

#: A pair of which only the word is released counts as this far off.
_WORD_STRENGTH = {"none": 2.0, "fewer": 1.5, "as_expected": 1.0, "more": 1.5}

#: A pair without any tie counts as so many times below the expected.
_FURTHEST = 16.0

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


class Explorer:
    """Writes ``explorer.html``."""

    name: ClassVar[str] = "explorer"
    title: ClassVar[str] = "Departments as a network to move about in, with filters"
    file_name: ClassVar[str] = "explorer.html"

    def render(self, model: ReportModel) -> bytes:
        """Return the page; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If the page is too large to be mailed, or pyvis comes without vis-network.
        """
        words = load_words("orgnet") | load_words("orgnet_reports", model.language)
        say = Speaker(words)
        cleaned = clean_model(model, unnamed=words("unnamed"))
        page = Page(model=cleaned, say=say, figures=Figures(words))
        pairs = tuple(pair for pair in cleaned.pairs if pair.contact or pair.ratio is not None)
        script = f"{vis_network()}\n{static('explorer.js')}"
        style = custom_properties() + static("explorer.css")
        data = data_block(_network_data(page, pairs))
        text = (
            environment()
            .get_template("explorer.html.j2")
            .render(
                page=page,
                say=say,
                policy=content_policy(scripts=(script,), styles=(style,)),
                script=Markup(script),
                style=Markup(style),
                data=data,
                strengths=[(strength, _strength_words(say, strength)) for strength in STRENGTHS],
                departments=_departments_table(page),
                pairs=_pairs_table(page, pairs),
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
            remedy="group people by a column with fewer values (--by)",
        )


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


def strength(pair: Pair) -> float:
    """Return how many times a pair is above or below the expected, at least 1.

    Examples
    --------
    >>> from orgnet.report_model import Pair
    >>> pair = Pair(group_a="a", group_b="b", ties=2, expected=8.0, ratio=0.25, low=None,
    ...             high=None, q=None, contact="fewer")
    >>> strength(pair)
    4.0
    """
    if pair.ratio is None:
        return _WORD_STRENGTH.get(pair.contact or "", 1.0)
    if pair.ratio <= 1 / _FURTHEST:
        return _FURTHEST
    return round(max(pair.ratio, 1 / pair.ratio), 3)


def _network_data(page: Page, pairs: tuple[Pair, ...]) -> dict[str, Any]:
    from pyvis.edge import Edge
    from pyvis.network import Network

    departments = page.model.departments
    network = Network(directed=False)
    network.set_options(json.dumps(_OPTIONS))
    if departments:
        points = _positions(page)
        most = max(group.people for group in departments) or 1
        network.add_nodes(
            list(range(len(departments))),
            label=[shorten(group.name, _LABEL_WIDTH, _LABEL_SIZE) for group in departments],
            size=[
                round(max(_SMALLEST, _LARGEST * math.sqrt(group.people / most)), 1)
                for group in departments
            ],
            x=[int(x) for x, _ in points],
            y=[int(y) for _, y in points],
        )
    at = {group.name: position for position, group in enumerate(departments)}
    # Not add_edge: it compares every new edge with all that are there.
    network.edges = [
        Edge(
            at[pair.group_a],
            at[pair.group_b],
            id=number,
            strength=strength(pair),
            side=_side(pair),
            width=round(min(9.0, 1.5 + abs(standardised_difference(pair))), 1),
        ).options
        for number, pair in enumerate(pairs)
        if pair.group_a in at and pair.group_b in at
    ]
    nodes, edges, _, _, _, options = network.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "spoken": [
            page.say.plain(
                "explorer.selected",
                name=group.name,
                people=page.people(group.people),
                lines="{lines}",
            )
            for group in departments
        ],
        "words": {"shown": page.say.plain("explorer.shown", shown="{shown}", all="{all}")},
    }


def _side(pair: Pair) -> str:
    if pair.contact in ("none", "fewer") or (pair.contact is None and (pair.ratio or 1.0) < 1):
        return "fewer"
    return "more" if pair.contact == "more" else "even"


def _positions(page: Page) -> Any:
    import numpy as np

    departments = page.model.departments
    boxes = np.full((len(departments), 3), 62.0)
    side = 420 + 90 * math.ceil(math.sqrt(len(departments)))
    points = stress_positions(distances(ratio_matrix(departments, page.model.pairs)))
    return place(points, boxes, width=round(side * 1.5), height=side)


def _strength_words(say: Speaker, least: float) -> str:
    if least == 1.0:
        return say.plain("explorer.strength_any")
    return say.plain("explorer.strength_times", times=f"{least:g}")


def _departments_table(page: Page) -> Table:
    say, figures = page.say, page.figures
    return Table(
        caption=say("explorer.departments_caption"),
        columns=tuple(
            say(f"explorer.column.{name}") for name in ("department", "people", "openness")
        ),
        rows=tuple(
            (
                Cell(text=Name(group.name)),
                Cell(text=figures.count(group.people)),
                Cell(text=figures.fine_ratio(group.openness)),
            )
            for group in page.model.departments
        ),
        file_name="departments",
        numbers=frozenset({1, 2}),
    )


def _pairs_table(page: Page, pairs: tuple[Pair, ...]) -> Table:
    say, figures = page.say, page.figures
    columns = ("first", "second", "ties", "expected", "ratio", "word")
    return Table(
        caption=say("explorer.pairs_caption"),
        columns=tuple(say(f"explorer.column.{name}") for name in columns),
        rows=tuple(
            (
                Cell(text=Name(pair.group_a)),
                Cell(text=Name(pair.group_b)),
                Cell(text=figures.count(pair.ties)),
                Cell(text=figures.expected(pair.expected)),
                Cell(text=figures.ratio(pair.ratio)),
                Cell(text=say(f"explorer.word.{pair.contact}") if pair.contact else ""),
            )
            for pair in pairs
        ),
        file_name="pairs",
        numbers=frozenset({2, 3, 4}),
    )
