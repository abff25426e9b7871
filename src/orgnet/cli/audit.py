"""``orgnet audit``: what was looked at and what was found, and 1 if there was anything."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from orgnet.audit import Audit, Leak
from orgnet.audit import audit as run

#: Lines printed of each certainty; all stand in the JSON.
_PRINTED = 50


def audit(
    folder: Path,
    exports: Sequence[Path],
    *,
    people: Path | None,
    beside: Sequence[Path],
    as_json: bool,
) -> int:
    """Audit a folder, print the result and return the exit code."""
    result = run(folder, exports, people=people, beside=beside)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(result), indent=2, ensure_ascii=False))
    else:
        for line in described(result):
            typer.echo(line)
    return 1 if result.found else 0


def described(result: Audit) -> Iterator[str]:
    """Yield the result in lines; nobody is named."""
    yield f"{len(result.looked_at):,} files were searched, every byte of them:"
    width = max((len(name) for name, _ in result.looked_at), default=0)
    for name, edition in result.looked_at:
        yield f"  {name:{width}}  {edition}"
    kinds = ", ".join(f"{count:,} × {kind}" for kind, count in result.searched_for)
    yield f"Searched for: {kinds or 'nobody'}."
    for what in result.not_done:
        yield f"Not searched: {what}."
    if result.possible:
        yield ""
        yield (
            f"{len(result.possible):,} possible: common words, short ids and parts of names, "
            "which may stand there for themselves"
        )
        yield from _grouped(result.possible)
    yield ""
    if not result.found:
        yield "Nothing was found that should not be there."
        return
    yield f"{len(result.found):,} found that should not be there:"
    for leak in result.found[:_PRINTED]:
        yield f"  {leak.where}: {leak.what} ({leak.whose})"
    if len(result.found) > _PRINTED:
        yield f"  and {len(result.found) - _PRINTED:,} more; --json prints all"


def _grouped(leaks: Sequence[Leak]) -> Iterator[str]:
    counts = Counter((leak.where.partition(" › ")[0], leak.what) for leak in leaks)
    for (where, what), count in sorted(counts.items())[:_PRINTED]:
        yield f"  {where}: {count:,} × {what}"
