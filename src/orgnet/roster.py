"""The people table: read from a roster, or written as a sheet for HR to fill in."""

from __future__ import annotations

import csv
import io
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from orgnet.errors import InputError, UnknownFormatError
from orgnet.identity import NAMED
from orgnet.plugins import connectors
from orgnet.reading import Reading, Records, recognise
from orgnet.schema import ReadOptions, Source

#: Columns of the sheet for HR.
SHEET = (
    *("person", "name", "emails", "aliases", "domain"),
    *("department", "team", "manager", "kind", "note"),
)

#: What the sheet notes of senders that may be machines; HR decides, in the column ``kind``.
_LIKE_A_MACHINE = {
    "never_answered": "a bot? sends much to many and is never answered",
    "even_times": "a bot? sends like clockwork",
    "all_hours": "a bot? sends at all hours of the day",
}

#: What a spreadsheet would take for a formula; full-width signs are signs too.
_FORMULA = (*"=+-@＝＋－＠", "\t", "\r")


def read_people(path: str | PathLike[str], *, day_first: bool | None = None) -> pd.DataFrame:
    """Read a roster.

    Parameters
    ----------
    path
        A CSV or Excel file with the usual headings of Entra, Google, SuccessFactors, BambooHR or
        a plain spreadsheet.
    day_first
        True where ``03/02/2026`` is 3 February; the file decides if not given.

    Returns
    -------
    pandas.DataFrame
        One row a person, columns of `design.md` §3 and one for each further heading that people
        can be grouped by.

    Raises
    ------
    UnknownFormatError
        If the file is no roster.
    MissingColumnError
        If it has nothing to group people by.
    InputError
        If two people have one address.
    """
    reading = roster_reading(Path(path), ReadOptions(day_first=day_first))
    return people_of(reading)


def roster_reading(path: Path, options: ReadOptions) -> Reading:
    """Return the reading of a roster file, not yet read."""
    found = list(recognise(path, options, []))
    rosters = [reading for reading in found if reading.connector.table == "people"]
    if len(rosters) == 1:
        return rosters[0]
    if not found and path.is_file() and "roster" in connectors():
        # Said to be a roster: the reader tells best what it lacks.
        return Reading(
            source=Source(path), connector=connectors()["roster"], why="named", options=options
        )
    if found and not rosters:
        raise UnknownFormatError(
            f"the format is {found[0].connector.title!r}, expected a roster",
            file=path.name,
            remedy="name a table of people with --people, one row a person, with a column "
            "'department'",
        )
    raise UnknownFormatError(
        "this is no roster",
        file=path.name,
        remedy="give a CSV or Excel file with one row a person, a column with the id or the "
        "address, and a column 'department'",
    )


def people_of(reading: Reading) -> pd.DataFrame:
    """Read a recognised roster into a table."""
    batches = list(reading.batches())
    if not batches:
        raise InputError(
            "there is nobody in this roster",
            file=reading.source.name,
            remedy="export it with one row a person",
        )
    people: pd.DataFrame = pa.Table.from_batches(batches).to_pandas()
    return people


def people_sheet(records: Records, *, department_from_domain: bool = False) -> pd.DataFrame:
    """Return everybody seen in some exports, as a roster whose departments are to be filled in.

    Parameters
    ----------
    records
        What `orgnet.read` returns; it is read once.
    department_from_domain
        Fill ``department`` with the domain of the address: the company, on a list of several.

    Returns
    -------
    pandas.DataFrame
        Columns `SHEET`, sorted by person; addresses and aliases joined with ``;``. Departments
        that the exports themselves state are filled in. The note says who may be a machine, and
        whom a name in a survey may mean.
    """
    from orgnet.building import weekly_ties
    from orgnet.rules import TieRules

    weekly = weekly_ties(records, None, rules=TieRules())
    people = weekly.everybody
    proposed = weekly.proposed_bots.set_index("person")["rule"]
    emails = people["emails"].map(lambda some: list(some) if some is not None else [])
    domain = emails.map(lambda some: some[0].rpartition("@")[2] if some else "")
    department = people["department"].fillna("").astype(str)
    if department_from_domain:
        department = department.where(department != "", domain)
    note = people["person"].map(proposed).map(_LIKE_A_MACHINE).fillna("")
    return pd.DataFrame(
        {
            "person": people["person"],
            "name": people["name"].fillna(""),
            "emails": emails.map(";".join),
            "aliases": people["aliases"].map(lambda some: ";".join(sorted(some))),
            "domain": domain,
            "department": department,
            "team": "",
            "manager": "",
            "kind": people["kind"],
            "note": note.where(note != "", _perhaps(people)),
        },
        columns=list(SHEET),
    )


def _perhaps(people: pd.DataFrame) -> list[str]:
    """Say of everybody known by a name only whom of the others that name may mean."""
    named = people["person"].str.startswith(NAMED)
    if not named.any():
        return [""] * len(people)
    from orgnet.name_matching import match_names

    found = match_names(people["person"][named], people[~named])
    notes = {}
    for name, person, candidates in zip(
        found["name"], found["person"], found["candidates"], strict=True
    ):
        meant = [person] if isinstance(person, str) else candidates
        if meant:
            notes[name] = (
                f"perhaps {' or '.join(meant)}? then write {name!r} into the aliases there and "
                "remove this row"
            )
    return [notes.get(person, "") for person in people["person"]]


def sheet_bytes(sheet: pd.DataFrame) -> bytes:
    """Return the sheet as CSV that Excel opens in the right encoding and with no formula in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    rows: list[tuple[Any, ...]] = list(sheet.itertuples(index=False, name=None))
    writer.writerows([_harmless(str(value)) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
