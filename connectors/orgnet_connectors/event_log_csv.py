"""Event logs in CSV: one row an event, with its case, its activity, its time and who did it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.event_log_cases import Event
from orgnet_connectors.headings import Aliases
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.list_reading import time_reader
from orgnet_connectors.list_tables import ListTable
from orgnet_connectors.roster_columns import header_score

COLUMNS = Aliases(
    {
        "case": [
            *("case:concept:name", "case id", "case", "case number", "case key", "trace id"),
            *("ticket", "ticket id", "ticket number", "incident", "incident id", "incident number"),
            *("order", "order id", "order number", "process instance", "process instance id"),
            *("fall", "fall id", "vorgang", "vorgangsnummer", "dossier", "expediente", "caso"),
        ],
        "activity": [
            *("concept:name", "activity", "activity name", "task", "task name", "event"),
            *("event name", "step", "action", "status"),
            *("aktivität", "tätigkeit", "schritt", "activité", "tâche", "actividad", "tarea"),
        ],
        "resource": [
            *("org:resource", "resource", "user", "user name", "performer", "agent", "assignee"),
            *("assigned to", "employee", "originator", "completed by", "done by", "handler"),
            *("bearbeiter", "ressource", "benutzer", "utilisateur", "usuario", "recurso"),
        ],
        "time": [
            *("time:timestamp", "timestamp", "complete timestamp", "completion time", "completed"),
            *("end timestamp", "end time", "end", "complete", "event time", "time", "datetime"),
            *("date time", "start timestamp", "start time", "start", "zeitstempel", "horodatage"),
        ],
        "transition": ["lifecycle:transition", "lifecycle", "transition", "event type"],
    }
)
_NEEDED = ("case", "activity", "resource", "time")


class EventTable(Struct, frozen=True, kw_only=True):
    """A CSV of events and where its columns stand."""

    table: Table
    at: dict[str, int]

    def note_columns(self, ledger: Ledger) -> None:
        """Tell the ledger which headings are read and which are not."""
        ours = {
            **{"case": "thread", "resource": "recipient", "time": "sent_at"},
            "transition": "kind",
        }
        read = {self.at[column]: name for column, name in ours.items() if column in self.at}
        for position, heading in enumerate(self.table.header):
            if position in read:
                ledger.columns[heading] = read[position]
            elif heading.strip():
                ledger.dropped_unread.add(heading)

    def events(self, options: ReadOptions, ledger: Ledger) -> Iterator[tuple[int, Event]]:
        """Yield the row and the event of every row that can be read.

        Raises
        ------
        AmbiguousInputError
            If the dates do not show whether the day or the month stands first.
        """
        at, transition = self.at, self.at.get("transition")
        columns: dict[str, tuple[int, ...]] = {
            column: (position,) for column, position in at.items()
        }
        listed = ListTable(table=self.table, columns=columns, kind="interactions")
        read_time = time_reader(listed, at["time"], options)
        for row, cells in self.table.rows(ledger):
            yield (
                row,
                Event(
                    case=cells[at["case"]],
                    resource=cells[at["resource"]],
                    at=read_time(cells[at["time"]]),
                    transition="" if transition is None else cells[transition],
                ),
            )
        if read_time.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )


def find_events(source: Source) -> EventTable | None:
    """Find a CSV of events, or None where it is none; only the beginning of the file is read."""
    try:
        table = find_table(source, _score)
    except UnreadableFileError:
        return None
    if table is None:
        return None
    positions = COLUMNS.positions(table.header)
    return EventTable(table=table, at={column: places[0] for column, places in positions.items()})


def _score(header: Sequence[str]) -> int:
    """Say how well a row fits as the header of a log; lists of ties and rosters are none."""
    found = COLUMNS.positions(header)
    if not all(column in found for column in _NEEDED):
        return 0
    return 0 if list_score(header) or header_score(header) else len(found)
