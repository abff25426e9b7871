"""Names in the answers of a survey: what looks like one, where one ends, and its identity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_cells import identity
from orgnet_connectors.survey_scales import is_no_answer

#: Marks identities that are names, so that the core can tell them from ids.
PREFIX = "name:"

#: A name has at most so many words and characters; longer texts are remarks.
LONGEST_NAME_WORDS = 6
LONGEST_NAME = 80

_ADDRESS = re.compile(r"[^@\s<>:;,|()]+@[^@\s<>:;,|()]+")
_ID = re.compile(r"[A-Za-z]{0,4}[-_#]?\d[\w\-]*")
_SEPARATORS = re.compile(r"\s*(?:[;\n\r|•·/&]+|\s(?:and|und|et|en|oraz)\s)\s*")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}\s*[.):]\s+|[-*•–]\s+)")
_BARE_COMMA = re.compile(r",(?=\S)")
_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[^\w]+|_+")
_PARENTHESES = re.compile(r"\([^()]*\)")
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]*)*", re.UNICODE)
_PARTICLES = frozenset(
    (
        *("van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le"),
        *("el", "al", "bin", "ibn", "zu", "zur", "zum", "ter", "ten", "y", "e", "af", "av"),
    )
)
_NOBODY = frozenset(
    heading_key(word)
    for word in (
        *("none", "nobody", "no one", "noone", "no-one", "nil", "nothing", "not applicable", "no"),
        *("nobody else", "none of the above", "keine", "keiner", "keine person", "niemand"),
        *("niemanden", "personne", "aucun", "aucune", "nadie", "ninguno", "ninguna", "nessuno"),
        *("geen", "ninguém", "nenhum", "nikt", "brak", "xxx", "test"),
    )
)
#: Words in the names of tools, teams and topics, never in those of people.
_THINGS = frozenset(
    (
        *(
            "team",
            "teams",
            "work",
            "office",
            "google",
            "microsoft",
            "docs",
            "drive",
            "excel",
            "word",
        ),
        *("sales", "support", "marketing", "finance", "engineering", "operations", "product", "hr"),
        *("management", "project", "goals", "goal", "clarity", "communication", "culture", "time"),
        *("strategy", "trust", "meeting", "meetings", "chat", "mail", "email", "phone", "call"),
        *("zoom", "slack", "news", "service", "services", "quality", "data", "research", "legal"),
        *("department", "company", "business", "customer", "customers", "leadership", "training"),
        *(
            "development",
            "design",
            "human",
            "resources",
            "new",
            "other",
            "all",
            "my",
            "our",
            "your",
        ),
        *(
            "the",
            "of",
            "to",
            "in",
            "on",
            "with",
            "for",
            "not",
            "very",
            "agree",
            "disagree",
            "never",
        ),
        *(
            "always",
            "often",
            "daily",
            "weekly",
            "monthly",
            "north",
            "south",
            "east",
            "west",
            "city",
        ),
        *("satisfied", "dissatisfied", "full", "part", "remote", "hybrid", "start", "end", "date"),
        *("united", "street", "level", "senior", "junior", "total", "points", "yes", "no", "staff"),
    )
)


def plain(text: str) -> str:
    """Reduce a name to its words, first name first, without case, accents and punctuation.

    Examples
    --------
    >>> plain("Ito, Áya (Sales)"), plain(" AYA  ITO ")
    ('aya ito', 'aya ito')
    """
    bare = _PARENTHESES.sub(" ", text)
    head, comma, tail = bare.partition(",")
    if comma and "," not in tail and tail.strip():
        bare = f"{tail} {head}"
    decomposed = unicodedata.normalize("NFKD", bare).casefold()
    words = _ACCENTS.sub("", unicodedata.normalize("NFKD", decomposed))
    return " ".join(_NO_WORD.sub(" ", words.replace("'", "").replace("’", "")).split())


def key_of(text: str) -> str:
    """Bring a name, address or id to a form in which the same is equal, the words in any order.

    Examples
    --------
    >>> key_of("Ito, Aya") == key_of("aya ito"), key_of("Aya <A.Ito@Example.com>")
    (True, 'a.ito@example.com')
    """
    match = _ADDRESS.search(text)
    return match[0].lower() if match else " ".join(sorted(plain(text).split()))


def person_identity(text: str, ids: frozenset[str] = frozenset()) -> str:
    """Write whom a text names as an identity: an address, an id, or ``name:`` and the name.

    Empty where it names nobody.

    Parameters
    ----------
    text
        One name as it was written.
    ids
        Ids of the respondents; other texts are ids if they hold digits and no blank.

    Examples
    --------
    >>> person_identity("Ito, Aya"), person_identity("Aya Ito <aya@Example.com>")
    ('name:aya ito', 'aya@example.com')
    >>> person_identity("E-0012"), person_identity("n/a"), person_identity("12.0")
    ('E-0012', '', '12')
    """
    text = " ".join(text.split())
    if not text or names_nobody(text):
        return ""
    match = _ADDRESS.search(text)
    if match:
        return match[0].lower()
    as_id = identity(text)
    if as_id in ids or _ID.fullmatch(as_id):
        return as_id
    name = plain(text)
    return f"{PREFIX}{name}" if name else ""


def names_nobody(text: str) -> bool:
    """Say whether an answer states that there is nobody: ``-``, ``none``, ``niemand``.

    Examples
    --------
    >>> names_nobody(" n/a "), names_nobody("No one"), names_nobody("Noa")
    (True, True, False)
    """
    return is_no_answer(text) or heading_key(text) in _NOBODY


def looks_like_a_name(text: str, *, full: bool = False) -> bool:
    """Say whether a text could be the name of a person, an address, or nothing else.

    Parameters
    ----------
    text
        One name as it was written.
    full
        True to ask for a first and a family name.

    Examples
    --------
    >>> looks_like_a_name("Aya Ito"), looks_like_a_name("ben"), looks_like_a_name("It is fine.")
    (True, True, False)
    >>> looks_like_a_name("ben", full=True), looks_like_a_name("Google Docs", full=True)
    (False, False)
    """
    text = _PARENTHESES.sub(" ", text).strip()
    if _ADDRESS.fullmatch(text):
        return True
    if not text or len(text) > LONGEST_NAME or text.count(",") > 1:
        return False
    words = text.replace(",", " ").split()
    if not (2 if full else 1) <= len(words) <= LONGEST_NAME_WORDS:
        return False
    if any(heading_key(word) in _THINGS for word in words):
        return False
    if not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    if text.rstrip(",") != text or (text.endswith(".") and len(words[-1]) > 3):
        return False
    strict = [word for word in words if word not in _PARTICLES]
    capitals = sum(not word[0].islower() for word in strict)
    if full:
        return capitals == len(strict) and len(strict) >= 2
    # In free text people write "dana roux"; a longer text in lower case is a remark.
    return capitals == len(strict) or len(words) <= 3


class NameSplitter:
    """Cuts the cells of one question into names.

    Semicolons, line ends, bullets, ``&``, ``/`` and "and" always separate. Commas may also stand
    inside of a name ("Ito, Aya"): names that are known from elsewhere in the file are found
    first, the longest first; the rest is cut as the known ones of this question show.

    Parameters
    ----------
    cells
        The different cells of the question.
    known
        `key_of` of people who are known from elsewhere in the file.
    one_each
        True where every cell is meant for one name, so that its one comma is inside of it.

    Examples
    --------
    >>> known = frozenset({key_of("Osei, Ben"), key_of("Lund, Cy")})
    >>> splitter = NameSplitter(["Osei, Ben,Lund, Cy", "Roux, Dana"], known)
    >>> splitter("Osei, Ben,Lund, Cy"), splitter("Roux, Dana")
    (['Osei, Ben', 'Lund, Cy'], ['Roux, Dana'])
    """

    def __init__(
        self,
        cells: Iterable[str],
        known: frozenset[str],
        *,
        one_each: bool = False,
    ) -> None:
        self._known = known
        self._one_each = one_each
        #: Commas without a blank behind them separate choices that may hold ", ".
        self._bare = False
        #: Commas stand inside of names rather than between them.
        self.last_name_first = False
        #: Whether commas had to be read and nothing showed how.
        self.undecided = False
        parts = [part for cell in cells for part in self._pieces(cell) if "," in part]
        self._look_at([p for p in parts if not (one_each and _is_last_first(p))])

    def __call__(self, cell: str) -> list[str]:
        """Return the names in a cell, each without numbering and blanks around it."""
        if names_nobody(cell):
            # Before "n/a" is cut in two.
            return []
        names = (name for part in self._pieces(cell) for name in self._names(part))
        tidy = (_NUMBERING.sub("", name).strip(" \t,.;") for name in names)
        return [name for name in tidy if name]

    def _pieces(self, cell: str) -> list[str]:
        return [part for part in _SEPARATORS.split(cell) if part.strip()]

    def _look_at(self, parts: list[str]) -> None:
        self._bare = any(
            len(cut := _BARE_COMMA.split(part)) > 1 and any(", " in piece for piece in cut)
            for part in parts
        )
        if self._bare:
            parts = [piece for part in parts for piece in _BARE_COMMA.split(part) if "," in piece]
        pairs = singles = 0
        single_words = bool(parts)
        for part in parts:
            tokens = [token.strip() for token in part.split(",")]
            matched = self._match(tokens)
            pairs += sum(size == 2 for size, known in matched if known)
            singles += sum(size == 1 for size, known in matched if known)
            even = len(tokens) % 2 == 0
            single_words &= even and all(1 <= len(token.split()) <= 2 for token in tokens)
            # Several words before the comma are a whole name.
            singles += len(tokens[0].split()) > 2
        self.last_name_first = pairs > singles or (
            pairs == singles and single_words and (self._bare or _all_one_pair(parts))
        )
        self.undecided = bool(parts) and pairs == singles == 0 and not self._bare

    def _names(self, part: str) -> list[str]:
        if "," not in part or (self._one_each and _is_last_first(part)):
            return [part]
        if self._bare:
            return [name for piece in _BARE_COMMA.split(part) for name in self._cut(piece)]
        return self._cut(part)

    def _cut(self, part: str) -> list[str]:
        tokens = [token.strip() for token in part.split(",")]
        names: list[str] = []
        rest: list[str] = []
        position = 0
        for size, known in self._match(tokens):
            piece = tokens[position : position + size]
            position += size
            if known:
                names += self._unknown(rest)
                rest = []
                names.append(", ".join(piece))
            else:
                rest += piece
        return names + self._unknown(rest)

    def _unknown(self, tokens: list[str]) -> list[str]:
        """Cut what nobody in the file is called, as the rest of the question is written."""
        if not self.last_name_first or len(tokens) % 2:
            return tokens
        return [", ".join(tokens[at : at + 2]) for at in range(0, len(tokens), 2)]

    def _match(self, tokens: list[str]) -> list[tuple[int, bool]]:
        """Cut tokens into known names, the longest first, and single unknown ones."""
        found: list[tuple[int, bool]] = []
        position = 0
        while position < len(tokens):
            for size in (3, 2, 1):
                piece = tokens[position : position + size]
                if len(piece) == size and key_of(" ".join(piece)) in self._known:
                    found.append((size, True))
                    break
            else:
                size = 1
                found.append((1, False))
            position += size
        return found


def _is_last_first(part: str) -> bool:
    """Say whether the one comma of a text can be inside of a name, and not between two."""
    sides = part.split(",")
    return len(sides) == 2 and min(len(side.split()) for side in sides) == 1


def _all_one_pair(parts: list[str]) -> bool:
    """Say whether every cell is one "Last, First": lists of first names vary in length."""
    return len(parts) > 1 and all(part.count(",") == 1 for part in parts)
