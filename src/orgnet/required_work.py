"""Which departments need each other, from a file: a table, or the event log of a process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orgnet.building import weekly_ties
from orgnet.errors import InputError, OrgnetError, UnreadableFileError
from orgnet.measures import handover_requirements
from orgnet.plugins import connectors
from orgnet.reading import Reading, Records
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions, Source

#: The connector of event logs.
_EVENT_LOG = "event_log"


@dataclass(frozen=True, eq=False)
class RequiredWork:
    """Requirements as a measure takes them.

    Attributes
    ----------
    table
        One of the forms of `orgnet.measures.requirements.requirement_matrix`.
    left_out
        Handovers of an event log that are not between two people of the roster.
    """

    table: pd.DataFrame
    left_out: int = 0


def read_required_work(
    path: Path, people: pd.DataFrame, *, by: str, options: ReadOptions | None = None
) -> RequiredWork:
    """Read requirements of departments.

    Parameters
    ----------
    path
        A CSV table (`measures.md` 4.1), or an event log: as often as work passes between two
        departments they need each other.
    people
        The roster, with the column `by`; used for event logs alone.
    by
        The column that sorts people into groups.
    options
        How to read what an event log leaves open.

    Raises
    ------
    InputError
        If the file cannot be read, or none of the handovers is between people of the roster.
    """
    log = _event_log(path, options or ReadOptions())
    return RequiredWork(_table(path)) if log is None else _handed_over(log, people, by)


def _event_log(path: Path, options: ReadOptions) -> Reading | None:
    connector = connectors().get(_EVENT_LOG)
    if connector is None or not path.is_file():
        return None
    source = Source(path)
    try:
        why = connector.recognise(source)
    except (OSError, OrgnetError):
        return None
    return None if why is None else Reading(source, connector, why, options)


def _handed_over(log: Reading, people: pd.DataFrame, by: str) -> RequiredWork:
    """Count handovers between people of the roster; who the others are is not told."""
    weekly = weekly_ties(Records([log], [], []), people, rules=TieRules())
    strangers = weekly.removed["out_of_scope"] + weekly.removed["opted_out"]
    if not weekly.kept:
        raise InputError(
            f"none of {weekly.records} handovers is between two people of the roster",
            file=log.source.name,
            remedy="check that the resources of the log are ids, addresses or aliases of the "
            "roster",
        )
    handovers = weekly.ties[["sender", "recipient"]].assign(handovers=weekly.ties["interactions"])
    return RequiredWork(handover_requirements(handovers, people, by=by), strangers)


def _table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, sep=None, engine="python", encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "the requirements cannot be read as a table",
            file=path.name,
            remedy="give a CSV file with columns objective, department and weight, or an event log",
        ) from error
    unnamed = str(table.columns[0]).startswith("Unnamed") or not str(table.columns[0]).strip()
    square = unnamed or set(table.iloc[:, 0].astype(str)) <= set(table.columns[1:])
    return table.set_index(table.columns[0]) if square else table
