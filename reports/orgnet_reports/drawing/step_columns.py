"""One column a step, each with its figure above and its name below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from orgnet_reports.drawing.svg import joined, picture, tag, wrap

_WIDTH, _HEIGHT, _TOP, _BOTTOM, _SMALL = 720, 250, 30, 48, 12.5
_WIDEST, _STUB, _LINE = 72, 14, 16


def step_columns(
    steps: Sequence[tuple[str, float | None]],
    *,
    label: str,
    shown: Callable[[float | None], str],
    withheld: str,
) -> Markup:
    """Draw one column a step.

    Parameters
    ----------
    steps
        What the step is called and its figure, in order; None is drawn as a hatched stub.
    label
        What the picture says, for those who do not see it.
    shown
        Turns a figure into text.
    withheld
        Printed above a stub.
    """
    highest = max((figure for _, figure in steps if figure is not None), default=0.0) or 1.0
    room = _WIDTH / max(len(steps), 1)
    wide = round(min(_WIDEST, room * 0.6))
    floor = _HEIGHT - _BOTTOM
    drawn = []
    for at, (name, figure) in enumerate(steps):
        middle = round((at + 0.5) * room)
        tall = _STUB if figure is None else round(figure / highest * (floor - _TOP))
        lines = wrap(name, room - 6, _SMALL, lines=2)
        drawn.append(
            tag(
                "g",
                tag(
                    "rect",
                    x=middle - wide // 2,
                    y=floor - tall,
                    width=wide,
                    height=tall,
                    class_="column withheld" if figure is None else "column",
                ),
                tag(
                    "text",
                    withheld if figure is None else shown(figure),
                    x=middle,
                    y=floor - tall - 8,
                    text_anchor="middle",
                    class_="figure",
                ),
                *(
                    tag(
                        "text",
                        line,
                        x=middle,
                        y=floor + 18 + _LINE * row,
                        text_anchor="middle",
                        class_="small",
                    )
                    for row, line in enumerate(lines)
                ),
            )
        )
    axis = tag("line", x1=0, x2=_WIDTH, y1=floor, y2=floor, class_="axis")
    return picture(axis, joined(drawn), width=_WIDTH, height=_HEIGHT, label=label, css="plot")
