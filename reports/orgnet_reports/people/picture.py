"""The map as a still picture, for paper and for readers without script."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from orgnet_reports.drawing.svg import joined, shorten, tag, text_width
from orgnet_reports.people.opening import PeoplePaper

#: The picture's longer side in its own units, and how many lines are worth their ink on paper.
_SIDE, MOST_LINES = 4_000, 2_500

_FARTHEST = 65_535
_LABEL_SIZE, _LABEL_WIDTH = 84.0, 900.0


def still_map(paper: PeoplePaper) -> Markup:
    """Return the map as SVG: discs with their names, dots, and the strongest lines."""
    model = paper.model
    x = [_scaled(person.x) for person in model.people]
    y = [_scaled(person.y) for person in model.people]
    ends = list(zip(model.ties.first, model.ties.second, strict=True))[:MOST_LINES]
    lines = "".join(f"M{x[a]} {y[a]}L{x[b]} {y[b]}" for a, b in ends)
    dots = "".join(f"M{across} {down}h0" for across, down in zip(x, y, strict=True))
    discs = [
        tag("circle", cx=_scaled(group.x), cy=_scaled(group.y), r=_scaled(group.radius))
        for group in model.groups
    ]
    boxes = [
        (_scaled(group.x - group.radius), _scaled(group.y - group.radius),
         _scaled(group.x + group.radius), _scaled(group.y + group.radius))
        for group in model.groups
    ]  # fmt: skip
    left, top = min(box[0] for box in boxes) - 80, min(box[1] for box in boxes) - 150
    width = max(box[2] for box in boxes) + 80 - left
    height = max(box[3] for box in boxes) + 40 - top
    return tag(
        "svg",
        tag("g", *discs, class_="disc"),
        tag("path", d=lines, class_="line"),
        tag("path", d=dots, class_="dot", stroke_width=max(3, round(_scaled(model.spacing) * 0.5))),
        joined(_labels(paper)),
        class_="still",
        viewBox=f"{left} {top} {width} {height}",
        role="img",
        aria_label=paper.say.plain("people.picture"),
    )


def _scaled(position: int) -> int:
    return round(position * _SIDE / _FARTHEST)


def _labels(paper: PeoplePaper) -> Iterable[Markup]:
    """Name the groups, the largest first; a name that would cover another one is left out."""
    taken: list[tuple[float, float, float, float]] = []
    largest = sorted(range(len(paper.groups)), key=lambda at: (-paper.model.groups[at].people, at))
    for at in largest:
        group = paper.model.groups[at]
        name = shorten(paper.groups[at], _LABEL_WIDTH, _LABEL_SIZE)
        half = text_width(name, _LABEL_SIZE) / 2
        x, y = _scaled(group.x), _scaled(group.y - group.radius) - 22
        box = (x - half, y - _LABEL_SIZE, x + half, y + 20)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        yield tag("text", name, x=x, y=y, text_anchor="middle")


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
