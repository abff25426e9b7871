"""SVG elements as escaped markup, and how much room a text takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

#: Widths in em, of the widest sans-serif that readers commonly have.
_NARROW = frozenset("ijlftrI.,:;'|!()[] ")
_BROAD = frozenset("mwMW@%")
_SIGNS = frozenset("<>=+~#&_")


def tag(name: str, *children: str | Markup, **attributes: str | float | None) -> Markup:
    """Return one element: text and attribute values escaped, ``None`` left out, numbers short.

    A trailing underscore is dropped and others become hyphens, so ``class_`` and ``stroke_width``
    can be written. Numbers have one decimal at most: the same picture, the same bytes.

    Examples
    --------
    >>> str(tag("text", "R&D", x=12.04, class_="label"))
    '<text x="12" class="label">R&amp;D</text>'
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    if not children:
        return Markup("<{0}{1}/>").format(Markup(name), written)
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)


def picture(
    *children: Markup, width: int, height: int, label: str, css: str, role: str = "img"
) -> Markup:
    """Return an ``<svg>`` of its own with an accessible name."""
    return tag(
        "svg",
        *children,
        class_=css,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role=role,
        aria_label=label,
    )


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a sans-serif of `size` pixels; rather too wide.

    Examples
    --------
    >>> text_width("Legal", 10) < text_width("Marketing", 10) < text_width("研究开发部门", 10)
    True
    """
    return size * sum(map(_em, text))


def shorten(text: str, width: float, size: float) -> str:
    """Return the text, cut and ended by ``…`` where it is wider than `width`.

    Examples
    --------
    >>> shorten("Legal", 100, 12), shorten("Procurement and Logistics", 80, 12)
    ('Legal', 'Procurem…')
    """
    if text_width(text, size) <= width:
        return text
    room = width - size
    kept = ""
    for letter in text:
        room -= size * _em(letter)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def wrap(text: str, width: float, size: float, *, lines: int) -> list[str]:
    """Return the text in at most so many lines, the last one cut if need be.

    Examples
    --------
    >>> wrap("Research and Development", 90, 12, lines=2)
    ['Research and', 'Development']
    """
    wrapped: list[str] = []
    for word in text.split(" "):
        if wrapped and (
            len(wrapped) == lines or text_width(f"{wrapped[-1]} {word}", size) <= width
        ):
            wrapped[-1] += f" {word}"
        else:
            wrapped.append(word)
    return [shorten(line, width, size) for line in wrapped]


def label_column(labels: Iterable[str], widest: float, size: float) -> int:
    """Return how wide the column left of a plot must be: as its longest label, within limits."""
    longest = max((text_width(label, size) for label in labels), default=0.0)
    return round(min(max(longest, 60.0), widest) + 16)


def joined(elements: Iterable[Markup]) -> Markup:
    """Return elements one after the other."""
    return Markup("").join(elements)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in _NARROW:
        return 0.4
    if letter in _BROAD:
        return 1.0
    return 0.8 if letter.isupper() or letter in _SIGNS else 0.63


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return value
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)
