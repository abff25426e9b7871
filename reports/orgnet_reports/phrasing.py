"""The catalogue's sentences as markup: names kept apart, glossary terms linked at first use.

A term is marked ``[[tie]]`` or ``[[tie|ties]]`` in the catalogue. Arguments never take part in
that reading, so a department named ``[[tie]]`` stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

from orgnet.words import Words

_TERM = re.compile(r"\[\[(?P<term>[^\]|]+)(?:\|(?P<shown>[^\]]+))?\]\]")


class Name(str):
    """A department's name: shown inside ``<bdi>``, so that its direction changes nothing else."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return Markup("<bdi>{}</bdi>").format(str(self))


class Speaker:
    """Says the sentences of one page, and remembers which terms it has explained.

    Parameters
    ----------
    words
        The catalogue.

    Examples
    --------
    >>> say = Speaker(Words({"seen": "{who} has two [[tie|ties]]", "word.tie.term": "Tie"}))
    >>> str(say("seen", who=Name("R&D")))
    '<bdi>R&amp;D</bdi> has two <a class="term" href="#word-tie">ties</a>'
    >>> say.plain("seen", who=Name("R&D"))
    'R&D has two ties'
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._linked: list[str] = []

    def __call__(self, key: str, /, **arguments: object) -> Markup:
        """Return the sentence as markup; every argument is escaped."""
        return Markup("").join(self._pieces(key, arguments))

    def plain(self, key: str, /, **arguments: object) -> str:
        """Return the sentence as text, for attributes and drawings."""
        return "".join(
            _TERM.sub(lambda found: found["shown"] or found["term"], piece.text)
            + ("" if piece.value is None else str(piece.value))
            for piece in self._words.pieces(key, arguments)
        )

    def counted(self, key: str, number: int, /, **arguments: object) -> Markup:
        """Return ``KEY.one`` or ``KEY.other``, as the language asks for the number."""
        return self(self._words.counted(key, number), **arguments)

    def code(self, prefix: str, code: str) -> str:
        """Return the words for a code; one that the catalogue lacks is read as the words it is.

        Connectors and later versions of the core may bring codes of their own.

        Examples
        --------
        >>> Speaker(Words({})).code("skipped", "no_addressee")
        'no addressee'
        """
        key = f"{prefix}.{code}"
        return self.plain(key) if key in self._words else code.replace("_", " ")

    def __contains__(self, key: str) -> bool:
        return key in self._words

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms linked so far, by first use."""
        return tuple(self._linked)

    def _pieces(self, key: str, arguments: dict[str, object]) -> Iterable[Markup]:
        for text, value in self._words.pieces(key, arguments):
            terms, rest = _read(text)
            for before, term, shown in terms:
                yield before
                yield self._term(term, shown)
            yield rest
            if value is not None:
                yield escape(value)

    def _term(self, term: str, shown: str) -> Markup:
        if term in self._linked:
            return escape(shown)
        self._linked.append(term)
        return Markup('<a class="term" href="#word-{}">{}</a>').format(term, shown)


@cache
def _read(text: str) -> tuple[tuple[tuple[Markup, str, str], ...], Markup]:
    """Return every term of a text with what stands before it, and what stands after the last."""
    terms, end = [], 0
    for found in _TERM.finditer(text):
        before = escape(text[end : found.start()])
        terms.append((before, found["term"], found["shown"] or found["term"]))
        end = found.end()
    return tuple(terms), escape(text[end:])


def isolate(sentence: str, names: Iterable[str]) -> Markup:
    """Return a finished sentence as markup, with every one of the names inside ``<bdi>``.

    Examples
    --------
    >>> str(isolate("Legal and R&D barely connect", ["Legal", "R&D"]))
    '<bdi>Legal</bdi> and <bdi>R&amp;D</bdi> barely connect'
    """
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    if not longest_first:
        return escape(sentence)
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first)
    pieces: list[Markup] = []
    end = 0
    for found in re.finditer(pattern, sentence):
        pieces += [escape(sentence[end : found.start()]), Name(found[0]).__html__()]
        end = found.end()
    return Markup("").join([*pieces, escape(sentence[end:])])
