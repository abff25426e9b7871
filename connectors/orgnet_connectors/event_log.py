"""Event logs of a process, in CSV or XES: who handed the work on a case to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnknownFormatError
from orgnet.schema import InteractionWriter, Ledger, ReadOptions, Source
from orgnet_connectors.event_log_cases import Cases, Event
from orgnet_connectors.event_log_csv import find_events
from orgnet_connectors.event_log_xes import is_xes, xes_events


class EventLog:
    """Reads event logs: within a case, whoever acts next has the work from whoever acted before.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = chr(10).join(["case;activity;timestamp;resource", "7;check;2026-03-02;aya"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "log.csv"
    ...     _ = path.write_text(text + chr(10) + "7;decide;2026-03-03;ben")
    ...     batches = list(EventLog().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["kind"]) for row in batches[0].to_pylist()]
    [('aya', 'ben', 'handover')]
    """

    name: ClassVar[str] = "event_log"
    title: ClassVar[str] = "Event log"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "CSV with case, activity, time and resource, or XES, also .gz"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "names of activities",
        "costs",
        "groups and roles",
        "all other attributes",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why the file is an event log: by its headings, or by its elements in XML."""
        found = find_events(source)
        if found is not None:
            header = found.table.header
            shown = [repr(header[found.at[name]]) for name in ("case", "activity", "resource")]
            return f"an event log with columns {', '.join(shown)}"
        return "XML of an event log (XES)" if is_xes(source) else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one handover for two events in succession of a case by two people.

        The ledger counts events; an event is kept if it took the work over from somebody else.
        The others are skipped as ``begins_case``, ``same_person``, ``not_complete``, ``bot``,
        ``no_case``, ``no_date`` and ``no_resource``.

        Raises
        ------
        UnknownFormatError
            If it is no event log.
        AmbiguousInputError
            If dates do not show whether the day or the month stands first.
        InputError
            If every event is wrong.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        writer = InteractionWriter(ledger, channel="work", source=self.name)
        events, what = self._events(source, options, ledger)
        with Cases(ledger, what) as cases:
            for row, event in events:
                cases.add(row, event)
            yield from cases.handovers(writer)
            cases.refuse_if_all_wrong(source.name)

    @staticmethod
    def _events(
        source: Source, options: ReadOptions, ledger: Ledger
    ) -> tuple[Iterator[tuple[int, Event]], str]:
        """Return the events of a log and what their rows are called."""
        found = find_events(source)
        if found is not None:
            found.note_columns(ledger)
            return found.events(options, ledger), "line"
        if is_xes(source):
            return xes_events(source, ledger), "event"
        raise UnknownFormatError(
            "no event log; expected columns such as 'case', 'activity', 'timestamp' and "
            "'resource', or XES",
            file=source.name,
            remedy="name the columns so",
        )
