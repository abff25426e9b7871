"""The explorer of the groups edition: departments and their contact, to move about in.

Nothing is in the file that the report does not show.
"""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from orgnet.report_model import Pair, ReportModel
from orgnet.words import load_words
from orgnet_reports.blocks import Cell, Table
from orgnet_reports.cleaning import clean_model
from orgnet_reports.drawing.backbone import standardised_difference
from orgnet_reports.drawing.group_map import legend_circle, legend_line
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.drawing.svg import shorten, text_width
from orgnet_reports.explorer_page import (
    LABEL_SIZE,
    LABEL_WIDTH,
    MOST_NODES,
    Line,
    Network,
    Node,
    Side,
    explorer_page,
    radius,
)
from orgnet_reports.figures import Figures
from orgnet_reports.page import Page, ratio_matrix
from orgnet_reports.phrasing import Name, Speaker

#: What a reader can ask for: pairs so many times above or below the expected.
STRENGTHS = (1.0, 1.5, 2.0, 3.0, 5.0, 8.0)

#: The page opens with at most so many lines a department: more are a hairball.
_LINES_AT_START = 4

#: From so many departments on, lines are drawn thinner.
_FEW = 10

#: A pair of which only the word is released counts as this far off.
_WORD_STRENGTH = {"none": 2.0, "fewer": 1.5, "as_expected": 1.0, "more": 1.5}

#: A pair without any tie counts as so many times below the expected.
_FURTHEST = 16.0

_MARGIN = 14.0

#: The drawing's area for each pixel that circles and labels take, and its width for its height.
_ROOM, _ASPECT = 5.0, 1.5


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
            If there are more than 500 departments, if the page is too large to be mailed, or if
            pyvis comes without vis-network.
        """
        words = load_words("orgnet", model.language) | load_words("orgnet_reports", model.language)
        say = Speaker(words)
        cleaned = clean_model(model, unnamed=words("unnamed"))
        page = Page(model=cleaned, say=say, figures=Figures(words))
        return explorer_page(
            _network(page),
            say=say,
            language=model.language,
            remedy="group people by a column with fewer values (--by)",
        )


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


def _network(page: Page) -> Network:
    say, departments = page.say, page.model.departments
    at = {group.name: position for position, group in enumerate(departments)}
    pairs = tuple(
        pair
        for pair in page.model.pairs
        if (pair.contact or pair.ratio is not None) and pair.group_a in at and pair.group_b in at
    )
    points = _positions(page) if len(departments) <= MOST_NODES else [(0, 0)] * len(departments)
    legend = [
        (legend_line(gap=False), say("explorer.lines_more")),
        (legend_line(gap=True), say("explorer.lines_fewer")),
        (legend_circle(silo=False), say("map.legend.circle")),
    ]
    if any(group.silo for group in departments):
        legend.append((legend_circle(silo=True), say("map.legend.silo")))
    return Network(
        title=say.plain("explorer.title", title=page.model.title),
        kicker=page.model.title,
        heading=say("explorer.heading"),
        intro=say("explorer.intro" if departments else "explorer.nothing"),
        nodes=[
            Node(
                label=group.name,
                size=group.people,
                x=int(x),
                y=int(y),
                told=say.plain(
                    "explorer.chosen", name=group.name, people=page.people(group.people)
                ),
                marked=group.silo,
            )
            for group, (x, y) in zip(departments, points, strict=True)
        ],
        lines=[
            Line(
                first=at[pair.group_a],
                second=at[pair.group_b],
                strength=strength(pair),
                side=_side(pair),
                width=_width(pair, len(departments)),
            )
            for pair in pairs
        ],
        node_word=say("explorer.department"),
        every_node=say("explorer.all"),
        sides=[(side, say.plain(f"explorer.lines_{side}")) for side in ("all", "more", "fewer")],
        strengths=[(least, _strength_words(page, least)) for least in STRENGTHS],
        strength=_strength_at_start(pairs, len(departments)),
        legend=legend,
        lines_table=_pairs_table(page, pairs),
        tables=(_departments_table(page),),
        notes=(
            say("explorer.withheld"),
            say(
                "page.policy",
                version=page.model.policy.version,
                minimum=page.model.policy.minimum_group,
            ),
        ),
        footer=say("page.edition"),
    )


def _strength_at_start(pairs: tuple[Pair, ...], departments: int) -> float:
    """Return the least strength but the first that leaves a picture to be read."""
    enough = (
        least
        for least in STRENGTHS[1:]
        if sum(strength(pair) >= least for pair in pairs) <= _LINES_AT_START * departments
    )
    return next(enough, STRENGTHS[-1])


def _width(pair: Pair, departments: int) -> float:
    """Return a line's width: wider the further from expected, thinner among many departments."""
    wide = min(9.0, 1.5 + abs(standardised_difference(pair)))
    return round(max(1.0, wide * math.sqrt(_FEW / max(departments, _FEW))), 1)


def _side(pair: Pair) -> Side:
    if pair.contact in ("none", "fewer") or (pair.contact is None and (pair.ratio or 1.0) < 1):
        return "fewer"
    return "more" if pair.contact == "more" else "even"


def _positions(page: Page) -> np.ndarray:
    """Return whole-numbered places at which neither circles nor labels touch."""
    departments = page.model.departments
    if not departments:
        return np.empty((0, 2), dtype=np.int64)
    most = max(group.people for group in departments)
    labels = [shorten(group.name, LABEL_WIDTH, LABEL_SIZE) for group in departments]
    radii = [radius(group.people, most) for group in departments]
    boxes = np.array(
        [
            (
                max(size, text_width(label, LABEL_SIZE) / 2) + _MARGIN,
                size + _MARGIN,
                size + 1.5 * LABEL_SIZE + _MARGIN,
            )
            for label, size in zip(labels, radii, strict=True)
        ]
    )
    taken = float((2 * boxes[:, 0] * (boxes[:, 1] + boxes[:, 2])).sum())
    height = max(400, math.ceil(math.sqrt(_ROOM * taken / _ASPECT)))
    points = stress_positions(distances(ratio_matrix(departments, page.model.pairs)))
    return place(points, boxes, width=round(_ASPECT * height), height=height)


def _strength_words(page: Page, least: float) -> str:
    if least == 1.0:
        return page.say.plain("explorer.strength_any")
    return page.say.plain("explorer.strength_times", times=page.figures.tick(least))


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
