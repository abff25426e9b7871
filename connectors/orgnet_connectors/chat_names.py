"""Mentions that a chat program writes as ``@Full Name`` in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class NameMentions:
    """Finds those mentioned in a text by the names that people go by in one export.

    A name that two people have is nobody's. Of names that begin alike, the longest one counts.

    Parameters
    ----------
    people
        Name and identity of everybody who may be mentioned.

    Examples
    --------
    >>> mentions = NameMentions([("Aya", "1"), ("Aya Ito", "2"), ("Ben", "3"), ("Ben", "4")])
    >>> mentions.found("@Aya Ito, see @Ayana and @Ben; aya@example.com @aya")
    ('2', '1')
    """

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        owner: dict[str, str | None] = {}
        for name, identity in people:
            key = name.casefold().strip()
            if key:
                owner[key] = identity if owner.get(key, identity) == identity else None
        self._owner = owner
        self._lengths = sorted({len(key) for key in owner}, reverse=True)

    def found(self, text: str) -> tuple[str, ...]:
        """Return who is mentioned, in order, each once."""
        if "@" not in text:
            return ()
        return tuple(dict.fromkeys(self._all(text.casefold())))

    def _all(self, text: str) -> Iterator[str]:
        place = text.find("@")
        while place >= 0:
            start = place + 1
            if place == 0 or not text[place - 1].isalnum():
                for length in self._lengths:
                    end = start + length
                    if text[start:end] in self._owner and not text[end : end + 1].isalnum():
                        identity = self._owner[text[start:end]]
                        if identity is not None:
                            yield identity
                        start = end
                        break
            place = text.find("@", start)
