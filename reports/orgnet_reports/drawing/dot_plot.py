"""Dots with intervals on one scale, a row each, with what is expected marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup
from msgspec import Struct

from orgnet_reports.drawing.svg import joined, label_column, picture, shorten, tag, text_width

_WIDTH, _WIDEST_LABEL, _VALUES = 720, 210, 64
_ROW, _BOTTOM, _SIZE, _SMALL = 30, 26, 14, 12.5
_MARKER_ROW = 18


class Dot(Struct, frozen=True, kw_only=True):
    """One row: `value` as a dot, `low` to `high` as a line, `shown` the figure in words.

    An emphasised row is filled, the others are outlined. Without a value only `shown` is printed.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    shown: str
    emphasised: bool = False


class Marker(Struct, frozen=True, kw_only=True):
    """A vertical line over all rows: at what value, and what it says."""

    value: float
    text: str


def dot_plot(
    dots: Sequence[Dot],
    *,
    scale: Sequence[tuple[float, str]],
    label: str,
    markers: Sequence[Marker] = (),
) -> Markup:
    """Draw one row a dot.

    Parameters
    ----------
    dots
        The rows, top first. Values beyond the scale are drawn at its end.
    scale
        The ticks, smallest first, with their text; the first and last are the scale's ends.
    label
        What the picture says, for those who do not see it.
    markers
        Lines to compare the dots with.
    """
    left = label_column([dot.label for dot in dots], _WIDEST_LABEL, _SIZE)
    first, last = scale[0][0], scale[-1][0]

    def across(value: float) -> int:
        share = (min(max(value, first), last) - first) / (last - first)
        return round(left + share * (_WIDTH - left - _VALUES))

    heads, top = _marker_heads(markers, across)
    height = top + _ROW * len(dots) + _BOTTOM
    bottom = height - _BOTTOM
    ticks = [
        tag("line", x1=across(at), x2=across(at), y1=top - 4, y2=bottom, class_="grid")
        + tag("text", text, x=across(at), y=bottom + 18, text_anchor="middle", class_="small")
        for at, text in scale
    ]
    rows = [_row(dot, top + _ROW * at + _ROW // 2, left, across) for at, dot in enumerate(dots)]
    lines = [
        tag("line", x1=at, x2=at, y1=y + 5, y2=bottom, class_="marker") + text
        for at, y, text in heads
    ]
    return picture(
        joined(ticks), joined(lines), joined(rows),
        width=_WIDTH, height=height, label=label, css="plot",
    )  # fmt: skip


def _marker_heads(
    markers: Sequence[Marker], across: Callable[[float], int]
) -> tuple[list[tuple[int, int, Markup]], int]:
    """Return where each marker stands, the line its text is on, and where the rows begin."""
    heads: list[tuple[int, int, Markup]] = []
    reached, y = 0.0, 14
    for marker in sorted(markers, key=lambda marker: marker.value):
        at, half = across(marker.value), text_width(marker.text, _SMALL) / 2
        middle = min(at, _WIDTH - half)
        if heads and middle - half < reached:
            y += _MARKER_ROW
        reached = max(reached, middle + half + 10)
        text = tag(
            "text", marker.text, x=middle, y=y, text_anchor="middle", class_="small strong halo"
        )
        heads.append((at, y, text))
    return heads, y + 12 if heads else 8


def _row(dot: Dot, y: int, left: int, across: Callable[[float], int]) -> Markup:
    parts = [
        tag(
            "text",
            tag("title", dot.label),
            shorten(dot.label, left - 14, _SIZE),
            x=left - 14,
            y=y + 5,
            text_anchor="end",
            class_="strong" if dot.emphasised else None,
        )
    ]
    if dot.low is not None and dot.high is not None:
        parts.append(
            tag("line", x1=across(dot.low), x2=across(dot.high), y1=y, y2=y, class_="interval")
        )
    if dot.value is not None:
        css = "dot emphasised" if dot.emphasised else "dot"
        parts.append(tag("circle", cx=across(dot.value), cy=y, r=6, class_=css))
    parts.append(tag("text", dot.shown, x=_WIDTH - 2, y=y + 5, text_anchor="end", class_="figure"))
    return tag("g", *parts)
