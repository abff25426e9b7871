"""Who handed work to whom: the events of each case in order of time, sorted outside of memory."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
from msgspec import Struct

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import InteractionWriter, Ledger
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR
from orgnet_connectors.list_cells import identity

#: What DuckDB may hold in memory; beyond, it goes to a folder that only the user can open.
MEMORY_LIMIT = "512MB"

_BATCH_ROWS = 50_000
_PROGRAMS = re.compile(
    r"system|system.?user|batch|batch.?(?:job|user)|robot|bot|rpa|automat\w*|auto|workflow|"
    r"scheduler|daemon|service|none|unknown|undefined|unassigned|nobody|-+",
    re.IGNORECASE,
)
_COMPLETE = frozenset({"complete", "completed", "completion", "closed", "finish", "finished"})

_EVENTS = pa.schema(
    [
        ("row", pa.int64()),
        ("case_id", pa.string()),
        ("moment", pa.int64()),
        ("resource", pa.string()),
        # True and False where the log says whether the event ends an activity, else null.
        ("complete", pa.bool_()),
    ]
)

#: reason -> what was found, what to do
_EXAMPLES = {
    "begins_case": ("the first event of a case, which nobody handed on", "none needed"),
    "bot": ("an event of a program or of nobody in particular", "none needed"),
    "no_case": ("no case", "fill in which case the event belongs to"),
    "no_date": (
        f"no date between {FIRST_YEAR} and {LAST_YEAR}",
        "write dates as 2026-03-31T09:00:00Z",
    ),
    "no_resource": ("nobody who did it", "none needed if this is rare"),
    "not_complete": ("an event that does not end an activity", "none needed"),
    "same_person": ("the same person as in the event before", "none needed"),
}
#: Reasons under which a log can lose all its events only because it is wrong.
_WRONG = ("no_case", "no_date", "no_resource", "ragged", "unreadable")

_CHAIN = """
CREATE TABLE chain AS
SELECT row, case_id, moment, resource,
       lag(resource) OVER (PARTITION BY case_id ORDER BY moment, row) AS before,
       row_number() OVER (PARTITION BY case_id, moment ORDER BY row) AS nth
FROM event
WHERE complete IS NOT FALSE OR NOT (SELECT coalesce(bool_or(complete), FALSE) FROM event)
"""
_LEFT_OUT = """
SELECT CASE WHEN before IS NULL THEN 'begins_case' ELSE 'same_person' END AS reason,
       count(*), min(row)
FROM chain WHERE before IS NULL OR before = resource GROUP BY reason
UNION ALL
SELECT 'not_complete', count(*), min(row) FROM event ANTI JOIN chain USING (row)
"""
_HANDOVERS = """
SELECT case_id, moment, before, resource, nth FROM chain WHERE before <> resource ORDER BY row
"""


class Event(Struct, frozen=True, kw_only=True):
    """One event of a log.

    Parameters
    ----------
    case, resource
        As they stand there; empty where they are not stated.
    at
        Microseconds since 1970; None where no time can be read.
    transition
        ``start``, ``complete`` and the like; empty where the log does not say.
    """

    case: str
    resource: str
    at: int | None
    transition: str = ""


class Cases:
    """The events of one log, while it is read.

    Use it in a ``with`` block: afterwards nothing is left of it, in memory or on the disk.

    Examples
    --------
    >>> ledger = Ledger()
    >>> writer = InteractionWriter(ledger, channel="work", source="event_log")
    >>> with Cases(ledger, "line") as cases:
    ...     for row, who in enumerate(["aya", "ben", "system", "ben", "cy"], start=2):
    ...         cases.add(row, Event(case="7", resource=who, at=row))
    ...     batches = list(cases.handovers(writer))
    >>> [(row["sender"], row["recipient"]) for row in batches[0].to_pylist()]
    [('aya', 'ben'), ('ben', 'cy')]
    >>> sorted(ledger.skipped.items())
    [('begins_case', 1), ('bot', 1), ('same_person', 1)]
    """

    def __init__(self, ledger: Ledger, what: str) -> None:
        """Begin a log; `what` is what its rows are called in messages: ``line``, ``event``."""
        self._ledger = ledger
        self._what = what
        self._held: list[tuple[int, str, int, str, bool | None]] = []
        self._stored = 0
        self._folder = tempfile.TemporaryDirectory(prefix="orgnet-tmp-", ignore_cleanup_errors=True)
        self._engine: Any = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(Path(self._folder.name) / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        # No file and no network can be reached from a query; only spilling goes on.
        self._engine.execute("SET enable_external_access = false")
        self._engine.register("held", _EVENTS.empty_table())
        self._engine.execute("CREATE TABLE event AS SELECT * FROM held")

    def __enter__(self) -> Cases:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.close()
        self._folder.cleanup()

    def add(self, row: int, event: Event) -> None:
        """Add an event; `row` says where it stands, and orders events of the same time."""
        resource = identity(event.resource)
        reason = _refused(event, resource)
        if reason is not None:
            self._skip(reason, 1, row)
            return
        said = event.transition.strip().lower()
        complete = said in _COMPLETE if said else None
        self._held.append((row, event.case.strip(), event.at or 0, resource, complete))
        if len(self._held) >= _BATCH_ROWS:
            self._store()

    def handovers(self, writer: InteractionWriter) -> Iterator[pa.RecordBatch]:
        """Yield a record for every two events in succession of one case by two people.

        Where the log says which events end an activity, only those count; programs are passed
        over, so that what they do between two people does not part them. A handover has the time
        of the second event.
        """
        self._store()
        self._engine.execute(_CHAIN)
        for reason, count, row in self._engine.execute(_LEFT_OUT).fetchall():
            if count:
                self._skip(reason, count, row)
        found = self._engine.execute(_HANDOVERS)
        while rows := found.fetchmany(_BATCH_ROWS):
            for case, at, before, resource, nth in rows:
                thread = f"case:{case}"
                self._ledger.keep()
                writer.add(
                    at, before, resource, "handover", 1, f"{thread}:{at}:{nth}", thread=thread
                )
            yield from writer.full()
        yield from writer.flush()

    def refuse_if_all_wrong(self, file: str) -> None:
        """Raise if no event could be used, and that because the events are wrong.

        Raises
        ------
        UnreadableFileError
            If the log has no events.
        InputError
            If every event was skipped as wrong; names the first under the commonest reason.
        """
        ledger = self._ledger
        rows = {reason: count for reason, count in ledger.skipped.items() if reason != "empty"}
        if self._stored or not set(_WRONG).issuperset(rows):
            return
        if not rows:
            raise UnreadableFileError("no events in it", file=file, remedy="export it again")
        reason = max(rows, key=lambda name: rows[name])
        example = ledger.problems[reason][0]
        raise InputError(
            f"none of the {ledger.read:,} events can be read; here: {example.found}",
            file=file,
            place=example.place,
            remedy=example.remedy,
        )

    def _store(self) -> None:
        if not self._held:
            return
        columns = list(zip(*self._held, strict=True))
        arrays = [pa.array(list(c), f.type) for c, f in zip(columns, _EVENTS, strict=True)]
        self._engine.register("held", pa.table(arrays, schema=_EVENTS))
        self._engine.execute("INSERT INTO event SELECT * FROM held")
        self._stored += len(self._held)
        self._held.clear()

    def _skip(self, reason: str, count: int, row: int) -> None:
        found, remedy = _EXAMPLES[reason]
        place = f"{self._what} {row}"
        self._ledger.skip(reason, count, place=place, found=found, remedy=remedy)


def _refused(event: Event, resource: str) -> str | None:
    """Return why an event says nothing of people; None where it does."""
    if not event.case.strip():
        return "no_case"
    if not resource:
        return "no_resource"
    if _PROGRAMS.fullmatch(resource):
        return "bot"
    return "no_date" if event.at is None else None
