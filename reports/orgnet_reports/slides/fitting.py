"""Text that never leaves its box: the size at which it fits, or the text cut to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from orgnet_reports.drawing.svg import text_width

_POINTS_AN_INCH = 72.0

#: Height of a line over the size of its letters.
LINE = 1.22

_ELLIPSIS = "…"

#: Ends a name written from right to left, so that what follows stays in the sentence's direction.
_LEFT_TO_RIGHT = "\u200e"


def lines_of(text: str, width: float, size: float) -> int:
    """Return into how many lines a text breaks at most.

    Words too long for a line are broken.

    Parameters
    ----------
    text
        One paragraph.
    width
        Of the line, in inches.
    size
        Of the letters, in points.

    Examples
    --------
    >>> lines_of("Legal and Support barely connect", 8, 24)
    1
    >>> lines_of("W" * 300, 8, 24) > 10
    True
    """
    room = width * _POINTS_AN_INCH
    lines, used, space = 1, 0.0, text_width(" ", size)
    for word in text.split():
        length = text_width(word, size)
        if used and used + space + length > room:
            lines, used = lines + 1, 0.0
        elif used:
            used += space
        if length > room:
            # Words without a place to break are broken by letters: a little is lost on each line.
            whole = int(length / (room - size))
            lines, used = lines + whole, length - whole * (room - size)
        else:
            used += length
    return lines


def fitted(
    paragraphs: Sequence[str],
    *,
    width: float,
    height: float,
    sizes: Sequence[float],
    gap: float = 0.0,
) -> tuple[tuple[str, ...], float]:
    """Return the paragraphs and the largest size at which they fit; cut at the smallest if need be.

    Parameters
    ----------
    paragraphs
        The text.
    width, height
        Of the box without its margins, in inches.
    sizes
        In points, the preferred first.
    gap
        Room between paragraphs, in lines.

    Examples
    --------
    >>> fitted(["Legal and Support barely connect"], width=8, height=1, sizes=(28, 20))
    (('Legal and Support barely connect',), 28)
    >>> text, size = fitted(["W" * 300], width=4, height=0.5, sizes=(28, 20))
    >>> text[0][-1], size
    ('…', 20)
    """
    for size in sizes:
        if _height(paragraphs, width, size, gap) <= height:
            return tuple(paragraphs), size
    smallest = sizes[-1]
    shown = list(paragraphs)
    while _height(shown, width, smallest, gap) > height:
        longest = max(range(len(shown)), key=lambda at: (len(shown[at]), -at))
        kept = shown[longest].removesuffix(_ELLIPSIS)
        if len(kept) > 6 or (len(shown) == 1 and len(kept) > 1):
            shown[longest] = kept[: max(1, int(len(kept) * 0.94))].rstrip() + _ELLIPSIS
        elif len(shown) > 1:
            shown.pop()
        else:
            break
    return tuple(shown), smallest


def reads_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left.

    Examples
    --------
    >>> reads_right_to_left("المالية"), reads_right_to_left("Finance")
    (True, False)
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def in_sentence(sentence: str, names: Iterable[str]) -> str:
    """Return a sentence in which names from right to left do not move what follows them."""
    for name in sorted({name for name in names if reads_right_to_left(name[::-1])}):
        sentence = sentence.replace(name, name + _LEFT_TO_RIGHT)
    return sentence


def _height(paragraphs: Sequence[str], width: float, size: float, gap: float) -> float:
    lines = sum(lines_of(paragraph, width, size) for paragraph in paragraphs)
    lines_and_gaps = lines + gap * max(len(paragraphs) - 1, 0)
    return lines_and_gaps * size * LINE / _POINTS_AN_INCH
