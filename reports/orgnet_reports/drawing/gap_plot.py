"""What was seen against what was expected: two marks a row and the distance between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orgnet_reports.drawing.svg import joined, label_column, picture, shorten, tag

_WIDTH, _WIDEST_LABEL, _VALUES = 720, 300, 92
_ROW, _TOP, _BOTTOM, _SIZE = 34, 30, 10, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One row: ties seen, ties expected, and both in words."""

    label: str
    seen: float
    expected: float
    shown: str


def gap_plot(gaps: Sequence[Gap], *, label: str, seen: str, expected: str) -> Markup:
    """Draw one row a gap: a filled dot where ties were seen, a hollow one where expected.

    Parameters
    ----------
    gaps
        The rows, top first.
    label
        What the picture says, for those who do not see it.
    seen, expected
        What the two marks are called above the first row.
    """
    most = max((max(gap.seen, gap.expected) for gap in gaps), default=1.0) or 1.0
    left = label_column([gap.label for gap in gaps], _WIDEST_LABEL, _SIZE) + 6
    height = _TOP + _ROW * len(gaps) + _BOTTOM

    def across(value: float) -> int:
        return round(left + value / most * (_WIDTH - left - _VALUES - 12))

    rows = []
    for at, gap in enumerate(gaps):
        y = _TOP + _ROW * at + _ROW // 2
        rows.append(
            tag(
                "g",
                tag(
                    "text",
                    tag("title", gap.label),
                    shorten(gap.label, left - 20, _SIZE),
                    x=left - 20,
                    y=y + 5,
                    text_anchor="end",
                ),
                tag("line", x1=left, x2=_WIDTH - _VALUES, y1=y, y2=y, class_="grid"),
                tag(
                    "line",
                    x1=across(gap.seen),
                    x2=across(gap.expected),
                    y1=y,
                    y2=y,
                    class_="shortfall",
                ),
                tag("circle", cx=across(gap.expected), cy=y, r=6, class_="hollow"),
                tag("circle", cx=across(gap.seen), cy=y, r=6, class_="dot seen"),
                tag("text", gap.shown, x=_WIDTH - 2, y=y + 5, text_anchor="end", class_="figure"),
            )
        )
    heads = _heads(across(gaps[0].seen), across(gaps[0].expected), seen, expected) if gaps else ()
    return picture(
        joined(heads), joined(rows), width=_WIDTH, height=height, label=label, css="plot"
    )


def _heads(at_seen: int, at_expected: int, seen: str, expected: str) -> list[Markup]:
    left, right = sorted([(at_seen, seen), (at_expected, expected)])
    return [
        tag("text", left[1], x=left[0] - 6, y=20, text_anchor="start", class_="small strong"),
        tag(
            "text",
            right[1],
            x=max(right[0] + 6, left[0] + 90),
            y=20,
            text_anchor="end" if right[0] - left[0] > 160 else "start",
            class_="small strong",
        ),
    ]
