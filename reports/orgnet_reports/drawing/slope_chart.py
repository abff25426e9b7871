"""Two periods side by side: a line from what was to what is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup
from msgspec import Struct

from orgnet_reports.drawing.svg import joined, picture, shorten, tag, text_width

_WIDTH, _SIZE, _LINE = 720, 14, 20
_TOP, _BOTTOM, _SHORTEST = 44, 16, 240
_LEFT, _RIGHT, _GAP = 220, 500, 36


class Slope(Struct, frozen=True, kw_only=True):
    """One line; `shown_before` and `shown_after` are its figures in words.

    An emphasised one is strong, the others are thin.
    """

    label: str
    before: float
    after: float
    shown_before: str
    shown_after: str
    emphasised: bool = False


def slope_chart(slopes: Sequence[Slope], *, before: str, after: str, label: str) -> Markup:
    """Draw one line a slope, named at both ends; names that would lie on each other are moved.

    Parameters
    ----------
    slopes
        The lines.
    before, after
        What the two periods are called.
    label
        What the picture says, for those who do not see it.
    """
    values = [value for slope in slopes for value in (slope.before, slope.after)]
    least, most = min(values), max(values)
    height = max(_SHORTEST, _TOP + _BOTTOM + _LINE * len(slopes))

    def down(value: float) -> float:
        share = (value - least) / (most - least) if most > least else 0.5
        return height - _BOTTOM - share * (height - _TOP - _BOTTOM)

    heads = [
        tag("text", text, x=x, y=20, text_anchor=side, class_="small strong")
        for text, x, side in ((before, _LEFT - 4, "end"), (after, _RIGHT + 4, "start"))
    ]
    # Strong lines are drawn last, on top of the others.
    order = sorted(range(len(slopes)), key=lambda at: slopes[at].emphasised)
    lines = [_line(slopes[at], down) for at in order]
    names = [
        *_names(slopes, [slope.before for slope in slopes], down, height, left=True),
        *_names(slopes, [slope.after for slope in slopes], down, height, left=False),
    ]
    return picture(
        joined(heads), joined(names), joined(lines),
        width=_WIDTH, height=height, label=label, css="plot",
    )  # fmt: skip


def slope_mark(*, emphasised: bool) -> Markup:
    """Draw the sign of one kind of line for a legend."""
    line = tag(
        "line", x1=5, x2=33, y1=11, y2=3, class_="tie" if emphasised else "axis",
        stroke_width=3 if emphasised else 1.5,
    )  # fmt: skip
    ends = [_end(x, y, emphasised) for x, y in ((5, 11), (33, 3))]
    return tag(
        "svg", line, *ends, viewBox="0 0 38 14", width=38, height=14, aria_hidden="true",
    )  # fmt: skip


def _line(slope: Slope, down: Callable[[float], float]) -> Markup:
    start, end = down(slope.before), down(slope.after)
    return tag(
        "g",
        tag("title", slope.label),
        tag(
            "line", x1=_LEFT + _GAP, x2=_RIGHT - _GAP, y1=start, y2=end,
            class_="tie" if slope.emphasised else "axis",
            stroke_width=3 if slope.emphasised else 1.5,
        ),
        _end(_LEFT + _GAP, start, slope.emphasised),
        _end(_RIGHT - _GAP, end, slope.emphasised),
    )  # fmt: skip


def _end(x: float, y: float, emphasised: bool) -> Markup:
    return tag("circle", cx=x, cy=y, r=4.5 if emphasised else 3, class_="dot")


def _names(
    slopes: Sequence[Slope],
    values: Sequence[float],
    down: Callable[[float], float],
    height: int,
    *,
    left: bool,
) -> list[Markup]:
    """Return name and figure beside each end, top first, at least a line apart."""
    order = sorted(range(len(slopes)), key=lambda at: (down(values[at]), slopes[at].label))
    wanted = [down(values[at]) for at in order]
    places = _apart(wanted, _TOP - 4, height - _BOTTOM + 4)
    room = (_LEFT if left else _WIDTH - _RIGHT) - 12
    edge, dot = (_LEFT, _LEFT + _GAP) if left else (_RIGHT, _RIGHT - _GAP)
    drawn = []
    for at, y in zip(order, places, strict=True):
        drawn.append(tag("line", x1=edge, x2=dot, y1=y, y2=down(values[at]), class_="grid"))
        slope = slopes[at]
        figure = slope.shown_before if left else slope.shown_after
        name = shorten(slope.label, room - text_width(figure, _SIZE) - 14, _SIZE)
        text = f"{name}  {figure}" if left else f"{figure}  {name}"
        drawn.append(
            tag(
                "text", tag("title", slope.label), text,
                x=_LEFT - 4 if left else _RIGHT + 4, y=y + 5,
                text_anchor="end" if left else "start",
                class_="strong" if slope.emphasised else None,
            )
        )  # fmt: skip
    return drawn


def _apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move places that are sorted at least a line apart, as little as can be, within limits."""
    # Less a line for each before it, places must only rise: runs that fall take their mean.
    runs: list[tuple[float, int]] = []
    for at, place in enumerate(wanted):
        mean, count = place - at * _LINE, 1
        while runs and runs[-1][0] > mean:
            before, more = runs.pop()
            mean, count = (mean * count + before * more) / (count + more), count + more
        runs.append((mean, count))
    last = bottom - _LINE * (len(wanted) - 1)
    means = [min(max(mean, top), last) for mean, count in runs for _ in range(count)]
    return [mean + at * _LINE for at, mean in enumerate(means)]
