"""What is true of a results folder, as far as the papers speak of it; nothing about a person."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.errors import InputError, UnreadableFileError
from orgnet.restricted import trail
from orgnet.restricted.forgotten import FILE as FORGOTTEN
from orgnet.restricted.releases import FILE as RELEASES
from orgnet.restricted.retention import KEEP_MONTHS, months_before
from orgnet.restricted.store import FOLDER as STORE
from orgnet.restricted.tables import read_table
from orgnet.results import MANIFEST, RESTRICTED, read_model

#: The file in the results folder that the papers are written to.
PACK = "privacy-pack.html"

#: Bytes of a keyed number of a record.
_DIGEST = 8

_MONTH = re.compile(r"\d{4}-\d{2}")

#: What a key file holds, and no file that is meant to be there.
_KEY = re.compile(rb"\s*[0-9a-f]{64}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What was read of one kind of export.

    Attributes
    ----------
    title, connector
        What kind it is, in English and by its name.
    read, kept
        Records.
    dropped
        Fields that were never looked at.
    """

    title: str
    connector: str = ""
    read: int
    kept: int
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What is stored so that exports need not be read again.

    Attributes
    ----------
    rows
        Weekly counts of contact between two people.
    digests
        Keyed numbers of records.
    identities
        Keyed numbers of addresses and ids.
    """

    rows: int
    digests: int
    identities: int


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
    figures
        People about whom figures are stored.
    counts
        What is stored so that exports need not be read again; None where nothing is.
    releases
        Releases of which it is noted who was seen in which group.
    outputs
        Files outside the restricted part, the papers themselves left out.
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
    figures: int = 0
    counts: StoreFacts | None = None
    releases: int = 0
    outputs: tuple[str, ...] = ()


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
                connector=str(one["connector"]),
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
    ties, oldest = _ties(folder)
    before = months_before(today or datetime.now(UTC).date(), KEEP_MONTHS)
    months = _months(folder)
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
        overdue=(oldest is not None and oldest < before)
        or any(month < f"{before:%Y-%m}" for month in months),
        store_closed=_closed(folder / RESTRICTED),
        key_inside=any(_is_key(path) for path in sorted(folder.rglob("*"))),
        trail=_trail(folder),
        figures=_figures(folder),
        counts=_counts(folder),
        releases=_releases(folder),
        outputs=_outputs(folder),
    )


def _ties(folder: Path) -> tuple[int | None, date | None]:
    if not (folder / RESTRICTED / "ties.parquet").is_file():
        return None, None
    table = read_table(folder, "ties")
    return len(table), pc.min(table["week"]).as_py()


def _closed(path: Path) -> bool | None:
    if os.name != "posix" or not path.is_dir():
        return None
    return not any(one.stat().st_mode & 0o077 for one in (path, *path.rglob("*")))


def _figures(folder: Path) -> int:
    table = folder / RESTRICTED / "people.parquet"
    return _rows([table]) if table.is_file() else 0


def _counts(folder: Path) -> StoreFacts | None:
    """Count what lies in the store, whether a run still uses it or not."""
    store = folder / RESTRICTED / STORE
    if not store.is_dir():
        return None
    digests = (path.stat().st_size for path in store.rglob("digests-*.bin"))
    return StoreFacts(
        rows=_rows(store.rglob("rows-*.parquet")),
        digests=sum(digests) // _DIGEST,
        identities=_rows(store.rglob("identities.parquet")),
    )


def _rows(tables: Iterable[Path]) -> int:
    count = 0
    for table in tables:
        try:
            count += pq.read_metadata(table).num_rows
        except (OSError, pa.ArrowInvalid) as error:
            raise UnreadableFileError(
                "the file is damaged", file=table.name, remedy="run `orgnet analyse` again"
            ) from error
    return count


def _months(folder: Path) -> list[str]:
    """Return the months of the store, such as 2026-03; what has no date has none."""
    names = (path.stem for path in (folder / RESTRICTED / STORE).rglob("rows-*.parquet"))
    months = (name.removeprefix("rows-") for name in names)
    return sorted(month for month in months if _MONTH.fullmatch(month))


def _releases(folder: Path) -> int:
    path = folder / RESTRICTED / RELEASES
    if not path.is_file():
        return 0
    return sum(bool(line.strip()) for line in path.read_bytes().splitlines())


def _outputs(folder: Path) -> tuple[str, ...]:
    inside = (path for path in folder.iterdir() if path.is_file())
    return tuple(sorted({path.name for path in inside} - {PACK}))


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
