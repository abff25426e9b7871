"""What is true of a results folder, as far as the papers speak of it; nothing about a person."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from orgnet.errors import InputError, UnreadableFileError
from orgnet.restricted import trail
from orgnet.restricted.forgotten import FILE as FORGOTTEN
from orgnet.restricted.retention import KEEP_MONTHS, months_before
from orgnet.restricted.tables import read_table
from orgnet.results import MANIFEST, RESTRICTED, read_model

#: What a key file holds, and no file that is meant to be there.
_KEY = re.compile(rb"\s*[0-9a-f]{64}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What was read of one kind of export.

    Attributes
    ----------
    title
        What kind it is.
    read, kept
        Records.
    dropped
        Fields that were never looked at.
    """

    title: str
    read: int
    kept: int
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFacts:
    """What the access trail says.

    Attributes
    ----------
    lines
        How long it is.
    intact
        Whether it verifies.
    with_people, with_names
        Outputs with people in them that were written, and those of them with names.
    outdated
        Whether somebody was forgotten after the last analysis.
    """

    lines: int
    intact: bool
    with_people: int
    with_names: int
    outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the papers rest on.

    Attributes
    ----------
    language, organisation, by, run_date
        Of the run.
    first, last
        The window; None without dates.
    people
        In the roster, or seen where there is none.
    whole_only
        Whether the report shows figures of the whole organisation only.
    survey
        Whether answers to a survey were read.
    sources
        What was read.
    minimum_group, concentration, dominance, protection
        The policy (`orgnet.disclosure.DisclosurePolicy`).
    withheld
        Figures that were withheld.
    opted_out
        People who opted out or were forgotten; a text where they are too few to say.
    forgetting
        Whether there is a list of forgotten people.
    ties
        Weekly ties in the store; None without a store.
    oldest
        The oldest week in the store.
    overdue
        Whether a week is kept longer than the rule says.
    store_closed
        Whether the store is open to its owner alone; None where the system does not tell.
    key_inside
        Whether a key lies in the results folder.
    trail
        What the access trail says; None where there is none.
    """

    language: str
    organisation: str | None
    by: str
    run_date: str
    first: str | None
    last: str | None
    people: int
    whole_only: bool
    survey: bool
    sources: tuple[SourceFacts, ...]
    minimum_group: int
    concentration: str
    dominance: float
    protection: float
    withheld: int
    opted_out: int | str
    forgetting: bool
    ties: int | None
    oldest: str | None
    overdue: bool
    store_closed: bool | None
    key_inside: bool
    trail: TrailFacts | None


def facts_of(folder: Path, *, today: date | None = None) -> Facts:
    """Read the facts of a results folder.

    Raises
    ------
    UnreadableFileError
        If it holds no results, or they are damaged.
    """
    model = read_model(folder)
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        policy, counts = said["policy"], said["counts"]
        dropped = [tuple(str(field) for field in one["dropped_unread"]) for one in counts]
        titles = {source.connector: source.title for source in model.quality.sources}
        sources = tuple(
            SourceFacts(
                title=titles.get(one["connector"], str(one["connector"])),
                read=int(one["read"]),
                kept=int(one["kept"]),
                dropped=fields,
            )
            for one, fields in zip(counts, dropped, strict=True)
        )
        opted_out = said["identities"]["opted_out"]
        withheld = sum(int(count) for count in said["withheld"].values())
        minimum_group, concentration = int(policy["minimum_group"]), str(policy["concentration"])
        dominance, protection = float(policy["dominance"]), float(policy["protection"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFileError(
            "the manifest of the run cannot be read",
            file=MANIFEST,
            remedy="run `orgnet analyse` again",
        ) from error
    ties, oldest = _store(folder)
    before = months_before(today or datetime.now(UTC).date(), KEEP_MONTHS)
    return Facts(
        language=model.language,
        organisation=model.organisation,
        by=model.by,
        run_date=model.run_date,
        first=model.period.first,
        last=model.period.last,
        people=model.coverage.people_known,
        whole_only=model.mode != "full",
        survey=model.survey is not None,
        sources=sources,
        minimum_group=minimum_group,
        concentration=concentration,
        dominance=dominance,
        protection=protection,
        withheld=withheld,
        opted_out=opted_out if isinstance(opted_out, int) else str(opted_out),
        forgetting=(folder / RESTRICTED / FORGOTTEN).is_file(),
        ties=ties,
        oldest=None if oldest is None else oldest.isoformat(),
        overdue=oldest is not None and oldest < before,
        store_closed=_closed(folder / RESTRICTED),
        key_inside=any(_is_key(path) for path in sorted(folder.rglob("*"))),
        trail=_trail(folder),
    )


def _store(folder: Path) -> tuple[int | None, date | None]:
    if not (folder / RESTRICTED / "ties.parquet").is_file():
        return None, None
    table = read_table(folder, "ties")
    return len(table), pc.min(table["week"]).as_py()


def _closed(path: Path) -> bool | None:
    if os.name != "posix" or not path.is_dir():
        return None
    return not any(one.stat().st_mode & 0o077 for one in (path, *path.iterdir()))


def _is_key(path: Path) -> bool:
    return (
        path.is_file()
        and path.stat().st_size <= 80
        and _KEY.fullmatch(path.read_bytes()) is not None
    )


def _trail(folder: Path) -> TrailFacts | None:
    try:
        entries, verdict = trail.entries(folder), trail.verify(folder)
    except InputError:
        return None
    people: list[dict[str, Any]] = [
        entry for entry in entries if entry.get("edition") in ("people", "team")
    ]
    return TrailFacts(
        lines=verdict.entries,
        intact=not verdict.problems,
        with_people=len(people),
        with_names=sum(bool(entry.get("names")) for entry in people),
        outdated=trail.forgotten_since(folder),
    )
