"""One column a week: how much contact there was, with withheld weeks hatched."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from orgnet_reports.drawing.svg import joined, picture, tag

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 240, 56, 16, 34


def week_columns(
    weeks: Sequence[tuple[str, int | None]], *, label: str, withheld: str, most: str
) -> Markup:
    """Draw one column a week.

    Parameters
    ----------
    weeks
        What the week is called and its figure, oldest first; None is drawn as a hatched stub.
    label
        What the picture says, for those who do not see it.
    withheld
        Printed above a stub.
    most
        The largest figure in words, printed at the top of the scale.
    """
    highest = max((figure for _, figure in weeks if figure is not None), default=0) or 1
    step = (_WIDTH - _LEFT) / max(len(weeks), 1)
    floor = _HEIGHT - _BOTTOM
    every = max(1, -(-len(weeks) // 8))
    columns = []
    for at, (name, figure) in enumerate(weeks):
        x = round(_LEFT + at * step + step * 0.14)
        wide = max(2, round(step * 0.72))
        tall = 14 if figure is None else round(figure / highest * (floor - _TOP - 14))
        columns.append(
            tag(
                "rect",
                x=x,
                y=floor - tall,
                width=wide,
                height=tall,
                class_="column withheld" if figure is None else "column",
            )
        )
        if figure is None:
            columns.append(
                tag(
                    "text",
                    withheld,
                    x=x + wide // 2,
                    y=floor - 20,
                    text_anchor="middle",
                    class_="small",
                )
            )
        if at % every == 0:
            columns.append(
                tag(
                    "text",
                    name,
                    x=x + wide // 2,
                    y=floor + 20,
                    text_anchor="middle",
                    class_="small",
                )
            )
    axis = [
        tag("line", x1=_LEFT, x2=_WIDTH, y1=floor, y2=floor, class_="axis"),
        tag("line", x1=_LEFT, x2=_WIDTH, y1=_TOP + 14, y2=_TOP + 14, class_="grid"),
        tag("text", most, x=_LEFT - 8, y=_TOP + 19, text_anchor="end", class_="small"),
        tag("text", "0", x=_LEFT - 8, y=floor + 4, text_anchor="end", class_="small"),
    ]
    return picture(
        joined(axis), joined(columns), width=_WIDTH, height=_HEIGHT, label=label, css="plot"
    )
