"""Deleting what has been kept long enough."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from msgspec import Struct

from orgnet.errors import UsageError
from orgnet.restricted.lock import alone
from orgnet.restricted.project_releases import ProjectReleases
from orgnet.restricted.releases import purge_releases
from orgnet.restricted.store import Store, purge_store
from orgnet.restricted.tables import read_table, write_table
from orgnet.results import MANIFEST, RESTRICTED

#: Months that weekly ties are kept; raw records never are.
KEEP_MONTHS = 24

#: Stored tables, before their temporary names.
_TABLES = ("ties.parquet", "people.parquet")


class Purged(Struct, frozen=True, kw_only=True):
    """What was deleted, or would be.

    Attributes
    ----------
    before
        Ties of weeks that began before this day are deleted.
    ties, ties_kept
        Rows of ``ties.parquet``.
    people, people_kept
        Rows of ``people.parquet``: of people of whom no tie is left.
    counts, counts_kept
        Weekly counts in the store.
    leftovers
        Temporary files of runs that were stopped.
    """

    before: date
    ties: int
    ties_kept: int
    people: int
    people_kept: int
    counts: int
    counts_kept: int
    leftovers: int


def purge(
    folder: Path,
    *,
    keep_months: int = KEEP_MONTHS,
    dry_run: bool = False,
    today: date | None = None,
    project: str = "default",
    key_file: Path | None = None,
) -> Purged:
    """Delete weekly ties older than the rule says, and the figures of people who have no other.

    Parameters
    ----------
    folder
        A results folder with its restricted part.
    keep_months
        Whole months that ties are kept; 0 deletes all of them.
    dry_run
        Count only.
    today
        The day of the purge.
    project, key_file
        Of which project the log of releases is shortened, too.

    Returns
    -------
    Purged
        Ties without a date are as old as the run that wrote them. Figures by person go with the
        last tie of the person, or all of them with the last tie of the store.

    Raises
    ------
    UsageError
        If `keep_months` is negative.
    UnreadableFileError
        If the folder lacks its restricted part.
    """
    if keep_months < 0:
        raise UsageError(f"--keep-months is {keep_months}, expected 0 or more")
    today = today or datetime.now(UTC).date()
    before = today if keep_months == 0 else months_before(today, keep_months)
    with alone(folder):
        purged = _purged(folder, before, today, everything=keep_months == 0, dry_run=dry_run)
        if not dry_run:
            # What was released before can be compared with nothing then.
            end = before if keep_months else today + timedelta(days=1)
            purge_releases(folder, end)
            ProjectReleases(project, key_file).purge(end)
    return purged


def _purged(folder: Path, before: date, today: date, *, everything: bool, dry_run: bool) -> Purged:
    ties, people = read_table(folder, "ties"), read_table(folder, "people")
    if everything:
        old = np.ones(len(ties), dtype=bool)
    else:
        weeks = pd.to_datetime(pd.Series(ties.column("week").to_pylist(), dtype="object"))
        weeks = weeks.fillna(pd.Timestamp(_run_date(folder) or today))
        old = (weeks < pd.Timestamp(before)).to_numpy(dtype=bool)
    kept = ties.filter(pa.array(~old))
    had, has = _ends(ties), _ends(kept)
    ids = people.column("person").to_pylist()
    stays = [len(kept) > 0 and (person in has or person not in had) for person in ids]
    kept_people = people.filter(pa.array(stays, pa.bool_()))
    leftovers = _leftovers(folder)
    stored = purge_store(Store(folder), before, everything=everything, dry_run=dry_run)
    if not dry_run:
        if len(kept) < len(ties):
            write_table(folder, "ties", kept)
        if len(kept_people) < len(people):
            write_table(folder, "people", kept_people)
        for path in leftovers:
            path.unlink(missing_ok=True)
    return Purged(
        before=before,
        ties=len(ties) - len(kept),
        ties_kept=len(kept),
        people=len(people) - len(kept_people),
        people_kept=len(kept_people),
        counts=stored.rows,
        counts_kept=stored.kept,
        leftovers=len(leftovers),
    )


def months_before(day: date, months: int) -> date:
    """Return the same day some months before; the last of a month that has no such day.

    Examples
    --------
    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    return min(date(year, month + 1, min(day.day, last.day)), last)


def _ends(ties: pa.Table) -> set[str]:
    return {*ties.column("sender").to_pylist(), *ties.column("recipient").to_pylist()}


def _run_date(folder: Path) -> date | None:
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["run_date"]
        return date.fromisoformat(said)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _leftovers(folder: Path) -> list[Path]:
    return [path for name in _TABLES for path in sorted((folder / RESTRICTED).glob(f".{name}.*"))]
