"""The long run: one line of JSON a firm, appended to a file, so that it can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Job = tuple[str, int]


def run(
    work: Callable[[Job], dict[str, Any]], jobs: Iterable[Job], file: Path, *, processes: int
) -> None:
    """Do the jobs that have no line in `file` yet.

    Parameters
    ----------
    work
        Turns a job (what, seed) into a record; must be importable by another process.
    jobs
        All of them.
    file
        One record a line; a last line that was cut off is dropped.
    processes
        How many at once; 1 runs in this process.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    done = list(records(file))
    known = {tuple(record["job"]) for record in done}
    with file.open("w", encoding="utf-8") as out:
        out.writelines(_line(record) for record in done)
        left = [job for job in jobs if job not in known]
        for record in _results(work, left, processes):
            out.write(_line(record))
            out.flush()


def records(file: Path) -> Iterator[dict[str, Any]]:
    """Read the whole lines of a file; none if there is no such file."""
    if not file.is_file():
        return
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield json.loads(line)


def _results(
    work: Callable[[Job], dict[str, Any]], jobs: list[Job], processes: int
) -> Iterator[dict[str, Any]]:
    if processes == 1:
        yield from map(work, jobs)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(work, jobs, chunksize=4)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":")) + "\n"
