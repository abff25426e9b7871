"""What the cells of a list of ties or interactions say: ids, numbers, nothing."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_FLOAT_TAIL = re.compile(r"(\d+)\.0+")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})


def is_missing(text: str) -> bool:
    """Say whether a cell states that there is nothing: empty, ``NA``, ``null`` ...

    Examples
    --------
    >>> is_missing(" NA "), is_missing("0")
    (True, False)
    """
    return text.strip().lower() in _MISSING


def identity(text: str) -> str:
    """Bring an id to the form that it has everywhere; empty where there is none.

    Addresses are in lower case and without a display name; numbers are without a tail.

    Examples
    --------
    >>> identity("12.0"), identity(" Aya Ito <Aya@Example.com>"), identity("NA")
    ('12', 'aya@example.com', '')
    """
    text = text.strip()
    if text.isdigit():
        return text
    if "@" in text:
        address = _ADDRESS.search(text) if "<" in text else None
        return (address[0] if address else text).lower()
    if match := _FLOAT_TAIL.fullmatch(text):
        return match[1]
    return "" if text.lower() in _MISSING else text


def is_number(text: str) -> bool:
    """Say whether a cell holds a number."""
    return read_number(text) is not None


def read_number(text: str) -> float | None:
    """Read a number with a decimal point or comma; None for anything else.

    ``1,234`` is None: in one country it is 1.234 and in another 1234.

    Examples
    --------
    >>> read_number("1,5"), read_number("-3"), read_number("inf"), read_number("often")
    (1.5, -3.0, inf, None)
    """
    try:
        return float(text)
    except ValueError:
        text = text.strip()
    if _THOUSANDS.fullmatch(text) or not _NUMBER.fullmatch(text):
        return None
    return float(text.replace(",", "."))
