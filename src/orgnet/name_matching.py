"""Who is meant by a name: matching what people write in surveys with the roster, never by guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from orgnet.network import as_ids

#: Columns of what `match_names` returns.
COLUMNS = ("name", "person", "score", "how", "candidates")

#: How alike two names must be, of 100, to be taken for one without asking.
ACCEPTED = 90.0

#: By so much the best match must be better than that with anybody else.
MARGIN = 5.0

#: From here on a name is worth showing to whoever confirms the unsure ones.
WORTH_ASKING = 70.0

#: So many candidates are listed.
MOST_CANDIDATES = 5

#: Survey readers mark names with it, to tell them from ids.
PREFIX = "name:"

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ADDRESS = re.compile(r"[^@\s<>:;,|()]+@[^@\s<>:;,|()]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[\W_]+")
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""}
)
#: Those that are nobody's name: "Ing" and "Pan" are.
_TITLES = frozenset(
    (
        *("dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "rev"),
        *("phd", "mba", "msc", "bsc", "jr", "sr", "esq", "herr", "frau", "dipl"),
        *("monsieur", "madame", "mme", "mlle", "senor", "senora", "sra", "dott", "dottssa"),
        *("drs", "mgr", "inz", "dhr", "mevr"),
    )
)
#: Short forms of first names; each only suggests people, who are then confirmed by hand.
_NICKNAMES = {
    short: frozenset(names.split())
    for short, names in {
        "abby": "abigail",
        "al": "alan albert alexander alfred",
        "alex": "alexander alexandra alexandre alejandro",
        "andy": "andrew andreas",
        "beth": "elizabeth",
        "bill": "william",
        "bob": "robert",
        "cathy": "catherine",
        "chris": "christian christina christine christopher",
        "dan": "daniel",
        "dave": "david",
        "dick": "richard",
        "ed": "edgar edmund edward edwin",
        "fred": "alfred frederick frederic",
        "greg": "gregory",
        "hans": "johannes",
        "jack": "john",
        "jim": "james",
        "joe": "joseph",
        "kate": "catherine katherine",
        "kathy": "katherine kathleen",
        "ken": "kenneth",
        "larry": "lawrence",
        "liz": "elizabeth",
        "maggie": "margaret",
        "matt": "matthew matthias",
        "max": "maximilian maxwell",
        "meg": "margaret megan",
        "mike": "michael",
        "nick": "nicholas nicolas",
        "pat": "patricia patrick",
        "paco": "francisco",
        "peggy": "margaret",
        "pepe": "jose",
        "pete": "peter",
        "ray": "raymond",
        "rick": "richard",
        "rob": "robert",
        "ron": "ronald",
        "sam": "samantha samuel",
        "sandy": "alexander alexandra sandra",
        "sepp": "josef",
        "steve": "stephen steven",
        "sue": "susan susanne",
        "ted": "edward theodore",
        "tim": "timothy",
        "tom": "thomas",
        "tony": "anthony antonio",
        "vicky": "victoria",
        "will": "william",
    }.items()
}


def plain_name(text: str) -> str:
    """Reduce a name to its words, first name first: no case, accents, titles or punctuation.

    What stands in parentheses is left out; ``Last, First`` is turned. Empty for a text
    without a letter or digit.

    Examples
    --------
    >>> plain_name("Dr. Nov\u00e1k, Eli (Sales)"), plain_name("name:O'Brien-Ito")
    ('eli novak', 'obrien ito')
    """
    text = text.removeprefix(PREFIX)
    bare = _PARENTHESES.sub(" ", text)
    head, comma, tail = bare.partition(",")
    words, after = _words(head), _words(tail)
    ordered = after + words if comma and "," not in tail else words + after
    return " ".join([word for word in ordered if word not in _TITLES] or ordered)


def match_names(names: Iterable[str], people: pd.DataFrame) -> pd.DataFrame:
    """Match names, addresses or ids that people wrote with the people of the roster.

    Asked in this order: address; person id or alias; the whole name, in any order of its
    words; then a name so like one person's (`ACCEPTED`) and so much less like anybody else's
    (`MARGIN`) that it is a spelling of it. Whatever fits two people fits nobody: first names,
    nicknames, initials and namesakes stay unmatched, with those whom they may mean.

    Parameters
    ----------
    names
        As they were written; repeated ones are answered once.
    people
        The roster: ``person``, and of ``name``, ``emails``, ``aliases``, ``kind`` what there is.
        Rooms, bots and shared mailboxes are matched by id and address only.

    Returns
    -------
    pandas.DataFrame
        One row a different name, in the order given. ``name``; ``person``, None where nobody
        was accepted; ``score`` 0 to 100, the likeness of the best candidate; ``how``: ``id``,
        ``address``, ``exact``, ``fuzzy``, or None; ``candidates``: ids of those it may mean,
        best first, for a name that waits to be confirmed; empty where it is matched or like
        nobody's.

    Examples
    --------
    >>> roster = pd.DataFrame({"person": ["1", "2", "3"],
    ...                        "name": ["Aya Ito", "Ben Osei", "Ben Okafor"]})
    >>> found = match_names(["Ito, Aya", "Ben Ossei", "Ben", "the HR team"], roster)
    >>> found[["person", "how", "candidates"]].values.tolist()
    [['1', 'exact', ()], ['2', 'fuzzy', ()], [None, None, ('2', '3')], [None, None, ()]]
    """
    known = _Known(people)
    rows = [known.match(name) for name in dict.fromkeys(names)]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return table.astype({"score": float})


@dataclass(frozen=True, slots=True)
class _Named:
    """One form of one person's name."""

    row: int
    words: frozenset[str]
    #: the words in order of the alphabet, for comparisons
    sorted: str


class _Known:
    """The people of a roster, to be found by what may be written for them."""

    def __init__(self, people: pd.DataFrame) -> None:
        self._ids: list[str] = as_ids(people["person"]).tolist()
        self._keys: dict[str, set[int]] = {}
        self._addresses: dict[str, set[int]] = {}
        for row, person in enumerate(self._ids):
            _claim(self._keys, person, row)
            if "@" in person:
                _claim(self._addresses, person, row)
        for row, address in _listed(people, "emails"):
            _claim(self._addresses, address, row)
        for row, alias in _listed(people, "aliases"):
            _claim(self._addresses if "@" in alias else self._keys, alias, row)
        self._named = list(_names_of(people))
        self._choices = [named.sorted for named in self._named]
        self._exact: dict[str, set[int]] = {}
        for named in self._named:
            self._exact.setdefault(named.sorted, set()).add(named.row)

    def match(self, name: str) -> tuple[str, str | None, float, str | None, tuple[str, ...]]:
        """Return the row of the result for one name."""
        written = name.removeprefix(PREFIX).strip()
        for how, rows in (("address", self._by_address(written)), ("id", self._by_id(written))):
            if rows:
                return self._answer(name, rows, 100.0, how)
        words = plain_name(written).split()
        if not words:
            return name, None, 0.0, None, ()
        exact = self._exact.get(" ".join(sorted(words)), set())
        if len(exact) == 1 and len(words) == 1:
            # Somebody called by one word only, and others who may be called so.
            exact = exact | set(self._may_mean(words))
        if exact:
            return self._answer(name, exact, 100.0, "exact")
        return self._alike(name, words)

    def _answer(
        self, name: str, rows: set[int], score: float, how: str
    ) -> tuple[str, str | None, float, str | None, tuple[str, ...]]:
        """Accept the one person, or list the several for somebody to choose from."""
        if len(rows) == 1:
            return name, self._ids[next(iter(rows))], score, how, ()
        listed = tuple(self._ids[row] for row in sorted(rows))[:MOST_CANDIDATES]
        return name, None, score, None, listed

    def _by_address(self, written: str) -> set[int]:
        match = _ADDRESS.search(written)
        if match is None:
            return set()
        address = match[0].lower()
        local, _, domain = address.rpartition("@")
        untagged = f"{local.partition('+')[0]}@{domain}"
        return self._addresses.get(address) or self._addresses.get(untagged, set())

    def _by_id(self, written: str) -> set[int]:
        exact = [row for row in self._keys.get(written.lower(), ()) if self._ids[row] == written]
        return set(exact) or self._keys.get(written.lower(), set())

    def _alike(
        self, name: str, words: list[str]
    ) -> tuple[str, str | None, float, str | None, tuple[str, ...]]:
        scores = self._scores(words)
        likeness = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        best = likeness[0][1] if likeness else 0.0
        second = likeness[1][1] if len(likeness) > 1 else 0.0
        # One word is a first name or a family name, whoever else may have it.
        if len(words) > 1 and best >= ACCEPTED and best - second >= MARGIN:
            return name, self._ids[likeness[0][0]], best, "fuzzy", ()
        candidates = dict.fromkeys(row for row, _ in likeness)
        candidates.update(dict.fromkeys(self._may_mean(words)))
        listed = tuple(self._ids[row] for row in list(candidates)[:MOST_CANDIDATES])
        return name, None, best, None, listed

    def _scores(self, words: list[str]) -> dict[int, float]:
        """Likeness of the best form of the name of everybody worth asking about."""
        found = process.extract(
            " ".join(sorted(words)),
            self._choices,
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=WORTH_ASKING,
            limit=4 * MOST_CANDIDATES,
        )
        scores: dict[int, float] = {}
        for _, score, index in found:
            row = self._named[index].row
            scores[row] = max(score, scores.get(row, 0.0))
        return scores

    def _may_mean(self, words: list[str]) -> Iterator[int]:
        """People of whose name every word is a part, an initial or a short form."""
        for named in self._named:
            if all(_stands_for(word, named.words) for word in words):
                yield named.row


def _stands_for(word: str, words: frozenset[str]) -> bool:
    if word in words or not words.isdisjoint(_NICKNAMES.get(word, ())):
        return True
    return len(word) == 1 and any(full.startswith(word) for full in words)


def _names_of(people: pd.DataFrame) -> Iterator[_Named]:
    if "name" not in people.columns:
        return
    kinds = people["kind"] if "kind" in people.columns else ["person"] * len(people)
    for row, (text, kind) in enumerate(zip(people["name"], kinds, strict=True)):
        if not isinstance(text, str) or not (pd.isna(kind) or kind == "person"):
            continue
        words = plain_name(text).split()
        if words:
            yield _Named(row, frozenset(words), " ".join(sorted(words)))


def _listed(people: pd.DataFrame, column: str) -> Iterator[tuple[int, str]]:
    """Yield the row and text of everything in a column of lists, or of texts joined by ``;``."""
    if column not in people.columns:
        return
    for row, cell in enumerate(people[column]):
        for text in _texts(cell):
            yield row, text


def _texts(cell: Any) -> list[str]:
    if isinstance(cell, str):
        return re.split(r"[;,\s]+", cell)
    if isinstance(cell, (list, tuple, np.ndarray)):
        return [text for text in cell if isinstance(text, str)]
    return []


def _claim(keys: dict[str, set[int]], text: str, row: int) -> None:
    if key := text.strip().lower():
        keys.setdefault(key, set()).add(row)


def _words(text: str) -> list[str]:
    """Words of a part of a name, without case, accents and punctuation."""
    # Decomposed first, so that letters of other alphabets for mathematics lose their case, too.
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    plain = unicodedata.normalize("NFKD", plain)
    return _NO_WORD.sub(" ", _ACCENTS.sub("", plain)).split()
