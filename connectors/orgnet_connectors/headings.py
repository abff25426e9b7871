"""What the headings of a table mean: matching them with the names that a column goes by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

#: Letters that have no decomposition into a plain letter and an accent.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_BRACKETS = re.compile(r"\[[^\]]*\]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


# Every connector in turn looks at the same headings.
@lru_cache(maxsize=1024)
def heading_key(heading: str) -> str:
    """Reduce a heading to what counts: letters and digits, without case, accents and `[...]`.

    ``#`` counts as the word number. Empty for a heading that has no letter or digit.

    Examples
    --------
    >>> heading_key("Email Address [Required]"), heading_key("e-mail_address")
    ('emailaddress', 'emailaddress')
    >>> heading_key("Employee #"), heading_key("Département")
    ('employeenumber', 'departement')
    """
    if "[" in heading:
        heading = _BRACKETS.sub("", heading)
    text = heading.replace("#", "number").casefold()
    if text.isascii():
        return text if text.isalnum() else "".join(filter(str.isalnum, text))
    text = text.translate(_PLAIN)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


def heading_words(heading: str) -> list[str]:
    """Split a heading into its words, in lower case and without accents.

    Examples
    --------
    >>> heading_words("physicalDeliveryOfficeName"), heading_words("Cost-Center [ID]")
    (['physical', 'delivery', 'office', 'name'], ['cost', 'center'])
    """
    spaced = _HUMP.sub(" ", _BRACKETS.sub("", heading))
    words = re.split(r"[\W_]+", spaced.replace("#", " number "))
    return [key for word in words if (key := heading_key(word))]


def snake_case(heading: str) -> str:
    """Give the column name of a heading that is none of ours.

    Examples
    --------
    >>> snake_case("Job Family"), snake_case("costCenter"), snake_case("%")
    ('job_family', 'cost_center', '')
    """
    return "_".join(heading_words(heading))


class Aliases:
    """The names that columns go by, best name first.

    Parameters
    ----------
    table
        Column to its names, as people write them; `heading_key` is applied to both sides.

    Raises
    ------
    ValueError
        If one name stands for two columns.

    Examples
    --------
    >>> aliases = Aliases({"location": ["location", "city"], "level": ["level"]})
    >>> aliases.positions(["City", "Level", "Location", "Shoe size"])
    {'location': (2, 0), 'level': (1,)}
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._column: dict[str, str] = {}
        self._rank: dict[str, int] = {}
        for column, names in table.items():
            for rank, name in enumerate(names):
                key = heading_key(name)
                if self._column.setdefault(key, column) != column:
                    raise ValueError(
                        f"{name!r} stands for both {self._column[key]!r} and {column!r}"
                    )
                self._rank.setdefault(key, rank)

    def column(self, heading: str) -> str | None:
        """Name the column that a heading stands for, or None."""
        return self._column.get(heading_key(heading))

    def positions(self, header: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Map each column that is there to the positions of its headings, best name first.

        Two headings of the same rank keep the order in which they stand in the file.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        for position, heading in enumerate(header):
            key = heading_key(heading)
            if key in self._column:
                found.setdefault(self._column[key], []).append((self._rank[key], position))
        return {
            column: tuple(position for _, position in sorted(places))
            for column, places in found.items()
        }
