"""The audit of a results folder: every byte of every file, every withheld number, every mode."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.audit.contents import texts
from orgnet.audit.editions import edition_files, edition_of, is_meant, with_names
from orgnet.audit.identifiers import Identifier, identifiers, of_pseudonyms
from orgnet.audit.leaks import Audit, Leak
from orgnet.audit.search import Search
from orgnet.audit.withheld import withheld_leaks
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UnreadableFileError
from orgnet.restricted.releases import EVERYBODY, differences, read_releases
from orgnet.restricted.releases import FILE as RELEASES
from orgnet.results import DIAGNOSIS, RESTRICTED, read_model

_PSEUDONYM = re.compile(r"[0-9a-f]{32}")
_PSEUDONYM_IN_TEXT = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_KEY = re.compile(rb"\s*[0-9a-f]{64,}\s*")


def audit(
    folder: Path,
    exports: Sequence[Path] = (),
    *,
    people: Path | None = None,
    beside: Sequence[Path] = (),
) -> Audit:
    """Search a results folder for every person of its input, and for figures that tell too much.

    Parameters
    ----------
    folder
        A results folder, with everything that was written into it since.
    exports
        The exports that were analysed. Files of the folder that are among them are passed over.
    people
        The roster that was analysed.
    beside
        Other results folders that may be in the same hands: no group of this one may differ by a
        few people from one of theirs.

    Returns
    -------
    Audit
        What was looked at, searched for and found. Nothing in it names anybody.

    Raises
    ------
    UnreadableFileError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise UnreadableFileError(
            "there is no such folder",
            file=folder.name,
            remedy="name a results folder that `orgnet analyse` wrote",
        )
    not_done: dict[str, None] = {}
    if people is None:
        not_done["names of the roster: give it with --people"] = None
    if not exports:
        not_done["identities of the exports: name the exports behind the folder"] = None
    given = {path.resolve() for path in (*exports, *([people] if people else []))}
    files = [path for path in _files(folder) if not _among(path, given)]
    contents = {path: path.read_bytes() for path in files}
    wanted, short = identifiers(people, exports, _labels(folder))
    pseudonyms = of_pseudonyms(_pseudonyms(folder, not_done))
    if short:
        not_done[f"{short:,} names and ids of fewer than four signs: they stand anywhere"] = None
    search = Search([*wanted, *pseudonyms])
    editions = edition_files()
    leaks: set[Leak] = set()
    looked_at = []
    for path, content in contents.items():
        name = path.relative_to(folder).as_posix()
        edition = edition_of(path, folder, editions)
        found = list(_in_file(name, content, search, not_done))
        if edition == "people" and with_names(one for _, one in found):
            edition = "people with names"
        looked_at.append((name, edition))
        leaks |= {_leak(place, one) for place, one in found if not is_meant(one, edition)}
        if _KEY.fullmatch(content):
            leaks.add(
                Leak(
                    certainty="found",
                    what="pseudonym key",
                    where=name,
                    whose="it belongs outside the results folder",
                )
            )
    leaks |= set(_modes(folder))
    withheld = {
        path.relative_to(folder).as_posix(): content
        for path, content in contents.items()
        if edition_of(path, folder, editions) == "groups"
    }
    leaks |= set(withheld_leaks(withheld, not_done))
    for other in beside:
        leaks |= set(_nearly_the_same(folder, other, not_done))
    sure = {(leak.what, leak.where, leak.whose) for leak in leaks if leak.certainty == "found"}
    return Audit(
        looked_at=tuple(looked_at),
        searched_for=tuple(sorted(Counter(one.kind for one in (*wanted, *pseudonyms)).items())),
        leaks=tuple(
            sorted(
                leak
                for leak in leaks
                if leak.certainty == "found" or (leak.what, leak.where, leak.whose) not in sure
            )
        ),
        not_done=tuple(not_done),
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _among(path: Path, given: set[Path]) -> bool:
    whole = path.resolve()
    return whole in given or not given.isdisjoint(whole.parents)


def _labels(folder: Path) -> list[str]:
    """Return the names of departments, and what the report and its organisation are called."""
    try:
        model = msgspec.json.decode((folder / DIAGNOSIS).read_bytes())
        names = [department["name"] for department in model["departments"]]
        return [text for text in (*names, model["title"], model["organisation"]) if text]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return []


def _pseudonyms(folder: Path, not_done: dict[str, None]) -> set[str]:
    """Return every pseudonym of the restricted part: of ties, figures, store and releases."""
    restricted = folder / RESTRICTED
    for name in ("people", "ties"):
        if not (restricted / f"{name}.parquet").is_file():
            not_done[f"pseudonyms: {RESTRICTED}/{name}.parquet is not there or damaged"] = None
    found: set[str] = set()
    for path in _files(restricted):
        content = path.read_bytes()
        if path.name == RELEASES:
            found |= {text.decode() for text in _PSEUDONYM_IN_TEXT.findall(content)}
        if not content.startswith(b"PAR1"):
            continue
        try:
            table = pq.read_table(pa.BufferReader(content))
        except (OSError, pa.ArrowInvalid):
            name = path.relative_to(folder).as_posix()
            not_done[f"pseudonyms: {name} is not there or damaged"] = None
            continue
        for column in {"person", "sender", "recipient"} & set(table.column_names):
            values = table.column(column).unique().to_pylist()
            found |= {v for v in values if isinstance(v, str) and _PSEUDONYM.fullmatch(v)}
    return found


def _in_file(
    name: str, content: bytes, search: Search, not_done: dict[str, None]
) -> Iterator[tuple[str, Identifier]]:
    seen = set()
    for place, text in texts(name, content, lambda why: not_done.update({why: None})):
        for one in search.found(text):
            if (place, one) not in seen:
                seen.add((place, one))
                yield place, one


def _leak(place: str, one: Identifier) -> Leak:
    return Leak(
        certainty="found" if one.sure else "possible",
        what=one.kind,
        where=place,
        whose=one.whose,
    )


def _nearly_the_same(folder: Path, other: Path, not_done: dict[str, None]) -> Iterator[Leak]:
    """Yield groups of the latest release that differ by a few people from another folder's."""
    here, there = read_releases(folder), read_releases(other)
    if not here or not there:
        not_done[f"{other.name} beside it: a folder lacks its {RESTRICTED}/{RELEASES}"] = None
        return
    if not here[-1].groups[EVERYBODY] & there[-1].groups[EVERYBODY]:
        not_done[f"{other.name} beside it: other people, or another key"] = None
        return
    try:
        minimum = read_model(folder).policy.minimum_group
    except InputError:
        minimum = DisclosurePolicy().minimum_group
    for one in differences(here[-1], there[-1:], minimum=minimum):
        group = "everybody" if one.group == EVERYBODY else one.group
        yield Leak(
            certainty="found",
            what="difference of two releases",
            where=f"{folder.name} beside {other.name}",
            whose=f"{group}: almost the same people, so that both tell of a few",
        )


def _modes(folder: Path) -> Iterator[Leak]:
    """Yield what of the restricted part others than the owner may open."""
    restricted = folder / RESTRICTED
    if os.name == "nt" or not restricted.is_dir():
        return
    for path in (restricted, *_files(restricted)):
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            yield Leak(
                certainty="found",
                what="file mode",
                where=path.relative_to(folder).as_posix(),
                whose=f"open to others: {mode:o}, expected {'700' if path.is_dir() else '600'}",
            )
