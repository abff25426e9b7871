"""Draws who works with whom: dots around a ring, names outside it, lines within."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from orgnet.report_model import HowOften, TeamTie
from orgnet_reports.drawing.svg import joined, picture, shorten, tag, text_width, wrap
from orgnet_reports.team.seats import BESIDE, EDGE, WIDTH, Seat, Seating, name_size

#: Hues there are; further departments are drawn in the colour of the text.
HUES = 8

_CENTRE = WIDTH / 2

#: Two lines of a name need so much more than one.
_LEADING = 1.12

#: From so many lines on each is drawn fainter.
_DENSE = 90


class Guest(Struct, frozen=True, kw_only=True):
    """One person as drawn: the name, the department and what is said of them aloud."""

    name: str
    department: int | None
    sentence: str


def ring(
    guests: Sequence[Guest],
    titles: Sequence[str],
    ties: Sequence[TeamTie],
    seating: Seating,
    *,
    untitled: str,
    label: str,
) -> Markup:
    """Draw the people in their places.

    Parameters
    ----------
    guests
        The people, by position.
    titles
        Names of the departments, by position.
    ties
        Lines to draw, by position of the people.
    seating
        Where they sit.
    untitled
        Title of those of no known department.
    label
        What the picture says, for those who do not see it.
    """
    size = name_size(seating.row)
    at = {seat.person: seat for seat in seating.seats}
    lines = [_line(tie, at, guests, seating.height) for tie in ties]
    return picture(
        joined(_bench(bench.department, [seating.seats[seat] for seat in bench.seats])
               for bench in seating.benches),
        tag("g", *lines, class_="lines dense" if len(lines) > _DENSE else "lines")
        if lines
        else Markup(""),
        joined(
            _title(
                untitled if bench.department is None else titles[bench.department],
                bench.department, bench.x, bench.y, bench.side, size,
            )
            for bench in seating.benches
        ),
        joined(_guest(guests[seat.person], seat, seating.row, size) for seat in seating.seats),
        width=WIDTH,
        height=seating.height,
        label=label,
        css="ring",
        role="group",
    )  # fmt: skip


def lit_rules(people: int) -> str:
    """Return the style that leaves, while somebody is pointed at, only their lines.

    Examples
    --------
    >>> lit_rules(1).count("{")
    1
    """
    return "".join(
        f".ring:has(.p{at}:is(:hover,:focus)) .line:not(.l{at}){{stroke-opacity:.07}}\n"
        for at in range(people)
    )


def legend_line(often: HowOften) -> Markup:
    """Draw the sample of a line for the legend."""
    return tag(
        "svg",
        tag("path", d="M2 8H42", class_=f"line {often}"),
        viewBox="0 0 44 16", width=44, height=16, aria_hidden="true", class_="sample",
    )  # fmt: skip


def hue(department: int | None) -> str:
    """Return the class that colours what belongs to a department.

    Examples
    --------
    >>> hue(0), hue(None), hue(20)
    ('hue-1', 'hue-0', 'hue-0')
    """
    return f"hue-{department + 1}" if department is not None and department < HUES else "hue-0"


def _bench(department: int | None, seats: Sequence[Seat]) -> Markup:
    points = [f"{seat.x:.0f} {seat.y:.0f}" for seat in seats]
    return tag(
        "path", d="M" + "L".join(points if len(points) > 1 else points * 2),
        class_=f"bench {hue(department)}",
    )  # fmt: skip


def _line(tie: TeamTie, at: dict[int, Seat], guests: Sequence[Guest], height: float) -> Markup:
    one, other = at[tie.first], at[tie.second]
    x, y = (one.x + other.x) / 2, (one.y + other.y) / 2
    if one.side == other.side:
        # The farther apart, the deeper the line swings into the ring.
        inwards = min(abs(x - _CENTRE) * 1.1, 26 + 0.62 * abs(one.y - other.y))
        x -= one.side * inwards
    else:
        x = _CENTRE + (x - _CENTRE) * 0.3
        y = height / 2 + (y - height / 2) * 0.72
    first, second = guests[tie.first].department, guests[tie.second].department
    where = hue(first) if first == second else "across"
    return tag(
        "path",
        d=f"M{one.x:.0f} {one.y:.0f}Q{x:.0f} {y:.0f} {other.x:.0f} {other.y:.0f}",
        class_=f"line {tie.how_often} {where} l{tie.first} l{tie.second}",
    )


def _title(text: str, department: int | None, x: float, y: float, side: int, size: float) -> Markup:
    # Titles are bold, which takes about an eighth more room.
    room = _room(x, side) / 1.14
    return tag(
        "text", shorten(text, room, size),
        x=x + side * BESIDE, y=y + 0.36 * size, text_anchor=_anchor(side),
        font_size=size, class_=f"title {hue(department)}",
    )  # fmt: skip


def _guest(guest: Guest, seat: Seat, row: float, size: float) -> Markup:
    names = fitted(guest.name, _room(seat.x, seat.side), row, size)
    leading = size * _LEADING
    top = seat.y + 0.36 * size - leading * (len(names) - 1) / 2
    text = tag(
        "text",
        *(
            tag("tspan", line, x=seat.x + seat.side * BESIDE, y=top + leading * number)
            for number, line in enumerate(names)
        ),
        text_anchor=_anchor(seat.side),
        font_size=size,
    )
    return tag(
        "g",
        tag("title", guest.sentence),
        # A target that is large enough to be pointed at.
        tag("rect", x=seat.x - BESIDE, y=seat.y - row / 2, width=2 * BESIDE, height=row,
            class_="target"),
        tag("circle", cx=seat.x, cy=seat.y, r=min(6.0, row * 0.28), class_="dot"),
        text,
        tabindex=0,
        role="img",
        aria_label=guest.sentence,
        class_=f"guest {hue(guest.department)} p{seat.person}",
    )  # fmt: skip


def fitted(name: str, room: float, row: float, size: float) -> list[str]:
    """Return a name in one line; in two where there is room; else with initials, or cut.

    Examples
    --------
    >>> fitted("Ada Hollingsworth-Fernández", 150, 40, 15)
    ['Ada', 'Hollingsworth-…']
    >>> fitted("Ada Hollingsworth-Fernández", 190, 17, 12)
    ['A. Hollingsworth-Fernández']
    """
    if text_width(name, size) <= room:
        return [name]
    if row >= 2 * size * _LEADING + 2 and " " in name:
        return wrap(name, room, size, lines=2)
    given, _, surname = name.partition(" ")
    short = f"{given[:1]}. {surname}"
    told = len(surname) > 3 and text_width(short, size) <= room
    return [short if told else shorten(name, room, size)]


def _room(x: float, side: int) -> float:
    return (WIDTH - x if side > 0 else x) - BESIDE - EDGE


def _anchor(side: int) -> str:
    return "start" if side > 0 else "end"
