"""Everything in the input that tells who somebody is, in the form in which it is searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from orgnet.identity import NAMED
from orgnet.network import as_ids, opted_out
from orgnet.reading import read
from orgnet.roster import read_people

Kind = Literal["name", "part of a name", "address", "id", "alias", "pseudonym"]

WORD = re.compile(r"[^\W_]+")

#: Shorter ids and names stand in any page by chance.
SHORTEST = 4

#: From so many signs on, a name or id of one word is no chance.
_LONG, _LONG_MIXED, _LONG_NUMBER = 8, 5, 9

#: Columns of a roster whose values are no groups.
_NOT_GROUPS = frozenset(
    {"person", "name", "emails", "aliases", "manager", "start", "end", "memberships"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One text that stands for one person.

    Attributes
    ----------
    kind
        What it is.
    text
        As `folded` gives it.
    whose
        Where the input has it, without saying it.
    sure
        Whether it can hardly be a word like any other.
    may_be_named
        Whether the person agreed to be shown by name in a team edition.
    gone
        Whether the person opted out: then no edition may show them.
    """

    kind: Kind
    text: str
    whose: str
    sure: bool
    may_be_named: bool = False
    gone: bool = False


def folded(text: str) -> str:
    """Return a text without case, accents, invisible signs and compatibility forms.

    Examples
    --------
    >>> folded("Élodie") == folded("E" + chr(0x301) + "LODIE") == "elodie"
    True
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(s for s in plain if unicodedata.category(s) not in ("Mn", "Cf"))


def identifiers(
    people: Path | None, exports: Sequence[Path], labels: Iterable[str] = ()
) -> tuple[list[Identifier], int]:
    """Return everything to search for, and how many were too short to be searched for.

    Parameters
    ----------
    people
        The roster.
    exports
        The exports of the run, read again.
    labels
        Words that the outputs are meant to hold, such as names of departments: a person's name
        that is one of them is only ever possible.
    """
    known = {part for label in labels for part in _label(label)}
    found: list[Identifier] = []
    if people is not None:
        roster = read_people(people)
        known |= _groups(roster)
        found += _of_roster(roster, people.name)
    if exports:
        found += _of_exports(exports)
    result: dict[tuple[str, str], Identifier] = {}
    short = 0
    for one in found:
        if len(one.text) < SHORTEST or not WORD.search(one.text):
            short += 1
            continue
        if one.text in known:
            if one.kind == "part of a name":
                # Said of a department, and meant to be there.
                continue
            one = Identifier(kind=one.kind, text=one.text, whose=one.whose, sure=False)
        # The roster comes first and tells most.
        result.setdefault(_same(one), one)
    return list(result.values()), short


def of_pseudonyms(pseudonyms: Iterable[str]) -> list[Identifier]:
    """Return the pseudonyms of a results folder as things to search for."""
    return [
        Identifier(kind="pseudonym", text=text, whose="the restricted folder", sure=True)
        for text in sorted(set(pseudonyms))
    ]


def _same(one: Identifier) -> tuple[str, str]:
    """Return what two texts that are found in the same places have in common.

    Between the words of a name the search takes any sign: ``Osei, Amara`` is ``Osei Amara``.
    """
    if one.kind == "name":
        return "name", " ".join(WORD.findall(one.text))
    return "id" if one.kind == "alias" else one.kind, one.text


def _groups(roster: pd.DataFrame) -> set[str]:
    columns = [column for column in roster.columns if column not in _NOT_GROUPS]
    values = {value for c in columns for value in roster[c] if isinstance(value, str)}
    return {part for value in values for part in _label(value)}


def _label(text: str) -> set[str]:
    """Return a label and each of its words."""
    return {folded(text.strip()), *WORD.findall(folded(text))}


def _of_roster(roster: pd.DataFrame, file: str) -> Iterator[Identifier]:
    count = len(roster)
    ids = as_ids(roster["person"]).tolist()
    gone = opted_out(roster["opt_out"]) if "opt_out" in roster.columns else [False] * count
    agreed = roster["agreed"].eq(True) if "agreed" in roster.columns else [False] * count
    for row, (person, out, yes) in enumerate(zip(ids, gone, agreed, strict=True), start=1):
        whose = f"{file}, row {row}"
        name = _text(roster, "name", row - 1)
        texts: list[tuple[Kind, str]] = [("id" if "@" not in person else "address", person)]
        texts += [("address", address) for address in _list(roster, "emails", row - 1)]
        texts += [("alias", alias) for alias in _list(roster, "aliases", row - 1)]
        # Whom the roster gives no name is shown by id where names are asked for.
        texts.append(("name", name or person))
        for kind, text in texts:
            for made in _made(kind, text, whose):
                yield Identifier(
                    kind=made.kind,
                    text=made.text,
                    whose=whose,
                    sure=made.sure,
                    may_be_named=bool(yes) and not out,
                    gone=bool(out),
                )


def _of_exports(exports: Sequence[Path]) -> Iterator[Identifier]:
    for export in exports:
        records = read(export)
        seen: dict[str, None] = {}
        for batch in records:
            for column in ("sender", "recipient"):
                seen.update(dict.fromkeys(batch.column(column).unique().to_pylist()))
        whose = f"an identity in {export.name}"
        for identity in seen:
            yield from _made("address" if "@" in identity else "id", identity, whose)
        for profile in records.profiles:
            if profile.name:
                yield from _made("name", profile.name, whose)
            for address in profile.emails:
                yield from _made("address", address, whose)
            for alias in profile.aliases:
                yield from _made("alias", alias, whose)


def _made(kind: Kind, text: str, whose: str) -> Iterator[Identifier]:
    """Yield a text, what is left of it without the prefix of its source, and parts of names."""
    text = folded(text.strip())
    if text.startswith(NAMED):
        kind, text = "name", text.removeprefix(NAMED)
    elif kind != "name" and "@" not in text and ":" in text:
        text = text.rpartition(":")[2]
    elif kind in ("id", "alias") and "@" in text.strip("@"):
        kind = "address"
    yield Identifier(kind=kind, text=text, whose=whose, sure=kind == "address" or _sure(text))
    words = WORD.findall(text)
    if kind == "name" and len(words) > 1:
        yield Identifier(kind="name", text=" ".join(reversed(words)), whose=whose, sure=_sure(text))
        for word in words:
            yield Identifier(kind="part of a name", text=word, whose=whose, sure=False)
    if kind == "address":
        local = text.rpartition("@")[0]
        one: Kind = "name" if len(WORD.findall(local)) > 1 else "part of a name"
        yield Identifier(kind=one, text=local, whose=whose, sure=one == "name" and _sure(local))


def _sure(text: str) -> bool:
    words = WORD.findall(text)
    letters = sum(len(word) for word in words)
    if "@" in text or text.isnumeric():
        return "@" in text or letters >= _LONG_NUMBER
    if len(words) > 1:
        return letters > _LONG_MIXED and not all(word.isnumeric() for word in words)
    mixed = any(sign.isnumeric() for sign in text) and any(sign.isalpha() for sign in text)
    return letters >= (_LONG_MIXED if mixed else _LONG)


def _text(roster: pd.DataFrame, column: str, row: int) -> str | None:
    value = roster[column].iloc[row] if column in roster.columns else None
    return value.strip() or None if isinstance(value, str) else None


def _list(roster: pd.DataFrame, column: str, row: int) -> list[str]:
    value = roster[column].iloc[row] if column in roster.columns else None
    return [] if value is None or isinstance(value, float) else [str(text) for text in value]
