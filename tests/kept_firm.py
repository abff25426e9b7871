"""A firm of 24 people with roster, key and results, made once, to forget and purge people in."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from orgnet.analysis import Analysis, Settings, analyse
from orgnet.disclosure import DisclosurePolicy

PEOPLE = 24
DEPARTMENTS = ("Legal", "Sales", "Support")
FIRST_WEEK = date(2026, 1, 5)
WEEKS = 6


def person(number: int) -> str:
    return f"E{number:03}"


def address(number: int) -> str:
    return f"first{number:02}.last{number:02}@firm.example"


def name(number: int) -> str:
    return f"First{number:02} Last{number:02}"


def write_roster(path: Path, *, opted_out: Collection[int] = ()) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["person", "name", "email", "department", "opt_out"])
        for number in range(PEOPLE):
            out = "yes" if number in opted_out else ""
            department = DEPARTMENTS[number % len(DEPARTMENTS)]
            writer.writerow([person(number), name(number), address(number), department, out])
    return path


def write_messages(path: Path) -> Path:
    """Everybody writes to the next three, every week."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", "sender", "recipient", "channel", "kind"])
        for week in range(WEEKS):
            day = (FIRST_WEEK + timedelta(weeks=week)).isoformat()
            for number in range(PEOPLE):
                for step in (1, 2, 3):
                    to = address((number + step) % PEOPLE)
                    writer.writerow([f"{day}T09:00:00Z", address(number), to, "email", "to"])
    return path


def run(folder: Path, *, roster: bool = True) -> Analysis:
    """Analyse the exports of a folder into its ``out``."""
    return analyse(
        [folder / "messages.csv"],
        people=folder / "people.csv" if roster else None,
        out=folder / "out",
        settings=Settings(
            run_date=date(2026, 3, 1),
            key_file=folder / "key",
            policy=DisclosurePolicy(minimum_group=3),
        ),
    )


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="kept-firm-"))
    write_roster(folder / "people.csv")
    write_messages(folder / "messages.csv")
    run(folder)
    return folder


def firm(target: Path) -> Path:
    """Return a copy of the firm's folder: ``people.csv``, ``messages.csv``, ``key``, ``out``."""
    shutil.copytree(_made(), target)
    return target
