"""The map of departments: circles by headcount, lines where contact is unlike the expected."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from msgspec import Struct

from orgnet_reports.drawing.backbone import Line
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.drawing.svg import joined, picture, tag, text_width, wrap

_WIDTH = 960
_SMALLEST, _LARGEST = 13.0, 46.0
_LEADING, _LABEL_WIDTH = 18, 168.0
#: Labels are bold and 15 pixels high; bold letters are about an eighth wider.
_BOLD_SIZE = 17
_MARGIN = 8.0


class Circle(Struct, frozen=True, kw_only=True):
    """One department: its name, its people, what is said of it and whether it is a silo."""

    name: str
    people: int
    sentence: str
    silo: bool = False


def group_map(
    circles: Sequence[Circle], lines: Sequence[Line], ratios: np.ndarray, *, label: str
) -> Markup:
    """Draw the departments and the backbone of their contact.

    Parameters
    ----------
    circles
        The departments; the area of a circle is proportional to its people, clamped below so
        that the smallest is still a target of 26 pixels.
    lines
        What to draw between them.
    ratios
        Observed over expected for every pair, NaN where unknown: closeness on the map.
    label
        What the picture says, for those who do not see it.
    """
    most = max(circle.people for circle in circles) or 1
    radii = [max(_SMALLEST, _LARGEST * math.sqrt(circle.people / most)) for circle in circles]
    labels = [wrap(circle.name, _LABEL_WIDTH, _BOLD_SIZE, lines=2) for circle in circles]
    height = 420 + 20 * len(circles)
    points = place(
        stress_positions(distances(ratios)), _boxes(radii, labels), width=_WIDTH, height=height
    )
    drawn = [_line(line, points, radii) for line in lines]
    return picture(
        tag("g", *drawn) if drawn else Markup(""),
        joined(
            _circle(at, circle, radii[at], labels[at], points[at])
            for at, circle in enumerate(circles)
        ),
        width=_WIDTH,
        height=height,
        label=label,
        css="map",
        role="group",
    )


def legend_line(*, gap: bool) -> Markup:
    """Draw the sample of a line for the legend."""
    return tag(
        "svg",
        tag("line", x1=2, x2=42, y1=8, y2=8, class_="gap" if gap else "tie", stroke_width=4),
        viewBox="0 0 44 16",
        width=44,
        height=16,
        aria_hidden="true",
        class_="map",
    )


def legend_circle(*, silo: bool) -> Markup:
    """Draw the sample of a circle for the legend."""
    ring = tag("circle", cx=12, cy=12, r=11, class_="silo-ring") if silo else Markup("")
    return tag(
        "svg",
        tag("circle", cx=12, cy=12, r=7, class_="node") + ring,
        viewBox="0 0 24 24",
        width=24,
        height=24,
        aria_hidden="true",
        class_="map",
    )


def _boxes(radii: Sequence[float], labels: Sequence[Sequence[str]]) -> np.ndarray:
    return np.array(
        [
            (
                max(radius, max(text_width(line, _BOLD_SIZE) for line in label) / 2) + _MARGIN,
                radius + _MARGIN,
                radius + _LEADING * len(label) + _MARGIN + 4,
            )
            for radius, label in zip(radii, labels, strict=True)
        ]
    )


def _line(line: Line, points: np.ndarray, radii: Sequence[float]) -> Markup:
    start, end = points[line.first], points[line.second]
    length = max(float(np.hypot(*(end - start))), 1.0)
    along = (end - start) / length
    first, second = start + along * radii[line.first], end - along * radii[line.second]
    return tag(
        "line",
        x1=round(float(first[0])),
        y1=round(float(first[1])),
        x2=round(float(second[0])),
        y2=round(float(second[1])),
        class_="gap" if line.gap else "tie",
        stroke_width=_thickness(line),
        data_ends=f"{line.first} {line.second}",
    )


def _thickness(line: Line) -> float:
    if line.gap or not line.pair.ratio:
        return 3.0
    return round(min(8.0, 1.5 + 2.2 * math.log2(max(line.pair.ratio, 1.0))), 1)


def _circle(
    at: int, circle: Circle, radius: float, label: Sequence[str], point: np.ndarray
) -> Markup:
    x, y = int(point[0]), int(point[1])
    ring = tag("circle", cx=x, cy=y, r=round(radius + 5), class_="silo-ring") if circle.silo else ""
    text = tag(
        "text",
        *(
            tag("tspan", line, x=x, y=round(y + radius + _LEADING * (row + 1) + 3))
            for row, line in enumerate(label)
        ),
        text_anchor="middle",
        class_="halo",
    )
    return tag(
        "g",
        tag("title", circle.sentence),
        ring,
        tag("circle", cx=x, cy=y, r=round(radius), class_="node"),
        text,
        tabindex=0,
        role="img",
        aria_label=circle.sentence,
        class_="department",
        data_at=at,
    )
