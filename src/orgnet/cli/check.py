"""``orgnet check``: what would be read, without writing anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from orgnet.cli.check_text import described
from orgnet.errors import InputError
from orgnet.identity import Actors, Standing, resolve
from orgnet.reading import Reading, Records, read
from orgnet.results import dropped_unread
from orgnet.roster import people_of, roster_reading
from orgnet.schema import ReadOptions

#: Records shown of each file, identities masked.
_SHOWN = 10

#: Messages and meetings dated before are a clock that was never set.
_FIRST_YEAR = 1990


def check(
    files: Sequence[Path], *, people: Path | None, as_json: bool, options: dict[str, Any]
) -> int:
    """Read every file and print what came of it; return the exit code."""
    options_of_roster = ReadOptions(day_first=options["day_first"])
    found: list[dict[str, Any] | Reading] = []
    for file in files:
        try:
            records = read(file, **options)
        except InputError as error:
            found.append(_unknown(file, error))
            continue
        found += _in_order(records)
        found += [
            _unknown(file, InputError("the format is not known", file=name))
            for name in records.left_out
        ]
    roster = None
    if people is not None:
        roster = people_of(roster_reading(people, options_of_roster))
    else:
        roster = _only_roster(found)
    entries = [_read(one, roster) if isinstance(one, Reading) else one for one in found]
    if as_json:
        typer.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        for entry in entries:
            typer.echo("\n".join(described(entry, with_roster=roster is not None)))
    failed = [entry for entry in entries if entry.get("error")]
    for entry in failed:
        typer.echo(f"orgnet: {entry['error']}", err=True)
    return 1 if failed else 0


def _in_order(records: Records) -> list[Reading]:
    both = [*records.readings, *records.rosters]
    return sorted(both, key=lambda reading: reading.source.path.as_posix())


def _only_roster(found: Sequence[dict[str, Any] | Reading]) -> pd.DataFrame | None:
    """Read the roster among the files, where there is one that can be read and no other."""
    rosters = [one for one in found if isinstance(one, Reading) and one.connector.table == "people"]
    if len(rosters) != 1:
        return None
    try:
        return people_of(rosters[0])
    except InputError:
        # Said where the file itself is shown.
        return None


def _unknown(file: Path, error: InputError) -> dict[str, Any]:
    return {
        "file": error.file or file.name,
        "connector": None,
        "why": None,
        "read": 0,
        "kept": 0,
        "skipped": {},
        "interactions": 0,
        "people": _counted(None, 0),
        "first": None,
        "last": None,
        "ambiguous": [],
        "dropped_unread": [],
        "ignored": [],
        "columns": {},
        "records": [],
        "problems": [],
        "error": str(error),
    }


def _read(reading: Reading, roster: pd.DataFrame | None) -> dict[str, Any]:
    seen: dict[str, None] = {}
    sample: list[dict[str, Any]] = []
    error: str | None = None
    try:
        for batch in reading.batches():
            people = reading.connector.table == "people"
            shown = batch.slice(0, _SHOWN - len(sample)).to_pylist()
            sample += [_masked_person(row) if people else _masked(row) for row in shown]
            if not people:
                for column in ("sender", "recipient"):
                    seen.update(dict.fromkeys(batch.column(column).unique().to_pylist()))
    except InputError as problem:
        error = str(problem)
    ledger = reading.ledger
    if ledger.truncated and error is None:
        error = f"{reading.source.name}: {ledger.truncated}; what is readable is counted"
    actors = None if roster is None else resolve(list(seen), ledger.profiles.values(), roster)
    entry: dict[str, Any] = {
        "file": reading.source.name,
        "connector": reading.connector.name,
        "why": reading.why,
        "read": ledger.read,
        "kept": ledger.kept,
        "skipped": dict(sorted(ledger.skipped.items())),
        "interactions": ledger.interactions,
        "people": _counted(actors, len(seen)),
        "first": _iso(ledger.first),
        "last": _iso(ledger.last),
        "time_zone": reading.options.timezone or "UTC",
        "ambiguous": list(ledger.ambiguous),
        "dropped_unread": dropped_unread(reading),
        "ignored": sorted(ledger.dropped_unread - set(reading.connector.dropped_unread)),
        "columns": dict(ledger.columns),
        "records": sample,
        "problems": _implausible(ledger.first, ledger.last)
        + [
            f"{problem.place}: {reason}, {problem.found}; {problem.remedy}"
            for reason, problems in sorted(ledger.problems.items())
            for problem in problems
            if not problem.remedy.startswith("none needed")
        ],
    }
    if error:
        entry["error"] = error
    return entry


def _implausible(first: datetime | None, last: datetime | None) -> list[str]:
    """Say where a clock was wrong: the window of an analysis ends with the last date."""
    found = []
    if last is not None and last > datetime.now(UTC) + timedelta(days=1):
        found.append(
            f"the last date, {last.date()}, lies in the future; if it is a wrong clock, analyse "
            "with --to"
        )
    if first is not None and first.year < _FIRST_YEAR:
        found.append(
            f"the first date, {first.date()}, is older than such exports; if it is a wrong "
            "clock, analyse with --from"
        )
    return found


def _counted(actors: Actors | None, seen: int) -> dict[str, int]:
    """Count the identities that are in the roster, and why the others are not."""
    if actors is None:
        return {"matched": 0, "unmatched": seen}
    matched = int((actors.standing[actors.actor] == Standing.PERSON).sum())
    return {
        "matched": matched,
        "unmatched": seen - matched,
        "external": actors.external,
        "not_people": actors.not_people,
        "unknown": actors.unmatched,
    }


def _masked_person(row: dict[str, Any]) -> dict[str, Any]:
    """Keep of a roster's row what shows that its columns were told apart."""
    return {
        "person": _mask(row["person"]),
        "emails": [_mask(email) for email in row["emails"] or ()],
        "name": " ".join(f"{word[0]}…" for word in (row["name"] or "").split()) or None,
        "department": row["department"],
        "team": row["team"],
        "manager": _mask(row["manager"]) if row["manager"] else None,
        "start": row["start"].isoformat() if row["start"] else None,
    }


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """Keep of a record what shows that it was read rightly, and of identities the beginning."""
    return {
        "sent_at": _iso(row["sent_at"]),
        "sender": _mask(row["sender"]),
        "recipient": _mask(row["recipient"]),
        "channel": row["channel"],
        "kind": row["kind"],
        "recipients": row["recipients"],
    }


def _mask(identity: str) -> str:
    scheme, colon, rest = identity.rpartition(":")
    local, at, domain = rest.partition("@")
    return f"{scheme}{colon}{local[:1]}…{at}{domain}"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
