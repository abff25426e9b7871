"""What was seen against what was expected: two marks a row and the distance between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup
from msgspec import Struct

from orgnet_reports.drawing.svg import joined, label_column, picture, shorten, tag

_WIDTH, _WIDEST_LABEL, _VALUES = 720, 300, 92
_ROW, _TOP, _BOTTOM, _SIZE = 34, 30, 10, 14


class Gap(Struct, frozen=True, kw_only=True):
    """One row: what was seen, what was expected, and both in words.

    Where `seen` is withheld it is None; `short` then says whether it is less than expected.
    """

    label: str
    seen: float | None
    expected: float
    shown: str
    short: bool = False


def gap_plot(
    gaps: Sequence[Gap], *, label: str, seen: str | None = None, expected: str | None = None
) -> Markup:
    """Draw one row a gap: a filled dot where ties were seen, a hollow one where expected.

    Parameters
    ----------
    gaps
        The rows, top first.
    label
        What the picture says, for those who do not see it.
    seen, expected
        What the two marks are called above the first row; None where a legend tells it.
    """
    most = max((max(gap.seen or 0.0, gap.expected) for gap in gaps), default=1.0) or 1.0
    left = label_column([gap.label for gap in gaps], _WIDEST_LABEL, _SIZE) + 6
    top = _TOP if seen and expected else _BOTTOM
    height = top + _ROW * len(gaps) + _BOTTOM

    def across(value: float) -> int:
        return round(left + value / most * (_WIDTH - left - _VALUES - 12))

    rows = []
    for at, gap in enumerate(gaps):
        y = top + _ROW * at + _ROW // 2
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
                *_marks(gap, across, y),
                tag("text", gap.shown, x=_WIDTH - 2, y=y + 5, text_anchor="end", class_="figure"),
            )
        )
    heads: list[Markup] = []
    if gaps and gaps[0].seen is not None and seen and expected:
        heads = _heads(across(gaps[0].seen), across(gaps[0].expected), seen, expected)
    return picture(
        joined(heads), joined(rows), width=_WIDTH, height=height, label=label, css="plot"
    )


def gap_mark(*, seen: bool) -> Markup:
    """Return one of the two marks on its own, for a legend."""
    mark = tag("circle", cx=9, cy=9, r=6, class_="dot seen" if seen else "hollow")
    return tag(
        "svg", mark, class_="map", viewBox="0 0 18 18", width=18, height=18, aria_hidden="true"
    )


def _line(start: int, end: int, y: int) -> Markup:
    return tag("line", x1=start, x2=end, y1=y, y2=y, class_="shortfall")


def _marks(gap: Gap, across: Callable[[float], int], y: int) -> list[Markup]:
    hollow = tag("circle", cx=across(gap.expected), cy=y, r=6, class_="hollow")
    if gap.seen is None:
        return [_line(across(0), across(gap.expected), y), hollow] if gap.short else [hollow]
    return [
        _line(across(gap.seen), across(gap.expected), y),
        hollow,
        tag("circle", cx=across(gap.seen), cy=y, r=6, class_="dot seen"),
    ]


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
