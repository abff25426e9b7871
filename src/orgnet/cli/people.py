"""``orgnet people``: the sheets that a person fills in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from orgnet.files import write_bytes
from orgnet.matches import suggested_matches
from orgnet.reading import read
from orgnet.roster import people_of, people_sheet, roster_reading, sheet_bytes
from orgnet.schema import ReadOptions


def people(
    files: Sequence[Path],
    out: Path,
    *,
    roster: Path | None,
    from_domain: bool,
    options: dict[str, Any],
) -> None:
    """Write the roster to fill in, or with a roster the matches to confirm."""
    records = read(*files, **options)
    shown = " ".join(str(file) for file in files)
    if roster is None:
        sheet = people_sheet(records, department_from_domain=from_domain)
        write_bytes(out, sheet_bytes(sheet))
        typer.echo(f"{out}: {len(sheet)} rows. Fill in the column 'department', then run")
        typer.echo(f"  orgnet analyse {shown} --people {out}")
        return
    known = people_of(roster_reading(roster, ReadOptions(day_first=options["day_first"])))
    seen: dict[str, None] = {}
    for batch in records:
        for column in ("sender", "recipient"):
            seen.update(dict.fromkeys(batch.column(column).unique().to_pylist()))
    sheet = suggested_matches(list(seen), records.profiles, known)
    write_bytes(out, sheet_bytes(sheet))
    typer.echo(f"{out}: {len(sheet)} suggestions. Put a yes where 'person' is right, then run")
    typer.echo(f"  orgnet analyse {shown} --people {roster} --matches {out}")
