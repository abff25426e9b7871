"""One bar a statement: who disagrees, who is in between, who agrees."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from orgnet_reports.drawing.svg import joined, picture, tag, wrap

_WIDTH, _LEFT, _VALUES = 720, 330, 56
_ROW, _TOP, _SIZE, _LINE, _TALL, _BREAK = 42, 4, 14, 17, 18, 2
#: How each part looks, from left to right.
_LOOKS = ("seen", "crowd", "column")


class Bar(Struct, frozen=True, kw_only=True):
    """One row: shares of those who disagree, are in between and agree; `shown` in words."""

    label: str
    shares: tuple[float, float, float]
    shown: str


def agreement_bars(bars: Sequence[Bar], *, label: str) -> Markup:
    """Draw one row a bar; shares that were rounded are drawn in proportion.

    Parameters
    ----------
    bars
        The rows, top first.
    label
        What the picture says, for those who do not see it.
    """
    height = 2 * _TOP + _ROW * len(bars)
    rows = [_row(bar, _TOP + _ROW * at + _ROW // 2) for at, bar in enumerate(bars)]
    return picture(joined(rows), width=_WIDTH, height=height, label=label, css="plot")


def agreement_mark(part: int) -> Markup:
    """Draw the sign of one part for a legend: 0 disagrees, 1 is in between, 2 agrees."""
    return tag(
        "svg",
        tag("rect", x=1, y=1, width=20, height=12, class_=_LOOKS[part]),
        viewBox="0 0 22 14",
        width=22,
        height=14,
        aria_hidden="true",
    )


def _row(bar: Bar, y: int) -> Markup:
    lines = wrap(bar.label, _LEFT - 20, _SIZE, lines=2)
    first = y + 5 - _LINE * (len(lines) - 1) // 2
    parts = [
        tag("text", tag("title", bar.label), line, x=_LEFT - 16, y=first + _LINE * at,
            text_anchor="end")
        for at, line in enumerate(lines)
    ]  # fmt: skip
    total, before = sum(bar.shares) or 1.0, 0.0
    room = _WIDTH - _LEFT - _VALUES
    for look, share in zip(_LOOKS, bar.shares, strict=True):
        start = round(_LEFT + room * before / total)
        before += share
        end = round(_LEFT + room * before / total)
        if end - start > _BREAK:
            parts.append(
                tag("rect", x=start, y=y - _TALL // 2, width=end - start - _BREAK, height=_TALL,
                    class_=look)
            )  # fmt: skip
    parts.append(tag("text", bar.shown, x=_WIDTH - 2, y=y + 5, text_anchor="end", class_="figure"))
    return tag("g", *parts)
