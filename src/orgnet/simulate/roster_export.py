"""Writes the people of a planted organisation as an HR system exports them (CSV)."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from orgnet.simulate.organisation import Organisation

#: Heading in the file -> column of the people table that it is made of.
HEADINGS = {
    "Employee ID": "person",
    "Name": "name",
    "Work Email": "emails",
    "Other emails": "emails",
    "Department": "department",
    "Team": "team",
    "Manager ID": "manager",
    "Level": "level",
    "Location": "location",
    "Start date": "start",
    "End date": "end",
    "Type": "kind",
}
#: What an HR system calls the kinds of the people table.
TYPES = {"person": "Employee", "shared": "Shared mailbox", "bot": "Bot"}


def write_roster(organisation: Organisation, path: Path) -> None:
    """Write the roster: one row a person or account, dates as ISO dates, empty where unknown.

    Parameters
    ----------
    organisation
        Whose people are written; the same gives the same bytes.
    path
        The file, written anew in UTF-8.
    """
    table = pd.DataFrame({heading: organisation.people[HEADINGS[heading]] for heading in HEADINGS})
    table["Work Email"] = table["Work Email"].map(lambda emails: emails[0])
    table["Other emails"] = table["Other emails"].map(lambda emails: ";".join(emails[1:]))
    table["Type"] = table["Type"].map(TYPES)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows(table.itertuples(index=False, name=None))
