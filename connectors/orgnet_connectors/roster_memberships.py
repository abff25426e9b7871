"""Which department a person belonged to from which day on, out of several rows of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from orgnet_connectors.roster_people import RosterPerson

_DAY = timedelta(days=1)


class Membership(Struct, frozen=True, kw_only=True):
    """A department and team, and the day from which a person belonged to them.

    Parameters
    ----------
    since
        The first day; None for the earliest membership that is known, which holds for all days
        before the next.
    department, team
        None where they are not known.
    """

    since: date | None
    department: str | None
    team: str | None


def memberships(rows: Sequence[RosterPerson]) -> list[Membership]:
    """Put the rows of one person in order of time.

    A row holds from its own first day (``valid from``, else the snapshot's, else the start of the
    job) to its last; of two that hold on one day it is the one begun later, so that a secondment
    ends with the return to the department before. Days that no row covers belong to the row
    before them.

    Parameters
    ----------
    rows
        All rows of the person that differ.

    Returns
    -------
    list of Membership
        Neighbours differ in department or team. Empty for somebody who was in one department
        all the time, and where the rows do not say from when on they hold.

    Examples
    --------
    >>> from orgnet_connectors.roster_columns import RosterColumns
    >>> from orgnet_connectors.roster_people import read_person
    >>> columns = RosterColumns.of(["id", "department", "valid from"])
    >>> cells = [["7", "Sales", "2024-01-01"], ["7", "Legal", "2026-03-01"]]
    >>> rows = [read_person(row, some, columns, None) for row, some in enumerate(cells)]
    >>> [(m.department, str(m.since)) for m in memberships([row for row in rows if row])]
    [('Sales', 'None'), ('Legal', '2026-03-01')]
    """
    dated = [(first, row.row, row) for row in rows if (first := _first_day(row)) is not None]
    dated.sort(key=lambda one: one[:2])
    ends = {last + _DAY for _, _, row in dated if (last := _last_day(row)) is not None}
    found: list[Membership] = []
    for day in sorted({first for first, _, _ in dated} | ends):
        row = next((row for first, _, row in reversed(dated) if _holds(first, row, day)), None)
        if row is None:
            continue
        before = found[-1] if found else None
        if before is None or (before.department, before.team) != (row.department, row.team):
            since = day if found else None
            found.append(Membership(since=since, department=row.department, team=row.team))
    return found if len(found) > 1 else []


def _first_day(row: RosterPerson) -> date | None:
    return row.since or row.snapshot or row.start


def _last_day(row: RosterPerson) -> date | None:
    """Return the row's own end; that of the employment ends a row only if it is a job's row."""
    return row.until if row.since or row.snapshot else row.until or row.end


def _holds(first: date, row: RosterPerson, day: date) -> bool:
    last = _last_day(row)
    return first <= day and (last is None or day <= last)
