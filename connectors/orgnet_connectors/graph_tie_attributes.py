"""What the attributes of a tie in a graph file say: its strength, its relation, its direction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from orgnet_connectors.headings import Aliases

#: A mutual tie is one tie in both directions.
Direction = Literal["directed", "undirected", "mutual"]

ATTRIBUTES = Aliases(
    {
        "value": ["weight", "strength", "value", "count", "frequency"],
        "relation": ["relation", "layer", "network", "kind", "type"],
        "direction": ["direction", "directed"],
    }
)

#: What an attribute says of the direction, which may also stand under ``type``.
_DIRECTIONS: dict[str, Direction] = {
    "directed": "directed",
    "true": "directed",
    "1": "directed",
    "undirected": "undirected",
    "false": "undirected",
    "0": "undirected",
    "mutual": "mutual",
    "both": "mutual",
}


class Stated(NamedTuple):
    """What is said about one tie; None or empty where nothing is."""

    strength: str | None
    relation: str
    direction: Direction | None


class TieAttributes:
    """Reads the attributes of ties by the names that they go by, and notes all others.

    Attributes
    ----------
    columns
        Heading in the file to the column of ours that it was read as.
    dropped
        Headings that were not looked at.

    Examples
    --------
    >>> attributes = TieAttributes()
    >>> attributes.read({"Weight": "2", "type": "advice", "note": "?"})
    Stated(strength='2', relation='advice', direction=None)
    >>> attributes.read({"type": "Undirected"}).direction, attributes.dropped
    ('undirected', {'note'})
    """

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.dropped: set[str] = set()
        self._column: dict[str, str | None] = {}

    def read(self, attributes: Mapping[str, str]) -> Stated:
        """Return what the attributes of one tie say; of several strengths the best name counts."""
        if not attributes:
            return Stated(None, "", None)
        for heading in attributes:
            if heading not in self._column:
                self._note(heading)
        at = _best(tuple(heading for heading, text in attributes.items() if text.strip()))
        texts = {column: attributes[heading].strip() for column, heading in at.items()}
        relation = texts.get("relation", "")
        stated = _DIRECTIONS.get(texts.get("direction", "").lower())
        in_relation = _DIRECTIONS.get(relation.lower()) if not relation.isdigit() else None
        return Stated(
            strength=texts.get("value"),
            relation="" if in_relation else relation,
            direction=stated or in_relation,
        )

    def _note(self, heading: str) -> None:
        column = self._column[heading] = ATTRIBUTES.column(heading)
        if column is None:
            self.dropped.add(heading)
        else:
            self.columns[heading] = column


@lru_cache(maxsize=256)
def _best(headings: tuple[str, ...]) -> dict[str, str]:
    """Map each column that is there to its best heading; the same few for all ties of a file."""
    found = ATTRIBUTES.positions(headings)
    return {column: headings[places[0]] for column, places in found.items()}
