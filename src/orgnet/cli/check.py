"""``orgnet check``: what would be read, without writing anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from orgnet.errors import InputError
from orgnet.identity import Standing, resolve
from orgnet.reading import Reading, read
from orgnet.results import dropped_unread
from orgnet.roster import people_of, roster_reading
from orgnet.schema import ReadOptions

#: Records shown of each file, identities masked.
_SHOWN = 10


def check(
    files: Sequence[Path], *, people: Path | None, as_json: bool, options: dict[str, Any]
) -> int:
    """Read every file and print what came of it; return the exit code."""
    roster = None
    if people is not None:
        roster = people_of(roster_reading(people, ReadOptions(day_first=options["day_first"])))
    found: list[dict[str, Any]] = []
    for file in files:
        try:
            records = read(file, **options)
        except InputError as error:
            found.append(_unknown(file, error))
            continue
        for reading in sorted(
            [*records.readings, *records.rosters], key=lambda r: r.source.path.as_posix()
        ):
            found.append(_read(reading, roster))
        found += [
            _unknown(file, InputError("the format is not known", file=name))
            for name in records.left_out
        ]
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for entry in found:
            _print(entry)
    failed = [entry for entry in found if entry.get("error")]
    for entry in failed:
        typer.echo(f"orgnet: {entry['error']}", err=True)
    return 1 if failed else 0


def _unknown(file: Path, error: InputError) -> dict[str, Any]:
    return {
        "file": error.file or file.name,
        "connector": None,
        "why": None,
        "read": 0,
        "kept": 0,
        "skipped": {},
        "interactions": 0,
        "people": {"matched": 0, "unmatched": 0},
        "first": None,
        "last": None,
        "ambiguous": [],
        "dropped_unread": [],
        "error": str(error),
    }


def _read(reading: Reading, roster: Any) -> dict[str, Any]:
    seen: dict[str, None] = {}
    sample: list[dict[str, Any]] = []
    error: str | None = None
    try:
        for batch in reading.batches():
            if reading.connector.table == "interactions":
                sample += [_masked(row) for row in batch.slice(0, _SHOWN - len(sample)).to_pylist()]
                for column in ("sender", "recipient"):
                    seen.update(dict.fromkeys(batch.column(column).unique().to_pylist()))
    except InputError as problem:
        error = str(problem)
    ledger = reading.ledger
    if ledger.truncated and error is None:
        error = f"{reading.source.name}: {ledger.truncated}; what is readable is counted"
    actors = resolve(list(seen), ledger.profiles.values(), roster)
    matched = 0
    if roster is not None:
        matched = int((actors.standing[actors.actor] == Standing.PERSON).sum())
    entry: dict[str, Any] = {
        "file": reading.source.name,
        "connector": reading.connector.name,
        "why": reading.why,
        "read": ledger.read,
        "kept": ledger.kept,
        "skipped": dict(sorted(ledger.skipped.items())),
        "interactions": ledger.interactions,
        "people": {"matched": matched, "unmatched": len(seen) - matched},
        "first": _iso(ledger.first),
        "last": _iso(ledger.last),
        "ambiguous": list(ledger.ambiguous),
        "dropped_unread": dropped_unread(reading),
        "columns": dict(ledger.columns),
        "records": sample,
        "problems": [
            f"{problem.place}: {reason}, {problem.found}; {problem.remedy}"
            for reason, problems in sorted(ledger.problems.items())
            for problem in problems
            if not problem.remedy.startswith("none needed")
        ],
    }
    if error:
        entry["error"] = error
    return entry


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


def _print(entry: dict[str, Any]) -> None:
    typer.echo(entry["file"])
    if entry["connector"] is None:
        typer.echo("  not recognised")
        return
    typer.echo(f"  {entry['connector']}: {entry['why']}")
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in entry["skipped"].items())
    typer.echo(
        f"  read {entry['read']:,}, kept {entry['kept']:,}"
        + (f", skipped {skipped}" if skipped else "")
    )
    if entry["interactions"]:
        people = entry["people"]
        typer.echo(
            f"  {entry['interactions']:,} interactions; identities: {people['matched']:,} in the "
            f"roster, {people['unmatched']:,} not"
        )
    if entry["first"]:
        typer.echo(f"  from {entry['first'][:10]} to {entry['last'][:10]} (UTC)")
    if entry["columns"]:
        shown = ", ".join(f"{theirs} → {ours}" for theirs, ours in entry["columns"].items())
        typer.echo(f"  columns: {shown}")
    for record in entry["records"]:
        when = (record["sent_at"] or "no date")[:16]
        typer.echo(
            f"    {when}  {record['sender']} → {record['recipient']}  {record['channel']}, "
            f"{record['kind']}, to {record['recipients']}"
        )
    for note in entry["ambiguous"]:
        typer.echo(f"  note: {note}")
    for problem in entry["problems"]:
        typer.echo(f"  {problem}")
    typer.echo(f"  never looked at: {', '.join(entry['dropped_unread']) or 'nothing'}")
