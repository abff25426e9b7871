"""The small picture on a finding's card: how far from expected, and how sure."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from orgnet_reports.drawing.svg import picture, tag

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _MOST = 260, 54, 8, 248, 2.0


def effect_bar(
    value: float, low: float | None, high: float | None, *, label: str, none: str, expected: str
) -> Markup:
    """Draw a ratio between nothing and twice the expected, with its interval.

    Parameters
    ----------
    value, low, high
        The ratio, 1 being as expected, and its interval; beyond 2 they are drawn at the end.
    label
        What the picture says, for those who do not see it.
    none, expected
        The words below 0 and 1.
    """

    def across(ratio: float) -> int:
        return round(_LEFT + min(max(ratio, 0.0), _MOST) / _MOST * (_RIGHT - _LEFT))

    y = 20
    interval = (
        tag("line", x1=across(low), x2=across(high), y1=y, y2=y, class_="interval fewer")
        if low is not None and high is not None
        else Markup("")
    )
    return picture(
        tag("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, class_="axis"),
        tag("line", x1=_LEFT, x2=_LEFT, y1=y - 6, y2=y + 6, class_="axis"),
        tag("line", x1=across(1), x2=across(1), y1=y - 12, y2=y + 12, class_="marker"),
        interval,
        tag("circle", cx=across(value), cy=y, r=7, class_="dot fewer"),
        tag("text", none, x=_LEFT, y=48, class_="small"),
        tag("text", expected, x=across(1), y=48, text_anchor="middle", class_="small"),
        width=_WIDTH,
        height=_HEIGHT,
        label=label,
        css="effect",
    )


def thread(strands: Literal[1, 2, 3], *, label: str) -> Markup:
    """Draw two groups held together by one, two or three strands, for one, two, very few people."""
    left, right, middle = (38, 216, 27)
    ends = [(-9, -9), (7, -13), (-14, 6), (3, 3), (10, 11)]
    dots = [
        tag("circle", cx=x + dx, cy=middle + dy, r=3.5, class_="crowd")
        for x in (left, right)
        for dx, dy in ends
    ]
    offsets = {1: (0,), 2: (-6, 6), 3: (-9, 0, 9)}[strands]
    lines = [
        tag("line", x1=left + 24, x2=right - 24, y1=middle + dy, y2=middle + dy, class_="strand")
        + tag("circle", cx=(left + right) // 2, cy=middle + dy, r=5, class_="dot fewer")
        for dy in offsets
    ]
    rings = [tag("circle", cx=x, cy=middle, r=24, class_="ring") for x in (left, right)]
    return picture(*lines, *rings, *dots, width=_WIDTH, height=_HEIGHT, label=label, css="effect")
