"""Taking one person out of a results folder, and out of what is made of it later."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from orgnet.errors import UsageError
from orgnet.network import as_ids
from orgnet.pseudonyms import lasting_key, project_key, pseudonyms
from orgnet.restricted.forgotten import Forgotten, read_forgotten, write_forgotten
from orgnet.restricted.lock import alone
from orgnet.restricted.project_releases import ProjectReleases
from orgnet.restricted.releases import forget_in_releases
from orgnet.restricted.store import Store, forget_in_store, people_in_store
from orgnet.restricted.tables import read_table, write_table
from orgnet.restricted.trail import outputs
from orgnet.roster import read_people


class Removed(Struct, frozen=True, kw_only=True):
    """What was taken out.

    Attributes
    ----------
    ties, rows, counts
        Rows of ``ties.parquet``, of ``people.parquet``, and weekly counts in the store.
    counting, showing
        Names of files that were written before: figures about departments, which still count the
        person, and editions with people in them, which may still show the person.
    """

    ties: int
    rows: int
    counts: int
    counting: tuple[str, ...]
    showing: tuple[str, ...]


def forget(
    folder: Path,
    person: str,
    *,
    people: Path | None = None,
    project: str = "default",
    key_file: Path | None = None,
) -> Removed:
    """Remove somebody from the store, and have later runs leave them out.

    Parameters
    ----------
    folder
        A results folder with its restricted part.
    person
        An id, an address, or a name of the roster.
    people
        The roster: tells all that the person goes by, so that no address of theirs brings them
        back. Without it, `person` is the id that was analysed.
    project, key_file
        Which pseudonym key the results were written with.

    Raises
    ------
    UsageError
        If nobody goes by that, or several people of the roster do; or another run is writing the
        folder.
    UnreadableFileError
        If the folder lacks its restricted part, or there is no such key.
    """
    with alone(folder):
        return _forgotten(folder, person, people, project, key_file)


def _forgotten(
    folder: Path, person: str, people: Path | None, project: str, key_file: Path | None
) -> Removed:
    key = project_key(project, file=key_file, make=False)
    store = Store(folder)
    ties, table = read_table(folder, "ties"), read_table(folder, "people")
    stored = {*_distinct(ties, "sender"), *_distinct(ties, "recipient")}
    stored |= _distinct(table, "person") | people_in_store(store)
    roster = None if people is None else read_people(people)
    ids, others = _goes_by(person, roster)
    theirs = pseudonyms(ids, key)
    hidden = set(theirs) & stored
    known = read_forgotten(folder, project=project, key_file=key_file)
    if not hidden and not (known and known.includes(ids)):
        _check_key(roster, key, stored)
    # The list comes first: if the machine stops here, the person is left out all the same.
    if known is None:
        known = Forgotten(frozenset(), lasting_key(project, file=key_file))
    write_forgotten(folder, known.with_person([*ids, *others]))
    of_them = pc.or_(_is(ties, "sender", hidden), _is(ties, "recipient", hidden))
    kept_ties = ties.filter(pc.invert(of_them))
    kept_table = table.filter(pc.invert(_is(table, "person", hidden)))
    if len(kept_ties) < len(ties):
        write_table(folder, "ties", kept_ties)
    if len(kept_table) < len(table):
        write_table(folder, "people", kept_table)
    counts = forget_in_store(store, theirs, [person, *ids, *others], key)
    forget_in_releases(folder, theirs)
    ProjectReleases(project, key_file).forget(ids)
    written = outputs(folder)
    return Removed(
        ties=len(ties) - len(kept_ties),
        rows=len(table) - len(kept_table),
        counts=counts,
        counting=tuple(name for name, edition in written.items() if edition == "groups"),
        showing=tuple(name for name, edition in written.items() if edition != "groups"),
    )


def _goes_by(person: str, roster: pd.DataFrame | None) -> tuple[list[str], list[str]]:
    """Return what may be the person's id in the store, and what else they go by."""
    if not person.strip():
        raise UsageError("nobody was named; give an id, an address or a name")
    if roster is None:
        return [person], []
    ids = as_ids(roster["person"]).tolist()
    emails = _lists(roster, "emails")
    aliases = _lists(roster, "aliases")
    names = roster["name"] if "name" in roster.columns else pd.Series([None] * len(ids))
    wanted = _plain(person)
    exact = [
        row
        for row, (one, mails, more) in enumerate(zip(ids, emails, aliases, strict=True))
        if wanted in {_plain(text) for text in (one, *mails, *more)}
    ]
    rows = exact or [
        row for row, name in enumerate(names) if isinstance(name, str) and _plain(name) == wanted
    ]
    if len(rows) > 1:
        raise UsageError(
            f"{len(rows)} people of the roster go by that (people number "
            f"{', '.join(str(row + 1) for row in rows)}); give the id of one of them"
        )
    if not rows:
        # Somebody who has left is in the store and no longer in the roster.
        return [person], []
    row = rows[0]
    return [ids[row], *emails[row]], aliases[row]


def _check_key(roster: pd.DataFrame | None, key: bytes, stored: set[str]) -> None:
    if roster is None:
        raise UsageError(
            "nobody in this store has that id; give the roster with --people to say an address or "
            "a name, and the --key or --project of the run if it had one"
        )
    if stored.isdisjoint(pseudonyms(as_ids(roster["person"]).tolist(), key)):
        raise UsageError(
            f"nobody of the roster's {len(roster):,} people is in this store; give the roster that "
            "was analysed, and the --key or --project of that run"
        )


def _distinct(table: pa.Table, column: str) -> set[str]:
    return set(pc.unique(table.column(column)).to_pylist())


def _is(table: pa.Table, column: str, values: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(table.column(column), value_set=pa.array(sorted(values), pa.string()))


def _lists(roster: pd.DataFrame, column: str) -> list[list[str]]:
    if column not in roster.columns:
        return [[] for _ in range(len(roster))]
    return [[str(text) for text in cell] if cell is not None else [] for cell in roster[column]]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())
